//! What both simulations share: the body, and the imagined run with the records and people around it.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use domain::{
    ambient::Ambient,
    entity::{Entity, statuses_of},
    fault::{Fault, Faults},
    ids::{EntityId, ProcessTypeId},
    process::{
        Cause,
        run::Run,
        simulate::{Simulation, SimulationInput, simulate},
        start::StartInput,
        world::{Surroundings, World},
    },
    process_type::Definition,
    value::FieldValue,
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::entities::{create::check_kind_and_status, values};
use crate::{call::Call, http::problem::Problem, work::Scene};

/// For whom, from when, and with which choices a process type is played through.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "sample": {"kind": "household", "status": "client"},
    "starts_at": "2026-07-01T14:00:00Z",
    "outcomes": {"review": ["rework", "approved"]}
}))]
pub(super) struct Simulate {
    /// A real entity: its attributes, and the people on its teams. Without it and `sample`, the firm.
    entity_id: Option<Uuid>,
    /// An entity made up for the purpose.
    #[schema(nullable)]
    sample: Option<SampleEntity>,
    /// Further records, by the key that the process type gives them.
    #[serde(default)]
    related: BTreeMap<String, Uuid>,
    /// Answers by the keys of the fields: of the start form, and of the forms of its tasks.
    #[serde(default)]
    fields: BTreeMap<String, FieldValue>,
    /// Outcomes by the key of the task, one for each time that it is completed. Where none is given, the first that does not
    /// send work back.
    #[serde(default)]
    #[schema(example = json!({"review": ["rework", "approved"]}))]
    outcomes: BTreeMap<String, Vec<String>>,
    /// When it starts; now unless told.
    starts_at: Option<DateTime<Utc>>,
}

/// An entity that does not exist.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SampleEntity {
    /// Its kind.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,79}$", example = "household")]
    kind: String,
    /// One of its kind's; the first of them unless told.
    #[schema(
        pattern = "^[a-z][a-z0-9_]{0,79}$",
        nullable = false,
        example = "client"
    )]
    status: Option<String>,
    /// Values by the keys of the attributes that the firm has defined for its kind.
    #[serde(default)]
    attributes: BTreeMap<String, FieldValue>,
}

impl Simulate {
    /// Plays the definition through; refuses what does not fit it.
    pub(super) async fn play(
        &self,
        call: &Call,
        id: ProcessTypeId,
        version: i32,
        definition: Arc<Definition>,
    ) -> Result<(Scene, Simulation), Problem> {
        let catalog = call.catalog().await?;
        let sample = self.sampled(call).await?;
        let input = self.input(call, id, version, sample.as_ref());
        let nothing = Surroundings::default();
        let world = World {
            catalog: &catalog,
            around: &nothing,
            ambient: call.state().ambient.as_ref(),
        };
        let imagined = Run::planned(&definition, world, input.start.clone());
        let mut scene = Scene::look(call.reads(), catalog.clone(), definition, imagined).await?;
        let now = call.state().ambient.now();
        scene.keep_seen(call.reads(), call.actor(), now).await?;
        scene
            .around
            .entities
            .extend(sample.map(|made_up| (made_up.id, made_up)));

        let world = World {
            around: &scene.around,
            ..world
        };
        let simulation = simulate(&scene.definition, world, input)
            .map_err(|faults| Problem::invalid(self.place(faults)))?;
        Ok((scene, simulation))
    }

    fn input(
        &self,
        call: &Call,
        id: ProcessTypeId,
        version: i32,
        sample: Option<&Entity>,
    ) -> SimulationInput {
        let subject = sample.map(|made_up| made_up.id);
        let subject = subject.or(self.entity_id.map(EntityId));
        let related = self.related.iter();
        SimulationInput {
            start: StartInput {
                process_type_id: id,
                version,
                entity_ids: subject.into_iter().collect(),
                related: related
                    .map(|(key, id)| (key.clone(), EntityId(*id)))
                    .collect(),
                fields: self.fields.clone(),
                cause: Cause::default(),
                asked_fields: Vec::new(),
                parent: None,
                depth: 0,
                initiator: Some(call.actor().user_id),
            },
            starts_at: self.starts_at.unwrap_or_else(|| call.state().ambient.now()),
            outcomes: self.outcomes.clone(),
            fields: self.fields.clone(),
        }
    }

    /// What is wrong with the subject points at what the caller made up, where they did.
    fn place(&self, mut faults: Vec<Fault>) -> Vec<Fault> {
        if self.sample.is_some() {
            for fault in faults.iter_mut().filter(|it| it.pointer == "/entity_id") {
                let member = if fault.code == "wrong-status" {
                    "status"
                } else {
                    "kind"
                };
                fault.pointer = format!("/sample/{member}");
            }
        }
        faults
    }

    /// The entity that the caller made up, checked like one that is created.
    async fn sampled(&self, call: &Call) -> Result<Option<Entity>, Problem> {
        let Some(sample) = &self.sample else {
            return Ok(None);
        };
        let mut faults = Faults::default();
        check_kind_and_status(&sample.kind, sample.status.as_deref(), &mut faults);
        let mut faults = faults.into_vec();
        let mut entity = sample.entity(call.state().ambient.as_ref());
        let given = sample.attributes.iter();
        let given = given.map(|(key, value)| (key.clone(), Some(value.clone())));
        let catalog = call.catalog().await?;
        let (reads, actor) = (call.reads(), call.actor());
        match values::checked(reads, actor, &catalog, &entity, &given.collect()).await? {
            Ok(values) => entity.attributes = values,
            Err(found) => faults.extend(found),
        }
        for fault in &mut faults {
            fault.pointer.insert_str(0, "/sample");
        }
        if self.entity_id.is_some() {
            let detail = "Give `entity_id` or `sample`, not both.";
            faults.push(Fault::new("/sample", "not-both", detail));
        }
        if faults.is_empty() {
            Ok(Some(entity))
        } else {
            Err(Problem::invalid(faults))
        }
    }
}

impl SampleEntity {
    fn entity(&self, ambient: &dyn Ambient) -> Entity {
        let first = statuses_of(&self.kind).first().copied();
        let status = self.status.as_deref().or(first);
        Entity {
            id: EntityId(ambient.fresh_id()),
            kind: self.kind.clone(),
            name: "Sample".to_owned(),
            status: status.unwrap_or_default().to_owned(),
            team_id: None,
            restricted: false,
            attributes: BTreeMap::new(),
            created_at: ambient.now(),
            version: 1,
        }
    }
}
