use domain::ids::UserId;
use serde::{Deserialize, Deserializer, de::Error as _};

/// A person in a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// The caller, as `me`.
    Me,
    /// A person by id.
    User(UserId),
}

impl Who {
    /// Who that is when this person asks.
    pub(super) const fn id(self, caller: UserId) -> UserId {
        match self {
            Self::Me => caller,
            Self::User(id) => id,
        }
    }
}

impl<'de> Deserialize<'de> for Who {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text == "me" {
            return Ok(Self::Me);
        }
        text.parse().map(Self::User).map_err(D::Error::custom)
    }
}
