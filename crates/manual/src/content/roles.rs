//! Who owns and who may execute what, and what takes two people (X1–X4, X11, X14).

use std::collections::BTreeMap;

use domain::process_type::definition::{OwnerRule, TaskTemplate};

use super::{
    model::{Holder, RoleRow},
    owners::executing,
    reading::Reading,
};
use crate::{names::kind_of_role, prose::Prose};

/// The numbers of the steps that somebody has to do with.
#[derive(Default)]
struct Share {
    /// Steps where they come first.
    owns: Vec<usize>,
    /// Steps where they come in if nobody before them is found.
    stands_in: Vec<usize>,
    may: Vec<usize>,
}

impl Reading<'_> {
    pub(super) fn roles(&self) -> Vec<RoleRow> {
        let mut shares: BTreeMap<(usize, Holder), Share> = BTreeMap::new();
        let mut seen: Vec<Holder> = Vec::new();
        let mut share = |holder: Holder, give: &dyn Fn(&mut Share)| {
            let place = seen.iter().position(|it| *it == holder).unwrap_or_else(|| {
                seen.push(holder.clone());
                seen.len() - 1
            });
            give(shares.entry((place, holder)).or_default());
        };
        for task in &self.order {
            let number = self.number(&task.key);
            for (place, rule) in task.owner.iter().enumerate() {
                let Some(holder) = self.holder(rule) else {
                    continue;
                };
                share(holder, &|share| match place {
                    0 => share.owns.push(number),
                    _ => share.stands_in.push(number),
                });
            }
        }
        for task in &self.order {
            let number = self.number(&task.key);
            for key in executing(&task.execution) {
                share(self.role_holder(key), &|share| share.may.push(number));
            }
        }
        shares
            .into_iter()
            .map(|((_, who), share)| share.row(who))
            .collect()
    }

    fn holder(&self, rule: &OwnerRule) -> Option<Holder> {
        match rule {
            OwnerRule::Role(key) => Some(self.role_holder(key)),
            OwnerRule::Unassigned => None,
            OwnerRule::User(_)
            | OwnerRule::Field(_)
            | OwnerRule::ExecutorOf(_)
            | OwnerRule::ProcessOwner
            | OwnerRule::Initiator => {
                let name = self.person(rule).capitalised().plain();
                Some(Holder {
                    name,
                    held: String::new(),
                })
            }
        }
    }

    fn role_holder(&self, key: &str) -> Holder {
        let kind = self
            .names
            .roles
            .get(key)
            .map(|role| kind_of_role(role.kind));
        Holder {
            name: self.names.role(key),
            held: kind.unwrap_or_default().to_owned(),
        }
    }

    /// "Step 8 is not done by whoever worked on step 7."
    pub(super) fn separation(&self) -> Vec<Prose> {
        let separated = self.order.iter().filter(|it| !it.separate_from.is_empty());
        separated
            .map(|task| {
                self.titled(&task.key).capitalised()
                    + ": not by anybody who "
                    + self.worked_on(task)
            })
            .map(Prose::sentence)
            .collect()
    }

    /// "completed or filled in step 7".
    pub(super) fn worked_on(&self, task: &TaskTemplate) -> Prose {
        let others = self.numbers(task.separate_from.iter().map(String::as_str));
        Prose::from("filled in or completed ") + Prose::steps(&others)
    }
}

impl Share {
    fn row(self, who: Holder) -> RoleRow {
        let owns = Prose::numbers(&self.owns, "and");
        let stands_in = (!self.stands_in.is_empty())
            .then(|| Prose::from("if need be ") + Prose::numbers(&self.stands_in, "and"));
        let owns = match (owns.is_empty(), stands_in) {
            (_, None) => owns,
            (true, Some(stands_in)) => stands_in,
            (false, Some(stands_in)) => owns + "; " + stands_in,
        };
        RoleRow {
            who,
            owns,
            may: Prose::numbers(&self.may, "and"),
        }
    }
}
