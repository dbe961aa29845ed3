//! Every workflow can be published as it ships.

use chrono::NaiveDate;
use domain::process_type::check;

use crate::{attributes_named_by, check_context, workflows};

const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2030, 3, 4).unwrap();

/// E20
#[test]
fn every_workflow_is_sound_and_gives_no_warning() {
    let context = check_context(TODAY);
    let mut found = Vec::new();
    for workflow in workflows() {
        let report = check(&workflow.document, &context);
        for fault in report.faults.into_iter().chain(report.warnings) {
            found.push(format!(
                "{}: {} {} {}",
                workflow.slug, fault.pointer, fault.code, fault.detail
            ));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// E20
#[test]
fn the_check_does_look_at_what_the_library_has() {
    let mut context = check_context(TODAY);
    context.roles.clear();
    context.attributes.clear();
    for workflow in workflows() {
        let faults = check(&workflow.document, &context).faults;
        let has = |code: &str| faults.iter().any(|fault| fault.code == code);
        assert!(has("unknown-role"), "{}", workflow.slug);
        let named = !attributes_named_by(&workflow.document).is_empty();
        assert_eq!(has("unknown-attribute"), named, "{}", workflow.slug);
    }
}
