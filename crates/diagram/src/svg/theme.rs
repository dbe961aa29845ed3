//! Colours. Text has a contrast of at least 4.5 to what it stands on, in both themes; a test holds them to it.

use crate::progress::Standing;

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Theme {
    /// Dark on white; the one for paper.
    #[default]
    Light,
    /// Light on near black.
    Dark,
}

/// A card's or sign's colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Paint {
    pub(crate) fill: &'static str,
    pub(crate) stroke: &'static str,
    pub(crate) text: &'static str,
}

/// All colours of a theme.
#[derive(Debug)]
pub(crate) struct Palette {
    pub(crate) page: &'static str,
    pub(crate) lanes: [&'static str; 2],
    pub(crate) header: &'static str,
    pub(crate) border: &'static str,
    pub(crate) text: &'static str,
    pub(crate) muted: &'static str,
    pub(crate) line: &'static str,
    pub(crate) back: &'static str,
    pub(crate) card: Paint,
    pub(crate) gateway: Paint,
    pub(crate) decision: Paint,
    pub(crate) start: Paint,
    pub(crate) end: Paint,
    /// For roles, with white or black on them.
    pub(crate) roles: [Paint; 10],
    standings: [Paint; 9],
}

impl Palette {
    pub(crate) fn of(theme: Theme) -> &'static Self {
        match theme {
            Theme::Light => &LIGHT,
            Theme::Dark => &DARK,
        }
    }

    pub(crate) fn standing(&self, standing: Standing) -> Paint {
        let place = Standing::ALL.iter().position(|other| *other == standing);
        place.map_or(self.card, |place| self.standings[place])
    }

    pub(crate) fn role(&self, lane: usize) -> Paint {
        self.roles[lane % self.roles.len()]
    }
}

const fn paint(fill: &'static str, stroke: &'static str, text: &'static str) -> Paint {
    Paint { fill, stroke, text }
}

static LIGHT: Palette = Palette {
    page: "#ffffff",
    lanes: ["#f6f8fb", "#ffffff"],
    header: "#e9eef5",
    border: "#c9d2de",
    text: "#17212f",
    muted: "#4d5a6b",
    line: "#465365",
    back: "#b3261e",
    card: paint("#ffffff", "#8894a5", "#17212f"),
    gateway: paint("#eef2f7", "#66748a", "#17212f"),
    decision: paint("#fff3d6", "#a86a00", "#6b4300"),
    start: paint("#e3f4e9", "#2c7a4b", "#1b5533"),
    end: paint("#e9edf3", "#3b4657", "#17212f"),
    roles: [
        paint("#1d5fa8", "#1d5fa8", "#ffffff"),
        paint("#a8461d", "#a8461d", "#ffffff"),
        paint("#2c7a4b", "#2c7a4b", "#ffffff"),
        paint("#7b3fa0", "#7b3fa0", "#ffffff"),
        paint("#8a6100", "#8a6100", "#ffffff"),
        paint("#0f7480", "#0f7480", "#ffffff"),
        paint("#a3245f", "#a3245f", "#ffffff"),
        paint("#4a5a1c", "#4a5a1c", "#ffffff"),
        paint("#3d4b8f", "#3d4b8f", "#ffffff"),
        paint("#5b4636", "#5b4636", "#ffffff"),
    ],
    standings: [
        paint("#ffffff", "#8894a5", "#4d5a6b"),
        paint("#fff6dc", "#a86a00", "#704600"),
        paint("#e2eefc", "#1d66b8", "#124a88"),
        paint("#fdE7e5", "#b3261e", "#8c1d18"),
        paint("#f0e8fa", "#7341ad", "#512a80"),
        paint("#e1f3e7", "#2c7a4b", "#1b5533"),
        paint("#f1f3f6", "#7c8798", "#4d5a6b"),
        paint("#f7f8fa", "#9aa4b2", "#566273"),
        paint("#eceef1", "#596475", "#434d5b"),
    ],
};

static DARK: Palette = Palette {
    page: "#12171e",
    lanes: ["#19202a", "#151b23"],
    header: "#232c38",
    border: "#3a4656",
    text: "#eef2f7",
    muted: "#b3bfce",
    line: "#a9b6c6",
    back: "#ff8f85",
    card: paint("#222b37", "#7f8da0", "#eef2f7"),
    gateway: paint("#2a3442", "#97a5b8", "#eef2f7"),
    decision: paint("#3d3014", "#e0ab4a", "#ffdf9e"),
    start: paint("#16331f", "#6cc48d", "#b9ecca"),
    end: paint("#2a3442", "#b3bfce", "#eef2f7"),
    roles: [
        paint("#8fc1f7", "#8fc1f7", "#0c1a29"),
        paint("#f5b08d", "#f5b08d", "#2a1107"),
        paint("#8fd6a8", "#8fd6a8", "#0a2113"),
        paint("#d6aef0", "#d6aef0", "#240f33"),
        paint("#ecc766", "#ecc766", "#2a1f00"),
        paint("#7fd4de", "#7fd4de", "#06272b"),
        paint("#f4a3c6", "#f4a3c6", "#330a1d"),
        paint("#c3d582", "#c3d582", "#1b2207"),
        paint("#b0bbf5", "#b0bbf5", "#12183a"),
        paint("#d9c0ab", "#d9c0ab", "#271a10"),
    ],
    standings: [
        paint("#222b37", "#7f8da0", "#b3bfce"),
        paint("#3a2e10", "#e0ab4a", "#ffdf9e"),
        paint("#16304f", "#6fb0f5", "#bfdcfb"),
        paint("#471a17", "#ff8f85", "#ffc9c4"),
        paint("#33214d", "#bd97ec", "#dfcbf7"),
        paint("#16331f", "#6cc48d", "#b9ecca"),
        paint("#1f2732", "#7f8da0", "#b3bfce"),
        paint("#1a212b", "#66748a", "#a9b6c6"),
        paint("#262c35", "#97a5b8", "#c3ccd8"),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.03928 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn every_text_stands_out_from_what_it_stands_on_and_every_line_too() {
        for palette in [&LIGHT, &DARK] {
            let grounds = [
                palette.page,
                palette.lanes[0],
                palette.lanes[1],
                palette.header,
            ];
            for ground in grounds {
                for text in [palette.text, palette.muted, palette.line, palette.back] {
                    assert!(contrast(text, ground) >= 4.5, "{text} on {ground}");
                }
            }
            let single = [
                palette.card,
                palette.gateway,
                palette.decision,
                palette.start,
                palette.end,
            ];
            for paint in single
                .iter()
                .chain(&palette.roles)
                .chain(&palette.standings)
            {
                assert!(contrast(paint.text, paint.fill) >= 4.5, "{paint:?}");
            }
            for paint in palette.standings {
                let late = palette.standing(Standing::Overdue).text;
                assert!(contrast(late, paint.fill) >= 4.5, "{paint:?}");
                assert!(contrast(palette.text, paint.fill) >= 4.5, "{paint:?}");
                assert!(contrast(palette.muted, paint.fill) >= 4.5, "{paint:?}");
            }
        }
    }
}
