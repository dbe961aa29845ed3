//! What every handler may reach for.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use domain::ambient::Ambient;
use persistence::Store;

use crate::{
    auth::{password::Passwords, secrets::Secrets, throttle::Throttle, token::Tokens},
    config::Config,
    diagrams::Diagrams,
    http::rate::Rates,
    renderings::Renderings,
    spec::Spec,
};

/// Built once at start-up, shared by every worker.
#[derive(Clone)]
pub struct AppState {
    /// Stored data.
    pub store: Store,
    /// Time and ids.
    pub ambient: Arc<dyn Ambient>,
    /// The settings.
    pub config: Arc<Config>,
    /// Access tokens.
    pub tokens: Arc<Tokens>,
    /// Keys for cursors, idempotency and encryption.
    pub secrets: Arc<Secrets>,
    /// Password hashing.
    pub passwords: Passwords,
    /// Attempts to sign in.
    pub throttle: Arc<Throttle>,
    /// Requests of everybody.
    pub rates: Arc<Rates>,
    /// The document, as the server uses it.
    pub spec: Arc<Spec>,
    /// What was set or drawn.
    pub renderings: Renderings,
    /// Diagrams that were drawn, and the places to draw them.
    pub diagrams: Diagrams,
    /// Whether new requests are welcome.
    pub readiness: Readiness,
}

/// Off while the server stops.
#[derive(Debug, Clone, Default)]
pub struct Readiness(Arc<AtomicBool>);

impl Readiness {
    /// No more requests, please.
    pub fn turn_off(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether new requests are welcome.
    #[must_use]
    pub fn is_on(&self) -> bool {
        !self.0.load(Ordering::Acquire)
    }
}
