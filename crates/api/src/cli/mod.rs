//! The command line.

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::config::{Config, ConfigError, FILE_VARIABLE, Layers};

mod audit_verify;
mod config_check;
mod firm_create;
mod keys_rotate;
mod library_check;
mod library_files;
mod library_import;
mod library_manual;
mod migrate;
mod openapi;
mod serve;
mod worker;

/// Workflows for wealth-management firms.
#[derive(Debug, Parser)]
#[command(name = "baton", version)]
struct Arguments {
    /// A TOML file with settings; `BATON_CONFIG` names one, too.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// `sqlite://FILE` or `postgres://…`.
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// What to log (`info`, `debug` …).
    #[arg(long, global = true, value_name = "FILTER")]
    log: Option<String>,
    /// `human` or `json`.
    #[arg(long, global = true, value_name = "FORMAT")]
    log_format: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API, with a worker inside.
    Serve(serve::Serve),
    /// Do jobs, beside servers that share the database.
    Worker,
    /// Bring the database's schema up to date.
    Migrate,
    /// Print the OpenAPI document.
    Openapi,
    /// Look after firms.
    #[command(subcommand)]
    Firm(FirmCommand),
    /// Look after audit trails.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Look after the keys that sign tokens and checkpoints.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Work on workflows as files.
    #[command(subcommand)]
    Library(LibraryCommand),
    /// Look at the settings.
    #[command(subcommand)]
    Config(ConfigCommand),
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Recompute trails and look at the signatures of their checkpoints; fails where one is broken.
    Verify(audit_verify::AuditVerify),
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
    /// Make a signing key and revoke all others at once: in an emergency, because everybody's tokens end.
    Rotate,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Check the settings and print those that are not secret.
    Check,
}

#[derive(Debug, Subcommand)]
enum LibraryCommand {
    /// Check process types before they are imported.
    Check(library_check::LibraryCheck),
    /// Install process types from files into a firm: all of them or none.
    Import(library_import::LibraryImport),
    /// Write manuals of the library's workflows.
    Manual(library_manual::LibraryManual),
}

#[derive(Debug, Subcommand)]
enum FirmCommand {
    /// Make a firm and its first admin.
    Create(firm_create::FirmCreate),
}

/// Why a command failed, in one line.
pub(crate) type Failure = Box<dyn std::error::Error>;

/// Runs the command that the arguments name.
#[must_use]
pub fn run() -> ExitCode {
    match execute(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("baton: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn execute(arguments: Arguments) -> Result<(), Failure> {
    let arguments = match arguments {
        Arguments {
            command: Command::Openapi,
            ..
        } => return openapi::run(),
        Arguments {
            command: Command::Library(LibraryCommand::Check(check)),
            ..
        } => return check.run(),
        Arguments {
            command: Command::Library(LibraryCommand::Manual(manual)),
            ..
        } => return manual.run(),
        other => other,
    };
    let config = settings(&arguments)?;
    match arguments.command {
        Command::Serve(serve) => actix_web::rt::System::new().block_on(serve.run(config)),
        Command::Worker => actix_web::rt::System::new().block_on(worker::run(config)),
        Command::Migrate => actix_web::rt::System::new().block_on(migrate::run(config)),
        Command::Firm(FirmCommand::Create(create)) => {
            actix_web::rt::System::new().block_on(create.run(config))
        }
        Command::Audit(AuditCommand::Verify(verify)) => {
            actix_web::rt::System::new().block_on(verify.run(config))
        }
        Command::Keys(KeysCommand::Rotate) => {
            actix_web::rt::System::new().block_on(keys_rotate::run(config))
        }
        Command::Library(LibraryCommand::Import(import)) => {
            actix_web::rt::System::new().block_on(import.run(config))
        }
        Command::Config(ConfigCommand::Check) => config_check::run(&config),
        Command::Openapi
        | Command::Library(LibraryCommand::Check(_) | LibraryCommand::Manual(_)) => Ok(()),
    }
}

fn settings(arguments: &Arguments) -> Result<Config, ConfigError> {
    let mut layers = Layers::default();
    let named = std::env::var_os(FILE_VARIABLE).map(PathBuf::from);
    if let Some(path) = arguments.config.clone().or(named) {
        layers.file(&path)?;
    }
    layers.environment(std::env::vars());
    let (listen, worker) = match &arguments.command {
        Command::Serve(serve) => (
            serve.listen.clone(),
            serve.no_worker.then(|| "off".to_owned()),
        ),
        Command::Worker
        | Command::Migrate
        | Command::Openapi
        | Command::Firm(_)
        | Command::Audit(_)
        | Command::Keys(_)
        | Command::Library(_)
        | Command::Config(_) => (None, None),
    };
    let flags = [
        ("database_url", arguments.database_url.clone()),
        ("log", arguments.log.clone()),
        ("log_format", arguments.log_format.clone()),
        ("listen", listen),
        ("worker", worker),
    ];
    for (key, value) in flags {
        if let Some(value) = value {
            layers.flag(key, value);
        }
    }
    layers.read()
}
