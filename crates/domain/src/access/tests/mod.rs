//! Tests of the resolver.

mod documents;
mod exceptions;
mod execution;
mod executors;
pub(super) mod fixture;
mod grid;
mod managing;
mod records;
mod sentences;
mod starting;
mod visibility;
