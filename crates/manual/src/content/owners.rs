//! Who does something (E9), and who may do it besides (X1–X4, X14).

use domain::process_type::definition::{ExecutionRule, OwnerRule};

use super::reading::Reading;
use crate::prose::{Prose, series};

impl Reading<'_> {
    /// "the Lead Advisor", "whoever completed step 3".
    pub(super) fn person(&self, rule: &OwnerRule) -> Prose {
        match rule {
            OwnerRule::Role(key) => Prose::from(format!("the {}", self.names.role(key))),
            OwnerRule::User(id) => {
                let name = self.names.users.get(id).cloned();
                Prose::from(name.unwrap_or_else(|| "a person named in the definition".to_owned()))
            }
            OwnerRule::Field(key) => {
                Prose::from(format!("the person named in {}", self.field_name(key)))
            }
            OwnerRule::ExecutorOf(key) => Prose::from("whoever completed ") + self.step(key),
            OwnerRule::ProcessOwner => Prose::from("the owner of the process"),
            OwnerRule::Initiator => Prose::from("whoever started the process"),
            OwnerRule::Unassigned => Prose::from("nobody"),
        }
    }

    /// The first that can be found: "the Lead Advisor; if there is none, the Partner".
    pub(super) fn people(&self, rules: &[OwnerRule]) -> Prose {
        let Some((first, rest)) = rules.split_first() else {
            return Prose::from("nobody");
        };
        rest.iter().fold(self.person(first), |said, rule| {
            let otherwise = match rule {
                OwnerRule::Unassigned => Prose::from("nobody until somebody claims it"),
                OwnerRule::Role(_)
                | OwnerRule::User(_)
                | OwnerRule::Field(_)
                | OwnerRule::ExecutorOf(_)
                | OwnerRule::ProcessOwner
                | OwnerRule::Initiator => self.person(rule),
            };
            said + "; if there is none, " + otherwise
        })
    }

    /// The owner of a step.
    pub(super) fn owner(&self, rules: &[OwnerRule]) -> Prose {
        match rules {
            [] | [OwnerRule::Unassigned] => {
                Prose::from("Nobody at first: somebody claims it when it opens")
            }
            rules => self.people(rules).capitalised(),
        }
    }

    /// Who may execute besides the owner.
    pub(super) fn others(&self, rule: &ExecutionRule) -> Prose {
        let roles = executing(rule);
        if roles.is_empty() {
            return Prose::from("Nobody else");
        }
        series(
            roles
                .iter()
                .map(|key| format!("the {}", self.names.role(key))),
            "and",
        )
        .capitalised()
    }
}

/// Keys of the roles whose holders may execute; none while advanced execution is off.
pub(super) fn executing(rule: &ExecutionRule) -> Vec<&str> {
    if !rule.enabled {
        return Vec::new();
    }
    let lists = [
        &rule.servicing_team_roles,
        &rule.business_roles,
        &rule.firm_roles,
    ];
    lists.into_iter().flatten().map(String::as_str).collect()
}
