//! Which ends a run that is over has come to, and which results were set on its way.

use std::collections::BTreeMap;

use domain::process_type::Definition;

use crate::{
    graph::{Graph, NodeKind, Passage},
    progress::{Progress, Standing},
};

/// Whether a run came by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    Reached,
    NotTaken,
}

impl Mark {
    /// The standing of a step that is drawn alike.
    pub(crate) fn standing(self) -> Standing {
        match self {
            Self::Reached => Standing::Completed,
            Self::NotTaken => Standing::NotTaken,
        }
    }

    /// In people's words.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Reached => "Reached",
            Self::NotTaken => "Not taken",
        }
    }
}

/// The marks of ends and results by their nodes; none of a run that goes on or was cancelled.
pub(crate) fn marks(
    definition: &Definition,
    graph: &Graph,
    progress: Option<&Progress>,
) -> BTreeMap<usize, Mark> {
    let mut marks = BTreeMap::new();
    let Some((progress, result)) =
        progress.and_then(|progress| progress.result.as_ref().map(|result| (progress, result)))
    else {
        return marks;
    };
    let passages = || {
        let nodes = graph.nodes.iter().enumerate();
        nodes.filter_map(|(place, node)| node.passage.as_ref().map(|passage| (place, passage)))
    };
    for (place, passage) in passages() {
        // What is not shown to somebody is known to them only by what came of it.
        let known = came_by(definition, progress, passage);
        let bears_another = || passage.result.as_ref().is_some_and(|other| other != result);
        if let Some(mark) = known.or_else(|| bears_another().then_some(Mark::NotTaken)) {
            marks.insert(place, mark);
        }
    }
    let is_end = |place: usize| matches!(graph.nodes[place].kind, NodeKind::End { .. });
    let told = |place: &usize| is_end(*place) && marks.get(place) == Some(&Mark::Reached);
    if !passages().any(|(place, _)| told(&place)) {
        let mut bearing = passages()
            .filter(|(place, passage)| is_end(*place) && passage.result.as_ref() == Some(result))
            .filter(|(place, _)| !marks.contains_key(place));
        if let (Some((place, _)), None) = (bearing.next(), bearing.next()) {
            marks.insert(place, Mark::Reached);
        }
    }
    marks
}

fn came_by(definition: &Definition, progress: &Progress, passage: &Passage) -> Option<Mark> {
    let step = progress.steps.get(&definition.tasks[passage.step].key)?;
    let came = match step.standing {
        Standing::Completed => {
            let with = |outcome: &String| passage.outcomes.contains(outcome);
            passage.done && (passage.outcomes.is_empty() || step.outcome.as_ref().is_some_and(with))
        }
        Standing::Skipped => passage.passed,
        Standing::Waiting
        | Standing::Open
        | Standing::InProgress
        | Standing::Overdue
        | Standing::OnHold
        | Standing::NotTaken
        | Standing::Cancelled => false,
    };
    Some(if came { Mark::Reached } else { Mark::NotTaken })
}
