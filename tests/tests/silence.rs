//! What a relay says of a night, at the level at which it says most: nothing by which anybody or anything could be known.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use data_encoding::{BASE64, BASE64URL};
use watchfire_protocol::id::crockford;
use watchfire_tests::process::{Pair, example, program};

/// So many bytes of an id are as good as the whole of it.
const TELLING: usize = 6;

/// Pieces of everything in a database by which something could be known: each id, key, hash and tag, all that is published,
/// and how each record begins.
fn pieces(database: &Path) -> HashSet<[u8; TELLING]> {
    let connection = rusqlite::Connection::open(database).unwrap();
    let tables =
        "SELECT tables.name, columns.name FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
                  WHERE tables.type = 'table' AND columns.type = 'BLOB'";
    let mut statement = connection.prepare(tables).unwrap();
    let columns = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))).unwrap();
    let mut pieces = HashSet::new();
    for (table, column) in columns.map(Result::unwrap) {
        let sql = format!("SELECT {column} FROM {table} WHERE {column} IS NOT NULL");
        let mut statement = connection.prepare(&sql).unwrap();
        let blobs = statement.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
        for blob in blobs.map(Result::unwrap) {
            let sealed =
                ["body", "bytes"].contains(&column.as_str()) && ["objects", "records"].contains(&table.as_str());
            let most = if sealed { 64 } else { blob.len() };
            for window in blob[..most.min(blob.len())].windows(TELLING) {
                // Zeros and small numbers are in everything.
                if window.iter().collect::<HashSet<_>>().len() >= 4 {
                    pieces.insert(window.try_into().unwrap());
                }
            }
        }
    }
    pieces
}

/// As a program would write such a piece in the middle of a line.
fn spellings(piece: &[u8; TELLING]) -> [String; 4] {
    let mut hex = String::new();
    piece.iter().for_each(|byte| write!(hex, "{byte:02x}").unwrap());
    let mut base32 = crockford().encode(piece).to_lowercase();
    // The rest depends on what follows.
    base32.truncate(piece.len() * 8 / 5);
    let list = piece.map(|byte| byte.to_string()).join(", ");
    [hex, base32, list, BASE64.encode(piece)]
}

/// What of the database stands in a text.
fn betrayed(pieces: &HashSet<[u8; TELLING]>, text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let windows = |text: &str, length: usize| -> HashSet<Vec<u8>> {
        text.as_bytes().windows(length).map(<[u8]>::to_vec).collect()
    };
    let (hex, base32, base64) = (windows(&lower, 12), windows(&lower, 9), windows(text, 8));
    let mut found = Vec::new();
    for piece in pieces {
        let [as_hex, as_base32, list, as_base64] = spellings(piece);
        let url = BASE64URL.encode(piece);
        if hex.contains(as_hex.as_bytes())
            || base32.contains(as_base32.as_bytes())
            || base64.contains(as_base64.as_bytes())
            || base64.contains(url.as_bytes())
            || text.contains(&list)
            || text.as_bytes().windows(TELLING).any(|window| window == piece)
        {
            found.push(as_hex);
        }
    }
    found
}

/// Says something to the relay that it does not like, and returns what it answers.
fn provoke(address: std::net::SocketAddr, bytes: &[u8]) -> String {
    let mut socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    socket.write_all(bytes).unwrap();
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn a_relay_that_says_all_that_it_can_names_nobody_and_nothing() {
    let mut pair = Pair::found();
    let alert = example("checkpoint.json");
    let id = pair.sends(&alert);
    pair.ana.json(&["watch", "--count", "1", "--timeout", "30s"]);
    pair.ana.run(&["answer", &id, "going", "--eta", "9m"]).ok();
    pair.marisol.run(&["sync"]).ok();
    pair.marisol.run(&["rotate"]).ok();

    // What goes wrong is said, too: garbage, another path, a list that cannot be read.
    let address = pair.relay.address();
    assert!(provoke(address, b"\x16\x03\x01\r\n\r\n").starts_with("HTTP/1.1 400"));
    assert!(provoke(address, b"GET /v1/Riverside HTTP/1.1\r\nHost: x\r\n\r\n").starts_with("HTTP/1.1 404"));
    let list = pair.relay.path().join("networks.toml");
    let whole = std::fs::read_to_string(&list).unwrap();
    let id_of_network = whole.split("id = \"").nth(1).unwrap().split('"').next().unwrap();
    std::fs::write(&list, whole.replace(id_of_network, &id_of_network[1..])).unwrap();
    pair.ana.run(&["sync"]).ok();
    std::fs::write(&list, &whole).unwrap();

    let health = pair.relay.health.parse().unwrap();
    let metrics = provoke(health, b"GET /metrics HTTP/1.1\r\n\r\n");
    assert!(metrics.contains("watchfire_ready 1"), "{metrics}");
    let stats = Command::new(program("watchfire-relay")).args(["stats", "--dir"]).arg(pair.relay.path()).output();
    let stats = String::from_utf8(stats.unwrap().stdout).unwrap();
    pair.relay.stop();
    let said = pair.relay.said();
    for line in ["the list of networks cannot be read", "no upgrade reason=answered with HTTP 404"] {
        assert!(said.contains(line), "{said}");
    }

    let pieces = pieces(&pair.relay.path().join("relay.db"));
    assert!(pieces.len() > 10_000, "{} pieces", pieces.len());
    let port = address.port().to_string();
    let words = ["127.0.0.1", "localhost", "Marisol", "Ana", "Elm", "Night", "Riverside", "checkpoint", &port];
    for (what, text) in [("log", &said), ("metrics", &metrics), ("stats", &stats)] {
        assert_eq!(betrayed(&pieces, text), Vec::<String>::new(), "{what}: {text}");
        for word in words.into_iter().chain([pair.relay.key.as_str(), &id, &id_of_network[1..]]) {
            assert!(!text.contains(word), "{what}: `{word}` in {text}");
        }
    }
    // Whoever looks for them finds them where they do stand.
    assert!(!betrayed(&pieces, &whole).is_empty(), "the network's id stands in the list of networks");
    let piece = pieces.iter().next().unwrap();
    for spelling in spellings(piece).into_iter().chain([spellings(piece)[0].to_uppercase()]) {
        assert!(!betrayed(&pieces, &format!("a line with {spelling} in it")).is_empty(), "{spelling}");
    }
}
