//! What holds for every operation alike.

mod compression;
mod conditional;
mod edges;
mod rates;
