//! Puts the parts together and serves; used alike by the command line and by tests.

use std::{net::TcpListener, sync::Arc, time::Duration};

use actix_cors::Cors;
use actix_web::{
    App, HttpServer,
    middleware::from_fn,
    web::{self, Data, PathConfig, QueryConfig},
};
use domain::ambient::Ambient;
use persistence::Store;
use tracing_actix_web::TracingLogger;
use utoipa_actix_web::AppExt as _;

use crate::{
    auth::{
        authenticate::admit,
        keys::{KeyError, KeyRing},
        password::{HashingFailed, Passwords},
        secrets::Secrets,
        throttle::Throttle,
        token::Tokens,
    },
    config::Config,
    diagrams::Diagrams,
    http::{
        compress::compress,
        finish::finish,
        problem::{Code, Problem},
        rate::Rates,
        statements::tell_statements,
        unrouted::no_route,
    },
    jobs::RunningWorker,
    openapi,
    renderings::Renderings,
    routes,
    state::{AppState, Readiness},
    telemetry::{self, RequestSpan},
    turns::Turns,
};

/// For how long a connection may rest: longer than the proxies in front of a server keep theirs (a minute, most of them), so that none
/// sends a request on a connection that is just being closed. A server that stops closes those that rest at once.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// Why the server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database cannot be used.
    #[error("the database: {0}")]
    Store(#[from] persistence::StoreError),
    /// The signing keys cannot be used.
    #[error("{0}")]
    Keys(#[from] KeyError),
    /// There is no usable secret key.
    #[error("{0}")]
    Secret(#[from] crate::auth::master::MasterError),
    /// Passwords cannot be hashed.
    #[error("{0}")]
    Passwords(#[from] HashingFailed),
    /// The document cannot be made.
    #[error("the OpenAPI document: {0}")]
    Document(#[from] serde_json::Error),
    /// The port is taken, or the like.
    #[error("listening: {0}")]
    Listen(#[from] std::io::Error),
}

/// Makes the state of a server whose database is open and migrated.
pub async fn build_state(
    config: Config,
    store: Store,
    ambient: Arc<dyn Ambient>,
) -> Result<AppState, StartError> {
    let secrets = Secrets::new(crate::auth::master::load(&config)?);
    let lifetime = config.signing_key_lifetime();
    let keys = KeyRing::load_or_make(&store, &secrets, lifetime, ambient.now()).await?;
    let tokens = Tokens::new(
        Arc::new(keys),
        &config.public_url,
        config.access_token_lifetime,
    );
    let turns = Turns::default();
    Ok(AppState {
        store,
        ambient,
        tokens: Arc::new(tokens),
        secrets: Arc::new(secrets),
        passwords: Passwords::new(config.password_workers)?,
        throttle: Arc::new(Throttle::new(config.rate_limits)),
        rates: Arc::new(Rates::new(
            config.rate_limits,
            config.rate_limit_user,
            config.rate_limit_address,
        )),
        spec: openapi::spec()?,
        diagrams: Diagrams::new(turns.clone()),
        renderings: Renderings::new(turns),
        readiness: Readiness::default(),
        config: Arc::new(config),
    })
}

/// Serves until the process is told to stop (SIGTERM or Ctrl-C), then lets requests in flight end.
pub async fn serve(listener: TcpListener, state: AppState) -> std::io::Result<()> {
    serve_until(listener, state, told_to_stop()).await
}

/// Serves until `stop` ends, then lets requests in flight end.
pub async fn serve_until(
    listener: TcpListener,
    state: AppState,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let readiness = state.readiness.clone();
    let drain = state.config.drain_deadline;
    let worker = state
        .config
        .worker
        .then(|| RunningWorker::start(&state.store, &state.config, &state.secrets));
    let state = Data::new(state);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(state.clone())
            .app_data(PathConfig::default().error_handler(|err, _| bad_request(&err).into()))
            .app_data(QueryConfig::default().error_handler(|err, _| bad_request(&err).into()))
            .wrap(from_fn(admit))
            .wrap(from_fn(tell_statements))
            .wrap(from_fn(finish))
            .wrap(from_fn(compress))
            .wrap(cors(&state.config))
            .wrap(TracingLogger::<RequestSpan>::new())
            .wrap(from_fn(telemetry::receive))
            .into_utoipa_app()
            .configure(routes::configure)
            .default_service(web::to(no_route))
            .into_app()
    })
    .listen(listener)?
    .keep_alive(KEEP_ALIVE)
    .client_request_timeout(Duration::from_secs(10))
    .shutdown_timeout(drain.as_secs())
    .disable_signals()
    .run();

    let handle = server.handle();
    let worker_told = worker.as_ref().map(RunningWorker::stopper);
    let stopping = tokio::spawn(async move {
        stop.await;
        tracing::info!("stopping: requests in flight may end");
        readiness.turn_off();
        // At once, so that what it gives back does not wait for requests that take long to end.
        if let Some(worker) = worker_told {
            worker.tell();
        }
        // Workers look once a second whether requests have ended: below that there is nothing to wait for.
        handle.stop(drain.as_secs() > 0).await;
    });
    let ended = server.await;
    stopping.abort();
    if let Some(worker) = worker {
        worker.stop().await;
    }
    ended
}

fn bad_request(err: &dyn std::fmt::Display) -> Problem {
    Problem::new(Code::BadRequest, format!("{err}."))
}

fn cors(config: &Config) -> Cors {
    let cors = Cors::default()
        .allowed_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
        .allowed_headers([
            "Authorization",
            "Content-Type",
            "If-Match",
            "If-None-Match",
            "If-Range",
            "Idempotency-Key",
            "Range",
            "X-Request-Id",
            "traceparent",
        ])
        .expose_headers([
            "ETag",
            "Location",
            "Link",
            "RateLimit",
            "RateLimit-Policy",
            "Retry-After",
            "Idempotency-Replayed",
            "X-Request-Id",
            "Allow",
            "Content-Disposition",
            "Content-Range",
        ])
        .max_age(3600);
    config
        .cors_origins
        .iter()
        .fold(cors, |cors, origin| cors.allowed_origin(origin))
}

#[cfg(unix)]
pub(crate) async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};

    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(err) => {
            tracing::warn!(error = %err, "SIGTERM cannot be heard");
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}

#[cfg(not(unix))]
pub(crate) async fn told_to_stop() {
    let _ = tokio::signal::ctrl_c().await;
}
