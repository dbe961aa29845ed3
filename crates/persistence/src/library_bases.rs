//! What installed workflows are compared with: the text of the release that was installed, or taken over last.

use domain::{ids::ProcessTypeId, process_type::ProcessTypeDocument};
use sea_orm::EntityTrait;

use crate::{
    Reads, StoreError, UnitOfWork,
    codec::{Place, to_json},
    entity::library_base::{Entity, Model},
};

/// An installation publishes the release's text as the first version.
const INSTALLED: i32 = 1;

impl Reads<'_> {
    /// The text of the release that an installed process type rests on.
    pub async fn library_base(
        &self,
        id: ProcessTypeId,
    ) -> Result<Option<ProcessTypeDocument>, StoreError> {
        let taken_over = Entity::find_by_id((self.firm_key(), id.0))
            .one(&self.connection)
            .await?;
        let Some(row) = taken_over else {
            return self.definition_document(id, INSTALLED).await;
        };
        let place = Place {
            table: "library_base",
            row: id,
        };
        place.json(row.definition).map(Some)
    }
}

impl UnitOfWork {
    /// Queues the text of a release that a process type has taken over.
    pub fn put_library_base(
        &mut self,
        id: ProcessTypeId,
        release: &ProcessTypeDocument,
    ) -> Result<(), StoreError> {
        let row = Model {
            firm_id: self.firm_id().0,
            process_type_id: id.0,
            definition: to_json(release)?,
        };
        self.upsert([row]);
        Ok(())
    }
}
