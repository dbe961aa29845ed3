//! Finds what a definition names, and tells what is known at which moment of a run.

use std::collections::{BTreeSet, HashMap};

use super::{
    CheckContext, KnownAttribute,
    fates::Fates,
    graph::Graph,
    shape::{Base, Shape},
};
use crate::{
    entity::{BUILT_IN_KINDS, CLIENT_KINDS, kind_matches, statuses_of},
    process_type::{
        definition::{Definition, Field, Over, Policy, Target, TaskKind, TaskTemplate},
        document::ProcessTypeDocument,
    },
    value::{FieldType, FieldValue},
};

/// The attribute that every entity has.
pub(super) const STATUS: &str = "status";

/// Kind of entity behind a `user` field.
const USER_KIND: &str = "employee";

/// A moment of a run, with what has been captured by then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// While the start form is filled in, up to this field.
    Starting(usize),
    /// When the process has started.
    Started,
    /// When this task would open.
    Opening(usize),
    /// While the form of this task is filled in, up to this field.
    Filling(usize, usize),
    /// When this task is completed.
    Completing(usize),
    /// When a result is reached.
    Ending,
}

/// Where a field stands: its task, if it is not of the start form, and its place in the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Home {
    pub(super) task: Option<usize>,
    pub(super) place: usize,
}

pub(super) struct Index<'a> {
    pub(super) document: &'a ProcessTypeDocument,
    pub(super) definition: &'a Definition,
    pub(super) context: &'a CheckContext,
    pub(super) graph: Graph,
    pub(super) fates: Fates,
    tasks: HashMap<&'a str, usize>,
    fields: HashMap<&'a str, (Home, &'a Field)>,
    related: HashMap<&'a str, &'a str>,
    attributes: HashMap<&'a str, Vec<&'a KnownAttribute>>,
    kinds: BTreeSet<&'a str>,
    /// The kinds of the subject, `client` spelled out.
    pub(super) subject_kinds: Vec<&'a str>,
}

impl<'a> Index<'a> {
    pub(super) fn new(
        document: &'a ProcessTypeDocument,
        definition: &'a Definition,
        context: &'a CheckContext,
    ) -> Self {
        let mut tasks = HashMap::new();
        let mut fields = HashMap::new();
        for (place, field) in definition.start_form.iter().enumerate() {
            let home = Home { task: None, place };
            fields.entry(field.key.as_str()).or_insert((home, field));
        }
        for (index, task) in definition.tasks.iter().enumerate() {
            tasks.entry(task.key.as_str()).or_insert(index);
            for (place, field) in task.form.iter().enumerate() {
                let home = Home {
                    task: Some(index),
                    place,
                };
                fields.entry(field.key.as_str()).or_insert((home, field));
            }
        }
        let mut attributes: HashMap<&str, Vec<&KnownAttribute>> = HashMap::new();
        for attribute in &context.attributes {
            attributes
                .entry(attribute.key.as_str())
                .or_default()
                .push(attribute);
        }
        let own_kinds = context.entity_kinds.iter().map(String::as_str);
        let described = context.attributes.iter().map(|a| a.entity_kind.as_str());
        let graph = Graph::new(&definition.tasks, &tasks);
        let fates = Fates::new(&definition.tasks, &graph);
        Self {
            document,
            definition,
            context,
            graph,
            fates,
            tasks,
            fields,
            related: definition
                .related
                .iter()
                .map(|related| (related.key.as_str(), related.kind.as_str()))
                .collect(),
            attributes,
            kinds: BUILT_IN_KINDS
                .into_iter()
                .chain(own_kinds)
                .chain(described)
                .collect(),
            subject_kinds: spelled_out(definition.subject.kinds.iter().map(String::as_str)),
        }
    }

    pub(super) fn tasks(&self) -> impl Iterator<Item = (usize, &'a TaskTemplate)> {
        self.definition.tasks.iter().enumerate()
    }

    pub(super) fn task(&self, key: &str) -> Option<(usize, &'a TaskTemplate)> {
        let index = *self.tasks.get(key)?;
        Some((index, &self.definition.tasks[index]))
    }

    pub(super) fn field(&self, key: &str) -> Option<(Home, &'a Field)> {
        self.fields.get(key).copied()
    }

    /// The kind of the related record with a key.
    pub(super) fn related(&self, key: &str) -> Option<&'a str> {
        self.related.get(key).copied()
    }

    /// Whether entities of this kind, or kinds, can exist.
    pub(super) fn knows_kind(&self, kind: &str) -> bool {
        kind == "client" || self.kinds.contains(kind)
    }

    /// Whether a task has certainly or possibly been completed by a moment.
    pub(super) fn task_is_past(&self, task: usize, at: Moment) -> bool {
        match at {
            Moment::Starting(_) | Moment::Started => false,
            Moment::Opening(now) | Moment::Filling(now, _) => self.may_precede(task, now),
            Moment::Completing(now) => task == now || self.may_precede(task, now),
            Moment::Ending => true,
        }
    }

    /// Whether a field has certainly or possibly been captured by a moment.
    pub(super) fn field_is_past(&self, home: Home, at: Moment) -> bool {
        match (home.task, at) {
            (None, Moment::Starting(place)) => home.place < place,
            (None, _) => true,
            (Some(task), Moment::Filling(now, place)) if task == now => home.place < place,
            (Some(task), at) => {
                // A form that is filled in once per item has no answer for anybody else (E24).
                let many = self.definition.tasks[task].kind == TaskKind::FanOut;
                (!many || at == Moment::Completing(task)) && self.task_is_past(task, at)
            }
        }
    }

    /// Whether something of a task can have happened by a moment, be it on a way beside.
    pub(super) fn may_have_happened(&self, task: usize, at: Moment) -> bool {
        match at {
            Moment::Starting(_) | Moment::Started => false,
            Moment::Opening(now) | Moment::Filling(now, _) => {
                task != now && !self.graph.precedes(now, task) && !self.fates.exclude(task, now)
            }
            Moment::Completing(now) => {
                task == now || (!self.graph.precedes(now, task) && !self.fates.exclude(task, now))
            }
            Moment::Ending => true,
        }
    }

    fn may_precede(&self, first: usize, second: usize) -> bool {
        self.graph.precedes(first, second) && !self.fates.exclude(first, second)
    }

    /// The kinds of the records that a task is for at a moment: of its subject, or of the items of a fan-out (E24).
    pub(super) fn own_kinds(&self, at: Moment) -> Vec<&'a str> {
        let task = match at {
            Moment::Filling(task, _) | Moment::Completing(task) => &self.definition.tasks[task],
            Moment::Starting(_) | Moment::Started | Moment::Opening(_) | Moment::Ending => {
                return self.subject_kinds.clone();
            }
        };
        match &task.over {
            Some(Over::Related(kind)) => spelled_out([kind.as_str()].into_iter()),
            Some(Over::Field(key)) => match self.field(key) {
                Some((_, field)) if field.field_type == FieldType::Entity => {
                    spelled_out(field.entity_kind.as_deref().into_iter())
                }
                Some(_) | None => self.subject_kinds.clone(),
            },
            Some(Over::Segment(_)) | None => self.subject_kinds.clone(),
        }
    }

    /// The kinds of the records that a target may be at a moment.
    pub(super) fn kinds_of(&self, target: &Target, at: Moment) -> Vec<&'a str> {
        match target {
            Target::Subject => self.own_kinds(at),
            Target::Firm => vec!["firm"],
            Target::Related(key) => spelled_out(self.related(key).into_iter()),
            Target::Field(key) => match self.field(key) {
                Some((_, field)) if field.field_type == FieldType::User => vec![USER_KIND],
                Some((_, field)) => spelled_out(field.entity_kind.as_deref().into_iter()),
                None => Vec::new(),
            },
        }
    }

    /// The shape of an attribute for each of some kinds of entity that has it.
    pub(super) fn attribute(&self, key: &str, kinds: &[&'a str]) -> Vec<Shape<'a>> {
        kinds
            .iter()
            .filter_map(|kind| self.attribute_of(key, kind))
            .collect()
    }

    fn attribute_of(&self, key: &str, kind: &str) -> Option<Shape<'a>> {
        if key == STATUS {
            let statuses = statuses_of(kind).iter().map(|status| (*status).to_owned());
            return Some(Shape::choice(statuses.collect::<Vec<_>>()));
        }
        let known = self.attributes.get(key)?;
        known
            .iter()
            .find(|attribute| kind_matches(&attribute.entity_kind, kind))
            .map(|attribute| Shape::of_attribute(attribute.value_type, &attribute.options))
    }

    /// The shape of a policy's values.
    pub(super) fn policy(&self, key: &str) -> Option<Shape<'a>> {
        let policies = &self.definition.policies;
        let policy = policies.iter().find(|policy| policy.key == key)?;
        Some(policy_shape(policy.field_type))
    }
}

/// A policy has no options of its own: a choice among none is any text.
const fn policy_shape<'a>(field_type: FieldType) -> Shape<'a> {
    match Base::of(field_type) {
        Base::Choice => Shape::plain(Base::Text),
        base => Shape::plain(base),
    }
}

impl Policy {
    /// Whether it may have this value; otherwise what it may have.
    pub fn takes(&self, value: &FieldValue) -> Result<(), String> {
        let shape = policy_shape(self.field_type);
        shape.takes(value).map_err(|_| shape.name())
    }
}

/// The kinds of a firm's own that a definition names: neither built in nor `client`.
#[must_use]
pub fn own_kinds(document: &ProcessTypeDocument) -> BTreeSet<&str> {
    let forms = document.tasks.iter().flat_map(|task| &task.form);
    let fields = document.start_form.iter().chain(forms);
    let of_tasks = document.tasks.iter().flat_map(|task| &task.on_complete);
    let of_results = document.results.iter().flat_map(|result| &result.effects);
    let made = of_tasks
        .chain(of_results)
        .filter_map(|it| it.kind.as_deref());
    document
        .subject
        .kinds
        .iter()
        .map(String::as_str)
        .chain(document.related.iter().map(|related| related.kind.as_str()))
        .chain(fields.filter_map(|field| field.entity_kind.as_deref()))
        .chain(made)
        .filter(|kind| *kind != "client" && !BUILT_IN_KINDS.contains(kind))
        .collect()
}

fn spelled_out<'a>(kinds: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut all = Vec::new();
    for kind in kinds {
        if kind == "client" {
            all.extend(CLIENT_KINDS);
        } else {
            all.push(kind);
        }
    }
    all
}
