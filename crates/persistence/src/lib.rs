//! Domain values in and out of the database. The only crate that knows SQL; it decides nothing.

mod batch;
mod codec;
mod connection;
#[expect(
    unreachable_pub,
    reason = "the derived items of a model are public within their private module"
)]
mod entity;
mod error;
mod fair_queue;
mod reads;
mod retry;
mod store;
mod trail;
mod unit_of_work;

pub use connection::count_statements;
pub use error::{StoreError, UniqueRule};
pub use reads::Reads;
pub use store::{Store, StoreOptions};
pub use unit_of_work::{UnitOfWork, WriteContext};
