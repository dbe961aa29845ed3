//! The counts of the firm's own work and of marketing.

use super::check;

#[test]
fn practice_management_is_whole() {
    let expected = [
        (
            "business-planning-meeting",
            [11, 42, 21, 5, 3],
            [1, 0, 2, 1, 2, 0, 23],
        ),
        (
            "compliance-manual-update",
            [12, 43, 20, 7, 1],
            [1, 1, 3, 2, 5, 2, 20],
        ),
        (
            "equipment-maintenance",
            [9, 31, 20, 11, 2],
            [1, 1, 2, 5, 10, 0, 13],
        ),
        (
            "form-adv-update",
            [14, 45, 31, 9, 5],
            [4, 2, 6, 1, 2, 1, 21],
        ),
        (
            "marketing-planning-meeting",
            [10, 36, 19, 7, 3],
            [2, 0, 1, 2, 4, 0, 19],
        ),
        ("new-equipment", [9, 30, 22, 10, 2], [4, 1, 2, 4, 9, 1, 12]),
        (
            "new-hire-process",
            [18, 70, 39, 17, 7],
            [2, 1, 3, 3, 9, 2, 28],
        ),
        (
            "new-technology",
            [13, 47, 28, 14, 4],
            [3, 1, 2, 3, 8, 1, 26],
        ),
        (
            "office-supplies-replenishment",
            [9, 30, 15, 6, 2],
            [2, 0, 1, 2, 4, 1, 9],
        ),
        (
            "periodic-accounting-review",
            [9, 31, 16, 2, 1],
            [1, 0, 2, 1, 2, 0, 12],
        ),
        (
            "periodic-business-review",
            [9, 32, 19, 5, 1],
            [1, 0, 1, 3, 4, 4, 22],
        ),
        (
            "periodic-education-requirements-review",
            [10, 36, 21, 6, 1],
            [0, 0, 3, 2, 4, 6, 14],
        ),
        (
            "periodic-employee-review",
            [10, 35, 24, 5, 1],
            [3, 0, 2, 2, 6, 1, 12],
        ),
        (
            "periodic-lead-generation-review",
            [9, 31, 22, 5, 1],
            [1, 2, 1, 2, 3, 2, 16],
        ),
        (
            "periodic-marketing-review",
            [9, 30, 17, 5, 1],
            [1, 0, 1, 3, 5, 0, 13],
        ),
        (
            "periodic-revenue-reconciliation",
            [10, 36, 23, 4, 2],
            [3, 1, 1, 1, 2, 1, 16],
        ),
        (
            "periodic-social-media-review",
            [10, 38, 18, 3, 0],
            [0, 0, 2, 2, 2, 2, 16],
        ),
        (
            "periodic-workflow-review",
            [11, 40, 24, 10, 3],
            [4, 0, 1, 2, 4, 1, 20],
        ),
        (
            "technology-maintenance",
            [9, 34, 21, 10, 2],
            [2, 2, 2, 3, 5, 3, 14],
        ),
    ];
    check("practice_management", &expected);
}

#[test]
fn marketing_is_whole() {
    let expected = [
        (
            "client-referral",
            [10, 35, 18, 13, 2],
            [1, 0, 2, 5, 8, 4, 15],
        ),
        ("coi-referral", [12, 44, 24, 19, 4], [2, 0, 2, 4, 11, 6, 20]),
        (
            "event-planning",
            [20, 70, 43, 13, 4],
            [4, 0, 2, 4, 8, 6, 44],
        ),
        (
            "social-media-content",
            [12, 46, 23, 10, 4],
            [4, 2, 2, 2, 3, 1, 19],
        ),
        (
            "webinar-planning",
            [16, 57, 31, 14, 6],
            [4, 0, 2, 3, 6, 6, 32],
        ),
    ];
    check("marketing", &expected);
}
