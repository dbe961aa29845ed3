//! E13, effect by effect.

use std::collections::BTreeMap;

use super::*;
use crate::{
    attribute::AttributeType,
    condition::{Condition, Operand, Subject, Test},
    entity::Entity,
    ids::TeamId,
    job::Job,
    process::{
        fixture::{Fixture, completed, definition, effect, field, list, template, text},
        run::Changes,
    },
    process_type::definition::{AttributeLink, Field, TaskTemplate},
    task::TaskStatus,
};

fn touchpoint(subject: &str) -> Effect {
    effect(EffectAction::LogTouchpoint {
        touchpoint_type: "call".into(),
        subject: subject.into(),
    })
}

fn set(attribute: &str, value: EffectOperand) -> Effect {
    effect(EffectAction::SetAttribute {
        attribute: attribute.into(),
        value,
    })
}

fn account(as_related: Option<&str>) -> Effect {
    effect(EffectAction::CreateEntity {
        kind: "account".into(),
        name: "Joint 77".into(),
        as_related: as_related.map(str::to_owned),
        relation: Some("owned_by".into()),
    })
}

fn file(name: Option<&str>, files: &[&str]) -> Effect {
    effect(EffectAction::FileDocument {
        name: name.map(str::to_owned),
        files: files.iter().map(|key| (*key).to_owned()).collect(),
    })
}

fn notify(to: OwnerRule) -> Effect {
    effect(EffectAction::Notify {
        to,
        message: "Account live".into(),
    })
}

fn start(fields: &[(&str, EffectOperand)], related: &[(&str, &str)]) -> Effect {
    effect(EffectAction::StartProcess {
        process_type: "money_movement_in".into(),
        fields: fields
            .iter()
            .map(|(key, operand)| ((*key).to_owned(), operand.clone()))
            .collect(),
        related: related
            .iter()
            .map(|(its, ours)| ((*its).to_owned(), (*ours).to_owned()))
            .collect(),
    })
}

fn on_task(outcome: Option<&str>) -> EffectSource {
    EffectSource::Task {
        index: 0,
        outcome: outcome.map(str::to_owned),
    }
}

/// A run of one task, completed by Ada, with these fields and their values.
fn completed_with(fields: Vec<(Field, FieldValue)>) -> (Fixture, UserId) {
    let (fields, values): (Vec<Field>, Vec<FieldValue>) = fields.into_iter().unzip();
    let form = fields
        .iter()
        .map(|field| field.key.clone())
        .zip(values)
        .collect();
    let mut fixture = Fixture::new(definition(vec![TaskTemplate {
        form: fields,
        ..template("a")
    }]));
    let ada = fixture.user("Ada");
    let task = fixture.task_mut("a");
    task.form = form;
    task.status = TaskStatus::Completed;
    task.completion = Some(completed(Some(ada), None));
    (fixture, ada)
}

fn apply(fixture: &Fixture, effects: &[Effect], source: &EffectSource) -> Changes {
    let mut engine = fixture.engine();
    engine.apply_effects(effects, source);
    engine.finish().1
}

fn events(changes: &Changes) -> Vec<EventType> {
    changes.occurrences.iter().map(|told| told.event).collect()
}

fn started(changes: &Changes) -> Vec<&crate::job::StartRequest> {
    changes
        .jobs
        .iter()
        .filter_map(|job| match job {
            Job::StartProcess(request) => Some(request),
            Job::ChildEnded { .. } | Job::ChildStarted { .. } | Job::CancelProcess { .. } => None,
        })
        .collect()
}

/// E13
#[test]
fn a_touchpoint_is_logged_with_the_person_and_the_task() {
    let (fixture, ada) = completed_with(Vec::new());
    let changes = apply(&fixture, &[touchpoint("Welcome call")], &on_task(None));
    let [logged] = changes.touchpoints.as_slice() else {
        panic!("one touchpoint was to be logged");
    };
    assert_eq!(logged.entity_id, fixture.client);
    assert_eq!(
        (logged.touchpoint_type.as_str(), logged.subject.as_str()),
        ("call", "Welcome call")
    );
    assert_eq!(logged.author_id, Some(ada));
    assert_eq!(logged.task_id, Some(fixture.run.tasks[0].id));
    assert_eq!(logged.process_id, Some(fixture.run.process.id));
    assert_eq!(logged.occurred_at, fixture.ambient.now);
    let told = &changes.occurrences[0];
    assert_eq!(told.event, EventType::TouchpointCreated);
    assert_eq!(
        (told.subject_id, told.entity_id),
        (logged.id.0, Some(fixture.client))
    );
    assert_eq!(told.after, Some(snapshot(logged)));

    let of_result = apply(&fixture, &[touchpoint("Closed")], &EffectSource::Result);
    assert_eq!(of_result.touchpoints[0].author_id, None);
    assert_eq!(of_result.touchpoints[0].task_id, None);
}

/// E13: effects happen in their order, those of another outcome not at all.
#[test]
fn effects_of_another_outcome_or_a_false_condition_do_not_happen() {
    let (fixture, _) = completed_with(Vec::new());
    let effects = [
        touchpoint("always"),
        Effect {
            if_outcome: Some("opened".into()),
            ..touchpoint("opened")
        },
        Effect {
            if_outcome: Some("declined".into()),
            ..touchpoint("declined")
        },
        Effect {
            when: Some(Condition::Leaf {
                subject: Subject::Field("missing".into()),
                test: Test::Eq(Operand::Fixed(text("x"))),
            }),
            ..touchpoint("conditional")
        },
    ];
    let subjects = |outcome| {
        let changes = apply(&fixture, &effects, &on_task(outcome));
        let subjects = changes.touchpoints.into_iter().map(|logged| logged.subject);
        subjects.collect::<Vec<_>>()
    };
    assert_eq!(subjects(Some("opened")), ["always", "opened"]);
    assert_eq!(subjects(Some("declined")), ["always", "declined"]);
    assert_eq!(subjects(None), ["always"]);
}

/// E13: `each` is once per item, on the item where it is a record; a write over several goes to each.
#[test]
fn each_happens_once_per_item() {
    let many = |key: &str, field_type| Field {
        multiple: true,
        ..field(key, field_type)
    };
    let (mut fixture, _) = completed_with(vec![
        (many("recipients", FieldType::Entity), list(&[])),
        (many("topics", FieldType::Text), list(&["tax", "estate"])),
    ]);
    let (one, two) = (
        fixture.entity("household", "One"),
        fixture.entity("household", "Two"),
    );
    let ids = list(&[&one.to_string(), &two.to_string()]);
    fixture.run.tasks[0].form.insert("recipients".into(), ids);
    let each = |key: &str| Effect {
        each: Some(key.into()),
        ..touchpoint("Letter")
    };
    let logged_on = |effect: Effect| {
        let changes = apply(&fixture, &[effect], &on_task(None));
        let records = changes.touchpoints.iter().map(|logged| logged.entity_id);
        records.collect::<Vec<_>>()
    };
    assert_eq!(logged_on(each("recipients")), [one, two]);
    assert_eq!(logged_on(each("topics")), [fixture.client, fixture.client]);
    assert_eq!(logged_on(each("nothing")), []);
    let over_several = Effect {
        of: Target::Field("recipients".into()),
        ..touchpoint("Letter")
    };
    assert_eq!(logged_on(over_several), [one, two]);
    let for_the_firm = Effect {
        of: Target::Firm,
        ..each("recipients")
    };
    let firm = fixture.firm_entity();
    assert_eq!(logged_on(for_the_firm), [firm, firm]);

    let topic = Effect {
        each: Some("topics".into()),
        ..start(&[("topic", EffectOperand::Field("topics".into()))], &[])
    };
    let changes = apply(&fixture, &[topic], &on_task(None));
    let topics: Vec<_> = started(&changes)
        .iter()
        .map(|r| r.fields["topic"].clone())
        .collect();
    assert_eq!(topics, [text("tax"), text("estate")]);
}

/// E13: a moment, a field or a fixed value is written; the old value stays in history.
#[test]
fn an_attribute_is_set_from_a_moment_a_field_or_a_value() {
    let (mut fixture, ada) =
        completed_with(vec![(field("met_on", FieldType::Date), text("2026-06-30"))]);
    fixture.attribute("client", "last_review", AttributeType::Date);
    let old = text("2025-06-01");
    fixture
        .client_mut()
        .attributes
        .insert("last_review".into(), old.clone());
    let cases = [
        (EffectOperand::Now, Some(text("2026-07-01"))),
        (
            EffectOperand::Field("met_on".into()),
            Some(text("2026-06-30")),
        ),
        (
            EffectOperand::Fixed(text("2026-01-31")),
            Some(text("2026-01-31")),
        ),
        (EffectOperand::Field("missing".into()), None),
        (EffectOperand::Fixed(old.clone()), None),
    ];
    for (operand, expected) in cases {
        let changes = apply(
            &fixture,
            &[set("last_review", operand.clone())],
            &on_task(None),
        );
        let write = changes.attribute_values.first();
        assert_eq!(write.and_then(|w| w.after.clone()), expected, "{operand:?}");
        if let Some(write) = write {
            assert_eq!(
                (write.before.clone(), write.by),
                (Some(old.clone()), Some(ada))
            );
            assert_eq!(events(&changes), [EventType::EntityUpdated]);
        }
    }
}

/// E13: the status of a record is set like an attribute; a record that does not exist is left alone.
#[test]
fn the_status_of_a_related_record_is_set() {
    let (mut fixture, _) = completed_with(Vec::new());
    let open = Effect {
        of: Target::Related("account".into()),
        ..set("status", EffectOperand::Fixed(text("open")))
    };
    let effects = std::slice::from_ref(&open);
    assert_eq!(
        apply(&fixture, effects, &EffectSource::Result),
        Changes::default()
    );
    let account = fixture.entity("account", "Joint 77");
    fixture
        .run
        .process
        .related
        .insert("account".into(), account);
    let changes = apply(&fixture, effects, &EffectSource::Result);
    assert_eq!(changes.entities[&account].status, "open");
    let write = &changes.attribute_values[0];
    assert_eq!(
        (write.before.clone(), write.after.clone()),
        (Some(text("pending")), Some(text("open")))
    );
}

/// E13: the record is made, related both ways, told of, and given what the completed task holds for it.
#[test]
fn a_record_is_made_once_with_the_values_kept_for_it() {
    let risk = Field {
        attribute: Some(AttributeLink {
            key: "risk_profile".into(),
            of: Target::Related("account".into()),
        }),
        ..field("risk", FieldType::Text)
    };
    let (mut fixture, ada) = completed_with(vec![(risk, text("Growth"))]);
    fixture.attribute("account", "risk_profile", AttributeType::Text);
    let team = TeamId(fixture.ambient_id());
    fixture.client_mut().team_id = Some(team);
    fixture.client_mut().restricted = true;
    let mut engine = fixture.engine();
    let effects = [account(Some("account")), account(Some("account"))];
    engine.apply_effects(&effects, &on_task(None));
    let (run, changes) = engine.finish();

    let made = run.process.related["account"];
    assert_eq!(changes.entities.len(), 1, "the second finds that it exists");
    let entity = &changes.entities[&made];
    assert_eq!(
        (entity.kind.as_str(), entity.name.as_str()),
        ("account", "Joint 77")
    );
    assert_eq!(entity.status, "pending");
    assert_eq!((entity.team_id, entity.restricted), (Some(team), true));
    assert_eq!(
        entity.attributes,
        [("risk_profile".to_owned(), text("Growth"))].into()
    );
    assert_eq!(changes.attribute_values[0].by, Some(ada));
    let [relation] = changes.relations.as_slice() else {
        panic!("one relation was to be made");
    };
    assert_eq!(
        (relation.from_entity_id, relation.to_entity_id),
        (made, fixture.client)
    );
    assert_eq!(relation.kind, "owned_by");
    assert_eq!(
        events(&changes),
        [
            EventType::EntityCreated,
            EventType::RelationCreated,
            EventType::ProcessUpdated,
            EventType::EntityUpdated,
        ]
    );
    assert_eq!(run.process.version, 2);
}

/// E13: a later effect of the same completion sees the record that an earlier one made.
#[test]
fn a_later_effect_sees_the_new_record() {
    let (fixture, _) = completed_with(Vec::new());
    let open = Effect {
        of: Target::Related("account".into()),
        ..set("status", EffectOperand::Fixed(text("open")))
    };
    let changes = apply(&fixture, &[account(Some("account")), open], &on_task(None));
    let made: Vec<&Entity> = changes.entities.values().collect();
    assert_eq!((made[0].status.as_str(), made[0].version), ("open", 2));
}

/// E13: the documents of the named fields are filed, each once; without names all of the task, or of the process.
#[test]
fn documents_are_filed_on_the_entity() {
    let (mut fixture, _) = completed_with(vec![
        (field("id_paper", FieldType::File), text("")),
        (
            Field {
                multiple: true,
                ..field("forms", FieldType::File)
            },
            list(&[]),
        ),
        (field("note", FieldType::Text), text("no file")),
    ]);
    fixture.definition.start_form = vec![field("letter", FieldType::File)];
    let documents = ["Passport", "Form A", "Form B", "Letter"].map(|name| fixture.document(name));
    let [passport, form_a, form_b, letter] = documents;
    let id = |document: DocumentId| document.to_string();
    let form = &mut fixture.run.tasks[0].form;
    form.insert("id_paper".into(), text(&id(passport)));
    form.insert("forms".into(), list(&[&id(form_a), &id(form_b)]));
    fixture
        .run
        .process
        .fields
        .insert("letter".into(), text(&id(letter)));
    let filed = |effects: &[Effect], source: &EffectSource| {
        let changes = apply(&fixture, effects, source);
        assert_eq!(events(&changes).len(), changes.document_links.len());
        let links = changes.document_links.into_iter();
        links.map(|link| link.document_id).collect::<Vec<_>>()
    };
    let forms = file(Some("Account package"), &["forms"]);
    assert_eq!(filed(&[forms.clone()], &on_task(None)), [form_a, form_b]);
    assert_eq!(
        filed(&[file(None, &[])], &on_task(None)),
        [passport, form_a, form_b]
    );
    assert_eq!(
        filed(&[forms.clone(), file(None, &[])], &EffectSource::Result),
        [form_a, form_b, letter, passport]
    );
    let changes = apply(&fixture, &[forms], &on_task(None));
    let link = &changes.document_links[0];
    assert_eq!(link.entity_id, fixture.client);
    assert_eq!(link.name.as_deref(), Some("Account package"));
    assert_eq!(link.task_id, Some(fixture.run.tasks[0].id));
    assert_eq!(changes.occurrences[0].subject_id, form_a.0);
}

/// E13: the person of the owner rule is told, also one who prepared; where it names nobody, nobody is.
#[test]
fn the_person_of_the_rule_is_notified() {
    let (mut fixture, ada) = completed_with(Vec::new());
    let lead = fixture.user("Lead");
    fixture.hold(lead, "lead_advisor", fixture.client);
    fixture.run.tasks[0].separate_from = vec!["a".into()];
    let effects = [
        notify(OwnerRule::Role("lead_advisor".into())),
        notify(OwnerRule::ExecutorOf("a".into())),
        notify(OwnerRule::Role("operations_specialist".into())),
    ];
    let changes = apply(&fixture, &effects, &on_task(None));
    let told: Vec<_> = changes.notifications.iter().map(|n| n.user_id).collect();
    assert_eq!(told, [lead, ada]);
    let first = &changes.notifications[0];
    assert_eq!(first.message, "Account live");
    assert_eq!(first.entity_id, fixture.client);
    assert_eq!(first.process_id, Some(fixture.run.process.id));
    assert_eq!(events(&changes), [EventType::NotificationCreated; 2]);
}

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
    assert_eq!(
        changes.occurrences[0].after.as_ref().unwrap()["process_type"],
        "money_movement_in"
    );
}
