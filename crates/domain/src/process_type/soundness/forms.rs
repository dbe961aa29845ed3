//! Form fields: their limits, and the attributes that they show and update.

use super::{
    effects::record,
    index::{Index, Moment},
    shape::{Misfit, Shape},
    subject::{known_kind, unknown_attribute},
};
use crate::{
    fault::Faults,
    process_type::definition::{AttributeLink, Field},
};

pub(super) fn check(index: &Index<'_>, faults: &mut Faults) {
    form(
        index,
        &index.definition.start_form,
        Moment::Started,
        "/start_form",
        faults,
    );
    for (task, template) in index.tasks() {
        let at = format!("/tasks/{task}/form");
        form(index, &template.form, Moment::Completing(task), &at, faults);
    }
}

/// Attributes are written when the form is handed in: any field of the same form is known by then.
fn form(index: &Index<'_>, fields: &[Field], moment: Moment, at: &str, faults: &mut Faults) {
    for (place, field) in fields.iter().enumerate() {
        let at = format!("{at}/{place}");
        if let Some(kind) = &field.entity_kind {
            known_kind(index, kind, format!("{at}/entity_kind"), faults);
        }
        limits(field, &at, faults);
        if let Some(attribute) = &field.attribute {
            link(index, field, attribute, moment, &at, faults);
        }
    }
}

fn limits(field: &Field, at: &str, faults: &mut Faults) {
    let shape = Shape::of_field(field).single();
    if !shape.base.is_ordered() {
        // That such a field has no least or greatest value was said when it was read.
        return;
    }
    for (member, limit) in [("min", &field.min), ("max", &field.max)] {
        if limit
            .as_ref()
            .is_some_and(|limit| shape.takes(limit).is_err())
        {
            faults.add(
                format!("{at}/validate/{member}"),
                "type-mismatch",
                format!("The limit must be {}, like the field.", shape.name()),
            );
        }
    }
}

fn link(
    index: &Index<'_>,
    field: &Field,
    attribute: &AttributeLink,
    moment: Moment,
    at: &str,
    faults: &mut Faults,
) {
    if !record(index, &attribute.of, moment, at, faults) {
        return;
    }
    let kinds = index.kinds_of(&attribute.of, moment);
    let known = index.attribute(&attribute.key, &kinds);
    if known.is_empty() || known.len() < kinds.len() {
        unknown_attribute(&attribute.key, format!("{at}/attribute"), faults);
        return;
    }
    let shape = Shape::of_field(field);
    let misfit = known
        .iter()
        .find_map(|known| known.takes_all_of(&shape).err().map(|m| (m, known)));
    match misfit {
        None => {}
        Some((Misfit::Type, known)) => faults.add(
            format!("{at}/attribute"),
            "type-mismatch",
            format!(
                "The attribute `{}` takes {}, the field gives {}: change the field's type, or name another attribute.",
                attribute.key,
                known.name(),
                shape.name()
            ),
        ),
        Some((Misfit::Option, known)) => faults.add(
            format!("{at}/options"),
            "unknown-option",
            format!(
                "The attribute `{}` does not know all of these: offer only {}.",
                attribute.key,
                known.offers()
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::process_type::soundness::sample::{assert_faults, with_task};

    fn with_field(members: &Value) -> Value {
        with_task("welcome", |task| {
            let mut field = json!({"key": "extra", "label": "Extra"});
            field
                .as_object_mut()
                .unwrap()
                .extend(members.as_object().unwrap().clone());
            task["form"][0] = field;
        })
    }

    #[track_caller]
    fn assert_fault(members: &Value, place: &str, code: &str) {
        assert_faults(
            with_field(members),
            &[(&format!("/tasks/welcome/form/0/{place}"), code)],
        );
    }

    #[test]
    fn limits_are_of_the_field_s_type() {
        assert_fault(
            &json!({"type": "number", "validate": {"min": "1"}}),
            "validate/min",
            "type-mismatch",
        );
        assert_fault(
            &json!({"type": "date", "validate": {"max": 1}}),
            "validate/max",
            "type-mismatch",
        );
        assert_faults(
            with_field(&json!({"type": "date", "validate": {"min": "2026-01-01"}})),
            &[],
        );
    }

    #[test]
    fn an_entity_field_takes_a_known_kind() {
        assert_fault(
            &json!({"type": "entity", "entity_kind": "spaceship"}),
            "entity_kind",
            "unknown-kind",
        );
        assert_faults(
            with_field(&json!({"type": "entity", "entity_kind": "client"})),
            &[],
        );
    }

    /// E20
    #[test]
    fn an_attribute_is_one_of_its_record() {
        assert_fault(
            &json!({"type": "text", "attribute": "nope"}),
            "attribute",
            "unknown-attribute",
        );
        // The account has it, the client does not.
        assert_fault(
            &json!({"type": "text", "attribute": "model"}),
            "attribute",
            "unknown-attribute",
        );
        // A person has it, a trust does not.
        assert_fault(
            &json!({"type": "date", "attribute": "born_on"}),
            "attribute",
            "unknown-attribute",
        );
        assert_fault(
            &json!({"type": "text", "attribute": "model", "of": "firm"}),
            "attribute",
            "unknown-attribute",
        );
        assert_fault(
            &json!({"type": "text", "attribute": "model", "of": "owners"}),
            "of",
            "type-mismatch",
        );
        assert_faults(
            with_field(&json!({"type": "text", "attribute": "model", "of": "account"})),
            &[],
        );
    }

    /// E20
    #[test]
    fn a_field_gives_what_its_attribute_takes() {
        assert_fault(
            &json!({"type": "number", "attribute": "trusted_contact"}),
            "attribute",
            "type-mismatch",
        );
        assert_fault(
            &json!({"type": "datetime", "attribute": "adv_delivered_date"}),
            "attribute",
            "type-mismatch",
        );
        assert_fault(
            &json!({"type": "text", "multiple": true, "attribute": "trusted_contact"}),
            "attribute",
            "type-mismatch",
        );
        assert_fault(
            &json!({"type": "text", "attribute": "tier"}),
            "attribute",
            "type-mismatch",
        );
        assert_fault(
            &json!({"type": "choice", "options": ["A", "C"], "attribute": "tier"}),
            "options",
            "unknown-option",
        );
        for fitting in [
            json!({"type": "choice", "options": ["A"], "attribute": "tier"}),
            json!({"type": "long_text", "attribute": "trusted_contact"}),
            json!({"type": "choice", "options": ["Any"], "attribute": "trusted_contact"}),
            json!({"type": "choice", "options": ["client", "former"], "attribute": "status"}),
        ] {
            assert_faults(with_field(&fitting), &[]);
        }
    }

    #[test]
    fn a_record_is_named_before_its_attributes_are_asked_for() {
        let named_in = |place: &str| {
            let mut document =
                with_field(&json!({"type": "date", "attribute": "born_on", "of": "heir"}));
            let field =
                json!({"key": "heir", "label": "Heir", "type": "entity", "entity_kind": "person"});
            let form = document.pointer_mut(place).unwrap().as_array_mut().unwrap();
            form.push(field);
            document
        };
        assert_faults(named_in("/start_form"), &[]);
        assert_faults(named_in("/tasks/18/form"), &[]);
        let mut late = named_in("/tasks/18/form");
        late["tasks"][0]["form"][0] = late["tasks"][18]["form"][0].take();
        late["tasks"][18]["form"].as_array_mut().unwrap().remove(0);
        assert_faults(late, &[("/tasks/0/form/0/of", "not-before")]);
    }
}
