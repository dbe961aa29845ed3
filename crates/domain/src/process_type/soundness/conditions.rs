//! Conditions: what they look at exists, is past by then, and compares with what stands beside it (E4).

use super::{
    index::{Index, Moment},
    kinds::{not_before, unknown_field, unknown_task},
    shape::{Base, Misfit, Shape},
    subject::unknown_attribute,
};
use crate::{
    condition::{Condition, Operand, Subject, Test},
    fault::Faults,
    ids::UserId,
    process_type::definition::Effect,
    value::FieldValue,
};

pub(super) fn check(index: &Index<'_>, faults: &mut Faults) {
    for (place, field) in index.definition.start_form.iter().enumerate() {
        if let Some(when) = &field.visible_when {
            let at = format!("/start_form/{place}/visible_when");
            Walk::new(index, Moment::Starting(place), faults).condition(when, &at);
        }
    }
    for (task, template) in index.tasks() {
        let at = format!("/tasks/{task}");
        if let Some(when) = &template.when {
            let mut walk = Walk::new(index, Moment::Opening(task), faults);
            walk.steers = true;
            walk.condition(when, &format!("{at}/when"));
        }
        for (place, field) in template.form.iter().enumerate() {
            if let Some(when) = &field.visible_when {
                let at = format!("{at}/form/{place}/visible_when");
                Walk::new(index, Moment::Filling(task, place), faults).condition(when, &at);
            }
        }
        let moment = Moment::Completing(task);
        effects(
            index,
            &template.on_complete,
            moment,
            &format!("{at}/on_complete"),
            faults,
        );
    }
    for (place, result) in index.definition.results.iter().enumerate() {
        let at = format!("/results/{place}/effects");
        effects(index, &result.effects, Moment::Ending, &at, faults);
    }
}

fn effects(index: &Index<'_>, effects: &[Effect], moment: Moment, at: &str, faults: &mut Faults) {
    for (place, effect) in effects.iter().enumerate() {
        if let Some(when) = &effect.when {
            Walk::new(index, moment, faults).condition(when, &format!("{at}/{place}/when"));
        }
    }
}

struct Walk<'w, 'a> {
    index: &'w Index<'a>,
    moment: Moment,
    /// Whether it decides if a task opens: then it may not rest on an answer that was left out.
    steers: bool,
    faults: &'w mut Faults,
}

impl<'w, 'a> Walk<'w, 'a> {
    fn new(index: &'w Index<'a>, moment: Moment, faults: &'w mut Faults) -> Self {
        Self {
            index,
            moment,
            steers: false,
            faults,
        }
    }

    fn condition(&mut self, condition: &Condition, at: &str) {
        match condition {
            Condition::All(all) => self.list(all, &format!("{at}/all")),
            Condition::Any(any) => self.list(any, &format!("{at}/any")),
            Condition::Not(not) => self.condition(not, &format!("{at}/not")),
            Condition::Leaf { subject, test } => self.leaf(subject, test, at),
        }
    }

    fn list(&mut self, conditions: &[Condition], at: &str) {
        for (place, condition) in conditions.iter().enumerate() {
            self.condition(condition, &format!("{at}/{place}"));
        }
    }

    fn leaf(&mut self, subject: &Subject, test: &Test, at: &str) {
        let optional_is_fine = matches!(test, Test::IsSet(_));
        // The kinds of a subject may each have an attribute of this name: the test must suit all of them.
        for shape in self.shapes(subject, optional_is_fine, at) {
            if !self.test(&shape, test, at) {
                return;
            }
        }
    }

    /// The shapes of what is looked at; none, with a fault, where there is nothing to look at.
    fn shapes(&mut self, subject: &Subject, optional_is_fine: bool, at: &str) -> Vec<Shape<'a>> {
        match subject {
            Subject::Field(key) => self.field(key, optional_is_fine, format!("{at}/field")),
            Subject::Attribute(key) => {
                let shapes = self
                    .index
                    .attribute(key, &self.index.own_kinds(self.moment));
                if shapes.is_empty() {
                    unknown_attribute(key, format!("{at}/attribute"), self.faults);
                }
                shapes
            }
            Subject::Policy(key) => {
                let shape = self.index.policy(key);
                if shape.is_none() {
                    self.faults.add(
                        format!("{at}/policy"),
                        "unknown-policy",
                        format!(
                            "There is no policy `{key}`: add it to `policies`, or name another."
                        ),
                    );
                }
                shape.into_iter().collect()
            }
            Subject::Task(key) => self.task(key, format!("{at}/task")),
        }
    }

    fn field(&mut self, key: &str, optional_is_fine: bool, at: String) -> Vec<Shape<'a>> {
        let Some((home, field)) = self.index.field(key) else {
            unknown_field(key, at, self.faults);
            return Vec::new();
        };
        if !self.index.field_is_past(home, self.moment) {
            not_before("field", key, at, self.faults);
        } else if self.steers && !optional_is_fine && !field.required {
            self.faults.add(
                at,
                "optional-field",
                format!("`{key}` may be left out, and the flow would hang on it: make it required, or test `is_set`."),
            );
        }
        vec![Shape::of_field(field)]
    }

    fn task(&mut self, key: &str, at: String) -> Vec<Shape<'a>> {
        let Some((task, template)) = self.index.task(key) else {
            unknown_task(key, at, self.faults);
            return Vec::new();
        };
        if template.outcomes.is_empty() {
            self.faults.add(
                at,
                "no-outcomes",
                format!("`{key}` has no outcomes to look at: give it some, or look at one of its fields."),
            );
            return Vec::new();
        }
        if !self.index.task_is_past(task, self.moment) {
            not_before("task", key, at, self.faults);
        }
        let keys: Vec<String> = template
            .outcomes
            .iter()
            .map(|outcome| outcome.key.clone())
            .collect();
        vec![Shape::choice(keys)]
    }

    /// Whether the test suits the shape; the first misfit is a fault.
    fn test(&mut self, shape: &Shape<'a>, test: &Test, at: &str) -> bool {
        let (name, operand) = match test {
            Test::IsSet(_) => return true,
            Test::In(values) => {
                return self.suits(!shape.several, shape, "in", at)
                    && values.iter().enumerate().all(|(place, value)| {
                        self.fixed(shape, value, format!("{at}/in/{place}"))
                    });
            }
            Test::Has(operand) => {
                return self.suits(shape.several, shape, "has", at)
                    && self.operand(&shape.single(), operand, &format!("{at}/has"));
            }
            Test::Eq(operand) => ("eq", operand),
            Test::Ne(operand) => ("ne", operand),
            Test::Gt(operand) => ("gt", operand),
            Test::Gte(operand) => ("gte", operand),
            Test::Lt(operand) => ("lt", operand),
            Test::Lte(operand) => ("lte", operand),
        };
        let equality = matches!(test, Test::Eq(_) | Test::Ne(_));
        let suits = !shape.several && (equality || shape.base.is_ordered());
        self.suits(suits, shape, name, at) && self.operand(shape, operand, &format!("{at}/{name}"))
    }

    fn suits(&mut self, suits: bool, shape: &Shape<'a>, operator: &str, at: &str) -> bool {
        if !suits {
            self.faults.add(
                format!("{at}/{operator}"),
                "type-mismatch",
                format!(
                    "`{operator}` does not suit {}: lists take `has`, single values `eq`, `ne` and `in`, and numbers, money and \
                     dates `gt`, `gte`, `lt` and `lte` besides.",
                    shape.name()
                ),
            );
        }
        suits
    }

    fn operand(&mut self, shape: &Shape<'a>, operand: &Operand, at: &str) -> bool {
        let other = match operand {
            Operand::Fixed(value) => return self.fixed(shape, value, at.to_owned()),
            Operand::Ref(subject) => subject,
        };
        let others = self.shapes(other, false, &format!("{at}/ref"));
        if others.is_empty() {
            return false;
        }
        let comparable = others.iter().all(|other| shape.compares_with(other));
        if !comparable {
            self.faults.add(
                at,
                "type-mismatch",
                format!("The two do not compare: refer to {}.", shape.name()),
            );
        }
        comparable
    }

    fn fixed(&mut self, shape: &Shape<'a>, value: &FieldValue, at: String) -> bool {
        fixed_value(self.index, shape, value, at, self.faults)
    }
}

/// Whether a fixed value may stand where a shape is asked for, and names a person whom the firm has.
pub(super) fn fixed_value(
    index: &Index<'_>,
    shape: &Shape<'_>,
    value: &FieldValue,
    at: String,
    faults: &mut Faults,
) -> bool {
    if let Err(misfit) = shape.takes(value) {
        misfits(misfit, shape, at, faults);
        return false;
    }
    let stranger = match value {
        FieldValue::Text(id) if shape.base == Base::User => id
            .parse::<UserId>()
            .is_ok_and(|id| !index.context.users.contains(&id)),
        _ => false,
    };
    if stranger {
        faults.add(at, "unknown-user", index.context.source.unknown_user());
    }
    !stranger
}

/// Says what a value should have been.
fn misfits(misfit: Misfit, shape: &Shape<'_>, at: String, faults: &mut Faults) {
    match misfit {
        Misfit::Type => faults.add(at, "type-mismatch", format!("Give {}.", shape.name())),
        Misfit::Option => {
            faults.add(
                at,
                "unknown-option",
                format!("Give one of the options: {}.", shape.offers()),
            );
        }
    }
}

#[cfg(test)]
mod tests;
