//! Members of a merge patch (RFC 7396): absent, null and a value are three things.

use domain::value::FieldValue;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::{
    ToSchema as _,
    openapi::{
        Object, OneOf, Ref, Schema,
        schema::{ObjectBuilder, Type},
    },
};

/// One member. Declare it with `#[serde(default)]` and `#[schema(value_type = Option<T>)]`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// Not in the body: stays as it is.
    #[default]
    Absent,
    /// `null`: cleared.
    Null,
    /// Set to this.
    Value(T),
}

impl<T> Patch<T> {
    /// The member after the patch, where it may be empty.
    pub fn apply(self, present: Option<T>) -> Option<T> {
        match self {
            Self::Absent => present,
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }

    /// The same patch of another type.
    pub fn map<U>(self, turn: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Self::Absent => Patch::Absent,
            Self::Null => Patch::Null,
            Self::Value(value) => Patch::Value(turn(value)),
        }
    }

    /// Whether the body says nothing about the member.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Option::deserialize(deserializer)? {
            None => Self::Null,
            Some(value) => Self::Value(value),
        })
    }
}

impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent | Self::Null => serializer.serialize_none(),
            Self::Value(value) => serializer.serialize_some(value),
        }
    }
}

/// The schema of values by their keys, null to clear one: the derive knows no maps whose values may be null.
#[must_use]
pub fn values_schema(description: &str, example: Value) -> Schema {
    let value = OneOf::builder()
        .item(Object::with_type(Type::Null))
        .item(Ref::from_schema_name(FieldValue::name()))
        .build();
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .additional_properties(Some(Schema::OneOf(value)))
        .description(Some(description))
        .examples([example])
        .build()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Change {
        #[serde(default)]
        note: Patch<String>,
    }

    #[test]
    fn absent_null_and_a_value_are_three_things() {
        let note = |text| serde_json::from_str::<Change>(text).unwrap().note;
        let present = Some("old".to_owned());
        assert_eq!(note("{}").apply(present.clone()), present);
        assert_eq!(note(r#"{"note":null}"#).apply(present.clone()), None);
        assert_eq!(
            note(r#"{"note":"new"}"#).apply(present),
            Some("new".to_owned())
        );
    }
}
