use super::*;
use crate::{
    process::{
        fixture::field,
        hold::HoldInput,
        input::CompletionInput,
        rehearsal::{ANNA, CLIENT, Rehearsal, after, task, tell_anna, yes},
        run::Run,
    },
    process_type::definition::{
        CalendarKind, DueAmount, DueBase, DueRule, DueUnit, Effect, EffectAction, EffectOperand,
        Over, TaskKind, TaskTemplate,
    },
    task::HoldReason,
    value::{FieldType, FieldValue},
};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn text(value: &str) -> FieldValue {
    FieldValue::Text(value.to_owned())
}

fn rule(amount: DueAmount, from: DueBase) -> DueRule {
    DueRule {
        amount,
        unit: DueUnit::BusinessDays,
        from,
        calendar: CalendarKind::Market,
        fallback: None,
    }
}

fn due(rule: DueRule, template: TaskTemplate) -> TaskTemplate {
    TaskTemplate {
        due: Some(rule),
        ..template
    }
}

/// Five business days before the client's renewal.
fn before_renewal(template: TaskTemplate) -> TaskTemplate {
    let base = DueBase::Attribute("renewal".to_owned());
    due(rule(DueAmount::Fixed(-5), base), template)
}

fn renewing(on: &str, tasks: Vec<TaskTemplate>) -> Rehearsal {
    let mut plan = Rehearsal::of(tasks);
    plan.attribute("renewal", AttributeType::Date, &[]);
    plan.client()
        .attributes
        .insert("renewal".to_owned(), text(on));
    plan
}

fn was(value: Option<&str>) -> Given {
    [("renewal".to_owned(), value.map(text))].into()
}

/// The run as it is after its record's renewal was moved elsewhere.
fn moved(mut plan: Rehearsal, from: &str, to: Option<&str>, days: i64) -> Task {
    let (run, _) = plan.start().finish();
    match to {
        Some(to) => plan
            .client()
            .attributes
            .insert("renewal".to_owned(), text(to)),
        None => plan.client().attributes.remove("renewal"),
    };
    let mut engine = plan.later(run, days);
    engine.date_anew(CLIENT, &was(Some(from)));
    let (run, _) = engine.finish();
    run.tasks[0].clone()
}

/// E11
#[test]
fn a_date_that_counts_from_an_attribute_follows_it() {
    let plan = renewing("2026-04-15", vec![before_renewal(task("a"))]);
    assert_eq!(
        plan.start().of("a").due_at,
        Some(at("2026-04-08T21:00:00Z"))
    );
    let task = moved(plan, "2026-04-15", Some("2026-05-15"), 0);
    assert_eq!(task.due_at, Some(at("2026-05-08T21:00:00Z")));
    assert!(!task.compressed);
    assert_eq!(task.version, 3);
}

/// E11
#[test]
fn a_new_date_that_is_past_becomes_today_and_says_so() {
    let plan = renewing("2026-04-15", vec![before_renewal(task("a"))]);
    let task = moved(plan, "2026-04-15", Some("2026-03-04"), 0);
    assert_eq!(task.due_at, Some(at("2026-03-02T22:00:00Z")));
    assert!(task.compressed);
}

/// E11
#[test]
fn a_base_that_is_gone_takes_the_date_with_it() {
    let plan = renewing("2026-04-15", vec![before_renewal(task("a"))]);
    assert_eq!(moved(plan, "2026-04-15", None, 0).due_at, None);
}

/// E11
#[test]
fn what_is_late_stays_late_while_nothing_moves() {
    let plan = renewing("2026-03-12", vec![before_renewal(task("a"))]);
    let late = plan.start().of("a").due_at;
    assert_eq!(late, Some(at("2026-03-05T22:00:00Z")));
    let task = moved(plan, "2026-03-12", Some("2026-03-12"), 20);
    assert_eq!((task.due_at, task.compressed), (late, false));
}

/// E11
#[test]
fn a_date_set_by_hand_stays() {
    let mut plan = renewing("2026-04-15", vec![before_renewal(task("a"))]);
    for wish in [Some(at("2026-03-20T21:00:00Z")), None] {
        let mut engine = plan.start();
        let id = engine.id("a");
        engine.reschedule(id, wish, Some("Asked."), &yes()).unwrap();
        assert!(engine.of("a").due_by_hand);
        let (run, _) = engine.finish();
        plan.client()
            .attributes
            .insert("renewal".to_owned(), text("2026-06-15"));
        let mut engine = plan.later(run, 0);
        engine.date_anew(CLIENT, &was(Some("2026-04-15")));
        assert_eq!(engine.finish().0.tasks[0].due_at, wish);
    }
}

/// E11
#[test]
fn a_reason_is_told_with_the_new_date_and_the_same_date_is_no_news() {
    let plan = Rehearsal::of([task("a")]);
    let mut engine = plan.start();
    let id = engine.id("a");
    engine.told();
    let wish = Some(at("2026-03-20T21:00:00Z"));
    engine.reschedule(id, wish, Some("Asked."), &yes()).unwrap();
    let told = engine.changes.occurrences[0].after.clone().unwrap();
    assert_eq!(told["reason"], "Asked.");
    engine.reschedule(id, wish, Some("Again."), &yes()).unwrap();
    assert_eq!(engine.told(), ["task.updated a"]);
}

/// E11
#[test]
fn the_clients_tier_says_how_long_and_moves_the_date_when_it_changes() {
    let by_tier = DueAmount::By {
        attribute: "tier".to_owned(),
        map: [("A".to_owned(), 1), ("B".to_owned(), 3)].into(),
    };
    let mut plan = Rehearsal::of([due(rule(by_tier, DueBase::Opened), task("a"))]);
    plan.attribute("tier", AttributeType::Choice, &["A", "B"]);
    plan.client()
        .attributes
        .insert("tier".to_owned(), text("B"));
    let engine = plan.start();
    assert_eq!(engine.of("a").due_at, Some(at("2026-03-05T22:00:00Z")));
    let (run, _) = engine.finish();
    plan.client()
        .attributes
        .insert("tier".to_owned(), text("A"));
    let mut engine = plan.later(run, 0);
    let before: Given = [("tier".to_owned(), Some(text("B")))].into();
    engine.date_anew(CLIENT, &before);
    assert_eq!(
        engine.finish().0.tasks[0].due_at,
        Some(at("2026-03-03T22:00:00Z"))
    );
}

/// E11
#[test]
fn a_draft_of_a_date_field_dates_what_counts_from_it() {
    let base = DueBase::Field("trade_on".to_owned());
    let plan = Rehearsal::of([
        TaskTemplate {
            form: vec![field("trade_on", FieldType::Date)],
            ..task("a")
        },
        due(rule(DueAmount::Fixed(1), base), task("b")),
    ]);
    let (run, _) = plan.start().finish();
    assert_eq!(run.tasks[1].due_at, None);
    let mut engine = plan.later(run, 0);
    let draft = [("trade_on".to_owned(), Some(text("2026-03-12")))].into();
    engine
        .edit_form(engine.id("a"), &draft, ANNA, &yes())
        .unwrap();
    let (run, changes) = engine.finish();
    assert_eq!(run.tasks[1].due_at, Some(at("2026-03-13T21:00:00Z")));
    assert!(changes.jobs.is_empty());
}

/// E11
#[test]
fn the_end_of_a_task_beside_dates_what_counts_from_it() {
    let counted = DueRule {
        fallback: Some(Box::new(rule(DueAmount::Fixed(9), DueBase::ProcessStart))),
        ..rule(DueAmount::Fixed(1), DueBase::Task("a".to_owned()))
    };
    let plan = Rehearsal::of([task("a"), due(counted, task("b"))]);
    let (run, _) = plan.start().finish();
    assert_eq!(run.tasks[1].due_at, Some(at("2026-03-13T21:00:00Z")));
    let mut engine = plan.later(run, 1);
    engine.done(&["a"]);
    let (run, _) = engine.finish();
    assert_eq!(run.tasks[1].due_at, Some(at("2026-03-04T22:00:00Z")));
    let mut engine = plan.later(run, 0);
    let facts = crate::process::undo::UndoFacts::default();
    let id = engine.id("a");
    engine.reopen(id, ANNA, &yes(), None, &facts).unwrap();
    assert_eq!(
        engine.finish().0.tasks[1].due_at,
        Some(at("2026-03-13T21:00:00Z"))
    );
}

/// E11
#[test]
fn a_paused_clock_counts_the_days_until_the_new_date() {
    let plan = renewing("2026-04-15", vec![before_renewal(task("a"))]);
    let mut engine = plan.start();
    let hold = HoldInput {
        reason: HoldReason::Client,
        note: None,
        pause_clock: true,
        nigo: crate::process::submitting::NigoInput::default(),
    };
    engine.hold_task(engine.id("a"), &yes(), hold).unwrap();
    let (run, _) = engine.finish();
    let mut plan = plan;
    plan.client()
        .attributes
        .insert("renewal".to_owned(), text("2026-03-11"));
    let mut engine = plan.later(run, 0);
    engine.date_anew(CLIENT, &was(Some("2026-04-15")));
    let resting = engine.of("a");
    assert_eq!(resting.due_at, None);
    assert_eq!(resting.hold.as_ref().unwrap().remaining_days, Some(2));
}

/// E11, E5
#[test]
fn what_a_process_writes_dates_its_own_tasks_and_asks_for_the_others() {
    let sets = Effect {
        action: EffectAction::SetAttribute {
            attribute: "renewal".to_owned(),
            value: EffectOperand::Fixed(text("2026-05-15")),
        },
        ..tell_anna("")
    };
    let plan = renewing(
        "2026-04-15",
        vec![
            TaskTemplate {
                on_complete: vec![sets],
                ..task("a")
            },
            before_renewal(task("b")),
            after(&["a"], task("c")),
        ],
    );
    let (run, _) = plan.start().finish();
    let mut engine = plan.later(run, 0);
    let input = CompletionInput::default();
    engine
        .complete(engine.id("a"), ANNA, &yes(), &input)
        .unwrap();
    let (run, changes) = engine.finish();
    assert_eq!(run.tasks[1].due_at, Some(at("2026-05-08T21:00:00Z")));
    let job = Job::AnchorsChanged {
        entity_id: CLIENT,
        before: was(Some("2026-04-15")),
        except: Some(run.process.id),
        after: None,
    };
    assert_eq!(changes.jobs, [job]);
}

/// E11
#[test]
fn only_what_a_rule_can_count_from_is_passed_on() {
    let mut plan = renewing("2026-04-15", vec![task("a")]);
    plan.attribute("nickname", AttributeType::Text, &[]);
    let before = plan.client().clone();
    let mut after = before.clone();
    let attributes = &plan.world().catalog.attributes;
    after
        .attributes
        .insert("nickname".to_owned(), text("The Okafors"));
    assert_eq!(anchors_changed(attributes, &before, &after, None), None);
    after
        .attributes
        .insert("renewal".to_owned(), text("2026-05-15"));
    let job = anchors_changed(attributes, &before, &after, None);
    let Some(Job::AnchorsChanged { before: told, .. }) = job else {
        panic!("{job:?}");
    };
    assert_eq!(told, was(Some("2026-04-15")));
}

/// Delivered to each household five business days before its renewal.
fn delivered() -> Rehearsal {
    let deliver = TaskTemplate {
        kind: TaskKind::FanOut,
        over: Some(Over::Field("households".to_owned())),
        ..before_renewal(task("deliver"))
    };
    let mut plan = renewing("2026-04-15", vec![deliver]);
    plan.households(2);
    for household in plan.around.entities.values_mut() {
        household
            .attributes
            .insert("renewal".to_owned(), text("2026-04-15"));
    }
    plan
}

/// E11, E24
#[test]
fn a_child_of_a_fan_out_follows_the_attribute_of_its_own_record() {
    let (april, may) = (
        Some(at("2026-04-08T21:00:00Z")),
        Some(at("2026-05-08T21:00:00Z")),
    );
    for (changed, expected) in [
        (Some(1), [april, may, april]),
        (Some(2), [april, april, may]),
        (None, [may, april, april]),
    ] {
        let mut plan = delivered();
        let (run, _) = plan.start().finish();
        let dates = |run: &Run| run.tasks.iter().map(|task| task.due_at).collect::<Vec<_>>();
        assert_eq!(dates(&run), [april; 3]);
        let record = changed.map_or(CLIENT, |place: usize| run.tasks[place].entity_id);
        let entity = plan.around.entities.get_mut(&record).unwrap();
        entity
            .attributes
            .insert("renewal".to_owned(), text("2026-05-15"));
        let mut engine = plan.later(run, 0);
        engine.date_anew(record, &was(Some("2026-04-15")));
        assert_eq!(dates(&engine.finish().0), expected);
    }
}
