use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::{
    fault::{Fault, Faults},
    ids::{DocumentId, EntityId, ProcessId, RoleId, UserId},
    process::{adhoc::NewTask, world::Catalog},
    process_type::{definition::ChecklistItem, document::Priority},
    role::RoleKind,
    task::Execution,
};
use serde::Deserialize;
use utoipa::ToSchema;

/// A task to add.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "title": "Send the insurance review",
    "description": "They asked for it at the annual meeting.",
    "priority": "high",
    "due_at": "2026-07-06T21:00:00Z",
    "checklist": [{ "text": "Ask the carrier for the in-force ledger" }]
}))]
pub(crate) struct CreateTask {
    #[schema(min_length = 1, max_length = 200, pattern = r"\S")]
    title: String,
    #[schema(max_length = 20_000)]
    description: Option<String>,
    /// Whose record the work is for; left out: the process's, else the firm's own.
    #[schema(value_type = Option<Uuid>)]
    pub(super) entity_id: Option<EntityId>,
    /// The process to add it to, which has to be under way.
    #[schema(value_type = Option<Uuid>)]
    pub(super) process_id: Option<ProcessId>,
    /// Whether the process waits for it.
    #[serde(default = "yes")]
    #[schema(default = true)]
    blocking: bool,
    /// Whose it is; left out or null: nobody's, for others to claim.
    #[schema(value_type = Option<Uuid>)]
    pub(super) owner_id: Option<UserId>,
    #[serde(default)]
    priority: Priority,
    due_at: Option<DateTime<Utc>>,
    /// Who besides the owner may execute it.
    execution: Option<NewExecution>,
    /// What is to be ticked off.
    #[serde(default)]
    #[schema(max_items = 100)]
    checklist: Vec<NewChecklistItem>,
    /// People and organisations whom it is about: records that the caller may see, no accounts or equipment.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>, max_items = 50)]
    pub(super) contact_ids: Vec<EntityId>,
    /// Documents that it is about, which the caller may see; whoever sees the task will see them.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>, max_items = 50)]
    pub(super) document_ids: Vec<DocumentId>,
    /// Key of the firm's line of work that it belongs to.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,79}$", example = "service")]
    flow: Option<String>,
}

/// Who besides the owner may execute a task. The lists are kept while `enabled` is false.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewExecution {
    enabled: bool,
    /// Roles on the servicing team of the task's record.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>, max_items = 50)]
    servicing_team_roles: Vec<RoleId>,
    /// Business roles on the team of the task's record.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>, max_items = 50)]
    business_roles: Vec<RoleId>,
    /// Roles on the firm.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>, max_items = 50)]
    firm_roles: Vec<RoleId>,
}

/// An item to tick off.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewChecklistItem {
    /// Unique in the task; left out: `item_1`, `item_2` … by its place.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,79}$", example = "call_client")]
    key: Option<String>,
    #[schema(
        min_length = 1,
        max_length = 500,
        pattern = r"\S",
        example = "Call the client"
    )]
    text: String,
    /// Whether completing needs it.
    #[serde(default)]
    required: bool,
}

const fn yes() -> bool {
    true
}

impl CreateTask {
    /// Everything that the catalog tells to be wrong, with the task that it would make.
    pub(super) fn checked(&self, catalog: &Catalog) -> (NewTask, Vec<Fault>) {
        let mut faults = Faults::default();
        let checklist = self.items(&mut faults);
        let execution = self
            .execution
            .as_ref()
            .map(|execution| execution.checked(catalog, &mut faults))
            .unwrap_or_default();
        let new = NewTask {
            title: self.title.trim().to_owned(),
            description: self.description.clone(),
            owner_id: self.owner_id,
            priority: self.priority,
            due_at: self.due_at.map(super::micros),
            execution,
            checklist,
            blocking: self.blocking,
            contact_ids: self.contact_ids.clone(),
            document_ids: self.document_ids.clone(),
            flow: self.flow.clone(),
        };
        (new, faults.into_vec())
    }

    fn items(&self, faults: &mut Faults) -> Vec<ChecklistItem> {
        let mut keys = BTreeSet::new();
        self.checklist
            .iter()
            .enumerate()
            .map(|(place, item)| {
                let own = || format!("item_{}", place + 1);
                let key = item.key.clone().unwrap_or_else(own);
                if !keys.insert(key.clone()) {
                    let detail = "Another item has this key.";
                    faults.add(format!("/checklist/{place}/key"), "duplicate", detail);
                }
                ChecklistItem {
                    key,
                    text: item.text.trim().to_owned(),
                    required: item.required,
                }
            })
            .collect()
    }
}

impl NewExecution {
    fn checked(&self, catalog: &Catalog, faults: &mut Faults) -> Execution {
        let lists = [
            (
                "servicing_team_roles",
                &self.servicing_team_roles,
                RoleKind::ServicingTeam,
            ),
            ("business_roles", &self.business_roles, RoleKind::Business),
            ("firm_roles", &self.firm_roles, RoleKind::Firm),
        ];
        for (name, roles, kind) in lists {
            for (place, id) in roles.iter().enumerate() {
                let pointer = || format!("/execution/{name}/{place}");
                match catalog.roles.iter().find(|role| role.id == *id) {
                    Some(role) if role.kind == kind => {}
                    Some(_) => faults.add(
                        pointer(),
                        "wrong-kind",
                        "This role is of another kind than the list.",
                    ),
                    None => faults.add(pointer(), "unknown-role", "There is no such role."),
                }
            }
        }
        Execution {
            enabled: self.enabled,
            servicing_team_roles: self.servicing_team_roles.clone(),
            business_roles: self.business_roles.clone(),
            firm_roles: self.firm_roles.clone(),
        }
    }
}
