//! Who owns a task when it opens (E9), and whose tasks have to be counted to say so.

use std::{cmp::Reverse, collections::BTreeSet};

use super::{engine::Engine, facts::texts, run::Run, world::Surroundings};
use crate::{
    entity::{Entity, Membership},
    ids::{EntityId, UserId},
    process_type::definition::{Definition, EffectAction, OwnerRule},
    role::{Role, RoleKind},
    task::{Task, TaskStatus},
    user::UserStatus,
};

impl Engine<'_> {
    /// The first rule's person who could own the task (or, without one, the process); none where no rule resolves,
    /// or where `unassigned` comes first (E9).
    pub(super) fn resolve_owner(
        &self,
        rules: &[OwnerRule],
        task_index: Option<usize>,
    ) -> Option<UserId> {
        match task_index.map(|index| &self.run.tasks[index]) {
            Some(task) => self.first_able(rules, task.entity_id, &preparers(&self.run, task)),
            None => self.first_able(rules, self.run.process.entity_id, &BTreeSet::new()),
        }
    }

    /// The person whom a rule names for a message about an entity; having prepared something is no hindrance.
    pub(super) fn resolve_recipient(&self, rule: &OwnerRule, about: EntityId) -> Option<UserId> {
        self.first_able(std::slice::from_ref(rule), about, &BTreeSet::new())
    }

    fn first_able(
        &self,
        rules: &[OwnerRule],
        entity_id: EntityId,
        refused: &BTreeSet<UserId>,
    ) -> Option<UserId> {
        for rule in rules {
            if *rule == OwnerRule::Unassigned {
                return None;
            }
            let able = self.candidates(rule, entity_id).into_iter().find(|user| {
                !refused.contains(user)
                    && is_active(self.world.around, *user)
                    && self.entity(entity_id).is_none_or(|entity| {
                        may_know(entity, &self.world.around.memberships, *user)
                    })
            });
            if able.is_some() {
                return able;
            }
        }
        None
    }

    /// Whom a rule names, the preferred first.
    fn candidates(&self, rule: &OwnerRule, entity_id: EntityId) -> Vec<UserId> {
        match rule {
            OwnerRule::Role(key) => self.holders_by_preference(key, entity_id),
            OwnerRule::User(user) => vec![*user],
            OwnerRule::Field(key) => self
                .field(key)
                .map(texts)
                .unwrap_or_default()
                .into_iter()
                .filter_map(|id| id.parse().ok())
                .collect(),
            OwnerRule::ExecutorOf(key) => self
                .run
                .task(key)
                .and_then(|task| task.completion.as_ref()?.by)
                .into_iter()
                .collect(),
            OwnerRule::ProcessOwner => self.run.process.owner_id.into_iter().collect(),
            OwnerRule::Initiator => self.run.process.initiator_id.into_iter().collect(),
            OwnerRule::Unassigned => Vec::new(),
        }
    }

    fn holders_by_preference(&self, key: &str, entity_id: EntityId) -> Vec<UserId> {
        let Some(role) = self.world.catalog.roles.iter().find(|role| role.key == key) else {
            return Vec::new();
        };
        let place = place_of(role, entity_id, self.firm_entity());
        let now_owned = self.run.owned();
        let mut holders: Vec<&Membership> = self
            .world
            .around
            .memberships
            .iter()
            .filter(|held| held.role_id == role.id && held.entity_id == place)
            .collect();
        holders.sort_by_key(|held| {
            let count = |counts: &std::collections::BTreeMap<UserId, u32>| {
                i64::from(counts.get(&held.user_id).copied().unwrap_or_default())
            };
            let open = count(&self.world.around.open_tasks) - count(&self.owned_before)
                + count(&now_owned);
            (
                Reverse(held.is_primary),
                open,
                held.created_at,
                held.user_id,
            )
        });
        holders.into_iter().map(|held| held.user_id).collect()
    }
}

/// Where a role is looked for: a firm role on the firm entity, any other on the entity that the work is for.
fn place_of(role: &Role, entity_id: EntityId, firm: EntityId) -> EntityId {
    match role.kind {
        RoleKind::Firm => firm,
        RoleKind::Business | RoleKind::ServicingTeam => entity_id,
    }
}

/// X13
fn is_active(around: &Surroundings, user: UserId) -> bool {
    around
        .people
        .get(&user)
        .is_some_and(|user| user.status == UserStatus::Active)
}

/// X18: a restricted entity's work is for those who are named on it; an employee's record is always restricted.
fn may_know(entity: &Entity, memberships: &[Membership], user: UserId) -> bool {
    !is_restricted(entity)
        || memberships
            .iter()
            .any(|held| held.entity_id == entity.id && held.user_id == user)
}

fn is_restricted(entity: &Entity) -> bool {
    entity.restricted || entity.kind == "employee"
}

/// Everyone whom segregation keeps from a task: who completed, or changed the form of, one of the tasks that it is
/// separate from, in any attempt (X11). A task that was skipped at its first attempt imposes nothing (E21).
#[must_use]
pub fn preparers(run: &Run, task: &Task) -> BTreeSet<UserId> {
    let mut people = BTreeSet::new();
    let sources = task.separate_from.iter().filter_map(|key| run.task(key));
    for source in sources {
        if source.status == TaskStatus::Skipped && source.attempts.is_empty() {
            continue;
        }
        people.extend(source.form_editors.iter().copied());
        let completions = source
            .attempts
            .iter()
            .filter_map(|attempt| attempt.completion.as_ref())
            .chain(source.completion.as_ref());
        for completion in completions {
            people.extend(completion.by);
            people.extend(completion.on_behalf_of);
        }
    }
    people
}

/// Whose open tasks must be counted before a command: the active holders of every role that an owner rule may still
/// have to choose among, because several hold it and no primary settles it. Empty for most runs, so that the caller
/// counts only when it matters.
#[must_use]
pub fn owners_to_count(
    definition: &Definition,
    run: &Run,
    roles: &[Role],
    around: &Surroundings,
) -> Vec<UserId> {
    let process_entity = run.process.entity_id;
    let rework = definition
        .tasks
        .iter()
        .flat_map(|template| &template.outcomes)
        .any(|outcome| outcome.reopens.is_some());
    let mut found = BTreeSet::new();
    let mut look = |rules: &[OwnerRule], entity_id: EntityId, separated: bool| {
        for rule in rules {
            if let OwnerRule::Role(key) = rule
                && let Some(role) = roles.iter().find(|role| role.key == *key)
            {
                found.extend(undecided(role, entity_id, separated, around));
            }
        }
    };
    for template in &definition.tasks {
        let task = run.task(&template.key);
        let entity_id = task.map_or(process_entity, |task| task.entity_id);
        // Rework may open any task again, those included whose branch was not taken before.
        if rework || task.is_none_or(|task| task.status == TaskStatus::Waiting) {
            look(
                &template.owner,
                entity_id,
                !template.separate_from.is_empty(),
            );
        }
        if rework || task.is_none_or(|task| !task.status.is_finished()) {
            for effect in &template.on_complete {
                if let EffectAction::Notify { to, .. } = &effect.action {
                    look(std::slice::from_ref(to), entity_id, false);
                }
            }
        }
    }
    for effect in definition.results.iter().flat_map(|result| &result.effects) {
        if let EffectAction::Notify { to, .. } = &effect.action {
            look(std::slice::from_ref(to), process_entity, false);
        }
    }
    if run.process.owner_id.is_none() {
        look(&definition.owner, process_entity, false);
    }
    found.into_iter().collect()
}

/// The active holders of a role, if it takes a count to choose among them.
fn undecided(
    role: &Role,
    entity_id: EntityId,
    separated: bool,
    around: &Surroundings,
) -> Vec<UserId> {
    let holders: Vec<&Membership> = around
        .memberships
        .iter()
        .filter(|held| {
            held.role_id == role.id
                && (role.kind == RoleKind::Firm || held.entity_id == entity_id)
                && is_active(around, held.user_id)
        })
        .collect();
    // A primary may still be passed over by segregation (X11) or restriction (X18).
    let passes = !separated
        && around
            .entities
            .get(&entity_id)
            .is_none_or(|e| !is_restricted(e));
    let settled = passes && holders.iter().any(|held| held.is_primary);
    if settled || holders.len() < 2 {
        return Vec::new();
    }
    holders.into_iter().map(|held| held.user_id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        process::fixture::{Fixture, completed, definition, effect, list, outcome, template, text},
        process_type::definition::{Outcome, TaskTemplate},
        task::Attempt,
    };

    const CSA: &str = "client_service_associate";

    fn role(key: &str) -> Vec<OwnerRule> {
        vec![OwnerRule::Role(key.into())]
    }

    /// E9: the primary holder comes first, however busy.
    #[test]
    fn the_primary_holder_owns() {
        let mut fixture = Fixture::new(definition(vec![template("a")]));
        let (idle, primary) = (fixture.user("Idle"), fixture.user("Primary"));
        fixture.hold(idle, CSA, fixture.client);
        fixture.hold(primary, CSA, fixture.client).is_primary = true;
        fixture.around.open_tasks = [(primary, 40)].into();
        assert_eq!(
            fixture.engine().resolve_owner(&role(CSA), Some(0)),
            Some(primary)
        );
    }

    /// E9: without a primary, the fewest open tasks; ties by longest membership.
    #[test]
    fn the_least_busy_holder_owns_and_the_longest_standing_among_equals() {
        let mut fixture = Fixture::new(definition(vec![template("a")]));
        let people = ["First", "Second", "Third"].map(|name| fixture.user(name));
        for user in people {
            fixture.hold(user, CSA, fixture.client);
        }
        let [first, second, third] = people;
        fixture.around.open_tasks = [(first, 3), (second, 1), (third, 1)].into();
        assert_eq!(
            fixture.engine().resolve_owner(&role(CSA), Some(0)),
            Some(second)
        );
        fixture.around.memberships[2].created_at = fixture.around.memberships[0].created_at;
        assert_eq!(
            fixture.engine().resolve_owner(&role(CSA), Some(0)),
            Some(third)
        );
        fixture.around.memberships[1].created_at = fixture.around.memberships[2].created_at;
        assert_eq!(
            fixture.engine().resolve_owner(&role(CSA), Some(0)),
            Some(second)
        );
    }

    /// E9: tasks that this very command opened or closed count as they are now.
    #[test]
    fn open_tasks_are_counted_as_the_command_has_made_them() {
        let mut fixture = Fixture::new(definition(vec![template("a"), template("b")]));
        let (first, second) = (fixture.user("First"), fixture.user("Second"));
        fixture.hold(first, CSA, fixture.client);
        fixture.hold(second, CSA, fixture.client);
        fixture.run.tasks[0].owner_id = Some(second);
        fixture.run.tasks[1].status = TaskStatus::Waiting;
        fixture.around.open_tasks = [(first, 1), (second, 1)].into();
        let mut engine = fixture.engine();
        assert_eq!(engine.resolve_owner(&role(CSA), Some(1)), Some(first));
        engine.run.tasks[0].status = TaskStatus::Completed;
        assert_eq!(engine.resolve_owner(&role(CSA), Some(1)), Some(second));
    }

    /// E9, X5: a role held on another entity names nobody; a firm role is looked for on the firm.
    #[test]
    fn roles_count_where_the_work_is_and_firm_roles_on_the_firm() {
        let mut fixture = Fixture::new(definition(vec![template("a")]));
        let (elsewhere, officer) = (fixture.user("Elsewhere"), fixture.user("Officer"));
        let other = fixture.entity("household", "Lindqvist Trust");
        fixture.hold(elsewhere, CSA, other);
        fixture.hold(officer, "compliance_officer", fixture.firm_entity());
        let engine = fixture.engine();
        assert_eq!(engine.resolve_owner(&role(CSA), Some(0)), None);
        assert_eq!(
            engine.resolve_owner(&role("compliance_officer"), Some(0)),
            Some(officer)
        );
        assert_eq!(engine.resolve_owner(&role("unknown_role"), Some(0)), None);
    }

    /// E9, X14: work on the firm entity resolves roles of any kind there.
    #[test]
    fn work_on_the_firm_finds_any_kind_of_role_there() {
        let mut fixture = Fixture::new(definition(vec![template("a")]));
        let firm = fixture.firm_entity();
        fixture.run.tasks[0].entity_id = firm;
        let (on_client, on_firm) = (fixture.user("On client"), fixture.user("On firm"));
        fixture.hold(on_client, CSA, fixture.client);
        fixture.hold(on_firm, CSA, firm);
        assert_eq!(
            fixture.engine().resolve_owner(&role(CSA), Some(0)),
            Some(on_firm)
        );
    }

    /// E9: a list is the first that resolves; `unassigned` ends it.
    #[test]
    fn the_first_rule_that_resolves_decides() {
        let mut fixture = Fixture::new(definition(vec![template("a"), template("b")]));
        let people = ["Named", "Executor", "Owner", "Starter"].map(|name| fixture.user(name));
        let [named, executor, owner, starter] = people;
        let stranger = UserId(fixture.ambient_id());
        fixture.run.process.owner_id = Some(owner);
        fixture.run.process.initiator_id = Some(starter);
        fixture.run.process.fields = [
            ("one".to_owned(), text(&named.to_string())),
            (
                "many".to_owned(),
                list(&[&stranger.to_string(), &executor.to_string()]),
            ),
        ]
        .into();
        fixture.run.tasks[0].completion = Some(completed(Some(executor), None));
        let engine = fixture.engine();
        let resolve = |rules: &[OwnerRule]| engine.resolve_owner(rules, Some(1));
        let field = |key: &str| OwnerRule::Field(key.into());

        assert_eq!(resolve(&[OwnerRule::User(named)]), Some(named));
        assert_eq!(resolve(&[OwnerRule::User(stranger)]), None);
        assert_eq!(resolve(&[field("one")]), Some(named));
        assert_eq!(resolve(&[field("many")]), Some(executor));
        assert_eq!(
            resolve(&[OwnerRule::ExecutorOf("a".into())]),
            Some(executor)
        );
        assert_eq!(resolve(&[OwnerRule::ExecutorOf("b".into())]), None);
        assert_eq!(
            resolve(&[field("none"), OwnerRule::ProcessOwner]),
            Some(owner)
        );
        assert_eq!(
            resolve(&[OwnerRule::Initiator, OwnerRule::ProcessOwner]),
            Some(starter)
        );
        assert_eq!(
            resolve(&[OwnerRule::Unassigned, OwnerRule::Initiator]),
            None
        );
    }

    /// E9, X13: who left is passed over, the primary too.
    #[test]
    fn the_inactive_are_passed_over() {
        let mut fixture = Fixture::new(definition(vec![template("a")]));
        let (gone, next) = (fixture.user("Gone"), fixture.user("Next"));
        fixture.hold(gone, CSA, fixture.client).is_primary = true;
        fixture.hold(next, CSA, fixture.client);
        fixture.deactivate(gone);
        let engine = fixture.engine();
        assert_eq!(engine.resolve_owner(&role(CSA), Some(0)), Some(next));
        assert_eq!(
            engine.resolve_owner(&[OwnerRule::User(gone)], Some(0)),
            None
        );
    }

    /// E9, X11: who completed or filled in a separated task, in any attempt, is passed over.
    #[test]
    fn preparers_are_passed_over() {
        let mut fixture = Fixture::new(definition(vec![
            template("forms"),
            TaskTemplate {
                separate_from: vec!["forms".into()],
                ..template("approval")
            },
        ]));
        let people = ["Early", "Late", "Covered", "Editor", "Free"].map(|name| fixture.user(name));
        for user in people {
            fixture.hold(user, CSA, fixture.client);
        }
        let [early, late, covered, editor, free] = people;
        let forms = fixture.task_mut("forms");
        forms.form_editors = vec![editor];
        forms.attempts = vec![Attempt {
            attempt: 1,
            status: TaskStatus::Completed,
            owner_id: None,
            opened_at: None,
            due_at: None,
            form: [].into(),
            checklist: Vec::new(),
            completion: Some(completed(Some(early), None)),
            withdrawn_at: forms.created_at,
        }];
        let mut last = completed(Some(late), None);
        last.on_behalf_of = Some(covered);
        forms.completion = Some(last);
        let engine = fixture.engine();
        assert_eq!(engine.resolve_owner(&role(CSA), Some(1)), Some(free));
        assert_eq!(engine.resolve_owner(&role(CSA), Some(0)), Some(early));
    }

    /// E21: a rule that names a skipped task imposes nothing.
    #[test]
    fn a_skipped_task_keeps_nobody_away() {
        let mut fixture = Fixture::new(definition(vec![
            template("forms"),
            TaskTemplate {
                separate_from: vec!["forms".into()],
                ..template("approval")
            },
        ]));
        let editor = fixture.user("Editor");
        fixture.task_mut("forms").form_editors = vec![editor];
        let rules = [OwnerRule::User(editor)];
        assert_eq!(fixture.engine().resolve_owner(&rules, Some(1)), None);
        fixture.task_mut("forms").status = TaskStatus::Skipped;
        assert_eq!(
            fixture.engine().resolve_owner(&rules, Some(1)),
            Some(editor)
        );
    }

    /// E9, X18: work on a restricted record goes to somebody named on it.
    #[test]
    fn strangers_to_a_restricted_record_are_passed_over() {
        let mut fixture = Fixture::new(definition(vec![template("a")]));
        let (outsider, insider) = (fixture.user("Outsider"), fixture.user("Insider"));
        fixture
            .hold(outsider, "compliance_officer", fixture.firm_entity())
            .is_primary = true;
        fixture.hold(insider, "compliance_officer", fixture.firm_entity());
        fixture.hold(insider, "lead_advisor", fixture.client);
        let rules = role("compliance_officer");
        assert_eq!(
            fixture.engine().resolve_owner(&rules, Some(0)),
            Some(outsider)
        );
        fixture.client_mut().restricted = true;
        assert_eq!(
            fixture.engine().resolve_owner(&rules, Some(0)),
            Some(insider)
        );
        fixture.client_mut().restricted = false;
        fixture.client_mut().kind = "employee".into();
        assert_eq!(
            fixture.engine().resolve_owner(&rules, Some(0)),
            Some(insider)
        );
    }

    fn to_count(fixture: &Fixture) -> Vec<UserId> {
        owners_to_count(
            &fixture.definition,
            &fixture.run,
            &fixture.catalog.roles,
            &fixture.around,
        )
    }

    /// E9
    #[test]
    fn counts_are_needed_only_where_several_could_own_a_task_that_may_open() {
        let mut fixture = Fixture::new(definition(vec![TaskTemplate {
            owner: role(CSA),
            ..template("a")
        }]));
        let (first, second) = (fixture.user("First"), fixture.user("Second"));
        fixture.run.tasks[0].status = TaskStatus::Waiting;
        fixture.hold(first, CSA, fixture.client);
        assert_eq!(to_count(&fixture), [], "one holder");
        fixture.hold(second, CSA, fixture.client);
        assert_eq!(to_count(&fixture), [first, second]);

        fixture.around.memberships[0].is_primary = true;
        assert_eq!(to_count(&fixture), [], "the primary settles it");
        fixture.definition.tasks[0].separate_from = vec!["b".into()];
        assert_eq!(
            to_count(&fixture),
            [first, second],
            "a primary may have prepared"
        );
        fixture.definition.tasks[0].separate_from.clear();
        fixture.client_mut().restricted = true;
        assert_eq!(
            to_count(&fixture),
            [first, second],
            "a primary may be refused"
        );
        fixture.client_mut().restricted = false;

        fixture.around.memberships[0].is_primary = false;
        fixture.run.tasks[0].status = TaskStatus::Open;
        assert_eq!(to_count(&fixture), [], "it has opened");
        fixture.definition.tasks[0].outcomes = vec![Outcome {
            reopens: Some("a".into()),
            ..outcome("again")
        }];
        assert_eq!(to_count(&fixture), [first, second], "rework opens it again");
        fixture.deactivate(second);
        assert_eq!(to_count(&fixture), [], "one of the two has left");
    }

    /// E9, E13
    #[test]
    fn counts_are_needed_for_the_process_owner_and_for_messages() {
        let mut fixture = Fixture::new(definition(Vec::new()));
        let (first, second) = (fixture.user("First"), fixture.user("Second"));
        fixture.hold(first, "compliance_officer", fixture.firm_entity());
        fixture.hold(second, "compliance_officer", fixture.firm_entity());
        assert_eq!(to_count(&fixture), []);
        fixture.definition.owner = role("compliance_officer");
        assert_eq!(to_count(&fixture), [first, second]);
        fixture.run.process.owner_id = Some(first);
        assert_eq!(to_count(&fixture), []);
        fixture.definition.results[0].effects = vec![effect(EffectAction::Notify {
            to: OwnerRule::Role("compliance_officer".into()),
            message: "done".into(),
        })];
        assert_eq!(to_count(&fixture), [first, second]);
    }
}
