//! How workflows come into a firm, from the library or from files: published, with what they name and the firm lacks.

use chrono::{DateTime, Utc};
use domain::{
    ambient::Ambient,
    attribute::Attribute,
    event::{EventType, Occurrence, SubjectType},
    fault::Fault,
    ids::{AttributeId, RoleId, UserId},
    process::{engine::snapshot, world::Catalog},
    process_type::{
        CheckContext, ProcessType, ProcessTypeDocument, check, editing::LibraryEdition,
    },
    role::Role,
};
use library::{Parcel, StandardAttribute, StandardRole, parcel};
use persistence::{Reads, StoreError, UnitOfWork};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    http::problem::{Code, Problem},
    routes::process_types::{context::check_context, trail::told},
};

/// Queues a workflow of the library with all that it needs and the firm lacks.
pub(crate) async fn install(
    tx: &mut UnitOfWork,
    ambient: &dyn Ambient,
    catalog: &Catalog,
    slug: &str,
    by: UserId,
) -> Result<Installed, Problem> {
    let types = tx.reads().process_type_keys().await?;
    let parcel =
        parcel(slug, &types, &catalog.roles, &catalog.attributes).ok_or_else(Problem::not_found)?;
    let installation = Installation::new(ambient, catalog, parcel);
    installation.carry_out(tx, ambient, Some(by)).await
}

/// A parcel on its way into a firm.
pub(crate) struct Installation<'d> {
    parcel: Parcel<'d>,
    roles: Vec<Role>,
    attributes: Vec<Attribute>,
    /// What the firm will have set up.
    catalog: Catalog,
    /// When it is to be published.
    now: DateTime<Utc>,
}

/// What an installation has made.
#[derive(Debug)]
pub(crate) struct Installed {
    /// The process types in the order of the parcel.
    pub(crate) types: Vec<ProcessType>,
    pub(crate) roles: Vec<Role>,
    pub(crate) attributes: Vec<Attribute>,
}

impl<'d> Installation<'d> {
    /// What a parcel comes to in a firm; nothing has happened yet.
    pub(crate) fn new(ambient: &dyn Ambient, catalog: &Catalog, parcel: Parcel<'d>) -> Self {
        let roles: Vec<Role> = parcel.roles.iter().map(|it| role(ambient, it)).collect();
        let attributes: Vec<Attribute> = parcel
            .attributes
            .iter()
            .map(|it| attribute(ambient, it))
            .collect();
        let mut catalog = catalog.clone();
        catalog.roles.extend_from_slice(&roles);
        catalog.attributes.extend_from_slice(&attributes);
        Self {
            parcel,
            roles,
            attributes,
            catalog,
            now: ambient.now(),
        }
    }

    /// What a process type of the parcel may name once the firm has all of it.
    pub(crate) async fn context(
        &self,
        reads: Reads<'_>,
        document: &ProcessTypeDocument,
    ) -> Result<CheckContext, StoreError> {
        let mut context = check_context(&self.catalog, reads, document, self.now).await?;
        let keys = self.parcel.documents().map(|it| it.key.clone());
        context.process_types.extend(keys);
        Ok(context)
    }

    /// Queues everything, published by somebody or by the command line.
    pub(crate) async fn carry_out(
        self,
        tx: &mut UnitOfWork,
        ambient: &dyn Ambient,
        by: Option<UserId>,
    ) -> Result<Installed, Problem> {
        self.require_sound(tx).await?;
        tx.insert_roles(&self.roles)?;
        for role in &self.roles {
            tx.record(made(
                EventType::RoleCreated,
                SubjectType::Role,
                role.id.0,
                role,
            ));
        }
        for it in &self.attributes {
            tx.insert_attribute(it)?;
            let id = it.id.0;
            tx.record(made(
                EventType::AttributeCreated,
                SubjectType::Attribute,
                id,
                it,
            ));
        }
        let mut types = Vec::new();
        for document in &self.parcel.own {
            types.push(publish(tx, ambient, document, None, by)?);
        }
        for workflow in &self.parcel.workflows {
            let edition = LibraryEdition {
                slug: workflow.slug,
                version: library::VERSION,
            };
            types.push(publish(tx, ambient, &workflow.document, Some(edition), by)?);
        }
        Ok(Installed {
            types,
            roles: self.roles,
            attributes: self.attributes,
        })
    }

    /// Refuses workflows that do not fit what the firm has under the same keys: a role of another kind, say, or an attribute
    /// of another type.
    async fn require_sound(&self, tx: &UnitOfWork) -> Result<(), Problem> {
        let mut found = Vec::new();
        for document in self.parcel.documents() {
            let context = self.context(tx.reads(), document).await?;
            for fault in check(document, &context).faults {
                let detail = format!("{}: {}", document.name, fault.detail);
                found.push(Fault::new(fault.pointer, &fault.code, detail));
            }
        }
        if found.is_empty() {
            Ok(())
        } else {
            Err(Problem::with_faults(Code::Conflict, found))
        }
    }
}

fn role(ambient: &dyn Ambient, standard: &StandardRole) -> Role {
    Role {
        id: RoleId(ambient.fresh_id()),
        key: standard.key.clone(),
        name: standard.name.clone(),
        kind: standard.kind,
        description: Some(standard.description.clone()),
        leads: standard.leads,
        version: 1,
    }
}

fn attribute(ambient: &dyn Ambient, standard: &StandardAttribute) -> Attribute {
    Attribute {
        id: AttributeId(ambient.fresh_id()),
        key: standard.key.clone(),
        label: standard.label.clone(),
        entity_kind: standard.entity_kind.clone(),
        value_type: standard.value_type,
        options: standard.options.clone(),
        archived: false,
        version: 1,
    }
}

/// Queues a process type with its first version, published at once.
fn publish(
    tx: &mut UnitOfWork,
    ambient: &dyn Ambient,
    document: &ProcessTypeDocument,
    edition: Option<LibraryEdition<'_>>,
    by: Option<UserId>,
) -> Result<ProcessType, Problem> {
    let (begun, draft) = ProcessType::begin(document.clone(), edition, ambient);
    let now = ambient.now();
    let (made, first) = begun.publish(Some(draft), by, None, now)?;
    tx.insert_process_type(&made, &first)?;
    tx.record(told(EventType::ProcessTypeCreated, None, (&begun, None)));
    tx.record(told(
        EventType::ProcessTypePublished,
        Some((&begun, None)),
        (&made, Some(&first.definition)),
    ));
    Ok(made)
}

fn made<T: Serialize>(
    event: EventType,
    subject_type: SubjectType,
    subject_id: Uuid,
    after: &T,
) -> Occurrence {
    Occurrence {
        event,
        subject_type,
        subject_id,
        entity_id: None,
        before: None,
        after: Some(snapshot(after)),
    }
}
