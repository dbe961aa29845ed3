use actix_web::{HttpResponse, get};

use super::view::SessionView;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
    },
};

/// List one's sessions.
///
/// Everyone may, their own; ended ones are left out.
#[utoipa::path(
    params(PageQuery),
    responses((status = 200, description = "Oldest first.", body = PageView<SessionView>)),
)]
#[get("/v1/sessions")]
#[tracing::instrument(name = "list_sessions", skip_all)]
pub(crate) async fn list_sessions(call: Call, paging: Paging) -> Result<HttpResponse, Problem> {
    let now = call.state().ambient.now();
    let asked = call.page_request(&paging)?;
    let page = call
        .reads()
        .list_sessions(call.actor().user_id, now, asked)
        .await?;
    let current = call.session_id();
    call.page(
        &paging,
        page.map(|session| SessionView::new(session, current)),
    )
}
