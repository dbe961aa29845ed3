use chrono::TimeDelta;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    process::{
        input::CompletionInput,
        rehearsal::{ANNA, Rehearsal, after, back, choice, outcome, task, yes},
        run::Run,
        undo::UndoFacts,
    },
    process_type::definition::Over,
    task::{Task, TaskStatus},
};

const DAY: u64 = 86_400;

fn at(second: u32) -> DateTime<Utc> {
    let start: DateTime<Utc> = "2026-03-02T15:00:00Z".parse().unwrap();
    start + TimeDelta::seconds(second.into())
}

fn run_facts(number: u128, version: i32, status: ProcessStatus, took: u32) -> RunFacts {
    let ended = matches!(status, ProcessStatus::Completed | ProcessStatus::Cancelled);
    RunFacts {
        id: ProcessId(Uuid::from_u128(number)),
        process_type_id: ProcessTypeId(Uuid::from_u128(0xF)),
        version,
        status,
        started_at: at(0),
        ended_at: ended.then(|| at(took)),
    }
}

/// As the database tells of a task.
fn step_facts(task: &Task) -> StepFacts {
    let kept = serde_json::to_value(&task.attempts).unwrap();
    StepFacts {
        process_id: task.process_id.unwrap(),
        key: task.key.clone(),
        per_item: task.is_child(),
        kind: task.kind,
        status: task.status,
        earlier: serde_json::from_value(kept).unwrap(),
        opened_at: task.opened_at,
        started_at: task.started_at,
        closed_at: task.closed_at,
    }
}

/// A run as it is now, counted on its own.
fn counted(plan: &Rehearsal, run: &Run) -> VersionPerformance {
    let process = &run.process;
    let facts = RunFacts {
        id: process.id,
        process_type_id: process.process_type_id,
        version: process.process_type_version,
        status: process.status,
        started_at: process.started_at,
        ended_at: process.ended_at,
    };
    let mut performance = Performance::at(plan.world().ambient.now());
    performance.count(&[facts], run.tasks.iter().map(step_facts).collect());
    let mut versions = performance.finish();
    assert_eq!(versions.len(), 1);
    versions.remove(0)
}

/// The figures of the rows, by `key`, or `key*` for the items of a fan-out, in their order.
fn rows(plan: &Rehearsal, run: &Run) -> Vec<(String, StepPerformance)> {
    let mut version = counted(plan, run);
    let rows = version.slowest_first(&plan.definition);
    rows.into_iter()
        .map(|(template, figures)| {
            let mark = if figures.per_item { "*" } else { "" };
            (format!("{}{mark}", template.key), figures)
        })
        .collect()
}

fn row(plan: &Rehearsal, run: &Run, key: &str) -> StepPerformance {
    let mut rows = rows(plan, run);
    let place = rows.iter().position(|(named, _)| named == key).unwrap();
    rows.swap_remove(place).1
}

fn one(seconds: u64) -> Spread {
    Spread::of(vec![seconds])
}

/// F5: every process is counted once, by its status, and only what was completed has taken its time.
#[test]
fn processes_are_counted_by_version_the_slowest_first() {
    use ProcessStatus::{Cancelled, Completed, OnHold, Running};
    let mut performance = Performance::at(at(500));
    performance.count(
        &[
            run_facts(1, 1, Completed, 100),
            run_facts(2, 1, Completed, 300),
            run_facts(3, 1, Cancelled, 400),
            run_facts(4, 2, Completed, 1_000),
            run_facts(5, 2, Running, 0),
        ],
        Vec::new(),
    );
    performance.count(
        &[run_facts(6, 2, OnHold, 0), run_facts(7, 3, Running, 0)],
        Vec::new(),
    );
    let versions = performance.finish();
    let order: Vec<_> = versions.iter().map(|found| found.version).collect();
    assert_eq!(order, [2, 1, 3], "without any median last");
    let [second, first, third] = &versions[..] else {
        panic!("three versions");
    };
    assert_eq!(first.counts.started(), 3);
    assert_eq!((first.counts.completed, first.counts.cancelled), (2, 1));
    assert_eq!(first.cycle_time, Spread::of(vec![100, 300]));
    assert_eq!((second.counts.running, second.counts.on_hold), (1, 1));
    assert_eq!(second.cycle_time, one(1_000));
    assert_eq!(third.cycle_time, Spread::default());
}

/// F5: waiting until somebody began, working from then on.
#[test]
fn the_time_of_a_task_is_waiting_and_working() {
    let plan = Rehearsal::of([task("a"), after(&["a"], task("b"))]);
    let run = plan.start().finish().0;
    let mut engine = plan.later(run, 2);
    engine.start_task(engine.id("a"), &yes()).unwrap();
    let mut engine = plan.later(engine.finish().0, 3);
    engine.done(&["a"]);
    // Whoever completes at once has begun at that moment.
    let mut engine = plan.later(engine.finish().0, 1);
    engine.done(&["b"]);
    let run = engine.finish().0;
    let a = row(&plan, &run, "a");
    assert_eq!(a.waiting_time, one(2 * DAY));
    assert_eq!(a.working_time, one(3 * DAY));
    assert_eq!(a.total_time, one(5 * DAY));
    assert_eq!(a.open_now, Spread::default());
    let b = row(&plan, &run, "b");
    assert_eq!((b.waiting_time, b.working_time), (one(DAY), one(0)));
    assert_eq!((b.opened, b.reworked), (1, 0));
    assert_eq!(counted(&plan, &run).cycle_time, one(6 * DAY));
}

/// F5: where the running ones sit.
#[test]
fn what_is_open_now_has_an_age_and_no_time_yet() {
    let plan = Rehearsal::of([task("a"), after(&["a"], task("b"))]);
    let run = plan.start().finish().0;
    let run = plan.later(run, 4).finish().0;
    let a = row(&plan, &run, "a");
    assert_eq!((a.counts.open, a.open_now), (1, one(4 * DAY)));
    assert_eq!(a.total_time, Spread::default());
    let b = row(&plan, &run, "b");
    assert_eq!((b.counts.waiting, b.opened), (1, 0));
    assert_eq!(b.rework_share(), None);
}

/// F5, E6: both what was sent back and who sent it back are done again; the times are those of the attempt that stands.
#[test]
fn what_was_completed_and_sent_back_is_rework() {
    let plan = Rehearsal::of([
        task("a"),
        task("beside"),
        after(&["a"], choice("b", [back("no", "a"), outcome("yes")])),
        after(&["a", "beside"], task("c")),
    ]);
    let mut engine = plan.start();
    engine.done(&["a"]);
    engine.finish_task("b", "no").unwrap();
    let mut engine = plan.later(engine.finish().0, 1);
    engine.done(&["a"]);
    let mut engine = plan.later(engine.finish().0, 2);
    engine.finish_task("b", "yes").unwrap();
    let run = engine.finish().0;
    for (key, took) in [("a", DAY), ("b", 2 * DAY)] {
        let figures = row(&plan, &run, key);
        assert_eq!((figures.opened, figures.reworked), (1, 1), "{key}");
        assert_eq!(figures.rework_share(), Some(1.0), "{key}");
        assert_eq!(figures.total_time, one(took), "{key}");
    }
    let beside = row(&plan, &run, "beside");
    assert_eq!((beside.opened, beside.reworked), (1, 0));
    assert_eq!(beside.rework_share(), Some(0.0));
}

/// F5, E6: parallel work that had opened begins anew, but nobody had done it.
#[test]
fn what_nobody_had_finished_is_not_done_again() {
    let plan = Rehearsal::of([
        task("a"),
        after(&["a"], choice("b", [back("no", "a"), outcome("yes")])),
        after(&["a"], task("c")),
    ]);
    let mut engine = plan.start();
    engine.done(&["a"]);
    engine.finish_task("b", "no").unwrap();
    let run = engine.finish().0;
    let c = row(&plan, &run, "c");
    assert_eq!((c.counts.waiting, c.opened, c.reworked), (1, 1, 0));
}

/// F5, E8
#[test]
fn undoing_ones_own_completion_is_no_rework() {
    let plan = Rehearsal::of([task("a"), after(&["a"], task("b"))]);
    let mut engine = plan.start();
    engine.done(&["a"]);
    let facts = UndoFacts::default();
    let id = engine.id("a");
    engine.reopen(id, ANNA, &yes(), None, &facts).unwrap();
    let mut engine = plan.later(engine.finish().0, 1);
    engine.done(&["a"]);
    let run = engine.finish().0;
    let a = row(&plan, &run, "a");
    assert_eq!((a.opened, a.reworked), (1, 0));
    assert_eq!(a.total_time, one(DAY), "it had never been closed");
    assert_eq!(row(&plan, &run, "b").reworked, 0);
}

/// F5, E24: a fan-out takes as long as its slowest item, and people work on the items.
#[test]
fn a_fan_out_has_a_row_of_its_own_and_one_for_its_items() {
    let each = TaskTemplate {
        kind: TaskKind::FanOut,
        over: Some(Over::Field("households".to_owned())),
        ..task("each")
    };
    let mut plan = Rehearsal::of([each]);
    plan.households(2);
    let run = plan.start().finish().0;
    let complete_one = |run: Run, days: i64| {
        let open = |task: &&Task| task.is_child() && task.status == TaskStatus::Open;
        let id = run.tasks.iter().find(open).unwrap().id;
        let mut engine = plan.later(run, days);
        let input = CompletionInput::default();
        engine.complete(id, ANNA, &yes(), &input).unwrap();
        engine.finish().0
    };
    let run = complete_one(run, 1);
    let run = complete_one(run, 2);
    let figures = rows(&plan, &run);
    let keys: Vec<&str> = figures.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["each", "each*"], "three days before two");
    let (whole, items) = (&figures[0].1, &figures[1].1);
    assert_eq!((whole.counts.completed, items.counts.completed), (1, 2));
    assert_eq!(whole.total_time, one(3 * DAY));
    assert_eq!(whole.waiting_time, Spread::default(), "nobody begins it");
    assert_eq!(items.total_time, Spread::of(vec![DAY, 3 * DAY]));
    assert_eq!(items.waiting_time, items.total_time);
}

/// F5: what no template is for, such as a task added by hand, is in no row.
#[test]
fn rows_are_those_of_the_definition_the_slowest_first() {
    let plan = Rehearsal::of([task("a"), task("b"), task("c")]);
    let mut engine = plan.start();
    engine.done(&["c"]);
    let mut engine = plan.later(engine.finish().0, 1);
    engine.done(&["b"]);
    let mut run = engine.finish().0;
    let by_hand = Task {
        key: "ad_hoc".to_owned(),
        ..run.tasks[0].clone()
    };
    run.tasks.push(by_hand);
    let keys: Vec<String> = rows(&plan, &run).into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys, ["b", "c", "a"]);
}

fn status() -> impl Strategy<Value = TaskStatus> {
    prop::sample::select(TaskStatus::ALL.to_vec())
}

fn run_status() -> impl Strategy<Value = ProcessStatus> {
    use ProcessStatus::{Cancelled, Completed, OnHold, Running};
    prop::sample::select(vec![Running, OnHold, Completed, Cancelled])
}

fn step() -> impl Strategy<Value = StepFacts> {
    let earlier =
        (status(), any::<bool>()).prop_map(|(status, undone)| EarlierAttempt { status, undone });
    let times = [0..1_000_u32, 0..1_000, 0..1_000].map(prop::option::of);
    let [opened, started, closed] = times;
    (
        1..9_u128,
        prop::sample::select(vec!["a", "b"]),
        status(),
        prop::collection::vec(earlier, 0..3),
        (opened, started, closed),
    )
        .prop_map(
            |(process, key, status, earlier, (opened, started, closed))| StepFacts {
                process_id: ProcessId(Uuid::from_u128(process)),
                key: key.to_owned(),
                per_item: false,
                kind: TaskKind::Task,
                status,
                earlier,
                opened_at: opened.map(at),
                started_at: started.map(at),
                closed_at: closed.map(at),
            },
        )
}

proptest! {
    /// F5: whatever the database holds, and in however many stretches it is read.
    #[test]
    fn figures_add_up(
        runs in prop::collection::vec((run_status(), 0..1_000_u32), 8),
        steps in prop::collection::vec(step(), 0..40),
        cut in 0..=8_usize,
    ) {
        let runs: Vec<RunFacts> = (1..)
            .zip(runs)
            .map(|(number, (status, took))| run_facts(number, 1, status, took))
            .collect();
        let figures = |stretches: &[&[RunFacts]]| {
            let mut performance = Performance::at(at(1_000));
            for stretch in stretches {
                let of_stretch = |step: &&StepFacts| stretch.iter().any(|run| run.id == step.process_id);
                let steps: Vec<StepFacts> = steps.iter().filter(of_stretch).cloned().collect();
                performance.count(stretch, steps);
            }
            let plan = Rehearsal::of([task("a"), task("b")]);
            let mut version = performance.finish().remove(0);
            let rows = version.slowest_first(&plan.definition);
            let rows: Vec<_> = rows.into_iter().map(|(template, row)| (template.key.clone(), row)).collect();
            (version.counts, version.cycle_time, rows)
        };
        let (counts, cycle_time, rows) = figures(&[runs.as_slice()]);
        prop_assert_eq!(counts.started(), 8);
        prop_assert_eq!(cycle_time.count, counts.completed);
        for (key, row) in &rows {
            let all = steps.iter().filter(|step| step.key == *key).count();
            prop_assert_eq!(row.counts.total(), u64::try_from(all).unwrap());
            prop_assert!(row.reworked <= row.opened && row.opened <= row.counts.total());
            prop_assert!(row.rework_share().is_none_or(|share| (0.0..=1.0).contains(&share)));
            prop_assert_eq!(row.waiting_time.count, row.working_time.count);
            prop_assert!(row.waiting_time.count <= row.total_time.count);
            prop_assert!(row.total_time.count <= row.counts.completed);
            let active = row.counts.open + row.counts.in_progress + row.counts.on_hold;
            prop_assert!(row.open_now.count <= active);
            prop_assert!(row.waiting_time.longest <= row.total_time.longest);
            prop_assert!(row.working_time.longest <= row.total_time.longest);
        }
        let (before, behind) = runs.split_at(cut);
        prop_assert_eq!(figures(&[before, behind]), (counts, cycle_time, rows));
    }
}
