//! Domain values in and out of the database. The only crate that knows SQL; it decides nothing.

mod connection;
#[expect(
    unreachable_pub,
    reason = "the derived items of a model are public within their private module"
)]
mod entity;
mod error;
mod reads;
mod store;

pub use connection::count_statements;
pub use error::{StoreError, UniqueRule};
pub use reads::Reads;
pub use store::{Store, StoreOptions};
