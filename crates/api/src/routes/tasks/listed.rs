//! Tasks of many processes as a list shows them, without a statement for each.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    access::visibility::WorkScope,
    ids::{EntityId, ProcessId, TaskId},
    process::world::Surroundings,
    process_type::document::TaskKind,
    task::Task,
};
use persistence::StoreError;

use super::view::{FanOutView, Listed, TaskView};
use crate::{call::Call, http::problem::Problem};

/// The tasks as they are sent: one statement for their processes, and one for the records that texts of tasks that never opened name.
pub(in crate::routes) async fn views(
    call: &Call,
    tasks: Vec<Task>,
) -> Result<Vec<TaskView>, Problem> {
    let catalog = call.catalog().await?;
    let processes = processes(call, &tasks).await?;
    let around = named_by_templates(call, &tasks, &processes).await?;
    let ambient = &*call.state().ambient;
    let fan_outs: Vec<TaskId> = tasks
        .iter()
        .filter(|task| task.kind == TaskKind::FanOut)
        .map(|task| task.id)
        .collect();
    let scope = WorkScope::of(call.actor(), &catalog.firm);
    let children = call.reads().children_by_status(&scope, &fan_outs).await?;
    let none = BTreeMap::new();
    let views =
        tasks.into_iter().map(
            |task| match task.process_id.and_then(|id| processes.get(&id)) {
                Some(listed) => TaskView::of_list(task, listed, &catalog, &around, ambient),
                None => TaskView::plain(&task, ambient.now()),
            },
        );
    let counted = views.map(|mut view| {
        if view.kind == TaskKind::FanOut {
            let counts = children.get(&TaskId(view.id)).unwrap_or(&none);
            view.fan_out = Some(FanOutView::new(counts));
        }
        view
    });
    Ok(counted.collect())
}

async fn processes(call: &Call, tasks: &[Task]) -> Result<BTreeMap<ProcessId, Listed>, Problem> {
    let ids: BTreeSet<ProcessId> = tasks.iter().filter_map(|task| task.process_id).collect();
    let ids: Vec<ProcessId> = ids.into_iter().collect();
    let mut listed = BTreeMap::new();
    for (id, process) in call.reads().processes_by_id(&ids).await? {
        let (kind, version) = (process.process_type_id, process.process_type_version);
        let store = &call.state().store;
        let definition = store
            .definition(call.firm_id(), kind, version)
            .await?
            .ok_or(StoreError::NoFirm)?;
        let process = Listed {
            process,
            definition,
        };
        listed.insert(id, process);
    }
    Ok(listed)
}

/// Records and owners that the texts of tasks that never opened may name; those of all others were rendered when they opened.
async fn named_by_templates(
    call: &Call,
    tasks: &[Task],
    processes: &BTreeMap<ProcessId, Listed>,
) -> Result<Surroundings, Problem> {
    let mut entities: BTreeSet<EntityId> = BTreeSet::new();
    for task in tasks {
        let process = task.process_id.and_then(|id| processes.get(&id));
        if let (true, Some(listed)) = (task.never_opened(), process) {
            entities.insert(task.entity_id);
            entities.extend(listed.process.related.values());
        }
    }
    let entities: Vec<EntityId> = entities.into_iter().collect();
    Ok(Surroundings {
        entities: call.reads().entities(&entities).await?,
        ..Surroundings::default()
    })
}
