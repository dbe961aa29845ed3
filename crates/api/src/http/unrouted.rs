//! Requests that no operation is there for.

use actix_web::{HttpRequest, HttpResponse, http::header, web::Data};

use super::problem::{Code, Problem};
use crate::{spec::Spec, state::AppState};

/// Answers what the router has no operation for.
pub(crate) async fn no_route(
    req: HttpRequest,
    state: Data<AppState>,
) -> Result<HttpResponse, Problem> {
    Err(refused(&state.spec, req.method().as_str(), req.path()).unwrap_or_else(Problem::not_found))
}

/// The refusal of a method that an address does not know; none where the document has no such address.
pub(crate) fn refused(spec: &Spec, method: &str, path: &str) -> Option<Problem> {
    let methods = spec.methods(path);
    if methods.is_empty() {
        return None;
    }
    let mut allowed: Vec<&str> = methods.into_iter().collect();
    if allowed.contains(&"GET") {
        allowed.push("HEAD");
    }
    let problem = Problem::new(
        Code::MethodNotAllowed,
        format!("{method} is not possible here."),
    );
    Some(match header::HeaderValue::from_str(&allowed.join(", ")) {
        Ok(value) => problem.with_header(header::ALLOW, value),
        Err(_) => problem,
    })
}
