//! The catalogs as code: each directory is a language, each `.ftl` file in it a part of its texts.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The table of all languages under a directory, English first: it is what the others fall back to.
pub(crate) fn listing(root: &Path) -> io::Result<String> {
    let mut languages = sorted(root)?;
    languages.sort_by_key(|path| name(path) != "en");
    let mut out = format!("static EMBEDDED: [Embedded; {}] = [\n", languages.len());
    for language in languages {
        let _ = writeln!(out, "    Embedded::new({:?}, &[", name(&language));
        for file in sorted(&language)?.iter().filter(|file| file.extension().is_some_and(|end| end == "ftl")) {
            let _ = writeln!(out, "        ({:?}, include_str!({file:?})),", name(file));
        }
        out.push_str("    ]),\n");
    }
    out.push_str("];\n");
    Ok(out)
}

fn sorted(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(directory)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
