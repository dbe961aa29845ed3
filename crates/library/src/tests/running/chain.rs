//! The sales phases and onboarding, one after the other, and a mailing to many.

use std::collections::BTreeSet;

use domain::{entity::Entity, value::FieldValue};

use super::{
    answers::Dice,
    play::{Manner, Played, Script, definition, play, play_asked, serves},
};

fn prospect(played: &Played) -> &Entity {
    played.stand.entity(played.run.process.entity_id)
}

fn attribute<'p>(played: &'p Played, key: &str) -> Option<&'p str> {
    let value = prospect(played).attributes.get(key)?;
    let FieldValue::Text(text) = value else {
        panic!("{key}: {value:?}");
    };
    Some(text)
}

/// The next phase, as the one before asked for it.
fn next(played: Played, phase: &str, wanted: &[(&str, &str)]) -> Played {
    let request = played.asked_for(phase);
    play_asked(
        &request,
        played.stand,
        &Script::wanting(wanted),
        &mut Dice::new(1),
    )
}

fn introduced() -> Played {
    let wanted = [("qualify", "proceed_to_fact_finding")];
    let introduction = definition("introduction");
    let played = play(&introduction, &Script::wanting(&wanted), &mut Dice::new(1));
    assert_eq!(prospect(&played).status, "prospect");
    assert_eq!(attribute(&played, "stage"), Some("Fact finding"));
    played
}

fn proposed(wanted: &[(&str, &str)]) -> Played {
    let played = next(
        introduced(),
        "fact_finding_meeting",
        &[("assess", "prepare_proposal")],
    );
    assert_eq!(attribute(&played, "stage"), Some("Proposal"));
    next(played, "proposal_meeting", wanted)
}

/// E13
#[test]
fn from_introduction_to_onboarding_each_phase_starts_the_next_until_the_prospect_is_a_client() {
    let won = proposed(&[("hold", "accepts")]);
    assert_eq!(won.result(), "won");
    assert_eq!(attribute(&won, "stage"), Some("Won"));
    assert_eq!(prospect(&won).status, "prospect");

    let planned = next(won, "wealth_management_meeting", &[]);
    assert_eq!(planned.result(), "completed");
    assert_eq!(prospect(&planned).status, "prospect");

    let onboarded = next(planned, "asset_management_execution", &[]);
    assert_eq!(prospect(&onboarded).status, "client");
    assert!(attribute(&onboarded, "client_since").is_some());
    assert!(attribute(&onboarded, "service_tier").is_some());
    assert_eq!(onboarded.run.process.depth, 4);
}

/// E13
#[test]
fn where_the_plan_is_all_that_was_agreed_the_prospect_becomes_a_client_without_execution() {
    let won = proposed(&[("hold", "wants_time"), ("follow", "accepts")]);
    let tier = won.asked_for("wealth_management_meeting");
    let tier = tier.fields["service_tier_agreed"].clone();
    let wanted = [("handover", "planning_only")];
    let planned = next(won, "wealth_management_meeting", &wanted);
    assert_eq!(planned.result(), "planning_only");
    assert_eq!(prospect(&planned).status, "client");
    assert_eq!(
        prospect(&planned).attributes.get("service_tier"),
        Some(&tier)
    );
    let execution = "asset_management_execution";
    let mut asked = planned.asked.iter();
    assert!(asked.all(|request| request.process_type != execution));
}

/// E13
#[test]
fn a_prospect_who_declines_stays_a_prospect_and_nothing_follows() {
    let lost = proposed(&[("hold", "declines")]);
    assert_eq!(lost.result(), "lost");
    assert_eq!(attribute(&lost, "stage"), Some("Lost"));
    assert_eq!(prospect(&lost).status, "prospect");
    assert!(lost.asked.is_empty());
}

/// E13: the phases before serve nobody who is a client already.
#[test]
fn a_client_is_not_introduced_again() {
    let mut played = introduced();
    let id = played.run.process.entity_id;
    played.stand.entity_mut(id).status = "client".to_owned();
    let request = played.asked_for("fact_finding_meeting");
    let served = serves(&request, &played.stand);
    assert!(!served);
}

/// E24
#[test]
fn a_mailing_is_approved_once_and_keeps_proof_and_contact_for_each_recipient() {
    let mailing = definition("client_communications");
    let onward = Script::of(Manner::Onward);
    let played = play(&mailing, &onward, &mut Dice::new(3));
    let recipients = played.run.task("recipients").unwrap().form["recipients"].clone();
    let FieldValue::List(recipients) = recipients else {
        panic!("{recipients:?}");
    };
    assert!(recipients.len() > 1);
    let delivery = played.run.task("delivery").unwrap();
    let proofs = played.run.children(delivery.id);
    let proven: BTreeSet<String> = proofs
        .filter(|child| child.form.contains_key("proof_of_delivery"))
        .map(|child| child.entity_id.to_string())
        .collect();
    assert_eq!(proven, recipients.iter().cloned().collect());
    let contacted = played.contacts.iter().map(|(id, _)| id.to_string());
    assert_eq!(contacted.collect::<BTreeSet<_>>(), proven);
    let approvals = played.run.tasks.iter();
    let approvals = approvals.filter(|task| task.key == "compliance_review");
    assert_eq!(approvals.count(), 1);
}
