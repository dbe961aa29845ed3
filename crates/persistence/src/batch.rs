//! Statements that wait for the end of a unit of work, and how they travel: together where the database can.

use sea_orm::{
    ActiveModelTrait, ActiveValue, ConnectionTrait, DbBackend, EntityName, EntityTrait, Iterable,
    PrimaryKeyToColumn, Statement,
    sea_query::{
        CommonTableExpression, DeleteStatement, Expr, ExprTrait, InsertStatement, Query,
        SubQueryStatement, UpdateStatement, WithClause,
    },
};

use crate::{StoreError, connection::Connection};

/// What one message to `PostgreSQL` can carry at most (its protocol counts them in 16 bits), with room to spare.
const MOST_PARAMETERS: usize = 30_000;

/// One statement that writes.
#[derive(Debug, Clone)]
pub(crate) enum Write {
    Insert(InsertStatement),
    Update(UpdateStatement),
    Delete(DeleteStatement),
}

impl Write {
    fn build(&self, backend: DbBackend) -> Statement {
        match self {
            Self::Insert(insert) => backend.build(insert),
            Self::Update(update) => backend.build(update),
            Self::Delete(delete) => backend.build(delete),
        }
    }
}

impl From<InsertStatement> for Write {
    fn from(insert: InsertStatement) -> Self {
        Self::Insert(insert)
    }
}

impl From<UpdateStatement> for Write {
    fn from(update: UpdateStatement) -> Self {
        Self::Update(update)
    }
}

impl From<DeleteStatement> for Write {
    fn from(delete: DeleteStatement) -> Self {
        Self::Delete(delete)
    }
}

impl From<Write> for SubQueryStatement {
    fn from(write: Write) -> Self {
        match write {
            Write::Insert(insert) => insert.into(),
            Write::Update(update) => update.into(),
            Write::Delete(delete) => delete.into(),
        }
    }
}

/// Statements in the order in which they were queued. Those between two fences may run in any order.
#[derive(Debug)]
pub(crate) struct Batch {
    stretches: Vec<Vec<Write>>,
}

impl Batch {
    pub(crate) fn new() -> Self {
        Self {
            stretches: vec![Vec::new()],
        }
    }

    pub(crate) fn push(&mut self, write: impl Into<Write>) {
        if let Some(last) = self.stretches.last_mut() {
            last.push(write.into());
        } else {
            self.stretches.push(vec![write.into()]);
        }
    }

    /// What is queued from here on runs after all that was queued before, and sees it.
    pub(crate) fn fence(&mut self) {
        self.stretches.push(Vec::new());
    }

    /// Runs everything.
    pub(crate) async fn run(self, connection: Connection<'_>) -> Result<(), StoreError> {
        for stretch in self.stretches {
            if connection.get_database_backend() == DbBackend::Postgres {
                run_together(stretch, connection).await?;
            } else {
                run_in_turn(&stretch, connection).await?;
            }
        }
        Ok(())
    }
}

async fn run_in_turn(writes: &[Write], connection: Connection<'_>) -> Result<(), StoreError> {
    let backend = connection.get_database_backend();
    for write in writes {
        connection.execute_raw(write.build(backend)).await?;
    }
    Ok(())
}

/// One round trip: every statement but the last is a data-modifying CTE of the last. Foreign keys are checked at the end.
async fn run_together(writes: Vec<Write>, connection: Connection<'_>) -> Result<(), StoreError> {
    let mut pending = vec![writes];
    while let Some(mut writes) = pending.pop() {
        let statement = merge(&writes, connection.get_database_backend());
        let Some(statement) = statement else {
            continue;
        };
        let parameters = statement.values.as_ref().map_or(0, |values| values.0.len());
        if parameters > MOST_PARAMETERS && writes.len() > 1 {
            let rest = writes.split_off(writes.len() / 2);
            pending.push(rest);
            pending.push(writes);
        } else {
            connection.execute_raw(statement).await?;
        }
    }
    Ok(())
}

fn merge(writes: &[Write], backend: DbBackend) -> Option<Statement> {
    let (last, before) = writes.split_last()?;
    if before.is_empty() {
        return Some(last.build(backend));
    }
    let mut with = WithClause::new();
    for (number, write) in before.iter().enumerate() {
        let mut cte = CommonTableExpression::new();
        cte.table_name(format!("w{number}"))
            .query(SubQueryStatement::from(write.clone()));
        with.cte(cte);
    }
    Some(backend.build(&with.query(SubQueryStatement::from(last.clone()))))
}

/// The statement that writes the columns that are set of a row that is there, found by its primary key.
pub(crate) fn update_row<A: ActiveModelTrait>(row: &A) -> UpdateStatement {
    let mut update = Query::update();
    update.table(A::Entity::default().table_ref());
    for column in <A::Entity as EntityTrait>::Column::iter() {
        let (ActiveValue::Set(value) | ActiveValue::Unchanged(value)) = row.get(column) else {
            continue;
        };
        if <A::Entity as EntityTrait>::PrimaryKey::from_column(column).is_some() {
            update.and_where(Expr::col(column).eq(value));
        } else {
            update.value(column, value);
        }
    }
    update
}
