//! Effects: the records they touch, the values they write, the fields they read (E13).

use super::{
    conditions::fixed_value,
    index::{Index, Moment},
    kinds::{not_before, related_known, unknown_field},
    shape::{Base, Misfit, Shape},
    subject::{known_kind, unknown_attribute},
};
use crate::{
    entity::kind_matches,
    fault::{Faults, segment},
    process::request_attribute::requested_key,
    process_type::definition::{
        AttributeLink, Effect, EffectAction, EffectOperand, Target, TaskKind, TaskTemplate,
    },
    value::FieldType,
};

pub(super) fn check(index: &Index<'_>, faults: &mut Faults) {
    for (task, template) in index.tasks() {
        for (place, effect) in template.on_complete.iter().enumerate() {
            let at = format!("/tasks/{task}/on_complete/{place}");
            outcome(template, effect, &at, faults);
            request(index, task, effect, &at, faults);
            self::effect(index, effect, Moment::Completing(task), &at, faults);
        }
    }
    for (place, result) in index.definition.results.iter().enumerate() {
        for (effect, it) in result.effects.iter().enumerate() {
            let at = format!("/results/{place}/effects/{effect}");
            if matches!(it.action, EffectAction::RequestAttribute { .. }) {
                faults.add(
                    format!("{at}/type"),
                    "needs-a-task",
                    "There is no completion form in which a result could ask: move this to the task before.",
                );
            }
            self::effect(index, it, Moment::Ending, &at, faults);
        }
    }
}

fn outcome(template: &TaskTemplate, effect: &Effect, at: &str, faults: &mut Faults) {
    if let Some(outcome) = &effect.if_outcome
        && template.outcome(outcome).is_none()
    {
        faults.add(
            format!("{at}/if_outcome"),
            "unknown-outcome",
            format!("The task has no outcome `{outcome}`: name one of its own."),
        );
    }
}

/// A request asks once, in a form that people complete, under a key that no field of the type has.
fn request(index: &Index<'_>, task: usize, effect: &Effect, at: &str, faults: &mut Faults) {
    let EffectAction::RequestAttribute { attribute, .. } = &effect.action else {
        return;
    };
    let template = &index.definition.tasks[task];
    let by_process = template.kind == TaskKind::FanOut && template.starts.is_some();
    if by_process || template.kind == TaskKind::Subprocess {
        faults.add(
            format!("{at}/type"),
            "needs-a-person",
            "A process completes this task, which nobody could ask: move this to another task.",
        );
    }
    if effect.each.is_some() {
        faults.add(
            format!("{at}/each"),
            "unexpected-member",
            "A form asks once: leave `each` out; with `of` the answer is written to every record that it names.",
        );
    }
    let key = requested_key(attribute, &effect.of);
    let taken = index.field(&key).is_some_and(|(_, field)| {
        let same = |link: &AttributeLink| link.key == *attribute && link.of == effect.of;
        !field.attribute.as_ref().is_some_and(same)
    });
    let known = !index
        .attribute(
            attribute,
            &index.kinds_of(&effect.of, Moment::Completing(task)),
        )
        .is_empty();
    if taken && known {
        faults.add(
            format!("{at}/attribute"),
            "duplicate-key",
            format!("The form would ask for it as `{key}`, which is the key of another field: rename that."),
        );
    }
}

fn effect(index: &Index<'_>, effect: &Effect, moment: Moment, at: &str, faults: &mut Faults) {
    if let Some(each) = &effect.each {
        self::each(index, each, moment, format!("{at}/each"), faults);
    }
    let record_known = record(index, &effect.of, moment, at, faults);
    match &effect.action {
        EffectAction::SetAttribute { attribute, value } => {
            let readable = operand_known(index, value, moment, &format!("{at}/value"), faults);
            if record_known && readable {
                write(index, effect, attribute, value, moment, at, faults);
            }
        }
        EffectAction::RequestAttribute { attribute, .. } if record_known => {
            attribute_of_all(index, &effect.of, attribute, moment, at, faults);
        }
        EffectAction::CreateEntity {
            kind, as_related, ..
        } => {
            create(index, kind, as_related.as_deref(), at, faults);
        }
        EffectAction::FileDocument { files, .. } => {
            for (place, key) in files.iter().enumerate() {
                file(index, key, moment, format!("{at}/files/{place}"), faults);
            }
        }
        EffectAction::StartProcess {
            fields, related, ..
        } => {
            for (theirs, operand) in fields {
                let place = format!("{at}/fields/{}", segment(theirs));
                operand_known(index, operand, moment, &place, faults);
            }
            for (theirs, ours) in related {
                related_known(
                    index,
                    ours,
                    format!("{at}/related/{}", segment(theirs)),
                    faults,
                );
            }
        }
        EffectAction::RequestAttribute { .. }
        | EffectAction::LogTouchpoint { .. }
        | EffectAction::CreateTask { .. }
        | EffectAction::Notify { .. }
        | EffectAction::ScheduleNext { .. } => {}
    }
}

fn each(index: &Index<'_>, key: &str, moment: Moment, at: String, faults: &mut Faults) {
    if index.related(key).is_some() {
        return;
    }
    match index.field(key) {
        None => faults.add(
            at,
            "unknown-record",
            format!("There is no related record or field `{key}`: name a key of `related` or a `multiple` field."),
        ),
        Some((_, field)) if !field.multiple => faults.add(
            at,
            "type-mismatch",
            format!("`{key}` holds one value: name a field with `multiple`, or leave `each` out."),
        ),
        Some((home, _)) if !index.field_is_past(home, moment) => {
            not_before("field", key, at, faults);
        }
        Some(_) => {}
    }
}

/// Whether the record that `of` names is one, and known by then.
pub(super) fn record(
    index: &Index<'_>,
    of: &Target,
    moment: Moment,
    at: &str,
    faults: &mut Faults,
) -> bool {
    let Target::Field(key) = of else { return true };
    let at = format!("{at}/of");
    match index.field(key) {
        None => unknown_field(key, at, faults),
        Some((_, field)) if !matches!(field.field_type, FieldType::Entity | FieldType::User) => {
            faults.add(
                at,
                "type-mismatch",
                format!("`{key}` names no record: name an `entity` or `user` field."),
            );
        }
        Some((home, _)) if !index.field_is_past(home, moment) => {
            not_before("field", key, at, faults);
        }
        Some(_) => return true,
    }
    false
}

/// Whether the field that an operand reads exists and is captured by then.
pub(super) fn operand_known(
    index: &Index<'_>,
    operand: &EffectOperand,
    moment: Moment,
    at: &str,
    faults: &mut Faults,
) -> bool {
    let EffectOperand::Field(key) = operand else {
        return true;
    };
    match index.field(key) {
        None => unknown_field(key, format!("{at}/field"), faults),
        Some((home, _)) if !index.field_is_past(home, moment) => {
            not_before("field", key, format!("{at}/field"), faults);
        }
        Some(_) => return true,
    }
    false
}

/// The shapes of an attribute that every kind of the record has; none, with a fault, where one lacks it.
fn attribute_of_all<'a>(
    index: &Index<'a>,
    of: &Target,
    attribute: &str,
    moment: Moment,
    at: &str,
    faults: &mut Faults,
) -> Vec<Shape<'a>> {
    let kinds = index.kinds_of(of, moment);
    let shapes = index.attribute(attribute, &kinds);
    if shapes.is_empty() || shapes.len() < kinds.len() {
        unknown_attribute(attribute, format!("{at}/attribute"), faults);
        return Vec::new();
    }
    shapes
}

fn write(
    index: &Index<'_>,
    effect: &Effect,
    attribute: &str,
    value: &EffectOperand,
    moment: Moment,
    at: &str,
    faults: &mut Faults,
) {
    for shape in attribute_of_all(index, &effect.of, attribute, moment, at, faults) {
        let misfit = match value {
            EffectOperand::Fixed(value) => {
                if !fixed_value(index, &shape, value, format!("{at}/value/fixed"), faults) {
                    return;
                }
                None
            }
            EffectOperand::Now => {
                let dated = shape.base == Base::Date;
                (!dated).then_some((Misfit::Type, "now"))
            }
            EffectOperand::Field(key) => index.field(key).and_then(|(_, field)| {
                let mut offered = Shape::of_field(field);
                if effect.each.as_ref() == Some(key) {
                    offered = offered.single();
                }
                shape
                    .takes_all_of(&offered)
                    .err()
                    .map(|misfit| (misfit, "field"))
            }),
        };
        match misfit {
            None => {}
            Some((Misfit::Type, member)) => {
                faults.add(
                    format!("{at}/value/{member}"),
                    "type-mismatch",
                    format!(
                        "The attribute `{attribute}` takes {}: write that.",
                        shape.name()
                    ),
                );
                return;
            }
            Some((Misfit::Option, member)) => {
                faults.add(
                    format!("{at}/value/{member}"),
                    "unknown-option",
                    format!(
                        "The field offers what the attribute `{attribute}` does not know: offer only {}.",
                        shape.offers()
                    ),
                );
                return;
            }
        }
    }
}

fn create(index: &Index<'_>, kind: &str, as_related: Option<&str>, at: &str, faults: &mut Faults) {
    if matches!(kind, "client" | "firm") {
        faults.add(
            format!("{at}/kind"),
            "unknown-kind",
            format!("`{kind}` cannot be made: name one kind, such as `household` or `account`."),
        );
    } else {
        known_kind(index, kind, format!("{at}/kind"), faults);
    }
    let Some(key) = as_related else { return };
    let place = format!("{at}/as");
    match index.related(key) {
        None => related_known(index, key, place, faults),
        Some(related) if !kind_matches(related, kind) => faults.add(
            place,
            "type-mismatch",
            format!("The related record `{key}` is of kind `{related}`: make one of that kind."),
        ),
        Some(_) => {}
    }
}

fn file(index: &Index<'_>, key: &str, moment: Moment, at: String, faults: &mut Faults) {
    match index.field(key) {
        None => unknown_field(key, at, faults),
        Some((_, field)) if field.field_type != FieldType::File => faults.add(
            at,
            "type-mismatch",
            format!("`{key}` holds no document: name a `file` field."),
        ),
        Some((home, _)) if !index.field_is_past(home, moment) => {
            not_before("field", key, at, faults);
        }
        Some(_) => {}
    }
}

#[cfg(test)]
mod tests;
