//! Domain values in and out of the database. The only crate that knows SQL; it decides nothing.

mod batch;
mod catalog;
mod changes;
mod codec;
mod connection;
#[expect(
    unreachable_pub,
    reason = "the derived items of a model are public within their private module"
)]
mod entity;
mod error;
mod fair_queue;
mod firms;
mod idempotency;
mod jobs;
mod keyset;
mod reads;
mod retry;
mod roles;
mod sessions;
mod signing_keys;
mod store;
mod teams;
mod trail;
mod unit_of_work;
mod users;

pub use changes::{ChangeFilter, TrailFault};
pub use connection::count_statements;
pub use error::{StoreError, UniqueRule};
pub use idempotency::{IdempotencyRequest, Reservation, StoredAnswer};
pub use jobs::{ClaimedJob, JobFailure};
pub use reads::Reads;
pub use sessions::{Caller, NewSession, Rotation, Session};
pub use signing_keys::SigningKey;
pub use store::{Store, StoreOptions};
pub use unit_of_work::{UnitOfWork, WriteContext};
pub use users::{Credentials, UserFilter, UserPlace, UserSort};
