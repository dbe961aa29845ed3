//! Settings: defaults, then a file, then `BATON_*` variables, then flags. Whatever is wrong is named in one line.

use std::{
    collections::BTreeMap,
    fmt,
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    path::{Path, PathBuf},
    time::Duration,
};

use chrono::TimeDelta;
use secrecy::{ExposeSecret as _, SecretString};

mod parse;

pub use parse::parse_key;
use parse::{
    address, addresses, bytes, count, database_url, days, folder, log_filter, log_format, origins,
    public_url, rate, seconds, secret_key, switch,
};

/// Everything that can be set.
#[derive(Debug, Clone)]
pub struct Config {
    /// `sqlite://FILE` or `postgres://…`.
    pub database_url: SecretString,
    /// Where to listen.
    pub listen: SocketAddr,
    /// What to log, as a filter (`info`, `api=debug,warn` …).
    pub log: String,
    /// How logs look.
    pub log_format: LogFormat,
    /// The address at which clients reach this server: issuer and audience of its tokens.
    pub public_url: String,
    /// 32 bytes that protect signing keys and cursors.
    pub secret_key: Option<SecretKey>,
    /// Origins of browsers' pages that may call the API.
    pub cors_origins: Vec<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// How long a body may take to arrive.
    pub body_deadline: Duration,
    /// How long a request may take as a whole.
    pub request_deadline: Duration,
    /// How long requests in flight may take to end at shutdown.
    pub drain_deadline: Duration,
    /// How long an access token holds.
    pub access_token_lifetime: Duration,
    /// How long a session holds without being refreshed.
    pub session_lifetime: Duration,
    /// How many days a signing key signs before another is made.
    pub signing_key_days: u32,
    /// How many passwords are hashed at a time: each keeps a core busy, and 19 MiB of memory. Half of the cores unless told,
    /// so that others are served while many sign in.
    pub password_workers: usize,
    /// Whether requests and attempts to sign in are limited; off only where a test makes many.
    pub rate_limits: bool,
    /// How many requests a minute each user may make.
    pub rate_limit_user: NonZeroU32,
    /// How many requests a minute each address may make without having signed in.
    pub rate_limit_address: NonZeroU32,
    /// Whether answers tell how many statements they took (`X-Statements`).
    pub count_statements: bool,
    /// Where documents are kept.
    pub documents: PathBuf,
    /// How many bytes a document may have.
    pub document_limit: u64,
    /// Whether a worker runs inside the server.
    pub worker: bool,
    /// For how long a worker holds jobs: those of one that was killed wait no longer for another.
    pub job_lease: Duration,
    /// How long jobs that are done are kept.
    pub done_jobs_kept: Duration,
}

/// How logs look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For a terminal.
    Human,
    /// One object a line.
    Json,
}

/// 32 secret bytes.
#[derive(Clone)]
pub struct SecretKey([u8; 32]);

impl SecretKey {
    /// The bytes.
    #[must_use]
    pub const fn expose(&self) -> [u8; 32] {
        self.0
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(..)")
    }
}

/// One line that names the wrong setting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

/// Where a value was set.
#[derive(Debug, Clone)]
enum Origin {
    File(PathBuf),
    Environment,
    Flag,
}

/// Values as text, the latest layer wins.
#[derive(Debug, Default)]
pub struct Layers {
    values: BTreeMap<String, (String, Origin)>,
}

/// The variable that names the file.
pub const FILE_VARIABLE: &str = "BATON_CONFIG";

const PREFIX: &str = "BATON_";

/// What the server itself has to tell; libraries only their warnings.
const DEFAULT_LOG: &str = "warn,api=info,persistence=info";

impl Layers {
    /// Adds what stands in a TOML file.
    pub fn file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let wrong = |err: config::ConfigError| {
            let text = err.to_string().replace('\n', " ");
            ConfigError(format!("configuration file {}: {text}", path.display()))
        };
        let source = config::File::from(path).format(config::FileFormat::Toml);
        let values = config::Config::builder()
            .add_source(source)
            .build()
            .and_then(config::Config::try_deserialize::<BTreeMap<String, config::Value>>)
            .map_err(wrong)?;
        for (key, value) in values {
            let text = match value.kind {
                config::ValueKind::Array(items) => items
                    .into_iter()
                    .map(config::Value::into_string)
                    .collect::<Result<Vec<_>, _>>()
                    .map(|items| items.join(",")),
                _ => value.into_string(),
            };
            let text =
                text.map_err(|err| ConfigError(format!("{key} in {}: {err}", path.display())))?;
            self.values.insert(key, (text, Origin::File(path.into())));
        }
        Ok(())
    }

    /// Adds every `BATON_*` variable.
    pub fn environment(&mut self, variables: impl IntoIterator<Item = (String, String)>) {
        for (name, value) in variables {
            if let Some(key) = name.strip_prefix(PREFIX)
                && name != FILE_VARIABLE
            {
                self.values
                    .insert(key.to_lowercase(), (value, Origin::Environment));
            }
        }
    }

    /// Sets one value from the command line.
    pub fn flag(&mut self, key: &str, value: impl Into<String>) {
        self.values
            .insert(key.to_owned(), (value.into(), Origin::Flag));
    }

    /// Reads every setting; the first that is wrong or unknown ends it.
    pub fn read(mut self) -> Result<Config, ConfigError> {
        let mut config = Config {
            database_url: self.take("database_url", "sqlite://baton.db", database_url)?,
            listen: self.take("listen", "127.0.0.1:8080", address)?,
            log: self.take("log", DEFAULT_LOG, log_filter)?,
            log_format: self.take("log_format", "human", log_format)?,
            public_url: self.take("public_url", "http://localhost:8080", public_url)?,
            secret_key: self.take("secret_key", "", secret_key)?,
            cors_origins: self.take("cors_origins", "", origins)?,
            trusted_proxies: self.take("trusted_proxies", "", addresses)?,
            body_deadline: self.take("body_deadline", "10", seconds)?,
            request_deadline: self.take("request_deadline", "60", seconds)?,
            drain_deadline: self.take("drain_deadline", "30", seconds)?,
            access_token_lifetime: self.take("access_token_lifetime", "900", seconds)?,
            session_lifetime: self.take("session_lifetime", "1209600", seconds)?,
            signing_key_days: self.take("signing_key_days", "90", days)?,
            password_workers: self.take("password_workers", &half_of_the_cores(), count)?,
            rate_limits: self.take("rate_limits", "on", switch)?,
            rate_limit_user: self.take("rate_limit_user", "6000", rate)?,
            rate_limit_address: self.take("rate_limit_address", "600", rate)?,
            count_statements: self.take("count_statements", "off", switch)?,
            documents: self.take("documents", "", folder)?,
            document_limit: self.take("document_limit", "2147483648", bytes)?,
            worker: self.take("worker", "on", switch)?,
            job_lease: self.take("job_lease", "60", seconds)?,
            done_jobs_kept: self.take("done_jobs_kept", "604800", seconds)?,
        };
        if config.documents.as_os_str().is_empty() {
            config.documents = config.default_documents();
        }
        match self.values.pop_first() {
            None => Ok(config),
            Some((key, (_, origin))) => Err(ConfigError(format!(
                "{}: there is no such setting",
                origin.name(&key)
            ))),
        }
    }

    fn take<T>(
        &mut self,
        key: &str,
        default: &str,
        parse: impl Fn(&str) -> Result<T, &'static str>,
    ) -> Result<T, ConfigError> {
        let set = self.values.remove(key);
        let text = set.as_ref().map_or(default, |(text, _)| text.as_str());
        parse(text.trim()).map_err(|wanted| {
            let name = match &set {
                Some((_, origin)) => origin.name(key),
                None => key.to_owned(),
            };
            // Secrets are not repeated on a terminal.
            match key {
                "secret_key" | "database_url" => ConfigError(format!("{name} must be {wanted}")),
                _ => ConfigError(format!("{name} must be {wanted}, not {text:?}")),
            }
        })
    }
}

fn half_of_the_cores() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    cores.div_ceil(2).to_string()
}

impl Origin {
    fn name(&self, key: &str) -> String {
        match self {
            Self::File(path) => format!("{key} in {}", path.display()),
            Self::Environment => format!("{PREFIX}{}", key.to_uppercase()),
            Self::Flag => format!("--{}", key.replace('_', "-")),
        }
    }
}

fn on_or_off(switch: bool) -> String {
    if switch { "on" } else { "off" }.to_owned()
}

impl Config {
    /// How long a signing key signs before another is made.
    #[must_use]
    pub fn signing_key_lifetime(&self) -> TimeDelta {
        TimeDelta::days(self.signing_key_days.into())
    }

    /// Every setting as text, secrets left out.
    #[must_use]
    pub fn shown(&self) -> Vec<(&'static str, String)> {
        let secret = |set: bool| if set { "(set)" } else { "(not set)" }.to_owned();
        let seconds = |duration: Duration| duration.as_secs_f64().to_string();
        let addresses = self.trusted_proxies.iter().map(IpAddr::to_string);
        vec![
            ("database_url", self.database_shown()),
            ("listen", self.listen.to_string()),
            ("log", self.log.clone()),
            (
                "log_format",
                format!("{:?}", self.log_format).to_lowercase(),
            ),
            ("public_url", self.public_url.clone()),
            ("secret_key", secret(self.secret_key.is_some())),
            ("cors_origins", self.cors_origins.join(",")),
            ("trusted_proxies", addresses.collect::<Vec<_>>().join(",")),
            ("body_deadline", seconds(self.body_deadline)),
            ("request_deadline", seconds(self.request_deadline)),
            ("drain_deadline", seconds(self.drain_deadline)),
            ("access_token_lifetime", seconds(self.access_token_lifetime)),
            ("session_lifetime", seconds(self.session_lifetime)),
            ("signing_key_days", self.signing_key_days.to_string()),
            ("password_workers", self.password_workers.to_string()),
            ("rate_limits", on_or_off(self.rate_limits)),
            ("rate_limit_user", self.rate_limit_user.to_string()),
            ("rate_limit_address", self.rate_limit_address.to_string()),
            ("count_statements", on_or_off(self.count_statements)),
            ("documents", self.documents.display().to_string()),
            ("document_limit", self.document_limit.to_string()),
            ("worker", on_or_off(self.worker)),
            ("job_lease", seconds(self.job_lease)),
            ("done_jobs_kept", seconds(self.done_jobs_kept)),
        ]
    }

    /// The database's address without the password in it.
    fn database_shown(&self) -> String {
        let url = self.database_url.expose_secret();
        match (url.split_once("://"), url.rsplit_once('@')) {
            (Some((scheme, _)), Some((_, rest))) => format!("{scheme}://…@{rest}"),
            _ => url.to_owned(),
        }
    }

    /// Beside the embedded database; with a server, below the folder that this process runs in.
    fn default_documents(&self) -> PathBuf {
        match self.sqlite_file() {
            Some(file) => file.with_file_name("documents"),
            None => PathBuf::from("data/documents"),
        }
    }

    /// The SQLite file, when the database is one.
    #[must_use]
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        let rest = self
            .database_url
            .expose_secret()
            .strip_prefix("sqlite://")?;
        let file = rest.split('?').next().unwrap_or(rest);
        Some(PathBuf::from(file))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> Result<Config, String> {
        let mut layers = Layers::default();
        layers.environment(
            variables
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        layers.read().map_err(|err| err.to_string())
    }

    #[test]
    fn the_defaults_are_enough() {
        let config = with(&[("PATH", "/bin"), ("BATON_CONFIG", "ignored here")]).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.sqlite_file(), Some("baton.db".into()));
    }

    #[test]
    fn a_later_layer_wins() {
        let mut layers = Layers::default();
        layers.environment([("BATON_LISTEN".to_owned(), "0.0.0.0:1".to_owned())]);
        layers.flag("listen", "0.0.0.0:2");
        assert_eq!(layers.read().unwrap().listen.port(), 2);
    }

    #[test]
    fn a_wrong_value_is_named_with_its_place() {
        assert_eq!(
            with(&[("BATON_LISTEN", "here")]).unwrap_err(),
            "BATON_LISTEN must be an address and port such as 127.0.0.1:8080, not \"here\""
        );
        let mut layers = Layers::default();
        layers.flag("log_format", "xml");
        assert_eq!(
            layers.read().unwrap_err().to_string(),
            "--log-format must be human or json, not \"xml\""
        );
    }

    #[test]
    fn an_unknown_setting_is_refused() {
        assert_eq!(
            with(&[("BATON_LISEN", "x")]).unwrap_err(),
            "BATON_LISEN: there is no such setting"
        );
    }

    #[test]
    fn documents_stand_beside_an_embedded_database_unless_told_otherwise() {
        let folder = |variables: &[_]| with(variables).unwrap().documents;
        assert_eq!(folder(&[]), PathBuf::from("documents"));
        assert_eq!(
            folder(&[("BATON_DATABASE_URL", "sqlite:///srv/baton/a.db?x=y")]),
            PathBuf::from("/srv/baton/documents")
        );
        let server = ("BATON_DATABASE_URL", "postgres://u@h/d");
        assert_eq!(folder(&[server]), PathBuf::from("data/documents"));
        assert_eq!(
            folder(&[server, ("BATON_DOCUMENTS", "/mnt/files")]),
            PathBuf::from("/mnt/files")
        );
    }

    #[test]
    fn secrets_are_not_repeated() {
        let err = with(&[("BATON_SECRET_KEY", "hunter2")]).unwrap_err();
        assert!(err.starts_with("BATON_SECRET_KEY must be") && !err.contains("hunter2"));
        let err = with(&[("BATON_DATABASE_URL", "mysql://u:hunter2@h/d")]).unwrap_err();
        assert!(!err.contains("hunter2"), "{err}");
        let config = with(&[("BATON_SECRET_KEY", &"ab".repeat(32))]).unwrap();
        assert!(!format!("{config:?}").contains("abab"));
    }

    #[test]
    fn a_key_may_be_written_in_base64_or_hexadecimal() {
        let bytes = [0xfb; 32];
        for text in [
            "fb".repeat(32),
            "+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s=".to_owned(),
            "-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s".to_owned(),
        ] {
            assert_eq!(
                parse_key(&text).map(|key| key.expose()),
                Some(bytes),
                "{text}"
            );
        }
        assert!(parse_key("fb").is_none());
    }

    #[test]
    fn a_file_is_read_and_its_mistakes_are_named() {
        let folder = std::env::temp_dir().join(format!("baton-config-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("baton.toml");
        let read = |text: &str| {
            std::fs::write(&path, text).unwrap();
            let mut layers = Layers::default();
            layers.file(&path)?;
            layers.read()
        };
        let config =
            read("cors_origins = [\"https://a.example\", \"https://b.example\"]\nworker = false");
        let config = config.unwrap();
        assert_eq!(config.cors_origins.len(), 2);
        assert!(!config.worker);

        let err = read("body_deadline = \"soon\"").unwrap_err().to_string();
        assert!(
            err.starts_with("body_deadline in ") && err.contains("\"soon\""),
            "{err}"
        );
        let err = read("listen = ").unwrap_err().to_string();
        assert!(err.contains("baton.toml") && !err.contains('\n'), "{err}");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
