//! Processes that a process asks for (E13, E25): what their start is given.

use super::{
    Cause, Parent, form::accept_start_fields, start::StartInput, subject::check_subject,
    world::World,
};
use crate::{
    entity::kind_matches,
    fault::Fault,
    ids::ProcessTypeId,
    job::StartRequest,
    process_type::Definition,
    value::{FieldType, FieldValue},
};

/// How many processes may stand above one; a chain that grows longer ends as if the next type were missing.
pub const MAX_DEPTH: u32 = 8;

impl StartRequest {
    /// Whether the chain of processes that start processes has grown too long.
    #[must_use]
    pub const fn is_too_deep(&self) -> bool {
        self.depth > MAX_DEPTH
    }

    /// The start that it asks for. A related record whose key is that of an `entity` field of the start form answers that
    /// field; keys that the type does not have are left out.
    #[must_use]
    pub fn input(
        &self,
        definition: &Definition,
        process_type_id: ProcessTypeId,
        version: i32,
    ) -> StartInput {
        let mut fields = self.fields.clone();
        for field in &definition.start_form {
            if field.field_type == FieldType::Entity
                && let Some(record) = self.related.get(&field.key)
            {
                fields
                    .entry(field.key.clone())
                    .or_insert_with(|| FieldValue::Text(record.to_string()));
            }
        }
        fields.retain(|key, _| definition.start_form.iter().any(|field| field.key == *key));
        let mut related = self.related.clone();
        related.retain(|key, _| definition.related.iter().any(|named| named.key == *key));
        StartInput {
            process_type_id,
            version,
            entity_ids: self.entity_id.into_iter().collect(),
            related,
            fields,
            asked_fields: Vec::new(),
            parent: Some(Parent {
                process_id: self.parent_process_id,
                task_id: self.parent_task_id,
                waited_for: self.waited_for,
            }),
            cause: Cause::default(),
            depth: self.depth,
            initiator: self.initiator_id,
        }
    }
}

/// Fits a start that nobody waits for to what is around it: related records of another kind and answers that do not hold are
/// left out, and the required fields that stay empty are asked for later. Refused with every fault where the type does not
/// serve the subject, so that there is nothing to start.
pub fn fitted(
    definition: &Definition,
    world: World<'_>,
    mut input: StartInput,
) -> Result<StartInput, Vec<Fault>> {
    let entities = &world.around.entities;
    input.related.retain(|key, id| {
        let named = definition.related.iter().find(|named| named.key == *key);
        let record = entities.get(id);
        named
            .zip(record)
            .is_some_and(|(named, record)| kind_matches(&named.kind, &record.kind))
    });
    let faults = check_subject(definition, world, &input);
    let firm = world.catalog.firm.id.entity();
    let subject = entities.get(input.entity_ids.first().unwrap_or(&firm));
    let Some(subject) = subject.filter(|_| faults.is_empty()) else {
        return Err(faults);
    };
    let (fields, asked) = accept_start_fields(definition, &input.fields, subject, world);
    input.fields = fields;
    input.asked_fields = asked;
    Ok(input)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        ids::{EntityId, ProcessId},
        process::fixture::{Fixture, definition, field, list, required, template, text},
        process_type::definition::{Field, Related},
    };

    fn request(fixture: &Fixture, related: &[(&str, EntityId)]) -> StartRequest {
        StartRequest {
            process_type: "child".to_owned(),
            entity_id: Some(fixture.client),
            related: related
                .iter()
                .map(|(key, id)| ((*key).to_owned(), *id))
                .collect(),
            fields: BTreeMap::from([("purpose".to_owned(), text("Rollover"))]),
            parent_process_id: ProcessId(fixture.run.process.id.0),
            parent_task_id: None,
            parent_attempt: None,
            waited_for: true,
            depth: 1,
            unless_open: false,
            initiator_id: None,
        }
    }

    fn started(fixture: &Fixture, request: &StartRequest) -> Option<StartInput> {
        let process = &fixture.run.process;
        let input = request.input(&fixture.definition, process.process_type_id, 3);
        fitted(&fixture.definition, fixture.engine().world, input).ok()
    }

    fn child() -> Fixture {
        let mut definition = definition(vec![template("a")]);
        definition.subject.kinds = vec!["client".to_owned()];
        definition.related = vec![Related {
            key: "custodian".to_owned(),
            kind: "organization".to_owned(),
        }];
        definition.start_form = vec![
            Field {
                multiple: true,
                ..required("accounts", FieldType::Entity)
            },
            required("amount", FieldType::Money),
            field("purpose", FieldType::Text),
        ];
        Fixture::new(definition)
    }

    /// E13
    #[test]
    fn a_related_record_answers_the_entity_field_of_its_key() {
        let fixture = child();
        let client = fixture.client;
        let request = request(&fixture, &[("accounts", client), ("other", client)]);
        let input = started(&fixture, &request).unwrap();
        let expected = [
            ("accounts".to_owned(), list(&[&client.to_string()])),
            ("purpose".to_owned(), text("Rollover")),
        ];
        assert_eq!(input.fields, BTreeMap::from(expected));
        assert_eq!(input.asked_fields, ["amount"]);
        assert!(input.related.is_empty());
        assert_eq!(input.version, 3);
    }

    /// E13
    #[test]
    fn a_related_record_of_another_kind_is_left_out() {
        let fixture = child();
        let request = request(&fixture, &[("custodian", fixture.client)]);
        assert!(started(&fixture, &request).unwrap().related.is_empty());
    }

    /// E13, E16
    #[test]
    fn a_subject_that_the_type_does_not_serve_starts_nothing() {
        let mut fixture = child();
        let request = request(&fixture, &[]);
        assert!(started(&fixture, &request).is_some());
        fixture.definition.subject.kinds = vec!["account".to_owned()];
        assert_eq!(started(&fixture, &request), None);
    }

    /// E13
    #[test]
    fn a_chain_may_grow_to_eight() {
        let fixture = child();
        let deep = |depth| StartRequest {
            depth,
            ..request(&fixture, &[])
        };
        assert!(!deep(8).is_too_deep());
        assert!(deep(9).is_too_deep());
    }
}
