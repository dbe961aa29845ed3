use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::calendar::tests::{any_calendar, any_calendars, any_day, any_instant};

fn any_unit() -> impl Strategy<Value = DueUnit> {
    prop_oneof![
        Just(DueUnit::BusinessDays),
        Just(DueUnit::Days),
        Just(DueUnit::Hours),
        Just(DueUnit::Months),
        Just(DueUnit::Years),
    ]
}

/// Any amount of any unit; of business days as many as a firm could mean.
fn any_amount() -> impl Strategy<Value = (i32, DueUnit)> {
    (any::<i32>(), any_unit()).prop_map(|(amount, unit)| match unit {
        DueUnit::BusinessDays => (amount % 10_000, unit),
        DueUnit::Days | DueUnit::Hours | DueUnit::Months | DueUnit::Years => (amount, unit),
    })
}

fn any_base() -> impl Strategy<Value = DueBase> {
    prop_oneof![
        Just(DueBase::ProcessStart),
        Just(DueBase::Opened),
        Just(field("date")),
        Just(DueBase::QuarterEnd),
        Just(DueBase::FiscalYearStart),
        Just(DueBase::FiscalYearEnd),
    ]
}

fn any_rule() -> impl Strategy<Value = DueRule> {
    (-400..400, any_unit(), any_base(), any_calendar()).prop_map(
        |(amount, unit, from, calendar)| DueRule {
            calendar,
            ..rule(amount, unit, from)
        },
    )
}

proptest! {
    /// E11
    #[test]
    fn a_due_day_is_open_never_past_and_ends_with_business(
        rule in any_rule(), calendars in any_calendars(), start in any_instant(), date in any_day(), later in 0_i64..1000,
    ) {
        let mut given = Given::opened("2026-01-01T00:00:00Z");
        given.start = start;
        given.opened = start + TimeDelta::hours(later);
        given.fields.insert("date", FieldValue::Text(date.to_string()));
        let due = due(&rule, &given, &calendars, given.opened).unwrap();
        prop_assert!(due.at >= given.opened);
        if rule.unit != DueUnit::Hours {
            let on = calendars.business_day_of(rule.calendar, due.at);
            prop_assert_eq!(calendars.close_of_business(on), due.at);
            prop_assert!(calendars.is_open(rule.calendar, on));
        }
    }

    /// E11
    #[test]
    fn what_opens_later_is_never_due_earlier(
        rule in any_rule(), calendars in any_calendars(), one in any_instant(), other in any_instant(),
    ) {
        let rule = DueRule { from: DueBase::Opened, ..rule };
        let due_of = |opened| {
            let given = Given { opened, ..Given::opened("2026-01-01T00:00:00Z") };
            due(&rule, &given, &calendars, at("1900-01-01T00:00:00Z")).unwrap().at
        };
        prop_assert!(due_of(one.min(other)) <= due_of(one.max(other)));
    }

    /// E11
    #[test]
    fn a_pause_without_length_changes_nothing(
        calendars in any_calendars(), calendar in any_calendar(), now in any_instant(), amount in 0..300,
    ) {
        let today = calendars.business_day_of(calendar, now);
        let due_at = calendars.close_of_business(calendars.add_business_days(calendar, today, amount));
        let left = remaining_business_days(&calendars, calendar, due_at, now);
        prop_assert_eq!(left, amount);
        let again = due_after_pause(&calendars, calendar, left, now);
        prop_assert_eq!(again, Due { at: due_at, compressed: false });
    }

    /// E11
    #[test]
    fn any_amount_and_any_date_has_an_answer((amount, unit) in any_amount(), date in "-?[0-9]{1,6}-(0[1-9]|1[0-2])-[0-3][0-9]") {
        let given = Given::opened("2026-01-01T00:00:00Z").with_field("date", &date);
        let rule = DueRule { fallback: Some(Box::new(rule(amount, unit, DueBase::Opened))), ..rule(amount, unit, field("date")) };
        let due = due(&rule, &given, &plain(), at("2026-07-01T00:00:00Z")).unwrap();
        prop_assert!(due.at < at("9999-12-31T00:00:00Z"));
    }
}
