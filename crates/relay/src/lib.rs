//! Watchfire's relay: keeps sealed records for a while, fans them out, and can read none of them.
//!
//! - [`config`]: `relay.toml` and the directory around it; [`setting`], [`identity`],
//!   [`admission`] and [`limit`] are its parts.
//! - [`session`]: the rules of one connection, without I/O.
//! - [`store`]: what is kept, and the SQLite file in which it is.
//! - [`tls`]: the certificate, where the relay speaks TLS itself.
//! - [`server`]: [`serve`] runs it all until it is told to stop; [`serve_on`] does on whatever [`Listen`]s.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use watchfire_relay::{Config, bind, init, serve};
//!
//! let dir = std::path::Path::new("relay");
//! let key = init(dir, "127.0.0.1:0".parse()?, None)?;
//! let config = Config::open(dir)?;
//! let serving = serve(bind(config.listen)?, config, std::future::pending()).await?;
//! println!("{} has the key {key}", serving.url());
//! serving.finished().await?;
//! # Ok(())
//! # }
//! ```

pub mod admission;
mod append;
pub mod clock;
pub mod config;
mod connection;
mod core;
pub mod descriptors;
pub mod disk;
mod door;
mod epochs;
mod file;
mod govern;
mod handshake;
mod health;
mod hub;
pub mod identity;
pub mod limit;
mod line;
mod meter;
mod metrics;
mod public;
pub mod server;
pub mod session;
pub mod setting;
mod source;
mod stand;
pub mod store;
mod sweep;
pub mod tls;
mod unproved;

pub use self::clock::Clock;
pub use self::config::{Config, init};
pub use self::door::Listen;
pub use self::line::{Line, Shared};
pub use self::server::{Serving, bind, serve, serve_on};
