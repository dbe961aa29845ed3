//! What somebody may see (X17, X18), as conditions of a query: the SQL form of `domain::access::visibility`.

use domain::{
    access::{
        cover::Cover,
        visibility::{EntityScope, WorkScope},
    },
    role::RoleKind,
};
use sea_orm::{
    ColumnTrait, ExprTrait,
    sea_query::{BinOper, Condition, Expr, Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    entity::{entity, membership, process, role, task, task_executor, task_role},
    executors::holds_at,
    one_of::one_of,
};

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
                    .add(one_of(
                        entity::Column::TeamId,
                        teams.iter().map(|team| team.0),
                    )),
            ),
        ),
    }
}

/// Whatever is of a record in scope; `record` is the column that names it.
pub(crate) fn of_records(firm: Uuid, scope: &EntityScope, record: Expr) -> Condition {
    seen_records(firm, scope, true, record)
}

/// Work in scope; on the columns of `task`.
pub(crate) fn of_tasks(firm: Uuid, scope: &WorkScope) -> Condition {
    let record = Expr::col((task::Entity, task::Column::EntityId));
    let seen = seen_records(firm, &scope.entities, scope.all_firm_work, record.clone());
    let allowed = Condition::all()
        .add(part_in_tasks(firm, scope))
        .add(not_barred(firm, scope, record));
    Condition::any().add(seen).add(allowed)
}

/// Tasks that somebody has a part in, whatever their record; on the columns of `task`. Each lookup goes by a key of the
/// task, so that a row costs the same however much work there is.
pub(crate) fn part_in_tasks(firm: Uuid, scope: &WorkScope) -> Condition {
    let of_process =
        |column: process::Column| Expr::exists(of_this_task(firm, column.eq(scope.user.0)));
    let on_firm = Condition::all().add(task::Column::EntityId.eq(firm)).add(
        Condition::any()
            .add(of_process(process::Column::InitiatorId))
            .add(made_by_hand(scope.user.0))
            .add(leads_firm(firm, scope.user.0)),
    );
    let mut part = Condition::any()
        .add(task::Column::OwnerId.eq(scope.user.0))
        .add(executes(firm, scope))
        .add(listed(firm, scope.user.0))
        .add(of_process(process::Column::OwnerId))
        .add(on_firm);
    for cover in &scope.standing_in {
        part = part.add(of_the_absent(cover));
    }
    if !scope.managed_users.is_empty() {
        part = part.add(one_of(
            task::Column::OwnerId,
            scope.managed_users.iter().map(|u| u.0),
        ));
    }
    part
}

/// The process of the task, if this holds of it.
fn of_this_task(firm: Uuid, condition: Expr) -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(process::Entity)
        .and_where(process::Column::FirmId.eq(firm))
        .and_where(
            Expr::col((process::Entity, process::Column::Id))
                .equals((task::Entity, task::Column::ProcessId)),
        )
        .and_where(condition)
        .to_owned()
}

/// Owned by somebody whom the user covers as an owner, whatever the task's status.
fn of_the_absent(cover: &Cover) -> Condition {
    let owned = Condition::all().add(task::Column::OwnerId.eq(cover.absent_id.0));
    if cover.entity_ids.is_empty() {
        owned
    } else {
        owned.add(one_of(
            task::Column::EntityId,
            cover.entity_ids.iter().map(|id| id.0),
        ))
    }
}

/// The user may execute the task now.
fn executes(firm: Uuid, scope: &WorkScope) -> Expr {
    Expr::exists(
        Query::select()
            .expr(Expr::val(1))
            .from(task_executor::Entity)
            .and_where(task_executor::Column::FirmId.eq(firm))
            .and_where(
                Expr::col((task_executor::Entity, task_executor::Column::TaskId))
                    .equals((task::Entity, task::Column::Id)),
            )
            .and_where(task_executor::Column::UserId.eq(scope.user.0))
            .and_where(holds_at(scope.now))
            .to_owned(),
    )
}

/// The user holds, on the firm, a role that the task lists, whatever the task's status.
fn listed(firm: Uuid, user: Uuid) -> Expr {
    let same = |role: task_role::Column, held: membership::Column| {
        Expr::col((task_role::Entity, role)).equals((membership::Entity, held))
    };
    Expr::exists(
        Query::select()
            .expr(Expr::val(1))
            .from(task_role::Entity)
            .inner_join(
                membership::Entity,
                Condition::all()
                    .add(same(task_role::Column::FirmId, membership::Column::FirmId))
                    .add(same(task_role::Column::RoleId, membership::Column::RoleId))
                    .add(same(
                        task_role::Column::RoleKind,
                        membership::Column::RoleKind,
                    )),
            )
            .and_where(task_role::Column::FirmId.eq(firm))
            .and_where(
                Expr::col((task_role::Entity, task_role::Column::TaskId))
                    .equals((task::Entity, task::Column::Id)),
            )
            .and_where(membership::Column::EntityId.eq(firm))
            .and_where(membership::Column::UserId.eq(user))
            .to_owned(),
    )
}

/// The user made the task by hand, outside of any process.
fn made_by_hand(user: Uuid) -> Condition {
    let source = |member: &'static str| {
        Expr::col((task::Entity, task::Column::Source)).binary(BinOper::Custom("->>"), member)
    };
    Condition::all()
        .add(task::Column::ProcessId.is_null())
        .add(source("type").eq("manual"))
        .add(source("id").eq(user.to_string()))
}

/// The user is the primary holder of a business role that leads, on the firm.
fn leads_firm(firm: Uuid, user: Uuid) -> Expr {
    let same = |held: membership::Column, column: role::Column| {
        Expr::col((membership::Entity, held)).equals((role::Entity, column))
    };
    Expr::exists(
        Query::select()
            .expr(Expr::val(1))
            .from(membership::Entity)
            .inner_join(
                role::Entity,
                Condition::all()
                    .add(same(membership::Column::FirmId, role::Column::FirmId))
                    .add(same(membership::Column::RoleId, role::Column::Id)),
            )
            .and_where(membership::Column::FirmId.eq(firm))
            .and_where(membership::Column::EntityId.eq(firm))
            .and_where(membership::Column::UserId.eq(user))
            .and_where(membership::Column::IsPrimary.eq(true))
            .and_where(membership::Column::RoleKind.eq(RoleKind::Business.as_str()))
            .and_where(role::Column::Leads.eq(true))
            .to_owned(),
    )
}

/// Processes in scope; on the columns of `process`.
pub(crate) fn of_processes(firm: Uuid, scope: &WorkScope) -> Condition {
    let record = Expr::col((process::Entity, process::Column::EntityId));
    let seen = seen_records(firm, &scope.entities, scope.all_firm_work, record.clone());
    let allowed = Condition::all()
        .add(part_in_processes(firm, scope))
        .add(not_barred(firm, scope, record));
    Condition::any().add(seen).add(allowed)
}

/// Processes that somebody has a part in, whatever their record; on the columns of `process`.
pub(crate) fn part_in_processes(firm: Uuid, scope: &WorkScope) -> Condition {
    let in_a_task = Query::select()
        .expr(Expr::val(1))
        .from(task::Entity)
        .and_where(task::Column::FirmId.eq(firm))
        .and_where(
            Expr::col((task::Entity, task::Column::ProcessId))
                .equals((process::Entity, process::Column::Id)),
        )
        .cond_where(part_in_tasks(firm, scope))
        .to_owned();
    let on_firm = Condition::all()
        .add(process::Column::EntityId.eq(firm))
        .add(
            Condition::any()
                .add(process::Column::InitiatorId.eq(scope.user.0))
                .add(leads_firm(firm, scope.user.0))
                .add(Expr::exists(in_a_task)),
        );
    let mut part = Condition::any()
        .add(process::Column::OwnerId.eq(scope.user.0))
        .add(on_firm);
    if !scope.managed_users.is_empty() {
        part = part.add(one_of(
            process::Column::OwnerId,
            scope.managed_users.iter().map(|u| u.0),
        ));
    }
    part
}

/// Work on a record that is seen for the record's sake.
fn seen_records(firm: Uuid, scope: &EntityScope, firm_too: bool, record: Expr) -> Condition {
    let mut condition = Condition::all();
    if !firm_too {
        condition = condition.add(record.clone().ne(firm));
    }
    match scope {
        EntityScope::All => condition,
        EntityScope::Nothing | EntityScope::Unrestricted { .. } | EntityScope::Team { .. } => {
            condition.add(is_one(firm, record, of_entities(scope)))
        }
    }
}

/// The record of a row is one for which the condition holds.
fn is_one(firm: Uuid, record: Expr, condition: Condition) -> Expr {
    Expr::exists(
        Query::select()
            .expr(Expr::val(1))
            .from(entity::Entity)
            .and_where(Expr::col((entity::Entity, entity::Column::FirmId)).eq(firm))
            .and_where(Expr::col((entity::Entity, entity::Column::Id)).eq(record))
            .cond_where(condition)
            .to_owned(),
    )
}

/// No restriction keeps the record of a row from the user (X18).
fn not_barred(firm: Uuid, scope: &WorkScope, record: Expr) -> Expr {
    let condition = match scope.entities {
        EntityScope::Nothing => Condition::all().add(Expr::val(1).eq(0)),
        EntityScope::All => Condition::all(),
        EntityScope::Unrestricted { .. } | EntityScope::Team { .. } => Condition::any()
            .add(unrestricted())
            .add(on_team(scope.user.0)),
    };
    is_one(firm, record, condition)
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
