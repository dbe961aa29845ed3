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
