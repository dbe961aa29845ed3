//! `/v1/documents`: files.

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) mod access;
mod create;
mod download;
mod get;
mod range;
mod view;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(create::create_document)
        .service(get::get_document)
        .service(download::download_document);
}
