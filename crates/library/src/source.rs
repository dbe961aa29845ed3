//! YAML as a value, with the place of each of its parts: what is wrong with a text is told where it stands, and all of it at once.

use std::{collections::BTreeMap, fmt};

use domain::fault::segment;
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};
use serde_saphyr::{Location, Spanned};

use crate::yaml::{ReadError, read};

/// Where something stands in a text; both are counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: u64,
    /// The character in the line.
    pub column: u64,
}

impl Place {
    pub(crate) const START: Self = Self { line: 1, column: 1 };
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

impl From<Location> for Place {
    fn from(location: Location) -> Self {
        Self {
            line: location.line().max(1),
            column: location.column().max(1),
        }
    }
}

/// A YAML text as it is written, whatever it describes.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// What it says.
    pub value: Value,
    /// By JSON pointer.
    places: BTreeMap<String, Place>,
}

impl Source {
    /// Where the part with a JSON pointer stands; for one that is not there, what it would be part of.
    #[must_use]
    pub fn place(&self, pointer: &str) -> Place {
        let mut pointer = pointer;
        loop {
            if let Some(place) = self.places.get(pointer) {
                return *place;
            }
            match pointer.rsplit_once('/') {
                Some((outer, _)) => pointer = outer,
                None => return Place::START,
            }
        }
    }
}

/// Reads a text under the rules of process types. What is read is a map of members.
pub fn read_source(text: &str) -> Result<Source, ReadError> {
    let node: Spanned<Node> = read(text)?;
    let mut places = BTreeMap::new();
    let place = node.referenced.into();
    let value = node.value.placed(&mut String::new(), place, &mut places);
    if value.is_object() {
        Ok(Source { value, places })
    } else {
        let found = match value {
            Value::Null => "nothing",
            Value::Array(_) => "a list",
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
                "a single value"
            }
        };
        let detail = format!(
            "A process type is a map of members such as `key: fee_review`, and this is {found}: write one process type a file."
        );
        Err(ReadError::at(place, detail))
    }
}

enum Node {
    Scalar(Value),
    List(Vec<Spanned<Self>>),
    Map(Vec<(Spanned<String>, Spanned<Self>)>),
}

impl Node {
    /// The value, after noting the places of all of its parts.
    fn placed(
        self,
        pointer: &mut String,
        place: Place,
        places: &mut BTreeMap<String, Place>,
    ) -> Value {
        places.insert(pointer.clone(), place);
        let length = pointer.len();
        match self {
            Self::Scalar(value) => value,
            Self::List(items) => {
                let mut values = Vec::with_capacity(items.len());
                for (index, item) in items.into_iter().enumerate() {
                    pointer.push('/');
                    pointer.push_str(&index.to_string());
                    let place = item.referenced.into();
                    values.push(item.value.placed(pointer, place, places));
                    pointer.truncate(length);
                }
                Value::Array(values)
            }
            Self::Map(members) => {
                let mut values = Map::new();
                for (key, member) in members {
                    pointer.push('/');
                    pointer.push_str(&segment(&key.value));
                    // Of what goes over several lines the name says more than the first of its parts.
                    let place = match member.value {
                        Self::Scalar(_) => member.referenced.into(),
                        Self::List(_) | Self::Map(_) => key.referenced.into(),
                    };
                    let value = member.value.placed(pointer, place, places);
                    values.insert(key.value, value);
                    pointer.truncate(length);
                }
                Value::Object(values)
            }
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyNode)
    }
}

struct AnyNode;

impl<'de> Visitor<'de> for AnyNode {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Scalar(Value::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        let number = Number::from_f64(value);
        Ok(Node::Scalar(
            number.map_or_else(|| value.to_string().into(), Value::Number),
        ))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Scalar(Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Node, A::Error> {
        let mut map = Vec::new();
        while let Some(member) = members.next_entry()? {
            map.push(member);
        }
        Ok(Node::Map(map))
    }
}
