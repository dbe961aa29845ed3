//! Conditions (E4) as clauses.

use domain::{
    condition::{Condition, Operand, Subject, Test},
    process_type::definition::Target,
    value::{FieldType, FieldValue},
};

use super::reading::{Reading, STATUS};
use crate::prose::{Prose, quoted, series, spelled};

impl Reading<'_> {
    /// "“Funding source” is “Rollover”".
    pub(super) fn condition(&self, condition: &Condition) -> Prose {
        self.clause(condition, false)
    }

    fn clause(&self, condition: &Condition, negated: bool) -> Prose {
        match condition {
            Condition::Not(part) => self.clause(part, !negated),
            Condition::Leaf { subject, test } => self.leaf(subject, test, negated),
            // By De Morgan: not all of them is any of them not.
            Condition::All(parts) => self.group(parts, if negated { "or" } else { "and" }, negated),
            Condition::Any(parts) => self.group(parts, if negated { "and" } else { "or" }, negated),
        }
    }

    fn group(&self, parts: &[Condition], word: &str, negated: bool) -> Prose {
        let several = parts.len() > 1;
        let clauses = parts.iter().map(|part| {
            let clause = self.clause(part, negated);
            if several && is_group(part) {
                Prose::from("(") + clause + ")"
            } else {
                clause
            }
        });
        series(clauses, word)
    }

    fn leaf(&self, subject: &Subject, test: &Test, negated: bool) -> Prose {
        let field_type = self.type_of(subject);
        let is = if negated { "is not" } else { "is" };
        let later = matches!(field_type, Some(FieldType::Date | FieldType::Datetime));
        let one = |verb: &str, operand: &Operand| {
            self.subject_of(subject) + " " + verb + " " + self.operand(operand, subject)
        };
        let compared = |order: Order, operand: &Operand| {
            if negated {
                // What is compared with nothing does not hold, so that its opposite does.
                one(order.opposite().words(later), operand) + ", or empty"
            } else {
                one(order.words(later), operand)
            }
        };
        match test {
            Test::Eq(operand) => one(equals(subject, is, negated), operand),
            Test::Ne(operand) if negated => {
                one(equals(subject, "is", false), operand) + ", or empty"
            }
            Test::Ne(operand) => one(differs(subject), operand),
            Test::Gt(operand) => compared(Order::More, operand),
            Test::Gte(operand) => compared(Order::Least, operand),
            Test::Lt(operand) => compared(Order::Less, operand),
            Test::Lte(operand) => compared(Order::Most, operand),
            Test::Has(operand) if negated => one("does not include", operand),
            Test::Has(operand) => one("includes", operand),
            Test::In(values) => {
                let values = values.iter().map(|value| self.literal(value, subject));
                self.subject_of(subject)
                    + " "
                    + equals(subject, is, negated)
                    + " "
                    + series(values, "or")
            }
            Test::IsSet(wanted) => self.presence(subject, *wanted != negated),
        }
    }

    fn presence(&self, subject: &Subject, wanted: bool) -> Prose {
        let said = match (subject, wanted) {
            (Subject::Task(_), true) => " ended with an outcome",
            (Subject::Task(_), false) => " has no outcome",
            (Subject::Field(_), true) => " is filled in",
            (Subject::Field(_), false) => " is empty",
            (Subject::Attribute(_) | Subject::Policy(_), true) => " is known",
            (Subject::Attribute(_) | Subject::Policy(_), false) => " is not known",
        };
        self.subject_of(subject) + said
    }

    fn subject_of(&self, subject: &Subject) -> Prose {
        match subject {
            Subject::Field(key) => Prose::from(self.field_name(key)),
            Subject::Attribute(key) => Prose::from(self.attribute(key, &Target::Subject)),
            Subject::Policy(key) => Prose::from(format!("the setting {}", quoted(&spelled(key)))),
            Subject::Task(key) => self.step(key),
        }
    }

    fn operand(&self, operand: &Operand, subject: &Subject) -> Prose {
        match operand {
            Operand::Fixed(value) => Prose::from(self.literal(value, subject)),
            Operand::Ref(other) => self.subject_of(other),
        }
    }

    /// A value that is compared with; of a task it is the key of an outcome.
    fn literal(&self, value: &FieldValue, subject: &Subject) -> String {
        match (subject, value) {
            (Subject::Task(task), FieldValue::Text(outcome)) => {
                let task = self.definition.task(task);
                let label = task.and_then(|it| it.outcome(outcome)).map(|it| &it.label);
                quoted(label.unwrap_or(outcome))
            }
            (Subject::Attribute(key), FieldValue::Text(status)) if key == STATUS => {
                quoted(&spelled(status))
            }
            _ => self.value(value, self.type_of(subject)),
        }
    }

    fn type_of(&self, subject: &Subject) -> Option<FieldType> {
        match subject {
            Subject::Field(key) => self.field(key).map(|field| field.field_type),
            Subject::Attribute(key) if key == STATUS => Some(FieldType::Choice),
            Subject::Attribute(key) => self.attribute_type(key, &Target::Subject),
            Subject::Policy(key) => {
                let policy = self.definition.policies.iter().find(|it| it.key == *key);
                policy.map(|policy| policy.field_type)
            }
            Subject::Task(_) => None,
        }
    }
}

fn equals<'w>(subject: &Subject, is: &'w str, negated: bool) -> &'w str {
    match subject {
        Subject::Task(_) if negated => "did not end with",
        Subject::Task(_) => "ended with",
        Subject::Field(_) | Subject::Attribute(_) | Subject::Policy(_) => is,
    }
}

const fn differs(subject: &Subject) -> &'static str {
    match subject {
        Subject::Task(_) => "ended with something other than",
        Subject::Field(_) | Subject::Attribute(_) | Subject::Policy(_) => "is something other than",
    }
}

/// How two values are ordered.
#[derive(Debug, Clone, Copy)]
enum Order {
    More,
    Least,
    Less,
    Most,
}

impl Order {
    const fn opposite(self) -> Self {
        match self {
            Self::More => Self::Most,
            Self::Least => Self::Less,
            Self::Less => Self::Least,
            Self::Most => Self::More,
        }
    }

    const fn words(self, later: bool) -> &'static str {
        match (self, later) {
            (Self::More, false) => "is more than",
            (Self::More, true) => "is after",
            (Self::Least, false) => "is at least",
            (Self::Least, true) => "is on or after",
            (Self::Less, false) => "is less than",
            (Self::Less, true) => "is before",
            (Self::Most, false) => "is at most",
            (Self::Most, true) => "is on or before",
        }
    }
}

fn is_group(condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.len() > 1,
        Condition::Not(part) => is_group(part),
        Condition::Leaf { .. } => false,
    }
}
