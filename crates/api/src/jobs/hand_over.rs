//! The rest of what somebody leaves behind, a stretch at a time (X16).

use std::sync::Arc;

use domain::{
    access::handing_over::decide_hand_over,
    hand_over::{HandOver, Place},
    ids::UserId,
    process::world::Catalog,
};
use persistence::UnitOfWork;

use super::JobError;
use crate::work::hand_over::{HandingOver, held};

/// Hands over the next stretch, as whoever asked for it may now, and asks for the one after it. When they may no longer, or the
/// successor has left meanwhile, the rest stays: a dry run shows it.
pub(super) async fn perform(
    tx: &mut UnitOfWork,
    catalog: &Arc<Catalog>,
    order: &HandOver,
    by: UserId,
    from: Place,
    request_id: Option<&str>,
) -> Result<(), JobError> {
    let (leaving, successor) = held(tx, order).await?;
    let (Some(leaving), Some(successor)) = (leaving, successor) else {
        return Ok(());
    };
    let Some(actor) = tx.reads().actor(by).await? else {
        return Ok(());
    };
    let allowed = decide_hand_over(&actor, order.from_id).allowed;
    if !allowed || !order.faults(Some(&successor)).is_empty() {
        return Ok(());
    }
    let handing = HandingOver {
        catalog,
        actor: &actor,
        order,
        leaving: &leaving,
        successor: &successor,
    };
    let handed = handing.carry_out(tx, from).await?;
    if let Some(place) = handed.next {
        tx.enqueue(&handing.rest(place, request_id))?;
    }
    Ok(())
}
