//! The picture as SVG.

mod event;
mod legend;
mod line;
mod pen;
mod sign;
mod step;
mod theme;

use std::fmt::Write as _;

use domain::process_type::Definition;

use crate::{
    fonts::{FAMILY, Weight},
    graph::{Graph, Node, NodeKind},
    layout::{Band, Flow, LABEL_SIZE, LEADING, Label, Layout, Point, Rect},
    progress::Progress,
    reached::{self, Mark},
    text::wrap,
    xml::escape,
};
use legend::Legend;
use pen::{Anchor, Pen, Type};
use step::Card;
use theme::Palette;
pub use theme::Theme;

/// How the name of a lane is set.
const LANE: i32 = 13;
const LANE_LEADING: i32 = 17;
/// How far strokes and arrows reach beyond what they belong to.
const RIM: i32 = 4;
/// The room for a lane's name.
pub(crate) const HEADER: i32 = 138;

/// A drawing, and how large it is.
struct Sheet {
    width: i32,
    height: i32,
    pieces: Vec<Piece>,
}

/// Something drawn, and from where to where it reaches downwards.
struct Piece {
    top: i32,
    bottom: i32,
    text: String,
}

impl Sheet {
    /// Draws something that lies in an area; what is stroked reaches beyond it a little.
    fn draw(&mut self, area: &Rect, draw: impl FnOnce(&mut Pen)) {
        let mut pen = Pen::default();
        draw(&mut pen);
        self.pieces.push(Piece {
            top: area.y - RIM,
            bottom: area.y + area.height + RIM,
            text: pen.out,
        });
    }
}

/// All that is drawn.
pub(crate) struct Picture<'a> {
    pub(crate) definition: &'a Definition,
    pub(crate) graph: &'a Graph,
    pub(crate) layout: &'a Layout,
    pub(crate) flow: Flow,
    /// For each step whether it may be passed over.
    pub(crate) conditional: &'a [bool],
    pub(crate) progress: Option<&'a Progress>,
}

impl Picture<'_> {
    pub(crate) fn draw(&self, theme: Theme) -> String {
        let sheet = self.sheet(theme);
        self.cut(&sheet, 0, sheet.height)
    }

    /// The picture in as many parts as it takes for each to fit on a page of these proportions without being made smaller
    /// than its width asks for. It is cut between steps, and each part holds only what it shows.
    pub(crate) fn pages(&self, theme: Theme, page: (i32, i32)) -> Vec<String> {
        let sheet = self.sheet(theme);
        let most = (sheet.width.max(page.0) * page.1 / page.0.max(1)).max(1);
        let count = (sheet.height + most - 1) / most;
        // A cut that falls between steps may need a page more; where none does, one goes through something.
        let cuts = (count..=2 * count).find_map(|count| self.cuts(sheet.height, count, most));
        let cuts = cuts.unwrap_or_else(|| (0..=count).map(|n| sheet.height * n / count).collect());
        cuts.windows(2)
            .map(|pair| self.cut(&sheet, pair[0], pair[1]))
            .collect()
    }

    /// Where to cut so that so many parts are about equal, and none taller than it may be.
    fn cuts(&self, height: i32, count: i32, most: i32) -> Option<Vec<i32>> {
        let mut cuts = vec![0];
        let mut last = 0;
        for number in 1..count {
            let wanted = height * number / count;
            let earliest = (height - (count - number) * most).max(last + 1);
            let near = (0..most).flat_map(|off| [wanted - off, wanted + off]);
            let mut near = near.filter(|y| earliest <= *y && *y <= last + most && *y < height);
            last = near.find(|y| self.is_free(*y))?;
            cuts.push(last);
        }
        cuts.push(height);
        (height - last <= most).then_some(cuts)
    }

    /// Whether a cut at this height goes through lines only.
    fn is_free(&self, y: i32) -> bool {
        let labels = self.layout.labels.iter().map(|label| &label.area);
        self.layout
            .areas
            .iter()
            .chain(labels)
            .all(|area| y <= area.y - RIM || area.y + area.height + RIM <= y)
    }

    fn cut(&self, sheet: &Sheet, from: i32, to: i32) -> String {
        let mut out = self.head(sheet.width, from, to - from);
        out.push('\n');
        let shown = sheet
            .pieces
            .iter()
            .filter(|piece| piece.top < to && from < piece.bottom);
        out.extend(shown.map(|piece| piece.text.as_str()));
        out.push_str("</svg>\n");
        out
    }

    /// All that is drawn.
    fn sheet(&self, theme: Theme) -> Sheet {
        let palette = Palette::of(theme);
        let codes = legend::codes(&self.graph.lanes);
        let legend = (self.flow == Flow::Down).then(|| {
            let back = self.graph.links.iter().any(|link| link.back);
            let conditional = self.conditional.contains(&true);
            Legend::new(
                &self.graph.lanes,
                &codes,
                back,
                conditional,
                self.layout.width,
            )
        });
        let width = legend
            .as_ref()
            .map_or(0, |legend| legend.width)
            .max(self.layout.width);
        let height = self.layout.height + legend.as_ref().map_or(0, Legend::height);
        let mut sheet = Sheet {
            width,
            height,
            pieces: Vec::new(),
        };
        let whole = Rect {
            x: 0,
            y: 0,
            width,
            height,
        };
        sheet.draw(&whole, |pen| pen.filled(whole, 0, palette.page));
        for (place, band) in self.layout.bands.iter().enumerate() {
            sheet.draw(&band.area, |pen| self.lane(pen, palette, band, place));
        }
        let lines = self.graph.links.iter().zip(&self.layout.lines);
        // What sends work back lies below what goes on.
        for (link, corners) in lines
            .clone()
            .filter(|(link, _)| link.back)
            .chain(lines.filter(|(link, _)| !link.back))
        {
            let (top, bottom) = corners.iter().fold((i32::MAX, 0), |(top, bottom), corner| {
                (top.min(corner.y), bottom.max(corner.y))
            });
            let area = Rect {
                y: top.min(bottom),
                height: (bottom - top).max(0),
                ..whole
            };
            sheet.draw(&area, |pen| line::draw(pen, palette, link, corners));
        }
        let marks = reached::marks(self.definition, self.graph, self.progress);
        for (place, (node, area)) in self.graph.nodes.iter().zip(&self.layout.areas).enumerate() {
            let mark = marks.get(&place).copied();
            sheet.draw(area, |pen| {
                self.node(pen, palette, (node, mark), *area, &codes);
            });
        }
        for label in &self.layout.labels {
            sheet.draw(&label.area, |pen| self.label(pen, palette, label));
        }
        if let Some(legend) = legend {
            let area = Rect {
                y: self.layout.height,
                height: legend.height(),
                ..whole
            };
            sheet.draw(&area, |pen| legend.draw(pen, palette, area.y));
        }
        sheet
    }

    fn head(&self, width: i32, top: i32, height: i32) -> String {
        let title = escape(&self.definition.name);
        let mut spoken = self.definition.summary.clone();
        for (number, title) in self.titles().enumerate() {
            let _ = write!(spoken, " {}. {title}.", number + 1);
        }
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 {top} {width} {height}" role="img" aria-labelledby="diagram-title diagram-desc" font-family="{FAMILY}, 'Helvetica Neue', Arial, sans-serif">
<title id="diagram-title">{title}</title>
<desc id="diagram-desc">{}</desc>"#,
            escape(&spoken)
        )
    }

    /// The titles of the steps in the order of the definition, in which they are put into the graph too.
    fn titles(&self) -> impl Iterator<Item = &str> {
        let steps = self
            .graph
            .nodes
            .iter()
            .filter(|node| matches!(node.kind, NodeKind::Step { .. }));
        steps.map(|node| node.label.as_str())
    }

    fn lane(&self, pen: &mut Pen, palette: &Palette, band: &Band, place: usize) {
        let paint = theme::Paint {
            fill: palette.lanes[place % 2],
            stroke: palette.border,
            text: palette.text,
        };
        pen.rect(band.area, 0, paint, r#"stroke-width="1""#);
        let header = Rect {
            width: band.header,
            ..band.area
        };
        pen.rect(
            header,
            0,
            theme::Paint {
                fill: palette.header,
                ..paint
            },
            r#"stroke-width="1""#,
        );
        let role = palette.role(band.lane);
        pen.filled(Rect { width: 6, ..header }, 0, role.fill);
        let lines = wrap(
            &self.graph.lanes[band.lane],
            band.header - 30,
            LANE,
            Weight::SemiBold,
        );
        let count = i32::try_from(lines.len()).unwrap_or(1);
        let middle = header.y + header.height / 2;
        let first = Point {
            x: header.x + 18,
            y: middle - (count - 1) * LANE_LEADING / 2 + 5,
        };
        let style = Type {
            size: LANE,
            weight: Weight::SemiBold,
            anchor: Anchor::Start,
            colour: palette.text,
            halo: None,
        };
        pen.lines(&lines, first, LANE_LEADING, style);
    }

    fn node(
        &self,
        pen: &mut Pen,
        palette: &Palette,
        (node, mark): (&Node, Option<Mark>),
        area: Rect,
        codes: &[String],
    ) {
        let (x, y) = (area.x + area.width / 2, area.y + area.height / 2);
        match node.kind {
            NodeKind::Step { step, fork } => {
                let key = &self.definition.tasks[step].key;
                let card = Card {
                    definition: self.definition,
                    step,
                    title: &node.label,
                    owner: &self.graph.lanes[node.lane],
                    role: palette.role(node.lane),
                    code: &codes[node.lane],
                    fork,
                    conditional: self.flow == Flow::Down && self.conditional[step],
                    progress: self.progress.and_then(|progress| progress.steps.get(key)),
                };
                card.draw(pen, palette, area, self.flow);
            }
            NodeKind::Decision(_) | NodeKind::Guard(_) => pen.diamond(area, palette.decision),
            NodeKind::Merge => pen.diamond(area, palette.gateway),
            NodeKind::Join | NodeKind::Split => {
                pen.diamond(area, palette.gateway);
                let colour = palette.gateway.stroke;
                let path = format!("M{x} {}v16M{} {y}h16", y - 8, x - 8);
                let style = r#"fill="none" stroke-width="2.4" stroke-linecap="round""#;
                pen.path(&path, &format!(r#"{style} stroke="{colour}""#));
            }
            NodeKind::Start | NodeKind::End { .. } | NodeKind::Result => {
                event::draw(pen, palette, area, node, mark);
            }
        }
    }

    fn label(&self, pen: &mut Pen, palette: &Palette, label: &Label) {
        let guard = label
            .node
            .is_some_and(|node| matches!(self.graph.nodes[node].kind, NodeKind::Guard(_)));
        let colour = match label.line {
            Some(line) if self.graph.links[line].back => palette.back,
            Some(_) => palette.text,
            None if guard => palette.muted,
            // What a diamond asks is answered by its ways out; only BPMN wants it in words.
            None => return,
        };
        let style = Type {
            size: LABEL_SIZE,
            weight: Weight::Regular,
            anchor: Anchor::Start,
            colour,
            halo: Some(self.ground(palette, label.area)),
        };
        let first = Point {
            x: label.area.x + 1,
            y: label.area.y + LABEL_SIZE - 1,
        };
        pen.lines(&label.lines, first, LEADING, style);
    }

    /// The colour behind a label.
    fn ground(&self, palette: &Palette, area: Rect) -> &'static str {
        let lane = self
            .layout
            .bands
            .iter()
            .position(|band| band.area.overlaps(&area));
        lane.map_or(palette.page, |place| palette.lanes[place % 2])
    }
}
