use chrono::NaiveDate;
use domain::{firm::Holiday, process_type::document::CalendarKind};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A day on which the firm is closed besides weekends and the calendar's holidays.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HolidayView {
    id: Uuid,
    on: NaiveDate,
    #[schema(example = "Summer party")]
    name: String,
    /// On which calendar it counts; null: on both.
    calendar: Option<CalendarKind>,
}

impl HolidayView {
    pub(super) fn new(holiday: Holiday) -> Self {
        Self {
            id: holiday.id.0,
            on: holiday.on,
            name: holiday.name,
            calendar: holiday.calendar,
        }
    }
}
