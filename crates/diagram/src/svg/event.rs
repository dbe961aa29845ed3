//! Pills: the start, ends, and results that are set on the way.

use super::{
    pen::{Anchor, Pen, Type},
    sign,
    theme::Palette,
};
use crate::{
    event::{LEADING, SIGN, TEXT, lines},
    fonts::Weight,
    graph::{Node, NodeKind},
    layout::{Point, Rect},
    reached::Mark,
    xml::escape,
};

const TRIANGLE: &str = "M-4 -6L6 0L-4 6Z";
const SQUARE: &str = "M-5 -5h10v10h-10Z";
const DISC: &str = "M-6.5 0a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0 -13 0";
const FLAG: &str = "M-5 7V-7H7L4 -3L7 1H-3V7Z";

/// A pill with its sign and its name; in a run that is over, marked by whether the run came by.
pub(super) fn draw(pen: &mut Pen, palette: &Palette, area: Rect, node: &Node, mark: Option<Mark>) {
    let (own, width, path) = match node.kind {
        NodeKind::Start => (palette.start, "1.5", TRIANGLE),
        NodeKind::End { at_once: false } => (palette.end, "2.2", SQUARE),
        NodeKind::End { at_once: true } => (palette.end, "2.2", DISC),
        NodeKind::Result => (palette.gateway, "1.3", FLAG),
        NodeKind::Step { .. }
        | NodeKind::Decision(_)
        | NodeKind::Guard(_)
        | NodeKind::Merge
        | NodeKind::Join
        | NodeKind::Split => return,
    };
    let paint = mark.map_or(own, |mark| palette.standing(mark.standing()));
    let stroke = match mark {
        Some(Mark::Reached) => r#"stroke-width="3.2""#.to_owned(),
        Some(Mark::NotTaken) => r#"stroke-width="1.3" stroke-dasharray="2 4""#.to_owned(),
        None => format!(r#"stroke-width="{width}""#),
    };
    if let Some(mark) = mark {
        let spoken = escape(&format!("{}: {}", node.label, mark.words()));
        pen.put(&format!("<g><title>{spoken}</title>"));
    }
    pen.rect(area, SIGN / 2, paint, &stroke);
    let middle = area.y + area.height / 2;
    let x = area.x + SIGN / 2;
    if let Some(mark) = mark {
        let corner = Point {
            x: x - 7,
            y: middle - 7,
        };
        pen.sign(&sign::of(mark.standing()), corner, paint.text);
    } else {
        let colour = paint.stroke;
        pen.put(&format!(
            r#"<path transform="translate({x} {middle})" d="{path}" fill="{colour}"/>"#
        ));
    }
    let lines = lines(&node.label);
    let count = i32::try_from(lines.len()).unwrap_or(1);
    let first = Point {
        x: area.x + SIGN,
        y: middle - (count - 1) * LEADING / 2 + 4,
    };
    let style = Type {
        size: TEXT,
        weight: Weight::SemiBold,
        anchor: Anchor::Start,
        colour: paint.text,
        halo: None,
    };
    pen.lines(&lines, first, LEADING, style);
    if mark.is_some() {
        pen.put("</g>");
    }
}
