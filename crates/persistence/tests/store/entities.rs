//! Entities, the links between them, and who sees them.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    access::visibility::EntityScope,
    entity::{CLIENT_KINDS, Entity, Membership, Relation},
    ids::{EntityId, RelationId, TeamId, UserId},
    user::Team,
    value::{FieldValue, Money},
};
use persistence::{EntityFilter, EntitySort, StoreError, UniqueRule};
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};

use crate::{
    fixture::{Fixture, all_pages, one_page},
    support::on_both,
};

fn names(entities: &[Entity]) -> Vec<&str> {
    entities.iter().map(|entity| &*entity.name).collect()
}

async fn named_like(fixture: &Fixture<'_>, filter: EntityFilter) -> Vec<String> {
    let page = fixture
        .reads()
        .list_entities(&EntityScope::All, &filter, EntitySort::Name, one_page())
        .await
        .unwrap();
    page.items.into_iter().map(|entity| entity.name).collect()
}

on_both! {
    async fn an_entity_is_read_as_it_was_written(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        let mut entity = Entity {
            team_id: Some(fixture.team),
            restricted: true,
            attributes: BTreeMap::from([
                ("vip".to_owned(), FieldValue::Flag(true)),
                ("rate".to_owned(), FieldValue::Number(serde_json::from_str("0.25").unwrap())),
                ("born".to_owned(), FieldValue::Text("1960-02-29".to_owned())),
                ("tags".to_owned(), FieldValue::List(vec!["a".to_owned(), "ü".to_owned()])),
                ("assets".to_owned(), FieldValue::Money(Money {
                    amount: "12500.00".to_owned(),
                    currency: "USD".to_owned(),
                })),
            ]),
            ..fixture.new_entity("household", "Okafor Household")
        };
        fixture.write(async |tx| tx.insert_entities([&entity])).await;
        assert_eq!(fixture.reads().entity(entity.id).await.unwrap().as_ref(), Some(&entity));

        entity = Entity {
            name: "Okafor".to_owned(),
            status: "former".to_owned(),
            team_id: None,
            restricted: false,
            attributes: BTreeMap::new(),
            version: 2,
            ..entity
        };
        let locked = fixture
            .write(async |tx| {
                tx.update_entity(&entity)?;
                tx.lock_entities(&[entity.id, fixture.context.firm_id.entity()]).await
            })
            .await;
        assert_eq!(locked[&entity.id].name, "Okafor Household", "queued, not yet written");
        assert_eq!(locked[&fixture.context.firm_id.entity()].kind, "firm");
        let read = fixture.reads().entities(&[entity.id, EntityId(fixture.id())]).await.unwrap();
        assert_eq!(read, BTreeMap::from([(entity.id, entity)]));
    }

    async fn another_firm_does_not_see_it(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        let other = db.firm("zenith").await;
        let entity = fixture.entity("household", "Okafor").await;
        let reads = db.store.reads(other.firm_id);
        assert_eq!(reads.entity(entity.id).await.unwrap(), None);
        let page = reads
            .list_entities(&EntityScope::All, &EntityFilter::default(), EntitySort::Name, one_page())
            .await
            .unwrap();
        assert_eq!(names(&page.items), ["Meridian"], "its own record only");
    }

    async fn pages_give_each_entity_once_even_where_names_are_the_same(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        for name in ["Berg", "Adams", "Berg", "Berg", "Berg"] {
            fixture.entity("household", name).await;
        }
        let (items, pages) = all_pages(async |page| {
            fixture.reads().list_entities(&EntityScope::All, &EntityFilter::default(), EntitySort::Name, page).await
        })
        .await;
        assert_eq!(pages, 3);
        assert_eq!(names(&items), ["Adams", "Berg", "Berg", "Berg", "Berg", "Meridian"]);
        assert_eq!(items.iter().map(|entity| entity.id).collect::<BTreeSet<_>>().len(), 6);
    }

    async fn filters_narrow_the_list(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        for kind in CLIENT_KINDS {
            fixture.entity(kind, kind).await;
        }
        fixture.entity("account", "account").await;
        let pending = Entity {
            status: "pending".to_owned(),
            team_id: Some(fixture.team),
            ..fixture.new_entity("account", "new account")
        };
        fixture.write(async |tx| tx.insert_entities([&pending])).await;
        let kinds = |kinds: &[&str]| EntityFilter {
            kinds: kinds.iter().map(|&kind| kind.to_owned()).collect(),
            ..EntityFilter::default()
        };
        assert_eq!(
            named_like(&fixture, kinds(&["client"])).await,
            ["household", "organization", "person", "trust"]
        );
        assert_eq!(
            named_like(&fixture, kinds(&["account", "trust"])).await,
            ["account", "new account", "trust"]
        );
        let pending = EntityFilter { status: Some("pending".to_owned()), ..kinds(&[]) };
        assert_eq!(named_like(&fixture, pending).await, ["new account"]);
        let of_team = EntityFilter { team: Some(fixture.team), ..kinds(&[]) };
        assert_eq!(named_like(&fixture, of_team).await, ["new account"]);
    }

    async fn a_search_takes_what_is_typed_literally_whatever_the_case(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        for name in ["Lindqvist Trust", "LINDEN", "100% Club", "100 Club", "A_B", "AxB", "Öberg", r"C!\D"] {
            fixture.entity("household", name).await;
        }
        for (prefix, found) in [
            ("lind", &["LINDEN", "Lindqvist Trust"][..]),
            ("inden", &[]),
            ("100%", &["100% Club"]),
            ("a_", &["A_B"]),
            ("Öb", &["Öberg"]),
            (r"c!\", &[r"C!\D"]),
            ("'", &[]),
        ] {
            let filter = EntityFilter {
                name_prefix: Some(prefix.to_owned()),
                ..EntityFilter::default()
            };
            assert_eq!(named_like(&fixture, filter).await, found, "{prefix}");
        }
    }

    /// X17, X18
    async fn a_scope_lists_exactly_what_it_contains(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        let other_team = TeamId(fixture.id());
        let (entities, memberships) = random_firm(&fixture, other_team);
        fixture
            .write(async |tx| {
                tx.insert_team(&Team {
                    id: other_team,
                    name: "West".to_owned(),
                    members: Vec::new(),
                    version: 1,
                });
                tx.insert_entities(&entities)?;
                tx.insert_memberships(&memberships)
            })
            .await;
        let firm = fixture.context.firm_id.entity();
        let user = fixture.ana.id;
        let everything = fixture.reads()
            .list_entities(&EntityScope::All, &EntityFilter::default(), EntitySort::Name, one_page())
            .await
            .unwrap()
            .items;
        assert_eq!(everything.len(), entities.len() + 1);
        for scope in [
            EntityScope::Nothing,
            EntityScope::All,
            EntityScope::Unrestricted { user },
            EntityScope::Team { user, teams: Vec::new(), firm },
            EntityScope::Team { user, teams: vec![fixture.team], firm },
            EntityScope::Team { user, teams: vec![fixture.team, other_team], firm },
        ] {
            let listed = fixture.reads()
                .list_entities(&scope, &EntityFilter::default(), EntitySort::Name, one_page())
                .await
                .unwrap()
                .items;
            let contained: Vec<_> = everything
                .iter()
                .filter(|entity| scope.contains(entity, &memberships))
                .cloned()
                .collect();
            assert_eq!(listed, contained, "{scope:?}");
        }
    }

    async fn links_are_listed_from_both_ends_and_end(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        let account = fixture.entity("account", "IRA").await;
        let mut relations = Vec::new();
        for number in 0..5 {
            let person = fixture.entity("person", &format!("Person {number}")).await;
            let (from, to) = if number % 2 == 0 { (&account, &person) } else { (&person, &account) };
            relations.push(Relation {
                id: RelationId(fixture.id()),
                from_entity_id: from.id,
                to_entity_id: to.id,
                kind: "owned_by".to_owned(),
                created_at: fixture.now(),
            });
        }
        fixture.write(async |tx| { tx.insert_relations(&relations); Ok(()) }).await;
        let reads = fixture.reads();
        assert_eq!(reads.relation(relations[0].id).await.unwrap().as_ref(), Some(&relations[0]));
        let all = EntityScope::All;
        let (listed, pages) =
            all_pages(async |page| reads.list_relations(account.id, &all, page).await).await;
        assert_eq!((&listed, pages), (&relations, 3));

        let again = Relation { id: RelationId(fixture.id()), ..relations[0].clone() };
        let refused = fixture.try_write(async |tx| { tx.insert_relations([&again]); Ok(()) }).await;
        assert!(
            matches!(refused, Err(StoreError::Conflict(UniqueRule::Relation))),
            "{refused:?}"
        );
        fixture.write(async |tx| { tx.delete_relation(relations[0].id); Ok(()) }).await;
        let rest = reads.list_relations(account.id, &all, one_page()).await.unwrap();
        assert_eq!(rest.items, relations[1..]);
    }

    /// X17, X18
    async fn links_with_what_somebody_may_not_see_are_left_out(db: &TestStore) {
        let fixture = Fixture::new(db).await;
        let account = fixture.entity("account", "IRA").await;
        let mut relations = Vec::new();
        for kind in ["person", "employee"] {
            let other = fixture.entity(kind, kind).await;
            for (from, to) in [(&account, &other), (&other, &account)] {
                relations.push(Relation {
                    id: RelationId(fixture.id()),
                    from_entity_id: from.id,
                    to_entity_id: to.id,
                    kind: "known_to".to_owned(),
                    created_at: fixture.now(),
                });
            }
        }
        fixture.write(async |tx| { tx.insert_relations(&relations); Ok(()) }).await;
        let reads = fixture.reads();
        let open = EntityScope::Unrestricted { user: UserId(fixture.id()) };
        for (scope, seen) in [(open, 2), (EntityScope::All, 4), (EntityScope::Nothing, 0)] {
            let page = reads.list_relations(account.id, &scope, one_page()).await.unwrap();
            assert_eq!(page.items, relations[..seen], "{scope:?}");
        }
    }
}

/// Records of every sort, with `ana` on the teams of some and `ben` on those of others.
fn random_firm(fixture: &Fixture<'_>, other_team: TeamId) -> (Vec<Entity>, Vec<Membership>) {
    let teams = [None, Some(fixture.team), Some(other_team)];
    let shape = (
        prop::sample::select(vec!["household", "employee", "account"]),
        prop::sample::select(teams.to_vec()),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
    );
    let shapes = prop::collection::vec(shape, 60)
        .new_tree(&mut TestRunner::deterministic())
        .unwrap()
        .current();
    let (mut entities, mut memberships) = (Vec::new(), Vec::new());
    for (number, (kind, team_id, restricted, ana, ben)) in shapes.into_iter().enumerate() {
        let entity = Entity {
            team_id,
            restricted,
            ..fixture.new_entity(kind, &format!("Record {number}"))
        };
        if ana {
            memberships.push(fixture.new_membership(entity.id, &fixture.ana, &fixture.lead));
        }
        if ben {
            memberships.push(fixture.new_membership(entity.id, &fixture.ben, &fixture.lead));
        }
        entities.push(entity);
    }
    (entities, memberships)
}
