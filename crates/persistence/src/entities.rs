//! Entities: single, in lists, and several at once.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    access::visibility::EntityScope,
    entity::{CLIENT_KINDS, Entity as Record},
    ids::{EntityId, TeamId},
    page::{Page, PageRequest},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait as _, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Select,
    sea_query::{Expr, LockType, Query},
};
use uuid::Uuid;

use crate::{
    Reads, StoreError, UnitOfWork,
    batch::update_row,
    codec::to_json,
    entity::entity::{Column, Entity, Model},
    keyset::after,
    one_of::one_of,
    row::{self, FromRow, Row},
    scope,
    text_match::starts_with,
};

/// Which entities are listed; what is none does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntityFilter {
    /// Of one of these kinds; `client` stands for four of them.
    pub kinds: Vec<String>,
    /// With this status.
    pub status: Option<String>,
    /// With a name that begins like this, whatever the case.
    pub name_prefix: Option<String>,
    /// Belonging to this user team.
    pub team: Option<TeamId>,
}

/// In which order entities are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum EntitySort {
    /// By name.
    #[default]
    Name,
    /// In the order in which they were added.
    Oldest,
    /// The newest first.
    Newest,
}

/// The place of a named record in the order of its list: by name, then id.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct NameKey {
    /// Its name.
    pub name: String,
    /// Its id.
    pub id: Uuid,
}

/// How many are looked up in one statement.
const ROWS: usize = 500;

impl Reads<'_> {
    /// Those of these kinds that the firm has records of: one look into the index for each, in one statement.
    pub async fn kinds_in_use(&self, kinds: &[&str]) -> Result<BTreeSet<String>, StoreError> {
        if kinds.is_empty() {
            return Ok(BTreeSet::new());
        }
        let mut look = Query::select();
        for kind in kinds {
            let found = Query::select()
                .expr(Expr::val(1))
                .from(Entity)
                .and_where(Column::FirmId.eq(self.firm_key()))
                .and_where(Column::Kind.eq(*kind))
                .to_owned();
            look.expr(Expr::exists(found));
        }
        let row = self.connection.query_one(&look).await?;
        let row = row.ok_or(StoreError::NoFirm)?;
        let mut used = BTreeSet::new();
        for (place, kind) in kinds.iter().enumerate() {
            if row.try_get_by_index::<bool>(place)? {
                used.insert((*kind).to_owned());
            }
        }
        Ok(used)
    }

    /// One entity.
    pub async fn entity(&self, id: EntityId) -> Result<Option<Record>, StoreError> {
        let query = Entity::find_by_id((self.firm_key(), id.0));
        row::one(query, &self.connection).await
    }

    /// Those of these that exist.
    pub async fn entities(
        &self,
        ids: &[EntityId],
    ) -> Result<BTreeMap<EntityId, Record>, StoreError> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let query = several(self.firm_key(), ids);
        Ok(by_id(row::all(query, &self.connection).await?))
    }

    /// Those of these that somebody may see.
    pub async fn entities_seen(
        &self,
        scope: &EntityScope,
        ids: &[EntityId],
    ) -> Result<BTreeSet<EntityId>, StoreError> {
        let mut seen = BTreeSet::new();
        for some in ids.chunks(ROWS) {
            let found: Vec<Uuid> = several(self.firm_key(), some)
                .select_only()
                .column(Column::Id)
                .filter(scope::of_entities(scope))
                .into_tuple()
                .all(&self.connection)
                .await?;
            seen.extend(found.into_iter().map(EntityId));
        }
        Ok(seen)
    }

    /// A page of the entities that somebody may see.
    pub async fn list_entities(
        &self,
        scope: &EntityScope,
        filter: &EntityFilter,
        sort: EntitySort,
        page: PageRequest<NameKey>,
    ) -> Result<Page<Record, NameKey>, StoreError> {
        let mut query = filtered(self.firm_key(), filter)
            .filter(scope::of_entities(scope))
            .limit(u64::from(page.limit) + 1);
        let total = self.total(&query, &page).await?;
        if let Some(place) = page.after {
            query = query.filter(match sort {
                EntitySort::Name => after(
                    [Column::Name, Column::Id],
                    [place.name.into(), place.id.into()],
                ),
                EntitySort::Oldest => Column::Id.gt(place.id),
                EntitySort::Newest => Column::Id.lt(place.id),
            });
        }
        query = match sort {
            EntitySort::Name => query.order_by_asc(Column::Name).order_by_asc(Column::Id),
            EntitySort::Oldest => query.order_by_asc(Column::Id),
            EntitySort::Newest => query.order_by_desc(Column::Id),
        };
        let items: Vec<Record> = row::all(query, &self.connection).await?;
        Ok(Page::from_overfetch(items, page.limit, |entity| NameKey {
            name: entity.name.clone(),
            id: entity.id.0,
        })
        .counted(total))
    }
}

fn several(firm: Uuid, ids: &[EntityId]) -> Select<Entity> {
    Entity::find()
        .filter(Column::FirmId.eq(firm))
        .filter(one_of(Column::Id, ids.iter().map(|id| id.0)))
}

fn by_id(entities: Vec<Record>) -> BTreeMap<EntityId, Record> {
    entities
        .into_iter()
        .map(|entity| (entity.id, entity))
        .collect()
}

fn filtered(firm: Uuid, filter: &EntityFilter) -> Select<Entity> {
    let mut query = Entity::find().filter(Column::FirmId.eq(firm));
    if !filter.kinds.is_empty() {
        query = query.filter(Column::Kind.is_in(filter.kinds.iter().flat_map(|kind| meant(kind))));
    }
    if let Some(status) = &filter.status {
        query = query.filter(Column::Status.eq(status));
    }
    if let Some(prefix) = &filter.name_prefix {
        query = query.filter(starts_with(Column::Name, prefix));
    }
    if let Some(team) = filter.team {
        query = query.filter(Column::TeamId.eq(team.0));
    }
    query
}

/// The kinds that a kind stands for where it is named.
fn meant(kind: &str) -> Vec<&str> {
    if kind == "client" {
        CLIENT_KINDS.to_vec()
    } else {
        vec![kind]
    }
}

impl UnitOfWork {
    /// Reads an entity and holds it until the end; work may still be begun for it meanwhile.
    pub async fn lock_entity(&self, id: EntityId) -> Result<Option<Record>, StoreError> {
        let query = Entity::find_by_id((self.firm_id().0, id.0)).lock(LockType::NoKeyUpdate);
        row::one(query, &self.connection()).await
    }

    /// Reads those of these that exist and holds them until the end; always locked in the same order, against deadlocks.
    pub async fn lock_entities(
        &self,
        ids: &[EntityId],
    ) -> Result<BTreeMap<EntityId, Record>, StoreError> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let query = several(self.firm_id().0, ids)
            .order_by_asc(Column::Id)
            .lock(LockType::NoKeyUpdate);
        Ok(by_id(row::all(query, &self.connection()).await?))
    }

    /// Queues new entities.
    pub fn insert_entities<'r>(
        &mut self,
        entities: impl IntoIterator<Item = &'r Record>,
    ) -> Result<(), StoreError> {
        let firm = self.firm_id().0;
        let rows = entities
            .into_iter()
            .map(|entity| model(firm, entity))
            .collect::<Result<Vec<_>, _>>()?;
        self.insert(rows);
        Ok(())
    }

    /// Queues entities that are new or have changed.
    pub fn save_entities<'r>(
        &mut self,
        entities: impl IntoIterator<Item = &'r Record>,
    ) -> Result<(), StoreError> {
        let firm = self.firm_id().0;
        let rows = entities
            .into_iter()
            .map(|entity| model(firm, entity))
            .collect::<Result<Vec<_>, _>>()?;
        self.upsert(rows);
        Ok(())
    }

    /// Queues the present state of a known entity.
    pub fn update_entity(&mut self, entity: &Record) -> Result<(), StoreError> {
        let row = model(self.firm_id().0, entity)?;
        self.queue(update_row(&row.into_active_model()));
        Ok(())
    }
}

fn model(firm: Uuid, entity: &Record) -> Result<Model, StoreError> {
    Ok(Model {
        firm_id: firm,
        id: entity.id.0,
        kind: entity.kind.clone(),
        name: entity.name.clone(),
        status: entity.status.clone(),
        team_id: entity.team_id.map(Uuid::from),
        restricted: entity.restricted,
        attributes: to_json(&entity.attributes)?,
        created_at: entity.created_at,
        version: entity.version,
    })
}

impl FromRow for Record {
    fn from_row(row: &mut Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: EntityId(row.key("entity")?),
            kind: row.get("kind")?,
            name: row.get("name")?,
            status: row.get("status")?,
            team_id: row.optional("team_id")?.map(TeamId),
            restricted: row.get("restricted")?,
            attributes: row.json("attributes")?,
            created_at: row.get("created_at")?,
            version: row.get("version")?,
        })
    }
}
