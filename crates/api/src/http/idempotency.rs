//! `Idempotency-Key`: its syntax, and the fingerprint of the request that it stands for.

use actix_web::{HttpMessage as _, HttpRequest, http::header::HeaderMap};
use domain::fault::Fault;
use sha2::{Digest as _, Sha256};

use super::problem::{Code, Problem};
use crate::auth::secrets::Secrets;

/// The header that carries the key.
pub const HEADER: &str = "idempotency-key";

/// SHA-256 of the body as it arrived; the body extractor leaves it with the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyDigest([u8; 32]);

impl BodyDigest {
    /// The digest of a body.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest of a body that was counted while it arrived.
    #[must_use]
    pub const fn known(sha256: [u8; 32]) -> Self {
        Self(sha256)
    }
}

/// The key of a request, when it has one; malformed keys are refused (400).
pub fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut values = headers.get_all(HEADER);
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let text = value.to_str().ok().filter(|text| {
        (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
    });
    if let (Some(text), None) = (text, values.next()) {
        return Ok(Some(text.to_owned()));
    }
    let detail = "One key of 1 to 255 visible ASCII characters.";
    let fault = Fault::new("Idempotency-Key", "bad-format", detail);
    Err(Problem::with_faults(Code::BadRequest, vec![fault]))
}

/// What tells two requests under one key apart: method, path with query, and body, kept only as an HMAC.
#[must_use]
pub fn fingerprint(secrets: &Secrets, req: &HttpRequest) -> Vec<u8> {
    let digest = req
        .extensions()
        .get::<BodyDigest>()
        .copied()
        .unwrap_or_else(|| BodyDigest::of(b""));
    secrets.idempotency(&[
        req.method().as_str().as_bytes(),
        req.uri().to_string().as_bytes(),
        &digest.0,
    ])
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_key_is_visible_ascii_of_limited_length() {
        let read = |text: &str| {
            let req = TestRequest::default()
                .insert_header((HEADER, text))
                .to_http_request();
            key(req.headers()).map_err(|problem| problem.code())
        };
        assert_eq!(read("a-1"), Ok(Some("a-1".to_owned())));
        for bad in ["", "a b", &"x".repeat(256), "\u{e9}"] {
            assert_eq!(read(bad), Err(Code::BadRequest), "{bad}");
        }
    }
}
