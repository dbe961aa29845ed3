//! `baton audit verify`

use std::io::Write as _;

use clap::{Args, ValueEnum};
use domain::audit::hexadecimal;
use persistence::{TrailFault, TrailRange, Verified};
use serde_json::{Value, json};

use super::{Failure, serve::open_current};
use crate::{
    auth::{master, secrets::Secrets},
    config::Config,
    telemetry,
    trail::CheckpointKeys,
};

/// Recomputes the chain of every entry and looks at the signature of every checkpoint.
#[derive(Debug, Args)]
pub(super) struct AuditVerify {
    /// Only the firm with this slug.
    #[arg(long, value_name = "SLUG")]
    firm: Option<String>,
    /// How to print the result: in words, a line a firm, or as JSON, an object a line.
    #[arg(long, value_enum, default_value = "text")]
    output: Output,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    Text,
    Json,
}

impl AuditVerify {
    pub(super) async fn run(self, config: Config) -> Result<(), Failure> {
        telemetry::init(&config);
        let secrets = Secrets::new(master::load(&config)?);
        let store = open_current(&config).await?;
        let firms = match &self.firm {
            None => store.firms_by_slug().await?,
            Some(slug) => {
                let found = store.firm_by_slug(slug).await?;
                let firm = found.ok_or_else(|| format!("there is no firm {slug}"))?;
                vec![(slug.clone(), firm)]
            }
        };
        let keys = CheckpointKeys::load(&store, &secrets).await?;
        let mut broken = 0;
        for (slug, firm) in &firms {
            let verdict = store
                .reads(*firm)
                .verify_trail(TrailRange::ALL, |checkpoint| keys.check(checkpoint))
                .await;
            if let Err(TrailFault::Store(err)) = verdict {
                return Err(format!("the trail of {slug} cannot be read: {err}").into());
            }
            broken += usize::from(verdict.is_err());
            let mut out = std::io::stdout().lock();
            match self.output {
                Output::Text => writeln!(out, "{slug}: {}", in_words(&verdict))?,
                Output::Json => writeln!(out, "{}", as_json(slug, &verdict))?,
            }
        }
        store.close().await?;
        if broken == 0 {
            return Ok(());
        }
        Err(format!("{broken} of {} trails are broken", firms.len()).into())
    }
}

fn in_words(verdict: &Result<Verified, TrailFault>) -> String {
    match verdict {
        Ok(whole) => format!(
            "whole, {} entries and {} checkpoints, up to {}",
            whole.end.sequence,
            whole.checkpoints,
            hexadecimal(&whole.end.hash)
        ),
        Err(fault) => format!("broken at {fault}"),
    }
}

fn as_json(slug: &str, verdict: &Result<Verified, TrailFault>) -> Value {
    match verdict {
        Ok(whole) => json!({
            "firm": slug,
            "valid": true,
            "sequence": whole.end.sequence,
            "hash": hexadecimal(&whole.end.hash),
            "checkpoints": whole.checkpoints,
            "fault": null,
        }),
        Err(TrailFault::Broken(broken)) => json!({
            "firm": slug,
            "valid": false,
            "sequence": broken.sequence,
            "hash": null,
            "checkpoints": null,
            "fault": {
                "code": broken.flaw.code(),
                "checkpoint": broken.flaw.checkpoint(),
                "detail": format!("{broken}."),
            },
        }),
        Err(TrailFault::Store(err)) => {
            json!({ "firm": slug, "valid": null, "fault": err.to_string() })
        }
    }
}
