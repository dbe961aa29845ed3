//! Lines with round corners and an arrow at their end.

use std::fmt::Write as _;

use super::{pen::Pen, theme::Palette};
use crate::{graph::Link, layout::Point};

const RADIUS: i32 = 7;
const ARROW: i32 = 8;

pub(crate) fn draw(pen: &mut Pen, palette: &Palette, link: &Link, corners: &[Point]) {
    let [.., before, end] = corners else { return };
    let colour = if link.back {
        palette.back
    } else {
        palette.line
    };
    let dashes = if link.back {
        r#" stroke-dasharray="7 4""#
    } else {
        ""
    };
    let (dx, dy) = ((end.x - before.x).signum(), (end.y - before.y).signum());
    // The line ends inside its arrow, so that it does not show beside the tip.
    let inner = Point {
        x: end.x - dx * (ARROW - 2),
        y: end.y - dy * (ARROW - 2),
    };
    // What is sent back is drawn from its end: where several lines come together their dashes then lie upon each other.
    let path = if link.back {
        let mut reversed: Vec<Point> = corners.iter().rev().copied().collect();
        reversed[0] = inner;
        rounded(&reversed, corners[0])
    } else {
        rounded(corners, inner)
    };
    pen.path(
        &path,
        &format!(r#"fill="none" stroke="{colour}" stroke-width="1.6"{dashes}"#),
    );
    let (x, y) = (end.x - dx * ARROW, end.y - dy * ARROW);
    let arrow = format!(
        "M{} {}L{} {}L{} {}Z",
        end.x,
        end.y,
        x - dy * 4,
        y + dx * 4,
        x + dy * 4,
        y - dx * 4
    );
    pen.path(&arrow, &format!(r#"fill="{colour}""#));
}

fn rounded(corners: &[Point], end: Point) -> String {
    let mut path = format!("M{} {}", corners[0].x, corners[0].y);
    for three in corners.windows(3) {
        let (before, corner, behind) = (three[0], three[1], three[2]);
        let length = |one: Point, other: Point| (one.x - other.x).abs() + (one.y - other.y).abs();
        let radius = RADIUS
            .min(length(before, corner) / 2)
            .min(length(corner, behind) / 2);
        let towards = |other: Point| Point {
            x: corner.x + (other.x - corner.x).signum() * radius,
            y: corner.y + (other.y - corner.y).signum() * radius,
        };
        let (from, to) = (towards(before), towards(behind));
        let _ = write!(
            path,
            "L{} {}Q{} {} {} {}",
            from.x, from.y, corner.x, corner.y, to.x, to.y
        );
    }
    let _ = write!(path, "L{} {}", end.x, end.y);
    path
}
