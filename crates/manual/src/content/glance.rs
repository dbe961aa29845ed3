//! The process in a few lines: what sets it off, who starts it, whom it is for.

use domain::{
    access::starting::ANYONE,
    process_type::definition::TriggerKind,
    schedule::{ANY_DAY, ClosedDays, When},
};

use super::{
    model::Fact,
    reading::{Reading, a, kind, plural},
};
use crate::prose::{Prose, capitalised, quoted, series, spelled};

impl Reading<'_> {
    pub(super) fn glance(&self) -> Vec<Fact> {
        let trigger = &self.document.trigger;
        let mut facts = vec![
            Fact::new("Trigger", trigger.description.as_str()),
            Fact::new("Cadence", self.cadence()),
            Fact::new("Started by", self.initiators()),
            Fact::new("Run for", self.run_for()),
        ];
        if !self.definition.owner.is_empty() {
            let owner = self.people(&self.definition.owner).capitalised();
            facts.push(Fact::new("Accountable", owner));
        }
        if !self.definition.related.is_empty() {
            let related = self.definition.related.iter().map(|related| {
                let (noun, kind) = (spelled(&related.key), kind(&related.kind));
                if related.key == related.kind {
                    a(&kind)
                } else {
                    format!("{} ({kind})", a(&noun))
                }
            });
            facts.push(Fact::new(
                "Also deals with",
                series(related, "and").capitalised(),
            ));
        }
        facts
    }

    fn cadence(&self) -> Prose {
        let kind = match self.document.trigger.kind {
            TriggerKind::Reactionary => "Whenever it happens",
            TriggerKind::Proactive => "On the firm’s own initiative",
            TriggerKind::Periodic => "At set times",
            TriggerKind::AsNeeded => "As needed",
        };
        let Some(schedule) = &self.document.schedule else {
            return Prose::from(kind);
        };
        // A definition that was read has a schedule that can be read.
        let Ok(timing) = schedule.timing().parse("/schedule", ANY_DAY) else {
            return Prose::from(kind);
        };
        let when = match &timing.when {
            When::Rule { closed_days, .. } => {
                let rule = schedule.rule.as_deref().unwrap_or_default();
                let moved = match closed_days {
                    ClosedDays::Keep => "",
                    ClosedDays::Before => ", or on the business day before when that day is closed",
                    ClosedDays::After => ", or on the next business day when that day is closed",
                };
                Prose::from(super::recurrence::in_words(rule) + moved)
            }
            When::Counted { rule, yearly } => {
                let day = self.due(rule, "the process starts").capitalised();
                if *yearly { day + ", every year" } else { day }
            }
            When::Once(day) => Prose::from(format!("Once, on {day}")),
        };
        let unless = if schedule.unless_open == Some(true) {
            ", unless one is still open"
        } else {
            ""
        };
        when + unless
    }

    fn initiators(&self) -> Prose {
        let initiators = &self.definition.initiators;
        if initiators.iter().any(|key| key == ANYONE) {
            let everyone = "Anyone of the firm";
            return Prose::from(match self.definition.subject.kinds.as_slice() {
                [firm] if firm == "firm" => everyone.to_owned(),
                _ => format!("{everyone} who may see {}", self.subject()),
            });
        }
        if initiators.is_empty() {
            return Prose::from("Managers and administrators");
        }
        let roles = initiators
            .iter()
            .map(|key| format!("the {}", self.names.role(key)));
        series(roles, "or").capitalised()
    }

    fn run_for(&self) -> Prose {
        let subject = &self.definition.subject;
        let nouns: Vec<String> = subject.kinds.iter().map(|key| kind(key)).collect();
        let said = match (subject.kinds.as_slice(), subject.many) {
            ([firm], _) if firm == "firm" => "The firm itself".to_owned(),
            (_, false) => {
                let nouns = nouns.iter().map(|noun| a(noun));
                capitalised(&series(nouns, "or").plain())
            }
            (_, true) => {
                let nouns = nouns.iter().map(|noun| plural(noun));
                format!("One or more {}", series(nouns, "or").plain())
            }
        };
        if subject.statuses.is_empty() {
            return Prose::from(said);
        }
        let statuses = subject
            .statuses
            .iter()
            .map(|status| quoted(&spelled(status)));
        Prose::from(said) + " in the status " + series(statuses, "or")
    }
}
