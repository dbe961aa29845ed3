use super::*;
use crate::{
    process::rehearsal::{ANNA, BEN, Rehearsal, after, back, choice, outcome, task},
    process_type::definition::{CalendarKind, DueAmount, DueBase, DueRule, DueUnit, OwnerRule},
};

fn played(plan: &Rehearsal, outcomes: &[(&str, &[&str])]) -> Simulation {
    let outcomes = outcomes.iter().map(|(task, outcomes)| {
        let outcomes = outcomes.iter().map(|outcome| (*outcome).to_owned());
        ((*task).to_owned(), outcomes.collect())
    });
    let input = SimulationInput {
        start: plan.input.clone(),
        starts_at: "2026-07-01T14:00:00Z".parse().unwrap(),
        outcomes: outcomes.collect(),
        fields: BTreeMap::new(),
    };
    simulate(&plan.definition, plan.world(), input).unwrap()
}

fn keys(simulation: &Simulation) -> Vec<String> {
    let openings = simulation.openings.iter();
    openings
        .map(|opening| format!("{}{}", opening.key, opening.attempt))
        .collect()
}

#[test]
fn a_run_is_played_to_its_end_in_the_order_of_its_due_dates() {
    let plan = Rehearsal::of([
        TaskTemplate {
            due: Some(days(3)),
            ..task("slow")
        },
        TaskTemplate {
            due: Some(days(1)),
            ..task("quick")
        },
        after(&["slow", "quick"], task("last")),
    ]);
    let simulation = played(&plan, &[]);
    assert_eq!(keys(&simulation), ["slow1", "quick1", "last1"]);
    assert_eq!(simulation.run.process.status, ProcessStatus::Completed);
    assert_eq!(simulation.halt, None);
    let [slow, quick, last] = simulation.openings.as_slice() else {
        panic!("three openings");
    };
    assert_eq!(slow.opened_at, quick.opened_at);
    assert!(quick.end.as_ref().unwrap().at < slow.end.as_ref().unwrap().at);
    assert_eq!(last.opened_at, slow.due_at.unwrap());
    assert_eq!(last.owner_id, Some(ANNA));
    assert_eq!(simulation.run.process.ended_at, slow.due_at);
}

/// E6
#[test]
fn chosen_outcomes_are_taken_one_a_time_and_then_the_one_that_leads_on() {
    let plan = Rehearsal::of([
        task("a"),
        after(
            &["a"],
            choice("check", [back("again", "a"), outcome("yes")]),
        ),
        after(&["check=yes"], task("b")),
    ]);
    let simulation = played(&plan, &[("check", &["again", "again"])]);
    let expected = ["a1", "check1", "a2", "check2", "a3", "check3", "b1"];
    assert_eq!(keys(&simulation), expected);
    let ends: Vec<_> = simulation.openings.iter().map(|o| o.end.clone()).collect();
    assert!(
        ends.iter()
            .all(|end| end.as_ref().unwrap().status == TaskStatus::Completed)
    );
    assert_eq!(ends[1].as_ref().unwrap().outcome.as_deref(), Some("again"));
    assert_eq!(ends[5].as_ref().unwrap().outcome.as_deref(), Some("yes"));
}

/// E6
#[test]
fn rework_beyond_its_rounds_stops_the_play() {
    let plan = Rehearsal::of([choice("a", [back("again", "a"), outcome("yes")])]);
    let simulation = played(&plan, &[("a", &["again"; 40])]);
    let halt = Halt::ReworkLimit {
        task: "a".to_owned(),
        outcome: "again".to_owned(),
    };
    assert_eq!(simulation.halt, Some(halt));
    assert_eq!(simulation.run.process.status, ProcessStatus::Running);
}

/// X11
#[test]
fn whoever_prepared_is_not_among_those_who_may_check() {
    let plan = Rehearsal::of([
        task("a"),
        after(
            &["a"],
            TaskTemplate {
                separate_from: vec!["a".to_owned()],
                owner: vec![OwnerRule::User(ANNA), OwnerRule::User(BEN)],
                ..task("check")
            },
        ),
    ]);
    let simulation = played(&plan, &[]);
    let who = |place: usize| -> Vec<UserId> {
        let executors = simulation.openings[place].executors.iter();
        executors.map(|(id, _)| *id).collect()
    };
    assert_eq!(who(0), [ANNA]);
    assert_eq!(who(1), [BEN]);
}

#[test]
fn every_fault_of_what_is_given_is_told() {
    let plan = Rehearsal::of([choice("a", [outcome("yes")])]);
    let input = SimulationInput {
        start: plan.input.clone(),
        starts_at: DateTime::UNIX_EPOCH,
        outcomes: [
            ("a".to_owned(), vec!["yes".to_owned(), "no".to_owned()]),
            ("b".to_owned(), Vec::new()),
        ]
        .into(),
        fields: [("c".to_owned(), FieldValue::Flag(true))].into(),
    };
    let faults = simulate(&plan.definition, plan.world(), input).unwrap_err();
    let pointers: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
    assert_eq!(pointers, ["/fields/c", "/outcomes/a/1", "/outcomes/b"]);
}

proptest::proptest! {
    /// E20
    #[test]
    fn a_sound_definition_comes_to_its_end_whatever_is_chosen(
        definition in crate::process_type::strategies::sound_definitions(),
        holds in proptest::bool::ANY,
        picks in proptest::collection::vec(proptest::arbitrary::any::<proptest::sample::Index>(), 0..40),
    ) {
        let mut plan = Rehearsal::of([]);
        let subject = plan.definition.subject.clone();
        plan.definition = Definition { subject, ..definition };
        let mut outcomes: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut tasks = plan.definition.tasks.iter().filter(|task| !task.outcomes.is_empty()).cycle();
        for pick in picks {
            if let Some(task) = tasks.next() {
                let outcome = pick.get(&task.outcomes).key.clone();
                outcomes.entry(task.key.clone()).or_default().push(outcome);
            }
        }
        let input = SimulationInput {
            start: plan.input.clone(),
            starts_at: DateTime::UNIX_EPOCH,
            outcomes,
            fields: [("answer".to_owned(), FieldValue::Flag(holds))].into(),
        };
        let simulation = simulate(&plan.definition, plan.world(), input).unwrap();
        let ended = simulation.run.process.status != ProcessStatus::Running;
        let limited = matches!(simulation.halt, Some(Halt::ReworkLimit { .. }));
        proptest::prop_assert!(ended || limited, "{:?}", simulation.halt);
        let waits = |task: &Task| task.status == TaskStatus::Waiting;
        proptest::prop_assert!(limited || !simulation.run.tasks.iter().any(waits));
    }
}

fn days(amount: i32) -> DueRule {
    DueRule {
        amount: DueAmount::Fixed(amount),
        unit: DueUnit::BusinessDays,
        from: DueBase::Opened,
        calendar: CalendarKind::Market,
        fallback: None,
    }
}
