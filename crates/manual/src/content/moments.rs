//! Reminders and escalation (E12).

use domain::process_type::definition::{OwnerRule, TaskTemplate};

use super::{dues::offset, reading::Reading};
use crate::prose::Prose;

impl Reading<'_> {
    pub(super) fn reminders(&self, task: &TaskTemplate) -> Vec<Prose> {
        let reminders = task.reminders.iter();
        reminders
            .map(|reminder| {
                let to = match &reminder.to {
                    None | Some(OwnerRule::Unassigned) => Prose::from("The owner"),
                    Some(rule) => Prose::from("The owner and ") + self.person(rule),
                };
                let when = offset(reminder.offset);
                let verb = if reminder.to.is_some() { "are" } else { "is" };
                to + format!(" {verb} reminded {when}").as_str()
            })
            .collect()
    }

    pub(super) fn escalation(&self, task: &TaskTemplate) -> Option<Prose> {
        let escalation = task.escalation.as_ref()?;
        let when = Prose::from(offset(escalation.offset)).capitalised();
        let told = match &escalation.to {
            None => Prose::from("the owner of the process"),
            Some(rule) => self.person(rule),
        };
        let said = when + ", if it is still not done, " + told + " is told";
        Some(if escalation.new_owner.is_empty() {
            said
        } else {
            said + " and the step passes to " + self.people(&escalation.new_owner)
        })
    }
}
