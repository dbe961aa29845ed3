//! Three texts, and what is told and made of them.

use super::*;
use crate::process_type::soundness::sample::new_account_opening;

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
        title.base,
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

#[test]
fn a_member_that_comes_or_goes_is_shown_by_its_absence() {
    let installed = changed(|it| it.area = Some("Accounts".to_owned()));
    let present = changed(|it| it.area = Some("Ours".to_owned()));
    let release = changed(|it| it.area = None);
    let found = differences(&installed, &present, &release);
    assert_eq!(
        told(&found),
        [(None, PartChange::Changed, ChangedBy::Both, vec!["area"])]
    );
    let area = &found[0].members[0];
    assert_eq!(area.base, Some(Value::from("Accounts")));
    assert_eq!(
        (&area.present, &area.release),
        (&Some(Value::from("Ours")), &None)
    );
    let untouched = differences(&installed, &installed, &release);
    assert_eq!(untouched[0].by, ChangedBy::Library);
    let merged = merged(&installed, &installed, &release).unwrap();
    assert_eq!(merged, release);
}

#[test]
fn merging_takes_over_what_the_release_alone_has_changed() {
    let installed = new_account_opening();
    let present = changed(|it| {
        it.summary = "As we do it.".to_owned();
        it.tasks[0].title = "Ours".to_owned();
        it.tasks[1].title = "Ours, too".to_owned();
    });
    let release = changed(|it| {
        it.summary = "As everybody does it.".to_owned();
        it.name = "New name".to_owned();
        it.tasks[0].description = Some("More of it.".to_owned());
        it.tasks[2].title = "Newer".to_owned();
    });
    let wanted = changed(|it| {
        it.summary = "As we do it.".to_owned();
        it.name = "New name".to_owned();
        it.tasks[0].title = "Ours".to_owned();
        it.tasks[0].description = Some("More of it.".to_owned());
        it.tasks[1].title = "Ours, too".to_owned();
        it.tasks[2].title = "Newer".to_owned();
    });
    let merged = merged(&installed, &present, &release).unwrap();
    assert_eq!(merged, wanted);
    let left = differences(&installed, &merged, &release);
    assert!(
        left.iter().all(|it| it.by != ChangedBy::Library),
        "{left:?}"
    );
}

#[test]
fn merging_adds_and_removes_tasks_as_the_release_does_but_for_those_that_the_firm_has_touched() {
    let installed = new_account_opening();
    let key = |place: usize| installed.tasks[place].key.clone();
    let added = |key: &str| {
        let mut task = installed.tasks[0].clone();
        key.clone_into(&mut task.key);
        task
    };
    let present = changed(|it| {
        it.tasks[3].title = "Edited".to_owned();
        it.tasks.remove(1);
        it.tasks.push(added("ours"));
    });
    let release = changed(|it| {
        it.tasks[1].title = "Newer".to_owned();
        it.tasks.remove(4);
        it.tasks.remove(3);
        it.tasks.insert(3, added("second"));
        it.tasks.insert(3, added("first"));
        it.tasks.insert(0, added("foremost"));
    });
    let merged = merged(&installed, &present, &release).unwrap();
    let keys: Vec<String> = merged.tasks.iter().map(|it| it.key.clone()).collect();
    let mut wanted = vec!["foremost".to_owned(), key(0), key(2)];
    wanted.extend(["first".to_owned(), "second".to_owned(), key(3)]);
    wanted.extend(installed.tasks[5..].iter().map(|it| it.key.clone()));
    wanted.push("ours".to_owned());
    assert_eq!(
        keys, wanted,
        "1 the firm has removed, 3 it has edited, 4 the release removes"
    );
    assert_eq!(merged.tasks[5].title, "Edited");
}
