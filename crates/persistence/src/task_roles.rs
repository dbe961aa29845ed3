//! The roles by which people who hold them on the firm have a part in tasks.

use std::collections::BTreeMap;

use domain::{role::RoleKind, task::Task};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryTrait};

use crate::{UnitOfWork, entity::task_role, one_of::one_of};

impl UnitOfWork {
    /// Queues the roles by which people who hold them on the firm have a part in these new tasks: firm roles, and on work
    /// of the firm itself every role. The lists of a task change only with its process's version (X6).
    pub(crate) fn insert_task_roles<'t>(&mut self, tasks: impl IntoIterator<Item = &'t Task>) {
        let firm = self.firm_id();
        let rows: Vec<_> = tasks
            .into_iter()
            .filter(|task| task.execution.enabled)
            .flat_map(|task| {
                let lists = &task.execution;
                let own = task.entity_id == firm.entity();
                let held_on_firm = [
                    (RoleKind::Firm, true, &lists.firm_roles),
                    (RoleKind::Business, own, &lists.business_roles),
                    (RoleKind::ServicingTeam, own, &lists.servicing_team_roles),
                ];
                held_on_firm
                    .into_iter()
                    .filter(|(_, counts, _)| *counts)
                    .flat_map(|(kind, _, roles)| roles.iter().map(move |role| (*role, kind)))
                    .collect::<BTreeMap<_, _>>()
                    .into_iter()
                    .map(|(role, kind)| task_role::Model {
                        firm_id: firm.0,
                        task_id: task.id.0,
                        role_id: role.0,
                        role_kind: kind.as_str().to_owned(),
                    })
            })
            .collect();
        self.upsert(rows);
    }

    /// Queues the same for known tasks whose lists are others now.
    pub(crate) fn replace_task_roles(&mut self, tasks: &[&Task]) {
        if tasks.is_empty() {
            return;
        }
        let firm = self.firm_id().0;
        let ids = tasks.iter().map(|task| task.id.0);
        self.queue(
            task_role::Entity::delete_many()
                .filter(task_role::Column::FirmId.eq(firm))
                .filter(one_of(task_role::Column::TaskId, ids))
                .into_query(),
        );
        // A role that stays is written again, which one statement cannot do.
        self.fence();
        self.insert_task_roles(tasks.iter().copied());
    }
}
