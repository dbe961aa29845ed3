//! Each fault of these checks, on the sample changed in one place.

use serde_json::{Value, json};

use crate::process_type::soundness::sample::{assert_faults, with, with_task};

const STRANGER: &str = "00000000-0000-7000-8000-000000000002";

fn owned_by(rule: Value) -> Value {
    with_task("approval", |task| task["owner"] = Value::Array(vec![rule]))
}

/// E9
#[test]
fn an_owner_rule_finds_someone_known_by_then() {
    for (rule, member, code) in [
        (json!({"role": "nope"}), "role", "unknown-role"),
        (json!({"user": STRANGER}), "user", "unknown-user"),
        (json!({"field": "nope"}), "field", "unknown-field"),
        (json!({"field": "owners"}), "field", "type-mismatch"),
        (
            json!({"executor_of": "nope"}),
            "executor_of",
            "unknown-task",
        ),
        (
            json!({"executor_of": "approval"}),
            "executor_of",
            "not-before",
        ),
        (
            json!({"executor_of": "submit"}),
            "executor_of",
            "not-before",
        ),
    ] {
        assert_faults(
            owned_by(rule),
            &[(&format!("/tasks/approval/owner/0/{member}"), code)],
        );
    }
    for rule in [
        json!({"executor_of": "forms"}),
        json!({"user": "00000000-0000-7000-8000-000000000001"}),
        json!({"is": "process_owner"}),
    ] {
        assert_faults(owned_by(rule), &[]);
    }
}

/// E9
#[test]
fn a_person_is_named_before_the_task_opens() {
    let named_in = |task: usize| {
        with(|it| {
            let field = json!({"key": "approver", "label": "Approver", "type": "user"});
            it["tasks"][task]["form"]
                .as_array_mut()
                .unwrap()
                .push(field);
            it["tasks"][9]["owner"] = json!([{"field": "approver"}]);
        })
    };
    assert_faults(named_in(0), &[]);
    assert_faults(
        named_in(9),
        &[("/tasks/approval/owner/0/field", "not-before")],
    );
    assert_faults(
        named_in(10),
        &[("/tasks/approval/owner/0/field", "not-before")],
    );
}

/// E9
#[test]
fn the_process_s_owner_is_known_when_it_starts() {
    assert_faults(
        with(|it| it["owner"] = json!([{"is": "process_owner"}, {"executor_of": "intake"}])),
        &[
            ("/owner/0/is", "self-reference"),
            ("/owner/1/executor_of", "not-before"),
        ],
    );
}

/// X2, X3, X14
#[test]
fn execution_lists_hold_roles_of_their_kind() {
    assert_faults(
        with_task("approval", |task| {
            task["execution"]["servicing_team_roles"] = json!(["partner", "trader"]);
            task["execution"]["business_roles"] = json!(["nope"]);
            task["execution"]["firm_roles"] = json!(["trader"]);
        }),
        &[
            (
                "/tasks/approval/execution/servicing_team_roles/0",
                "wrong-role-kind",
            ),
            ("/tasks/approval/execution/business_roles/0", "unknown-role"),
            ("/tasks/approval/execution/firm_roles/0", "wrong-role-kind"),
        ],
    );
}

/// X4
#[test]
fn lists_are_checked_also_while_execution_is_off() {
    assert_faults(
        with_task("approval", |task| {
            task["execution"] = json!({"enabled": false, "firm_roles": ["nope"]});
        }),
        &[("/tasks/approval/execution/firm_roles/0", "unknown-role")],
    );
}

/// X11
#[test]
fn a_task_is_separated_from_another() {
    assert_faults(
        with_task("approval", |task| {
            task["separate_from"] = json!(["nope", "approval"]);
        }),
        &[
            ("/tasks/approval/separate_from/0", "unknown-task"),
            ("/tasks/approval/separate_from/1", "self-reference"),
        ],
    );
}

/// X20
#[test]
fn initiators_hold_a_role_or_are_anyone() {
    assert_faults(
        with(|it| it["initiators"] = json!(["anyone", "nope"])),
        &[("/initiators/1", "unknown-role")],
    );
}

/// E12, E13
#[test]
fn whoever_is_told_or_given_work_is_known() {
    let effects = json!([
        {"type": "notify", "to": {"role": "nope"}, "message": "Done"},
        {"type": "create_task", "title": "Call", "owner": [{"is": "initiator"}, {"executor_of": "nope"}]},
        {"type": "notify", "to": {"executor_of": "welcome"}, "message": "Thanks"},
    ]);
    assert_faults(
        with(|it| {
            it["tasks"][18]["on_complete"] = effects.clone();
            it["results"][1]["effects"] = effects;
            it["tasks"][0]["reminders"] =
                json!([{"amount": -1, "unit": "days", "to": {"role": "nope"}}]);
            it["tasks"][0]["escalation"] = json!({
                "amount": 1, "unit": "days", "to": {"executor_of": "intake"}, "new_owner": [{"user": STRANGER}],
            });
        }),
        &[
            ("/tasks/welcome/on_complete/0/to/role", "unknown-role"),
            (
                "/tasks/welcome/on_complete/1/owner/1/executor_of",
                "unknown-task",
            ),
            ("/results/1/effects/0/to/role", "unknown-role"),
            ("/results/1/effects/1/owner/1/executor_of", "unknown-task"),
            ("/tasks/0/reminders/0/to/role", "unknown-role"),
            ("/tasks/0/escalation/to/executor_of", "not-before"),
            ("/tasks/0/escalation/new_owner/0/user", "unknown-user"),
        ],
    );
}

/// E12
#[test]
fn a_message_to_nobody_is_none() {
    let nobody = json!({"amount": 1, "unit": "days", "to": {"is": "unassigned"}});
    assert_faults(
        with(|it| {
            it["tasks"][0]["reminders"] = json!([nobody]);
            it["tasks"][0]["escalation"] = nobody.clone();
        }),
        &[
            ("/tasks/0/reminders/0/to/is", "names-nobody"),
            ("/tasks/0/escalation/to/is", "names-nobody"),
        ],
    );
}
