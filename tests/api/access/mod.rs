//! Who may do what, from outside: every operation by everyone who may not, the grid of permissions, and lists against
//! single reads.

mod grid;
mod lists;
mod place;
mod random;
mod walker;

pub(crate) use place::Place;
