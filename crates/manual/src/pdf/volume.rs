//! A book. Its manuals are set as documents of their own, and what was worked out for them is forgotten soon: kept for all of them, it
//! would be several times as large as their pages.

use std::{iter, thread};

use typst::{
    diag::{SourceDiagnostic, SourceResult},
    ecow::EcoVec,
    engine::Engine,
    foundations::{Content, NativeElement, StyleChain},
    introspection::{Introspector, Location, Locator},
    model::{Document, HeadingElem},
    utils::hash128,
};
use typst_layout::{Page, PagedDocument, layout_document, layout_document_for_bundle};

use super::{
    Book, PdfError,
    data::{self, Chapter},
    setting::Job,
    world::Desk,
};
use crate::content::Manual;

/// How many manuals are prepared at the same time, while as many before them are set.
const AT_ONCE: usize = 3;
/// For how many such turns what was worked out is kept: it is used in the turn after the one in which it was prepared.
const KEPT_FOR: usize = 1;

/// The pages of a book, and what the typesetter was not sure about.
pub(super) type Volume = (PagedDocument, Vec<SourceDiagnostic>);

/// Sets a book. It tells of each manual that is set.
pub(super) fn volume(
    book: &Book,
    told: &mut dyn FnMut(usize, &Manual),
) -> Result<Volume, PdfError> {
    // On which page the first manual begins depends on how long the contents are, though not on the numbers in them.
    let desk = Desk::new(data::of_sketch(book)?)?;
    let (sketch, _) = Job::new(&desk)?.set(None, layout_document)?;
    let mut planned = sizes(&sketch);
    let stubs = book.parts.iter().map(|part| part.manuals.len());
    for (size, stubs) in planned.iter_mut().skip(1).zip(stubs) {
        *size = size.saturating_sub(stubs);
    }
    let chapters = data::chapters(book);
    let mut pages = Vec::new();
    let mut warnings = Vec::new();
    let turns: Vec<&[Chapter<'_>]> = chapters.chunks(AT_ONCE).collect();
    prepare(book, turns.first().copied().unwrap_or_default());
    for (turn, some) in turns.iter().enumerate() {
        let next = turns.get(turn + 1).copied().unwrap_or_default();
        thread::scope(|scope| {
            scope.spawn(|| prepare(book, next));
            for chapter in *some {
                let before: usize = planned.iter().take(chapter.part + 2).sum();
                let (document, unsure) = set(book, chapter, before + 1)?;
                warnings.extend(unsure);
                pages.push(document.pages().iter().cloned().collect());
                if let Some(size) = planned.get_mut(chapter.part + 1) {
                    *size += document.pages().len();
                }
                told(pages.len(), chapter.manual);
            }
            Ok::<_, PdfError>(())
        })?;
        typst::comemo::evict(KEPT_FOR);
    }
    let desk = Desk::new(data::of_frame(book)?)?;
    let volume = Job::new(&desk)?.set(Some(sketch), |engine, content, styles| {
        let frame = layout_document(engine, content, styles)?;
        Ok(bound(book, &frame, &pages))
    });
    let (document, unsure) = volume?;
    warnings.extend(unsure);
    if sizes(&document) != planned {
        let reason = "its contents are not as long as they were to be";
        return Err(PdfError::Template(reason.to_owned()));
    }
    Ok((document, warnings))
}

/// Does most of the work for manuals on all cores. On which page each begins is known only when those before it are set.
fn prepare(book: &Book, chapters: &[Chapter<'_>]) {
    thread::scope(|scope| {
        for chapter in chapters {
            scope.spawn(|| {
                let desk = data::of_chapter(book, chapter, 1).and_then(Desk::new);
                if let Ok(desk) = desk
                    && let Ok(job) = Job::new(&desk)
                {
                    job.prepare(in_its_place(chapter));
                }
            });
        }
    });
}

fn set(book: &Book, chapter: &Chapter<'_>, first_page: usize) -> Result<Volume, PdfError> {
    let desk = Desk::new(data::of_chapter(book, chapter, first_page)?)?;
    let (document, unsure) = Job::new(&desk)?.set(None, in_its_place(chapter))?;
    Ok((document, unsure.to_vec()))
}

/// No element of a manual may have the location of an element of another: links and the structure for readers go by it.
fn in_its_place(
    chapter: &Chapter<'_>,
) -> impl Fn(&mut Engine, &Content, StyleChain) -> SourceResult<PagedDocument> {
    let place = Location::new(hash128(&chapter.id));
    move |engine, content, styles| {
        layout_document_for_bundle(engine, content, Locator::synthesize(place), styles)
    }
}

/// The frame's pages with those of the manuals between them.
fn bound(book: &Book, frame: &PagedDocument, manuals: &[EcoVec<Page>]) -> PagedDocument {
    let mut own = frame.pages().iter();
    let mut manuals = manuals.iter();
    let mut pages = EcoVec::new();
    let held = book.parts.iter().map(|part| part.manuals.len());
    for (size, held) in sizes(frame).into_iter().zip(iter::once(0).chain(held)) {
        pages.extend(own.by_ref().take(size).cloned());
        pages.extend(manuals.by_ref().take(held).flatten().cloned());
    }
    PagedDocument::new(pages, frame.info().clone())
}

/// How many pages come before the first part, and how many each part has.
fn sizes(document: &PagedDocument) -> Vec<usize> {
    let introspector = document.introspector().as_ref();
    let headings = Introspector::query(introspector, &HeadingElem::ELEM.select());
    let starts = headings.iter().filter_map(|heading| {
        let it = heading.to_packed::<HeadingElem>()?;
        let plain = StyleChain::default();
        let opens = it.resolve_level(plain).get() == 1 && it.outlined.get(plain);
        let at = introspector.position(heading.location()?)?;
        opens.then(|| at.page.get() - 1)
    });
    let all = document.pages().len();
    let bounds: Vec<usize> = iter::once(0).chain(starts).chain([all]).collect();
    let pairs = bounds.iter().zip(bounds.iter().skip(1));
    pairs.map(|(from, to)| to - from).collect()
}

#[cfg(test)]
mod tests;
