//! Whom the feed and the trail tell what (X17, X18).

use chrono::TimeDelta;
use domain::{
    access::{Actor, visibility::WorkScope},
    document::Document,
    entity::{Entity, Membership},
    event::{EventType, Occurrence, SubjectType},
    firm::{Firm, Visibility},
    ids::{DocumentId, EntityId, NotificationId, UserId},
    notification::Notification,
    page::PageRequest,
    user::PermissionLevel,
};
use persistence::{ChangeFilter, ChangeOrder};
use uuid::Uuid;

use crate::{
    fixture::{Fixture, all_pages, one_page},
    support::{occurrence, on_both},
};

const NOTHING: [Uuid; 0] = [];

fn about(event: EventType, subject: SubjectType, id: Uuid, entity: Option<EntityId>) -> Occurrence {
    Occurrence {
        entity_id: entity,
        ..occurrence(event, subject, id)
    }
}

/// Tells these things and nothing else.
async fn tell(fixture: &Fixture<'_>, occurrences: &[Occurrence]) {
    fixture
        .db
        .store
        .write(&fixture.context, async |tx| {
            for occurrence in occurrences {
                tx.record(occurrence.clone());
            }
            Ok::<_, persistence::StoreError>(())
        })
        .await
        .unwrap();
}

fn actor(fixture: &Fixture<'_>, user: UserId, level: PermissionLevel) -> Actor {
    Actor {
        user_id: user,
        firm_id: fixture.context.firm_id,
        level,
        active: true,
        teams: vec![fixture.team],
        managed_teams: Vec::new(),
        managed_users: Vec::new(),
    }
}

async fn firm(fixture: &Fixture<'_>, visibility: Visibility) -> Firm {
    Firm {
        visibility,
        ..fixture.reads().firm().await.unwrap().unwrap()
    }
}

/// The subjects of what somebody is told, of one type.
async fn told(fixture: &Fixture<'_>, scope: &WorkScope, event: EventType) -> Vec<Uuid> {
    let filter = ChangeFilter {
        types: vec![event],
        ..ChangeFilter::default()
    };
    let reads = fixture.reads();
    let (seen, _) = all_pages(async |page| {
        let order = ChangeOrder::OldestFirst;
        reads.changes_seen(scope, &filter, order, page).await
    })
    .await;
    seen.iter().map(|sealed| sealed.entry.subject_id).collect()
}

/// Records of every sort: open, of a team, restricted, with and without Ana on their teams; and the firm's own.
async fn records(fixture: &Fixture<'_>) -> (Vec<Entity>, Vec<Membership>) {
    let mut made = Vec::new();
    let mut memberships = Vec::new();
    for kind in ["household", "employee"] {
        for (of_team, restricted, joined) in [
            (false, false, false),
            (false, false, true),
            (true, false, false),
            (true, true, false),
            (false, true, false),
            (false, true, true),
        ] {
            let mut entity = fixture.new_entity(kind, "Okafor");
            entity.team_id = of_team.then_some(fixture.team);
            entity.restricted = restricted;
            if joined {
                let member = fixture.new_membership(entity.id, &fixture.ana, &fixture.service);
                memberships.push(member);
            }
            made.push(entity);
        }
    }
    fixture
        .write(async |tx| {
            tx.insert_entities(&made)?;
            tx.insert_memberships(&memberships)
        })
        .await;
    let own = fixture.context.firm_id.entity();
    made.extend(fixture.reads().entity(own).await.unwrap());
    (made, memberships)
}

on_both! {
    /// X17, X18
    async fn one_is_told_of_the_records_that_one_sees_and_of_no_others(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        let (entities, memberships) = records(&fixture).await;
        let updates: Vec<_> = entities
            .iter()
            .map(|e| about(EventType::EntityUpdated, SubjectType::Entity, e.id.0, Some(e.id)))
            .collect();
        tell(&fixture, &updates).await;
        for visibility in [Visibility::Team, Visibility::Firm] {
            let firm = firm(&fixture, visibility).await;
            for level in [
                PermissionLevel::Admin,
                PermissionLevel::Designer,
                PermissionLevel::Manager,
                PermissionLevel::Member,
                PermissionLevel::Auditor,
            ] {
                for user in [fixture.ana.id, fixture.ben.id] {
                    let scope = WorkScope::of(&actor(&fixture, user, level), &firm);
                    let expected: Vec<_> = entities
                        .iter()
                        .filter(|entity| scope.entities.contains(entity, &memberships))
                        .map(|entity| entity.id.0)
                        .collect();
                    let seen = told(&fixture, &scope, EventType::EntityUpdated).await;
                    assert_eq!(seen, expected, "{visibility:?} {level:?} {user}");
                }
            }
        }
    }

    /// X17
    async fn the_set_up_is_told_to_everyone_but_passwords_are_not(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        let role = fixture.lead.id.0;
        tell(&fixture, &[
            about(EventType::RoleUpdated, SubjectType::Role, role, None),
            about(EventType::UserPasswordChanged, SubjectType::User, fixture.ana.id.0, None),
        ]).await;
        let firm = firm(&fixture, Visibility::Team).await;
        let scope = |user, level| WorkScope::of(&actor(&fixture, user, level), &firm);
        let ana = scope(fixture.ana.id, PermissionLevel::Member);
        let ben = scope(fixture.ben.id, PermissionLevel::Member);
        let admin = scope(fixture.ben.id, PermissionLevel::Admin);
        assert_eq!(told(&fixture, &ben, EventType::RoleUpdated).await, [role]);
        let own = [fixture.ana.id.0];
        assert_eq!(told(&fixture, &ana, EventType::UserPasswordChanged).await, own);
        assert_eq!(told(&fixture, &admin, EventType::UserPasswordChanged).await, own);
        assert_eq!(told(&fixture, &ben, EventType::UserPasswordChanged).await, NOTHING);
        let gone = WorkScope::of(
            &Actor { active: false, ..actor(&fixture, fixture.ana.id, PermissionLevel::Admin) },
            &firm,
        );
        assert_eq!(told(&fixture, &gone, EventType::RoleUpdated).await, NOTHING);
    }

    /// X17
    async fn what_is_somebodys_own_is_not_told_to_others(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        let entity = fixture.entity("household", "Okafor").await;
        let joined = [
            fixture.new_membership(entity.id, &fixture.ana, &fixture.service),
            fixture.new_membership(entity.id, &fixture.ben, &fixture.service),
        ];
        let document = Document {
            id: DocumentId(fixture.id()),
            name: "Letter.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            size: 1,
            sha256: "ab".repeat(32),
            entity_id: None,
            uploaded_by: Some(fixture.ana.id),
            created_at: fixture.now(),
        };
        let notification = Notification {
            id: NotificationId(fixture.id()),
            user_id: fixture.ana.id,
            message: "Done".to_owned(),
            process_id: None,
            task_id: None,
            entity_id: entity.id,
            created_at: fixture.now(),
            read_at: None,
        };
        fixture
            .write(async |tx| {
                tx.insert_memberships(&joined)?;
                tx.insert_document(&document);
                tx.insert_notifications(std::slice::from_ref(&notification));
                Ok(())
            })
            .await;
        tell(&fixture, &[
            about(EventType::DocumentCreated, SubjectType::Document, document.id.0, None),
            about(
                EventType::NotificationCreated,
                SubjectType::Notification,
                notification.id.0,
                Some(entity.id),
            ),
        ]).await;
        let firm = firm(&fixture, Visibility::Team).await;
        for (user, level, sees) in [
            (fixture.ana.id, PermissionLevel::Member, true),
            (fixture.ben.id, PermissionLevel::Member, false),
            (fixture.ben.id, PermissionLevel::Auditor, true),
        ] {
            let scope = WorkScope::of(&actor(&fixture, user, level), &firm);
            for event in [EventType::DocumentCreated, EventType::NotificationCreated] {
                let told = told(&fixture, &scope, event).await;
                assert_eq!(!told.is_empty(), sees, "{level:?} {}", event.as_str());
            }
        }
    }

    /// X17
    async fn work_of_the_firm_is_not_told_for_the_records_sake(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        let own = fixture.context.firm_id.entity();
        let task = fixture.id();
        tell(&fixture, &[
            about(EventType::TaskOpened, SubjectType::Task, task, Some(own)),
            about(EventType::TouchpointCreated, SubjectType::Touchpoint, task, Some(own)),
        ]).await;
        let firm = firm(&fixture, Visibility::Firm).await;
        let scope = |level| WorkScope::of(&actor(&fixture, fixture.ana.id, level), &firm);
        let (member, admin) = (scope(PermissionLevel::Member), scope(PermissionLevel::Admin));
        assert_eq!(told(&fixture, &member, EventType::TaskOpened).await, NOTHING);
        assert_eq!(told(&fixture, &member, EventType::TouchpointCreated).await, [task]);
        assert_eq!(told(&fixture, &admin, EventType::TaskOpened).await, [task]);
    }

    /// E19
    async fn the_trail_is_read_by_person_and_time_and_from_either_end(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        let auditor = actor(&fixture, fixture.ana.id, PermissionLevel::Auditor);
        let scope = WorkScope::of(&auditor, &firm(&fixture, Visibility::Team).await);
        fixture.db.ambient.advance(TimeDelta::hours(1));
        let later = fixture.now();
        let mut by_ben = fixture.context.clone();
        by_ben.origin.agent = domain::audit::Agent::User { id: fixture.ben.id };
        let role = about(EventType::RoleUpdated, SubjectType::Role, fixture.lead.id.0, None);
        fixture
            .db
            .store
            .write(&by_ben, async |tx| {
                tx.record(role.clone());
                Ok::<_, persistence::StoreError>(())
            })
            .await
            .unwrap();
        let numbers = async |filter: ChangeFilter, order, page: PageRequest<i64>| -> Vec<i64> {
            let reads = fixture.reads();
            let page = reads.changes_seen(&scope, &filter, order, page).await.unwrap();
            page.items.iter().map(|sealed| sealed.entry.sequence).collect()
        };
        let oldest = numbers(ChangeFilter::default(), ChangeOrder::OldestFirst, one_page()).await;
        let mut newest = numbers(ChangeFilter::default(), ChangeOrder::NewestFirst, one_page()).await;
        newest.reverse();
        assert!(oldest.is_sorted() && oldest.len() > 2);
        assert_eq!(oldest, newest);
        let last = oldest.last().copied().unwrap();
        let before = PageRequest { after: Some(last), limit: 1, count: false };
        let next = numbers(ChangeFilter::default(), ChangeOrder::NewestFirst, before).await;
        assert_eq!(next, [last - 1]);

        let of_ben = ChangeFilter { actor: Some(fixture.ben.id), ..ChangeFilter::default() };
        assert_eq!(numbers(of_ben, ChangeOrder::OldestFirst, one_page()).await, [last]);
        let since = ChangeFilter { from: Some(later), ..ChangeFilter::default() };
        assert_eq!(numbers(since, ChangeOrder::OldestFirst, one_page()).await, [last]);
        let until = ChangeFilter { before: Some(later), ..ChangeFilter::default() };
        assert_eq!(
            numbers(until, ChangeOrder::OldestFirst, one_page()).await.last(),
            Some(&(last - 1))
        );
    }
}
