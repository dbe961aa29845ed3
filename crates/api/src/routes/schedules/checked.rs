//! What a schedule or a batch is for, and what it starts with, looked at before anything is planned.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    access::visibility::EntityScope,
    attribute::{Attribute, AttributeType, find},
    entity::{Entity, kind_matches},
    fault::{Fault, Faults},
    firm::Firm,
    ids::EntityId,
    process::{
        form::check_start_fields,
        world::{Catalog, Surroundings},
    },
    process_type::Definition,
    schedule::{ScheduleRefused, Timing},
    value::FieldValue,
};
use persistence::Reads;

use crate::{call::Call, http::problem::Problem};

/// No refusal lists more than this many entities.
const SHOWN: usize = 100;
/// How many records are read at a time.
const STRETCH: usize = 500;

/// Entities named in a body, with the place at which they are named.
pub(in crate::routes) struct Named {
    pub(in crate::routes) entities: Vec<EntityId>,
    several: bool,
}

impl Named {
    /// `entity_id` or `entity_ids`; without either, the firm.
    pub(in crate::routes) fn of(
        one: Option<EntityId>,
        several: Option<&Vec<EntityId>>,
        firm: EntityId,
    ) -> Result<Self, Problem> {
        match (one, several) {
            (Some(_), Some(_)) => {
                let detail = "Give `entity_id` or `entity_ids`, not both.";
                let fault = Fault::new("/entity_ids", "not-both", detail);
                Err(Problem::invalid(vec![fault]))
            }
            (None, Some(several)) => Ok(Self {
                entities: several.clone(),
                several: true,
            }),
            (one, None) => Ok(Self {
                entities: vec![one.unwrap_or(firm)],
                several: false,
            }),
        }
    }

    fn pointer(&self, place: usize) -> String {
        if self.several {
            format!("/entity_ids/{place}")
        } else {
            "/entity_id".to_owned()
        }
    }

    /// All of them exist for the caller, once each, and are of a kind that the type serves; gives the kinds.
    pub(in crate::routes) async fn check(
        &self,
        call: &Call,
        reads: Reads<'_>,
        catalog: &Catalog,
        definition: &Definition,
    ) -> Result<BTreeSet<String>, Problem> {
        let scope = EntityScope::of(call.actor(), &catalog.firm);
        let seen = reads.entities_seen(&scope, &self.entities).await?;
        let (mut faults, mut kinds) = (Faults::default(), BTreeSet::new());
        let mut known = BTreeSet::new();
        for (stretch, some) in self.entities.chunks(STRETCH).enumerate() {
            let entities = reads.entities(some).await?;
            for (place, id) in some.iter().enumerate() {
                let pointer = self.pointer(stretch * STRETCH + place);
                let entity = entities.get(id).filter(|_| seen.contains(id));
                let Some(entity) = entity else {
                    faults.add(pointer, "unknown-entity", "The firm has no such entity.");
                    continue;
                };
                if !known.insert(*id) {
                    faults.add(pointer, "duplicate", "The entity is named twice.");
                } else if serves(definition, entity) {
                    kinds.insert(entity.kind.clone());
                } else {
                    let served = definition.subject.kinds.join("`, `");
                    let detail = format!("The process runs for an entity of the kind `{served}`.");
                    faults.add(pointer, "wrong-kind", detail);
                }
            }
        }
        let mut faults = faults.into_vec();
        if faults.is_empty() {
            return Ok(kinds);
        }
        faults.truncate(SHOWN);
        Err(Problem::invalid(faults))
    }

    /// The first of them.
    pub(in crate::routes) async fn first(
        &self,
        reads: Reads<'_>,
    ) -> Result<Option<Entity>, Problem> {
        let first: Vec<EntityId> = self.entities.iter().take(1).copied().collect();
        Ok(reads.entities(&first).await?.into_values().next())
    }

    /// Whether one of them has a date to come.
    pub(in crate::routes) async fn any_due(
        &self,
        reads: Reads<'_>,
        catalog: &Catalog,
        timing: &Timing,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Result<bool, Problem> {
        let calendars = &catalog.calendars;
        let today = calendars.day_of(now);
        for some in self.entities.chunks(STRETCH) {
            let entities = reads.entities(some).await?;
            let due = entities.values().any(|entity| {
                timing.due_day(calendars, entity, today, None).is_some()
                    || timing.runs(calendars, Some(entity), now).next().is_some()
            });
            if due {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn serves(definition: &Definition, entity: &Entity) -> bool {
    let mut kinds = definition.subject.kinds.iter();
    kinds.any(|kind| kind_matches(kind, &entity.kind))
}

/// What was answered holds; what stays empty is asked for in the first tasks.
pub(in crate::routes) fn field_faults(
    firm: &Firm,
    definition: &Definition,
    fields: &BTreeMap<String, FieldValue>,
    subject: &Entity,
    around: &Surroundings,
) -> Vec<Fault> {
    let faults = check_start_fields(firm, definition, fields, subject, around);
    let wrong = faults.into_iter().filter(|fault| fault.code != "required");
    wrong.collect()
}

/// The attributes that a timing counts from are there for every kind, and are dates or choices.
pub(super) fn attribute_faults(
    timing: &Timing,
    kinds: &BTreeSet<String>,
    attributes: &[Attribute],
) -> Vec<Fault> {
    let mut faults = Faults::default();
    for (key, is_date) in timing.attributes() {
        let (pointer, wanted, named) = if is_date {
            ("/timing/at/key", AttributeType::Date, "a date")
        } else {
            (
                "/timing/at/amount_by/attribute",
                AttributeType::Choice,
                "a choice",
            )
        };
        for kind in kinds {
            match find(attributes, kind, key) {
                None => {
                    let detail =
                        format!("An entity of the kind `{kind}` has no attribute `{key}`.");
                    faults.add(pointer, "unknown-attribute", detail);
                }
                Some(found) if found.value_type != wanted => {
                    faults.add(pointer, "type-mismatch", format!("`{key}` is not {named}."));
                }
                Some(_) => {}
            }
        }
    }
    faults.into_vec()
}

/// A timing after which nothing comes.
pub(super) fn without_date(timing: &Timing) -> Problem {
    ScheduleRefused::Invalid(vec![timing.no_next_date()]).into()
}
