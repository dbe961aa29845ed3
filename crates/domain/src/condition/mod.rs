//! The one condition language (E4): a tree over leaves, two-valued, total.

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

/// Whether a condition holds. A leaf over nothing is false, `ne` too (E4).
#[must_use]
pub fn holds(_condition: &Condition, _values: &dyn Values) -> bool {
    false
}
