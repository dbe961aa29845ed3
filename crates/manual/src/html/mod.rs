//! A manual as one HTML page that needs nothing else: no script, no font, no picture from elsewhere.

mod front;
mod markup;
mod steps;

use crate::content::{Manual, READING_NOTES};
use markup::Markup;

/// Of the page; nothing in it comes from outside.
const STYLE: &str = include_str!("style.css");

/// The page.
#[must_use]
pub fn html(manual: &Manual) -> String {
    let mut page = Markup::default();
    page.trusted("<!DOCTYPE html>\n");
    page.element("html", &[("lang", "en")], |page| {
        page.element("head", &[], |page| head(page, manual));
        page.element("body", &[], |page| {
            let skip = [("class", "skip"), ("href", "#main")];
            page.texted("a", &skip, "Skip to the manual");
            front::header(page, manual);
            page.element("div", &[("class", "columns")], |page| {
                front::contents(page, manual);
                page.element("main", &[("id", "main")], |page| main(page, manual));
            });
            page.element("footer", &[], |page| {
                let edition = &manual.edition;
                page.text(&format!(
                    "{} · {} · {}",
                    manual.title, edition.publisher, edition.version
                ));
            });
        });
    });
    page.into_string()
}

fn head(page: &mut Markup, manual: &Manual) {
    page.empty("meta", &[("charset", "utf-8")]);
    let viewport = "width=device-width, initial-scale=1";
    page.empty("meta", &[("name", "viewport"), ("content", viewport)]);
    page.empty(
        "meta",
        &[("name", "color-scheme"), ("content", "light dark")],
    );
    page.empty(
        "meta",
        &[("name", "description"), ("content", &manual.summary)],
    );
    page.texted("title", &[], &format!("{} – Manual", manual.title));
    page.element("style", &[], |page| page.trusted(STYLE));
}

fn main(page: &mut Markup, manual: &Manual) {
    front::glance(page, manual);
    front::roles(page, manual);
    front::diagram(page, manual);
    front::start(page, manual);
    steps::parts(page, manual);
    steps::results(page, manual);
    if !manual.references.is_empty() {
        section(page, "references", "References", |page| {
            steps::list(page, "references", &manual.references);
        });
    }
    section(page, "notes", "How to read this manual", |page| {
        steps::list(page, "references", &READING_NOTES);
    });
}

/// A section with its heading.
fn section(page: &mut Markup, id: &str, title: &str, inside: impl FnOnce(&mut Markup)) {
    let heading = format!("{id}-heading");
    page.element(
        "section",
        &[("id", id), ("aria-labelledby", &heading)],
        |page| {
            page.texted("h2", &[("id", &heading)], title);
            inside(page);
        },
    );
}
