//! The steps, each with all that its template says.

use domain::process_type::definition::{Over, Priority, Starts, TaskKind, TaskTemplate, WaitingOn};

use super::{
    model::{Check, Fact, Part, Step, Tag, Tone},
    reading::{Reading, kind, plural},
};
use crate::prose::{Prose, capitalised, quoted, series, spelled};

impl Reading<'_> {
    /// The steps under their stages; those without one come last.
    pub(super) fn parts(&self) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        let mut last: Option<Option<&str>> = None;
        for task in &self.order {
            let stage = task.stage.as_deref();
            if last != Some(stage) {
                parts.push(Part {
                    title: stage.map(|key| self.stage(key)),
                    steps: Vec::new(),
                });
                last = Some(stage);
            }
            if let Some(part) = parts.last_mut() {
                part.steps.push(self.printed(task));
            }
        }
        parts
    }

    fn stage(&self, key: &str) -> String {
        let stage = self.definition.stages.iter().find(|it| it.key == key);
        stage.map_or_else(|| capitalised(&spelled(key)), |it| it.title.clone())
    }

    fn printed(&self, task: &TaskTemplate) -> Step {
        let text = task.description.as_deref().map(|text| self.dynamic(text));
        let paragraphs = text.as_deref().unwrap_or_default().split('\n');
        let checklist = task.checklist.iter();
        let document = self.document.tasks.iter().find(|it| it.key == task.key);
        Step {
            number: self.number(&task.key),
            title: self.dynamic(&task.title),
            tags: tags(task),
            description: paragraphs
                .map(str::trim)
                .filter(|it| !it.is_empty())
                .map(str::to_owned)
                .collect(),
            facts: self.facts(task),
            checklist: checklist
                .map(|item| Check {
                    text: item.text.clone(),
                    required: item.required,
                })
                .collect(),
            form: self.form(&task.form),
            outcomes: self.outcomes(task),
            effects: self.effects(&task.on_complete, Some(task)),
            references: document.map(|it| it.references.clone()).unwrap_or_default(),
        }
    }

    fn facts(&self, task: &TaskTemplate) -> Vec<Fact> {
        let mut facts = vec![Fact::new("Opens", self.opens(task))];
        if let Some(condition) = &task.when {
            let only =
                Prose::from("Only if ") + self.condition(condition) + "; otherwise it is skipped";
            facts.push(Fact::new("Condition", only));
        }
        facts.push(Fact::new("Owner", self.owner(&task.owner)));
        facts.push(Fact::new("May also do it", self.others(&task.execution)));
        if !task.separate_from.is_empty() {
            let nobody = Prose::from("Nobody who ") + self.worked_on(task);
            facts.push(Fact::new("Two people", nobody));
        }
        if let Some(party) = task.waiting_on {
            facts.push(Fact::new("Waits for", party_name(party)));
        }
        if let Some(over) = &task.over {
            facts.push(Fact::new("Runs", self.over(over)));
        }
        if let Some(starts) = &task.starts {
            let lines = self.starts(starts, task);
            facts.push(Fact {
                label: "Process",
                lines,
            });
        }
        facts.push(Fact::new("Due", self.due_line(task)));
        if task.skippable {
            // Approvals, decisions and what a separation names are never skipped by hand either, as the introduction says.
        } else {
            facts.push(Fact::new("Skipping", "It cannot be skipped by hand"));
        }
        let reminders = self.reminders(task);
        if !reminders.is_empty() {
            facts.push(Fact {
                label: "Reminders",
                lines: reminders,
            });
        }
        if let Some(escalation) = self.escalation(task) {
            facts.push(Fact::new("Escalation", escalation));
        }
        if task.outcomes.is_empty() {
            facts.push(Fact::new("Next", self.leads_on(task, None)));
        }
        facts
    }

    fn due_line(&self, task: &TaskTemplate) -> Prose {
        match &task.due {
            None => Prose::from("No due date"),
            Some(rule) => self.due(rule, "the step opens").capitalised(),
        }
    }

    fn over(&self, over: &Over) -> Prose {
        Prose::from(match over {
            Over::Field(key) => format!("Once for each choice in {}", self.field_name(key)),
            Over::Related(key) => {
                let noun = kind(key);
                format!(
                    "Once for each of the {} of {}",
                    plural(&noun),
                    self.subject()
                )
            }
            Over::Segment(_) => "Once for each record of a segment".to_owned(),
        })
    }

    fn starts(&self, starts: &Starts, task: &TaskTemplate) -> Vec<Prose> {
        let known = self.names.types.get(&starts.process_type);
        let name = quoted(&self.names.process_type(&starts.process_type));
        let whom = match task.kind {
            TaskKind::FanOut => "each".to_owned(),
            TaskKind::Task
            | TaskKind::Approval
            | TaskKind::Decision
            | TaskKind::Wait
            | TaskKind::Subprocess => self.target(&starts.of),
        };
        let handed = self.handed_over(&starts.process_type, &starts.fields, &starts.related);
        let mut lines = vec![Prose::from(format!(
            "Starts {name} for {whom}{handed}, and waits for its end"
        ))];
        if !starts.results.is_empty() {
            let results = starts.results.iter().map(|(result, outcome)| {
                let label = known.and_then(|known| known.results.get(result)).cloned();
                let label = quoted(&label.unwrap_or_else(|| spelled(result)));
                let outcome = task.outcome(outcome).map(|it| it.label.as_str());
                format!("{label} gives {}", quoted(outcome.unwrap_or_default()))
            });
            lines.push(Prose::from("Its result decides: ") + series(results, "and"));
        }
        lines
    }
}

fn tags(task: &TaskTemplate) -> Vec<Tag> {
    let (text, tone) = match task.kind {
        TaskKind::Task => ("Task", Tone::Work),
        TaskKind::Approval => ("Approval", Tone::Judgement),
        TaskKind::Decision => ("Decision", Tone::Judgement),
        TaskKind::Wait => ("Waiting", Tone::Waiting),
        TaskKind::FanOut => ("For each", Tone::Process),
        TaskKind::Subprocess => ("Process", Tone::Process),
    };
    let priority = match task.priority {
        Priority::Normal => None,
        Priority::Low => Some(("Low priority", Tone::Work)),
        Priority::High => Some(("High priority", Tone::Urgent)),
        Priority::Urgent => Some(("Urgent", Tone::Urgent)),
    };
    let all = [Some((text, tone)), priority];
    all.into_iter()
        .flatten()
        .map(|(text, tone)| Tag { text, tone })
        .collect()
}

const fn party_name(party: WaitingOn) -> &'static str {
    match party {
        WaitingOn::Client => "The client",
        WaitingOn::Prospect => "The prospect",
        WaitingOn::Custodian => "The custodian",
        WaitingOn::OtherFirm => "The other firm",
        WaitingOn::ReferralSource => "The referral source",
        WaitingOn::Regulator => "The regulator",
        WaitingOn::Vendor => "The vendor",
        WaitingOn::Other => "An outside party",
    }
}
