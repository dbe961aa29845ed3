//! The firm that the library is written for: what a definition may name when nothing but the library is installed.

use chrono::NaiveDate;
use domain::process_type::{CheckContext, KnownAttribute, NameSource};

use crate::{attributes, roles, workflows};

/// The library's own roles, attributes and process types, to check definitions by that are to be in effect from a day on; no
/// users.
#[must_use]
pub fn check_context(today: NaiveDate) -> CheckContext {
    CheckContext {
        roles: roles()
            .iter()
            .map(|role| (role.key.clone(), role.kind))
            .collect(),
        attributes: attributes()
            .iter()
            .map(|attribute| KnownAttribute {
                key: attribute.key.clone(),
                entity_kind: attribute.entity_kind.clone(),
                value_type: attribute.value_type,
                options: attribute.options.clone(),
            })
            .collect(),
        process_types: workflows()
            .iter()
            .map(|workflow| workflow.document.key.clone())
            .collect(),
        source: NameSource::Library,
        today: Some(today),
        ..CheckContext::default()
    }
}
