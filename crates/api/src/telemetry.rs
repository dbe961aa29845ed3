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
use domain::ids::{FirmId, UserId};
use tracing::{
    Span, Subscriber,
    field::{Empty, display},
};
use tracing_actix_web::RootSpanBuilder;
use tracing_subscriber::{
    EnvFilter, Layer,
    fmt::{self, MakeWriter},
    layer::SubscriberExt as _,
    registry::LookupSpan,
    util::SubscriberInitExt as _,
};

use crate::{
    call::client_address,
    config::{Config, LogFormat},
    http::finish::Lost,
    state::AppState,
};

/// The header that names a request, in and out.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How a request came in.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// How it is called in logs, audit entries and problems.
    pub id: String,
    /// The method that the client named.
    pub method: Method,
    /// When.
    pub at: Instant,
}

impl Arrival {
    /// That of a request that passed through [`receive`].
    #[must_use]
    pub fn of(req: &HttpRequest) -> Option<Self> {
        req.extensions().get::<Self>().cloned()
    }
}

/// Starts logging; a second call in the same process changes nothing.
pub fn init(config: &Config) {
    // The filter was checked when the settings were read.
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let registry = tracing_subscriber::registry().with(filter);
    let started = match config.log_format {
        LogFormat::Human => registry
            .with(fmt::layer().with_writer(std::io::stderr).with_target(false))
            .try_init(),
        LogFormat::Json => registry.with(json_lines(std::io::stderr)).try_init(),
    };
    if started.is_err() {
        tracing::debug!("logging was started before");
    }
}

/// One JSON object a line; `spans` begins with the request that the line belongs to.
fn json_lines<S, W>(writer: W) -> impl Layer<S>
where
    S: Subscriber + for<'s> LookupSpan<'s>,
    W: for<'w> MakeWriter<'w> + 'static,
{
    fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_writer(writer)
}

/// Notes how a request came in, and names it in its answer. A HEAD goes on as a GET, whose body the connection leaves out.
pub async fn receive(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let arrival = Arrival {
        id: request_id(req.request()),
        method: req.method().clone(),
        at: Instant::now(),
    };
    let id = HeaderValue::from_str(&arrival.id);
    req.extensions_mut().insert(arrival);
    if req.method() == Method::HEAD {
        req.head_mut().method = Method::GET;
    }
    let mut response = next.call(req).await?;
    if let Ok(id) = id {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    Ok(response)
}

/// Gives each request a span that all its lines stand in, and logs one line when it is answered. Queries, headers and
/// bodies are left out: they may be secret.
#[derive(Debug)]
pub struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(req: &ServiceRequest) -> Span {
        let arrival = Arrival::of(req.request());
        let state = req.app_data::<Data<AppState>>();
        let route = state.and_then(|state| {
            let known = state.spec.operation(req.method().as_str(), req.path())?;
            Some(known.path.as_str())
        });
        let address = state
            .and_then(|state| client_address(req.request(), state))
            .map(|address| address.to_string());
        tracing::info_span!(
            "request",
            request_id = arrival.as_ref().map(|arrival| arrival.id.as_str()),
            trace_id = trace_id(req.request()),
            http.method = arrival.as_ref().map(|arrival| arrival.method.as_str()),
            http.route = route,
            http.path = req.path(),
            client.address = address,
            firm.id = Empty,
            user.id = Empty,
        )
    }

    fn on_request_end<B: MessageBody>(_: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let (status, arrival) = match outcome {
            Ok(response) => (response.status(), Arrival::of(response.request())),
            Err(err) => (
                err.as_response_error().status_code(),
                err.as_error::<Lost>().and_then(Lost::arrival),
            ),
        };
        let duration = arrival.map(|arrival| arrival.at.elapsed().as_millis());
        tracing::info!(
            http.status = status.as_u16(),
            duration_ms = duration.and_then(|millis| u64::try_from(millis).ok()),
            "answered"
        );
    }
}

/// Adds to the lines of the request at hand who has sent it.
pub fn note_caller(firm: FirmId, user: UserId) {
    Span::current()
        .record("firm.id", display(firm))
        .record("user.id", display(user));
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

/// The id of a request that passed through [`receive`].
#[must_use]
pub fn id_of(req: &HttpRequest) -> Option<String> {
    Arrival::of(req).map(|arrival| arrival.id)
}

#[cfg(test)]
mod tests {
    use std::{
        io::Write,
        sync::{Arc, Mutex},
    };

    use actix_web::{App, HttpResponse, middleware::from_fn, test, web};
    use serde_json::{Value, json};
    use tracing_actix_web::TracingLogger;
    use uuid::Uuid;

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl Lines {
        fn read(&self) -> Vec<Value> {
            let bytes = self.0.lock().unwrap();
            std::str::from_utf8(&bytes)
                .unwrap()
                .lines()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect()
        }
    }

    #[actix_web::test]
    async fn a_request_is_one_line_with_its_caller_and_without_its_query() {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::registry().with(json_lines(move || writer.clone()));
        let guard = tracing::subscriber::set_default(subscriber);
        let app = App::new()
            .wrap(TracingLogger::<RequestSpan>::new())
            .wrap(from_fn(receive))
            .route(
                "/v1/users",
                web::get().to(async || {
                    note_caller(FirmId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
                    HttpResponse::Forbidden().finish()
                }),
            );
        let app = test::init_service(app).await;
        let request = test::TestRequest::default()
            .method(Method::HEAD)
            .uri("/v1/users?q=secret")
            .insert_header((REQUEST_ID, "abc-1"))
            .insert_header(("Authorization", "Bearer secret"))
            .to_request();
        let response = test::call_service(&app, request).await;
        drop(guard);

        assert_eq!(response.headers().get(REQUEST_ID).unwrap(), "abc-1");
        let lines = lines.read();
        let [line] = lines.as_slice() else {
            panic!("not one line: {lines:?}");
        };
        assert_eq!(line["http.status"], 403);
        assert!(line["duration_ms"].is_u64(), "{line}");
        let expected = json!({
            "name": "request",
            "request_id": "abc-1",
            "http.method": "HEAD",
            "http.path": "/v1/users",
            "firm.id": Uuid::from_u128(1),
            "user.id": Uuid::from_u128(2),
        });
        assert_eq!(line["spans"], json!([expected]));
        assert!(!line.to_string().contains("secret"), "{line}");
    }
}
