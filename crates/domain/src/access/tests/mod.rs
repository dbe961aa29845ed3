//! Tests of the resolver.

mod documents;
mod exceptions;
mod execution;
mod executors;
mod fixture;
mod grid;
mod managing;
mod records;
mod starting;
mod visibility;
