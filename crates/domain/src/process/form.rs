//! What a completion needs of its content (E7).

use crate::{
    fault::Fault,
    ids::UserId,
    process::{engine::Engine, input::CompletionInput},
};

impl Engine<'_> {
    pub(super) fn check_completion(&self, index: usize, input: &CompletionInput) -> Vec<Fault> {
        let outcomes = self.template(index).map_or(&[][..], |task| &task.outcomes);
        let known = match &input.outcome {
            Some(chosen) => outcomes.iter().any(|outcome| outcome.key == *chosen),
            None => outcomes.is_empty(),
        };
        if known {
            return Vec::new();
        }
        vec![Fault::new(
            "/outcome",
            "unknown-outcome",
            "Choose an outcome.",
        )]
    }

    pub(super) fn apply_content(&mut self, index: usize, input: &CompletionInput, by: UserId) {
        let task = &mut self.run.tasks[index];
        for (key, value) in &input.form {
            match value {
                Some(value) => task.form.insert(key.clone(), value.clone()),
                None => task.form.remove(key),
            };
            if !task.form_editors.contains(&by) {
                task.form_editors.push(by);
            }
        }
        for item in &mut task.checklist {
            item.done = input.checklist.get(&item.key).copied().unwrap_or(item.done);
        }
    }
}
