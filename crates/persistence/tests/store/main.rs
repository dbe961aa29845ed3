//! The store on both databases, through its public functions only.

mod entities;
mod fixture;
mod idempotency;
mod jobs;
mod memberships;
mod migrations;
mod people;
mod process_types;
mod records;
mod support;
mod trail;
