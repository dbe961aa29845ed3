use std::collections::BTreeSet;

use actix_web::{HttpRequest, post};
use domain::{
    access::{handing_over::decide_hand_over, visibility::EntityScope},
    fault::Fault,
    hand_over::{HandOver, Place, Seats},
    ids::{EntityId, UserId},
    process::world::Catalog,
};
use persistence::{Left, UnitOfWork};
use serde::Deserialize;
use utoipa::ToSchema;

use super::hand_over_view::HandOverView;
use crate::{
    call::{Call, Stop},
    http::{answer::Answer, etag::OptionalIfMatch, json::Body, problem::Problem, query::Path},
    telemetry,
    work::hand_over::{Handed, HandingOver, held},
};

/// What goes to whom.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "to_user_id": "01979b9f-4c3d-7e11-8a5b-0f6d2c9e4a10",
    "memberships": "primary",
    "dry_run": true
}))]
pub(crate) struct HandOverWork {
    /// The successor: active, and no auditor.
    #[schema(value_type = Uuid)]
    to_user_id: UserId,
    /// Whether the tasks that the person owns and that are not finished go.
    #[serde(default = "yes")]
    #[schema(default = true)]
    tasks: bool,
    /// Whether the processes that they own and that have not ended go.
    #[serde(default = "yes")]
    #[schema(default = true)]
    processes: bool,
    /// Which of their places on the teams of entities go; they leave these places. Left out: none.
    #[schema(nullable = false)]
    memberships: Option<Seats>,
    /// Only what is for these entities; empty: everything.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>, max_items = 200)]
    entity_ids: Vec<EntityId>,
    /// Only tell what would become of it, and change nothing.
    #[serde(default)]
    #[schema(default = false)]
    dry_run: bool,
}

const fn yes() -> bool {
    true
}

impl HandOverWork {
    fn order(&self, from_id: UserId) -> HandOver {
        let entity_ids: BTreeSet<EntityId> = self.entity_ids.iter().copied().collect();
        HandOver {
            from_id,
            to_id: self.to_user_id,
            tasks: self.tasks,
            processes: self.processes,
            seats: self.memberships.unwrap_or(Seats::None),
            entity_ids: entity_ids.into_iter().collect(),
        }
    }
}

/// Hand over what somebody leaves behind.
///
/// Admins may, and managers for the members of their teams. Their unfinished tasks, their processes that go on and, where
/// asked for, their places on the teams of entities go to one successor, all in one transaction: first the places, because
/// roles decide who may have an approval. Each is asked about by itself, as if it were handed over alone; what cannot go
/// stays, with the rule and the reason: the successor prepared what a task checks, an approval names others, an entity is
/// restricted to its team, a team is not the caller's to change. What the caller may not see is left out.
///
/// More than a hundred teams, processes and tasks of no process are done by job, a hundred at a time, as the caller may then;
/// `queued` tells how much that is. A dry run tells the first hundred. Repeated, a dry run shows what has stayed. It does not
/// make the person inactive.
#[utoipa::path(
    params(("user_id" = Uuid, Path, description = "Who leaves it behind."), OptionalIfMatch),
    request_body = HandOverWork,
    responses((status = 200, description = "What has gone and what has stayed.", body = HandOverView)),
)]
#[post("/v1/users/{user_id}/hand-over")]
#[tracing::instrument(name = "hand_over_work", skip_all)]
pub(crate) async fn hand_over_work(
    call: Call,
    req: HttpRequest,
    if_match: OptionalIfMatch,
    Path(id): Path<UserId>,
    Body(body): Body<HandOverWork>,
) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    let request_id = telemetry::id_of(&req);
    call.write(async |tx| -> Result<Answer, Stop> {
        let order = body.order(id);
        let (leaving, successor) = held(tx, &order).await?;
        let leaving = leaving.ok_or_else(Problem::not_found)?;
        call.replay()?;
        if_match.check(leaving.version)?;
        decide_hand_over(call.actor(), id).or_denied(true)?;
        let mut faults = order.faults(successor.as_ref());
        faults.extend(unknown_records(&call, tx, &catalog, &body.entity_ids).await?);
        let Some(successor) = successor.filter(|_| faults.is_empty()) else {
            return Err(Problem::invalid(faults).into());
        };
        let handing = HandingOver {
            catalog: &catalog,
            actor: call.actor(),
            order: &order,
            leaving: &leaving,
            successor: &successor,
        };
        let handed = if body.dry_run {
            handing.preview(tx, Place::START).await?
        } else {
            handing.carry_out(tx, Place::START).await?
        };
        let left = left(&call, tx, &catalog, &order, &handed).await?;
        if let Some(place) = handed.next.filter(|_| !body.dry_run) {
            tx.enqueue(&handing.rest(place, request_id.as_deref()))?;
        }
        Ok(Answer::ok(&HandOverView::new(body.dry_run, handed, left))?)
    })
    .await
}

/// The records named that are not there for the caller (X17).
async fn unknown_records(
    call: &Call,
    tx: &UnitOfWork,
    catalog: &Catalog,
    ids: &[EntityId],
) -> Result<Vec<Fault>, Problem> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let entities = tx.reads().entities(ids).await?;
    let team = tx.reads().team_of(ids).await?;
    let scope = EntityScope::of(call.actor(), &catalog.firm);
    let unknown = ids.iter().enumerate().filter(|(_, id)| {
        let found = entities.get(id);
        !found.is_some_and(|entity| scope.contains(entity, &team))
    });
    let fault = |place| {
        let detail = "There is no such entity.";
        Fault::new(format!("/entity_ids/{place}"), "unknown-entity", detail)
    };
    Ok(unknown.map(|(place, _)| fault(place)).collect())
}

/// How much is left for later, as far as the caller sees it.
async fn left(
    call: &Call,
    tx: &mut UnitOfWork,
    catalog: &Catalog,
    order: &HandOver,
    handed: &Handed,
) -> Result<Left, Problem> {
    let Some(place) = handed.next else {
        return Ok(Left::default());
    };
    tx.settle().await?;
    let records = EntityScope::of(call.actor(), &catalog.firm);
    let work = call.work_scope(catalog);
    Ok(tx.reads().left_from(order, place, &records, &work).await?)
}
