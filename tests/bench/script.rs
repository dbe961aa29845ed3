//! A pgbench script made of what the server sent: two requests of one kind are compared, and what differs between them
//! becomes an expression. So the script cannot drift from the code.

use std::{collections::BTreeMap, fmt::Write as _};

use crate::{Failure, capture::Statement, layout::Layout, multiply::id_sql, settings::Kind};

/// One request, with what has to be known of it to tell its parameters apart.
#[derive(Debug)]
pub(crate) struct Sample {
    pub(crate) statements: Vec<Statement>,
    /// Which instance it was about; none: the same in both samples.
    pub(crate) instance: Option<u32>,
    /// The number of the last change of the firm before it.
    pub(crate) head: i64,
}

/// Where a parameter's value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    Null,
    /// The same in each run.
    Constant(String),
    /// The id of a part of the instance, as SQL.
    Part(String),
    /// An id that is new in each run.
    Fresh(usize),
    /// So many after the number of the firm's last change.
    AfterHead(i64),
}

/// Values that stay the same, shared by all scripts of one run of pgbench, which gets them by its command line.
#[derive(Debug, Default)]
pub(crate) struct Constants(BTreeMap<String, usize>);

impl Constants {
    fn name(&mut self, value: &str) -> String {
        let next = self.0.len();
        let number = *self.0.entry(value.to_owned()).or_insert(next);
        format!("k{number}")
    }

    /// As pgbench takes them.
    pub(crate) fn definitions(&self) -> Vec<String> {
        let pairs = self.0.iter();
        pairs
            .map(|(value, number)| format!("k{number}={value}"))
            .collect()
    }
}

/// How many parameters a statement of pgbench can have.
const MOST_PARAMETERS: usize = 250;

/// The number of the instance in a script.
const INSTANCE: &str = ":n::bigint";

/// Which targets one client of pgbench works on.
const LANES: u32 = 16;

/// A statement of a request, with where its parameters come from.
#[derive(Debug, Clone)]
pub(crate) struct Compared {
    pub(crate) text: String,
    values: Vec<Value>,
}

/// Tells where the parameters of a request's statements come from.
pub(crate) fn compare(samples: [&Sample; 2], layout: &Layout) -> Result<Vec<Compared>, Failure> {
    let [one, other] = samples;
    if one.statements.len() != other.statements.len() {
        return Err(format!(
            "two requests of one kind sent {} and {} statements",
            one.statements.len(),
            other.statements.len()
        )
        .into());
    }
    let mut compared = Vec::new();
    let mut fresh = Fresh::default();
    for (first, second) in one.statements.iter().zip(&other.statements) {
        if first.text != second.text {
            return Err(format!("the statements differ:\n{}\n{}", first.text, second.text).into());
        }
        let pairs = first.parameters.iter().zip(&second.parameters);
        let values: Vec<Value> = pairs
            .map(|(a, b)| {
                value(
                    (a.as_deref(), one),
                    (b.as_deref(), other),
                    layout,
                    &mut fresh,
                )
            })
            .collect::<Result<_, _>>()
            .map_err(|err: Failure| format!("{err} in {}", first.text))?;
        compared.push(Compared {
            text: first.text.clone(),
            values,
        });
    }
    Ok(compared)
}

/// Makes the script of a request.
pub(crate) fn script(compared: &[Compared], layout: &Layout, constants: &mut Constants) -> String {
    let parts = compared.iter().flat_map(|statement| &statement.values);
    let about_instance = parts
        .into_iter()
        .any(|value| matches!(value, Value::Part(_)));
    let mut script = preamble(layout, about_instance);
    for Compared { text, values } in compared {
        script.push_str(&statement(text, values, constants));
        // The one result that a later statement needs.
        let locks_head = text.contains("\"firm_head\"") && text.ends_with("UPDATE");
        script.push_str(if locks_head { " \\gset head_\n" } else { ";\n" });
    }
    script
}

/// Ids that are new in each request, in the order in which they are met.
#[derive(Debug, Default)]
struct Fresh(Vec<(String, String)>);

impl Fresh {
    fn number(&mut self, pair: (&str, &str)) -> usize {
        let known = self
            .0
            .iter()
            .position(|(a, b)| (a.as_str(), b.as_str()) == pair);
        known.unwrap_or_else(|| {
            self.0.push((pair.0.to_owned(), pair.1.to_owned()));
            self.0.len() - 1
        })
    }
}

/// Clients keep to targets of their own, as those of the load do. Ids that are new rise, as the server's do.
fn preamble(layout: &Layout, with_instance: bool) -> String {
    let mut text = "\\set i :i + 1\n".to_owned();
    if with_instance {
        let (workers, users) = (layout.workers(), layout.users);
        let each = layout.targets() / LANES;
        let _ = write!(
            text,
            "\\set t random(0, {each} - 1) * {LANES} + :client_id\n\\set n :t / {workers} * 2 * {users} + mod(:t, {workers})\n"
        );
    }
    text
}

fn value(
    (a, one): (Option<&str>, &Sample),
    (b, other): (Option<&str>, &Sample),
    layout: &Layout,
    fresh: &mut Fresh,
) -> Result<Value, Failure> {
    let (Some(a), Some(b)) = (a, b) else {
        return if a == b {
            Ok(Value::Null)
        } else {
            Err(format!("a parameter is {a:?} and {b:?}").into())
        };
    };
    if let (Some(n), Some(m)) = (one.instance, other.instance)
        && let Some(part) = layout.part(a, n)
        && layout.part(b, m) == Some(part)
    {
        return Ok(Value::Part(id_sql(layout, Kind::Postgres, part, INSTANCE)));
    }
    if a == b {
        return Ok(Value::Constant(a.to_owned()));
    }
    if is_id(a) && is_id(b) {
        return Ok(Value::Fresh(fresh.number((a, b))));
    }
    if let (Ok(x), Ok(y)) = (a.parse::<i64>(), b.parse::<i64>()) {
        return if x - one.head == y - other.head {
            Ok(Value::AfterHead(x - one.head))
        } else {
            Err(format!(
                "a number is {x} after {}, and {y} after {}",
                one.head, other.head
            )
            .into())
        };
    }
    // Times, hashes and texts: what they say changes nothing in the work of storing them.
    Ok(Value::Constant(a.to_owned()))
}

fn is_id(text: &str) -> bool {
    let dashes = [8, 13, 18, 23];
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| {
            if dashes.contains(&at) {
                byte == b'-'
            } else {
                byte.is_ascii_hexdigit()
            }
        })
}

fn statement(text: &str, values: &[Value], constants: &mut Constants) -> String {
    let by_command_line = values.len() <= MOST_PARAMETERS;
    replaced(text, |number| match values.get(number - 1) {
        None | Some(Value::Null) => "NULL".to_owned(),
        Some(Value::Constant(value)) if by_command_line => format!(":{}", constants.name(value)),
        Some(Value::Constant(value)) => escaped(value),
        Some(Value::Part(sql)) => format!("({sql})::uuid"),
        Some(Value::Fresh(number)) => format!(
            "(:run || lpad(to_hex(:client_id::bigint * 16777216 + :i::bigint), 9, '0') || lpad(to_hex({number}), 3, '0'))::uuid"
        ),
        Some(Value::AfterHead(offset)) => format!("(:head_sequence::bigint + {offset})"),
    })
}

/// The text with every `$n` replaced.
fn replaced(text: &str, mut value: impl FnMut(usize) -> String) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        match after[..digits].parse() {
            Ok(number) => out.push_str(&value(number)),
            Err(_) => out.push('$'),
        }
        rest = &after[digits..];
    }
    out.push_str(rest);
    out
}

/// A literal in which pgbench finds no variable: it looks for colons even within quotes.
fn escaped(value: &str) -> String {
    let value = value.replace('\\', "\\\\").replace('\'', "''");
    format!("E'{}'", value.replace(':', "\\x3a").replace('\n', "\\n"))
}

impl Compared {
    /// The statement as a request about instance `n` would send it next, when the last change of its firm is `head`.
    pub(crate) fn filled(&self, n: u32, head: i64) -> String {
        replaced(&self.text, |number| match self.values.get(number - 1) {
            None | Some(Value::Null) => "NULL".to_owned(),
            Some(Value::Constant(value)) => escaped(value),
            Some(Value::Part(sql)) => format!("({})::uuid", sql.replace(INSTANCE, &n.to_string())),
            Some(Value::Fresh(number)) => format!("'ffffffff-0000-7000-8000-{number:012x}'"),
            Some(Value::AfterHead(offset)) => (head + offset).to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::{Kind as Of, task, whole};

    fn sample(layout: &Layout, n: u32, head: i64, new: &str) -> Sample {
        let parameters = vec![
            Some("firm".to_owned()),
            Some(layout.id(task(3), n)),
            Some(layout.id(whole(Of::Process), n)),
            Some((head + 2).to_string()),
            Some(new.to_owned()),
            None,
            Some(format!("at {n}: 1")),
        ];
        Sample {
            statements: vec![Statement {
                text: "SELECT $1, $2, $3, $4, $5, $6, $7".to_owned(),
                parameters,
            }],
            instance: Some(n),
            head,
        }
    }

    #[test]
    fn what_differs_becomes_an_expression() {
        let layout = Layout::of_tasks(1, 10_000);
        let one = sample(&layout, 3, 50, "01900000-0000-7000-8000-000000000001");
        let other = sample(&layout, 43, 70, "01900000-0000-7000-8000-000000000002");
        let mut constants = Constants::default();
        let compared = compare([&one, &other], &layout).unwrap();
        let made = script(&compared, &layout, &mut constants);
        assert!(
            made.contains(
                "SELECT :k0, ('b0000001-0005-7000-8000-' || lpad(to_hex(:n::bigint * 10 + 3)"
            ),
            "{made}"
        );
        assert!(
            made.contains("(:head_sequence::bigint + 2), (:run || "),
            "{made}"
        );
        assert!(made.ends_with("NULL, :k1;\n"), "{made}");
        assert_eq!(constants.definitions(), ["k1=at 3: 1", "k0=firm"]);
        let next = compared[0].filled(9, 80);
        assert!(next.contains("to_hex(9 * 10 + 3)"), "{next}");
        assert!(next.contains(", 82, 'ffffffff-"), "{next}");
    }

    #[test]
    fn a_number_that_nothing_explains_is_refused() {
        let layout = Layout::of_tasks(1, 10_000);
        let one = sample(&layout, 3, 50, "x");
        let mut other = sample(&layout, 43, 70, "x");
        other.head = 71;
        assert!(compare([&one, &other], &layout).is_err());
    }

    #[test]
    fn literals_hide_their_colons() {
        assert_eq!(escaped(r#"{"a":"it's \n"}"#), r#"E'{"a"\x3a"it''s \\n"}'"#);
    }
}
