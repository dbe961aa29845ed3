//! The whole grid of permissions.md: who × execution settings × status × record × action, every cell in one file.

use std::fmt::Write as _;

use super::fixture::{
    ASKER, COMPLIANCE, CSA, FIRM, NAMESAKE, OKAFOR, OPERATIONS, OTHER_FIRM, OWNER, PARTNER, Scene,
    at_level, manager_of, member,
};
use crate::{
    access::{
        Actor, decision::Decision, execution::decide, explain::task_permissions,
        visibility::sees_task,
    },
    ids::UserId,
    task::{Execution, TaskStatus},
    user::PermissionLevel,
};

const STATUSES: [TaskStatus; 5] = [
    TaskStatus::Waiting,
    TaskStatus::Open,
    TaskStatus::InProgress,
    TaskStatus::OnHold,
    TaskStatus::Completed,
];

const ACTIONS: [&str; 8] = [
    "complete",
    "edit_form",
    "edit_checklist",
    "assign",
    "reschedule",
    "skip",
    "cancel",
    "reopen",
];

type Place = fn(Scene) -> Scene;

const RECORDS: [(&str, Place); 3] = [
    ("a client", |scene| scene),
    ("the firm", Scene::for_the_firm),
    ("a restricted client", |mut scene| {
        scene.entity.restricted = true;
        scene
    }),
];

const EXECUTION: [(&str, Place); 3] = [
    ("on", |scene| scene),
    ("off", |mut scene| {
        scene.task.execution.enabled = false;
        scene
    }),
    ("on with empty lists", |mut scene| {
        scene.task.execution = Execution {
            enabled: true,
            ..Execution::default()
        };
        scene
    }),
];

/// A way to stand to the task: what it makes of the scene, and who asks.
type Standing = (&'static str, Place, fn() -> Actor);

const ABSENT: UserId = super::fixture::user_id(9);

const STANDINGS: [Standing; 21] = [
    ("owner", |scene| scene, || member(OWNER)),
    (
        "owner on the team",
        |scene| scene.joins(OWNER, OPERATIONS),
        || member(OWNER),
    ),
    ("servicing match", |scene| scene.joins(ASKER, CSA), asker),
    ("business match", |scene| scene.joins(ASKER, PARTNER), asker),
    (
        "firm match",
        |scene| scene.joins_at(FIRM.entity(), ASKER, COMPLIANCE),
        asker,
    ),
    (
        "several",
        |scene| scene.joins(ASKER, PARTNER).joins(ASKER, CSA),
        asker,
    ),
    (
        "match elsewhere",
        |scene| scene.joins_at(OKAFOR, ASKER, CSA),
        asker,
    ),
    (
        "same-named role",
        |scene| scene.joins(ASKER, NAMESAKE),
        asker,
    ),
    (
        "unlisted role",
        |scene| scene.joins(ASKER, OPERATIONS),
        asker,
    ),
    ("none", |scene| scene, asker),
    (
        "cover in time",
        |scene| scene.joins(ABSENT, CSA).covered(ABSENT, ASKER),
        asker,
    ),
    (
        "cover of the owner",
        |scene| scene.covered(OWNER, ASKER),
        asker,
    ),
    (
        "cover out of time",
        |scene| {
            let mut scene = scene.joins(ABSENT, CSA).covered(ABSENT, ASKER);
            scene.covers[0].until = scene.covers[0].from;
            scene
        },
        asker,
    ),
    (
        "preparer",
        |scene| scene.joins(ASKER, CSA).prepared_by(ASKER),
        asker,
    ),
    (
        "preparer as cover",
        |scene| {
            scene
                .joins(ABSENT, CSA)
                .covered(ABSENT, ASKER)
                .prepared_by(ASKER)
        },
        asker,
    ),
    ("manager", |scene| scene, || manager_of(ASKER, &[OWNER])),
    (
        "admin",
        |scene| scene,
        || at_level(ASKER, PermissionLevel::Admin),
    ),
    (
        "designer",
        |scene| scene,
        || at_level(ASKER, PermissionLevel::Designer),
    ),
    (
        "auditor",
        |scene| scene.joins(ASKER, CSA),
        || at_level(ASKER, PermissionLevel::Auditor),
    ),
    (
        "inactive",
        |scene| scene.joins(ASKER, CSA),
        || Actor {
            active: false,
            ..asker()
        },
    ),
    (
        "other firm's admin",
        |scene| scene,
        || Actor {
            firm_id: OTHER_FIRM,
            ..at_level(ASKER, PermissionLevel::Admin)
        },
    ),
];

fn asker() -> Actor {
    member(ASKER)
}

/// What one person may do with one task: a sign and a rule for each action, and whether they see the task at all.
fn cells(scene: &Scene, actor: &Actor) -> Vec<String> {
    scene.ask(|facts| {
        let explained = task_permissions(actor, facts);
        let sees = if sees_task(actor, facts) { "yes" } else { "no" };
        ACTIONS
            .iter()
            .map(|action| {
                let (_, decision) = explained.iter().find(|(name, _)| name == action).unwrap();
                mark(decision)
            })
            .chain([sees.to_owned()])
            .collect()
    })
}

fn mark(decision: &Decision) -> String {
    let sign = if decision.allowed { '+' } else { '-' };
    format!("{sign}{}", decision.rule)
}

/// One cell of the table: the answer for all statuses, or one for each in turn where they differ.
fn joined(by_status: &[String]) -> String {
    if by_status.iter().all(|cell| *cell == by_status[0]) {
        by_status[0].clone()
    } else {
        by_status.join(" ")
    }
}

fn table() -> String {
    let mut out = String::from(
        "+ allowed, - refused, with the rule. Where the status matters: waiting, open, in_progress, on_hold, completed.\n\
         execute: complete, edit_form and edit_checklist, which never differ.\n",
    );
    for (record, place) in RECORDS {
        for (setting, set) in EXECUTION {
            writeln!(out, "\n{record}, advanced execution {setting}").unwrap();
            writeln!(
                out,
                "{:<19} {:<25} {:<7} {:<10} {:<5} {:<6} {:<6} read",
                "", "execute", "assign", "reschedule", "skip", "cancel", "reopen"
            )
            .unwrap();
            for (standing, stand, who) in STANDINGS {
                let rows: Vec<Vec<String>> = STATUSES
                    .iter()
                    .map(|status| {
                        let scene = stand(set(place(Scene::new()))).status(*status);
                        cells(&scene, &who())
                    })
                    .collect();
                let column = |index: usize| {
                    let cells: Vec<String> = rows.iter().map(|row| row[index].clone()).collect();
                    joined(&cells)
                };
                assert_eq!(column(0), column(1), "{standing}: complete and form");
                assert_eq!(column(0), column(2), "{standing}: complete and checklist");
                writeln!(
                    out,
                    "{standing:<19} {:<25} {:<7} {:<10} {:<5} {:<6} {:<6} {}",
                    column(0),
                    column(3),
                    column(4),
                    column(5),
                    column(6),
                    column(7),
                    column(8)
                )
                .unwrap();
            }
        }
    }
    out
}

/// Every cell, reviewed as text: a change of any answer shows as a changed line.
#[test]
fn every_cell_of_the_grid_is_as_reviewed() {
    insta::assert_snapshot!("grid", table());
}

fn every_scene() -> impl Iterator<Item = (String, Scene, Actor)> {
    RECORDS.into_iter().flat_map(|(record, place)| {
        EXECUTION.into_iter().flat_map(move |(setting, set)| {
            STANDINGS
                .into_iter()
                .flat_map(move |(standing, stand, who)| {
                    STATUSES.into_iter().map(move |status| {
                        (
                            format!("{standing}, {status:?}, {record}, execution {setting}"),
                            stand(set(place(Scene::new()))).status(status),
                            who(),
                        )
                    })
                })
        })
    })
}

/// What holds in every cell, whatever the snapshot says.
#[test]
fn no_cell_lets_through_whom_the_barriers_stop() {
    for (cell, scene, actor) in every_scene() {
        let explained = scene.ask(|facts| task_permissions(&actor, facts));
        let any = explained.iter().any(|(_, decision)| decision.allowed);
        let sees = scene.ask(|facts| sees_task(&actor, facts));
        if any {
            assert!(sees, "{cell}: may act on what they do not see");
        }
        if !actor.active || actor.firm_id != FIRM {
            assert!(!any && !sees, "{cell}");
        }
        if actor.level == PermissionLevel::Auditor {
            assert!(!any && sees, "{cell}");
        }
        let execution = scene.ask(|facts| decide(&actor, facts.task));
        if execution.allowed {
            assert!(scene.task.status.is_active(), "{cell}");
            assert!(!scene.preparers.contains(&actor.user_id), "{cell}");
        }
        for (name, decision) in &explained {
            let prefix = if decision.allowed {
                "allowed"
            } else {
                "refused"
            };
            assert!(
                decision
                    .reason
                    .starts_with(&format!("{prefix} by {}: ", decision.rule)),
                "{cell}, {name}: {}",
                decision.reason
            );
        }
    }
}
