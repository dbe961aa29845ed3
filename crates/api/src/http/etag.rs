//! Versions on the wire: strong entity tags, `If-Match` and `If-None-Match`.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder,
    dev::Payload,
    http::header::{self, HeaderMap, HeaderName, HeaderValue},
};
use domain::fault::Fault;
use utoipa::{
    IntoParams,
    openapi::{
        Object, Required,
        path::{Parameter, ParameterBuilder, ParameterIn},
        schema::Type,
    },
};

use super::problem::{Code, Problem};

/// A strong entity tag, quotes included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ETag(String);

impl ETag {
    /// The tag of a resource's version.
    #[must_use]
    pub fn of_version(version: i64) -> Self {
        Self(format!("\"{version}\""))
    }

    /// A tag of some text without quotes or control characters, such as a digest.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        Self(format!("\"{text}\""))
    }

    /// The strong tag of an answer.
    pub(super) fn read(value: &HeaderValue) -> Option<Self> {
        let text = value.to_str().ok()?;
        text.starts_with('"').then(|| Self(text.to_owned()))
    }

    /// The tag of the same thing, compressed.
    pub(super) fn in_coding(&self, coding: Coding) -> Self {
        Self::of_text(&format!("{}{}", self.0.trim_matches('"'), coding.suffix()))
    }

    /// As it stands in the header.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same as a header's value.
    pub(super) fn value(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }
}

/// How an answer may be compressed. What is compressed has other bytes, hence a strong tag of its own; it stands for the
/// same version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Brotli,
    Gzip,
}

impl Coding {
    const ALL: [Self; 2] = [Self::Brotli, Self::Gzip];

    const fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => "-br",
            Self::Gzip => "-gzip",
        }
    }

    /// What is tagged, whatever the form in which it was sent.
    fn plain(opaque: &str) -> &str {
        Self::ALL
            .iter()
            .find_map(|coding| opaque.strip_suffix(coding.suffix()))
            .unwrap_or(opaque)
    }
}

/// What a header of tags asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Tags {
    Any,
    Listed(Vec<(bool, String)>),
}

/// Reads `*` or a list of tags; none when it is neither.
fn parse(text: &str) -> Option<Tags> {
    if text.trim() == "*" {
        return Some(Tags::Any);
    }
    let mut listed = Vec::new();
    let mut rest = text.trim();
    loop {
        let (weak, quoted) = match rest.strip_prefix("W/") {
            Some(strong) => (true, strong),
            None => (false, rest),
        };
        let (opaque, after) = quoted.strip_prefix('"')?.split_once('"')?;
        if !opaque.bytes().all(|byte| matches!(byte, 0x21..=0x7e)) {
            return None;
        }
        listed.push((weak, format!("\"{}\"", Coding::plain(opaque))));
        rest = after.trim_start();
        if rest.is_empty() {
            return Some(Tags::Listed(listed));
        }
        rest = rest.strip_prefix(',')?.trim_start();
    }
}

/// The tags in a header; `written` is its name as people write it.
fn header_tags(
    headers: &HeaderMap,
    name: &HeaderName,
    written: &'static str,
) -> Result<Option<Tags>, Problem> {
    let values: Vec<_> = headers.get_all(name).collect();
    if values.is_empty() {
        return Ok(None);
    }
    let texts: Option<Vec<&str>> = values.iter().map(|value| value.to_str().ok()).collect();
    texts
        .and_then(|texts| parse(&texts.join(",")))
        .map(Some)
        .ok_or_else(|| {
            let detail = "This header must be `*` or entity tags in double quotes, as in \"7\".";
            let fault = Fault::new(written, "bad-format", detail);
            Problem::with_faults(Code::BadRequest, vec![fault])
        })
}

/// The version that a change is meant for. Reading it refuses only what is malformed; [`IfMatch::check`] comes after
/// the resource was found to exist for the caller.
#[derive(Debug, Clone)]
pub struct IfMatch(Option<Tags>);

impl IfMatch {
    /// Refuses a change without a version (428) or with a stale one (412).
    pub fn check(&self, version: i64) -> Result<(), Problem> {
        if self.0.is_none() {
            return Err(Problem::new(
                Code::PreconditionRequired,
                "Send `If-Match` with the tag of the version that you have read.",
            ));
        }
        compare(self.0.as_ref(), version)
    }
}

/// Like [`IfMatch`] where the caller may leave it out.
#[derive(Debug, Clone)]
pub struct OptionalIfMatch(Option<Tags>);

impl OptionalIfMatch {
    /// Refuses a stale version (412) when the caller named one.
    pub fn check(&self, version: i64) -> Result<(), Problem> {
        compare(self.0.as_ref(), version)
    }
}

fn compare(tags: Option<&Tags>, version: i64) -> Result<(), Problem> {
    let current = ETag::of_version(version);
    match tags {
        None | Some(Tags::Any) => Ok(()),
        // A weak tag never matches here (RFC 9110, 13.1.1).
        Some(Tags::Listed(listed)) => listed
            .iter()
            .any(|(weak, tag)| !weak && *tag == current.0)
            .then_some(())
            .ok_or_else(|| Problem::stale(&current)),
    }
}

/// Whether the caller's copy is the current one (`If-None-Match`), so that 304 is enough. A header that does not parse
/// is ignored: the full answer is always right.
#[must_use]
pub fn is_fresh(headers: &HeaderMap, current: &ETag) -> bool {
    match header_tags(headers, &header::IF_NONE_MATCH, "If-None-Match") {
        Ok(Some(Tags::Any)) => true,
        Ok(Some(Tags::Listed(listed))) => listed.iter().any(|(_, tag)| *tag == current.0),
        Ok(None) | Err(_) => false,
    }
}

/// Begins the answer with something that comes in the form that `Accept` asks for: 304 where the caller's copy is the current
/// one, which is told, too. They may keep what they get, and ask each time whether it still holds.
#[must_use]
pub fn revalidated(req: &HttpRequest, current: &ETag) -> (bool, HttpResponseBuilder) {
    let is_fresh = is_fresh(req.headers(), current);
    let mut response = if is_fresh {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response
        .insert_header((header::ETAG, current.as_str()))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::VARY, "accept"));
    (is_fresh, response)
}

macro_rules! if_match {
    ($name:ident, $required:expr, $description:literal) => {
        impl FromRequest for $name {
            type Error = Problem;
            type Future = Ready<Result<Self, Problem>>;

            fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
                ready(header_tags(req.headers(), &header::IF_MATCH, IF_MATCH).map(Self))
            }
        }

        impl IntoParams for $name {
            fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
                let schema = Object::builder()
                    .schema_type(Type::String)
                    .pattern(Some(TAGS))
                    .examples([serde_json::Value::from("\"7\"")]);
                let parameter = ParameterBuilder::new()
                    .name(IF_MATCH)
                    .parameter_in(ParameterIn::Header)
                    .required($required)
                    .description(Some($description))
                    .schema(Some(schema));
                vec![parameter.build()]
            }
        }
    };
}

const IF_MATCH: &str = "If-Match";

const TAGS: &str = r#"^(\*|(W/)?"[!#-~]*"([ \t]*,[ \t]*(W/)?"[!#-~]*")*)$"#;

if_match!(
    IfMatch,
    Required::True,
    "The `ETag` of the version that you have read. Absent: 428; stale: 412 with the current one."
);
if_match!(
    OptionalIfMatch,
    Required::False,
    "The `ETag` of the version that you have read. Stale: 412 with the current one."
);

/// `If-None-Match`, as the document tells of it where a read answers with a tag.
#[must_use]
pub fn if_none_match() -> Parameter {
    let schema = Object::builder()
        .schema_type(Type::String)
        .pattern(Some(TAGS))
        .examples([serde_json::Value::from("\"7\"")]);
    ParameterBuilder::new()
        .name("If-None-Match")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "The `ETag` of the version that you have read. When it is the current one: 304 without a body.",
        ))
        .schema(Some(schema))
        .build()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn if_match(text: &str) -> Result<IfMatch, Problem> {
        let req = TestRequest::default()
            .insert_header(("If-Match", text))
            .to_http_request();
        header_tags(req.headers(), &header::IF_MATCH, super::IF_MATCH).map(IfMatch)
    }

    #[test]
    fn the_current_tag_among_several_is_enough() {
        assert!(if_match("\"6\", \"7\"").unwrap().check(7).is_ok());
        assert!(if_match("*").unwrap().check(7).is_ok());
    }

    #[test]
    fn a_stale_tag_is_refused_with_the_current_one() {
        let problem = if_match("\"6\"").unwrap().check(7).unwrap_err();
        assert_eq!(problem.code(), Code::VersionConflict);
        let response = actix_web::ResponseError::error_response(&problem);
        assert_eq!(response.headers().get(header::ETAG).unwrap(), "\"7\"");
    }

    #[test]
    fn a_weak_tag_never_matches_a_change() {
        let problem = if_match("W/\"7\"").unwrap().check(7).unwrap_err();
        assert_eq!(problem.code(), Code::VersionConflict);
    }

    #[test]
    fn no_tag_is_asked_for_only_where_it_is_required() {
        assert_eq!(
            IfMatch(None).check(1).unwrap_err().code(),
            Code::PreconditionRequired
        );
        assert!(OptionalIfMatch(None).check(1).is_ok());
    }

    #[test]
    fn what_is_no_list_of_tags_is_a_bad_request() {
        for text in ["7", "", "\"7", "\"7\" \"8\"", "\"7\",", "*, \"7\""] {
            assert_eq!(
                if_match(text).unwrap_err().code(),
                Code::BadRequest,
                "{text}"
            );
        }
    }

    #[test]
    fn the_tag_of_a_compressed_answer_stands_for_the_same_version() {
        for tag in ["\"7-br\"", "\"6-gzip\", \"7-gzip\""] {
            assert!(if_match(tag).unwrap().check(7).is_ok(), "{tag}");
        }
        let problem = if_match("\"6-br\"").unwrap().check(7).unwrap_err();
        assert_eq!(problem.code(), Code::VersionConflict);
        let compressed = ETag::of_version(7).in_coding(Coding::Gzip);
        assert_eq!(compressed.as_str(), "\"7-gzip\"");
    }

    #[test]
    fn a_weak_tag_is_fresh_enough_for_a_read() {
        let req = TestRequest::default()
            .insert_header(("If-None-Match", "W/\"7\""))
            .to_http_request();
        assert!(is_fresh(req.headers(), &ETag::of_version(7)));
        assert!(!is_fresh(req.headers(), &ETag::of_version(8)));
    }
}
