//! The rules of Baton: pure values in, decisions and changes out. No I/O, no async, no framework.
//!
//! Rule numbers in the comments (E7, X5 …) are those of `docs/engine.md` and `docs/permissions.md`.

pub mod access;
pub mod ambient;
pub mod attribute;
pub mod audit;
pub mod batch;
pub mod calendar;
pub mod condition;
pub mod document;
pub mod entity;
pub mod event;
pub mod fault;
pub mod firm;
pub mod hand_over;
pub mod ids;
pub mod job;
pub mod notification;
pub mod page;
pub mod process;
pub mod process_type;
pub mod read_access;
pub mod report;
pub mod role;
pub mod schedule;
pub mod task;
pub mod text;
pub mod touchpoint;
pub mod user;
pub mod value;
