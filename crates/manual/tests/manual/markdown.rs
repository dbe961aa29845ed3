//! Markdown: what comes from outside reads back as the same text.

use manual::markdown;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_json::json;

use crate::sample::changed;

/// What a reader of GFM sees in the heading of the first step, piece by piece.
fn first_step(text: &str) -> Vec<Event<'_>> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_MATH
        | Options::ENABLE_FOOTNOTES;
    let events: Vec<_> = Parser::new_ext(text, options).collect();
    let starts = events.iter().enumerate().filter(|(_, event)| {
        matches!(event, Event::Start(Tag::Heading { level, .. }) if *level as usize == 3)
    });
    // "What the firm can set" is the first heading of this level, the first step the second.
    let (start, _) = starts.clone().nth(1).unwrap();
    let length = events[start..]
        .iter()
        .position(|event| matches!(event, Event::End(TagEnd::Heading(_))))
        .unwrap();
    events[start + 1..start + length].to_vec()
}

fn titled(title: &str) -> String {
    markdown(&changed(|it| it["tasks"][0]["title"] = json!(title)))
}

/// The title as it is read back; none where something else than text came out.
fn read_back(title: &str) -> Option<String> {
    let text = titled(title);
    let mut read = String::new();
    for event in first_step(&text) {
        match event {
            Event::Text(text) => read.push_str(&text),
            Event::InlineHtml(html) if html.contains("step-1") || &*html == "</a>" => {}
            _ => return None,
        }
    }
    read.strip_prefix("1 · ").map(str::to_owned)
}

#[test]
fn signs_of_markup_are_read_back_as_themselves() {
    for title in [
        "# Heading",
        "*a* _b_ **c** __d__ ~~e~~",
        "[link](https://x) ![image](y)",
        "<b>bold</b> <script>",
        "`code` ``more``",
        "a | b | c",
        "&copy; &#60;",
        "1. one",
        "- item",
        "+ item",
        "> quote",
        "\\ \\* \\|",
        "https://example.com www.example.com",
        "$x^2$ [^1]",
        "trailing #",
        "{#id .class}",
        "a @name #1",
    ] {
        assert_eq!(read_back(title).as_deref(), Some(title));
    }
}

proptest! {
    /// Whatever a title is, it comes out as text.
    #[test]
    fn any_title_is_read_back_as_text(title in "[ -~“”é漢]{1,60}") {
        let line = title.split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assume!(!line.is_empty() && !line.contains("{{") && !line.contains("}}"));
        prop_assert_eq!(read_back(&title), Some(line));
    }
}

#[test]
fn a_text_with_bars_stays_in_its_cell() {
    let text = markdown(&changed(|it| {
        it["tasks"][0]["form"][0]["label"] = json!("a | b \\| c");
    }));
    let events: Vec<_> = Parser::new_ext(&text, Options::ENABLE_TABLES).collect();
    let found = events
        .windows(3)
        .any(|it| matches!(it, [Event::Start(Tag::TableCell), Event::Text(_), ..]));
    assert!(found);
    let cells: Vec<String> = cells(&events);
    assert!(cells.contains(&"a | b \\| c".to_owned()), "{cells:?}");
}

fn cells(events: &[Event<'_>]) -> Vec<String> {
    let mut cells = Vec::new();
    for event in events {
        match event {
            Event::Start(Tag::TableCell) => cells.push(String::new()),
            Event::Text(text) => {
                if let Some(cell) = cells.last_mut() {
                    cell.push_str(text);
                }
            }
            _ => {}
        }
    }
    cells
}

#[test]
fn boxes_can_be_ticked_and_links_lead_to_steps() {
    let text = markdown(&changed(|it| {
        it["tasks"][0]["checklist"] =
            json!([{"key": "a", "text": "Look", "required": true}, {"key": "b", "text": "Again"}]);
    }));
    assert!(
        text.contains("- [ ] Look\n- [ ] Again *(optional)*\n"),
        "{text}"
    );
    assert!(text.contains("[step 1](#step-1)"));
    assert!(text.contains("<a id=\"step-1\"></a>"));
}
