//! What is kept of records and comes of the work: attributes and their history, touchpoints, documents, notifications.

use chrono::TimeDelta;
use domain::{
    access::visibility::EntityScope,
    attribute::{Attribute, AttributeType},
    document::{Document, DocumentLink},
    ids::{
        AttributeId, DocumentId, DocumentLinkId, EntityId, NotificationId, ProcessId, TaskId,
        TouchpointId,
    },
    notification::Notification,
    process::run::AttributeWrite,
    touchpoint::Touchpoint,
    value::FieldValue,
};
use persistence::{AttributeFilter, StoreError, TouchpointFilter, UniqueRule};

use crate::{
    fixture::{Fixture, all_pages, one_page},
    support::on_both,
};

fn attribute(fixture: &Fixture<'_>, entity_kind: &str, key: &str) -> Attribute {
    Attribute {
        id: AttributeId(fixture.id()),
        key: key.to_owned(),
        label: key.to_uppercase(),
        entity_kind: entity_kind.to_owned(),
        value_type: AttributeType::MultiChoice,
        options: vec!["one".to_owned(), "two".to_owned()],
        archived: false,
        version: 1,
    }
}

fn touchpoint(fixture: &Fixture<'_>, entity: EntityId, subject: &str) -> Touchpoint {
    Touchpoint {
        voided_at: None,
        id: TouchpointId(fixture.id()),
        entity_id: entity,
        touchpoint_type: "call".to_owned(),
        subject: subject.to_owned(),
        note: None,
        occurred_at: fixture.now(),
        author_id: None,
        process_id: None,
        task_id: None,
        version: 1,
    }
}

fn document(fixture: &Fixture<'_>, entity: Option<EntityId>) -> Document {
    Document {
        id: DocumentId(fixture.id()),
        name: "Agreement.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        size: 5_000_000_000,
        sha256: "ab".repeat(32),
        entity_id: entity,
        uploaded_by: None,
        created_at: fixture.now(),
    }
}

on_both! {
    async fn a_definition_is_read_as_it_was_written(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        let mut tier = attribute(&fixture, "client", "tier");
        fixture.write(async |tx| tx.insert_attribute(&tier)).await;
        let reads = fixture.reads();
        assert_eq!(reads.attribute(tier.id).await.unwrap().as_ref(), Some(&tier));
        tier = Attribute {
            label: "Service tier".to_owned(),
            options: Vec::new(),
            archived: true,
            version: 2,
            ..tier
        };
        let before = fixture
            .write(async |tx| {
                tx.update_attribute(&tier)?;
                tx.lock_attribute(tier.id).await
            })
            .await;
        assert_eq!(before.map(|before| before.version), Some(1));
        assert_eq!(reads.attribute(tier.id).await.unwrap().as_ref(), Some(&tier));
        let again = attribute(&fixture, "client", "tier");
        let refused = fixture.try_write(async |tx| tx.insert_attribute(&again)).await;
        assert!(
            matches!(refused, Err(StoreError::Conflict(UniqueRule::AttributeKey))),
            "{refused:?}"
        );
    }

    async fn a_changed_definition_is_in_the_next_catalog(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        let [tier, since] = ["tier", "since"].map(|key| attribute(&fixture, "client", key));
        fixture
            .write(async |tx| {
                tx.insert_attribute(&tier)?;
                tx.insert_attribute(&since)
            })
            .await;
        let firm = fixture.context.firm_id;
        // Made in version 1, then roles, then these two at once.
        let catalog = db.store.catalog(firm, 3).await.unwrap();
        assert_eq!(catalog.attributes, [since.clone(), tier.clone()]);
        let archived = Attribute { archived: true, version: 2, ..tier };
        fixture.write(async |tx| tx.update_attribute(&archived)).await;
        let catalog = db.store.catalog(firm, 3).await.unwrap();
        assert!(catalog.attributes.iter().all(|known| !known.archived), "still good for version 3");
        let catalog = db.store.catalog(firm, 4).await.unwrap();
        assert_eq!(catalog.attributes, [since, archived]);
    }

    async fn a_kind_has_its_own_attributes_and_those_of_all_clients(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        for (kind, key) in [
            ("client", "tier"),
            ("household", "size"),
            ("person", "born"),
            ("account", "custodian"),
            ("client", "since"),
        ] {
            let new = attribute(&fixture, kind, key);
            fixture.write(async |tx| tx.insert_attribute(&new)).await;
        }
        let reads = fixture.reads();
        let keys = async |kind: &str| {
            let filter = AttributeFilter {
                entity_kind: Some(kind.to_owned()),
                archived: Some(false),
            };
            let page = reads.list_attributes(&filter, one_page()).await.unwrap();
            page.items.into_iter().map(|listed| listed.key).collect::<Vec<_>>()
        };
        assert_eq!(keys("household").await, ["since", "tier", "size"]);
        assert_eq!(keys("client").await, ["since", "tier"]);
        assert_eq!(keys("account").await, ["custodian"]);
        let all = AttributeFilter::default();
        let (listed, pages) = all_pages(async |page| reads.list_attributes(&all, page).await).await;
        let keys: Vec<_> = listed.iter().map(|listed| &*listed.key).collect();
        assert_eq!((&*keys, pages), (&["custodian", "since", "tier", "size", "born"][..], 3));
    }

    async fn the_history_of_values_is_told_newest_first(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        let entity = fixture.entity("household", "Okafor").await;
        let number = |number: u32| Some(FieldValue::Number(number.into()));
        let writes: Vec<_> = (0..5)
            .map(|at| AttributeWrite {
                entity_id: entity.id,
                attribute: if at == 3 { "tier" } else { "size" }.to_owned(),
                before: (at > 0).then(|| number(at)).flatten(),
                after: (at < 4).then(|| number(at + 1)).flatten(),
                task_id: (at == 1).then(|| TaskId(fixture.id())),
                by: (at == 2).then_some(fixture.ana.id),
            })
            .collect();
        fixture.write(async |tx| tx.insert_attribute_history(&writes)).await;
        let reads = fixture.reads();
        let (listed, pages) =
            all_pages(async |page| reads.list_attribute_history(entity.id, None, page).await).await;
        assert_eq!(pages, 3);
        assert!(listed.iter().all(|entry| entry.at == fixture.now()));
        let mut told: Vec<_> = listed.into_iter().map(|entry| entry.write).collect();
        told.reverse();
        assert_eq!(told, writes);
        let page = reads
            .list_attribute_history(entity.id, Some("tier"), one_page())
            .await
            .unwrap();
        assert_eq!(page.items.len(), 1);
        assert_eq!(page.items[0].write, writes[3]);
    }

    async fn touchpoints_are_listed_by_the_time_of_the_contact(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        let entity = fixture.entity("household", "Okafor").await;
        let at_once: Vec<_> =
            (0..4).map(|_| touchpoint(&fixture, entity.id, "At once")).collect();
        let full = Touchpoint {
            touchpoint_type: "meeting".to_owned(),
            note: Some("Wants to retire.".to_owned()),
            occurred_at: fixture.now() - TimeDelta::days(3),
            author_id: Some(fixture.ana.id),
            process_id: Some(ProcessId(fixture.id())),
            task_id: Some(TaskId(fixture.id())),
            ..touchpoint(&fixture, entity.id, "Earlier")
        };
        fixture
            .write(async |tx| {
                tx.insert_touchpoints(&at_once);
                tx.insert_touchpoints(std::slice::from_ref(&full));
                Ok(())
            })
            .await;
        let reads = fixture.reads();
        assert_eq!(reads.touchpoint(full.id).await.unwrap().as_ref(), Some(&full));
        let all = EntityScope::All;
        let any = TouchpointFilter { with_voided: false, entity: Some(entity.id), types: Vec::new() };
        let (listed, pages) =
            all_pages(async |page| reads.list_touchpoints(&all, &any, page).await).await;
        let expected: Vec<_> = at_once.iter().rev().chain([&full]).cloned().collect();
        assert_eq!((listed, pages), (expected, 3));
        let meetings = TouchpointFilter { with_voided: false, entity: None, types: vec!["meeting".to_owned()] };
        let meetings = reads.list_touchpoints(&all, &meetings, one_page()).await.unwrap();
        assert_eq!(meetings.items.as_slice(), std::slice::from_ref(&full));
        let stranger = EntityScope::Team {
            user: fixture.ana.id,
            teams: Vec::new(),
            firm: fixture.context.firm_id.entity(),
        };
        let hidden = reads.list_touchpoints(&stranger, &any, one_page()).await.unwrap();
        assert_eq!(hidden.items, []);

        let plain = Touchpoint { id: full.id, version: 2, ..touchpoint(&fixture, entity.id, "New") };
        let before = fixture
            .write(async |tx| {
                tx.update_touchpoint(&plain);
                tx.lock_touchpoint(plain.id).await
            })
            .await;
        assert_eq!(before, Some(full));
        assert_eq!(reads.touchpoint(plain.id).await.unwrap(), Some(plain));
    }

    async fn an_entity_has_its_own_documents_and_those_linked_to_it(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        let (here, there) = (
            fixture.entity("household", "Okafor").await.id,
            fixture.entity("household", "Lindqvist").await.id,
        );
        let task = TaskId(fixture.id());
        let own = Document {
            uploaded_by: Some(fixture.ana.id),
            ..document(&fixture, Some(here))
        };
        let foreign = document(&fixture, Some(there));
        let loose = document(&fixture, None);
        let links = [
            DocumentLink {
                id: DocumentLinkId(fixture.id()),
                document_id: foreign.id,
                entity_id: here,
                task_id: Some(task),
                name: Some("Signed agreement".to_owned()),
            },
            DocumentLink { id: DocumentLinkId(fixture.id()), document_id: own.id, entity_id: here, task_id: None, name: None },
            DocumentLink { id: DocumentLinkId(fixture.id()), document_id: own.id, entity_id: there, task_id: Some(task), name: None },
        ];
        fixture
            .write(async |tx| {
                for new in [&own, &foreign, &loose] {
                    tx.insert_document(new);
                }
                tx.insert_document_links(&links);
                Ok(())
            })
            .await;
        let reads = fixture.reads();
        for new in [&own, &foreign, &loose] {
            assert_eq!(reads.document(new.id).await.unwrap().as_ref(), Some(new));
        }
        assert_eq!(reads.document_links(&[own.id]).await.unwrap(), links[1..]);
        let page = reads.list_documents(here, one_page()).await.unwrap();
        assert_eq!(page.items, [foreign.clone(), own.clone()], "each once, newest first");
        let page = reads.list_documents_of_task(here, task, one_page()).await.unwrap();
        assert_eq!(page.items, [foreign]);

        let filed = Document { name: "Filed.pdf".to_owned(), entity_id: Some(here), ..loose };
        let before = fixture
            .write(async |tx| {
                tx.update_document(&filed);
                tx.lock_document(filed.id).await
            })
            .await;
        assert_eq!(before.and_then(|before| before.entity_id), None);
        let more: Vec<_> = (0..2).map(|_| document(&fixture, Some(here))).collect();
        fixture
            .write(async |tx| {
                for new in &more {
                    tx.insert_document(new);
                }
                Ok(())
            })
            .await;
        let (listed, pages) = all_pages(async |page| reads.list_documents(here, page).await).await;
        assert_eq!((listed.len(), pages), (5, 3));
        assert!(listed.contains(&filed));
    }

    async fn people_are_told_newest_first(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        let entity = fixture.entity("household", "Okafor").await;
        let notification = |message: String, detailed: bool| Notification {
            id: NotificationId(fixture.id()),
            user_id: fixture.ana.id,
            message,
            process_id: detailed.then(|| ProcessId(fixture.id())),
            task_id: detailed.then(|| TaskId(fixture.id())),
            entity_id: entity.id,
            created_at: fixture.now(),
            read_at: None,
        };
        let mut told: Vec<_> =
            (0..5).map(|number| notification(format!("No. {number}"), number % 2 == 0)).collect();
        let other = Notification {
            user_id: fixture.ben.id,
            ..notification("For another".to_owned(), false)
        };
        fixture
            .write(async |tx| {
                tx.insert_notifications(&told);
                tx.insert_notifications(std::slice::from_ref(&other));
                Ok(())
            })
            .await;
        told.reverse();
        let reads = fixture.reads();
        let ana = fixture.ana.id;
        let (listed, pages) =
            all_pages(async |page| reads.list_notifications(ana, None, page).await).await;
        assert_eq!((listed, pages), (told, 3));
    }
}
