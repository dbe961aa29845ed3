//! The flow as Mermaid text.

use std::fmt::Write as _;

use domain::process_type::Definition;

use crate::{
    graph::{Graph, NodeKind},
    progress::{Progress, Standing},
    reached,
};

/// The classes of standings, as Mermaid wants them.
fn class(standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::Waiting => ("waiting", "fill:#ffffff,stroke:#8894a5,color:#4d5a6b"),
        Standing::Open => ("open", "fill:#fff6dc,stroke:#a86a00,color:#17212f"),
        Standing::InProgress => ("inprogress", "fill:#e2eefc,stroke:#1d66b8,color:#17212f"),
        Standing::Overdue => (
            "overdue",
            "fill:#fde7e5,stroke:#b3261e,color:#17212f,stroke-width:3px",
        ),
        Standing::OnHold => ("onhold", "fill:#f0e8fa,stroke:#7341ad,color:#17212f"),
        Standing::Completed => ("done", "fill:#e1f3e7,stroke:#2c7a4b,color:#17212f"),
        Standing::Skipped => (
            "skipped",
            "fill:#f1f3f6,stroke:#7c8798,color:#4d5a6b,stroke-dasharray:6 4",
        ),
        Standing::NotTaken => (
            "nottaken",
            "fill:#f7f8fa,stroke:#9aa4b2,color:#566273,stroke-dasharray:2 4",
        ),
        Standing::Cancelled => (
            "cancelled",
            "fill:#eceef1,stroke:#596475,color:#434d5b,stroke-dasharray:6 4",
        ),
    }
}

/// `graph` is the compact one.
pub(crate) fn draw(definition: &Definition, graph: &Graph, progress: Option<&Progress>) -> String {
    let mut out = format!(
        "---\ntitle: \"{}\"\n---\nflowchart TD\n",
        front_matter(&definition.name)
    );
    let reached = reached::marks(definition, graph, progress);
    for (place, node) in graph.nodes.iter().enumerate() {
        let label = quoted(&node.label);
        let _ = match node.kind {
            NodeKind::Step { step, fork } => {
                let owner = quoted(&graph.lanes[node.lane]);
                let standing =
                    progress.and_then(|progress| progress.steps.get(&definition.tasks[step].key));
                let state = standing.map_or_else(String::new, |step| {
                    let who = step
                        .who
                        .as_deref()
                        .map_or_else(String::new, |who| format!(": {}", quoted(who)));
                    let items = step
                        .items
                        .map_or_else(String::new, |items| format!("<br/>{}", items.words()));
                    format!("<br/>{}{who}{items}", step.standing.words())
                });
                let number = step + 1;
                let _ = writeln!(
                    out,
                    "  {}[\"{number}. {label}<br/>{owner}{state}\"]",
                    node.id
                );
                if fork {
                    let _ = writeln!(
                        out,
                        "  {}_out{{\" \"}}\n  {} --- {}_out",
                        node.id, node.id, node.id
                    );
                }
                standing.map_or(Ok(()), |standing| {
                    writeln!(out, "  class {} {}", node.id, class(standing.standing).0)
                })
            }
            NodeKind::Start | NodeKind::End { .. } | NodeKind::Result => {
                let _ = writeln!(out, "  {}([\"{label}\"])", node.id);
                reached.get(&place).map_or(Ok(()), |reached| {
                    writeln!(out, "  class {} {}", node.id, class(reached.standing()).0)
                })
            }
            // The compact graph has none of these.
            NodeKind::Decision(_)
            | NodeKind::Guard(_)
            | NodeKind::Merge
            | NodeKind::Join
            | NodeKind::Split => Ok(()),
        };
    }
    for link in &graph.links {
        let source = &graph.nodes[link.from];
        let foot = if matches!(source.kind, NodeKind::Step { fork: true, .. }) {
            "_out"
        } else {
            ""
        };
        let arrow = if link.back { "-.->" } else { "-->" };
        let label = if link.label.is_empty() {
            String::new()
        } else {
            format!("|\"{}\"|", quoted(&link.label))
        };
        let _ = writeln!(
            out,
            "  {}{foot} {arrow}{label} {}",
            source.id, graph.nodes[link.to].id
        );
    }
    if progress.is_some() {
        for standing in Standing::ALL {
            let (name, style) = class(standing);
            let _ = writeln!(out, "  classDef {name} {style}");
        }
    }
    out
}

/// A text between quotes, in Mermaid's own entities: nothing in it is read as Mermaid, Markdown or HTML.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            letter if letter.is_alphanumeric() || " ,.:/()?!+-–—’…".contains(letter) => {
                quoted.push(letter);
            }
            letter if letter.is_whitespace() || letter.is_control() => quoted.push(' '),
            letter => {
                let _ = write!(quoted, "#{};", u32::from(letter));
            }
        }
    }
    // A line that begins like a list would be read as Markdown.
    quoted.trim().to_owned()
}

/// A text between quotes in YAML.
fn front_matter(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '"' | '\\' => '\'',
            letter if letter.is_control() => ' ',
            letter => letter,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{front_matter, quoted};

    #[test]
    fn nothing_in_a_title_is_read_as_mermaid() {
        assert_eq!(
            quoted("Say \"no\"]; click A\n`x` <b> & #1"),
            "Say #34;no#34;#93;#59; click A #96;x#96; #60;b#62; #38; #35;1"
        );
        assert_eq!(front_matter("a\"\nb: c\\"), "a' b: c'");
    }
}
