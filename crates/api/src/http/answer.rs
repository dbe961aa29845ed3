//! What a change answers, in a form that can be stored with it and sent again.

use actix_web::{
    HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    http::{Method, StatusCode, header},
};
use serde::Serialize;

use super::{
    etag::{ETag, is_fresh},
    problem::Problem,
};

/// A successful answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// 2xx.
    pub status: StatusCode,
    /// Tag of the resource as it is now.
    pub etag: Option<String>,
    /// Where what was made stands.
    pub location: Option<String>,
    /// The JSON text; none for 204.
    pub body: Option<String>,
    /// Whether it is the stored answer to an earlier request with the same key.
    pub replayed: bool,
    /// Whether it shows more than its tag tells of, so that a reader with the current tag needs it all the same.
    pub extended: bool,
}

impl Answer {
    fn new(status: StatusCode, body: Option<String>) -> Self {
        Self {
            status,
            etag: None,
            location: None,
            body,
            replayed: false,
            extended: false,
        }
    }

    /// 200 with a view.
    pub fn ok<V: Serialize>(view: &V) -> Result<Self, Problem> {
        let body = serde_json::to_string(view).map_err(Problem::internal)?;
        Ok(Self::new(StatusCode::OK, Some(body)))
    }

    /// 200 with JSON that is text already.
    #[must_use]
    pub fn text(json: String) -> Self {
        Self::new(StatusCode::OK, Some(json))
    }

    /// 202 with a view of work that goes on by itself, to be followed at the location.
    pub fn accepted<V: Serialize>(location: String, view: &V) -> Result<Self, Problem> {
        Ok(Self {
            status: StatusCode::ACCEPTED,
            ..Self::created(location, view)?
        })
    }

    /// 201 with a view of what stands at the location now.
    pub fn created<V: Serialize>(location: String, view: &V) -> Result<Self, Problem> {
        let body = serde_json::to_string(view).map_err(Problem::internal)?;
        Ok(Self {
            location: Some(location),
            ..Self::new(StatusCode::CREATED, Some(body))
        })
    }

    /// 204.
    #[must_use]
    pub fn no_content() -> Self {
        Self::new(StatusCode::NO_CONTENT, None)
    }

    /// The same answer with the tag of this version.
    #[must_use]
    pub fn version(mut self, version: i64) -> Self {
        self.etag = Some(ETag::of_version(version).as_str().to_owned());
        self
    }

    /// The same answer; `extended` when it shows more than its tag tells of.
    #[must_use]
    pub fn extended(mut self, extended: bool) -> Self {
        self.extended = extended;
        self
    }

    /// The same answer with this tag.
    #[must_use]
    pub fn tagged(mut self, etag: &ETag) -> Self {
        self.etag = Some(etag.as_str().to_owned());
        self
    }
}

impl Responder for Answer {
    type Body = BoxBody;

    fn respond_to(self, req: &HttpRequest) -> HttpResponse {
        let fresh = !self.extended
            && matches!(*req.method(), Method::GET | Method::HEAD)
            && self.etag.as_deref().is_some_and(|etag| {
                is_fresh(req.headers(), &ETag::of_text(etag.trim_matches('"')))
            });
        let status = if fresh {
            StatusCode::NOT_MODIFIED
        } else {
            self.status
        };
        let mut response = HttpResponse::build(status);
        if let Some(etag) = self.etag {
            response.insert_header((header::ETAG, etag));
        }
        if let Some(location) = self.location {
            response.insert_header((header::LOCATION, location));
        }
        if self.replayed {
            response.insert_header(("Idempotency-Replayed", "true"));
        }
        match self.body {
            Some(body) if !fresh => response.content_type("application/json").body(body),
            _ => response.finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_reader_with_the_current_tag_gets_304() {
        let answer = Answer::ok(&[1]).unwrap().version(3);
        let ask = |tag: &str| {
            let req = TestRequest::get()
                .insert_header(("If-None-Match", tag))
                .to_http_request();
            answer.clone().respond_to(&req).status()
        };
        assert_eq!(ask("\"3\""), StatusCode::NOT_MODIFIED);
        assert_eq!(ask("\"2\""), StatusCode::OK);
    }

    #[test]
    fn what_shows_more_than_its_tag_tells_of_is_sent_whole() {
        let req = TestRequest::get()
            .insert_header(("If-None-Match", "\"3\""))
            .to_http_request();
        let answer = Answer::ok(&[1]).unwrap().version(3).extended(true);
        let response = answer.respond_to(&req);
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers().get(header::ETAG).unwrap(), "\"3\"");
    }

    #[test]
    fn a_change_never_answers_304() {
        let req = TestRequest::post()
            .insert_header(("If-None-Match", "*"))
            .to_http_request();
        let answer = Answer::created("/v1/x/1".to_owned(), &1)
            .unwrap()
            .version(1);
        assert_eq!(answer.respond_to(&req).status(), StatusCode::CREATED);
    }
}
