//! Answers made smaller on the way (gzip, br) for whoever asks by `Accept-Encoding`: text that was made for this request,
//! never files, and nothing that carries a secret, which the length of the answer could give away (BREACH).

use actix_http::{ResponseHead, encoding::Encoder};
use actix_web::{
    Error, HttpMessage as _,
    body::{BodySize, BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{self, AcceptEncoding, ContentEncoding, Encoding, HeaderValue},
    },
    middleware::Next,
    web::Data,
};

use super::etag::{Coding, ETag};
use crate::state::AppState;

/// Below so many bytes there is nothing to gain.
const WORTHWHILE: u64 = 1024;

/// What a client said of the form in which it wants the answer.
struct Wish {
    coding: Option<Coding>,
    held: Option<HeaderValue>,
}

impl Wish {
    fn of(req: &ServiceRequest) -> Self {
        let supported = [Encoding::identity(), Encoding::gzip(), Encoding::brotli()];
        let chosen = req
            .get_header::<AcceptEncoding>()
            .and_then(|accepted| accepted.negotiate(supported.iter()));
        let coding = match chosen {
            Some(Encoding::Known(ContentEncoding::Brotli)) => Some(Coding::Brotli),
            Some(Encoding::Known(ContentEncoding::Gzip)) => Some(Coding::Gzip),
            // Who accepts nothing of ours gets the plain text, which everybody can read.
            _ => None,
        };
        Self {
            coding,
            held: req.headers().get(header::IF_NONE_MATCH).cloned(),
        }
    }
}

/// Compresses what is worth it and safe.
pub async fn compress(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let secret = req
        .app_data::<Data<AppState>>()
        .and_then(|state| state.spec.operation(req.method().as_str(), req.path()))
        .is_some_and(|operation| operation.answers_secret);
    let wish = Wish::of(&req);
    let response = next.call(req).await?.map_into_boxed_body();
    if secret {
        return Ok(response);
    }
    Ok(response.map_body(|head, body| encoded(head, body, &wish)))
}

fn encoded(head: &mut ResponseHead, body: BoxBody, asked: &Wish) -> BoxBody {
    if head.status == StatusCode::NOT_MODIFIED {
        tag_as_held(head, asked);
        return body;
    }
    if !is_text(head) || !is_worthwhile(&body) {
        return body;
    }
    // What is not in memory is a file: its ranges and its length belong to its bytes as they are.
    let bytes = match body.try_into_bytes() {
        Ok(bytes) => bytes,
        Err(body) => return body,
    };
    let Some(coding) = asked.coding else {
        let vary = HeaderValue::from_static("accept-encoding");
        head.headers_mut().append(header::VARY, vary);
        return BoxBody::new(bytes);
    };
    // A strong tag names the bytes that are sent (RFC 9110, 8.8.3.3).
    let tag = head.headers().get(header::ETAG);
    if let Some(tag) = tag.and_then(|tag| ETag::read(tag)?.in_coding(coding).value()) {
        head.headers_mut().insert(header::ETAG, tag);
    }
    let encoding = match coding {
        Coding::Brotli => ContentEncoding::Brotli,
        Coding::Gzip => ContentEncoding::Gzip,
    };
    BoxBody::new(Encoder::response(encoding, head, bytes))
}

/// Whoever holds the compressed form is told that this one is unchanged.
fn tag_as_held(head: &mut ResponseHead, asked: &Wish) {
    let current = head.headers().get(header::ETAG).and_then(ETag::read);
    let tags = asked.held.as_ref().and_then(|tags| tags.to_str().ok());
    let (Some(current), Some(tags)) = (current, tags) else {
        return;
    };
    let forms = [Coding::Brotli, Coding::Gzip].map(|coding| current.in_coding(coding));
    if !tags.contains(current.as_str())
        && let Some(form) = forms.iter().find(|form| tags.contains(form.as_str()))
        && let Some(value) = form.value()
    {
        head.headers_mut().insert(header::ETAG, value);
    }
}

fn is_text(head: &ResponseHead) -> bool {
    head.headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.split(';').next())
        .is_some_and(|essence| {
            matches!(essence, "application/json" | "application/yaml")
                || essence.ends_with("+json")
                || essence.ends_with("+xml")
                || essence.starts_with("text/")
        })
}

fn is_worthwhile(body: &BoxBody) -> bool {
    match body.size() {
        BodySize::Sized(length) => length >= WORTHWHILE,
        BodySize::None | BodySize::Stream => false,
    }
}
