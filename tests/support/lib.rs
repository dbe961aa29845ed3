//! A real server for each test, with a database, a clock and ids of its own.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test that cannot go on says why and fails"
)]
#![expect(
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    reason = "an answer that was as expected may be dropped"
)]

mod ambient;
mod app;
mod client;
mod cluster;
mod contract;
mod database;
pub mod document;
mod people;
mod program;
mod reply;
mod rows;

pub use ambient::TestAmbient;
pub use app::{TestApp, run};
pub use client::Client;
pub use cluster::Cluster;
pub use database::Database;
pub use people::{ADMIN_EMAIL, FIRM, PASSWORD};
pub use program::{Beside, Program, run_program, run_program_on_cluster, run_program_without_firm};
pub use reply::Reply;
pub use rows::{Rows, Stored, files};

/// Runs a test on both databases, as `<name>::sqlite` and `<name>::postgres`. Where the server has to be set up
/// differently, `#[set(setting = "value")]` stands before the test.
///
/// Tests on PostgreSQL are ignored unless they are asked for, so that no run without it passes for one with it:
/// `scripts/with-postgres.sh` starts a server, and `--include-ignored` asks.
#[macro_export]
macro_rules! on_both {
    ($(
        $(#[doc = $doc:literal])*
        $(#[set($($key:ident = $value:literal),+ $(,)?)])?
        async fn $name:ident($app:ident: TestApp) $body:block
    )+) => {$(
        mod $name {
            use super::*;

            $(#[doc = $doc])*
            async fn test($app: TestApp) $body

            const SETTINGS: &[(&str, &str)] = &[$($((stringify!($key), $value)),+)?];

            #[test]
            fn sqlite() {
                $crate::run($crate::Database::Sqlite, SETTINGS, test);
            }

            #[test]
            #[ignore = "asks for PostgreSQL: scripts/with-postgres.sh cargo test … -- --include-ignored"]
            fn postgres() {
                $crate::run($crate::Database::Postgres, SETTINGS, test);
            }
        }
    )+};
}
