//! Refresh tokens: which session they are for, and 256 random bits of which only a hash is kept.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::ids::{FirmId, SessionId};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// What every refresh token begins with, so that scanners for leaked secrets find it.
pub const PREFIX: &str = "bt_rt_";

const SECRET_LENGTH: usize = 32;

/// A refresh token taken apart.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// The firm, so that its session can be looked up.
    pub firm: FirmId,
    /// The session.
    pub session: SessionId,
    secret: [u8; SECRET_LENGTH],
}

impl std::fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RefreshToken({}, ..)", self.session)
    }
}

impl RefreshToken {
    /// A new one for a session.
    pub fn generate(
        firm: FirmId,
        session: SessionId,
    ) -> Result<Self, aws_lc_rs::error::Unspecified> {
        let mut secret = [0; SECRET_LENGTH];
        aws_lc_rs::rand::fill(&mut secret)?;
        Ok(Self {
            firm,
            session,
            secret,
        })
    }

    /// The text that the client keeps.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut bytes = Vec::with_capacity(32 + SECRET_LENGTH);
        bytes.extend_from_slice(self.firm.0.as_bytes());
        bytes.extend_from_slice(self.session.0.as_bytes());
        bytes.extend_from_slice(&self.secret);
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Reads a text; none when it is no refresh token.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?;
        let bytes: [u8; 32 + SECRET_LENGTH] = bytes.try_into().ok()?;
        let (firm, rest) = bytes.split_at(16);
        let (session, secret) = rest.split_at(16);
        Some(Self {
            firm: FirmId(Uuid::from_slice(firm).ok()?),
            session: SessionId(Uuid::from_slice(session).ok()?),
            secret: secret.try_into().ok()?,
        })
    }

    /// What is stored: a hash is enough for a secret of full entropy.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.secret).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_survives_its_text() {
        let token =
            RefreshToken::generate(FirmId(Uuid::from_u128(1)), SessionId(Uuid::from_u128(2)))
                .unwrap();
        let text = token.to_text();
        assert!(text.starts_with("bt_rt_"));
        assert_eq!(RefreshToken::parse(&text), Some(token));
        for bad in ["", "bt_rt_", &text[6..], &text[..text.len() - 4]] {
            assert_eq!(RefreshToken::parse(bad), None, "{bad}");
        }
    }
}
