//! How a book looks: what stands on which page.

use std::collections::BTreeSet;

use typst::layout::{Abs, Frame, FrameItem, Transform};

use super::*;
use crate::{BookPart, Names, library_edition, library_manual};

/// Pages with fewer lines look as if something had gone wrong.
const FEWEST_LINES: usize = 8;

/// A line of text, in points from the top, and its letters.
type Lines = BTreeSet<(i64, String)>;

/// What stands on a page: its texts, and whether it has a drawing.
fn printed(frame: &Frame, origin: Transform, lines: &mut Lines) -> bool {
    let mut is_drawn = false;
    for (at, item) in frame.items() {
        let here = origin.pre_concat(Transform::translate(at.x, at.y));
        match item {
            FrameItem::Group(group) => {
                is_drawn |= printed(&group.frame, here.pre_concat(group.transform), lines);
            }
            FrameItem::Text(text) => {
                lines.insert((rounded(here.ty), text.text.to_string()));
            }
            FrameItem::Image(..) => is_drawn = true,
            FrameItem::Shape(..) | FrameItem::Link(..) | FrameItem::Tag(..) => {}
        }
    }
    is_drawn
}

#[expect(clippy::cast_possible_truncation, reason = "a page is no longer")]
fn rounded(length: Abs) -> i64 {
    length.to_pt().round() as i64
}

fn book_of(manuals: Vec<Manual>) -> Book {
    Book {
        title: "Workflow Library".to_owned(),
        lead: "All of them.".to_owned(),
        edition: library_edition(),
        parts: vec![BookPart {
            title: "Part".to_owned(),
            manuals,
        }],
    }
}

fn manual(slug: &str) -> Manual {
    library_manual(library::find(slug).unwrap(), &Names::of_library()).unwrap()
}

/// Manuals of which a few lines at the end, or before the diagram, would begin a page.
#[test]
fn no_page_of_a_chapter_holds_a_few_lines_alone_and_each_has_its_head() {
    for slug in [
        "account-liquidation",
        "money-movement-out",
        "event-planning",
    ] {
        let book = book_of(vec![manual(slug)]);
        let chapter = &data::chapters(&book)[0];
        let (document, warnings) = set(&book, chapter, 1).unwrap();
        assert_eq!(warnings.len(), 0);
        let title = &chapter.manual.title;
        for (number, page) in document.pages().iter().enumerate() {
            let mut lines = Lines::new();
            let is_drawn = printed(&page.frame, Transform::identity(), &mut lines);
            let (inch, height) = (72, rounded(page.frame.height()));
            let heads: Vec<&str> = lines
                .iter()
                .filter(|(y, _)| *y < inch)
                .map(|(_, text)| text.as_str())
                .collect();
            assert!(
                heads.contains(&title.as_str()),
                "{slug}, page {}: {heads:?}",
                number + 1
            );
            let body = lines
                .iter()
                .filter(|(y, _)| (inch..height - inch).contains(y));
            let body: BTreeSet<i64> = body.map(|(y, _)| *y).collect();
            assert!(
                is_drawn || body.len() >= FEWEST_LINES,
                "{slug}, page {}: {lines:?}",
                number + 1
            );
        }
    }
}

/// Cover, contents, how to read the book.
#[test]
fn the_contents_of_the_library_take_one_page() {
    let stub = manual("trade-requests");
    let categories = library::categories().iter();
    let mut book = book_of(Vec::new());
    book.parts = categories
        .map(|category| {
            let workflows = library::workflows().iter();
            let own = workflows.filter(|it| it.document.category == category.key);
            let manuals = own.map(|workflow| Manual {
                title: workflow.document.name.clone(),
                ..stub.clone()
            });
            BookPart {
                title: category.name.clone(),
                manuals: manuals.collect(),
            }
        })
        .collect();
    let desk = Desk::new(data::of_sketch(&book).unwrap()).unwrap();
    let (sketch, _) = Job::new(&desk).unwrap().set(None, layout_document).unwrap();
    assert_eq!(sizes(&sketch)[0], 3);
}
