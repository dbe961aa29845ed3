//! What each type of field takes (E7).

use serde_json::Number;

use super::*;
use crate::process::fixture::{Fixture, definition, field, list, text};

fn number(text: &str) -> FieldValue {
    FieldValue::Number(serde_json::from_str::<Number>(text).unwrap())
}

fn money(amount: &str, currency: &str) -> FieldValue {
    FieldValue::Money(Money {
        amount: amount.into(),
        currency: currency.into(),
    })
}

/// `ok`, or the code of the refusal.
fn outcome(field: &Field, value: &FieldValue) -> &'static str {
    check(field, value, &Surroundings::default()).map_or_else(|refusal| refusal.code, |()| "ok")
}

/// E7
#[test]
fn a_field_takes_values_of_its_type_only() {
    use FieldType::{
        Boolean, Choice, Date, Datetime, Entity, File, LongText, Money, Number, Text, User,
    };
    let samples = [
        FieldValue::Flag(true),
        number("1"),
        text("x"),
        money("1", "USD"),
        list(&["x"]),
    ];
    let taken = |field: &Field| {
        samples
            .clone()
            .map(|value| outcome(field, &value) != "wrong-type")
    };
    for plain in [Text, LongText, Date, Datetime, Choice, File, User, Entity] {
        let one = field("f", plain);
        let many = Field {
            multiple: true,
            ..one.clone()
        };
        assert_eq!(taken(&one), [false, false, true, false, false], "{plain:?}");
        assert_eq!(
            taken(&many),
            [false, false, false, false, true],
            "{plain:?}"
        );
    }
    assert_eq!(
        taken(&field("f", Boolean)),
        [true, false, false, false, false]
    );
    assert_eq!(
        taken(&field("f", Number)),
        [false, true, false, false, false]
    );
    assert_eq!(
        taken(&field("f", Money)),
        [false, false, false, true, false]
    );
}

/// E7
#[test]
fn formats_are_checked() {
    let cases = [
        (FieldType::Date, "2026-02-28", "ok"),
        (FieldType::Date, "2026-02-29", "bad-format"),
        (FieldType::Date, "2026-2-28", "bad-format"),
        (FieldType::Date, "28.02.2026", "bad-format"),
        (FieldType::Datetime, "2026-07-01T14:00:00Z", "ok"),
        (
            FieldType::Datetime,
            "2026-07-01T14:00:00+02:00",
            "bad-format",
        ),
        (FieldType::Datetime, "2026-07-01", "bad-format"),
        (FieldType::Text, "one line", "ok"),
        (FieldType::Text, "two\nlines", "bad-format"),
        (FieldType::LongText, "two\nlines", "ok"),
        (FieldType::LongText, "bell\u{7}", "bad-format"),
        (FieldType::User, "ada", "bad-format"),
        (FieldType::Entity, "okafor", "bad-format"),
        (FieldType::File, "passport.pdf", "bad-format"),
    ];
    for (field_type, value, expected) in cases {
        assert_eq!(
            outcome(&field("f", field_type), &text(value)),
            expected,
            "{value}"
        );
    }
}

/// E7
#[test]
fn money_is_decimal_text_with_a_currency() {
    let field = field("f", FieldType::Money);
    for (amount, currency, expected) in [
        ("12500.00", "USD", "ok"),
        ("-0.0001", "EUR", "ok"),
        ("1.00001", "USD", "bad-format"),
        ("1234567890123456", "USD", "bad-format"),
        ("1e3", "USD", "bad-format"),
        (".5", "USD", "bad-format"),
        ("5.", "USD", "bad-format"),
        ("", "USD", "bad-format"),
        ("5", "usd", "bad-format"),
        ("5", "US", "bad-format"),
    ] {
        assert_eq!(
            outcome(&field, &money(amount, currency)),
            expected,
            "{amount} {currency}"
        );
    }
}

/// E7
#[test]
fn limits_hold_for_numbers_money_and_dates() {
    let between = |field_type, min, max| Field {
        min: Some(min),
        max: Some(max),
        ..field("f", field_type)
    };
    let numbers = between(FieldType::Number, number("1.5"), number("10"));
    assert_eq!(outcome(&numbers, &number("1.5")), "ok");
    assert_eq!(outcome(&numbers, &number("1.4")), "too-small");
    assert_eq!(outcome(&numbers, &number("10.1")), "too-large");
    assert_eq!(outcome(&numbers, &number("1e300")), "out-of-range");
    let amounts = between(FieldType::Money, money("0", "USD"), number("100"));
    assert_eq!(outcome(&amounts, &money("100.00", "USD")), "ok");
    assert_eq!(outcome(&amounts, &money("-0.01", "USD")), "too-small");
    assert_eq!(outcome(&amounts, &money("-0.01", "EUR")), "ok");
    assert_eq!(outcome(&amounts, &money("100.01", "EUR")), "too-large");
    let dates = between(FieldType::Date, text("2026-01-01"), text("2026-12-31"));
    assert_eq!(outcome(&dates, &text("2026-12-31")), "ok");
    assert_eq!(outcome(&dates, &text("2025-12-31")), "too-small");
    assert_eq!(outcome(&dates, &text("2027-01-01")), "too-large");
}

/// E7
#[test]
fn lengths_and_options_hold_for_each_value() {
    let short = Field {
        min_length: Some(2),
        max_length: Some(3),
        ..field("f", FieldType::Text)
    };
    assert_eq!(outcome(&short, &text("é")), "too-short");
    assert_eq!(outcome(&short, &text("été")), "ok");
    assert_eq!(outcome(&short, &text("étés")), "too-long");
    let unlimited = field("f", FieldType::Text);
    assert_eq!(outcome(&unlimited, &text(&"x".repeat(MAX_TEXT))), "ok");
    assert_eq!(
        outcome(&unlimited, &text(&"x".repeat(MAX_TEXT + 1))),
        "too-long"
    );
    let options = Field {
        options: vec!["Margin".into(), "Checks".into()],
        multiple: true,
        ..field("f", FieldType::Choice)
    };
    assert_eq!(outcome(&options, &list(&["Checks", "Margin"])), "ok");
    assert_eq!(
        outcome(&options, &list(&["Checks", "Options"])),
        "not-an-option"
    );
    assert_eq!(outcome(&options, &list(&["Checks", "Checks"])), "duplicate");
}

/// E7
#[test]
fn references_name_what_exists_and_is_of_use() {
    let mut fixture = Fixture::new(definition(Vec::new()));
    let (ada, gone) = (fixture.user("Ada"), fixture.user("Gone"));
    fixture.deactivate(gone);
    let account = fixture.entity("account", "Joint 77");
    let paper = fixture.document("Passport.pdf");
    let account_field = Field {
        entity_kind: Some("account".into()),
        ..field("f", FieldType::Entity)
    };
    let client_field = Field {
        entity_kind: Some("client".into()),
        ..account_field.clone()
    };
    let user_field = field("f", FieldType::User);
    let file_field = field("f", FieldType::File);
    let stranger = fixture.ambient_id().to_string();
    for (field, id, expected) in [
        (&user_field, ada.to_string(), "ok"),
        (&user_field, gone.to_string(), "inactive-user"),
        (&user_field, stranger.clone(), "unknown-reference"),
        (&account_field, account.to_string(), "ok"),
        (&account_field, fixture.client.to_string(), "wrong-kind"),
        (&client_field, fixture.client.to_string(), "ok"),
        (&account_field, stranger.clone(), "unknown-reference"),
        (&file_field, paper.to_string(), "ok"),
        (&file_field, stranger.clone(), "unknown-reference"),
    ] {
        let found = check(field, &text(&id), &fixture.around);
        let code = found.map_or_else(|refusal| refusal.code, |()| "ok");
        assert_eq!(code, expected, "{:?} {id}", field.field_type);
    }
}
