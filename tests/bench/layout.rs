//! Where the rows of a firm are: every id follows from a number, so that the load and pgbench address the same rows.

/// How many people serve each record.
pub(crate) const TEAM: u32 = 10;
/// How many tasks a process has.
pub(crate) const TASKS: u32 = 10;

/// What an id is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    User,
    Entity,
    Membership,
    Process,
    Task,
}

impl Kind {
    const ALL: [Self; 5] = [
        Self::User,
        Self::Entity,
        Self::Membership,
        Self::Process,
        Self::Task,
    ];

    const fn code(self) -> u32 {
        match self {
            Self::User => 1,
            Self::Entity => 2,
            Self::Membership => 3,
            Self::Process => 4,
            Self::Task => 5,
        }
    }
}

/// The row of one kind that belongs to instance `n`: a record with its team, its process and its tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) kind: Kind,
    /// Which of the instance's users, memberships or tasks.
    pub(crate) slot: u32,
}

/// The measures of one firm.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    /// Which firm.
    pub(crate) firm: u32,
    pub(crate) users: u32,
    /// How many records each user has in each place of a team: ten times as many teams are they on.
    pub(crate) rounds: u32,
}

impl Layout {
    /// A firm of so many tasks whose users are on 500 teams each, or on fewer where there are few records.
    pub(crate) fn of_tasks(firm: u32, tasks: u32) -> Self {
        let instances = tasks / TASKS;
        let users = (instances / 50).max(TEAM);
        Self {
            firm,
            users,
            rounds: instances / users,
        }
    }

    /// How many records, and processes, there are.
    pub(crate) const fn instances(&self) -> u32 {
        self.users * self.rounds
    }

    /// How many users sign in; the processes that they own are the ones that are worked on.
    pub(crate) fn workers(&self) -> u32 {
        self.users.min(200)
    }

    /// How many processes under way there are of these users.
    pub(crate) fn targets(&self) -> u32 {
        self.workers() * self.rounds / 2
    }

    /// The process behind a target, and the user who owns its tasks.
    pub(crate) fn target(&self, target: u32) -> (u32, u32) {
        let user = target % self.workers();
        (target / self.workers() * 2 * self.users + user, user)
    }

    /// Which instances have a process under way, as SQL over `n`: every other round.
    pub(crate) fn under_way(&self) -> String {
        format!("(n / {}) % 2 = 0", self.users)
    }

    /// As `under_way`, of the users who sign in.
    pub(crate) fn worked_on(&self) -> String {
        format!(
            "{} AND n % {} < {}",
            self.under_way(),
            self.users,
            self.workers()
        )
    }

    fn stride(&self) -> u32 {
        self.users / TEAM
    }

    /// The number of a part of instance `n`.
    pub(crate) fn number(&self, part: Part, n: u32) -> u32 {
        match part.kind {
            Kind::User => (n + part.slot * self.stride()) % self.users,
            Kind::Entity | Kind::Process => n,
            Kind::Membership => n * TEAM + part.slot,
            Kind::Task => n * TASKS + part.slot,
        }
    }

    /// The same as SQL, where `n` is an expression.
    pub(crate) fn number_sql(&self, part: Part, n: &str) -> String {
        let slot = part.slot;
        match part.kind {
            Kind::User => format!("({n} + {}) % {}", slot * self.stride(), self.users),
            Kind::Entity | Kind::Process => n.to_owned(),
            Kind::Membership => format!("{n} * {TEAM} + {slot}"),
            Kind::Task => format!("{n} * {TASKS} + {slot}"),
        }
    }

    /// What all ids of a kind begin with; twelve hexadecimal digits follow.
    pub(crate) fn prefix(&self, kind: Kind) -> String {
        let firm = 0xb000_0000_u32 + self.firm;
        format!("{firm:08x}-{:04x}-7000-8000-", kind.code())
    }

    /// The id of a part of instance `n`.
    pub(crate) fn id(&self, part: Part, n: u32) -> String {
        format!("{}{:012x}", self.prefix(part.kind), self.number(part, n))
    }

    /// Which part of instance `n` an id is, if it is one.
    pub(crate) fn part(&self, id: &str, n: u32) -> Option<Part> {
        let kind = Kind::ALL
            .into_iter()
            .find(|kind| id.starts_with(&self.prefix(*kind)))?;
        let slots = match kind {
            Kind::User | Kind::Membership => TEAM,
            Kind::Task => TASKS,
            Kind::Entity | Kind::Process => 1,
        };
        (0..slots)
            .map(|slot| Part { kind, slot })
            .find(|part| self.id(*part, n) == id)
    }
}

/// A record, or the process of it.
pub(crate) const fn whole(kind: Kind) -> Part {
    Part { kind, slot: 0 }
}

/// One of the tasks.
pub(crate) const fn task(slot: u32) -> Part {
    Part {
        kind: Kind::Task,
        slot,
    }
}
