//! YAML bodies: process types as files, read under the library's rules and held to the same schema as JSON bodies.

use std::pin::Pin;

use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload, web::Data};
use domain::{fault::Fault, process_type::ProcessTypeDocument};
use jsonschema::Validator;
use library::{Place, ReadError, Source};
use serde_json::Value;
use utoipa::ToSchema as _;

use super::{
    faults,
    idempotency::BodyDigest,
    json::read,
    problem::{Code, Problem},
};
use crate::{spec::Spec, state::AppState};

/// Media type of YAML (RFC 9512).
pub const MEDIA_TYPE: &str = "application/yaml";

/// A process type in YAML that its schema in the document allows.
#[derive(Debug)]
pub struct YamlBody(pub ProcessTypeDocument);

impl FromRequest for YamlBody {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let req = req.clone();
        let payload = payload.take();
        Box::pin(async move {
            let state = req
                .app_data::<Data<AppState>>()
                .ok_or_else(|| Problem::internal("the state is not registered"))?;
            let bytes = read(&req, payload, state.config.body_deadline, MEDIA_TYPE).await?;
            req.extensions_mut().insert(BodyDigest::of(&bytes));
            process_type(&state.spec, &bytes).map(Self)
        })
    }
}

/// From bytes to a process type, with a place for what is wrong: line and column, or pointers once it can be read.
fn process_type(spec: &Spec, bytes: &[u8]) -> Result<ProcessTypeDocument, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|err| {
        let detail = format!(
            "The body is not UTF-8 text after {} bytes.",
            err.valid_up_to()
        );
        Problem::new(Code::MalformedYaml, detail)
    })?;
    let name = ProcessTypeDocument::name();
    let validator = spec.body(&name).ok_or_else(|| {
        Problem::internal(format_args!("the document has no usable schema {name}"))
    })?;
    let document = library::read_yaml(text).map_err(|err| {
        match library::read_source(text).map(|source| as_written(&validator, &source)) {
            Ok(found) if !found.is_empty() => Problem::invalid(found),
            Ok(_) => unread(&err),
            Err(err) => unread(&err),
        }
    })?;
    let value = serde_json::to_value(&document).map_err(Problem::internal)?;
    let found = faults::check(&validator, &value);
    if found.is_empty() {
        Ok(document)
    } else {
        Err(Problem::invalid(found))
    }
}

/// Every fault of a text that is YAML, against the schema of process types, with its line and column in its detail.
fn as_written(validator: &Validator, source: &Source) -> Vec<Fault> {
    let mut found = faults_as_written(validator, source);
    for fault in &mut found {
        let Place { line, column } = source.place(&fault.pointer);
        fault.detail = format!("Line {line}, column {column}: {}", fault.detail);
    }
    found
}

/// Every fault of a text that is YAML, against the schema of process types.
pub(crate) fn faults_as_written(validator: &Validator, source: &Source) -> Vec<Fault> {
    let mut found = faults::check(validator, &source.value);
    found.retain(|fault| !is_text_all_the_same(fault, &source.value));
    found
}

/// Where a text is wanted, a number or a flag without quotes is read as one.
fn is_text_all_the_same(fault: &Fault, value: &Value) -> bool {
    let plain = value.pointer(&fault.pointer);
    fault.code == "wrong-type"
        && fault.detail.contains("a text")
        && plain.is_some_and(|it| it.is_number() || it.is_boolean())
}

fn unread(err: &ReadError) -> Problem {
    let code = if err.malformed {
        Code::MalformedYaml
    } else {
        Code::ValidationFailed
    };
    let Place { line, column } = err.place;
    let detail = format!("Line {line}, column {column}: {}", err.detail);
    Problem::with_faults(code, vec![Fault::new("", code.as_str(), detail)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Result<ProcessTypeDocument, (Code, String)> {
        #[derive(utoipa::OpenApi)]
        #[openapi(components(schemas(ProcessTypeDocument)))]
        struct Document;
        let spec = Spec::new(<Document as utoipa::OpenApi>::openapi().to_json().unwrap());
        process_type(&spec, text).map_err(|problem| {
            let places = problem.errors().iter().map(|fault| fault.pointer.as_str());
            let places = places.collect::<Vec<_>>().join(" ");
            (problem.code(), format!("{places}: {problem}"))
        })
    }

    #[test]
    fn a_fault_of_yaml_has_its_line_and_a_fault_of_content_its_pointer() {
        let good = library::workflows()[0].source;
        assert_eq!(
            read(good.as_bytes()).unwrap(),
            library::workflows()[0].document
        );
        let unknown = format!("{good}\nsurprise: 1\n");
        let bad_key = good.replacen("key: ", "key: Bad-", 1);
        for (text, code, place) in [
            (&b"key: ["[..], Code::MalformedYaml, "Line 1, column 6"),
            (&b"key: \xff"[..], Code::MalformedYaml, "after 5 bytes"),
            (&b"key: small"[..], Code::ValidationFailed, "/summary"),
            (unknown.as_bytes(), Code::ValidationFailed, "/surprise: "),
            (
                &b"- key: small"[..],
                Code::ValidationFailed,
                "this is a list",
            ),
            (bad_key.as_bytes(), Code::ValidationFailed, "/key: "),
        ] {
            let (found, detail) = read(text).unwrap_err();
            assert_eq!(found, code, "{detail}");
            assert!(detail.contains(place), "{place} in {detail}");
        }
    }
}
