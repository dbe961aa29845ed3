use actix_web::{HttpResponse, get};
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    ids::ProcessTypeId,
};

use super::view::ProcessTypeVersionView;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Path,
    },
};

/// List the versions of a process type.
///
/// Everyone of the firm may. The draft is one of them.
#[utoipa::path(
    params(("process_type_id" = Uuid, Path, description = "The process type."), PageQuery),
    responses((status = 200, description = "Newest first.", body = PageView<ProcessTypeVersionView>)),
)]
#[get("/v1/process-types/{process_type_id}/versions")]
#[tracing::instrument(name = "list_process_type_versions", skip_all)]
pub(crate) async fn list_process_type_versions(
    call: Call,
    paging: Paging,
    Path(id): Path<ProcessTypeId>,
) -> Result<HttpResponse, Problem> {
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let asked = call.page_request(&paging)?;
    let found = call.reads().process_type(id).await?;
    found.ok_or_else(Problem::not_found)?;
    let page = call.reads().list_process_type_versions(id, asked).await?;
    call.page(
        &paging,
        page.map(|version| ProcessTypeVersionView::new(id, &version)),
    )
}
