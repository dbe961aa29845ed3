//! Signs, drawn as paths in a square of 14: no typeface has to have them.

use crate::progress::Standing;

/// A sign: what is stroked, and what is filled.
pub(crate) struct Sign {
    pub(crate) stroked: &'static str,
    pub(crate) filled: &'static str,
}

const fn stroked(path: &'static str) -> Sign {
    Sign {
        stroked: path,
        filled: "",
    }
}

/// The sign of a standing; no two are alike, so that none hangs on its colour.
pub(crate) fn of(standing: Standing) -> Sign {
    match standing {
        Standing::Waiting => stroked("M3 7h0.01M7 7h0.01M11 7h0.01"),
        Standing::Open => stroked("M7 2a5 5 0 1 0 0 10a5 5 0 1 0 0 -10"),
        Standing::InProgress => Sign {
            stroked: "M7 2a5 5 0 1 0 0 10a5 5 0 1 0 0 -10",
            filled: "M7 2a5 5 0 0 1 0 10z",
        },
        Standing::Overdue => stroked("M7 1.5L13 12.5H1zM7 5.5v3.2M7 10.6v0.01"),
        Standing::OnHold => Sign {
            stroked: "",
            filled: "M3 2h3v10h-3zM8 2h3v10h-3z",
        },
        Standing::Completed => stroked("M2 7.5L5.5 11L12 3"),
        Standing::Skipped => stroked("M2 3l4 4l-4 4M7.5 3l4 4l-4 4"),
        Standing::NotTaken => stroked("M7 2a5 5 0 1 0 0 10a5 5 0 1 0 0 -10M3.5 10.5L10.5 3.5"),
        Standing::Cancelled => stroked("M3 3L11 11M11 3L3 11"),
    }
}

/// When something is due.
pub(crate) const CLOCK: Sign = stroked("M7 2a5 5 0 1 0 0 10a5 5 0 1 0 0 -10M7 4.2v3l2 1.4");
/// Once for each of several items.
pub(crate) const SEVERAL: Sign = stroked("M2 5h7v7h-7zM5 2h7v7");
/// Who has it.
pub(crate) const PERSON: Sign = stroked(
    "M7 2a2.4 2.4 0 1 0 0 4.8a2.4 2.4 0 1 0 0 -4.8M2.5 12.5c0 -2.6 2 -4 4.5 -4s4.5 1.4 4.5 4",
);

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_standings_have_the_same_sign() {
        let signs: BTreeSet<_> = Standing::ALL
            .into_iter()
            .map(|standing| (of(standing).stroked, of(standing).filled))
            .collect();
        assert_eq!(signs.len(), Standing::ALL.len());
    }
}
