//! Sentences that may point to steps: plain text and references, never markup.

use std::ops::Add;

use serde::Serialize;

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Run {
    /// What is read.
    pub text: String,
    /// The number of the step that it points to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<usize>,
}

/// A sentence, or part of one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Prose(Vec<Run>);

impl Prose {
    /// A reference to a step: its number with the word before it.
    #[must_use]
    pub fn step(number: usize) -> Self {
        Self::reference(format!("step {number}"), number)
    }

    /// References to steps: "step 3", or "steps 3, 4 and 5".
    #[must_use]
    pub fn steps(numbers: &[usize]) -> Self {
        match numbers {
            [one] => Self::step(*one),
            _ => Self::from("steps ") + Self::numbers(numbers, "and"),
        }
    }

    /// The numbers alone: "3, 4 and 5".
    #[must_use]
    pub fn numbers(numbers: &[usize], word: &str) -> Self {
        let references = numbers
            .iter()
            .map(|number| Self::reference(number.to_string(), *number));
        series(references, word)
    }

    fn reference(text: String, step: usize) -> Self {
        // No step has the number 0: what a definition names and does not have is no reference.
        let step = Some(step).filter(|step| *step > 0);
        Self(vec![Run { text, step }])
    }

    /// Its pieces.
    #[must_use]
    pub fn runs(&self) -> &[Run] {
        &self.0
    }

    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|run| run.text.is_empty())
    }

    /// It as plain text.
    #[must_use]
    pub fn plain(&self) -> String {
        self.0.iter().map(|run| run.text.as_str()).collect()
    }

    /// With a capital letter at its beginning.
    #[must_use]
    pub fn capitalised(mut self) -> Self {
        if let Some(first) = self.0.iter_mut().find(|run| !run.text.is_empty()) {
            first.text = capitalised(&first.text);
        }
        self
    }

    /// With a capital letter at its beginning and a full stop at its end.
    #[must_use]
    pub fn sentence(self) -> Self {
        let closed = self
            .plain()
            .trim_end_matches('”')
            .ends_with(['.', '!', '?']);
        let whole = self.capitalised();
        if closed { whole } else { whole + "." }
    }
}

impl From<&str> for Prose {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<String> for Prose {
    fn from(text: String) -> Self {
        Self(vec![Run { text, step: None }])
    }
}

impl Add<&str> for Prose {
    type Output = Self;

    fn add(mut self, text: &str) -> Self {
        match self.0.last_mut() {
            Some(last) if last.step.is_none() => last.text.push_str(text),
            _ => self.0.push(Run {
                text: text.to_owned(),
                step: None,
            }),
        }
        self
    }
}

impl Add<Self> for Prose {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        other.0.into_iter().fold(self, |mut whole, run| {
            if run.step.is_none() {
                whole + run.text.as_str()
            } else {
                whole.0.push(run);
                whole
            }
        })
    }
}

/// Things one after the other: "a", "a and b", "a, b and c".
#[must_use]
pub fn series<T: Into<Prose>>(items: impl IntoIterator<Item = T>, word: &str) -> Prose {
    let mut items: Vec<Prose> = items.into_iter().map(Into::into).collect();
    let last = items.pop();
    let Some(first) = items.into_iter().reduce(|whole, item| whole + ", " + item) else {
        return last.unwrap_or_default();
    };
    match last {
        Some(last) => first + " " + word + " " + last,
        None => first,
    }
}

/// A text between quotation marks.
#[must_use]
pub fn quoted(text: &str) -> String {
    format!("“{text}”")
}

/// A text with a capital letter at its beginning.
#[must_use]
pub fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

/// A key as people would write it, for what has no name: `lead_advisor` is "lead advisor".
#[must_use]
pub fn spelled(key: &str) -> String {
    key.replace('_', " ")
}
