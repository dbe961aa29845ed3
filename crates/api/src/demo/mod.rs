//! The demo firm: one office with one client, the same on every machine, to look around in and to try clients against.

mod office;

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
};

use chrono::{DateTime, Utc};
use domain::{
    ambient::Ambient,
    audit::{Agent, Origin},
    ids::{FirmId, UserId},
    process::{
        Cause,
        run::Run,
        start::StartInput,
        world::{Surroundings, World},
    },
    value::FieldValue,
};
use persistence::{StoreError, UnitOfWork, WriteContext};
use uuid::Uuid;

use self::office::Office;
use crate::{
    auth::password::HashingFailed,
    founding::{NewFirm, found, standard_roles},
    http::problem::Problem,
    routes::library::installation::install,
    state::AppState,
    work::Startable,
};

/// Slug of the demo firm.
const SLUG: &str = "demo";
/// Who runs it.
const ADMIN: &str = "admin@demo.example";
const ADMIN_PASSWORD: &str = "demo-admin-password";
/// Everybody else's password.
const PASSWORD: &str = "demo-password";
/// The workflow that runs in it, by its name in the library and by its key.
const WORKFLOW: (&str, &str) = ("new-account-opening", "new_account_opening");

/// Why there is no demo firm.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The database is somebody's.
    #[error("--demo fills an empty database, and this one holds other firms")]
    NotEmpty,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A password could not be hashed.
    #[error(transparent)]
    Password(#[from] HashingFailed),
    /// The library's workflow could not be installed.
    #[error("{0}")]
    Problem(#[from] Problem),
    /// The library lacks the demo's workflow.
    #[error("the library has no {}", WORKFLOW.0)]
    NoWorkflow,
}

/// Fills an empty database with the demo firm; where it is there already, it stays as it is.
pub async fn fill(state: &AppState) -> Result<(), DemoError> {
    if state.store.firm_by_slug(SLUG).await?.is_some() {
        return Ok(());
    }
    if state.store.has_firms().await? {
        return Err(DemoError::NotEmpty);
    }
    let numbers = Numbers::default();
    let new = NewFirm {
        slug: SLUG.to_owned(),
        name: "Harbor & Vale Wealth".to_owned(),
        time_zone: chrono_tz::America::New_York,
        admin_email: ADMIN.to_owned(),
        admin_name: "Avery Quinn".to_owned(),
        admin_password_hash: state.passwords.hash(ADMIN_PASSWORD.into()).await?,
        roles: standard_roles(&numbers),
    };
    let password = state.passwords.hash(PASSWORD.into()).await?;
    let (firm, admin) = found(&state.store, &numbers, &new).await?;
    let office = Office::new(&firm, &new.roles, &numbers);
    let by_admin = context(firm.id, admin.id);
    state
        .store
        .write(&by_admin, async |tx| office.move_in(tx, &password))
        .await?;
    let catalog = state.store.current_catalog(firm.id).await?;
    state
        .store
        .write(&by_admin, async |tx| {
            install(tx, &numbers, &catalog, WORKFLOW.0, admin.id).await
        })
        .await?;
    start(state, &office, firm.id, &numbers).await
}

/// Who can sign in, for the terminal: firm, address and password, a line each.
#[must_use]
pub fn log_ins() -> String {
    let width = office::PEOPLE.iter().map(|person| person.email.len());
    let width = width.chain([ADMIN.len()]).max().unwrap_or_default();
    let line = |email: &str, password: &str, what: &str| {
        format!("  {SLUG}  {email:width$}  {password:19}  {what}\n")
    };
    let people = office::PEOPLE
        .iter()
        .map(|person| line(person.email, PASSWORD, person.title));
    std::iter::once(line(ADMIN, ADMIN_PASSWORD, "Administrator"))
        .chain(people)
        .collect()
}

/// Starts the workflow for the client, as its Client Service Associate would.
async fn start(
    state: &AppState,
    office: &Office,
    firm: FirmId,
    numbers: &Numbers,
) -> Result<(), DemoError> {
    let initiator = office.associate().ok_or(DemoError::NoWorkflow)?;
    let catalog = state.store.current_catalog(firm).await?;
    let answer = |text: &str| FieldValue::Text(text.to_owned());
    let fields = BTreeMap::from([
        ("account_purpose".to_owned(), answer("Retirement savings")),
        ("registration_type".to_owned(), answer("Roth IRA")),
        ("custodian".to_owned(), answer("Schwab")),
        ("funding_source".to_owned(), answer("Rollover")),
    ]);
    let work = async |tx: &mut UnitOfWork| {
        let found = tx.reads().process_type_by_key(WORKFLOW.1).await?;
        let process_type = found.ok_or(DemoError::NoWorkflow)?;
        let startable = Startable::of(tx, process_type).await?;
        let startable = startable.ok_or(DemoError::NoWorkflow)?;
        let input = StartInput {
            process_type_id: startable.process_type.id,
            version: startable.version,
            entity_ids: vec![office.client.id],
            related: BTreeMap::new(),
            fields: fields.clone(),
            cause: Cause::default(),
            asked_fields: Vec::new(),
            parent: None,
            depth: 0,
            initiator: Some(initiator),
        };
        let mut scene = startable.scene(tx, catalog.clone(), input.clone()).await?;
        let world = World {
            catalog: &catalog,
            around: &Surroundings::default(),
            ambient: numbers,
        };
        scene.run = Run::planned(&startable.definition, world, input);
        let (run, changes) = scene.begun(tx);
        Ok::<_, DemoError>(scene.save_new(tx, &run, changes)?)
    };
    state.store.write(&context(firm, initiator), work).await
}

fn context(firm_id: FirmId, by: UserId) -> WriteContext {
    WriteContext {
        firm_id,
        origin: Origin {
            agent: Agent::User { id: by },
            on_behalf_of: None,
            request_id: None,
            address: None,
        },
    }
}

/// The present time, and ids that are counted, so that those of the demo firm are the same everywhere.
#[derive(Debug, Default)]
struct Numbers(AtomicU64);

/// 2026-01-01T00:00:00Z in milliseconds: the demo's ids sort before those made later.
const EPOCH: u64 = 1_767_225_600_000;

impl Ambient for Numbers {
    fn now(&self) -> DateTime<Utc> {
        domain::ambient::SystemAmbient.now()
    }

    fn fresh_id(&self) -> Uuid {
        let number = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        Uuid::from_u64_pair(EPOCH << 16 | 0x7000, 0x8000_0000_0000_0000 | number)
    }
}
