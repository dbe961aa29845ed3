//! Path and query parameters, held strictly against the document before a handler sees them.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use domain::fault::Fault;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{
    faults,
    problem::{Code, Problem},
};
use crate::{
    spec::{Operation, Parameter, Spec},
    state::AppState,
};

/// The query of a request. The whole query is checked against the operation, and each type picks its own members, so
/// several may be taken side by side.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(
            operation(req)
                .and_then(|(state, operation)| {
                    let given = decode(req.query_string())?;
                    read(&state.spec, &operation.query, &given)
                })
                .and_then(|read| typed(Value::Object(read)))
                .map(Self),
        )
    }
}

/// What stands in the path of a request: the value itself where it is one, else a struct.
#[derive(Debug, Clone)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Path<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(
            operation(req)
                .and_then(|(state, operation)| path_values(req, &state.spec, operation))
                .and_then(typed)
                .map(Self),
        )
    }
}

/// The operation that a request was routed to.
pub(crate) fn operation(req: &HttpRequest) -> Result<(&AppState, &Operation), Problem> {
    let state = req
        .app_data::<Data<AppState>>()
        .ok_or_else(|| Problem::internal("the state is not registered"))?;
    let operation = state
        .spec
        .operation(req.method().as_str(), req.match_info().as_str())
        .ok_or_else(|| {
            let path = req.path();
            Problem::internal(format_args!("{path} is not in the document"))
        })?;
    Ok((state, operation))
}

fn path_values(req: &HttpRequest, spec: &Spec, operation: &Operation) -> Result<Value, Problem> {
    let mut given = Vec::new();
    for (name, value) in req.match_info().iter() {
        let value = unescape(value, false).ok_or_else(|| broken(name))?;
        given.push((name.to_owned(), value));
    }
    let mut read = read(spec, &operation.path_parameters, &given)?;
    let only = match operation.path_parameters.as_slice() {
        [only] => read.remove(&only.name),
        _ => None,
    };
    Ok(only.unwrap_or(Value::Object(read)))
}

fn typed<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    serde_json::from_value(value).map_err(|err| {
        let fault = Fault::new("", "not-allowed", format!("{err}."));
        Problem::with_faults(Code::InvalidParameter, vec![fault])
    })
}

fn broken(name: &str) -> Problem {
    let detail = "Not percent-encoded UTF-8.";
    Problem::with_faults(
        Code::InvalidParameter,
        vec![Fault::new(name, "bad-format", detail)],
    )
}

/// Refuses a query that does not fit the operation, whether its handler reads it or not.
pub fn check(spec: &Spec, operation: &Operation, query: &str) -> Result<(), Problem> {
    read(spec, &operation.query, &decode(query)?).map(drop)
}

/// The pairs of a query in their order, decoded.
pub(super) fn decode(query: &str) -> Result<Vec<(String, String)>, Problem> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match (unescape(name, true), unescape(value, true)) {
                (Some(name), Some(value)) => Ok((name, value)),
                (name, _) => Err(broken(&name.unwrap_or_default())),
            }
        })
        .collect()
}

/// Decodes percent escapes; none where the result is no UTF-8 or an escape is cut short.
fn unescape(text: &str, plus_is_space: bool) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'%' => {
                let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
                bytes.push(u8::from_str_radix(digits, 16).ok()?);
                rest = &rest[2..];
            }
            b'+' if plus_is_space => bytes.push(b' '),
            other => bytes.push(*other),
        }
    }
    String::from_utf8(bytes).ok()
}

/// Values by name, in the types that their schemas want; every fault at once.
pub(super) fn read(
    spec: &Spec,
    parameters: &[Parameter],
    given: &[(String, String)],
) -> Result<Map<String, Value>, Problem> {
    let mut found = Vec::new();
    let mut values = Map::new();
    for (name, text) in given {
        let Some(parameter) = parameters.iter().find(|known| known.name == *name) else {
            let detail = "There is no such parameter here.";
            found.push(Fault::new(name, "unknown-parameter", detail));
            continue;
        };
        if values.contains_key(name) {
            let detail = "Give it once; several values are separated by commas.";
            found.push(Fault::new(name, "repeated", detail));
            continue;
        }
        let value = coerce(&parameter.schema, text);
        if let Some(validator) = spec.parameter(parameter) {
            for mut fault in faults::check(&validator, &value) {
                fault.pointer.clone_from(name);
                if !found.contains(&fault) {
                    found.push(fault);
                }
            }
        }
        values.insert(name.clone(), value);
    }
    for parameter in parameters.iter().filter(|parameter| parameter.required) {
        if !given.iter().any(|(name, _)| *name == parameter.name) {
            let detail = "This parameter is required.";
            found.push(Fault::new(&parameter.name, "required", detail));
        }
    }
    if found.is_empty() {
        Ok(values)
    } else {
        Err(Problem::with_faults(Code::InvalidParameter, found))
    }
}

/// The text as the type that the schema wants; left as text where it is not of that type, for the schema to refuse.
fn coerce(schema: &Value, text: &str) -> Value {
    let wants = |wanted: &str| match &schema["type"] {
        Value::String(only) => only == wanted,
        Value::Array(several) => several.iter().any(|one| one == wanted),
        _ => false,
    };
    let number = |text: &str| text.parse::<i64>().ok().map(Value::from);
    if wants("array") {
        let item = |text| coerce(&schema["items"], text);
        return Value::Array(text.split(',').map(item).collect());
    }
    if wants("boolean") {
        return match text {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => Value::from(text),
        };
    }
    if wants("integer") {
        // `+7` and `007` are other spellings of a number, but not of ours.
        let other = text.starts_with('+')
            || text.trim_start_matches('-').starts_with('0') && text.len() > 1;
        return number(text)
            .filter(|_| !other)
            .unwrap_or_else(|| Value::from(text));
    }
    if wants("number") {
        return number(text)
            .or_else(|| text.parse::<f64>().ok().map(Value::from))
            .unwrap_or_else(|| Value::from(text));
    }
    Value::from(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn values(query: &str) -> Result<Value, Vec<(String, String)>> {
        let document = json!({ "paths": { "/tasks": { "get": { "parameters": [
            { "in": "query", "name": "limit", "schema": { "type": "integer", "minimum": 1, "maximum": 200 } },
            { "in": "query", "name": "status", "schema": { "type": ["array", "null"], "items": { "enum": ["open", "waiting"] } } },
            { "in": "query", "name": "owner", "schema": { "type": "string", "format": "uuid" } },
            { "in": "query", "name": "mine", "schema": { "type": "boolean" } },
            { "in": "query", "name": "q", "schema": { "type": "string" } },
        ] } } } });
        let spec = Spec::new(document.to_string());
        decode(query)
            .and_then(|given| read(&spec, &spec.operations()[0].query, &given))
            .map(Value::Object)
            .map_err(|problem| {
                assert_eq!(problem.code(), Code::InvalidParameter);
                problem
                    .errors()
                    .iter()
                    .map(|fault| (fault.pointer.clone(), fault.code.clone()))
                    .collect()
            })
    }

    #[test]
    fn values_get_the_types_of_their_schemas() {
        let read = values("limit=5&status=open,waiting&mine=true&q=a+b%26").unwrap();
        let expected =
            json!({ "limit": 5, "status": ["open", "waiting"], "mine": true, "q": "a b&" });
        assert_eq!(read, expected);
    }

    #[test]
    fn every_fault_is_named_at_once() {
        let found =
            values("limit=0&status=open,shut&mine=yes&nope=1&q=x&q=y&owner=me").unwrap_err();
        let expected = [
            ("limit", "out-of-range"),
            ("status", "not-one-of"),
            ("mine", "wrong-type"),
            ("nope", "unknown-parameter"),
            ("q", "repeated"),
            ("owner", "bad-format"),
        ];
        let expected: Vec<_> = expected
            .iter()
            .map(|(name, code)| ((*name).to_owned(), (*code).to_owned()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_limit_is_refused_rather_than_bent() {
        for bad in [
            "201",
            "-1",
            "x",
            "1.5",
            "",
            "+1",
            "01",
            "99999999999999999999",
        ] {
            assert!(values(&format!("limit={bad}")).is_err(), "{bad}");
        }
        assert!(values("limit=200").is_ok());
    }

    #[test]
    fn broken_escapes_are_refused() {
        for bad in ["q=%", "q=%zz", "q=%ff", "%ff=1"] {
            assert!(values(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_control_character_is_told_once() {
        for bad in ["q=%00", "q=a%1b", "q=%7f", "q=%c2%85"] {
            let expected = vec![("q".to_owned(), "control-character".to_owned())];
            assert_eq!(values(bad), Err(expected), "{bad}");
        }
        assert!(values("q=a%09b%0d%0a").is_ok());
    }
}
