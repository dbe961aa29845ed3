use actix_web::{HttpResponse, get};

use super::view::NotificationView;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
    },
};

/// List one's notifications.
///
/// Everyone may, of those addressed to them.
#[utoipa::path(
    params(PageQuery),
    responses((status = 200, description = "Newest first.", body = PageView<NotificationView>)),
)]
#[get("/v1/notifications")]
#[tracing::instrument(name = "list_notifications", skip_all)]
pub(crate) async fn list_notifications(
    call: Call,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    let asked = call.page_request(&paging)?;
    let page = call
        .reads()
        .list_notifications(call.actor().user_id, asked)
        .await?;
    call.page(&paging, page.map(NotificationView::from))
}
