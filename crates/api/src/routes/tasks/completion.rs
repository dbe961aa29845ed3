use actix_web::get;
use domain::{
    ambient::Ambient,
    fault::Fault,
    ids::TaskId,
    process::{input::CompletionInput, world::World},
    task::{TaskStatus, hand_made::HandMade},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    attempt_view::ChecklistItemView,
    form_view::{FormFieldView, OutcomeView, fields, outcomes},
    get::seen,
    permissions::DecisionView,
};
use crate::{
    call::Call,
    http::{
        answer::Answer,
        problem::{Problem, ProblemFault},
        query::{Path, Query},
    },
    work::Work,
};

/// With which outcome.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CompletionQuery {
    /// Key of an outcome: the form then shows what is asked for with it.
    #[param(max_length = 80, nullable = false, example = "approved")]
    outcome: Option<String>,
}

/// What completing a task needs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CompletionForm)]
pub(crate) struct CompletionFormView {
    task_id: Uuid,
    status: TaskStatus,
    /// Whether the caller may complete it, and why.
    permission: DecisionView,
    checklist: Vec<ChecklistItemView>,
    /// The fields of its form, with the attributes that its completion asks for.
    form: Vec<FormFieldView>,
    /// The ways to complete it, with what each needs; empty where there is only one.
    outcomes: Vec<OutcomeView>,
    /// What is wanting still, as completing it now with this outcome and nothing else would tell; empty for a finished task.
    missing: Vec<ProblemFault>,
    /// The version of the task, for `If-Match`. What completing needs can change without it, with the record.
    task_version: i64,
}

/// Show what completing a task needs.
///
/// Whoever may see the task may ask: its checklist, its form with the attributes that an effect asks for, its outcomes with their
/// notes and reason codes, and what is missing still.
#[utoipa::path(
    params(("task_id" = Uuid, Path, description = "The task."), CompletionQuery),
    responses((status = 200, description = "What it needs, and what of it is missing.", body = CompletionFormView)),
)]
#[get("/v1/tasks/{task_id}/completion")]
#[tracing::instrument(name = "get_task_completion", skip_all)]
pub(crate) async fn get_task_completion(
    call: Call,
    Path(id): Path<TaskId>,
    Query(query): Query<CompletionQuery>,
) -> Result<Answer, Problem> {
    let work = seen(&call, id).await?;
    let ambient = &*call.state().ambient;
    let decision = work
        .facts(ambient.now())?
        .executing(call.reads(), call.actor(), call.actor(), false)
        .await?;
    let input = CompletionInput {
        outcome: query.outcome,
        ..CompletionInput::default()
    };
    let task = work.task();
    let (form, outcomes, missing) = asked(&work, ambient, &input);
    let missing = missing.into_iter().filter(|_| !task.status.is_finished());
    Answer::ok(&CompletionFormView {
        task_id: task.id.0,
        status: task.status,
        permission: DecisionView::new(decision),
        checklist: task.checklist.iter().map(ChecklistItemView::new).collect(),
        form,
        outcomes,
        missing: missing.map(ProblemFault::from).collect(),
        task_version: task.version,
    })
}

/// The form and the outcomes of a task, and what is missing of them; a task by itself has only its checklist.
fn asked(
    work: &Work,
    ambient: &dyn Ambient,
    input: &CompletionInput,
) -> (Vec<FormFieldView>, Vec<OutcomeView>, Vec<Fault>) {
    match work {
        Work::OfProcess(scene, index) => {
            let engine = scene.at_rest(ambient);
            let shown = engine.shown_form_for(*index, input.outcome.as_deref());
            let template = scene.definition.task(&work.task().key);
            let missing = engine.check_completion(*index, input);
            (fields(shown, true), outcomes(template), missing)
        }
        Work::Single(single) => {
            let world = World {
                catalog: &single.catalog,
                around: &single.around,
                ambient,
            };
            let missing = HandMade::new(world, single.task.clone()).missing(input);
            (Vec::new(), Vec::new(), missing)
        }
    }
}
