//! `/v1/jobs`: the work in the background, for those who look after it.

use domain::{
    event::{EventType, Occurrence, SubjectType},
    ids::EntityId,
    job::QueuedJob,
};
use utoipa_actix_web::service_config::ServiceConfig;

mod list;
mod requeue;
mod view;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list::list_jobs).service(requeue::requeue_job);
}

/// What the trail says of a job that was queued again; `entity_id` is the record of the process that it is about.
fn requeued(before: &QueuedJob, after: &QueuedJob, entity_id: Option<EntityId>) -> Occurrence {
    Occurrence {
        event: EventType::JobRequeued,
        subject_type: SubjectType::Job,
        subject_id: after.id.0,
        entity_id,
        before: serde_json::to_value(before).ok(),
        after: serde_json::to_value(after).ok(),
    }
}
