//! Processes of one type for many records, started in one transaction: what is around them is read for all at once.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use domain::{
    access::{
        Actor, Denied,
        starting::{EntityFacts, decide_start},
    },
    fault::Fault,
    ids::{EntityId, ProcessId, UserId},
    process::{
        owner::owners_to_count,
        run::Run,
        start::StartInput,
        start_request::fitted,
        world::{Catalog, Surroundings, World},
    },
};
use persistence::{StoreError, UnitOfWork};

use super::{
    Scene, Startable,
    load::{Wanted, surroundings},
    seen_of,
    start::hide,
};

/// What is started, and on whose permission.
pub(crate) struct Starting<'s> {
    pub(crate) catalog: &'s Arc<Catalog>,
    pub(crate) startable: &'s Startable,
    /// Whose permission counts; none: Baton's own.
    pub(crate) by: Option<&'s Actor>,
    /// Not while a process of the type is open for the record.
    pub(crate) unless_open: bool,
    /// The start, but for whom.
    pub(crate) input: StartInput,
}

/// What became of one record.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Begun {
    /// The process is under way.
    Started(ProcessId),
    /// One is open already.
    AlreadyOpen,
    /// The type does not serve the record, or whoever asked may not start it.
    Refused(Vec<Fault>),
}

impl Starting<'_> {
    /// Starts one process for each of these records, in their order. Ends early after a process that has written to records
    /// already, so that the next one sees what it wrote: the rest is for another transaction.
    pub(crate) async fn start(
        &self,
        tx: &mut UnitOfWork,
        entities: &[EntityId],
    ) -> Result<Vec<Begun>, StoreError> {
        let mut planned = Vec::with_capacity(entities.len());
        for entity in entities {
            planned.push(self.plan(tx, *entity).await?);
        }
        let around = self.around_all(tx, &planned).await?;
        let open = if self.unless_open {
            let kind = self.startable.process_type.id;
            tx.reads().with_open_process(kind, entities).await?
        } else {
            BTreeSet::new()
        };
        let mut scenes = Vec::with_capacity(planned.len());
        for one in planned {
            let entity = one.run.process.entity_id;
            scenes.push(if open.contains(&entity) {
                Err(Begun::AlreadyOpen)
            } else {
                self.scene(tx, one, &around).map_err(Begun::Refused)
            });
        }
        let mut owned = self.open_tasks(tx, &scenes).await?;

        let mut begun = Vec::with_capacity(scenes.len());
        for scene in scenes {
            let mut scene = match scene {
                Ok(scene) => scene,
                Err(left_out) => {
                    begun.push(left_out);
                    continue;
                }
            };
            scene.around.open_tasks.clone_from(&owned);
            let (run, changes) = scene.begun(tx);
            for (owner, more) in run.owned() {
                *owned.entry(owner).or_default() += more;
            }
            let wrote = !changes.entities.is_empty();
            scene.save_new(tx, &run, changes)?;
            begun.push(Begun::Started(run.process.id));
            if wrote {
                break;
            }
        }
        Ok(begun)
    }

    async fn plan(&self, tx: &UnitOfWork, entity: EntityId) -> Result<Planned, StoreError> {
        let input = StartInput {
            entity_ids: vec![entity],
            ..self.input.clone()
        };
        let world = World {
            catalog: self.catalog,
            around: &Surroundings::default(),
            ambient: tx.ambient(),
        };
        let definition = &self.startable.definition;
        let run = Run::planned(definition, world, input.clone());
        let mut wanted = Wanted::of(definition, &run, self.catalog);
        let relations = wanted.relate(tx.reads(), definition, &run).await?;
        Ok(Planned {
            input,
            run,
            wanted,
            relations,
        })
    }

    /// Everything around all of them; the records are held until the end.
    async fn around_all(
        &self,
        tx: &UnitOfWork,
        planned: &[Planned],
    ) -> Result<Surroundings, StoreError> {
        let mut all = Wanted::default();
        for one in planned {
            all.add(&one.wanted);
        }
        let ids: Vec<EntityId> = all.entities.iter().copied().collect();
        let entities = tx.lock_entities(&ids).await?;
        let mut around = surroundings(tx.reads(), &all, entities).await?;
        if let Some(by) = self.by {
            let named = std::mem::take(&mut around.documents);
            let now = tx.ambient().now();
            around.documents = seen_of(tx.reads(), self.catalog, by, now, named).await?;
        }
        Ok(around)
    }

    /// One of them with what is around it, if it may begin.
    fn scene(
        &self,
        tx: &UnitOfWork,
        planned: Planned,
        all: &Surroundings,
    ) -> Result<Scene, Vec<Fault>> {
        let firm = &self.catalog.firm;
        let mut around = planned.wanted.part_of(all).covered(&self.catalog.covers);
        around.relations = planned.relations;
        let mut hidden = BTreeMap::new();
        if let Some(by) = self.by {
            hidden = hide(&mut around, firm, by);
            let memberships = &around.memberships;
            let subject = around.entities.get(&planned.run.process.entity_id);
            if let Some(entity) = subject {
                let facts = EntityFacts {
                    firm,
                    entity,
                    memberships,
                    roles: &self.catalog.roles,
                };
                let initiators = &self.startable.definition.initiators;
                let decided = decide_start(by, initiators, facts).or_denied(true);
                decided.map_err(|denied: Denied| {
                    let detail = format!("You may not start it: {denied}.");
                    vec![Fault::new("", "forbidden", detail)]
                })?;
            }
        }
        let mut scene = Scene {
            catalog: Arc::clone(self.catalog),
            definition: Arc::clone(&self.startable.definition),
            run: planned.run,
            around,
        };
        let input = fitted(&scene.definition, scene.world(tx), planned.input)?;
        // Of what was named nothing is hidden: these are the process's own.
        scene.around.entities.extend(hidden);
        scene.run = Run::planned(&scene.definition, scene.world(tx), input);
        Ok(scene)
    }

    /// How many tasks those own already among whom an owner rule may have to choose.
    async fn open_tasks(
        &self,
        tx: &UnitOfWork,
        scenes: &[Result<Scene, Begun>],
    ) -> Result<BTreeMap<UserId, u32>, StoreError> {
        let mut counted = BTreeSet::new();
        for scene in scenes.iter().flatten() {
            let (definition, roles) = (&scene.definition, &self.catalog.roles);
            counted.extend(owners_to_count(
                definition,
                &scene.run,
                roles,
                &scene.around,
            ));
        }
        let counted: Vec<UserId> = counted.into_iter().collect();
        let counts = tx.reads().open_task_counts(&counted).await?;
        Ok(counts.into_iter().collect())
    }
}

/// A start that is looked at.
struct Planned {
    input: StartInput,
    run: Run,
    wanted: Wanted,
    relations: Vec<domain::entity::Relation>,
}

impl Wanted {
    /// Wants what the other wants, too.
    fn add(&mut self, other: &Self) {
        self.entities.extend(&other.entities);
        self.teams.extend(&other.teams);
        self.people.extend(&other.people);
        self.documents.extend(&other.documents);
    }

    /// Of what was read for many, what this one wants.
    fn part_of(&self, all: &Surroundings) -> Surroundings {
        let entities = self.entities.iter();
        let entities = entities.filter_map(|id| Some((*id, all.entities.get(id)?.clone())));
        let on_teams = |id: &EntityId| self.teams.contains(id) || self.entities.contains(id);
        let memberships = all.memberships.iter();
        let memberships: Vec<_> = memberships
            .filter(|held| on_teams(&held.entity_id))
            .cloned()
            .collect();
        let people = memberships.iter().map(|held| held.user_id);
        let people = people.chain(self.people.iter().copied());
        let people = people.filter_map(|id| Some((id, all.people.get(&id)?.clone())));
        let documents = self.documents.iter();
        let documents = documents.filter_map(|id| Some((*id, all.documents.get(id)?.clone())));
        Surroundings {
            entities: entities.collect(),
            people: people.collect(),
            documents: documents.collect(),
            memberships,
            ..Surroundings::default()
        }
    }
}
