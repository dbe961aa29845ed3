//! The Ed25519 keys that sign access tokens: made on first start, kept encrypted, several valid while they rotate.

use std::{collections::HashMap, sync::Arc};

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{Ed25519KeyPair, KeyPair as _},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use jsonwebtoken::{DecodingKey, EncodingKey};
use persistence::{SigningKey, Store, StoreError};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::secrets::{Secrets, Unsealable};

/// What the database calls the algorithm.
pub const ALGORITHM: &str = "EdDSA";

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
    pub fn stored(&self, now: DateTime<Utc>) -> SigningKey {
        SigningKey {
            kid: self.kid.clone(),
            algorithm: ALGORITHM.to_owned(),
            public_key: self.public.clone(),
            private_key_encrypted: self.private_sealed.clone(),
            created_at: now,
            retired_at: None,
        }
    }
}

/// The key that signs now.
pub struct CurrentKey {
    /// Its name in tokens.
    pub kid: String,
    /// Signs.
    pub private: EncodingKey,
    /// The public half.
    pub public_bytes: Vec<u8>,
}

/// All keys whose tokens are accepted.
pub struct KeyRing {
    current: CurrentKey,
    public: HashMap<String, Arc<DecodingKey>>,
    published: Vec<JsonWebKey>,
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

impl KeyRing {
    /// Opens stored keys, newest first; the first that is not retired signs.
    pub fn open(secrets: &Secrets, stored: Vec<SigningKey>) -> Result<Self, KeyError> {
        let signing = stored
            .iter()
            .find(|key| key.retired_at.is_none())
            .ok_or(KeyError::Empty)?;
        let private = secrets
            .open(&signing.kid, &signing.private_key_encrypted)
            .map_err(|err| KeyError::Unsealable(signing.kid.clone(), err))?;
        let current = CurrentKey {
            kid: signing.kid.clone(),
            private: EncodingKey::from_ed_der(&private),
            public_bytes: signing.public_key.clone(),
        };
        let published = stored
            .iter()
            .map(|key| JsonWebKey {
                kty: "OKP",
                crv: "Ed25519",
                usage: "sig",
                alg: ALGORITHM,
                kid: key.kid.clone(),
                x: URL_SAFE_NO_PAD.encode(&key.public_key),
            })
            .collect();
        let public = stored
            .into_iter()
            .map(|key| (key.kid, Arc::new(DecodingKey::from_ed_der(&key.public_key))))
            .collect();
        Ok(Self {
            current,
            public,
            published,
        })
    }

    /// Opens the stored keys; makes and stores the first.
    pub async fn load_or_make(
        store: &Store,
        secrets: &Secrets,
        now: DateTime<Utc>,
    ) -> Result<Self, KeyError> {
        if store.signing_keys().await?.is_empty() {
            store
                .add_signing_key(NewKey::generate(secrets)?.stored(now))
                .await?;
        }
        // Read back: another server may have made one at the same moment, and both hold.
        Self::load(store, secrets).await
    }

    /// Opens the stored keys.
    pub async fn load(store: &Store, secrets: &Secrets) -> Result<Self, KeyError> {
        Self::open(secrets, store.signing_keys().await?)
    }

    /// The key that signs now.
    #[must_use]
    pub const fn current(&self) -> &CurrentKey {
        &self.current
    }

    /// The public half of a key by its name.
    #[must_use]
    pub fn public(&self, kid: &str) -> Option<Arc<DecodingKey>> {
        self.public.get(kid).cloned()
    }

    /// All public keys, for clients that check tokens themselves.
    #[must_use]
    pub fn published(&self) -> &[JsonWebKey] {
        &self.published
    }
}
