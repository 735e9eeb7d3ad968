//! What others wrote, made safe to print.
//!
//! Whoever sends an alert must not be able to move the cursor, recolor a label, turn text around or add a line that
//! looks like ours. Everything that has ink stays, so that nothing is hidden either.

use watchfire_client::text::is_invisible;

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
