//! What roles and people are called in pictures.

use std::collections::BTreeMap;

use domain::{
    ids::UserId,
    process_type::{Definition, definition::OwnerRule},
};

/// The names behind the keys and ids of a definition. What is not listed is called by its key, put in plain words.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Names of roles by their key.
    pub roles: BTreeMap<String, String>,
    /// Names of people by their id.
    pub people: BTreeMap<UserId, String>,
}

impl Names {
    /// Who a step belongs to: the first of its owner rules, in people's words.
    pub(crate) fn owner(&self, definition: &Definition, rules: &[OwnerRule]) -> String {
        // A rule may point on to another step or to the process's own rules, and these again: a few hops are enough.
        self.follow(definition, rules, 8)
    }

    fn follow(&self, definition: &Definition, rules: &[OwnerRule], hops: u8) -> String {
        let nobody = || "Unassigned".to_owned();
        let Some(rule) = rules.first().filter(|_| hops > 0) else {
            return nobody();
        };
        match rule {
            OwnerRule::Role(key) => self.role(key),
            OwnerRule::User(id) => self
                .people
                .get(id)
                .cloned()
                .unwrap_or_else(|| "Named person".to_owned()),
            OwnerRule::Field(key) => {
                let field = definition.fields().find(|field| field.key == *key);
                field.map_or_else(|| in_words(key), |field| field.label.clone())
            }
            OwnerRule::ExecutorOf(key) => definition.task(key).map_or_else(nobody, |task| {
                self.follow(definition, &task.owner, hops - 1)
            }),
            OwnerRule::ProcessOwner if definition.owner.is_empty() => "Process owner".to_owned(),
            OwnerRule::ProcessOwner => self.follow(definition, &definition.owner, hops - 1),
            OwnerRule::Initiator => match definition.initiators.first() {
                Some(key) if key != "anyone" => self.role(key),
                Some(_) | None => "Initiator".to_owned(),
            },
            OwnerRule::Unassigned => nobody(),
        }
    }

    fn role(&self, key: &str) -> String {
        self.roles
            .get(key)
            .cloned()
            .unwrap_or_else(|| in_title_case(key))
    }
}

/// `renewal_date` as people write it: renewal date.
pub(crate) fn in_words(key: &str) -> String {
    key.replace('_', " ")
}

fn in_title_case(key: &str) -> String {
    let words = key.split('_').map(|word| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| {
            first.to_uppercase().chain(letters).collect()
        })
    });
    words.collect::<Vec<_>>().join(" ")
}
