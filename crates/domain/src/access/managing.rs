//! Who may do what to a task besides executing it (X7, X16).

use chrono::TimeDelta;

use super::{
    Actor, Rule, barrier,
    decision::Decision,
    execution::{TaskFacts, why_allowed},
    owning::{OwnerNames, claim},
    route::{route, standing_in_for_owner},
    team::is_primary_lead,
};
use crate::{ids::UserId, process::Process, user::PermissionLevel};

/// How long whoever completed a task may take it back themselves (E8).
pub const UNDO_MINUTES: i64 = 15;

macro_rules! task_actions {
    ($($(#[$doc:meta])* $name:ident = $text:literal),+ $(,)?) => {
        /// What is done to a task besides executing it (X7).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum TaskAction {
            $($(#[$doc])* $name),+
        }

        impl TaskAction {
            /// Every action, for tables and tests.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The public name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }
    };
}

task_actions! {
    /// Give it to somebody else.
    Assign = "assign",
    /// Move its due date.
    Reschedule = "reschedule",
    /// Say how urgent it is.
    Reprioritise = "reprioritise",
    /// Change its title or description.
    Retitle = "retitle",
    /// Stop it for a reason.
    Hold = "hold",
    /// Go on with it.
    Resume = "resume",
    /// Pass it by.
    Skip = "skip",
    /// Give it up.
    Cancel = "cancel",
    /// Start the process that it waits for again.
    Retry = "retry",
    /// Take its completion back.
    Reopen = "reopen",
    /// Give it back, so that nobody owns it.
    Release = "release",
    /// Take it while nobody owns it.
    Claim = "claim",
    /// Change who else may execute it.
    ChangeLists = "change_lists",
}

/// A task with what stands around it, for the questions beyond executing it.
#[derive(Clone, Copy)]
pub struct WorkFacts<'a> {
    /// The task, its entity and the people there.
    pub task: TaskFacts<'a>,
    /// The process that it belongs to.
    pub process: Option<&'a Process>,
    /// The accountable person of the play that made it.
    pub play_accountable: Option<UserId>,
    /// Whom the owner rule of its template names.
    pub owner_rule: OwnerNames<'a>,
}

/// Whether somebody may do this to the task. Whether its state allows it is the engine's question.
#[must_use]
pub fn decide_action(action: TaskAction, actor: &Actor, facts: WorkFacts<'_>) -> Decision {
    let task = facts.task;
    let rule = match action {
        TaskAction::Claim => Rule::X20,
        TaskAction::Assign
        | TaskAction::Reschedule
        | TaskAction::Reprioritise
        | TaskAction::Retitle
        | TaskAction::Hold
        | TaskAction::Resume
        | TaskAction::Skip
        | TaskAction::Cancel
        | TaskAction::Retry
        | TaskAction::Reopen
        | TaskAction::Release
        | TaskAction::ChangeLists => Rule::X16,
    };
    if let Some(refusal) = barrier::change(actor, task.firm.id, task.entity, task.memberships, rule)
    {
        return refusal;
    }
    if action == TaskAction::Claim {
        return claim(actor.user_id, facts);
    }
    if let Some(why) = manages(actor, facts) {
        return Decision::allow(Rule::X16, why);
    }
    as_owner(action, actor.user_id, task)
        .or_else(|| as_completer(action, actor.user_id, task))
        .unwrap_or_else(|| unmanaged(action, actor.user_id, task))
}

/// Whether somebody is among those who manage the task, and as what.
pub(super) fn manages(actor: &Actor, facts: WorkFacts<'_>) -> Option<&'static str> {
    let task = facts.task;
    if actor.level == PermissionLevel::Admin {
        Some("an admin manages every task")
    } else if task.task.owner_id.is_some_and(|owner| actor.manages(owner)) {
        Some("manages the owner of the task")
    } else if facts.process.and_then(|process| process.owner_id) == Some(actor.user_id) {
        Some("owns the process")
    } else if facts.play_accountable == Some(actor.user_id) {
        Some("is accountable for the play")
    } else if is_primary_lead(
        actor.user_id,
        task.task.entity_id,
        task.memberships,
        task.roles,
    ) {
        Some("is the primary lead of the record")
    } else {
        None
    }
}

/// What an owner may do with their own task; a cover for them, too (X10).
fn as_owner(action: TaskAction, user: UserId, facts: TaskFacts<'_>) -> Option<Decision> {
    if !granted_to_owners(action, facts) {
        None
    } else if facts.task.owner_id == Some(user) {
        Some(Decision::allow(Rule::X16, "owns the task"))
    } else {
        standing_in_for_owner(user, facts).map(|absent| Decision {
            on_behalf_of: Some(absent),
            ..Decision::allow(Rule::X10, "covers for the owner of the task")
        })
    }
}

/// What owners do with their own tasks.
const fn granted_to_owners(action: TaskAction, facts: TaskFacts<'_>) -> bool {
    match action {
        TaskAction::Assign | TaskAction::Release | TaskAction::Hold | TaskAction::Resume => true,
        TaskAction::Reschedule => facts.firm.owner_may_reschedule,
        TaskAction::Reprioritise
        | TaskAction::Retitle
        | TaskAction::Skip
        | TaskAction::Cancel
        | TaskAction::Retry
        | TaskAction::Reopen
        | TaskAction::Claim
        | TaskAction::ChangeLists => false,
    }
}

/// Whoever completed the task may take that back for a while (E8).
fn as_completer(action: TaskAction, user: UserId, facts: TaskFacts<'_>) -> Option<Decision> {
    let completion = facts.task.completion.as_ref()?;
    let lately = facts.now - completion.at <= TimeDelta::minutes(UNDO_MINUTES);
    (action == TaskAction::Reopen && completion.by == Some(user) && lately)
        .then(|| Decision::allow(Rule::X16, "completed the task a moment ago"))
}

fn unmanaged(action: TaskAction, user: UserId, facts: TaskFacts<'_>) -> Decision {
    let owner = if granted_to_owners(action, facts) {
        "its owner, "
    } else {
        ""
    };
    let those_who_may = format!(
        "only {owner}its owner's manager, the owner of its process, the primary lead of {} or an admin may",
        facts.entity.name
    );
    if action == TaskAction::Reopen && completed(user, facts) {
        return Decision::refuse(
            Rule::X16,
            format!(
                "completed the task more than {UNDO_MINUTES} minutes ago; now {those_who_may} reopen it"
            ),
        );
    }
    match route(user, facts) {
        Some(route) => Decision::refuse(
            Rule::X7,
            format!(
                "{}, which lets one execute it but not {}: {those_who_may}",
                why_allowed(route, facts),
                in_words(action)
            ),
        ),
        None => Decision::refuse(Rule::X16, format!("{those_who_may} {}", in_words(action))),
    }
}

fn completed(user: UserId, facts: TaskFacts<'_>) -> bool {
    let completion = facts.task.completion.as_ref();
    completion.is_some_and(|completion| completion.by == Some(user))
}

const fn in_words(action: TaskAction) -> &'static str {
    match action {
        TaskAction::Assign => "assign it",
        TaskAction::Reschedule => "move its due date",
        TaskAction::Reprioritise => "change its priority",
        TaskAction::Retitle => "change its title or description",
        TaskAction::Hold => "put it on hold",
        TaskAction::Resume => "resume it",
        TaskAction::Skip => "skip it",
        TaskAction::Cancel => "cancel it",
        TaskAction::Retry => "start its process again",
        TaskAction::Reopen => "reopen it",
        TaskAction::Release => "release it",
        TaskAction::Claim => "claim it",
        TaskAction::ChangeLists => "change who may execute it",
    }
}
