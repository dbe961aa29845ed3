//! Where conditions, texts and due rules find the facts of a run (E4, E11, E14).

use chrono::{DateTime, Utc};

use crate::{
    calendar::due::Anchors,
    condition::{Subject, Values},
    process::engine::Engine,
    text::Names,
    value::FieldValue,
};

impl Engine<'_> {
    pub(super) fn values(&self) -> RunFacts<'_> {
        RunFacts { engine: self }
    }

    pub(super) fn names(&self, _task_index: Option<usize>) -> RunFacts<'_> {
        RunFacts { engine: self }
    }

    pub(super) fn anchors(&self, _task_index: Option<usize>) -> RunFacts<'_> {
        RunFacts { engine: self }
    }
}

/// The facts of a run.
pub struct RunFacts<'e> {
    engine: &'e Engine<'e>,
}

impl Values for RunFacts<'_> {
    fn value(&self, subject: &Subject) -> Option<FieldValue> {
        let run = &self.engine.run;
        match subject {
            Subject::Field(key) => {
                let form = run.tasks.iter().find_map(|task| task.form.get(key));
                run.process.fields.get(key).or(form).cloned()
            }
            Subject::Task(key) => Some(FieldValue::Text(run.task(key)?.outcome()?.to_owned())),
            Subject::Attribute(_) | Subject::Policy(_) => None,
        }
    }
}

impl Names for RunFacts<'_> {
    fn text(&self, _path: &str) -> Option<String> {
        None
    }
}

impl Anchors for RunFacts<'_> {
    fn process_start(&self) -> DateTime<Utc> {
        self.engine.run.process.started_at
    }
    fn opened(&self) -> DateTime<Utc> {
        self.engine.now
    }
    fn completed(&self, task: &str) -> Option<DateTime<Utc>> {
        Some(self.engine.run.task(task)?.completion.as_ref()?.at)
    }
    fn attribute(&self, _key: &str) -> Option<FieldValue> {
        None
    }
    fn field(&self, key: &str) -> Option<FieldValue> {
        self.value(&Subject::Field(key.to_owned()))
    }
}
