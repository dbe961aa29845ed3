use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::{America::New_York, Europe::London};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::{
    calendar::tests::{at, day, firm},
    entity::Entity,
};

fn calendars() -> Calendars {
    let mut firm = firm();
    firm.time_zone = New_York;
    firm.fiscal_year_start_month = 10;
    Calendars::new(&firm, &[])
}

fn document(document: serde_json::Value) -> TimingDocument {
    serde_json::from_value(document).unwrap()
}

fn timing(body: serde_json::Value) -> Timing {
    document(body).parse("/timing", day("2026-01-01")).unwrap()
}

fn household(attributes: &[(&str, &str)]) -> Entity {
    let text = |value: &str| FieldValue::Text(value.to_owned());
    Entity {
        id: EntityId(Uuid::from_u128(7)),
        kind: "household".to_owned(),
        name: "Okafor Household".to_owned(),
        status: "client".to_owned(),
        team_id: None,
        restricted: false,
        attributes: attributes
            .iter()
            .map(|(key, value)| ((*key).to_owned(), text(value)))
            .collect(),
        created_at: DateTime::UNIX_EPOCH,
        version: 1,
    }
}

fn runs(timing: &Timing, record: Option<&Entity>, after: &str, many: usize) -> Vec<String> {
    let calendars = calendars();
    let runs = timing.runs(&calendars, record, at(after)).take(many);
    runs.map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
        .collect()
}

fn made(body: serde_json::Value, now: &str) -> Schedule {
    let calendars = calendars();
    let now = at(now);
    Schedule {
        id: ScheduleId(Uuid::from_u128(1)),
        name: "Fee review".to_owned(),
        process_type_id: ProcessTypeId(Uuid::from_u128(2)),
        timing: document(body).settled(calendars.day_of(now)),
        entity_id: Some(EntityId(Uuid::from_u128(7))),
        entity_count: 1,
        fields: BTreeMap::new(),
        unless_open: false,
        status: ScheduleStatus::Active,
        next_at: None,
        source: None,
        created_by: None,
        created_at: now,
        version: 1,
    }
    .planned(&calendars, now)
}

/// E18: the same time on the firm's clocks, whatever daylight saving does.
#[test]
fn the_time_of_day_is_the_firms_on_both_sides_of_daylight_saving() {
    let daily = timing(json!({"rule": "FREQ=DAILY", "time": "09:30"}));
    assert_eq!(
        runs(&daily, None, "2026-03-06T20:00:00Z", 3),
        [
            "2026-03-07T14:30:00Z",
            "2026-03-08T13:30:00Z",
            "2026-03-09T13:30:00Z"
        ]
    );
    assert_eq!(
        runs(&daily, None, "2026-10-31T00:00:00Z", 2),
        ["2026-10-31T13:30:00Z", "2026-11-01T14:30:00Z"]
    );
}

/// E18: a time that the clocks skip comes as long after yesterday's as on any other day; one that they show twice counts once.
#[test]
fn a_time_that_the_clocks_skip_or_repeat_is_run_once() {
    let night = timing(json!({"rule": "FREQ=DAILY", "time": "02:30"}));
    assert_eq!(
        runs(&night, None, "2026-03-07T12:00:00Z", 2),
        ["2026-03-08T07:30:00Z", "2026-03-09T06:30:00Z"]
    );
    let twice = timing(json!({"rule": "FREQ=DAILY", "time": "01:30"}));
    assert_eq!(
        runs(&twice, None, "2026-10-31T12:00:00Z", 2),
        ["2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"]
    );
}

/// E18
#[test]
fn closed_days_are_kept_or_moved_to_the_business_day_before_or_after() {
    // The 4th of July 2026 is a Saturday, the market is closed on Friday the 3rd.
    for (closed_days, expected) in [
        ("keep", "2026-07-04T12:00:00Z"),
        ("before", "2026-07-02T12:00:00Z"),
        ("after", "2026-07-06T12:00:00Z"),
    ] {
        let body = json!({"rule": "FREQ=MONTHLY;BYMONTHDAY=4", "closed_days": closed_days});
        assert_eq!(
            runs(&timing(body), None, "2026-06-20T00:00:00Z", 1),
            [expected]
        );
    }
    // Saturday, Sunday and Monday become one.
    let daily = timing(json!({"rule": "FREQ=DAILY", "closed_days": "after"}));
    assert_eq!(
        runs(&daily, None, "2026-06-12T13:00:00Z", 2),
        ["2026-06-15T12:00:00Z", "2026-06-16T12:00:00Z"]
    );
}

/// E18
#[test]
fn the_end_of_a_rule_counts_by_day_or_by_instant() {
    for (until, many) in [
        ("20260103", 3),
        ("20260103T125959Z", 2),
        ("20260103T130000Z", 3),
    ] {
        let body = json!({"rule": format!("FREQ=DAILY;UNTIL={until}")});
        assert_eq!(
            runs(&timing(body), None, "2025-12-01T00:00:00Z", 9).len(),
            many,
            "{until}"
        );
    }
}

/// E18, E11: the fiscal year of this firm begins in October.
#[test]
fn quarters_and_fiscal_years_return() {
    let after_quarter =
        timing(json!({"at": {"amount": 3, "unit": "business_days", "from": "quarter_end"}}));
    assert_eq!(
        runs(&after_quarter, None, "2026-03-01T00:00:00Z", 4),
        // Good Friday 2026 is the 3rd of April.
        [
            "2026-04-06T12:00:00Z",
            "2026-07-06T12:00:00Z",
            "2026-10-05T12:00:00Z",
            "2027-01-06T13:00:00Z"
        ]
    );
    let after_year =
        timing(json!({"at": {"amount": 1, "unit": "business_days", "from": "fiscal_year_end"}}));
    assert_eq!(
        runs(&after_year, None, "2026-03-01T00:00:00Z", 2),
        ["2026-10-01T12:00:00Z", "2027-10-01T12:00:00Z"]
    );
    let before_year =
        timing(json!({"at": {"amount": -2, "unit": "months", "from": "fiscal_year_start"}}));
    assert_eq!(
        runs(&before_year, None, "2026-03-01T00:00:00Z", 1),
        ["2026-07-31T12:00:00Z"]
    );
}

/// E18: a leap day returns on the last day of February.
#[test]
fn the_date_of_a_record_counts_once_or_every_year() {
    let born = household(&[("birthday", "1960-02-29")]);
    let at = |yearly: bool| {
        timing(json!({
            "at": {"amount": 0, "unit": "days", "from": "attribute", "key": "birthday"},
            "yearly": yearly,
        }))
    };
    assert!(at(true).depends_on_record());
    assert_eq!(
        runs(&at(true), Some(&born), "2026-01-15T00:00:00Z", 3),
        // The 28th of February is a Saturday in 2026, a Sunday in 2027.
        [
            "2026-02-27T13:00:00Z",
            "2027-02-26T13:00:00Z",
            "2028-02-29T13:00:00Z"
        ]
    );
    assert_eq!(
        runs(&at(false), Some(&born), "2026-01-15T00:00:00Z", 3),
        Vec::<String>::new()
    );
    let unborn = household(&[("birthday", "2027-05-03")]);
    assert_eq!(
        runs(&at(true), Some(&unborn), "2026-01-15T00:00:00Z", 1),
        ["2027-05-03T12:00:00Z"]
    );
    assert_eq!(
        runs(&at(true), Some(&household(&[])), "2026-01-15T00:00:00Z", 1),
        Vec::<String>::new()
    );
}

/// E18, E11: by client tier.
#[test]
fn a_tier_says_how_long_after_the_last_contact() {
    let contact = timing(json!({"at": {
        "amount_by": {"attribute": "tier", "map": {"key": 1, "core": 3}},
        "unit": "months", "from": "attribute", "key": "last_contact",
    }}));
    let of = |tier: &str| household(&[("tier", tier), ("last_contact", "2026-01-15")]);
    assert_eq!(
        runs(&contact, Some(&of("key")), "2026-01-15T20:00:00Z", 2),
        ["2026-02-13T13:00:00Z"]
    );
    assert_eq!(
        runs(&contact, Some(&of("core")), "2026-01-15T20:00:00Z", 2),
        ["2026-04-15T12:00:00Z"]
    );
    assert_eq!(
        runs(&contact, Some(&of("basic")), "2026-01-15T20:00:00Z", 2),
        Vec::<String>::new()
    );
    assert_eq!(
        contact.attributes().into_iter().collect::<Vec<_>>(),
        [("last_contact", true), ("tier", false)]
    );
}

/// E18: a record's day that was not seen in time is due until it had its run; what lies before the start never is.
#[test]
fn a_records_day_is_due_from_then_on_and_once() {
    let calendars = calendars();
    let mut renewal = timing(json!({
        "at": {"amount": -30, "unit": "days", "from": "attribute", "key": "renewal"},
    }));
    let client = household(&[("renewal", "2026-03-12")]);
    let due = |timing: &Timing, today: &str, last: Option<&str>| {
        timing.due_day(&calendars, &client, day(today), last.map(day))
    };
    assert_eq!(due(&renewal, "2026-02-09", None), None);
    assert_eq!(due(&renewal, "2026-02-10", None), Some(day("2026-02-10")));
    assert_eq!(due(&renewal, "2026-04-20", None), Some(day("2026-02-10")));
    assert_eq!(due(&renewal, "2026-04-20", Some("2026-02-10")), None);
    renewal.starts_on = day("2026-02-11");
    assert_eq!(due(&renewal, "2026-04-20", None), None);
}

/// E18
#[test]
fn records_with_their_own_days_are_looked_at_every_day() {
    let looked = timing(
        json!({"at": {"amount": 0, "unit": "days", "from": "attribute", "key": "renewal"}, "time": "07:15"}),
    );
    let calendars = calendars();
    assert_eq!(
        looked.next(&calendars, at("2026-05-05T11:00:00Z")),
        Some(at("2026-05-05T11:15:00Z"))
    );
    assert_eq!(
        looked.next(&calendars, at("2026-05-05T11:15:00Z")),
        Some(at("2026-05-06T11:15:00Z"))
    );
    assert_eq!(
        looked.next(&calendars, at("2025-05-05T11:15:00Z")),
        Some(at("2026-01-01T12:15:00Z")),
        "its start"
    );
}

/// E18: a missed run takes place once, late, and says for how many it stands.
#[test]
fn a_run_that_comes_late_stands_for_those_missed_since() {
    let daily = timing(json!({"rule": "FREQ=DAILY"}));
    let calendars = calendars();
    let late = |now: &str| daily.lateness(&calendars, at("2026-05-05T12:00:00Z"), at(now));
    assert_eq!(
        late("2026-05-05T12:00:07Z"),
        Lateness {
            late: false,
            missed: 0
        }
    );
    assert_eq!(
        late("2026-05-05T14:00:00Z"),
        Lateness {
            late: true,
            missed: 0
        }
    );
    assert_eq!(
        late("2026-05-08T12:00:00Z"),
        Lateness {
            late: true,
            missed: 3
        }
    );
}

/// E18
#[test]
fn what_makes_no_timing_is_refused_at_its_place() {
    let due = |from: &str| json!({"at": {"amount": 1, "unit": "days", "from": from}});
    for (body, expected) in [
        (json!({}), vec![("/timing", "exactly-one")]),
        (
            json!({"on": "2026-05-05", "rule": "FREQ=DAILY"}),
            vec![("/timing", "exactly-one")],
        ),
        (
            json!({"rule": "FREQ=HOURLY"}),
            vec![("/timing/rule", "bad-frequency")],
        ),
        (
            json!({"rule": "FREQ=DAILY", "yearly": true}),
            vec![("/timing/yearly", "unexpected-member")],
        ),
        (
            json!({"on": "2026-05-05", "closed_days": "after"}),
            vec![("/timing/closed_days", "unexpected-member")],
        ),
        (
            json!({"on": "1899-05-05"}),
            vec![("/timing/on", "out-of-range")],
        ),
        (
            json!({"rule": "FREQ=DAILY", "starts_on": "2300-01-01"}),
            vec![("/timing/starts_on", "out-of-range")],
        ),
        (
            json!({"rule": "FREQ=DAILY", "time": "25:00"}),
            vec![("/timing/time", "bad-format")],
        ),
        (due("opened"), vec![("/timing/at/from", "no-process-yet")]),
        (
            json!({"at": {"amount": 1, "unit": "days", "from": "quarter_end"}, "yearly": true}),
            vec![("/timing/at/from", "not-yearly")],
        ),
        (
            json!({"at": {"amount": 1, "unit": "hours", "from": "quarter_end"}}),
            vec![("/timing/at/unit", "time-of-day")],
        ),
        (
            json!({"at": {"amount": 3650, "unit": "months", "from": "quarter_end"}}),
            vec![("/timing/at", "out-of-range")],
        ),
        (
            json!({"at": {"unit": "days", "from": "attribute", "fallback": {"amount": 1, "unit": "hours", "from": "quarter_end"}}}),
            vec![
                ("/timing/at", "exactly-one"),
                ("/timing/at/key", "missing-member"),
            ],
        ),
    ] {
        let faults = document(body.clone())
            .parse("/timing", day("2026-01-01"))
            .unwrap_err();
        let faults: Vec<_> = faults
            .iter()
            .map(|fault| (fault.pointer.as_str(), fault.code.as_str()))
            .collect();
        assert_eq!(faults, expected, "{body}");
    }
}

/// E18
#[test]
fn a_schedule_without_a_next_date_is_refused() {
    let calendars = calendars();
    for (body, pointer) in [
        (json!({"rule": "FREQ=DAILY;UNTIL=20260201"}), "/timing/rule"),
        (
            json!({"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}),
            "/timing/rule",
        ),
        (json!({"on": "2026-01-31"}), "/timing/on"),
    ] {
        let refused =
            require_next(&timing(body), &calendars, at("2026-03-01T00:00:00Z")).unwrap_err();
        let ScheduleRefused::Invalid(faults) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(
            (faults[0].pointer.as_str(), faults[0].code.as_str()),
            (pointer, "no-next-date")
        );
    }
}

/// E18
#[test]
fn what_falls_due_during_a_pause_is_not_made_up_for() {
    let calendars = calendars();
    let daily = made(json!({"rule": "FREQ=DAILY"}), "2026-05-05T20:00:00Z");
    assert_eq!(daily.next_at, Some(at("2026-05-06T12:00:00Z")));
    let paused = daily.pause().unwrap();
    assert_eq!(
        (paused.status, paused.next_at),
        (ScheduleStatus::Paused, None)
    );
    let resumed = paused
        .resume(&calendars, at("2026-05-09T20:00:00Z"))
        .unwrap();
    assert_eq!(resumed.next_at, Some(at("2026-05-10T12:00:00Z")));
    assert!(
        resumed
            .resume(&calendars, at("2026-05-09T20:00:00Z"))
            .is_err()
    );
    let archived = resumed.archive().unwrap();
    assert_eq!(archived.next_at, None);
    for refused in [archived.pause(), archived.archive()] {
        let status = ScheduleStatus::Archived;
        assert_eq!(
            refused.unwrap_err(),
            ScheduleRefused::WrongStatus { status }
        );
    }
}

/// E18
#[test]
fn a_schedule_that_has_had_its_last_run_is_completed_and_lives_on_with_another_time() {
    let calendars = calendars();
    let once = made(json!({"on": "2026-05-06"}), "2026-05-05T20:00:00Z");
    assert_eq!(once.next_at, Some(at("2026-05-06T12:00:00Z")));
    let after = at("2026-05-06T12:00:00Z");
    let over = once.planned(&calendars, after);
    assert_eq!(
        (over.status, over.next_at),
        (ScheduleStatus::Completed, None)
    );
    assert!(over.pause().is_err());
    let renamed = ScheduleChange {
        name: Some("Other".to_owned()),
        ..ScheduleChange::default()
    };
    assert_eq!(
        over.changed(renamed, &calendars, after).unwrap().status,
        ScheduleStatus::Completed
    );
    let again = ScheduleChange {
        timing: Some(document(json!({"on": "2026-06-06"}))),
        ..ScheduleChange::default()
    };
    let again = over.changed(again, &calendars, after).unwrap();
    assert_eq!(again.status, ScheduleStatus::Active);
    assert_eq!(again.next_at, Some(at("2026-06-06T12:00:00Z")));
    assert_eq!(again.version, over.version + 1);
    assert_eq!(
        again
            .changed(ScheduleChange::default(), &calendars, after)
            .unwrap(),
        again
    );
}

/// E18: the short form of a type's proposal.
#[test]
fn a_proposal_says_the_same_as_a_timing() {
    let proposal: crate::process_type::document::ScheduleDocument =
        serde_json::from_value(json!({"attribute": "renewal", "offset_days": -30})).unwrap();
    let long =
        json!({"at": {"amount": -30, "unit": "days", "from": "attribute", "key": "renewal"}});
    assert_eq!(proposal.timing(), document(long));
}

proptest! {
    /// E18: whatever the zone, a day has one run, at the same time on the firm's clocks unless they skip it.
    #[test]
    fn every_day_has_one_run(start in 0i64..15_000, hour in 0u32..24, in_london in any::<bool>()) {
        let mut firm = firm();
        firm.time_zone = if in_london { London } else { New_York };
        let calendars = Calendars::new(&firm, &[]);
        let first: NaiveDate = day("2000-01-01") + chrono::TimeDelta::days(start);
        let body = json!({"rule": "FREQ=DAILY", "time": format!("{hour:02}:30"), "starts_on": first});
        let timing = timing(body);
        let before = calendars.instant_on(first, chrono::NaiveTime::MIN) - chrono::TimeDelta::seconds(1);
        let runs: Vec<_> = timing.runs(&calendars, None, before).take(4).collect();
        for (place, run) in runs.iter().enumerate() {
            let place = i64::try_from(place).unwrap();
            prop_assert_eq!(calendars.day_of(*run), first + chrono::TimeDelta::days(place));
        }
        // Asked from any run on, it names the same that follow.
        let rest: Vec<_> = timing.runs(&calendars, None, runs[1]).take(2).collect();
        prop_assert_eq!(&rest[..], &runs[2..4]);
    }
}
