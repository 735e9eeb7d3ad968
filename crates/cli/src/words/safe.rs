//! What others wrote, made safe to print.
//!
//! Whoever sends an alert must not be able to move the cursor, recolor a label, turn text around or add a line that
//! looks like ours. Everything that has ink stays, so that nothing is hidden either.

use watchfire_protocol::text::is_invisible;

/// How many marks may stand on one letter: the languages that stack them use two, and more would reach into other
/// lines.
const MARKS: usize = 3;

/// The text on one line: line breaks and tabs become spaces, and control, escape, bidi and invisible characters go.
pub(crate) fn sanitize(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut marks = 0;
    for c in text.chars() {
        marks = if is_mark(c) { marks + 1 } else { 0 };
        if matches!(c, '\n' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}') {
            safe.push(' ');
        } else if !(c.is_control() || is_invisible(c) || marks > MARKS) {
            safe.push(c);
        }
    }
    safe.trim().to_owned()
}

/// The lines of a longer text, each of them sanitized and ready to be indented; empty ones are left out.
pub(crate) fn sanitize_lines(text: &str) -> Vec<String> {
    text.lines().map(sanitize).filter(|line| !line.is_empty()).collect()
}

/// A line with what is written from right to left isolated, so that it turns nothing around that stands beside it. For a
/// line that was sanitized: whatever marks came from outside are gone.
pub(crate) fn isolated(line: &str) -> String {
    const BEGIN: char = '\u{2067}';
    const END: char = '\u{2069}';
    let (mut out, mut between, mut inside) = (String::with_capacity(line.len()), String::new(), false);
    for c in line.chars() {
        if is_right_to_left(c) {
            if !inside {
                out.push_str(&std::mem::take(&mut between));
                out.push(BEGIN);
            }
            out.push_str(&std::mem::take(&mut between));
            out.push(c);
            inside = true;
        } else if inside && !c.is_alphanumeric() {
            // It belongs to the text only if that goes on.
            between.push(c);
        } else {
            if inside {
                out.push(END);
                inside = false;
            }
            out.push_str(&std::mem::take(&mut between));
            out.push(c);
        }
    }
    if inside {
        out.push(END);
    }
    out.push_str(&between);
    out
}

/// Hebrew, Arabic, Syriac, Thaana, N'Ko, Adlam and the older scripts beside them.
fn is_right_to_left(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' | '\u{10800}'..='\u{10fff}'
        | '\u{1e800}'..='\u{1efff}')
}

fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{e47}'..='\u{e4e}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// The text of a JSON value with every character escaped that could do something to a terminal. It stays the same value.
pub(crate) fn json_safe(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for c in json.chars() {
        // Only inside of strings: JSON has no such character elsewhere.
        if c.is_control() || is_invisible(c) {
            let mut units = [0; 2];
            safe.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            safe.push(c);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_from_right_to_left_turns_nothing_around_that_stands_beside_it() {
        assert_eq!(isolated("5th & Main, 14:02"), "5th & Main, 14:02");
        assert_eq!(isolated("Elm Park: שלום עולם. 14:02"), "Elm Park: \u{2067}שלום עולם\u{2069}. 14:02");
        assert_eq!(isolated("مرحبا (14:02) مرحبا"), "\u{2067}مرحبا\u{2069} (14:02) \u{2067}مرحبا\u{2069}");
        // What came from outside cannot open or close anything.
        let hostile = isolated(&sanitize("a\u{2069}\u{202e}שלום\u{2067} b"));
        assert_eq!(hostile, "a\u{2067}שלום\u{2069} b");
    }
}
