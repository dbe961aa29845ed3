//! Where documents belong besides the record for which they were uploaded: links, and the forms that name them.

use std::collections::BTreeSet;

use domain::{
    access::visibility::WorkScope,
    document::DocumentPlace,
    ids::{DocumentId, EntityId, ProcessId, TaskId},
};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryTrait, StatementBuilder,
    sea_query::{
        CaseStatement, Condition, Expr, ExprTrait, IntoColumnRef, Query, SelectStatement, UnionType,
    },
};
use uuid::Uuid;

use crate::{
    Reads, StoreError, UnitOfWork,
    entity::{document_link, process, process_document, task, task_document},
    one_of::one_of,
    scope::{of_processes, of_tasks},
};

const DOCUMENT: &str = "document_id";
const RECORD: &str = "entity_id";
const OF_WORK: &str = "of_work";
const WORK_SEEN: &str = "work_seen";

#[derive(FromQueryResult)]
struct Row {
    document_id: Uuid,
    entity_id: Uuid,
    of_work: bool,
    work_seen: bool,
}

impl Reads<'_> {
    /// The places of these documents, and which of the work there somebody may see.
    pub async fn document_places(
        &self,
        scope: &WorkScope,
        ids: &[DocumentId],
    ) -> Result<Vec<DocumentPlace>, StoreError> {
        let firm = self.firm_key();
        let mut query = linked(firm, scope, ids);
        query
            .union(UnionType::All, named_by_tasks(firm, scope, ids))
            .union(UnionType::All, named_by_processes(firm, scope, ids));
        let backend = sea_orm::ConnectionTrait::get_database_backend(&self.connection);
        let rows = Row::find_by_statement(StatementBuilder::build(&query, &backend))
            .all(&self.connection)
            .await?;
        let places = rows.into_iter().map(|row| DocumentPlace {
            document_id: DocumentId(row.document_id),
            entity_id: EntityId(row.entity_id),
            of_work: row.of_work,
            work_seen: row.work_seen,
        });
        Ok(places.collect())
    }
}

fn linked(firm: Uuid, scope: &WorkScope, ids: &[DocumentId]) -> SelectStatement {
    use document_link::{Column, Entity};
    let same_task = Condition::all()
        .add(Expr::col((task::Entity, task::Column::FirmId)).eq(firm))
        .add(Expr::col((task::Entity, task::Column::Id)).equals((Entity, Column::TaskId)));
    place((Entity, Column::DocumentId), (Entity, Column::EntityId))
        .expr_as(yes_if(Column::TaskId.is_not_null().into()), OF_WORK)
        .expr_as(yes_if(of_tasks(firm, scope)), WORK_SEEN)
        .from(Entity)
        .left_join(task::Entity, same_task)
        .and_where(Column::FirmId.eq(firm))
        .and_where(one_of(Column::DocumentId, ids.iter().map(|id| id.0)))
        .to_owned()
}

fn named_by_tasks(firm: Uuid, scope: &WorkScope, ids: &[DocumentId]) -> SelectStatement {
    use task_document::{Column, Entity};
    let same_task = Condition::all()
        .add(Expr::col((task::Entity, task::Column::FirmId)).eq(firm))
        .add(Expr::col((task::Entity, task::Column::Id)).equals((Entity, Column::TaskId)));
    let record = (task::Entity, task::Column::EntityId);
    place((Entity, Column::DocumentId), record)
        .expr_as(Expr::val(true), OF_WORK)
        .expr_as(yes_if(of_tasks(firm, scope)), WORK_SEEN)
        .from(Entity)
        .inner_join(task::Entity, same_task)
        .and_where(Column::FirmId.eq(firm))
        .and_where(one_of(Column::DocumentId, ids.iter().map(|id| id.0)))
        .to_owned()
}

fn named_by_processes(firm: Uuid, scope: &WorkScope, ids: &[DocumentId]) -> SelectStatement {
    use process_document::{Column, Entity};
    let process_id = (process::Entity, process::Column::Id);
    let same_process = Condition::all()
        .add(Expr::col((process::Entity, process::Column::FirmId)).eq(firm))
        .add(Expr::col(process_id).equals((Entity, Column::ProcessId)));
    let record = (process::Entity, process::Column::EntityId);
    place((Entity, Column::DocumentId), record)
        .expr_as(Expr::val(true), OF_WORK)
        .expr_as(yes_if(of_processes(firm, scope)), WORK_SEEN)
        .from(Entity)
        .inner_join(process::Entity, same_process)
        .and_where(Column::FirmId.eq(firm))
        .and_where(one_of(Column::DocumentId, ids.iter().map(|id| id.0)))
        .to_owned()
}

fn place(document: impl IntoColumnRef, record: impl IntoColumnRef) -> SelectStatement {
    Query::select()
        .expr_as(Expr::col(document), DOCUMENT)
        .expr_as(Expr::col(record), RECORD)
        .to_owned()
}

/// A condition as a value; what is unknown is no.
fn yes_if(condition: Condition) -> Expr {
    CaseStatement::new()
        .case(condition, Expr::val(true))
        .finally(Expr::val(false))
        .into()
}

/// Documents that forms of a process name: the start form, or those of a task.
pub type DocumentsNamed = BTreeSet<(Option<TaskId>, DocumentId)>;

impl UnitOfWork {
    /// Queues what has changed in the documents that the forms of a process name.
    pub fn save_documents_named(
        &mut self,
        process: ProcessId,
        before: &DocumentsNamed,
        after: &DocumentsNamed,
    ) {
        let firm = self.firm_id().0;
        for (task, document) in before.difference(after) {
            self.queue(match task {
                Some(task) => task_document::Entity::delete_many()
                    .filter(task_document::Column::FirmId.eq(firm))
                    .filter(task_document::Column::DocumentId.eq(document.0))
                    .filter(task_document::Column::TaskId.eq(task.0))
                    .into_query(),
                None => process_document::Entity::delete_many()
                    .filter(process_document::Column::FirmId.eq(firm))
                    .filter(process_document::Column::DocumentId.eq(document.0))
                    .filter(process_document::Column::ProcessId.eq(process.0))
                    .into_query(),
            });
        }
        let new = || after.difference(before);
        let by_tasks: Vec<_> = new()
            .filter_map(|(task, document)| {
                Some(task_document::Model {
                    firm_id: firm,
                    document_id: document.0,
                    task_id: (*task)?.0,
                })
            })
            .collect();
        let by_start: Vec<_> = new()
            .filter(|(task, _)| task.is_none())
            .map(|(_, document)| process_document::Model {
                firm_id: firm,
                document_id: document.0,
                process_id: process.0,
            })
            .collect();
        self.insert(by_tasks);
        self.insert(by_start);
    }
}
