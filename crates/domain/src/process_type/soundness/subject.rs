//! What a process is run for: kinds and statuses, related records, policies, the schedule's date.

use super::{
    dues,
    index::{Index, Moment},
    shape::Base,
};
use crate::{
    entity::statuses_of,
    fault::Faults,
    schedule::{ANY_DAY, When},
};

pub(super) fn check(index: &Index<'_>, faults: &mut Faults) {
    let subject = &index.definition.subject;
    if subject.kinds.is_empty() {
        faults.add(
            "/subject/kinds",
            "missing-member",
            "Name at least one kind of entity that it is run for.",
        );
    }
    for (place, kind) in subject.kinds.iter().enumerate() {
        known_kind(index, kind, format!("/subject/kinds/{place}"), faults);
    }
    for (place, status) in subject.statuses.iter().enumerate() {
        let mut kinds = index.subject_kinds.iter();
        if !kinds.any(|kind| statuses_of(kind).contains(&status.as_str())) {
            faults.add(
                format!("/subject/statuses/{place}"),
                "unknown-status",
                format!("No kind of the subject has the status `{status}`: name one that it has."),
            );
        }
    }
    for (place, related) in index.definition.related.iter().enumerate() {
        known_kind(
            index,
            &related.kind,
            format!("/related/{place}/kind"),
            faults,
        );
    }
    for (place, policy) in index.definition.policies.iter().enumerate() {
        if let Err(wanted) = policy.takes(&policy.default) {
            faults.add(
                format!("/policies/{place}/default"),
                "type-mismatch",
                format!("The default must be {wanted}."),
            );
        }
    }
    schedule(index, faults);
}

fn schedule(index: &Index<'_>, faults: &mut Faults) {
    let Some(schedule) = &index.document.schedule else {
        return;
    };
    if let Some(key) = &schedule.attribute {
        date_attribute(index, key, "/schedule/attribute".to_owned(), faults);
    }
    // What cannot be parsed has been told of already.
    let Ok(timing) = schedule.timing().parse("/schedule", ANY_DAY) else {
        return;
    };
    match &timing.when {
        When::Counted { rule, .. } if schedule.at.is_some() => {
            dues::rule(index, rule, Moment::Ending, "/schedule/at", faults);
        }
        When::Rule { rule, .. } => {
            let over = |today| rule.names_day_from(ANY_DAY) && !rule.names_day_from(today);
            if index.context.today.is_some_and(over) {
                faults.add(
                    "/schedule/rule",
                    "no-next-date",
                    "This cadence is over, so that nothing would ever start by it: give `UNTIL` a later day, or leave it out.",
                );
            }
        }
        When::Counted { .. } | When::Once(_) => {}
    }
}

/// An attribute of the subject that must be a date.
pub(super) fn date_attribute(index: &Index<'_>, key: &str, at: String, faults: &mut Faults) {
    let shapes = index.attribute(key, &index.subject_kinds);
    if shapes.is_empty() {
        unknown_attribute(key, at, faults);
    } else if shapes.iter().any(|shape| shape.base != Base::Date) {
        faults.add(
            at,
            "type-mismatch",
            format!("`{key}` is no date: name a date attribute."),
        );
    }
}

pub(super) fn unknown_attribute(key: &str, at: String, faults: &mut Faults) {
    faults.add(
        at,
        "unknown-attribute",
        format!(
            "Those records have no attribute `{key}`: define it for their kind, or name another."
        ),
    );
}

pub(super) fn known_kind(index: &Index<'_>, kind: &str, at: String, faults: &mut Faults) {
    if !index.knows_kind(kind) {
        faults.add(at, "unknown-kind", index.context.source.unknown_kind(kind));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::process_type::soundness::{
        CheckContext, check,
        sample::{assert_faults, context, with},
    };

    /// E16
    #[test]
    fn kinds_and_statuses_are_known() {
        assert_faults(
            with(|it| it["subject"]["kinds"] = json!(["client", "spaceship"])),
            &[
                ("/subject/kinds/1", "unknown-kind"),
                // A spaceship has no such attributes either.
                ("/tasks/profile/form/2/attribute", "unknown-attribute"),
                ("/tasks/disclosures/form/0/attribute", "unknown-attribute"),
            ],
        );
        assert_faults(
            with(|it| it["subject"]["statuses"] = json!(["prospect", "open"])),
            &[("/subject/statuses/1", "unknown-status")],
        );
        let nowhere = json!({"key": "ship", "kind": "spaceship"});
        assert_faults(
            with(|it| it["related"].as_array_mut().unwrap().push(nowhere)),
            &[("/related/1/kind", "unknown-kind")],
        );
    }

    /// E16
    #[test]
    fn a_process_is_run_for_something() {
        assert_faults(
            with(|it| {
                it["subject"]["kinds"] = json!([]);
                it["tasks"][1]["form"][2]
                    .as_object_mut()
                    .unwrap()
                    .remove("attribute");
                it["tasks"][4]["form"][0]
                    .as_object_mut()
                    .unwrap()
                    .remove("attribute");
            }),
            &[("/subject/kinds", "missing-member")],
        );
    }

    #[test]
    fn a_policy_s_default_is_of_its_type() {
        let wrong = [
            ("number", json!("1")),
            ("money", json!(50000)),
            ("money", json!({"amount": "many", "currency": "USD"})),
            ("date", json!("2026-02-30")),
            ("boolean", json!("yes")),
        ];
        for (kind, default) in wrong {
            assert_faults(
                with(|it| it["policies"] = json!([{"key": "p", "type": kind, "default": default}])),
                &[("/policies/0/default", "type-mismatch")],
            );
        }
    }

    /// E18
    #[test]
    fn a_schedule_counts_from_a_date() {
        for (attribute, code) in [("nope", "unknown-attribute"), ("tier", "type-mismatch")] {
            assert_faults(
                with(|it| it["schedule"] = json!({"attribute": attribute})),
                &[("/schedule/attribute", code)],
            );
        }
        assert_faults(
            with(|it| {
                it["schedule"] = json!({"attribute": "adv_delivered_date", "offset_days": -30});
            }),
            &[],
        );
    }

    /// E18, E11
    #[test]
    fn a_proposed_cadence_counts_from_what_there_is() {
        let at = |attribute: &str, tier: &str| {
            json!({
                "amount_by": {"attribute": tier, "map": {"A": 1, "B": 3}},
                "unit": "months", "from": "attribute", "key": attribute,
            })
        };
        for (at, faults) in [
            (at("adv_delivered_date", "tier"), vec![]),
            (
                at("nope", "tier"),
                vec![("/schedule/at/key", "unknown-attribute")],
            ),
            (
                at("adv_delivered_date", "nope"),
                vec![("/schedule/at/amount_by/attribute", "unknown-attribute")],
            ),
            (
                json!({"amount": 1, "unit": "hours", "from": "quarter_end"}),
                vec![("/schedule/at/unit", "time-of-day")],
            ),
            (
                json!({"amount": 1, "unit": "days", "from": "opened"}),
                vec![("/schedule/at/from", "no-process-yet")],
            ),
        ] {
            assert_faults(with(|it| it["schedule"] = json!({"at": at})), &faults);
        }
    }

    /// E18
    #[test]
    fn a_proposed_rule_names_a_day() {
        for (rule, code) in [
            ("FREQ=HOURLY", "bad-frequency"),
            ("whenever", "bad-rule"),
            ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "no-next-date"),
        ] {
            let document = with(|it| it["schedule"] = json!({"rule": rule}));
            assert_faults(document, &[("/schedule/rule", code)]);
        }
    }

    /// E18, E20: a day that is still to come, where the day is known from which it counts.
    #[test]
    fn a_proposed_rule_is_not_over() {
        let ending = with(|it| it["schedule"] = json!({"rule": "FREQ=MONTHLY;UNTIL=20300615"}));
        let faults_on = |day: Option<&str>| {
            let context = CheckContext {
                today: day.map(|day| day.parse().unwrap()),
                ..context()
            };
            let report = check(&serde_json::from_value(ending.clone()).unwrap(), &context);
            report
                .faults
                .into_iter()
                .map(|it| (it.pointer, it.code))
                .collect::<Vec<_>>()
        };
        assert_eq!(faults_on(None), []);
        assert_eq!(faults_on(Some("2030-06-15")), []);
        let over = ("/schedule/rule".to_owned(), "no-next-date".to_owned());
        assert_eq!(faults_on(Some("2030-06-16")), [over]);
        let monthly = json!({"rule": "FREQ=MONTHLY;BYMONTHDAY=1", "closed_days": "after"});
        assert_faults(with(|it| it["schedule"] = monthly), &[]);
    }
}
