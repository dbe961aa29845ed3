//! The manuals of the library: nothing in them reads like a key.

use std::collections::BTreeSet;

use manual::{Names, html, in_order, library_book, library_manual, markdown};
use roxmltree::{Document, ParsingOptions};

#[test]
fn no_key_reaches_the_reader_of_a_library_manual() {
    let names = Names::of_library();
    for workflow in library::workflows() {
        let manual = library_manual(workflow, &names).unwrap();
        let text = markdown(&manual);
        for word in text.split(|it: char| it.is_whitespace() || "()[]|*“”,.:;".contains(it)) {
            let is_key = word.contains('_') && !word.contains("\\_");
            assert!(!is_key, "{}: {word}", workflow.slug);
        }
        assert!(
            !text.contains("\\_"),
            "{}: an underscore in people's words",
            workflow.slug
        );
        assert!(
            !text.contains("a certain"),
            "{}: something without a name",
            workflow.slug
        );
        assert_eq!(manual.steps().count(), workflow.document.tasks.len());
    }
}

#[test]
fn every_place_in_a_library_page_is_unique_and_its_drawing_is_there() {
    let names = Names::of_library();
    for workflow in library::workflows() {
        let manual = library_manual(workflow, &names).unwrap();
        let page = html(&manual);
        let options = ParsingOptions {
            allow_dtd: true,
            ..ParsingOptions::default()
        };
        let document = Document::parse_with_options(&page, options).unwrap();
        let ids: Vec<&str> = document
            .descendants()
            .filter_map(|node| node.attribute("id"))
            .collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(unique.len(), ids.len(), "{}", workflow.slug);
        assert!(unique.contains("diagram"), "{}", workflow.slug);
    }
}

#[test]
fn the_book_of_the_library_has_every_workflow_once_under_its_category() {
    let book = library_book().unwrap();
    let titles = book.parts.iter().flat_map(|part| {
        assert!(part.manuals.iter().all(|it| it.category == part.title));
        part.manuals.iter().map(|it| it.title.clone())
    });
    let titles: Vec<String> = titles.collect();
    let in_order: Vec<&str> = in_order()
        .iter()
        .map(|it| it.document.name.as_str())
        .collect();
    assert_eq!(titles, in_order);
    assert_eq!(titles.len(), library::workflows().len());
    let parts: BTreeSet<&str> = book.parts.iter().map(|part| part.title.as_str()).collect();
    assert_eq!(parts.len(), book.parts.len());
    assert!(book.lead.starts_with(&titles.len().to_string()));
}
