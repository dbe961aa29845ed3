//! The order of tasks in lists.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::{process_type::document::Priority, task::Task};
use sea_orm::{
    ColumnTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, SelectStatement},
};
use uuid::Uuid;

use crate::keyset::after;

/// A place in the order of work lists: by due date (none last), then urgency, then id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct WorkKey {
    /// The due date, or the end of time.
    pub due: DateTime<Utc>,
    /// Urgency, most urgent first.
    pub rank: i32,
    /// The task.
    pub id: Uuid,
}

impl WorkKey {
    /// Where a task stands.
    pub(crate) fn of(task: &Task) -> Self {
        Self {
            due: task.due_at.unwrap_or_else(end_of_time),
            rank: rank(task.priority),
            id: task.id.0,
        }
    }
}

/// In which order tasks are listed; each is one range of an index.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WorkSort {
    /// By due date, then urgency.
    #[default]
    Due,
    /// By urgency, then due date.
    Priority,
    /// In the order in which they were made.
    Oldest,
    /// The newest first.
    Newest,
}

/// Puts tasks in order, from after a place on; the columns are due date, urgency and id.
pub(crate) fn in_order<Q, C>(
    query: Q,
    sort: WorkSort,
    [due, rank, id]: [C; 3],
    place: Option<WorkKey>,
) -> Q
where
    Q: QueryFilter<QueryStatement = SelectStatement> + QueryOrder,
    C: ColumnTrait,
{
    match sort {
        WorkSort::Due => {
            let query = query.order_by_asc(due).order_by_asc(rank).order_by_asc(id);
            from(query, place, |place| {
                let values = [place.due.into(), place.rank.into(), place.id.into()];
                after([due, rank, id], values)
            })
        }
        WorkSort::Priority => {
            let query = query.order_by_asc(rank).order_by_asc(due).order_by_asc(id);
            from(query, place, |place| {
                let values = [place.rank.into(), place.due.into(), place.id.into()];
                after([rank, due, id], values)
            })
        }
        WorkSort::Oldest => from(query.order_by_asc(id), place, |place| id.gt(place.id)),
        WorkSort::Newest => from(query.order_by_desc(id), place, |place| id.lt(place.id)),
    }
}

fn from<Q: QueryFilter>(
    query: Q,
    place: Option<WorkKey>,
    condition: impl FnOnce(WorkKey) -> Expr,
) -> Q {
    match place {
        Some(place) => query.filter(condition(place)),
        None => query,
    }
}

/// The end of time, which sorts after every due date.
pub(crate) fn end_of_time() -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(9999, 12, 31)
        .unwrap_or(NaiveDate::MAX)
        .and_time(NaiveTime::MIN)
        .and_utc()
}

/// Urgency as it sorts: most urgent first.
pub(crate) const fn rank(priority: Priority) -> i32 {
    match priority {
        Priority::Urgent => 0,
        Priority::High => 1,
        Priority::Normal => 2,
        Priority::Low => 3,
    }
}

/// The urgency that sorts like this.
pub(crate) const fn priority(rank: i32) -> Option<Priority> {
    match rank {
        0 => Some(Priority::Urgent),
        1 => Some(Priority::High),
        2 => Some(Priority::Normal),
        3 => Some(Priority::Low),
        _ => None,
    }
}
