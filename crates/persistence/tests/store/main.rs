//! The store on both databases, through its public functions only.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod idempotency;
mod jobs;
mod migrations;
mod people;
mod support;
mod trail;
