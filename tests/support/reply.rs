//! An answer, and what tests ask of it.

use std::ops::Index;

use reqwest::header::HeaderMap;
use serde_json::Value;

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Method and path that it answers.
    pub asked: String,
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body; null where that is not JSON.
    pub body: Value,
    /// Its body as it came.
    pub text: String,
}

impl Reply {
    /// The same answer, which has to have succeeded with this status.
    #[track_caller]
    pub fn ok(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.text);
        self
    }

    /// The same answer, which has to be this problem.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Self {
        let told = (self.status, self.body["code"].as_str());
        assert_eq!(told, (status, Some(code)), "{}: {}", self.asked, self.text);
        self
    }

    /// The places that a problem names, with what is wrong there.
    #[must_use]
    pub fn faults(&self) -> Vec<(&str, &str)> {
        let errors = self.body["errors"].as_array();
        errors
            .into_iter()
            .flatten()
            .map(|fault| {
                let text = |name: &str| fault[name].as_str().expect("text");
                (text("pointer"), text("code"))
            })
            .collect()
    }

    /// A header's text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The version's tag.
    #[track_caller]
    #[must_use]
    pub fn etag(&self) -> &str {
        self.header("etag").expect("an ETag")
    }

    /// The `id` of what the answer shows.
    #[track_caller]
    #[must_use]
    pub fn id(&self) -> &str {
        self.body["id"].as_str().expect("an id")
    }

    /// How many statements the request took, `BEGIN` and `COMMIT` included.
    #[track_caller]
    #[must_use]
    pub fn statements(&self) -> u32 {
        let count = self
            .header("x-statements")
            .and_then(|text| text.parse().ok());
        count.expect("a count of statements")
    }
}

impl Index<&str> for Reply {
    type Output = Value;

    fn index(&self, member: &str) -> &Value {
        &self.body[member]
    }
}
