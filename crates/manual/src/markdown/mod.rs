//! A manual as Markdown (`CommonMark` with GFM's tables and boxes). Texts from outside never become markup.

mod escape;

use std::fmt::Write as _;

use crate::{
    content::{Card, Fact, FieldLine, Manual, READING_NOTES, Step},
    prose::Prose,
};
use escape::{prose, text};

/// The manual's text.
#[must_use]
pub fn markdown(manual: &Manual) -> String {
    let mut page = Page::default();
    page.line(&format!("# {}", text(&manual.title)));
    let area = manual
        .area
        .as_ref()
        .map(|area| format!(" · {}", text(area)));
    page.line(&format!(
        "**{}**{}",
        text(&manual.category),
        area.unwrap_or_default()
    ));
    page.line(&text(&manual.summary));
    let edition = &manual.edition;
    page.line(&format!(
        "*{} · {}*",
        text(&edition.publisher),
        text(&edition.version)
    ));
    page.line("## At a glance");
    page.facts(&manual.glance);
    page.roles(manual);
    page.start(manual);
    for part in &manual.parts {
        page.line(&format!(
            "## {}",
            text(part.title.as_deref().unwrap_or("Steps"))
        ));
        for step in &part.steps {
            page.step(step);
        }
    }
    page.line("## How it ends");
    for card in &manual.results {
        page.card(card);
    }
    if !manual.references.is_empty() {
        page.line("## References");
        page.list(manual.references.iter().map(|it| text(it)));
    }
    page.line("## How to read this manual");
    page.list(READING_NOTES.iter().map(|it| text(it)));
    page.out
}

/// Blocks, an empty line after each.
#[derive(Default)]
struct Page {
    out: String,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push_str("\n\n");
    }

    fn list(&mut self, items: impl IntoIterator<Item = String>) {
        for item in items {
            self.out.push_str("- ");
            self.out.push_str(&item);
            self.out.push('\n');
        }
        self.out.push('\n');
    }

    fn facts(&mut self, facts: &[Fact]) {
        self.list(facts.iter().map(|fact| {
            let lines: Vec<String> = fact.lines.iter().map(prose).collect();
            format!("**{}:** {}", fact.label, lines.join(" · "))
        }));
    }

    fn table(&mut self, titles: &[&str], rows: impl IntoIterator<Item = Vec<String>>) {
        let _ = write!(
            self.out,
            "| {} |\n|{}\n",
            titles.join(" | "),
            " --- |".repeat(titles.len())
        );
        for row in rows {
            let _ = writeln!(self.out, "| {} |", row.join(" | "));
        }
        self.out.push('\n');
    }

    fn roles(&mut self, manual: &Manual) {
        self.line("## Who does what");
        let titles = ["Who", "Held on", "Owns steps", "May also do steps"];
        let rows = manual.roles.iter().map(|row| {
            vec![
                text(&row.who.name),
                text(&row.who.held),
                prose(&row.owns),
                prose(&row.may),
            ]
        });
        self.table(&titles, rows);
        if !manual.separation.is_empty() {
            self.line("### What takes two people");
            self.list(manual.separation.iter().map(prose));
        }
    }

    fn start(&mut self, manual: &Manual) {
        if manual.start_form.is_empty() && manual.settings.is_empty() {
            return;
        }
        self.line("## To start it");
        self.form(&manual.start_form);
        if !manual.settings.is_empty() {
            self.line("### What the firm can set");
            let any_own = manual.settings.iter().any(|it| it.own.is_some());
            let mut columns = vec!["Setting", "What goes in"];
            columns.extend(any_own.then_some("In force"));
            columns.push("Unless set otherwise");
            let rows = manual.settings.iter().map(|it| {
                let mut row = vec![text(&it.name), text(&it.kind)];
                row.extend(any_own.then(|| text(it.in_force())));
                row.push(text(&it.default));
                row
            });
            self.table(&columns, rows);
        }
    }

    fn form(&mut self, fields: &[FieldLine]) {
        if fields.is_empty() {
            return;
        }
        let rows = fields.iter().map(|field| {
            let notes = field.notes.iter().map(prose);
            let said: Vec<String> = std::iter::once(text(&field.kind)).chain(notes).collect();
            let needed = if field.required { "Yes" } else { "Optional" };
            vec![text(&field.label), said.join("<br>"), needed.to_owned()]
        });
        self.table(&["Field", "What goes in", "Needed"], rows);
    }

    fn step(&mut self, step: &Step) {
        let number = step.number;
        self.line(&format!(
            "### <a id=\"step-{number}\"></a>{number} · {}",
            text(&step.title)
        ));
        let tags: Vec<String> = step
            .tags
            .iter()
            .map(|tag| format!("*{}*", tag.text))
            .collect();
        self.line(&tags.join(" · "));
        for paragraph in &step.description {
            self.line(&text(paragraph));
        }
        self.facts(&step.facts);
        if !step.checklist.is_empty() {
            self.line("#### Checklist");
            self.list(step.checklist.iter().map(|item| {
                let optional = if item.required { "" } else { " *(optional)*" };
                format!("[ ] {}{optional}", text(&item.text))
            }));
        }
        if !step.form.is_empty() {
            self.line("#### Form");
            self.form(&step.form);
        }
        if !step.outcomes.is_empty() {
            self.line("#### Outcomes");
            self.list(step.outcomes.iter().map(|outcome| {
                format!(
                    "**{}:** {}",
                    text(&outcome.label),
                    sentences(&outcome.leads)
                )
            }));
        }
        if !step.effects.is_empty() {
            self.line("#### What Baton does on completion");
            self.list(step.effects.iter().map(prose));
        }
        if !step.references.is_empty() {
            self.line("#### References");
            self.list(step.references.iter().map(|it| text(it)));
        }
    }

    fn card(&mut self, card: &Card) {
        self.line(&format!("### {}", text(&card.label)));
        self.list(card.reached.iter().map(prose));
        if !card.effects.is_empty() {
            self.line("#### What Baton does then");
            self.list(card.effects.iter().map(prose));
        }
    }
}

fn sentences(sentences: &[Prose]) -> String {
    let sentences: Vec<String> = sentences.iter().map(prose).collect();
    sentences.join(" ")
}
