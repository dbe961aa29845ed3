//! Signing the head of a trail, and holding signatures against the keys of this installation (E19).

use std::collections::HashMap;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use chrono::{DateTime, Utc};
use domain::audit::{
    Flaw,
    checkpoint::{Checkpoint, Statement},
};
use persistence::{SigningKey, Store, StoreError};

use crate::auth::{keys::CurrentKey, secrets::Secrets};

/// Signs where a trail ends.
pub(crate) fn sign(statement: Statement, key: &CurrentKey) -> Checkpoint {
    Checkpoint {
        signature: key.sign(&statement.text()),
        key_id: key.kid.clone(),
        statement,
    }
}

/// The keys that checkpoints may be signed with: every one that this installation has ever made.
pub(crate) struct CheckpointKeys(HashMap<String, TrustedKey>);

struct TrustedKey {
    public: Vec<u8>,
    revoked_at: Option<DateTime<Utc>>,
}

impl CheckpointKeys {
    /// Reads them.
    pub(crate) async fn load(store: &Store, secrets: &Secrets) -> Result<Self, StoreError> {
        let stored = store.signing_keys().await?;
        Ok(Self::of(stored, secrets))
    }

    fn of(stored: Vec<SigningKey>, secrets: &Secrets) -> Self {
        let trusted = stored
            .into_iter()
            .filter_map(|key| Some((key.kid.clone(), TrustedKey::of(&key, secrets)?)));
        Self(trusted.collect())
    }

    /// Whether a checkpoint is signed by one of them, before that was revoked.
    pub(crate) fn check(&self, checkpoint: &Checkpoint) -> Result<(), Flaw> {
        let Statement { day, signed_at, .. } = checkpoint.statement;
        let key = self
            .0
            .get(&checkpoint.key_id)
            .filter(|key| key.revoked_at.is_none_or(|revoked| signed_at <= revoked))
            .ok_or(Flaw::CheckpointKeyUnknown { day })?;
        UnparsedPublicKey::new(&ED25519, &key.public)
            .verify(
                checkpoint.statement.text().as_bytes(),
                &checkpoint.signature,
            )
            .map_err(|_| Flaw::CheckpointSignatureWrong { day })
    }
}

impl TrustedKey {
    /// A key whose private half was encrypted under the secret key of this installation: whoever can only write to the
    /// database cannot make one. The public half is taken from there, not from where it stands in the clear.
    fn of(key: &SigningKey, secrets: &Secrets) -> Option<Self> {
        let private = secrets.open(&key.kid, &key.private_key_encrypted).ok()?;
        let pair = Ed25519KeyPair::from_pkcs8(&private).ok()?;
        Some(Self {
            public: pair.public_key().as_ref().to_vec(),
            revoked_at: key.revoked_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, TimeDelta};
    use domain::{audit::Link, ids::FirmId};
    use uuid::Uuid;

    use super::*;
    use crate::auth::keys::{KeyRing, NewKey};

    const DAY: NaiveDate = NaiveDate::from_ymd_opt(2030, 3, 4).unwrap();

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hour)
    }

    fn statement() -> Statement {
        Statement {
            firm_id: FirmId(Uuid::from_u128(1)),
            day: DAY,
            head: Link {
                sequence: 7,
                hash: [1; 32],
            },
            signed_at: at(5),
        }
    }

    fn signed_by(secrets: &Secrets) -> (SigningKey, Checkpoint) {
        let key = NewKey::generate(secrets).unwrap().stored(1, at(0));
        let ring = KeyRing::open(secrets, std::slice::from_ref(&key)).unwrap();
        (key, sign(statement(), ring.current()))
    }

    /// E19
    #[test]
    fn nothing_that_a_checkpoint_says_can_be_changed() {
        let secrets = Secrets::new([1; 32]);
        let (key, checkpoint) = signed_by(&secrets);
        let keys = CheckpointKeys::of(vec![key], &secrets);
        assert_eq!(keys.check(&checkpoint), Ok(()));
        let changes: [fn(&mut Checkpoint); 5] = [
            |it| it.statement.firm_id = FirmId(Uuid::from_u128(2)),
            |it| it.statement.head.sequence = 6,
            |it| it.statement.head.hash = [2; 32],
            |it| it.statement.signed_at += TimeDelta::microseconds(1),
            |it| it.signature[0] ^= 1,
        ];
        for change in changes {
            let mut forged = checkpoint.clone();
            change(&mut forged);
            let wrong = Flaw::CheckpointSignatureWrong { day: DAY };
            assert_eq!(keys.check(&forged), Err(wrong));
        }
    }

    /// E19: who can write to the database can put a key of their own there, but not encrypt it.
    #[test]
    fn a_key_that_was_put_into_the_database_counts_for_nothing() {
        let (forged, checkpoint) = signed_by(&Secrets::new([9; 32]));
        let secrets = Secrets::new([1; 32]);
        let unknown = Err(Flaw::CheckpointKeyUnknown { day: DAY });
        let keys = CheckpointKeys::of(vec![forged.clone()], &secrets);
        assert_eq!(keys.check(&checkpoint), unknown);

        let (mut genuine, _) = signed_by(&secrets);
        genuine.public_key = forged.public_key;
        let mut posing = checkpoint;
        posing.key_id.clone_from(&genuine.kid);
        let wrong = Err(Flaw::CheckpointSignatureWrong { day: DAY });
        let keys = CheckpointKeys::of(vec![genuine], &secrets);
        assert_eq!(keys.check(&posing), wrong);
    }

    /// E19
    #[test]
    fn what_a_key_has_signed_before_it_was_revoked_counts() {
        let secrets = Secrets::new([1; 32]);
        let (mut key, checkpoint) = signed_by(&secrets);
        for (revoked, counts) in [(5, true), (4, false)] {
            key.revoked_at = Some(at(revoked));
            let keys = CheckpointKeys::of(vec![key.clone()], &secrets);
            assert_eq!(keys.check(&checkpoint).is_ok(), counts);
        }
    }
}
