//! The card of a step: what is written on it, and how large that makes it.

use domain::process_type::{
    Definition,
    definition::{DueAmount, DueBase, DueRule, DueUnit, Over},
};

use crate::{fonts::Weight, graph::Size, names::in_words, text::wrap};

/// The height of the diamond that hangs at the foot of a card in the compact picture.
pub(crate) const FOOT: i32 = 28;

/// How a card is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style {
    pub(crate) width: i32,
    pub(crate) title: i32,
    pub(crate) leading: i32,
    pub(crate) lines: i32,
    /// Above the title: number, sign and status.
    pub(crate) head: i32,
    /// Below it: when it is due, or who has it.
    pub(crate) tail: i32,
    /// The size of what is written there and above the title.
    pub(crate) small: i32,
}

/// Cards in lanes.
pub(crate) const ACROSS: Style = Style {
    width: 168,
    title: 13,
    leading: 16,
    lines: 2,
    head: 29,
    tail: 25,
    small: 11,
};
/// Cards on paper.
pub(crate) const DOWN: Style = Style {
    width: 256,
    title: 15,
    leading: 18,
    lines: 1,
    head: 30,
    tail: 25,
    small: 12,
};
/// What one more line below the title takes: of a step that is done once for each of several items, these.
pub(crate) const ITEMS: i32 = 18;
/// Between a card's edge and its texts.
pub(crate) const INSET: i32 = 10;

impl Style {
    /// The title's lines.
    pub(crate) fn title_lines(&self, title: &str) -> Vec<String> {
        wrap(title, self.width - 2 * INSET, self.title, Weight::SemiBold)
    }

    fn size(&self, title: &str, items: bool) -> Size {
        let lines = i32::try_from(self.title_lines(title).len()).unwrap_or(i32::MAX);
        let items = if items { ITEMS } else { 0 };
        let height = self.head + lines.max(self.lines) * self.leading + items + self.tail;
        // An even height has its middle on a whole pixel.
        Size {
            width: self.width,
            height: height + height % 2,
        }
    }
}

pub(crate) fn across(title: &str, items: bool) -> Size {
    ACROSS.size(title, items)
}

pub(crate) fn down(title: &str, items: bool, fork: bool) -> Size {
    let size = DOWN.size(title, items);
    Size {
        height: size.height + if fork { FOOT } else { 0 },
        ..size
    }
}

/// For each of which items a step is done, in a few words.
pub(crate) fn items(definition: &Definition, over: &Over) -> String {
    match over {
        Over::Field(key) => {
            let field = definition.fields().find(|field| field.key == *key);
            field.map_or_else(|| in_words(key), |field| field.label.clone())
        }
        Over::Related(kind) => format!("Related: {}", in_words(kind)),
        Over::Segment(key) => format!("Segment: {}", in_words(key)),
    }
}

/// When a step is due, in a few words, longest first: the first that fits is used.
pub(crate) fn due(definition: &Definition, rule: &DueRule) -> Vec<String> {
    let amount = match &rule.amount {
        DueAmount::Fixed(amount) => *amount,
        DueAmount::By { attribute, .. } => {
            return vec![
                format!("Due by {}", in_words(attribute)),
                "Due date varies".to_owned(),
            ];
        }
    };
    let count = amount.unsigned_abs();
    let unit = match (rule.unit, count) {
        (DueUnit::BusinessDays, 1) => "business day",
        (DueUnit::BusinessDays, _) => "business days",
        (DueUnit::Days, 1) => "day",
        (DueUnit::Days, _) => "days",
        (DueUnit::Hours, 1) => "hour",
        (DueUnit::Hours, _) => "hours",
        (DueUnit::Months, 1) => "month",
        (DueUnit::Months, _) => "months",
        (DueUnit::Years, 1) => "year",
        (DueUnit::Years, _) => "years",
    };
    let base = match &rule.from {
        DueBase::Opened if amount == 0 => return vec!["Same day".to_owned()],
        DueBase::Opened => return vec![format!("{count} {unit}")],
        DueBase::ProcessStart => "start".to_owned(),
        DueBase::Task(key) => {
            let number = definition.tasks.iter().position(|task| task.key == *key);
            number.map_or_else(|| in_words(key), |number| format!("step {}", number + 1))
        }
        DueBase::Attribute(key) => in_words(key),
        DueBase::Field(key) => {
            let label = definition
                .fields()
                .find(|field| field.key == *key)
                .map(|field| field.label.to_lowercase());
            label.unwrap_or_else(|| in_words(key))
        }
        DueBase::QuarterEnd => "quarter end".to_owned(),
        DueBase::FiscalYearStart => "fiscal year start".to_owned(),
        DueBase::FiscalYearEnd => "fiscal year end".to_owned(),
    };
    let order = if amount < 0 { "before" } else { "after" };
    let short = unit.replace("business ", "bus. ");
    if amount == 0 {
        return vec![format!("On {base}"), "On a set date".to_owned()];
    }
    vec![
        format!("{count} {unit} {order} {base}"),
        format!("{count} {short} {order} {base}"),
        format!("{count} {short} {order} date"),
        format!("{count} {unit}"),
    ]
}
