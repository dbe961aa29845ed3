//! What a newer release of the library would change of a process type, beside what its firm has changed since it took over
//! an earlier one: by installing it, or later.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::document::ProcessTypeDocument;

mod merge;
#[cfg(test)]
mod tests;

pub use merge::merged;

/// What happened to a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartChange {
    /// One of the two has it, or both, and the earlier release did not.
    Added,
    /// The earlier release had it, and one of the two has it no more.
    Removed,
    /// Some of its members differ.
    Changed,
}

/// Who has made something different since the earlier release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangedBy {
    /// The release; the firm left it as it was.
    Library,
    /// The firm; the release leaves it as it was.
    Firm,
    /// Each in its own way: somebody has to decide.
    Both,
}

/// A member that differs between what the firm has and the release.
#[derive(Debug, Clone, PartialEq)]
pub struct MemberDifference {
    /// Its name in the definition.
    pub name: String,
    /// Who made it so.
    pub by: ChangedBy,
    /// As the earlier release had it; none: not there.
    pub base: Option<Value>,
    /// As the firm has it.
    pub present: Option<Value>,
    /// As the release has it.
    pub release: Option<Value>,
}

/// A part, a task or the type around its tasks, that differs between what the firm has and the release.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The task's key; none: the type itself.
    pub task: Option<String>,
    /// What people call it.
    pub title: String,
    /// What happened to it.
    pub change: PartChange,
    /// Who made it so.
    pub by: ChangedBy,
    /// Its members that differ; of a part that one of the two does not have, none.
    pub members: Vec<MemberDifference>,
}

type Members = Map<String, Value>;

/// The type around its tasks, and each task by key.
struct Parts {
    whole: Members,
    tasks: BTreeMap<String, Members>,
    order: Vec<String>,
}

impl Parts {
    fn of(document: &ProcessTypeDocument) -> Self {
        let mut whole = members(document);
        whole.remove("tasks");
        let tasks = document.tasks.iter();
        Self {
            whole,
            order: tasks.clone().map(|task| task.key.clone()).collect(),
            tasks: tasks
                .map(|task| (task.key.clone(), members(task)))
                .collect(),
        }
    }
}

fn members<T: Serialize>(part: &T) -> Members {
    match serde_json::to_value(part) {
        Ok(Value::Object(members)) => members,
        // A document is an object, and nothing in it can fail to be written.
        Ok(_) | Err(_) => Members::new(),
    }
}

/// Everything in which a firm's version and a release differ: first the type, then its tasks in the release's order, then
/// those that the release does not have. The order itself is not compared.
#[must_use]
pub fn differences(
    base: &ProcessTypeDocument,
    present: &ProcessTypeDocument,
    release: &ProcessTypeDocument,
) -> Vec<Difference> {
    let [base, present, release] = [base, present, release].map(Parts::of);
    let mut keys: Vec<&String> = Vec::new();
    for key in release.order.iter().chain(&present.order) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let whole = difference(
        None,
        [&base, &present, &release].map(|parts| Some(&parts.whole)),
    );
    let tasks = keys.into_iter().filter_map(|key| {
        let of_each = [&base, &present, &release].map(|parts| parts.tasks.get(key));
        difference(Some(key), of_each)
    });
    whole.into_iter().chain(tasks).collect()
}

fn difference(
    task: Option<&String>,
    [base, present, release]: [Option<&Members>; 3],
) -> Option<Difference> {
    if present == release {
        return None;
    }
    let title = [release, present]
        .into_iter()
        .flatten()
        .find_map(|part| part.get("title").or_else(|| part.get("name")))
        .and_then(Value::as_str)
        .unwrap_or_default();
    let change = match (base, present, release) {
        (None, _, _) => PartChange::Added,
        (Some(_), None, _) | (Some(_), _, None) => PartChange::Removed,
        (Some(_), Some(_), Some(_)) => PartChange::Changed,
    };
    Some(Difference {
        task: task.cloned(),
        title: title.to_owned(),
        change,
        by: changed_by(base, present, release),
        members: match (present, release) {
            (Some(present), Some(release)) => differing(base, present, release),
            (None, _) | (_, None) => Vec::new(),
        },
    })
}

fn differing(
    base: Option<&Members>,
    present: &Members,
    release: &Members,
) -> Vec<MemberDifference> {
    let added = release.keys().filter(|name| !present.contains_key(*name));
    present
        .keys()
        .chain(added)
        .filter(|name| present.get(*name) != release.get(*name))
        .map(|name| {
            let before = base.and_then(|members| members.get(name));
            let (now, then) = (present.get(name), release.get(name));
            MemberDifference {
                name: name.clone(),
                by: changed_by(before, now, then),
                base: before.cloned(),
                present: now.cloned(),
                release: then.cloned(),
            }
        })
        .collect()
}

/// Of what differs between the firm and the release.
fn changed_by<T: PartialEq>(
    base: Option<&T>,
    present: Option<&T>,
    release: Option<&T>,
) -> ChangedBy {
    if base == present {
        ChangedBy::Library
    } else if base == release {
        ChangedBy::Firm
    } else {
        ChangedBy::Both
    }
}
