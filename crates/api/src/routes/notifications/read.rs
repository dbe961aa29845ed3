use actix_web::post;
use domain::ids::NotificationId;

use super::view::NotificationView;
use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem, query::Path},
};

/// Mark one of one's notifications as read.
///
/// Everyone may, what is addressed to them. A second time changes nothing.
#[utoipa::path(
    params(("notification_id" = Uuid, Path, description = "The notification.")),
    responses((status = 200, description = "The notification, read.", body = NotificationView)),
)]
#[post("/v1/notifications/{notification_id}/read")]
#[tracing::instrument(name = "read_notification", skip_all)]
pub(crate) async fn read_notification(
    call: Call,
    Path(id): Path<NotificationId>,
) -> Result<Answer, Problem> {
    let user = call.actor().user_id;
    call.write(async |tx| {
        let found = tx.lock_notification(id, user).await?;
        let found = found.ok_or_else(Problem::not_found)?;
        call.replay()?;
        let now = tx.ambient().now();
        let Some(read) = found.read(now) else {
            return Ok(Answer::ok(&NotificationView::from(found))?);
        };
        tx.mark_read(&[id], now);
        tx.record(found.told_read(&read));
        Ok(Answer::ok(&NotificationView::from(read))?)
    })
    .await
}
