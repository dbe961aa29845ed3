//! How PostgreSQL runs each statement of a request at the seeded size, and what should not be in a plan.

use crate::{Failure, database::Database, script::Compared};

/// A statement with its plan.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) statement: String,
    pub(crate) text: String,
    /// What reads a whole table that grows, or sorts what an index should have in order.
    pub(crate) defects: Vec<String>,
}

/// Tables that stay small however much a firm works: a scan of them is no defect.
const SMALL_TABLES: [&str; 6] = [
    "firm",
    "firm_head",
    "firm_directory",
    "role",
    "process_type",
    "signing_key",
];

/// A sort of so many rows is one of a page or of a process.
const SORTED_AT_MOST: u64 = 1_000;

/// Runs the statements once more, for instance `n` of a firm, each with its plan, and undoes them.
pub(crate) async fn explain(
    database: &Database,
    statements: &[Compared],
    firm: &str,
    n: u32,
) -> Result<Vec<Plan>, Failure> {
    let mut plans = Vec::new();
    let head = database.head(firm).await?;
    database.run("BEGIN").await?;
    for statement in statements {
        if matches!(statement.text.as_str(), "BEGIN" | "COMMIT" | "ROLLBACK") {
            continue;
        }
        let sql = format!("EXPLAIN (ANALYZE, BUFFERS) {}", statement.filled(n, head));
        let rows = database.rows(&sql).await?;
        let lines: Vec<String> = rows.into_iter().flatten().flatten().collect();
        plans.push(Plan {
            statement: statement.text.clone(),
            defects: defects(&lines),
            text: lines.join("\n"),
        });
    }
    database.run("ROLLBACK").await?;
    Ok(plans)
}

fn defects(plan: &[String]) -> Vec<String> {
    let lines = plan
        .iter()
        .map(|line| line.trim().trim_start_matches("->").trim());
    lines
        .filter(|line| {
            let scanned = line.split_once("Seq Scan on ").map(|(_, rest)| rest);
            let table = scanned.and_then(|rest| rest.split(' ').next());
            let whole = table.is_some_and(|table| !SMALL_TABLES.contains(&table.trim_matches('"')));
            let sorts = line.starts_with("Sort ") && rows(line) > SORTED_AT_MOST;
            whole || sorts
        })
        .map(str::to_owned)
        .collect()
}

/// The rows that a node has really handled.
fn rows(line: &str) -> u64 {
    let actual = line.split_once("(actual ").map(|(_, actual)| actual);
    actual
        .and_then(|actual| actual.split_once("rows="))
        .and_then(|(_, rest)| rest.split([' ', '.']).next()?.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scan_of_a_table_that_grows_is_a_defect() {
        let plan = [
            "Limit  (cost=1..2 rows=3 width=4) (actual time=0.1..0.2 rows=3 loops=1)",
            "  ->  Sort  (cost=1..2 rows=3 width=4) (actual time=0.1..0.2 rows=5000 loops=1)",
            "        ->  Seq Scan on task t  (cost=0..9 rows=9 width=4) (actual time=0..1 rows=5000 loops=1)",
            "  ->  Seq Scan on firm_head  (cost=0..9 rows=9 width=4) (actual time=0..1 rows=1 loops=1)",
        ]
        .map(str::to_owned);
        let found = defects(&plan);
        assert_eq!(found.len(), 2, "{found:?}");
    }
}
