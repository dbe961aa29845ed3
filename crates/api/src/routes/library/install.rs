use actix_web::post;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    ambient::Ambient,
    attribute::Attribute,
    event::{EventType, Occurrence, SubjectType},
    fault::Fault,
    ids::{AttributeId, RoleId, UserId},
    process::{engine::snapshot, world::Catalog},
    process_type::{ProcessType, check, editing::LibraryEdition},
    role::Role,
};
use library::{Parcel, StandardAttribute, StandardRole, Workflow, find, parcel};
use persistence::UnitOfWork;
use serde::Serialize;
use uuid::Uuid;

use super::view::InstallationView;
use crate::{
    call::Call,
    http::{
        answer::Answer,
        problem::{Code, Problem},
        query::Path,
    },
    routes::process_types::{context::check_context, trail::told},
};

/// Install a workflow of the library.
///
/// Designers and admins may. Makes and publishes the process type and those that it starts, with the roles and attributes
/// that they name, as far as the firm lacks them: all of it or nothing.
#[utoipa::path(
    params(("slug" = String, Path, description = "The workflow.", pattern = "^[a-z0-9][a-z0-9-]{0,79}$", example = "new-account-opening")),
    responses((status = 201, description = "The process type, and what came along.", body = InstallationView)),
)]
#[post("/v1/library/{slug}/install")]
#[tracing::instrument(name = "install_library_workflow", skip_all)]
pub(crate) async fn install_library_workflow(
    call: Call,
    Path(slug): Path<String>,
) -> Result<Answer, Problem> {
    let workflow = find(&slug).ok_or_else(Problem::not_found)?;
    let catalog = call.catalog().await?;
    call.write(async |tx| {
        call.replay()?;
        decide_firm_action(FirmAction::Design, call.actor()).or_denied(true)?;
        require_new(tx, workflow).await?;
        let (by, ambient) = (call.actor().user_id, &*call.state().ambient);
        let installed = install(tx, ambient, &catalog, &slug, by).await?;
        let first = installed.types.first().ok_or_else(Problem::not_found)?;
        let location = format!("/v1/process-types/{}", first.id);
        let view = InstallationView::new(
            first,
            &installed.types,
            &installed.roles,
            &installed.attributes,
        );
        Ok(Answer::created(location, &view)?.version(first.version))
    })
    .await
}

/// What an installation has made.
pub(crate) struct Installed {
    /// The workflow itself, then those that it starts.
    types: Vec<ProcessType>,
    roles: Vec<Role>,
    attributes: Vec<Attribute>,
}

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
    let roles: Vec<Role> = parcel.roles.iter().map(|it| role(ambient, it)).collect();
    let attributes: Vec<Attribute> = parcel
        .attributes
        .iter()
        .map(|it| attribute(ambient, it))
        .collect();
    require_sound(tx, catalog, &parcel, &roles, &attributes).await?;

    tx.insert_roles(&roles)?;
    for role in &roles {
        tx.record(made(
            EventType::RoleCreated,
            SubjectType::Role,
            role.id.0,
            role,
        ));
    }
    for it in &attributes {
        tx.insert_attribute(it)?;
        let id = it.id.0;
        tx.record(made(
            EventType::AttributeCreated,
            SubjectType::Attribute,
            id,
            it,
        ));
    }
    let mut installed = Vec::with_capacity(parcel.workflows.len());
    for workflow in &parcel.workflows {
        installed.push(publish(tx, ambient, workflow, by)?);
    }
    Ok(Installed {
        types: installed,
        roles,
        attributes,
    })
}

/// Refuses what the firm has already, from the library or of its own.
async fn require_new(tx: &UnitOfWork, workflow: &Workflow) -> Result<(), Problem> {
    let before = tx.reads().process_type_of_library(workflow.slug).await?;
    if before.is_some() {
        return Err(Problem::new(
            Code::AlreadyInstalled,
            "The firm has installed this workflow before.",
        ));
    }
    let key = &workflow.document.key;
    match tx.reads().process_type_by_key(key).await? {
        None => Ok(()),
        Some(_) => Err(Problem::new(
            Code::Duplicate,
            format!("The firm has a process type of its own with the key `{key}`."),
        )),
    }
}

/// Refuses workflows that do not fit what the firm has under the same keys: a role of another kind, say, or an attribute of
/// another type.
async fn require_sound(
    tx: &UnitOfWork,
    catalog: &Catalog,
    parcel: &Parcel,
    roles: &[Role],
    attributes: &[Attribute],
) -> Result<(), Problem> {
    let mut catalog = catalog.clone();
    catalog.roles.extend_from_slice(roles);
    catalog.attributes.extend_from_slice(attributes);
    let mut found = Vec::new();
    for workflow in &parcel.workflows {
        let mut context = check_context(&catalog, tx.reads(), &workflow.document).await?;
        let keys = parcel.workflows.iter().map(|it| it.document.key.clone());
        context.process_types.extend(keys);
        for fault in check(&workflow.document, &context).faults {
            let detail = format!("{}: {}", workflow.document.name, fault.detail);
            found.push(Fault::new(fault.pointer, &fault.code, detail));
        }
    }
    if found.is_empty() {
        Ok(())
    } else {
        Err(Problem::with_faults(Code::Conflict, found))
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
    workflow: &Workflow,
    by: UserId,
) -> Result<ProcessType, Problem> {
    let document = workflow.document.clone();
    let edition = LibraryEdition {
        slug: workflow.slug,
        version: library::VERSION,
    };
    let (begun, draft) = ProcessType::begin(document, Some(edition), ambient);
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
