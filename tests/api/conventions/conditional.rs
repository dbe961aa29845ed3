use reqwest::Method;
use tests::{TestApp, document::operations, on_both};

use super::{everything, real_path};

on_both! {
    async fn every_read_with_a_tag_is_left_out_for_whoever_holds_the_version(app: TestApp) {
        let known = everything(&app).await;
        let admin = app.admin();
        let mut tried = 0;
        for operation in operations().iter().filter(|operation| operation.method == "GET") {
            let responses = &operation.value["responses"];
            let tagged = !responses["200"]["headers"]["ETag"].is_null();
            let asks = operation.parameters("header").any(|header| header["name"] == "If-None-Match");
            assert_eq!(tagged, asks, "{}", operation.id);
            assert_eq!(tagged, !responses["304"].is_null(), "{}", operation.id);
            let Some(path) = real_path(operation, &known) else {
                assert!(!tagged, "{}: make one in `everything`", operation.id);
                continue;
            };
            if operation.parameters("query").any(|parameter| parameter["required"] == true) {
                continue;
            }
            let client = if operation.public() { app.stranger() } else { admin.clone() };
            let whole = client.get(&path).await;
            assert_eq!(whole.header("etag").is_some(), tagged && whole.status == 200, "{path}: {}", whole.text);
            if !tagged || whole.status != 200 {
                assert!(!tagged, "{path}: {}", whole.text);
                continue;
            }
            tried += 1;
            let tag = whole.etag();
            assert!(tag.starts_with('"'), "{path}: a strong tag, not {tag}");
            for held in [tag.to_owned(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
                let again = client.with("if-none-match", &held);
                let fresh = again.get(&path).await.ok(304);
                assert_eq!(fresh.etag(), tag, "{path}");
                assert_eq!(fresh.text, "", "{path}");
                let head = again.request(Method::HEAD, &path).send().await.unwrap();
                assert_eq!(head.status(), 304, "{path}");
            }
            for other in ["\"999999\"", "not a tag"] {
                client.with("if-none-match", other).get(&path).await.ok(200);
            }
        }
        assert!(tried >= 12, "{tried}");
    }
}
