//! Who may what, in tables.

/// Who may what on an open task that lists a Client Service Associate on the servicing team, a Partner on the team and a
/// Compliance Officer on the firm. `+` allows, `-` refuses, and the rule that decides stands behind; where the task is not
/// there for somebody, all is `404`, and whoever cannot sign in gets `401`. Three columns for an action are advanced
/// execution on, off, and on with empty lists. Executing is form, checklist and completing; ending is to skip and to cancel.
pub(super) const OPEN: &str = "
    who                 executes        assigns         moves the date  ends            sees
    owner               +X1  +X1  +X1   +X16 +X16 +X16  -X7  -X7  -X7   -X7  -X7  -X7   200
    servicing_match     +X2  -X4  -X4   -X7  -X16 -X16  -X7  -X16 -X16  -X7  -X16 -X16  200
    business_match      +X3  -X4  -X4   -X7  -X16 -X16  -X7  -X16 -X16  -X7  -X16 -X16  200
    firm_match          +X14 404  404   -X7  404  404   -X7  404  404   -X7  404  404   200
    elsewhere           404  404  404   404  404  404   404  404  404   404  404  404   404
    elsewhere_but_seen  -X5  -X4  -X4   -X16 -X16 -X16  -X16 -X16 -X16  -X16 -X16 -X16  200
    same_name           -X5  -X4  -X4   -X16 -X16 -X16  -X16 -X16 -X16  -X16 -X16 -X16  200
    unlisted_role       -X2  -X4  -X4   -X16 -X16 -X16  -X16 -X16 -X16  -X16 -X16 -X16  200
    none                404  404  404   404  404  404   404  404  404   404  404  404   404
    preparer            -X11 -X11 -X11  -X7  -X16 -X16  -X7  -X16 -X16  -X7  -X16 -X16  200
    manager             -X2  -X4  -X4   +X16 +X16 +X16  +X16 +X16 +X16  +X16 +X16 +X16  200
    admin               -X2  -X4  -X4   +X16 +X16 +X16  +X16 +X16 +X16  +X16 +X16 +X16  200
    designer            404  404  404   404  404  404   404  404  404   404  404  404   404
    auditor             -X2  -X4  -X4   -X16 -X16 -X16  -X16 -X16 -X16  -X16 -X16 -X16  200
    inactive            401  401  401   401  401  401   401  401  401   401  401  401   401
    other_firm          404  404  404   404  404  404   404  404  404   404  404  404   404
";

/// The same for the firm's own work, whose roles are held on the firm, with advanced execution on.
pub(super) const OF_THE_FIRM: &str = "
    who                 executes        assigns         moves the date  ends            sees
    owner               +X1  +X1  +X1   +X16 +X16 +X16  -X7  -X7  -X7   -X7  -X7  -X7   200
    servicing_match     +X2  404  404   -X7  404  404   -X7  404  404   -X7  404  404   200
    firm_match          +X14 404  404   -X7  404  404   -X7  404  404   -X7  404  404   200
    unlisted_role       404  404  404   404  404  404   404  404  404   404  404  404   404
    admin               -X2  -X4  -X4   +X16 +X16 +X16  +X16 +X16 +X16  +X16 +X16 +X16  200
    auditor             -X2  -X4  -X4   -X16 -X16 -X16  -X16 -X16 -X16  -X16 -X16 -X16  200
";

/// The same for a restricted client (X18): whoever is not named on it finds nothing, owner and admin too.
pub(super) const RESTRICTED: &str = "
    who                 executes        assigns         moves the date  ends            sees
    servicing_match     +X2  -X4  -X4   -X7  -X16 -X16  -X7  -X16 -X16  -X7  -X16 -X16  200
    firm_match          404  404  404   404  404  404   404  404  404   404  404  404   404
    owner               404  404  404   404  404  404   404  404  404   404  404  404   404
    manager             404  404  404   404  404  404   404  404  404   404  404  404   404
    admin               404  404  404   404  404  404   404  404  404   404  404  404   404
    auditor             -X2  -X4  -X4   -X16 -X16 -X16  -X16 -X16 -X16  -X16 -X16 -X16  200
";

pub(super) const EXECUTION: [&str; 3] = ["on", "off", "empty"];

/// What is done to the task, with the name of it in the explanation and the column of the tables that decides it.
pub(super) const ACTIONS: [(&str, &str, usize); 7] = [
    ("form", "edit_form", 0),
    ("checklist", "edit_checklist", 0),
    ("complete", "complete", 0),
    ("assign", "assign", 1),
    ("date", "reschedule", 2),
    ("skip", "skip", 3),
    ("cancel", "cancel", 3),
];

/// One row: the cells of the four columns, three each, and whether the task is seen while advanced execution is on.
pub(super) struct Row {
    pub(super) who: &'static str,
    pub(super) cells: Vec<&'static str>,
}

pub(super) fn rows(table: &'static str) -> impl Iterator<Item = Row> {
    table
        .lines()
        .filter(|line| !line.trim().is_empty())
        .skip(1)
        .map(|line| {
            let mut words = line.split_whitespace();
            let who = words.next().unwrap();
            let cells: Vec<&str> = words.collect();
            assert_eq!(cells.len(), 13, "{line}");
            Row { who, cells }
        })
}
