//! Everything that can be asked of one firm's data; the queries stand in the file of their concept.

use domain::ids::FirmId;
use uuid::Uuid;

use crate::connection::Connection;

/// Reads of one firm, from the pool or within a transaction.
#[derive(Debug, Clone, Copy)]
pub struct Reads<'c> {
    pub(crate) connection: Connection<'c>,
    firm_id: FirmId,
}

impl<'c> Reads<'c> {
    pub(crate) const fn new(connection: Connection<'c>, firm_id: FirmId) -> Self {
        Self {
            connection,
            firm_id,
        }
    }

    /// Whose data is read.
    #[must_use]
    pub const fn firm_id(&self) -> FirmId {
        self.firm_id
    }

    /// The firm's id as the rows hold it.
    pub(crate) const fn firm_key(&self) -> Uuid {
        self.firm_id.0
    }
}
