use std::collections::BTreeMap;

use actix_web::post;
use domain::{
    access::starting::{EntityFacts, decide_start},
    fault::Fault,
    ids::{EntityId, ProcessTypeId},
    process::{Cause, form::check_start_fields, start::StartInput, subject::check_subject},
    value::FieldValue,
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::view::ProcessView;
use crate::{
    call::{Call, Stop},
    http::{
        answer::Answer,
        json::Body,
        problem::{Code, Problem},
    },
    work::{Scene, Startable},
};

/// What is started, and for whom.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "process_type_id": "01981d4e-7a00-7000-8000-000000000101",
    "entity_id": "01981d4e-7a00-7000-8000-00000000e001",
    "fields": {"account_type": "Roth IRA"}
}))]
pub(crate) struct StartProcess {
    /// The process type; its newest version in effect is run.
    process_type_id: Uuid,
    /// For whom; without it and `entity_ids`, for the firm.
    #[serde(default)]
    entity_id: Option<Uuid>,
    /// For whom, where the process type serves several at once.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 200)]
    entity_ids: Option<Vec<Uuid>>,
    /// Further records, by the key that the process type gives them.
    #[serde(default)]
    related: BTreeMap<String, Uuid>,
    /// Answers of the start form, by the keys of its fields.
    #[serde(default)]
    fields: BTreeMap<String, FieldValue>,
}

/// Start a process.
///
/// Who holds a role that the process type lists as initiator, on the record or on the firm (with `anyone`, whoever may see the
/// record); managers of the record's user team; admins. All its tasks are made at once; those with nothing before them open.
#[utoipa::path(
    request_body = StartProcess,
    responses((status = 201, description = "The process, under way.", body = ProcessView)),
)]
#[post("/v1/processes")]
#[tracing::instrument(name = "start_process", skip_all)]
pub(crate) async fn start_process(
    call: Call,
    Body(body): Body<StartProcess>,
) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    let entity_ids = body.subjects()?;
    call.write(async |tx| {
        let id = ProcessTypeId(body.process_type_id);
        let found = tx.reads().process_type(id).await?;
        let process_type = found.ok_or_else(unknown_type)?;
        let archived = process_type.archived_at.is_some();
        let Some(startable) = Startable::of(tx, process_type).await? else {
            call.replay()?;
            return Err(not_startable("No version of this process type is in effect.").into());
        };
        let input = body.input(entity_ids.clone(), &startable, &call);
        let mut scene = startable.scene(tx, catalog.clone(), input.clone()).await?;
        let hidden = scene
            .keep_seen(tx.reads(), call.actor(), tx.ambient().now())
            .await?;

        if scene.subjects().is_some() {
            call.replay()?;
            permitted(&call, &scene)?;
        }
        if archived {
            return Err(not_startable("This process type is archived.").into());
        }
        let faults = faults(&scene, &input, tx);
        if !faults.is_empty() {
            return Err(Problem::invalid(body.place(faults)).into());
        }
        scene.around.entities.extend(hidden);
        let (run, changes) = scene.begun(tx);
        scene.save_new(tx, &run, changes)?;
        let view = ProcessView::from(&run.process);
        let location = format!("/v1/processes/{}", view.id);
        Ok(Answer::created(location, &view)?.version(view.version))
    })
    .await
}

impl StartProcess {
    fn subjects(&self) -> Result<Vec<EntityId>, Problem> {
        match (self.entity_id, &self.entity_ids) {
            (Some(_), Some(_)) => {
                let detail = "Give `entity_id` or `entity_ids`, not both.";
                let fault = Fault::new("/entity_ids", "not-both", detail);
                Err(Problem::invalid(vec![fault]))
            }
            (Some(one), None) => Ok(vec![EntityId(one)]),
            (None, Some(several)) => Ok(several.iter().copied().map(EntityId).collect()),
            (None, None) => Ok(Vec::new()),
        }
    }

    fn input(&self, entity_ids: Vec<EntityId>, startable: &Startable, call: &Call) -> StartInput {
        let related = self.related.iter();
        StartInput {
            process_type_id: startable.process_type.id,
            version: startable.version,
            entity_ids,
            related: related
                .map(|(key, id)| (key.clone(), EntityId(*id)))
                .collect(),
            fields: self.fields.clone(),
            cause: Cause::default(),
            asked_fields: Vec::new(),
            parent: None,
            depth: 0,
            initiator: Some(call.actor().user_id),
        }
    }

    /// A list of one is checked like a single entity; its faults still point into the list.
    fn place(&self, mut faults: Vec<Fault>) -> Vec<Fault> {
        if self.entity_ids.is_some() {
            for fault in faults.iter_mut().filter(|f| f.pointer == "/entity_id") {
                "/entity_ids/0".clone_into(&mut fault.pointer);
            }
        }
        faults
    }
}

/// X20, for every subject.
fn permitted(call: &Call, scene: &Scene) -> Result<(), Stop> {
    for entity in scene.subjects().unwrap_or_default() {
        let facts = EntityFacts {
            firm: &scene.catalog.firm,
            entity,
            memberships: &scene.around.memberships,
            roles: &scene.catalog.roles,
        };
        decide_start(call.actor(), &scene.definition.initiators, facts).or_denied(true)?;
    }
    Ok(())
}

fn faults(scene: &Scene, input: &StartInput, tx: &persistence::UnitOfWork) -> Vec<Fault> {
    let mut faults = check_subject(&scene.definition, scene.world(tx), input);
    if let Some(subject) = scene.around.entities.get(&scene.run.process.entity_id) {
        faults.extend(check_start_fields(
            &scene.catalog.firm,
            &scene.definition,
            &input.fields,
            subject,
            &scene.around,
        ));
    }
    faults
}

fn unknown_type() -> Problem {
    let detail = "The firm has no such process type.";
    let fault = Fault::new("/process_type_id", "unknown-process-type", detail);
    Problem::invalid(vec![fault])
}

fn not_startable(detail: &str) -> Problem {
    Problem::new(Code::Conflict, detail)
}
