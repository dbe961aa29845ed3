//! Storing and seeing documents (X17, X18, X20).

use std::collections::BTreeMap;

use uuid::Uuid;

use super::fixture::{
    ASKER, CSA, FIRM, LINDQVIST, OTHER_FIRM, OWNER, Scene, at_level, entity, member, now,
};
use crate::{
    access::{
        Actor, Rule,
        documents::{DocumentFacts, decide_upload, sees_document},
    },
    document::{Document, DocumentLink, DocumentPlace},
    ids::{DocumentId, DocumentLinkId, EntityId, TaskId, UserId},
    user::PermissionLevel,
};

const TASK: TaskId = TaskId(Uuid::from_u128(0x401));

fn document(entity_id: Option<EntityId>, uploaded_by: UserId) -> Document {
    Document {
        id: DocumentId(Uuid::from_u128(0x601)),
        name: "Statement.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        size: 3,
        sha256: "00".to_owned(),
        entity_id,
        uploaded_by: Some(uploaded_by),
        created_at: now(),
    }
}

fn link(document: &Document, entity_id: EntityId, task_id: Option<TaskId>) -> DocumentLink {
    DocumentLink {
        id: DocumentLinkId(document.id.0),
        document_id: document.id,
        entity_id,
        task_id,
        name: None,
    }
}

fn sees(
    scene: &Scene,
    actor: &Actor,
    document: &Document,
    links: &[DocumentLink],
    seen_tasks: &[TaskId],
) -> bool {
    let own = entity(FIRM.entity(), "firm", "Harbor Wealth");
    let entities = BTreeMap::from([(scene.entity.id, scene.entity.clone()), (own.id, own)]);
    let place = |link: &DocumentLink| DocumentPlace {
        document_id: link.document_id,
        entity_id: link.entity_id,
        of_work: link.task_id.is_some(),
        work_seen: link.task_id.is_some_and(|task| seen_tasks.contains(&task)),
    };
    let places: Vec<DocumentPlace> = links.iter().map(place).collect();
    let facts = DocumentFacts {
        firm: &scene.firm,
        document,
        places: &places,
        entities: &entities,
        memberships: &scene.memberships,
    };
    sees_document(actor, facts)
}

/// X20
#[test]
fn everyone_but_auditors_stores_documents() {
    for level in [
        PermissionLevel::Admin,
        PermissionLevel::Designer,
        PermissionLevel::Manager,
        PermissionLevel::Member,
    ] {
        assert!(decide_upload(&at_level(ASKER, level), None).allowed);
    }
    let refused = decide_upload(&at_level(ASKER, PermissionLevel::Auditor), None);
    assert_eq!((refused.allowed, refused.rule), (false, Rule::X20));
    let inactive = Actor {
        active: false,
        ..member(ASKER)
    };
    assert!(!decide_upload(&inactive, None).allowed);
}

/// X20
#[test]
fn on_a_record_only_whoever_sees_it_stores_documents() {
    let scene = Scene::new();
    assert!(!decide_upload(&member(ASKER), Some(scene.entity_facts())).allowed);
    let scene = scene.joins(ASKER, CSA);
    assert!(decide_upload(&member(ASKER), Some(scene.entity_facts())).allowed);
}

/// X17
#[test]
fn what_belongs_nowhere_yet_is_its_uploaders() {
    let scene = Scene::new();
    let document = document(None, OWNER);
    assert!(sees(&scene, &member(OWNER), &document, &[], &[]));
    assert!(!sees(&scene, &member(ASKER), &document, &[], &[]));
    for level in [PermissionLevel::Admin, PermissionLevel::Auditor] {
        assert!(sees(&scene, &at_level(ASKER, level), &document, &[], &[]));
    }
    let stranger = Actor {
        firm_id: OTHER_FIRM,
        ..at_level(OWNER, PermissionLevel::Admin)
    };
    assert!(!sees(&scene, &stranger, &document, &[], &[]));
}

/// X17
#[test]
fn a_document_is_seen_with_the_record_that_it_belongs_or_is_linked_to() {
    let own = document(Some(LINDQVIST), OWNER);
    let loose = document(None, OWNER);
    let links = [link(&loose, LINDQVIST, Some(TASK))];
    let scene = Scene::new();
    assert!(!sees(&scene, &member(ASKER), &own, &[], &[]));
    assert!(!sees(&scene, &member(ASKER), &loose, &links, &[]));
    let scene = scene.joins(ASKER, CSA);
    assert!(sees(&scene, &member(ASKER), &own, &[], &[]));
    assert!(sees(&scene, &member(ASKER), &loose, &links, &[]));
}

/// X17
#[test]
fn a_document_is_seen_with_a_task_that_linked_it() {
    let scene = Scene::new();
    let document = document(None, OWNER);
    let links = [link(&document, LINDQVIST, Some(TASK))];
    assert!(sees(&scene, &member(ASKER), &document, &links, &[TASK]));
}

/// X17
#[test]
fn what_a_task_of_the_firm_linked_is_seen_with_the_task_only() {
    let scene = Scene::new();
    let document = document(None, OWNER);
    let by_task = [link(&document, FIRM.entity(), Some(TASK))];
    assert!(!sees(&scene, &member(ASKER), &document, &by_task, &[]));
    assert!(sees(&scene, &member(ASKER), &document, &by_task, &[TASK]));
    let admin = at_level(ASKER, PermissionLevel::Admin);
    assert!(sees(&scene, &admin, &document, &by_task, &[]));
    let by_hand = [link(&document, FIRM.entity(), None)];
    assert!(sees(&scene, &member(ASKER), &document, &by_hand, &[]));
}

/// X18
#[test]
fn a_restriction_keeps_a_document_even_from_its_uploader() {
    let mut scene = Scene::new();
    scene.entity.restricted = true;
    let document = document(Some(LINDQVIST), ASKER);
    assert!(!sees(&scene, &member(ASKER), &document, &[], &[]));
    let admin = at_level(ASKER, PermissionLevel::Admin);
    assert!(!sees(&scene, &admin, &document, &[], &[]));
    let auditor = at_level(OWNER, PermissionLevel::Auditor);
    assert!(sees(&scene, &auditor, &document, &[], &[]));
    let scene = scene.joins(ASKER, CSA);
    assert!(sees(&scene, &member(ASKER), &document, &[], &[]));
}
