mod properties;

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::*;
use crate::calendar::tests::{at, closing, day, firm, plain};

struct Given {
    start: DateTime<Utc>,
    opened: DateTime<Utc>,
    completed: BTreeMap<&'static str, DateTime<Utc>>,
    attributes: BTreeMap<&'static str, FieldValue>,
    fields: BTreeMap<&'static str, FieldValue>,
}

impl Given {
    /// A process started, and its task opened, at an instant.
    fn opened(instant: &str) -> Self {
        Self {
            start: at(instant),
            opened: at(instant),
            completed: BTreeMap::new(),
            attributes: BTreeMap::new(),
            fields: BTreeMap::new(),
        }
    }

    fn with_field(mut self, key: &'static str, value: &str) -> Self {
        self.fields.insert(key, FieldValue::Text(value.to_owned()));
        self
    }

    fn with_attribute(mut self, key: &'static str, value: &str) -> Self {
        let value = FieldValue::Text(value.to_owned());
        self.attributes.insert(key, value);
        self
    }
}

impl Anchors for Given {
    fn process_start(&self) -> DateTime<Utc> {
        self.start
    }

    fn opened(&self) -> DateTime<Utc> {
        self.opened
    }

    fn completed(&self, task: &str) -> Option<DateTime<Utc>> {
        self.completed.get(task).copied()
    }

    fn attribute(&self, key: &str) -> Option<FieldValue> {
        self.attributes.get(key).cloned()
    }

    fn field(&self, key: &str) -> Option<FieldValue> {
        self.fields.get(key).cloned()
    }
}

const fn rule(amount: i32, unit: DueUnit, from: DueBase) -> DueRule {
    DueRule {
        amount: DueAmount::Fixed(amount),
        unit,
        from,
        calendar: CalendarKind::Market,
        fallback: None,
    }
}

fn field(key: &str) -> DueBase {
    DueBase::Field(key.to_owned())
}

/// The due date in New York, long before it, so that nothing is compressed.
fn due_early(rule: &DueRule, given: &Given) -> Option<String> {
    let due = due(rule, given, &plain(), at("2020-01-01T12:00:00Z"))?;
    assert!(!due.compressed);
    let local = due.at.with_timezone(&Tz::America__New_York);
    Some(local.format("%Y-%m-%d %H:%M").to_string())
}

/// The due day when everything begins at that instant.
fn due_day(instant: &str, amount: i32, unit: DueUnit) -> String {
    let due = due_early(
        &rule(amount, unit, DueBase::Opened),
        &Given::opened(instant),
    );
    let due = due.unwrap();
    due.strip_suffix(" 17:00")
        .expect("a due day means its close of business")
        .to_owned()
}

/// E11
#[test]
fn business_days_count_from_the_day_on_which_the_task_opened() {
    for (opened, amount, expected) in [
        ("2026-07-02T14:00:00Z", 1, "2026-07-06"),
        ("2026-12-31T14:00:00Z", 1, "2027-01-04"),
        ("2026-11-25T14:00:00Z", 2, "2026-11-30"),
        ("2026-07-06T14:00:00Z", -1, "2026-07-02"),
        ("2026-07-06T14:00:00Z", 0, "2026-07-06"),
        ("2026-07-04T14:00:00Z", 0, "2026-07-06"),
    ] {
        assert_eq!(due_day(opened, amount, DueUnit::BusinessDays), expected);
    }
}

/// E11
#[test]
fn after_close_of_business_counting_begins_a_business_day_later() {
    assert_eq!(
        due_day("2026-07-09T21:00:00Z", 1, DueUnit::BusinessDays),
        "2026-07-10"
    );
    assert_eq!(
        due_day("2026-07-09T21:00:01Z", 1, DueUnit::BusinessDays),
        "2026-07-13"
    );
    // Friday evening, Saturday and Monday morning are one.
    for opened in [
        "2026-07-10T22:00:00Z",
        "2026-07-11T15:00:00Z",
        "2026-07-13T13:00:00Z",
    ] {
        assert_eq!(due_day(opened, 1, DueUnit::BusinessDays), "2026-07-14");
    }
}

/// E11
#[test]
fn a_calendar_deadline_on_a_closed_day_rolls_back() {
    assert_eq!(
        due_day("2026-07-01T14:00:00Z", 3, DueUnit::Days),
        "2026-07-02"
    );
    assert_eq!(
        due_day("2026-07-01T14:00:00Z", 1, DueUnit::Days),
        "2026-07-02"
    );
    assert_eq!(
        due_day("2026-06-05T14:00:00Z", 1, DueUnit::Months),
        "2026-07-02"
    );
}

/// E11
#[test]
fn legal_deadlines_count_calendar_days_from_the_fiscal_year_end() {
    for (start, amount, expected) in [
        ("2026-06-01T14:00:00Z", 90, "2027-03-31 17:00"),
        ("2027-06-01T14:00:00Z", 90, "2028-03-30 17:00"),
        ("2026-06-01T14:00:00Z", 120, "2027-04-30 17:00"),
    ] {
        let rule = rule(amount, DueUnit::Days, DueBase::FiscalYearEnd);
        assert_eq!(
            due_early(&rule, &Given::opened(start)).as_deref(),
            Some(expected)
        );
    }
}

/// E11
#[test]
fn months_and_years_end_with_the_last_day_of_a_shorter_month() {
    assert_eq!(
        due_day("2026-03-31T14:00:00Z", 1, DueUnit::Months),
        "2026-04-30"
    );
    assert_eq!(
        due_day("2026-12-31T14:00:00Z", 2, DueUnit::Months),
        "2027-02-26"
    );
    assert_eq!(
        due_day("2028-02-29T14:00:00Z", 1, DueUnit::Years),
        "2029-02-28"
    );
    assert_eq!(
        due_day("2028-05-31T14:00:00Z", -3, DueUnit::Months),
        "2028-02-29"
    );
    assert_eq!(
        due_day("2028-02-29T14:00:00Z", -2, DueUnit::Years),
        "2026-02-27"
    );
}

/// E11
#[test]
fn daylight_saving_never_moves_a_due_day() {
    assert_eq!(
        due_day("2026-03-06T21:59:59Z", 1, DueUnit::BusinessDays),
        "2026-03-09"
    );
    assert_eq!(
        due_day("2026-03-06T22:00:01Z", 0, DueUnit::BusinessDays),
        "2026-03-09"
    );
    assert_eq!(
        due_day("2026-10-30T20:59:00Z", 3, DueUnit::Days),
        "2026-11-02"
    );
}

/// E11
#[test]
fn hours_are_exact_also_across_a_change_of_the_clocks() {
    let rule = rule(24, DueUnit::Hours, DueBase::Opened);
    let given = Given::opened("2026-03-07T17:00:00Z");
    assert_eq!(
        due_early(&rule, &given).as_deref(),
        Some("2026-03-08 13:00")
    );
}

/// E11
#[test]
fn a_plain_date_counts_as_that_day_and_a_time_as_its_business_day() {
    let given = Given::opened("2026-07-01T14:00:00Z")
        .with_field("event", "2026-07-11")
        .with_field("call", "2026-07-10T22:00:00Z");
    for (key, amount, unit, expected) in [
        ("event", 0, DueUnit::BusinessDays, "2026-07-13 17:00"),
        ("event", 1, DueUnit::BusinessDays, "2026-07-13 17:00"),
        ("event", -1, DueUnit::BusinessDays, "2026-07-10 17:00"),
        ("event", -4, DueUnit::Days, "2026-07-07 17:00"),
        ("event", -3, DueUnit::Hours, "2026-07-11 14:00"),
        ("call", 1, DueUnit::BusinessDays, "2026-07-14 17:00"),
        ("call", -2, DueUnit::Hours, "2026-07-10 16:00"),
    ] {
        let rule = rule(amount, unit, field(key));
        assert_eq!(due_early(&rule, &given).as_deref(), Some(expected));
    }
}

/// E11
#[test]
fn every_base_is_counted_from() {
    let mut given = Given::opened("2026-07-06T14:00:00Z").with_attribute("renewal", "2026-09-01");
    given.opened = at("2026-07-08T14:00:00Z");
    given.completed.insert("review", at("2026-07-07T14:00:00Z"));
    for (base, expected) in [
        (DueBase::ProcessStart, "2026-07-07 17:00"),
        (DueBase::Opened, "2026-07-09 17:00"),
        (DueBase::Task("review".to_owned()), "2026-07-08 17:00"),
        (DueBase::Attribute("renewal".to_owned()), "2026-09-02 17:00"),
        (DueBase::QuarterEnd, "2026-10-01 17:00"),
        (DueBase::FiscalYearStart, "2026-01-02 17:00"),
        (DueBase::FiscalYearEnd, "2027-01-04 17:00"),
    ] {
        let rule = rule(1, DueUnit::BusinessDays, base);
        assert_eq!(due_early(&rule, &given).as_deref(), Some(expected));
    }
}

/// E11
#[test]
fn the_period_is_that_of_the_start_however_late_the_task_opens() {
    // Evening of 31 December in New York, when it is January elsewhere.
    let mut given = Given::opened("2027-01-01T03:00:00Z");
    given.opened = at("2027-05-03T14:00:00Z");
    let rule = rule(0, DueUnit::Days, DueBase::QuarterEnd);
    assert_eq!(
        due_early(&rule, &given).as_deref(),
        Some("2026-12-31 17:00")
    );
}

/// E11
#[test]
fn an_unknown_base_falls_back_as_far_as_it_takes() {
    let mut unknown = rule(-3, DueUnit::BusinessDays, field("meeting"));
    let given = || Given::opened("2026-07-06T14:00:00Z");
    assert_eq!(due_early(&unknown, &given()), None);

    let mut second = rule(5, DueUnit::Days, DueBase::Task("plan".to_owned()));
    second.fallback = Some(Box::new(rule(2, DueUnit::BusinessDays, DueBase::Opened)));
    unknown.fallback = Some(Box::new(second));
    assert_eq!(
        due_early(&unknown, &given()).as_deref(),
        Some("2026-07-08 17:00")
    );
    let unreadable = given().with_field("meeting", "soon");
    assert_eq!(
        due_early(&unknown, &unreadable).as_deref(),
        Some("2026-07-08 17:00")
    );
    let known = given().with_field("meeting", "2026-07-20");
    assert_eq!(
        due_early(&unknown, &known).as_deref(),
        Some("2026-07-15 17:00")
    );
}

/// E11
#[test]
fn the_amount_can_follow_an_attribute() {
    let mut by_tier = rule(0, DueUnit::BusinessDays, DueBase::Opened);
    by_tier.amount = DueAmount::By {
        attribute: "tier".to_owned(),
        map: BTreeMap::from([("A".to_owned(), 1), ("B".to_owned(), 3)]),
    };
    let given = || Given::opened("2026-07-06T14:00:00Z");
    let gold = given().with_attribute("tier", "A");
    assert_eq!(
        due_early(&by_tier, &gold).as_deref(),
        Some("2026-07-07 17:00")
    );
    assert_eq!(due_early(&by_tier, &given()), None);
    let unlisted = given().with_attribute("tier", "C");
    assert_eq!(due_early(&by_tier, &unlisted), None);
    by_tier.fallback = Some(Box::new(rule(5, DueUnit::BusinessDays, DueBase::Opened)));
    assert_eq!(
        due_early(&by_tier, &unlisted).as_deref(),
        Some("2026-07-13 17:00")
    );
}

/// E11
#[test]
fn the_calendar_of_the_rule_and_the_firms_closings_count() {
    let mut wire = rule(1, DueUnit::BusinessDays, DueBase::Opened);
    let given = Given::opened("2026-10-09T14:00:00Z");
    assert_eq!(
        due_early(&wire, &given).as_deref(),
        Some("2026-10-12 17:00")
    );
    wire.calendar = CalendarKind::Bank;
    assert_eq!(
        due_early(&wire, &given).as_deref(),
        Some("2026-10-13 17:00")
    );
    let calendars = Calendars::new(&firm(), &[closing("2026-10-13", None)]);
    let due = due(&wire, &given, &calendars, given.opened).unwrap();
    assert_eq!(calendars.day_of(due.at), day("2026-10-14"));
}

/// E11
#[test]
fn what_is_already_past_becomes_today_and_says_so() {
    let given = Given::opened("2026-07-06T14:00:00Z").with_field("event", "2026-07-10");
    let prepare = rule(-30, DueUnit::Days, field("event"));
    for (now, expected) in [
        ("2026-07-06T14:00:00Z", "2026-07-06T21:00:00Z"),
        ("2026-07-06T21:00:01Z", "2026-07-07T21:00:00Z"),
        ("2026-07-11T14:00:00Z", "2026-07-13T21:00:00Z"),
    ] {
        let due = due(&prepare, &given, &plain(), at(now)).unwrap();
        assert_eq!((due.at, due.compressed), (at(expected), true));
    }
    let hours = rule(-2, DueUnit::Hours, DueBase::Opened);
    let due = due(&hours, &given, &plain(), given.opened).unwrap();
    assert_eq!((due.at, due.compressed), (at("2026-07-06T21:00:00Z"), true));
}

/// E11
#[test]
fn what_is_due_this_very_moment_is_not_past() {
    let given = Given::opened("2026-07-06T21:00:00Z");
    let today = rule(0, DueUnit::BusinessDays, DueBase::Opened);
    let due = due(&today, &given, &plain(), given.opened).unwrap();
    assert_eq!((due.at, due.compressed), (given.opened, false));
}

/// E11
#[test]
fn a_paused_clock_keeps_its_business_days() {
    let (calendar, calendars) = (CalendarKind::Market, plain());
    let due_at = at("2026-07-08T21:00:00Z");
    let left = remaining_business_days(&calendars, calendar, due_at, at("2026-07-02T14:00:00Z"));
    assert_eq!(left, 3);
    let again = due_after_pause(&calendars, calendar, left, at("2026-11-24T15:00:00Z"));
    assert_eq!(again.at, at("2026-11-30T22:00:00Z"));
    assert!(!again.compressed);

    let late = remaining_business_days(&calendars, calendar, due_at, at("2026-07-10T14:00:00Z"));
    assert_eq!(late, -2);
    let again = due_after_pause(&calendars, calendar, late, at("2026-07-13T14:00:00Z"));
    assert_eq!(again.at, at("2026-07-13T21:00:00Z"));
    assert!(again.compressed);
}

/// E12
#[test]
fn an_offset_keeps_the_time_of_day_on_the_firms_clocks() {
    let calendars = plain();
    let friday: DateTime<Utc> = "2026-03-06T22:00:00Z".parse().unwrap();
    let cases = [
        (0, DueUnit::BusinessDays, "2026-03-06T22:00:00Z"),
        (-1, DueUnit::BusinessDays, "2026-03-05T22:00:00Z"),
        // The clocks go forward on Sunday.
        (1, DueUnit::BusinessDays, "2026-03-09T21:00:00Z"),
        (1, DueUnit::Days, "2026-03-07T22:00:00Z"),
        (2, DueUnit::Days, "2026-03-08T21:00:00Z"),
        (-24, DueUnit::Hours, "2026-03-05T22:00:00Z"),
        (48, DueUnit::Hours, "2026-03-08T22:00:00Z"),
        (-1, DueUnit::Months, "2026-02-06T22:00:00Z"),
        (1, DueUnit::Years, "2027-03-06T22:00:00Z"),
    ];
    for (amount, unit, expected) in cases {
        let found = offset(
            &calendars,
            CalendarKind::Market,
            friday,
            Offset { amount, unit },
        );
        assert_eq!(
            found,
            expected.parse::<DateTime<Utc>>().unwrap(),
            "{amount} {unit:?}"
        );
    }
}
