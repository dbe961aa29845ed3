//! Who stands in for whom (X10).

use chrono::{DateTime, Utc};
use domain::{
    access::cover::{Cover, CoverScope, people_named},
    ids::{CoverId, UserId},
    page::{Page, PageRequest},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, LockType, Query},
};

use crate::{
    Reads, StoreError, UnitOfWork,
    batch::update_row,
    codec::{Place, to_json},
    entity::{
        cover::{ActiveModel, Column, Entity, Model},
        cover_person,
    },
    one_of::one_of,
};

/// Which covers to list; what is none does not matter.
#[derive(Debug, Clone, Copy, Default)]
pub struct CoverFilter {
    /// For this absent person.
    pub absent: Option<UserId>,
    /// By this person.
    pub by: Option<UserId>,
    /// Not over at this moment.
    pub open_at: Option<DateTime<Utc>>,
}

impl Reads<'_> {
    /// One cover.
    pub async fn cover(&self, id: CoverId) -> Result<Option<Cover>, StoreError> {
        Entity::find_by_id((self.firm_key(), id.0))
            .one(&self.connection)
            .await?
            .map(Cover::try_from)
            .transpose()
    }

    /// All covers that are not over, in the order in which they were made.
    pub async fn open_covers(&self, now: DateTime<Utc>) -> Result<Vec<Cover>, StoreError> {
        Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(Column::UntilAt.gt(now))
            .order_by_asc(Column::Id)
            .all(&self.connection)
            .await?
            .into_iter()
            .map(Cover::try_from)
            .collect()
    }

    /// A page of the covers that somebody may see, in the order in which they were made.
    pub async fn list_covers(
        &self,
        scope: &CoverScope,
        filter: CoverFilter,
        page: PageRequest<CoverId>,
    ) -> Result<Page<Cover, CoverId>, StoreError> {
        let mut query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .order_by_asc(Column::Id)
            .limit(u64::from(page.limit) + 1);
        match scope {
            CoverScope::All => {}
            CoverScope::Of(people) => query = query.filter(self.names_one_of(people)),
        }
        if let Some(absent) = filter.absent {
            query = query.filter(Column::AbsentId.eq(absent.0));
        }
        if let Some(by) = filter.by {
            query = query
                .filter(self.names_one_of(&[by]))
                .filter(Column::AbsentId.ne(by.0));
        }
        if let Some(now) = filter.open_at {
            query = query.filter(Column::UntilAt.gt(now));
        }
        let total = self.total(&query, &page).await?;
        if let Some(place) = page.after {
            query = query.filter(Column::Id.gt(place.0));
        }
        let covers = query
            .all(&self.connection)
            .await?
            .into_iter()
            .map(Cover::try_from)
            .collect::<Result<_, _>>()?;
        Ok(Page::from_overfetch(covers, page.limit, |cover: &Cover| cover.id).counted(total))
    }

    /// The cover names one of these people, as absent or as standing in.
    fn names_one_of(&self, people: &[UserId]) -> Expr {
        Expr::col((Entity, Column::Id)).in_subquery(
            Query::select()
                .column(cover_person::Column::CoverId)
                .from(cover_person::Entity)
                .and_where(cover_person::Column::FirmId.eq(self.firm_key()))
                .and_where(one_of(
                    cover_person::Column::UserId,
                    people.iter().map(|user| user.0),
                ))
                .to_owned(),
        )
    }
}

impl UnitOfWork {
    /// Looks one up and holds it until the end.
    pub async fn lock_cover(&self, id: CoverId) -> Result<Option<Cover>, StoreError> {
        Entity::find_by_id((self.firm_id().0, id.0))
            .lock(LockType::NoKeyUpdate)
            .one(&self.connection())
            .await?
            .map(Cover::try_from)
            .transpose()
    }

    /// Adds one.
    pub fn insert_cover(&mut self, cover: &Cover) -> Result<(), StoreError> {
        let firm = self.firm_id().0;
        self.queue(Entity::insert(self.cover_row(cover)?).into_query());
        let people = people_named(std::slice::from_ref(cover)).map(|user| cover_person::Model {
            firm_id: firm,
            user_id: user.0,
            cover_id: cover.id.0,
        });
        self.upsert(people.collect::<Vec<_>>());
        self.changes_catalog = true;
        Ok(())
    }

    /// Writes one back; whom it names stays.
    pub fn update_cover(&mut self, cover: &Cover) -> Result<(), StoreError> {
        let row = self.cover_row(cover)?;
        self.queue(update_row(&row));
        self.changes_catalog = true;
        Ok(())
    }

    /// Deletes one.
    pub fn delete_cover(&mut self, id: CoverId) {
        let firm = self.firm_id().0;
        self.queue(
            Entity::delete_many()
                .filter(Column::FirmId.eq(firm))
                .filter(Column::Id.eq(id.0))
                .into_query(),
        );
        self.changes_catalog = true;
    }

    fn cover_row(&self, cover: &Cover) -> Result<ActiveModel, StoreError> {
        let row = Model {
            firm_id: self.firm_id().0,
            id: cover.id.0,
            absent_id: cover.absent_id.0,
            cover_user_ids: to_json(&cover.cover_user_ids)?,
            from_at: cover.from,
            until_at: cover.until,
            role_ids: to_json(&cover.role_ids)?,
            entity_ids: to_json(&cover.entity_ids)?,
            reason: cover.reason.clone(),
            created_at: cover.created_at,
            version: cover.version,
        };
        Ok(sea_orm::ActiveModelTrait::reset_all(ActiveModel::from(row)))
    }
}

impl TryFrom<Model> for Cover {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, Self::Error> {
        let place = Place {
            table: "cover",
            row: row.id,
        };
        Ok(Self {
            id: CoverId(row.id),
            absent_id: UserId(row.absent_id),
            cover_user_ids: place.json(row.cover_user_ids)?,
            from: row.from_at,
            until: row.until_at,
            role_ids: place.json(row.role_ids)?,
            entity_ids: place.json(row.entity_ids)?,
            reason: row.reason,
            created_at: row.created_at,
            version: row.version,
        })
    }
}
