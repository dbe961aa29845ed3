//! Random flows, walked at random, against what the checks say of them.

use proptest::{prelude::*, sample::Index as Pick};

use crate::process_type::{
    CheckContext, Definition, check,
    definition::{Edge, Join, TaskTemplate},
    parse,
    strategies::{flows, sound_definitions, sound_documents},
};

/// The fates of E1 to E4a, told plainly: a model of the engine that the checks know nothing of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Waiting,
    Completed(Option<usize>),
    Skipped,
    NotTaken,
}

enum Edges {
    Live,
    Dead,
    Undecided,
}

struct Walk<'a> {
    definition: &'a Definition,
    fates: Vec<Fate>,
    opened: Vec<bool>,
    ended: bool,
}

impl<'a> Walk<'a> {
    /// Completes whatever opens, by the outcomes that chance picks; work is sent back no more than chance has picks.
    fn new(definition: &'a Definition, holds: bool, picks: &[Pick]) -> Self {
        let count = definition.tasks.len();
        let mut walk = Self {
            definition,
            fates: vec![Fate::Waiting; count],
            opened: vec![false; count],
            ended: false,
        };
        let mut picks = picks.iter();
        while !walk.ended
            && let Some((task, opens)) = walk.next_decided()
        {
            let template = &definition.tasks[task];
            if !opens {
                walk.fates[task] = Fate::NotTaken;
            } else if walk.is_marked(task) || (template.when.is_some() && !holds) {
                walk.fates[task] = Fate::Skipped;
            } else {
                walk.opened[task] = true;
                walk.complete(task, template, picks.next());
            }
        }
        walk
    }

    fn complete(&mut self, task: usize, template: &TaskTemplate, pick: Option<&Pick>) {
        let count = template.outcomes.len();
        if count == 0 {
            // Chance may also skip it by hand.
            let skips = template.skippable && pick.is_some_and(|pick| pick.index(4) == 0);
            self.fates[task] = if skips {
                Fate::Skipped
            } else {
                Fate::Completed(None)
            };
            return;
        }
        let onward = template
            .outcomes
            .iter()
            .position(|outcome| outcome.reopens.is_none());
        let chosen = match (pick, onward) {
            (Some(pick), _) => pick.index(count),
            (None, Some(onward)) => onward,
            (None, None) => {
                // All that is left is to send work back for ever: the walk stops at the open task.
                self.ended = true;
                return;
            }
        };
        let outcome = &template.outcomes[chosen];
        self.fates[task] = Fate::Completed(Some(chosen));
        self.ended = outcome.ends.is_some();
        if let Some(target) = &outcome.reopens {
            let target = self.place(target);
            for other in 0..self.fates.len() {
                if other == target || self.comes_behind(other, target) {
                    self.fates[other] = Fate::Waiting;
                }
            }
        }
    }

    fn next_decided(&self) -> Option<(usize, bool)> {
        (0..self.fates.len())
            .filter(|task| self.fates[*task] == Fate::Waiting)
            .find_map(|task| match self.edges(task) {
                Edges::Live => Some((task, true)),
                Edges::Dead => Some((task, false)),
                Edges::Undecided => None,
            })
    }

    fn edges(&self, task: usize) -> Edges {
        let template = &self.definition.tasks[task];
        let states: Vec<Option<bool>> = template.after.iter().map(|edge| self.edge(edge)).collect();
        let any = |wanted| states.contains(&wanted);
        match template.join {
            _ if states.is_empty() => Edges::Live,
            Join::All if any(Some(false)) => Edges::Dead,
            Join::All if any(None) => Edges::Undecided,
            Join::All => Edges::Live,
            Join::Any if any(Some(true)) => Edges::Live,
            Join::Any if any(None) => Edges::Undecided,
            Join::Any => Edges::Dead,
        }
    }

    /// Whether an edge is live; none while it is undecided.
    fn edge(&self, edge: &Edge) -> Option<bool> {
        let source = self.place(&edge.task);
        let named = edge.outcome.as_ref();
        match self.fates[source] {
            Fate::Waiting => None,
            Fate::NotTaken => Some(false),
            Fate::Skipped => Some(named.is_none()),
            Fate::Completed(chosen) => Some(named.is_none_or(|named| {
                chosen.is_some_and(|chosen| {
                    self.definition.tasks[source].outcomes[chosen].key == *named
                })
            })),
        }
    }

    fn is_marked(&self, task: usize) -> bool {
        let key = &self.definition.tasks[task].key;
        let chosen = self
            .definition
            .tasks
            .iter()
            .zip(&self.fates)
            .filter_map(|(task, fate)| match fate {
                Fate::Completed(Some(chosen)) => Some(&task.outcomes[*chosen]),
                Fate::Completed(None) | Fate::Waiting | Fate::Skipped | Fate::NotTaken => None,
            });
        chosen
            .into_iter()
            .any(|outcome| outcome.skips.contains(key))
    }

    fn comes_behind(&self, task: usize, first: usize) -> bool {
        self.definition.tasks[task].after.iter().any(|edge| {
            let source = self.place(&edge.task);
            source == first || self.comes_behind(source, first)
        })
    }

    fn place(&self, key: &str) -> usize {
        self.definition
            .tasks
            .iter()
            .position(|task| task.key == key)
            .unwrap()
    }
}

fn picks() -> impl Strategy<Value = Vec<Pick>> {
    proptest::collection::vec(any::<Pick>(), 0..30)
}

proptest! {
    /// E20
    #[test]
    fn what_is_made_sound_is_sound_and_parses(document in sound_documents()) {
        prop_assert_eq!(check(&document, &CheckContext::default()).faults, vec![]);
        prop_assert!(parse(&document).is_ok());
    }

    /// E20
    #[test]
    fn a_sound_process_never_ends_with_a_waiting_task(
        definition in sound_definitions(), holds in any::<bool>(), picks in picks(),
    ) {
        let walk = Walk::new(&definition, holds, &picks);
        prop_assert!(walk.ended || !walk.fates.contains(&Fate::Waiting), "{:?}", walk.fates);
    }

    /// E20
    #[test]
    fn what_is_said_never_to_open_never_opens(
        document in flows(), holds in any::<bool>(), picks in picks(),
    ) {
        let faults = check(&document, &CheckContext::default()).faults;
        let never: Vec<usize> = faults
            .iter()
            .filter(|fault| ["never-opens", "excluding-outcomes"].contains(&fault.code.as_str()))
            .map(|fault| fault.pointer.split('/').nth(2).unwrap().parse().unwrap())
            .collect();
        let definition = parse(&document).unwrap();
        let walk = Walk::new(&definition, holds, &picks);
        for task in never {
            prop_assert!(!walk.opened[task], "t{task} opened");
        }
    }
}
