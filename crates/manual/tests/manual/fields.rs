//! Fields in people's words.

use manual::{html, markdown};
use serde_json::{Value, from_value, json};

use crate::sample::{changed, manual_with, plain, sample, step};

fn kind(field: Value) -> String {
    let step = step(0, |task| {
        let mut field = field;
        field["key"] = json!("it");
        field["label"] = json!("It");
        task["form"].as_array_mut().unwrap().push(field);
    });
    step.form.last().unwrap().kind.clone()
}

#[test]
fn no_type_is_shown_by_its_key() {
    for (field, said) in [
        (json!({"type": "text"}), "Short text"),
        (json!({"type": "long_text"}), "Text"),
        (
            json!({"type": "text", "multiple": true}),
            "One or more short texts",
        ),
        (json!({"type": "number"}), "Number"),
        (json!({"type": "money"}), "Amount of money"),
        (json!({"type": "date"}), "Date"),
        (json!({"type": "datetime"}), "Date and time"),
        (json!({"type": "boolean"}), "Yes or no"),
        (
            json!({"type": "choice", "options": ["A", "B"]}),
            "One of: A, B",
        ),
        (
            json!({"type": "choice", "options": ["A", "B"], "multiple": true}),
            "Any of: A, B",
        ),
        (json!({"type": "file"}), "Document"),
        (
            json!({"type": "file", "multiple": true}),
            "One or more documents",
        ),
        (json!({"type": "user"}), "A person of the firm"),
        (
            json!({"type": "user", "multiple": true}),
            "One or more people of the firm",
        ),
        (
            json!({"type": "entity", "entity_kind": "account"}),
            "An account",
        ),
        (
            json!({"type": "entity", "entity_kind": "center_of_influence", "multiple": true}),
            "One or more centers of influence",
        ),
    ] {
        assert_eq!(kind(field), said);
    }
}

#[test]
fn limits_are_said_with_the_type() {
    for (field, said) in [
        (
            json!({"type": "number", "validate": {"min": 1, "max": 5000}}),
            "Number, from 1 to 5,000",
        ),
        (
            json!({"type": "number", "validate": {"min": 1}}),
            "Number, at least 1",
        ),
        (
            json!({"type": "money", "validate": {"max": {"amount": "25000", "currency": "USD"}}}),
            "Amount of money, at most USD 25,000",
        ),
        (
            json!({"type": "date", "validate": {"min": "2026-01-31"}}),
            "Date, not before January 31, 2026",
        ),
        (
            json!({"type": "text", "validate": {"min_length": 2, "max_length": 9}}),
            "Short text, 2 to 9 characters",
        ),
        (
            json!({"type": "text", "validate": {"max_length": 9}}),
            "Short text, at most 9 characters",
        ),
    ] {
        assert_eq!(kind(field), said);
    }
}

/// E13
#[test]
fn a_field_says_when_it_is_asked_and_what_it_is_kept_as() {
    let manual = changed(|document| {
        document["start_form"] = json!([
            {"key": "why", "label": "Why", "type": "text", "required": true},
            {"key": "day", "label": "Day", "type": "date", "attribute": "next_review", "visible_when": {"field": "why", "is_set": true}},
            {"key": "tier", "label": "Service tier", "type": "choice", "options": ["Key"], "attribute": "tier"},
            {"key": "standing", "label": "Standing", "type": "text", "attribute": "status", "of": "fee_account"},
        ]);
        document["tasks"][0]["form"] = json!([]);
        document["tasks"][0]["title"] = json!("Compare");
    });
    let said: Vec<(bool, Vec<String>)> = manual
        .start_form
        .iter()
        .map(|field| (field.required, plain(&field.notes)))
        .collect();
    assert_eq!(said[0], (true, Vec::new()));
    assert_eq!(
        said[1],
        (
            false,
            vec![
                "Asked only if “Why” is filled in.".to_owned(),
                "Kept as “Next review on” of the client.".to_owned()
            ]
        )
    );
    assert_eq!(said[2].1, ["Kept on the record of the client."]);
    assert_eq!(said[3].1, ["Kept as the status of the fee account."]);
}

#[test]
fn a_setting_says_what_it_is_unless_the_firm_says_otherwise() {
    let manual = changed(|_| {});
    let setting = &manual.settings[0];
    assert_eq!(
        (&*setting.name, &*setting.kind, &*setting.default),
        ("Largest waiver", "Amount of money", "USD 1,500")
    );
}

/// ADR 22: what counts stands beside the default; what says the same as the default, or is of another type, does not.
#[test]
fn a_setting_of_the_firm_stands_beside_the_default() {
    let own = |value: Value| {
        let policies = from_value(json!({"largest_waiver": value, "other": 1})).unwrap();
        manual_with(sample(), &policies)
    };
    let set = own(json!({"amount": "2500", "currency": "USD"}));
    assert_eq!(set.settings[0].own.as_deref(), Some("USD 2,500"));
    assert_eq!(set.settings[0].default, "USD 1,500");
    let text = markdown(&set);
    assert!(
        text.contains("| Setting | What goes in | In force | Unless set otherwise |"),
        "{text}"
    );
    assert!(text.contains("| USD 2,500 | USD 1,500 |"), "{text}");
    let page = html(&set);
    let said = "Amount of money. In force: USD 2,500. Unless set otherwise: USD 1,500.";
    assert!(page.contains(said), "{page}");
    let plain = own(json!({"amount": "1500", "currency": "USD"}));
    assert_eq!(plain.settings[0].in_force(), "USD 1,500");
    for silent in [plain, own(json!("a lot"))] {
        assert_eq!(silent.settings[0].own, None);
        assert!(!markdown(&silent).contains("In force"));
    }
}
