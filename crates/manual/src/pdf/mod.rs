//! Manuals as PDF, set in process by typst. A rendering is a long computation that cannot be stopped: run it where that does no harm.

mod data;
mod setting;
mod volume;
mod world;

use typst::{diag::SourceDiagnostic, foundations::Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::content::{Edition, Manual};
use world::Desk;

/// How many renderings what was worked out for a manual is kept for.
const KEPT_FOR: usize = 2;

/// Many manuals in one volume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// What stands on its cover.
    pub title: String,
    /// What it is for.
    pub lead: String,
    /// Which book it is.
    pub edition: Edition,
    /// Its parts in order.
    pub parts: Vec<BookPart>,
}

/// Manuals under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookPart {
    /// The heading.
    pub title: String,
    /// The manuals in order.
    pub manuals: Vec<Manual>,
}

/// What was set.
#[derive(Debug, Clone)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// What the typesetter was not sure about; nothing, as the tests see to it.
    pub warnings: Vec<String>,
}

/// Why a manual could not be set.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// It is longer than any manual that people could use.
    #[error("the process type is too long for a manual on paper")]
    TooLarge,
    /// A fault of ours.
    #[error("the manual could not be set: {0}")]
    Template(String),
}

/// One manual.
pub fn pdf(manual: &Manual) -> Result<Pdf, PdfError> {
    let desk = Desk::new(data::of_manual(manual)?)?;
    let compiled = typst::compile::<PagedDocument>(&desk);
    let document = compiled.output.map_err(|faults| failure(&faults))?;
    let pdf = exported(&document, &compiled.warnings);
    // Otherwise what was worked out for every manual would stay in memory.
    typst::comemo::evict(KEPT_FOR);
    pdf
}

/// A book of manuals. It tells of each manual that is set: its place, and which it is.
pub fn book(book: &Book, told: &mut dyn FnMut(usize, &Manual)) -> Result<Pdf, PdfError> {
    let volume = volume::volume(book, told);
    // Pages are left; nothing of what led to them is of use any more.
    typst::comemo::evict(0);
    let (document, warnings) = volume?;
    exported(&document, &warnings)
}

fn exported(document: &PagedDocument, warnings: &[SourceDiagnostic]) -> Result<Pdf, PdfError> {
    let standards = PdfStandards::new(&[PdfStandard::Ua_1]);
    let options = PdfOptions {
        ident: Smart::Auto,
        standards: standards.map_err(|err| PdfError::Template(format!("{err:?}")))?,
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(document, &options).map_err(|faults| failure(&faults));
    Ok(Pdf {
        bytes: bytes?,
        pages: document.pages().len(),
        warnings: warnings.iter().map(said).collect(),
    })
}

fn failure(faults: &[SourceDiagnostic]) -> PdfError {
    let faults: Vec<String> = faults.iter().map(said).collect();
    PdfError::Template(faults.join("; "))
}

fn said(diagnostic: &SourceDiagnostic) -> String {
    let hints: Vec<&str> = diagnostic
        .hints
        .iter()
        .map(|hint| hint.v.as_str())
        .collect();
    format!("{} {}", diagnostic.message, hints.join(" "))
        .trim()
        .to_owned()
}
