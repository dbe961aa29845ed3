//! Reads a text into literal parts and places to fill in, with all its faults.

use super::{Filter, Style, TextFault, filter};

/// A stretch of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// Stands as it is.
    Literal(&'a str),
    /// Is filled in.
    Value {
        name: &'a str,
        /// Characters before the name.
        offset: usize,
        filters: Vec<Filter<'a>>,
    },
}

/// What a text consists of.
#[derive(Debug)]
pub(super) struct Scan<'a> {
    pub(super) parts: Vec<Part<'a>>,
    pub(super) faults: Vec<TextFault>,
}

/// Marks that mean something elsewhere and would stand in the text unnoticed.
const REFUSED: [(&str, &str); 3] = [
    (
        "{%",
        "Blocks (`{%`) do not exist here: only `{{ name | filter }}` does.",
    ),
    (
        "{#",
        "Comments (`{#`) do not exist here: only `{{ name | filter }}` does.",
    ),
    ("}}", "This `}}` closes nothing: put `{{` before the name."),
];

pub(super) fn scan(text: &str) -> Scan<'_> {
    let mut reader = Reader {
        rest: text,
        read: 0,
        scan: Scan {
            parts: Vec::new(),
            faults: Vec::new(),
        },
    };
    while !reader.rest.is_empty() {
        reader.literal();
        reader.value();
    }
    reader.scan
}

struct Reader<'a> {
    rest: &'a str,
    /// Characters before `rest`.
    read: usize,
    scan: Scan<'a>,
}

impl<'a> Reader<'a> {
    /// Everything up to the next `{{`.
    fn literal(&mut self) {
        let end = self.rest.find("{{").unwrap_or(self.rest.len());
        let start = self.read;
        let literal = self.take(end);
        if literal.is_empty() {
            return;
        }
        self.scan.parts.push(Part::Literal(literal));
        let mut clear_from = 0;
        for (offset, (at, _)) in literal.char_indices().enumerate() {
            let refused = REFUSED
                .iter()
                .find(|(mark, _)| literal[at..].starts_with(mark));
            if let Some((mark, detail)) = refused.filter(|_| at >= clear_from) {
                self.fault_at(start + offset, detail);
                clear_from = at + mark.len();
            }
        }
    }

    /// One `{{ name | filter | filter('text') }}`.
    fn value(&mut self) {
        let opened = self.read;
        if !self.skip("{{") {
            return;
        }
        self.blanks();
        let offset = self.read;
        let name = self.path();
        let mut filters = Vec::new();
        let well_formed = if name.is_empty() {
            self.fault("A name belongs here, as in `{{ entity.name }}`.".to_owned());
            false
        } else {
            self.filters(&mut filters)
        };
        if !name.is_empty() {
            self.scan.parts.push(Part::Value {
                name,
                offset,
                filters,
            });
        }
        if well_formed && self.skip("}}") {
            return;
        }
        let Some(end) = self.rest.find("}}") else {
            self.fault_at(opened, "This `{{` is never closed: put `}}` behind it.");
            self.take(self.rest.len());
            return;
        };
        if well_formed {
            self.fault("Only `|` and a filter, or `}}`, can follow here.".to_owned());
        }
        self.take(end);
        self.skip("}}");
    }

    /// All filters of a value; false if what follows cannot be read.
    fn filters(&mut self, filters: &mut Vec<Filter<'a>>) -> bool {
        loop {
            self.blanks();
            if !self.skip("|") {
                return true;
            }
            self.blanks();
            let offset = self.read;
            let name = self.word();
            if name.is_empty() {
                self.fault(format!("A filter belongs here: {}.", filter::NAMES));
                return false;
            }
            let Ok(argument) = self.argument() else {
                return false;
            };
            let known = match (name, Style::named(name), argument) {
                ("default", _, Some(text)) => Ok(Filter::Default(text)),
                ("default", _, None) => {
                    Err("`default` needs its text, as in `default('none')`.".to_owned())
                }
                (_, Some(style), None) => Ok(Filter::Style(style)),
                (_, Some(_), Some(_)) => Err(format!("`{name}` takes nothing in brackets.")),
                (_, None, _) => Err(format!(
                    "There is no filter `{name}`; there are {}.",
                    filter::NAMES
                )),
            };
            match known {
                Ok(filter) => filters.push(filter),
                Err(detail) => self.fault_at(offset, &detail),
            }
        }
    }

    /// `('text')`, if it follows.
    fn argument(&mut self) -> Result<Option<&'a str>, Unreadable> {
        self.blanks();
        if !self.skip("(") {
            return Ok(None);
        }
        self.blanks();
        let Some(quote @ ('\'' | '"')) = self.rest.chars().next() else {
            self.fault("A text in quotes belongs here, as in `default('none')`.".to_owned());
            return Err(Unreadable);
        };
        let opened = self.read;
        self.take(1);
        let Some(end) = self.rest.find(quote) else {
            self.fault_at(opened, "This quote is never closed.");
            return Err(Unreadable);
        };
        let text = self.take(end);
        self.take(1);
        self.blanks();
        if self.skip(")") {
            Ok(Some(text))
        } else {
            self.fault("A `)` belongs here.".to_owned());
            Err(Unreadable)
        }
    }

    /// Words with dots between them; empty if there is none.
    fn path(&mut self) -> &'a str {
        let start = self.rest;
        let mut length = self.word().len();
        while length > 0 && self.rest.starts_with('.') {
            let before = (self.rest, self.read);
            self.take(1);
            let word = self.word().len();
            if word == 0 {
                (self.rest, self.read) = before;
                break;
            }
            length += 1 + word;
        }
        &start[..length]
    }

    /// Letters, digits and underscores, the first no digit; empty if there is none.
    fn word(&mut self) -> &'a str {
        if self.rest.starts_with(|first: char| first.is_ascii_digit()) {
            return "";
        }
        let end = self
            .rest
            .find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
            .unwrap_or(self.rest.len());
        self.take(end)
    }

    fn blanks(&mut self) {
        let end = self.rest.len() - self.rest.trim_start().len();
        self.take(end);
    }

    fn skip(&mut self, mark: &str) -> bool {
        let found = self.rest.starts_with(mark);
        if found {
            self.take(mark.len());
        }
        found
    }

    /// So many bytes, which end where a character ends.
    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.read += taken.chars().count();
        self.rest = rest;
        taken
    }

    fn fault(&mut self, detail: String) {
        self.scan.faults.push(TextFault {
            offset: self.read,
            detail,
        });
    }

    fn fault_at(&mut self, offset: usize, detail: &str) {
        self.scan.faults.push(TextFault {
            offset,
            detail: detail.to_owned(),
        });
    }
}

/// What follows could not be read; the fault is noted.
struct Unreadable;
