//! The demo firm: the same everywhere, on this machine only, and never among other firms.

use serde_json::json;
use tests::{Client, Database, Program, run_program, run_program_without_firm};

/// The log-ins as the program prints them: firm, address, password.
fn log_ins(printed: &str) -> Vec<[String; 3]> {
    let lines = printed.lines().filter(|line| line.starts_with("  demo  "));
    lines
        .map(|line| {
            let mut words = line.split_whitespace().map(str::to_owned);
            [(); 3].map(|()| words.next().unwrap())
        })
        .collect()
}

async fn sign_in(program: &Program, [firm, email, password]: &[String; 3]) -> Client {
    let body = json!({ "firm": firm, "email": email, "password": password });
    let stranger = program.stranger();
    let tokens = stranger.post("/v1/sessions", body).await.ok(201);
    stranger.with_token(tokens["access_token"].as_str().unwrap())
}

async fn fills_an_empty_database(mut program: Program) {
    program.start_with(&["--demo"], false).await;
    let printed = program.kill();
    let people = log_ins(&printed);
    assert_eq!(people.len(), 8, "{printed}");

    program.start_with(&["--demo"], false).await;
    let mut working = 0;
    for person in &people {
        let client = sign_in(&program, person).await;
        let me = client.get("/v1/me").await.ok(200);
        assert_eq!(me["user"]["email"], person[1]);
        assert_eq!(me["firm"]["id"], "019b76da-a800-7000-8000-00000000000f");
        let work = client.get("/v1/work").await.ok(200);
        for item in work["data"].as_array().unwrap() {
            assert_eq!(item["key"], "intake");
            working += 1;
        }
    }
    assert!(working > 0, "somebody has work to do");
    let admin = sign_in(&program, &people[0]).await;
    let clients = admin.get("/v1/entities?kind=household").await.ok(200);
    assert_eq!(
        clients["data"].as_array().unwrap().len(),
        1,
        "filled once only"
    );
    assert!(
        clients["data"][0]["id"]
            .as_str()
            .unwrap()
            .starts_with("019b76da-a800-7000-8000-")
    );
    let processes = admin.get("/v1/processes").await.ok(200);
    assert_eq!(
        processes["data"].as_array().unwrap().len(),
        1,
        "filled once only"
    );
    admin.get("/v1/audit/verify").await.ok(200);
    assert_eq!(log_ins(&program.kill()), people, "told again at each start");
}

async fn stays_on_this_machine(program: Program) {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let (ended_well, said) = program.run(&["serve", "--demo", "--listen", address]);
        assert!(!ended_well && said.contains("loopback"), "{said}");
    }
}

async fn keeps_away_from_other_firms(mut program: Program) {
    let (ended_well, said) = program.run(&["serve", "--demo", "--listen", "127.0.0.1:0"]);
    assert!(!ended_well && said.contains("other firms"), "{said}");
    program.start(false).await;
    let body =
        json!({ "firm": "demo", "email": "admin@demo.example", "password": "demo-admin-password" });
    program
        .stranger()
        .post("/v1/sessions", body)
        .await
        .problem(401, "unauthenticated");
}

mod an_empty_database_is_filled_once {
    use super::*;

    #[test]
    fn sqlite() {
        run_program_without_firm(Database::Sqlite, fills_an_empty_database);
    }

    #[test]
    #[ignore = "asks for PostgreSQL: scripts/with-postgres.sh cargo test … -- --include-ignored"]
    fn postgres() {
        run_program_without_firm(Database::Postgres, fills_an_empty_database);
    }
}

mod only_a_loopback_address_is_served {
    use super::*;

    #[test]
    fn sqlite() {
        run_program_without_firm(Database::Sqlite, stays_on_this_machine);
    }
}

mod a_database_with_another_firm_is_refused {
    use super::*;

    #[test]
    fn sqlite() {
        run_program(Database::Sqlite, keeps_away_from_other_firms);
    }

    #[test]
    #[ignore = "asks for PostgreSQL: scripts/with-postgres.sh cargo test … -- --include-ignored"]
    fn postgres() {
        run_program(Database::Postgres, keeps_away_from_other_firms);
    }
}
