//! What pausing, resuming and archiving a schedule have in common.

use chrono::{DateTime, Utc};
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    event::EventType,
    ids::ScheduleId,
    schedule::{Schedule, ScheduleRefused, run::told},
};

use super::{seen, view::ScheduleView};
use crate::{
    call::Call,
    http::{answer::Answer, etag::OptionalIfMatch, problem::Problem},
    jobs::enqueue_next,
};

/// Moves a schedule that the caller may see on to another status, and answers with the schedule as it is then.
pub(super) async fn change(
    call: &Call,
    if_match: &OptionalIfMatch,
    id: ScheduleId,
    event: EventType,
    transition: impl Fn(&Schedule, DateTime<Utc>) -> Result<Schedule, ScheduleRefused>,
) -> Result<Answer, Problem> {
    call.write(async |tx| {
        let found = tx.lock_schedule(id).await?;
        let before = seen(call, tx.reads(), found).await?;
        call.replay()?;
        if_match.check(before.version)?;
        decide_firm_action(FirmAction::Design, call.actor()).or_denied(true)?;
        let after = transition(&before, tx.ambient().now())?;
        tx.update_schedule(&after)?;
        tx.record(told(event, Some(&before), &after));
        enqueue_next(tx, &after)?;
        let view = ScheduleView::one(call, tx.reads(), after).await?;
        Ok(Answer::ok(&view)?.version(view.version))
    })
    .await
}
