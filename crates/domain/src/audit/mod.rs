//! The audit trail: one entry for each change, each sealed with a hash over the one before it, per firm (E19).

mod broken;
pub mod checkpoint;

use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    event::{EventType, Occurrence, SubjectType},
    ids::{EntityId, FirmId, UserId},
};

pub use broken::{Broken, Flaw};

/// SHA-256 of an entry and all before it.
pub type Hash = [u8; 32];

/// What the first entry of a firm follows.
pub const GENESIS: Hash = [0; 32];

/// Who changed something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Agent {
    /// A person who signed in.
    User {
        /// Which.
        id: UserId,
    },
    /// Baton itself: a job, a schedule, the command line.
    System,
}

/// Where a change comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Who made it.
    pub agent: Agent,
    /// For whom, under cover (X10).
    pub on_behalf_of: Option<UserId>,
    /// Id of the request that it came with.
    pub request_id: Option<String>,
    /// Network address that the request came from.
    pub address: Option<String>,
}

/// One entry of the trail, which is also the event of the same number.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Whose trail.
    pub firm_id: FirmId,
    /// Its number; the first is 1, and none is left out.
    pub sequence: i64,
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// What happened.
    pub action: EventType,
    /// To what kind of thing.
    pub subject_type: SubjectType,
    /// To which.
    pub subject_id: Uuid,
    /// The entity whose work or record it is.
    pub entity_id: Option<EntityId>,
    /// By whom, and from where.
    pub origin: Origin,
    /// Top-level members that differ; empty for a creation and a deletion.
    pub changed: Vec<String>,
    /// Canonical JSON of the changed members as they were; of the whole thing for a deletion; none for a creation.
    pub before: Option<String>,
    /// Canonical JSON of the whole thing as it became; none for a deletion.
    pub after: Option<String>,
}

impl Entry {
    /// The entry that tells of an occurrence.
    #[must_use]
    pub fn new(
        firm_id: FirmId,
        sequence: i64,
        occurred_at: DateTime<Utc>,
        occurrence: &Occurrence,
        origin: Origin,
    ) -> Self {
        let changed = changed_members(occurrence.before.as_ref(), occurrence.after.as_ref());
        let before = match (&occurrence.before, &occurrence.after) {
            (Some(Value::Object(before)), Some(_)) => Some(Value::Object(
                before
                    .iter()
                    .filter(|(name, _)| changed.contains(name))
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect(),
            )),
            (before, _) => before.clone(),
        };
        Self {
            firm_id,
            sequence,
            occurred_at,
            action: occurrence.event,
            subject_type: occurrence.subject_type,
            subject_id: occurrence.subject_id,
            entity_id: occurrence.entity_id,
            origin,
            changed,
            before: before.as_ref().map(canonical),
            after: occurrence.after.as_ref().map(canonical),
        }
    }

    /// The hash that seals it: over the previous one and every member of it.
    #[must_use]
    pub fn hash(&self, previous: &Hash) -> Hash {
        Sha256::new()
            .chain_update(previous)
            .chain_update(self.canonical())
            .finalize()
            .into()
    }

    /// Canonical JSON of the whole entry. `before` and `after` are kept as the text that was hashed, because a number
    /// that is read and written again may come out differently.
    fn canonical(&self) -> String {
        let text = |value: Option<String>| canonical(&value.map_or(Value::Null, Value::String));
        let id = |id: Option<Uuid>| text(id.map(|id| id.to_string()));
        let raw = |json: &Option<String>| json.clone().unwrap_or_else(|| "null".to_owned());
        let name = |name: &str| text(Some(name.to_owned()));
        let actor = match self.origin.agent {
            Agent::User { id: user } => {
                format!(r#"{{"id":{},"type":"user"}}"#, id(Some(user.0)))
            }
            Agent::System => r#"{"type":"system"}"#.to_owned(),
        };
        let members = [
            ("action", name(self.action.as_str())),
            ("actor", actor),
            ("address", text(self.origin.address.clone())),
            ("after", raw(&self.after)),
            ("before", raw(&self.before)),
            ("changed", canonical(&Value::from(self.changed.clone()))),
            ("entity_id", id(self.entity_id.map(Uuid::from))),
            ("firm_id", id(Some(self.firm_id.0))),
            (
                "occurred_at",
                name(
                    &self
                        .occurred_at
                        .to_rfc3339_opts(SecondsFormat::Micros, true),
                ),
            ),
            ("on_behalf_of", id(self.origin.on_behalf_of.map(Uuid::from))),
            ("request_id", text(self.origin.request_id.clone())),
            ("sequence", self.sequence.to_string()),
            ("subject_id", id(Some(self.subject_id))),
            ("subject_type", name(self.subject_type.as_str())),
        ];
        let members: Vec<_> = members
            .iter()
            .map(|(name, value)| format!(r#""{name}":{value}"#))
            .collect();
        format!("{{{}}}", members.join(","))
    }
}

/// An entry with its seal, as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Sealed {
    /// The entry.
    pub entry: Entry,
    /// The hash of the entry before it.
    pub previous_hash: Hash,
    /// Its own hash.
    pub hash: Hash,
}

/// How far a trail was found whole: the last entry that follows from the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Its number.
    pub sequence: i64,
    /// Its hash.
    pub hash: Hash,
}

impl Link {
    /// Before the first entry.
    pub const START: Self = Self {
        sequence: 0,
        hash: GENESIS,
    };

    /// The next link, when the entry follows from this one; otherwise where the chain is broken.
    pub fn follow(self, next: &Sealed) -> Result<Self, Broken> {
        let sequence = self.sequence + 1;
        let found = next.entry.sequence;
        if found > sequence {
            return Err(Flaw::NumberMissing.at(sequence));
        }
        if found < sequence {
            return Err(Flaw::NumberUnexpected.at(found));
        }
        if next.previous_hash != self.hash {
            return Err(Flaw::PreviousHashDiffers.at(sequence));
        }
        if next.hash != next.entry.hash(&self.hash) {
            return Err(Flaw::HashDiffers.at(sequence));
        }
        Ok(Self {
            sequence,
            hash: next.hash,
        })
    }
}

/// A hash as people see it.
#[must_use]
pub fn hexadecimal(hash: &Hash) -> String {
    hash.iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Top-level members of two objects that differ, sorted; none unless there are two objects.
fn changed_members(before: Option<&Value>, after: Option<&Value>) -> Vec<String> {
    let (Some(Value::Object(before)), Some(Value::Object(after))) = (before, after) else {
        return Vec::new();
    };
    let mut names: Vec<_> = before
        .keys()
        .chain(after.keys().filter(|name| !before.contains_key(*name)))
        .filter(|name| before.get(*name) != after.get(*name))
        .cloned()
        .collect();
    names.sort();
    names
}

/// JSON in one form only: keys sorted, no white space.
#[must_use]
pub fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write_canonical(value, &mut text);
    text
}

fn write_canonical(value: &Value, text: &mut String) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            let mut before = '{';
            for (name, value) in members {
                text.push(before);
                write_canonical(&Value::from(name.as_str()), text);
                text.push(':');
                write_canonical(value, text);
                before = ',';
            }
            text.push_str(if before == '{' { "{}" } else { "}" });
        }
        Value::Array(items) => {
            let mut before = '[';
            for item in items {
                text.push(before);
                write_canonical(item, text);
                before = ',';
            }
            text.push_str(if before == '[' { "[]" } else { "]" });
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            // Writing to a string cannot fail.
            let _ = write!(text, "{value}");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entry(sequence: i64, before: Option<Value>, after: Option<Value>) -> Entry {
        Entry::new(
            FirmId(Uuid::from_u128(1)),
            sequence,
            DateTime::from_timestamp_micros(1_700_000_000_000_001).unwrap(),
            &Occurrence {
                event: EventType::RoleUpdated,
                subject_type: SubjectType::Role,
                subject_id: Uuid::from_u128(2),
                entity_id: None,
                before,
                after,
            },
            Origin {
                agent: Agent::User {
                    id: UserId(Uuid::from_u128(3)),
                },
                on_behalf_of: None,
                request_id: Some("r\"1".to_owned()),
                address: None,
            },
        )
    }

    fn chain(entries: Vec<Entry>) -> Vec<Sealed> {
        let mut previous_hash = GENESIS;
        entries
            .into_iter()
            .map(|entry| {
                let hash = entry.hash(&previous_hash);
                let sealed = Sealed {
                    entry,
                    previous_hash,
                    hash,
                };
                previous_hash = hash;
                sealed
            })
            .collect()
    }

    fn verify(trail: &[Sealed]) -> Result<Link, Broken> {
        trail.iter().try_fold(Link::START, Link::follow)
    }

    #[test]
    fn an_update_keeps_what_changed_and_the_whole_result() {
        let entry = entry(
            1,
            Some(json!({"name": "a", "key": "k", "version": 1})),
            Some(json!({"name": "b", "key": "k", "version": 2})),
        );
        assert_eq!(entry.changed, ["name", "version"]);
        assert_eq!(entry.before.as_deref(), Some(r#"{"name":"a","version":1}"#));
        assert_eq!(
            entry.after.as_deref(),
            Some(r#"{"key":"k","name":"b","version":2}"#)
        );
    }

    #[test]
    fn a_deletion_keeps_the_whole_thing() {
        let entry = entry(1, Some(json!({"b": 1, "a": 2})), None);
        assert_eq!(entry.before.as_deref(), Some(r#"{"a":2,"b":1}"#));
        assert!(entry.changed.is_empty());
    }

    #[test]
    fn canonical_json_is_sorted_at_every_depth_and_keeps_what_is_empty() {
        let value = json!({"b": [{}, [], {"z": "\"", "a": 1.5}], "a": {}});
        assert_eq!(
            canonical(&value),
            r#"{"a":{},"b":[{},[],{"a":1.5,"z":"\""}]}"#
        );
    }

    #[test]
    fn the_canonical_entry_is_json_with_its_members_sorted() {
        let text = entry(7, None, Some(json!({"b": [1, {"z": 1, "a": null}]}))).canonical();
        let parsed: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(canonical(&parsed), text);
        assert_eq!(parsed["after"]["b"][1]["z"], 1);
        assert_eq!(parsed["actor"]["type"], "user");
    }

    /// E19
    #[test]
    fn a_trail_as_it_was_written_is_whole() {
        let trail = chain((1..=3).map(|n| entry(n, None, Some(json!(n)))).collect());
        assert_eq!(verify(&trail).unwrap().sequence, 3);
    }

    /// E19
    #[test]
    fn an_altered_entry_breaks_the_trail_at_its_number() {
        let mut trail = chain((1..=3).map(|n| entry(n, None, Some(json!(n)))).collect());
        trail[1].entry.after = Some("5".to_owned());
        assert_eq!(verify(&trail), Err(Flaw::HashDiffers.at(2)));
    }

    /// E19: sealed anew, it differs from what the next one follows.
    #[test]
    fn an_entry_altered_and_sealed_again_breaks_the_trail_at_the_next() {
        let mut trail = chain((1..=3).map(|n| entry(n, None, Some(json!(n)))).collect());
        trail[1].entry.after = Some("5".to_owned());
        trail[1].hash = trail[1].entry.hash(&trail[0].hash);
        assert_eq!(verify(&trail), Err(Flaw::PreviousHashDiffers.at(3)));
    }

    /// E19
    #[test]
    fn an_entry_put_in_breaks_the_trail() {
        let mut trail = chain((1..=3).map(|n| entry(n, None, Some(json!(n)))).collect());
        trail.insert(0, trail[0].clone());
        trail[0].entry.sequence = 0;
        assert_eq!(verify(&trail), Err(Flaw::NumberUnexpected.at(0)));
    }

    /// E19
    #[test]
    fn an_entry_taken_out_breaks_the_trail() {
        let mut trail = chain((1..=3).map(|n| entry(n, None, Some(json!(n)))).collect());
        trail.remove(1);
        assert_eq!(verify(&trail), Err(Flaw::NumberMissing.at(2)));
    }
}
