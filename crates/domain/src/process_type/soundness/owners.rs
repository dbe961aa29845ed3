//! Who does the work: owner rules, execution lists, separation, initiators (E9, X2–X4, X11, X14, X20).

use super::{
    index::{Index, Moment},
    kinds::{not_before, unknown_field, unknown_task},
};
use crate::{
    fault::Faults,
    process_type::{
        definition::{Effect, EffectAction, OwnerRule, TaskTemplate},
        document::{OwnerIs, TaskDocument},
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
    for (task, template) in index.tasks() {
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
        moments(index, task, template, &at, faults);
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
                    index.context.source.unknown_user(),
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
        faults.add(at, "unknown-role", index.context.source.unknown_role(role));
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

/// A message has somebody to read it. Asked of the document: a rule that could not be read names nobody either.
fn nobody(document: &TaskDocument, at: &str, faults: &mut Faults) {
    let reminders = document.reminders.iter().enumerate();
    let told = reminders
        .map(|(place, reminder)| (format!("{at}/reminders/{place}/to/is"), &reminder.to))
        .chain(
            document
                .escalation
                .iter()
                .map(|escalation| (format!("{at}/escalation/to/is"), &escalation.to)),
        );
    for (at, to) in told {
        if to.as_ref().and_then(|to| to.is) == Some(OwnerIs::Unassigned) {
            faults.add(
                at,
                "names-nobody",
                "Nobody would be told: name a role or a person, or leave it out.",
            );
        }
    }
}

/// Who is told of a due date, and who gets the task after it (E12).
fn moments(index: &Index<'_>, task: usize, template: &TaskTemplate, at: &str, faults: &mut Faults) {
    let moment = Moment::Opening(task);
    nobody(&index.document.tasks[task], at, faults);
    for (place, reminder) in template.reminders.iter().enumerate() {
        if let Some(to) = &reminder.to {
            rule(
                index,
                to,
                moment,
                &format!("{at}/reminders/{place}/to"),
                faults,
            );
        }
    }
    if let Some(escalation) = &template.escalation {
        let at = format!("{at}/escalation");
        if let Some(to) = &escalation.to {
            rule(index, to, moment, &format!("{at}/to"), faults);
        }
        let new_owner = format!("{at}/new_owner");
        rules(index, &escalation.new_owner, moment, &new_owner, faults);
    }
}

#[cfg(test)]
mod tests;
