//! A firm's version with what a release brings.

use serde_json::Value;

use super::{ChangedBy, Members, Parts, differing};
use crate::process_type::document::ProcessTypeDocument;

/// The firm's version with everything that the release alone has changed; where both have changed something, the firm's
/// stands. A task that the release adds comes behind the one that it follows there. The parts may not fit each other: what
/// comes out has to be checked like any other draft. None: they are no definition at all.
#[must_use]
pub fn merged(
    base: &ProcessTypeDocument,
    present: &ProcessTypeDocument,
    release: &ProcessTypeDocument,
) -> Option<ProcessTypeDocument> {
    let [base, present, release] = [base, present, release].map(Parts::of);
    let mut tasks: Vec<(&String, Members)> = Vec::new();
    for key in &present.order {
        let of_each = [&base, &present, &release].map(|parts| parts.tasks.get(key));
        tasks.extend(taken_over(of_each).map(|task| (key, task)));
    }
    let mut place = 0;
    for key in &release.order {
        if let Some(found) = tasks.iter().position(|(other, _)| *other == key) {
            place = found + 1;
        } else if !base.tasks.contains_key(key)
            && let Some(task) = release.tasks.get(key)
        {
            tasks.insert(place, (key, task.clone()));
            place += 1;
        }
    }
    let mut whole = taken_over([&base, &present, &release].map(|parts| Some(&parts.whole)))?;
    let tasks = tasks.into_iter().map(|(_, task)| Value::Object(task));
    whole.insert("tasks".to_owned(), tasks.collect());
    serde_json::from_value(Value::Object(whole)).ok()
}

/// A part of the firm's with what the release alone has changed of it; none: the release alone has removed it, or the firm
/// does not have it.
fn taken_over([base, present, release]: [Option<&Members>; 3]) -> Option<Members> {
    let mut part = present?.clone();
    let Some(release) = release else {
        return (base != present).then_some(part);
    };
    for member in differing(base, present?, release) {
        match (member.by, member.release) {
            (ChangedBy::Library, Some(value)) => {
                part.insert(member.name, value);
            }
            (ChangedBy::Library, None) => {
                part.remove(&member.name);
            }
            (ChangedBy::Firm | ChangedBy::Both, _) => {}
        }
    }
    Some(part)
}
