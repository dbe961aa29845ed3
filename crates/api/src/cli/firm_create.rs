//! `baton firm create`

use std::io::{IsTerminal as _, Read as _, Write as _};

use chrono_tz::Tz;
use clap::{Args, ValueEnum};
use domain::ambient::SystemAmbient;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::{Failure, serve::open_current};
use crate::{
    auth::password::{self, Passwords},
    config::Config,
    founding::{NewFirm, found, standard_roles},
    telemetry,
};

/// Makes a firm and its first admin. The admin's password is read from standard input, or made and printed once when
/// nothing is piped in.
#[derive(Debug, Args)]
pub(super) struct FirmCreate {
    /// Unique short name, used to sign in: small letters, digits and hyphens.
    #[arg(long, value_parser = slug)]
    slug: String,
    /// What people call the firm.
    #[arg(long, value_parser = name)]
    name: String,
    /// IANA time zone in which its days are counted.
    #[arg(long, value_name = "ZONE")]
    time_zone: Tz,
    /// E-mail address of the first admin.
    #[arg(long, value_name = "ADDRESS", value_parser = email)]
    admin_email: String,
    /// What people call them.
    #[arg(long, value_name = "NAME", default_value = "Administrator", value_parser = name)]
    admin_name: String,
    /// How to print the result.
    #[arg(long, value_enum, default_value = "text")]
    output: Output,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    Text,
    Json,
}

impl FirmCreate {
    pub(super) async fn run(self, config: Config) -> Result<(), Failure> {
        telemetry::init(&config);
        let (password, given) = match piped()? {
            Some(password) => (password, true),
            None => (password::generate()?, false),
        };
        password::check_policy(password.expose_secret(), "password")
            .map_err(|faults| format!("the password: {}", faults[0].detail))?;
        let passwords = Passwords::new(config.password_workers)?;
        let new = NewFirm {
            slug: self.slug.clone(),
            name: self.name,
            time_zone: self.time_zone,
            admin_email: self.admin_email,
            admin_name: self.admin_name,
            admin_password_hash: passwords.hash(password.clone()).await?,
            roles: standard_roles(&SystemAmbient),
        };
        let store = open_current(&config).await?;
        let (firm, admin) = found(&store, &SystemAmbient, &new)
            .await
            .map_err(|err| explain(&err, &self.slug))?;
        store.close().await?;

        let mut out = std::io::stdout().lock();
        match self.output {
            Output::Json => {
                let made = json!({
                    "firm_id": firm.id,
                    "slug": firm.slug,
                    "admin_email": admin.email,
                    "admin_password": (!given).then(|| password.expose_secret()),
                });
                writeln!(out, "{made}")?;
            }
            Output::Text => {
                writeln!(out, "Firm {} ({}) was made.", firm.name, firm.id)?;
                writeln!(out, "Sign in to {} as {}.", firm.slug, admin.email)?;
                if !given {
                    let password = password.expose_secret();
                    writeln!(out, "Password, shown only now: {password}")?;
                }
            }
        }
        Ok(())
    }
}

/// The password on standard input; none at a terminal, or when nothing comes.
fn piped() -> Result<Option<SecretString>, Failure> {
    let mut input = std::io::stdin();
    if input.is_terminal() {
        return Ok(None);
    }
    let mut text = String::new();
    input.read_to_string(&mut text)?;
    let password = text.trim_end_matches(['\r', '\n']);
    Ok((!password.is_empty()).then(|| password.into()))
}

fn explain(err: &persistence::StoreError, slug: &str) -> String {
    use persistence::{StoreError, UniqueRule};

    match err {
        StoreError::Conflict(UniqueRule::FirmSlug) => format!("there is a firm {slug} already"),
        other => format!("the firm was not made: {other}"),
    }
}

fn slug(text: &str) -> Result<String, &'static str> {
    let letters = text
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let fits = (1..=63).contains(&text.len()) && !text.starts_with('-') && !text.ends_with('-');
    (letters && fits)
        .then(|| text.to_owned())
        .ok_or("1 to 63 small letters, digits and hyphens, no hyphen at either end")
}

fn name(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    let fits = (1..=200).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned()).ok_or("1 to 200 characters")
}

fn email(text: &str) -> Result<String, &'static str> {
    let fits = text.len() <= 320
        && text.split_once('@').is_some_and(|(local, host)| {
            !local.is_empty() && !host.is_empty() && !host.contains('@')
        })
        && !text
            .chars()
            .any(|letter| letter.is_whitespace() || letter.is_control());
    fits.then(|| text.to_owned()).ok_or("an e-mail address")
}
