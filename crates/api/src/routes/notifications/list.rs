use actix_web::{HttpResponse, get};
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::NotificationView;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Query,
    },
};

/// Which of them.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct NotificationQuery {
    /// Those that are unread (`true`), or those that have been read.
    #[param(nullable = false)]
    unread: Option<bool>,
}

/// List one's notifications.
///
/// Everyone may, of those addressed to them. With `unread` and `include_total` the page tells how many are unread.
#[utoipa::path(
    params(NotificationQuery, PageQuery),
    responses((status = 200, description = "Newest first.", body = PageView<NotificationView>)),
)]
#[get("/v1/notifications")]
#[tracing::instrument(name = "list_notifications", skip_all)]
pub(crate) async fn list_notifications(
    call: Call,
    Query(query): Query<NotificationQuery>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    let asked = call.page_request(&paging)?;
    let page = call
        .reads()
        .list_notifications(call.actor().user_id, query.unread, asked)
        .await?;
    call.page(&paging, page.map(NotificationView::from))
}
