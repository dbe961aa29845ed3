//! The key to colours and codes below the picture for paper.

use super::{
    pen::{Anchor, Pen, Type},
    theme::Palette,
};
use crate::{
    fonts::{Weight, width},
    layout::{Point, Rect},
};

const SIZE: i32 = 13;
const ROW: i32 = 26;
const GAP: i32 = 22;
const MARGIN: i32 = 20;

/// Short codes of roles: their first letters, told apart by a number where they are the same.
pub(crate) fn codes(roles: &[String]) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for role in roles {
        let letters: String = role
            .split(|letter: char| !letter.is_alphanumeric())
            .filter_map(|word| word.chars().next())
            .take(3)
            .flat_map(char::to_uppercase)
            .collect();
        let mut code = letters.clone();
        let mut number = 2;
        while codes.contains(&code) {
            code = format!("{letters}{number}");
            number += 1;
        }
        codes.push(code);
    }
    codes
}

/// One entry: what stands before the words, and the words.
enum Key {
    Role(usize),
    Back,
    Conditional,
}

/// The key's entries in rows.
pub(crate) struct Legend<'a> {
    roles: &'a [String],
    codes: &'a [String],
    rows: Vec<Vec<(Key, i32)>>,
    /// How wide the widest row is, with margins.
    pub(crate) width: i32,
}

impl<'a> Legend<'a> {
    /// `room` is how wide the picture is without it.
    pub(crate) fn new(
        roles: &'a [String],
        codes: &'a [String],
        back: bool,
        conditional: bool,
        room: i32,
    ) -> Self {
        let keys = (0..roles.len()).map(Key::Role);
        let keys = keys
            .chain(back.then_some(Key::Back))
            .chain(conditional.then_some(Key::Conditional));
        let mut legend = Self {
            roles,
            codes,
            rows: Vec::new(),
            width: 0,
        };
        let room = room.max(420) - 2 * MARGIN;
        let mut used = i32::MAX / 2;
        for key in keys {
            let width =
                legend.key_width(&key) + 8 + width(legend.words(&key), SIZE, Weight::Regular);
            if used + GAP + width > room {
                legend.rows.push(Vec::new());
                used = -GAP;
            }
            used += GAP + width;
            legend.width = legend.width.max(used + 2 * MARGIN);
            if let Some(row) = legend.rows.last_mut() {
                row.push((key, width));
            }
        }
        legend
    }

    pub(crate) fn height(&self) -> i32 {
        i32::try_from(self.rows.len()).unwrap_or(0) * ROW + MARGIN
    }

    fn words(&self, key: &Key) -> &str {
        match key {
            Key::Role(role) => &self.roles[*role],
            Key::Back => "Sent back",
            Key::Conditional => "Only if needed",
        }
    }

    fn key_width(&self, key: &Key) -> i32 {
        match key {
            Key::Role(role) => width(&self.codes[*role], SIZE - 1, Weight::SemiBold) + 14,
            Key::Back | Key::Conditional => 34,
        }
    }

    pub(crate) fn draw(&self, pen: &mut Pen, palette: &Palette, top: i32) {
        let mut baseline = top + 18;
        let words = Type {
            size: SIZE,
            weight: Weight::Regular,
            anchor: Anchor::Start,
            colour: palette.text,
            halo: None,
        };
        for row in &self.rows {
            let mut x = MARGIN;
            for (key, width) in row {
                let key_width = self.key_width(key);
                match key {
                    Key::Role(role) => {
                        let paint = palette.role(*role);
                        pen.filled(
                            Rect {
                                x,
                                y: baseline - 13,
                                width: key_width,
                                height: 17,
                            },
                            8,
                            paint.fill,
                        );
                        let code = Type {
                            size: SIZE - 1,
                            weight: Weight::SemiBold,
                            anchor: Anchor::Middle,
                            colour: paint.text,
                            halo: None,
                        };
                        pen.text(
                            &self.codes[*role],
                            Point {
                                x: x + key_width / 2,
                                y: baseline - 1,
                            },
                            code,
                        );
                    }
                    Key::Back => {
                        let path = format!("M{x} {}h{key_width}", baseline - 4);
                        let colour = palette.back;
                        pen.path(&path, &format!(r#"fill="none" stroke="{colour}" stroke-width="1.6" stroke-dasharray="7 4""#));
                    }
                    Key::Conditional => {
                        let area = Rect {
                            x,
                            y: baseline - 13,
                            width: key_width,
                            height: 17,
                        };
                        pen.rect(
                            area,
                            5,
                            palette.card,
                            r#"stroke-width="1.3" stroke-dasharray="6 4""#,
                        );
                    }
                }
                pen.text(
                    self.words(key),
                    Point {
                        x: x + key_width + 8,
                        y: baseline,
                    },
                    words,
                );
                x += width + GAP;
            }
            baseline += ROW;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::codes;

    #[test]
    fn codes_are_first_letters_and_never_the_same() {
        let roles = [
            "Client Service Associate",
            "Lead Advisor",
            "Legal Assistant",
            "Trader",
        ]
        .map(str::to_owned);
        assert_eq!(codes(&roles), ["CSA", "LA", "LA2", "T"]);
    }
}
