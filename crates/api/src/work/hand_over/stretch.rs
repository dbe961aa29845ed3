//! What one transaction of a hand-over looks at.

use domain::{
    hand_over::{HandOver, Place, Stage},
    ids::{EntityId, ProcessId, TaskId},
};
use persistence::{Reads, StoreError};
use uuid::Uuid;

/// How many teams, processes and single tasks are looked at in one transaction.
const STRETCH: u64 = 100;

/// What one transaction looks at.
#[derive(Debug, Default)]
pub(super) struct Stretch {
    pub(super) teams: Vec<EntityId>,
    pub(super) processes: Vec<ProcessId>,
    pub(super) tasks: Vec<TaskId>,
    pub(super) next: Option<Place>,
}

impl Stretch {
    pub(super) async fn find(
        reads: Reads<'_>,
        order: &HandOver,
        from: Place,
    ) -> Result<Self, StoreError> {
        let mut stretch = Self::default();
        let mut room = STRETCH;
        if let Some(after) = from.rest_of(Stage::Teams) {
            let found = reads.teams_left(order, after, room + 1).await?;
            stretch.teams = stretch.taken(Stage::Teams, after, found, &mut room, |id| id.0);
        }
        if let (Some(after), None) = (from.rest_of(Stage::Processes), stretch.next) {
            let found = reads.processes_left(order, after, room + 1).await?;
            stretch.processes = stretch.taken(Stage::Processes, after, found, &mut room, |id| id.0);
        }
        if let (Some(after), None) = (from.rest_of(Stage::Tasks), stretch.next) {
            let found = reads.single_tasks_left(order, after, room + 1).await?;
            stretch.tasks = stretch.taken(Stage::Tasks, after, found, &mut room, |id| id.0);
        }
        Ok(stretch)
    }

    /// What there is room for; notes where the next stretch begins if that is not all.
    fn taken<T>(
        &mut self,
        stage: Stage,
        before: Option<Uuid>,
        mut found: Vec<T>,
        room: &mut u64,
        id: impl Fn(&T) -> Uuid,
    ) -> Vec<T> {
        let most = usize::try_from(*room).unwrap_or(usize::MAX);
        if found.len() > most {
            found.truncate(most);
            let after = found.last().map(&id).or(before);
            self.next = Some(Place { stage, after });
        }
        *room = room.saturating_sub(u64::try_from(found.len()).unwrap_or(u64::MAX));
        found
    }
}
