use actix_web::{HttpResponse, get};
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    user::{PermissionLevel, UserStatus},
};
use persistence::{UserFilter, UserSort};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::view::UserView;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Query,
    },
};

/// Which users.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UserQuery {
    /// With this status.
    #[param(nullable = false)]
    status: Option<UserStatus>,
    /// At one of these levels, separated by commas.
    #[param(style = Form, explode = false, min_items = 1, nullable = false)]
    permission_level: Option<Vec<PermissionLevel>>,
    /// With an e-mail address, or a word of their name, that begins like this; case does not matter.
    #[param(min_length = 1, max_length = 200, nullable = false, example = "oka")]
    q: Option<String>,
    /// In which order, by name unless told otherwise; `-` is for the reverse.
    #[param(inline, nullable = false)]
    sort: Option<UserOrder>,
}

/// In which order users are listed.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UserOrder {
    FullName,
    CreatedAt,
    #[serde(rename = "-created_at")]
    NewestFirst,
}

/// List users.
///
/// Everyone of the firm may.
#[utoipa::path(
    params(UserQuery, PageQuery),
    responses((status = 200, description = "In the order asked for.", body = PageView<UserView>)),
)]
#[get("/v1/users")]
#[tracing::instrument(name = "list_users", skip_all)]
pub(crate) async fn list_users(
    call: Call,
    Query(query): Query<UserQuery>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let filter = UserFilter {
        status: query.status,
        permission_levels: query.permission_level.unwrap_or_default(),
        beginning: query.q,
    };
    let sort = match query.sort {
        None | Some(UserOrder::FullName) => UserSort::FullName,
        Some(UserOrder::CreatedAt) => UserSort::Id,
        Some(UserOrder::NewestFirst) => UserSort::Newest,
    };
    let asked = call.page_request(&paging)?;
    let page = call.reads().list_users(&filter, sort, asked).await?;
    call.page(&paging, page.map(UserView::new))
}
