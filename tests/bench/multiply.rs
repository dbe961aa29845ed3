//! Copies of model rows, by the thousand: each with ids that follow from the number of the copy.

use crate::{
    Failure,
    database::Database,
    layout::{Kind as Of, Layout, Part},
    settings::Kind,
};

/// What the copies of a row differ in: where an id of the model stands, alone or within a text, stands that of the copy.
#[derive(Debug, Clone)]
pub(crate) struct Names<'l> {
    layout: &'l Layout,
    known: Vec<(String, Part)>,
}

/// Rows of one table to be copied.
#[derive(Debug)]
pub(crate) struct Model<'a> {
    pub(crate) table: &'a str,
    /// Which rows, as SQL.
    pub(crate) rows: String,
    /// Columns that differ by more than ids, as SQL over `{}`, the model's value, and `n`.
    pub(crate) varied: &'a [(&'a str, &'a str)],
}

/// For which numbers copies are made: from 0 below `end`, where `condition` holds of `n`.
#[derive(Debug, Clone)]
pub(crate) struct Numbers {
    pub(crate) end: u32,
    pub(crate) condition: String,
}

impl<'l> Names<'l> {
    pub(crate) fn new(layout: &'l Layout, known: Vec<(String, Part)>) -> Self {
        Self { layout, known }
    }

    /// A stored value as an expression over `n`.
    fn expression(&self, kind: Kind, value: &str) -> String {
        let mut pieces = Vec::new();
        let mut rest = value;
        while let Some((at, id, part)) = self.first_in(rest) {
            pieces.push(quoted(&rest[..at]));
            pieces.push(id_sql(self.layout, kind, part, "n"));
            rest = &rest[at + id.len()..];
        }
        pieces.push(quoted(rest));
        pieces.retain(|piece| piece != "''");
        if pieces.is_empty() {
            return "''".to_owned();
        }
        pieces.join(" || ")
    }

    fn first_in<'n>(&'n self, text: &str) -> Option<(usize, &'n str, Part)> {
        self.known
            .iter()
            .filter_map(|(id, part)| text.find(id.as_str()).map(|at| (at, id.as_str(), *part)))
            .min_by_key(|(at, _, _)| *at)
    }
}

/// An id as a text.
pub(crate) fn id_sql(layout: &Layout, kind: Kind, part: Part, n: &str) -> String {
    let (prefix, number) = (layout.prefix(part.kind), layout.number_sql(part, n));
    match kind {
        Kind::Postgres => format!("'{prefix}' || lpad(to_hex({number}), 12, '0')"),
        Kind::Sqlite => format!("'{prefix}' || printf('%012x', {number})"),
    }
}

/// An id as a column holds it.
pub(crate) fn key_sql(layout: &Layout, kind: Kind, part: Part, n: &str) -> String {
    let text = id_sql(layout, kind, part, n);
    match kind {
        Kind::Postgres => format!("({text})::uuid"),
        Kind::Sqlite => format!("unhex({text}, '-')"),
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

struct Column {
    name: String,
    sort: String,
}

/// Copies the model's rows.
pub(crate) async fn multiply(
    database: &Database,
    names: &Names<'_>,
    model: &Model<'_>,
    numbers: &Numbers,
) -> Result<(), Failure> {
    let columns = columns(database, model.table).await?;
    let rows = read(database, model, &columns).await?;
    if rows.is_empty() {
        return Err(format!("no model row of {}: {}", model.table, model.rows).into());
    }
    let rows: Vec<String> = rows
        .iter()
        .map(|row| expressions(database.kind, names, model, &columns, row))
        .collect();
    let list: Vec<String> = columns.iter().map(|c| format!("\"{}\"", c.name)).collect();
    let into = format!("INSERT INTO \"{}\" ({})", model.table, list.join(", "));
    let Numbers { end, condition } = numbers;
    match database.kind {
        Kind::Postgres => {
            let rows: Vec<String> = rows.iter().map(|row| format!("({row})")).collect();
            let rows = rows.join(", ");
            let sql = format!(
                "{into} SELECT v.* FROM generate_series(0, {end}::bigint - 1) AS n, LATERAL (VALUES {rows}) AS v WHERE {condition}"
            );
            database.run(&sql).await
        }
        Kind::Sqlite => {
            for row in rows {
                let sql = format!(
                    "{into} {} SELECT {row} FROM s WHERE {condition}",
                    series(*end)
                );
                database.run(&sql).await?;
            }
            Ok(())
        }
    }
}

/// The numbers below `end` in SQLite, as `s(n)`.
fn series(end: u32) -> String {
    format!("WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n + 1 < {end})")
}

/// Removes the copies of the rows of a table whose `column` is this part of an instance.
pub(crate) async fn remove(
    database: &Database,
    layout: &Layout,
    (table, column): (&str, &str),
    parts: &[Part],
    numbers: &Numbers,
    firm: &str,
) -> Result<(), Failure> {
    let Numbers { end, condition } = numbers;
    for part in parts {
        let key = key_sql(layout, database.kind, *part, "n");
        let sql = match database.kind {
            Kind::Postgres => format!(
                "DELETE FROM {table} WHERE firm_id = '{firm}' AND {column} IN (SELECT {key} FROM generate_series(0, {end}::bigint - 1) AS n WHERE {condition})"
            ),
            Kind::Sqlite => format!(
                "DELETE FROM {table} WHERE firm_id = unhex('{firm}', '-') AND {column} IN ({} SELECT {key} FROM s WHERE {condition})",
                series(*end)
            ),
        };
        database.run(&sql).await?;
    }
    Ok(())
}

async fn columns(database: &Database, table: &str) -> Result<Vec<Column>, Failure> {
    let sql = match database.kind {
        Kind::Postgres => format!(
            "SELECT column_name::text, udt_name::text FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}' ORDER BY ordinal_position"
        ),
        Kind::Sqlite => format!("SELECT name, type FROM pragma_table_info('{table}') ORDER BY cid"),
    };
    let rows = database.rows(&sql).await?;
    let mut columns = rows.into_iter().map(|row| {
        let mut texts = row.into_iter().map(Option::unwrap_or_default);
        Column {
            name: texts.next().unwrap_or_default(),
            sort: texts.next().unwrap_or_default(),
        }
    });
    let columns: Vec<Column> = columns.by_ref().collect();
    Ok(columns)
}

/// The model's rows: as texts on `PostgreSQL`, as the literals of SQL on `SQLite`.
async fn read(
    database: &Database,
    model: &Model<'_>,
    columns: &[Column],
) -> Result<Vec<Vec<Option<String>>>, Failure> {
    let list: Vec<String> = columns
        .iter()
        .map(|column| match database.kind {
            Kind::Postgres => format!("\"{}\"::text", column.name),
            Kind::Sqlite => format!("quote(\"{}\")", column.name),
        })
        .collect();
    let sql = format!(
        "SELECT {} FROM \"{}\" WHERE {}",
        list.join(", "),
        model.table,
        model.rows
    );
    database.rows(&sql).await
}

fn expressions(
    kind: Kind,
    names: &Names<'_>,
    model: &Model<'_>,
    columns: &[Column],
    row: &[Option<String>],
) -> String {
    let expressions: Vec<String> = columns
        .iter()
        .zip(row)
        .map(|(column, value)| {
            let plain = plain(kind, names, column, value.as_deref());
            let varied = model.varied.iter().find(|(name, _)| *name == column.name);
            match varied {
                // What has no value, and the end of time that stands for none, stays.
                Some((_, form)) if !is_none(value.as_deref()) => form.replace("{}", &plain),
                Some(_) | None => plain,
            }
        })
        .collect();
    expressions.join(", ")
}

fn is_none(value: Option<&str>) -> bool {
    value.is_none_or(|value| value == "NULL" || value.trim_start_matches('\'').starts_with("9999-"))
}

fn plain(kind: Kind, names: &Names<'_>, column: &Column, value: Option<&str>) -> String {
    match kind {
        Kind::Postgres => match value {
            Some(value) => format!("({})::{}", names.expression(kind, value), column.sort),
            None => format!("NULL::{}", column.sort),
        },
        Kind::Sqlite => {
            let literal = value.unwrap_or("NULL");
            let inner = |opening: &str| literal.strip_prefix(opening)?.strip_suffix('\'');
            if let Some(hex) = inner("X'") {
                let found = names
                    .known
                    .iter()
                    .find(|(id, _)| id.replace('-', "").eq_ignore_ascii_case(hex));
                return match found {
                    Some((_, part)) => key_sql(names.layout, kind, *part, "n"),
                    None => literal.to_owned(),
                };
            }
            match inner("'") {
                Some(text) => names.expression(kind, &text.replace("''", "'")),
                None => literal.to_owned(),
            }
        }
    }
}

/// The parts of the same kind in their slots.
pub(crate) fn parts(kind: Of, count: u32) -> impl Iterator<Item = Part> {
    (0..count).map(move |slot| Part { kind, slot })
}
