use reqwest::{Method, Response};
use serde_json::json;
use tests::{ADMIN_EMAIL, FIRM, PASSWORD, TestApp, on_both};

/// What a browser asks before a page of `origin` may send a request.
async fn preflight(app: &TestApp, origin: &str, method: &str, headers: &str) -> Response {
    let client = app
        .stranger()
        .with("origin", origin)
        .with("access-control-request-method", method)
        .with("access-control-request-headers", headers);
    client
        .request(Method::OPTIONS, "/v1/tasks")
        .send()
        .await
        .unwrap()
}

fn listed(response: &Response, name: &str) -> Vec<String> {
    let text = response.headers()[name].to_str().unwrap().to_lowercase();
    text.split(',').map(|item| item.trim().to_owned()).collect()
}

/// From where a session was begun that somebody signs in to with this header.
async fn address_told(app: &TestApp, forwarded: &str) -> String {
    let client = app.stranger().with("x-forwarded-for", forwarded);
    let body = json!({ "firm": FIRM, "email": ADMIN_EMAIL, "password": PASSWORD });
    client.post("/v1/sessions", body).await.ok(201);
    let list = app.admin().get("/v1/sessions").await.ok(200);
    let newest = list["data"]
        .as_array()
        .unwrap()
        .iter()
        .max_by_key(|one| one["id"].to_string());
    newest.unwrap()["address"].as_str().unwrap().to_owned()
}

on_both! {
    #[set(cors_origins = "https://app.example,https://desk.example")]
    async fn pages_of_known_origins_may_send_what_the_api_asks_for(app: TestApp) {
        for origin in ["https://app.example", "https://desk.example"] {
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
                let asked = "authorization,content-type,if-match,if-none-match,idempotency-key,x-request-id";
                let allowed = preflight(&app, origin, method, asked).await;
                assert!(allowed.status().is_success(), "{method}: {}", allowed.status());
                assert_eq!(allowed.headers()["access-control-allow-origin"], origin);
                let methods = listed(&allowed, "access-control-allow-methods");
                assert!(methods.contains(&method.to_lowercase()), "{method} in {methods:?}");
                let headers = listed(&allowed, "access-control-allow-headers");
                assert!(asked.split(',').all(|name| headers.iter().any(|one| one == name)), "{headers:?}");
            }
        }
        let unknown = preflight(&app, "https://evil.example", "POST", "authorization").await;
        assert!(unknown.headers().get("access-control-allow-origin").is_none());
        let unknown = preflight(&app, "https://app.example", "POST", "x-anything").await;
        assert!(!unknown.status().is_success());
    }

    #[set(cors_origins = "https://app.example", rate_limits = "on")]
    async fn pages_may_read_what_the_api_tells_in_headers(app: TestApp) {
        let promised = [
            "etag", "location", "link", "ratelimit", "ratelimit-policy", "retry-after", "idempotency-replayed",
            "x-request-id", "content-disposition",
        ];
        let page = app.admin().with("origin", "https://app.example");
        // A refusal, too, has to be readable for the page.
        for path in ["/v1/me", "/v1/nothing", "/v1/me?x=1"] {
            let reply = page.request(Method::GET, path).send().await.unwrap();
            assert_eq!(reply.headers()["access-control-allow-origin"], "https://app.example", "{path}");
            let exposed = listed(&reply, "access-control-expose-headers");
            for name in promised {
                assert!(exposed.iter().any(|one| one == name), "{path}: {name} in {exposed:?}");
            }
        }
        let stranger = app.stranger().with("origin", "https://app.example");
        let refused = stranger.request(Method::GET, "/v1/me").send().await.unwrap();
        assert_eq!(refused.status(), 401);
        assert_eq!(refused.headers()["access-control-allow-origin"], "https://app.example");
    }

    async fn no_page_may_call_unless_the_settings_say_so(app: TestApp) {
        let refused = preflight(&app, "https://app.example", "POST", "authorization").await;
        assert!(refused.headers().get("access-control-allow-origin").is_none());
    }

    #[set(trusted_proxies = "127.0.0.1,10.0.0.2")]
    async fn a_trusted_proxy_tells_where_a_request_comes_from(app: TestApp) {
        assert_eq!(address_told(&app, "6.6.6.6, 203.0.113.9, 10.0.0.2").await, "203.0.113.9");
        assert_eq!(address_told(&app, "203.0.113.10:4711").await, "203.0.113.10");
        assert_eq!(address_told(&app, "unknown").await, "127.0.0.1");
    }

    async fn whoever_else_tells_it_is_not_believed(app: TestApp) {
        assert_eq!(address_told(&app, "203.0.113.9").await, "127.0.0.1");
    }
}
