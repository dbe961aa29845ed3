//! A firm with one person in each standard role and two records of each kind: what the workflows are run in.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicU64, Ordering},
};

use chrono::{DateTime, NaiveTime, TimeDelta, Utc, Weekday};
use domain::{
    ambient::Ambient,
    attribute::Attribute,
    calendar::Calendars,
    document::Document,
    entity::{BUILT_IN_KINDS, Entity, Membership, is_contact, kind_matches, statuses_of},
    firm::{Firm, ReadAccessLog, Visibility},
    ids::{AttributeId, DocumentId, EntityId, FirmId, MembershipId, RoleId, UserId},
    process::{
        run::Changes,
        world::{Catalog, Surroundings, World},
    },
    process_type::Definition,
    role::{Role, RoleKind},
    user::{PermissionLevel, User, UserStatus},
};
use uuid::Uuid;

use crate::{attributes, roles};

/// The one document that every file field names.
pub(super) const PAPER: DocumentId = DocumentId(Uuid::from_u128(0xD0C));
const FIRM: FirmId = FirmId(Uuid::from_u128(0xF));

/// Everything that an engine borrows, with a clock that is set by hand and ids that count.
pub(super) struct Stand {
    catalog: Catalog,
    pub(super) around: Surroundings,
    clock: Clock,
}

struct Clock {
    hours: AtomicU64,
    next: AtomicU64,
}

impl Ambient for Clock {
    fn now(&self) -> DateTime<Utc> {
        let hours = i64::try_from(self.hours.load(Ordering::Relaxed)).unwrap();
        let monday: DateTime<Utc> = "2026-03-02T15:00:00Z".parse().unwrap();
        monday + TimeDelta::hours(hours)
    }

    fn fresh_id(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.next.fetch_add(1, Ordering::Relaxed)))
    }
}

impl Stand {
    pub(super) fn new() -> Self {
        let clock = Clock {
            hours: AtomicU64::new(0),
            next: AtomicU64::new(0x1000),
        };
        let firm = firm();
        let roles: Vec<Role> = roles()
            .iter()
            .map(|standard| Role {
                id: RoleId(clock.fresh_id()),
                key: standard.key.clone(),
                name: standard.name.clone(),
                kind: standard.kind,
                description: None,
                leads: standard.leads,
                version: 1,
            })
            .collect();
        let attributes = attributes().iter().map(|standard| Attribute {
            id: AttributeId(clock.fresh_id()),
            key: standard.key.clone(),
            label: standard.label.clone(),
            entity_kind: standard.entity_kind.clone(),
            value_type: standard.value_type,
            options: standard.options.clone(),
            archived: false,
            version: 1,
        });
        let catalog = Catalog {
            calendars: Calendars::new(&firm, &[]),
            attributes: attributes.collect(),
            roles,
            firm,
            covers: Vec::new(),
        };
        let mut stand = Self {
            catalog,
            around: Surroundings::default(),
            clock,
        };
        stand.fill();
        stand
    }

    fn fill(&mut self) {
        for kind in BUILT_IN_KINDS {
            let count = if kind == "firm" { 1 } else { 2 };
            for number in 1..=count {
                let id = match kind {
                    "firm" => FIRM.entity(),
                    _ => EntityId(self.clock.fresh_id()),
                };
                let entity = Entity {
                    id,
                    kind: kind.to_owned(),
                    name: format!("{kind} {number}"),
                    status: statuses_of(kind)[usize::from(kind_matches("client", kind))].to_owned(),
                    team_id: None,
                    restricted: false,
                    attributes: BTreeMap::new(),
                    created_at: DateTime::UNIX_EPOCH,
                    version: 1,
                };
                self.around.entities.insert(id, entity);
            }
        }
        for role in self.catalog.roles.clone() {
            let user = self.person(&role);
            let records: Vec<EntityId> = self.around.entities.keys().copied().collect();
            for entity_id in records {
                if role.kind != RoleKind::Firm || entity_id == FIRM.entity() {
                    self.around.memberships.push(Membership {
                        id: MembershipId(self.clock.fresh_id()),
                        entity_id,
                        user_id: user,
                        role_id: role.id,
                        role_kind: role.kind,
                        is_primary: true,
                        created_at: DateTime::UNIX_EPOCH,
                        version: 1,
                    });
                }
            }
        }
        let paper = Document {
            id: PAPER,
            name: "Paper".to_owned(),
            media_type: "application/pdf".to_owned(),
            size: 1,
            sha256: "0".repeat(64),
            entity_id: None,
            uploaded_by: None,
            created_at: DateTime::UNIX_EPOCH,
        };
        self.around.documents.insert(PAPER, paper);
    }

    fn person(&mut self, role: &Role) -> UserId {
        let id = UserId(self.clock.fresh_id());
        let user = User {
            id,
            email: format!("{}@example.com", role.key),
            full_name: role.name.clone(),
            permission_level: PermissionLevel::Member,
            status: UserStatus::Active,
            created_at: DateTime::UNIX_EPOCH,
            version: 1,
        };
        self.around.people.insert(id, user);
        id
    }

    pub(super) fn world(&self) -> World<'_> {
        World {
            catalog: &self.catalog,
            around: &self.around,
            ambient: &self.clock,
        }
    }

    /// Lets half a day pass.
    pub(super) fn later(&self) {
        self.clock.hours.fetch_add(12, Ordering::Relaxed);
    }

    pub(super) fn today(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The records of a kind, or of the kinds of client.
    pub(super) fn records(&self, kind: &str) -> Vec<EntityId> {
        let known = self.around.entities.values();
        known
            .filter(|entity| kind_matches(kind, &entity.kind))
            .map(|entity| entity.id)
            .collect()
    }

    pub(super) fn people(&self) -> Vec<UserId> {
        self.around.people.keys().copied().collect()
    }

    /// Who serves clients, and approves nothing.
    pub(super) fn staff(&self) -> BTreeSet<UserId> {
        let held = self.around.memberships.iter();
        held.filter(|held| held.role_kind == RoleKind::ServicingTeam)
            .map(|held| held.user_id)
            .collect()
    }

    /// Somebody in a role.
    pub(super) fn holder(&self, role: &str) -> Option<UserId> {
        let role = self.catalog.roles.iter().find(|known| known.key == role)?;
        let held = self.around.memberships.iter();
        held.filter(|held| held.role_id == role.id)
            .map(|held| held.user_id)
            .next()
    }

    /// A record that the type serves, put into the first status that it asks for.
    pub(super) fn subject(&mut self, definition: &Definition) -> EntityId {
        let rule = &definition.subject;
        let id = self.records(&rule.kinds[0])[0];
        if let Some(status) = rule.statuses.first() {
            self.entity_mut(id).status.clone_from(status);
        }
        id
    }

    pub(super) fn entity_mut(&mut self, id: EntityId) -> &mut Entity {
        self.around.entities.get_mut(&id).unwrap()
    }

    pub(super) fn entity(&self, id: EntityId) -> &Entity {
        &self.around.entities[&id]
    }

    /// What a command changed around the run is there for the next.
    pub(super) fn take(&mut self, changes: Changes) {
        for touchpoint in &changes.touchpoints {
            let kind = &changes
                .entities
                .get(&touchpoint.entity_id)
                .unwrap_or_else(|| self.entity(touchpoint.entity_id))
                .kind;
            assert!(is_contact(kind), "a touchpoint with {kind}");
        }
        self.around.entities.extend(changes.entities);
        self.around.memberships.extend(changes.memberships);
        self.around.relations.extend(changes.relations);
    }
}

fn firm() -> Firm {
    Firm {
        id: FIRM,
        slug: "north".to_owned(),
        name: "North".to_owned(),
        time_zone: chrono_tz::America::New_York,
        close_of_business: NaiveTime::from_hms_opt(17, 0, 0).unwrap(),
        weekend: vec![Weekday::Sat, Weekday::Sun],
        fiscal_year_start_month: 1,
        visibility: Visibility::Team,
        owner_may_reschedule: true,
        read_access_log: ReadAccessLog::Off,
        policies: std::collections::BTreeMap::new(),
        created_at: DateTime::UNIX_EPOCH,
        version: 1,
    }
}
