//! The steps, and how the process ends.

use super::{front::facts, markup::Markup, section};
use crate::{
    content::{Card, FieldLine, Manual, OutcomeLine, Step},
    prose::Prose,
};

pub(super) fn parts(page: &mut Markup, manual: &Manual) {
    for (place, part) in manual.parts.iter().enumerate() {
        let title = part.title.as_deref().unwrap_or("Steps");
        section(page, &format!("part-{place}"), title, |page| {
            for step in &part.steps {
                self::step(page, step);
            }
        });
    }
}

fn step(page: &mut Markup, step: &Step) {
    let id = format!("step-{}", step.number);
    let heading = format!("{id}-heading");
    let attributes = [
        ("class", "step"),
        ("id", id.as_str()),
        ("aria-labelledby", heading.as_str()),
    ];
    page.element("article", &attributes, |page| {
        page.element("h3", &[("id", &heading)], |page| {
            page.texted("span", &[("class", "number")], &step.number.to_string());
            page.text(" ");
            page.texted("span", &[], &step.title);
        });
        page.element("p", &[("class", "tags")], |page| {
            for tag in &step.tags {
                let class = format!("tag {}", tag.tone.as_str());
                page.texted("span", &[("class", &class)], tag.text);
            }
        });
        for paragraph in &step.description {
            page.texted("p", &[], paragraph);
        }
        facts(page, &step.facts);
        if !step.checklist.is_empty() {
            page.texted("h4", &[], "Checklist");
            checklist(page, step);
        }
        if !step.form.is_empty() {
            page.texted("h4", &[], "Form");
            form(page, &step.form);
        }
        if !step.outcomes.is_empty() {
            page.texted("h4", &[], "Outcomes");
            outcomes(page, &step.outcomes);
        }
        if !step.effects.is_empty() {
            page.texted("h4", &[], "What Baton does on completion");
            sentences(page, &step.effects);
        }
        if !step.references.is_empty() {
            page.texted("h4", &[], "References");
            list(page, "references", &step.references);
        }
    });
}

fn checklist(page: &mut Markup, step: &Step) {
    page.element("ul", &[("class", "checklist")], |page| {
        for item in &step.checklist {
            page.element("li", &[], |page| {
                page.text(&item.text);
                if !item.required {
                    page.text(" ");
                    page.texted("span", &[("class", "optional")], "optional");
                }
            });
        }
    });
}

pub(super) fn form(page: &mut Markup, fields: &[FieldLine]) {
    page.element("table", &[("class", "form")], |page| {
        page.element("thead", &[], |page| {
            page.element("tr", &[], |page| {
                for title in ["Field", "What goes in", "Needed"] {
                    page.texted("th", &[("scope", "col")], title);
                }
            });
        });
        page.element("tbody", &[], |page| {
            for field in fields {
                page.element("tr", &[], |page| {
                    page.texted("th", &[("scope", "row")], &field.label);
                    page.element("td", &[], |page| {
                        page.text(&field.kind);
                        for note in &field.notes {
                            page.said("p", &[("class", "note")], note);
                        }
                    });
                    let needed = if field.required { "Yes" } else { "Optional" };
                    page.texted("td", &[], needed);
                });
            }
        });
    });
}

fn outcomes(page: &mut Markup, outcomes: &[OutcomeLine]) {
    page.element("dl", &[("class", "outcomes")], |page| {
        for outcome in outcomes {
            page.texted("dt", &[], &outcome.label);
            for lead in &outcome.leads {
                page.said("dd", &[], lead);
            }
        }
    });
}

pub(super) fn results(page: &mut Markup, manual: &Manual) {
    section(page, "results", "How it ends", |page| {
        for card in &manual.results {
            page.element("article", &[("class", "step")], |page| result(page, card));
        }
    });
}

fn result(page: &mut Markup, card: &Card) {
    page.texted("h3", &[], &card.label);
    sentences(page, &card.reached);
    if !card.effects.is_empty() {
        page.texted("h4", &[], "What Baton does then");
        sentences(page, &card.effects);
    }
}

fn sentences(page: &mut Markup, sentences: &[Prose]) {
    page.element("ul", &[], |page| {
        for sentence in sentences {
            page.said("li", &[], sentence);
        }
    });
}

pub(super) fn list(page: &mut Markup, class: &str, items: &[impl AsRef<str>]) {
    page.element("ul", &[("class", class)], |page| {
        for item in items {
            page.texted("li", &[], item.as_ref());
        }
    });
}
