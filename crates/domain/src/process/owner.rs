//! Who owns a task when it opens (E9).

use std::collections::BTreeSet;

use crate::{
    ids::UserId,
    process::{engine::Engine, run::Run},
    process_type::definition::OwnerRule,
    task::Task,
    user::UserStatus,
};

impl Engine<'_> {
    pub(super) fn resolve_owner(
        &self,
        rules: &[OwnerRule],
        task_index: Option<usize>,
    ) -> Option<UserId> {
        let refused = task_index.map(|index| preparers(&self.run, &self.run.tasks[index]));
        let refused = refused.unwrap_or_default();
        rules.iter().find_map(|rule| match rule {
            OwnerRule::User(user) => {
                let person = self.world.around.people.get(user)?;
                (person.status == UserStatus::Active && !refused.contains(user)).then_some(*user)
            }
            OwnerRule::ProcessOwner => self.run.process.owner_id,
            OwnerRule::Initiator => self.run.process.initiator_id,
            OwnerRule::ExecutorOf(key) => self.run.task(key)?.completion.as_ref()?.by,
            OwnerRule::Role(_) | OwnerRule::Field(_) | OwnerRule::Unassigned => None,
        })
    }
}

/// Everyone whom segregation keeps from a task (X11).
#[must_use]
pub fn preparers(run: &Run, task: &Task) -> BTreeSet<UserId> {
    let sources = task.separate_from.iter().filter_map(|key| run.task(key));
    sources
        .flat_map(|source| {
            let earlier = source.attempts.iter().map(|attempt| &attempt.completion);
            let completions = earlier.chain([&source.completion]).flatten();
            completions.filter_map(|completion| completion.by)
        })
        .collect()
}
