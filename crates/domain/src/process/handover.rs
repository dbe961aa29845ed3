//! Processes that a process starts, by job, after the change is committed (E13).

use std::collections::BTreeMap;

use super::{effects::Occasion, engine::Engine};
use crate::{
    ids::EntityId,
    job::{Job, StartRequest},
    process_type::definition::{EffectOperand, Target},
};

/// What a process is started with by this one.
#[derive(Clone, Copy)]
pub(super) struct Handover<'h> {
    /// Key of its type.
    pub(super) process_type: &'h str,
    /// Its fields.
    pub(super) fields: &'h BTreeMap<String, EffectOperand>,
    /// Its related records, by its key and ours.
    pub(super) related: &'h BTreeMap<String, String>,
}

impl Engine<'_> {
    /// Asks for one process per record; where there is no record, tells that none can start.
    pub(super) fn start_processes(
        &mut self,
        records: &[EntityId],
        handover: Handover<'_>,
        unless_open: bool,
        occasion: &Occasion<'_>,
    ) {
        if records.is_empty() {
            self.not_started(handover.process_type, self.task_of(occasion));
        }
        let again = occasion
            .source
            .task()
            .is_some_and(|index| self.run.tasks[index].attempt > 1);
        for &entity_id in records {
            let request = StartRequest {
                // Done again, a completion starts no second follow-up while the first is open (E6).
                unless_open: unless_open || again,
                ..self.handed_over(handover, entity_id, occasion)
            };
            self.changes.jobs.push(Job::StartProcess(request));
        }
    }

    /// The request for one process; nobody waits for it, and an open one is no hindrance.
    pub(super) fn handed_over(
        &self,
        handover: Handover<'_>,
        entity_id: EntityId,
        occasion: &Occasion<'_>,
    ) -> StartRequest {
        let process = &self.run.process;
        StartRequest {
            process_type: handover.process_type.to_owned(),
            entity_id: Some(entity_id),
            related: handover
                .related
                .iter()
                .filter_map(|(its, ours)| Some((its.clone(), self.record_named(ours)?)))
                .collect(),
            fields: handover
                .fields
                .iter()
                .filter_map(|(key, operand)| Some((key.clone(), self.operand(operand, occasion)?)))
                .collect(),
            parent_process_id: process.id,
            parent_task_id: self.task_of(occasion),
            parent_attempt: occasion
                .source
                .task()
                .map(|index| self.run.tasks[index].attempt),
            waited_for: false,
            depth: process.depth + 1,
            unless_open: false,
            initiator_id: self.author(occasion),
        }
    }

    /// A related record, or the one that an `entity` field names.
    fn record_named(&self, key: &str) -> Option<EntityId> {
        let related = self.run.process.related.get(key).copied();
        related.or_else(|| {
            let named = self.records(&Target::Field(key.to_owned()), None);
            named.first().copied()
        })
    }
}
