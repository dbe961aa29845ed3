//! Tasks that effects make: follow-ups and reminders (E13).

use super::{
    adhoc::{AD_HOC, NewTask},
    effects::Occasion,
    engine::Engine,
};
use crate::{
    calendar::due,
    event::EventType,
    ids::EntityId,
    process_type::definition::{DueRule, OwnerRule},
    task::{Source, SourceType, Task},
};

/// A task that an effect makes, as the effect words it.
#[derive(Clone, Copy)]
pub(super) struct FollowUp<'f> {
    pub(super) title: &'f str,
    pub(super) description: Option<&'f str>,
    pub(super) owner: &'f [OwnerRule],
    pub(super) due: Option<&'f DueRule>,
}

impl Engine<'_> {
    /// Makes one task per record. The process does not wait for it. With `unless_open`, and when a completion is done again
    /// (E6), none is made while one like it is open.
    pub(super) fn follow_up(
        &mut self,
        records: &[EntityId],
        follow_up: FollowUp<'_>,
        unless_open: bool,
        occasion: &Occasion<'_>,
    ) {
        let completing = occasion.source.task().map(|index| &self.run.tasks[index]);
        let once = unless_open || completing.is_some_and(|task| task.attempt > 1);
        let source = completing.map_or(
            Source {
                kind: SourceType::Process,
                id: self.run.process.id.0,
            },
            |task| Source {
                kind: SourceType::FollowUp,
                id: task.id.0,
            },
        );
        for &entity_id in records {
            let title = self.rendered(follow_up.title, occasion);
            let like = |task: &Task| {
                task.status.is_active()
                    && task.key == AD_HOC
                    && task.source.kind == source.kind
                    && (task.entity_id, &task.title) == (entity_id, &title)
            };
            if once && self.run.tasks.iter().any(like) {
                continue;
            }
            let description = follow_up.description;
            let new = NewTask {
                description: description.map(|text| self.rendered(text, occasion)),
                title,
                ..NewTask::default()
            };
            let index = self.append(new, entity_id, source);
            self.settle(index, follow_up, occasion);
        }
    }

    /// Finds whose a new follow-up is and when it is due, and tells of it.
    fn settle(&mut self, index: usize, follow_up: FollowUp<'_>, occasion: &Occasion<'_>) {
        // Without a rule it is for whoever brought it about.
        let author = self.author(occasion).map(OwnerRule::User);
        let default: Vec<OwnerRule> = author
            .into_iter()
            .chain([OwnerRule::ProcessOwner])
            .collect();
        let rules = if follow_up.owner.is_empty() {
            &default[..]
        } else {
            follow_up.owner
        };
        let owner = self.resolve_owner(rules, Some(index));
        let calendars = &self.world.catalog.calendars;
        let due = follow_up
            .due
            .and_then(|rule| due::due(rule, &self.anchors(Some(index)), calendars, self.now));
        let task = &mut self.run.tasks[index];
        task.owner_id = owner;
        task.due_at = due.map(|due| due.at);
        task.compressed = due.is_some_and(|due| due.compressed);
        self.tell_new(index);
        if owner.is_none() && !rules.contains(&OwnerRule::Unassigned) {
            self.change_task(EventType::TaskUnassigned, index, |_| {});
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        process::{
            ProcessStatus,
            rehearsal::{ANNA, BEN, CLIENT, Rehearsal, after, back, choice, outcome, task, yes},
        },
        process_type::definition::{
            COMPLETED, CalendarKind, DueAmount, DueBase, DueUnit, Effect, EffectAction, Target,
            TaskTemplate,
        },
        task::TaskStatus,
    };

    fn makes(title: &str, owner: Vec<OwnerRule>) -> Effect {
        Effect {
            if_outcome: None,
            when: None,
            each: None,
            of: Target::Subject,
            unless_open: false,
            action: EffectAction::CreateTask {
                title: title.to_owned(),
                description: Some("About {{ entity.name }}".to_owned()),
                owner,
                due: Some(DueRule {
                    amount: DueAmount::Fixed(2),
                    unit: DueUnit::BusinessDays,
                    from: DueBase::Opened,
                    calendar: CalendarKind::Market,
                    fallback: None,
                }),
            },
        }
    }

    fn with(effects: Vec<Effect>, template: TaskTemplate) -> TaskTemplate {
        TaskTemplate {
            on_complete: effects,
            ..template
        }
    }

    /// E13
    #[test]
    fn a_follow_up_is_open_dated_owned_and_holds_nothing_up() {
        let ben = vec![OwnerRule::User(BEN)];
        let effect = makes("Call {{ entity.name }}", ben);
        let plan = Rehearsal::of([with(vec![effect], task("a"))]);
        let mut engine = plan.start();
        engine.told();
        engine.done(&["a"]);
        let made = engine.run.tasks.last().unwrap().clone();
        assert_eq!(made.title, "Call Okafor Household");
        assert_eq!(made.description.as_deref(), Some("About Okafor Household"));
        assert_eq!((made.owner_id, made.entity_id), (Some(BEN), CLIENT));
        assert_eq!(made.due_at, Some("2026-03-04T22:00:00Z".parse().unwrap()));
        assert_eq!(made.source.kind, SourceType::FollowUp);
        assert_eq!(made.source.id, engine.id("a").0);
        assert_eq!(made.status, TaskStatus::Open);
        assert_eq!(engine.changes.effects.created, [made.id]);
        let completion = engine.of("a").completion.as_ref().unwrap();
        assert_eq!(completion.consequences.tasks, [made.id]);
        assert_eq!(engine.run.process.status, ProcessStatus::Completed);
        engine.done(&[AD_HOC]);
    }

    /// E13
    #[test]
    fn without_an_owner_rule_it_is_for_whoever_brought_it_about() {
        let plan = Rehearsal::of([with(vec![makes("Call", Vec::new())], task("a"))])
            .with_result(COMPLETED, vec![makes("File", Vec::new())]);
        let mut engine = plan.start();
        engine.finish_by(BEN, "a", "").unwrap();
        let owners: Vec<_> = engine.run.tasks[1..].iter().map(|it| it.owner_id).collect();
        assert_eq!(owners, [Some(BEN), Some(ANNA)]);
        assert_eq!(engine.run.tasks[2].source.kind, SourceType::Process);
    }

    /// E13, E6
    #[test]
    fn done_again_it_makes_no_second_one_while_the_first_is_open() {
        let plan = Rehearsal::of([
            with(vec![makes("Call", Vec::new())], task("a")),
            after(&["a"], choice("b", [back("bad", "a"), outcome("good")])),
        ]);
        let mut engine = plan.start();
        engine.done(&["a"]);
        engine.finish_task("b", "bad").unwrap();
        engine.done(&["a"]);
        assert_eq!(engine.run.tasks.len(), 3);
        engine.finish_task("b", "bad").unwrap();
        engine.done(&[AD_HOC, "a"]);
        assert_eq!(engine.run.tasks.len(), 4);
    }

    /// E13
    #[test]
    fn unless_open_it_is_made_once() {
        let once = Effect {
            unless_open: true,
            ..makes("Call", Vec::new())
        };
        let plan = Rehearsal::of([
            with(vec![once.clone()], task("a")),
            with(vec![once], task("b")),
            task("c"),
        ]);
        let mut engine = plan.start();
        engine.done(&["a", "b"]);
        assert_eq!(engine.run.tasks.len(), 4);
    }

    /// E8
    #[test]
    fn an_open_follow_up_stands_in_the_way_of_undoing_and_a_cancelled_one_does_not() {
        use crate::process::{error::TaskError, undo::UndoFacts};
        let plan = Rehearsal::of([with(vec![makes("Call", Vec::new())], task("a")), task("b")]);
        let mut engine = plan.start();
        engine.done(&["a"]);
        let facts = UndoFacts::default();
        let refused = engine.reopen(engine.id("a"), ANNA, &yes(), None, &facts);
        assert!(matches!(refused, Err(TaskError::NotUndoable(it)) if it.len() == 1));
        let made = engine.run.tasks[2].id;
        engine
            .cancel_task(made, ANNA, &yes(), "Too early.")
            .unwrap();
        engine
            .reopen(engine.id("a"), ANNA, &yes(), None, &facts)
            .unwrap();
    }
}
