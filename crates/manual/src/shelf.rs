//! The manuals of the library, one by one and as one book.

use std::collections::BTreeMap;

use domain::fault::Fault;
use library::Workflow;

use crate::{
    Book, BookPart, Edition, Manual, Names,
    names::{AttributeName, RoleName, TypeName},
};

/// Whose the library's manuals are.
const PUBLISHER: &str = "Baton workflow library";

impl Names {
    /// What things are called in the library.
    #[must_use]
    pub fn of_library() -> Self {
        let mut names = Self::default();
        names.add_categories();
        for role in library::roles() {
            let name = RoleName {
                name: role.name.clone(),
                kind: role.kind,
            };
            names.roles.insert(role.key.clone(), name);
        }
        for attribute in library::attributes() {
            let of_key = names.attributes.entry(attribute.key.clone()).or_default();
            of_key.push(AttributeName {
                entity_kind: attribute.entity_kind.clone(),
                label: attribute.label.clone(),
                value_type: attribute.value_type,
            });
        }
        for workflow in library::workflows() {
            let document = &workflow.document;
            names
                .types
                .insert(document.key.clone(), TypeName::of(document));
        }
        names
    }

    /// Adds what the library's categories are called: firms have no others with a name.
    pub fn add_categories(&mut self) {
        for category in library::categories() {
            self.categories
                .insert(category.key.clone(), category.name.clone());
        }
    }
}

/// Which manuals these are.
#[must_use]
pub fn library_edition() -> Edition {
    Edition {
        publisher: PUBLISHER.to_owned(),
        version: format!("Release {}", library::VERSION),
    }
}

/// The manual of a workflow of the library.
pub fn library_manual(workflow: &Workflow, names: &Names) -> Result<Manual, Vec<Fault>> {
    Manual::new(
        &workflow.document,
        names,
        &BTreeMap::new(),
        library_edition(),
    )
}

/// The workflows in the order of the book: by category and area, then by name.
#[must_use]
pub fn in_order() -> Vec<&'static Workflow> {
    let mut workflows: Vec<&Workflow> = library::workflows().iter().collect();
    workflows.sort_by_key(|workflow| {
        let document = &workflow.document;
        let categories = library::categories();
        let category = categories.iter().position(|it| it.key == document.category);
        (
            category.unwrap_or(categories.len()),
            document.area.as_deref(),
            document.name.as_str(),
        )
    });
    workflows
}

/// The whole library as a book.
pub fn library_book() -> Result<Book, Vec<Fault>> {
    let names = Names::of_library();
    let workflows = in_order();
    let mut parts: Vec<BookPart> = Vec::new();
    for workflow in &workflows {
        let manual = library_manual(workflow, &names)?;
        match parts.last_mut() {
            Some(part) if part.title == manual.category => part.manuals.push(manual),
            _ => parts.push(BookPart {
                title: manual.category.clone(),
                manuals: vec![manual],
            }),
        }
    }
    Ok(Book {
        title: "Workflow Library".to_owned(),
        lead: format!(
            "{} workflows for wealth-management firms: what sets each off, who does what and by when, and what comes of it.",
            workflows.len()
        ),
        edition: library_edition(),
        parts,
    })
}
