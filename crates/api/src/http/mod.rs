//! What every endpoint shares: problems, bodies, queries, pages, versions and stored answers.

pub mod address;
pub mod answer;
pub mod blocked;
pub mod code;
pub mod compress;
pub mod etag;
pub mod faults;
pub mod finish;
pub mod idempotency;
pub mod json;
pub mod page;
pub mod patch;
pub mod problem;
pub mod query;
pub mod rate;
pub mod statements;
pub mod strict;
pub(crate) mod unrouted;
pub mod yaml;
