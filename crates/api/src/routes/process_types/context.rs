//! What the firm has, for the checks of a definition.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::{
    ids::UserId,
    process::{engine::snapshot, world::Catalog},
    process_type::{
        CheckContext, KnownAttribute, NameSource, ProcessTypeDocument, soundness::own_kinds,
    },
    user::UserStatus,
};
use persistence::{Reads, StoreError};
use serde_json::Value;

/// The firm's roles, attributes and process types, and those of its active users and kinds of record that the definition
/// names; and the firm's day at this moment.
pub(in crate::routes) async fn check_context(
    catalog: &Catalog,
    reads: Reads<'_>,
    document: &ProcessTypeDocument,
    now: DateTime<Utc>,
) -> Result<CheckContext, StoreError> {
    let named: Vec<UserId> = ids_in(document).into_iter().collect();
    let users = reads.users(&named).await?;
    let own_kinds: Vec<&str> = own_kinds(document).into_iter().collect();
    Ok(CheckContext {
        roles: catalog
            .roles
            .iter()
            .map(|role| (role.key.clone(), role.kind))
            .collect(),
        attributes: catalog
            .attributes
            .iter()
            .filter(|attribute| !attribute.archived)
            .map(|attribute| KnownAttribute {
                key: attribute.key.clone(),
                entity_kind: attribute.entity_kind.clone(),
                value_type: attribute.value_type,
                options: attribute.options.clone(),
            })
            .collect(),
        process_types: reads.process_type_keys().await?,
        users: users
            .into_iter()
            .filter(|user| user.status == UserStatus::Active)
            .map(|user| user.id)
            .collect(),
        entity_kinds: reads.kinds_in_use(&own_kinds).await?,
        source: NameSource::Firm,
        today: Some(now.with_timezone(&catalog.firm.time_zone).date_naive()),
    })
}

/// Every id in a definition: of users, mostly, and it does no harm to look the others up among them.
fn ids_in(document: &ProcessTypeDocument) -> BTreeSet<UserId> {
    let mut found = BTreeSet::new();
    collect(&snapshot(document), &mut found);
    found
}

fn collect(value: &Value, found: &mut BTreeSet<UserId>) {
    match value {
        Value::String(text) => found.extend(text.parse::<UserId>()),
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(members) => members.values().for_each(|member| collect(member, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use domain::process_type::json_schema;
    use serde_json::{from_value, json};

    use super::*;

    #[test]
    fn ids_are_found_wherever_they_stand() {
        let mut document = json_schema()["examples"][0].clone();
        let ids: Vec<UserId> = ["1", "2"]
            .map(|last| format!("00000000-0000-7000-8000-00000000000{last}"))
            .map(|id| id.parse().unwrap())
            .into();
        document["tasks"][0]["owner"][0] = json!({ "user": ids[0] });
        document["tasks"][0]["on_complete"] = json!([
            { "type": "set_attribute", "attribute": "advisor", "value": { "fixed": ids[1] } },
        ]);
        let found = ids_in(&from_value(document).unwrap());
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ids);
    }
}
