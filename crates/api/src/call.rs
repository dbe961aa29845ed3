//! One request by one caller: the only way for a handler to read and to write.

use std::{
    collections::BTreeSet,
    future::{Ready, ready},
    sync::{Arc, Mutex, PoisonError},
};

use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest, dev::Payload, http::StatusCode, web::Data,
};
use domain::{
    access::{Actor, visibility::WorkScope},
    audit::{Agent, Origin},
    ids::{EntityId, FirmId, ReadAccessId, SessionId},
    page::{Page, PageRequest},
    process::world::Catalog,
    read_access::ReadAccess,
};
use persistence::{
    Caller, IdempotencyRequest, Reads, Reservation, StoredAnswer, UnitOfWork, WriteContext,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;

use crate::{
    auth::authenticate::Authenticated,
    http::{
        address,
        answer::Answer,
        idempotency,
        page::{PageInfo, Paging},
        problem::{Code, Problem},
        query,
    },
    state::AppState,
    telemetry,
};

/// The caller with everything that their request may reach for. A handler that takes it cannot run for a stranger.
///
/// A change runs inside [`Call::write`]. In there, after the caller was found to see what the request is about, the
/// handler of a `POST` calls [`Call::replay`]; without that call a request with an idempotency key is not committed.
pub struct Call {
    state: Data<AppState>,
    caller: Caller,
    req: HttpRequest,
    key: Option<String>,
    replay: Mutex<Replay>,
}

/// How far the look at the idempotency record has come in this attempt.
#[derive(Debug, Default)]
enum Replay {
    /// The request has no key.
    #[default]
    NoKey,
    /// The record was read, the handler has not asked yet.
    Pending(Reservation),
    /// The handler has asked and may go on.
    Cleared,
}

/// Why the work of a change ended early: refused, or done before under the same key.
#[derive(Debug)]
pub enum Stop {
    /// It was refused or failed.
    Refused(Problem),
    /// It was done before; this was the answer.
    Replayed(Box<Answer>),
}

impl<E: Into<Problem>> From<E> for Stop {
    fn from(err: E) -> Self {
        Self::Refused(err.into())
    }
}

impl FromRequest for Call {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::read(req))
    }
}

impl Call {
    fn read(req: &HttpRequest) -> Result<Self, Problem> {
        let state = req
            .app_data::<Data<AppState>>()
            .ok_or_else(|| Problem::internal("the state is not registered"))?
            .clone();
        let caller = req
            .extensions()
            .get::<Authenticated>()
            .map(|authenticated| authenticated.0.clone())
            .ok_or_else(|| Problem::internal("a public operation asks for a caller"))?;
        let key = if query::operation(req)?.1.keyed {
            idempotency::key(req.headers())?
        } else {
            None
        };
        Ok(Self {
            state,
            caller,
            req: req.clone(),
            key,
            replay: Mutex::default(),
        })
    }

    /// Who asks, for the permission gate.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.caller.actor
    }

    /// The caller.
    #[must_use]
    pub const fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Their firm.
    #[must_use]
    pub const fn firm_id(&self) -> FirmId {
        self.caller.actor.firm_id
    }

    /// The session that they use.
    #[must_use]
    pub const fn session_id(&self) -> SessionId {
        self.caller.session_id
    }

    /// Everything that handlers share.
    #[must_use]
    pub fn state(&self) -> &AppState {
        &self.state
    }

    /// What the caller's firm has set up, as of this request.
    pub async fn catalog(&self) -> Result<Arc<Catalog>, Problem> {
        let version = self.caller.catalog_version;
        Ok(self.state.store.catalog(self.firm_id(), version).await?)
    }

    /// What work the caller sees now.
    #[must_use]
    pub fn work_scope(&self, catalog: &Catalog) -> WorkScope {
        WorkScope::of(self.actor(), &catalog.firm).at(self.state.ambient.now(), &catalog.covers)
    }

    /// Reads of the caller's firm.
    #[must_use]
    pub fn reads(&self) -> Reads<'_> {
        self.state.store.reads(self.firm_id())
    }

    /// The page that the caller asks for.
    pub fn page_request<K: DeserializeOwned>(
        &self,
        paging: &Paging,
    ) -> Result<PageRequest<K>, Problem> {
        paging.request(&self.state.secrets, self.firm_id())
    }

    /// The page as it is sent.
    pub fn page<T: Serialize, K: Serialize>(
        &self,
        paging: &Paging,
        page: Page<T, K>,
    ) -> Result<actix_web::HttpResponse, Problem> {
        paging.answer(&self.state.secrets, self.firm_id(), page)
    }

    /// Likewise for a list that sends more beside its page.
    pub fn page_with<T, K: Serialize, V: Serialize>(
        &self,
        paging: &Paging,
        page: Page<T, K>,
        view: impl FnOnce(Vec<T>, PageInfo) -> V,
    ) -> Result<actix_web::HttpResponse, Problem> {
        paging.answer_as(&self.state.secrets, self.firm_id(), page, view)
    }

    /// Notes that the caller is about to be shown something of these records, where their firm wants that (X19). An answer
    /// about which this cannot be noted is not given.
    pub async fn shows(
        &self,
        catalog: &Catalog,
        entities: impl IntoIterator<Item = EntityId>,
    ) -> Result<(), Problem> {
        let noted: BTreeSet<EntityId> = entities
            .into_iter()
            .filter(|id| catalog.firm.logs_reading_of(*id))
            .collect();
        if noted.is_empty() {
            return Ok(());
        }
        let operation = &query::operation(&self.req)?.1.id;
        let request_id = telemetry::id_of(&self.req);
        let ambient = &self.state.ambient;
        let noted: Vec<ReadAccess> = noted
            .into_iter()
            .map(|entity_id| ReadAccess {
                id: ReadAccessId(ambient.fresh_id()),
                entity_id,
                user_id: self.actor().user_id,
                operation: operation.clone(),
                request_id: request_id.clone(),
                occurred_at: ambient.now(),
            })
            .collect();
        Ok(self
            .state
            .store
            .note_reading(self.firm_id(), &noted)
            .await?)
    }

    /// Runs a change as one transaction: all of it happens, with its trail and its stored answer, or nothing does. It may
    /// run more than once before it does.
    pub async fn write(
        &self,
        work: impl AsyncFn(&mut UnitOfWork) -> Result<Answer, Stop>,
    ) -> Result<Answer, Problem> {
        let keyed = self.keyed_request();
        let context = self.context();
        let attempt = async |tx: &mut UnitOfWork| -> Result<Answer, Stop> {
            self.set_replay(self.reserve(tx, keyed.as_ref()).await?);
            let answer = work(tx).await?;
            if let Some(keyed) = &keyed {
                self.require_cleared()?;
                tx.store_answer(keyed, stored(&answer));
            }
            Ok(answer)
        };
        match self.state.store.write(&context, attempt).await {
            Ok(answer) => Ok(answer),
            Err(Stop::Replayed(answer)) => Ok(*answer),
            Err(Stop::Refused(problem)) => Err(problem),
        }
    }

    /// Ends the change with the stored answer when this request was carried out before; refuses a key that was used for
    /// another request. To be called once the caller was found to see what the request is about.
    pub fn replay(&self) -> Result<(), Stop> {
        let mut replay = self.replay.lock().unwrap_or_else(PoisonError::into_inner);
        match std::mem::take(&mut *replay) {
            Replay::NoKey => Ok(()),
            Replay::Cleared | Replay::Pending(Reservation::Fresh) => {
                *replay = Replay::Cleared;
                Ok(())
            }
            Replay::Pending(Reservation::Replay(answer)) => {
                Err(Stop::Replayed(Box::new(restored(answer)?)))
            }
            Replay::Pending(Reservation::Mismatch) => Err(Problem::new(
                Code::IdempotencyKeyReused,
                "This idempotency key was used for another request; use a new one.",
            )
            .into()),
            Replay::Pending(Reservation::InFlight) => Err(in_flight().into()),
        }
    }

    async fn reserve(
        &self,
        tx: &mut UnitOfWork,
        keyed: Option<&IdempotencyRequest>,
    ) -> Result<Replay, Problem> {
        let Some(keyed) = keyed else {
            return Ok(Replay::NoKey);
        };
        match tx.reserve(keyed).await? {
            // The transaction is of no use any more, so that nothing else may be tried in it.
            Reservation::InFlight => Err(in_flight()),
            reservation => Ok(Replay::Pending(reservation)),
        }
    }

    fn set_replay(&self, now: Replay) {
        *self.replay.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    fn require_cleared(&self) -> Result<(), Problem> {
        let replay = self.replay.lock().unwrap_or_else(PoisonError::into_inner);
        match *replay {
            Replay::Cleared => Ok(()),
            Replay::NoKey | Replay::Pending(_) => Err(Problem::internal(format_args!(
                "the handler of {:?} does not ask for a stored answer",
                self.req.match_pattern()
            ))),
        }
    }

    fn keyed_request(&self) -> Option<IdempotencyRequest> {
        let key = self.key.clone()?;
        Some(IdempotencyRequest {
            principal: self.caller.actor.user_id,
            method: self.req.method().to_string(),
            path: self.req.path().to_owned(),
            key,
            request_hmac: idempotency::fingerprint(&self.state.secrets, &self.req),
        })
    }

    fn context(&self) -> WriteContext {
        WriteContext {
            firm_id: self.firm_id(),
            origin: Origin {
                agent: Agent::User {
                    id: self.caller.actor.user_id,
                },
                on_behalf_of: None,
                request_id: telemetry::id_of(&self.req),
                address: client_address(&self.req, &self.state).map(|address| address.to_string()),
            },
        }
    }
}

/// Where a request comes from.
pub(crate) fn client_address(req: &HttpRequest, state: &AppState) -> Option<std::net::IpAddr> {
    let peer = req.peer_addr().map(|peer| peer.ip());
    address::client(peer, req.headers(), &state.config.trusted_proxies)
}

fn in_flight() -> Problem {
    Problem::new(
        Code::RequestInProgress,
        "A request with this idempotency key is still being worked on.",
    )
}

fn stored(answer: &Answer) -> StoredAnswer {
    StoredAnswer {
        status: answer.status.as_u16(),
        headers: json!({ "etag": answer.etag, "location": answer.location }),
        body: answer.body.clone().unwrap_or_default(),
    }
}

fn restored(stored: StoredAnswer) -> Result<Answer, Problem> {
    let header = |name: &str| stored.headers[name].as_str().map(str::to_owned);
    Ok(Answer {
        status: StatusCode::from_u16(stored.status).map_err(Problem::internal)?,
        etag: header("etag"),
        location: header("location"),
        body: (!stored.body.is_empty()).then_some(stored.body),
        replayed: true,
        extended: false,
    })
}
