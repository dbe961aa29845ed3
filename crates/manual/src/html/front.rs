//! What stands before the steps: title, contents, the process at a glance, its picture, and who does what.

use super::{markup::Markup, section, steps};
use crate::content::{Fact, Manual, RoleRow};

pub(super) fn header(page: &mut Markup, manual: &Manual) {
    page.element("header", &[], |page| {
        page.element("p", &[("class", "eyebrow")], |page| {
            page.text(&manual.category);
            if let Some(area) = &manual.area {
                page.text(" · ");
                page.text(area);
            }
        });
        page.texted("h1", &[], &manual.title);
        page.texted("p", &[("class", "lead")], &manual.summary);
        let edition = &manual.edition;
        let line = format!("{} · {}", edition.publisher, edition.version);
        page.texted("p", &[("class", "edition")], &line);
    });
}

pub(super) fn contents(page: &mut Markup, manual: &Manual) {
    page.element("nav", &[("aria-label", "Contents")], |page| {
        page.texted("p", &[("class", "eyebrow")], "Contents");
        page.element("ol", &[], |page| {
            entry(page, "#glance", "At a glance");
            entry(page, "#roles", "Who does what");
            if manual.diagram.is_some() {
                entry(page, "#diagram", "Diagram");
            }
            if has_start(manual) {
                entry(page, "#start", "To start it");
            }
            for (place, part) in manual.parts.iter().enumerate() {
                page.element("li", &[], |page| {
                    let title = part.title.as_deref().unwrap_or("Steps");
                    link(page, &format!("#part-{place}"), title);
                    page.element("ol", &[], |page| {
                        for step in &part.steps {
                            let title = format!("{} {}", step.number, step.title);
                            entry(page, &format!("#step-{}", step.number), &title);
                        }
                    });
                });
            }
            entry(page, "#results", "How it ends");
            if !manual.references.is_empty() {
                entry(page, "#references", "References");
            }
            entry(page, "#notes", "How to read this manual");
        });
    });
}

fn entry(page: &mut Markup, href: &str, text: &str) {
    page.element("li", &[], |page| link(page, href, text));
}

fn link(page: &mut Markup, href: &str, text: &str) {
    page.texted("a", &[("href", href)], text);
}

pub(super) fn glance(page: &mut Markup, manual: &Manual) {
    section(page, "glance", "At a glance", |page| {
        facts(page, &manual.glance);
    });
}

/// Labels and what is said under them.
pub(super) fn facts(page: &mut Markup, facts: &[Fact]) {
    page.element("dl", &[("class", "facts")], |page| {
        for fact in facts {
            page.texted("dt", &[], fact.label);
            for line in &fact.lines {
                page.said("dd", &[], line);
            }
        }
    });
}

pub(super) fn diagram(page: &mut Markup, manual: &Manual) {
    let Some(diagram) = &manual.diagram else {
        return;
    };
    section(page, "diagram", "Diagram", |page| {
        page.element("figure", &[("class", "picture")], |page| {
            page.trusted(without_prolog(&diagram.svg));
        });
    });
}

/// An SVG inside a page has no XML declaration.
fn without_prolog(svg: &str) -> &str {
    svg.find("<svg")
        .and_then(|start| svg.get(start..))
        .unwrap_or_default()
}

pub(super) fn roles(page: &mut Markup, manual: &Manual) {
    section(page, "roles", "Who does what", |page| {
        page.element("table", &[], |page| {
            page.element("thead", &[], |page| {
                page.element("tr", &[], |page| {
                    for title in ["Who", "Held on", "Owns steps", "May also do steps"] {
                        page.texted("th", &[("scope", "col")], title);
                    }
                });
            });
            page.element("tbody", &[], |page| {
                for row in &manual.roles {
                    page.element("tr", &[], |page| role(page, row));
                }
            });
        });
        if !manual.separation.is_empty() {
            page.texted("h3", &[], "What takes two people");
            page.element("ul", &[], |page| {
                for rule in &manual.separation {
                    page.said("li", &[], rule);
                }
            });
        }
    });
}

fn role(page: &mut Markup, row: &RoleRow) {
    page.texted("th", &[("scope", "row")], &row.who.name);
    page.texted("td", &[], &row.who.held);
    for steps in [&row.owns, &row.may] {
        if steps.is_empty() {
            page.texted("td", &[("class", "none")], "–");
        } else {
            page.said("td", &[], steps);
        }
    }
}

fn has_start(manual: &Manual) -> bool {
    !manual.start_form.is_empty() || !manual.settings.is_empty()
}

pub(super) fn start(page: &mut Markup, manual: &Manual) {
    if !has_start(manual) {
        return;
    }
    section(page, "start", "To start it", |page| {
        if !manual.start_form.is_empty() {
            steps::form(page, &manual.start_form);
        }
        if manual.settings.is_empty() {
            return;
        }
        page.texted("h3", &[], "What the firm can set");
        page.element("dl", &[("class", "facts")], |page| {
            for setting in &manual.settings {
                page.texted("dt", &[], &setting.name);
                let (kind, default) = (&setting.kind, &setting.default);
                let said = match &setting.own {
                    None => format!("{kind}. Unless set otherwise: {default}."),
                    Some(own) => {
                        format!("{kind}. In force: {own}. Unless set otherwise: {default}.")
                    }
                };
                page.texted("dd", &[], &said);
            }
        });
    });
}
