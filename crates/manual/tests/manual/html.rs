//! HTML: whole, linked, and safe.

use std::collections::BTreeSet;

use manual::html;
use roxmltree::{Document, ParsingOptions};
use serde_json::json;

use crate::sample::changed;

const HOSTILE: &str = "</style><script>alert(1)</script> \"onload='x' &amp; <b>&#60;";

fn parsed(text: &str) -> Document<'_> {
    let options = ParsingOptions {
        allow_dtd: true,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options).unwrap()
}

fn texts(document: &Document<'_>, name: &str) -> Vec<String> {
    let elements = document
        .descendants()
        .filter(|node| node.has_tag_name(name));
    elements
        .map(|node| {
            node.descendants()
                .filter_map(|it| it.text().filter(|_| it.is_text()))
                .collect()
        })
        .collect()
}

#[test]
fn every_reference_inside_the_page_has_its_place_and_every_place_is_unique() {
    let page = html(&changed(|_| {}));
    let document = parsed(&page);
    let ids: Vec<&str> = document
        .descendants()
        .filter_map(|node| node.attribute("id"))
        .collect();
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(unique.len(), ids.len());
    let links: Vec<&str> = document
        .descendants()
        .filter_map(|node| node.attribute("href"))
        .collect();
    assert!(links.contains(&"#step-3"));
    for link in links {
        assert!(
            link.strip_prefix('#').is_some_and(|id| unique.contains(id)),
            "{link}"
        );
    }
    assert_eq!(texts(&document, "h1"), ["Fee Review"]);
    assert_eq!(texts(&document, "title")[0], "Fee Review – Manual");
    assert_eq!(document.root_element().attribute("lang"), Some("en"));
}

#[test]
fn texts_from_outside_stay_text_wherever_they_stand() {
    let manual = changed(|it| {
        for place in [
            "/name",
            "/summary",
            "/area",
            "/trigger/description",
            "/start_form/0/label",
            "/start_form/0/options/0",
            "/tasks/0/title",
            "/tasks/0/form/0/label",
            "/tasks/1/outcomes/0/label",
        ] {
            it["area"] = json!("x");
            *it.pointer_mut(place).unwrap() = json!(HOSTILE);
        }
        it["area"] = json!(HOSTILE);
        it["references"] = json!([HOSTILE]);
        it["stages"] = json!([{"key": "one", "title": HOSTILE}]);
        it["results"] = json!([{"key": "completed", "label": HOSTILE}]);
        it["tasks"][0]["stage"] = json!("one");
        it["tasks"][0]["description"] = json!(HOSTILE);
        it["tasks"][0]["checklist"] = json!([{"key": "a", "text": HOSTILE}]);
        it["tasks"][0]["references"] = json!([HOSTILE]);
        it["tasks"][1]["outcomes"][1]["reason_codes"] = json!([HOSTILE]);
        it["tasks"][1]["on_complete"] =
            json!([{"type": "notify", "to": {"role": "x"}, "message": HOSTILE}]);
        it["tasks"][1]["when"] = json!({"field": "reason", "eq": HOSTILE});
    });
    let page = html(&manual);
    let document = parsed(&page);
    assert!(
        document
            .descendants()
            .all(|node| !node.has_tag_name("script") && !node.has_tag_name("b"))
    );
    assert!(
        document
            .descendants()
            .all(|node| node.attribute("onload").is_none())
    );
    assert_eq!(texts(&document, "h1"), [HOSTILE]);
    assert_eq!(
        document
            .descendants()
            .filter(|node| node.has_tag_name("style"))
            .count(),
        1
    );
    let shown = document
        .descendants()
        .filter(roxmltree::Node::is_text)
        .filter(|node| node.text().unwrap().contains(HOSTILE));
    assert!(shown.count() >= 20);
}

#[test]
fn what_cannot_be_printed_is_left_out() {
    let manual = changed(|it| it["name"] = json!("Fee\u{0}\u{1b}\u{202e} Review\u{9}!\u{feff}"));
    assert_eq!(manual.title, "Fee Review!");
}

#[test]
fn the_page_asks_for_nothing_from_elsewhere() {
    // The name of a vocabulary is no place to fetch anything from.
    let page = html(&changed(|_| {})).replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
    for sign in ["http:", "https:", "@import", "url(", "src=", "<link"] {
        assert!(!page.contains(sign), "{sign}");
    }
}

#[test]
fn the_diagram_stands_in_the_page_with_its_own_title() {
    let page = html(&changed(|_| {}));
    let document = parsed(&page);
    let svg = ("http://www.w3.org/2000/svg", "svg");
    let picture = document
        .descendants()
        .find(|node| node.has_tag_name(svg))
        .unwrap();
    assert_eq!(
        picture.parent().unwrap().attribute("class"),
        Some("picture")
    );
    let title = picture
        .children()
        .find(|node| node.has_tag_name((svg.0, "title")));
    assert!(title.unwrap().text().unwrap().contains("Fee Review"));
}
