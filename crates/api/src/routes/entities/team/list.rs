use std::collections::BTreeMap;

use actix_web::{HttpResponse, get};
use domain::{
    entity::Membership,
    ids::{EntityId, RoleId, UserId},
    role::Role,
    user::User,
};

use super::{super::record::Record, view::EntityTeamMemberView};
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Path,
    },
};

/// List the team of an entity.
///
/// Whoever may see the entity may. Who holds several roles stands here once for each.
#[utoipa::path(
    params(("entity_id" = Uuid, Path, description = "The entity."), PageQuery),
    responses((
        status = 200,
        description = "In the order in which they joined.",
        body = PageView<EntityTeamMemberView>,
    )),
)]
#[get("/v1/entities/{entity_id}/team")]
#[tracing::instrument(name = "list_entity_team", skip_all)]
pub(crate) async fn list_entity_team(
    call: Call,
    Path(id): Path<EntityId>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    let asked = call.page_request(&paging)?;
    Record::read(&call, id).await?;
    let page = call.reads().list_team(id, asked).await?;
    let (people, roles) = around(&call, &page.items).await?;
    let mut views = Vec::with_capacity(page.items.len());
    for member in &page.items {
        match (people.get(&member.user_id), roles.get(&member.role_id)) {
            (Some(user), Some(role)) => views.push(EntityTeamMemberView::new(member, user, role)),
            (None, _) | (_, None) => {
                return Err(Problem::internal(format_args!(
                    "membership {} names nobody or nothing",
                    member.id
                )));
            }
        }
    }
    call.page(&paging, page.with_items(views))
}

/// The people on the team and all roles of the firm. Read after the team: neither people nor roles are ever deleted.
async fn around(
    call: &Call,
    team: &[Membership],
) -> Result<(BTreeMap<UserId, User>, BTreeMap<RoleId, Role>), Problem> {
    let ids: Vec<UserId> = team.iter().map(|member| member.user_id).collect();
    let people = call.reads().users(&ids).await?;
    let roles = call.reads().all_roles().await?;
    Ok((
        people.into_iter().map(|user| (user.id, user)).collect(),
        roles.into_iter().map(|role| (role.id, role)).collect(),
    ))
}
