//! How many rows of a terminal lines take, so that they can be drawn over.

use std::io::Stdout;

/// A terminal's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) columns: usize,
    pub(crate) rows: usize,
}

/// What stands on a terminal, right above the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Drawn {
    /// How many columns the terminal had.
    pub(crate) columns: usize,
    /// How many rows of it are taken.
    pub(crate) rows: usize,
}

/// How large the terminal is, if it says so.
pub(crate) fn size(out: Stdout) -> Option<Size> {
    let size = rustix::termios::tcgetwinsize(out).ok()?;
    let (columns, rows) = (usize::from(size.ws_col), usize::from(size.ws_row));
    (columns > 0 && rows > 0).then_some(Size { columns, rows })
}

/// What lines that were printed take. Nothing if they can not be drawn over: they are higher than the screen, or hold a letter
/// of which it is not known how wide it is.
pub(crate) fn drawn(lines: &str, size: Size) -> Option<Drawn> {
    let taken = |line: &str| {
        let width = line.chars().all(has_width).then(|| line.chars().count())?;
        Some(width.div_ceil(size.columns).max(1))
    };
    let rows = lines.lines().map(taken).sum::<Option<usize>>()?;
    // The cursor stands in the row below.
    (rows < size.rows).then_some(Drawn { columns: size.columns, rows })
}

/// Whether a letter takes one column on every terminal: those of most languages with Latin letters, and their punctuation.
const fn has_width(letter: char) -> bool {
    matches!(letter, ' '..='~' | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{2ff}' | '\u{2010}'..='\u{2027}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_takes_as_many_rows_as_the_width_of_the_screen_asks_for() {
        let rows = |lines: &str, columns| drawn(lines, Size { columns, rows: 10 }).map(|drawn| drawn.rows);
        let help = "Ana is ASKING FOR HELP since 18:11, and nobody has said that they take care";
        assert_eq!((rows(help, 80), rows(help, 34), rows(help, 24)), (Some(1), Some(3), Some(4)));
        assert_eq!(rows("one\n\nthree\n", 34), Some(3), "an empty line is a row");
        assert_eq!((rows(&"x".repeat(34), 34), rows(&"x".repeat(35), 34)), (Some(1), Some(2)));
        assert_eq!(rows(&"ñ".repeat(34), 34), Some(1), "letters, and not bytes");
    }

    #[test]
    fn what_is_higher_than_the_screen_or_of_an_unknown_width_is_not_drawn_over() {
        let size = Size { columns: 34, rows: 4 };
        assert_eq!(drawn("1\n2\n3\n", size), Some(Drawn { columns: 34, rows: 3 }));
        assert_eq!(drawn("1\n2\n3\n4\n", size), None);
        assert_eq!(drawn(&"x".repeat(34 * 4), size), None, "broken, it is as high");
        for unknown in ["急", "e\u{301}", "\u{2068}x\u{2069}", "🔥", "\t"] {
            assert_eq!(drawn(unknown, size), None, "{unknown:?}");
        }
    }
}
