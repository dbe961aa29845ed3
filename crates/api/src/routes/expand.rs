//! What tasks and processes refer to, shown beside them for whoever asks by `expand`: one read for each kind, whatever the
//! length of the list, and of nothing more than the caller may see.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    entity::Entity,
    ids::{EntityId, ProcessId, UserId},
    process::{Process, ProcessStatus},
    user::{User, UserStatus},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{call::Call, http::problem::Problem};

/// What to show beside tasks.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ExpandTasks {
    /// What to show in `expanded`, separated by commas.
    #[serde(default)]
    #[param(required = false, inline, style = Form, explode = false, min_items = 1, max_items = 3)]
    expand: Vec<TaskReference>,
}

/// What a task refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TaskReference {
    Owner,
    Entity,
    Process,
}

/// What to show beside processes.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ExpandProcesses {
    /// What to show in `expanded`, separated by commas.
    #[serde(default)]
    #[param(required = false, inline, style = Form, explode = false, min_items = 1, max_items = 2)]
    expand: Vec<ProcessReference>,
}

/// What a process refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ProcessReference {
    Owner,
    Entity,
}

/// What is referred to: absent where it was not asked for, null where there is nothing to show.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum Reference<T> {
    NotAsked,
    Nothing,
    Shown(T),
}

impl<T> Reference<T> {
    const fn is_not_asked(&self) -> bool {
        matches!(self, Self::NotAsked)
    }
}

/// What a task refers to, as far as it was asked for with `expand`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TaskExpansion {
    /// Its owner; null when it has none.
    #[serde(skip_serializing_if = "Reference::is_not_asked")]
    #[schema(value_type = Option<PersonSummary>)]
    owner: Reference<PersonSummary>,
    /// The record that the work is for.
    #[serde(skip_serializing_if = "Reference::is_not_asked")]
    #[schema(value_type = Option<EntitySummary>)]
    entity: Reference<EntitySummary>,
    /// Its process; null when it has none, or when the caller may see the task but not the whole process.
    #[serde(skip_serializing_if = "Reference::is_not_asked")]
    #[schema(value_type = Option<ProcessSummary>)]
    process: Reference<ProcessSummary>,
}

/// What a process refers to, as far as it was asked for with `expand`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ProcessExpansion {
    /// Its owner; null when it has none.
    #[serde(skip_serializing_if = "Reference::is_not_asked")]
    #[schema(value_type = Option<PersonSummary>)]
    owner: Reference<PersonSummary>,
    /// The record that it runs for.
    #[serde(skip_serializing_if = "Reference::is_not_asked")]
    #[schema(value_type = Option<EntitySummary>)]
    entity: Reference<EntitySummary>,
}

/// A person of the firm, in short.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PersonSummary {
    id: Uuid,
    #[schema(example = "Maya Okafor")]
    full_name: String,
    status: UserStatus,
}

/// A record, in short: the least that whoever has a part in its work sees of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct EntitySummary {
    id: Uuid,
    #[schema(example = "household")]
    kind: String,
    #[schema(example = "Okafor Household")]
    name: String,
}

/// A process, in short.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ProcessSummary {
    id: Uuid,
    process_type_id: Uuid,
    /// Name of the process type.
    #[schema(example = "New Account Opening")]
    name: String,
    status: ProcessStatus,
}

/// What one task or process refers to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Referring {
    pub(super) owner: Option<Uuid>,
    pub(super) entity: Option<Uuid>,
    pub(super) process: Option<Uuid>,
}

impl ExpandTasks {
    /// Whether anything is to be shown.
    pub(super) fn is_wanted(&self) -> bool {
        !self.expand.is_empty()
    }

    /// What these tasks, which the caller may see, refer to: one expansion for each, or none at all.
    pub(super) async fn read(
        &self,
        call: &Call,
        tasks: &[Referring],
    ) -> Result<Vec<Option<TaskExpansion>>, Problem> {
        if !self.is_wanted() {
            return Ok(vec![None; tasks.len()]);
        }
        let wants = |reference| self.expand.contains(&reference);
        let owners = Shown::people(call, wants(TaskReference::Owner), tasks).await?;
        let entities = Shown::entities(call, wants(TaskReference::Entity), tasks).await?;
        let processes = Shown::processes(call, wants(TaskReference::Process), tasks).await?;
        let expansions = tasks.iter().map(|task| {
            Some(TaskExpansion {
                owner: owners.of(task.owner),
                entity: entities.of(task.entity),
                process: processes.of(task.process),
            })
        });
        Ok(expansions.collect())
    }
}

impl ExpandProcesses {
    /// Whether anything is to be shown.
    pub(super) fn is_wanted(&self) -> bool {
        !self.expand.is_empty()
    }

    /// What these processes, which the caller may see, refer to: one expansion for each, or none at all.
    pub(super) async fn read(
        &self,
        call: &Call,
        processes: &[Referring],
    ) -> Result<Vec<Option<ProcessExpansion>>, Problem> {
        if !self.is_wanted() {
            return Ok(vec![None; processes.len()]);
        }
        let wants = |reference| self.expand.contains(&reference);
        let owners = Shown::people(call, wants(ProcessReference::Owner), processes).await?;
        let entities = Shown::entities(call, wants(ProcessReference::Entity), processes).await?;
        let expansions = processes.iter().map(|process| {
            Some(ProcessExpansion {
                owner: owners.of(process.owner),
                entity: entities.of(process.entity),
            })
        });
        Ok(expansions.collect())
    }
}

/// Summaries by id; none where they were not asked for.
struct Shown<T>(Option<BTreeMap<Uuid, T>>);

impl<T: Clone> Shown<T> {
    /// The summary of what is referred to.
    fn of(&self, id: Option<Uuid>) -> Reference<T> {
        match &self.0 {
            None => Reference::NotAsked,
            Some(shown) => id
                .and_then(|id| shown.get(&id).cloned())
                .map_or(Reference::Nothing, Reference::Shown),
        }
    }
}

impl Shown<PersonSummary> {
    /// Everyone of the firm may read its people (X20).
    async fn people(call: &Call, wanted: bool, all: &[Referring]) -> Result<Self, Problem> {
        if !wanted {
            return Ok(Self(None));
        }
        let ids: Vec<UserId> = distinct(all, |one| one.owner).map(UserId).collect();
        let found = call.reads().users(&ids).await?;
        let shown = found.into_iter().map(|user| (user.id.0, user.into()));
        Ok(Self(Some(shown.collect())))
    }
}

impl Shown<EntitySummary> {
    /// Whoever sees a task or process sees the least of its record (X17); restrictions (X18) keep them from both.
    async fn entities(call: &Call, wanted: bool, all: &[Referring]) -> Result<Self, Problem> {
        if !wanted {
            return Ok(Self(None));
        }
        let ids: Vec<EntityId> = distinct(all, |one| one.entity).map(EntityId).collect();
        let found = call.reads().entities(&ids).await?;
        let shown = found
            .into_values()
            .map(|entity| (entity.id.0, entity.into()));
        Ok(Self(Some(shown.collect())))
    }
}

impl Shown<ProcessSummary> {
    /// A part in one task shows that task only, not its process (X17).
    async fn processes(call: &Call, wanted: bool, all: &[Referring]) -> Result<Self, Problem> {
        if !wanted {
            return Ok(Self(None));
        }
        let ids: Vec<ProcessId> = distinct(all, |one| one.process).map(ProcessId).collect();
        let catalog = call.catalog().await?;
        let scope = call.work_scope(&catalog);
        let found = call.reads().processes_seen(&scope, &ids).await?;
        let shown = found
            .into_values()
            .map(|process| (process.id.0, process.into()));
        Ok(Self(Some(shown.collect())))
    }
}

fn distinct(
    all: &[Referring],
    reference: impl Fn(&Referring) -> Option<Uuid>,
) -> impl Iterator<Item = Uuid> {
    let ids: BTreeSet<Uuid> = all.iter().filter_map(reference).collect();
    ids.into_iter()
}

impl From<User> for PersonSummary {
    fn from(user: User) -> Self {
        Self {
            id: user.id.0,
            full_name: user.full_name,
            status: user.status,
        }
    }
}

impl From<Entity> for EntitySummary {
    fn from(entity: Entity) -> Self {
        Self {
            id: entity.id.0,
            kind: entity.kind,
            name: entity.name,
        }
    }
}

impl From<Process> for ProcessSummary {
    fn from(process: Process) -> Self {
        Self {
            id: process.id.0,
            process_type_id: process.process_type_id.0,
            name: process.name,
            status: process.status,
        }
    }
}
