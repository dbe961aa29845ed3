//! Diagrams: laid out once for each version and kept; drawn beside the requests, few at a time, so that they hold nothing up.

use std::{sync::Arc, time::Duration};

use actix_web::web::Bytes;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use diagram::{Diagram, Names, Progress, Theme};
use domain::{
    ids::{FirmId, ProcessTypeId},
    process_type::Definition,
};
use moka::sync::Cache;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use crate::{http::problem::Problem, turns::Turns};

/// How much is kept: layouts by number, drawings by their bytes.
const LAYOUTS: u64 = 128;
const BYTES: u64 = 32 << 20;

/// The language of a diagram.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// A picture.
    #[default]
    Svg,
    /// Mermaid text.
    Mermaid,
    /// BPMN 2.0 XML with its layout, as documentation.
    Bpmn,
}

impl Format {
    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml",
            Self::Mermaid => "text/vnd.mermaid",
            Self::Bpmn => "application/bpmn+xml",
        }
    }
}

/// Colours of a picture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ThemeName {
    /// Dark on white.
    #[default]
    Light,
    /// Light on dark.
    Dark,
}

/// How a picture is laid out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LayoutName {
    /// From left to right, a lane for each role, with every gateway.
    #[default]
    Lanes,
    /// From top to bottom, for paper.
    Portrait,
}

/// The form in which a diagram is wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Form {
    /// The language.
    pub format: Format,
    /// Colours, of a picture.
    pub theme: ThemeName,
    /// Layout, of a picture.
    pub layout: LayoutName,
}

impl Form {
    fn draw(self, diagram: &Diagram, progress: Option<&Progress>) -> String {
        let theme = match self.theme {
            ThemeName::Light => Theme::Light,
            ThemeName::Dark => Theme::Dark,
        };
        match (self.format, self.layout) {
            (Format::Svg, LayoutName::Lanes) => diagram.svg(theme, progress),
            (Format::Svg, LayoutName::Portrait) => diagram.portrait_svg(theme, progress),
            (Format::Mermaid, LayoutName::Lanes | LayoutName::Portrait) => {
                diagram.mermaid(progress)
            }
            (Format::Bpmn, LayoutName::Lanes | LayoutName::Portrait) => diagram.bpmn(),
        }
    }
}

/// What a diagram is of: the same key, the same picture.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A workflow of the library.
    Library(&'static str),
    /// A version of a firm's process type.
    Version {
        /// Whose.
        firm: FirmId,
        /// Of which type.
        process_type: ProcessTypeId,
        /// Which one.
        number: i32,
        /// Of a draft, how often it was changed; 0 once it is published.
        revision: i64,
        /// How often the firm's set-up was changed: roles may be called differently now.
        catalog: i64,
        /// Names of the people that it names.
        people: Vec<String>,
    },
}

/// All that a diagram is made from.
#[derive(Debug, Clone)]
pub struct Source {
    /// What it is of.
    pub subject: Subject,
    /// What that says.
    pub definition: Arc<Definition>,
    /// What it calls those whom it names.
    pub names: Names,
}

/// A diagram in one form.
#[derive(Debug, Clone)]
pub struct Drawing {
    /// Its text.
    pub body: Bytes,
    /// A digest of the text.
    pub digest: String,
}

impl Drawing {
    fn new(text: String) -> Self {
        let digest = URL_SAFE_NO_PAD.encode(Sha256::digest(&text));
        let body = Bytes::from(text);
        Self { body, digest }
    }
}

/// Everything that is kept, and the turns at drawing.
#[derive(Debug, Clone)]
pub struct Diagrams {
    layouts: Cache<Subject, Arc<Diagram>>,
    drawings: Cache<(Subject, Form), Drawing>,
    turns: Turns,
}

impl Diagrams {
    /// Nothing is kept yet; what is drawn waits for its turn among these.
    #[must_use]
    pub fn new(turns: Turns) -> Self {
        let idle = Duration::from_hours(1);
        let size = |_: &(Subject, Form), drawing: &Drawing| {
            u32::try_from(drawing.body.len()).unwrap_or(u32::MAX)
        };
        Self {
            layouts: Cache::builder()
                .max_capacity(LAYOUTS)
                .time_to_idle(idle)
                .build(),
            drawings: Cache::builder()
                .weigher(size)
                .max_capacity(BYTES)
                .time_to_idle(idle)
                .build(),
            turns,
        }
    }

    /// The diagram, drawn now or before; of a run, as far as it has come now.
    pub async fn draw(
        &self,
        source: Source,
        form: Form,
        progress: Option<Progress>,
    ) -> Result<Drawing, Problem> {
        // How far a run has come is true for a moment, and everybody sees their part of it: it is not kept.
        let key = progress.is_none().then(|| (source.subject.clone(), form));
        if let Some(drawing) = key.as_ref().and_then(|key| self.drawings.get(key)) {
            return Ok(drawing);
        }
        let diagrams = self.clone();
        self.turns
            .take(move || {
                let diagram = diagrams.laid_out(source)?;
                let drawing = Drawing::new(form.draw(&diagram, progress.as_ref()));
                if let Some(key) = key {
                    diagrams.drawings.insert(key, drawing.clone());
                }
                Ok(drawing)
            })
            .await
    }

    fn laid_out(&self, source: Source) -> Result<Arc<Diagram>, Problem> {
        if let Some(diagram) = self.layouts.get(&source.subject) {
            return Ok(diagram);
        }
        let diagram = Diagram::of(&source.definition, &source.names);
        let diagram = diagram
            .map(Arc::new)
            .map_err(|large| Problem::conflict(format!("It cannot be drawn: {large}.")))?;
        self.layouts.insert(source.subject, Arc::clone(&diagram));
        Ok(diagram)
    }
}
