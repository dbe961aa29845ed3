//! Text that Markdown takes for text.

use std::fmt::Write as _;

use crate::prose::Prose;

/// A text on one line, every character that could begin markup escaped.
pub(super) fn text(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = String::with_capacity(line.len() + 8);
    for (place, character) in line.char_indices() {
        if begins_markup(&line, place, character) {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

fn begins_markup(line: &str, place: usize, character: char) -> bool {
    let before = &line[..place];
    match character {
        // Harmless wherever they stand.
        ',' | ';' | '?' | '\'' | '"' | '/' | '%' | '(' => false,
        // Lists begin with them.
        '-' | '+' => before.is_empty(),
        ')' => is_number(before),
        '.' => is_number(before) || before.to_ascii_lowercase().ends_with("www"),
        // GFM makes links of addresses.
        ':' => line[place..].starts_with("://"),
        other => other.is_ascii_punctuation(),
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A sentence, its steps as links to their headings.
pub(super) fn prose(prose: &Prose) -> String {
    let mut out = String::new();
    for run in prose.runs() {
        match run.step {
            None => {
                // The pieces of a sentence are told apart by the spaces around them.
                let inner = text(&run.text);
                let space = |there: bool| if there { " " } else { "" };
                out += space(run.text.starts_with(' '));
                out += &inner;
                out += space(run.text.ends_with(' ') && !inner.is_empty());
            }
            Some(number) => {
                let _ = write!(out, "[{}](#step-{number})", text(&run.text));
            }
        }
    }
    out
}
