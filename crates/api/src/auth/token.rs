//! Access tokens (RFC 9068, EdDSA): made at sign-in, checked claim by claim.

use std::{
    num::NonZeroU32,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{FirmId, SessionId, UserId};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, encode};
use moka::sync::Cache;
use persistence::Store;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{
    keys::{JsonWebKey, KeyError, KeyRing},
    secrets::Secrets,
};

/// What people's own sessions carry as `client_id`.
pub const CLIENT_ID: &str = "baton";

/// The media type of access tokens (RFC 9068, 2.1).
const TOKEN_TYPE: &str = "at+jwt";

/// How many unknown keys a second are looked up, whoever names them.
const LOOK_UPS: NonZeroU32 = const { NonZeroU32::new(10).unwrap() };

/// How far the clocks of two servers may be apart.
const LEEWAY_SECONDS: i64 = 30;

/// The claims of an access token; all are required.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who issued it: the public address.
    pub iss: String,
    /// For whom: the API at that address.
    pub aud: String,
    /// The user.
    pub sub: UserId,
    /// When it was issued, in seconds.
    pub iat: i64,
    /// From when it holds.
    pub nbf: i64,
    /// Until when it holds.
    pub exp: i64,
    /// Its own identity.
    pub jti: Uuid,
    /// The client that acts for the user.
    pub client_id: String,
    /// The user's firm.
    pub firm: FirmId,
    /// The session that it belongs to.
    pub sid: SessionId,
}

/// A token whose signature holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// What it says.
    pub claims: Claims,
    /// The name of the key that has signed it.
    pub key_id: String,
}

/// Why a token does not hold. The caller is told no more than this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not a token of ours: malformed, forged, or of another kind.
    #[error("The access token is not valid.")]
    Invalid,
    /// Its time is over.
    #[error("The access token has expired.")]
    Expired,
    /// Its key is not among ours.
    #[error("The access token is not valid.")]
    UnknownKey,
}

/// Makes and checks access tokens.
pub struct Tokens {
    keys: RwLock<Arc<KeyRing>>,
    look_ups: DefaultDirectRateLimiter,
    /// Names that were looked up in vain.
    unknown: Cache<String, ()>,
    issuer: String,
    audience: String,
    lifetime: Duration,
    verified: Cache<[u8; 32], Arc<Verified>>,
}

impl Tokens {
    /// Tokens of the server at this address.
    #[must_use]
    pub fn new(keys: Arc<KeyRing>, public_url: &str, lifetime: Duration) -> Self {
        // The signature is not checked again for a minute; whether its session lives and its key counts, each time.
        let minute = Duration::from_mins(1);
        Self {
            keys: RwLock::new(keys),
            look_ups: RateLimiter::direct(Quota::per_second(LOOK_UPS)),
            unknown: Cache::builder()
                .max_capacity(10_000)
                .time_to_live(minute)
                .build(),
            issuer: public_url.to_owned(),
            audience: format!("{public_url}/v1"),
            lifetime,
            verified: Cache::builder()
                .max_capacity(10_000)
                .time_to_live(minute)
                .build(),
        }
    }

    /// How long a token holds.
    #[must_use]
    pub const fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// The keys in use.
    #[must_use]
    pub fn keys(&self) -> Arc<KeyRing> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The public keys, for `/.well-known/jwks.json`.
    #[must_use]
    pub fn published(&self, now: DateTime<Utc>) -> Vec<JsonWebKey> {
        let lifetime = TimeDelta::from_std(self.lifetime).unwrap_or(TimeDelta::MAX);
        self.keys().published(now, lifetime)
    }

    /// Uses these keys from now on.
    pub fn take_up(&self, keys: KeyRing) {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
    }

    /// Takes up the keys as they are stored if another server, or the command line, has made one or revoked some since.
    pub async fn refresh(&self, store: &Store, secrets: &Secrets) -> Result<(), KeyError> {
        let current = store.current_key_id().await?;
        if current.as_deref() != Some(self.keys().current().kid.as_str()) {
            self.take_up(KeyRing::load(store, secrets).await?);
        }
        Ok(())
    }

    /// Looks up the key of a token that this server does not know, once, and takes up the keys if there is such a one. What
    /// strangers make up costs no more than a few statements a second.
    pub async fn look_up(
        &self,
        token: &str,
        store: &Store,
        secrets: &Secrets,
    ) -> Result<(), KeyError> {
        let Some(kid) = decode_header(token).ok().and_then(|header| header.kid) else {
            return Ok(());
        };
        if self.unknown.contains_key(&kid) || self.look_ups.check().is_err() {
            return Ok(());
        }
        if store.has_signing_key(&kid).await? {
            self.take_up(KeyRing::load(store, secrets).await?);
        } else {
            self.unknown.insert(kid, ());
        }
        Ok(())
    }

    /// A token for a session.
    pub fn issue(
        &self,
        firm: FirmId,
        user: UserId,
        session: SessionId,
        jti: Uuid,
        now: DateTime<Utc>,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let at = now.timestamp();
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: user,
            iat: at,
            nbf: at,
            exp: at.saturating_add_unsigned(self.lifetime.as_secs()),
            jti,
            client_id: CLIENT_ID.to_owned(),
            firm,
            sid: session,
        };
        let keys = self.keys();
        let current = keys.current();
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TOKEN_TYPE.to_owned());
        header.kid = Some(current.kid.clone());
        encode(&header, &claims, &current.private)
    }

    /// What a token that holds at this time says.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Arc<Verified>, TokenError> {
        let digest: [u8; 32] = Sha256::digest(token).into();
        if let Some(verified) = self.verified.get(&digest) {
            in_time(&verified.claims, now)?;
            return Ok(verified);
        }
        let verified = Arc::new(self.check(token)?);
        in_time(&verified.claims, now)?;
        self.verified.insert(digest, Arc::clone(&verified));
        Ok(verified)
    }

    fn check(&self, token: &str) -> Result<Verified, TokenError> {
        let header = decode_header(token).map_err(|_| TokenError::Invalid)?;
        let typed = header.typ.as_deref().is_some_and(|typ| {
            typ.eq_ignore_ascii_case(TOKEN_TYPE) || typ.eq_ignore_ascii_case("application/at+jwt")
        });
        let kid = header
            .kid
            .filter(|_| typed && header.alg == Algorithm::EdDSA)
            .ok_or(TokenError::Invalid)?;
        let key = self.keys().public(&kid).ok_or(TokenError::UnknownKey)?;
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
        rules.set_issuer(&[&self.issuer]);
        rules.set_audience(&[&self.audience]);
        // Times are held against our own clock, below.
        rules.validate_exp = false;
        rules.validate_nbf = false;
        decode::<Claims>(token, &key, &rules)
            .map(|data| data.claims)
            .ok()
            .filter(|claims| claims.client_id == CLIENT_ID && claims.iat <= claims.exp)
            .map(|claims| Verified {
                claims,
                key_id: kid,
            })
            .ok_or(TokenError::Invalid)
    }
}

fn in_time(claims: &Claims, now: DateTime<Utc>) -> Result<(), TokenError> {
    let now = now.timestamp();
    if claims.exp <= now {
        return Err(TokenError::Expired);
    }
    let latest = now.saturating_add(LEEWAY_SECONDS);
    if claims.nbf > latest || claims.iat > latest {
        return Err(TokenError::Invalid);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    use chrono::{TimeDelta, TimeZone as _};
    use jsonwebtoken::EncodingKey;
    use serde_json::{Value, json};

    use super::*;
    use crate::auth::keys::NewKey;

    struct Fixture {
        tokens: Tokens,
        private: Vec<u8>,
        kid: String,
    }

    fn now() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2030, 1, 2, 3, 4, 5).unwrap()
    }

    fn fixture() -> Fixture {
        let secrets = Secrets::new([1; 32]);
        let key = NewKey::generate(&secrets).unwrap();
        let private = secrets.open(&key.kid, &key.private_sealed).unwrap();
        let ring = KeyRing::open(&secrets, &[key.stored(1, now())]).unwrap();
        Fixture {
            tokens: Tokens::new(Arc::new(ring), "https://b.example", Duration::from_mins(15)),
            private,
            kid: key.kid,
        }
    }

    impl Fixture {
        fn good(&self) -> String {
            let id = Uuid::from_u128;
            self.tokens
                .issue(FirmId(id(1)), UserId(id(2)), SessionId(id(3)), id(4), now())
                .unwrap()
        }

        fn claims(&self) -> Value {
            serde_json::to_value(&self.tokens.verify(&self.good(), now()).unwrap().claims).unwrap()
        }

        /// Signs other claims or another header with the true key.
        fn signed(&self, header: &Header, claims: &Value) -> String {
            encode(header, claims, &EncodingKey::from_ed_der(&self.private)).unwrap()
        }

        fn header(&self) -> Header {
            let mut header = Header::new(Algorithm::EdDSA);
            header.typ = Some(TOKEN_TYPE.to_owned());
            header.kid = Some(self.kid.clone());
            header
        }

        fn refused(&self, token: &str) -> TokenError {
            self.tokens.verify(token, now()).unwrap_err()
        }
    }

    #[test]
    fn what_was_issued_holds_until_it_expires() {
        let fixture = fixture();
        let token = fixture.good();
        let claims = &fixture.tokens.verify(&token, now()).unwrap().claims;
        assert_eq!(claims.sub, UserId(Uuid::from_u128(2)));
        assert_eq!(claims.client_id, "baton");
        assert_eq!(
            decode_header(&token).unwrap().typ.as_deref(),
            Some("at+jwt")
        );

        let later = now() + TimeDelta::minutes(15) - TimeDelta::seconds(1);
        assert!(fixture.tokens.verify(&token, later).is_ok());
        // Also when its signature is still remembered.
        let over = now() + TimeDelta::minutes(15);
        assert_eq!(
            fixture.tokens.verify(&token, over),
            Err(TokenError::Expired)
        );
    }

    #[test]
    fn a_forged_or_changed_token_is_refused() {
        let fixture = fixture();
        let stranger = super::tests::fixture();
        let forged = stranger.signed(&fixture.header(), &fixture.claims());
        assert_eq!(fixture.refused(&forged), TokenError::Invalid);

        let good = fixture.good();
        let mut parts: Vec<String> = good.split('.').map(str::to_owned).collect();
        let mut claims = fixture.claims();
        claims["firm"] = json!(Uuid::from_u128(9));
        parts[1] = URL_SAFE_NO_PAD.encode(claims.to_string());
        assert_eq!(fixture.refused(&parts.join(".")), TokenError::Invalid);
        for garbage in ["", "a.b.c", "..", &good[..good.len() - 2]] {
            assert_eq!(fixture.refused(garbage), TokenError::Invalid, "{garbage}");
        }
    }

    #[test]
    fn an_unsigned_token_is_refused() {
        let fixture = fixture();
        let claims = URL_SAFE_NO_PAD.encode(fixture.claims().to_string());
        for alg in ["none", "None", "NONE"] {
            let header = json!({ "alg": alg, "typ": TOKEN_TYPE, "kid": fixture.kid });
            let header = URL_SAFE_NO_PAD.encode(header.to_string());
            assert_eq!(
                fixture.refused(&format!("{header}.{claims}.")),
                TokenError::Invalid
            );
        }
    }

    #[test]
    fn the_public_key_is_no_shared_secret() {
        let fixture = fixture();
        let public = fixture.tokens.keys().current().public_bytes.clone();
        let mut header = fixture.header();
        header.alg = Algorithm::HS256;
        let claims = fixture.claims();
        let token = encode(&header, &claims, &EncodingKey::from_secret(&public)).unwrap();
        assert_eq!(fixture.refused(&token), TokenError::Invalid);
    }

    #[test]
    fn every_claim_has_to_be_there_and_right() {
        let fixture = fixture();
        let good = fixture.claims();
        for name in [
            "iss",
            "aud",
            "sub",
            "iat",
            "nbf",
            "exp",
            "jti",
            "client_id",
            "firm",
            "sid",
        ] {
            let mut claims = good.clone();
            claims.as_object_mut().unwrap().remove(name);
            let token = fixture.signed(&fixture.header(), &claims);
            assert_eq!(fixture.refused(&token), TokenError::Invalid, "{name}");
        }
        let soon = now().timestamp() + 3600;
        for (name, wrong) in [
            ("iss", json!("https://evil.example")),
            ("aud", json!("https://b.example/other")),
            ("client_id", json!("another")),
            ("nbf", json!(soon)),
            ("iat", json!(soon)),
        ] {
            let mut claims = good.clone();
            claims[name] = wrong;
            claims["exp"] = json!(soon + 3600);
            let token = fixture.signed(&fixture.header(), &claims);
            assert_eq!(fixture.refused(&token), TokenError::Invalid, "{name}");
        }
    }

    #[test]
    fn a_token_of_another_kind_or_key_is_refused() {
        let fixture = fixture();
        for typ in [None, Some("JWT"), Some("id+jwt")] {
            let mut header = fixture.header();
            header.typ = typ.map(str::to_owned);
            let token = fixture.signed(&header, &fixture.claims());
            assert_eq!(fixture.refused(&token), TokenError::Invalid, "{typ:?}");
        }
        for (kid, refusal) in [
            (None, TokenError::Invalid),
            (Some("unknown"), TokenError::UnknownKey),
        ] {
            let mut header = fixture.header();
            header.kid = kid.map(str::to_owned);
            let token = fixture.signed(&header, &fixture.claims());
            assert_eq!(fixture.refused(&token), refusal, "{kid:?}");
        }
    }
}
