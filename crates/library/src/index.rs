//! The table of the files that are embedded in the program.

/// One embedded workflow file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EmbeddedFile {
    /// Its path below `workflows/`, without the extension.
    pub(crate) path: &'static str,
    /// Its text.
    pub(crate) text: &'static str,
}

impl EmbeddedFile {
    /// The file's name, by which the workflow is addressed.
    pub(crate) fn slug(&self) -> &'static str {
        self.path
            .rsplit_once('/')
            .map_or(self.path, |(_, name)| name)
    }
}

macro_rules! embedded {
    ($($path:literal),* $(,)?) => {
        &[$(EmbeddedFile {
            path: $path,
            text: include_str!(concat!("../workflows/", $path, ".yaml")),
        }),*]
    };
}

/// Every workflow file, in the order in which the library lists them.
pub(crate) const WORKFLOWS: &[EmbeddedFile] = embedded![
    "service_requests/account-profile-change",
    "service_requests/money-movement-in",
    "service_requests/new-account-opening",
    "service_requests/strategy-management",
    "service_requests/trade-requests",
];

/// The standard roles.
pub(crate) const ROLES: &str = include_str!("../roles.yaml");

/// The attribute definitions.
pub(crate) const ATTRIBUTES: &str = include_str!("../attributes.yaml");

/// The categories.
pub(crate) const CATEGORIES: &str = include_str!("../categories.yaml");
