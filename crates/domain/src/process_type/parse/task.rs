//! Task templates with their outcomes, what they run over and what they start.

use super::{Parser, owner};
use crate::process_type::{
    definition::{
        ChecklistItem, DEFAULT_MAX_ROUNDS, Edge, Escalation, ExecutionRule, Offset, Outcome, Over,
        Reminder, Starts, TaskTemplate,
    },
    document::{
        ChecklistItemDocument, EscalationDocument, ExecutionDocument, OutcomeDocument,
        OverDocument, ReminderDocument, StartsDocument, TaskDocument,
    },
};

impl Parser<'_> {
    pub(super) fn task(&mut self, document: &TaskDocument, at: &str) -> TaskTemplate {
        self.key(&format!("{at}/key"), &document.key);
        TaskTemplate {
            key: document.key.clone(),
            kind: document.kind,
            stage: document.stage.clone(),
            title: document.title.clone(),
            description: document.description.clone(),
            owner: owner::rules(&document.owner, &format!("{at}/owner"), &mut self.faults),
            execution: document
                .execution
                .as_ref()
                .map(execution)
                .unwrap_or_default(),
            separate_from: document.separate_from.clone(),
            after: document
                .after
                .iter()
                .map(|edge| Edge {
                    task: edge.task.clone(),
                    outcome: edge.outcome.clone(),
                })
                .collect(),
            join: document.join,
            when: document
                .when
                .as_ref()
                .and_then(|when| self.condition(when, &format!("{at}/when"))),
            waiting_on: document.waiting_on,
            due: document
                .due
                .as_ref()
                .and_then(|due| self.due(due, &format!("{at}/due"))),
            priority: document.priority,
            skippable: document.skippable,
            checklist: self.checklist(&document.checklist, &format!("{at}/checklist")),
            form: self.form(&document.form, &format!("{at}/form")),
            outcomes: self.outcomes(&document.outcomes, &format!("{at}/outcomes")),
            over: document
                .over
                .as_ref()
                .and_then(|over| self.over(over, &format!("{at}/over"))),
            starts: document
                .starts
                .as_ref()
                .and_then(|starts| self.starts(starts, &format!("{at}/starts"))),
            on_complete: self.effects(&document.on_complete, &format!("{at}/on_complete")),
            reminders: self.reminders(&document.reminders, &format!("{at}/reminders")),
            escalation: document
                .escalation
                .as_ref()
                .map(|escalation| self.escalation(escalation, &format!("{at}/escalation"))),
        }
    }

    fn reminders(&mut self, documents: &[ReminderDocument], at: &str) -> Vec<Reminder> {
        let mut reminders = Vec::with_capacity(documents.len());
        for (index, document) in documents.iter().enumerate() {
            let to = document.to.as_ref();
            reminders.push(Reminder {
                offset: Offset {
                    amount: document.amount,
                    unit: document.unit,
                },
                to: to
                    .and_then(|to| owner::rule(to, &format!("{at}/{index}/to"), &mut self.faults)),
            });
        }
        reminders
    }

    fn escalation(&mut self, document: &EscalationDocument, at: &str) -> Escalation {
        let to = document.to.as_ref();
        let new_owner = format!("{at}/new_owner");
        Escalation {
            offset: Offset {
                amount: document.amount,
                unit: document.unit,
            },
            to: to.and_then(|to| owner::rule(to, &format!("{at}/to"), &mut self.faults)),
            new_owner: owner::rules(&document.new_owner, &new_owner, &mut self.faults),
        }
    }

    fn checklist(&mut self, documents: &[ChecklistItemDocument], at: &str) -> Vec<ChecklistItem> {
        let mut items = Vec::with_capacity(documents.len());
        for (index, item) in documents.iter().enumerate() {
            self.key(&format!("{at}/{index}/key"), &item.key);
            items.push(ChecklistItem {
                key: item.key.clone(),
                text: item.text.clone(),
                required: item.required,
            });
        }
        items
    }

    fn outcomes(&mut self, documents: &[OutcomeDocument], at: &str) -> Vec<Outcome> {
        documents
            .iter()
            .enumerate()
            .map(|(index, document)| self.outcome(document, &format!("{at}/{index}")))
            .collect()
    }

    fn outcome(&mut self, document: &OutcomeDocument, at: &str) -> Outcome {
        self.key(&format!("{at}/key"), &document.key);
        if document.label.is_empty() {
            self.missing(at, "label", "say what people see");
        }
        if document.max_rounds.is_some() && document.reopens.is_none() {
            self.unexpected(
                at,
                "max_rounds",
                "it limits an outcome that `reopens` a task",
            );
        }
        Outcome {
            key: document.key.clone(),
            label: document.label.clone(),
            reopens: document.reopens.clone(),
            max_rounds: document.max_rounds.unwrap_or(DEFAULT_MAX_ROUNDS),
            skips: document.skips.clone(),
            ends: document.ends.clone(),
            sets_result: document.sets_result.clone(),
            requires_note: document.requires_note,
            reason_codes: document.reason_codes.clone(),
        }
    }

    fn over(&mut self, document: &OverDocument, at: &str) -> Option<Over> {
        let set: Vec<Over> = [
            document.field.clone().map(Over::Field),
            document.related.clone().map(Over::Related),
            document.segment.clone().map(Over::Segment),
        ]
        .into_iter()
        .flatten()
        .collect();
        if let Ok([over]) = <[Over; 1]>::try_from(set) {
            Some(over)
        } else {
            self.exactly_one(at, &["field", "related", "segment"]);
            None
        }
    }

    fn starts(&mut self, document: &StartsDocument, at: &str) -> Option<Starts> {
        let of = self.target(document.of.as_deref(), at);
        let fields = self.effect_operands(&document.fields, &format!("{at}/fields"));
        Some(Starts {
            process_type: document.r#type.clone(),
            of: of?,
            fields,
            related: document.related.clone(),
            results: document.results.clone(),
        })
    }
}

fn execution(document: &ExecutionDocument) -> ExecutionRule {
    ExecutionRule {
        enabled: document.enabled,
        servicing_team_roles: document.servicing_team_roles.clone(),
        business_roles: document.business_roles.clone(),
        firm_roles: document.firm_roles.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::process_type::soundness::sample::{assert_faults, with_task};

    /// E6
    #[test]
    fn rounds_are_counted_only_where_work_is_sent_back() {
        assert_faults(
            with_task("approval", |task| {
                task["outcomes"][0]["max_rounds"] = json!(2);
            }),
            &[("/tasks/approval/outcomes/0/max_rounds", "unexpected-member")],
        );
    }

    #[test]
    fn an_outcome_has_a_key_and_a_label() {
        assert_faults(
            with_task("welcome", |task| task["outcomes"] = json!([{}])),
            &[
                ("/tasks/welcome/outcomes/0/key", "bad-key"),
                ("/tasks/welcome/outcomes/0/label", "missing-member"),
            ],
        );
    }

    /// E24
    #[test]
    fn a_fan_out_runs_over_one_thing() {
        for over in [json!({}), json!({"related": "account", "segment": "s"})] {
            assert_faults(
                with_task("welcome", |task| {
                    task["kind"] = json!("fan_out");
                    task["over"] = over;
                }),
                &[("/tasks/welcome/over", "exactly-one")],
            );
        }
    }

    /// E12
    #[test]
    fn reminders_and_escalations_are_read_for_faults() {
        assert_faults(
            with_task("welcome", |task| {
                task["reminders"] = json!([{"amount": -1, "unit": "days", "to": {}}]);
                task["escalation"] = json!({
                    "amount": 1, "unit": "days", "to": {"user": "x"},
                    "new_owner": [{"role": "partner", "field": "owners"}],
                });
            }),
            &[
                ("/tasks/welcome/reminders/0/to", "exactly-one"),
                ("/tasks/welcome/escalation/to/user", "bad-id"),
                ("/tasks/welcome/escalation/new_owner/0", "exactly-one"),
            ],
        );
    }
}
