use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;

use super::*;

struct Given(BTreeMap<&'static str, &'static str>);

impl Names for Given {
    fn text(&self, path: &str) -> Option<String> {
        self.0.get(path).map(|&text| text.to_owned())
    }

    fn time_zone(&self) -> Tz {
        Tz::America__New_York
    }
}

fn rendered(text: &str) -> String {
    render(
        text,
        &Given(BTreeMap::from([
            ("entity.name", "Ann McDonald"),
            ("entity.attributes.renewal_date", "2026-07-02"),
            ("process.started_at", "2026-07-02T20:30:00Z"),
            ("process.fields.amount", "USD 1234567.5"),
            ("process.fields.count", "-1234567.250"),
            ("process.fields.blank", "  "),
            ("process.fields.sly", "{{ entity.name }} {% raw %}"),
            ("process.fields.kind", "joint account-transfer LLC"),
        ])),
    )
}

fn faults(text: &str) -> Vec<(usize, String)> {
    check(text, &|name| name == "entity.name")
        .into_iter()
        .map(|fault| (fault.offset, fault.detail))
        .collect()
}

fn places(text: &str) -> Vec<usize> {
    faults(text).into_iter().map(|(offset, _)| offset).collect()
}

/// E14
#[test]
fn names_are_filled_in_and_everything_else_stays() {
    assert_eq!(
        rendered("Call {{ entity.name }} – it's {5} today"),
        "Call Ann McDonald – it's {5} today"
    );
    assert_eq!(
        rendered("{{entity.name}}{{\n entity.name\t}}"),
        "Ann McDonaldAnn McDonald"
    );
    assert_eq!(rendered(""), "");
}

/// E14
#[test]
fn a_missing_value_is_its_default_or_a_dash() {
    assert_eq!(rendered("For {{ owner.full_name }}."), "For —.");
    assert_eq!(
        rendered("For {{ owner.full_name | default('nobody yet') }}."),
        "For nobody yet."
    );
    assert_eq!(
        rendered(r#"{{ process.fields.blank | default("it's }} blank") }}"#),
        "it's }} blank"
    );
    assert_eq!(rendered("{{ process.fields.blank }}"), "—");
    assert_eq!(
        rendered("{{ owner | upper | default('none') | title }}"),
        "None"
    );
    assert_eq!(rendered("{{ owner | default('') }}"), "");
    assert_eq!(
        rendered("{{ entity.name | default('nobody') }}"),
        "Ann McDonald"
    );
}

/// E14
#[test]
fn filters_write_values_for_people() {
    for (text, expected) in [
        (
            "{{ entity.attributes.renewal_date | date }}",
            "July 2, 2026",
        ),
        (
            "{{ entity.attributes.renewal_date | datetime }}",
            "July 2, 2026",
        ),
        ("{{ process.started_at | date }}", "July 2, 2026"),
        (
            "{{ process.started_at | datetime }}",
            "July 2, 2026, 4:30 PM EDT",
        ),
        ("{{ process.fields.amount | money }}", "USD 1,234,567.50"),
        ("{{ process.fields.count | money }}", "-1,234,567.250"),
        ("{{ process.fields.count | number }}", "-1,234,567.250"),
        ("{{ entity.name | upper }}", "ANN MCDONALD"),
        ("{{ entity.name | lower }}", "ann mcdonald"),
        ("{{ entity.name | lower | title }}", "Ann Mcdonald"),
        (
            "{{ process.fields.kind | title }}",
            "Joint Account-Transfer LLC",
        ),
    ] {
        assert_eq!(rendered(text), expected, "{text}");
    }
}

/// E14
#[test]
fn a_filter_that_cannot_read_a_value_leaves_it() {
    for filter in ["date", "datetime", "money", "number"] {
        assert_eq!(
            rendered(&format!("{{{{ entity.name | {filter} }}}}")),
            "Ann McDonald"
        );
    }
}

/// E14
#[test]
fn a_value_is_never_read_as_dynamic_data() {
    assert_eq!(
        rendered("{{ process.fields.sly }}"),
        "{{ entity.name }} {% raw %}"
    );
}

/// E14
#[test]
fn a_faulty_text_is_given_back_whole() {
    for text in [
        "{{ entity.name",
        "{{ entity.name | nosuch }} and {{ entity.name }}",
        "{% for x in y %}{{ entity.name }}",
    ] {
        assert_eq!(rendered(text), text);
    }
}

/// E14
#[test]
fn every_fault_is_found_at_its_character() {
    assert_eq!(
        faults("{{ entity.name }} | {{ entity.name | default('x') | date }}"),
        []
    );
    assert_eq!(
        faults("Über {{ entity.nam }}"),
        [(8, "There is no `entity.nam` here.".to_owned())]
    );
    assert_eq!(
        places("{{ nobody | shout | date('x') | default }} {{ }} {% if %} }} {{ open"),
        [3, 12, 20, 32, 46, 49, 58, 61, 64]
    );
}

/// E14
#[test]
fn nothing_but_names_and_filters_is_taken() {
    for (text, offset) in [
        ("{{ entity.name.upper() }}", 20),
        ("{{ entity.name + 1 }}", 15),
        ("{{ entity['name'] }}", 9),
        ("{{ entity..name }}", 9),
        ("{{ entity.name. }}", 14),
        ("{{ 1 }}", 3),
        ("{{ 'text' }}", 3),
        ("{{- entity.name -}}", 2),
        ("{{{ entity.name }}}", 2),
        ("{{ entity.name | }}", 17),
        ("{{ entity.name | default(entity.name) }}", 25),
        ("{{ entity.name | default('a', 'b') }}", 28),
        ("{{ entity.name | default('a }}", 25),
        ("{# entity.name #}", 0),
        ("a {% set x = 1 %}", 2),
        ("{% raw %}{{ entity.name }}", 0),
        ("entity.name }}", 12),
        ("{{ entity.name }", 0),
    ] {
        assert!(places(text).contains(&offset), "{text}: {:?}", faults(text));
    }
}

#[test]
fn every_value_has_a_plain_form() {
    for (value, expected) in [
        (json!(true), "Yes"),
        (json!(false), "No"),
        (json!(2.5), "2.5"),
        (json!("text"), "text"),
        (json!({"amount": "5.00", "currency": "EUR"}), "EUR 5.00"),
        (json!(["a", "b"]), "a, b"),
    ] {
        let value: FieldValue = serde_json::from_value(value).unwrap();
        assert_eq!(plain(&value), expected);
    }
}

/// Text made mostly of the marks that mean something.
fn near_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[{}%#|()'\". a\u{e9}\u{2014}]{0,4}",
        Just("{{ entity.name }}".to_owned()),
        Just("{{ owner | default('x') ".to_owned()),
        Just("| date }}".to_owned()),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    /// E14
    #[test]
    fn any_text_renders_and_its_faults_lie_inside(text in prop_oneof![near_text(), any::<String>()]) {
        let output = rendered(&text);
        let found = check(&text, &|_| true);
        if found.is_empty() {
            prop_assert!(!output.contains("{{") && !output.contains("{%"), "{}", output);
        } else {
            prop_assert_eq!(&output, &text);
        }
        let length = text.chars().count();
        for fault in &found {
            prop_assert!(fault.offset <= length);
        }
        prop_assert!(found.is_sorted_by_key(|fault| fault.offset));
    }

    /// E14
    #[test]
    fn text_without_marks_stays_as_it_is(text in "[^{}]*") {
        prop_assert_eq!(check(&text, &|_| false), []);
        prop_assert_eq!(rendered(&text), text);
    }

    /// E14
    #[test]
    fn filters_take_any_value(value in any::<String>(), filter in "date|datetime|money|number|upper|lower|title") {
        struct One(String);
        impl Names for One {
            fn text(&self, _: &str) -> Option<String> {
                Some(self.0.clone())
            }
        }
        let output = render(&format!("{{{{ x | {filter} }}}}"), &One(value.clone()));
        prop_assert_eq!(output == "—", value.trim().is_empty() || value == "—");
    }
}
