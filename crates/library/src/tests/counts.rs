//! How much there is of everything: a step, field or effect that gets lost is noticed.

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
        ("client_management", 0),
        ("service_requests", 5),
        ("sales", 0),
        ("onboarding", 0),
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
fn service_requests_are_whole() {
    let expected = [
        (
            "account-profile-change",
            [12, 38, 20, 18, 5],
            [2, 3, 2, 4, 7, 2, 15],
        ),
        (
            "money-movement-in",
            [13, 44, 26, 17, 5],
            [2, 3, 4, 3, 6, 2, 17],
        ),
        (
            "new-account-opening",
            [19, 70, 39, 18, 9],
            [3, 1, 5, 2, 6, 1, 24],
        ),
        (
            "strategy-management",
            [12, 42, 22, 16, 5],
            [2, 1, 2, 2, 5, 1, 16],
        ),
        (
            "trade-requests",
            [10, 36, 26, 14, 3],
            [2, 2, 3, 4, 7, 3, 16],
        ),
    ];
    check("service_requests", &expected);
}
