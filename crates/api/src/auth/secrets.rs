//! What everything secret is derived from: one master key, one purpose a derived key.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hmac::{self, HMAC_SHA256},
};
use secrecy::{ExposeSecret as _, SecretBox};

/// Keys derived from the master key; cheap to share.
pub struct Secrets {
    cursor: hmac::Key,
    idempotency: hmac::Key,
    sealing: SecretBox<[u8; 32]>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(..)")
    }
}

/// Something sealed cannot be opened: another master key, or damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it was encrypted under another secret key, or is damaged")]
pub struct Unsealable;

impl Secrets {
    /// Derives every key from 32 random bytes.
    #[must_use]
    pub fn new(master: [u8; 32]) -> Self {
        let root = hmac::Key::new(HMAC_SHA256, &master);
        let derive = |purpose: &str| {
            let tag = hmac::sign(&root, format!("baton/1/{purpose}").as_bytes());
            let mut key = [0; 32];
            key.copy_from_slice(tag.as_ref());
            key
        };
        Self {
            cursor: hmac::Key::new(HMAC_SHA256, &derive("cursor")),
            idempotency: hmac::Key::new(HMAC_SHA256, &derive("idempotency")),
            sealing: SecretBox::new(Box::new(derive("signing-keys"))),
        }
    }

    /// Authenticates the parts of a cursor.
    #[must_use]
    pub fn cursor(&self, parts: &[&[u8]]) -> Vec<u8> {
        tag(&self.cursor, parts)
    }

    /// Fingerprints the parts of a request.
    #[must_use]
    pub fn idempotency(&self, parts: &[&[u8]]) -> Vec<u8> {
        tag(&self.idempotency, parts)
    }

    /// Encrypts a signing key (AES-256-GCM, the nonce in front), bound to its key id.
    pub fn seal(&self, kid: &str, plain: &[u8]) -> Result<Vec<u8>, Unsealable> {
        let mut sealed = plain.to_vec();
        let nonce = self
            .sealing_key()?
            .seal_in_place_append_tag(Aad::from(kid), &mut sealed)
            .map_err(|_| Unsealable)?;
        let mut bytes = nonce.as_ref().to_vec();
        bytes.append(&mut sealed);
        Ok(bytes)
    }

    /// Decrypts what [`Self::seal`] made for the same key id.
    pub fn open(&self, kid: &str, sealed: &[u8]) -> Result<Vec<u8>, Unsealable> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN).ok_or(Unsealable)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Unsealable)?;
        let mut bytes = sealed.to_vec();
        let plain = self
            .sealing_key()?
            .open_in_place(nonce, Aad::from(kid), &mut bytes)
            .map_err(|_| Unsealable)?;
        Ok(plain.to_vec())
    }

    fn sealing_key(&self) -> Result<RandomizedNonceKey, Unsealable> {
        RandomizedNonceKey::new(&AES_256_GCM, self.sealing.expose_secret()).map_err(|_| Unsealable)
    }
}

/// Each part goes in with its length, so that parts cannot be shifted against each other.
fn tag(key: &hmac::Key, parts: &[&[u8]]) -> Vec<u8> {
    let mut context = hmac::Context::with_key(key);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    context.sign().as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_under_the_same_key_and_id_only() {
        let secrets = Secrets::new([1; 32]);
        let sealed = secrets.seal("k1", b"private").unwrap();
        assert_ne!(sealed, secrets.seal("k1", b"private").unwrap());
        assert_eq!(secrets.open("k1", &sealed).unwrap(), b"private");
        assert_eq!(secrets.open("k2", &sealed), Err(Unsealable));
        assert_eq!(Secrets::new([2; 32]).open("k1", &sealed), Err(Unsealable));
        assert_eq!(secrets.open("k1", b"short"), Err(Unsealable));
    }

    #[test]
    fn parts_cannot_be_shifted() {
        let secrets = Secrets::new([1; 32]);
        assert_ne!(
            secrets.idempotency(&[b"ab", b"c"]),
            secrets.idempotency(&[b"a", b"bc"])
        );
    }
}
