//! Domain values in and out of the database. The only crate that knows SQL; it decides nothing.

mod actors;
mod attributes;
mod batch;
mod catalog;
mod changes;
mod codec;
mod connection;
mod covers;
mod definitions;
mod document_places;
mod documents;
mod entities;
#[expect(
    unreachable_pub,
    reason = "the derived items of a model are public within their private module"
)]
mod entity;
mod error;
mod executors;
mod fair_queue;
mod feed_scope;
mod firms;
mod idempotency;
mod job_list;
mod jobs;
mod keyset;
mod memberships;
mod notifications;
mod people_around;
mod process_type_versions;
mod process_types;
mod processes;
mod reads;
mod relations;
mod retry;
mod roles;
mod runs;
mod scope;
mod sessions;
mod signing_keys;
mod store;
mod sweep;
mod tasks;
mod teams;
mod text_match;
mod total;
mod touchpoints;
mod trail;
mod unit_of_work;
mod users;
mod writes;

pub use attributes::{AttributeFilter, AttributeHistoryEntry, AttributeKey};
pub use changes::{ChangeFilter, ChangeOrder, TrailFault};
pub use connection::count_statements;
pub use covers::CoverFilter;
pub use document_places::DocumentsNamed;
pub use entities::{EntityFilter, EntitySort, NameKey};
pub use error::{StoreError, UniqueRule};
pub use executors::{Executor, Executors, WorkFilter, WorkItem};
pub use firms::HolidayPlace;
pub use idempotency::{IdempotencyRequest, Reservation, StoredAnswer};
pub use job_list::JobPlace;
pub use jobs::ClaimedJob;
pub use memberships::{HeldElsewhere, MembershipKey};
pub use process_types::ProcessTypeFilter;
pub use processes::{ProcessFilter, ProcessSort};
pub use reads::Reads;
pub use roles::RoleFilter;
pub use sessions::{Caller, NewSession, Rotation, Session};
pub use signing_keys::SigningKey;
pub use store::{Store, StoreOptions};
pub use tasks::{TaskFilter, WorkKey, WorkSort};
pub use touchpoints::{TouchpointFilter, TouchpointKey};
pub use unit_of_work::{UnitOfWork, WriteContext};
pub use users::{Credentials, UserFilter, UserPlace, UserSort};
