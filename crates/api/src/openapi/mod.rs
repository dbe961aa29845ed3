//! The OpenAPI document: what the routes say of themselves, completed by what holds for all of them.

mod decorate;
mod limits;
mod links;
mod tags;

use std::sync::{Arc, OnceLock};

use utoipa::{
    PartialSchema as _, ToSchema as _,
    openapi::{
        Contact, Info, License, OpenApi, OpenApiBuilder, Server,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use utoipa_actix_web::AppExt as _;

use crate::{http::problem::ProblemBody, spec::Spec};

/// The whole document; needs neither settings nor a database.
#[must_use]
pub fn document() -> OpenApi {
    let mut document = actix_web::App::new()
        .into_utoipa_app()
        .openapi(base())
        .configure(crate::routes::configure)
        .split_for_parts()
        .1;
    decorate::decorate(&mut document);
    limits::limit_texts(&mut document);
    links::link_creations(&mut document);
    document
}

/// The document as it is checked in and printed.
pub fn text() -> Result<String, serde_json::Error> {
    document().to_pretty_json().map(|text| text + "\n")
}

/// The document as the server uses it; made once in a process.
pub fn spec() -> Result<Arc<Spec>, serde_json::Error> {
    static SPEC: OnceLock<Arc<Spec>> = OnceLock::new();
    if let Some(made) = SPEC.get() {
        return Ok(Arc::clone(made));
    }
    let made = Arc::new(Spec::new(text()?));
    Ok(Arc::clone(SPEC.get_or_init(|| made)))
}

fn base() -> OpenApi {
    let mut license = License::new("Apache-2.0");
    license.identifier = Some("Apache-2.0".to_owned());
    let mut contact = Contact::new();
    contact.name = Some("The Baton project".to_owned());
    let mut info = Info::new("Baton", env!("CARGO_PKG_VERSION"));
    info.description = Some(DESCRIPTION.to_owned());
    info.license = Some(license);
    info.contact = Some(contact);
    let mut server = Server::new("/");
    server.description = Some("This server".to_owned());

    let mut components = utoipa::openapi::Components::new();
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some(
            "An access token from `POST /v1/sessions`, sent as `Authorization: Bearer …`.",
        ))
        .build();
    components.add_security_scheme(decorate::BEARER, SecurityScheme::Http(bearer));
    let mut schemas = Vec::new();
    ProblemBody::schemas(&mut schemas);
    schemas.push((ProblemBody::name().into_owned(), ProblemBody::schema()));
    components.schemas.extend(schemas);

    OpenApiBuilder::new()
        .info(info)
        .servers(Some([server]))
        .components(Some(components))
        .tags(Some(tags::all()))
        .build()
}

const DESCRIPTION: &str = "Workflows for wealth-management firms: the people who may, do the right next step, for the \
right client, and everything that happened can be told afterwards.\n\n\
Times are RFC 3339 in UTC, ids are UUIDs, money is decimal text with a currency. Every refusal is an RFC 9457 problem \
whose `code` is stable and explained under `/problems`. A change of something that exists asks for its version by \
`If-Match`; a `POST` may be repeated safely under an `Idempotency-Key`. Lists come in pages: follow `next_cursor` until \
`has_more` is false.";
