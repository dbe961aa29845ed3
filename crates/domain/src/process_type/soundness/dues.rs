//! Due rules: what they count from can have happened, and is a date (E11).

use super::{
    index::{Index, Moment},
    kinds::{unknown_field, unknown_task},
    shape::Base,
    subject::{date_attribute, unknown_attribute},
};
use crate::{
    fault::{Faults, segment},
    process_type::definition::{DueAmount, DueBase, DueRule, Effect, EffectAction},
    value::FieldType,
};

pub(super) fn check(index: &Index<'_>, faults: &mut Faults) {
    for (task, template) in index.tasks() {
        if let Some(due) = &template.due {
            rule(
                index,
                due,
                Moment::Opening(task),
                &format!("/tasks/{task}/due"),
                faults,
            );
        }
        let at = format!("/tasks/{task}/on_complete");
        effects(
            index,
            &template.on_complete,
            Moment::Completing(task),
            &at,
            faults,
        );
    }
    for (place, result) in index.definition.results.iter().enumerate() {
        let at = format!("/results/{place}/effects");
        effects(index, &result.effects, Moment::Ending, &at, faults);
    }
}

fn effects(index: &Index<'_>, effects: &[Effect], moment: Moment, at: &str, faults: &mut Faults) {
    for (place, effect) in effects.iter().enumerate() {
        match &effect.action {
            EffectAction::CreateTask { due: Some(due), .. } => {
                rule(index, due, moment, &format!("{at}/{place}/due"), faults);
            }
            EffectAction::ScheduleNext { at: next, .. } => {
                rule(index, next, moment, &format!("{at}/{place}/at"), faults);
            }
            EffectAction::CreateTask { due: None, .. }
            | EffectAction::LogTouchpoint { .. }
            | EffectAction::SetAttribute { .. }
            | EffectAction::RequestAttribute { .. }
            | EffectAction::CreateEntity { .. }
            | EffectAction::FileDocument { .. }
            | EffectAction::Notify { .. }
            | EffectAction::StartProcess { .. } => {}
        }
    }
}

pub(super) fn rule(
    index: &Index<'_>,
    due: &DueRule,
    moment: Moment,
    at: &str,
    faults: &mut Faults,
) {
    amount(index, &due.amount, at, faults);
    base(index, &due.from, moment, format!("{at}/key"), faults);
    if let Some(fallback) = &due.fallback {
        rule(index, fallback, moment, &format!("{at}/fallback"), faults);
    }
}

fn amount(index: &Index<'_>, amount: &DueAmount, at: &str, faults: &mut Faults) {
    let DueAmount::By { attribute, map } = amount else {
        return;
    };
    let shapes = index.attribute(attribute, &index.subject_kinds);
    let place = format!("{at}/amount_by/attribute");
    if shapes.is_empty() {
        unknown_attribute(attribute, place, faults);
        return;
    }
    if shapes
        .iter()
        .any(|shape| shape.base != Base::Choice || shape.several)
    {
        faults.add(
            place,
            "type-mismatch",
            format!("`{attribute}` is no single choice: name a choice attribute."),
        );
        return;
    }
    for option in map.keys() {
        let known = shapes.iter().any(|shape| {
            shape
                .options
                .as_deref()
                .unwrap_or_default()
                .contains(option)
        });
        if !known {
            faults.add(
                format!("{at}/amount_by/map/{}", segment(option)),
                "unknown-option",
                format!("`{attribute}` has no option `{option}`: name one that it has."),
            );
        }
    }
}

fn base(index: &Index<'_>, base: &DueBase, moment: Moment, at: String, faults: &mut Faults) {
    match base {
        DueBase::Task(key) => match index.task(key) {
            None => unknown_task(key, at, faults),
            Some((task, _)) if !index.may_have_happened(task, moment) => {
                never_happened(&format!("the completion of `{key}`"), at, faults);
            }
            Some(_) => {}
        },
        DueBase::Field(key) => {
            let Some((home, field)) = index.field(key) else {
                unknown_field(key, at, faults);
                return;
            };
            let dated = matches!(field.field_type, FieldType::Date | FieldType::Datetime);
            if !dated || field.multiple {
                faults.add(
                    at,
                    "type-mismatch",
                    format!("`{key}` is no single date: name a `date` or `datetime` field."),
                );
            } else if home
                .task
                .is_some_and(|task| !index.may_have_happened(task, moment))
            {
                never_happened(&format!("the answer to `{key}`"), at, faults);
            }
        }
        DueBase::Attribute(key) => date_attribute(index, key, at, faults),
        DueBase::ProcessStart
        | DueBase::Opened
        | DueBase::QuarterEnd
        | DueBase::FiscalYearStart
        | DueBase::FiscalYearEnd => {}
    }
}

fn never_happened(what: &str, at: String, faults: &mut Faults) {
    faults.add(
        at,
        "base-never-happens",
        format!("It counts from {what}, which can never have happened by then: count from something earlier."),
    );
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::process_type::soundness::sample::{assert_faults, with, with_task};

    fn counted(from: &str, key: &str) -> Value {
        json!({"amount": 1, "unit": "days", "from": from, "key": key})
    }

    /// E11
    #[test]
    fn a_base_can_have_happened() {
        let cases = [
            ("task", "nope", "unknown-task"),
            ("task", "approval", "base-never-happens"),
            ("task", "submit", "base-never-happens"),
            ("field", "nope", "unknown-field"),
            ("field", "owners", "type-mismatch"),
            ("field", "first_trade_date", "base-never-happens"),
            ("attribute", "nope", "unknown-attribute"),
            ("attribute", "tier", "type-mismatch"),
        ];
        for (from, key, code) in cases {
            let document = with_task("approval", |task| task["due"] = counted(from, key));
            assert_faults(document, &[("/tasks/approval/due/key", code)]);
        }
        for (from, key) in [
            ("task", "forms"),
            ("field", "package_signed_on"),
            ("attribute", "adv_delivered_date"),
        ] {
            assert_faults(
                with_task("approval", |task| task["due"] = counted(from, key)),
                &[],
            );
        }
    }

    /// E11
    #[test]
    fn what_happens_beside_may_date_a_task_but_not_what_excludes_it() {
        assert_faults(
            with_task("systems", |task| task["due"] = counted("task", "features")),
            &[],
        );
        assert_faults(
            with(|it| {
                it["results"] = json!([]);
                it["tasks"] = json!([
                    {"key": "a", "kind": "decision", "title": "A", "outcomes": [
                        {"key": "yes", "label": "Yes"}, {"key": "no", "label": "No"},
                    ]},
                    {"key": "b", "title": "B", "after": [{"task": "a", "outcome": "yes"}]},
                    {"key": "c", "title": "C", "after": [{"task": "a", "outcome": "no"}], "due": counted("task", "b")},
                ]);
            }),
            &[("/tasks/c/due/key", "base-never-happens")],
        );
    }

    /// E11
    #[test]
    fn a_fallback_is_checked_like_the_rule() {
        assert_faults(
            with_task("approval", |task| {
                task["due"]["fallback"] = json!({
                    "amount": 1, "unit": "days", "from": "process_start", "fallback": counted("task", "nope"),
                });
            }),
            &[("/tasks/approval/due/fallback/fallback/key", "unknown-task")],
        );
    }

    /// E11
    #[test]
    fn an_amount_is_chosen_by_a_choice() {
        let by = |attribute: &str, option: &str| {
            with_task("approval", |task| {
                task["due"] = json!({
                    "amount_by": {"attribute": attribute, "map": {option: 1}}, "unit": "days", "from": "opened",
                });
            })
        };
        assert_faults(by("tier", "A"), &[]);
        for (attribute, option, place, code) in [
            ("tier", "C/D", "map/C~1D", "unknown-option"),
            ("nope", "A", "attribute", "unknown-attribute"),
            ("trusted_contact", "A", "attribute", "type-mismatch"),
        ] {
            let at = format!("/tasks/approval/due/amount_by/{place}");
            assert_faults(by(attribute, option), &[(&at, code)]);
        }
    }

    /// E13
    #[test]
    fn follow_ups_and_next_runs_are_dated_alike() {
        let effects = |from: &str, key: &str| {
            json!([
                {"type": "create_task", "title": "Call", "due": counted(from, key)},
                {"type": "schedule_next", "process_type": "money_movement_in", "at": counted(from, key)},
            ])
        };
        assert_faults(
            with_task("approval", |task| {
                task["on_complete"] = effects("task", "submit");
            }),
            &[
                (
                    "/tasks/approval/on_complete/0/due/key",
                    "base-never-happens",
                ),
                ("/tasks/approval/on_complete/1/at/key", "base-never-happens"),
            ],
        );
        assert_faults(
            with_task("approval", |task| {
                task["on_complete"] = effects("task", "approval");
            }),
            &[],
        );
        assert_faults(
            with(|it| it["results"][0]["effects"] = effects("field", "owners")),
            &[
                ("/results/0/effects/0/due/key", "type-mismatch"),
                ("/results/0/effects/1/at/key", "type-mismatch"),
            ],
        );
    }
}
