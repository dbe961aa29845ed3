//! Texts broken into lines by their real widths. Nothing is cut off: a text that is too long takes more lines.

use crate::fonts::{Weight, width};

/// The lines of a text, none of them wider than `room`.
pub(crate) fn wrap(text: &str, room: i32, size: i32, weight: Weight) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        for piece in pieces(word, room, size, weight) {
            let longer = if line.is_empty() {
                piece.clone()
            } else {
                format!("{line} {piece}")
            };
            if line.is_empty() || width(&longer, size, weight) <= room {
                line = longer;
            } else {
                lines.push(std::mem::replace(&mut line, piece));
            }
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// The same in as few lines, but none much shorter than the others.
pub(crate) fn balanced(text: &str, room: i32, size: i32, weight: Weight) -> Vec<String> {
    let lines = wrap(text, room, size, weight);
    // Narrower than its longest word a text would only be broken within words.
    let longest = text
        .split_whitespace()
        .map(|word| width(word, size, weight))
        .max()
        .unwrap_or(1);
    let (mut low, mut high) = (longest.min(room), room);
    while low < high {
        let middle = i32::midpoint(low, high);
        let narrower = wrap(text, middle, size, weight);
        if narrower.len() <= lines.len()
            && narrower
                .iter()
                .all(|line| width(line, size, weight) <= middle)
        {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    wrap(text, high, size, weight)
}

/// The width of the widest line.
pub(crate) fn widest(lines: &[String], size: i32, weight: Weight) -> i32 {
    lines
        .iter()
        .map(|line| width(line, size, weight))
        .max()
        .unwrap_or_default()
}

/// A word that is wider than the room, in parts that are not.
fn pieces(word: &str, room: i32, size: i32, weight: Weight) -> Vec<String> {
    if width(word, size, weight) <= room {
        return vec![word.to_owned()];
    }
    let mut pieces = Vec::new();
    let mut piece = String::new();
    for letter in word.chars() {
        piece.push(letter);
        if piece.chars().nth(1).is_some() && width(&piece, size, weight) > room {
            piece.pop();
            pieces.push(std::mem::take(&mut piece));
            piece.push(letter);
        }
    }
    pieces.push(piece);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_the_room_and_no_letter_is_lost() {
        let text =
            "Confirm the Donaudampfschifffahrtsgesellschaftskapitänsmütze with the custodian";
        for room in [30, 60, 90, 200] {
            for lines in [
                wrap(text, room, 12, Weight::Regular),
                balanced(text, room, 12, Weight::Regular),
            ] {
                assert!(widest(&lines, 12, Weight::Regular) <= room);
                assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
            }
        }
    }

    #[test]
    fn a_balanced_text_has_no_lonely_last_word() {
        let lines = balanced("Not in good order at all", 120, 12, Weight::Regular);
        assert_eq!(lines, ["Not in good", "order at all"]);
    }
}
