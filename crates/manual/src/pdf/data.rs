//! The one file that the template reads.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use crate::content::{Manual, READING_NOTES};

use super::{Book, PdfError};

/// Words longer than this may be broken anywhere: no line of a page holds them.
const LONGEST_WORD: usize = 28;
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
    book: Option<Vec<Value>>,
    manuals: BTreeMap<String, &'a Manual>,
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
        book: None,
        manuals: BTreeMap::from([("m0".to_owned(), manual)]),
    })?;
    if bytes.len() > MAX_BYTES {
        return Err(PdfError::TooLarge);
    }
    Ok(bytes)
}

/// The data of a book.
pub(super) fn of_book(book: &Book) -> Result<Vec<u8>, PdfError> {
    let mut manuals = BTreeMap::new();
    let mut parts = Vec::new();
    for part in &book.parts {
        let mut listed = Vec::new();
        for manual in &part.manuals {
            let id = format!("m{:03}", manuals.len());
            listed.push((id.clone(), manual.title.clone()));
            manuals.insert(id, manual);
        }
        parts.push(json!({ "title": part.title, "manuals": listed }));
    }
    bytes(&Data {
        title: &book.title,
        publisher: &book.edition.publisher,
        keywords: book.parts.iter().map(|part| part.title.as_str()).collect(),
        footer: format!("{} · {}", book.title, book.edition.version),
        above: book.edition.publisher.clone(),
        lead: &book.lead,
        below: vec![&book.edition.version],
        notes: &READING_NOTES,
        book: Some(parts),
        manuals,
    })
}

fn bytes(data: &Data<'_>) -> Result<Vec<u8>, PdfError> {
    let value = serde_json::to_value(data).map_err(|err| PdfError::Template(err.to_string()))?;
    serde_json::to_vec(&breakable(value)).map_err(|err| PdfError::Template(err.to_string()))
}

/// With places to break in overlong words; drawings are left as they are.
fn breakable(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(broken(&text)),
        Value::Array(items) => Value::Array(items.into_iter().map(breakable).collect()),
        Value::Object(members) => {
            let members = members.into_iter().map(|(key, value)| {
                let value = if key == "pages" {
                    value
                } else {
                    breakable(value)
                };
                (key, value)
            });
            Value::Object(members.collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value,
    }
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
