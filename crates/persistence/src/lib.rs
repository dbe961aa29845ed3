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
mod executors;
mod fair_queue;
mod processes;
mod reads;
mod retry;
mod scope;
mod store;
mod tasks;
mod trail;
mod unit_of_work;
mod writes;

pub use connection::count_statements;
pub use error::{StoreError, UniqueRule};
pub use executors::{Executor, WorkFilter, WorkItem};
pub use processes::ProcessFilter;
pub use reads::Reads;
pub use store::{Store, StoreOptions};
pub use tasks::{TaskFilter, WorkKey};
pub use unit_of_work::{UnitOfWork, WriteContext};
