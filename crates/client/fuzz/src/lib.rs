//! Files that people write, and files that are carried between people. Whatever is in them is refused or understood, and
//! what was understood is written again as what it says.

use watchfire_client::file::short::{duration, need};
use watchfire_client::file::{alert, parse_duration, parse_need, parse_rfc3339, report, rfc3339};
use watchfire_client::ops::admin::{KeyKind, read_key_file};
use watchfire_client::ops::draft::CharterFile;
use watchfire_client::ops::rights::parse_cards;

/// One file, read as each of the kinds that there are. Says whether it was one of them.
pub fn files(bytes: &[u8]) -> bool {
    let draft = CharterFile::from_bytes(bytes);
    if let Ok(file) = &draft {
        assert_eq!(CharterFile::from_bytes(&file.to_bytes()).as_ref(), Ok(file));
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return draft.is_ok() };
    let typed = [
        parse_duration(text, u64::MAX)
            .map(|read| assert_eq!(parse_duration(&duration(read), u64::MAX), Ok(read)))
            .is_ok(),
        parse_need(text).map(|read| assert_eq!(parse_need(&need(&read)).as_ref(), Ok(&read))).is_ok(),
        parse_rfc3339(text).map(|read| assert_eq!(parse_rfc3339(&rfc3339(read)), Ok(read))).is_ok(),
        read_key_file(text, KeyKind::Device).is_ok(),
        parse_cards(text).is_ok(),
    ];
    let an_alert = alert::parse(text).map(|(content, _)| {
        let again = alert::parse(&alert::to_json(&content).to_string());
        assert_eq!(again.map(|(content, _)| content).ok().as_ref(), Some(&content));
    });
    let a_report = report::parse(text).map(|content| {
        assert_eq!(report::parse(&report::to_json(&content).to_string()).ok().as_ref(), Some(&content));
    });
    draft.is_ok() || typed.contains(&true) || an_alert.is_ok() || a_report.is_ok()
}
