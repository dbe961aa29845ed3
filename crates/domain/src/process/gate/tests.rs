//! What is told beforehand is what the commands do, for every action in every state.

use std::collections::BTreeMap;

use super::*;
use crate::{
    ids::{ProcessId, TaskId},
    process::{
        adhoc::NewTask,
        cancel::Children,
        edit::TaskEdit,
        hold::HoldInput,
        input::{CheckState, CompletionInput},
        rehearsal::{ANNA, BEN, Rehearsal, after, choice, outcome, subprocess, task, yes},
        run::Run,
        submitting::NigoInput,
        undo::UndoFacts,
    },
    process_type::definition::{ChecklistItem, Over, OwnerRule, TaskTemplate},
    task::HoldReason,
};
use uuid::Uuid;

const CHILD: ProcessId = ProcessId(Uuid::from_u128(0xD));

/// Every kind of task, one that waits, one that nobody owns, and one that another is kept separate from.
fn plan() -> Rehearsal {
    let item = ChecklistItem {
        key: "read".to_owned(),
        text: "Read it".to_owned(),
        required: false,
    };
    let mut plan = Rehearsal::of([
        TaskTemplate {
            checklist: vec![item],
            ..task("plain")
        },
        TaskTemplate {
            owner: vec![OwnerRule::Unassigned],
            skippable: false,
            ..task("needed")
        },
        TaskTemplate {
            kind: TaskKind::Approval,
            separate_from: vec!["prepared".to_owned()],
            owner: vec![OwnerRule::User(BEN)],
            ..choice("approval", [outcome("yes")])
        },
        task("prepared"),
        choice("decision", [outcome("yes")]),
        subprocess("move", &[]),
        subprocess("failed", &[]),
        TaskTemplate {
            kind: TaskKind::FanOut,
            over: Some(Over::Field("households".to_owned())),
            ..task("deliver")
        },
        after(&["plain"], task("later")),
    ]);
    plan.households(2);
    plan
}

/// The plan under way, with a child that failed and two tasks that were added by hand.
fn under_way(plan: &Rehearsal) -> Run {
    let mut engine = plan.start();
    let failed = engine.id("failed");
    engine.child_started(failed, Some(CHILD)).unwrap();
    engine.child_ended(failed, CHILD, None).unwrap();
    for blocking in [true, false] {
        let new = NewTask {
            title: "Ring them".to_owned(),
            blocking,
            ..NewTask::default()
        };
        engine.add_task(new, ANNA, &yes()).unwrap();
    }
    engine.finish().0
}

fn hold() -> HoldInput {
    HoldInput {
        reason: HoldReason::Client,
        note: None,
        pause_clock: false,
        nigo: NigoInput::default(),
    }
}

/// Runs in every state of their tasks and processes.
fn states(plan: &Rehearsal) -> Vec<Run> {
    let begun = under_way(plan);
    let mut states = vec![begun.clone()];
    let ids: Vec<TaskId> = begun.tasks.iter().map(|task| task.id).collect();
    let mut add = |change: &dyn Fn(&mut Engine<'_>)| {
        let mut engine = plan.later(begun.clone(), 0);
        change(&mut engine);
        states.push(engine.finish().0);
    };
    add(&|engine| engine.hold(&yes(), "Counsel.").unwrap());
    add(&|engine| {
        let fate = Some(Children::Keep);
        engine.cancel(ANNA, &yes(), "They left.", fate).unwrap();
    });
    // What can be held is held, what can be completed is completed, what can be skipped is skipped.
    add(&|engine| {
        for id in &ids {
            let _ = engine.hold_task(*id, &yes(), hold());
        }
    });
    add(&|engine| {
        for id in &ids {
            for outcome in [None, Some("yes".to_owned())] {
                let input = CompletionInput {
                    outcome,
                    ..CompletionInput::default()
                };
                let _ = engine.complete(*id, ANNA, &yes(), &input);
            }
        }
    });
    add(&|engine| {
        for id in &ids {
            let fate = Some(Children::Keep);
            let _ = engine.skip_by_hand(*id, ANNA, &yes(), "why", fate);
        }
    });
    add(&|engine| {
        // The process completes, and does not wait for the second task that was added.
        for place in 0..engine.run.tasks.len() {
            let now = engine.now;
            let task = &mut engine.run.tasks[place];
            if task.blocking && !task.status.is_finished() {
                task.close(TaskStatus::Skipped, None, now);
            }
        }
        engine.propagate(None);
        assert_eq!(engine.run.process.status, ProcessStatus::Completed);
    });
    states
}

/// What the command says.
fn tried(engine: &mut Engine<'_>, id: TaskId, action: TaskAction) -> Result<(), TaskError> {
    match action {
        TaskAction::Assign => engine.assign(id, BEN, &yes(), &yes()),
        TaskAction::Release => engine.release(id, &yes()),
        TaskAction::Claim => engine.claim(id, BEN, &yes()),
        TaskAction::Reschedule => engine.reschedule(id, None, None, &yes()),
        // No command changes the lists yet: it would be one of these.
        TaskAction::Reprioritise | TaskAction::Retitle | TaskAction::ChangeLists => {
            let edit = TaskEdit {
                title: Some("Another".to_owned()),
                ..TaskEdit::default()
            };
            engine.edit_task(id, &edit, &[yes()])
        }
        TaskAction::Hold => engine.hold_task(id, &yes(), hold()),
        TaskAction::Resume => engine.resume_task(id, &yes()),
        TaskAction::Skip => engine.skip_by_hand(id, ANNA, &yes(), "why", Some(Children::Keep)),
        TaskAction::Cancel => engine.cancel_task(id, ANNA, &yes(), "why"),
        TaskAction::Retry => engine.retry_child(id, ANNA, &yes()),
        TaskAction::Reopen => engine.reopen(id, ANNA, &yes(), None, &UndoFacts::default()),
    }
}

/// X8, E8, E15, E23, E24, E25
#[test]
fn what_is_told_beforehand_is_what_the_commands_do() {
    let plan = plan();
    let mut seen: BTreeMap<(TaskAction, bool), u32> = BTreeMap::new();
    for run in states(&plan) {
        for task in &run.tasks {
            for action in TaskAction::ALL {
                let mut engine = plan.later(run.clone(), 0);
                let told = engine.lets(task.id, *action);
                *seen.entry((*action, told.is_ok())).or_default() += 1;
                let done = tried(&mut engine, task.id, *action);
                // What came of a completion is asked for by itself.
                if !matches!(done, Err(TaskError::NotUndoable(_))) {
                    let name = (&task.key, task.status, run.process.status, action);
                    assert_eq!(told, done, "{name:?}");
                }
            }
        }
    }
    let both = TaskAction::ALL
        .iter()
        .flat_map(|action| [(*action, true), (*action, false)]);
    for case in both {
        assert!(seen.contains_key(&case), "{case:?} was never met");
    }
}

/// X8, E15, E24, E25
#[test]
fn what_is_told_of_executing_is_what_the_commands_do() {
    let plan = plan();
    for run in states(&plan) {
        for task in &run.tasks {
            let mut engine = plan.later(run.clone(), 0);
            let (complete, draft) = (engine.lets_complete(task.id), engine.lets_draft(task.id));
            let name = (&task.key, task.status, run.process.status);
            match engine.set_check(task.id, "read", &CheckState::Done, ANNA, &yes()) {
                Ok(()) | Err(TaskError::NotFound) => assert_eq!(draft, Ok(()), "{name:?}"),
                Err(refused) => assert_eq!(draft, Err(refused), "{name:?}"),
            }
            match engine.complete(task.id, ANNA, &yes(), &CompletionInput::default()) {
                Ok(()) | Err(TaskError::Invalid(_)) => assert_eq!(complete, Ok(()), "{name:?}"),
                Err(refused) => assert_eq!(complete, Err(refused), "{name:?}"),
            }
        }
    }
}
