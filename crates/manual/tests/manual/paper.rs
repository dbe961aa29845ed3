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
}

/// Characters that the fonts lack are boxes, in texts and in drawings: nobody is left without a manual because of them.
#[test]
fn a_manual_with_characters_that_no_font_has_is_set() {
    let hostile = "📞 客户 עברית العربية ✓ ☐ 👩\u{200d}💻 \u{202e}x\u{fe0f}\u{2069} ไทย \u{1}\u{fffd}\u{e000}\u{10ffff} e\u{301} 全\u{3000}角\u{2028}";
    let manual = changed(|it| {
        it["name"] = json!(hostile);
        it["area"] = json!(hostile);
        it["references"] = json!([hostile]);
        it["tasks"][0]["title"] = json!(hostile);
        it["tasks"][0]["checklist"] = json!([{"key": "a", "text": hostile, "required": true}]);
        it["tasks"][0]["description"] = json!(hostile);
    });
    let set = pdf(&manual).unwrap();
    assert_eq!(set.warnings, [""; 0]);
    assert!(set.pages >= 5);
}

/// A book is set manual by manual, and its pages are no others than those of its manuals and of what stands around them.
#[test]
fn a_book_holds_the_pages_of_its_manuals_and_tells_of_each() {
    let manual = changed(|it| it["name"] = json!("#panic(\"evaluated\")"));
    let alone = pdf(&manual).unwrap().pages;
    // Enough for a second group that is worked on together.
    let part = |title: &str, copies: usize| BookPart {
        title: title.to_owned(),
        manuals: vec![manual.clone(); copies],
    };
    let whole = Book {
        title: "Workflows".to_owned(),
        lead: "All of them.".to_owned(),
        edition: Edition {
            publisher: "Lindqvist Wealth".to_owned(),
            version: "2026".to_owned(),
        },
        parts: vec![part("#one", 3), part("*two*", 2)],
    };
    let mut told = Vec::new();
    let set = book(&whole, &mut |place, it| {
        told.push((place, it.title.clone()));
    });
    let set = set.unwrap();
    assert_eq!(set.warnings, [""; 0]);
    let titles = (1..=5).map(|place| (place, manual.title.clone()));
    assert_eq!(told, titles.collect::<Vec<_>>());
    // Cover, contents and notes are the book's, not the manuals'; each part has a page of its own.
    let (around, own) = (2 + 2, 5 * (alone - 2));
    assert!(
        (around + own - 5..=around + own + 5).contains(&set.pages),
        "{} pages of manuals with {alone}",
        set.pages
    );
    let again = book(&whole, &mut |_, _| {}).unwrap();
    assert!(again.bytes == set.bytes, "another setting differs");
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
