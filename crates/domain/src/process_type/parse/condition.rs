//! Conditions: one way to combine, or one thing to look at with one operator (E4).

use super::Parser;
use crate::{
    condition::{Condition, Operand, Subject, Test},
    process_type::document::{ConditionDocument, OperandDocument},
};

const COMBINATORS_AND_SUBJECTS: [&str; 7] =
    ["all", "any", "not", "field", "attribute", "policy", "task"];
const OPERATORS: [&str; 9] = ["eq", "ne", "gt", "gte", "lt", "lte", "in", "has", "is_set"];

impl Parser<'_> {
    /// A condition; none, with faults, where it says nothing or too much.
    pub(super) fn condition(
        &mut self,
        document: &ConditionDocument,
        at: &str,
    ) -> Option<Condition> {
        let mut trees = Vec::new();
        if let Some(all) = &document.all {
            trees.push(
                self.conditions(all, &format!("{at}/all"))
                    .map(Condition::All),
            );
        }
        if let Some(any) = &document.any {
            trees.push(
                self.conditions(any, &format!("{at}/any"))
                    .map(Condition::Any),
            );
        }
        if let Some(not) = &document.not {
            let inner = self.condition(not, &format!("{at}/not"));
            trees.push(inner.map(|inner| Condition::Not(Box::new(inner))));
        }
        let mut subjects = subjects(document);
        if trees.len() + subjects.len() != 1 {
            self.exactly_one(at, &COMBINATORS_AND_SUBJECTS);
            return None;
        }
        let mut tests = self.tests(document, at);
        let Some(subject) = subjects.pop() else {
            for (operator, _) in tests {
                self.unexpected(
                    at,
                    operator,
                    "an operator compares a field, an attribute, a policy or a task",
                );
            }
            return trees.pop().flatten();
        };
        if tests.len() != 1 {
            self.exactly_one(at, &OPERATORS);
            return None;
        }
        let test = tests.pop().and_then(|(_, test)| test)?;
        Some(Condition::Leaf { subject, test })
    }

    fn conditions(&mut self, documents: &[ConditionDocument], at: &str) -> Option<Vec<Condition>> {
        if documents.is_empty() {
            self.faults.add(
                at,
                "empty-condition",
                "The list is empty: name at least one condition.",
            );
            return None;
        }
        // Every one is read before the first fault stops the whole.
        let read: Vec<Option<Condition>> = documents
            .iter()
            .enumerate()
            .map(|(index, document)| self.condition(document, &format!("{at}/{index}")))
            .collect();
        read.into_iter().collect()
    }

    fn tests(
        &mut self,
        document: &ConditionDocument,
        at: &str,
    ) -> Vec<(&'static str, Option<Test>)> {
        type Wrap = fn(Operand) -> Test;
        let compared: [(&'static str, &Option<OperandDocument>, Wrap); 7] = [
            ("eq", &document.eq, Test::Eq),
            ("ne", &document.ne, Test::Ne),
            ("gt", &document.gt, Test::Gt),
            ("gte", &document.gte, Test::Gte),
            ("lt", &document.lt, Test::Lt),
            ("lte", &document.lte, Test::Lte),
            ("has", &document.has, Test::Has),
        ];
        let mut tests = Vec::new();
        for (name, operand, wrap) in compared {
            if let Some(operand) = operand {
                let operand = self.operand(operand, &format!("{at}/{name}"));
                tests.push((name, operand.map(wrap)));
            }
        }
        if let Some(values) = &document.is_in {
            tests.push(("in", Some(Test::In(values.clone()))));
        }
        if let Some(is_set) = document.is_set {
            tests.push(("is_set", Some(Test::IsSet(is_set))));
        }
        tests
    }

    fn operand(&mut self, document: &OperandDocument, at: &str) -> Option<Operand> {
        let target = match document {
            OperandDocument::Fixed(value) => return Some(Operand::Fixed(value.clone())),
            OperandDocument::Ref(reference) => &reference.r#ref,
        };
        let named = [
            target.field.clone().map(Subject::Field),
            target.attribute.clone().map(Subject::Attribute),
            target.policy.clone().map(Subject::Policy),
        ];
        let set: Vec<Subject> = named.into_iter().flatten().collect();
        if let Ok([subject]) = <[Subject; 1]>::try_from(set) {
            Some(Operand::Ref(subject))
        } else {
            self.exactly_one(&format!("{at}/ref"), &["field", "attribute", "policy"]);
            None
        }
    }
}

fn subjects(document: &ConditionDocument) -> Vec<Subject> {
    [
        document.field.clone().map(Subject::Field),
        document.attribute.clone().map(Subject::Attribute),
        document.policy.clone().map(Subject::Policy),
        document.task.clone().map(Subject::Task),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::process_type::soundness::sample::{assert_faults, with_task};

    fn with_condition(condition: Value) -> Value {
        with_task("rollover_reason", |task| task["when"] = condition)
    }

    /// E4
    #[test]
    fn a_condition_combines_or_compares_once() {
        let cases = [
            (json!({}), "/when", "exactly-one"),
            (json!({"field": "funding_source"}), "/when", "exactly-one"),
            (
                json!({"field": "funding_source", "eq": "Rollover", "ne": "Journal"}),
                "/when",
                "exactly-one",
            ),
            (
                json!({"field": "custodian", "policy": "x", "is_set": true}),
                "/when",
                "exactly-one",
            ),
            (json!({"all": []}), "/when/all", "empty-condition"),
            (
                json!({"not": {"field": "custodian", "is_set": true}, "eq": 1}),
                "/when/eq",
                "unexpected-member",
            ),
            (
                json!({"any": [{"all": [{"not": {}}]}]}),
                "/when/any/0/all/0/not",
                "exactly-one",
            ),
            (
                json!({"field": "custodian", "eq": {"ref": {}}}),
                "/when/eq/ref",
                "exactly-one",
            ),
        ];
        for (condition, place, code) in cases {
            let at = format!("/tasks/rollover_reason{place}");
            assert_faults(with_condition(condition), &[(&at, code)]);
        }
    }

    /// E4
    #[test]
    fn every_operator_has_its_form() {
        for operator in ["eq", "ne"] {
            assert_faults(
                with_condition(json!({"field": "custodian", operator: "Schwab"})),
                &[],
            );
        }
        for operator in ["gt", "gte", "lt", "lte"] {
            let amount = json!({"amount": "10.00", "currency": "USD"});
            assert_faults(
                with_condition(json!({"field": "expected_funding", operator: amount})),
                &[],
            );
        }
        assert_faults(
            with_condition(json!({"field": "custodian", "in": ["Schwab", "Other"]})),
            &[],
        );
        assert_faults(
            with_condition(json!({"field": "initial_features", "is_set": false})),
            &[],
        );
    }
}
