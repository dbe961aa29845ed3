//! What comes along when a workflow is installed.

use std::collections::BTreeSet;

use domain::{
    attribute::Attribute,
    ids::{AttributeId, RoleId},
    process_type::ProcessTypeDocument,
    role::Role,
};

use crate::{
    Parcel, StandardAttribute, StandardRole, Workflow, attribute, attributes_named_by, by_key,
    closure, find, own_parcel, parcel, roles_named_by, types_started_by, workflows,
};

const SLUG: &str = "new-account-opening";
const NOBODY: &str = "00000000-0000-7000-8000-000000000001";

fn role(standard: &StandardRole) -> Role {
    Role {
        id: NOBODY.parse::<RoleId>().unwrap(),
        key: standard.key.clone(),
        name: standard.name.clone(),
        kind: standard.kind,
        description: None,
        leads: false,
        version: 1,
    }
}

fn definition(standard: &StandardAttribute) -> Attribute {
    Attribute {
        id: NOBODY.parse::<AttributeId>().unwrap(),
        key: standard.key.clone(),
        label: standard.label.clone(),
        entity_kind: standard.entity_kind.clone(),
        value_type: standard.value_type,
        options: standard.options.clone(),
        archived: false,
        version: 1,
    }
}

fn types(keys: &[&str]) -> BTreeSet<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

fn for_an_empty_firm(slug: &str) -> Parcel<'static> {
    parcel(slug, &types(&[]), &[], &[]).unwrap()
}

#[test]
fn an_empty_firm_gets_all_that_a_workflow_and_those_that_it_starts_name() {
    for workflow in workflows() {
        let parcel = for_an_empty_firm(workflow.slug);
        assert_eq!(parcel.workflows, closure(workflow.slug));
        for installed in &parcel.workflows {
            for key in roles_named_by(&installed.document) {
                assert_eq!(
                    parcel.roles.iter().filter(|r| r.key == key).count(),
                    1,
                    "{key}"
                );
            }
            for name in attributes_named_by(&installed.document) {
                let wanted = attribute(&name).unwrap();
                let times = parcel.attributes.iter().filter(|a| **a == wanted).count();
                assert_eq!(times, 1, "{name:?}");
            }
        }
    }
}

#[test]
fn nothing_comes_along_that_the_firm_has() {
    let all = for_an_empty_firm(SLUG);
    assert!(all.workflows.len() > 1 && all.roles.len() > 1 && all.attributes.len() > 1);
    let keys: Vec<&str> = all.workflows[1..]
        .iter()
        .map(|workflow| workflow.document.key.as_str())
        .collect();
    let roles: Vec<Role> = all.roles[1..].iter().map(|it| role(it)).collect();
    let attributes: Vec<Attribute> = all.attributes[1..]
        .iter()
        .map(|it| definition(it))
        .collect();
    let own = parcel(SLUG, &types(&keys), &[], &[]).unwrap();
    assert_eq!(own.workflows, [find(SLUG).unwrap()]);
    assert!(own.roles.len() <= all.roles.len());
    let rest = parcel(SLUG, &types(&[]), &roles, &attributes).unwrap();
    assert_eq!(rest.workflows, all.workflows);
    assert_eq!(rest.roles, all.roles[..1]);
    assert_eq!(rest.attributes, all.attributes[..1]);
}

#[test]
fn a_definition_for_clients_serves_each_kind_of_client() {
    let all = for_an_empty_firm(SLUG);
    let client = all.attributes.iter().find(|it| it.entity_kind == "client");
    let mut of_another_kind = definition(client.unwrap());
    let present = |attribute| parcel(SLUG, &types(&[]), &[], &[attribute]).unwrap();
    let less = present(of_another_kind.clone());
    assert_eq!(less.attributes.len(), all.attributes.len() - 1);
    of_another_kind.entity_kind = "equipment".to_owned();
    assert_eq!(present(of_another_kind).attributes, all.attributes);
}

#[test]
fn an_unknown_slug_has_no_parcel() {
    assert_eq!(parcel("nope", &types(&[]), &[], &[]), None);
}

/// A copy of a workflow under a key of its own.
fn private(slug: &str, key: &str) -> ProcessTypeDocument {
    let mut document = find(slug).unwrap().document.clone();
    key.clone_into(&mut document.key);
    document
}

#[test]
fn with_private_process_types_comes_what_the_library_has_for_them() {
    let [first, second] = [private(SLUG, "ours"), private(SLUG, "ours_too")];
    let all = for_an_empty_firm(SLUG);
    let own = own_parcel(vec![&first, &second], &types(&[]), &[], &[]);
    assert!(own.own == [&first, &second]);
    let started: BTreeSet<&str> = types_started_by(&first)
        .into_iter()
        .filter_map(by_key)
        .flat_map(|it| closure(it.slug))
        .map(|it| it.slug)
        .collect();
    let slugs: Vec<&str> = own.workflows.iter().map(|it| it.slug).collect();
    assert_eq!(slugs.iter().copied().collect::<BTreeSet<_>>(), started);
    assert_eq!(slugs.len(), started.len(), "each comes once");
    assert_eq!(own.roles, all.roles);
    assert_eq!(own.attributes.len(), all.attributes.len());
    assert!(all.attributes.iter().all(|it| own.attributes.contains(it)));
    assert!(
        own_parcel(Vec::new(), &types(&[]), &[], &[])
            .workflows
            .is_empty()
    );
}

#[test]
fn a_private_process_type_stands_before_the_library_s_of_the_same_key() {
    let started: Vec<&Workflow> = closure(SLUG)[1..].to_vec();
    let key = started[0].document.key.as_str();
    let document = private(SLUG, "ours");
    let mut instead = private("general-service-requests", key);
    "As we do it".clone_into(&mut instead.name);
    let own = own_parcel(vec![&document, &instead], &types(&[]), &[], &[]);
    assert!(!own.workflows.contains(&by_key(key).unwrap()));
    let keys: Vec<&str> = own.documents().map(|it| it.key.as_str()).collect();
    assert_eq!(keys.iter().filter(|it| **it == key).count(), 1, "{keys:?}");
}

#[test]
fn what_the_firm_has_does_not_come_with_private_process_types_either() {
    let document = private(SLUG, "ours");
    let all = own_parcel(vec![&document], &types(&[]), &[], &[]);
    let keys: Vec<&str> = all
        .workflows
        .iter()
        .map(|it| it.document.key.as_str())
        .collect();
    let roles: Vec<Role> = all.roles.iter().map(|it| role(it)).collect();
    let attributes: Vec<Attribute> = all.attributes.iter().map(|it| definition(it)).collect();
    let nothing = own_parcel(vec![&document], &types(&keys), &roles, &attributes);
    assert!(nothing.workflows.is_empty() && nothing.roles.is_empty());
    assert!(nothing.attributes.is_empty());
}
