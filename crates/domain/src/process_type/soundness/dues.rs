//! Due rules: what they count from can have happened, and is a date (E11).

use super::{
    index::{Index, Moment},
    kinds::{unknown_field, unknown_task},
    shape::Base,
    subject::{date_attribute, unknown_attribute},
};
use crate::{
    fault::{Faults, segment},
    process_type::definition::{DueAmount, DueBase, DueRule, Effect, EffectAction},
    value::FieldType,
};

pub(super) fn check(index: &Index<'_>, faults: &mut Faults) {
    for (task, template) in index.tasks() {
        if let Some(due) = &template.due {
            rule(
                index,
                due,
                Moment::Opening(task),
                &format!("/tasks/{task}/due"),
                faults,
            );
        }
        let at = format!("/tasks/{task}/on_complete");
        effects(
            index,
            &template.on_complete,
            Moment::Completing(task),
            &at,
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
        match &effect.action {
            EffectAction::CreateTask { due: Some(due), .. } => {
                rule(index, due, moment, &format!("{at}/{place}/due"), faults);
            }
            EffectAction::ScheduleNext { at: next, .. } => {
                rule(index, next, moment, &format!("{at}/{place}/at"), faults);
            }
            EffectAction::CreateTask { due: None, .. }
            | EffectAction::LogTouchpoint { .. }
            | EffectAction::SetAttribute { .. }
            | EffectAction::RequestAttribute { .. }
            | EffectAction::CreateEntity { .. }
            | EffectAction::FileDocument { .. }
            | EffectAction::Notify { .. }
            | EffectAction::StartProcess { .. } => {}
        }
    }
}

fn rule(index: &Index<'_>, due: &DueRule, moment: Moment, at: &str, faults: &mut Faults) {
    amount(index, &due.amount, at, faults);
    base(index, &due.from, moment, format!("{at}/key"), faults);
    if let Some(fallback) = &due.fallback {
        rule(index, fallback, moment, &format!("{at}/fallback"), faults);
    }
}

fn amount(index: &Index<'_>, amount: &DueAmount, at: &str, faults: &mut Faults) {
    let DueAmount::By { attribute, map } = amount else {
        return;
    };
    let shapes = index.attribute(attribute, &index.subject_kinds);
    let place = format!("{at}/amount_by/attribute");
    if shapes.is_empty() {
        unknown_attribute(attribute, place, faults);
        return;
    }
    if shapes
        .iter()
        .any(|shape| shape.base != Base::Choice || shape.several)
    {
        faults.add(
            place,
            "type-mismatch",
            format!("`{attribute}` is no single choice: name a choice attribute."),
        );
        return;
    }
    for option in map.keys() {
        let known = shapes.iter().any(|shape| {
            shape
                .options
                .as_deref()
                .unwrap_or_default()
                .contains(option)
        });
        if !known {
            faults.add(
                format!("{at}/amount_by/map/{}", segment(option)),
                "unknown-option",
                format!("`{attribute}` has no option `{option}`: name one that it has."),
            );
        }
    }
}

fn base(index: &Index<'_>, base: &DueBase, moment: Moment, at: String, faults: &mut Faults) {
    match base {
        DueBase::Task(key) => match index.task(key) {
            None => unknown_task(key, at, faults),
            Some((task, _)) if !index.may_have_happened(task, moment) => {
                never_happened(&format!("the completion of `{key}`"), at, faults);
            }
            Some(_) => {}
        },
        DueBase::Field(key) => {
            let Some((home, field)) = index.field(key) else {
                unknown_field(key, at, faults);
                return;
            };
            let dated = matches!(field.field_type, FieldType::Date | FieldType::Datetime);
            if !dated || field.multiple {
                faults.add(
                    at,
                    "type-mismatch",
                    format!("`{key}` is no single date: name a `date` or `datetime` field."),
                );
            } else if home
                .task
                .is_some_and(|task| !index.may_have_happened(task, moment))
            {
                never_happened(&format!("the answer to `{key}`"), at, faults);
            }
        }
        DueBase::Attribute(key) => date_attribute(index, key, at, faults),
        DueBase::ProcessStart
        | DueBase::Opened
        | DueBase::QuarterEnd
        | DueBase::FiscalYearStart
        | DueBase::FiscalYearEnd => {}
    }
}

fn never_happened(what: &str, at: String, faults: &mut Faults) {
    faults.add(
        at,
        "base-never-happens",
        format!("It counts from {what}, which can never have happened by then: count from something earlier."),
    );
}
