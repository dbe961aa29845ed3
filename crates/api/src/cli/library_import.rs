//! `baton library import`

use std::{
    io::{self, Write},
    path::PathBuf,
};

use clap::Args;
use domain::{
    ambient::SystemAmbient,
    fault::Fault,
    ids::FirmId,
    process::world::Catalog,
    process_type::{ProcessTypeDocument, Report},
};
use library::{LoadedFile, own_parcel};
use persistence::{Reads, Store, StoreError, UnitOfWork, WriteContext};

use super::{
    Failure,
    library_files::{Checker, Finding, Findings, load},
    serve::open_current,
};
use crate::{
    config::Config,
    http::problem::Problem,
    routes::library::installation::{Installation, Installed},
    telemetry,
};

/// Installs the process types of YAML files into a firm: all of them or none.
///
/// Checks them as `baton library check` does, but against what the firm has, and publishes them, with the library's workflows
/// that they start and the library's roles and attributes that they name, as far as the firm lacks them. What the firm has
/// exactly as it stands in a file is left as it is; a firm's process type that says something else is never overwritten.
#[derive(Debug, Args)]
pub(super) struct LibraryImport {
    /// A folder with files, or a file.
    path: PathBuf,
    /// The firm, by its slug or id.
    #[arg(long, value_name = "SLUG_OR_ID")]
    firm: String,
}

impl LibraryImport {
    pub(super) async fn run(self, config: Config) -> Result<(), Failure> {
        telemetry::init(&config);
        let files = load(&self.path)?;
        let checker = Checker::new(&files)?;
        let store = open_current(&config).await?;
        let firm_id = self.firm_id(&store).await?;
        let catalog = store.current_catalog(firm_id).await?;
        let outcome = store
            .write(
                &WriteContext::by_system(firm_id),
                async |tx: &mut UnitOfWork| import(tx, &catalog, &checker, &files).await,
            )
            .await;
        store.close().await?;

        let mut out = io::stdout().lock();
        match outcome {
            Ok(imported) => {
                imported.print(&mut out, &catalog.firm.slug)?;
                Ok(())
            }
            Err(refused) => Err(refused.explain(&mut out, files.len())?.into()),
        }
    }

    async fn firm_id(&self, store: &Store) -> Result<FirmId, Failure> {
        if let Some(id) = store.firm_by_slug(&self.firm).await? {
            return Ok(id);
        }
        if let Ok(id) = self.firm.parse::<FirmId>()
            && store.reads(id).firm().await?.is_some()
        {
            return Ok(id);
        }
        Err(format!("there is no firm {}", self.firm).into())
    }
}

/// Why nothing was imported.
#[derive(Debug)]
enum Refused {
    /// Some of the files have faults.
    Faulty(Findings),
    /// What comes along does not fit what the firm has, or the firm has changed in the same moment.
    Unfit(Problem),
    /// The database failed.
    Store(StoreError),
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::Unfit(problem)
    }
}

impl From<StoreError> for Refused {
    fn from(err: StoreError) -> Self {
        Self::Store(err)
    }
}

impl Refused {
    /// Prints what is wrong and where; the sentence that sums it up.
    fn explain(&self, out: &mut impl Write, files: usize) -> io::Result<String> {
        Ok(match self {
            Self::Faulty(findings) => {
                findings.print(out)?;
                let bad = findings.bad;
                format!("nothing was imported: {bad} of {files} files have faults")
            }
            Self::Unfit(problem) => {
                for fault in problem.errors() {
                    writeln!(out, "{}: {} ({})", fault.pointer, fault.detail, fault.code)?;
                }
                format!("nothing was imported: {problem}")
            }
            Self::Store(err) => format!("nothing was imported: {err}"),
        })
    }
}

/// What came of the files.
struct Imported {
    /// What is to be said of each.
    findings: Findings,
    /// What was made; none where the firm had all of it.
    installed: Option<Installed>,
    /// How many of the types that were made stand in the files.
    new: usize,
    /// How many of the files the firm had before.
    there: usize,
}

impl Imported {
    fn print(&self, out: &mut impl Write, firm: &str) -> io::Result<()> {
        self.findings.print(out)?;
        if let Some(installed) = &self.installed {
            let (own, of_library) = installed.types.split_at(self.new);
            for it in own {
                writeln!(out, "`{}` is published as {}", it.key, it.id)?;
            }
            for it in of_library {
                writeln!(out, "the library's `{}` came along", it.key)?;
            }
            for role in &installed.roles {
                writeln!(out, "the role `{}` came along", role.key)?;
            }
            for it in &installed.attributes {
                let kind = &it.entity_kind;
                writeln!(out, "the attribute `{}` of `{kind}` came along", it.key)?;
            }
        }
        let (new, there) = (self.new, self.there);
        writeln!(out, "{firm}: {new} imported, {there} there already")
    }
}

/// How a file stands to the firm.
enum Standing<'f> {
    /// It is no process type.
    Unreadable(Vec<Finding>),
    /// The firm has nothing under its key, or other files have it too, which is a fault of its own.
    New(&'f ProcessTypeDocument),
    /// The firm has it as it stands.
    There,
    /// The firm has something else under its key.
    Taken(Fault),
}

/// Queues what the firm lacks, or refuses all of it.
async fn import(
    tx: &mut UnitOfWork,
    catalog: &Catalog,
    checker: &Checker,
    files: &[LoadedFile],
) -> Result<Imported, Refused> {
    let mut standings = Vec::with_capacity(files.len());
    for file in files {
        standings.push(standing(tx.reads(), checker, file).await?);
    }
    let new: Vec<&ProcessTypeDocument> = standings
        .iter()
        .filter_map(|standing| match standing {
            Standing::New(document) => Some(*document),
            Standing::Unreadable(_) | Standing::There | Standing::Taken(_) => None,
        })
        .collect();
    let count = new.len();
    let types = tx.reads().process_type_keys().await?;
    let parcel = own_parcel(new, &types, &catalog.roles, &catalog.attributes);
    let installation = Installation::new(&SystemAmbient, catalog, parcel);

    let mut findings = Findings::default();
    for (file, standing) in files.iter().zip(&standings) {
        let path = &file.path;
        match standing {
            Standing::Unreadable(reasons) => findings.unreadable(path, reasons),
            Standing::New(document) => {
                let context = installation.context(tx.reads(), document).await?;
                findings.report(file, &checker.report(document, &context));
            }
            Standing::There => findings.say(path, "there already"),
            Standing::Taken(fault) => findings.report(file, &only(fault)),
        }
    }
    if findings.bad > 0 {
        return Err(Refused::Faulty(findings));
    }
    let installed = if count == 0 {
        None
    } else {
        Some(installation.carry_out(tx, &SystemAmbient, None).await?)
    };
    Ok(Imported {
        findings,
        installed,
        new: count,
        there: files.len() - count,
    })
}

fn only(fault: &Fault) -> Report {
    Report {
        faults: vec![fault.clone()],
        warnings: Vec::new(),
    }
}

async fn standing<'f>(
    reads: Reads<'_>,
    checker: &Checker,
    file: &'f LoadedFile,
) -> Result<Standing<'f>, StoreError> {
    let document = match &file.outcome {
        Ok(document) => document,
        Err(err) => return Ok(Standing::Unreadable(checker.unreadable(file, err))),
    };
    let key = &document.key;
    if checker.is_repeated(key) {
        return Ok(Standing::New(document));
    }
    let Some(known) = reads.process_type_by_key(key).await? else {
        return Ok(Standing::New(document));
    };
    let present = match known.published_version {
        Some(number) => reads.definition_document(known.id, number).await?,
        None => None,
    };
    let detail = if known.archived_at.is_some() {
        format!("The firm has archived its process type `{key}`: give this one a key of its own.")
    } else if present.is_none() {
        format!(
            "The firm has a draft of `{key}` that was never published: publish that, or give this one a key of its own."
        )
    } else if present.as_ref() == Some(document) {
        return Ok(Standing::There);
    } else {
        format!(
            "The firm's `{key}` says something else, and nothing is overwritten: give this one a key of its own, or make it \
             the draft of the firm's (POST /v1/process-types/import)."
        )
    };
    Ok(Standing::Taken(Fault::new("/key", "taken", detail)))
}
