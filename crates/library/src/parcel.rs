//! What installing workflows brings into a firm: the workflows, and whatever they name that the firm lacks.

use std::collections::BTreeSet;

use domain::{
    attribute::Attribute, entity::kind_matches, process_type::ProcessTypeDocument, role::Role,
};

use crate::{
    StandardAttribute, StandardRole, Workflow, attribute, attributes_named_by, by_key, find, roles,
    roles_named_by, types_started_by,
};

/// Workflows with everything that has to come along.
#[derive(Debug, Clone, PartialEq)]
pub struct Parcel<'d> {
    /// Process types that are not of the library, as they were given.
    pub own: Vec<&'d ProcessTypeDocument>,
    /// Workflows of the library: the one that was asked for, then those that are started, directly or through another,
    /// nearest first.
    pub workflows: Vec<&'static Workflow>,
    /// Roles that they name.
    pub roles: Vec<&'static StandardRole>,
    /// Attribute definitions that they read or write.
    pub attributes: Vec<&'static StandardAttribute>,
}

impl<'d> Parcel<'d> {
    /// Every process type that is in it.
    pub fn documents(&self) -> impl Iterator<Item = &'d ProcessTypeDocument> {
        let of_library = self.workflows.iter().map(|workflow| &workflow.document);
        self.own.iter().copied().chain(of_library)
    }
}

/// The parcel of a workflow of the library for a firm with these process types (by key), roles and attribute definitions;
/// none for an unknown slug. A type that the firm has is left as it is, and so is what only that type would need.
#[must_use]
pub fn parcel(
    slug: &str,
    types: &BTreeSet<String>,
    present_roles: &[Role],
    present_attributes: &[Attribute],
) -> Option<Parcel<'static>> {
    let workflow = find(slug)?;
    let workflows = with_started(&[], Some(workflow), types);
    Some(pack(
        Vec::new(),
        workflows,
        present_roles,
        present_attributes,
    ))
}

/// The parcel of process types that are not of the library, for such a firm. What they start may be among them, in the
/// library or at the firm.
#[must_use]
pub fn own_parcel<'d>(
    own: Vec<&'d ProcessTypeDocument>,
    types: &BTreeSet<String>,
    present_roles: &[Role],
    present_attributes: &[Attribute],
) -> Parcel<'d> {
    let workflows = with_started(&own, None, types);
    pack(own, workflows, present_roles, present_attributes)
}

fn pack<'d>(
    own: Vec<&'d ProcessTypeDocument>,
    workflows: Vec<&'static Workflow>,
    present_roles: &[Role],
    present_attributes: &[Attribute],
) -> Parcel<'d> {
    let mut parcel = Parcel {
        own,
        workflows,
        roles: Vec::new(),
        attributes: Vec::new(),
    };
    let named: BTreeSet<&str> = parcel
        .documents()
        .flat_map(roles_named_by)
        .filter(|key| !present_roles.iter().any(|role| role.key == *key))
        .collect();
    let lacking = |role: &&'static StandardRole| named.contains(role.key.as_str());
    parcel.roles = roles().iter().filter(lacking).collect();
    let mut attributes: Vec<&'static StandardAttribute> = Vec::new();
    for name in parcel.documents().flat_map(attributes_named_by) {
        let present = present_attributes.iter().any(|present| {
            present.key == name.key && kind_matches(&present.entity_kind, &name.entity_kind)
        });
        if let Some(lacking) =
            attribute(&name).filter(|found| !present && !attributes.contains(found))
        {
            attributes.push(lacking);
        }
    }
    parcel.attributes = attributes;
    parcel
}

/// The first workflow, if one was asked for, and all that are started and not at hand yet.
fn with_started(
    own: &[&ProcessTypeDocument],
    first: Option<&'static Workflow>,
    types: &BTreeSet<String>,
) -> Vec<&'static Workflow> {
    let mut workflows: Vec<&'static Workflow> = first.into_iter().collect();
    let mut documents: Vec<&ProcessTypeDocument> = own.to_vec();
    documents.extend(first.map(|workflow| &workflow.document));
    let mut seen: BTreeSet<&str> = documents.iter().map(|it| it.key.as_str()).collect();
    let mut next = 0;
    while let Some(document) = documents.get(next).copied() {
        for key in types_started_by(document) {
            if !types.contains(key)
                && seen.insert(key)
                && let Some(workflow) = by_key(key)
            {
                documents.push(&workflow.document);
                workflows.push(workflow);
            }
        }
        next += 1;
    }
    workflows
}
