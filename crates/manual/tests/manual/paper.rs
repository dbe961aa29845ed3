//! PDF: set without a warning, the same every time, and never more than the data it was given.

use manual::{Book, BookPart, Edition, book, pdf};
use serde_json::json;

use crate::sample::changed;

/// Every part of a manual, with texts that would be markup if anything took them for it.
#[test]
fn a_manual_is_set_without_a_warning_and_twice_the_same() {
    let manual = changed(|it| {
        it["name"] = json!("#import \"x\" *bold* $x$ <label> @ref \\ // `raw` [b]");
        it["area"] = json!("#panic(\"evaluated\")");
        it["references"] = json!(["#read(\"/etc/passwd\")", "x".repeat(400)]);
        it["tasks"][0]["checklist"] = json!([{"key": "a", "text": "= Heading", "required": true}, {"key": "b", "text": "- item"}]);
        it["tasks"][0]["description"] = json!("First.\nSecond.");
        it["tasks"][1]["on_complete"] =
            json!([{"type": "notify", "to": {"role": "x"}, "message": "#{"}]);
    });
    let set = pdf(&manual).unwrap();
    assert_eq!(set.warnings, [""; 0]);
    assert!(set.bytes.starts_with(b"%PDF-1."));
    assert!((5..12).contains(&set.pages), "{} pages", set.pages);
    assert!(
        pdf(&manual).unwrap().bytes == set.bytes,
        "another rendering differs"
    );

    let edition = Edition {
        publisher: "Lindqvist Wealth".to_owned(),
        version: "2026".to_owned(),
    };
    let part = |title: &str| BookPart {
        title: title.to_owned(),
        manuals: vec![manual.clone()],
    };
    let whole = book(&Book {
        title: "Workflows".to_owned(),
        lead: "All of them.".to_owned(),
        edition,
        parts: vec![part("#one"), part("*two*")],
    });
    let whole = whole.unwrap();
    assert_eq!(whole.warnings, [""; 0]);
    assert!(whole.pages > 2 * set.pages - 4, "{} pages", whole.pages);
}

/// quality.md, limits on size
#[test]
fn what_is_too_long_for_paper_is_refused_before_it_is_set() {
    let manual = changed(|it| it["references"] = json!(vec!["x ".repeat(60_000); 20]));
    let refused = pdf(&manual).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the process type is too long for a manual on paper"
    );
}

/// The template reads data; it never runs it, and reaches for nothing else.
#[test]
fn the_template_evaluates_nothing_and_reads_one_file() {
    let template = include_str!("../../src/pdf/manual.typ");
    for word in [
        "eval(",
        "import ",
        "include ",
        "read(",
        "plugin(",
        "datetime.today",
    ] {
        assert!(!template.contains(word), "{word}");
    }
    assert_eq!(template.matches("json(").count(), 1);
}
