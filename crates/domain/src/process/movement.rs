//! Random plans, played to the end by random people (E2, E3, E5, E6, E15, E24).

use proptest::prelude::*;

use super::{
    ProcessStatus,
    engine::Engine,
    error::TaskError,
    input::CompletionInput,
    rehearsal::{ANNA, Rehearsal, choice, outcome, task, yes},
    undo::UndoFacts,
};
use crate::{
    ids::TaskId,
    process_type::definition::{Edge, Join, Outcome, Over, TaskKind, TaskTemplate},
    task::TaskStatus,
};

/// A task of a random plan: whether it has outcomes, how it joins, and where its edges come from.
#[derive(Debug, Clone)]
pub(super) struct Sketch {
    /// 0: plain; 1: two outcomes; 2: one of them sends back; 3: one of them skips; 4: one of them sets a result;
    /// 5: once per household; 6: once per household, with two outcomes of which one sends back; 7: over nothing.
    pub(super) kind: u8,
    any: bool,
    /// Source (any earlier task), and by which outcome if by one.
    edges: Vec<(prop::sample::Index, Option<bool>)>,
    target: prop::sample::Index,
}

pub(super) fn sketch() -> impl Strategy<Value = Sketch> {
    let edge = (
        any::<prop::sample::Index>(),
        prop::option::of(any::<bool>()),
    );
    let edges = prop::collection::vec(edge, 0..3);
    (0..8_u8, any::<bool>(), edges, any::<prop::sample::Index>()).prop_map(
        |(kind, any, edges, target)| Sketch {
            kind,
            any,
            edges,
            target,
        },
    )
}

fn key(number: usize) -> String {
    format!("t{number}")
}

fn template(sketches: &[Sketch], number: usize) -> TaskTemplate {
    let sketch = &sketches[number];
    let special = match sketch.kind {
        2 | 6 => Outcome {
            reopens: Some(upstream(sketches, number, sketch.target)),
            max_rounds: 2,
            ..outcome("no")
        },
        3 => Outcome {
            skips: downstream(sketches, number, sketch.target)
                .into_iter()
                .collect(),
            ..outcome("no")
        },
        4 => Outcome {
            sets_result: Some("other".to_owned()),
            ..outcome("no")
        },
        _ => outcome("no"),
    };
    let base = match sketch.kind {
        0 => task(&key(number)),
        5 => per_household("households", task(&key(number))),
        6 => per_household(
            "households",
            choice(&key(number), [outcome("yes"), special]),
        ),
        7 => per_household("nothing", task(&key(number))),
        _ => choice(&key(number), [outcome("yes"), special]),
    };
    let after = sketch.edges.iter().filter(|_| number > 0);
    let after = after.map(|(source, by)| {
        let source = source.index(number);
        let by = by.filter(|_| !matches!(sketches[source].kind, 0 | 5 | 7));
        Edge {
            task: key(source),
            outcome: by.map(|yes| if yes { "yes" } else { "no" }.to_owned()),
        }
    });
    TaskTemplate {
        after: after.collect(),
        join: if sketch.any { Join::Any } else { Join::All },
        ..base
    }
}

fn per_household(field: &str, template: TaskTemplate) -> TaskTemplate {
    TaskTemplate {
        kind: TaskKind::FanOut,
        over: Some(Over::Field(field.to_owned())),
        ..template
    }
}

/// The plan, with two households to do things for.
pub(super) fn rehearsal(sketches: &[Sketch]) -> Rehearsal {
    let mut plan = Rehearsal::of((0..sketches.len()).map(|number| template(sketches, number)));
    plan.households(2);
    plan
}

/// The task itself, or one that it comes after by some way.
fn upstream(sketches: &[Sketch], number: usize, pick: prop::sample::Index) -> String {
    let mut found = vec![number];
    let mut next = 0;
    while let Some(&at) = found.get(next) {
        next += 1;
        for (source, _) in sketches[at].edges.iter().filter(|_| at > 0) {
            let source = source.index(at);
            if !found.contains(&source) {
                found.push(source);
            }
        }
    }
    key(found[pick.index(found.len())])
}

/// A task that comes after this one by some way, if there is any.
fn downstream(sketches: &[Sketch], number: usize, pick: prop::sample::Index) -> Option<String> {
    let mut found = vec![number];
    for (at, sketch) in sketches.iter().enumerate().skip(number + 1) {
        let mut edges = sketch.edges.iter();
        if edges.any(|(source, _)| found.contains(&source.index(at))) {
            found.push(at);
        }
    }
    let behind = found.len() - 1;
    (behind > 0).then(|| key(found[1 + pick.index(behind)]))
}

/// What must hold of every run at every moment.
pub(super) fn check(engine: &Engine<'_>) {
    let tasks = &engine.run.tasks;
    let unfinished = tasks.iter().any(|task| !task.status.is_finished());
    let running = engine.run.process.status == ProcessStatus::Running;
    assert_eq!(running, unfinished, "{}", engine.overview());
    let active = tasks
        .iter()
        .any(|task| task.status.is_active() && task.kind != TaskKind::FanOut);
    assert!(active || !running, "nobody can move: {}", engine.overview());
    for task in tasks {
        let attempts = u32::try_from(task.attempts.len()).unwrap();
        assert_eq!(task.attempt, attempts + 1);
        assert_eq!(
            task.completion.is_some(),
            task.status == TaskStatus::Completed
        );
    }
}

/// Takes the completion of some task back, if nothing stands in the way (E8); says whether there was one.
fn take_back(engine: &mut Engine<'_>, pick: prop::sample::Index) -> bool {
    let tasks = engine.run.tasks.iter();
    let done: Vec<_> = tasks
        .filter(|task| task.status == TaskStatus::Completed)
        .map(|task| task.id)
        .collect();
    if done.is_empty() {
        return false;
    }
    let id = done[pick.index(done.len())];
    match engine.reopen(id, ANNA, &yes(), None, &UndoFacts::default()) {
        Ok(()) | Err(TaskError::NotUndoable(_)) => check(engine),
        // A fan-out, or a child of one that waits to be done again (E24).
        Err(TaskError::DoneByItems | TaskError::NotExecutable { .. }) => {}
        Err(other) => panic!("{id} was not taken back: {other}"),
    }
    true
}

fn finish(engine: &mut Engine<'_>, id: TaskId, outcome: &str) -> Result<(), TaskError> {
    let input = CompletionInput {
        outcome: Some(outcome.to_owned()).filter(|outcome| !outcome.is_empty()),
        ..CompletionInput::default()
    };
    engine.complete(id, ANNA, &yes(), &input)
}

/// Plays on until nothing is active: each choice picks a task and an outcome, skipping by hand and taking back now and then.
fn play(plan: &Rehearsal, choices: &[Choice]) -> (Vec<String>, String) {
    let mut engine = plan.start();
    play_on(&mut engine, choices, usize::MAX);
    let overview = engine.overview();
    (engine.told(), overview)
}

/// Which task is picked, and what is done with it.
pub(super) type Choice = (prop::sample::Index, u8);

pub(super) fn moves() -> impl Strategy<Value = Vec<Choice>> {
    prop::collection::vec((any::<prop::sample::Index>(), 0..5_u8), 1..40)
}

/// Plays on until nothing is active, or so many moves have been made.
pub(super) fn play_on(engine: &mut Engine<'_>, choices: &[Choice], most: usize) {
    check(engine);
    let mut choices = choices.iter().cycle();
    let mut moves = 0;
    while engine.run.process.status == ProcessStatus::Running && moves < most {
        moves += 1;
        assert!(
            moves < 10_000,
            "the run does not end: {}",
            engine.overview()
        );
        let Some((pick, how)) = choices.next() else {
            break;
        };
        if *how == 4 && moves < 60 && take_back(engine, *pick) {
            continue;
        }
        let active: Vec<_> = engine
            .run
            .tasks
            .iter()
            .filter(|t| t.status.is_active() && t.kind != TaskKind::FanOut)
            .collect();
        let task = active[pick.index(active.len())];
        let (id, key) = (task.id, task.key.clone());
        let without = engine.definition.task(&key).unwrap().outcomes.is_empty();
        let answer = match (without, how) {
            (true, 0) => engine.skip_by_hand(
                id,
                ANNA,
                &yes(),
                "not needed",
                Some(super::cancel::Children::Keep),
            ),
            (true, _) => finish(engine, id, ""),
            (false, 0 | 1) => finish(engine, id, "yes"),
            (false, _) => finish(engine, id, "no"),
        };
        match answer {
            Ok(()) => {}
            Err(TaskError::ReworkLimit { .. }) => finish(engine, id, "yes").unwrap(),
            Err(other) => panic!("{key} was refused: {other}"),
        }
        check(engine);
    }
}

proptest! {
    /// E2, E3, E5, E6, E8, E15, E24
    #[test]
    fn every_run_ends_with_no_task_waiting(
        sketches in prop::collection::vec(sketch(), 1..9),
        choices in moves(),
    ) {
        let plan = rehearsal(&sketches);
        let (_, overview) = play(&plan, &choices);
        prop_assert!(!overview.contains("waiting"), "{}", overview);
    }

    /// E5
    #[test]
    fn the_same_choices_give_the_same_events_in_the_same_order(
        sketches in prop::collection::vec(sketch(), 1..9),
        choices in prop::collection::vec((any::<prop::sample::Index>(), 0..5_u8), 1..20),
    ) {
        let plan = || rehearsal(&sketches);
        prop_assert_eq!(play(&plan(), &choices), play(&plan(), &choices));
    }
}
