use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    firm::Visibility,
    ids::{FirmId, HolidayId},
};

/// A firm in New York that closes at five.
pub(crate) fn firm() -> Firm {
    Firm {
        id: FirmId(Uuid::nil()),
        slug: "north".to_owned(),
        name: "North".to_owned(),
        time_zone: Tz::America__New_York,
        close_of_business: NaiveTime::from_hms_opt(17, 0, 0).unwrap(),
        weekend: vec![Weekday::Sat, Weekday::Sun],
        fiscal_year_start_month: 1,
        visibility: Visibility::Team,
        owner_may_reschedule: true,
        read_access_log: crate::firm::ReadAccessLog::Off,
        policies: std::collections::BTreeMap::new(),
        created_at: at("2026-01-01T00:00:00Z"),
        version: 1,
    }
}

pub(super) fn closing(on: &str, calendar: Option<CalendarKind>) -> Holiday {
    Holiday {
        id: HolidayId(Uuid::nil()),
        on: day(on),
        name: "Closed".to_owned(),
        calendar,
    }
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(super) fn plain() -> Calendars {
    Calendars::new(&firm(), &[])
}

const MARKET: CalendarKind = CalendarKind::Market;
const BANK: CalendarKind = CalendarKind::Bank;

/// E11
#[test]
fn business_days_are_counted_as_the_check_values_say() {
    for (from, amount, to) in [
        ("2026-07-02", 1, "2026-07-06"),
        ("2026-12-24", 1, "2026-12-28"),
        ("2026-12-31", 1, "2027-01-04"),
        ("2027-06-17", 1, "2027-06-21"),
        ("2026-11-25", 2, "2026-11-30"),
        ("2027-12-23", 2, "2027-12-28"),
        ("2026-04-02", 1, "2026-04-06"),
        ("2026-07-06", -1, "2026-07-02"),
        ("2027-12-30", 1, "2027-12-31"),
        ("2027-12-31", 1, "2028-01-03"),
        ("2026-07-06", 0, "2026-07-06"),
        ("2026-07-04", 0, "2026-07-06"),
        ("2026-07-04", 1, "2026-07-06"),
        ("2026-07-04", -1, "2026-07-02"),
    ] {
        assert_eq!(
            plain().add_business_days(MARKET, day(from), amount),
            day(to),
            "{from} {amount:+}"
        );
    }
}

/// E11
#[test]
fn the_two_calendars_differ_where_markets_and_banks_do() {
    for on in ["2026-04-03", "2026-07-03", "2027-06-18", "2027-12-24"] {
        assert!(!plain().is_open(MARKET, day(on)), "{on}");
        assert!(plain().is_open(BANK, day(on)), "{on}");
    }
    for on in ["2026-10-12", "2026-11-11", "2027-10-11", "2027-11-11"] {
        assert!(plain().is_open(MARKET, day(on)), "{on}");
        assert!(!plain().is_open(BANK, day(on)), "{on}");
    }
}

/// E11
#[test]
fn a_closing_day_counts_for_its_calendar_or_for_both() {
    let calendars = Calendars::new(
        &firm(),
        &[
            closing("2026-07-07", None),
            closing("2026-07-08", Some(BANK)),
        ],
    );
    let next = |calendar| calendars.add_business_days(calendar, day("2026-07-06"), 1);
    assert_eq!(next(MARKET), day("2026-07-08"));
    assert_eq!(next(BANK), day("2026-07-09"));
}

/// E11
#[test]
fn the_weekend_is_the_firms_own() {
    let mut firm = firm();
    firm.weekend = vec![Weekday::Fri, Weekday::Sat];
    let calendars = Calendars::new(&firm, &[]);
    assert!(calendars.is_open(MARKET, day("2026-07-12")));
    assert!(!calendars.is_open(MARKET, day("2026-07-10")));
}

/// E11
#[test]
fn a_firm_that_closes_every_day_of_the_week_still_has_business_days() {
    let mut firm = firm();
    firm.weekend = std::iter::successors(Some(Weekday::Mon), |day| Some(day.succ()))
        .take(7)
        .collect();
    assert!(Calendars::new(&firm, &[]).is_open(MARKET, day("2026-07-11")));
}

/// E11
#[test]
fn what_happens_when_business_is_closed_counts_to_the_next_business_day() {
    for (instant, counts_to) in [
        ("2026-07-02T13:00:00Z", "2026-07-02"),
        ("2026-07-02T21:00:00Z", "2026-07-02"),
        ("2026-07-02T21:00:01Z", "2026-07-06"),
        ("2026-07-04T15:00:00Z", "2026-07-06"),
        // 10 pm of the day before in New York.
        ("2026-07-07T02:00:00Z", "2026-07-07"),
        ("2026-07-07T12:00:00Z", "2026-07-07"),
    ] {
        assert_eq!(
            plain().business_day_of(MARKET, at(instant)),
            day(counts_to),
            "{instant}"
        );
    }
    assert_eq!(
        plain().day_of(at("2026-07-07T02:00:00Z")),
        day("2026-07-06")
    );
}

/// E11
#[test]
fn business_closes_at_the_same_time_on_the_firms_clocks_all_year() {
    for (on, closes) in [
        ("2026-03-06", "2026-03-06T22:00:00Z"),
        ("2026-03-09", "2026-03-09T21:00:00Z"),
        ("2026-10-30", "2026-10-30T21:00:00Z"),
        ("2026-11-02", "2026-11-02T22:00:00Z"),
    ] {
        assert_eq!(plain().close_of_business(day(on)), at(closes));
    }
}

/// E11
#[test]
fn business_closes_even_where_the_clocks_skip_or_repeat_the_time() {
    let closes = |time_zone, hour, minute, on| {
        let mut firm = firm();
        firm.time_zone = time_zone;
        firm.close_of_business = NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
        Calendars::new(&firm, &[]).close_of_business(day(on))
    };
    let new_york = Tz::America__New_York;
    assert_eq!(
        closes(new_york, 2, 30, "2026-03-08"),
        at("2026-03-08T07:30:00Z")
    );
    assert_eq!(
        closes(new_york, 1, 30, "2026-11-01"),
        at("2026-11-01T05:30:00Z")
    );
    // Samoa went from 29 to 31 December.
    assert_eq!(
        closes(Tz::Pacific__Apia, 17, 0, "2011-12-30"),
        at("2011-12-31T03:00:00Z")
    );
}

/// E11
#[test]
fn fiscal_years_and_quarters_begin_where_the_firm_says() {
    let mut firm = firm();
    firm.fiscal_year_start_month = 11;
    let november = Calendars::new(&firm, &[]);
    for (calendars, on, start, quarter, end) in [
        (
            &plain(),
            "2026-08-15",
            "2026-01-01",
            "2026-09-30",
            "2026-12-31",
        ),
        (
            &plain(),
            "2026-12-31",
            "2026-01-01",
            "2026-12-31",
            "2026-12-31",
        ),
        (
            &november,
            "2027-02-28",
            "2026-11-01",
            "2027-04-30",
            "2027-10-31",
        ),
        (
            &november,
            "2026-11-01",
            "2026-11-01",
            "2027-01-31",
            "2027-10-31",
        ),
        (
            &november,
            "2026-10-31",
            "2025-11-01",
            "2026-10-31",
            "2026-10-31",
        ),
    ] {
        let on = day(on);
        assert_eq!(calendars.fiscal_year_start(on), day(start));
        assert_eq!(calendars.quarter_end(on), day(quarter));
        assert_eq!(calendars.fiscal_year_end(on), day(end));
    }
}

#[test]
fn absurd_dates_and_amounts_end_at_the_first_and_the_last_day() {
    let calendars = plain();
    assert_eq!(
        calendars.add_business_days(MARKET, NaiveDate::MAX, 3),
        LAST_DAY
    );
    assert_eq!(
        calendars.add_business_days(MARKET, day("2026-07-02"), i32::MIN),
        FIRST_DAY
    );
    assert_eq!(calendars.day_of(DateTime::<Utc>::MAX_UTC), LAST_DAY);
    assert_eq!(calendars.day_of(DateTime::<Utc>::MIN_UTC), FIRST_DAY);
    assert!(calendars.close_of_business(NaiveDate::MAX) > at("9998-12-31T00:00:00Z"));
    assert!(is_within(calendars.fiscal_year_end(NaiveDate::MAX)));
    assert!(is_within(calendars.fiscal_year_start(NaiveDate::MIN)));
}

pub(super) fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0_i64..40_000).prop_map(|days| day("1990-01-01") + TimeDelta::days(days))
}

pub(super) fn any_instant() -> impl Strategy<Value = DateTime<Utc>> {
    (any_day(), 0_i64..86_400)
        .prop_map(|(day, second)| at_midnight(day) + TimeDelta::seconds(second))
}

pub(super) fn any_calendar() -> impl Strategy<Value = CalendarKind> {
    prop_oneof![Just(MARKET), Just(BANK)]
}

pub(super) fn any_calendars() -> impl Strategy<Value = Calendars> {
    let zone = prop_oneof![
        Just(Tz::America__New_York),
        Just(Tz::Pacific__Apia),
        Just(Tz::Europe__London),
        Just(Tz::Australia__Lord_Howe),
    ];
    let closings = proptest::collection::vec((any_day(), any_calendar()), 0..20);
    (zone, 0_u32..24, 1_u32..=12, 0_u8..3, closings).prop_map(
        |(time_zone, hour, fiscal_year_start_month, weekend, closings)| {
            let mut firm = firm();
            firm.time_zone = time_zone;
            firm.close_of_business = NaiveTime::from_hms_opt(hour, 30, 0).unwrap();
            firm.fiscal_year_start_month = fiscal_year_start_month;
            firm.weekend.truncate(usize::from(weekend));
            let closings: Vec<Holiday> = closings
                .into_iter()
                .map(|(on, calendar)| closing(&on.to_string(), Some(calendar)))
                .collect();
            Calendars::new(&firm, &closings)
        },
    )
}

proptest! {
    /// E11
    #[test]
    fn counting_there_and_back_ends_where_it_began(
        calendars in any_calendars(), calendar in any_calendar(), from in any_day(), amount in -400..400,
    ) {
        let from = calendars.open_from(calendar, from);
        let to = calendars.add_business_days(calendar, from, amount);
        prop_assert!(calendars.is_open(calendar, to));
        prop_assert_eq!(calendars.add_business_days(calendar, to, -amount), from);
        prop_assert_eq!(calendars.business_days_between(calendar, from, to), amount);
    }

    /// E11
    #[test]
    fn the_days_between_lead_to_any_open_day(
        calendars in any_calendars(), calendar in any_calendar(), from in any_day(), distance in -800_i64..800,
    ) {
        let to = from + TimeDelta::days(distance);
        let to = calendars.open_until(calendar, to);
        let between = calendars.business_days_between(calendar, from, to);
        prop_assume!(between != 0);
        prop_assert_eq!(calendars.add_business_days(calendar, from, between), to);
    }

    /// E11
    #[test]
    fn what_happens_later_never_counts_to_an_earlier_day(
        calendars in any_calendars(), calendar in any_calendar(), one in any_instant(), other in any_instant(),
    ) {
        let (first, last) = (one.min(other), one.max(other));
        let counts_to = |instant| calendars.business_day_of(calendar, instant);
        prop_assert!(counts_to(first) <= counts_to(last));
        prop_assert!(calendars.is_open(calendar, counts_to(first)));
        prop_assert!(calendars.close_of_business(counts_to(first)) >= first);
    }
}
