use super::*;
use crate::{
    access::execution::{TaskFacts, executors},
    job::Job,
    process::{
        ProcessStatus,
        cancel::Children,
        input::CompletionInput,
        rehearsal::{ANNA, BEN, CLIENT, Rehearsal, after, back, choice, outcome, task, yes},
        undo::UndoFacts,
    },
    process_type::definition::{ChecklistItem, OwnerRule, Starts, Target},
    value::FieldValue,
};

/// A fan-out over the households that the start form names.
fn deliver() -> TaskTemplate {
    TaskTemplate {
        kind: TaskKind::FanOut,
        over: Some(Over::Field("households".to_owned())),
        title: "Deliver to {{ item.name | default('each') }}".to_owned(),
        ..task("deliver")
    }
}

fn deciding() -> TaskTemplate {
    TaskTemplate {
        outcomes: vec![outcome("refused"), back("again", "write"), outcome("taken")],
        ..deliver()
    }
}

/// Three households are listed.
fn mailing(fan_out: TaskTemplate) -> Rehearsal {
    let mut plan = Rehearsal::of([
        task("write"),
        after(&["write"], fan_out),
        after(&["deliver"], task("file")),
    ]);
    plan.households(3);
    plan
}

fn number(task: &Task) -> String {
    let value = &task.item.as_ref().unwrap().value;
    let last = value.rsplit('-').next().unwrap();
    last.trim_start_matches('0').to_owned()
}

impl Engine<'_> {
    /// `item:status` of the children, in the order of the run.
    fn by_item(&self) -> String {
        let parent = self.id("deliver");
        let parts: Vec<_> = self
            .run
            .children(parent)
            .map(|task| format!("{}:{}", number(task), task.status.as_str()))
            .collect();
        parts.join(" ")
    }

    fn child(&self, item: &str) -> &Task {
        let mut children = self.run.children(self.id("deliver"));
        children.find(|task| number(task) == item).unwrap()
    }

    fn deliver(&mut self, item: &str, outcome: &str) -> Result<(), TaskError> {
        let input = CompletionInput {
            outcome: Some(outcome.to_owned()).filter(|outcome| !outcome.is_empty()),
            ..CompletionInput::default()
        };
        self.complete(self.child(item).id, ANNA, &yes(), &input)
    }
}

/// E24
#[test]
fn it_makes_a_child_for_each_item_when_it_opens() {
    let checklist = ChecklistItem {
        key: "sent".to_owned(),
        text: "Sent".to_owned(),
        required: true,
    };
    let plan = mailing(TaskTemplate {
        checklist: vec![checklist],
        ..deliver()
    });
    let mut engine = plan.start();
    assert_eq!(engine.by_item(), "");
    engine.told();
    engine.done(&["write"]);
    assert_eq!(engine.by_item(), "e1:open e2:open e3:open");
    assert_eq!(
        engine.told(),
        [
            "task.completed write",
            "task.opened deliver",
            "task.opened deliver",
            "task.opened deliver",
            "task.opened deliver",
        ]
    );
    let (parent, child) = (engine.of("deliver"), engine.child("e2"));
    assert_eq!(
        (parent.title.as_str(), parent.checklist.len()),
        ("Deliver to each", 0)
    );
    assert_eq!(
        (child.title.as_str(), child.checklist.len()),
        ("Deliver to Household 2", 1)
    );
    assert_eq!(child.kind, TaskKind::Task);
    assert_eq!(child.owner_id, Some(ANNA));
    assert_eq!(Some(child.entity_id), child.item.as_ref().unwrap().entity());
    assert_ne!(child.entity_id, CLIENT);
}

/// E24
#[test]
fn people_execute_the_children_and_never_the_task_that_has_them() {
    let plan = mailing(deliver());
    let mut engine = plan.start();
    engine.done(&["write"]);
    assert_eq!(
        engine.finish_task("deliver", ""),
        Err(TaskError::DoneByItems)
    );
    let id = engine.id("deliver");
    assert_eq!(engine.start_task(id, &yes()), Err(TaskError::DoneByItems));
    let able = |task: &Task| {
        let facts = TaskFacts {
            firm: &engine.world.catalog.firm,
            task,
            entity: engine.entity(task.entity_id).unwrap(),
            memberships: &[],
            roles: &[],
            preparers: &BTreeSet::new(),
            covers: &[],
            elsewhere: &[],
            now: engine.now,
        };
        executors(facts, &plan.around.people).len()
    };
    assert_eq!(able(engine.of("deliver")), 0);
    assert_eq!(able(engine.child("e1")), 1);
}

/// E24
#[test]
fn it_completes_when_all_children_are_closed() {
    let plan = mailing(deliver());
    let mut engine = plan.start();
    engine.done(&["write"]);
    engine.deliver("e1", "").unwrap();
    let skipped = engine.child("e2").id;
    engine
        .skip_by_hand(skipped, ANNA, &yes(), "They moved.", None)
        .unwrap();
    assert_eq!(engine.of("deliver").status, TaskStatus::Open);
    engine.deliver("e3", "").unwrap();
    let parent = engine.of("deliver");
    assert_eq!(parent.status, TaskStatus::Completed);
    assert_eq!(parent.completion.as_ref().unwrap().via, Via::System);
    assert_eq!(engine.of("file").status, TaskStatus::Open);
}

/// E24
#[test]
fn with_no_item_it_is_skipped() {
    let mut plan = mailing(deliver());
    plan.households(0);
    let mut engine = plan.start();
    engine.done(&["write"]);
    assert_eq!(
        engine.overview(),
        "write:completed deliver:skipped file:open"
    );
}

/// E24
#[test]
fn where_no_item_was_done_it_is_skipped_too() {
    let plan = mailing(deciding());
    let mut engine = plan.start();
    engine.done(&["write"]);
    for item in ["e1", "e2", "e3"] {
        let id = engine.child(item).id;
        engine
            .skip_by_hand(id, ANNA, &yes(), "They moved.", None)
            .unwrap();
    }
    assert_eq!(engine.of("deliver").status, TaskStatus::Skipped);
    assert_eq!(engine.of("file").status, TaskStatus::Open);
}

/// E24, E23
#[test]
fn skipping_it_skips_the_children_that_are_open() {
    let plan = mailing(deliver());
    let mut engine = plan.start();
    engine.done(&["write"]);
    engine.deliver("e1", "").unwrap();
    let id = engine.id("deliver");
    engine
        .skip_by_hand(id, ANNA, &yes(), "Enough.", None)
        .unwrap();
    assert_eq!(engine.by_item(), "e1:completed e2:skipped e3:skipped");
    assert_eq!(engine.of("deliver").status, TaskStatus::Skipped);
}

/// E24, E23
#[test]
fn one_child_is_not_cancelled_by_itself() {
    let plan = mailing(deliver());
    let mut engine = plan.start();
    engine.done(&["write"]);
    let id = engine.child("e1").id;
    let refused = engine.cancel_task(id, ANNA, &yes(), "No.");
    assert_eq!(refused, Err(TaskError::NotCancellable));
    engine
        .cancel(ANNA, &yes(), "No.", Some(Children::Keep))
        .unwrap();
    assert_eq!(engine.by_item(), "e1:cancelled e2:cancelled e3:cancelled");
}

/// E24
#[test]
fn the_first_listed_outcome_that_any_child_chose_is_its_own() {
    let plan = mailing(deciding());
    let mut engine = plan.start();
    engine.done(&["write"]);
    engine.deliver("e1", "taken").unwrap();
    engine.deliver("e2", "refused").unwrap();
    engine.deliver("e3", "taken").unwrap();
    assert_eq!(engine.of("deliver").outcome(), Some("refused"));
}

/// E24, E6
#[test]
fn rework_withdraws_open_children_and_keeps_completed_ones() {
    let check = choice("check", [back("bad", "write"), outcome("good")]);
    let mut plan = Rehearsal::of([
        task("write"),
        after(&["write"], deliver()),
        after(&["write"], check),
    ]);
    plan.households(3);
    let mut engine = plan.start();
    engine.done(&["write"]);
    engine.deliver("e1", "").unwrap();
    engine.finish_task("check", "bad").unwrap();
    assert_eq!(engine.by_item(), "e1:completed e2:waiting e3:waiting");
    let id = engine.child("e1").id;
    let reopened = engine.reopen(id, ANNA, &yes(), None, &UndoFacts::default());
    let status = TaskStatus::Waiting;
    assert_eq!(reopened, Err(TaskError::NotExecutable { status }));
    engine.done(&["write"]);
    assert_eq!(engine.by_item(), "e1:completed e2:open e3:open");
    assert_eq!(engine.child("e1").attempt, 1);
    assert_eq!(engine.child("e2").attempt, 2);
}

/// E24, E6
#[test]
fn a_completed_child_whose_item_is_listed_no_more_is_given_up() {
    let check = choice("check", [back("bad", "write"), outcome("good")]);
    let mut plan = Rehearsal::of([
        task("write"),
        after(&["write"], deliver()),
        after(&["write"], check),
    ]);
    plan.households(3);
    let mut engine = plan.start();
    engine.done(&["write"]);
    engine.deliver("e1", "").unwrap();
    engine.finish_task("check", "bad").unwrap();
    let listed = engine.run.process.fields.get_mut("households").unwrap();
    let FieldValue::List(items) = listed else {
        panic!("the households are a list");
    };
    items.remove(0);
    engine.done(&["write"]);
    assert_eq!(engine.by_item(), "e1:cancelled e2:open e3:open");
    let given_up = engine.child("e1");
    assert!(
        given_up.attempts[0].completion.is_some(),
        "what was done stays on record"
    );
}

/// E24, E6
#[test]
fn a_child_that_sends_work_back_is_done_again() {
    let plan = mailing(deciding());
    let mut engine = plan.start();
    engine.done(&["write"]);
    engine.deliver("e1", "taken").unwrap();
    engine.deliver("e2", "again").unwrap();
    engine.deliver("e3", "taken").unwrap();
    assert_eq!(engine.overview().split(' ').next(), Some("write:open"));
    assert_eq!(engine.by_item(), "e1:completed e2:waiting e3:completed");
    assert_eq!(engine.of("deliver").rounds.get("again"), Some(&1));
    engine.done(&["write"]);
    assert_eq!(engine.by_item(), "e1:completed e2:open e3:completed");
    engine.deliver("e2", "taken").unwrap();
    assert_eq!(engine.of("deliver").outcome(), Some("taken"));
}

/// E24, E6
#[test]
fn the_rounds_of_an_outcome_are_counted_once_for_all_children() {
    let mut fan_out = deciding();
    fan_out.outcomes[1].max_rounds = 1;
    let plan = mailing(fan_out);
    let mut engine = plan.start();
    engine.done(&["write"]);
    for item in ["e1", "e2", "e3"] {
        engine.deliver(item, "again").unwrap();
    }
    engine.done(&["write"]);
    let refused = engine.deliver("e1", "again");
    assert!(
        matches!(refused, Err(TaskError::ReworkLimit { .. })),
        "{refused:?}"
    );
}

/// E24, E8
#[test]
fn taking_the_last_child_back_takes_the_fan_out_back() {
    let plan = mailing(deliver());
    let mut engine = plan.start();
    engine.done(&["write"]);
    for item in ["e1", "e2", "e3"] {
        engine.deliver(item, "").unwrap();
    }
    let parent = engine.id("deliver");
    let facts = UndoFacts::default();
    let refused = engine.reopen(parent, ANNA, &yes(), None, &facts);
    assert_eq!(refused, Err(TaskError::DoneByItems));
    let id = engine.child("e3").id;
    engine.reopen(id, ANNA, &yes(), None, &facts).unwrap();
    assert_eq!(engine.by_item(), "e1:completed e2:completed e3:in_progress");
    assert_eq!(engine.of("deliver").status, TaskStatus::InProgress);
    assert_eq!(engine.of("file").status, TaskStatus::Waiting);
    engine.deliver("e3", "").unwrap();
    assert_eq!(engine.of("file").status, TaskStatus::Open);
}

/// E24, E9
#[test]
fn over_people_each_child_is_its_persons() {
    let mut plan = mailing(TaskTemplate {
        over: Some(Over::Field("people".to_owned())),
        owner: vec![OwnerRule::Field("people".to_owned())],
        ..deliver()
    });
    plan.people(&[BEN, ANNA]);
    let mut engine = plan.start();
    engine.done(&["write"]);
    let owners: Vec<_> = engine
        .run
        .children(engine.id("deliver"))
        .map(|task| (task.title.clone(), task.owner_id, task.entity_id))
        .collect();
    let titled = |name: &str| format!("Deliver to {name}");
    assert_eq!(
        owners,
        [
            (titled("Ben"), Some(BEN), CLIENT),
            (titled("Anna"), Some(ANNA), CLIENT)
        ]
    );
}

/// E24, E25
#[test]
fn with_starts_each_item_has_a_process_of_its_own() {
    let plan = mailing(TaskTemplate {
        starts: Some(Starts {
            process_type: "transfer".to_owned(),
            of: Target::Subject,
            fields: BTreeMap::new(),
            related: BTreeMap::new(),
            results: BTreeMap::new(),
        }),
        ..deliver()
    });
    let mut engine = plan.start();
    engine.done(&["write"]);
    let started: Vec<_> = engine
        .changes
        .jobs
        .iter()
        .map(|job| match job {
            Job::StartProcess(request) => (request.parent_task_id, request.entity_id),
            other => panic!("not a start: {other:?}"),
        })
        .collect();
    let wanted: Vec<_> = engine
        .run
        .children(engine.id("deliver"))
        .map(|task| (Some(task.id), Some(task.entity_id)))
        .collect();
    assert_eq!(started, wanted);
    for item in ["e1", "e2", "e3"] {
        let id = engine.child(item).id;
        let child = crate::ids::ProcessId(uuid::Uuid::from_u128(id.0.as_u128() + 1));
        engine.child_started(id, Some(child)).unwrap();
        engine.child_ended(id, child, Some("completed")).unwrap();
    }
    assert_eq!(engine.of("deliver").status, TaskStatus::Completed);
    assert_eq!(engine.run.process.status, ProcessStatus::Running);
}

/// Delivered by two people, and checked with each household; then filed by whoever delivered last.
fn delivered_by_two() -> Rehearsal {
    let executor = || vec![OwnerRule::ExecutorOf("deliver".to_owned())];
    let check = TaskTemplate {
        key: "check".to_owned(),
        owner: executor(),
        ..deliver()
    };
    let file = TaskTemplate {
        owner: executor(),
        ..task("file")
    };
    let mut plan = Rehearsal::of([
        deliver(),
        after(&["deliver"], check),
        after(&["deliver"], file),
    ]);
    plan.households(2);
    plan
}

/// E9, E24
#[test]
fn the_executor_of_a_fan_out_completed_the_last_child() {
    for (first, last) in [(ANNA, BEN), (BEN, ANNA)] {
        let plan = delivered_by_two();
        let mut run = plan.start().finish().0;
        for (item, by) in [("e2", first), ("e1", last)] {
            let mut engine = plan.later(run, 1);
            let id = engine.child(item).id;
            engine
                .complete(id, by, &yes(), &CompletionInput::default())
                .unwrap();
            run = engine.finish().0;
        }
        assert_eq!(run.task("file").unwrap().owner_id, Some(last));
        let checks = run.children(run.task("check").unwrap().id);
        let owners: Vec<_> = checks
            .map(|child| (number(child), child.owner_id.unwrap()))
            .collect();
        let expected = [("e1", last), ("e2", first)].map(|(item, by)| (item.to_owned(), by));
        assert_eq!(owners, expected, "with each item whoever delivered it");
    }
}
