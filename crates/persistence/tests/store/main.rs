//! The store on both databases, through its public functions only.

mod idempotency;
mod jobs;
mod migrations;
mod people;
mod support;
mod trail;
