//! Between columns and values: public words of enums, and JSON members.

use sea_orm::JsonValue;
use serde::{Serialize, de::DeserializeOwned};

use crate::StoreError;

/// The public word of an enum, as its column holds it.
pub(crate) fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(JsonValue::String(word)) => word,
        // Only unit enums come here; anything else would be refused when it is read back.
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}

/// A value as its JSON column holds it.
pub(crate) fn json<T: Serialize>(value: &T) -> JsonValue {
    serde_json::to_value(value).unwrap_or(JsonValue::Null)
}

/// Reads the columns of one row of one table, naming both when something makes no sense.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    pub(crate) table: &'static str,
    pub(crate) id: uuid::Uuid,
}

impl Row {
    pub(crate) fn corrupt(self) -> StoreError {
        StoreError::corrupt(self.table, self.id)
    }

    /// An enum by its public word.
    pub(crate) fn parse<T: DeserializeOwned>(self, word: String) -> Result<T, StoreError> {
        self.read(JsonValue::String(word))
    }

    /// A value from a JSON column.
    pub(crate) fn read<T: DeserializeOwned>(self, value: JsonValue) -> Result<T, StoreError> {
        serde_json::from_value(value).map_err(|_| self.corrupt())
    }

    /// A value from a JSON column that may be empty.
    pub(crate) fn read_some<T: DeserializeOwned>(
        self,
        value: Option<JsonValue>,
    ) -> Result<Option<T>, StoreError> {
        value.map(|value| self.read(value)).transpose()
    }

    /// A count that cannot be negative.
    pub(crate) fn count(self, value: i32) -> Result<u32, StoreError> {
        u32::try_from(value).map_err(|_| self.corrupt())
    }
}

/// A count as its column holds it.
pub(crate) fn count(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}
