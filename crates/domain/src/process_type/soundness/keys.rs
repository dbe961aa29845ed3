//! Keys that must be unique.

use std::collections::HashSet;

use super::index::Index;
use crate::{fault::Faults, process_type::definition::Field};

pub(super) fn check(index: &Index<'_>, faults: &mut Faults) {
    let definition = index.definition;
    let mut unique = Unique { faults };
    unique.all(
        "/related",
        definition.related.iter().map(|r| r.key.as_str()),
    );
    unique.all(
        "/results",
        definition.results.iter().map(|r| r.key.as_str()),
    );
    unique.all(
        "/policies",
        definition.policies.iter().map(|p| p.key.as_str()),
    );
    unique.all("/stages", definition.stages.iter().map(|s| s.key.as_str()));
    unique.all("/tasks", definition.tasks.iter().map(|t| t.key.as_str()));

    // A record is named by its key alone, be it a related one or that of a field.
    let mut records: HashSet<&str> = HashSet::from(["firm"]);
    for (place, related) in definition.related.iter().enumerate() {
        if related.key == "firm" {
            unique.taken(&format!("/related/{place}/key"), &related.key);
        }
        records.insert(&related.key);
    }
    unique.fields("/start_form", &definition.start_form, &mut records);
    for (task, template) in index.tasks() {
        let at = format!("/tasks/{task}");
        unique.fields(&format!("{at}/form"), &template.form, &mut records);
        let items = template.checklist.iter().map(|item| item.key.as_str());
        unique.all(&format!("{at}/checklist"), items);
        let outcomes = template.outcomes.iter().map(|outcome| outcome.key.as_str());
        unique.all(&format!("{at}/outcomes"), outcomes);
    }
}

struct Unique<'f> {
    faults: &'f mut Faults,
}

impl Unique<'_> {
    fn all<'k>(&mut self, at: &str, keys: impl Iterator<Item = &'k str>) {
        let mut seen = HashSet::new();
        for (place, key) in keys.enumerate() {
            if !seen.insert(key) {
                self.taken(&format!("{at}/{place}/key"), key);
            }
        }
    }

    fn fields<'k>(&mut self, at: &str, fields: &'k [Field], seen: &mut HashSet<&'k str>) {
        for (place, field) in fields.iter().enumerate() {
            if !seen.insert(&field.key) {
                self.taken(&format!("{at}/{place}/key"), &field.key);
            }
            let mut options = HashSet::new();
            for (option, text) in field.options.iter().enumerate() {
                if !options.insert(text.as_str()) {
                    self.faults.add(
                        format!("{at}/{place}/options/{option}"),
                        "duplicate-option",
                        format!("`{text}` is listed twice: leave one out."),
                    );
                }
            }
        }
    }

    fn taken(&mut self, at: &str, key: &str) {
        self.faults.add(
            at,
            "duplicate-key",
            format!("The key `{key}` is taken: choose another."),
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::process_type::soundness::sample::{assert_faults, with, with_task};

    fn with_copied(list: &str, place: usize) -> Value {
        with(|document| {
            let items = document.pointer_mut(list).unwrap().as_array_mut().unwrap();
            let copy = items[place].clone();
            items.push(copy);
        })
    }

    /// E20
    #[test]
    fn keys_are_unique_in_their_lists() {
        let cases = [
            ("/related", "/related/1/key"),
            ("/stages", "/stages/6/key"),
            ("/results", "/results/2/key"),
            ("/tasks/0/checklist", "/tasks/0/checklist/4/key"),
            ("/tasks/2/outcomes", "/tasks/2/outcomes/2/key"),
        ];
        for (list, place) in cases {
            assert_faults(with_copied(list, 0), &[(place, "duplicate-key")]);
        }
        let policy = json!({"key": "limit", "type": "number", "default": 1});
        assert_faults(
            with(|it| it["policies"] = json!([policy, policy])),
            &[("/policies/1/key", "duplicate-key")],
        );
        let task = json!({"key": "intake", "title": "Again"});
        assert_faults(
            with(|it| it["tasks"].as_array_mut().unwrap().push(task)),
            &[("/tasks/19/key", "duplicate-key")],
        );
    }

    /// E20
    #[test]
    fn field_keys_are_unique_in_the_type() {
        assert_faults(
            with_task("welcome", |task| {
                task["form"][0]["key"] = json!("custodian");
            }),
            &[("/tasks/welcome/form/0/key", "duplicate-key")],
        );
    }

    #[test]
    fn a_key_names_one_record() {
        assert_faults(
            with_task("welcome", |task| task["form"][0]["key"] = json!("account")),
            &[("/tasks/welcome/form/0/key", "duplicate-key")],
        );
        assert_faults(
            with(|it| {
                it["related"]
                    .as_array_mut()
                    .unwrap()
                    .push(json!({"key": "firm", "kind": "account"}));
            }),
            &[("/related/1/key", "duplicate-key")],
        );
    }

    #[test]
    fn an_option_is_offered_once() {
        assert_faults(
            with_copied("/start_form/2/options", 0),
            &[("/start_form/2/options/4", "duplicate-option")],
        );
    }
}
