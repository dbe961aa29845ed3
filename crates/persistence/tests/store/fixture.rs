//! A firm with people, a team, roles and records, for the tests of what hangs on them.

use chrono::{DateTime, Utc};
use domain::{
    ambient::Ambient as _,
    entity::{Entity, Membership},
    event::{EventType, SubjectType},
    ids::{EntityId, MembershipId, RoleId, TeamId},
    page::{Page, PageRequest},
    role::{Role, RoleKind},
    user::{Team, User},
};
use persistence::{Reads, StoreError, UnitOfWork, WriteContext};

use crate::support::{TestStore, occurrence};

pub(crate) struct Fixture<'t> {
    pub(crate) db: &'t TestStore,
    pub(crate) context: WriteContext,
    pub(crate) ana: User,
    pub(crate) ben: User,
    pub(crate) team: TeamId,
    pub(crate) lead: Role,
    pub(crate) service: Role,
}

impl<'t> Fixture<'t> {
    pub(crate) async fn new(db: &'t TestStore) -> Self {
        let context = db.firm("meridian").await;
        let ana = db.user(&context, "ana@example.com").await;
        let ben = db.user(&context, "ben@example.com").await;
        let role = |key: &str, kind| Role {
            id: RoleId(db.ambient.fresh_id()),
            key: key.to_owned(),
            name: key.to_owned(),
            kind,
            description: None,
            leads: false,
            version: 1,
        };
        let fixture = Self {
            db,
            context,
            ana,
            ben,
            team: TeamId(db.ambient.fresh_id()),
            lead: role("lead_advisor", RoleKind::Business),
            service: role("client_service_associate", RoleKind::ServicingTeam),
        };
        fixture
            .write(async |tx| {
                tx.insert_team(&Team {
                    id: fixture.team,
                    name: "East".to_owned(),
                    members: Vec::new(),
                    version: 1,
                });
                tx.insert_roles(&[fixture.lead.clone(), fixture.service.clone()])
            })
            .await;
        fixture
    }

    pub(crate) fn reads(&self) -> Reads<'_> {
        self.db.store.reads(self.context.firm_id)
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.db.ambient.now()
    }

    pub(crate) fn id(&self) -> uuid::Uuid {
        self.db.ambient.fresh_id()
    }

    /// Writes something, with an occurrence that stands for whatever it would tell.
    pub(crate) async fn try_write<T>(
        &self,
        work: impl AsyncFn(&mut UnitOfWork) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.db
            .store
            .write(&self.context, async |tx| {
                tx.record(occurrence(
                    EventType::FirmUpdated,
                    SubjectType::Firm,
                    self.context.firm_id.0,
                ));
                work(tx).await
            })
            .await
    }

    pub(crate) async fn write<T>(
        &self,
        work: impl AsyncFn(&mut UnitOfWork) -> Result<T, StoreError>,
    ) -> T {
        self.try_write(work).await.unwrap()
    }

    pub(crate) fn new_entity(&self, kind: &str, name: &str) -> Entity {
        Entity {
            id: EntityId(self.id()),
            kind: kind.to_owned(),
            name: name.to_owned(),
            status: "client".to_owned(),
            team_id: None,
            restricted: false,
            attributes: std::collections::BTreeMap::new(),
            created_at: self.now(),
            version: 1,
        }
    }

    pub(crate) async fn entity(&self, kind: &str, name: &str) -> Entity {
        let entity = self.new_entity(kind, name);
        self.write(async |tx| tx.insert_entities([&entity])).await;
        entity
    }

    pub(crate) fn new_membership(&self, entity: EntityId, user: &User, role: &Role) -> Membership {
        Membership {
            id: MembershipId(self.id()),
            entity_id: entity,
            user_id: user.id,
            role_id: role.id,
            role_kind: role.kind,
            is_primary: false,
            created_at: self.now(),
            version: 1,
        }
    }
}

/// All pages of a list, two rows each, and how many they were.
pub(crate) async fn all_pages<T, K>(
    read: impl AsyncFn(PageRequest<K>) -> Result<Page<T, K>, StoreError>,
) -> (Vec<T>, usize) {
    let (mut items, mut pages, mut after) = (Vec::new(), 0, None);
    loop {
        let page = read(PageRequest {
            after,
            limit: 2,
            count: false,
        })
        .await
        .unwrap();
        assert!(page.items.len() <= 2);
        items.extend(page.items);
        pages += 1;
        after = page.next;
        if after.is_none() {
            return (items, pages);
        }
    }
}

/// A list that fits on one page.
pub(crate) fn one_page<K>() -> PageRequest<K> {
    PageRequest {
        after: None,
        limit: 200,
        count: false,
    }
}
