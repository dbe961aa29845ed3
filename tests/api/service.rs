//! Health, the document, the pages for people, and what holds for every answer.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use api::http::problem::Code;
use reqwest::Method;
use tests::{
    ADMIN_EMAIL, Database, FIRM, PASSWORD, Program, TestApp, document::DOCUMENT, on_both,
    run_program,
};

on_both! {
    async fn a_server_that_runs_is_alive_and_ready(app: TestApp) {
        for path in ["/health/live", "/health/ready"] {
            let health = app.stranger().get(path).await.ok(200);
            assert_eq!(health["status"], "ok");
        }
    }

    async fn a_server_without_its_database_is_alive_but_not_ready(app: TestApp) {
        app.state.store.close().await.unwrap();
        app.stranger().get("/health/live").await.ok(200);
        let refused = app.stranger().get("/health/ready").await;
        let _ = refused.problem(503, "unavailable");
    }

    async fn the_document_is_served_as_it_is_checked_in(app: TestApp) {
        let served = app.stranger().get("/openapi.json").await.ok(200);
        assert_eq!(served.body, *DOCUMENT);
        let again = app.stranger().with("if-none-match", served.etag());
        let fresh = again.request(Method::GET, "/openapi.json").send().await.unwrap();
        assert_eq!(fresh.status(), 304);
    }

    async fn every_problem_has_its_page(app: TestApp) {
        let list = app.stranger().get("/problems").await.ok(200);
        for code in Code::ALL {
            let path = format!("/problems/{}", code.as_str());
            assert!(list.text.contains(&format!("href=\"{path}\"")), "{path}");
            let page = app.stranger().get(&path).await.ok(200);
            assert!(page.text.contains(code.title()), "{path}");
            assert!(page.text.contains(&format!("status {}", code.status().as_u16())), "{path}");
        }
        let unknown = app.stranger().get("/problems/no-such-problem").await;
        let _ = unknown.problem(400, "invalid-parameter");
    }

    async fn the_reader_of_the_document_asks_nobody_else(app: TestApp) {
        let moved = app.stranger().get("/docs").await.ok(308);
        assert_eq!(moved.header("location"), Some("/docs/"));
        let page = app.stranger().get("/docs/").await.ok(200);
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'self'") && !policy.contains("http"), "{policy}");

        let mut files = 0;
        for part in page.text.split(['"', '\'']) {
            let external = part.starts_with("http:") || part.starts_with("https:") || part.starts_with("//");
            assert!(!external, "{part}");
            if let Some((_, "js" | "css")) = part.rsplit_once('.') {
                let file = part.trim_start_matches("./");
                let found = app.stranger().get(&format!("/docs/{file}")).await;
                assert_eq!(found.status, 200, "{file}");
                files += 1;
            }
        }
        assert!(files >= 3, "{}", page.text);
        let start = app.stranger().get("/docs/swagger-initializer.js").await.ok(200);
        assert!(start.text.contains("/openapi.json"), "{}", start.text);
        assert!(start.text.contains("persistAuthorization"), "{}", start.text);
        assert!(!start.text.contains("https://"), "{}", start.text);
    }

    async fn a_request_keeps_the_id_that_it_came_with(app: TestApp) {
        let named = app.stranger().with("x-request-id", "order-66");
        let refused = named.get("/v1/me").await.problem(401, "unauthenticated");
        assert_eq!(refused["request_id"], "order-66");
        assert_eq!(refused["instance"], "/v1/me");
        for bad in ["", "a b", &"x".repeat(129)] {
            let reply = app.stranger().with("x-request-id", bad).get("/health/live").await;
            let id = reply.header("x-request-id").unwrap();
            assert_eq!(id.len(), 36, "{bad:?} is replaced by an id of ours");
        }
    }

    async fn every_answer_is_safe_for_browsers(app: TestApp) {
        for path in ["/v1/me", "/v1/nothing", "/health/live", "/problems", "/docs/"] {
            for client in [app.admin(), app.stranger()] {
                let reply = client.get(path).await;
                assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{path}");
                assert_eq!(reply.header("x-frame-options"), Some("DENY"), "{path}");
                assert!(reply.header("content-security-policy").is_some(), "{path}");
                assert!(reply.header("cache-control").is_some(), "{path}");
            }
        }
    }

    #[set(cors_origins = "https://app.example")]
    async fn only_pages_of_known_origins_may_call(app: TestApp) {
        let from = async |origin: &str| {
            let client = app.admin().with("origin", origin);
            client.request(Method::GET, "/v1/me").send().await.unwrap()
        };
        let known = from("https://app.example").await;
        assert_eq!(known.headers()["access-control-allow-origin"], "https://app.example");
        let exposed = known.headers()["access-control-expose-headers"].to_str().unwrap().to_lowercase();
        for header in ["etag", "location", "link", "retry-after", "idempotency-replayed"] {
            assert!(exposed.contains(header), "{header} in {exposed}");
        }
        let unknown = from("https://evil.example").await;
        assert!(unknown.headers().get("access-control-allow-origin").is_none());
    }

    async fn head_is_a_get_without_its_body(app: TestApp) {
        let admin = app.admin();
        let head = admin.request(Method::HEAD, "/v1/me").send().await.unwrap();
        assert_eq!(head.status(), 200);
        assert_eq!(head.headers()["content-type"], "application/json");
        assert!(head.bytes().await.unwrap().is_empty());
    }

    async fn asking_who_one_is_takes_one_statement(app: TestApp) {
        app.admin().get("/v1/me").await.ok(200);
        let warm = app.admin().get("/v1/me").await.ok(200);
        assert_eq!(warm.statements(), 1, "on {:?}", app.database);
        let write = app.admin().delete("/v1/sessions/current").await.ok(204);
        // The caller, BEGIN, the update, COMMIT.
        let most = match app.database {
            Database::Postgres => 4,
            Database::Sqlite => 12,
        };
        assert!(write.statements() <= most, "{}", write.statements());
    }

    #[set(count_statements = "off")]
    async fn statements_are_not_told_to_clients(app: TestApp) {
        let me = app.admin().get("/v1/me").await.ok(200);
        assert_eq!(me.header("x-statements"), None);
    }

    #[set(drain_deadline = "10")]
    async fn a_server_that_stops_lets_a_request_in_flight_end(app: TestApp) {
        let body = format!("{{\"firm\":\"{FIRM}\",\"email\":\"{ADMIN_EMAIL}\",\"password\":\"{PASSWORD}\"}}");
        let (start, rest) = body.split_at(10);
        let head = format!(
            "POST /v1/sessions HTTP/1.1\r\nhost: x\r\nconnection: close\r\nexpect: 100-continue\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{start}",
            body.len()
        );
        let (address, rest, stopping) = (app.address, rest.to_owned(), app.clone());
        let talk = move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            stream.write_all(head.as_bytes()).unwrap();
            // The server asks for the body: the request is in flight.
            let mut asked = [0; 25];
            stream.read_exact(&mut asked).unwrap();
            assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");

            stopping.stop();
            // No new connection is taken from the moment that the listener is closed.
            while TcpStream::connect(address).is_ok() {
                std::thread::yield_now();
            }
            stream.write_all(rest.as_bytes()).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            assert!(answer.contains("HTTP/1.1 201 Created"), "{answer}");
            assert!(answer.contains("access_token"), "{answer}");
        };
        tokio::task::spawn_blocking(talk).await.unwrap();
    }

    #[set(drain_deadline = "60")]
    async fn a_server_that_stops_closes_connections_that_rest(app: TestApp) {
        let (address, stopping) = (app.address, app.clone());
        let talk = move || {
            let mut stream = TcpStream::connect(address).unwrap();
            // Less than a connection may rest otherwise.
            stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
            stream.write_all(b"GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
            let mut first = [0; 15];
            stream.read_exact(&mut first).unwrap();
            assert_eq!(&first, b"HTTP/1.1 200 OK");
            stopping.stop();
            stream.read_to_end(&mut Vec::new()).unwrap();
        };
        tokio::task::spawn_blocking(talk).await.unwrap();
    }
}

/// Whoever forgets to bring the schema up to date is told so, by every command that needs it.
#[test]
#[ignore = "asks for PostgreSQL: scripts/with-postgres.sh cargo test … -- --include-ignored"]
fn commands_refuse_an_old_schema_on_postgres() {
    run_program(Database::Postgres, async |program: Program| {
        let forget = "DELETE FROM seaql_migrations WHERE version = (SELECT max(version) FROM seaql_migrations)";
        program.on_database(forget).await;
        let create =
            "firm create --slug late --name Late --time-zone UTC --admin-email a@late.example";
        let workflows = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../crates/library/workflows/sales"
        );
        let import = format!("library import {workflows} --firm northwind");
        for command in [
            "audit verify",
            "keys rotate",
            "serve",
            "worker",
            create,
            &import,
        ] {
            let arguments: Vec<&str> = command.split(' ').collect();
            let (done, told) = program.run(&arguments);
            assert!(
                !done && told.contains("run `baton migrate` first"),
                "{command}: {told}"
            );
        }
    });
}
