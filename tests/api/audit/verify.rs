use chrono::TimeDelta;
use serde_json::json;
use tests::{Database, Program, TestApp, on_both, run_program};

use super::{fault, last, make_teams};

on_both! {
    /// E19
    async fn a_trail_as_it_was_written_is_whole_part_by_part_too(app: TestApp) {
        let admin = app.admin();
        make_teams(&admin, &["East", "West"]).await;
        app.notarise().await;
        let end = last(&admin).await;
        let whole = admin.get("/v1/audit/verify").await.ok(200);
        assert_eq!(whole["valid"], true, "{}", whole.text);
        assert_eq!((&whole["sequence"], &whole["checkpoints"]), (&json!(end), &json!(1)));
        assert_eq!(whole["next_sequence"], json!(null));

        let first = admin.get("/v1/audit/verify?to_sequence=2").await.ok(200);
        assert_eq!((&first["sequence"], &first["next_sequence"]), (&json!(2), &json!(3)));
        assert_eq!(first["checkpoints"], 0);
        let rest = admin.get("/v1/audit/verify?from_sequence=3").await.ok(200);
        assert_eq!((&rest["hash"], &rest["checkpoints"]), (&whole["hash"], &json!(1)));
        let beyond = format!("/v1/audit/verify?from_sequence={}", end + 2);
        let beyond = admin.get(&beyond).await.ok(200);
        assert_eq!(beyond["fault"]["code"], "number-missing");
    }

    /// E19
    async fn a_changed_entry_is_found(app: TestApp) {
        let admin = app.admin();
        make_teams(&admin, &["East", "West"]).await;
        let at = last(&admin).await - 1;
        let change = format!(r#"UPDATE change SET after = '{{"name":"North"}}' WHERE sequence = {at}"#);
        app.on_database(&change).await;
        assert_eq!(fault(&admin).await, (at, json!("hash-differs")));
        app.on_database(&format!("UPDATE change SET action = 'nonsense' WHERE sequence = {at}")).await;
        assert_eq!(fault(&admin).await, (at, json!("unreadable")));
    }

    /// E19
    async fn a_removed_entry_is_found(app: TestApp) {
        let admin = app.admin();
        make_teams(&admin, &["East", "West"]).await;
        let end = last(&admin).await;
        app.on_database(&format!("DELETE FROM change WHERE sequence = {}", end - 1)).await;
        assert_eq!(fault(&admin).await, (end - 1, json!("number-missing")));
        app.on_database("DELETE FROM change").await;
        assert_eq!(fault(&admin).await, (1, json!("number-missing")));
    }

    /// E19: also when the numbers behind the gap are closed up.
    async fn entries_moved_up_are_found(app: TestApp) {
        let admin = app.admin();
        make_teams(&admin, &["East", "West"]).await;
        let end = last(&admin).await;
        app.on_database(&format!("DELETE FROM change WHERE sequence = {}", end - 1)).await;
        app.on_database(&format!("UPDATE change SET sequence = {} WHERE sequence = {end}", end - 1)).await;
        assert_eq!(fault(&admin).await, (end - 1, json!("previous-hash-differs")));
    }

    /// E19
    async fn an_inserted_entry_is_found(app: TestApp) {
        let admin = app.admin();
        let end = last(&admin).await;
        for (number, code) in [(0, "number-unexpected"), (end + 1, "behind-head")] {
            let columns = "firm_id, occurred_at, action, subject_type, subject_id, entity_id, actor, on_behalf_of, \
                           changed, before, after, request_id, address, hash, previous_hash";
            let insert = format!(
                "INSERT INTO change (sequence, {columns}) SELECT {number}, {columns} FROM change WHERE sequence = {end}"
            );
            app.on_database(&insert).await;
            assert_eq!(fault(&admin).await, (number, json!(code)));
            app.on_database(&format!("DELETE FROM change WHERE sequence = {number}")).await;
        }
        assert_eq!(fault(&admin).await, (end, json!(null)));
    }

    /// E19: the chain alone is whole then.
    async fn a_trail_cut_back_behind_a_checkpoint_is_found(app: TestApp) {
        let admin = app.admin();
        make_teams(&admin, &["East"]).await;
        app.notarise().await;
        let end = last(&admin).await;
        app.on_database(&format!("DELETE FROM change WHERE sequence = {end}")).await;
        let head = format!(
            "UPDATE firm_head SET sequence = {0}, hash = (SELECT hash FROM change WHERE sequence = {0})",
            end - 1
        );
        app.on_database(&head).await;
        let verdict = admin.get("/v1/audit/verify").await.ok(200);
        assert_eq!(verdict["fault"]["code"], "checkpoint-beyond-end");
        assert_eq!(verdict["fault"]["checkpoint"], "2030-03-04");

        // Without the checkpoint nobody can tell: what was signed has to be kept elsewhere, too.
        app.on_database("DELETE FROM audit_checkpoint").await;
        assert_eq!(fault(&admin).await, (end - 1, json!(null)));
    }

    /// E19
    async fn a_head_that_is_not_the_last_entry_is_found(app: TestApp) {
        let admin = app.admin();
        make_teams(&admin, &["East"]).await;
        let end = last(&admin).await;
        app.on_database("UPDATE firm_head SET hash = (SELECT hash FROM change WHERE sequence = 1)").await;
        assert_eq!(fault(&admin).await, (end, json!("head-differs")));
        app.on_database(&format!("UPDATE firm_head SET sequence = {}", end + 1)).await;
        assert_eq!(fault(&admin).await, (end + 1, json!("number-missing")));
    }

    /// E19
    #[set(access_token_lifetime = "864000")]
    async fn a_forged_checkpoint_is_found(app: TestApp) {
        let admin = app.admin();
        app.notarise().await;
        make_teams(&admin, &["East"]).await;
        app.clock.advance(TimeDelta::days(1));
        app.notarise().await;
        let end = last(&admin).await;
        assert_eq!(fault(&admin).await, (end, json!(null)));
        // The signature of another day.
        let borrowed = "UPDATE audit_checkpoint SET signature = (SELECT signature FROM audit_checkpoint WHERE \
                        day = '2030-03-04') WHERE day = '2030-03-05'";
        app.on_database(borrowed).await;
        assert_eq!(fault(&admin).await, (end, json!("checkpoint-signature-wrong")));
        app.on_database("UPDATE audit_checkpoint SET key_id = 'mine' WHERE day = '2030-03-05'").await;
        assert_eq!(fault(&admin).await, (end, json!("checkpoint-key-unknown")));
    }
}

/// E19: on the command line, with an exit code for scripts.
async fn verified_by_the_command_line(program: Program) {
    let (whole, told) =
        program.print(&["audit", "verify", "--firm", "northwind", "--output", "json"]);
    assert!(whole, "{told}");
    let verdict: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(
        (&verdict["firm"], &verdict["valid"]),
        (&json!("northwind"), &json!(true))
    );
    let (whole, told) = program.print(&["audit", "verify"]);
    assert!(whole && told.starts_with("northwind: whole, "), "{told}");

    program
        .on_database("UPDATE change SET request_id = 'x' WHERE sequence = 2")
        .await;
    let (whole, told) = program.print(&["audit", "verify"]);
    assert!(!whole);
    assert_eq!(
        told,
        "northwind: broken at entry 2: its hash differs from what its members give\n"
    );
    let (found, told) = program.run(&["audit", "verify", "--firm", "nobody"]);
    assert!(!found && told.contains("there is no firm nobody"), "{told}");
}

#[test]
fn the_command_line_verifies_on_sqlite() {
    run_program(Database::Sqlite, verified_by_the_command_line);
}

#[test]
#[ignore = "asks for PostgreSQL: scripts/with-postgres.sh cargo test … -- --include-ignored"]
fn the_command_line_verifies_on_postgres() {
    run_program(Database::Postgres, verified_by_the_command_line);
}
