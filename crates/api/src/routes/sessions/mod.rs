//! `/v1/sessions`: sign in, stay signed in, sign out; and the keys that tokens are checked with.

use utoipa_actix_web::service_config::ServiceConfig;

mod create;
mod delete;
mod delete_current;
mod jwks;
mod list;
mod refresh;
mod view;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(create::create_session)
        .service(refresh::refresh_session)
        .service(list::list_sessions)
        .service(delete_current::delete_current_session)
        .service(delete::delete_session)
        .service(jwks::get_jwks);
}
