use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, NaiveDate, Utc};
use domain::audit::{Sealed, checkpoint::Checkpoint, hexadecimal};
use persistence::{TrailFault, TrailRange, Verified};
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

/// The end of the trail, signed once a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditCheckpointView {
    /// The day, in the firm's time zone.
    day: NaiveDate,
    /// Number of the last entry then.
    #[schema(example = 1042)]
    sequence: i64,
    /// Its hash.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    hash: String,
    signed_at: DateTime<Utc>,
    /// The signing key's name, as the published keys have it while tokens of it hold.
    kid: String,
    /// The text that is signed, byte for byte: canonical JSON.
    statement: String,
    /// Its Ed25519 signature in base64url.
    #[schema(pattern = "^[A-Za-z0-9_-]*$")]
    signature: String,
}

impl AuditCheckpointView {
    /// The checkpoint as it is shown.
    pub(super) fn new(checkpoint: Checkpoint) -> Self {
        let statement = checkpoint.statement;
        Self {
            day: statement.day,
            sequence: statement.head.sequence,
            hash: hexadecimal(&statement.head.hash),
            signed_at: statement.signed_at,
            kid: checkpoint.key_id,
            statement: statement.text(),
            signature: URL_SAFE_NO_PAD.encode(checkpoint.signature),
        }
    }
}

/// Whether a part of the trail is whole.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditVerdictView {
    /// Whether every entry of it follows from the one before, and every checkpoint on it is signed and says what the trail
    /// says.
    valid: bool,
    /// The first entry of it.
    #[schema(example = 1)]
    from_sequence: i64,
    /// The last entry of it or, when the trail is broken, the entry where it is.
    #[schema(example = 1042)]
    sequence: i64,
    /// The last entry's hash; null when the trail is broken.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    hash: Option<String>,
    /// How many checkpoints stand on it; null when the trail is broken.
    #[schema(example = 12)]
    checkpoints: Option<u64>,
    /// Where to go on; null at the end of the trail, and when it is broken.
    #[schema(example = 1043)]
    next_sequence: Option<i64>,
    /// What is wrong.
    fault: Option<AuditFaultView>,
}

/// The first thing that is wrong with a trail.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditFaultView {
    /// Stable word for programs.
    #[schema(example = "hash-differs")]
    code: &'static str,
    /// The checkpoint that it is about.
    checkpoint: Option<NaiveDate>,
    /// A sentence for people.
    #[schema(example = "Entry 17: its hash differs from what its members give.")]
    detail: String,
}

impl AuditVerdictView {
    /// The verdict on a trail that could be read.
    pub(super) fn new(
        verified: Result<Verified, TrailFault>,
        range: TrailRange,
    ) -> Result<Self, Problem> {
        match verified {
            Ok(whole) => Ok(Self {
                valid: true,
                from_sequence: range.from,
                sequence: whole.end.sequence,
                hash: Some(hexadecimal(&whole.end.hash)),
                checkpoints: Some(whole.checkpoints),
                next_sequence: (!whole.at_head).then_some(whole.end.sequence + 1),
                fault: None,
            }),
            Err(TrailFault::Broken(broken)) => Ok(Self {
                valid: false,
                from_sequence: range.from,
                sequence: broken.sequence,
                hash: None,
                checkpoints: None,
                next_sequence: None,
                fault: Some(AuditFaultView {
                    code: broken.flaw.code(),
                    checkpoint: broken.flaw.checkpoint(),
                    detail: format!("Entry {}: {}.", broken.sequence, broken.flaw),
                }),
            }),
            Err(TrailFault::Store(err)) => Err(err.into()),
        }
    }
}
