//! Effects: each type takes its own members and no others (E13).

use std::collections::BTreeMap;

use super::{Parser, owner};
use crate::{
    fault::segment,
    process_type::{
        definition::{Effect, EffectAction, EffectOperand, OwnerRule, Target},
        document::{EffectDocument, EffectOperandDocument, EffectType},
    },
};

/// The members that a type needs, and those that it may have besides the common ones.
const fn members_of(kind: EffectType) -> (&'static [&'static str], &'static [&'static str]) {
    match kind {
        EffectType::LogTouchpoint => (&["touchpoint_type", "subject"], &[]),
        EffectType::SetAttribute => (&["attribute", "value"], &[]),
        EffectType::RequestAttribute => (&["attribute"], &["required"]),
        EffectType::CreateTask => (&["title"], &["description", "owner", "due"]),
        EffectType::CreateEntity => (&["kind", "name"], &["as", "relation"]),
        EffectType::FileDocument => (&[], &["name", "files"]),
        EffectType::Notify => (&["to", "message"], &[]),
        EffectType::StartProcess => (&["process_type"], &["fields", "related"]),
        EffectType::ScheduleNext => (&["process_type", "at"], &[]),
    }
}

/// The particular members of a document, and whether each is set.
fn members(document: &EffectDocument) -> [(&'static str, bool); 20] {
    [
        ("touchpoint_type", document.touchpoint_type.is_some()),
        ("subject", document.subject.is_some()),
        ("attribute", document.attribute.is_some()),
        ("value", document.value.is_some()),
        ("required", document.required.is_some()),
        ("title", document.title.is_some()),
        ("description", document.description.is_some()),
        ("owner", document.owner.is_some()),
        ("due", document.due.is_some()),
        ("kind", document.kind.is_some()),
        ("name", document.name.is_some()),
        ("as", document.as_related.is_some()),
        ("relation", document.relation.is_some()),
        ("files", !document.files.is_empty()),
        ("to", document.to.is_some()),
        ("message", document.message.is_some()),
        ("process_type", document.process_type.is_some()),
        ("fields", !document.fields.is_empty()),
        ("related", !document.related.is_empty()),
        ("at", document.at.is_some()),
    ]
}

impl Parser<'_> {
    pub(super) fn effects(&mut self, documents: &[EffectDocument], at: &str) -> Vec<Effect> {
        documents
            .iter()
            .enumerate()
            .map(|(index, document)| self.effect(document, &format!("{at}/{index}")))
            .collect()
    }

    fn effect(&mut self, document: &EffectDocument, at: &str) -> Effect {
        self.members_fit(document, at);
        let of = self.target(document.of.as_deref(), at);
        let action = self.action(document, at);
        // An effect without a record or an action says nothing, so that no later check stumbles over it.
        let (of, action) = match (of, action) {
            (Some(of), Some(action)) => (of, action),
            (Some(_) | None, None) | (None, Some(_)) => (
                Target::Subject,
                EffectAction::Notify {
                    to: OwnerRule::Unassigned,
                    message: String::new(),
                },
            ),
        };
        Effect {
            if_outcome: document.if_outcome.clone(),
            when: document
                .when
                .as_ref()
                .and_then(|when| self.condition(when, &format!("{at}/when"))),
            each: document.each.clone(),
            of,
            unless_open: document.unless_open.unwrap_or_default(),
            action,
        }
    }

    fn members_fit(&mut self, document: &EffectDocument, at: &str) {
        let (needed, taken) = members_of(document.r#type);
        for (member, set) in members(document) {
            if set && !needed.contains(&member) && !taken.contains(&member) {
                self.unexpected(at, member, "this type of effect does not take it");
            } else if !set && needed.contains(&member) {
                self.missing(at, member, "this type of effect needs it");
            }
        }
    }

    /// What it does; none where a part is missing or at fault.
    fn action(&mut self, document: &EffectDocument, at: &str) -> Option<EffectAction> {
        let value = document
            .value
            .as_ref()
            .map(|value| self.effect_operand(value, &format!("{at}/value")));
        let owner = document
            .owner
            .as_ref()
            .map(|rules| owner::rules(rules, &format!("{at}/owner"), &mut self.faults));
        let due = document
            .due
            .as_ref()
            .map(|due| self.due(due, &format!("{at}/due")));
        let next = document
            .at
            .as_ref()
            .map(|due| self.due(due, &format!("{at}/at")));
        let to = document
            .to
            .as_ref()
            .map(|to| owner::rule(to, &format!("{at}/to"), &mut self.faults));
        let fields = self.effect_operands(&document.fields, &format!("{at}/fields"));
        Some(match document.r#type {
            EffectType::LogTouchpoint => EffectAction::LogTouchpoint {
                touchpoint_type: document.touchpoint_type.clone()?,
                subject: document.subject.clone()?,
            },
            EffectType::SetAttribute => EffectAction::SetAttribute {
                attribute: document.attribute.clone()?,
                value: value??,
            },
            EffectType::RequestAttribute => EffectAction::RequestAttribute {
                attribute: document.attribute.clone()?,
                required: document.required.unwrap_or_default(),
            },
            EffectType::CreateTask => EffectAction::CreateTask {
                title: document.title.clone()?,
                description: document.description.clone(),
                owner: owner.unwrap_or_default(),
                due: due.flatten(),
            },
            EffectType::CreateEntity => EffectAction::CreateEntity {
                kind: document.kind.clone()?,
                name: document.name.clone()?,
                as_related: document.as_related.clone(),
                relation: document.relation.clone(),
            },
            EffectType::FileDocument => EffectAction::FileDocument {
                name: document.name.clone(),
                files: document.files.clone(),
            },
            EffectType::Notify => EffectAction::Notify {
                to: to??,
                message: document.message.clone()?,
            },
            EffectType::StartProcess => EffectAction::StartProcess {
                process_type: document.process_type.clone()?,
                fields,
                related: document.related.clone(),
            },
            EffectType::ScheduleNext => EffectAction::ScheduleNext {
                process_type: document.process_type.clone()?,
                at: next??,
            },
        })
    }

    /// Values by the key of the field that takes them; those at fault are left out.
    pub(super) fn effect_operands(
        &mut self,
        documents: &BTreeMap<String, EffectOperandDocument>,
        at: &str,
    ) -> BTreeMap<String, EffectOperand> {
        let mut read = BTreeMap::new();
        for (key, document) in documents {
            let place = format!("{at}/{}", segment(key));
            if let Some(operand) = self.effect_operand(document, &place) {
                read.insert(key.clone(), operand);
            }
        }
        read
    }

    fn effect_operand(
        &mut self,
        document: &EffectOperandDocument,
        at: &str,
    ) -> Option<EffectOperand> {
        let set: Vec<EffectOperand> = [
            document.now.filter(|now| *now).map(|_| EffectOperand::Now),
            document.field.clone().map(EffectOperand::Field),
            document.fixed.clone().map(EffectOperand::Fixed),
        ]
        .into_iter()
        .flatten()
        .collect();
        if let Ok([operand]) = <[EffectOperand; 1]>::try_from(set) {
            Some(operand)
        } else {
            self.exactly_one(at, &["now", "field", "fixed"]);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::process_type::soundness::sample::{assert_faults, with, with_task};

    fn with_effect(effect: Value) -> Value {
        with_task("welcome", |task| {
            task["on_complete"] = Value::Array(vec![effect]);
        })
    }

    /// E13
    #[test]
    fn an_effect_needs_the_members_of_its_type() {
        let cases = [
            (
                json!({"type": "log_touchpoint", "subject": "Call"}),
                "touchpoint_type",
            ),
            (
                json!({"type": "log_touchpoint", "touchpoint_type": "call"}),
                "subject",
            ),
            (
                json!({"type": "set_attribute", "attribute": "tier"}),
                "value",
            ),
            (json!({"type": "request_attribute"}), "attribute"),
            (json!({"type": "create_task"}), "title"),
            (json!({"type": "create_entity", "name": "New"}), "kind"),
            (json!({"type": "notify", "message": "Done"}), "to"),
            (json!({"type": "start_process"}), "process_type"),
            (
                json!({"type": "schedule_next", "process_type": "money_movement_in"}),
                "at",
            ),
        ];
        for (effect, missing) in cases {
            let at = format!("/tasks/welcome/on_complete/0/{missing}");
            assert_faults(with_effect(effect), &[(&at, "missing-member")]);
        }
    }

    /// E13
    #[test]
    fn an_effect_takes_no_members_of_another_type() {
        for (member, value) in [
            ("touchpoint_type", json!("call")),
            ("value", json!({"now": true})),
            ("files", json!(["account_package"])),
            ("as", json!("account")),
            ("at", json!({"amount": 1, "unit": "days", "from": "opened"})),
        ] {
            let mut effect =
                json!({"type": "notify", "to": {"is": "initiator"}, "message": "Done"});
            effect[member] = value;
            let at = format!("/tasks/welcome/on_complete/0/{member}");
            assert_faults(with_effect(effect), &[(&at, "unexpected-member")]);
        }
    }

    /// E13
    #[test]
    fn a_written_value_is_now_a_field_or_fixed() {
        for value in [
            json!({}),
            json!({"now": false}),
            json!({"now": true, "fixed": "A"}),
        ] {
            let effect = json!({"type": "set_attribute", "attribute": "tier", "value": value});
            assert_faults(
                with_effect(effect),
                &[("/tasks/welcome/on_complete/0/value", "exactly-one")],
            );
        }
    }

    /// E13
    #[test]
    fn the_effects_of_a_result_follow_from_no_outcome() {
        assert_faults(
            with(|it| it["results"][0]["effects"][0]["if_outcome"] = json!("opened")),
            &[("/results/0/effects/0/if_outcome", "unexpected-member")],
        );
    }
}
