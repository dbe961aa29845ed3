//! Due rules: one amount, and a key where the base needs one (E11).

use super::Parser;
use crate::process_type::{
    definition::{DueAmount, DueBase, DueRule},
    document::{DueDocument, DueFrom},
};

impl Parser<'_> {
    /// A due rule; none, with faults, where it cannot be counted.
    pub(super) fn due(&mut self, document: &DueDocument, at: &str) -> Option<DueRule> {
        let amount = self.amount(document, at);
        let base = self.base(document, at);
        let fallback = document
            .fallback
            .as_ref()
            .map(|fallback| self.due(fallback, &format!("{at}/fallback")));
        Some(DueRule {
            amount: amount?,
            unit: document.unit,
            from: base?,
            calendar: document.calendar.unwrap_or_default(),
            fallback: match fallback {
                Some(fallback) => Some(Box::new(fallback?)),
                None => None,
            },
        })
    }

    fn amount(&mut self, document: &DueDocument, at: &str) -> Option<DueAmount> {
        match (document.amount, &document.amount_by) {
            (Some(amount), None) => Some(DueAmount::Fixed(amount)),
            (None, Some(by)) if by.map.is_empty() => {
                self.missing(
                    &format!("{at}/amount_by"),
                    "map",
                    "give the amount for each option of the attribute",
                );
                None
            }
            (None, Some(by)) => Some(DueAmount::By {
                attribute: by.attribute.clone(),
                map: by.map.clone(),
            }),
            (Some(_), Some(_)) | (None, None) => {
                self.exactly_one(at, &["amount", "amount_by"]);
                None
            }
        }
    }

    fn base(&mut self, document: &DueDocument, at: &str) -> Option<DueBase> {
        let keyless = match document.from {
            DueFrom::Task => return self.keyed(document, at, DueBase::Task),
            DueFrom::Attribute => return self.keyed(document, at, DueBase::Attribute),
            DueFrom::Field => return self.keyed(document, at, DueBase::Field),
            DueFrom::ProcessStart => DueBase::ProcessStart,
            DueFrom::Opened => DueBase::Opened,
            DueFrom::QuarterEnd => DueBase::QuarterEnd,
            DueFrom::FiscalYearStart => DueBase::FiscalYearStart,
            DueFrom::FiscalYearEnd => DueBase::FiscalYearEnd,
        };
        if document.key.is_some() {
            self.unexpected(
                at,
                "key",
                "only `task`, `attribute` and `field` are counted from by key",
            );
            return None;
        }
        Some(keyless)
    }

    fn keyed(
        &mut self,
        document: &DueDocument,
        at: &str,
        wrap: fn(String) -> DueBase,
    ) -> Option<DueBase> {
        if document.key.is_none() {
            self.missing(
                at,
                "key",
                "say which task, attribute or field it is counted from",
            );
        }
        document.key.clone().map(wrap)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::process_type::soundness::sample::{assert_faults, with_task};

    /// E11
    #[test]
    fn a_due_rule_has_one_amount_and_a_key_where_its_base_needs_one() {
        let cases = [
            (
                json!({"unit": "days", "from": "opened"}),
                "/due",
                "exactly-one",
            ),
            (
                json!({"amount": 1, "amount_by": {"attribute": "tier", "map": {"A": 1}}, "unit": "days", "from": "opened"}),
                "/due",
                "exactly-one",
            ),
            (
                json!({"amount_by": {"attribute": "tier", "map": {}}, "unit": "days", "from": "opened"}),
                "/due/amount_by/map",
                "missing-member",
            ),
            (
                json!({"amount": 1, "unit": "days", "from": "task"}),
                "/due/key",
                "missing-member",
            ),
            (
                json!({"amount": 1, "unit": "days", "from": "quarter_end", "key": "intake"}),
                "/due/key",
                "unexpected-member",
            ),
            (
                json!({"amount": 1, "unit": "days", "from": "opened", "fallback": {"unit": "days", "from": "opened"}}),
                "/due/fallback",
                "exactly-one",
            ),
        ];
        for (due, place, code) in cases {
            let document = with_task("submit", |task| task["due"] = due);
            assert_faults(document, &[(&format!("/tasks/submit{place}"), code)]);
        }
    }
}
