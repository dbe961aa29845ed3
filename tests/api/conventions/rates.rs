use tests::{ADMIN_EMAIL, FIRM, PASSWORD, Reply, TestApp, on_both};

fn rates(reply: &Reply) -> [Option<&str>; 2] {
    ["ratelimit", "ratelimit-policy"].map(|name| reply.header(name))
}

fn seconds(reply: &Reply) -> u64 {
    reply.header("retry-after").unwrap().parse().unwrap()
}

on_both! {
    #[set(rate_limits = "on", rate_limit_user = "3", rate_limit_address = "1000")]
    async fn who_asks_too_often_is_told_when_to_go_on(app: TestApp) {
        let admin = app.admin();
        let first = admin.get("/v1/me").await.ok(200);
        assert_eq!(rates(&first), [Some("\"user\";r=2;t=40"), Some("\"user\";q=3;w=60")]);
        let refused = admin.get("/v1/nothing").await.problem(404, "not-found");
        assert_eq!(refused.header("ratelimit-policy"), Some("\"address\";q=1000;w=60"));
        let unknown = admin.get("/v1/me?x=1").await.problem(400, "invalid-parameter");
        assert_eq!(rates(&unknown)[0], Some("\"user\";r=1;t=20"), "refusals count, too");
        admin.get("/v1/me").await.ok(200);

        let refused = admin.get("/v1/me").await.problem(429, "too-many-requests");
        let wait = seconds(&refused);
        assert!((1..=20).contains(&wait), "{wait}");
        let left = format!("\"user\";r=0;t={wait}");
        assert_eq!(rates(&refused), [Some(left.as_str()), Some("\"user\";q=3;w=60")]);
        assert_eq!(refused["instance"], "/v1/me");
        let other = app.other_firm("southwind").await;
        other.get("/v1/me").await.ok(200);
    }

    #[set(rate_limits = "on", rate_limit_address = "4", trusted_proxies = "127.0.0.1")]
    async fn strangers_are_counted_by_their_address(app: TestApp) {
        let from = |address: &str| app.stranger().with("x-forwarded-for", address);
        let near = from("2001:db8::1");
        near.get("/openapi.json").await.ok(200);
        let _ = near.get("/v1/me").await.problem(401, "unauthenticated");
        let _ = near.with_token("nonsense").get("/v1/me").await.problem(401, "unauthenticated");
        let last = near.get("/v1/nothing").await.problem(404, "not-found");
        assert_eq!(rates(&last), [Some("\"address\";r=0;t=15"), Some("\"address\";q=4;w=60")]);

        // The same customer under another of their addresses, and with a token that is none.
        let refused = from("2001:db8::2").get("/v1/me").await.problem(429, "too-many-requests");
        assert!((1..=15).contains(&seconds(&refused)));
        let body = serde_json::json!({ "firm": FIRM, "email": ADMIN_EMAIL, "password": PASSWORD });
        let _ = near.post("/v1/sessions", body).await.problem(429, "too-many-requests");
        from("198.51.100.7").get("/openapi.json").await.ok(200);
        // Whoever has signed in is counted by themselves.
        app.admin().with("x-forwarded-for", "2001:db8::1").get("/v1/me").await.ok(200);
    }

    #[set(rate_limits = "on", rate_limit_address = "1")]
    async fn what_asks_whether_the_server_lives_is_never_turned_away(app: TestApp) {
        for _ in 0..5 {
            let alive = app.stranger().get("/health/live").await.ok(200);
            assert_eq!(rates(&alive), [None, None]);
        }
    }

    async fn nothing_is_told_where_nothing_is_limited(app: TestApp) {
        let me = app.admin().get("/v1/me").await.ok(200);
        assert_eq!(rates(&me), [None, None]);
    }
}
