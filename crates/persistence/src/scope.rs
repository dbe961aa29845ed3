//! What somebody may see (X17, X18), as conditions of a query: the SQL form of `domain::access::visibility`.

use domain::access::visibility::{EntityScope, WorkScope};
use sea_orm::{
    ColumnTrait, ExprTrait,
    sea_query::{Condition, Expr, Query, SelectStatement},
};
use uuid::Uuid;

use crate::entity::{entity, membership, process, task, task_executor};

/// Records in scope; on the columns of `entity`.
pub(crate) fn of_entities(scope: &EntityScope) -> Condition {
    match scope {
        EntityScope::Nothing => Condition::all().add(Expr::val(1).eq(0)),
        EntityScope::All => Condition::all(),
        EntityScope::Unrestricted { user } => {
            Condition::any().add(unrestricted()).add(on_team(user.0))
        }
        EntityScope::Team { user, teams, firm } => Condition::any().add(on_team(user.0)).add(
            Condition::all().add(unrestricted()).add(
                Condition::any()
                    .add(entity::Column::Id.eq(firm.0))
                    .add(entity::Column::TeamId.is_in(teams.iter().map(|team| team.0))),
            ),
        ),
    }
}

/// Work in scope; on the columns of `task`.
pub(crate) fn of_tasks(firm: Uuid, scope: &WorkScope) -> Condition {
    let seen = seen_records(
        firm,
        &scope.entities,
        scope.all_firm_work,
        Expr::col((task::Entity, task::Column::EntityId)),
    );
    let allowed = Condition::all().add(part_in_tasks(firm, scope)).add(
        Expr::col((task::Entity, task::Column::EntityId)).in_subquery(not_barred(firm, scope)),
    );
    Condition::any().add(seen).add(allowed)
}

/// Tasks that somebody has a part in, whatever their record; on the columns of `task`.
pub(crate) fn part_in_tasks(firm: Uuid, scope: &WorkScope) -> Condition {
    let executable = Query::select()
        .column(task_executor::Column::TaskId)
        .from(task_executor::Entity)
        .cond_where(task_executor::Column::FirmId.eq(firm))
        .and_where(task_executor::Column::UserId.eq(scope.user.0))
        .to_owned();
    let own_processes = Query::select()
        .column(process::Column::Id)
        .from(process::Entity)
        .cond_where(process::Column::FirmId.eq(firm))
        .and_where(process::Column::OwnerId.eq(scope.user.0))
        .to_owned();
    let mut part = Condition::any()
        .add(task::Column::OwnerId.eq(scope.user.0))
        .add(task::Column::CompletedBy.eq(scope.user.0))
        .add(Expr::col((task::Entity, task::Column::Id)).in_subquery(executable))
        .add(Expr::col((task::Entity, task::Column::ProcessId)).in_subquery(own_processes));
    if !scope.managed_users.is_empty() {
        part = part.add(task::Column::OwnerId.is_in(scope.managed_users.iter().map(|u| u.0)));
    }
    part
}

/// Processes in scope; on the columns of `process`.
pub(crate) fn of_processes(firm: Uuid, scope: &WorkScope) -> Condition {
    let seen = seen_records(
        firm,
        &scope.entities,
        scope.all_firm_work,
        Expr::col((process::Entity, process::Column::EntityId)),
    );
    let allowed = Condition::all().add(part_in_processes(firm, scope)).add(
        Expr::col((process::Entity, process::Column::EntityId))
            .in_subquery(not_barred(firm, scope)),
    );
    Condition::any().add(seen).add(allowed)
}

/// Processes that somebody has a part in, whatever their record; on the columns of `process`.
pub(crate) fn part_in_processes(firm: Uuid, scope: &WorkScope) -> Condition {
    let mut part = Condition::any()
        .add(process::Column::OwnerId.eq(scope.user.0))
        .add(
            Condition::all()
                .add(process::Column::EntityId.eq(firm))
                .add(process::Column::InitiatorId.eq(scope.user.0)),
        );
    if !scope.managed_users.is_empty() {
        part = part.add(process::Column::OwnerId.is_in(scope.managed_users.iter().map(|u| u.0)));
    }
    part
}

/// Work on a record that is seen for the record's sake.
pub(crate) fn seen_records(
    firm: Uuid,
    scope: &EntityScope,
    firm_too: bool,
    record: Expr,
) -> Condition {
    let mut condition = Condition::all();
    if !firm_too {
        condition = condition.add(record.clone().ne(firm));
    }
    match scope {
        EntityScope::All => condition,
        EntityScope::Nothing | EntityScope::Unrestricted { .. } | EntityScope::Team { .. } => {
            condition.add(record.in_subquery(ids(firm, of_entities(scope))))
        }
    }
}

fn ids(firm: Uuid, condition: Condition) -> SelectStatement {
    Query::select()
        .column((entity::Entity, entity::Column::Id))
        .from(entity::Entity)
        .cond_where(
            Condition::all()
                .add(entity::Column::FirmId.eq(firm))
                .add(condition),
        )
        .to_owned()
}

/// Records that no restriction keeps from the user (X18).
fn not_barred(firm: Uuid, scope: &WorkScope) -> SelectStatement {
    let condition = match scope.entities {
        EntityScope::Nothing => Condition::all().add(Expr::val(1).eq(0)),
        EntityScope::All => Condition::all(),
        EntityScope::Unrestricted { .. } | EntityScope::Team { .. } => Condition::any()
            .add(unrestricted())
            .add(on_team(scope.user.0)),
    };
    ids(firm, condition)
}

pub(crate) fn unrestricted() -> Condition {
    Condition::all()
        .add(entity::Column::Restricted.eq(false))
        .add(entity::Column::Kind.ne("employee"))
}

pub(crate) fn on_team(user: Uuid) -> Expr {
    Expr::exists(
        Query::select()
            .expr(Expr::val(1))
            .from(membership::Entity)
            .and_where(
                Expr::col((membership::Entity, membership::Column::FirmId))
                    .equals((entity::Entity, entity::Column::FirmId)),
            )
            .and_where(
                Expr::col((membership::Entity, membership::Column::EntityId))
                    .equals((entity::Entity, entity::Column::Id)),
            )
            .and_where(membership::Column::UserId.eq(user))
            .to_owned(),
    )
}
