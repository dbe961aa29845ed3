use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use actix_web::post;
use domain::{
    access::process::ProcessAction,
    ids::ProcessId,
    process::{
        error::ProcessError,
        migrate::{Target, unknown_keys},
    },
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::migration_view::ProcessMigrationView;
use crate::{
    call::Call,
    http::{answer::Answer, etag::OptionalIfMatch, json::Body, problem::Problem, query::Path},
    routes::process_types::migrate::no_version,
    work::{Migrating, Scene},
};

/// To which version a process is moved.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"version": 2, "dry_run": true}))]
pub(crate) struct MigrateProcess {
    /// A published version that is newer than the one it follows; the newest in effect unless told.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 2_147_483_647, nullable)]
    pub(super) version: Option<i32>,
    /// Only say what would become of it.
    #[serde(default)]
    #[schema(default = false)]
    pub(super) dry_run: bool,
    /// The new keys of tasks that the version calls otherwise, by their present keys.
    #[serde(default)]
    #[schema(example = json!({}))]
    pub(super) map: BTreeMap<String, String>,
}

/// Move a process to a newer version of its type.
///
/// Its owner, their manager, the record's primary lead, admins. Finished tasks are kept. Open tasks keep owner, due date and
/// the drafts of fields that the version still has; everything else about them, switch and lists of advanced execution
/// included, is the version's, and separation of duties is added to but never dropped. Tasks that have not begun are as the
/// version has them; those that it does not have are cancelled, and new ones that everything behind them has overtaken are
/// skipped. Where a task that has begun or is finished has no counterpart, nothing is changed, and every reason is told.
/// Ask with `dry_run` first.
#[utoipa::path(
    params(("id" = Uuid, Path, description = "The process."), OptionalIfMatch),
    request_body = MigrateProcess,
    responses((status = 200, description = "What became of the process, or would.", body = ProcessMigrationView)),
)]
#[post("/v1/processes/{id}/migrate")]
#[tracing::instrument(name = "migrate_process", skip_all)]
pub(crate) async fn migrate_process(
    call: Call,
    if_match: OptionalIfMatch,
    Path(id): Path<Uuid>,
    Body(body): Body<MigrateProcess>,
) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    let by = call.actor().user_id;
    call.write(async |tx| {
        let scene = Scene::lock(tx, Arc::clone(&catalog), ProcessId(id)).await?;
        let scene = scene.map(Arc::new).ok_or_else(Problem::not_found)?;
        let now = tx.ambient().now();
        scene.see(call.actor(), now)?;
        call.replay()?;
        let before = &scene.run;
        if_match.check(before.process.version)?;
        let decision = scene
            .manage(call.actor(), ProcessAction::Migrate)?
            .or_denied(true)?;
        let process_type = before.process.process_type_id;
        let (version, to) = Migrating::version(tx, process_type, body.version)
            .await?
            .ok_or_else(|| no_version(body.version))?;
        let target = Target {
            version,
            definition: &to,
            renamed: &body.map,
        };
        let unknown = unknown_keys(Some(&scene.definition), target);
        if !unknown.is_empty() {
            return Err(Problem::invalid(unknown).into());
        }
        let migrating = Migrating::of(tx, &scene, (version, Arc::clone(&to))).await?;
        let view = match migrating.migrate(tx, by, &decision, &body.map) {
            Ok((after, changes, tasks)) => {
                let seen = scene.seen_tasks(call.actor(), now);
                let seen: BTreeSet<_> = seen.map(|place| before.tasks[place].id).collect();
                if !body.dry_run {
                    migrating.save(tx, &after, changes)?;
                }
                ProcessMigrationView::of(body.dry_run, before, &after, tasks, &seen)
            }
            Err(ProcessError::NotMigratable(reasons)) if body.dry_run => {
                ProcessMigrationView::impossible(before, version, reasons)
            }
            Err(refused) => return Err(refused.into()),
        };
        Ok(Answer::ok(&view)?.version(view.version()))
    })
    .await
}
