//! The card of a step as drawn.

use domain::process_type::{
    Definition,
    definition::{TaskKind, TaskTemplate, WaitingOn},
};

use super::{
    pen::{Anchor, Pen, Type},
    sign::{self, Sign},
    theme::{Paint, Palette},
};
use crate::{
    card::{self, INSET, Style},
    fonts::{Weight, width},
    layout::{Flow, Point, Rect, foot},
    progress::{Standing, StepProgress},
    xml::escape,
};

/// What a card shows.
pub(crate) struct Card<'a> {
    pub(crate) definition: &'a Definition,
    pub(crate) step: usize,
    pub(crate) title: &'a str,
    /// Whose it is, and the colour and the code of that role.
    pub(crate) owner: &'a str,
    pub(crate) role: Paint,
    pub(crate) code: &'a str,
    pub(crate) fork: bool,
    /// Whether it may be passed over, where no gateway says so.
    pub(crate) conditional: bool,
    pub(crate) progress: Option<&'a StepProgress>,
}

impl Card<'_> {
    fn task(&self) -> &TaskTemplate {
        &self.definition.tasks[self.step]
    }

    /// All of it in a sentence, for those who cannot see it.
    fn spoken(&self) -> String {
        let mut spoken = format!("Step {}: {} ({})", self.step + 1, self.title, self.owner);
        if let Some(progress) = self.progress {
            spoken = format!("{spoken}. {}", progress.standing.words());
            if let Some(who) = &progress.who {
                spoken = format!("{spoken}: {who}");
            }
            if let Some(items) = progress.items {
                spoken = format!("{spoken}. {}", items.words());
            }
        }
        spoken
    }

    pub(crate) fn draw(&self, pen: &mut Pen, palette: &Palette, area: Rect, flow: Flow) {
        let style = match flow {
            Flow::Across => card::ACROSS,
            Flow::Down => card::DOWN,
        };
        let painted = Rect {
            height: area.height - if self.fork { card::FOOT } else { 0 },
            ..area
        };
        let paint = self
            .progress
            .map_or(palette.card, |progress| palette.standing(progress.standing));
        pen.put(&format!("<g><title>{}</title>", escape(&self.spoken())));
        if self.fork {
            pen.diamond(foot(&area), palette.decision);
        }
        pen.rect(painted, 8, paint, &self.outline());
        self.head(pen, palette, painted, paint, flow);
        self.title(pen, palette, painted, &style);
        self.items(pen, palette, painted, &style);
        self.tail(pen, palette, painted, &style);
        pen.put("</g>");
    }

    fn outline(&self) -> String {
        use crate::progress::Standing::{
            Cancelled, Completed, InProgress, NotTaken, OnHold, Open, Overdue, Skipped, Waiting,
        };
        let width = match self.progress.map(|progress| progress.standing) {
            Some(Overdue) => "2.6",
            Some(Open | InProgress | OnHold) => "2",
            Some(Waiting | Completed | Skipped | NotTaken | Cancelled) | None => "1.3",
        };
        let dashes = match self.progress.map(|progress| progress.standing) {
            Some(Skipped | Cancelled) => r#" stroke-dasharray="6 4""#,
            Some(NotTaken) => r#" stroke-dasharray="2 4""#,
            Some(_) | None if self.conditional => r#" stroke-dasharray="6 4""#,
            Some(_) | None => "",
        };
        format!(r#"stroke-width="{width}"{dashes}"#)
    }

    /// Number, role, and kind or standing.
    fn head(&self, pen: &mut Pen, palette: &Palette, area: Rect, paint: Paint, flow: Flow) {
        let size = match flow {
            Flow::Across => card::ACROSS.small,
            Flow::Down => card::DOWN.small,
        };
        let baseline = area.y + 19;
        let small = Type {
            size,
            weight: Weight::SemiBold,
            anchor: Anchor::Start,
            colour: self.role.text,
            halo: None,
        };
        let number = (self.step + 1).to_string();
        let tag = match flow {
            Flow::Across => number,
            Flow::Down => format!("{number}  {}", self.code),
        };
        let tag_width = width(&tag, size, Weight::SemiBold) + 12;
        pen.filled(
            Rect {
                x: area.x + INSET - 2,
                y: area.y + 7,
                width: tag_width.max(18),
                height: 17,
            },
            8,
            self.role.fill,
        );
        let middle = Point {
            x: area.x + INSET - 2 + tag_width.max(18) / 2,
            y: baseline,
        };
        pen.text(
            &tag,
            middle,
            Type {
                anchor: Anchor::Middle,
                ..small
            },
        );
        let right = area.x + area.width - INSET;
        if let Some(progress) = self.progress {
            let words = progress.standing.words();
            let x = right - width(words, size, Weight::SemiBold);
            pen.text(
                words,
                Point { x, y: baseline },
                Type {
                    colour: paint.text,
                    ..small
                },
            );
            pen.sign(
                &sign::of(progress.standing),
                Point {
                    x: x - 19,
                    y: area.y + 8,
                },
                paint.text,
            );
        } else {
            let room = area.width - 2 * INSET - tag_width - 8;
            let words = self.kind_words();
            if let Some(words) = words
                .iter()
                .find(|words| width(words, size, Weight::Regular) <= room)
            {
                let style = Type {
                    weight: Weight::Regular,
                    anchor: Anchor::End,
                    colour: palette.muted,
                    ..small
                };
                pen.text(
                    words,
                    Point {
                        x: right,
                        y: baseline,
                    },
                    style,
                );
            }
        }
    }

    fn title(&self, pen: &mut Pen, palette: &Palette, area: Rect, style: &Style) {
        let lines = style.title_lines(self.title);
        let first = Point {
            x: area.x + INSET,
            y: area.y + style.head + style.leading - 4,
        };
        let title = Type {
            size: style.title,
            weight: Weight::SemiBold,
            anchor: Anchor::Start,
            colour: palette.text,
            halo: None,
        };
        pen.lines(&lines, first, style.leading, title);
    }

    /// Of a step that is done once for each of several items: how many are done and late, or which items these are.
    fn items(&self, pen: &mut Pen, palette: &Palette, area: Rect, style: &Style) {
        let Some(over) = &self.task().over else {
            return;
        };
        let line = area.y + area.height - 10 - card::ITEMS;
        let items = self.progress.and_then(|progress| progress.items);
        if let Some(items) = items {
            let (sign, colour) = if items.late > 0 {
                let late = palette.standing(Standing::Overdue);
                (sign::of(Standing::Overdue), late.text)
            } else {
                (sign::SEVERAL, palette.text)
            };
            Self::line(
                pen,
                &sign,
                &items.words(),
                (area.x, line),
                (style, Weight::SemiBold, colour),
            );
            return;
        }
        let words = card::items(self.definition, over);
        if width(&words, style.small, Weight::Regular) <= area.width - 2 * INSET - 18 {
            let set = (style, Weight::Regular, palette.muted);
            Self::line(pen, &sign::SEVERAL, &words, (area.x, line), set);
        }
    }

    /// Who has it, or when it is due.
    fn tail(&self, pen: &mut Pen, palette: &Palette, area: Rect, style: &Style) {
        let room = area.width - 2 * INSET - 18;
        let (sign, words) = match self.progress {
            Some(progress) => (
                sign::PERSON,
                progress
                    .who
                    .as_deref()
                    .map(|who| fitted_name(who, room, style.small)),
            ),
            None => (sign::CLOCK, self.due(room, style.small)),
        };
        let Some(words) = words else { return };
        let baseline = area.y + area.height - 10;
        let set = (style, Weight::Regular, palette.muted);
        Self::line(pen, &sign, &words, (area.x, baseline), set);
    }

    /// A sign and some words behind it, in a card that begins at the left.
    fn line(
        pen: &mut Pen,
        sign: &Sign,
        words: &str,
        (left, baseline): (i32, i32),
        (style, weight, colour): (&Style, Weight, &str),
    ) {
        let (x, y) = (left + INSET, baseline - 11);
        pen.sign(sign, Point { x, y }, colour);
        let set = Type {
            size: style.small,
            weight,
            anchor: Anchor::Start,
            colour,
            halo: None,
        };
        pen.text(
            words,
            Point {
                x: x + 18,
                y: baseline,
            },
            set,
        );
    }

    fn due(&self, room: i32, size: i32) -> Option<String> {
        let rule = self.task().due.as_ref()?;
        let mut texts = card::due(self.definition, rule).into_iter();
        texts.find(|text| width(text, size, Weight::Regular) <= room)
    }

    /// What kind of step it is, longest first.
    fn kind_words(&self) -> Vec<&'static str> {
        let conditional = self.conditional;
        match self.task().kind {
            TaskKind::Task if conditional => vec!["If needed"],
            TaskKind::Task => Vec::new(),
            TaskKind::Approval if conditional => vec!["Approval, if needed", "Approval"],
            TaskKind::Approval => vec!["Approval"],
            TaskKind::Decision if conditional => vec!["Decision, if needed", "Decision"],
            TaskKind::Decision => vec!["Decision"],
            TaskKind::Wait => match self.task().waiting_on {
                Some(WaitingOn::Client) => vec!["Waits for the client", "Waits"],
                Some(WaitingOn::Prospect) => vec!["Waits for the prospect", "Waits"],
                Some(WaitingOn::Custodian) => vec!["Waits for custodian", "Waits"],
                Some(WaitingOn::OtherFirm) => vec!["Waits for other firm", "Waits"],
                Some(WaitingOn::ReferralSource) => vec!["Waits for referrer", "Waits"],
                Some(WaitingOn::Regulator) => vec!["Waits for regulator", "Waits"],
                Some(WaitingOn::Vendor) => vec!["Waits for vendor", "Waits"],
                Some(WaitingOn::Other) | None => vec!["Waits"],
            },
            TaskKind::FanOut => vec!["Once for each"],
            TaskKind::Subprocess => vec!["Another process", "Process"],
        }
    }
}

/// The name in the room there is: in full, then with first names as letters, then cut off visibly.
fn fitted_name(name: &str, room: i32, size: i32) -> String {
    let fits = |text: &str| width(text, size, Weight::Regular) <= room;
    if fits(name) {
        return name.to_owned();
    }
    let words: Vec<&str> = name.split_whitespace().collect();
    if let Some((last, firsts)) = words.split_last() {
        let letters = firsts
            .iter()
            .filter_map(|word| word.chars().next())
            .map(|letter| format!("{letter}. "));
        let short = letters.collect::<String>() + last;
        if fits(&short) {
            return short;
        }
    }
    let mut cut: Vec<char> = name.chars().collect();
    loop {
        cut.pop();
        let text = format!("{}…", cut.iter().collect::<String>().trim_end());
        if cut.is_empty() || fits(&text) {
            return text;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_shortened_so_that_it_still_tells_who_it_is() {
        assert_eq!(fitted_name("Ann Smith", 140, 11), "Ann Smith");
        assert_eq!(
            fitted_name("Bartholomew Maximilian Featherstone", 140, 11),
            "B. M. Featherstone"
        );
        let cut = fitted_name(&"Wolfeschlegelsteinhausenbergerdorff".repeat(2), 140, 11);
        assert!(
            cut.ends_with('…') && width(&cut, 11, Weight::Regular) <= 140,
            "{cut}"
        );
    }
}
