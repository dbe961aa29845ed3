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
    process_type::definition::{Effect, EffectAction, EffectOperand, Target, TaskTemplate},
    value::FieldType,
};

pub(super) fn check(index: &Index<'_>, faults: &mut Faults) {
    for (task, template) in index.tasks() {
        for (place, effect) in template.on_complete.iter().enumerate() {
            let at = format!("/tasks/{task}/on_complete/{place}");
            outcome(template, effect, &at, faults);
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

fn effect(index: &Index<'_>, effect: &Effect, moment: Moment, at: &str, faults: &mut Faults) {
    if let Some(each) = &effect.each {
        self::each(index, each, moment, format!("{at}/each"), faults);
    }
    let record_known = record(index, &effect.of, moment, at, faults);
    match &effect.action {
        EffectAction::SetAttribute { attribute, value } => {
            let readable = operand_known(index, value, moment, &format!("{at}/value"), faults);
            if record_known && readable {
                write(index, effect, attribute, value, at, faults);
            }
        }
        EffectAction::RequestAttribute { attribute, .. } if record_known => {
            attribute_of_all(index, &effect.of, attribute, at, faults);
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
    at: &str,
    faults: &mut Faults,
) -> Vec<Shape<'a>> {
    let kinds = index.kinds_of(of);
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
    at: &str,
    faults: &mut Faults,
) {
    for shape in attribute_of_all(index, &effect.of, attribute, at, faults) {
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
                        shape.options.as_deref().unwrap_or_default().join(", ")
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
mod tests {
    use serde_json::{Value, json};

    use crate::process_type::soundness::sample::{assert_faults, with, with_task};

    fn with_effect(effect: Value) -> Value {
        with_task("submit", |task| task["on_complete"] = json!([effect]))
    }

    #[track_caller]
    fn assert_fault(effect: Value, place: &str, code: &str) {
        assert_faults(
            with_effect(effect),
            &[(&format!("/tasks/submit/on_complete/0/{place}"), code)],
        );
    }

    fn set(attribute: &str, of: &str, value: Value) -> Value {
        let mut effect = json!({"type": "set_attribute", "attribute": attribute, "value": value});
        if !of.is_empty() {
            effect["of"] = json!(of);
        }
        effect
    }

    /// E13
    #[test]
    fn an_effect_follows_from_an_outcome_of_its_task() {
        let mut effect = json!({"type": "file_document"});
        effect["if_outcome"] = json!("nope");
        assert_fault(effect, "if_outcome", "unknown-outcome");
    }

    /// E13
    #[test]
    fn a_written_attribute_is_one_of_the_record() {
        assert_fault(
            set("nope", "", json!({"now": true})),
            "attribute",
            "unknown-attribute",
        );
        assert_fault(
            set("model", "", json!({"fixed": "Growth"})),
            "attribute",
            "unknown-attribute",
        );
        assert_fault(
            set("tier", "firm", json!({"fixed": "A"})),
            "attribute",
            "unknown-attribute",
        );
        assert_fault(
            set("model", "custodian", json!({"fixed": "Growth"})),
            "of",
            "type-mismatch",
        );
        assert_faults(
            with_effect(set("model", "account", json!({"fixed": "Growth"}))),
            &[],
        );
    }

    /// E13
    #[test]
    fn a_written_value_is_of_the_attribute_s_type() {
        assert_fault(
            set("tier", "", json!({"fixed": "C"})),
            "value/fixed",
            "unknown-option",
        );
        assert_fault(
            set("tier", "", json!({"fixed": 1})),
            "value/fixed",
            "type-mismatch",
        );
        assert_fault(
            set("tier", "", json!({"now": true})),
            "value/now",
            "type-mismatch",
        );
        assert_fault(
            set("tier", "", json!({"field": "owners"})),
            "value/field",
            "type-mismatch",
        );
        assert_fault(
            set("tier", "", json!({"field": "custodian"})),
            "value/field",
            "unknown-option",
        );
        assert_fault(
            set("tier", "", json!({"field": "nope"})),
            "value/field",
            "unknown-field",
        );
        assert_fault(
            set(
                "trusted_contact",
                "",
                json!({"field": "agreement_version_2"}),
            ),
            "value/field",
            "unknown-field",
        );
        assert_fault(
            set(
                "trusted_contact",
                "",
                json!({"field": "funding_instruction"}),
            ),
            "value/field",
            "not-before",
        );
        for (attribute, value) in [
            ("adv_delivered_date", json!({"now": true})),
            ("adv_delivered_date", json!({"field": "package_signed_on"})),
            ("trusted_contact", json!({"field": "custodian"})),
            ("tier", json!({"fixed": "A"})),
        ] {
            assert_faults(with_effect(set(attribute, "", value)), &[]);
        }
    }

    /// A status belongs to its kind: a client is never `open`, an account never `prospect`.
    #[test]
    fn a_status_is_one_of_the_record_s_kind() {
        assert_faults(
            with_effect(set("status", "account", json!({"fixed": "closed"}))),
            &[],
        );
        assert_fault(
            set("status", "account", json!({"fixed": "Open"})),
            "value/fixed",
            "unknown-option",
        );
        assert_fault(
            set("status", "", json!({"fixed": "open"})),
            "value/fixed",
            "unknown-option",
        );
    }

    /// E13
    #[test]
    fn a_list_is_written_item_by_item() {
        let mut each = set("trusted_contact", "", json!({"field": "initial_features"}));
        assert_fault(each.clone(), "value/field", "type-mismatch");
        each["each"] = json!("initial_features");
        assert_faults(with_effect(each.clone()), &[]);
        for (key, code) in [("nope", "unknown-record"), ("owners", "type-mismatch")] {
            each["value"] = json!({"fixed": "x"});
            each["each"] = json!(key);
            assert_fault(each.clone(), "each", code);
        }
    }

    /// E13
    #[test]
    fn only_a_task_can_ask_for_an_attribute() {
        assert_fault(
            json!({"type": "request_attribute", "attribute": "model"}),
            "attribute",
            "unknown-attribute",
        );
        let asks = json!({"type": "request_attribute", "attribute": "tier"});
        assert_faults(with_effect(asks.clone()), &[]);
        assert_faults(
            with(|it| it["results"][0]["effects"][0] = asks),
            &[("/results/0/effects/0/type", "needs-a-task")],
        );
    }

    /// E13
    #[test]
    fn a_record_is_made_of_one_kind_and_becomes_the_related_one() {
        let create = |kind: &str, related: &str| json!({"type": "create_entity", "kind": kind, "name": "New", "as": related});
        assert_fault(create("account", "nope"), "as", "unknown-related");
        assert_fault(create("household", "account"), "as", "type-mismatch");
        let mut effect = create("client", "account");
        effect.as_object_mut().unwrap().remove("as");
        assert_fault(effect.clone(), "kind", "unknown-kind");
        effect["kind"] = json!("spaceship");
        assert_fault(effect, "kind", "unknown-kind");
    }

    /// E13
    #[test]
    fn filed_documents_come_from_file_fields() {
        let filing =
            |key: &str| json!({"type": "file_document", "files": ["account_package", key]});
        assert_fault(filing("nope"), "files/1", "unknown-field");
        assert_fault(filing("owners"), "files/1", "type-mismatch");
        assert_faults(with_effect(filing("plan_fee_document")), &[]);
        assert_faults(
            with_task("intake", |task| {
                task["on_complete"] = json!([filing("registration_papers")])
            }),
            &[
                ("/tasks/intake/on_complete/0/files/0", "not-before"),
                ("/tasks/intake/on_complete/0/files/1", "not-before"),
            ],
        );
    }

    /// E13
    #[test]
    fn a_started_process_is_handed_what_there_is() {
        assert_faults(
            with_effect(json!({
                "type": "start_process", "process_type": "money_movement_in",
                "fields": {"x": {"field": "nope"}}, "related": {"y": "nope"},
            })),
            &[
                (
                    "/tasks/submit/on_complete/0/fields/x/field",
                    "unknown-field",
                ),
                ("/tasks/submit/on_complete/0/related/y", "unknown-related"),
            ],
        );
    }
}
