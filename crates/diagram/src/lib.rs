//! Pictures of processes: SVG for screens and paper, Mermaid text and BPMN 2.0, all from one layout. Pure: a definition in, text out.

mod bpmn;
mod card;
mod event;
pub mod fonts;
mod graph;
mod layout;
mod mermaid;
mod names;
mod progress;
mod project;
mod reached;
mod reading;
mod svg;
mod text;
mod xml;

use domain::process_type::Definition;

use graph::Graph;
use layout::{Flow, Layout};
pub use names::Names;
pub use progress::{Items, Progress, Standing, StepProgress};
use reading::Reading;
use svg::Picture;
pub use svg::Theme;

/// More steps, or more lines between them, are not drawn: nobody could read it, and it would take too long.
pub const MAX_STEPS: usize = 300;
/// See [`MAX_STEPS`].
pub const MAX_LINES: usize = 1_200;

/// The definition is too large to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a process of {steps} steps with {lines} lines between them is too large to draw: at most {MAX_STEPS} steps and {MAX_LINES} lines"
)]
pub struct TooLarge {
    /// How many steps it has.
    pub steps: usize,
    /// How many lines they would need.
    pub lines: usize,
}

/// A process with a place for everything, ready to be drawn in any form.
#[derive(Debug, Clone)]
pub struct Diagram {
    definition: Definition,
    conditional: Vec<bool>,
    lanes: (Graph, Layout),
    portrait: (Graph, Layout),
}

impl Diagram {
    /// Lays out a definition; it need not be sound.
    pub fn of(definition: &Definition, names: &Names) -> Result<Self, TooLarge> {
        let steps = definition.tasks.len();
        let edges: usize = definition
            .tasks
            .iter()
            .map(|task| task.after.len() + task.outcomes.len())
            .sum();
        let refused = |lines: usize| TooLarge { steps, lines };
        if steps > MAX_STEPS || edges > 4 * MAX_LINES {
            return Err(refused(edges));
        }
        let reading = Reading::new(definition);
        let across = project::lanes::graph(&reading, names);
        let down = project::compact::graph(&reading, names);
        let lines = across.links.len().max(down.links.len());
        if lines > MAX_LINES {
            return Err(refused(lines));
        }
        let across_layout = layout::lay_out(&across, Flow::Across, svg::HEADER);
        let down_layout = layout::lay_out(&down, Flow::Down, 0);
        Ok(Self {
            conditional: reading.bypass.iter().map(Option::is_some).collect(),
            definition: definition.clone(),
            lanes: (across, across_layout),
            portrait: (down, down_layout),
        })
    }

    /// The picture with lanes, from left to right.
    #[must_use]
    pub fn svg(&self, theme: Theme, progress: Option<&Progress>) -> String {
        self.picture(&self.lanes, Flow::Across, progress)
            .draw(theme)
    }

    /// The picture for paper, from top to bottom.
    #[must_use]
    pub fn portrait_svg(&self, theme: Theme, progress: Option<&Progress>) -> String {
        self.picture(&self.portrait, Flow::Down, progress)
            .draw(theme)
    }

    /// The picture for paper in as many parts as fit on pages of this size (CSS pixels, 96 to the inch), one below the other.
    #[must_use]
    pub fn portrait_pages(
        &self,
        theme: Theme,
        progress: Option<&Progress>,
        page: (u16, u16),
    ) -> Vec<String> {
        let page = (i32::from(page.0), i32::from(page.1));
        self.picture(&self.portrait, Flow::Down, progress)
            .pages(theme, page)
    }

    /// The flow as Mermaid text.
    #[must_use]
    pub fn mermaid(&self, progress: Option<&Progress>) -> String {
        mermaid::draw(&self.definition, &self.portrait.0, progress)
    }

    /// BPMN 2.0 XML with the places of the picture with lanes.
    #[must_use]
    pub fn bpmn(&self) -> String {
        bpmn::draw(&self.definition, &self.lanes.0, &self.lanes.1)
    }

    fn picture<'a>(
        &'a self,
        (graph, layout): &'a (Graph, Layout),
        flow: Flow,
        progress: Option<&'a Progress>,
    ) -> Picture<'a> {
        Picture {
            definition: &self.definition,
            graph,
            layout,
            flow,
            conditional: &self.conditional,
            progress,
        }
    }
}

#[cfg(test)]
mod tests;
