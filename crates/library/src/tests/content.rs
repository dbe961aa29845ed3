//! The files are complete and name nothing that does not exist.

use std::{
    collections::BTreeSet,
    fs, iter,
    path::{Path, PathBuf},
};

use domain::{
    attribute::AttributeType,
    entity::{BUILT_IN_KINDS, statuses_of},
    process_type::{
        ProcessTypeDocument,
        document::{FieldDocument, OwnerIs, OwnerRuleDocument, TaskKind},
    },
    role::RoleKind,
    value::{FieldType, FieldValue},
};

use crate::{
    AttributeName, attribute, attributes, attributes_named_by, categories, index,
    names::{effects, fields},
    roles, roles_named_by, types_started_by, workflows,
};

#[test]
fn every_file_in_the_folder_is_listed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows");
    let mut on_disk = BTreeSet::new();
    let mut folders: Vec<PathBuf> = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                assert_eq!(path.extension().unwrap(), "yaml", "{}", path.display());
                let below = path.strip_prefix(&root).unwrap().with_extension("");
                on_disk.insert(below.to_str().unwrap().to_owned());
            }
        }
    }
    let listed: Vec<&str> = index::WORKFLOWS.iter().map(|file| file.path).collect();
    let unique: BTreeSet<String> = listed.iter().map(|&path| path.to_owned()).collect();
    assert_eq!(unique, on_disk);
    assert_eq!(listed.len(), unique.len(), "a file is listed twice");
    assert!(listed.is_sorted(), "the table is in the order of the paths");
}

#[test]
fn every_listed_file_is_read() {
    for file in index::WORKFLOWS {
        if let Err(error) = crate::read_yaml(file.text) {
            panic!("{}: {error}", file.path);
        }
    }
    assert_eq!(workflows().len(), index::WORKFLOWS.len());
}

#[test]
fn slugs_and_keys_are_unique_and_agree_with_folder_and_category() {
    let slugs: BTreeSet<&str> = workflows().iter().map(|w| w.slug).collect();
    let keys: BTreeSet<&str> = workflows()
        .iter()
        .map(|w| w.document.key.as_str())
        .collect();
    assert_eq!(slugs.len(), workflows().len());
    assert_eq!(keys.len(), workflows().len());
    for (file, workflow) in index::WORKFLOWS.iter().zip(workflows()) {
        assert_eq!(workflow.slug.replace('-', "_"), workflow.document.key);
        let folder = file.path.split_once('/').unwrap().0;
        assert_eq!(folder, workflow.document.category);
    }
}

/// Lists show names: two that are alike could be mistaken for each other.
#[test]
fn no_two_workflows_have_the_same_name() {
    let mut names = BTreeSet::new();
    for workflow in workflows() {
        let name = workflow.document.name.to_lowercase();
        assert!(names.insert(name), "{}", workflow.slug);
    }
}

/// X17: with the visibility `team` holders of firm roles see no clients and nobody who refers them, so that none of these can be
/// asked of a step that they own, or at the start.
#[test]
fn no_step_of_a_firm_role_asks_for_records_that_its_owner_does_not_see() {
    let mut asked = 0;
    let about_the_firm = |document: &&ProcessTypeDocument| document.subject.kinds == ["firm"];
    let documents = workflows().iter().map(|workflow| &workflow.document);
    for document in documents.filter(about_the_firm) {
        let starting = document.initiators.iter().map(String::as_str).collect();
        let at_start = (starting, "the start", &document.start_form);
        let of_tasks = document.tasks.iter().map(|task| {
            let owners = task.owner.iter();
            let owners = owners.flat_map(|rule| roles_behind(document, rule));
            (owners.collect(), task.key.as_str(), &task.form)
        });
        let forms: Vec<(BTreeSet<&str>, &str, &Vec<FieldDocument>)> =
            iter::once(at_start).chain(of_tasks).collect();
        for (people, place, form) in forms {
            for field in form.iter().filter(|field| asks_for_clients(field)) {
                asked += 1;
                let firm_role = people
                    .iter()
                    .find(|key| kind_of_role(key) == Some(RoleKind::Firm));
                let key = &document.key;
                assert_eq!(firm_role, None, "{key}, {place}: {}", field.key);
            }
        }
    }
    assert!(asked > 5, "some steps do ask for clients");
}

/// Records that people see by being on a team of theirs. Equipment and employees are the firm's own: those who look after them
/// are named on them.
fn asks_for_clients(field: &FieldDocument) -> bool {
    let kind = field.entity_kind.as_deref();
    field.r#type == FieldType::Entity && !matches!(kind, Some("equipment" | "employee"))
}

fn kind_of_role(role: &str) -> Option<RoleKind> {
    let known = roles().iter().find(|known| known.key == role);
    known.map(|known| known.kind)
}

/// The roles that an owner rule comes to.
fn roles_behind<'d>(
    document: &'d ProcessTypeDocument,
    rule: &'d OwnerRuleDocument,
) -> BTreeSet<&'d str> {
    let of_process = document.owner.iter();
    match (&rule.role, rule.is, &rule.executor_of) {
        (Some(key), ..) => BTreeSet::from([key.as_str()]),
        (None, Some(OwnerIs::Initiator), _) => {
            document.initiators.iter().map(String::as_str).collect()
        }
        (None, Some(OwnerIs::ProcessOwner), _) => of_process
            .filter(|rule| rule.is != Some(OwnerIs::ProcessOwner))
            .flat_map(|rule| roles_behind(document, rule))
            .collect(),
        (None, _, Some(key)) => {
            let done = document.tasks.iter().find(|task| task.key == *key);
            let owners = done.into_iter().flat_map(|task| &task.owner);
            owners
                .flat_map(|rule| roles_behind(document, rule))
                .collect()
        }
        (None, Some(OwnerIs::Unassigned) | None, None) => BTreeSet::new(),
    }
}

#[test]
fn the_standards_are_read_whole() {
    assert_eq!(roles().len(), 14);
    let written = index::ATTRIBUTES.lines();
    let written = written.filter(|line| line.starts_with("- ")).count();
    assert_eq!(attributes().len(), written);
    assert_eq!(categories().len(), 6);
    let areas: usize = categories().iter().map(|c| c.areas.len()).sum();
    assert_eq!(areas, 8);
    let leading: Vec<&str> = roles()
        .iter()
        .filter(|role| role.leads)
        .map(|role| role.key.as_str())
        .collect();
    assert_eq!(leading, ["lead_advisor"]);
    let of_kind = |kind| roles().iter().filter(|role| role.kind == kind).count();
    assert_eq!(of_kind(RoleKind::Business), 3);
    assert_eq!(of_kind(RoleKind::ServicingTeam), 6);
    assert_eq!(of_kind(RoleKind::Firm), 5);
}

#[test]
fn standard_attributes_are_unique_typed_and_on_known_kinds() {
    let mut seen = BTreeSet::new();
    for attribute in attributes() {
        let name = (&attribute.entity_kind, &attribute.key);
        assert!(seen.insert(name), "{name:?} twice");
        let kind = attribute.entity_kind.as_str();
        assert!(
            kind == "client" || BUILT_IN_KINDS.contains(&kind),
            "{name:?}"
        );
        assert_ne!(attribute.key, "status", "built in");
        let chosen = matches!(
            attribute.value_type,
            AttributeType::Choice | AttributeType::MultiChoice
        );
        assert_eq!(chosen, !attribute.options.is_empty(), "{name:?}");
    }
}

#[test]
fn every_category_and_area_exists() {
    for workflow in workflows() {
        let document = &workflow.document;
        let category = categories()
            .iter()
            .find(|category| category.key == document.category)
            .unwrap_or_else(|| panic!("{}: no such category", workflow.slug));
        match &document.area {
            Some(area) => assert!(category.areas.contains(area), "{}", workflow.slug),
            None => assert!(category.areas.is_empty(), "{}", workflow.slug),
        }
    }
}

#[test]
fn every_role_exists_and_stands_in_the_list_of_its_kind() {
    for workflow in workflows() {
        let slug = workflow.slug;
        let named = roles_named_by(&workflow.document);
        assert!(!named.is_empty(), "{slug}");
        for key in named {
            assert!(roles().iter().any(|role| role.key == key), "{slug}: {key}");
        }
        for execution in workflow
            .document
            .tasks
            .iter()
            .filter_map(|t| t.execution.as_ref())
        {
            let lists = [
                (&execution.servicing_team_roles, RoleKind::ServicingTeam),
                (&execution.business_roles, RoleKind::Business),
                (&execution.firm_roles, RoleKind::Firm),
            ];
            for (keys, kind) in lists {
                for key in keys {
                    let role = roles().iter().find(|role| &role.key == key).unwrap();
                    assert_eq!(role.kind, kind, "{slug}: {key}");
                }
            }
        }
    }
}

#[test]
fn every_attribute_exists() {
    for workflow in workflows() {
        for name in attributes_named_by(&workflow.document) {
            assert!(attribute(&name).is_some(), "{}: {name:?}", workflow.slug);
        }
    }
}

#[test]
fn every_started_type_exists() {
    for workflow in workflows() {
        for key in types_started_by(&workflow.document) {
            let here = workflows().iter().any(|other| other.document.key == key);
            assert!(here, "{} starts {key}", workflow.slug);
        }
    }
}

#[test]
fn a_field_over_an_attribute_has_its_type_and_options() {
    for workflow in workflows() {
        for field in fields(&workflow.document) {
            let Some(key) = &field.attribute else {
                continue;
            };
            let entity_kind = kind_of(&workflow.document, field);
            let key = key.clone();
            let definition = attribute(&AttributeName { entity_kind, key }).unwrap();
            let expected = match definition.value_type {
                AttributeType::Text => FieldType::Text,
                AttributeType::Number => FieldType::Number,
                AttributeType::Money => FieldType::Money,
                AttributeType::Date => FieldType::Date,
                AttributeType::Boolean => FieldType::Boolean,
                AttributeType::Choice | AttributeType::MultiChoice => FieldType::Choice,
                AttributeType::User => FieldType::User,
                AttributeType::Entity => FieldType::Entity,
            };
            let place = format!("{}: {}", workflow.slug, field.key);
            assert_eq!(field.r#type, expected, "{place}");
            assert_eq!(field.options, definition.options, "{place}");
        }
    }
}

fn kind_of(document: &ProcessTypeDocument, field: &FieldDocument) -> String {
    let Some(of) = &field.of else {
        return document.subject.kinds[0].clone();
    };
    let related = document.related.iter().find(|r| &r.key == of);
    match related {
        Some(related) => related.kind.clone(),
        None => fields(document)
            .find(|field| &field.key == of)
            .and_then(|field| field.entity_kind.clone())
            .unwrap_or_else(|| of.clone()),
    }
}

#[test]
fn choices_have_options_and_named_records_have_a_kind() {
    for workflow in workflows() {
        for field in fields(&workflow.document) {
            let place = format!("{}: {}", workflow.slug, field.key);
            let is_choice = field.r#type == FieldType::Choice;
            assert_eq!(is_choice, !field.options.is_empty(), "{place}");
            let unique: BTreeSet<&String> = field.options.iter().collect();
            assert_eq!(unique.len(), field.options.len(), "{place}");
            let is_entity = field.r#type == FieldType::Entity;
            assert_eq!(is_entity, field.entity_kind.is_some(), "{place}");
        }
    }
}

/// Start fields that speak of accounts without naming one that there is.
const AROUND_ACCOUNTS: [&str; 2] = ["account_purpose", "accounts_to_open"];

#[test]
fn an_account_is_named_by_record_and_not_by_text() {
    for workflow in workflows() {
        for field in &workflow.document.start_form {
            let label = field.label.to_lowercase();
            let mut words = label.split(|c: char| !c.is_alphabetic());
            let accounts = words.any(|word| matches!(word, "account" | "accounts"));
            if accounts && !AROUND_ACCOUNTS.contains(&field.key.as_str()) {
                assert_eq!(field.r#type, FieldType::Entity, "{}", field.key);
                assert_eq!(field.entity_kind.as_deref(), Some("account"));
            }
        }
    }
}

#[test]
fn a_status_that_is_written_is_one_of_its_kind() {
    let mut written = 0;
    for workflow in workflows() {
        let related = &workflow.document.related;
        for effect in effects(&workflow.document) {
            if effect.attribute.as_deref() != Some("status") {
                continue;
            }
            let kind = match effect.of.as_deref() {
                None => workflow.document.subject.kinds[0].clone(),
                Some(of) => related
                    .iter()
                    .find(|r| r.key == of)
                    .map(|r| r.kind.clone())
                    .or_else(|| {
                        let named = fields(&workflow.document).find(|field| field.key == of);
                        named.and_then(|field| field.entity_kind.clone())
                    })
                    .unwrap(),
            };
            let fixed = effect.value.as_ref().unwrap().fixed.as_ref();
            let Some(FieldValue::Text(status)) = fixed else {
                panic!("{}: a status is a text", workflow.slug);
            };
            assert!(statuses_of(&kind).contains(&status.as_str()), "{status}");
            written += 1;
        }
    }
    assert!(written > 0);
}

#[test]
fn approvals_and_decisions_have_outcomes_and_waits_say_on_whom() {
    for workflow in workflows() {
        for task in &workflow.document.tasks {
            let place = format!("{}: {}", workflow.slug, task.key);
            let must_have_outcomes = match task.kind {
                TaskKind::Approval | TaskKind::Decision | TaskKind::Subprocess => true,
                TaskKind::Task | TaskKind::Wait | TaskKind::FanOut => false,
            };
            assert!(!must_have_outcomes || !task.outcomes.is_empty(), "{place}");
            let waits = task.kind == TaskKind::Wait;
            assert_eq!(waits, task.waiting_on.is_some(), "{place}");
            let starts = task.starts.is_some();
            assert!(starts || task.kind != TaskKind::Subprocess, "{place}");
            let runs_over = task.kind == TaskKind::FanOut;
            assert_eq!(runs_over, task.over.is_some(), "{place}");
            assert!(task.due.is_some() && !task.owner.is_empty(), "{place}");
            if starts {
                assert!(task.checklist.is_empty() && task.form.is_empty(), "{place}");
            } else {
                assert!(!task.checklist.is_empty(), "{place}");
                // What is one person's own is nobody else's to do.
                let own = task.owner.iter().all(|rule| rule.field.is_some());
                let shared = task.execution.as_ref().is_some_and(|it| it.enabled);
                assert!(shared || own, "{place}");
            }
        }
    }
}
