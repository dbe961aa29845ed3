//! What effects write to records: attributes, new records, documents.

use super::*;

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

/// X17: a new record is seen by whoever serves the subject, in the same roles; `firm` roles stay with the firm.
#[test]
fn the_people_on_the_subjects_teams_serve_the_new_record() {
    let (mut fixture, ada) = completed_with(Vec::new());
    let grace = fixture.user("Grace");
    let (client, firm) = (fixture.client, fixture.firm_entity());
    let role = |kind| {
        let mut roles = fixture.catalog.roles.iter();
        roles.find(|role| role.kind == kind).unwrap().key.clone()
    };
    let [servicing, business, of_firm] =
        [RoleKind::ServicingTeam, RoleKind::Business, RoleKind::Firm].map(role);
    fixture.hold(ada, &servicing, client).is_primary = true;
    fixture.hold(grace, &business, client).version = 7;
    fixture.hold(grace, &of_firm, firm);
    let held = fixture.around.memberships.clone();
    let changes = apply(&fixture, &[account(None)], &EffectSource::Result);

    let made = *changes.entities.keys().next().unwrap();
    let places: Vec<_> = changes
        .memberships
        .iter()
        .map(|place| {
            (
                place.user_id,
                place.role_id,
                place.is_primary,
                place.version,
            )
        })
        .collect();
    assert_eq!(
        places,
        [
            (ada, held[0].role_id, true, 1),
            (grace, held[1].role_id, false, 1),
        ]
    );
    for place in &changes.memberships {
        assert_eq!(place.entity_id, made);
        assert!(held.iter().all(|known| known.id != place.id));
    }
    assert_eq!(
        events(&changes),
        [
            EventType::EntityCreated,
            EventType::MembershipCreated,
            EventType::MembershipCreated,
            EventType::RelationCreated,
        ]
    );

    fixture.run.process.entity_id = firm;
    fixture.run.process.entity_ids = vec![firm];
    let changes = apply(&fixture, &[account(None)], &EffectSource::Result);
    assert_eq!(changes.memberships, []);
}

/// X18: what is made for an employee is as hard to see as the employee.
#[test]
fn a_record_made_for_an_employee_is_restricted() {
    let (mut fixture, _) = completed_with(Vec::new());
    fixture.client_mut().kind = "employee".into();
    let changes = apply(&fixture, &[account(None)], &on_task(None));
    assert!(changes.entities.values().all(|made| made.restricted));
    assert_eq!(changes.entities.len(), 1);
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
    assert_eq!(
        filed(std::slice::from_ref(&forms), &on_task(None)),
        [form_a, form_b]
    );
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
