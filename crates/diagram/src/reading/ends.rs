//! What the end behind a step is called that names no result.

use domain::process_type::{Definition, definition::COMPLETED};

use super::{Ending, label_of, order::Order};

/// A branch that ends while others may still be open does not end the process.
const BRANCH: &str = "Branch ends";
/// A result that was set on the way leaves open which it is.
const OPEN: &str = "End";

/// For each step the plain end behind it; `ends` says which steps have one.
pub(super) fn plain(
    definition: &Definition,
    order: &Order,
    ends: impl Fn(usize) -> bool,
) -> Vec<Ending> {
    let count = definition.tasks.len();
    let last: Vec<usize> = (0..count).filter(|step| ends(*step)).collect();
    let completed = definition.result(COMPLETED);
    let completed = completed.map_or_else(|| label_of(COMPLETED), |result| result.label.clone());
    let sets = |step: usize| {
        definition.tasks[step]
            .outcomes
            .iter()
            .any(|outcome| outcome.sets_result.is_some())
    };
    let ending = |step: usize| {
        let weight = |step: usize| (order.depth(step), step);
        let (label, result) = if last
            .iter()
            .any(|other| order.parallel(step, *other) && weight(*other) > weight(step))
        {
            (BRANCH.to_owned(), None)
        } else if (0..count).any(|before| sets(before) && order.precedes(before, step)) {
            (OPEN.to_owned(), None)
        } else {
            (completed.clone(), Some(COMPLETED.to_owned()))
        };
        Ending {
            label,
            at_once: false,
            result,
        }
    };
    (0..count).map(ending).collect()
}
