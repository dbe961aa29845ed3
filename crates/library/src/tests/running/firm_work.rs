//! The firm's own work: named persons, lists of guests, amounts that need a partner, and what follows from a referral.

use std::collections::BTreeSet;

use domain::{
    entity::Entity,
    ids::UserId,
    task::{Task, TaskStatus},
    value::FieldValue,
};

use super::{
    answers::Dice,
    play::{Manner, Played, Script, definition, play, play_asked},
};

fn played(key: &str, wanted: &[(&str, &str)], seed: u64) -> Played {
    play(
        &definition(key),
        &Script::wanting(wanted),
        &mut Dice::new(seed),
    )
}

fn task<'p>(played: &'p Played, key: &str) -> &'p Task {
    played.run.task(key).unwrap()
}

fn doer(played: &Played, key: &str) -> UserId {
    let completion = task(played, key).completion.as_ref();
    completion.and_then(|completion| completion.by).unwrap()
}

fn person(played: &Played, field: &str) -> UserId {
    let FieldValue::Text(id) = &played.run.process.fields[field] else {
        panic!("{field} names one person");
    };
    id.parse().unwrap()
}

fn flag(played: &Played, key: &str, field: &str) -> bool {
    task(played, key).form[field] == FieldValue::Flag(true)
}

fn listed(played: &Played, key: &str, field: &str) -> BTreeSet<String> {
    match task(played, key).form.get(field) {
        Some(FieldValue::List(items)) => items.iter().cloned().collect(),
        None => BTreeSet::new(),
        Some(other) => panic!("{other:?}"),
    }
}

/// E9, X11
#[test]
fn employee_and_manager_do_their_own_part_of_a_review_and_neither_approves_the_pay() {
    let mut checked = 0;
    for seed in 0..8 {
        let review = played("periodic_employee_review", &[], seed);
        let (employee, manager) = (person(&review, "employee"), person(&review, "manager"));
        assert_eq!(doer(&review, "self"), employee);
        assert_eq!(doer(&review, "sign"), employee);
        let by = doer(&review, "calibrate");
        assert!(by != employee && by != doer(&review, "draft"));
        if employee != manager {
            assert_eq!(doer(&review, "draft"), manager);
            assert_eq!(doer(&review, "meet"), manager);
            checked += 1;
        }
    }
    assert!(checked > 0);
}

/// E6, E24
#[test]
fn a_longer_guest_list_invites_only_who_is_new() {
    let wanted = [("rsvp", "too_few_extend_invitations")];
    for seed in 0..4 {
        let event = played("event_planning", &wanted, seed);
        for (key, field) in [
            ("invite", "invited_households"),
            ("invite_professionals", "invited_professionals"),
        ] {
            let children: Vec<&Task> = event.run.children(task(&event, key).id).collect();
            let invited = children
                .iter()
                .filter(|child| child.status == TaskStatus::Completed);
            let invited: BTreeSet<String> = invited
                .map(|child| {
                    assert_eq!(child.attempt, 1, "nobody is invited twice");
                    child.entity_id.to_string()
                })
                .collect();
            assert_eq!(invited, listed(&event, "guests", field));
        }
        assert!(task(&event, "guests").attempt > 1);
    }
}

/// E13, E15
#[test]
fn an_event_that_is_postponed_is_planned_anew_with_a_date_of_its_own() {
    let event = played("event_planning", &[("hold", "postponed")], 1);
    assert_eq!(event.result(), "postponed");
    let again = event.asked_for("event_planning");
    assert_eq!(
        again.fields.get("event_name"),
        event.run.process.fields.get("event_name")
    );
    assert!(!again.fields.contains_key("event_date"));
}

/// E4
#[test]
fn a_partner_approves_purchases_from_the_firm_s_limit_on() {
    let mut seen = BTreeSet::new();
    for seed in 0..12 {
        let purchase = played("new_equipment", &[], seed);
        let FieldValue::Money(price) = &task(&purchase, "quotes").form["quoted_price"] else {
            panic!("a price is money");
        };
        let large = price.amount.parse::<u32>().unwrap() >= 2_500;
        let asked = task(&purchase, "partner_ok").status == TaskStatus::Completed;
        assert_eq!(asked, large, "{}", price.amount);
        seen.insert(large);
    }
    assert_eq!(seen.len(), 2);
}

/// E4, E25
#[test]
fn form_adv_is_mailed_to_clients_where_it_says_something_new() {
    let mut seen = BTreeSet::new();
    for seed in 0..24 {
        let filing = played("form_adv_update", &[], seed);
        let news = flag(&filing, "draft_two", "material_change")
            || flag(&filing, "draft_two", "form_crs_changed")
            || flag(&filing, "disclosure_check", "new_disclosure_event");
        let asked = filing.asked.iter();
        let mut mailings = asked.filter(|request| request.process_type == "client_communications");
        assert_eq!(mailings.next().is_some_and(|it| it.waited_for), news);
        seen.insert(news);
    }
    assert_eq!(seen.len(), 2);
}

/// E4
#[test]
fn a_sign_of_intrusion_is_an_incident_whatever_was_reported() {
    for seed in 0..6 {
        let fault = played("technology_maintenance", &[("log", "security_sign")], seed);
        assert_eq!(task(&fault, "incident").status, TaskStatus::Completed);
    }
}

fn prospect(played: &Played) -> &Entity {
    played.stand.entity(played.run.process.related["prospect"])
}

/// E13
#[test]
fn a_referral_that_fits_is_introduced_and_one_that_does_not_is_kept_in_view() {
    let good = played("client_referral", &[("validate", "good_or_possible")], 1);
    assert_eq!(good.result(), "completed");
    let made = prospect(&good);
    assert_eq!(
        (made.kind.as_str(), made.status.as_str()),
        ("household", "prospect")
    );
    let asked = good.asked_for("introduction");
    assert_eq!(asked.entity_id, Some(made.id));
    let onward = Script::of(Manner::Onward);
    play_asked(&asked, good.stand, &onward, &mut Dice::new(1));

    let poor = played("client_referral", &[("validate", "poor_fit")], 1);
    assert_eq!(poor.result(), "poor_fit");
    assert!(poor.asked.is_empty());
    let nurtured = FieldValue::Text("Nurture".to_owned());
    assert_eq!(prospect(&poor).attributes.get("stage"), Some(&nurtured));
}
