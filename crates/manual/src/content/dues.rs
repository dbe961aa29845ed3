//! When something is due (E11).

use domain::process_type::definition::{
    CalendarKind, DueAmount, DueBase, DueRule, DueUnit, Offset, Target,
};

use super::reading::Reading;
use crate::prose::{Prose, quoted, series};

/// What a base means: something that happens, or a day that is written somewhere.
enum Base {
    Event(Prose),
    Day(Prose),
}

impl Reading<'_> {
    /// "2 business days after the step opens". What opens differs: a step, or a follow-up that is made.
    pub(super) fn due(&self, rule: &DueRule, opens: &str) -> Prose {
        let base = self.base(&rule.from, opens);
        let said = match &rule.amount {
            DueAmount::Fixed(amount) => counted(*amount, rule.unit, rule.calendar, &base),
            DueAmount::By { attribute, map } => {
                let mut options: Vec<(&str, i32)> = map
                    .iter()
                    .map(|(key, amount)| (key.as_str(), *amount))
                    .collect();
                options.sort_by_key(|(_, amount)| *amount);
                let cases = options.into_iter().map(|(option, amount)| {
                    counted(amount, rule.unit, rule.calendar, &base)
                        + " for "
                        + quoted(option).as_str()
                });
                let by = self.attribute(attribute, &Target::Subject);
                Prose::from(format!("by {by}: ")) + series(cases, "and")
            }
        };
        match &rule.fallback {
            None => said,
            Some(fallback) => said + "; while that is not known, " + self.due(fallback, opens),
        }
    }

    fn base(&self, base: &DueBase, opens: &str) -> Base {
        match base {
            DueBase::ProcessStart => Base::Event(Prose::from("the process starts")),
            DueBase::Opened => Base::Event(Prose::from(opens)),
            DueBase::Task(key) => Base::Event(self.step(key) + " is completed"),
            DueBase::Attribute(key) => {
                Base::Day(Prose::from(self.attribute(key, &Target::Subject)))
            }
            DueBase::Field(key) => {
                Base::Day(Prose::from(format!("the date in {}", self.field_name(key))))
            }
            DueBase::QuarterEnd => Base::Day(Prose::from("the end of the quarter")),
            DueBase::FiscalYearStart => Base::Day(Prose::from("the start of the fiscal year")),
            DueBase::FiscalYearEnd => Base::Day(Prose::from("the end of the fiscal year")),
        }
    }
}

fn counted(amount: i32, unit: DueUnit, calendar: CalendarKind, base: &Base) -> Prose {
    let (direction, base) = match (amount, unit, base) {
        (0, DueUnit::Hours, Base::Event(event)) => ("as soon as", event),
        (0, _, Base::Event(event)) => ("by close of business on the day when", event),
        (0, _, Base::Day(day)) => ("on", day),
        (1.., _, Base::Event(it) | Base::Day(it)) => ("after", it),
        (..0, _, Base::Event(it) | Base::Day(it)) => ("before", it),
    };
    let said = match amount {
        0 => Prose::from(direction),
        _ => Prose::from(length(amount.unsigned_abs(), unit, calendar)) + " " + direction,
    };
    said + " " + base.clone()
}

/// "2 business days".
pub(super) fn length(amount: u32, unit: DueUnit, calendar: CalendarKind) -> String {
    let noun = match (unit, calendar) {
        (DueUnit::BusinessDays, CalendarKind::Market) => "business day",
        (DueUnit::BusinessDays, CalendarKind::Bank) => "bank business day",
        (DueUnit::Days, _) => "calendar day",
        (DueUnit::Hours, _) => "hour",
        (DueUnit::Months, _) => "month",
        (DueUnit::Years, _) => "year",
    };
    let ending = if amount == 1 { "" } else { "s" };
    format!("{amount} {noun}{ending}")
}

/// "2 business days before the due date".
pub(super) fn offset(offset: Offset) -> String {
    let length = length(
        offset.amount.unsigned_abs(),
        offset.unit,
        CalendarKind::Market,
    );
    match offset.amount {
        0 => "on the due date".to_owned(),
        1.. => format!("{length} after the due date"),
        ..0 => format!("{length} before the due date"),
    }
}
