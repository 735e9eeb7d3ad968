//! Embeds the catalogs: each directory of `i18n` is a language, each `.ftl` file in it a part of its texts.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=i18n");
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("i18n");
    let mut languages = sorted(&root)?;
    // English is what the others fall back to.
    languages.sort_by_key(|path| name(path) != "en");
    let mut out = format!("static EMBEDDED: [Embedded; {}] = [\n", languages.len());
    for language in languages {
        writeln!(out, "    Embedded::new({:?}, &[", name(&language))?;
        for file in sorted(&language)?.iter().filter(|file| file.extension().is_some_and(|end| end == "ftl")) {
            writeln!(out, "        ({:?}, include_str!({file:?})),", name(file))?;
        }
        writeln!(out, "    ]),")?;
    }
    out.push_str("];\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("catalogs.rs"), out)?;
    Ok(())
}

fn sorted(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(directory)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
