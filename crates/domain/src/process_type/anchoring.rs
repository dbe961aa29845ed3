//! What due rules count from (E11).

use super::definition::{Definition, DueAmount, DueBase, DueRule};

impl DueRule {
    /// The rule, and what applies where its base is unknown.
    pub(crate) fn chain(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |rule| rule.fallback.as_deref())
    }

    /// Whether it counts from anything that can change once its task is open.
    #[must_use]
    pub fn counts_from_what_changes(&self) -> bool {
        self.chain().any(|rule| {
            let by_attribute = match &rule.amount {
                DueAmount::By { .. } => true,
                DueAmount::Fixed(_) => false,
            };
            by_attribute
                || match &rule.from {
                    DueBase::Task(_) | DueBase::Attribute(_) | DueBase::Field(_) => true,
                    DueBase::ProcessStart
                    | DueBase::Opened
                    | DueBase::QuarterEnd
                    | DueBase::FiscalYearStart
                    | DueBase::FiscalYearEnd => false,
                }
        })
    }

    /// Whether it counts from this attribute of the subject, or takes its amount from it.
    fn names_attribute(&self, key: &str) -> bool {
        self.chain().any(|rule| {
            let amount = match &rule.amount {
                DueAmount::By { attribute, .. } => attribute == key,
                DueAmount::Fixed(_) => false,
            };
            let base = match &rule.from {
                DueBase::Attribute(named) => named == key,
                DueBase::Task(_)
                | DueBase::Field(_)
                | DueBase::ProcessStart
                | DueBase::Opened
                | DueBase::QuarterEnd
                | DueBase::FiscalYearStart
                | DueBase::FiscalYearEnd => false,
            };
            amount || base
        })
    }
}

impl Definition {
    /// Whether a task is dated by this attribute of the subject.
    #[must_use]
    pub fn is_dated_by(&self, attribute: &str) -> bool {
        let mut rules = self.tasks.iter().filter_map(|task| task.due.as_ref());
        rules.any(|rule| rule.names_attribute(attribute))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::process_type::definition::{CalendarKind, DueUnit};

    fn rule(amount: DueAmount, from: DueBase, fallback: Option<DueRule>) -> DueRule {
        DueRule {
            amount,
            unit: DueUnit::Days,
            from,
            calendar: CalendarKind::Market,
            fallback: fallback.map(Box::new),
        }
    }

    /// E11
    #[test]
    fn amount_base_and_fallback_are_all_looked_at() {
        let fixed = || DueAmount::Fixed(3);
        let by_tier = DueAmount::By {
            attribute: "tier".to_owned(),
            map: BTreeMap::new(),
        };
        let renewal = || DueBase::Attribute("renewal".to_owned());
        let plain = rule(fixed(), DueBase::Opened, None);
        assert!(!plain.counts_from_what_changes());
        assert!(rule(fixed(), DueBase::Task("a".to_owned()), None).counts_from_what_changes());
        let tiered = rule(by_tier, DueBase::QuarterEnd, None);
        assert!(tiered.counts_from_what_changes() && tiered.names_attribute("tier"));
        let behind = rule(
            fixed(),
            DueBase::Field("wish".to_owned()),
            Some(rule(fixed(), renewal(), None)),
        );
        assert!(behind.names_attribute("renewal") && !behind.names_attribute("wish"));
    }
}
