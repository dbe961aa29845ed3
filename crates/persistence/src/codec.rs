//! Enums as their public names and lists as JSON: how domain values sit in columns.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::StoreError;

/// A value as JSON.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<Value, StoreError> {
    serde_json::to_value(value).map_err(|err| StoreError::Encoding(err.to_string()))
}

/// The public name of a value of a plain enum.
pub(crate) fn to_name<T: Serialize>(value: &T) -> Result<String, StoreError> {
    match to_json(value)? {
        Value::String(name) => Ok(name),
        other => Err(StoreError::Encoding(format!("{other} is not a name"))),
    }
}

/// Where a value was read, to say so if it makes no sense.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<K> {
    pub(crate) table: &'static str,
    pub(crate) row: K,
}

impl<K: std::fmt::Display> Place<K> {
    /// The row makes no sense.
    pub(crate) fn corrupt(&self) -> StoreError {
        StoreError::corrupt(self.table, &self.row)
    }

    /// What JSON stands for.
    pub(crate) fn json<T: DeserializeOwned>(&self, json: Value) -> Result<T, StoreError> {
        serde_json::from_value(json).map_err(|_| self.corrupt())
    }

    /// What a public name stands for.
    pub(crate) fn name<T: DeserializeOwned>(&self, name: String) -> Result<T, StoreError> {
        self.json(Value::String(name))
    }

    /// A number that cannot be negative.
    pub(crate) fn count(&self, number: i32) -> Result<u32, StoreError> {
        u32::try_from(number).map_err(|_| self.corrupt())
    }

    /// A hash.
    pub(crate) fn hash(&self, bytes: Vec<u8>) -> Result<[u8; 32], StoreError> {
        bytes.try_into().map_err(|_| self.corrupt())
    }
}
