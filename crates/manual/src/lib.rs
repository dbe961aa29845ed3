//! Manuals: what a process type says, in people's words, as HTML, Markdown and PDF.

pub mod content;
pub mod html;
pub mod markdown;
pub mod names;
pub mod pdf;
pub mod prose;
mod shelf;

pub use content::{Edition, Manual};
pub use html::html;
pub use markdown::markdown;
pub use names::Names;
pub use pdf::{Book, BookPart, Pdf, PdfError, book, pdf};
pub use shelf::{in_order, library_book, library_edition, library_manual};
