//! For whom a process may be started, and with which further records (E16).

use crate::{
    entity::{Entity, kind_matches},
    fault::{Fault, Faults, segment},
    ids::EntityId,
    process::{start::StartInput, world::World},
    process_type::definition::{Definition, SubjectRule},
};

/// All faults of a start's subjects and related records: how many, of which kinds, in which statuses. An entity that is not
/// among the surroundings is unknown.
#[must_use]
pub fn check_subject(definition: &Definition, world: World<'_>, input: &StartInput) -> Vec<Fault> {
    let mut faults = Faults::default();
    let rule = &definition.subject;
    match &input.entity_ids[..] {
        [] => check_entity(
            rule,
            world,
            world.catalog.firm.id.entity(),
            "/entity_id",
            &mut faults,
        ),
        [one] => check_entity(rule, world, *one, "/entity_id", &mut faults),
        several => {
            if !rule.many {
                let detail = "A process of this type serves one entity.";
                faults.add("/entity_ids", "too-many", detail);
            }
            for (place, id) in several.iter().enumerate() {
                let pointer = format!("/entity_ids/{place}");
                if several[..place].contains(id) {
                    faults.add(&pointer, "duplicate", "The entity is named twice.");
                }
                check_entity(rule, world, *id, &pointer, &mut faults);
            }
        }
    }
    for (key, id) in &input.related {
        let pointer = format!("/related/{}", segment(key));
        let Some(related) = definition
            .related
            .iter()
            .find(|related| related.key == *key)
        else {
            faults.add(
                pointer,
                "unknown-key",
                "The process type names no such record.",
            );
            continue;
        };
        if let Some(entity) = known(world, *id, &pointer, &mut faults)
            && !kind_matches(&related.kind, &entity.kind)
        {
            let detail = format!("The record has to be of the kind `{}`.", related.kind);
            faults.add(pointer, "wrong-kind", detail);
        }
    }
    faults.into_vec()
}

fn check_entity(
    rule: &SubjectRule,
    world: World<'_>,
    id: EntityId,
    pointer: &str,
    faults: &mut Faults,
) {
    let Some(entity) = known(world, id, pointer, faults) else {
        return;
    };
    if !rule
        .kinds
        .iter()
        .any(|kind| kind_matches(kind, &entity.kind))
    {
        let kinds = rule.kinds.join("`, `");
        let detail = format!("The process runs for an entity of the kind `{kinds}`.");
        faults.add(pointer, "wrong-kind", detail);
    } else if !rule.statuses.is_empty() && !rule.statuses.contains(&entity.status) {
        let statuses = rule.statuses.join("`, `");
        let detail = format!("The process runs for an entity in the status `{statuses}`.");
        faults.add(pointer, "wrong-status", detail);
    }
}

fn known<'a>(
    world: World<'a>,
    id: EntityId,
    pointer: &str,
    faults: &mut Faults,
) -> Option<&'a Entity> {
    let entity = world.around.entities.get(&id);
    if entity.is_none() {
        faults.add(pointer, "unknown-entity", "The firm has no such entity.");
    }
    entity
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::{
        process::rehearsal::{Rehearsal, task},
        process_type::definition::Related,
    };

    fn plan() -> Rehearsal {
        let mut plan = Rehearsal::of([task("a")]);
        plan.definition.subject.kinds = vec!["client".to_owned()];
        plan.input.entity_ids = Vec::new();
        for (number, kind, status) in [
            (1, "firm", "active"),
            (2, "household", "client"),
            (3, "person", "prospect"),
            (4, "account", "open"),
        ] {
            let id = EntityId(Uuid::from_u128(number));
            let entity = Entity {
                id,
                kind: kind.to_owned(),
                name: kind.to_owned(),
                status: status.to_owned(),
                team_id: None,
                restricted: false,
                attributes: std::collections::BTreeMap::new(),
                created_at: DateTime::UNIX_EPOCH,
                version: 1,
            };
            plan.around.entities.insert(id, entity);
        }
        plan
    }

    fn faults(plan: &Rehearsal) -> Vec<String> {
        let found = check_subject(&plan.definition, plan.world(), &plan.input);
        found
            .iter()
            .map(|fault| format!("{} {}", fault.pointer, fault.code))
            .collect()
    }

    fn entities(numbers: &[u128]) -> Vec<EntityId> {
        let ids = numbers.iter().map(|number| Uuid::from_u128(*number));
        ids.map(EntityId).collect()
    }

    /// E16
    #[test]
    fn a_subject_is_known_and_of_a_kind_and_status_that_the_type_serves() {
        let mut plan = plan();
        plan.definition.subject.statuses = vec!["client".to_owned()];
        for (ids, expected) in [
            (&[2][..], vec![]),
            (&[3], vec!["/entity_id wrong-status"]),
            (&[4], vec!["/entity_id wrong-kind"]),
            (&[9], vec!["/entity_id unknown-entity"]),
        ] {
            plan.input.entity_ids = entities(ids);
            assert_eq!(faults(&plan), expected, "{ids:?}");
        }
    }

    /// E16
    #[test]
    fn without_an_entity_the_type_has_to_serve_the_firm() {
        let mut plan = plan();
        assert_eq!(faults(&plan), ["/entity_id wrong-kind"]);
        plan.definition.subject.kinds = vec!["firm".to_owned()];
        assert!(faults(&plan).is_empty());
    }

    /// E16
    #[test]
    fn several_subjects_need_a_type_for_many_and_each_is_named_once() {
        let mut plan = plan();
        plan.input.entity_ids = entities(&[2, 3]);
        assert_eq!(faults(&plan), ["/entity_ids too-many"]);
        plan.definition.subject.many = true;
        assert!(faults(&plan).is_empty());
        plan.input.entity_ids = entities(&[2, 4, 2]);
        assert_eq!(
            faults(&plan),
            ["/entity_ids/1 wrong-kind", "/entity_ids/2 duplicate"]
        );
    }

    /// E16
    #[test]
    fn related_records_are_those_that_the_type_names() {
        let mut plan = plan();
        plan.definition.related = vec![Related {
            key: "account".to_owned(),
            kind: "account".to_owned(),
        }];
        plan.input.entity_ids = entities(&[2]);
        let account = |number| ("account".to_owned(), EntityId(Uuid::from_u128(number)));
        plan.input.related = [account(4)].into();
        assert!(faults(&plan).is_empty());
        plan.input.related = [account(3)].into();
        assert_eq!(faults(&plan), ["/related/account wrong-kind"]);
        plan.input.related = [("trust".to_owned(), EntityId(Uuid::from_u128(4)))].into();
        assert_eq!(faults(&plan), ["/related/trust unknown-key"]);
    }
}
