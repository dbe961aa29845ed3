//! What a newer release of the library would change of a process type, beside what its firm has changed since it was
//! installed.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::document::ProcessTypeDocument;

/// What happened to a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartChange {
    /// It was not there when the type was installed.
    Added,
    /// It was there when the type was installed.
    Removed,
    /// Some of its members differ.
    Changed,
}

/// Who has made something different since the type was installed.
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
    /// As it was installed; none: not there.
    pub installed: Option<Value>,
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
/// those that the release does not have.
#[must_use]
pub fn differences(
    installed: &ProcessTypeDocument,
    present: &ProcessTypeDocument,
    release: &ProcessTypeDocument,
) -> Vec<Difference> {
    let [installed, present, release] = [installed, present, release].map(Parts::of);
    let mut keys: Vec<&String> = Vec::new();
    for key in release.order.iter().chain(&present.order) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let whole = difference(
        None,
        [&installed, &present, &release].map(|parts| Some(&parts.whole)),
    );
    let tasks = keys.into_iter().filter_map(|key| {
        let of_each = [&installed, &present, &release].map(|parts| parts.tasks.get(key));
        difference(Some(key), of_each)
    });
    whole.into_iter().chain(tasks).collect()
}

fn difference(
    task: Option<&String>,
    [installed, present, release]: [Option<&Members>; 3],
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
    let change = match (installed, present, release) {
        (None, _, _) => PartChange::Added,
        (Some(_), None, _) | (Some(_), _, None) => PartChange::Removed,
        (Some(_), Some(_), Some(_)) => PartChange::Changed,
    };
    Some(Difference {
        task: task.cloned(),
        title: title.to_owned(),
        change,
        by: changed_by(installed, present, release),
        members: match (present, release) {
            (Some(present), Some(release)) => differing(installed, present, release),
            (None, _) | (_, None) => Vec::new(),
        },
    })
}

fn differing(
    installed: Option<&Members>,
    present: &Members,
    release: &Members,
) -> Vec<MemberDifference> {
    let added = release.keys().filter(|name| !present.contains_key(*name));
    present
        .keys()
        .chain(added)
        .filter(|name| present.get(*name) != release.get(*name))
        .map(|name| {
            let before = installed.and_then(|members| members.get(name));
            let (now, then) = (present.get(name), release.get(name));
            MemberDifference {
                name: name.clone(),
                by: changed_by(before, now, then),
                installed: before.cloned(),
                present: now.cloned(),
                release: then.cloned(),
            }
        })
        .collect()
}

/// Of what differs between the firm and the release.
fn changed_by<T: PartialEq>(
    installed: Option<T>,
    present: Option<T>,
    release: Option<T>,
) -> ChangedBy {
    if installed == present {
        ChangedBy::Library
    } else if installed == release {
        ChangedBy::Firm
    } else {
        ChangedBy::Both
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process_type::fixtures::new_account_opening;

    fn changed(change: impl FnOnce(&mut ProcessTypeDocument)) -> ProcessTypeDocument {
        let mut document = new_account_opening();
        change(&mut document);
        document
    }

    fn told(found: &[Difference]) -> Vec<(Option<&str>, PartChange, ChangedBy, Vec<&str>)> {
        found
            .iter()
            .map(|it| {
                let members = it.members.iter().map(|member| member.name.as_str());
                (it.task.as_deref(), it.change, it.by, members.collect())
            })
            .collect()
    }

    #[test]
    fn what_is_alike_is_not_listed_whoever_changed_it() {
        let installed = new_account_opening();
        assert_eq!(differences(&installed, &installed, &installed), []);
        let other = changed(|it| it.tasks[0].title = "Another title".to_owned());
        assert_eq!(differences(&installed, &other, &other), []);
    }

    #[test]
    fn each_change_is_the_librarys_the_firms_or_of_both() {
        let installed = new_account_opening();
        let keys: Vec<String> = installed.tasks.iter().map(|it| it.key.clone()).collect();
        let present = changed(|it| {
            it.summary = "As we do it.".to_owned();
            it.tasks[0].title = "Ours".to_owned();
            it.tasks[1].description = Some("More of it.".to_owned());
        });
        let release = changed(|it| {
            it.tasks[0].title = "Theirs".to_owned();
            it.tasks[2].title = "Newer".to_owned();
        });
        let found = differences(&installed, &present, &release);
        assert_eq!(
            told(&found),
            [
                (None, PartChange::Changed, ChangedBy::Firm, vec!["summary"]),
                (
                    Some(&*keys[0]),
                    PartChange::Changed,
                    ChangedBy::Both,
                    vec!["title"]
                ),
                (
                    Some(&*keys[1]),
                    PartChange::Changed,
                    ChangedBy::Firm,
                    vec!["description"]
                ),
                (
                    Some(&*keys[2]),
                    PartChange::Changed,
                    ChangedBy::Library,
                    vec!["title"]
                ),
            ]
        );
        let title = &found[1].members[0];
        assert_eq!(title.present, Some(Value::from("Ours")));
        assert_eq!(title.release, Some(Value::from("Theirs")));
        assert_eq!(
            title.installed,
            Some(Value::from(installed.tasks[0].title.as_str()))
        );
        assert_eq!(found[3].title, "Newer");
    }

    #[test]
    fn tasks_come_and_go_on_either_side() {
        let installed = new_account_opening();
        let named = |key: &str, from: &ProcessTypeDocument| {
            let mut task = from.tasks[0].clone();
            key.clone_into(&mut task.key);
            task
        };
        let present = changed(|it| {
            it.tasks.remove(0);
            it.tasks[0].title = "Edited".to_owned();
            let ours = named("ours", it);
            it.tasks.push(ours);
        });
        let release = changed(|it| {
            it.tasks.remove(1);
            let theirs = named("theirs", it);
            it.tasks.insert(0, theirs);
        });
        let found = differences(&installed, &present, &release);
        let (first, second) = (&*installed.tasks[0].key, &*installed.tasks[1].key);
        assert_eq!(
            told(&found),
            [
                (
                    Some("theirs"),
                    PartChange::Added,
                    ChangedBy::Library,
                    vec![]
                ),
                (Some(first), PartChange::Removed, ChangedBy::Firm, vec![]),
                (Some(second), PartChange::Removed, ChangedBy::Both, vec![]),
                (Some("ours"), PartChange::Added, ChangedBy::Firm, vec![]),
            ]
        );
    }
}
