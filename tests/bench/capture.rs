//! The statements of a request, as the server sent them: read from PostgreSQL's own log.

use std::{
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
    path::PathBuf,
};

use crate::{
    Failure,
    http::{Ask, Connection},
    server::{Program, Server},
};

/// One statement with its parameters; none: `NULL`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    pub(crate) text: String,
    pub(crate) parameters: Vec<Option<String>>,
}

/// A server of which PostgreSQL logs every statement.
pub(crate) struct Tapped {
    server: Server,
    log: PathBuf,
}

impl Tapped {
    /// Starts it on a database; it has no worker, so that nothing is sent but for requests.
    pub(crate) async fn start(program: &Program, url: &str) -> Result<Self, Failure> {
        let log = std::env::var_os("TEST_DATABASE_LOG")
            .ok_or("TEST_DATABASE_LOG names no log: run it by scripts/with-postgres.sh")?;
        let url = format!("{url}?options=-c%20log_statement%3Dall");
        let server = program.at(&url).serve(false).await?;
        Ok(Self {
            server,
            log: log.into(),
        })
    }

    /// Sends a request and tells what it sent to the database.
    pub(crate) async fn statements(&self, ask: &Ask) -> Result<Vec<Statement>, Failure> {
        let mut connection = Connection::open(self.server.address).await?;
        let mut log = File::open(&self.log)?;
        let before = log.metadata()?.len();
        connection.send(ask).await?;
        log.seek(SeekFrom::Start(before))?;
        let mut text = String::new();
        log.read_to_string(&mut text)?;
        let statements = parse(&text);
        if statements.is_empty() {
            return Err("PostgreSQL's log tells of no statement".into());
        }
        Ok(statements)
    }
}

/// Reads a log: `LOG:  execute name: …` or `LOG:  statement: …`, then `DETAIL:  parameters: …`.
fn parse(log: &str) -> Vec<Statement> {
    let mut statements: Vec<Statement> = Vec::new();
    for entry in entries(log) {
        if let Some((_, rest)) = entry.split_once("LOG:  execute ") {
            if let Some((_, text)) = rest.split_once(": ") {
                statements.push(Statement {
                    text: text.to_owned(),
                    parameters: Vec::new(),
                });
            }
        } else if let Some((_, text)) = entry.split_once("LOG:  statement: ") {
            statements.push(Statement {
                text: text.trim_end().trim_end_matches(';').to_owned(),
                parameters: Vec::new(),
            });
        } else if let Some((head, list)) = entry.split_once("arameters: ")
            && head.contains("DETAIL:")
            && let Some(last) = statements.last_mut()
        {
            last.parameters = parameters(list);
        }
    }
    statements
}

/// Entries of a log; the further lines of one begin with a tab.
fn entries(log: &str) -> Vec<String> {
    let mut entries: Vec<String> = Vec::new();
    for line in log.lines() {
        match (line.strip_prefix('\t'), entries.last_mut()) {
            (Some(more), Some(last)) => {
                last.push('\n');
                last.push_str(more);
            }
            (Some(_) | None, _) => entries.push(line.to_owned()),
        }
    }
    entries
}

/// `$1 = 'a''b', $2 = NULL`
fn parameters(list: &str) -> Vec<Option<String>> {
    let mut values = Vec::new();
    let mut rest = list;
    while let Some((_, value)) = rest.split_once(" = ") {
        let Some(quoted) = value.strip_prefix('\'') else {
            values.push(None);
            rest = value.strip_prefix("NULL").unwrap_or(value);
            continue;
        };
        let mut text = String::new();
        let mut letters = quoted.char_indices();
        rest = "";
        while let Some((at, letter)) = letters.next() {
            if letter != '\'' {
                text.push(letter);
            } else if quoted[at + 1..].starts_with('\'') {
                // Two quotes are one within the value; a single one is its end.
                text.push(letter);
                letters.next();
            } else {
                rest = &quoted[at + 1..];
                break;
            }
        }
        values.push(Some(text));
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_read_with_their_parameters() {
        let log = "2026-11-22 [7] LOG:  statement: BEGIN\n\
            2026-11-22 [7] LOG:  execute sqlx_s_3: SELECT $1,\n\t  $2\n\
            2026-11-22 [7] DETAIL:  parameters: $1 = 'it''s, $3 = ''x''', $2 = NULL, $3 = ''\n";
        let read = parse(log);
        assert_eq!(read[0].text, "BEGIN");
        assert_eq!(read[1].text, "SELECT $1,\n  $2");
        let expected = [Some("it's, $3 = 'x'"), None, Some("")];
        let expected: Vec<_> = expected.map(|value| value.map(str::to_owned)).into();
        assert_eq!(read[1].parameters, expected);
    }
}
