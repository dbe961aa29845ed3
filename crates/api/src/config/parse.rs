//! What a setting's text may be; the error is what it should have been.

use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    path::PathBuf,
    time::Duration,
};

use secrecy::SecretString;

use super::{LogFormat, SecretKey};

pub(super) fn database_url(text: &str) -> Result<SecretString, &'static str> {
    ["sqlite://", "postgres://", "postgresql://"]
        .iter()
        .any(|scheme| {
            text.strip_prefix(scheme)
                .is_some_and(|rest| !rest.is_empty())
        })
        .then(|| text.into())
        .ok_or("sqlite://FILE or postgres://USER:PASSWORD@HOST/DATABASE")
}

pub(super) fn address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse()
        .map_err(|_| "an address and port such as 127.0.0.1:8080")
}

pub(super) fn log_filter(text: &str) -> Result<String, &'static str> {
    tracing_subscriber::EnvFilter::try_new(text)
        .map(|_| text.to_owned())
        .map_err(|_| "a log filter such as info or api=debug,warn")
}

pub(super) fn log_format(text: &str) -> Result<LogFormat, &'static str> {
    match text {
        "human" => Ok(LogFormat::Human),
        "json" => Ok(LogFormat::Json),
        _ => Err("human or json"),
    }
}

/// An origin: scheme and authority, nothing behind.
fn is_origin(text: &str) -> bool {
    ["http://", "https://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme))
        .is_some_and(|rest| {
            !rest.is_empty()
                && rest
                    .bytes()
                    .all(|byte| byte.is_ascii_graphic() && byte != b'/')
        })
}

pub(super) fn public_url(text: &str) -> Result<String, &'static str> {
    let text = text.trim_end_matches('/');
    is_origin(text)
        .then(|| text.to_owned())
        .ok_or("a URL without path such as https://baton.example.com")
}

pub(super) fn origins(text: &str) -> Result<Vec<String>, &'static str> {
    list(text, |origin| {
        is_origin(origin)
            .then(|| origin.to_owned())
            .ok_or("origins such as https://app.example.com, separated by commas")
    })
}

pub(super) fn addresses(text: &str) -> Result<Vec<IpAddr>, &'static str> {
    list(text, |address| {
        address
            .parse()
            .map_err(|_| "IP addresses separated by commas")
    })
}

fn list<T>(
    text: &str,
    parse: impl Fn(&str) -> Result<T, &'static str>,
) -> Result<Vec<T>, &'static str> {
    text.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(parse)
        .collect()
}

pub(super) fn seconds(text: &str) -> Result<Duration, &'static str> {
    text.parse::<f64>()
        .ok()
        .filter(|seconds| (0.001..=31_536_000.0).contains(seconds))
        .map(Duration::from_secs_f64)
        .ok_or("a number of seconds above 0")
}

pub(super) fn count(text: &str) -> Result<usize, &'static str> {
    text.parse()
        .ok()
        .filter(|count| (1..=64).contains(count))
        .ok_or("a number from 1 to 64")
}

pub(super) fn days(text: &str) -> Result<u32, &'static str> {
    text.parse()
        .ok()
        .filter(|days| (1..=3650).contains(days))
        .ok_or("a number of days from 1 to 3650")
}

pub(super) fn rate(text: &str) -> Result<NonZeroU32, &'static str> {
    text.parse()
        .ok()
        .filter(|rate: &NonZeroU32| rate.get() <= 1_000_000)
        .ok_or("a number of requests a minute from 1 to 1000000")
}

pub(super) fn bytes(text: &str) -> Result<u64, &'static str> {
    text.parse()
        .ok()
        .filter(|bytes| *bytes > 0 && i64::try_from(*bytes).is_ok())
        .ok_or("a number of bytes above 0")
}

/// Empty where nothing is set.
pub(super) fn folder(text: &str) -> Result<PathBuf, &'static str> {
    if text.contains('\0') {
        return Err("the path of a folder");
    }
    Ok(PathBuf::from(text))
}

pub(super) fn switch(text: &str) -> Result<bool, &'static str> {
    match text {
        "on" | "true" => Ok(true),
        "off" | "false" => Ok(false),
        _ => Err("on or off"),
    }
}

pub(super) fn secret_key(text: &str) -> Result<Option<SecretKey>, &'static str> {
    if text.is_empty() {
        return Ok(None);
    }
    parse_key(text)
        .map(Some)
        .ok_or("32 random bytes in base64 or hexadecimal (openssl rand -base64 32)")
}

/// Reads 32 bytes from base64 (either alphabet) or hexadecimal.
#[must_use]
pub fn parse_key(text: &str) -> Option<SecretKey> {
    use base64::{
        Engine as _,
        engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
    };

    let text = text.trim();
    let hexadecimal = || -> Option<Vec<u8>> {
        (text.len() == 64 && text.is_ascii()).then_some(())?;
        (0..64)
            .step_by(2)
            .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
            .collect()
    };
    let bare = text.trim_end_matches('=');
    let bytes = hexadecimal()
        .or_else(|| STANDARD_NO_PAD.decode(bare).ok())
        .or_else(|| URL_SAFE_NO_PAD.decode(bare).ok())?;
    bytes.try_into().ok().map(SecretKey)
}
