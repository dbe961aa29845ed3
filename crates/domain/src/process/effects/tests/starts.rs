//! Processes that effects start.

use super::*;

/// E13: a follow-up is asked for by job, with fields, records and its depth.
#[test]
fn a_process_is_started_by_job_with_what_it_is_handed() {
    let (mut fixture, ada) = completed_with(vec![
        (field("amount", FieldType::Text), text("500")),
        (field("payee", FieldType::Entity), text("")),
    ]);
    let (account, payee) = (
        fixture.entity("account", "A"),
        fixture.entity("person", "P"),
    );
    fixture
        .run
        .process
        .related
        .insert("account".into(), account);
    fixture.run.process.depth = 2;
    fixture.run.tasks[0]
        .form
        .insert("payee".into(), text(&payee.to_string()));
    let fields = [
        ("amount", EffectOperand::Field("amount".into())),
        ("asked_at", EffectOperand::Now),
        ("method", EffectOperand::Fixed(text("wire"))),
        ("unknown", EffectOperand::Field("unknown".into())),
    ];
    let related = [("into", "account"), ("to", "payee"), ("none", "missing")];
    let changes = apply(&fixture, &[start(&fields, &related)], &on_task(None));
    let expected = crate::job::StartRequest {
        process_type: "money_movement_in".into(),
        entity_id: Some(fixture.client),
        related: [("into".to_owned(), account), ("to".to_owned(), payee)].into(),
        fields: BTreeMap::from([
            ("amount".to_owned(), text("500")),
            ("asked_at".to_owned(), text("2026-07-01T14:00:00Z")),
            ("method".to_owned(), text("wire")),
        ]),
        parent_process_id: fixture.run.process.id,
        parent_task_id: Some(fixture.run.tasks[0].id),
        parent_attempt: Some(1),
        waited_for: false,
        depth: 3,
        unless_open: false,
        initiator_id: Some(ada),
    };
    assert_eq!(changes.jobs, [Job::StartProcess(expected)]);
    assert_eq!(events(&changes), []);
}

/// E6: a completion that is done again starts no second process while the first is open.
#[test]
fn a_repeated_completion_asks_to_start_unless_one_is_open() {
    let (mut fixture, _) = completed_with(Vec::new());
    let effects = [start(&[], &[])];
    let unless_open = |fixture: &Fixture, effects: &[Effect]| {
        started(&apply(fixture, effects, &on_task(None)))[0].unless_open
    };
    assert!(!unless_open(&fixture, &effects));
    let asked = Effect {
        unless_open: true,
        ..effects[0].clone()
    };
    assert!(unless_open(&fixture, &[asked]));
    fixture.run.tasks[0].attempt = 2;
    assert!(unless_open(&fixture, &effects));
}

/// E13: where the record does not exist, the start is told of as failed and the completion stands.
#[test]
fn a_start_for_a_missing_record_is_told_of() {
    let (fixture, _) = completed_with(Vec::new());
    let effect = Effect {
        of: Target::Related("account".into()),
        ..start(&[], &[])
    };
    let changes = apply(&fixture, &[effect], &on_task(None));
    assert_eq!(changes.jobs, []);
    assert_eq!(events(&changes), [EventType::ProcessNotStarted]);
    let told = changes.occurrences[0].after.as_ref().unwrap();
    assert_eq!(told["not_started"]["process_type"], "money_movement_in");
    assert_eq!(
        told["not_started"]["task_id"],
        fixture.run.tasks[0].id.to_string()
    );
}
