//! The manuals of the library: nothing in them reads like a key.

use std::collections::BTreeSet;

use domain::{attribute::AttributeType, role::RoleKind};
use manual::{
    Edition, Manual, Names, html, markdown,
    names::{AttributeName, RoleName, TypeName},
};

use roxmltree::{Document, ParsingOptions};

fn names() -> Names {
    let mut names = Names::default();
    for category in library::categories() {
        names
            .categories
            .insert(category.key.clone(), category.name.clone());
    }
    for role in library::roles() {
        let kind: RoleKind = role.kind;
        names.roles.insert(
            role.key.clone(),
            RoleName {
                name: role.name.clone(),
                kind,
            },
        );
    }
    for attribute in library::attributes() {
        let value_type: AttributeType = attribute.value_type;
        names
            .attributes
            .entry(attribute.key.clone())
            .or_default()
            .push(AttributeName {
                entity_kind: attribute.entity_kind.clone(),
                label: attribute.label.clone(),
                value_type,
            });
    }
    for workflow in library::workflows() {
        names.types.insert(
            workflow.document.key.clone(),
            TypeName::of(&workflow.document),
        );
    }
    names
}

#[test]
fn no_key_reaches_the_reader_of_a_library_manual() {
    let names = names();
    for workflow in library::workflows() {
        let manual = Manual::new(&workflow.document, &names, Edition::default()).unwrap();
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
    let names = names();
    for workflow in library::workflows() {
        let manual = Manual::new(&workflow.document, &names, Edition::default()).unwrap();
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
