use std::collections::BTreeMap;

use actix_web::post;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    event::EventType,
    fault::Fault,
    ids::{MigrationId, ProcessTypeId},
    job::Job,
    process::{
        engine::snapshot,
        migrate::{Target, bulk::BulkMigration, unknown_keys},
    },
};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{migration_view::ProcessTypeMigrationView, trail::told};
use crate::{
    call::Call,
    http::{answer::Answer, etag::OptionalIfMatch, json::Body, problem::Problem, query::Path},
    work::Migrating,
};

/// To which version the processes of a type are moved.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"version": 2, "dry_run": true}))]
pub(crate) struct MigrateProcessType {
    /// A published version; the newest in effect unless told.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 2_147_483_647, nullable)]
    version: Option<i32>,
    /// Only say which of them can be moved.
    #[serde(default)]
    #[schema(default = false)]
    dry_run: bool,
    /// The new keys of tasks that the version calls otherwise, by the keys that they have in earlier ones.
    #[serde(default)]
    #[schema(example = json!({}))]
    map: BTreeMap<String, String>,
}

/// Move all running processes of a type to a newer version.
///
/// Admins and designers, of the processes that they may see; each process is moved by itself, as if they had asked for it
/// alone, and only if they manage it. Goes on in the background: the `Location` tells how far it has come and which
/// processes cannot be moved. Ask with `dry_run` first.
#[utoipa::path(
    params(("process_type_id" = Uuid, Path, description = "The process type."), OptionalIfMatch),
    request_body = MigrateProcessType,
    responses((status = 202, description = "It has begun.", body = ProcessTypeMigrationView)),
)]
#[post("/v1/process-types/{process_type_id}/migrate")]
#[tracing::instrument(name = "migrate_process_type", skip_all)]
pub(crate) async fn migrate_process_type(
    call: Call,
    if_match: OptionalIfMatch,
    Path(id): Path<ProcessTypeId>,
    Body(body): Body<MigrateProcessType>,
) -> Result<Answer, Problem> {
    call.write(async |tx| {
        let found = tx.lock_process_type(id).await?;
        let found = found.ok_or_else(Problem::not_found)?;
        call.replay()?;
        if_match.check(found.version)?;
        decide_firm_action(FirmAction::Design, call.actor()).or_denied(true)?;
        let (version, to) = Migrating::version(tx, id, body.version)
            .await?
            .ok_or_else(|| no_version(body.version))?;
        let target = Target {
            version,
            definition: &to,
            renamed: &body.map,
        };
        let unknown = unknown_keys(None, target);
        if !unknown.is_empty() {
            return Err(Problem::invalid(unknown).into());
        }
        let asked = BulkMigration {
            id: MigrationId(tx.ambient().fresh_id()),
            process_type_id: id,
            version,
            renamed: body.map.clone(),
            dry_run: body.dry_run,
            requested_by: call.actor().user_id,
            requested_at: tx.ambient().now(),
            listed_at: None,
        };
        tx.insert_process_migration(&asked)?;
        tx.enqueue(&Job::MigrateProcesses {
            migration_id: asked.id,
            after: None,
        })?;
        if !asked.dry_run {
            let mut begun = told(
                EventType::ProcessTypeMigrated,
                Some((&found, None)),
                (&found, None),
            );
            if let Some(Value::Object(after)) = &mut begun.after {
                after.insert("migration".to_owned(), snapshot(&asked));
            }
            tx.record(begun);
        }
        let location = format!("/v1/process-types/{id}/migrations/{}", asked.id);
        let (none, nothing) = (BTreeMap::new(), BTreeMap::new());
        let view = ProcessTypeMigrationView::new(asked, &none, Vec::new(), &nothing);
        Ok(Answer::accepted(location, &view)?)
    })
    .await
}

/// The version that was asked for is none, or none is in effect.
pub(in crate::routes) fn no_version(asked: Option<i32>) -> Problem {
    match asked {
        Some(number) => {
            let detail = format!("The process type has no published version {number}.");
            Problem::invalid(vec![Fault::new("/version", "unknown-version", detail)])
        }
        None => Problem::conflict("No version of the process type is in effect."),
    }
}
