//! The history of the schema, oldest first. A migration that has been released is never edited.

use sea_orm_migration::prelude::*;

mod firm_table;
mod m20261122_000001_create_firms;
mod m20261122_000002_create_people;
mod m20261122_000003_create_entities;
mod m20261122_000004_create_process_types;
mod m20261122_000005_create_work;
mod m20261122_000006_create_trail_and_jobs;
mod m20261123_000020_create_parts_in_work;
mod m20261123_000030_index_session_expiry;
mod m20261123_000040_add_work_orders;
mod m20261123_000041_add_task_references;
mod m20261123_000050_void_touchpoints;
mod m20261123_000051_index_open_processes;
mod m20261124_000010_create_covers;
mod m20261124_000020_add_submissions_and_moments;
mod m20261124_000021_index_unread_notifications;
mod m20261124_000030_add_task_items;
mod m20261124_000040_number_signing_keys;
mod m20261124_000041_create_audit_checkpoints;
mod m20261125_000010_index_process_owners;
mod m20261125_000011_create_read_access;
mod m20261125_000020_create_process_migrations;
mod m20261125_000040_create_schedules;
mod m20261125_000041_create_batches;
mod m20261125_000042_add_process_causes;
mod m20261125_000060_add_library_version;
mod m20261125_000061_create_library_bases;
mod m20261125_000070_index_process_starts;
mod m20261125_000071_add_firm_policies;
mod m20261125_000072_index_items;

/// Brings a database from any earlier state to the current one.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_create_firms::Migration),
            Box::new(m20261122_000002_create_people::Migration),
            Box::new(m20261122_000003_create_entities::Migration),
            Box::new(m20261122_000004_create_process_types::Migration),
            Box::new(m20261122_000005_create_work::Migration),
            Box::new(m20261122_000006_create_trail_and_jobs::Migration),
            Box::new(m20261123_000020_create_parts_in_work::Migration),
            Box::new(m20261123_000030_index_session_expiry::Migration),
            Box::new(m20261123_000040_add_work_orders::Migration),
            Box::new(m20261123_000041_add_task_references::Migration),
            Box::new(m20261123_000050_void_touchpoints::Migration),
            Box::new(m20261123_000051_index_open_processes::Migration),
            Box::new(m20261124_000010_create_covers::Migration),
            Box::new(m20261124_000020_add_submissions_and_moments::Migration),
            Box::new(m20261124_000021_index_unread_notifications::Migration),
            Box::new(m20261124_000030_add_task_items::Migration),
            Box::new(m20261124_000040_number_signing_keys::Migration),
            Box::new(m20261124_000041_create_audit_checkpoints::Migration),
            Box::new(m20261125_000010_index_process_owners::Migration),
            Box::new(m20261125_000011_create_read_access::Migration),
            Box::new(m20261125_000020_create_process_migrations::Migration),
            Box::new(m20261125_000040_create_schedules::Migration),
            Box::new(m20261125_000041_create_batches::Migration),
            Box::new(m20261125_000042_add_process_causes::Migration),
            Box::new(m20261125_000060_add_library_version::Migration),
            Box::new(m20261125_000061_create_library_bases::Migration),
            Box::new(m20261125_000070_index_process_starts::Migration),
            Box::new(m20261125_000071_add_firm_policies::Migration),
            Box::new(m20261125_000072_index_items::Migration),
        ]
    }
}
