//! A table that belongs to firms: every key, reference and index of it begins with the firm.

use sea_orm_migration::{prelude::*, schema::uuid};

const FIRM: &str = "firm_id";

/// Builds one such table. The names of its keys and indexes follow from its own and its columns'.
pub(crate) struct FirmTable {
    name: &'static str,
    table: TableCreateStatement,
    indexes: Vec<IndexCreateStatement>,
}

impl FirmTable {
    /// A table whose rows are told apart, within their firm, by `key`.
    pub(crate) fn new(name: &'static str, key: &[&'static str]) -> Self {
        let mut primary = Index::create();
        primary.name(format!("{name}_pkey")).col(FIRM);
        for column in key {
            primary.col(*column);
        }
        let mut table = Table::create();
        table.table(name).col(uuid(FIRM)).primary_key(&mut primary);
        Self {
            name,
            table,
            indexes: Vec::new(),
        }
    }

    /// Adds columns.
    pub(crate) fn columns(mut self, columns: impl IntoIterator<Item = ColumnDef>) -> Self {
        for column in columns {
            self.table.col(column);
        }
        self
    }

    /// Its rows belong to a firm that exists.
    pub(crate) fn of_firm(mut self) -> Self {
        self.table.foreign_key(
            ForeignKey::create()
                .name(format!("{}_{FIRM}_fkey", self.name))
                .from(self.name, FIRM)
                .to("firm", FIRM),
        );
        self
    }

    /// A column that names a row of another table of the same firm.
    pub(crate) fn refers(self, column: &'static str, to: &'static str) -> Self {
        self.reference(column, to, ForeignKeyAction::NoAction)
    }

    /// As `refers`; the row goes with the one that it names.
    pub(crate) fn part_of(self, column: &'static str, to: &'static str) -> Self {
        self.reference(column, to, ForeignKeyAction::Cascade)
    }

    fn reference(
        mut self,
        column: &'static str,
        to: &'static str,
        on_delete: ForeignKeyAction,
    ) -> Self {
        self.table.foreign_key(
            ForeignKey::create()
                .name(format!("{}_{column}_fkey", self.name))
                .from(self.name, (FIRM, column))
                .to(to, (FIRM, "id"))
                .on_delete(on_delete),
        );
        self
    }

    /// No two rows of a firm agree in all of these.
    pub(crate) fn unique(mut self, columns: &[&'static str]) -> Self {
        let index = self.index_on(columns, "key").unique().to_owned();
        self.indexes.push(index);
        self
    }

    /// As `unique`, among the rows that `condition` holds of.
    pub(crate) fn unique_where(mut self, columns: &[&'static str], condition: Expr) -> Self {
        let index = self
            .index_on(columns, "key")
            .unique()
            .and_where(condition)
            .to_owned();
        self.indexes.push(index);
        self
    }

    /// Rows are looked up, or read in order, by these.
    pub(crate) fn index(mut self, columns: &[&'static str]) -> Self {
        let index = self.index_on(columns, "idx");
        self.indexes.push(index);
        self
    }

    fn index_on(&self, columns: &[&'static str], suffix: &str) -> IndexCreateStatement {
        index_on(self.name, columns, suffix)
    }

    /// Creates it with its indexes.
    pub(crate) async fn create(self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        manager.create_table(self.table).await?;
        for index in self.indexes {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn index_on(table: &'static str, columns: &[&'static str], suffix: &str) -> IndexCreateStatement {
    let mut index = Index::create();
    index
        .name(index_name(table, columns, suffix))
        .table(table)
        .col(FIRM);
    for column in columns {
        index.col(*column);
    }
    index
}

fn index_name(table: &str, columns: &[&str], suffix: &str) -> String {
    format!("{table}_{}_{suffix}", columns.join("_"))
}

/// Adds an index to a table that is there.
pub(crate) async fn add_index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    manager.create_index(index_on(table, columns, "idx")).await
}

/// Takes it away again.
pub(crate) async fn drop_index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    let name = index_name(table, columns, "idx");
    manager
        .drop_index(Index::drop().name(name).table(table).to_owned())
        .await
}

/// Drops tables, in the order given.
pub(crate) async fn drop_all(
    manager: &SchemaManager<'_>,
    names: &[&'static str],
) -> Result<(), DbErr> {
    for name in names {
        manager
            .drop_table(Table::drop().table(*name).to_owned())
            .await?;
    }
    Ok(())
}
