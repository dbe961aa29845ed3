//! What a firm sets of the policies of its process types (ADR 22).

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    fault::{Fault, Faults, segment},
    value::FieldValue,
};
use persistence::{Reads, StoreError};
use serde_json::json;
use utoipa::openapi::Schema;

use crate::http::patch::values_schema;

/// How many process types are looked at in one statement.
const STRETCH: u64 = 200;

pub(super) fn patch_schema() -> Schema {
    values_schema(
        "Values of policies by their keys, for every process type that has them; null takes the default again, those left out stay.",
        json!({"large_payout_amount": {"amount": "25000", "currency": "USD"}}),
    )
}

/// All faults of what is to be set: a published process type has such a policy, and each that has it takes the value.
pub(super) async fn faults(
    reads: Reads<'_>,
    given: &BTreeMap<String, Option<FieldValue>>,
) -> Result<Vec<Fault>, StoreError> {
    let set = given.iter().filter(|(_, value)| value.is_some());
    let mut unknown: BTreeSet<&str> = set.map(|(key, _)| key.as_str()).collect();
    let mut faults = Faults::default();
    if unknown.is_empty() {
        return Ok(faults.into_vec());
    }
    let mut after: Option<String> = None;
    loop {
        let types = reads.published_policies(after.as_deref(), STRETCH).await?;
        for (kind, policies) in &types {
            for policy in policies {
                let Some(Some(value)) = given.get(&policy.key) else {
                    continue;
                };
                unknown.remove(policy.key.as_str());
                if let Err(wanted) = policy.takes(value) {
                    let detail = format!("Must be {wanted} for the process type `{kind}`.");
                    faults.add(pointer(&policy.key), "wrong-type", detail);
                }
            }
        }
        let Some((last, _)) = types.last() else { break };
        after = Some(last.clone());
    }
    for key in unknown {
        let detail = "No published process type of the firm has such a policy.";
        faults.add(pointer(key), "unknown-policy", detail);
    }
    Ok(faults.into_vec())
}

fn pointer(key: &str) -> String {
    format!("/policies/{}", segment(key))
}
