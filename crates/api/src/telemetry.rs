//! Logs: for people or for machines, one line a request, nothing secret.

use std::time::Instant;

use actix_web::{
    Error, HttpMessage as _, HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use tracing::Instrument as _;
use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use crate::{
    call::client_address,
    config::{Config, LogFormat},
    state::AppState,
};

/// The header that names a request, in and out.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How a request is called in logs, audit entries and problems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

/// Starts logging; a second call in the same process changes nothing.
pub fn init(config: &Config) {
    // The filter was checked when the settings were read.
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let registry = tracing_subscriber::registry().with(filter);
    let started = match config.log_format {
        LogFormat::Human => registry
            .with(fmt::layer().with_writer(std::io::stderr).with_target(false))
            .try_init(),
        LogFormat::Json => registry
            .with(
                fmt::layer()
                    .json()
                    .flatten_event(true)
                    .with_writer(std::io::stderr),
            )
            .try_init(),
    };
    if started.is_err() {
        tracing::debug!("logging was started before");
    }
}

/// Names the request, runs it in a span of its own and logs one line when it is answered.
pub async fn trace_request(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let started = Instant::now();
    let id = request_id(req.request());
    req.extensions_mut().insert(RequestId(id.clone()));
    let method = req.method().clone();
    if method == Method::HEAD {
        // A HEAD is a GET whose body the connection leaves out.
        req.head_mut().method = Method::GET;
    }
    let span = tracing::info_span!("request", request_id = %id, trace_id = trace_id(req.request()));
    let address = req
        .app_data::<Data<AppState>>()
        .and_then(|state| client_address(req.request(), state))
        .map(|address| address.to_string());
    let route = req.app_data::<Data<AppState>>().and_then(|state| {
        let operation = state
            .spec
            .operation(req.method().as_str(), req.match_info().as_str())?;
        Some(operation.path.clone())
    });
    let path = req.path().to_owned();
    async move {
        let mut answered = next.call(req).await;
        let status = match &mut answered {
            Ok(response) => {
                if let Ok(value) = HeaderValue::from_str(&id) {
                    response.headers_mut().insert(REQUEST_ID, value);
                }
                response.status()
            }
            Err(err) => err.as_response_error().status_code(),
        };
        tracing::info!(
            http.method = %method,
            http.route = route,
            http.path = %path,
            http.status = status.as_u16(),
            client.address = address,
            duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            "answered"
        );
        answered
    }
    .instrument(span)
    .await
}

/// The id that the client gave, if it is decent, else one of ours.
fn request_id(req: &HttpRequest) -> String {
    let given = req
        .headers()
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(|id| {
            (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())
        });
    match (given, req.app_data::<Data<AppState>>()) {
        (Some(id), _) => id.to_owned(),
        (None, Some(state)) => state.ambient.fresh_id().to_string(),
        (None, None) => String::new(),
    }
}

/// The trace that a W3C `traceparent` names.
fn trace_id(req: &HttpRequest) -> Option<String> {
    let header = req.headers().get("traceparent")?.to_str().ok()?;
    let id = header.split('-').nth(1)?;
    (id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| id.to_owned())
}

/// The id of a request that passed through [`trace_request`].
#[must_use]
pub fn id_of(req: &HttpRequest) -> Option<String> {
    req.extensions().get::<RequestId>().map(|id| id.0.clone())
}
