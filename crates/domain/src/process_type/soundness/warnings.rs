//! What does not stop publishing, but should be looked at.

use std::collections::BTreeSet;

use super::index::Index;
use crate::{
    fault::{Fault, Faults},
    process_type::{
        definition::{EffectAction, OwnerRule, TaskTemplate},
        document::TaskDocument,
    },
};

pub(super) fn of(index: &Index<'_>) -> Vec<Fault> {
    let mut warnings = Faults::default();
    for ((task, template), document) in index.tasks().zip(&index.document.tasks) {
        let at = format!("/tasks/{task}");
        if let Some(starts) = &template.starts {
            process_type(
                index,
                &starts.process_type,
                format!("{at}/starts/type"),
                &mut warnings,
            );
        }
        separated(index, template, &at, &mut warnings);
        execution(template, &at, &mut warnings);
        moments(template, document, &at, &mut warnings);
        undated(template, document, at, &mut warnings);
    }
    for (at, action) in actions(index) {
        match action {
            EffectAction::StartProcess {
                process_type: key, ..
            }
            | EffectAction::ScheduleNext {
                process_type: key, ..
            } => {
                process_type(index, key, format!("{at}/process_type"), &mut warnings);
            }
            EffectAction::LogTouchpoint { .. }
            | EffectAction::SetAttribute { .. }
            | EffectAction::RequestAttribute { .. }
            | EffectAction::CreateTask { .. }
            | EffectAction::CreateEntity { .. }
            | EffectAction::FileDocument { .. }
            | EffectAction::Notify { .. } => {}
        }
    }
    warnings.into_vec()
}

/// Every action of the type with the place of its effect.
fn actions<'a>(index: &Index<'a>) -> impl Iterator<Item = (String, &'a EffectAction)> {
    let of_tasks = index.tasks().flat_map(|(task, template)| {
        let effects = template.on_complete.iter().enumerate();
        effects.map(move |(place, effect)| {
            (format!("/tasks/{task}/on_complete/{place}"), &effect.action)
        })
    });
    let results = index.definition.results.iter().enumerate();
    let of_results = results.flat_map(|(result, it)| {
        let effects = it.effects.iter().enumerate();
        effects.map(move |(place, effect)| {
            (format!("/results/{result}/effects/{place}"), &effect.action)
        })
    });
    of_tasks.chain(of_results)
}

fn process_type(index: &Index<'_>, key: &str, at: String, warnings: &mut Faults) {
    if key != index.definition.key && !index.context.process_types.contains(key) {
        warnings.add(at, "missing-type", index.context.source.missing_type(key));
    }
}

fn separated(index: &Index<'_>, template: &TaskTemplate, at: &str, warnings: &mut Faults) {
    let Some(role) = single_role(template) else {
        return;
    };
    for (place, key) in template.separate_from.iter().enumerate() {
        let other = index.task(key).and_then(|(_, other)| single_role(other));
        if other == Some(role) {
            warnings.add(
                format!("{at}/separate_from/{place}"),
                "same-single-role",
                format!("Only `{role}` may do either, so two holders are always needed: let another role do one of them."),
            );
        }
    }
}

/// The one role whose holders may execute the task, where there is only one.
fn single_role(template: &TaskTemplate) -> Option<&str> {
    let mut roles = BTreeSet::new();
    for rule in &template.owner {
        match rule {
            OwnerRule::Role(role) => {
                roles.insert(role.as_str());
            }
            OwnerRule::User(_)
            | OwnerRule::Field(_)
            | OwnerRule::ExecutorOf(_)
            | OwnerRule::ProcessOwner
            | OwnerRule::Initiator
            | OwnerRule::Unassigned => return None,
        }
    }
    if template.execution.enabled {
        roles.extend(listed(template));
    }
    match roles.len() {
        1 => roles.first().copied(),
        _ => None,
    }
}

fn listed(template: &TaskTemplate) -> impl Iterator<Item = &str> {
    let execution = &template.execution;
    execution
        .servicing_team_roles
        .iter()
        .chain(&execution.business_roles)
        .chain(&execution.firm_roles)
        .map(String::as_str)
}

fn execution(template: &TaskTemplate, at: &str, warnings: &mut Faults) {
    if template.execution.enabled && listed(template).next().is_none() {
        warnings.add(
            format!("{at}/execution"),
            "empty-role-lists",
            "Advanced execution is on but lists no role, so only the owner may execute: list one, or turn it off.",
        );
    }
}

/// What could never come, unless somebody sets a date by hand, and what would be said twice (E12).
fn moments(template: &TaskTemplate, document: &TaskDocument, at: &str, warnings: &mut Faults) {
    let undated = |at: String, warnings: &mut Faults| {
        if document.due.is_none() {
            let key = &template.key;
            warnings.add(
                at,
                "without-due-date",
                format!("It counts from the due date, and `{key}` has no `due` rule: give it one."),
            );
        }
    };
    for (place, reminder) in template.reminders.iter().enumerate() {
        let at = format!("{at}/reminders/{place}");
        if template.reminders[..place].contains(reminder) {
            warnings.add(
                at.clone(),
                "same-reminder",
                "The same people are reminded at the same time already: leave it out.",
            );
        }
        undated(at, warnings);
    }
    if template.escalation.is_some() {
        undated(format!("{at}/escalation"), warnings);
    }
}

fn undated(template: &TaskTemplate, document: &TaskDocument, at: String, warnings: &mut Faults) {
    if document.due.is_none() {
        warnings.add(
            at,
            "no-due-date",
            format!(
                "`{}` is never due: give it a `due` rule if someone should be reminded.",
                template.key
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::process_type::soundness::sample::{assert_warnings, with, with_task};

    /// E20
    #[test]
    fn a_type_that_the_firm_lacks_is_pointed_out() {
        let start = json!({"type": "start_process", "process_type": "trade_requests"});
        let next = json!({
            "type": "schedule_next", "process_type": "new_account_opening",
            "at": {"amount": 1, "unit": "years", "from": "process_start"},
        });
        assert_warnings(
            with(|it| {
                it["tasks"][15]["starts"]["type"] = json!("nope");
                it["tasks"][18]["on_complete"] = json!([start, next]);
                it["results"][0]["effects"] = json!([start]);
            }),
            &[
                ("/tasks/15/starts/type", "missing-type"),
                ("/tasks/18/on_complete/0/process_type", "missing-type"),
                ("/results/0/effects/0/process_type", "missing-type"),
            ],
        );
    }

    /// E20, X11
    #[test]
    fn separated_tasks_of_one_role_are_pointed_out() {
        let alone = |role: &str, business: &[&str]| {
            with(|it| {
                it["tasks"][6]["owner"] = json!([{"role": "trader"}]);
                it["tasks"][6]["execution"] =
                    json!({"enabled": true, "servicing_team_roles": ["trader"]});
                it["tasks"][9]["owner"] = json!([{"role": role}]);
                it["tasks"][9]["execution"] =
                    json!({"enabled": !business.is_empty(), "business_roles": business});
            })
        };
        assert_warnings(
            alone("trader", &[]),
            &[("/tasks/approval/separate_from/0", "same-single-role")],
        );
        assert_warnings(alone("trader", &["partner"]), &[]);
        assert_warnings(alone("compliance_officer", &[]), &[]);
    }

    /// E20, X4
    #[test]
    fn execution_without_a_role_is_pointed_out() {
        assert_warnings(
            with_task("welcome", |task| {
                task["execution"] = json!({"enabled": true});
            }),
            &[("/tasks/welcome/execution", "empty-role-lists")],
        );
        assert_warnings(
            with_task("welcome", |task| {
                task["execution"] = json!({"enabled": false});
            }),
            &[],
        );
    }

    /// E20
    #[test]
    fn a_task_that_is_never_due_is_pointed_out() {
        assert_warnings(
            with_task("welcome", |task| {
                task.as_object_mut().unwrap().remove("due");
            }),
            &[("/tasks/welcome", "no-due-date")],
        );
    }

    /// E20, E12
    #[test]
    fn reminders_that_never_come_or_come_twice_are_pointed_out() {
        let reminder = json!({"amount": -1, "unit": "business_days", "to": {"role": "trader"}});
        let plan = |dated: bool| {
            with_task("welcome", |task| {
                task["reminders"] =
                    json!([reminder, {"amount": -1, "unit": "business_days"}, reminder]);
                task["escalation"] = json!({"amount": 1, "unit": "business_days"});
                if !dated {
                    task.as_object_mut().unwrap().remove("due");
                }
            })
        };
        assert_warnings(
            plan(true),
            &[("/tasks/welcome/reminders/2", "same-reminder")],
        );
        assert_warnings(
            plan(false),
            &[
                ("/tasks/welcome/reminders/0", "without-due-date"),
                ("/tasks/welcome/reminders/1", "without-due-date"),
                ("/tasks/welcome/reminders/2", "same-reminder"),
                ("/tasks/welcome/reminders/2", "without-due-date"),
                ("/tasks/welcome/escalation", "without-due-date"),
                ("/tasks/welcome", "no-due-date"),
            ],
        );
    }
}
