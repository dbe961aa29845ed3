//! Owner rules: exactly one member of each is set (E9).

use super::exactly_one;
use crate::{
    fault::Faults,
    ids::UserId,
    process_type::{
        definition::OwnerRule,
        document::{OwnerIs, OwnerRuleDocument},
    },
};

/// A list of rules; a rule at fault becomes "nobody", so that the others keep their places.
pub(super) fn rules(
    documents: &[OwnerRuleDocument],
    at: &str,
    faults: &mut Faults,
) -> Vec<OwnerRule> {
    documents
        .iter()
        .enumerate()
        .map(|(index, rule)| {
            self::rule(rule, &format!("{at}/{index}"), faults).unwrap_or(OwnerRule::Unassigned)
        })
        .collect()
}

/// One rule; none, with a fault, where it does not say one thing.
pub(super) fn rule(
    document: &OwnerRuleDocument,
    at: &str,
    faults: &mut Faults,
) -> Option<OwnerRule> {
    let user = document
        .user
        .as_deref()
        .map(|id| user(id, at, faults).map_or(OwnerRule::Unassigned, OwnerRule::User));
    let set: Vec<OwnerRule> = [
        document.role.clone().map(OwnerRule::Role),
        user,
        document.field.clone().map(OwnerRule::Field),
        document.executor_of.clone().map(OwnerRule::ExecutorOf),
        document.is.map(|is| match is {
            OwnerIs::ProcessOwner => OwnerRule::ProcessOwner,
            OwnerIs::Initiator => OwnerRule::Initiator,
            OwnerIs::Unassigned => OwnerRule::Unassigned,
        }),
    ]
    .into_iter()
    .flatten()
    .collect();
    if let Ok([rule]) = <[OwnerRule; 1]>::try_from(set) {
        Some(rule)
    } else {
        exactly_one(faults, at, &["role", "user", "field", "executor_of", "is"]);
        None
    }
}

fn user(id: &str, at: &str, faults: &mut Faults) -> Option<UserId> {
    let parsed = id.parse().ok();
    if parsed.is_none() {
        faults.add(
            format!("{at}/user"),
            "bad-id",
            format!("`{id}` is no id of a user: give a UUID."),
        );
    }
    parsed
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// E9
    #[test]
    fn each_rule_says_one_thing() {
        let documents: Vec<OwnerRuleDocument> = serde_json::from_value(json!([
            {"role": "trader"},
            {"user": "00000000-0000-7000-8000-000000000001"},
            {"field": "manager"},
            {"executor_of": "intake"},
            {"is": "process_owner"},
            {"is": "initiator"},
            {"is": "unassigned"},
        ]))
        .unwrap();
        let mut faults = Faults::default();
        let read = rules(&documents, "", &mut faults);
        assert!(faults.is_empty());
        assert_eq!(
            read,
            [
                OwnerRule::Role("trader".to_owned()),
                OwnerRule::User("00000000-0000-7000-8000-000000000001".parse().unwrap()),
                OwnerRule::Field("manager".to_owned()),
                OwnerRule::ExecutorOf("intake".to_owned()),
                OwnerRule::ProcessOwner,
                OwnerRule::Initiator,
                OwnerRule::Unassigned,
            ]
        );
    }
}
