//! What stands at an address: found segment by segment, so that it takes no longer the more operations there are.

use std::{collections::HashMap, str::Split};

/// The templates of the document that go on alike from one segment.
#[derive(Debug, Default)]
pub(super) struct Addresses {
    literals: HashMap<String, Self>,
    variable: Option<Box<Self>>,
    operations: Vec<usize>,
}

impl Addresses {
    /// Notes an operation, by its place in the document.
    pub(super) fn insert(&mut self, template: &str, operation: usize) {
        let mut place = self;
        for segment in template.split('/') {
            place = if segment.starts_with('{') {
                place.variable.get_or_insert_default()
            } else {
                place.literals.entry(segment.to_owned()).or_default()
            };
        }
        place.operations.push(operation);
    }

    /// The operations at an address. Of several templates that fit (`/tasks/bulk`, `/tasks/{id}`) the most literal is meant,
    /// as OpenAPI has it, so that `bulk` is never taken for an id.
    pub(super) fn at(&self, path: &str) -> &[usize] {
        self.fitting(path.split('/'))
            .map_or(&[], |(_, operations)| operations)
    }

    /// With the number of variables that it took.
    fn fitting(&self, mut segments: Split<'_, char>) -> Option<(usize, &[usize])> {
        let Some(segment) = segments.next() else {
            let found = self.operations.as_slice();
            return (!found.is_empty()).then_some((0, found));
        };
        let literal = self.literals.get(segment);
        let literal = literal.and_then(|place| place.fitting(segments.clone()));
        let variable = self.variable.as_ref().filter(|_| !segment.is_empty());
        let variable = variable
            .and_then(|place| place.fitting(segments))
            .map(|(variables, operations)| (variables + 1, operations));
        literal
            .into_iter()
            .chain(variable)
            .min_by_key(|(variables, _)| *variables)
    }
}
