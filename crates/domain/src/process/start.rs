//! How a run begins: the process, and all of its tasks, waiting.

use std::collections::BTreeMap;

use serde_json::json;

use crate::{
    event::EventType,
    ids::{EntityId, ProcessId, ProcessTypeId, RoleId, TaskId, UserId},
    process::{Cause, Parent, Process, ProcessStatus, engine::Engine, run::Run, world::World},
    process_type::definition::{Definition, ExecutionRule, TaskKind, TaskTemplate},
    role::RoleKind,
    task::{ChecklistItem, Execution, Source, SourceType, Task, TaskStatus},
    value::FieldValue,
};

/// What a start is given; its content has been checked.
#[derive(Debug, Clone, PartialEq)]
pub struct StartInput {
    /// What it is a run of.
    pub process_type_id: ProcessTypeId,
    /// Which version.
    pub version: i32,
    /// For whom; empty: the firm.
    pub entity_ids: Vec<EntityId>,
    /// Further records by key.
    pub related: BTreeMap<String, EntityId>,
    /// Answers of the start form.
    pub fields: BTreeMap<String, FieldValue>,
    /// Required start fields that were not handed over (E13).
    pub asked_fields: Vec<String>,
    /// What starts it, if a process does.
    pub parent: Option<Parent>,
    /// What else starts it.
    pub cause: Cause,
    /// How many processes stand above it.
    pub depth: u32,
    /// Who starts it; none when a process does.
    pub initiator: Option<UserId>,
}

impl Run {
    /// A run as it begins: all its tasks as the version has them at this moment (X6), waiting. The firm's set-up is all that
    /// this looks at, so that what is around the run can be loaded for it.
    #[must_use]
    pub fn planned(definition: &Definition, world: World<'_>, input: StartInput) -> Self {
        let process = new_process(definition, world, input);
        let tasks = (0..)
            .zip(&definition.tasks)
            .map(|(ordinal, template)| new_task(world, &process, ordinal, template))
            .collect();
        Self { process, tasks }
    }
}

impl<'a> Engine<'a> {
    /// Plans a run and begins it.
    #[must_use]
    pub fn start(definition: &'a Definition, world: World<'a>, input: StartInput) -> Self {
        let planned = Run::planned(definition, world, input);
        Self::begin(definition, world, planned)
    }

    /// Begins a planned run: finds who is accountable, then opens the first tasks.
    #[must_use]
    pub fn begin(definition: &'a Definition, world: World<'a>, planned: Run) -> Self {
        let mut engine = Self::new(definition, world, planned);
        engine.begin_run();
        engine
    }

    pub(super) fn begin_run(&mut self) {
        self.run.process.owner_id = self.resolve_owner(&self.definition.owner, None);

        let tasks = self.run.tasks.iter();
        let tasks = tasks
            .map(|task| json!({"id": task.id, "key": task.key, "status": task.status}))
            .collect();
        self.tell_process(EventType::ProcessStarted, None);
        self.annotate("tasks", tasks);
        self.propagate(self.run.process.initiator_id);
    }
}

fn new_process(definition: &Definition, world: World<'_>, input: StartInput) -> Process {
    let mut entity_ids = input.entity_ids;
    let entity_id = match entity_ids.first() {
        Some(&first) => first,
        None => world.catalog.firm.id.entity(),
    };
    if entity_ids.is_empty() {
        entity_ids.push(entity_id);
    }
    Process {
        id: ProcessId(world.ambient.fresh_id()),
        process_type_id: input.process_type_id,
        process_type_version: input.version,
        name: definition.name.clone(),
        entity_id,
        entity_ids,
        related: input.related,
        owner_id: None,
        initiator_id: input.initiator,
        status: ProcessStatus::Running,
        result: None,
        result_set_by: None,
        fields: input.fields,
        asked_fields: input.asked_fields,
        parent: input.parent,
        cause: input.cause,
        depth: input.depth,
        cancel_reason: None,
        hold_reason: None,
        held_at: None,
        started_at: world.ambient.now(),
        ended_at: None,
        version: 1,
    }
}

/// A task as its template has it, waiting; of a fan-out, the task whose children are made when it opens.
pub(super) fn new_task(
    world: World<'_>,
    process: &Process,
    ordinal: i32,
    template: &TaskTemplate,
) -> Task {
    Task {
        id: TaskId(world.ambient.fresh_id()),
        process_id: Some(process.id),
        entity_id: process.entity_id,
        key: template.key.clone(),
        kind: template.kind,
        stage: template.stage.clone(),
        ordinal,
        title: template.title.clone(),
        description: template.description.clone(),
        status: TaskStatus::Waiting,
        hold: None,
        priority: template.priority,
        owner_id: None,
        owner_by_hand: false,
        due_at: None,
        due_by_hand: false,
        compressed: false,
        attempt: 1,
        attempts: Vec::new(),
        execution: execution(world, &template.execution),
        separate_from: template.separate_from.clone(),
        form_editors: Vec::new(),
        waiting_on: template.waiting_on,
        checklist: checklist_of(template, false),
        form: BTreeMap::new(),
        completion: None,
        closed_reason: None,
        rounds: BTreeMap::new(),
        skip_marked_by: None,
        parent_task_id: None,
        item: None,
        child_process_id: None,
        blocking: true,
        source: Source {
            kind: SourceType::Process,
            id: process.id.0,
        },
        contact_ids: Vec::new(),
        document_ids: Vec::new(),
        flow: None,
        submissions: Vec::new(),
        moments: Vec::new(),
        created_at: process.started_at,
        opened_at: None,
        started_at: None,
        closed_at: None,
        version: 1,
    }
}

/// The checklist of a template before anybody touched it.
pub(super) fn checklist(template: &TaskTemplate) -> Vec<ChecklistItem> {
    template.checklist.iter().map(ChecklistItem::from).collect()
}

/// The checklist of a task of this template before anybody touched it; of a fan-out, its children have it.
pub(super) fn checklist_of(template: &TaskTemplate, child: bool) -> Vec<ChecklistItem> {
    match template.kind {
        TaskKind::FanOut if !child => Vec::new(),
        TaskKind::FanOut
        | TaskKind::Task
        | TaskKind::Approval
        | TaskKind::Decision
        | TaskKind::Wait
        | TaskKind::Subprocess => checklist(template),
    }
}

/// The switch and the lists, with the keys of roles resolved to the firm's roles (X6).
pub(super) fn execution(world: World<'_>, rule: &ExecutionRule) -> Execution {
    let resolve = |keys: &[String], kind: RoleKind| -> Vec<RoleId> {
        let roles = &world.catalog.roles;
        keys.iter()
            .filter_map(|key| {
                roles
                    .iter()
                    .find(|role| role.key == *key && role.kind == kind)
            })
            .map(|role| role.id)
            .collect()
    };
    Execution {
        enabled: rule.enabled,
        servicing_team_roles: resolve(&rule.servicing_team_roles, RoleKind::ServicingTeam),
        business_roles: resolve(&rule.business_roles, RoleKind::Business),
        firm_roles: resolve(&rule.firm_roles, RoleKind::Firm),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        process::rehearsal::{ANNA, BEN, CLIENT, Rehearsal, after, task},
        process_type::definition::{ChecklistItem, OwnerRule},
    };

    /// E5, E19
    #[test]
    fn a_start_tells_the_process_with_all_its_tasks_and_then_what_opened() {
        let plan = Rehearsal::of([task("a"), after(&["a"], task("b")), task("c")]);
        let mut engine = plan.start();
        let started = engine.changes.occurrences[0].after.clone().unwrap();
        let tasks: Vec<_> = started["tasks"].as_array().unwrap().iter().collect();
        assert_eq!(tasks.len(), 3);
        assert_eq!(tasks[1]["key"], "b");
        assert_eq!(tasks[1]["status"], "waiting");
        assert_eq!(tasks[1]["id"], engine.id("b").to_string());
        assert_eq!(
            engine.told(),
            ["process.started", "task.opened a", "task.opened c"]
        );
        assert_eq!(engine.overview(), "a:open b:waiting c:open");
    }

    /// E9
    #[test]
    fn the_process_has_its_accountable_owner_before_the_first_task_opens() {
        let mut plan = Rehearsal::of([TaskTemplate {
            owner: vec![OwnerRule::ProcessOwner],
            ..task("a")
        }]);
        plan.definition.owner = vec![OwnerRule::User(BEN)];
        let engine = plan.start();
        assert_eq!(engine.run.process.owner_id, Some(BEN));
        assert_eq!(engine.run.process.initiator_id, Some(ANNA));
        assert_eq!(engine.of("a").owner_id, Some(BEN));
    }

    /// E16
    #[test]
    fn without_an_entity_the_process_is_the_firms() {
        let mut plan = Rehearsal::of([task("a")]);
        assert_eq!(plan.start().of("a").entity_id, CLIENT);
        plan.input.entity_ids.clear();
        let engine = plan.start();
        let firm = engine.world.catalog.firm.id.entity();
        assert_eq!(engine.run.process.entity_ids, [firm]);
        assert_eq!(engine.of("a").entity_id, firm);
    }

    /// X6
    #[test]
    fn switch_and_lists_are_copied_with_the_firms_roles() {
        let keys = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect();
        let mut plan = Rehearsal::of([TaskTemplate {
            execution: ExecutionRule {
                enabled: true,
                servicing_team_roles: keys(&["associate", "lead"]),
                business_roles: keys(&["lead", "unknown"]),
                firm_roles: keys(&["compliance"]),
            },
            separate_from: keys(&["b"]),
            checklist: vec![ChecklistItem {
                key: "read".to_owned(),
                text: "Read it".to_owned(),
                required: true,
            }],
            ..task("a")
        }]);
        let associate = plan.role("associate", RoleKind::ServicingTeam);
        let lead = plan.role("lead", RoleKind::Business);
        let compliance = plan.role("compliance", RoleKind::Firm);
        let engine = plan.start();
        let task = engine.of("a");
        assert!(task.execution.enabled);
        assert_eq!(task.execution.servicing_team_roles, [associate]);
        assert_eq!(task.execution.business_roles, [lead]);
        assert_eq!(task.execution.firm_roles, [compliance]);
        assert_eq!(task.separate_from, ["b"]);
        assert!(task.checklist[0].required && !task.checklist[0].done);
    }

    /// E5
    #[test]
    fn the_same_start_gives_the_same_run_and_the_same_events() {
        let plan = || Rehearsal::of([task("a"), after(&["a"], task("b"))]);
        let (one, other) = (plan(), plan());
        assert_eq!(one.start().finish(), other.start().finish());
    }
}
