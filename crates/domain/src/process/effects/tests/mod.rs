//! E13, effect by effect.

mod records;
mod starts;

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
    role::RoleKind,
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
            Job::ChildEnded { .. }
            | Job::CheckChild { .. }
            | Job::AnchorsChanged { .. }
            | Job::DateAnew { .. }
            | Job::HandOver { .. }
            | Job::DueMoment(_)
            | Job::NobodyElse { .. }
            | Job::RunSchedule { .. }
            | Job::PlanSchedules { .. }
            | Job::PlanNext(_)
            | Job::RunBatch { .. }
            | Job::MigrateProcesses { .. }
            | Job::MigrateProcess { .. }
            | Job::CancelProcess { .. } => None,
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
    assert_eq!(logged.occurred_at, fixture.now());
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

/// E14: texts of effects hold names, those of the item too.
#[test]
fn texts_of_effects_are_rendered_for_each_item() {
    let recipients = Field {
        multiple: true,
        ..field("recipients", FieldType::Entity)
    };
    let (mut fixture, _) = completed_with(vec![(recipients, list(&[]))]);
    let (one, two) = (
        fixture.entity("household", "One"),
        fixture.entity("household", "Two"),
    );
    let ids = list(&[&one.to_string(), &two.to_string()]);
    fixture.run.tasks[0].form.insert("recipients".into(), ids);
    let letter = Effect {
        each: Some("recipients".into()),
        ..touchpoint(
            "{{ item.name }} about {{ entity.name }}: {{ process.fields.x | default('news') }}",
        )
    };
    let changes = apply(&fixture, &[letter], &on_task(None));
    let subjects: Vec<_> = changes
        .touchpoints
        .iter()
        .map(|t| t.subject.as_str())
        .collect();
    assert_eq!(
        subjects,
        [
            "One about Okafor Household: news",
            "Two about Okafor Household: news"
        ]
    );
}

/// E4, E13: a condition sees what the run holds.
#[test]
fn an_effect_happens_where_its_condition_holds() {
    let (fixture, _) = completed_with(vec![(field("funding", FieldType::Text), text("Rollover"))]);
    let only_for = |funding: &str| Effect {
        when: Some(Condition::Leaf {
            subject: Subject::Field("funding".into()),
            test: Test::Eq(Operand::Fixed(text(funding))),
        }),
        ..touchpoint(funding)
    };
    let changes = apply(
        &fixture,
        &[only_for("Cash"), only_for("Rollover")],
        &on_task(None),
    );
    let subjects: Vec<_> = changes
        .touchpoints
        .iter()
        .map(|t| t.subject.as_str())
        .collect();
    assert_eq!(subjects, ["Rollover"]);
}
