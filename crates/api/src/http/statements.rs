//! How many statements a request took, told where the settings ask for it.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderName, HeaderValue},
    middleware::Next,
    web::Data,
};

use crate::state::AppState;

/// The header that tells it.
pub const STATEMENTS: HeaderName = HeaderName::from_static("x-statements");

/// Counts what a request sends to the database, from the look at its token to `COMMIT`.
pub async fn tell_statements(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let asked = req
        .app_data::<Data<AppState>>()
        .filter(|state| state.config.count_statements)
        .cloned();
    let Some(state) = asked else {
        return next.call(req).await;
    };
    let watching = state.store.watch_statements(next.call(req));
    let (answered, statements) = watching.await;
    answered.map(|mut response| {
        response
            .headers_mut()
            .insert(STATEMENTS, HeaderValue::from(statements));
        response
    })
}
