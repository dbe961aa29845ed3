//! The names that texts may hold (E14).

use super::index::Index;
use crate::entity::CLIENT_KINDS;

/// The fixed names by what they belong to, a name that stands alone with nothing; besides them there are
/// `entity.attributes.KEY`, `process.fields.KEY`, `item.attributes.KEY`, and for each related record `related.KEY.…` with
/// the names of an entity.
pub const KNOWN_NAMES: [(&str, &[&str]); 9] = [
    ("entity", ENTITY),
    ("process", &["id", "name", "started_at", "status"]),
    ("owner", &["id", "full_name", "email"]),
    ("firm", &["name"]),
    ("task", &["id", "key", "title", "due_at", "outcome"]),
    ("item", ENTITY),
    ("outcome", &[]),
    ("now", &[]),
    ("today", &[]),
];

const ENTITY: &[&str] = &["id", "name", "kind", "status"];

/// Where a text stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope {
    /// Whether there is a task.
    pub(super) task: bool,
    /// Whether it is rendered once per item.
    pub(super) item: bool,
}

/// Whether a dotted path is a name that a text there may hold.
pub(super) fn is_known(index: &Index<'_>, scope: Scope, path: &str) -> bool {
    let parts: Vec<&str> = path.split('.').collect();
    match parts.as_slice() {
        ["task", ..] | ["outcome"] if !scope.task => false,
        ["item", ..] if !scope.item => false,
        ["entity", "attributes", key] => !index.attribute(key, &index.subject_kinds).is_empty(),
        // What an item is shows only at run time; any attribute of the firm may be its.
        ["item", "attributes", key] => index.context.attributes.iter().any(|a| a.key == *key),
        ["process", "fields", key] => index.field(key).is_some(),
        ["related", key, rest @ ..] => related(index, key, rest),
        [alone] => KNOWN_NAMES
            .iter()
            .any(|(known, names)| known == alone && names.is_empty()),
        [root, name] => KNOWN_NAMES
            .iter()
            .any(|(known, names)| known == root && names.contains(name)),
        _ => false,
    }
}

fn related(index: &Index<'_>, key: &str, rest: &[&str]) -> bool {
    let Some(kind) = index.related(key) else {
        return false;
    };
    match rest {
        [name] => ENTITY.contains(name),
        ["attributes", key] => {
            let kinds = if kind == "client" {
                CLIENT_KINDS.to_vec()
            } else {
                vec![kind]
            };
            !index.attribute(key, &kinds).is_empty()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process_type::{parse, soundness::sample};

    /// E14
    #[test]
    fn a_text_may_name_what_the_type_and_the_firm_have_and_nothing_else() {
        let document = sample::new_account_opening();
        let context = sample::context();
        let definition = parse(&document).unwrap();
        let index = Index::new(&document, &definition, &context);
        let in_task = Scope {
            task: true,
            item: false,
        };
        for known in [
            "entity.name",
            "entity.attributes.trusted_contact",
            "entity.attributes.status",
            "process.name",
            "process.fields.account_number",
            "owner.full_name",
            "firm.name",
            "task.due_at",
            "outcome",
            "now",
            "today",
            "related.account.name",
            "related.account.attributes.model",
        ] {
            assert!(is_known(&index, in_task, known), "{known}");
        }
        for unknown in [
            "entity",
            "entity.shoe_size",
            "entity.attributes.model",
            "process.fields.nope",
            "item.name",
            "related.nope.name",
            "related.account.attributes.trusted_contact",
            "entity.name.more",
            "now.year",
            "",
        ] {
            assert!(!is_known(&index, in_task, unknown), "{unknown}");
        }
        let per_item = Scope {
            task: false,
            item: true,
        };
        assert!(is_known(&index, per_item, "item.name"));
        assert!(is_known(&index, per_item, "today"));
        assert!(!is_known(&index, per_item, "task.title"));
        assert!(!is_known(&index, per_item, "outcome"));
    }
}
