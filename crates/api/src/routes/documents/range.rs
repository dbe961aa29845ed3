use actix_web::http::header::{self, HeaderMap, HeaderName};

use crate::http::etag::ETag;

/// A part of a file, from its first byte to before its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ByteRange {
    pub(super) start: u64,
    pub(super) end: u64,
}

/// The one range that is asked for (`Range`), unless the caller holds another version (`If-Range`). Everything else is
/// answered with the whole file, which is always right (RFC 9110, 14.2).
pub(super) fn asked(headers: &HeaderMap, etag: &ETag, size: u64) -> Option<ByteRange> {
    let text = |name: &HeaderName| headers.get(name)?.to_str().ok();
    let same = match headers.get(header::IF_RANGE) {
        None => true,
        Some(held) => held.as_bytes() == etag.as_str().as_bytes(),
    };
    if same {
        parse(text(&header::RANGE)?, size)
    } else {
        None
    }
}

fn parse(text: &str, size: u64) -> Option<ByteRange> {
    let (first, last) = text.trim().strip_prefix("bytes=")?.split_once('-')?;
    let number = |digits: &str| {
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse::<u64>().ok()).flatten()
    };
    let (start, end) = match (first.trim(), last.trim()) {
        ("", last) => (size.saturating_sub(number(last)?), size),
        (first, "") => (number(first)?, size),
        (first, last) => (number(first)?, number(last)?.saturating_add(1).min(size)),
    };
    (start < end).then_some(ByteRange { start, end })
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn one_range_within_the_file_is_answered() {
        let range = |start, end| Some(ByteRange { start, end });
        assert_eq!(parse("bytes=0-3", 10), range(0, 4));
        assert_eq!(parse("bytes=4-", 10), range(4, 10));
        assert_eq!(parse("bytes=-3", 10), range(7, 10));
        assert_eq!(parse("bytes=-30", 10), range(0, 10));
        assert_eq!(parse("bytes=8-99", 10), range(8, 10));
    }

    #[test]
    fn anything_else_gets_the_whole_file() {
        for other in [
            "bytes=10-",
            "bytes=3-2",
            "bytes=0-1,4-5",
            "bytes=-0",
            "bytes=-",
            "bytes=+1-2",
            "lines=1-2",
            "",
        ] {
            assert_eq!(parse(other, 10), None, "{other}");
        }
        assert_eq!(parse("bytes=0-", 0), None);
    }

    #[test]
    fn a_range_of_another_version_is_not_meant() {
        let etag = ETag::of_text("abc");
        let asks = |held: &str| {
            let req = TestRequest::get()
                .insert_header((header::RANGE, "bytes=0-1"))
                .insert_header((header::IF_RANGE, held))
                .to_http_request();
            asked(req.headers(), &etag, 10)
        };
        assert!(asks("\"abc\"").is_some());
        assert!(asks("\"abd\"").is_none());
        assert!(asks("W/\"abc\"").is_none());
    }
}
