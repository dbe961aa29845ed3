//! Owner rules (E9).

use chrono::TimeDelta;

use super::*;
use crate::{
    access::cover::Cover,
    ids::CoverId,
    process::fixture::{Fixture, completed, definition, effect, list, outcome, template, text},
    process_type::definition::{Outcome, TaskTemplate},
    task::Attempt,
};

const CSA: &str = "client_service_associate";

fn role(key: &str) -> Vec<OwnerRule> {
    vec![OwnerRule::Role(key.into())]
}

/// E9: the primary holder comes first, however busy.
#[test]
fn the_primary_holder_owns() {
    let mut fixture = Fixture::new(definition(vec![template("a")]));
    let (idle, primary) = (fixture.user("Idle"), fixture.user("Primary"));
    fixture.hold(idle, CSA, fixture.client);
    fixture.hold(primary, CSA, fixture.client).is_primary = true;
    fixture.around.open_tasks = [(primary, 40)].into();
    assert_eq!(
        fixture.engine().resolve_owner(&role(CSA), Some(0)),
        Some(primary)
    );
}

/// E9: without a primary, the fewest open tasks; ties by longest membership.
#[test]
fn the_least_busy_holder_owns_and_the_longest_standing_among_equals() {
    let mut fixture = Fixture::new(definition(vec![template("a")]));
    let people = ["First", "Second", "Third"].map(|name| fixture.user(name));
    for user in people {
        fixture.hold(user, CSA, fixture.client);
    }
    let [first, second, third] = people;
    fixture.around.open_tasks = [(first, 3), (second, 1), (third, 1)].into();
    assert_eq!(
        fixture.engine().resolve_owner(&role(CSA), Some(0)),
        Some(second)
    );
    fixture.around.memberships[2].created_at = fixture.around.memberships[0].created_at;
    assert_eq!(
        fixture.engine().resolve_owner(&role(CSA), Some(0)),
        Some(third)
    );
    fixture.around.memberships[1].created_at = fixture.around.memberships[2].created_at;
    assert_eq!(
        fixture.engine().resolve_owner(&role(CSA), Some(0)),
        Some(second)
    );
}

/// E9: tasks that this very command opened or closed count as they are now.
#[test]
fn open_tasks_are_counted_as_the_command_has_made_them() {
    let mut fixture = Fixture::new(definition(vec![template("a"), template("b")]));
    let (first, second) = (fixture.user("First"), fixture.user("Second"));
    fixture.hold(first, CSA, fixture.client);
    fixture.hold(second, CSA, fixture.client);
    fixture.run.tasks[0].owner_id = Some(second);
    fixture.run.tasks[1].status = TaskStatus::Waiting;
    fixture.around.open_tasks = [(first, 1), (second, 1)].into();
    let mut engine = fixture.engine();
    assert_eq!(engine.resolve_owner(&role(CSA), Some(1)), Some(first));
    engine.run.tasks[0].status = TaskStatus::Completed;
    assert_eq!(engine.resolve_owner(&role(CSA), Some(1)), Some(second));
}

/// E9, X5: a role held on another entity names nobody; a firm role is looked for on the firm.
#[test]
fn roles_count_where_the_work_is_and_firm_roles_on_the_firm() {
    let mut fixture = Fixture::new(definition(vec![template("a")]));
    let (elsewhere, officer) = (fixture.user("Elsewhere"), fixture.user("Officer"));
    let other = fixture.entity("household", "Lindqvist Trust");
    fixture.hold(elsewhere, CSA, other);
    fixture.hold(officer, "compliance_officer", fixture.firm_entity());
    let engine = fixture.engine();
    assert_eq!(engine.resolve_owner(&role(CSA), Some(0)), None);
    assert_eq!(
        engine.resolve_owner(&role("compliance_officer"), Some(0)),
        Some(officer)
    );
    assert_eq!(engine.resolve_owner(&role("unknown_role"), Some(0)), None);
}

/// E9, X14: work on the firm entity resolves roles of any kind there.
#[test]
fn work_on_the_firm_finds_any_kind_of_role_there() {
    let mut fixture = Fixture::new(definition(vec![template("a")]));
    let firm = fixture.firm_entity();
    fixture.run.tasks[0].entity_id = firm;
    let (on_client, on_firm) = (fixture.user("On client"), fixture.user("On firm"));
    fixture.hold(on_client, CSA, fixture.client);
    fixture.hold(on_firm, CSA, firm);
    assert_eq!(
        fixture.engine().resolve_owner(&role(CSA), Some(0)),
        Some(on_firm)
    );
}

/// E9: a list is the first that resolves; `unassigned` ends it.
#[test]
fn the_first_rule_that_resolves_decides() {
    let mut fixture = Fixture::new(definition(vec![template("a"), template("b")]));
    let people = ["Named", "Executor", "Owner", "Starter"].map(|name| fixture.user(name));
    let [named, executor, owner, starter] = people;
    let stranger = UserId(fixture.ambient_id());
    fixture.run.process.owner_id = Some(owner);
    fixture.run.process.initiator_id = Some(starter);
    fixture.run.process.fields = [
        ("one".to_owned(), text(&named.to_string())),
        (
            "many".to_owned(),
            list(&[&stranger.to_string(), &executor.to_string()]),
        ),
    ]
    .into();
    fixture.run.tasks[0].completion = Some(completed(Some(executor), None));
    let engine = fixture.engine();
    let resolve = |rules: &[OwnerRule]| engine.resolve_owner(rules, Some(1));
    let field = |key: &str| OwnerRule::Field(key.into());

    assert_eq!(resolve(&[OwnerRule::User(named)]), Some(named));
    assert_eq!(resolve(&[OwnerRule::User(stranger)]), None);
    assert_eq!(resolve(&[field("one")]), Some(named));
    assert_eq!(resolve(&[field("many")]), Some(executor));
    assert_eq!(
        resolve(&[OwnerRule::ExecutorOf("a".into())]),
        Some(executor)
    );
    assert_eq!(resolve(&[OwnerRule::ExecutorOf("b".into())]), None);
    assert_eq!(
        resolve(&[field("none"), OwnerRule::ProcessOwner]),
        Some(owner)
    );
    assert_eq!(
        resolve(&[OwnerRule::Initiator, OwnerRule::ProcessOwner]),
        Some(starter)
    );
    assert_eq!(
        resolve(&[OwnerRule::Unassigned, OwnerRule::Initiator]),
        None
    );
}

/// E9, X13: who left is passed over, the primary too.
#[test]
fn the_inactive_are_passed_over() {
    let mut fixture = Fixture::new(definition(vec![template("a")]));
    let (gone, next) = (fixture.user("Gone"), fixture.user("Next"));
    fixture.hold(gone, CSA, fixture.client).is_primary = true;
    fixture.hold(next, CSA, fixture.client);
    fixture.deactivate(gone);
    let engine = fixture.engine();
    assert_eq!(engine.resolve_owner(&role(CSA), Some(0)), Some(next));
    assert_eq!(
        engine.resolve_owner(&[OwnerRule::User(gone)], Some(0)),
        None
    );
}

/// E9: an auditor changes nothing and owns nothing, but can be told.
#[test]
fn auditors_own_nothing_but_may_be_told() {
    let mut fixture = Fixture::new(definition(vec![template("a")]));
    let auditor = fixture.user("Auditor");
    let people = &mut fixture.around.people;
    people.get_mut(&auditor).unwrap().permission_level = PermissionLevel::Auditor;
    let engine = fixture.engine();
    let rule = OwnerRule::User(auditor);
    assert_eq!(
        engine.resolve_owner(std::slice::from_ref(&rule), Some(0)),
        None
    );
    assert_eq!(
        engine.resolve_owner(std::slice::from_ref(&rule), None),
        None
    );
    assert_eq!(
        engine.resolve_recipient(&rule, fixture.client),
        Some(auditor)
    );
}

/// E9, X11: who completed or filled in a separated task, in any attempt, is passed over.
#[test]
fn preparers_are_passed_over() {
    let mut fixture = Fixture::new(definition(vec![
        template("forms"),
        TaskTemplate {
            separate_from: vec!["forms".into()],
            ..template("approval")
        },
    ]));
    let people = ["Early", "Late", "Covered", "Editor", "Free"].map(|name| fixture.user(name));
    for user in people {
        fixture.hold(user, CSA, fixture.client);
    }
    let [early, late, covered, editor, free] = people;
    let forms = fixture.task_mut("forms");
    forms.form_editors = vec![editor];
    forms.attempts = vec![Attempt {
        undone: false,
        undone_reason: None,
        attempt: 1,
        status: TaskStatus::Completed,
        owner_id: None,
        opened_at: None,
        due_at: None,
        form: [].into(),
        checklist: Vec::new(),
        completion: Some(completed(Some(early), None)),
        withdrawn_at: forms.created_at,
    }];
    let mut last = completed(Some(late), None);
    last.on_behalf_of = Some(covered);
    forms.completion = Some(last);
    let engine = fixture.engine();
    assert_eq!(engine.resolve_owner(&role(CSA), Some(1)), Some(free));
    assert_eq!(engine.resolve_owner(&role(CSA), Some(0)), Some(early));
}

/// E21: a rule that names a skipped task imposes nothing.
#[test]
fn a_skipped_task_keeps_nobody_away() {
    let mut fixture = Fixture::new(definition(vec![
        template("forms"),
        TaskTemplate {
            separate_from: vec!["forms".into()],
            ..template("approval")
        },
    ]));
    let editor = fixture.user("Editor");
    fixture.task_mut("forms").form_editors = vec![editor];
    let rules = [OwnerRule::User(editor)];
    assert_eq!(fixture.engine().resolve_owner(&rules, Some(1)), None);
    fixture.task_mut("forms").status = TaskStatus::Skipped;
    assert_eq!(
        fixture.engine().resolve_owner(&rules, Some(1)),
        Some(editor)
    );
}

/// E9, X18: work on a restricted record goes to somebody named on it.
#[test]
fn strangers_to_a_restricted_record_are_passed_over() {
    let mut fixture = Fixture::new(definition(vec![template("a")]));
    let (outsider, insider) = (fixture.user("Outsider"), fixture.user("Insider"));
    fixture
        .hold(outsider, "compliance_officer", fixture.firm_entity())
        .is_primary = true;
    fixture.hold(insider, "compliance_officer", fixture.firm_entity());
    fixture.hold(insider, "lead_advisor", fixture.client);
    let rules = role("compliance_officer");
    assert_eq!(
        fixture.engine().resolve_owner(&rules, Some(0)),
        Some(outsider)
    );
    fixture.client_mut().restricted = true;
    assert_eq!(
        fixture.engine().resolve_owner(&rules, Some(0)),
        Some(insider)
    );
    fixture.client_mut().restricted = false;
    fixture.client_mut().kind = "employee".into();
    assert_eq!(
        fixture.engine().resolve_owner(&rules, Some(0)),
        Some(insider)
    );
}

fn to_count(fixture: &Fixture) -> Vec<UserId> {
    owners_to_count(
        &fixture.definition,
        &fixture.run,
        &fixture.catalog.roles,
        &fixture.around,
    )
}

/// E9
#[test]
fn counts_are_needed_only_where_several_could_own_a_task_that_may_open() {
    let mut fixture = Fixture::new(definition(vec![TaskTemplate {
        owner: role(CSA),
        ..template("a")
    }]));
    let (first, second) = (fixture.user("First"), fixture.user("Second"));
    fixture.run.tasks[0].status = TaskStatus::Waiting;
    fixture.hold(first, CSA, fixture.client);
    assert_eq!(to_count(&fixture), [], "one holder");
    fixture.hold(second, CSA, fixture.client);
    assert_eq!(to_count(&fixture), [first, second]);

    fixture.around.memberships[0].is_primary = true;
    assert_eq!(to_count(&fixture), [], "the primary settles it");
    fixture.definition.tasks[0].separate_from = vec!["b".into()];
    assert_eq!(
        to_count(&fixture),
        [first, second],
        "a primary may have prepared"
    );
    fixture.definition.tasks[0].separate_from.clear();
    fixture.client_mut().restricted = true;
    assert_eq!(
        to_count(&fixture),
        [first, second],
        "a primary may be refused"
    );
    fixture.client_mut().restricted = false;

    fixture.around.memberships[0].is_primary = false;
    fixture.run.tasks[0].status = TaskStatus::Open;
    assert_eq!(to_count(&fixture), [], "it has opened");
    fixture.definition.tasks[0].outcomes = vec![Outcome {
        reopens: Some("a".into()),
        ..outcome("again")
    }];
    assert_eq!(to_count(&fixture), [first, second], "rework opens it again");
    fixture.deactivate(second);
    assert_eq!(to_count(&fixture), [], "one of the two has left");
}

/// E9, E13
#[test]
fn counts_are_needed_for_the_process_owner_and_for_messages() {
    let mut fixture = Fixture::new(definition(Vec::new()));
    let (first, second) = (fixture.user("First"), fixture.user("Second"));
    fixture.hold(first, "compliance_officer", fixture.firm_entity());
    fixture.hold(second, "compliance_officer", fixture.firm_entity());
    assert_eq!(to_count(&fixture), []);
    fixture.definition.owner = role("compliance_officer");
    assert_eq!(to_count(&fixture), [first, second]);
    fixture.run.process.owner_id = Some(first);
    assert_eq!(to_count(&fixture), []);
    fixture.definition.results[0].effects = vec![effect(EffectAction::Notify {
        to: OwnerRule::Role("compliance_officer".into()),
        message: "done".into(),
    })];
    assert_eq!(to_count(&fixture), [first, second]);
}

fn away(absent: UserId, cover_user_ids: &[UserId], fixture: &Fixture) -> Cover {
    let now = fixture.now();
    Cover {
        id: CoverId(fixture.ambient_id()),
        absent_id: absent,
        cover_user_ids: cover_user_ids.to_vec(),
        from: now - TimeDelta::hours(1),
        until: now + TimeDelta::days(3),
        role_ids: Vec::new(),
        entity_ids: Vec::new(),
        reason: None,
        created_at: now,
        version: 1,
    }
}

/// E9, X10: the absent are replaced by the first of their covers who is there and could own the task.
#[test]
fn a_cover_owns_what_an_absent_person_would() {
    let mut fixture = Fixture::new(definition(vec![template("a")]));
    let people = ["Primary", "Left", "Away too", "Cover"].map(|name| fixture.user(name));
    let [primary, left, away_too, cover] = people;
    fixture.hold(primary, CSA, fixture.client).is_primary = true;
    fixture.around.people.get_mut(&left).unwrap().status = UserStatus::Inactive;
    fixture.around.covers = vec![
        away(primary, &[left, away_too, cover], &fixture),
        away(away_too, &[cover], &fixture),
    ];
    let owner = |fixture: &mut Fixture| fixture.engine().resolve_owner(&role(CSA), Some(0));
    assert_eq!(owner(&mut fixture), Some(cover));
    fixture.around.covers[0].until = fixture.now();
    assert_eq!(owner(&mut fixture), Some(primary), "it is over");
}

/// E9: without a cover the absent are passed over, for the next holder or the next rule; a cover for other records or other
/// roles changes nothing.
#[test]
fn the_absent_without_a_cover_are_passed_over() {
    let mut fixture = Fixture::new(definition(vec![template("a")]));
    let (primary, second, starter) = (
        fixture.user("Primary"),
        fixture.user("Second"),
        fixture.user("Starter"),
    );
    fixture.hold(primary, CSA, fixture.client).is_primary = true;
    fixture.hold(second, CSA, fixture.client);
    fixture.run.process.initiator_id = Some(starter);
    let rules = [OwnerRule::Role(CSA.into()), OwnerRule::Initiator];
    fixture.around.covers = vec![away(primary, &[], &fixture)];
    assert_eq!(
        fixture.engine().resolve_owner(&rules, Some(0)),
        Some(second)
    );
    let also = away(second, &[], &fixture);
    fixture.around.covers.push(also);
    assert_eq!(
        fixture.engine().resolve_owner(&rules, Some(0)),
        Some(starter)
    );
    assert_eq!(fixture.engine().resolve_owner(&rules[..1], Some(0)), None);
    fixture.around.covers[0].entity_ids = vec![fixture.firm_entity()];
    assert_eq!(
        fixture.engine().resolve_owner(&rules, Some(0)),
        Some(primary)
    );
}

/// E9, X10: an absent primary holder leaves a choice, for which open tasks have to be counted.
#[test]
fn open_tasks_are_counted_where_the_primary_holder_is_absent() {
    let mut open = template("a");
    open.owner = role(CSA);
    let mut fixture = Fixture::new(definition(vec![open]));
    let (primary, second) = (fixture.user("Primary"), fixture.user("Second"));
    fixture.hold(primary, CSA, fixture.client).is_primary = true;
    fixture.hold(second, CSA, fixture.client);
    fixture.run.tasks[0].status = TaskStatus::Waiting;
    let counted = |fixture: &Fixture| {
        owners_to_count(
            &fixture.definition,
            &fixture.run,
            &fixture.catalog.roles,
            &fixture.around,
        )
    };
    assert!(counted(&fixture).is_empty());
    fixture.around.covers = vec![away(primary, &[], &fixture)];
    assert_eq!(counted(&fixture), [primary, second]);
}
