//! Links between entities.

use domain::{
    access::visibility::EntityScope,
    entity::Relation,
    ids::{EntityId, RelationId},
    page::{Page, PageRequest},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{Expr, Query},
};

use crate::{
    Reads, StoreError, UnitOfWork,
    entity::{
        entity,
        relation::{Column, Entity, Model},
    },
    one_of::one_of,
    scope::of_records,
};

impl Reads<'_> {
    /// One link.
    pub async fn relation(&self, id: RelationId) -> Result<Option<Relation>, StoreError> {
        let row = Entity::find_by_id((self.firm_key(), id.0))
            .one(&self.connection)
            .await?;
        Ok(row.map(Relation::from))
    }

    /// A page of the links of an entity with those that somebody may see, in the order in which they were noted.
    pub async fn list_relations(
        &self,
        entity: EntityId,
        reader: &EntityScope,
        page: PageRequest<RelationId>,
    ) -> Result<Page<Relation, RelationId>, StoreError> {
        let mut query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(
                Condition::any()
                    .add(self.linked(entity, reader, Column::FromEntityId, Column::ToEntityId))
                    .add(self.linked(entity, reader, Column::ToEntityId, Column::FromEntityId)),
            )
            .order_by_asc(Column::Id)
            .limit(u64::from(page.limit) + 1);
        let total = self.total(&query, &page).await?;
        if let Some(place) = page.after {
            query = query.filter(Column::Id.gt(place.0));
        }
        let rows = query.all(&self.connection).await?;
        let items = rows.into_iter().map(Relation::from).collect();
        Ok(
            Page::from_overfetch(items, page.limit, |relation: &Relation| relation.id)
                .counted(total),
        )
    }

    /// The links at whose ends these entities stand with entities of some kinds, at most `limit`; `client` is spelled out.
    pub async fn relations_to_kinds(
        &self,
        entities: &[EntityId],
        kinds: &[String],
        limit: u64,
    ) -> Result<Vec<Relation>, StoreError> {
        if entities.is_empty() || kinds.is_empty() {
            return Ok(Vec::new());
        }
        let firm = self.firm_key();
        let joined = |here: Column, there: Column| {
            let of_kind = Query::select()
                .column(entity::Column::Id)
                .from(entity::Entity)
                .and_where(entity::Column::FirmId.eq(firm))
                .and_where(Expr::col((entity::Entity, entity::Column::Id)).equals((Entity, there)))
                .and_where(entity::Column::Kind.is_in(kinds))
                .to_owned();
            Condition::all()
                .add(one_of(here, entities.iter().map(|id| id.0)))
                .add(Expr::exists(of_kind))
        };
        let rows = Entity::find()
            .filter(Column::FirmId.eq(firm))
            .filter(
                Condition::any()
                    .add(joined(Column::FromEntityId, Column::ToEntityId))
                    .add(joined(Column::ToEntityId, Column::FromEntityId)),
            )
            .order_by_asc(Column::Id)
            .limit(limit)
            .all(&self.connection)
            .await?;
        Ok(rows.into_iter().map(Relation::from).collect())
    }

    /// The entity stands at one end, and at the other something in scope.
    fn linked(
        &self,
        entity: EntityId,
        reader: &EntityScope,
        here: Column,
        there: Column,
    ) -> Condition {
        let other = Expr::col((Entity, there));
        Condition::all()
            .add(here.eq(entity.0))
            .add(of_records(self.firm_key(), reader, other))
    }
}

impl UnitOfWork {
    /// Queues new links.
    pub fn insert_relations<'r>(&mut self, relations: impl IntoIterator<Item = &'r Relation>) {
        let firm = self.firm_id().0;
        let rows: Vec<_> = relations
            .into_iter()
            .map(|relation| Model {
                firm_id: firm,
                id: relation.id.0,
                from_entity_id: relation.from_entity_id.0,
                to_entity_id: relation.to_entity_id.0,
                kind: relation.kind.clone(),
                created_at: relation.created_at,
            })
            .collect();
        self.insert(rows);
    }

    /// Queues the end of a link.
    pub fn delete_relation(&mut self, id: RelationId) {
        let firm = self.firm_id().0;
        self.queue(
            Entity::delete_many()
                .filter(Column::FirmId.eq(firm))
                .filter(Column::Id.eq(id.0))
                .into_query(),
        );
    }
}

impl From<Model> for Relation {
    fn from(row: Model) -> Self {
        Self {
            id: RelationId(row.id),
            from_entity_id: EntityId(row.from_entity_id),
            to_entity_id: EntityId(row.to_entity_id),
            kind: row.kind,
            created_at: row.created_at,
        }
    }
}
