//! Firms, users, teams, roles and sessions.

use chrono::{NaiveDate, TimeDelta};
use domain::{
    ambient::Ambient as _,
    event::{EventType, SubjectType},
    firm::Holiday,
    ids::{HolidayId, RoleId, SessionId, TeamId},
    page::PageRequest,
    process_type::document::CalendarKind,
    role::{Role, RoleKind},
    user::{PermissionLevel, Team, TeamMember, User, UserStatus},
};
use persistence::{
    Caller, NewSession, RoleFilter, Rotation, StoreError, UniqueRule, UnitOfWork, UserFilter,
    UserPlace, UserSort, WriteContext, count_statements,
};

use crate::support::{TestStore, occurrence, on_both};

async fn write<T>(
    db: &TestStore,
    context: &WriteContext,
    work: impl AsyncFn(&mut UnitOfWork) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    db.store
        .write(context, async |tx| {
            tx.record(occurrence(
                EventType::FirmUpdated,
                SubjectType::Firm,
                context.firm_id.0,
            ));
            work(tx).await
        })
        .await
}

async fn session(db: &TestStore, context: &WriteContext, user: &User) -> SessionId {
    let id = SessionId(db.ambient.fresh_id());
    let new = NewSession {
        id,
        user_id: user.id,
        refresh_hash: [1; 32],
        created_at: db.ambient.now(),
        expires_at: db.ambient.now() + TimeDelta::days(30),
        user_agent: None,
        address: Some("192.0.2.1".to_owned()),
    };
    db.store
        .write(context, async |tx| {
            tx.create_session(new.clone());
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
    id
}

async fn caller(db: &TestStore, context: &WriteContext, id: SessionId) -> Option<Caller> {
    db.store
        .caller(context.firm_id, id, "a key", db.ambient.now())
        .await
        .unwrap()
}

async fn rotate(
    db: &TestStore,
    context: &WriteContext,
    id: SessionId,
    tokens: (u8, u8),
) -> Rotation {
    db.store
        .write(context, async |tx| {
            tx.rotate_session(id, [tokens.0; 32], [tokens.1; 32]).await
        })
        .await
        .unwrap()
}

fn team(db: &TestStore, name: &str, members: &[(&User, bool)]) -> Team {
    let mut members: Vec<_> = members
        .iter()
        .map(|(user, manager)| TeamMember {
            user_id: user.id,
            manager: *manager,
        })
        .collect();
    members.sort_by_key(|member| member.user_id);
    Team {
        id: TeamId(db.ambient.fresh_id()),
        name: name.to_owned(),
        members,
        version: 1,
    }
}

on_both! {
    async fn a_firm_is_found_by_its_slug_and_read_as_it_was_written(db: &TestStore) {
        let context = db.firm("meridian").await;
        let found = db.store.firm_by_slug("meridian").await.unwrap();
        assert_eq!(found, Some(context.firm_id));
        assert_eq!(db.store.firm_by_slug("polaris").await.unwrap(), None);
        let mut firm = db.store.reads(context.firm_id).firm().await.unwrap().unwrap();
        firm.name.push_str(" Wealth");
        firm.owner_may_reschedule = true;
        firm.version += 1;
        let holiday = Holiday {
            id: HolidayId(db.ambient.fresh_id()),
            on: NaiveDate::from_ymd_opt(2026, 12, 24).unwrap(),
            name: "Eve".to_owned(),
            calendar: Some(CalendarKind::Bank),
        };
        write(db, &context, async |tx| {
            tx.update_firm(&firm)?;
            tx.insert_holiday(&holiday)
        })
        .await
        .unwrap();
        let reads = db.store.reads(context.firm_id);
        assert_eq!(reads.firm().await.unwrap(), Some(firm));
        assert_eq!(reads.holidays().await.unwrap(), std::slice::from_ref(&holiday));
        write(db, &context, async |tx| {
            tx.delete_holiday(holiday.id);
            Ok(())
        })
        .await
        .unwrap();
        assert_eq!(reads.holiday(holiday.id).await.unwrap(), None);
    }

    async fn users_are_listed_by_name_page_by_page(db: &TestStore) {
        let context = db.firm("meridian").await;
        let other = db.firm("polaris").await;
        db.user(&other, "zed@polaris.test").await;
        let mut names = Vec::new();
        for email in ["c", "a", "d", "b", "e"] {
            names.push(db.user(&context, email).await.full_name);
        }
        names.sort();
        let reads = db.store.reads(context.firm_id);
        let mut seen = Vec::new();
        let mut after: Option<UserPlace> = None;
        loop {
            let page = PageRequest { after, limit: 2, count: false };
            let page = reads
                .list_users(&UserFilter::default(), UserSort::FullName, page)
                .await
                .unwrap();
            seen.extend(page.items.into_iter().map(|user| user.full_name));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, names);
        let filter = UserFilter { status: Some(UserStatus::Inactive), ..UserFilter::default() };
        let page = PageRequest { after: None, limit: 2, count: false };
        let none = reads.list_users(&filter, UserSort::Id, page).await.unwrap();
        assert!(none.items.is_empty());
    }

    async fn users_are_found_by_the_beginning_of_a_word(db: &TestStore) {
        let context = db.firm("meridian").await;
        for (email, name) in [
            ("maya@meridian.test", "Maya Okafor"),
            ("oka@meridian.test", "Lee Ling"),
            ("tom@meridian.test", "Tom Brokaw"),
        ] {
            let user = User { full_name: name.to_owned(), ..db.new_user(email) };
            write(db, &context, async |tx| tx.insert_user(&user, None)).await.unwrap();
        }
        let reads = db.store.reads(context.firm_id);
        let found = async |beginning: &str, levels: &[PermissionLevel]| {
            let filter = UserFilter {
                beginning: Some(beginning.to_owned()),
                permission_levels: levels.to_vec(),
                ..UserFilter::default()
            };
            let page = PageRequest { after: None, limit: 10, count: false };
            let page = reads.list_users(&filter, UserSort::FullName, page).await.unwrap();
            page.items.into_iter().map(|user| user.full_name).collect::<Vec<_>>()
        };
        assert_eq!(found("oKa", &[]).await, ["Lee Ling", "Maya Okafor"]);
        assert_eq!(found("%", &[]).await, [""; 0]);
        let levels = [PermissionLevel::Admin, PermissionLevel::Member];
        assert_eq!(found("t", &levels).await, ["Tom Brokaw"]);
        assert_eq!(found("t", &levels[..1]).await, [""; 0]);
    }

    /// X20
    async fn only_active_admins_count_as_such(db: &TestStore) {
        let context = db.firm("meridian").await;
        let mut admins = Vec::new();
        for (email, level, status) in [
            ("a", PermissionLevel::Admin, UserStatus::Active),
            ("b", PermissionLevel::Admin, UserStatus::Inactive),
            ("c", PermissionLevel::Member, UserStatus::Active),
        ] {
            let user = User { permission_level: level, status, ..db.new_user(email) };
            write(db, &context, async |tx| tx.insert_user(&user, None)).await.unwrap();
            admins.push(user.id);
        }
        let found = write(db, &context, async |tx| tx.lock_active_admins().await).await.unwrap();
        assert_eq!(found, admins[..1]);
    }

    async fn a_new_password_leaves_one_session(db: &TestStore) {
        let context = db.firm("meridian").await;
        let ada = db.user(&context, "ada").await;
        let kept = session(db, &context, &ada).await;
        let ended = session(db, &context, &ada).await;
        db.store
            .write(&context, async |tx: &mut UnitOfWork| {
                tx.revoke_other_sessions(ada.id, kept);
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
        assert!(caller(db, &context, kept).await.is_some());
        assert!(caller(db, &context, ended).await.is_none());
    }

    async fn changing_a_user_keeps_the_password(db: &TestStore) {
        let context = db.firm("meridian").await;
        let mut ada = db.user(&context, "ada@meridian.test").await;
        ada.full_name.push_str(" L.");
        ada.version += 1;
        write(db, &context, async |tx| {
            let locked = tx.lock_user(ada.id).await?;
            assert_eq!(locked.map(|user| user.version), Some(1));
            tx.update_user(&ada)
        })
        .await
        .unwrap();
        let reads = db.store.reads(context.firm_id);
        let found = reads.credentials("ada@meridian.test").await.unwrap().unwrap();
        assert_eq!(found.user, ada);
        assert_eq!(found.password_hash.as_deref(), Some("hash"));
        write(db, &context, async |tx| tx.update_user_and_password(&ada, "other".to_owned()))
            .await
            .unwrap();
        let found = reads.credentials("ada@meridian.test").await.unwrap().unwrap();
        assert_eq!(found.password_hash.as_deref(), Some("other"));
        assert!(!format!("{found:?}").contains("other"));
    }

    async fn a_team_changes_by_what_differs(db: &TestStore) {
        let context = db.firm("meridian").await;
        let ada = db.user(&context, "ada").await;
        let bob = db.user(&context, "bob").await;
        let eve = db.user(&context, "eve").await;
        let before = team(db, "West", &[(&ada, true), (&bob, false)]);
        write(db, &context, async |tx| {
            tx.insert_team(&before);
            Ok(())
        })
        .await
        .unwrap();
        let after = Team {
            id: before.id,
            version: 2,
            ..team(db, "East", &[(&bob, true), (&eve, false)])
        };
        write(db, &context, async |tx| {
            let locked = tx.lock_team(before.id).await?.unwrap();
            assert_eq!(locked, before);
            tx.update_team(&locked, &after);
            Ok(())
        })
        .await
        .unwrap();
        let reads = db.store.reads(context.firm_id);
        assert_eq!(reads.team(before.id).await.unwrap().as_ref(), Some(&after));
        let clash = team(db, "East", &[]);
        let refused = write(db, &context, async |tx| {
            tx.insert_team(&clash);
            Ok(())
        })
        .await;
        assert!(matches!(refused, Err(StoreError::Conflict(UniqueRule::TeamName))), "{refused:?}");
        write(db, &context, async |tx| {
            tx.delete_team(before.id);
            Ok(())
        })
        .await
        .unwrap();
        let page = PageRequest { after: None, limit: 10, count: false };
        assert!(reads.list_teams(page).await.unwrap().items.is_empty());
    }

    async fn a_new_role_raises_the_version_of_the_catalog(db: &TestStore) {
        let context = db.firm("meridian").await;
        let ada = db.user(&context, "ada").await;
        let session = session(db, &context, &ada).await;
        let before = caller(db, &context, session).await.unwrap().catalog_version;
        let catalog = db.store.catalog(context.firm_id, before).await.unwrap();
        assert!(catalog.roles.is_empty());
        let roles = ["lead_advisor", "client_service_associate"].map(|key| Role {
            id: RoleId(db.ambient.fresh_id()),
            key: key.to_owned(),
            name: key.to_owned(),
            kind: RoleKind::ServicingTeam,
            description: None,
            leads: false,
            version: 1,
        });
        write(db, &context, async |tx| tx.insert_roles(&roles)).await.unwrap();
        let after = caller(db, &context, session).await.unwrap().catalog_version;
        assert_eq!(after, before + 1);
        let catalog = db.store.catalog(context.firm_id, after).await.unwrap();
        assert_eq!(catalog.roles.len(), 2);
        let again = count_statements(db.store.catalog(context.firm_id, after)).await;
        assert_eq!(again.1, 0);
        let reads = db.store.reads(context.firm_id);
        let filter = RoleFilter { kinds: vec![RoleKind::ServicingTeam], ..RoleFilter::default() };
        let page = PageRequest { after: None, limit: 1, count: false };
        let page = reads.list_roles(&filter, page).await.unwrap();
        assert_eq!(page.items, [roles[1].clone()]);
        assert_eq!(page.next.as_deref(), Some("client_service_associate"));
        assert_eq!(reads.all_roles().await.unwrap().len(), 2);
    }

    async fn a_member_is_known_by_one_statement_and_a_manager_by_two(db: &TestStore) {
        let context = db.firm("meridian").await;
        let ada = db.user(&context, "ada").await;
        let mut bob = db.user(&context, "bob").await;
        let (west, east) = (
            team(db, "West", &[(&ada, true), (&bob, true)]),
            team(db, "East", &[(&bob, false)]),
        );
        bob.permission_level = PermissionLevel::Manager;
        write(db, &context, async |tx| {
            tx.update_user(&bob)?;
            tx.insert_team(&west);
            tx.insert_team(&east);
            Ok(())
        })
        .await
        .unwrap();
        let of_ada = session(db, &context, &ada).await;
        let of_bob = session(db, &context, &bob).await;
        let (member, statements) = count_statements(caller(db, &context, of_ada)).await;
        let member = member.unwrap();
        assert_eq!(statements, 1);
        assert_eq!(member.user, ada);
        assert_eq!(member.actor.teams, [west.id]);
        assert!(member.actor.managed_teams.is_empty());
        let (manager, statements) = count_statements(caller(db, &context, of_bob)).await;
        let manager = manager.unwrap().actor;
        assert_eq!(statements, 2);
        assert_eq!(manager.managed_teams, [west.id]);
        assert_eq!(manager.managed_users, [ada.id, bob.id]);
        assert_eq!(manager.teams.len(), 2);
    }

    /// X13
    async fn nobody_calls_by_a_session_that_ended_or_as_someone_who_left(db: &TestStore) {
        let context = db.firm("meridian").await;
        let mut ada = db.user(&context, "ada").await;
        let expiring = session(db, &context, &ada).await;
        db.ambient.advance(TimeDelta::days(30));
        assert!(caller(db, &context, expiring).await.is_none());
        let revoked = session(db, &context, &ada).await;
        let kept = session(db, &context, &ada).await;
        db.store
            .write(&context, async |tx| {
                tx.revoke_session(ada.id, revoked);
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
        assert!(caller(db, &context, revoked).await.is_none());
        assert!(caller(db, &context, kept).await.is_some());
        let other = db.firm("polaris").await;
        assert!(caller(db, &other, kept).await.is_none());
        ada.status = UserStatus::Inactive;
        write(db, &context, async |tx| tx.update_user(&ada)).await.unwrap();
        assert!(caller(db, &context, kept).await.is_none());
    }

    async fn an_old_refresh_token_ends_the_session(db: &TestStore) {
        let context = db.firm("meridian").await;
        let ada = db.user(&context, "ada").await;
        let id = session(db, &context, &ada).await;
        assert!(matches!(rotate(db, &context, id, (1, 2)).await, Rotation::Rotated(_)));
        assert!(matches!(rotate(db, &context, id, (2, 3)).await, Rotation::Rotated(_)));
        assert!(matches!(rotate(db, &context, id, (1, 4)).await, Rotation::Reused(_)));
        assert_eq!(rotate(db, &context, id, (3, 5)).await, Rotation::Ended);
        assert!(caller(db, &context, id).await.is_none());
        let page = PageRequest { after: None, limit: 10, count: false };
        let reads = db.store.reads(context.firm_id);
        let listed = reads.list_sessions(ada.id, db.ambient.now(), page).await.unwrap();
        assert!(listed.items.is_empty());
    }
}
