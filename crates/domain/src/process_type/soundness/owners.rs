//! Who does the work: owner rules, execution lists, separation, initiators (E9, X2–X4, X11, X14, X20).

use std::slice;

use super::{
    index::{Index, Moment},
    kinds::{not_before, unknown_field, unknown_task},
};
use crate::{
    fault::Faults,
    process_type::{
        definition::{Effect, EffectAction, OwnerRule, TaskTemplate},
        document::{OwnerRuleDocument, TaskDocument},
        parse,
    },
    role::RoleKind,
    value::FieldType,
};

/// Stands for every member among a type's initiators.
const ANYONE: &str = "anyone";

pub(super) fn check(index: &Index<'_>, faults: &mut Faults) {
    let definition = index.definition;
    for (place, role) in definition.initiators.iter().enumerate() {
        if role != ANYONE {
            role_known(index, role, format!("/initiators/{place}"), faults);
        }
    }
    for (place, rule) in definition.owner.iter().enumerate() {
        let at = format!("/owner/{place}");
        if *rule == OwnerRule::ProcessOwner {
            faults.add(
                format!("{at}/is"),
                "self-reference",
                "This says who the process's owner is: name a role, a person or the initiator.",
            );
        }
        self::rule(index, rule, Moment::Started, &at, faults);
    }
    for ((task, template), document) in index.tasks().zip(&index.document.tasks) {
        let at = format!("/tasks/{task}");
        rules(
            index,
            &template.owner,
            Moment::Opening(task),
            &format!("{at}/owner"),
            faults,
        );
        execution(index, template, &at, faults);
        separation(index, task, template, &at, faults);
        effects(
            index,
            &template.on_complete,
            Moment::Completing(task),
            &format!("{at}/on_complete"),
            faults,
        );
        reminders(index, task, document, &at, faults);
    }
    for (place, result) in definition.results.iter().enumerate() {
        let at = format!("/results/{place}/effects");
        effects(index, &result.effects, Moment::Ending, &at, faults);
    }
}

fn rules(index: &Index<'_>, list: &[OwnerRule], moment: Moment, at: &str, faults: &mut Faults) {
    for (place, owner) in list.iter().enumerate() {
        rule(index, owner, moment, &format!("{at}/{place}"), faults);
    }
}

fn rule(index: &Index<'_>, owner: &OwnerRule, moment: Moment, at: &str, faults: &mut Faults) {
    match owner {
        OwnerRule::Role(role) => role_known(index, role, format!("{at}/role"), faults),
        OwnerRule::User(user) => {
            if !index.context.users.contains(user) {
                faults.add(
                    format!("{at}/user"),
                    "unknown-user",
                    "The firm has no active user with this id: name another, or a role.",
                );
            }
        }
        OwnerRule::Field(key) => {
            let place = format!("{at}/field");
            match index.field(key) {
                None => unknown_field(key, place, faults),
                Some((_, field)) if field.field_type != FieldType::User => faults.add(
                    place,
                    "type-mismatch",
                    format!("`{key}` names no person: name a `user` field."),
                ),
                Some((home, _)) if !index.field_is_past(home, moment) => {
                    not_before("field", key, place, faults);
                }
                Some(_) => {}
            }
        }
        OwnerRule::ExecutorOf(key) => {
            let place = format!("{at}/executor_of");
            match index.task(key) {
                None => unknown_task(key, place, faults),
                Some((task, _)) if !index.task_is_past(task, moment) => {
                    not_before("task", key, place, faults);
                }
                Some(_) => {}
            }
        }
        OwnerRule::ProcessOwner | OwnerRule::Initiator | OwnerRule::Unassigned => {}
    }
}

fn role_known(index: &Index<'_>, role: &str, at: String, faults: &mut Faults) {
    if !index.context.roles.contains_key(role) {
        faults.add(
            at,
            "unknown-role",
            format!("The firm has no role `{role}`: make it, or name another."),
        );
    }
}

fn execution(index: &Index<'_>, template: &TaskTemplate, at: &str, faults: &mut Faults) {
    let lists = [
        (
            "servicing_team_roles",
            &template.execution.servicing_team_roles,
            RoleKind::ServicingTeam,
        ),
        (
            "business_roles",
            &template.execution.business_roles,
            RoleKind::Business,
        ),
        ("firm_roles", &template.execution.firm_roles, RoleKind::Firm),
    ];
    for (list, roles, kind) in lists {
        for (place, role) in roles.iter().enumerate() {
            let at = format!("{at}/execution/{list}/{place}");
            match index.context.roles.get(role) {
                Some(known) if *known == kind => {}
                Some(known) => faults.add(
                    at,
                    "wrong-role-kind",
                    format!(
                        "`{role}` is of another kind: list it under `{}`.",
                        list_of(*known)
                    ),
                ),
                None => role_known(index, role, at, faults),
            }
        }
    }
}

const fn list_of(kind: RoleKind) -> &'static str {
    match kind {
        RoleKind::ServicingTeam => "servicing_team_roles",
        RoleKind::Business => "business_roles",
        RoleKind::Firm => "firm_roles",
    }
}

fn separation(
    index: &Index<'_>,
    task: usize,
    template: &TaskTemplate,
    at: &str,
    faults: &mut Faults,
) {
    for (place, key) in template.separate_from.iter().enumerate() {
        let at = format!("{at}/separate_from/{place}");
        match index.task(key) {
            None => unknown_task(key, at, faults),
            Some((other, _)) if other == task => faults.add(
                at,
                "self-reference",
                "A task cannot be separated from itself: name the task whose executors may not do this one.",
            ),
            Some(_) => {}
        }
    }
}

fn effects(index: &Index<'_>, effects: &[Effect], moment: Moment, at: &str, faults: &mut Faults) {
    for (place, effect) in effects.iter().enumerate() {
        let at = format!("{at}/{place}");
        match &effect.action {
            EffectAction::CreateTask { owner, .. } => {
                rules(index, owner, moment, &format!("{at}/owner"), faults);
            }
            EffectAction::Notify { to, .. } => {
                rule(index, to, moment, &format!("{at}/to"), faults);
            }
            EffectAction::LogTouchpoint { .. }
            | EffectAction::SetAttribute { .. }
            | EffectAction::RequestAttribute { .. }
            | EffectAction::CreateEntity { .. }
            | EffectAction::FileDocument { .. }
            | EffectAction::StartProcess { .. }
            | EffectAction::ScheduleNext { .. } => {}
        }
    }
}

/// Those of E12, which the definition does not carry. What cannot be read has its fault already.
fn reminders(
    index: &Index<'_>,
    task: usize,
    document: &TaskDocument,
    at: &str,
    faults: &mut Faults,
) {
    let moment = Moment::Opening(task);
    let mut told = |rule: &OwnerRuleDocument, at: &str| {
        let read = parse::owner_rules(slice::from_ref(rule), at, &mut Faults::default());
        for rule in &read {
            self::rule(index, rule, moment, at, faults);
        }
    };
    for (place, reminder) in document.reminders.iter().enumerate() {
        if let Some(to) = &reminder.to {
            told(to, &format!("{at}/reminders/{place}/to"));
        }
    }
    if let Some(escalation) = &document.escalation {
        if let Some(to) = &escalation.to {
            told(to, &format!("{at}/escalation/to"));
        }
        for (place, rule) in escalation.new_owner.iter().enumerate() {
            told(rule, &format!("{at}/escalation/new_owner/{place}"));
        }
    }
}

#[cfg(test)]
mod tests {
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
}
