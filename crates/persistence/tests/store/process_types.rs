//! Process types and their versions.

use chrono::TimeDelta;
use domain::{
    ids::{ProcessTypeId, UserId},
    process_type::{ProcessType, ProcessTypeDocument, ProcessTypeVersion, VersionStatus},
};
use persistence::{ProcessTypeFilter, StoreError, UniqueRule};
use serde_json::json;

use crate::{
    fixture::{Fixture, all_pages, one_page},
    support::on_both,
};

fn definition(name: &str) -> ProcessTypeDocument {
    serde_json::from_value(json!({
        "key": "review",
        "name": name,
        "category": "service_requests",
        "summary": "Looks at everything once a year.",
        "trigger": {"kind": "periodic", "description": "Every year."},
        "owner": [{"role": "lead_advisor"}],
        "subject": {"kinds": ["client"]},
        "tasks": [{"key": "meet", "title": "Meet", "description": "Meet them."}],
    }))
    .unwrap()
}

fn process_type(fixture: &Fixture<'_>, key: &str, name: &str) -> ProcessType {
    ProcessType {
        id: ProcessTypeId(fixture.id()),
        key: key.to_owned(),
        name: name.to_owned(),
        category: "service_requests".to_owned(),
        area: None,
        summary: "Looks at everything once a year.".to_owned(),
        library_slug: None,
        library_version: None,
        published_version: None,
        draft_version: Some(1),
        archived_at: None,
        created_at: fixture.now(),
        version: 1,
    }
}

fn draft(fixture: &Fixture<'_>, number: i32, name: &str) -> ProcessTypeVersion {
    ProcessTypeVersion {
        number,
        status: VersionStatus::Draft,
        effective_at: None,
        published_at: None,
        published_by: None,
        created_at: fixture.now(),
        definition: definition(name),
    }
}

fn published(draft: &ProcessTypeVersion, fixture: &Fixture<'_>, by: UserId) -> ProcessTypeVersion {
    ProcessTypeVersion {
        status: VersionStatus::Published,
        effective_at: Some(fixture.now()),
        published_at: Some(fixture.now()),
        published_by: Some(by),
        ..draft.clone()
    }
}

on_both! {
    async fn a_type_is_read_as_it_was_written(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        let mut review = process_type(&fixture, "review", "Review");
        let first = draft(&fixture, 1, "Review");
        fixture.write(async |tx| tx.insert_process_type(&review, &first)).await;
        let reads = fixture.reads();
        assert_eq!(reads.process_type(review.id).await.unwrap().as_ref(), Some(&review));
        assert_eq!(
            reads.process_type_version(review.id, 1).await.unwrap().as_ref(),
            Some(&first)
        );

        review = ProcessType {
            area: Some("Planning".to_owned()),
            library_slug: Some("annual-review".to_owned()),
            library_version: Some("0.1.0".to_owned()),
            published_version: Some(1),
            draft_version: None,
            archived_at: Some(fixture.now()),
            version: 2,
            ..review
        };
        let locked = fixture
            .write(async |tx| {
                tx.update_process_type(&review);
                tx.lock_process_type(review.id).await
            })
            .await;
        assert_eq!(locked.map(|locked| locked.version), Some(1));
        let found = reads.process_type_by_key("review").await.unwrap();
        assert_eq!(found.as_ref(), Some(&review));
        let found = reads.process_type_of_library("annual-review").await.unwrap();
        assert_eq!(found.as_ref(), Some(&review));
        assert_eq!(reads.process_type_of_library("review").await.unwrap(), None);
    }

    async fn a_draft_can_be_put_again_and_again_until_it_is_published(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        let review = process_type(&fixture, "review", "Review");
        fixture
            .write(async |tx| tx.insert_process_type(&review, &draft(&fixture, 1, "First")))
            .await;
        let second = draft(&fixture, 1, "Second");
        fixture.write(async |tx| tx.put_draft(&review, &second)).await;
        let reads = fixture.reads();
        let name = async || {
            reads.definition_document(review.id, 1).await.unwrap().map(|said| said.name)
        };
        assert_eq!(name().await.as_deref(), Some("Second"));

        let public = published(&second, &fixture, fixture.ana.id);
        fixture.write(async |tx| tx.publish_version(&review, &public)).await;
        let read = reads.process_type_version(review.id, 1).await.unwrap();
        assert_eq!(read.as_ref(), Some(&public));

        let late = draft(&fixture, 1, "Late");
        fixture.write(async |tx| tx.put_draft(&review, &late)).await;
        fixture
            .write(async |tx| {
                tx.publish_version(&review, &published(&late, &fixture, fixture.ben.id))
            })
            .await;
        let read = reads.process_type_version(review.id, 1).await.unwrap();
        assert_eq!(read, Some(public), "what is published never changes");
        assert_eq!(reads.definition_document(review.id, 2).await.unwrap(), None);
    }

    async fn the_newest_published_version_that_has_taken_effect_counts(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        let review = process_type(&fixture, "review", "Review");
        let first = draft(&fixture, 1, "First");
        fixture.write(async |tx| tx.insert_process_type(&review, &first)).await;
        let reads = fixture.reads();
        let now = fixture.now();
        assert_eq!(reads.version_in_effect(review.id, now).await.unwrap(), None);
        let second = draft(&fixture, 2, "Second");
        let later = now + TimeDelta::days(1);
        fixture
            .write(async |tx| {
                tx.publish_version(&review, &ProcessTypeVersion {
                    effective_at: None,
                    ..published(&first, &fixture, fixture.ana.id)
                })
            })
            .await;
        fixture.write(async |tx| tx.put_draft(&review, &second)).await;
        fixture
            .write(async |tx| {
                tx.publish_version(&review, &ProcessTypeVersion {
                    effective_at: Some(later),
                    ..published(&second, &fixture, fixture.ana.id)
                })
            })
            .await;
        fixture.write(async |tx| tx.put_draft(&review, &draft(&fixture, 3, "Third"))).await;
        for (at, number) in [
            (now, 1),
            (later - TimeDelta::microseconds(1), 1),
            (later, 2),
            (later + TimeDelta::days(365), 2),
        ] {
            assert_eq!(reads.version_in_effect(review.id, at).await.unwrap(), Some(number));
        }
    }

    async fn pages_give_each_type_and_version_once(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        for (number, name) in ["B", "a", "B", "B", "C"].into_iter().enumerate() {
            let new = ProcessType {
                archived_at: (number == 4).then(|| fixture.now()),
                category: if number == 1 { "operations" } else { "service_requests" }.to_owned(),
                ..process_type(&fixture, &format!("key_{number}"), name)
            };
            fixture
                .write(async |tx| tx.insert_process_type(&new, &draft(&fixture, 1, name)))
                .await;
        }
        let reads = fixture.reads();
        let all = ProcessTypeFilter::default();
        let (types, pages) =
            all_pages(async |page| reads.list_process_types(&all, page).await).await;
        assert_eq!(pages, 3);
        let mut keys: Vec<_> = types.iter().map(|listed| listed.key.clone()).collect();
        keys.sort_unstable();
        assert_eq!(keys, ["key_0", "key_1", "key_2", "key_3", "key_4"]);
        assert_eq!(
            reads.process_type_keys().await.unwrap().into_iter().collect::<Vec<_>>(),
            keys
        );

        let count = async |filter: ProcessTypeFilter| {
            reads.list_process_types(&filter, one_page()).await.unwrap().items.len()
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(count(ProcessTypeFilter { name_prefix: some("b"), ..all.clone() }).await, 3);
        assert_eq!(count(ProcessTypeFilter { category: some("operations"), ..all.clone() }).await, 1);
        assert_eq!(count(ProcessTypeFilter { archived: Some(true), ..all.clone() }).await, 1);
        assert_eq!(count(ProcessTypeFilter { archived: Some(false), ..all.clone() }).await, 4);

        let kind = types[0].clone();
        for number in 2..=5 {
            fixture.write(async |tx| tx.put_draft(&kind, &draft(&fixture, number, "x"))).await;
        }
        let (versions, pages) =
            all_pages(async |page| reads.list_process_type_versions(kind.id, page).await).await;
        let numbers: Vec<_> = versions.iter().map(|version| version.number).collect();
        assert_eq!((&*numbers, pages), (&[5, 4, 3, 2, 1][..], 3));
    }

    async fn a_key_is_taken_once(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        let first = process_type(&fixture, "review", "Review");
        let again = process_type(&fixture, "review", "Another");
        fixture
            .write(async |tx| tx.insert_process_type(&first, &draft(&fixture, 1, "x")))
            .await;
        let refused = fixture
            .try_write(async |tx| tx.insert_process_type(&again, &draft(&fixture, 1, "x")))
            .await;
        assert!(
            matches!(refused, Err(StoreError::Conflict(UniqueRule::ProcessTypeKey))),
            "{refused:?}"
        );
    }
}
