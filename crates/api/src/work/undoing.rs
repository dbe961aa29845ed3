//! What undoing a completion has to know besides the process (E8).

use domain::{
    access::managing::TaskAction,
    ambient::Ambient,
    ids::TouchpointId,
    process::{engine::Engine, error::TaskError, undo::UndoFacts, world::World},
};
use persistence::{Reads, StoreError, UnitOfWork};

use super::{Scene, Work};

impl Work {
    /// What came of the task's completion, held until the end of the change.
    pub(crate) async fn undo_facts(&self, tx: &UnitOfWork) -> Result<UndoFacts, StoreError> {
        Ok(UndoFacts {
            touchpoints: tx.lock_touchpoints(self.touchpoints()).await?,
            ..self.in_the_way(tx.reads(), tx.ambient()).await?
        })
    }

    /// Refuses to have the task's completion taken back, whoever asks: as things stand, or because of what came of it.
    pub(crate) async fn undoable(
        &self,
        reads: Reads<'_>,
        ambient: &dyn Ambient,
    ) -> Result<Result<(), TaskError>, StoreError> {
        let standing = self.mover(ambient).lets(TaskAction::Reopen);
        let (Self::OfProcess(scene, _), Ok(())) = (self, &standing) else {
            return Ok(standing);
        };
        let facts = self.in_the_way(reads, ambient).await?;
        Ok(scene.at_rest(ambient).undoable(self.task().id, &facts))
    }

    async fn in_the_way(
        &self,
        reads: Reads<'_>,
        ambient: &dyn Ambient,
    ) -> Result<UndoFacts, StoreError> {
        let mut facts = UndoFacts::default();
        if let Self::OfProcess(scene, _) = self
            && self.task().completion.is_some()
        {
            let concerned = scene.at_rest(ambient).undo_concerns(self.task().id);
            facts.children = reads.started_by(scene.run.process.id, &concerned).await?;
        }
        Ok(facts)
    }

    fn touchpoints(&self) -> &[TouchpointId] {
        let completion = self.task().completion.as_ref();
        completion.map_or(&[], |completion| &completion.consequences.touchpoints)
    }
}

impl Scene {
    /// The engine at rest, to ask what would be allowed.
    pub(crate) fn at_rest<'e>(&'e self, ambient: &'e dyn Ambient) -> Engine<'e> {
        let world = World {
            catalog: &self.catalog,
            around: &self.around,
            ambient,
        };
        Engine::new(&self.definition, world, self.run.clone())
    }
}
