//! The requests that are measured, as endless or long lists.

use std::{iter, sync::Arc};

use serde_json::json;

use crate::{
    http::Ask,
    layout::{Kind, TASKS, task, whole},
    seed::{Firm, credentials},
};

/// A measured request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Request {
    Complete,
    CompleteSpread,
    Work,
    ExecutableBy,
    ReadTask,
    Start,
    SignIn,
}

/// How many people read their work in turn.
pub(crate) const READERS: u32 = 16;

impl Request {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Complete => "complete a task, one firm",
            Self::CompleteSpread => "complete a task, 20 firms",
            Self::Work => "work page of 50",
            Self::ExecutableBy => "executable_by, page of 50",
            Self::ReadTask => "read a task",
            Self::Start => "start a process of 10 tasks",
            Self::SignIn => "sign in",
        }
    }

    /// Whether it uses up what was seeded.
    pub(crate) const fn consumes(self) -> bool {
        match self {
            Self::Complete | Self::CompleteSpread => true,
            Self::Work | Self::ExecutableBy | Self::ReadTask | Self::Start | Self::SignIn => false,
        }
    }
}

/// Numbers that look random and are the same in every run.
#[derive(Debug, Clone)]
struct Shuffled(u64);

impl Shuffled {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(end)).unwrap_or(0)
    }
}

type Asks = Box<dyn Iterator<Item = Ask> + Send>;

/// What one of so many clients asks for. The first of the firms is the large one.
pub(crate) fn asks(
    request: Request,
    firms: &[Arc<Firm>],
    (client, clients): (u32, u32),
    turn: u32,
) -> Asks {
    let firm = Arc::clone(&firms[0]);
    let mut shuffled = Shuffled(u64::from(client) + 1_000 * u64::from(turn));
    match request {
        Request::Complete => completions(vec![firm], client, clients),
        Request::CompleteSpread => completions(firms.to_vec(), client, clients),
        Request::Work => endless(move || work(&firm, shuffled.below(READERS))),
        Request::ExecutableBy => endless(move || executable_by(&firm, shuffled.below(READERS))),
        Request::ReadTask => endless(move || {
            let target = shuffled.below(firm.layout.targets());
            read_task(&firm, target, shuffled.below(TASKS))
        }),
        Request::Start => endless(move || start(&firm, shuffled.below(firm.layout.targets()))),
        Request::SignIn => endless(move || {
            let number = shuffled.below(firm.layout.workers());
            credentials(&firm.slug, &format!("user{number}@{}.example", firm.slug))
        }),
    }
}

fn endless(ask: impl FnMut() -> Ask + Send + 'static) -> Asks {
    Box::new(iter::repeat_with(ask))
}

/// The first tasks of all processes of the firms in turn, then the second ones, and so on up to the last but one.
fn completions(firms: Vec<Arc<Firm>>, client: u32, clients: u32) -> Asks {
    let most = firms.iter().map(|firm| firm.layout.targets()).max();
    let most = most.unwrap_or(0);
    let asks = (0..TASKS - 1).flat_map(move |step| {
        let firms = firms.clone();
        // A process is always the same client's, so that none completes a task before it has opened.
        let targets = (client..most).step_by(clients as usize);
        targets.flat_map(move |target| {
            let firms: Vec<Arc<Firm>> = firms
                .iter()
                .filter(|firm| target < firm.layout.targets())
                .cloned()
                .collect();
            let from = (client as usize) % firms.len().max(1);
            let turned = [&firms[from..], &firms[..from]].concat();
            turned
                .into_iter()
                .map(move |firm| complete(&firm, target, step))
        })
    });
    Box::new(asks)
}

pub(crate) fn complete(firm: &Firm, target: u32, step: u32) -> Ask {
    let (n, user) = firm.layout.target(target);
    let path = format!("/v1/tasks/{}/complete", firm.layout.id(task(step), n));
    Ask::post(path, &json!({}), 200)
        .by(&firm.tokens[user as usize])
        .any_version()
}

pub(crate) fn work(firm: &Firm, reader: u32) -> Ask {
    Ask::get("/v1/work?limit=50").by(&firm.tokens[(reader % firm.layout.workers()) as usize])
}

pub(crate) fn executable_by(firm: &Firm, reader: u32) -> Ask {
    Ask::get("/v1/tasks?executable_by=me&limit=50")
        .by(&firm.tokens[(reader % firm.layout.workers()) as usize])
}

pub(crate) fn read_task(firm: &Firm, target: u32, step: u32) -> Ask {
    let (n, user) = firm.layout.target(target);
    Ask::get(format!("/v1/tasks/{}", firm.layout.id(task(step), n))).by(&firm.tokens[user as usize])
}

pub(crate) fn start(firm: &Firm, target: u32) -> Ask {
    let (n, user) = firm.layout.target(target);
    let body = json!({
        "process_type_id": firm.made.process_type,
        "entity_id": firm.layout.id(whole(Kind::Entity), n),
    });
    Ask::post("/v1/processes", &body, 201).by(&firm.tokens[user as usize])
}
