use actix_web::get;
use domain::{
    access::{Rule, execution::Decision, managing::TaskAction},
    ids::{TaskId, UserId},
    process::error::TaskError,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{get::seen, list::may_ask};
use crate::{
    call::Call,
    http::{
        answer::Answer,
        problem::Problem,
        query::{Path, Query},
    },
};

/// Whose permissions.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PermissionsQuery {
    /// About this person; left out: the caller.
    #[param(value_type = Option<Uuid>, nullable = false)]
    user_id: Option<UserId>,
}

/// What a person may do to a task, and why.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskPermissions)]
pub(crate) struct PermissionsView {
    /// Who.
    user_id: Uuid,
    actions: ActionsView,
}

/// Each action with its decision: whether the person has the right, and whether the task lets it be done as it stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskActions)]
pub(crate) struct ActionsView {
    complete: DecisionView,
    edit_form: DecisionView,
    edit_checklist: DecisionView,
    assign: DecisionView,
    reschedule: DecisionView,
    reprioritise: DecisionView,
    retitle: DecisionView,
    hold: DecisionView,
    resume: DecisionView,
    skip: DecisionView,
    cancel: DecisionView,
    retry: DecisionView,
    reopen: DecisionView,
    release: DecisionView,
    claim: DecisionView,
    change_lists: DecisionView,
}

/// A yes or no, by which rule, and why.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PermissionDecision)]
pub(crate) struct DecisionView {
    allowed: bool,
    /// The rule that decided.
    #[schema(example = "X5")]
    rule: &'static str,
    #[schema(
        example = "refused by X5: holds Client Service Associate on Okafor Household, not on Lindqvist Trust"
    )]
    reason: String,
}

impl DecisionView {
    pub(super) fn new(decision: Decision) -> Self {
        Self {
            allowed: decision.allowed,
            rule: decision.rule.as_str(),
            reason: decision.reason,
        }
    }

    /// Of executing, the task's state is told before the right (X8), to all but the inactive (X13).
    fn executing(decision: Decision, lets: Result<(), TaskError>) -> Self {
        match (decision.rule, lets) {
            (Rule::X8 | Rule::X13, _) | (_, Ok(())) => Self::new(decision),
            (_, Err(why)) => Self::refused(&why),
        }
    }

    /// Of managing, the right is told before the task's state.
    fn managing(decision: Decision, lets: Result<(), TaskError>) -> Self {
        match lets {
            Err(why) if decision.allowed => Self::refused(&why),
            Ok(()) | Err(_) => Self::new(decision),
        }
    }

    /// Nobody can do it as things stand.
    fn refused(why: &TaskError) -> Self {
        let rule = why.rule();
        Self {
            allowed: false,
            rule,
            reason: format!("refused by {rule}: {why}"),
        }
    }
}

/// Explain what somebody may do to a task.
///
/// Whoever may see the task may ask about themselves; about anybody admins and auditors, about their members managers. `allowed`
/// is false where the right is missing, and where the task as it stands lets nobody do it.
#[utoipa::path(
    params(("task_id" = Uuid, Path, description = "The task."), PermissionsQuery),
    responses((status = 200, description = "Every action with its decision.", body = PermissionsView)),
)]
#[get("/v1/tasks/{task_id}/permissions")]
#[tracing::instrument(name = "get_task_permissions", skip_all)]
pub(crate) async fn get_task_permissions(
    call: Call,
    Path(id): Path<TaskId>,
    Query(query): Query<PermissionsQuery>,
) -> Result<Answer, Problem> {
    let work = seen(&call, id).await?;
    let user = query.user_id.unwrap_or(call.actor().user_id);
    may_ask(&call, user)?;
    let actor = if user == call.actor().user_id {
        call.actor().clone()
    } else {
        let found = call.reads().actor(user).await?;
        found.ok_or_else(Problem::not_found)?
    };
    let facts = work.facts(call.state().ambient.now())?;
    let execution = facts
        .executing(call.reads(), &actor, call.actor(), false)
        .await?;
    let ambient = &*call.state().ambient;
    let standing = work.mover(ambient);
    let manage =
        |action| DecisionView::managing(facts.manage(&actor, action), standing.lets(action));
    let reopen = facts.manage(&actor, TaskAction::Reopen);
    let undoable = if reopen.allowed {
        work.undoable(call.reads(), ambient).await?
    } else {
        Ok(())
    };
    Answer::ok(&PermissionsView {
        user_id: user.0,
        actions: ActionsView {
            complete: DecisionView::executing(execution.clone(), standing.lets_complete()),
            edit_form: DecisionView::executing(execution.clone(), standing.lets_draft()),
            edit_checklist: DecisionView::executing(execution, standing.lets_draft()),
            assign: manage(TaskAction::Assign),
            reschedule: manage(TaskAction::Reschedule),
            reprioritise: manage(TaskAction::Reprioritise),
            retitle: manage(TaskAction::Retitle),
            hold: manage(TaskAction::Hold),
            resume: manage(TaskAction::Resume),
            skip: manage(TaskAction::Skip),
            cancel: manage(TaskAction::Cancel),
            retry: manage(TaskAction::Retry),
            reopen: DecisionView::managing(reopen, undoable),
            release: manage(TaskAction::Release),
            claim: manage(TaskAction::Claim),
            change_lists: manage(TaskAction::ChangeLists),
        },
    })
}
