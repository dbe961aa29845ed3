//! From what a JSON schema refuses to faults with stable codes.

use std::collections::BTreeSet;

use domain::fault::{Fault, segment};
use jsonschema::{
    JsonType, ValidationError, Validator,
    error::{TypeKind, ValidationErrorKind as Kind},
};
use serde_json::Value;

/// The pattern of texts without control characters, tab and line ends excepted: what [`has_control_character`] refuses.
pub(crate) const TEXT: &str = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$";

/// The pattern of such texts that must not be blank either.
pub(crate) const NOT_BLANK: &str = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$";

/// How many values are worth repeating in an explanation.
const FEW: usize = 40;

/// Every fault of a value against its schema, and every control character in it.
#[must_use]
pub fn check(validator: &Validator, value: &Value) -> Vec<Fault> {
    let mut found = Vec::new();
    refuse_control_characters(value, &mut String::new(), &mut found);
    for error in validator.iter_errors(value) {
        describe(&error, &mut found);
    }
    found.dedup();
    told_once(found)
}

/// Where the type is wrong, nothing else needs to be said of the value.
fn told_once(found: Vec<Fault>) -> Vec<Fault> {
    let of_wrong_type: BTreeSet<String> = found
        .iter()
        .filter(|fault| fault.code == "wrong-type")
        .map(|fault| fault.pointer.clone())
        .collect();
    found
        .into_iter()
        .filter(|fault| fault.code == "wrong-type" || !of_wrong_type.contains(&fault.pointer))
        .collect()
}

/// What one failed keyword means for the sender.
fn describe(error: &ValidationError<'_>, found: &mut Vec<Fault>) {
    let at = error.instance_path().as_str().to_owned();
    let mut add = |code, detail: String| found.push(Fault::new(at.clone(), code, detail));
    match error.kind() {
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            let pointer = format!("{at}/{}", segment(name));
            found.push(Fault::new(pointer, "required", "This member is required."));
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            for name in unexpected {
                let pointer = format!("{at}/{}", segment(name));
                let detail = "There is no such member here.";
                found.push(Fault::new(pointer, "unknown-member", detail));
            }
        }
        Kind::Type { kind } => add("wrong-type", format!("Must be {}.", types(kind))),
        Kind::Enum { options } => add("not-one-of", one_of(options)),
        Kind::Constant { expected_value } => {
            add("not-one-of", format!("Must be {expected_value}."));
        }
        Kind::MaxLength { limit } => add("too-long", format!("At most {limit} characters.")),
        Kind::MinLength { limit } => add("too-short", format!("At least {limit} characters.")),
        Kind::MaxItems { limit } => add("too-long", format!("At most {limit} items.")),
        Kind::MinItems { limit } => add("too-short", format!("At least {limit} items.")),
        Kind::MaxProperties { limit } => add("too-long", format!("At most {limit} members.")),
        Kind::MinProperties { limit } => add("too-short", format!("At least {limit} members.")),
        Kind::AdditionalItems { limit } => add("too-long", format!("At most {limit} items.")),
        Kind::Maximum { limit } => add("out-of-range", format!("At most {limit}.")),
        Kind::Minimum { limit } => add("out-of-range", format!("At least {limit}.")),
        Kind::ExclusiveMaximum { limit } => add("out-of-range", format!("Less than {limit}.")),
        Kind::ExclusiveMinimum { limit } => add("out-of-range", format!("More than {limit}.")),
        Kind::MultipleOf { multiple_of } => {
            add(
                "out-of-range",
                format!("Must be a multiple of {multiple_of}."),
            );
        }
        Kind::Format { format } => add("bad-format", format!("Must be a {format}.")),
        // Told already, for the text where it stands.
        Kind::Pattern { pattern } if pattern == TEXT => {}
        Kind::Pattern { pattern } if pattern == NOT_BLANK => {
            let blank = |text: &str| text.trim().is_empty();
            if error.instance().as_str().is_none_or(blank) {
                add("blank", "Must not be blank.".to_owned());
            }
        }
        Kind::Pattern { pattern } => add("bad-format", format!("Must match {pattern}.")),
        Kind::UniqueItems => add("duplicate", "No item may occur twice.".to_owned()),
        Kind::PropertyNames { error } => {
            add("bad-format", format!("A name is not valid: {error}."));
        }
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
            describe_branches(&at, context, found);
        }
        Kind::OneOfMultipleValid { .. } => {
            add(
                "ambiguous",
                "Fits more than one of the allowed forms.".to_owned(),
            );
        }
        Kind::Contains
        | Kind::ContentEncoding { .. }
        | Kind::ContentMediaType { .. }
        | Kind::FromUtf8 { .. }
        | Kind::Custom { .. }
        | Kind::FalseSchema
        | Kind::Not { .. }
        | Kind::UnevaluatedItems { .. }
        | Kind::BacktrackLimitExceeded { .. }
        | Kind::RegexEngineFailure { .. }
        | Kind::Referencing(_) => add("not-allowed", "This value is not allowed.".to_owned()),
    }
}

/// Of several allowed forms, the one that the sender most likely meant: that of the right type (and tag) with the
/// fewest faults.
fn describe_branches(at: &str, branches: &[Vec<ValidationError<'static>>], found: &mut Vec<Fault>) {
    let fits = |branch: &&Vec<ValidationError<'static>>| {
        !branch.iter().any(|error| {
            let here = error.instance_path().as_str() == at;
            (here && matches!(error.kind(), Kind::Type { .. })) || misses_tag(at, error)
        })
    };
    let closest = branches
        .iter()
        .filter(fits)
        .min_by_key(|branch| branch.len());
    if let Some(branch) = closest {
        for error in branch {
            describe(error, found);
        }
        return;
    }
    let tags: Vec<String> = branches
        .iter()
        .flatten()
        .filter(|error| misses_tag(at, error))
        .filter_map(|error| match error.kind() {
            Kind::Enum { options } => Some(options.to_string()),
            Kind::Constant { expected_value } => Some(expected_value.to_string()),
            _ => None,
        })
        .collect();
    let wanted: Vec<String> = branches
        .iter()
        .flatten()
        .filter_map(|error| match error.kind() {
            Kind::Type { kind } if error.instance_path().as_str() == at => Some(types(kind)),
            _ => None,
        })
        .filter(|wanted| wanted != "null")
        .collect();
    if tags.is_empty() {
        let detail = format!("Must be {}.", wanted.join(" or "));
        found.push(Fault::new(at, "wrong-type", detail));
    } else if let Some(tag) = branches
        .iter()
        .flatten()
        .find(|error| misses_tag(at, error))
    {
        let detail = format!("Must be one of {}.", tags.join(", "));
        found.push(Fault::new(
            tag.instance_path().as_str(),
            "not-one-of",
            detail,
        ));
    }
}

/// Whether a member directly below `at` has another fixed value than this form wants.
fn misses_tag(at: &str, error: &ValidationError<'_>) -> bool {
    let below = error
        .instance_path()
        .as_str()
        .strip_prefix(at)
        .and_then(|rest| rest.strip_prefix('/'))
        .is_some_and(|rest| !rest.contains('/'));
    let fixed = match error.kind() {
        Kind::Constant { .. } => true,
        Kind::Enum { options } => options.as_array().is_some_and(|options| options.len() == 1),
        _ => false,
    };
    below && fixed
}

fn one_of(options: &Value) -> String {
    match options.as_array() {
        Some(several) if several.len() > FEW => {
            format!(
                "Must be one of the {} values that the document lists.",
                several.len()
            )
        }
        Some(_) | None => format!("Must be one of {options}."),
    }
}

/// With their articles. That null would do, too, helps nobody who has given something.
fn types(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(only) => named(*only).to_owned(),
        TypeKind::Multiple(several) => {
            let wanted = several.iter().filter(|kind| *kind != JsonType::Null);
            let names: Vec<&str> = wanted.map(named).collect();
            names.join(" or ")
        }
    }
}

const fn named(kind: JsonType) -> &'static str {
    match kind {
        JsonType::Array => "a list",
        JsonType::Boolean => "`true` or `false`",
        JsonType::Integer => "a whole number",
        JsonType::Null => "null",
        JsonType::Number => "a number",
        JsonType::Object => "an object",
        JsonType::String => "a text",
    }
}

/// Characters that neither people nor programs should meet in stored text: C0 and C1 controls except tab and line ends.
#[must_use]
pub fn has_control_character(text: &str) -> bool {
    text.chars()
        .any(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t'))
}

fn refuse_control_characters(value: &Value, at: &mut String, found: &mut Vec<Fault>) {
    const DETAIL: &str = "Control characters are not allowed, except tab and line ends.";
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
        Value::String(text) => {
            if has_control_character(text) {
                found.push(Fault::new(at.clone(), "control-character", DETAIL));
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let length = at.len();
                at.push('/');
                at.push_str(&index.to_string());
                refuse_control_characters(item, at, found);
                at.truncate(length);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let length = at.len();
                at.push('/');
                at.push_str(&segment(name));
                if has_control_character(name) {
                    found.push(Fault::new(at.clone(), "control-character", DETAIL));
                }
                refuse_control_characters(member, at, found);
                at.truncate(length);
            }
        }
    }
}
