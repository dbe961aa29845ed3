//! Random runs, moved to random versions half way (E5).

use std::collections::BTreeMap;

use proptest::{prelude::*, sample::Index as Pick};

use super::{Target, TaskChange};
use crate::process::{
    ProcessStatus,
    error::ProcessError,
    movement::{Sketch, check, moves, play_on, rehearsal, sketch},
    rehearsal::{ANNA, yes},
};

/// The plan with some of its tasks made anew, of the same kind as before or of any, some more behind them, and perhaps
/// without its last ones.
fn mutated(
    sketches: &[Sketch],
    anew: &[(Pick, Sketch, bool)],
    more: &[Sketch],
    fewer: usize,
) -> Vec<Sketch> {
    let mut mutated = sketches.to_vec();
    for (place, sketch, any_kind) in anew {
        let place = place.index(mutated.len());
        let kind = mutated[place].kind;
        mutated[place] = sketch.clone();
        if !any_kind {
            mutated[place].kind = kind;
        }
    }
    mutated.truncate(mutated.len().saturating_sub(fewer).max(1));
    mutated.extend(more.iter().cloned());
    mutated
}

proptest! {
    #[test]
    fn a_run_that_moves_to_an_equal_version_goes_on_as_it_would_have(
        sketches in prop::collection::vec(sketch(), 1..9),
        choices in moves(),
        half in 0..12_usize,
    ) {
        let plan = rehearsal(&sketches);
        let again = rehearsal(&sketches);
        let renamed = BTreeMap::new();
        let mut engine = plan.start();
        play_on(&mut engine, &choices, half);
        if engine.run.process.status == ProcessStatus::Running {
            let mut before = engine.run.tasks.clone();
            before.sort_by_key(|task| (task.ordinal, task.id));
            let target = Target { version: 2, definition: &again.definition, renamed: &renamed };
            let report = engine.migrate(Some(ANNA), &yes(), target).unwrap();
            prop_assert!(report.iter().all(|task| task.change == TaskChange::Kept));
            prop_assert_eq!(&before, &engine.run.tasks);
        }
        play_on(&mut engine, &choices, usize::MAX);
        prop_assert!(!engine.overview().contains("waiting"), "{}", engine.overview());
    }

    #[test]
    fn a_run_that_moves_to_another_version_ends_with_no_task_waiting(
        sketches in prop::collection::vec(sketch(), 1..9),
        anew in prop::collection::vec((any::<Pick>(), sketch(), any::<bool>()), 0..3),
        more in prop::collection::vec(sketch(), 0..3),
        fewer in 0..3_usize,
        choices in moves(),
        half in 0..12_usize,
    ) {
        let plan = rehearsal(&sketches);
        let other = rehearsal(&mutated(&sketches, &anew, &more, fewer));
        let renamed = BTreeMap::new();
        let mut engine = plan.start();
        play_on(&mut engine, &choices, half);
        if engine.run.process.status == ProcessStatus::Running {
            let before = engine.run.clone();
            let target = Target { version: 2, definition: &other.definition, renamed: &renamed };
            match engine.migrate(Some(ANNA), &yes(), target) {
                Ok(_) => check(&engine),
                Err(ProcessError::NotMigratable(reasons)) => {
                    prop_assert!(!reasons.is_empty());
                    prop_assert_eq!(&before, &engine.run);
                }
                Err(other) => panic!("the move was refused: {other}"),
            }
        }
        play_on(&mut engine, &choices, usize::MAX);
        prop_assert!(!engine.overview().contains("waiting"), "{}", engine.overview());
    }
}
