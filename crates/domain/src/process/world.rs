//! The facts that the engine decides by: loaded by the handler in the transaction of the change, never fetched by a rule.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use crate::{
    access::{
        cover::{Cover, in_force, people_named},
        execution::TaskFacts,
    },
    ambient::Ambient,
    attribute::Attribute,
    calendar::Calendars,
    document::Document,
    entity::{Entity, Membership, Relation},
    firm::Firm,
    ids::{DocumentId, EntityId, UserId},
    role::Role,
    task::Task,
    user::User,
};

/// What a firm has set up: changes seldom, is cached, and is always the state of its version.
#[derive(Debug, Clone)]
pub struct Catalog {
    /// The firm with its settings.
    pub firm: Firm,
    /// Its business days.
    pub calendars: Calendars,
    /// All its roles.
    pub roles: Vec<Role>,
    /// All its attribute definitions.
    pub attributes: Vec<Attribute>,
    /// Who stands in for whom, now or later (X10).
    pub covers: Vec<Cover>,
}

/// Facts about the records and people around one process (or one task made by hand).
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// The subject(s), related records, records named in `entity` fields, and the firm entity.
    pub entities: BTreeMap<EntityId, Entity>,
    /// Who holds which role on the subject(s) and on the firm entity.
    pub memberships: Vec<Membership>,
    /// Everyone named in `memberships` and in owner rules, owners, initiators, executors and persons named in fields.
    pub people: BTreeMap<UserId, User>,
    /// Documents named in `file` fields.
    pub documents: BTreeMap<DocumentId, Document>,
    /// Links at whose ends the subjects stand; read where a fan-out runs over them (E24).
    pub relations: Vec<Relation>,
    /// How many tasks people own that are open, in progress or on hold; counted where an owner rule needs it (E9).
    pub open_tasks: BTreeMap<UserId, u32>,
    /// Who stands in for whom, now or later (X10, E9).
    pub covers: Vec<Cover>,
}

impl Surroundings {
    /// With those of the firm's covers that are in force.
    #[must_use]
    pub fn covered(mut self, covers: &[Cover]) -> Self {
        self.covers = in_force(covers, &self.people);
        self
    }

    /// What executing a task of one of these records is decided by.
    #[must_use]
    pub fn task_facts<'a>(
        &'a self,
        catalog: &'a Catalog,
        task: &'a Task,
        entity: &'a Entity,
        preparers: &'a BTreeSet<UserId>,
        now: DateTime<Utc>,
    ) -> TaskFacts<'a> {
        TaskFacts {
            firm: &catalog.firm,
            task,
            entity,
            memberships: &self.memberships,
            roles: &catalog.roles,
            preparers,
            covers: &self.covers,
            elsewhere: &[],
            now,
        }
    }
}

impl Catalog {
    /// Everyone whom its covers name.
    pub fn covering(&self) -> impl Iterator<Item = UserId> {
        people_named(&self.covers)
    }
}

/// Everything that a command of the engine may look at besides the run itself.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// What the firm has set up.
    pub catalog: &'a Catalog,
    /// The records and people around.
    pub around: &'a Surroundings,
    /// Clock and fresh ids.
    pub ambient: &'a dyn Ambient,
}
