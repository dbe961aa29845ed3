//! The facts that the permission gate asks for, out of what was loaded.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use domain::{
    access::{
        Actor, Denied, Rule,
        execution::{Decision, Elsewhere, TaskFacts, decide, decide_with_override},
        managing::{TaskAction, WorkFacts, decide_action},
        owning::{OwnerNames, may_own, owner_rule_roles},
        process::{ProcessAction, ProcessFacts, decide_process_action},
        visibility::{EntityScope, sees_process, sees_task},
    },
    entity::Entity,
    ids::{RoleId, UserId},
    process::owner::{executors_of, preparers},
    process_type::definition::OwnerRule,
    task::{Task, TaskStatus},
    user::User,
    value::FieldValue,
};
use persistence::{Reads, StoreError};

use super::{Scene, Work};

/// What is asked about one task, at one moment.
pub(crate) struct Facts<'w> {
    work: &'w Work,
    task: &'w Task,
    entity: &'w Entity,
    preparers: BTreeSet<UserId>,
    rule_roles: Vec<RoleId>,
    rule_people: Vec<UserId>,
    now: DateTime<Utc>,
}

impl Work {
    /// The facts about the task; none when its record is gone, which is nobody's to see.
    pub(crate) fn facts(&self, now: DateTime<Utc>) -> Result<Facts<'_>, Denied> {
        let task = self.task();
        let entity = self
            .around()
            .entities
            .get(&task.entity_id)
            .ok_or(Denied::Hidden)?;
        let (preparers, rules) = match self {
            Self::OfProcess(scene, _) => (
                preparers(&scene.run, task),
                scene
                    .definition
                    .task(&task.key)
                    .map_or(&[][..], |template| &template.owner[..]),
            ),
            Self::Single(_) => (BTreeSet::new(), &[][..]),
        };
        Ok(Facts {
            work: self,
            task,
            entity,
            preparers,
            rule_roles: owner_rule_roles(rules, &self.catalog().roles),
            rule_people: rules.iter().flat_map(|rule| self.people_of(rule)).collect(),
            now,
        })
    }

    /// The people whom an owner rule names without a role.
    fn people_of(&self, rule: &OwnerRule) -> Vec<UserId> {
        let Self::OfProcess(scene, _) = self else {
            return Vec::new();
        };
        let process = &scene.run.process;
        let named = match rule {
            OwnerRule::User(id) => Some(*id),
            OwnerRule::Field(key) => {
                let drafted = scene.run.tasks.iter().find_map(|task| task.form.get(key));
                match process.fields.get(key).or(drafted) {
                    Some(FieldValue::Text(id)) => id.parse().ok(),
                    Some(
                        FieldValue::Flag(_)
                        | FieldValue::Number(_)
                        | FieldValue::List(_)
                        | FieldValue::Money(_),
                    )
                    | None => None,
                }
            }
            OwnerRule::ExecutorOf(key) => {
                return executors_of(&scene.run, key, Some(self.task()));
            }
            OwnerRule::ProcessOwner => process.owner_id,
            OwnerRule::Initiator => process.initiator_id,
            OwnerRule::Role(_) | OwnerRule::Unassigned => None,
        };
        named.into_iter().collect()
    }
}

impl Facts<'_> {
    /// What executing the task is decided by.
    pub(crate) fn task(&self) -> TaskFacts<'_> {
        self.work.around().task_facts(
            self.work.catalog(),
            self.task,
            self.entity,
            &self.preparers,
            self.now,
        )
    }

    /// What managing and seeing the task is decided by.
    pub(crate) fn work(&self) -> WorkFacts<'_> {
        WorkFacts {
            task: self.task(),
            process: match self.work {
                Work::OfProcess(scene, _) => Some(&scene.run.process),
                Work::Single(_) => None,
            },
            play_accountable: None,
            owner_rule: OwnerNames {
                roles: &self.rule_roles,
                people: &self.rule_people,
            },
        }
    }

    /// The task is there for this person (X17), else nothing is.
    pub(crate) fn see(&self, actor: &Actor) -> Result<(), Denied> {
        if sees_task(actor, self.work()) {
            Ok(())
        } else {
            Err(Denied::Hidden)
        }
    }

    /// Whether this person may execute it; with a reason, by override (X12).
    pub(crate) fn execute(&self, actor: &Actor, with_override: bool) -> Decision {
        if with_override {
            decide_with_override(actor, self.task())
        } else {
            decide(actor, self.task())
        }
    }

    /// Whether this person may do this to the task.
    pub(crate) fn manage(&self, actor: &Actor, action: TaskAction) -> Decision {
        decide_action(action, actor, self.work())
    }

    /// Whether somebody can be made its owner.
    pub(crate) fn own(&self, user: &User) -> Decision {
        may_own(user, self.work())
    }

    /// As [`Self::execute`]; after a refusal by X2, the roles that the person holds on other records are looked up, so that
    /// the sentence can be X5's. Records that `reader` may not see are not named.
    pub(crate) async fn executing(
        &self,
        reads: Reads<'_>,
        actor: &Actor,
        reader: &Actor,
        with_override: bool,
    ) -> Result<Decision, StoreError> {
        let decision = self.execute(actor, with_override);
        if decision.allowed || decision.rule != Rule::X2 {
            return Ok(decision);
        }
        let held = reads
            .roles_held_elsewhere(
                actor.user_id,
                &self.listed_roles(),
                self.entity.id,
                &EntityScope::of(reader, &self.work.catalog().firm),
            )
            .await?;
        let elsewhere: Vec<Elsewhere<'_>> = held
            .iter()
            .map(|held| Elsewhere {
                membership: &held.membership,
                entity_name: held.entity_name.as_deref(),
            })
            .collect();
        // What is held elsewhere never grants anything.
        Ok(decide(
            actor,
            TaskFacts {
                elsewhere: &elsewhere,
                ..self.task()
            },
        ))
    }

    /// The roles that the task lists, and those that only share a name with one of them.
    fn listed_roles(&self) -> Vec<RoleId> {
        let lists = &self.task.execution;
        let listed: BTreeSet<RoleId> = lists
            .servicing_team_roles
            .iter()
            .chain(&lists.business_roles)
            .chain(&lists.firm_roles)
            .copied()
            .collect();
        let roles = &self.work.catalog().roles;
        let names: BTreeSet<String> = roles
            .iter()
            .filter(|role| listed.contains(&role.id))
            .map(|role| role.name.to_lowercase())
            .collect();
        roles
            .iter()
            .filter(|role| names.contains(&role.name.to_lowercase()))
            .map(|role| role.id)
            .collect()
    }
}

impl Scene {
    /// What managing and seeing the process is decided by.
    pub(crate) fn facts(&self) -> Result<ProcessFacts<'_>, Denied> {
        let process = &self.run.process;
        Ok(ProcessFacts {
            firm: &self.catalog.firm,
            process,
            entity: self
                .around
                .entities
                .get(&process.entity_id)
                .ok_or(Denied::Hidden)?,
            memberships: &self.around.memberships,
            roles: &self.catalog.roles,
        })
    }

    /// The process is there for this person (X17), else nothing is.
    pub(crate) fn see(self: &Arc<Self>, actor: &Actor, now: DateTime<Utc>) -> Result<(), Denied> {
        if sees_process(actor, self.facts()?, self.takes_part(actor, now)) {
            Ok(())
        } else {
            Err(Denied::Hidden)
        }
    }

    /// Whether this person has a part in one of its tasks.
    fn takes_part(self: &Arc<Self>, actor: &Actor, now: DateTime<Utc>) -> bool {
        self.seen_tasks(actor, now).next().is_some()
    }

    /// The places of those of its tasks that are there for this person (X17).
    pub(crate) fn seen_tasks(
        self: &Arc<Self>,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> impl Iterator<Item = usize> {
        (0..self.run.tasks.len()).filter(move |&place| {
            Work::OfProcess(Arc::clone(self), place)
                .facts(now)
                .is_ok_and(|facts| facts.see(actor).is_ok())
        })
    }

    /// How many children of the fan-out at this place are there for this person, by status.
    pub(crate) fn children_seen(
        self: &Arc<Self>,
        place: usize,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> BTreeMap<TaskStatus, u32> {
        let parent = Some(self.run.tasks[place].id);
        let mut seen = BTreeMap::new();
        for (child, task) in self.run.tasks.iter().enumerate() {
            let work = Work::OfProcess(Arc::clone(self), child);
            if task.parent_task_id == parent
                && work.facts(now).is_ok_and(|facts| facts.see(actor).is_ok())
            {
                *seen.entry(task.status).or_default() += 1;
            }
        }
        seen
    }

    /// Whether this person may do this to the process.
    pub(crate) fn manage(&self, actor: &Actor, action: ProcessAction) -> Result<Decision, Denied> {
        Ok(decide_process_action(action, actor, self.facts()?))
    }
}
