//! How much there is of everything: a step, field or effect that gets lost is noticed.

mod firm;

use std::collections::BTreeSet;

use domain::process_type::ProcessTypeDocument;

use crate::{Workflow, find, names::fields, workflows};

/// The workflows of a category in the order of the library.
fn of_category(category: &str) -> Vec<&'static Workflow> {
    let all = workflows().iter();
    all.filter(|workflow| workflow.document.category == category)
        .collect()
}

#[test]
fn every_category_has_its_workflows() {
    for (category, count) in [
        ("client_management", 4),
        ("service_requests", 15),
        ("sales", 3),
        ("onboarding", 2),
        ("practice_management", 19),
        ("marketing", 5),
    ] {
        assert_eq!(of_category(category).len(), count, "{category}");
    }
}

/// Tasks, checklist items, fields of start form and tasks, outcomes, and outcomes that send work back; then separations,
/// conditions, references, results, effects of results, effects of tasks, executing roles.
type Counts = ([usize; 5], [usize; 7]);

fn counts(document: &ProcessTypeDocument) -> Counts {
    let tasks = &document.tasks;
    let outcomes = || tasks.iter().flat_map(|task| &task.outcomes);
    let executing = tasks.iter().filter_map(|task| task.execution.as_ref());
    let steps = [
        tasks.len(),
        tasks.iter().map(|task| task.checklist.len()).sum(),
        fields(document).count(),
        outcomes().count(),
        outcomes().filter(|o| o.reopens.is_some()).count(),
    ];
    let rules = [
        tasks.iter().map(|task| task.separate_from.len()).sum(),
        tasks.iter().filter(|task| task.when.is_some()).count(),
        document.references.len() + tasks.iter().map(|t| t.references.len()).sum::<usize>(),
        document.results.len(),
        document.results.iter().map(|r| r.effects.len()).sum(),
        tasks.iter().map(|task| task.on_complete.len()).sum(),
        executing
            .map(|e| e.servicing_team_roles.len() + e.business_roles.len() + e.firm_roles.len())
            .sum(),
    ];
    (steps, rules)
}

fn check(category: &str, expected: &[(&str, [usize; 5], [usize; 7])]) {
    for (slug, steps, rules) in expected {
        let counted = counts(&find(slug).unwrap().document);
        assert_eq!(counted, (*steps, *rules), "{slug}");
    }
    let here: BTreeSet<&str> = of_category(category).iter().map(|w| w.slug).collect();
    let counted: BTreeSet<&str> = expected.iter().map(|(slug, ..)| *slug).collect();
    assert_eq!(here, counted);
}

#[test]
fn client_management_is_whole() {
    let expected = [
        (
            "client-communications",
            [11, 37, 26, 10, 4],
            [2, 1, 4, 2, 3, 3, 19],
        ),
        (
            "periodic-contact",
            [7, 24, 20, 8, 3],
            [1, 1, 2, 3, 9, 3, 12],
        ),
        (
            "planning-services-meeting",
            [12, 41, 26, 12, 3],
            [1, 2, 3, 4, 8, 3, 18],
        ),
        (
            "review-meeting",
            [12, 42, 26, 8, 3],
            [0, 0, 2, 3, 10, 6, 18],
        ),
    ];
    check("client_management", &expected);
}

#[test]
fn service_requests_are_whole() {
    let expected = [
        (
            "account-closing",
            [15, 47, 24, 19, 6],
            [1, 3, 3, 3, 8, 2, 21],
        ),
        (
            "account-features",
            [9, 30, 17, 13, 3],
            [2, 1, 2, 5, 8, 0, 11],
        ),
        (
            "account-liquidation",
            [10, 35, 22, 12, 4],
            [2, 0, 2, 3, 5, 3, 16],
        ),
        (
            "account-profile-change",
            [12, 38, 20, 18, 5],
            [2, 3, 2, 4, 7, 2, 15],
        ),
        (
            "client-communications-request",
            [9, 31, 15, 10, 2],
            [2, 2, 2, 3, 6, 1, 12],
        ),
        (
            "client-information-change",
            [11, 36, 20, 12, 5],
            [1, 0, 2, 2, 6, 3, 15],
        ),
        (
            "fee-management",
            [12, 41, 23, 15, 3],
            [3, 2, 2, 3, 6, 2, 18],
        ),
        (
            "general-service-requests",
            [8, 25, 18, 15, 4],
            [1, 2, 1, 5, 22, 1, 12],
        ),
        (
            "money-movement-in",
            [13, 44, 26, 17, 5],
            [2, 3, 4, 3, 6, 2, 17],
        ),
        (
            "money-movement-out",
            [13, 49, 34, 23, 9],
            [3, 2, 4, 3, 7, 4, 20],
        ),
        (
            "new-account-opening",
            [19, 70, 39, 18, 9],
            [3, 1, 5, 2, 6, 1, 24],
        ),
        ("new-proposal", [11, 38, 21, 13, 5], [2, 1, 2, 3, 7, 6, 13]),
        (
            "strategy-management",
            [12, 42, 22, 16, 5],
            [2, 1, 2, 2, 5, 1, 16],
        ),
        ("tax-management", [12, 40, 23, 9, 3], [2, 3, 2, 2, 5, 2, 19]),
        (
            "trade-requests",
            [10, 36, 26, 14, 3],
            [2, 2, 3, 4, 7, 3, 16],
        ),
    ];
    check("service_requests", &expected);
}

#[test]
fn sales_are_whole() {
    let expected = [
        (
            "fact-finding-meeting",
            [11, 40, 23, 13, 3],
            [0, 0, 2, 4, 10, 0, 19],
        ),
        ("introduction", [9, 34, 23, 9, 1], [0, 0, 2, 5, 13, 3, 18]),
        (
            "proposal-meeting",
            [12, 46, 27, 16, 6],
            [2, 1, 3, 3, 10, 0, 20],
        ),
    ];
    check("sales", &expected);
}

#[test]
fn onboarding_is_whole() {
    let expected = [
        (
            "asset-management-execution",
            [15, 50, 24, 14, 6],
            [4, 1, 2, 1, 5, 1, 25],
        ),
        (
            "wealth-management-meeting",
            [12, 44, 24, 12, 5],
            [1, 0, 2, 4, 15, 3, 21],
        ),
    ];
    check("onboarding", &expected);
}
