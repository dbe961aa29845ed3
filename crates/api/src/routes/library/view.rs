use domain::{
    attribute::{Attribute, AttributeType},
    ids::ProcessTypeId,
    process_type::{ProcessType, ProcessTypeDocument, document::TriggerDocument},
    role::{Role, RoleKind},
};
use library::{Category, StandardAttribute, StandardRole, Workflow};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::page::PageInfo;

/// A workflow of the library, in short.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LibraryWorkflowView {
    /// Its name in addresses.
    #[schema(example = "new-account-opening")]
    slug: &'static str,
    #[schema(example = "New Account Opening")]
    name: &'static str,
    /// Key of its category.
    #[schema(example = "service_requests")]
    category: &'static str,
    /// Sub-area of the category.
    area: Option<&'static str>,
    /// What it is for.
    #[schema(example = "Open an account for a client and see it through to the first review.")]
    summary: &'static str,
    /// What sets it off.
    trigger: &'static TriggerDocument,
    #[schema(example = 19)]
    tasks_count: usize,
    /// The process type that the firm installed from it; null: none.
    installed_process_type_id: Option<Uuid>,
}

impl LibraryWorkflowView {
    /// As a firm sees it.
    pub(super) fn new(workflow: &'static Workflow, installed: Option<ProcessTypeId>) -> Self {
        let document = &workflow.document;
        Self {
            slug: workflow.slug,
            name: &document.name,
            category: &document.category,
            area: document.area.as_deref(),
            summary: &document.summary,
            trigger: &document.trigger,
            tasks_count: document.tasks.len(),
            installed_process_type_id: installed.map(Uuid::from),
        }
    }
}

/// A heading of the library.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LibraryCategoryView {
    #[schema(example = "service_requests")]
    key: &'static str,
    #[schema(example = "Service Requests")]
    name: &'static str,
    /// Its sub-areas.
    areas: &'static [String],
}

impl From<&'static Category> for LibraryCategoryView {
    fn from(category: &'static Category) -> Self {
        Self {
            key: &category.key,
            name: &category.name,
            areas: &category.areas,
        }
    }
}

/// One page of the library, with all of its headings.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LibraryPageView {
    /// The workflows, by name.
    pub(super) data: Vec<LibraryWorkflowView>,
    pub(super) page: PageInfo,
    /// All categories, in the order in which people see them.
    pub(super) categories: Vec<LibraryCategoryView>,
}

/// A role that a workflow names.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LibraryRoleView {
    #[schema(example = "client_service_associate")]
    key: &'static str,
    #[schema(example = "Client Service Associate")]
    name: &'static str,
    kind: RoleKind,
    /// What it is for.
    description: &'static str,
    /// Whether the firm has it; installing makes it otherwise.
    present: bool,
}

impl LibraryRoleView {
    /// As a firm sees it.
    pub(super) fn new(role: &'static StandardRole, present: bool) -> Self {
        Self {
            key: &role.key,
            name: &role.name,
            kind: role.kind,
            description: &role.description,
            present,
        }
    }
}

/// An attribute that a workflow reads or writes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LibraryAttributeView {
    #[schema(example = "risk_profile")]
    key: &'static str,
    #[schema(example = "Risk profile")]
    label: &'static str,
    /// Kind of entity that has it; `client` serves household, person, organization and trust.
    #[schema(example = "client")]
    entity_kind: &'static str,
    value_type: AttributeType,
    /// What may be chosen.
    options: &'static [String],
    /// Whether the firm has it; installing makes it otherwise.
    present: bool,
}

impl LibraryAttributeView {
    /// As a firm sees it.
    pub(super) fn new(attribute: &'static StandardAttribute, present: bool) -> Self {
        Self {
            key: &attribute.key,
            label: &attribute.label,
            entity_kind: &attribute.entity_kind,
            value_type: attribute.value_type,
            options: &attribute.options,
            present,
        }
    }
}

/// A workflow of the library with all that it says and needs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LibraryWorkflowDetailView {
    /// Its name in addresses.
    #[schema(example = "new-account-opening")]
    pub(super) slug: &'static str,
    #[schema(example = "New Account Opening")]
    pub(super) name: &'static str,
    /// Key of its category.
    #[schema(example = "service_requests")]
    pub(super) category: &'static str,
    /// Sub-area of the category.
    pub(super) area: Option<&'static str>,
    /// What it is for.
    pub(super) summary: &'static str,
    /// What sets it off.
    pub(super) trigger: &'static TriggerDocument,
    #[schema(example = 19)]
    pub(super) tasks_count: usize,
    /// The process type that the firm installed from it; null: none.
    pub(super) installed_process_type_id: Option<Uuid>,
    /// Slugs of the workflows that it starts, directly or through another.
    #[schema(example = json!(["money-movement-in"]))]
    pub(super) starts: Vec<&'static str>,
    /// Roles that it names.
    pub(super) roles: Vec<LibraryRoleView>,
    /// Attributes that it reads or writes.
    pub(super) attributes: Vec<LibraryAttributeView>,
    /// What it says.
    pub(super) definition: &'static ProcessTypeDocument,
}

/// The process type that was installed, and all that came along.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InstallationView {
    id: Uuid,
    #[schema(example = "new_account_opening")]
    key: String,
    #[schema(example = "New Account Opening")]
    name: String,
    #[schema(example = "service_requests")]
    category: String,
    /// Its first version, which is published.
    #[schema(example = 1)]
    published_version: Option<i32>,
    /// The process types that were made: this one, and those that it starts and the firm lacked.
    installed: Vec<InstalledTypeView>,
    /// The roles that were made.
    roles: Vec<InstalledRoleView>,
    /// The attribute definitions that were made.
    attributes: Vec<InstalledAttributeView>,
    /// Rises with each change; the `ETag`.
    version: i64,
}

impl InstallationView {
    /// The first of the types with all of them, and what they needed.
    pub(super) fn new(
        first: &ProcessType,
        types: &[ProcessType],
        roles: &[Role],
        attributes: &[Attribute],
    ) -> Self {
        Self {
            id: first.id.0,
            key: first.key.clone(),
            name: first.name.clone(),
            category: first.category.clone(),
            published_version: first.published_version,
            installed: types.iter().map(InstalledTypeView::from).collect(),
            roles: roles.iter().map(InstalledRoleView::from).collect(),
            attributes: attributes
                .iter()
                .map(InstalledAttributeView::from)
                .collect(),
            version: first.version,
        }
    }
}

/// A process type that was made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InstalledTypeView {
    id: Uuid,
    #[schema(example = "money_movement_in")]
    key: String,
    #[schema(example = "Money Movement In")]
    name: String,
    /// The workflow that it was made from.
    #[schema(example = "money-movement-in")]
    slug: Option<String>,
}

impl From<&ProcessType> for InstalledTypeView {
    fn from(made: &ProcessType) -> Self {
        Self {
            id: made.id.0,
            key: made.key.clone(),
            name: made.name.clone(),
            slug: made.library_slug.clone(),
        }
    }
}

/// A role that was made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InstalledRoleView {
    id: Uuid,
    #[schema(example = "billing_specialist")]
    key: String,
    #[schema(example = "Billing Specialist")]
    name: String,
    kind: RoleKind,
}

impl From<&Role> for InstalledRoleView {
    fn from(made: &Role) -> Self {
        Self {
            id: made.id.0,
            key: made.key.clone(),
            name: made.name.clone(),
            kind: made.kind,
        }
    }
}

/// An attribute definition that was made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InstalledAttributeView {
    id: Uuid,
    #[schema(example = "risk_profile")]
    key: String,
    #[schema(example = "Risk profile")]
    label: String,
    #[schema(example = "client")]
    entity_kind: String,
}

impl From<&Attribute> for InstalledAttributeView {
    fn from(made: &Attribute) -> Self {
        Self {
            id: made.id.0,
            key: made.key.clone(),
            label: made.label.clone(),
            entity_kind: made.entity_kind.clone(),
        }
    }
}
