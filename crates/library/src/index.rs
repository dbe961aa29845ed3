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
    "client_management/client-communications",
    "client_management/periodic-contact",
    "client_management/planning-services-meeting",
    "client_management/review-meeting",
    "marketing/client-referral",
    "marketing/coi-referral",
    "marketing/event-planning",
    "marketing/social-media-content",
    "marketing/webinar-planning",
    "onboarding/asset-management-execution",
    "onboarding/wealth-management-meeting",
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
    "sales/fact-finding-meeting",
    "sales/introduction",
    "sales/proposal-meeting",
    "service_requests/account-closing",
    "service_requests/account-features",
    "service_requests/account-liquidation",
    "service_requests/account-profile-change",
    "service_requests/client-communications-request",
    "service_requests/client-information-change",
    "service_requests/fee-management",
    "service_requests/general-service-requests",
    "service_requests/money-movement-in",
    "service_requests/money-movement-out",
    "service_requests/new-account-opening",
    "service_requests/new-proposal",
    "service_requests/strategy-management",
    "service_requests/tax-management",
    "service_requests/trade-requests",
];

/// The standard roles.
pub(crate) const ROLES: &str = include_str!("../roles.yaml");

/// The attribute definitions.
pub(crate) const ATTRIBUTES: &str = include_str!("../attributes.yaml");

/// The categories.
pub(crate) const CATEGORIES: &str = include_str!("../categories.yaml");
