//! The library beside what firms make of it and add to it.

mod import;
mod upgrade;
