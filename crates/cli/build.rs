//! Embeds the catalogs.

#[path = "build/listing.rs"]
mod listing;

use std::error::Error;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=i18n");
    println!("cargo::rerun-if-changed=build");
    let catalogs = listing::listing(&Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("i18n"))?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("catalogs.rs"), catalogs)?;
    Ok(())
}
