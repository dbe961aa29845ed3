//! Tests of the resolver.

mod execution;
mod executors;
mod fixture;
mod grid;
mod managing;
mod starting;
mod visibility;
