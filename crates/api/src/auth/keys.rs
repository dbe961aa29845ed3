//! The Ed25519 keys that sign access tokens and checkpoints: made at start and when the last is old, kept encrypted, several
//! valid while they rotate.

use std::sync::Arc;

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{Ed25519KeyPair, KeyPair as _},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{DecodingKey, EncodingKey};
use persistence::{SigningKey, Store, StoreError};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::secrets::{Secrets, Unsealable};

/// What the database calls the algorithm.
pub const ALGORITHM: &str = "EdDSA";

/// How long after another key was made a server may still use the one before, which it had in hand, and how far clocks may
/// be apart.
const LATE: TimeDelta = TimeDelta::minutes(2);

/// How often a key is made in an emergency while others make some, too.
const MOST_TRIES: u32 = 5;

/// A key just made, to be stored.
#[derive(Debug)]
pub struct NewKey {
    /// Its name: the thumbprint of its public half (RFC 7638).
    pub kid: String,
    /// 32 bytes.
    pub public: Vec<u8>,
    /// The private half, encrypted.
    pub private_sealed: Vec<u8>,
}

/// Why keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The system's random numbers failed.
    #[error("a signing key could not be made")]
    Generation,
    /// The secret key is not the one that the keys were encrypted under.
    #[error("signing key {0} cannot be opened: {1}; is BATON_SECRET_KEY the one of before?")]
    Unsealable(String, Unsealable),
    /// The database failed.
    #[error("the signing keys: {0}")]
    Store(#[from] StoreError),
    /// No key signs.
    #[error("there is no signing key in use")]
    Empty,
    /// Other servers made keys at the same moments.
    #[error("other servers are making signing keys; try again")]
    Contended,
}

impl NewKey {
    /// Makes one and encrypts its private half.
    pub fn generate(secrets: &Secrets) -> Result<Self, KeyError> {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())
            .map_err(|_| KeyError::Generation)?;
        let pair =
            Ed25519KeyPair::from_pkcs8(document.as_ref()).map_err(|_| KeyError::Generation)?;
        let public = pair.public_key().as_ref().to_vec();
        let x = URL_SAFE_NO_PAD.encode(&public);
        let thumbprint = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
        let kid = URL_SAFE_NO_PAD.encode(Sha256::digest(thumbprint));
        let private_sealed = secrets
            .seal(&kid, document.as_ref())
            .map_err(|_| KeyError::Generation)?;
        Ok(Self {
            kid,
            public,
            private_sealed,
        })
    }

    /// The key as it is stored.
    #[must_use]
    pub fn stored(&self, generation: i64, now: DateTime<Utc>) -> SigningKey {
        SigningKey {
            kid: self.kid.clone(),
            algorithm: ALGORITHM.to_owned(),
            public_key: self.public.clone(),
            private_key_encrypted: self.private_sealed.clone(),
            generation,
            created_at: now,
            revoked_at: None,
        }
    }
}

/// The key that signs now.
pub struct CurrentKey {
    /// Its name in tokens.
    pub kid: String,
    /// Signs tokens.
    pub private: EncodingKey,
    /// The public half.
    pub public_bytes: Vec<u8>,
    pair: Ed25519KeyPair,
}

impl CurrentKey {
    /// Signs something else than a token.
    #[must_use]
    pub fn sign(&self, text: &str) -> Vec<u8> {
        self.pair.sign(text.as_bytes()).as_ref().to_vec()
    }
}

/// All keys whose tokens are accepted, newest first.
pub struct KeyRing {
    current: CurrentKey,
    known: Vec<KnownKey>,
}

struct KnownKey {
    published: JsonWebKey,
    decoding: Arc<DecodingKey>,
    /// Since when another signs.
    retired_at: Option<DateTime<Utc>>,
}

/// A public key as clients read it (RFC 8037).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct JsonWebKey {
    /// `OKP`
    #[schema(example = "OKP")]
    pub kty: &'static str,
    /// `Ed25519`
    #[schema(example = "Ed25519")]
    pub crv: &'static str,
    /// `sig`
    #[serde(rename = "use")]
    #[schema(example = "sig")]
    pub usage: &'static str,
    /// `EdDSA`
    #[schema(example = "EdDSA")]
    pub alg: &'static str,
    /// Its name in tokens.
    pub kid: String,
    /// The key in base64url.
    pub x: String,
}

impl JsonWebKey {
    fn of(key: &SigningKey) -> Self {
        Self {
            kty: "OKP",
            crv: "Ed25519",
            usage: "sig",
            alg: ALGORITHM,
            kid: key.kid.clone(),
            x: URL_SAFE_NO_PAD.encode(&key.public_key),
        }
    }
}

impl KeyRing {
    /// Opens stored keys, newest first; the first that is not revoked signs.
    pub fn open(secrets: &Secrets, stored: &[SigningKey]) -> Result<Self, KeyError> {
        let counting = |key: &&SigningKey| key.revoked_at.is_none();
        let signing = stored.iter().find(counting).ok_or(KeyError::Empty)?;
        let private = secrets
            .open(&signing.kid, &signing.private_key_encrypted)
            .map_err(|err| KeyError::Unsealable(signing.kid.clone(), err))?;
        let current = CurrentKey {
            kid: signing.kid.clone(),
            private: EncodingKey::from_ed_der(&private),
            public_bytes: signing.public_key.clone(),
            pair: Ed25519KeyPair::from_pkcs8(&private).map_err(|_| KeyError::Generation)?,
        };
        let successors = std::iter::once(None).chain(stored.iter().map(Some));
        let known = stored
            .iter()
            .zip(successors)
            .filter(|(key, _)| counting(key))
            .map(|(key, successor)| KnownKey {
                published: JsonWebKey::of(key),
                decoding: Arc::new(DecodingKey::from_ed_der(&key.public_key)),
                retired_at: successor.map(|next| next.created_at),
            })
            .collect();
        Ok(Self { current, known })
    }

    /// Opens the stored keys; makes and stores one where there is none, or where the last has signed for its whole time.
    pub async fn load_or_make(
        store: &Store,
        secrets: &Secrets,
        lifetime: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<Self, KeyError> {
        let stored = store.signing_keys().await?;
        let fresh = stored
            .iter()
            .find(|key| key.revoked_at.is_none())
            .is_some_and(|key| now < key.created_at + lifetime);
        if fresh {
            return Self::open(secrets, &stored);
        }
        let new = NewKey::generate(secrets)?.stored(next_generation(&stored), now);
        let kid = new.kid.clone();
        if store.add_signing_key(new).await? {
            tracing::info!(kid, "made a signing key");
        }
        // Read back: where another server has made one at the same moment, it is that one.
        Self::load(store, secrets).await
    }

    /// Makes a key and revokes all before it, at once; the name of the new one.
    pub async fn replace(
        store: &Store,
        secrets: &Secrets,
        now: DateTime<Utc>,
    ) -> Result<String, KeyError> {
        for _ in 0..MOST_TRIES {
            let generation = next_generation(&store.signing_keys().await?);
            let new = NewKey::generate(secrets)?.stored(generation, now);
            let kid = new.kid.clone();
            if store.replace_signing_keys(new, now).await? {
                return Ok(kid);
            }
        }
        Err(KeyError::Contended)
    }

    /// Opens the stored keys.
    pub async fn load(store: &Store, secrets: &Secrets) -> Result<Self, KeyError> {
        Self::open(secrets, &store.signing_keys().await?)
    }

    /// The key that signs now.
    #[must_use]
    pub const fn current(&self) -> &CurrentKey {
        &self.current
    }

    /// The public half of a key by its name.
    #[must_use]
    pub fn public(&self, kid: &str) -> Option<Arc<DecodingKey>> {
        let mut known = self.known.iter();
        let key = known.find(|key| key.published.kid == kid)?;
        Some(Arc::clone(&key.decoding))
    }

    /// The public keys whose tokens may still hold, for clients that check tokens themselves. Tokens hold for `lifetime`.
    #[must_use]
    pub fn published(&self, now: DateTime<Utc>, lifetime: TimeDelta) -> Vec<JsonWebKey> {
        self.known
            .iter()
            .filter(|key| {
                key.retired_at
                    .is_none_or(|retired| now <= retired + lifetime + LATE)
            })
            .map(|key| key.published.clone())
            .collect()
    }
}

fn next_generation(stored: &[SigningKey]) -> i64 {
    stored.first().map_or(1, |newest| newest.generation + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(day)
    }

    fn kids(ring: &KeyRing, now: DateTime<Utc>) -> Vec<String> {
        let published = ring.published(now, TimeDelta::minutes(15));
        published.into_iter().map(|key| key.kid).collect()
    }

    #[test]
    fn a_key_is_published_until_the_last_token_that_it_has_signed_has_expired() {
        let secrets = Secrets::new([1; 32]);
        let made = |generation| {
            let key = NewKey::generate(&secrets).unwrap();
            key.stored(generation, at(90 * generation))
        };
        let (old, new) = (made(1), made(2));
        let (old_kid, new_kid) = (old.kid.clone(), new.kid.clone());
        let ring = KeyRing::open(&secrets, &[new, old]).unwrap();
        assert_eq!(ring.current().kid, new_kid);
        let last = at(180) + TimeDelta::minutes(15) + LATE;
        assert_eq!(kids(&ring, last), [new_kid.clone(), old_kid.clone()]);
        assert_eq!(kids(&ring, last + TimeDelta::microseconds(1)), [new_kid]);
    }

    #[test]
    fn a_revoked_key_is_neither_published_nor_accepted_and_signs_no_more() {
        let secrets = Secrets::new([1; 32]);
        let mut old = NewKey::generate(&secrets).unwrap().stored(1, at(0));
        old.revoked_at = Some(at(1));
        let alone = KeyRing::open(&secrets, std::slice::from_ref(&old));
        assert!(matches!(alone, Err(KeyError::Empty)));
        let new = NewKey::generate(&secrets).unwrap().stored(2, at(1));
        let ring = KeyRing::open(&secrets, &[new.clone(), old.clone()]).unwrap();
        assert_eq!(kids(&ring, at(1)), [new.kid]);
        assert!(ring.public(&old.kid).is_none());
    }
}
