//! Answers kept for a day, so that a request sent twice takes effect once.

use chrono::TimeDelta;
use domain::ids::UserId;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryTrait,
    sea_query::{OnConflict, Query},
};
use serde_json::Value;

use crate::{
    StoreError, UnitOfWork,
    batch::update_row,
    codec::Place,
    entity::idempotency::{ActiveModel, Column, Entity, Model},
};

/// How long an answer is kept.
pub(crate) const KEPT: TimeDelta = TimeDelta::hours(24);

/// A request that carries a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyRequest {
    /// Who sends it.
    pub principal: UserId,
    /// Its method.
    pub method: String,
    /// Its path.
    pub path: String,
    /// The key.
    pub key: String,
    /// HMAC of all that makes it this request.
    pub request_hmac: Vec<u8>,
}

/// An answer as it was given.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredAnswer {
    /// Its status.
    pub status: u16,
    /// The headers worth keeping, an object.
    pub headers: Value,
    /// Its body.
    pub body: String,
}

/// Whether a request with a key is to be carried out.
#[derive(Debug, Clone, PartialEq)]
pub enum Reservation {
    /// Yes; its answer is to be stored in this unit of work.
    Fresh,
    /// No: it was, with this answer.
    Replay(StoredAnswer),
    /// No: the key was used for another request.
    Mismatch,
    /// No: the same request is being carried out, and has been for as long as one may wait.
    InFlight,
}

impl UnitOfWork {
    /// Takes a key for a request, or says what it was used for. Waits up to five seconds for another unit of work that
    /// holds it. To be called first, since what was locked before would be held meanwhile.
    pub async fn reserve(
        &mut self,
        request: &IdempotencyRequest,
    ) -> Result<Reservation, StoreError> {
        let connection = self.connection();
        if connection.get_database_backend() == DbBackend::Postgres {
            connection
                .execute_unprepared("SET LOCAL lock_timeout = '5s'")
                .await?;
        }
        let now = self.ambient().now();
        let row = ActiveModel {
            request_hmac: Set(request.request_hmac.clone()),
            created_at: Set(now),
            ..self.kept_row(request)
        };
        let insert = Entity::insert(row)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .into_query();
        match connection.execute(&insert).await.map_err(StoreError::from) {
            Ok(done) if done.rows_affected() == 1 => return Ok(Reservation::Fresh),
            Ok(_) => {}
            // After this error the transaction can only be rolled back, which the refusal brings about.
            Err(StoreError::Busy(_)) => return Ok(Reservation::InFlight),
            Err(err) => return Err(err),
        }
        let mut renew = Query::update();
        renew
            .table(Entity)
            .value(Column::RequestHmac, request.request_hmac.clone())
            .value(Column::CreatedAt, now)
            .value(Column::Status, None::<i32>)
            .value(Column::Headers, None::<Value>)
            .value(Column::Body, None::<String>)
            .cond_where(self.same_key(request))
            .and_where(Column::CreatedAt.lte(now - KEPT));
        let found = Entity::find()
            .filter(self.same_key(request))
            .one(&connection)
            .await?;
        match found {
            Some(row) if row.created_at > now - KEPT => kept_answer(row, request),
            // Gone, or too old: as if it had never been.
            Some(_) | None => {
                let renewed = connection.execute(&renew).await?.rows_affected() == 1;
                Ok(if renewed {
                    Reservation::Fresh
                } else {
                    Reservation::InFlight
                })
            }
        }
    }

    /// Keeps the answer to the request that was reserved.
    pub fn store_answer(&mut self, request: &IdempotencyRequest, answer: StoredAnswer) {
        let row = ActiveModel {
            status: Set(Some(i32::from(answer.status))),
            headers: Set(Some(answer.headers)),
            body: Set(Some(answer.body)),
            ..self.kept_row(request)
        };
        self.queue_untold(update_row(&row));
    }

    fn kept_row(&self, request: &IdempotencyRequest) -> ActiveModel {
        ActiveModel {
            firm_id: Set(self.firm_id().0),
            principal_id: Set(request.principal.0),
            method: Set(request.method.clone()),
            path: Set(request.path.clone()),
            key: Set(request.key.clone()),
            request_hmac: NotSet,
            status: NotSet,
            headers: NotSet,
            body: NotSet,
            created_at: NotSet,
        }
    }

    fn same_key(&self, request: &IdempotencyRequest) -> sea_orm::Condition {
        sea_orm::Condition::all()
            .add(Column::FirmId.eq(self.firm_id().0))
            .add(Column::PrincipalId.eq(request.principal.0))
            .add(Column::Method.eq(request.method.as_str()))
            .add(Column::Path.eq(request.path.as_str()))
            .add(Column::Key.eq(request.key.as_str()))
    }
}

fn kept_answer(row: Model, request: &IdempotencyRequest) -> Result<Reservation, StoreError> {
    if row.request_hmac != request.request_hmac {
        return Ok(Reservation::Mismatch);
    }
    let place = Place {
        table: "idempotency",
        row: row.key,
    };
    match (row.status, row.headers, row.body) {
        (Some(status), Some(headers), Some(body)) => Ok(Reservation::Replay(StoredAnswer {
            status: u16::try_from(status).map_err(|_| place.corrupt())?,
            headers,
            body,
        })),
        _ => Err(place.corrupt()),
    }
}
