use actix_web::post;
use domain::ids::NotificationId;

use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem},
};

/// Mark all of one's notifications as read.
///
/// Everyone may, what is addressed to them. What comes after this is unread.
#[utoipa::path(responses((status = 204, description = "Nothing is unread.")))]
#[post("/v1/notifications/read-all")]
#[tracing::instrument(name = "read_all_notifications", skip_all)]
pub(crate) async fn read_all_notifications(call: Call) -> Result<Answer, Problem> {
    let user = call.actor().user_id;
    call.write(async |tx| {
        call.replay()?;
        let now = tx.ambient().now();
        let unread = tx.lock_unread(user).await?;
        let ids: Vec<NotificationId> = unread.iter().map(|unread| unread.id).collect();
        tx.mark_read(&ids, now);
        for unread in &unread {
            if let Some(read) = unread.read(now) {
                tx.record(unread.told_read(&read));
            }
        }
        Ok(Answer::no_content())
    })
    .await
}
