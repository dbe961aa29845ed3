//! Who owns a task when it opens (E9), and whose tasks have to be counted to say so.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use super::{engine::Engine, facts::texts, run::Run, world::Surroundings};
use crate::{
    access::barrier::restriction,
    entity::Membership,
    ids::{EntityId, UserId},
    process_type::definition::{Definition, Effect, EffectAction, OwnerRule, Target, TaskKind},
    role::{Role, RoleKind},
    task::{Item, Task, TaskStatus},
    user::{PermissionLevel, User, UserStatus},
};

impl Engine<'_> {
    /// The first rule's person who could own the task (or, without one, the process); none where no rule resolves,
    /// or where `unassigned` comes first (E9).
    pub(super) fn resolve_owner(
        &self,
        rules: &[OwnerRule],
        task_index: Option<usize>,
    ) -> Option<UserId> {
        let task = task_index.map(|index| &self.run.tasks[index]);
        let entity_id = task.map_or(self.run.process.entity_id, |task| task.entity_id);
        let refused = task
            .map(|task| preparers(&self.run, task))
            .unwrap_or_default();
        let suits = |user: &User| {
            user.permission_level != PermissionLevel::Auditor && !refused.contains(&user.id)
        };
        self.first(rules, entity_id, task, suits, |rule, user| {
            self.present(rule, user, entity_id, suits)
        })
    }

    /// The person whom a rule names for a message about an entity: auditors and preparers read too.
    pub(super) fn resolve_recipient(&self, rule: &OwnerRule, about: EntityId) -> Option<UserId> {
        self.first(
            std::slice::from_ref(rule),
            about,
            None,
            |_| true,
            |_, user| Some(user),
        )
    }

    /// The person, or while they are absent the first of their covers who could own the task and is there (E9, X10).
    fn present(
        &self,
        rule: &OwnerRule,
        preferred: UserId,
        entity_id: EntityId,
        suits: impl Fn(&User) -> bool,
    ) -> Option<UserId> {
        let asked = match rule {
            OwnerRule::Role(key) => self.world.catalog.roles.iter().find(|r| r.key == *key),
            OwnerRule::User(_)
            | OwnerRule::Field(_)
            | OwnerRule::ExecutorOf(_)
            | OwnerRule::ProcessOwner
            | OwnerRule::Initiator
            | OwnerRule::Unassigned => None,
        }
        .map(|role| role.id);
        let absences = |who: UserId| {
            self.world.around.covers.iter().filter(move |cover| {
                cover.absent_id == who
                    && cover.applies(self.now, entity_id)
                    && cover.extends_to(asked)
            })
        };
        if absences(preferred).next().is_none() {
            return Some(preferred);
        }
        absences(preferred)
            .flat_map(|cover| cover.cover_user_ids.iter().copied())
            .find(|id| self.able(*id, entity_id, &suits) && absences(*id).next().is_none())
    }

    /// Whether somebody is active, not kept out by a restriction (X18), and taken by `suits`.
    fn able(&self, id: UserId, entity_id: EntityId, suits: impl Fn(&User) -> bool) -> bool {
        let around = self.world.around;
        self.entity(entity_id)
            .zip(around.people.get(&id))
            .is_some_and(|(entity, user)| {
                user.status == UserStatus::Active
                    && restriction(id, user.permission_level, entity, &around.memberships).is_none()
                    && suits(user)
            })
    }

    /// The first rule's first person who is able to, and whom `settle` does not pass over.
    fn first(
        &self,
        rules: &[OwnerRule],
        entity_id: EntityId,
        task: Option<&Task>,
        suits: impl Fn(&User) -> bool,
        settle: impl Fn(&OwnerRule, UserId) -> Option<UserId>,
    ) -> Option<UserId> {
        for rule in rules {
            if *rule == OwnerRule::Unassigned {
                return None;
            }
            let found = self
                .candidates(rule, entity_id, task)
                .into_iter()
                .filter(|id| self.able(*id, entity_id, &suits))
                .find_map(|id| settle(rule, id));
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// Whom a rule names, the preferred first.
    fn candidates(
        &self,
        rule: &OwnerRule,
        entity_id: EntityId,
        task: Option<&Task>,
    ) -> Vec<UserId> {
        match rule {
            OwnerRule::Role(key) => self.holders_by_preference(key, entity_id),
            OwnerRule::User(user) => vec![*user],
            // Over a field of people, each child is its item's (E24).
            OwnerRule::Field(key) if task.is_some_and(|task| self.runs_over_field(task, key)) => {
                let item = task.and_then(|task| task.item.as_ref());
                item.and_then(Item::user).into_iter().collect()
            }
            OwnerRule::Field(key) => self
                .field(key)
                .map(texts)
                .unwrap_or_default()
                .into_iter()
                .filter_map(|id| id.parse().ok())
                .collect(),
            OwnerRule::ExecutorOf(key) => executors_of(&self.run, key, task),
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
            let count = |counts: &BTreeMap<UserId, u32>| {
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

/// Whoever completed the task with this key. Nobody completes a fan-out (E24): of one it is whoever completed the child that
/// was closed last, before whom `for_task`, if it is done for an item itself, prefers whoever completed that item's child.
#[must_use]
pub fn executors_of(run: &Run, key: &str, for_task: Option<&Task>) -> Vec<UserId> {
    let Some(task) = run.task(key) else {
        return Vec::new();
    };
    match task.kind {
        TaskKind::FanOut => {
            let children = || {
                run.children(task.id)
                    .filter_map(|child| Some((child, child.completion.as_ref()?)))
                    .filter_map(|(child, completion)| Some((child, completion.at, completion.by?)))
            };
            let item = for_task.and_then(|task| task.item.as_ref());
            let same = children().find(|(child, ..)| item.is_some() && child.item.as_ref() == item);
            let last = children().max_by_key(|(_, at, _)| *at);
            same.into_iter().chain(last).map(|(.., by)| by).collect()
        }
        TaskKind::Task
        | TaskKind::Approval
        | TaskKind::Decision
        | TaskKind::Wait
        | TaskKind::Subprocess => task
            .completion
            .iter()
            .filter_map(|completion| completion.by)
            .collect(),
    }
}

/// Everyone whom segregation keeps from a task: who completed, or changed the form of, one of the tasks that it is
/// separate from, in any attempt (X11). A task that was skipped at its first attempt imposes nothing (E21).
#[must_use]
pub fn preparers(run: &Run, task: &Task) -> BTreeSet<UserId> {
    let mut people = BTreeSet::new();
    // Of a fan-out, everyone who did it for any item.
    let sources = run.tasks.iter();
    for source in sources.filter(|source| task.separate_from.contains(&source.key)) {
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
        // The children of a fan-out may be for any record around (E24).
        let places: Vec<EntityId> = match template.kind {
            TaskKind::FanOut => around.entities.keys().copied().collect(),
            TaskKind::Task
            | TaskKind::Approval
            | TaskKind::Decision
            | TaskKind::Wait
            | TaskKind::Subprocess => vec![entity_id],
        };
        for entity_id in places {
            // Rework may open any task again, those included whose branch was not taken before.
            if rework || task.is_none_or(|task| task.status == TaskStatus::Waiting) {
                look(
                    &template.owner,
                    entity_id,
                    !template.separate_from.is_empty(),
                );
            }
            if task.is_some_and(|task| task.status.is_active()) {
                // A due date has come (E12).
                let reminded = template.reminders.iter().filter_map(|it| it.to.as_ref());
                let escalation = template.escalation.as_ref();
                let escalated = escalation.into_iter().filter_map(|it| it.to.as_ref());
                for rule in reminded.chain(escalated) {
                    look(std::slice::from_ref(rule), entity_id, false);
                }
                if let Some(escalation) = escalation {
                    let separated = !template.separate_from.is_empty();
                    look(&escalation.new_owner, entity_id, separated);
                }
            }
            if rework || task.is_none_or(|task| !task.status.is_finished()) {
                for effect in &template.on_complete {
                    for entity_id in concerned(effect, entity_id, around) {
                        look(named_by(effect), entity_id, false);
                    }
                }
            }
        }
    }
    for effect in definition.results.iter().flat_map(|result| &result.effects) {
        for entity_id in concerned(effect, process_entity, around) {
            look(named_by(effect), entity_id, false);
        }
    }
    if run.process.owner_id.is_none() {
        look(&definition.owner, process_entity, false);
    }
    found.into_iter().collect()
}

/// The owner rules by which an effect finds somebody.
fn named_by(effect: &Effect) -> &[OwnerRule] {
    match &effect.action {
        EffectAction::Notify { to, .. } => std::slice::from_ref(to),
        EffectAction::CreateTask { owner, .. } => owner,
        EffectAction::LogTouchpoint { .. }
        | EffectAction::SetAttribute { .. }
        | EffectAction::RequestAttribute { .. }
        | EffectAction::CreateEntity { .. }
        | EffectAction::FileDocument { .. }
        | EffectAction::StartProcess { .. }
        | EffectAction::ScheduleNext { .. } => &[],
    }
}

/// The records on whose teams an effect may look for somebody: a task that it makes may be for any record around.
fn concerned(effect: &Effect, subject: EntityId, around: &Surroundings) -> Vec<EntityId> {
    let own = effect.of == Target::Subject && effect.each.is_none();
    match &effect.action {
        EffectAction::CreateTask { .. } if !own => around.entities.keys().copied().collect(),
        EffectAction::CreateTask { .. }
        | EffectAction::Notify { .. }
        | EffectAction::LogTouchpoint { .. }
        | EffectAction::SetAttribute { .. }
        | EffectAction::RequestAttribute { .. }
        | EffectAction::CreateEntity { .. }
        | EffectAction::FileDocument { .. }
        | EffectAction::StartProcess { .. }
        | EffectAction::ScheduleNext { .. } => vec![subject],
    }
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
    // A primary may still be passed over by segregation (X11), restriction (X18), or absence (X10).
    let passes = !separated
        && around
            .entities
            .get(&entity_id)
            .is_none_or(|e| !e.is_restricted());
    let absent = |user| around.covers.iter().any(|cover| cover.absent_id == user);
    let settled = passes
        && holders
            .iter()
            .any(|held| held.is_primary && !absent(held.user_id));
    if settled || holders.len() < 2 {
        return Vec::new();
    }
    holders.into_iter().map(|held| held.user_id).collect()
}

#[cfg(test)]
mod tests;
