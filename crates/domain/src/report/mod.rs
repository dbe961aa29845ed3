//! Figures about work (plays.md F5), counted from a few facts of each piece of it.

pub mod performance;
mod spread;

pub use spread::Spread;
