//! What each kind of task needs and takes, what it runs over, and what it starts.

use super::index::{Index, Moment};
use crate::{
    fault::{Faults, segment},
    process_type::{
        definition::{Over, Starts, TaskKind, TaskTemplate},
        document::TaskDocument,
    },
    value::FieldType,
};

pub(super) fn check(index: &Index<'_>, faults: &mut Faults) {
    for ((task, template), document) in index.tasks().zip(&index.document.tasks) {
        let at = format!("/tasks/{task}");
        members(template, document, &at, faults);
        if let Some(over) = &template.over {
            self::over(index, over, task, &format!("{at}/over"), faults);
        }
        if let Some(starts) = &template.starts {
            self::starts(
                index,
                starts,
                template,
                task,
                &format!("{at}/starts"),
                faults,
            );
        }
    }
}

/// Presence is asked of the document: a part that could not be read is not missing.
fn members(template: &TaskTemplate, document: &TaskDocument, at: &str, faults: &mut Faults) {
    let mut needs = |member: &str, missing: bool, advice: &str| {
        if missing {
            let detail = format!("`{member}` is missing: {advice}.");
            faults.add(format!("{at}/{member}"), "missing-member", detail);
        }
    };
    match template.kind {
        TaskKind::Approval | TaskKind::Decision => needs(
            "outcomes",
            document.outcomes.is_empty(),
            "an approval or decision is made by choosing an outcome",
        ),
        TaskKind::Wait => needs(
            "waiting_on",
            document.waiting_on.is_none(),
            "say which outside party acts",
        ),
        TaskKind::FanOut => needs("over", document.over.is_none(), "say what it runs over"),
        TaskKind::Subprocess => {
            needs(
                "starts",
                document.starts.is_none(),
                "say which process it starts",
            );
        }
        TaskKind::Task => {}
    }
    let waits = template.kind == TaskKind::Wait;
    let fans_out = template.kind == TaskKind::FanOut;
    let sub = template.kind == TaskKind::Subprocess;
    // Each child of a fan-out that starts processes is a subprocess.
    let unattended = sub || (fans_out && document.starts.is_some());
    let stray = [
        (
            "waiting_on",
            document.waiting_on.is_some() && !waits,
            "only a `wait` has it",
        ),
        (
            "over",
            document.over.is_some() && !fans_out,
            "only a `fan_out` has it",
        ),
        (
            "starts",
            document.starts.is_some() && !fans_out && !sub,
            "only a `subprocess` or `fan_out` has it",
        ),
        (
            "form",
            unattended && !document.form.is_empty(),
            "nobody fills in a subprocess; put the form on a task beside it",
        ),
        (
            "checklist",
            unattended && !document.checklist.is_empty(),
            "nobody ticks off a subprocess; put the checklist on a task beside it",
        ),
    ];
    for (member, _, advice) in stray.into_iter().filter(|(_, is_stray, _)| *is_stray) {
        faults.add(
            format!("{at}/{member}"),
            "unexpected-member",
            format!("`{member}` has no place here: {advice}."),
        );
    }
}

fn over(index: &Index<'_>, over: &Over, task: usize, at: &str, faults: &mut Faults) {
    match over {
        Over::Field(key) => {
            let place = format!("{at}/field");
            let Some((home, field)) = index.field(key) else {
                unknown_field(key, place, faults);
                return;
            };
            let named = matches!(
                field.field_type,
                FieldType::Entity | FieldType::User | FieldType::Choice
            );
            if !named || !field.multiple {
                faults.add(
                    place,
                    "type-mismatch",
                    format!("`{key}` lists no items: name an `entity`, `user` or `choice` field with `multiple`."),
                );
            } else if !index.field_is_past(home, Moment::Opening(task)) {
                not_before("field", key, place, faults);
            }
        }
        Over::Related(kind) => {
            super::subject::known_kind(index, kind, format!("{at}/related"), faults);
        }
        Over::Segment(key) => faults.add(
            format!("{at}/segment"),
            "unknown-segment",
            format!("There is no segment `{key}`, nor any other yet: run over a field or over related records."),
        ),
    }
}

fn starts(
    index: &Index<'_>,
    starts: &Starts,
    template: &TaskTemplate,
    task: usize,
    at: &str,
    faults: &mut Faults,
) {
    let moment = Moment::Opening(task);
    super::effects::record(index, &starts.of, moment, at, faults);
    for (theirs, operand) in &starts.fields {
        let place = format!("{at}/fields/{}", segment(theirs));
        super::effects::operand_known(index, operand, moment, &place, faults);
    }
    for (theirs, ours) in &starts.related {
        related_known(
            index,
            ours,
            format!("{at}/related/{}", segment(theirs)),
            faults,
        );
    }
    if starts.results.is_empty() && !template.outcomes.is_empty() {
        faults.add(
            format!("{at}/results"),
            "missing-member",
            "`results` is missing: say which outcome each result of the started process gives.",
        );
    }
    for (result, outcome) in &starts.results {
        if template.outcome(outcome).is_none() {
            faults.add(
                format!("{at}/results/{}", segment(result)),
                "unknown-outcome",
                format!("The task has no outcome `{outcome}`: name one of its own."),
            );
        }
    }
}

pub(super) fn related_known(index: &Index<'_>, key: &str, at: String, faults: &mut Faults) {
    if index.related(key).is_none() {
        faults.add(
            at,
            "unknown-related",
            format!("There is no related record `{key}`: name a key of `related`."),
        );
    }
}

pub(super) fn unknown_field(key: &str, at: String, faults: &mut Faults) {
    faults.add(
        at,
        "unknown-field",
        format!("There is no field `{key}`: name one of the start form or of a task's form."),
    );
}

pub(super) fn unknown_task(key: &str, at: String, faults: &mut Faults) {
    faults.add(
        at,
        "unknown-task",
        format!("There is no task `{key}`: name one of this process type."),
    );
}

pub(super) fn not_before(what: &str, key: &str, at: String, faults: &mut Faults) {
    faults.add(
        at,
        "not-before",
        format!(
            "The {what} `{key}` is never past by then: name one that comes before, or add an edge."
        ),
    );
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::process_type::soundness::sample::{assert_faults, with_task};

    fn without(task: &str, member: &str) -> Value {
        with_task(task, |it| {
            it.as_object_mut().unwrap().remove(member).unwrap();
        })
    }

    /// E20
    #[test]
    fn each_kind_of_task_has_what_it_needs() {
        assert_faults(
            without("signatures", "waiting_on"),
            &[("/tasks/signatures/waiting_on", "missing-member")],
        );
        assert_faults(
            without("funding_transfer", "starts"),
            &[("/tasks/funding_transfer/starts", "missing-member")],
        );
        for kind in ["approval", "decision"] {
            assert_faults(
                with_task("welcome", |task| task["kind"] = json!(kind)),
                &[("/tasks/welcome/outcomes", "missing-member")],
            );
        }
        assert_faults(
            with_task("welcome", |task| task["kind"] = json!("fan_out")),
            &[("/tasks/welcome/over", "missing-member")],
        );
    }

    /// E20
    #[test]
    fn each_kind_of_task_has_nothing_of_another() {
        assert_faults(
            with_task("welcome", |task| {
                task["waiting_on"] = json!("client");
                task["over"] = json!({"related": "account"});
                task["starts"] = json!({"type": "money_movement_in"});
            }),
            &[
                ("/tasks/welcome/waiting_on", "unexpected-member"),
                ("/tasks/welcome/over", "unexpected-member"),
                ("/tasks/welcome/starts", "unexpected-member"),
            ],
        );
    }

    /// E25
    #[test]
    fn a_subprocess_has_no_form_and_no_checklist() {
        assert_faults(
            with_task("funding_transfer", |task| {
                task["form"] = json!([{"key": "extra", "label": "Extra", "type": "text"}]);
                task["checklist"] = json!([{"key": "extra", "text": "Extra"}]);
            }),
            &[
                ("/tasks/funding_transfer/form", "unexpected-member"),
                ("/tasks/funding_transfer/checklist", "unexpected-member"),
            ],
        );
    }

    /// E25
    #[test]
    fn a_subprocess_hands_over_what_is_there_and_takes_back_what_it_knows() {
        assert_faults(
            with_task("funding_transfer", |task| {
                let starts = &mut task["starts"];
                starts["results"]["rejected"] = json!("nope");
                starts["fields"]["receiving_account"] = json!({"field": "nope"});
                starts["fields"]["expected_amount"] = json!({"field": "first_trade_date"});
                starts["related"] = json!({"a/b": "nope"});
                starts["of"] = json!("owners");
            }),
            &[
                (
                    "/tasks/funding_transfer/starts/results/rejected",
                    "unknown-outcome",
                ),
                (
                    "/tasks/funding_transfer/starts/fields/receiving_account/field",
                    "unknown-field",
                ),
                (
                    "/tasks/funding_transfer/starts/fields/expected_amount/field",
                    "not-before",
                ),
                (
                    "/tasks/funding_transfer/starts/related/a~1b",
                    "unknown-related",
                ),
                ("/tasks/funding_transfer/starts/of", "type-mismatch"),
            ],
        );
        assert_faults(
            with_task("funding_transfer", |task| {
                task["starts"]["results"] = json!({});
            }),
            &[("/tasks/funding_transfer/starts/results", "missing-member")],
        );
    }

    /// E24
    #[test]
    fn a_fan_out_runs_over_records() {
        for (over, place, code) in [
            (json!({"field": "nope"}), "field", "unknown-field"),
            (json!({"field": "owners"}), "field", "type-mismatch"),
            (json!({"related": "spaceship"}), "related", "unknown-kind"),
            (json!({"field": "guests"}), "field", "not-before"),
        ] {
            assert_faults(
                with_task("welcome", |task| {
                    task["kind"] = json!("fan_out");
                    task["over"] = over;
                    let guests = json!({"key": "guests", "label": "Guests", "type": "user", "multiple": true});
                    task["form"].as_array_mut().unwrap().push(guests);
                }),
                &[(&format!("/tasks/welcome/over/{place}"), code)],
            );
        }
    }
}
