//! YAML bodies: process types as files, read under the library's rules and held to the same schema as JSON bodies.

use std::pin::Pin;

use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload, web::Data};
use domain::{fault::Fault, process_type::ProcessTypeDocument};
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
    let document = library::read_yaml(text).map_err(|err| {
        let code = if err.malformed {
            Code::MalformedYaml
        } else {
            Code::ValidationFailed
        };
        let detail = format!("Line {}, column {}: {}.", err.line, err.column, err.detail);
        Problem::with_faults(code, vec![Fault::new("", code.as_str(), detail)])
    })?;
    let name = ProcessTypeDocument::name();
    let validator = spec.body(&name).ok_or_else(|| {
        Problem::internal(format_args!("the document has no usable schema {name}"))
    })?;
    let value = serde_json::to_value(&document).map_err(Problem::internal)?;
    let found = faults::check(&validator, &value);
    if found.is_empty() {
        Ok(document)
    } else {
        Err(Problem::invalid(found))
    }
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
            (&b"key: small"[..], Code::ValidationFailed, "Line 1"),
            (unknown.as_bytes(), Code::ValidationFailed, "`surprise`"),
            (bad_key.as_bytes(), Code::ValidationFailed, "/key: "),
        ] {
            let (found, detail) = read(text).unwrap_err();
            assert_eq!(found, code, "{detail}");
            assert!(detail.contains(place), "{place} in {detail}");
        }
    }
}
