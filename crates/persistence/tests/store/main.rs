//! The store on both databases, through its public functions only.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod connections;
mod entities;
mod feed;
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
