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
    let kinds = index.kinds_of(&attribute.of);
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
                known.options.as_deref().unwrap_or_default().join(", ")
            ),
        ),
    }
}
