//! Keyset pages: limits, and cursors that only fit the list that they came from.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, http::header};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    fault::Fault,
    ids::FirmId,
    page::{Page, PageRequest},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::{IntoParams, ToSchema};

use super::{
    problem::{Code, Problem},
    query::{self, decode},
};
use crate::auth::secrets::Secrets;

/// How many items a page has unless told otherwise.
pub const DEFAULT_LIMIT: u32 = 50;

/// Declares the parameters of every list; the handler takes [`Paging`].
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// At most this many items, 50 unless told otherwise.
    #[param(minimum = 1, maximum = 200, default = 50, nullable = false)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before, with the same filter.
    #[param(max_length = 2048, pattern = "^[A-Za-z0-9_-]*$", nullable = false)]
    pub cursor: Option<String>,
    /// Whether to count what all pages have; no further than to 10,001.
    #[param(default = false, nullable = false)]
    pub include_total: Option<bool>,
}

/// Where a page ends.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PageInfo {
    /// Give this as `cursor` for the next page; null on the last.
    pub next_cursor: Option<String>,
    /// Whether there is more.
    pub has_more: bool,
    /// How many items all pages have, where `include_total` asks for it; at most 10,001.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 10_001, nullable = false)]
    pub total: Option<u64>,
    /// Beside `total`: whether counting ended at 10,001, so that there may be more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub total_is_lower_bound: Option<bool>,
}

/// One page of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PageView<T> {
    /// The items, in the list's order.
    pub data: Vec<T>,
    /// Where the page ends.
    pub page: PageInfo,
}

/// What the caller asked for, and everything that a cursor is bound to.
#[derive(Debug, Clone)]
pub struct Paging {
    limit: u32,
    cursor: Option<String>,
    count: bool,
    operation: String,
    path: String,
    filter: Vec<(String, String)>,
}

impl FromRequest for Paging {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::read(req))
    }
}

impl Paging {
    fn read(req: &HttpRequest) -> Result<Self, Problem> {
        let (state, operation) = query::operation(req)?;
        let given = decode(req.query_string())?;
        let read = query::read(&state.spec, &operation.query, &given)?;
        let asked: PageQuery =
            serde_json::from_value(serde_json::Value::Object(read)).map_err(Problem::internal)?;
        let filter = given
            .into_iter()
            .filter(|(name, _)| name != "cursor")
            .collect();
        Ok(Self {
            limit: asked.limit.unwrap_or(DEFAULT_LIMIT),
            cursor: asked.cursor.filter(|cursor| !cursor.is_empty()),
            count: asked.include_total.unwrap_or_default(),
            operation: operation.id.clone(),
            path: req.path().to_owned(),
            filter,
        })
    }

    /// The page to read. A cursor of another firm, list or filter is refused (400).
    pub fn request<K: DeserializeOwned>(
        &self,
        secrets: &Secrets,
        firm: FirmId,
    ) -> Result<PageRequest<K>, Problem> {
        let after = match &self.cursor {
            None => None,
            Some(cursor) => Some(self.open(secrets, firm, cursor).ok_or_else(|| {
                let detail = "Not a cursor of this list with this filter.";
                let fault = Fault::new("cursor", "bad-cursor", detail);
                Problem::with_faults(Code::InvalidParameter, vec![fault])
            })?),
        };
        Ok(PageRequest {
            after,
            limit: self.limit,
            count: self.count,
        })
    }

    /// The page as it is sent, with a `Link` to the next.
    pub fn answer<T: Serialize, K: Serialize>(
        &self,
        secrets: &Secrets,
        firm: FirmId,
        page: Page<T, K>,
    ) -> Result<HttpResponse, Problem> {
        self.answer_as(secrets, firm, page, |data, page| PageView { data, page })
    }

    /// Likewise for a list that sends more beside its page.
    pub fn answer_as<T, K: Serialize, V: Serialize>(
        &self,
        secrets: &Secrets,
        firm: FirmId,
        page: Page<T, K>,
        view: impl FnOnce(Vec<T>, PageInfo) -> V,
    ) -> Result<HttpResponse, Problem> {
        if self.count && page.total.is_none() {
            let operation = &self.operation;
            return Err(Problem::internal(format_args!(
                "{operation} does not count"
            )));
        }
        let next_cursor = match &page.next {
            None => None,
            Some(key) => Some(self.seal(secrets, firm, key)?),
        };
        let mut response = HttpResponse::Ok();
        if let Some(cursor) = &next_cursor {
            response.insert_header((header::LINK, self.link(cursor)));
        }
        let info = PageInfo {
            has_more: next_cursor.is_some(),
            next_cursor,
            total: page.total.map(|total| total.items),
            total_is_lower_bound: page.total.map(|total| total.is_lower_bound),
        };
        Ok(response.json(view(page.items, info)))
    }

    fn seal<K: Serialize>(
        &self,
        secrets: &Secrets,
        firm: FirmId,
        key: &K,
    ) -> Result<String, Problem> {
        let mut bytes = serde_json::to_vec(key).map_err(Problem::internal)?;
        let tag = self.tag(secrets, firm, &bytes);
        bytes.extend_from_slice(&tag);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    fn open<K: DeserializeOwned>(
        &self,
        secrets: &Secrets,
        firm: FirmId,
        cursor: &str,
    ) -> Option<K> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (key, tag) = bytes.split_at_checked(bytes.len().checked_sub(TAG_LENGTH)?)?;
        (self.tag(secrets, firm, key) == tag)
            .then(|| serde_json::from_slice(key).ok())
            .flatten()
    }

    fn tag(&self, secrets: &Secrets, firm: FirmId, key: &[u8]) -> Vec<u8> {
        // How much is shown may change from page to page; filter and order may not, whatever the order they are written in.
        let mut filter: Vec<&(String, String)> = self
            .filter
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "limit" | "include_total" | "expand"))
            .collect();
        filter.sort();
        let mut parts = vec![firm.0.as_bytes().as_slice(), self.operation.as_bytes()];
        parts.extend([self.path.as_bytes(), key]);
        for (name, value) in filter {
            parts.extend([name.as_bytes(), value.as_bytes()]);
        }
        let mut tag = secrets.cursor(&parts);
        tag.truncate(TAG_LENGTH);
        tag
    }

    fn link(&self, cursor: &str) -> String {
        let mut target = format!("<{}?cursor={cursor}", self.path);
        for (name, value) in &self.filter {
            target.extend(["&", &escape(name), "=", &escape(value)]);
        }
        target.push_str(">; rel=\"next\"");
        target
    }
}

/// 96 bits are enough to make guessing hopeless and keep cursors short.
const TAG_LENGTH: usize = 12;

fn escape(text: &str) -> String {
    use std::fmt::Write as _;

    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b',' => {
                escaped.push(char::from(byte));
            }
            other => {
                // Writing to a string cannot fail.
                let _ = write!(escaped, "%{other:02X}");
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const FIRM: FirmId = FirmId(Uuid::from_u128(1));

    fn paging(filter: &[(&str, &str)]) -> Paging {
        Paging {
            limit: 50,
            count: false,
            cursor: None,
            operation: "listTasks".to_owned(),
            path: "/v1/tasks".to_owned(),
            filter: filter
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        }
    }

    fn secrets() -> Secrets {
        Secrets::new([7; 32])
    }

    #[test]
    fn a_cursor_fits_its_own_list_only() {
        let list = paging(&[("status", "open"), ("q", "x")]);
        let cursor = list.seal(&secrets(), FIRM, &("Okafor", 3)).unwrap();
        let open = |list: &Paging, firm| list.open::<(String, i32)>(&secrets(), firm, &cursor);

        assert_eq!(open(&list, FIRM), Some(("Okafor".to_owned(), 3)));
        let reordered = paging(&[("q", "x"), ("limit", "7"), ("status", "open")]);
        assert!(open(&reordered, FIRM).is_some());

        assert!(open(&paging(&[("status", "open")]), FIRM).is_none());
        assert!(open(&paging(&[("status", "waiting"), ("q", "x")]), FIRM).is_none());
        assert!(open(&list, FirmId(Uuid::from_u128(2))).is_none());
        let other = Paging {
            operation: "listUsers".to_owned(),
            ..list.clone()
        };
        assert!(open(&other, FIRM).is_none());
    }

    #[test]
    fn a_changed_cursor_is_refused_as_a_parameter() {
        let list = paging(&[]);
        let cursor = list.seal(&secrets(), FIRM, &5).unwrap();
        let changed = cursor.replacen('N', "O", 1);
        for bad in [changed.as_str(), "", "AAAA", "!!"] {
            let asked = Paging {
                cursor: Some(bad.to_owned()),
                ..list.clone()
            };
            let problem = asked.request::<i32>(&secrets(), FIRM).unwrap_err();
            assert_eq!(problem.code(), Code::InvalidParameter, "{bad}");
            assert_eq!(problem.errors()[0].pointer, "cursor");
        }
    }

    #[test]
    fn the_link_keeps_the_filter() {
        let link = paging(&[("q", "a&b"), ("limit", "2")]).link("abc");
        assert_eq!(link, "</v1/tasks?cursor=abc&q=a%26b&limit=2>; rel=\"next\"");
    }
}
