//! Texts with dynamic data: titles, descriptions, effect values (E14).

use std::collections::BTreeMap;

use super::{
    index::Index,
    names::{Scope, is_known},
};
use crate::{
    fault::{Faults, segment},
    process_type::definition::{Effect, EffectAction, EffectOperand, TaskKind},
    text,
    value::FieldValue,
};

pub(super) fn check(index: &Index<'_>, faults: &mut Faults) {
    for (task, template) in index.tasks() {
        let at = format!("/tasks/{task}");
        let scope = Scope {
            task: true,
            item: template.kind == TaskKind::FanOut,
        };
        let mut texts = Texts {
            index,
            scope,
            faults,
        };
        texts.text(&template.title, &format!("{at}/title"));
        texts.optional(
            template.description.as_deref(),
            &format!("{at}/description"),
        );
        if let Some(starts) = &template.starts {
            texts.operands(&starts.fields, &format!("{at}/starts/fields"));
        }
        effects(
            index,
            &template.on_complete,
            scope,
            &format!("{at}/on_complete"),
            faults,
        );
    }
    let scope = Scope {
        task: false,
        item: false,
    };
    for (place, result) in index.definition.results.iter().enumerate() {
        effects(
            index,
            &result.effects,
            scope,
            &format!("/results/{place}/effects"),
            faults,
        );
    }
}

fn effects(index: &Index<'_>, effects: &[Effect], scope: Scope, at: &str, faults: &mut Faults) {
    for (place, effect) in effects.iter().enumerate() {
        let scope = Scope {
            item: scope.item || effect.each.is_some(),
            ..scope
        };
        Texts {
            index,
            scope,
            faults,
        }
        .effect(effect, &format!("{at}/{place}"));
    }
}

struct Texts<'t, 'a> {
    index: &'t Index<'a>,
    scope: Scope,
    faults: &'t mut Faults,
}

impl Texts<'_, '_> {
    fn effect(&mut self, effect: &Effect, at: &str) {
        match &effect.action {
            EffectAction::LogTouchpoint { subject, .. } => {
                self.text(subject, &format!("{at}/subject"));
            }
            EffectAction::SetAttribute { value, .. } => self.operand(value, &format!("{at}/value")),
            EffectAction::CreateTask {
                title, description, ..
            } => {
                self.text(title, &format!("{at}/title"));
                self.optional(description.as_deref(), &format!("{at}/description"));
            }
            EffectAction::CreateEntity { name, .. } => self.text(name, &format!("{at}/name")),
            EffectAction::FileDocument { name, .. } => {
                self.optional(name.as_deref(), &format!("{at}/name"));
            }
            EffectAction::Notify { message, .. } => self.text(message, &format!("{at}/message")),
            EffectAction::StartProcess { fields, .. } => {
                self.operands(fields, &format!("{at}/fields"));
            }
            EffectAction::RequestAttribute { .. } | EffectAction::ScheduleNext { .. } => {}
        }
    }

    fn operands(&mut self, operands: &BTreeMap<String, EffectOperand>, at: &str) {
        for (key, operand) in operands {
            self.operand(operand, &format!("{at}/{}", segment(key)));
        }
    }

    fn operand(&mut self, operand: &EffectOperand, at: &str) {
        if let EffectOperand::Fixed(FieldValue::Text(text)) = operand {
            self.text(text, &format!("{at}/fixed"));
        }
    }

    fn optional(&mut self, text: Option<&str>, at: &str) {
        if let Some(text) = text {
            self.text(text, at);
        }
    }

    fn text(&mut self, text: &str, at: &str) {
        let known = |path: &str| is_known(self.index, self.scope, path);
        for fault in text::check(text, &known) {
            let detail = format!("At character {}: {}", fault.offset, fault.detail);
            self.faults.add(at, "bad-text", detail);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::process_type::soundness::sample::{assert_faults, with, with_task};

    const GOOD: &str = "{{ entity.name }}, {{ outcome }} on {{ today | date }}, {{ now }}";

    fn title(text: &str) -> Value {
        with_task("submit", |task| task["title"] = json!(text))
    }

    /// E14
    #[test]
    fn a_text_names_only_what_is_there_and_is_written_as_texts_are() {
        assert_faults(title(GOOD), &[]);
        for bad in [
            "{{ entity.shoe_size }}",
            "{{ process.fields.nope }}",
            "{{ entity.name",
            "{{ entity.name | shout }}",
            "{{ }}",
        ] {
            assert_faults(title(bad), &[("/tasks/submit/title", "bad-text")]);
        }
    }

    /// E14
    #[test]
    fn every_fault_of_a_text_is_named() {
        assert_faults(
            title("{{ nobody }} and {{ nothing }}"),
            &[
                ("/tasks/submit/title", "bad-text"),
                ("/tasks/submit/title", "bad-text"),
            ],
        );
    }

    /// E14
    #[test]
    fn texts_of_effects_are_checked_and_a_result_has_no_task_to_name() {
        let bad = "{{ nobody }}";
        let effects = json!([
            {"type": "notify", "to": {"is": "process_owner"}, "message": bad},
            {"type": "create_task", "title": bad, "description": bad, "owner": [{"is": "process_owner"}]},
        ]);
        let at = |tail: &str| format!("/tasks/submit/on_complete/{tail}");
        assert_faults(
            with_task("submit", |task| task["on_complete"] = effects),
            &[
                (&at("0/message"), "bad-text"),
                (&at("1/title"), "bad-text"),
                (&at("1/description"), "bad-text"),
            ],
        );
        let of_result = |message: &str| {
            let effect =
                json!({"type": "notify", "to": {"is": "process_owner"}, "message": message});
            with(|document| document["results"][0]["effects"] = json!([effect]))
        };
        assert_faults(of_result("{{ entity.name }} {{ today }}"), &[]);
        assert_faults(
            of_result("{{ outcome }}"),
            &[("/results/0/effects/0/message", "bad-text")],
        );
    }
}
