//! What pausing, resuming and cancelling a batch have in common.

use chrono::{DateTime, Utc};
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    batch::{Batch, BatchRefused},
    event::EventType,
    ids::BatchId,
};

use super::{followed, view::BatchView};
use crate::{
    call::Call,
    http::{answer::Answer, etag::OptionalIfMatch, problem::Problem},
    jobs::enqueue_stretch,
};

/// Moves a batch that the caller may follow on to another status, and answers with the batch as it is then.
pub(super) async fn change(
    call: &Call,
    if_match: &OptionalIfMatch,
    id: BatchId,
    event: EventType,
    transition: impl Fn(&Batch, DateTime<Utc>) -> Result<Batch, BatchRefused>,
) -> Result<Answer, Problem> {
    call.write(async |tx| {
        let before = followed(call, tx.lock_batch(id).await?)?;
        call.replay()?;
        if_match.check(before.version)?;
        decide_firm_action(FirmAction::Start, call.actor()).or_denied(true)?;
        let after = transition(&before, tx.ambient().now())?;
        tx.update_batch(&after)?;
        tx.record(Batch::told(event, Some(&before), &after));
        if after.turn != before.turn {
            enqueue_stretch(tx, &after)?;
        }
        let view = BatchView::from(after);
        Ok(Answer::ok(&view)?.version(view.version))
    })
    .await
}
