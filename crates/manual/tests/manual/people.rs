//! E9, X1–X4, X11 and X14 in sentences: who owns, who may, who may not.

use serde_json::{Value, json};

use crate::sample::{changed, fact, plain, said};

fn owner(rules: Value) -> String {
    fact(1, "Owner", |task| task["owner"] = rules)
}

/// E9
#[test]
fn every_owner_rule_names_somebody() {
    let unknown = "00000000-0000-7000-8000-000000000001";
    for (rules, said) in [
        (json!([{"role": "lead_advisor"}]), "The Lead Advisor"),
        (json!([{"role": "tax_preparer"}]), "The Tax preparer"),
        (
            json!([{"user": unknown}]),
            "A person named in the definition",
        ),
        (
            json!([{"field": "reviewer"}]),
            "The person named in “Reviewer”",
        ),
        (
            json!([{"executor_of": "compare"}]),
            "Whoever completed step 1",
        ),
        (json!([{"is": "process_owner"}]), "The owner of the process"),
        (json!([{"is": "initiator"}]), "Whoever started the process"),
        (
            json!([{"is": "unassigned"}]),
            "Nobody at first: somebody claims it when it opens",
        ),
        (
            json!([]),
            "Nobody at first: somebody claims it when it opens",
        ),
        (
            json!([{"role": "associate"}, {"is": "initiator"}, {"is": "unassigned"}]),
            "The Associate; if there is none, whoever started the process; if there is none, nobody until somebody claims it",
        ),
    ] {
        assert_eq!(owner(rules), said);
    }
}

/// X2–X4, X14
#[test]
fn others_may_only_while_advanced_execution_is_on() {
    let execution = |enabled: bool| json!({"enabled": enabled, "servicing_team_roles": ["associate"], "business_roles": ["lead_advisor"], "firm_roles": ["compliance"]});
    let may = |execution| fact(1, "May also do it", |task| task["execution"] = execution);
    assert_eq!(
        may(execution(true)),
        "The Associate, the Lead Advisor and the Compliance Officer"
    );
    assert_eq!(may(execution(false)), "Nobody else");
    assert_eq!(may(json!({"enabled": true})), "Nobody else");
}

/// X11
#[test]
fn separation_of_duties_is_said_with_the_step_and_in_front() {
    let manual = changed(|document| document["tasks"][1]["separate_from"] = json!(["compare"]));
    let step = manual.steps().nth(1).unwrap();
    assert_eq!(
        said(&step.facts, "Two people").unwrap(),
        "Nobody who filled in or completed step 1"
    );
    assert_eq!(
        plain(&manual.separation),
        ["Step 2, “Approve the comparison”: not by anybody who filled in or completed step 1."]
    );
}

#[test]
fn the_table_of_roles_has_every_holder_with_what_they_own_and_may() {
    let manual = changed(|document| {
        document["tasks"][1]["owner"] = json!([{"role": "lead_advisor"}, {"role": "compliance"}]);
        document["tasks"][2]["owner"] = json!([{"is": "initiator"}]);
        document["tasks"][0]["execution"] = json!({"enabled": true, "business_roles": ["lead_advisor"], "firm_roles": ["compliance"]});
        document["tasks"][2]["execution"] =
            json!({"enabled": true, "business_roles": ["lead_advisor"]});
    });
    let rows: Vec<[String; 4]> = manual
        .roles
        .iter()
        .map(|row| {
            [
                row.who.name.clone(),
                row.who.held.clone(),
                row.owns.plain(),
                row.may.plain(),
            ]
        })
        .collect();
    assert_eq!(
        rows,
        [
            ["Associate", "Servicing team", "1", ""],
            ["Lead Advisor", "Business team", "2", "1 and 3"],
            ["Compliance Officer", "Firm", "if need be 2", "1"],
            ["Whoever started the process", "", "3", ""],
        ]
    );
}
