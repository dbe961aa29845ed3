//! The parts of a manual, the same for every format.

use serde::Serialize;

use crate::prose::Prose;

/// Which manual it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Edition {
    /// Whose it is: the firm's name, or the library's.
    pub publisher: String,
    /// Which one, such as "Version 3".
    pub version: String,
}

/// A manual.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Manual {
    /// Name of the process type.
    pub title: String,
    /// Name of its category.
    pub category: String,
    /// Sub-area of the category.
    pub area: Option<String>,
    /// Which manual it is.
    pub edition: Edition,
    /// What the process is for.
    pub summary: String,
    /// The process in a few lines.
    pub glance: Vec<Fact>,
    /// The process as a picture.
    pub diagram: Option<Diagram>,
    /// Who owns and who may execute what.
    pub roles: Vec<RoleRow>,
    /// What nobody may do in one person.
    pub separation: Vec<Prose>,
    /// What is asked for at the start.
    pub start_form: Vec<FieldLine>,
    /// What a firm can set.
    pub settings: Vec<Setting>,
    /// The steps under their headings.
    pub parts: Vec<Part>,
    /// How it may end.
    pub results: Vec<Card>,
    /// Rules and sources.
    pub references: Vec<String>,
}

impl Manual {
    /// Every step, in the order of its number.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.parts.iter().flat_map(|part| &part.steps)
    }
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagram {
    /// The drawing (SVG); whoever drew it has escaped what comes from outside.
    #[serde(skip)]
    pub svg: String,
    /// The same for paper, cut to the size of pages.
    pub pages: Vec<String>,
    /// What it shows, for those who cannot see it.
    pub alt: String,
}

/// Something said under a short label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// Such as "Due".
    pub label: &'static str,
    /// One or more statements.
    pub lines: Vec<Prose>,
}

impl Fact {
    pub(super) fn new(label: &'static str, line: impl Into<Prose>) -> Self {
        let lines = vec![line.into()];
        Self { label, lines }
    }
}

/// What a role, or a person known from the process, does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoleRow {
    /// Who.
    pub who: Holder,
    /// Steps that they own.
    pub owns: Prose,
    /// Steps that they may execute besides.
    pub may: Prose,
}

/// Who is spoken of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Holder {
    /// The name.
    pub name: String,
    /// Where the role is held; empty for who is no role.
    pub held: String,
}

/// A parameter of the process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Setting {
    /// What it is called.
    pub name: String,
    /// What it holds.
    pub kind: String,
    /// What the firm has set, where that is something else than the default.
    pub own: Option<String>,
    /// What it is unless the firm sets something else.
    pub default: String,
}

impl Setting {
    /// What the firm has set, else the default.
    #[must_use]
    pub fn in_force(&self) -> &str {
        self.own.as_deref().unwrap_or(&self.default)
    }
}

/// Steps under a heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// The heading; none where the process has no stages.
    pub title: Option<String>,
    /// The steps.
    pub steps: Vec<Step>,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Counted from 1 through the manual.
    pub number: usize,
    /// What it is called.
    pub title: String,
    /// What kind of work it is, how urgent.
    pub tags: Vec<Tag>,
    /// More about it, a paragraph each.
    pub description: Vec<String>,
    /// When it opens, who does it, when it is due …
    pub facts: Vec<Fact>,
    /// What is ticked off.
    pub checklist: Vec<Check>,
    /// What is filled in.
    pub form: Vec<FieldLine>,
    /// How it may be completed.
    pub outcomes: Vec<OutcomeLine>,
    /// What completing it brings about.
    pub effects: Vec<Prose>,
    /// Rules that it answers to.
    pub references: Vec<String>,
}

/// A word that stands out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tag {
    /// The word.
    pub text: &'static str,
    /// Its colour.
    pub tone: Tone,
}

/// What a tag is coloured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Plain work.
    Work,
    /// Somebody says yes or no, or chooses.
    Judgement,
    /// Somebody else acts.
    Waiting,
    /// Other work is started.
    Process,
    /// It presses.
    Urgent,
}

impl Tone {
    /// Its public name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Work => "work",
            Self::Judgement => "judgement",
            Self::Waiting => "waiting",
            Self::Process => "process",
            Self::Urgent => "urgent",
        }
    }
}

/// An item of a checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What is to be done.
    pub text: String,
    /// Whether completing needs it.
    pub required: bool,
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldLine {
    /// What people see.
    pub label: String,
    /// What goes in, in people's words.
    pub kind: String,
    /// Whether completing needs it.
    pub required: bool,
    /// When it is asked, what it is kept as.
    pub notes: Vec<Prose>,
}

/// A way to complete a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutcomeLine {
    /// What people see.
    pub label: String,
    /// What it leads to.
    pub leads: Vec<Prose>,
}

/// A result of the process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Card {
    /// What people see.
    pub label: String,
    /// How it comes about.
    pub reached: Vec<Prose>,
    /// What it brings about.
    pub effects: Vec<Prose>,
}
