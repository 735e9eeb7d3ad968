//! Runs a relay inside another program, until Ctrl-C.
//!
//! ```text
//! cargo run -p watchfire-examples --example run_a_relay -- my-relay
//! ```

use std::error::Error;
use std::net::SocketAddr;
use std::path::PathBuf;

use watchfire_relay::{Config, bind, init, serve};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let dir = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "my-relay".to_owned()));
    let listen: SocketAddr = "127.0.0.1:7443".parse()?;
    if !dir.join("relay.toml").exists() {
        init(&dir, listen, None)?;
    }
    let config = Config::open(&dir)?;
    // The caller binds and the caller stops: a test passes port 0 and a channel.
    let serving = serve(bind(listen)?, config, async {
        let _ = tokio::signal::ctrl_c().await;
    })
    .await?;
    println!("{} has the key {}", serving.url(), serving.relay_key());
    println!("allow a network: watchfire-relay networks allow ID --dir {}", dir.display());
    serving.finished().await?;
    Ok(())
}
