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
    "marketing/client-referral",
    "marketing/coi-referral",
    "marketing/event-planning",
    "marketing/social-media-content",
    "marketing/webinar-planning",
    "practice_management/business-planning-meeting",
    "practice_management/compliance-manual-update",
    "practice_management/equipment-maintenance",
    "practice_management/form-adv-update",
    "practice_management/marketing-planning-meeting",
    "practice_management/new-equipment",
    "practice_management/new-hire-process",
    "practice_management/new-technology",
    "practice_management/office-supplies-replenishment",
    "practice_management/periodic-accounting-review",
    "practice_management/periodic-business-review",
    "practice_management/periodic-education-requirements-review",
    "practice_management/periodic-employee-review",
    "practice_management/periodic-lead-generation-review",
    "practice_management/periodic-marketing-review",
    "practice_management/periodic-revenue-reconciliation",
    "practice_management/periodic-social-media-review",
    "practice_management/periodic-workflow-review",
    "practice_management/technology-maintenance",
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
