//! The one condition language (E4): a tree over leaves, two-valued, total.

mod compare;

use std::{cmp::Ordering, collections::BTreeSet};

use crate::value::FieldValue;

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// Every one holds.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// One comparison.
    Leaf {
        /// What is looked at.
        subject: Subject,
        /// How it is compared.
        test: Test,
    },
}

/// What a leaf looks at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A form field of the process, by key.
    Field(String),
    /// An attribute of the subject entity, by key (`status` is built in).
    Attribute(String),
    /// A policy of the type, by key.
    Policy(String),
    /// The outcome of a task, by key.
    Task(String),
}

/// How a leaf compares.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// Equals.
    Eq(Operand),
    /// Differs; false over nothing.
    Ne(Operand),
    /// Greater, or later.
    Gt(Operand),
    /// Greater or equal.
    Gte(Operand),
    /// Less, or earlier.
    Lt(Operand),
    /// Less or equal.
    Lte(Operand),
    /// One of these.
    In(Vec<FieldValue>),
    /// The list holds it.
    Has(Operand),
    /// Whether there is a value.
    IsSet(bool),
}

/// The right-hand side of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// This value.
    Fixed(FieldValue),
    /// Another value.
    Ref(Subject),
}

/// Where a condition finds its values.
pub trait Values {
    /// The present value, if there is one.
    fn value(&self, subject: &Subject) -> Option<FieldValue>;
}

/// Whether a condition holds. A leaf over nothing is false, `ne` too (E4), and so is one over values that do not compare.
#[must_use]
pub fn holds(condition: &Condition, values: &dyn Values) -> bool {
    match condition {
        Condition::All(parts) => parts.iter().all(|part| holds(part, values)),
        Condition::Any(parts) => parts.iter().any(|part| holds(part, values)),
        Condition::Not(part) => !holds(part, values),
        Condition::Leaf { subject, test } => leaf_holds(test, values.value(subject), values),
    }
}

fn leaf_holds(test: &Test, value: Option<FieldValue>, values: &dyn Values) -> bool {
    if let Test::IsSet(wanted) = test {
        return value.is_some() == *wanted;
    }
    let Some(value) = value else { return false };
    let with = |operand: &Operand, compare: &dyn Fn(&FieldValue) -> bool| match operand {
        Operand::Fixed(operand) => compare(operand),
        Operand::Ref(subject) => values.value(subject).as_ref().is_some_and(compare),
    };
    let ordered = |operand: &Operand, wanted: fn(Ordering) -> bool| {
        with(operand, &|operand| {
            compare::order(&value, operand).is_some_and(wanted)
        })
    };
    match test {
        Test::Eq(operand) => with(operand, &|o| compare::equal(&value, o) == Some(true)),
        Test::Ne(operand) => with(operand, &|o| compare::equal(&value, o) == Some(false)),
        Test::Gt(operand) => ordered(operand, Ordering::is_gt),
        Test::Gte(operand) => ordered(operand, Ordering::is_ge),
        Test::Lt(operand) => ordered(operand, Ordering::is_lt),
        Test::Lte(operand) => ordered(operand, Ordering::is_le),
        Test::In(list) => list
            .iter()
            .any(|item| compare::equal(&value, item) == Some(true)),
        Test::Has(operand) => with(operand, &|operand| compare::has(&value, operand)),
        Test::IsSet(wanted) => *wanted,
    }
}

impl Condition {
    /// Every leaf, in order.
    #[must_use]
    pub fn leaves(&self) -> Vec<(&Subject, &Test)> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::leaves).collect(),
            Self::Not(part) => part.leaves(),
            Self::Leaf { subject, test } => vec![(subject, test)],
        }
    }

    /// Everything that it reads, operands included.
    #[must_use]
    pub fn subjects(&self) -> BTreeSet<&Subject> {
        self.leaves()
            .into_iter()
            .flat_map(|(subject, test)| [Some(subject), test.reference()])
            .flatten()
            .collect()
    }
}

impl Test {
    /// The right-hand side, where it is a single value.
    #[must_use]
    pub const fn operand(&self) -> Option<&Operand> {
        match self {
            Self::Eq(operand)
            | Self::Ne(operand)
            | Self::Gt(operand)
            | Self::Gte(operand)
            | Self::Lt(operand)
            | Self::Lte(operand)
            | Self::Has(operand) => Some(operand),
            Self::In(_) | Self::IsSet(_) => None,
        }
    }

    /// The other value that it compares with, if it does.
    #[must_use]
    pub const fn reference(&self) -> Option<&Subject> {
        match self.operand() {
            Some(Operand::Ref(subject)) => Some(subject),
            Some(Operand::Fixed(_)) | None => None,
        }
    }
}

#[cfg(test)]
mod tests;
