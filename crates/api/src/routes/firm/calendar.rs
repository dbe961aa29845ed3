use actix_web::get;
use chrono::{Datelike as _, NaiveDate};
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    calendar::holidays::holidays,
    firm::Holiday,
    process_type::document::CalendarKind,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem, query::Query},
};

/// Which calendar.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CalendarQuery {
    /// Of this year.
    #[param(minimum = 1900, maximum = 2199, example = 2027)]
    year: i32,
    /// Whose holidays count; the exchanges' unless told otherwise.
    #[param(nullable = false)]
    calendar: Option<CalendarKind>,
}

/// The days of a year, besides weekends, that are no business days.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CalendarView {
    #[schema(example = 2027)]
    year: i32,
    calendar: CalendarKind,
    /// By date.
    closings: Vec<ClosingView>,
}

/// One day that is no business day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClosingView {
    on: NaiveDate,
    #[schema(example = "Good Friday")]
    name: String,
    /// The firm's own closing day; null for a holiday that comes with the calendar.
    holiday_id: Option<Uuid>,
}

impl CalendarView {
    fn new(year: i32, calendar: CalendarKind, own: Vec<Holiday>) -> Self {
        let shipped = holidays(calendar, year).map(|(on, name)| ClosingView {
            on,
            name: name.to_owned(),
            holiday_id: None,
        });
        let own = own
            .into_iter()
            .filter(|day| day.on.year() == year && day.calendar.is_none_or(|of| of == calendar))
            .map(|day| ClosingView {
                on: day.on,
                name: day.name,
                holiday_id: Some(day.id.0),
            });
        let mut closings: Vec<_> = shipped.chain(own).collect();
        closings.sort_by_key(|closing| closing.on);
        Self {
            year,
            calendar,
            closings,
        }
    }
}

/// Read the calendar of a year.
///
/// Everyone of the firm may. It has the holidays that come with the calendar, as they are observed, and the firm's own
/// closing days.
#[utoipa::path(
    params(CalendarQuery),
    responses((status = 200, description = "The closing days of the year.", body = CalendarView)),
)]
#[get("/v1/firm/calendar")]
#[tracing::instrument(name = "get_firm_calendar", skip_all)]
pub(crate) async fn get_firm_calendar(
    call: Call,
    Query(query): Query<CalendarQuery>,
) -> Result<Answer, Problem> {
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let own = call.reads().holidays().await?;
    let calendar = query.calendar.unwrap_or_default();
    Answer::ok(&CalendarView::new(query.year, calendar, own))
}

#[cfg(test)]
mod tests {
    use domain::ids::HolidayId;

    use super::*;

    fn closing(number: u128, on: &str, calendar: Option<CalendarKind>) -> Holiday {
        Holiday {
            id: HolidayId(Uuid::from_u128(number)),
            on: on.parse().unwrap(),
            name: "Summer party".to_owned(),
            calendar,
        }
    }

    /// E11
    #[test]
    fn closing_days_of_this_year_and_calendar_stand_among_the_holidays() {
        let own = vec![
            closing(1, "2027-07-16", None),
            closing(2, "2027-07-19", Some(CalendarKind::Bank)),
            closing(3, "2026-07-17", None),
        ];
        let view = CalendarView::new(2027, CalendarKind::Market, own);
        let closings: Vec<_> = view
            .closings
            .iter()
            .map(|closing| (closing.on.to_string(), closing.holiday_id))
            .collect();
        let place = closings
            .iter()
            .position(|(_, own)| *own == Some(Uuid::from_u128(1)))
            .unwrap();
        assert_eq!(closings[place - 1], ("2027-07-05".to_owned(), None));
        assert_eq!(closings[place + 1], ("2027-09-06".to_owned(), None));
        assert_eq!(closings.iter().filter(|(_, own)| own.is_some()).count(), 1);
    }
}
