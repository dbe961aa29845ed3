//! The typeface of every picture: bytes to embed, and how wide a text runs.

use std::sync::LazyLock;

use ttf_parser::Face;

/// The family's name, as SVG and PDF ask for it.
pub const FAMILY: &str = "Inter";
/// Inter Regular (OpenType).
pub const REGULAR: &[u8] = include_bytes!("../fonts/Inter-Regular.otf");
/// Inter `SemiBold` (OpenType).
pub const SEMI_BOLD: &[u8] = include_bytes!("../fonts/Inter-SemiBold.otf");
/// The licence under which the fonts may be passed on; it goes where they go.
pub const LICENCE: &str = include_str!("../fonts/OFL.txt");

/// How heavy a text is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    SemiBold,
}

static REGULAR_FACE: LazyLock<Option<Advances>> = LazyLock::new(|| Advances::read(REGULAR));
static SEMI_BOLD_FACE: LazyLock<Option<Advances>> = LazyLock::new(|| Advances::read(SEMI_BOLD));

/// The width of a text in hundredths of a pixel would be exact; whole pixels, rounded up, are what layouts need.
pub(crate) fn width(text: &str, size: i32, weight: Weight) -> i32 {
    let face = match weight {
        Weight::Regular => &*REGULAR_FACE,
        Weight::SemiBold => &*SEMI_BOLD_FACE,
    };
    let Some(face) = face else {
        return size * i32::try_from(text.chars().count()).unwrap_or(i32::MAX / size);
    };
    let units: i32 = text.chars().map(|letter| face.advance(letter)).sum();
    (units * size + face.units_per_em - 1) / face.units_per_em
}

struct Advances {
    face: Face<'static>,
    units_per_em: i32,
    plain: Vec<i32>,
}

impl Advances {
    fn read(bytes: &'static [u8]) -> Option<Self> {
        let face = Face::parse(bytes, 0).ok()?;
        let units_per_em = i32::from(face.units_per_em());
        let mut read = Self {
            face,
            units_per_em,
            plain: Vec::new(),
        };
        read.plain = (0..128_u8)
            .map(|code| read.look_up(char::from(code)))
            .collect();
        Some(read)
    }

    fn advance(&self, letter: char) -> i32 {
        let plain = self.plain.get(letter as usize).copied();
        plain.unwrap_or_else(|| self.look_up(letter))
    }

    /// A letter that the face lacks is drawn by another one: a full square is wide enough for any.
    fn look_up(&self, letter: char) -> i32 {
        let glyph = self.face.glyph_index(letter);
        let advance = glyph.and_then(|glyph| self.face.glyph_hor_advance(glyph));
        advance.map_or(self.units_per_em, i32::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_faces_are_read_and_the_heavier_one_runs_wider() {
        let regular = width("Approve the account", 12, Weight::Regular);
        let heavy = width("Approve the account", 12, Weight::SemiBold);
        assert!(
            regular > 90 && regular < heavy && heavy < 140,
            "{regular} {heavy}"
        );
    }

    #[test]
    fn a_letter_that_the_face_lacks_takes_a_full_square() {
        assert_eq!(width("漢", 12, Weight::Regular), 12);
    }

    #[test]
    fn the_licence_goes_with_the_fonts() {
        assert!(LICENCE.contains("SIL OPEN FONT LICENSE Version 1.1"));
    }
}
