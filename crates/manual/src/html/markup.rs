//! Elements and text: the one place that writes angle brackets.

use crate::prose::Prose;

/// HTML in the making, well-formed as XML, too. Texts are escaped, always.
#[derive(Default)]
pub(super) struct Markup {
    out: String,
}

impl Markup {
    /// An element around whatever the closure writes.
    pub(super) fn element(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        inside: impl FnOnce(&mut Self),
    ) {
        self.tag(name, attributes);
        self.out.push('>');
        inside(self);
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push_str(">\n");
    }

    /// An element that holds nothing.
    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes);
        self.out.push_str("/>\n");
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.out.push('<');
        self.out.push_str(name);
        for (attribute, value) in attributes {
            self.out.push(' ');
            self.out.push_str(attribute);
            self.out.push_str("=\"");
            self.text(value);
            self.out.push('"');
        }
    }

    /// An element around a text.
    pub(super) fn texted(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.element(name, attributes, |it| it.text(text));
    }

    /// An element around a sentence.
    pub(super) fn said(&mut self, name: &str, attributes: &[(&str, &str)], prose: &Prose) {
        self.element(name, attributes, |it| it.prose(prose));
    }

    /// Text, escaped for content and for quoted attributes.
    pub(super) fn text(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' => self.out.push_str("&quot;"),
                '\'' => self.out.push_str("&#39;"),
                other => self.out.push(other),
            }
        }
    }

    /// A sentence, its steps as links.
    pub(super) fn prose(&mut self, prose: &Prose) {
        for run in prose.runs() {
            match run.step {
                None => self.text(&run.text),
                Some(number) => {
                    let href = format!("#step-{number}");
                    self.out.push_str("<a href=\"");
                    self.text(&href);
                    self.out.push_str("\">");
                    self.text(&run.text);
                    self.out.push_str("</a>");
                }
            }
        }
    }

    /// What is markup already: the stylesheet, and drawings, whose makers escape.
    pub(super) fn trusted(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    pub(super) fn into_string(self) -> String {
        self.out
    }
}
