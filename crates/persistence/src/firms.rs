//! Firms: their directory, their settings, and the days on which they are closed.

use chrono::NaiveDate;
use domain::{
    audit::Link,
    firm::{Firm, Holiday},
    ids::{FirmId, HolidayId},
    page::{Page, PageRequest},
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, LockType, Query, UpdateStatement},
};
use serde_json::json;

use crate::{
    Reads, Store, StoreError, UnitOfWork,
    batch::update_row,
    codec::{Place, to_json, to_name},
    connection::Connection,
    entity::{entity, firm, firm_directory, firm_head, holiday},
    keyset::after,
};

const TIME_OF_DAY: &str = "%H:%M:%S";

/// The place of a closing day in the order of its list: by day, then id.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct HolidayPlace {
    /// The day.
    pub on: NaiveDate,
    /// Its id.
    pub id: HolidayId,
}

impl Store {
    /// Which firm has this slug.
    pub async fn firm_by_slug(&self, slug: &str) -> Result<Option<FirmId>, StoreError> {
        let found = firm_directory::Entity::find_by_id(slug)
            .one(&Connection::Reader(&self.shared.reader))
            .await?;
        Ok(found.map(|entry| FirmId(entry.firm_id)))
    }
}

impl Store {
    /// Whether there is any firm.
    pub async fn has_firms(&self) -> Result<bool, StoreError> {
        let found = firm_directory::Entity::find().one(&self.primary()).await?;
        Ok(found.is_some())
    }
}

impl Reads<'_> {
    /// The firm with its settings.
    pub async fn firm(&self) -> Result<Option<Firm>, StoreError> {
        let found = self.firm_and_catalog_version().await?;
        Ok(found.map(|(firm, _)| firm))
    }

    /// The firm, and the version of everything that it has set up.
    pub(crate) async fn firm_and_catalog_version(&self) -> Result<Option<(Firm, i64)>, StoreError> {
        firm::Entity::find_by_id(self.firm_key())
            .one(&self.connection)
            .await?
            .map(|row| {
                let version = row.catalog_version;
                Ok((Firm::try_from(row)?, version))
            })
            .transpose()
    }

    /// All days on which it is closed, by date.
    pub async fn holidays(&self) -> Result<Vec<Holiday>, StoreError> {
        holiday::Entity::find()
            .filter(holiday::Column::FirmId.eq(self.firm_key()))
            .order_by_asc(holiday::Column::On)
            .order_by_asc(holiday::Column::Id)
            .all(&self.connection)
            .await?
            .into_iter()
            .map(Holiday::try_from)
            .collect()
    }

    /// A page of the days on which it is closed, by date.
    pub async fn list_holidays(
        &self,
        page: PageRequest<HolidayPlace>,
    ) -> Result<Page<Holiday, HolidayPlace>, StoreError> {
        let mut query = holiday::Entity::find()
            .filter(holiday::Column::FirmId.eq(self.firm_key()))
            .order_by_asc(holiday::Column::On)
            .order_by_asc(holiday::Column::Id)
            .limit(u64::from(page.limit) + 1);
        let total = self.total(&query, &page).await?;
        if let Some(place) = page.after {
            query = query.filter(after(
                [holiday::Column::On, holiday::Column::Id],
                [place.on.into(), place.id.0.into()],
            ));
        }
        let days = query
            .all(&self.connection)
            .await?
            .into_iter()
            .map(Holiday::try_from)
            .collect::<Result<_, _>>()?;
        Ok(
            Page::from_overfetch(days, page.limit, |day: &Holiday| HolidayPlace {
                on: day.on,
                id: day.id,
            })
            .counted(total),
        )
    }

    /// One day on which it is closed.
    pub async fn holiday(&self, id: HolidayId) -> Result<Option<Holiday>, StoreError> {
        holiday::Entity::find_by_id((self.firm_key(), id.0))
            .one(&self.connection)
            .await?
            .map(Holiday::try_from)
            .transpose()
    }
}

impl UnitOfWork {
    /// Makes a firm: its entry in the directory, its settings, the head of its trail, and the entity that stands for it.
    /// At once, because the trail of this very unit of work begins at that head.
    pub async fn create_firm(&mut self, new: &Firm) -> Result<(), StoreError> {
        let row = firm_row(new)?;
        self.queue(
            firm_directory::Entity::insert(
                firm_directory::Model {
                    slug: new.slug.clone(),
                    firm_id: new.id.0,
                }
                .into_active_model(),
            )
            .into_query(),
        );
        self.queue(
            firm::Entity::insert(firm::ActiveModel {
                catalog_version: Set(1),
                ..row
            })
            .into_query(),
        );
        self.queue(
            firm_head::Entity::insert(
                firm_head::Model {
                    firm_id: new.id.0,
                    sequence: Link::START.sequence,
                    hash: Link::START.hash.to_vec(),
                }
                .into_active_model(),
            )
            .into_query(),
        );
        self.queue(
            entity::Entity::insert(
                entity::Model {
                    firm_id: new.id.0,
                    id: new.id.entity().0,
                    kind: "firm".to_owned(),
                    name: new.name.clone(),
                    status: "active".to_owned(),
                    team_id: None,
                    restricted: false,
                    attributes: json!({}),
                    created_at: new.created_at,
                    version: 1,
                }
                .into_active_model(),
            )
            .into_query(),
        );
        self.run_queued().await
    }

    /// The firm, held until the end: its settings and its closing days change one after another.
    pub async fn lock_firm(&self) -> Result<Option<Firm>, StoreError> {
        firm::Entity::find_by_id(self.firm_id().0)
            .lock(LockType::NoKeyUpdate)
            .one(&self.connection())
            .await?
            .map(Firm::try_from)
            .transpose()
    }

    /// Writes the settings of the firm; its slug stays.
    pub fn update_firm(&mut self, firm: &Firm) -> Result<(), StoreError> {
        let row = firm::ActiveModel {
            slug: NotSet,
            ..firm_row(firm)?
        };
        self.queue(update_row(&row));
        self.changes_catalog = true;
        Ok(())
    }

    /// Adds a day on which the firm is closed.
    pub fn insert_holiday(&mut self, holiday: &Holiday) -> Result<(), StoreError> {
        let row = holiday::Model {
            firm_id: self.firm_id().0,
            id: holiday.id.0,
            on: holiday.on,
            name: holiday.name.clone(),
            calendar: holiday.calendar.as_ref().map(to_name).transpose()?,
        };
        self.queue(holiday::Entity::insert(row.into_active_model()).into_query());
        self.changes_catalog = true;
        Ok(())
    }

    /// Takes such a day away.
    pub fn delete_holiday(&mut self, id: HolidayId) {
        let firm = self.firm_id().0;
        self.queue(
            holiday::Entity::delete_many()
                .filter(holiday::Column::FirmId.eq(firm))
                .filter(holiday::Column::Id.eq(id.0))
                .into_query(),
        );
        self.changes_catalog = true;
    }
}

/// What is cached of the firm's set-up under an earlier version will not be used again.
pub(crate) fn raise_catalog_version(firm: FirmId) -> UpdateStatement {
    Query::update()
        .table(firm::Entity)
        .value(
            firm::Column::CatalogVersion,
            Expr::col(firm::Column::CatalogVersion).add(1),
        )
        .and_where(Expr::col(firm::Column::FirmId).eq(firm.0))
        .to_owned()
}

fn firm_row(firm: &Firm) -> Result<firm::ActiveModel, StoreError> {
    Ok(firm::ActiveModel {
        firm_id: Set(firm.id.0),
        slug: Set(firm.slug.clone()),
        name: Set(firm.name.clone()),
        time_zone: Set(firm.time_zone.name().to_owned()),
        close_of_business: Set(firm.close_of_business.format(TIME_OF_DAY).to_string()),
        weekend: Set(to_json(&firm.weekend)?),
        fiscal_year_start_month: Set(i32::try_from(firm.fiscal_year_start_month)
            .map_err(|err| StoreError::Encoding(err.to_string()))?),
        visibility: Set(to_name(&firm.visibility)?),
        owner_may_reschedule: Set(firm.owner_may_reschedule),
        read_access_log: Set(to_name(&firm.read_access_log)?),
        created_at: Set(firm.created_at),
        version: Set(firm.version),
        catalog_version: NotSet,
        policies: Set(to_json(&firm.policies)?),
    })
}

impl TryFrom<firm::Model> for Firm {
    type Error = StoreError;

    fn try_from(row: firm::Model) -> Result<Self, Self::Error> {
        let place = Place {
            table: "firm",
            row: row.firm_id,
        };
        Ok(Self {
            id: FirmId(row.firm_id),
            slug: row.slug,
            name: row.name,
            time_zone: row.time_zone.parse().map_err(|_| place.corrupt())?,
            close_of_business: chrono::NaiveTime::parse_from_str(
                &row.close_of_business,
                TIME_OF_DAY,
            )
            .map_err(|_| place.corrupt())?,
            weekend: place.json(row.weekend)?,
            fiscal_year_start_month: place.count(row.fiscal_year_start_month)?,
            visibility: place.name(row.visibility)?,
            owner_may_reschedule: row.owner_may_reschedule,
            read_access_log: place.name(row.read_access_log)?,
            policies: place.json(row.policies)?,
            created_at: row.created_at,
            version: row.version,
        })
    }
}

impl TryFrom<holiday::Model> for Holiday {
    type Error = StoreError;

    fn try_from(row: holiday::Model) -> Result<Self, Self::Error> {
        let place = Place {
            table: "holiday",
            row: row.id,
        };
        Ok(Self {
            id: HolidayId(row.id),
            on: row.on,
            name: row.name,
            calendar: row.calendar.map(|name| place.name(name)).transpose()?,
        })
    }
}
