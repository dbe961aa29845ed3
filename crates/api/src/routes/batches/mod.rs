//! `/v1/batches`: one process for each of many entities (E17).

use domain::batch::{Batch, BatchRefused};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{call::Call, http::problem::Problem};

mod cancel;
mod change;
mod create;
mod get;
mod items;
mod list;
mod pause;
mod resume;
mod view;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list::list_batches)
        .service(create::create_batch)
        .service(get::get_batch)
        .service(items::list_batch_items)
        .service(pause::pause_batch)
        .service(resume::resume_batch)
        .service(cancel::cancel_batch);
}

/// The batch, if the caller may follow it.
fn followed(call: &Call, found: Option<Batch>) -> Result<Batch, Problem> {
    found
        .filter(|batch| batch.is_followed_by(call.actor()))
        .ok_or_else(Problem::not_found)
}

impl From<BatchRefused> for Problem {
    fn from(refused: BatchRefused) -> Self {
        Self::conflict(format!("The batch is {}.", refused.status.as_str()))
    }
}
