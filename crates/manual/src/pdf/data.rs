//! The one file that the template reads.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use crate::content::{Manual, READING_NOTES};

use super::{Book, PdfError, world::is_drawn};

/// Words longer than this may be broken anywhere: no line of a page holds them.
const LONGEST_WORD: usize = 28;
/// What stands for a character that the fonts do not have.
const BOX: char = '□';
/// A place where a line may end.
const BREAK: char = '\u{200b}';
/// The largest file of data for one manual; ten times the longest of the library.
const MAX_BYTES: usize = 2 * 1024 * 1024;

#[derive(Serialize)]
struct Data<'a> {
    title: &'a str,
    publisher: &'a str,
    keywords: Vec<&'a str>,
    footer: String,
    above: String,
    lead: &'a str,
    below: Vec<&'a str>,
    notes: &'a [&'a str],
    kind: Kind,
    parts: Vec<Value>,
    first_page: usize,
    manuals: BTreeMap<&'a str, &'a Manual>,
}

/// What is set.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Manual,
    Chapter,
    /// A book without its chapters.
    Frame,
    /// A frame with a page for each chapter.
    Sketch,
}

/// A manual of a book.
pub(super) struct Chapter<'a> {
    /// What its anchors begin with.
    pub(super) id: String,
    /// The place of its part.
    pub(super) part: usize,
    pub(super) manual: &'a Manual,
}

/// The data of one manual.
pub(super) fn of_manual(manual: &Manual) -> Result<Vec<u8>, PdfError> {
    let edition = &manual.edition;
    let area = manual.area.as_ref().map(|area| format!(" · {area}"));
    let bytes = bytes(&Data {
        title: &manual.title,
        publisher: &edition.publisher,
        keywords: vec![&manual.category],
        footer: format!("{} · {}", edition.publisher, edition.version),
        above: format!("{}{}", manual.category, area.unwrap_or_default()),
        lead: &manual.summary,
        below: vec![&edition.publisher, &edition.version],
        notes: &READING_NOTES,
        kind: Kind::Manual,
        parts: Vec::new(),
        first_page: 1,
        manuals: BTreeMap::from([("m0", manual)]),
    })?;
    if bytes.len() > MAX_BYTES {
        return Err(PdfError::TooLarge);
    }
    Ok(bytes)
}

/// The manuals of a book in order.
pub(super) fn chapters(book: &Book) -> Vec<Chapter<'_>> {
    let parts = book.parts.iter().enumerate();
    let manuals = parts.flat_map(|(part, it)| it.manuals.iter().map(move |manual| (part, manual)));
    let chapters = manuals.enumerate().map(|(place, (part, manual))| Chapter {
        id: format!("m{place:03}"),
        part,
        manual,
    });
    chapters.collect()
}

/// The data of a manual in a book, where it begins on this page.
pub(super) fn of_chapter(
    book: &Book,
    chapter: &Chapter<'_>,
    first_page: usize,
) -> Result<Vec<u8>, PdfError> {
    bytes(&Data {
        first_page,
        manuals: BTreeMap::from([(chapter.id.as_str(), chapter.manual)]),
        ..of_part_of(book, Kind::Chapter)
    })
}

/// The data of a book without its manuals.
pub(super) fn of_frame(book: &Book) -> Result<Vec<u8>, PdfError> {
    bytes(&Data {
        parts: listed(book),
        ..of_part_of(book, Kind::Frame)
    })
}

/// The data of a book with titles alone.
pub(super) fn of_sketch(book: &Book) -> Result<Vec<u8>, PdfError> {
    bytes(&Data {
        parts: listed(book),
        ..of_part_of(book, Kind::Sketch)
    })
}

fn listed(book: &Book) -> Vec<Value> {
    let chapters = chapters(book);
    let parts = book.parts.iter().enumerate().map(|(place, part)| {
        let own = chapters.iter().filter(|it| it.part == place);
        let own: Vec<_> = own.map(|it| (&it.id, &it.manual.title)).collect();
        json!({ "title": part.title, "manuals": own })
    });
    parts.collect()
}

fn of_part_of(book: &Book, kind: Kind) -> Data<'_> {
    Data {
        title: &book.title,
        publisher: &book.edition.publisher,
        keywords: book.parts.iter().map(|part| part.title.as_str()).collect(),
        footer: format!("{} · {}", book.title, book.edition.version),
        above: book.edition.publisher.clone(),
        lead: &book.lead,
        below: vec![&book.edition.version],
        notes: &READING_NOTES,
        kind,
        parts: Vec::new(),
        first_page: 1,
        manuals: BTreeMap::new(),
    }
}

fn bytes(data: &Data<'_>) -> Result<Vec<u8>, PdfError> {
    let value = serde_json::to_value(data).map_err(|err| PdfError::Template(err.to_string()))?;
    serde_json::to_vec(&settable(value)).map_err(|err| PdfError::Template(err.to_string()))
}

/// As it can be set: with characters that the fonts have, and, but for drawings, with places to break in overlong words.
fn settable(value: Value) -> Value {
    with_texts(value, &|text| broken(&drawable(text)))
}

fn with_texts(value: Value, change: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(change(&text)),
        Value::Array(items) => {
            let items = items.into_iter().map(|item| with_texts(item, change));
            Value::Array(items.collect())
        }
        Value::Object(members) => {
            let members = members.into_iter().map(|(key, value)| {
                let value = if key == "pages" {
                    with_texts(value, &drawable)
                } else {
                    with_texts(value, change)
                };
                (key, value)
            });
            Value::Object(members.collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value,
    }
}

/// With a box for each character that the fonts do not have: a page that machines can read, too (PDF/UA), has no glyph that
/// stands for nothing.
fn drawable(text: &str) -> String {
    let characters = text.chars().filter(|it| !is_unseen(*it));
    characters
        .map(|it| match it {
            it if is_drawn(it) => it,
            it if it.is_whitespace() => ' ',
            _ => BOX,
        })
        .collect()
}

/// Whether a character only says how its neighbours are drawn, which the fonts do not follow.
const fn is_unseen(character: char) -> bool {
    matches!(
        character,
        '\u{200c}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

fn broken(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut length = 0;
    for character in text.chars() {
        length = if character.is_whitespace() {
            0
        } else {
            length + 1
        };
        if length > LONGEST_WORD {
            out.push(BREAK);
            length = 1;
        }
        out.push(character);
    }
    out
}
