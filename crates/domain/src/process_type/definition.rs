//! The definition as the engine runs it: parsed, every choice an enum.

use std::collections::BTreeMap;

use crate::{
    condition::{Condition, Operand},
    firm::Firm,
    ids::UserId,
    value::{FieldType, FieldValue},
};

pub use super::document::{
    CalendarKind, DueUnit, Join, Priority, TaskKind, TriggerKind, WaitingOn,
};

/// A process type version, ready to run.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the members are those of the document")]
pub struct Definition {
    pub key: String,
    pub name: String,
    pub category: String,
    pub area: Option<String>,
    pub summary: String,
    pub initiators: Vec<String>,
    pub owner: Vec<OwnerRule>,
    pub subject: SubjectRule,
    pub related: Vec<Related>,
    pub start_form: Vec<Field>,
    pub results: Vec<ProcessResult>,
    pub policies: Vec<Policy>,
    pub stages: Vec<Stage>,
    pub tasks: Vec<TaskTemplate>,
}

impl Definition {
    /// The template with a key.
    #[must_use]
    pub fn task(&self, key: &str) -> Option<&TaskTemplate> {
        self.tasks.iter().find(|task| task.key == key)
    }

    /// The result with a key.
    #[must_use]
    pub fn result(&self, key: &str) -> Option<&ProcessResult> {
        self.results.iter().find(|result| result.key == key)
    }

    /// Whether a run may read or write the firm's own record, whatever it is run for.
    #[must_use]
    pub fn touches_firm(&self) -> bool {
        let linked = self
            .fields()
            .filter_map(|field| field.attribute.as_ref())
            .map(|link| &link.of);
        let effects = self
            .results
            .iter()
            .flat_map(|result| &result.effects)
            .chain(self.tasks.iter().flat_map(|task| &task.on_complete))
            .map(|effect| &effect.of);
        let started = self
            .tasks
            .iter()
            .filter_map(|task| task.starts.as_ref())
            .map(|starts| &starts.of);
        linked
            .chain(effects)
            .chain(started)
            .any(|target| *target == Target::Firm)
    }

    /// Every field of the type: the start form's, then the tasks' in template order.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.start_form
            .iter()
            .chain(self.tasks.iter().flat_map(|task| task.form.iter()))
    }
}

/// The result of a process that ends without naming one.
pub const COMPLETED: &str = "completed";

/// One way to find an owner (E9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnerRule {
    /// The holder of the role with this key.
    Role(String),
    /// This person.
    User(UserId),
    /// The person named in this field.
    Field(String),
    /// Whoever completed the task with this key; of a fan-out, the last of its children, or the child for the same item.
    ExecutorOf(String),
    /// The process's accountable owner.
    ProcessOwner,
    /// Whoever started the process.
    Initiator,
    /// Nobody.
    Unassigned,
}

/// What a process is run for (E16).
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the members are those of the document")]
pub struct SubjectRule {
    pub kinds: Vec<String>,
    pub statuses: Vec<String>,
    pub many: bool,
}

/// A further record of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the members are those of the document")]
pub struct Related {
    pub key: String,
    pub kind: String,
}

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the members are those of the document")]
pub struct Stage {
    pub key: String,
    pub title: String,
}

/// A parameter that a firm can set.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the members are those of the document")]
pub struct Policy {
    pub key: String,
    pub field_type: FieldType,
    pub default: FieldValue,
}

impl Definition {
    /// The value of a policy in a firm: its own where it has set one that the policy takes, otherwise the default.
    #[must_use]
    pub fn policy(&self, key: &str, firm: &Firm) -> Option<FieldValue> {
        let policy = self.policies.iter().find(|policy| policy.key == key)?;
        let own = policy.set_in(&firm.policies);
        Some(own.unwrap_or(&policy.default).clone())
    }
}

impl Policy {
    /// What a firm has set, by the keys of policies, where this one takes it.
    #[must_use]
    pub fn set_in<'v>(&self, own: &'v BTreeMap<String, FieldValue>) -> Option<&'v FieldValue> {
        own.get(&self.key).filter(|own| self.takes(own).is_ok())
    }
}

/// A way to end.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the members are those of the document")]
pub struct ProcessResult {
    pub key: String,
    pub label: String,
    pub effects: Vec<Effect>,
}

/// Whose attribute or on which record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Target {
    /// The entity that the process is run for.
    #[default]
    Subject,
    /// The firm.
    Firm,
    /// The related record with this key.
    Related(String),
    /// The record named in this `entity` (or `user`) field.
    Field(String),
}

/// A form field.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the members are those of the document")]
pub struct Field {
    pub key: String,
    pub label: String,
    pub field_type: FieldType,
    pub required: bool,
    pub options: Vec<String>,
    pub multiple: bool,
    pub entity_kind: Option<String>,
    pub visible_when: Option<Condition>,
    pub min: Option<FieldValue>,
    pub max: Option<FieldValue>,
    pub min_length: Option<u32>,
    pub max_length: Option<u32>,
    pub attribute: Option<AttributeLink>,
}

/// The attribute that a field shows and updates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeLink {
    /// Key of the attribute.
    pub key: String,
    /// Whose.
    pub of: Target,
}

/// A task template.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the members are those of the document")]
pub struct TaskTemplate {
    pub key: String,
    pub kind: TaskKind,
    pub stage: Option<String>,
    pub title: String,
    pub description: Option<String>,
    pub owner: Vec<OwnerRule>,
    pub execution: ExecutionRule,
    pub separate_from: Vec<String>,
    pub after: Vec<Edge>,
    pub join: Join,
    pub when: Option<Condition>,
    pub waiting_on: Option<WaitingOn>,
    pub due: Option<DueRule>,
    pub priority: Priority,
    pub skippable: bool,
    pub checklist: Vec<ChecklistItem>,
    pub form: Vec<Field>,
    pub outcomes: Vec<Outcome>,
    pub over: Option<Over>,
    pub starts: Option<Starts>,
    pub on_complete: Vec<Effect>,
    pub reminders: Vec<Reminder>,
    pub escalation: Option<Escalation>,
}

impl TaskTemplate {
    /// The outcome with a key.
    #[must_use]
    pub fn outcome(&self, key: &str) -> Option<&Outcome> {
        self.outcomes.iter().find(|outcome| outcome.key == key)
    }
}

/// Who besides the owner may execute (keys of roles).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the members are those of the document")]
pub struct ExecutionRule {
    pub enabled: bool,
    pub servicing_team_roles: Vec<String>,
    pub business_roles: Vec<String>,
    pub firm_roles: Vec<String>,
}

/// An incoming edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Key of the task that comes before.
    pub task: String,
    /// Only by this outcome of it.
    pub outcome: Option<String>,
}

/// An item to tick off.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the members are those of the document")]
pub struct ChecklistItem {
    pub key: String,
    pub text: String,
    pub required: bool,
}

/// A way to complete a task.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the members are those of the document")]
pub struct Outcome {
    pub key: String,
    pub label: String,
    pub reopens: Option<String>,
    pub max_rounds: u32,
    pub skips: Vec<String>,
    pub ends: Option<String>,
    pub sets_result: Option<String>,
    pub requires_note: bool,
    pub reason_codes: Vec<String>,
}

/// How often an outcome may send work back unless it says otherwise (E6).
pub const DEFAULT_MAX_ROUNDS: u32 = 10;

/// What a fan-out runs over (E24).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Over {
    /// The items of this field.
    Field(String),
    /// The entities of this kind that are related to the subject.
    Related(String),
    /// The entities of this segment.
    Segment(String),
}

/// What a subprocess or fan-out starts.
#[derive(Debug, Clone, PartialEq)]
pub struct Starts {
    /// Key of the process type.
    pub process_type: String,
    /// For whom.
    pub of: Target,
    /// Fields handed over.
    pub fields: BTreeMap<String, EffectOperand>,
    /// Records handed over: its key to ours.
    pub related: BTreeMap<String, String>,
    /// Its result to our outcome.
    pub results: BTreeMap<String, String>,
}

/// When a task is due (E11).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueRule {
    /// How many units.
    pub amount: DueAmount,
    /// What is counted.
    pub unit: DueUnit,
    /// What it is counted from.
    pub from: DueBase,
    /// Which calendar's business days.
    pub calendar: CalendarKind,
    /// What applies while the base is unknown.
    pub fallback: Option<Box<DueRule>>,
}

/// How many units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DueAmount {
    /// This many.
    Fixed(i32),
    /// By the value of an attribute of the subject.
    By {
        /// Key of the attribute.
        attribute: String,
        /// Amount by option.
        map: BTreeMap<String, i32>,
    },
}

/// What a due rule counts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DueBase {
    /// The start of the process.
    ProcessStart,
    /// The opening of the task.
    Opened,
    /// The completion of the task with this key.
    Task(String),
    /// The value of this date attribute of the subject.
    Attribute(String),
    /// The value of this date field.
    Field(String),
    /// The end of the current quarter.
    QuarterEnd,
    /// The start of the current fiscal year.
    FiscalYearStart,
    /// The end of the current fiscal year.
    FiscalYearEnd,
}

/// How far from a due date something happens; negative is before it (E12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offset {
    /// How many units.
    pub amount: i32,
    /// What is counted.
    pub unit: DueUnit,
}

/// Who is reminded of a due date, and when (E12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// When.
    pub offset: Offset,
    /// Who besides the task's owner.
    pub to: Option<OwnerRule>,
}

/// Whom a task is brought before that is not done in time, and when (E12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Escalation {
    /// When.
    pub offset: Offset,
    /// Who is told; the process's owner unless told.
    pub to: Option<OwnerRule>,
    /// Who owns the task from then on; empty: whoever owns it already.
    pub new_owner: Vec<OwnerRule>,
}

/// What an effect writes.
#[derive(Debug, Clone, PartialEq)]
pub enum EffectOperand {
    /// The moment of the effect.
    Now,
    /// The value of this field.
    Field(String),
    /// This value; a text may hold dynamic data.
    Fixed(FieldValue),
}

/// An effect with the conditions under which it happens (E13).
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// Only with this outcome of the task.
    pub if_outcome: Option<String>,
    /// Only where this holds.
    pub when: Option<Condition>,
    /// Once per item of this field or related key.
    pub each: Option<String>,
    /// On which record.
    pub of: Target,
    /// Not while one is open.
    pub unless_open: bool,
    /// What it does.
    pub action: EffectAction,
}

/// What an effect does.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the members are those of the document")]
pub enum EffectAction {
    LogTouchpoint {
        touchpoint_type: String,
        subject: String,
    },
    SetAttribute {
        attribute: String,
        value: EffectOperand,
    },
    RequestAttribute {
        attribute: String,
        required: bool,
    },
    CreateTask {
        title: String,
        description: Option<String>,
        owner: Vec<OwnerRule>,
        due: Option<DueRule>,
    },
    CreateEntity {
        kind: String,
        name: String,
        as_related: Option<String>,
        relation: Option<String>,
    },
    FileDocument {
        name: Option<String>,
        files: Vec<String>,
    },
    Notify {
        to: OwnerRule,
        message: String,
    },
    StartProcess {
        process_type: String,
        fields: BTreeMap<String, EffectOperand>,
        related: BTreeMap<String, String>,
    },
    ScheduleNext {
        process_type: String,
        at: DueRule,
    },
}

/// The operand type is the condition language's own.
pub type ConditionOperand = Operand;
