//! Writes SVG elements with plain attributes only, which every reader of SVG understands.

use std::fmt::Write as _;

use super::{sign::Sign, theme::Paint};
use crate::{
    fonts::Weight,
    layout::{Point, Rect},
    xml::escape,
};

/// Where a text is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text is set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Type<'a> {
    pub(crate) size: i32,
    pub(crate) weight: Weight,
    pub(crate) anchor: Anchor,
    pub(crate) colour: &'a str,
    /// Drawn around the letters, so that they can be read on a line.
    pub(crate) halo: Option<&'a str>,
}

/// The document as far as it is written.
#[derive(Default)]
pub(crate) struct Pen {
    pub(crate) out: String,
}

impl Pen {
    pub(crate) fn put(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    pub(crate) fn rect(&mut self, area: Rect, radius: i32, paint: Paint, stroke: &str) {
        let Rect {
            x,
            y,
            width,
            height,
        } = area;
        let Paint {
            fill,
            stroke: colour,
            ..
        } = paint;
        let _ = writeln!(
            self.out,
            r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}" fill="{fill}" stroke="{colour}" {stroke}/>"#
        );
    }

    pub(crate) fn filled(&mut self, area: Rect, radius: i32, fill: &str) {
        let Rect {
            x,
            y,
            width,
            height,
        } = area;
        let _ = writeln!(
            self.out,
            r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}" fill="{fill}"/>"#
        );
    }

    pub(crate) fn diamond(&mut self, area: Rect, paint: Paint) {
        let (x, y) = (area.x + area.width / 2, area.y + area.height / 2);
        let (right, bottom) = (area.x + area.width, area.y + area.height);
        let Paint { fill, stroke, .. } = paint;
        let _ = writeln!(
            self.out,
            r#"<path d="M{x} {}L{right} {y}L{x} {bottom}L{} {y}Z" fill="{fill}" stroke="{stroke}" stroke-width="1.5" stroke-linejoin="round"/>"#,
            area.y, area.x
        );
    }

    pub(crate) fn path(&mut self, path: &str, attributes: &str) {
        let _ = writeln!(self.out, r#"<path d="{path}" {attributes}/>"#);
    }

    pub(crate) fn sign(&mut self, sign: &Sign, at: Point, colour: &str) {
        let _ = write!(self.out, r#"<g transform="translate({} {})">"#, at.x, at.y);
        if !sign.filled.is_empty() {
            let _ = write!(self.out, r#"<path d="{}" fill="{colour}"/>"#, sign.filled);
        }
        if !sign.stroked.is_empty() {
            let _ = write!(
                self.out,
                r#"<path d="{}" fill="none" stroke="{colour}" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/>"#,
                sign.stroked
            );
        }
        self.put("</g>");
    }

    pub(crate) fn text(&mut self, text: &str, at: Point, style: Type<'_>) {
        let weight = match style.weight {
            Weight::Regular => "",
            Weight::SemiBold => r#" font-weight="600""#,
        };
        let anchor = match style.anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        let halo = style.halo.map_or_else(String::new, |colour| {
            format!(r#" stroke="{colour}" stroke-width="3" stroke-linejoin="round" paint-order="stroke""#)
        });
        let _ = writeln!(
            self.out,
            r#"<text x="{}" y="{}" font-size="{}"{weight}{anchor} fill="{}"{halo}>{}</text>"#,
            at.x,
            at.y,
            style.size,
            style.colour,
            escape(text)
        );
    }

    /// Lines below each other, the first one's foot at the point.
    pub(crate) fn lines(&mut self, lines: &[String], at: Point, leading: i32, style: Type<'_>) {
        let mut y = at.y;
        for line in lines {
            self.text(line, Point { x: at.x, y }, style);
            y += leading;
        }
    }
}
