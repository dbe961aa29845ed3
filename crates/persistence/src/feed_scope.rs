//! Which changes somebody may be told of (X17, X18), as a condition on the columns of `change`. Every lookup goes by a key
//! of the row that it is about, so that a page costs the same however much there is to see.

use domain::{
    access::visibility::{EntityScope, WorkScope},
    event::{EventType, SubjectType},
};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait,
    sea_query::{Condition, Expr, Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    entity::{
        batch,
        change::{Column, Entity},
        cover_person, document, entity, membership, notification, process, task,
    },
    one_of::one_of,
    scope::{on_team, part_in_processes, part_in_tasks, unrestricted},
};

/// Changes in scope: of the set-up, of records and their work, and of what the user has a part in.
pub(crate) fn of_changes(firm: Uuid, scope: &WorkScope) -> Condition {
    match &scope.entities {
        EntityScope::Nothing => never(),
        EntityScope::All => Condition::all(),
        EntityScope::Unrestricted { .. } | EntityScope::Team { .. } => Condition::any()
            .add(of_setup(firm, scope))
            .add(of_records(firm, scope))
            .add(of_own_part(firm, scope)),
    }
}

/// Changes that concern no record: everyone's, but for a password, a document that is nowhere yet, batches, and covers (X10).
fn of_setup(firm: Uuid, scope: &WorkScope) -> Condition {
    let setup = Condition::all().add(Column::EntityId.is_null());
    if scope.all_firm_work {
        return setup;
    }
    let password = Column::Action.eq(EventType::UserPasswordChanged.as_str());
    setup
        .add(
            Condition::any()
                .add(password.not())
                .add(Column::SubjectId.eq(scope.user.0)),
        )
        .add(
            Condition::any()
                .add(about(SubjectType::Document).not())
                .add(Expr::exists(uploaded(firm, scope))),
        )
        .add(
            Condition::any()
                .add(about(SubjectType::Batch).not())
                .add(Expr::exists(asked_for(firm, scope))),
        )
        .add(
            Condition::any()
                .add(about(SubjectType::Cover).not())
                .add(Expr::exists(covering(firm, scope))),
        )
}

/// Changes of records that are seen, and of the work there. What was said to others stays between them, and of the firm's
/// own work only those who take part are told.
fn of_records(firm: Uuid, scope: &WorkScope) -> Condition {
    let seen = Condition::all().add(records(firm, &scope.entities));
    if scope.all_firm_work {
        return seen;
    }
    let firm_work = Condition::any()
        .add(about(SubjectType::Process))
        .add(about(SubjectType::Task))
        .add(Column::Action.eq(EventType::DocumentLinked.as_str()))
        .add(Column::Action.eq(EventType::DocumentUnlinked.as_str()));
    let on_firm = Condition::all()
        .add(Column::EntityId.eq(firm))
        .add(firm_work);
    seen.add(on_firm.not()).add(
        Condition::any()
            .add(about(SubjectType::Notification).not())
            .add(Expr::exists(notified(firm, scope))),
    )
}

/// Changes of work that the user has a part in, and of what is theirs, on records that they do not see as a whole.
fn of_own_part(firm: Uuid, scope: &WorkScope) -> Condition {
    if scope.all_firm_work {
        return never();
    }
    let task = one(firm, task::Entity, task::Column::FirmId, task::Column::Id)
        .cond_where(part_in_tasks(firm, scope))
        .to_owned();
    let process = one(
        firm,
        process::Entity,
        process::Column::FirmId,
        process::Column::Id,
    )
    .cond_where(part_in_processes(firm, scope))
    .to_owned();
    let mine = [
        (SubjectType::Task, task),
        (SubjectType::Process, process),
        (SubjectType::Document, uploaded(firm, scope)),
        (SubjectType::Notification, notified(firm, scope)),
    ];
    let part = mine
        .into_iter()
        .fold(Condition::any(), |part, (subject, row)| {
            part.add(Condition::all().add(about(subject)).add(Expr::exists(row)))
        });
    Condition::all()
        .add(Column::EntityId.is_not_null())
        .add(part)
        .add(not_barred(firm, scope.user.0))
}

/// The same records as `scope::of_entities`, put so that few rows decide: those that are kept from the user, or those
/// that are theirs.
fn records(firm: Uuid, scope: &EntityScope) -> Condition {
    match scope {
        EntityScope::Nothing => never(),
        EntityScope::All => Condition::all().add(Column::EntityId.is_not_null()),
        EntityScope::Unrestricted { user } => Condition::all()
            .add(Column::EntityId.is_not_null())
            .add(not_barred(firm, user.0)),
        EntityScope::Team {
            user,
            teams,
            firm: own,
        } => {
            let joined = Query::select()
                .column(membership::Column::EntityId)
                .from(membership::Entity)
                .and_where(membership::Column::FirmId.eq(firm))
                .and_where(membership::Column::UserId.eq(user.0))
                .to_owned();
            let of_teams = Condition::all().add(unrestricted()).add(
                Condition::any()
                    .add(entity::Column::Id.eq(own.0))
                    .add(one_of(
                        entity::Column::TeamId,
                        teams.iter().map(|team| team.0),
                    )),
            );
            Condition::any()
                .add(record().in_subquery(joined))
                .add(record().in_subquery(entities(firm, of_teams)))
        }
    }
}

/// No restriction keeps the record from the user (X18).
fn not_barred(firm: Uuid, user: Uuid) -> Expr {
    let barred = Condition::all()
        .add(unrestricted().not())
        .add(on_team(user).not());
    record().not_in_subquery(entities(firm, barred))
}

fn entities(firm: Uuid, condition: Condition) -> SelectStatement {
    Query::select()
        .column((entity::Entity, entity::Column::Id))
        .from(entity::Entity)
        .and_where(entity::Column::FirmId.eq(firm))
        .cond_where(condition)
        .to_owned()
}

fn uploaded(firm: Uuid, scope: &WorkScope) -> SelectStatement {
    one(
        firm,
        document::Entity,
        document::Column::FirmId,
        document::Column::Id,
    )
    .and_where(document::Column::UploadedBy.eq(scope.user.0))
    .to_owned()
}

fn asked_for(firm: Uuid, scope: &WorkScope) -> SelectStatement {
    one(
        firm,
        batch::Entity,
        batch::Column::FirmId,
        batch::Column::Id,
    )
    .and_where(batch::Column::RequestedBy.eq(scope.user.0))
    .to_owned()
}

fn notified(firm: Uuid, scope: &WorkScope) -> SelectStatement {
    one(
        firm,
        notification::Entity,
        notification::Column::FirmId,
        notification::Column::Id,
    )
    .and_where(notification::Column::UserId.eq(scope.user.0))
    .to_owned()
}

/// The cover names the user, or somebody whom they manage.
fn covering(firm: Uuid, scope: &WorkScope) -> SelectStatement {
    let people = std::iter::once(&scope.user).chain(&scope.managed_users);
    one(
        firm,
        cover_person::Entity,
        cover_person::Column::FirmId,
        cover_person::Column::CoverId,
    )
    .and_where(one_of(
        cover_person::Column::UserId,
        people.map(|user| user.0),
    ))
    .to_owned()
}

/// The row of a table that the change is about.
fn one<T: EntityTrait, C: ColumnTrait>(firm: Uuid, table: T, firm_id: C, id: C) -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(table)
        .and_where(firm_id.eq(firm))
        .and_where(id.into_expr().equals((Entity, Column::SubjectId)))
        .to_owned()
}

fn about(subject: SubjectType) -> Expr {
    Column::SubjectType.eq(subject.as_str())
}

fn record() -> Expr {
    Expr::col((Entity, Column::EntityId))
}

fn never() -> Condition {
    Condition::all().add(Expr::val(1).eq(0))
}
