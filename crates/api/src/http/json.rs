//! JSON bodies: read in full within a deadline, checked against their schema in the document, then typed.

use std::pin::Pin;

use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest,
    dev::Payload,
    http::header::{self, HeaderValue},
    web::{Bytes, BytesMut, Data},
};
use domain::fault::Fault;
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    faults,
    idempotency::BodyDigest,
    problem::{Code, Problem},
    strict,
};
use crate::{spec::Spec, state::AppState};

/// How large a JSON body may be.
pub const MAX_BYTES: usize = 1 << 20;

/// A body that its schema in the document allows. Declare the same type as `request_body`.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + ToSchema + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let req = req.clone();
        let payload = payload.take();
        Box::pin(async move {
            let state = req
                .app_data::<Data<AppState>>()
                .ok_or_else(|| Problem::internal("the state is not registered"))?;
            let deadline = state.config.body_deadline;
            let bytes = read(&req, payload, deadline, "application/json").await?;
            req.extensions_mut().insert(BodyDigest::of(&bytes));
            typed(&state.spec, &bytes).map(Self)
        })
    }
}

/// From bytes to a value of the type, with all faults at once.
pub fn typed<T: DeserializeOwned + ToSchema>(spec: &Spec, bytes: &[u8]) -> Result<T, Problem> {
    let name = T::name();
    let validator = spec.body(&name).ok_or_else(|| {
        Problem::internal(format_args!("the document has no usable schema {name}"))
    })?;
    let empty = bytes.iter().all(u8::is_ascii_whitespace);
    let value = if empty {
        json!({})
    } else {
        strict::parse(bytes).map_err(|err| {
            Problem::new(Code::MalformedJson, format!("The body is not JSON: {err}."))
        })?
    };
    if !value.is_object() {
        let fault = Fault::new("", "wrong-type", "The body must be a JSON object.");
        return Err(Problem::invalid(vec![fault]));
    }
    let found = faults::check(&validator, &value);
    if empty && !found.is_empty() {
        return Err(Problem::new(
            Code::MalformedJson,
            "The body is empty; a JSON object is expected.",
        ));
    }
    if !found.is_empty() {
        return Err(Problem::invalid(found));
    }
    // What the schema allows and the type does not is rare: a leap second, a number beyond the type's range.
    serde_json::from_value(value)
        .map_err(|err| Problem::invalid(vec![Fault::new("", "not-allowed", format!("{err}."))]))
}

/// A whole body of this media type, within its limits of size and time.
pub(super) async fn read(
    req: &HttpRequest,
    payload: Payload,
    deadline: std::time::Duration,
    media_type: &str,
) -> Result<Bytes, Problem> {
    let announced = req
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse::<usize>().ok());
    if announced.is_some_and(|length| length > MAX_BYTES) {
        return Err(too_large());
    }
    let bytes = tokio::time::timeout(deadline, collect(payload))
        .await
        .map_err(|_| {
            Problem::new(
                Code::RequestTimeout,
                format!(
                    "The body did not arrive within {} seconds.",
                    deadline.as_secs_f32()
                ),
            )
            .with_header(header::CONNECTION, HeaderValue::from_static("close"))
        })??;
    if !bytes.is_empty() || req.headers().contains_key(header::CONTENT_TYPE) {
        require_type(req, media_type)?;
    }
    Ok(bytes)
}

async fn collect(mut payload: Payload) -> Result<Bytes, Problem> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk
            .map_err(|err| Problem::new(Code::BadRequest, format!("The body broke off: {err}.")))?;
        if bytes.len() + chunk.len() > MAX_BYTES {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

fn too_large() -> Problem {
    Problem::new(
        Code::PayloadTooLarge,
        format!("The body may have at most {MAX_BYTES} bytes."),
    )
    .with_header(header::CONNECTION, HeaderValue::from_static("close"))
}

fn require_type(req: &HttpRequest, media_type: &str) -> Result<(), Problem> {
    let fits = req
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|content_type| is_of_type(content_type, media_type));
    if fits {
        return Ok(());
    }
    Err(Problem::new(
        Code::UnsupportedMediaType,
        format!("Send the body as `Content-Type: {media_type}`."),
    ))
}

/// The media type, alone or in UTF-8.
fn is_of_type(content_type: &str, media_type: &str) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    essence.eq_ignore_ascii_case(media_type)
        && parts.all(|parameter| match parameter.split_once('=') {
            Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
                value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
            }
            _ => true,
        })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, ToSchema)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only whether it can be read is of interest")]
    struct CreateThing {
        #[schema(min_length = 1, max_length = 5)]
        title: String,
        owner_id: Option<uuid::Uuid>,
        #[schema(minimum = 1, maximum = 9)]
        count: Option<i64>,
        value: Option<domain::value::FieldValue>,
        colour: Option<Colour>,
    }

    #[derive(Debug, Deserialize, ToSchema)]
    #[serde(rename_all = "snake_case")]
    enum Colour {
        Red,
        Green,
    }

    #[derive(Debug, Deserialize, ToSchema)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only whether it can be read is of interest")]
    struct Optional {
        note: Option<String>,
    }

    fn spec() -> Spec {
        #[derive(utoipa::OpenApi)]
        #[openapi(components(schemas(CreateThing, Optional)))]
        struct Document;
        Spec::new(<Document as utoipa::OpenApi>::openapi().to_json().unwrap())
    }

    fn faults_of(text: &str) -> Vec<(String, String)> {
        typed::<CreateThing>(&spec(), text.as_bytes())
            .unwrap_err()
            .errors()
            .iter()
            .map(|fault| (fault.pointer.clone(), fault.code.clone()))
            .collect()
    }

    fn fault(pointer: &str, code: &str) -> (String, String) {
        (pointer.to_owned(), code.to_owned())
    }

    #[test]
    fn every_fault_is_found_at_once() {
        let mut found = faults_of(
            r#"{"title":"","owner_id":"nobody","count":10,"value":[1],"colour":"blue","x/y":1}"#,
        );
        found.sort();
        let expected = [
            fault("/colour", "not-one-of"),
            fault("/count", "out-of-range"),
            fault("/owner_id", "bad-format"),
            fault("/title", "too-short"),
            fault("/value/0", "wrong-type"),
            fault("/x~1y", "unknown-member"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_missing_member_is_pointed_at() {
        assert_eq!(faults_of("{\"count\":2}"), [fault("/title", "required")]);
    }

    #[test]
    fn a_wrong_type_is_told_once() {
        assert_eq!(faults_of(r#"{"title":7}"#), [fault("/title", "wrong-type")]);
        assert_eq!(
            faults_of(r#"{"title":"x","value":{"amount":"1.00"}}"#),
            [fault("/value/currency", "required")]
        );
    }

    #[test]
    fn an_array_is_no_object() {
        assert_eq!(faults_of("[null]"), [fault("", "wrong-type")]);
    }

    #[test]
    fn control_characters_are_refused_wherever_they_hide() {
        assert_eq!(
            faults_of(r#"{"title":"a\u0000b"}"#),
            [fault("/title", "control-character")]
        );
        let found = faults_of(r#"{"title":"x","a\u0007":1}"#);
        assert!(
            found.contains(&fault("/a\u{7}", "control-character")),
            "{found:?}"
        );
        assert!(typed::<CreateThing>(&spec(), br#"{"title":"a\n\t"}"#).is_ok());
    }

    #[test]
    fn nothing_counts_as_an_empty_object_where_nothing_is_required() {
        assert!(typed::<Optional>(&spec(), b"").is_ok());
        let problem = typed::<CreateThing>(&spec(), b" ").unwrap_err();
        assert_eq!(problem.code(), Code::MalformedJson);
    }

    #[test]
    fn only_json_in_utf_8_is_json() {
        for good in ["application/json", "Application/JSON; charset=\"UTF-8\""] {
            assert!(is_of_type(good, "application/json"), "{good}");
        }
        for bad in [
            "text/json",
            "application/json; charset=latin1",
            "application/jsonx",
            "",
        ] {
            assert!(!is_of_type(bad, "application/json"), "{bad}");
        }
    }
}
