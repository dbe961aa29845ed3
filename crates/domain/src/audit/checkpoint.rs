//! Checkpoints: the head of a trail, signed once a day, so that not even whoever can write to the database can write a new
//! past (E19).

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

use super::{Link, hexadecimal};
use crate::ids::FirmId;

/// What a checkpoint says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement {
    /// Whose trail.
    pub firm_id: FirmId,
    /// The day that it is for, in the firm's time zone.
    pub day: NaiveDate,
    /// Where the trail ended.
    pub head: Link,
    /// When it was signed.
    pub signed_at: DateTime<Utc>,
}

impl Statement {
    /// The text that is signed: canonical JSON that says what it is, so that no signature of anything else passes for one.
    #[must_use]
    pub fn text(&self) -> String {
        let signed_at = self.signed_at.to_rfc3339_opts(SecondsFormat::Micros, true);
        format!(
            r#"{{"day":"{}","firm_id":"{}","hash":"{}","sequence":{},"signed_at":"{signed_at}","type":"baton.audit.checkpoint"}}"#,
            self.day,
            self.firm_id,
            hexadecimal(&self.head.hash),
            self.head.sequence,
        )
    }
}

/// A statement with its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// What is signed.
    pub statement: Statement,
    /// The name of the key that has signed it.
    pub key_id: String,
    /// The signature of the statement's text (Ed25519).
    pub signature: Vec<u8>,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::*;
    use crate::audit::canonical;

    /// E19
    #[test]
    fn what_is_signed_is_canonical_json_of_everything_that_a_checkpoint_says() {
        let text = Statement {
            firm_id: FirmId(Uuid::from_u128(1)),
            day: NaiveDate::from_ymd_opt(2030, 3, 4).unwrap(),
            head: Link {
                sequence: 7,
                hash: [0xab; 32],
            },
            signed_at: DateTime::from_timestamp_micros(1_898_866_800_000_001).unwrap(),
        }
        .text();
        let parsed: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(canonical(&parsed), text);
        assert_eq!(
            parsed,
            json!({
                "type": "baton.audit.checkpoint",
                "firm_id": "00000000-0000-0000-0000-000000000001",
                "day": "2030-03-04",
                "sequence": 7,
                "hash": "ab".repeat(32),
                "signed_at": "2030-03-04T15:00:00.000001Z",
            })
        );
    }
}
