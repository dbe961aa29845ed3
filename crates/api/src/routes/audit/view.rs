use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use domain::audit::{Hash, Link, Sealed};
use persistence::TrailFault;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    http::problem::Problem,
    routes::events::view::{ActorView, SubjectView, kept},
};

/// One entry of the trail, sealed with a hash over itself and all before it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditEntryView {
    /// Its number in the firm, rising by one from entry to entry.
    #[schema(example = 1042)]
    sequence: i64,
    occurred_at: DateTime<Utc>,
    actor: ActorView,
    /// For whom they acted, when they stood in for somebody.
    on_behalf_of: Option<Uuid>,
    /// What happened. New actions may be added.
    #[schema(example = "task.completed")]
    action: &'static str,
    subject: SubjectView,
    /// The entity whose record or work it is; null for the firm's set-up.
    entity_id: Option<Uuid>,
    /// Members of the subject that differ from before; empty when it was made or deleted.
    #[schema(example = json!(["status", "version"]))]
    changed: Vec<String>,
    /// Those members as they were; the whole subject when it was deleted; null when it was made.
    #[schema(value_type = Option<Object>)]
    before: Option<Value>,
    /// The whole subject as it became; null when it was deleted.
    #[schema(value_type = Option<Object>)]
    after: Option<Value>,
    /// The request that it came with.
    request_id: Option<String>,
    /// The network address that the request came from.
    address: Option<String>,
    /// SHA-256 in hexadecimal, over the previous hash and this entry.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    hash: String,
    /// The hash of the entry before; all zeros for the first.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    previous_hash: String,
}

impl AuditEntryView {
    /// The entry as it is shown.
    pub(super) fn new(sealed: Sealed) -> Result<Self, Problem> {
        let subject = SubjectView::of(&sealed.entry);
        let entry = sealed.entry;
        Ok(Self {
            sequence: entry.sequence,
            occurred_at: entry.occurred_at,
            actor: ActorView::from(entry.origin.agent),
            on_behalf_of: entry.origin.on_behalf_of.map(Uuid::from),
            action: entry.action.as_str(),
            subject,
            entity_id: entry.entity_id.map(Uuid::from),
            changed: entry.changed,
            before: kept(entry.before)?,
            after: kept(entry.after)?,
            request_id: entry.origin.request_id,
            address: entry.origin.address,
            hash: hexadecimal(&sealed.hash),
            previous_hash: hexadecimal(&sealed.previous_hash),
        })
    }
}

/// Whether the trail is whole.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditVerdictView {
    /// Whether every entry follows from the one before.
    valid: bool,
    /// Number of the last entry or, when the trail is broken, of the first that does not follow.
    #[schema(example = 1042)]
    sequence: i64,
    /// The last entry's hash; null when the trail is broken.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    hash: Option<String>,
    /// What is wrong.
    fault: Option<String>,
}

impl AuditVerdictView {
    /// The verdict on a trail that could be read.
    pub(super) fn new(verified: Result<Link, TrailFault>) -> Result<Self, Problem> {
        match verified {
            Ok(end) => Ok(Self {
                valid: true,
                sequence: end.sequence,
                hash: Some(hexadecimal(&end.hash)),
                fault: None,
            }),
            Err(TrailFault::Broken(broken)) => Ok(Self {
                valid: false,
                sequence: broken.sequence,
                hash: None,
                fault: Some(format!("{broken}.")),
            }),
            Err(TrailFault::Store(err)) => Err(err.into()),
        }
    }
}

fn hexadecimal(hash: &Hash) -> String {
    hash.iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}
