//! What installing a workflow brings into a firm: the workflow, and whatever it names that the firm lacks.

use std::collections::BTreeSet;

use domain::{attribute::Attribute, entity::kind_matches, role::Role};

use crate::{
    StandardAttribute, StandardRole, Workflow, attribute, attributes_named_by, by_key, find, roles,
    roles_named_by, types_started_by,
};

/// A workflow with everything that has to come along.
#[derive(Debug, Clone, PartialEq)]
pub struct Parcel {
    /// The workflow, then those that it starts, directly or through another, nearest first.
    pub workflows: Vec<&'static Workflow>,
    /// Roles that they name.
    pub roles: Vec<&'static StandardRole>,
    /// Attribute definitions that they read or write.
    pub attributes: Vec<&'static StandardAttribute>,
}

/// The parcel of a workflow for a firm with these process types (by key), roles and attribute definitions; none for an
/// unknown slug. A type that the firm has is left as it is, and so is what only that type would need.
#[must_use]
pub fn parcel(
    slug: &str,
    types: &BTreeSet<String>,
    present_roles: &[Role],
    present_attributes: &[Attribute],
) -> Option<Parcel> {
    let workflows = lacking_types(find(slug)?, types);
    let named: BTreeSet<&str> = workflows
        .iter()
        .flat_map(|workflow| roles_named_by(&workflow.document))
        .filter(|key| !present_roles.iter().any(|role| role.key == *key))
        .collect();
    let mut attributes: Vec<&'static StandardAttribute> = Vec::new();
    for name in workflows
        .iter()
        .flat_map(|workflow| attributes_named_by(&workflow.document))
    {
        let present = present_attributes.iter().any(|present| {
            present.key == name.key && kind_matches(&present.entity_kind, &name.entity_kind)
        });
        if let Some(lacking) =
            attribute(&name).filter(|found| !present && !attributes.contains(found))
        {
            attributes.push(lacking);
        }
    }
    Some(Parcel {
        roles: roles()
            .iter()
            .filter(|role| named.contains(role.key.as_str()))
            .collect(),
        workflows,
        attributes,
    })
}

fn lacking_types(first: &'static Workflow, types: &BTreeSet<String>) -> Vec<&'static Workflow> {
    let mut found = vec![first];
    let mut seen = BTreeSet::from([first.document.key.as_str()]);
    let mut next = 0;
    while let Some(workflow) = found.get(next).copied() {
        for key in types_started_by(&workflow.document) {
            if !types.contains(key) && seen.insert(key) {
                found.extend(by_key(key));
            }
        }
        next += 1;
    }
    found
}
