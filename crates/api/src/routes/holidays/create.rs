use actix_web::post;
use chrono::NaiveDate;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    firm::Holiday,
    ids::HolidayId,
    process_type::document::CalendarKind,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{added, view::HolidayView};
use crate::{
    call::Call,
    http::{
        answer::Answer,
        json::Body,
        problem::{Code, Problem},
    },
    jobs::plan_anew,
};

/// A day on which the firm is closed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateHoliday {
    on: NaiveDate,
    /// Why.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"\S",
        example = "Summer party"
    )]
    name: String,
    /// On which calendar it counts; on both unless told otherwise.
    calendar: Option<CalendarKind>,
}

/// Add a closing day.
///
/// Admins may. Due dates that are set already stay. The version of the firm rises.
#[utoipa::path(
    request_body = CreateHoliday,
    responses((status = 201, description = "The closing day.", body = HolidayView)),
)]
#[post("/v1/firm/holidays")]
#[tracing::instrument(name = "create_holiday", skip_all)]
pub(crate) async fn create_holiday(
    call: Call,
    Body(body): Body<CreateHoliday>,
) -> Result<Answer, Problem> {
    call.write(async |tx| {
        call.replay()?;
        decide_firm_action(FirmAction::Administer, call.actor()).or_denied(true)?;
        let mut firm = tx.lock_firm().await?.ok_or_else(Problem::not_found)?;
        let known = tx.reads().holidays().await?;
        if known
            .iter()
            .any(|day| day.on == body.on && day.calendar == body.calendar)
        {
            let detail = "The firm is closed on this day of this calendar already.";
            return Err(Problem::new(Code::Duplicate, detail).into());
        }
        let holiday = Holiday {
            id: HolidayId(tx.ambient().fresh_id()),
            on: body.on,
            name: body.name.trim().to_owned(),
            calendar: body.calendar,
        };
        firm.version += 1;
        tx.update_firm(&firm)?;
        tx.insert_holiday(&holiday)?;
        plan_anew(tx).await?;
        tx.record(added(&holiday));
        let location = format!("/v1/firm/holidays/{}", holiday.id);
        Ok(Answer::created(location, &HolidayView::new(holiday))?)
    })
    .await
}
