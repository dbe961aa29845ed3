use actix_web::delete;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    ids::HolidayId,
};

use super::taken_away;
use crate::{
    call::Call,
    http::{answer::Answer, etag::IfMatch, problem::Problem, query::Path},
    jobs::plan_anew,
};

/// Take a closing day away.
///
/// Admins may. `If-Match` has the tag of the firm, whose version rises with each change of its closing days.
#[utoipa::path(
    params(("holiday_id" = Uuid, Path, description = "The closing day."), IfMatch),
    responses((status = 204, description = "The firm is open on that day.")),
)]
#[delete("/v1/firm/holidays/{holiday_id}")]
#[tracing::instrument(name = "delete_holiday", skip_all)]
pub(crate) async fn delete_holiday(
    call: Call,
    if_match: IfMatch,
    Path(id): Path<HolidayId>,
) -> Result<Answer, Problem> {
    call.write(async |tx| {
        let mut firm = tx.lock_firm().await?.ok_or_else(Problem::not_found)?;
        let holiday = tx.reads().holiday(id).await?;
        let holiday = holiday.ok_or_else(Problem::not_found)?;
        if_match.check(firm.version)?;
        decide_firm_action(FirmAction::Administer, call.actor()).or_denied(true)?;
        firm.version += 1;
        tx.update_firm(&firm)?;
        tx.delete_holiday(id);
        plan_anew(tx).await?;
        tx.record(taken_away(&holiday));
        Ok(Answer::no_content())
    })
    .await
}
