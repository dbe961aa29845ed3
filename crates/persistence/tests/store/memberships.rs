//! Teams of entities, and the people around them.

use std::collections::BTreeMap;

use domain::{
    access::visibility::EntityScope,
    entity::Membership,
    ids::{EntityId, MembershipId, UserId},
};
use persistence::{StoreError, UniqueRule, count_statements};

use crate::{
    fixture::{Fixture, all_pages},
    support::on_both,
};

on_both! {
    async fn a_membership_is_read_as_it_was_written(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        let entity = fixture.entity("household", "Okafor").await;
        let mut membership = fixture.new_membership(entity.id, &fixture.ana, &fixture.service);
        fixture.write(async |tx| tx.insert_memberships([&membership])).await;
        let reads = fixture.reads();
        assert_eq!(reads.membership(membership.id).await.unwrap().as_ref(), Some(&membership));
        membership.is_primary = true;
        membership.version = 2;
        let before = fixture
            .write(async |tx| {
                tx.update_membership(&membership)?;
                tx.lock_membership(membership.id).await
            })
            .await;
        assert!(before.is_some_and(|before| !before.is_primary));
        assert_eq!(reads.team_of(&[entity.id]).await.unwrap(), [membership.clone()]);
        fixture.write(async |tx| { tx.delete_membership(membership.id); Ok(()) }).await;
        assert!(reads.team_of(&[entity.id]).await.unwrap().is_empty());
    }

    async fn one_primary_holder_gives_way_to_another_in_one_transaction(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        let entity = fixture.entity("household", "Okafor").await;
        let primary = |user| Membership {
            is_primary: true,
            ..fixture.new_membership(entity.id, user, &fixture.lead)
        };
        let (first, second) = (primary(&fixture.ana), primary(&fixture.ben));
        fixture.write(async |tx| tx.insert_memberships([&first])).await;
        let refused = fixture.try_write(async |tx| tx.insert_memberships([&second])).await;
        assert!(
            matches!(refused, Err(StoreError::Conflict(UniqueRule::PrimaryMembership))),
            "{refused:?}"
        );
        fixture
            .write(async |tx| {
                let former = tx.lock_primary(entity.id, fixture.lead.id).await?.unwrap();
                tx.clear_primary(&Membership { version: former.version + 1, ..former })?;
                tx.insert_memberships([&second])
            })
            .await;
        assert_eq!(
            fixture.reads().team_of(&[entity.id]).await.unwrap(),
            [Membership { is_primary: false, version: 2, ..first }, second]
        );
    }

    async fn a_role_is_held_once_on_an_entity(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        let entity = fixture.entity("household", "Okafor").await;
        let first = fixture.new_membership(entity.id, &fixture.ana, &fixture.lead);
        let again = Membership { id: MembershipId(fixture.id()), ..first.clone() };
        fixture.write(async |tx| tx.insert_memberships([&first])).await;
        let refused = fixture.try_write(async |tx| tx.insert_memberships([&again])).await;
        assert!(
            matches!(refused, Err(StoreError::Conflict(UniqueRule::Membership))),
            "{refused:?}"
        );
    }

    async fn pages_give_each_membership_once(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        let first = fixture.entity("household", "Okafor").await;
        let mut held = Vec::new();
        for name in ["A", "B", "C"] {
            let entity = fixture.entity("household", name).await;
            held.push(fixture.new_membership(entity.id, &fixture.ana, &fixture.lead));
            held.push(fixture.new_membership(entity.id, &fixture.ana, &fixture.service));
        }
        let mut team = Vec::new();
        for number in 0..5 {
            let user = db.user(&fixture.context, &format!("{number}@example.com")).await;
            team.push(fixture.new_membership(first.id, &user, &fixture.lead));
        }
        fixture.write(async |tx| tx.insert_memberships(held.iter().chain(&team))).await;
        let reads = fixture.reads();
        let ana = fixture.ana.id;
        let (listed, pages) =
            all_pages(async |page| reads.list_memberships_of(ana, page).await).await;
        assert_eq!((&listed, pages), (&held, 3));
        let (listed, pages) = all_pages(async |page| reads.list_team(first.id, page).await).await;
        assert_eq!((&listed, pages), (&team, 3));
    }

    async fn the_people_around_entities_are_read_in_one_statement(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        let initiator = db.user(&fixture.context, "cem@example.com").await;
        let stranger = db.user(&fixture.context, "dee@example.com").await;
        let (here, there) = (
            fixture.entity("household", "Okafor").await,
            fixture.entity("household", "Lindqvist").await,
        );
        let elsewhere = fixture.entity("household", "Berg").await;
        let mut team = vec![
            fixture.new_membership(here.id, &fixture.ana, &fixture.lead),
            fixture.new_membership(here.id, &fixture.ana, &fixture.service),
            fixture.new_membership(there.id, &fixture.ben, &fixture.service),
        ];
        let other = fixture.new_membership(elsewhere.id, &stranger, &fixture.lead);
        fixture.write(async |tx| tx.insert_memberships(team.iter().chain([&other]))).await;
        team.sort_by_key(|membership| (membership.entity_id, membership.id));

        let reads = fixture.reads();
        let (found, statements) = count_statements(reads.people_around(
            &[here.id, there.id],
            &[initiator.id, fixture.ana.id, UserId(fixture.id())],
        ))
        .await;
        assert_eq!(statements, 1);
        let (memberships, people) = found.unwrap();
        assert_eq!(memberships, team);
        let expected = [&fixture.ana, &fixture.ben, &initiator];
        assert_eq!(
            people,
            expected.map(|user| (user.id, user.clone())).into_iter().collect::<BTreeMap<_, _>>()
        );

        let (nobody, named) = reads.people_around(&[], &[initiator.id]).await.unwrap();
        assert!(nobody.is_empty());
        assert_eq!(named.into_values().collect::<Vec<_>>(), [initiator]);
        let (memberships, people) = reads.people_around(&[there.id], &[]).await.unwrap();
        assert_eq!((memberships.len(), people.len()), (1, 1));
        let (memberships, people) = reads.people_around(&[], &[]).await.unwrap();
        assert!(memberships.is_empty() && people.is_empty());
    }

    /// X5, X17
    async fn a_role_held_elsewhere_is_found_once_and_named_to_those_who_see_it(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        let mut held = Vec::new();
        for name in ["Here", "First", "Second"] {
            let entity = fixture.entity("household", name).await;
            held.push(fixture.new_membership(entity.id, &fixture.ana, &fixture.service));
        }
        let here = held[0].entity_id;
        held.push(fixture.new_membership(held[2].entity_id, &fixture.ana, &fixture.lead));
        held.push(fixture.new_membership(held[1].entity_id, &fixture.ben, &fixture.service));
        fixture.write(async |tx| tx.insert_memberships(&held)).await;
        let (ana, ben) = (fixture.ana.id, fixture.ben.id);
        let reader = |user| EntityScope::Team {
            user,
            teams: Vec::new(),
            firm: fixture.context.firm_id.entity(),
        };
        let reads = fixture.reads();
        let found = async |roles: &[_], here: EntityId, scope: &EntityScope| {
            reads
                .roles_held_elsewhere(ana, roles, here, scope)
                .await
                .unwrap()
                .into_iter()
                .map(|held| (held.membership, held.entity_name))
                .collect::<Vec<_>>()
        };
        let name = |name: &str| Some(name.to_owned());
        let both = [fixture.lead.id, fixture.service.id];
        assert_eq!(
            found(&both, here, &reader(ana)).await,
            [(held[1].clone(), name("First")), (held[3].clone(), name("Second"))]
        );
        assert_eq!(
            found(&both, here, &reader(ben)).await,
            [(held[1].clone(), name("First")), (held[3].clone(), None)]
        );
        assert_eq!(
            found(&both[..1], held[2].entity_id, &EntityScope::All).await,
            [],
            "held here only"
        );
        assert_eq!(found(&[], here, &EntityScope::All).await, []);
    }

}
