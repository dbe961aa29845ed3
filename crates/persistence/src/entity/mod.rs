//! One model a table; they never leave this crate.

pub(crate) mod app_user;
pub(crate) mod attribute;
pub(crate) mod attribute_value;
pub(crate) mod audit_checkpoint;
pub(crate) mod batch;
pub(crate) mod batch_item;
pub(crate) mod change;
pub(crate) mod cover;
#[expect(
    clippy::struct_field_names,
    reason = "a row that holds nothing but ids"
)]
pub(crate) mod cover_person;
pub(crate) mod document;
pub(crate) mod document_link;
#[expect(clippy::module_inception, reason = "one of the tables is called so")]
pub(crate) mod entity;
pub(crate) mod firm;
pub(crate) mod firm_directory;
pub(crate) mod firm_head;
pub(crate) mod holiday;
pub(crate) mod idempotency;
pub(crate) mod job;
pub(crate) mod library_base;
pub(crate) mod membership;
pub(crate) mod notification;
pub(crate) mod process;
#[expect(
    clippy::struct_field_names,
    reason = "a row that holds nothing but ids"
)]
pub(crate) mod process_document;
pub(crate) mod process_migration;
pub(crate) mod process_migration_item;
pub(crate) mod process_type;
pub(crate) mod process_type_version;
pub(crate) mod read_access;
pub(crate) mod relation;
pub(crate) mod role;
pub(crate) mod schedule;
pub(crate) mod schedule_entity;
pub(crate) mod schedule_run;
pub(crate) mod session;
pub(crate) mod signing_key;
#[expect(
    clippy::struct_excessive_bools,
    reason = "a row is as flat as its table"
)]
pub(crate) mod task;
#[expect(
    clippy::struct_field_names,
    reason = "a row that holds nothing but ids"
)]
pub(crate) mod task_document;
pub(crate) mod task_executor;
pub(crate) mod task_role;
pub(crate) mod team;
pub(crate) mod team_member;
pub(crate) mod touchpoint;
