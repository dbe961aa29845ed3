//! The last hand on every answer: problems for whatever went wrong anywhere, and headers that keep browsers safe.

use std::{any::Any, fmt, panic::AssertUnwindSafe, time::Duration};

use actix_web::{
    Error, HttpResponse, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use futures_util::FutureExt as _;

use super::{
    problem::{Code, Problem},
    rate::Told,
};
use crate::{
    state::AppState,
    telemetry::{Arrival, REQUEST_ID},
};

/// Runs a request to its end: catches panics, ends what takes too long, completes problems.
pub async fn finish(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    // The router needs the request for itself, so that what is told of it is noted before.
    let place = Place::of(&req);
    let deadline = deadline(&req);
    let run = AssertUnwindSafe(next.call(req)).catch_unwind();
    let ended = match deadline {
        Some(deadline) => tokio::time::timeout(deadline, run).await,
        None => Ok(run.await),
    };
    let lost = |problem| {
        Err(Lost {
            problem,
            place: place.clone(),
        }
        .into())
    };
    let response = match ended {
        Ok(Ok(Ok(response))) => response.map_into_boxed_body(),
        Ok(Ok(Err(err))) => {
            let problem = problem_of(&err, err.as_response_error().status_code());
            return lost(problem);
        }
        Ok(Err(panic)) => return lost(Problem::internal(message(&*panic))),
        Err(_) => {
            return lost(Problem::new(
                Code::Unavailable,
                "The request took too long.",
            ));
        }
    };
    let mut response = completed(response, &place);
    place.finish(response.headers_mut());
    Ok(response)
}

/// How long a request may take; a file as long as it goes on arriving.
fn deadline(req: &ServiceRequest) -> Option<Duration> {
    let state = req.app_data::<Data<AppState>>()?;
    let takes_file = state
        .spec
        .operation(req.method().as_str(), req.path())
        .is_some_and(|operation| operation.takes_file);
    (!takes_file).then_some(state.config.request_deadline)
}

/// What a problem says of its request.
#[derive(Debug, Clone)]
struct Place {
    path: String,
    arrival: Option<Arrival>,
    told: Told,
}

impl Place {
    fn of(req: &ServiceRequest) -> Self {
        Self {
            path: req.path().to_owned(),
            arrival: Arrival::of(req.request()),
            told: Told::with(req),
        }
    }

    /// Headers that every answer carries.
    fn finish(&self, headers: &mut HeaderMap) {
        protect(headers);
        if let Some(standing) = self.told.standing() {
            standing.tell(headers);
        }
    }

    fn answer(&self, problem: &Problem) -> HttpResponse {
        problem.response(
            Some(self.path.clone()),
            self.request_id().map(str::to_owned),
        )
    }

    fn request_id(&self) -> Option<&str> {
        self.arrival.as_ref().map(|arrival| arrival.id.as_str())
    }
}

/// A failure whose request is gone: the connection answers it by itself.
#[derive(Debug)]
pub(crate) struct Lost {
    problem: Problem,
    place: Place,
}

impl Lost {
    /// How its request came in.
    pub(crate) fn arrival(&self) -> Option<Arrival> {
        self.place.arrival.clone()
    }
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem.fmt(f)
    }
}

impl ResponseError for Lost {
    fn status_code(&self) -> StatusCode {
        self.problem.status_code()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = self.place.answer(&self.problem);
        self.place.finish(response.headers_mut());
        if let Some(id) = self.place.request_id()
            && let Ok(value) = HeaderValue::from_str(id)
        {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        response
    }
}

/// What a panic said.
fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    format!("panic: {}", text.unwrap_or_default())
}

/// Fills in what only the request knows; refusals of the framework become problems of their status.
fn completed(response: ServiceResponse<BoxBody>, place: &Place) -> ServiceResponse<BoxBody> {
    let status = response.status();
    let error = response.response().error();
    let ours = error.is_some_and(|err| err.as_error::<Problem>().is_some());
    let finished = !ours && is_problem(response.headers());
    if finished || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let problem = match error {
        Some(err) => problem_of(err, status),
        None => plain(status),
    };
    let mut full = place.answer(&problem);
    // Headers that a middleware further in has set stay.
    for (name, value) in response.headers() {
        if !full.headers().contains_key(name) && *name != header::CONTENT_LENGTH {
            full.headers_mut().append(name.clone(), value.clone());
        }
    }
    response.into_response(full)
}

fn problem_of(err: &Error, status: StatusCode) -> Problem {
    if let Some(problem) = err.as_error::<Problem>() {
        return problem.clone();
    }
    if status.is_server_error() {
        return Problem::internal(err);
    }
    plain(status)
}

fn plain(status: StatusCode) -> Problem {
    let code = Code::of_status(status);
    Problem::new(code, format!("{}.", code.title()))
}

fn is_problem(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value == "application/problem+json")
}

/// Headers that every answer carries unless its handler knows better.
fn protect(headers: &mut HeaderMap) {
    let defaults: [(HeaderName, &'static str); 5] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in defaults {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}
