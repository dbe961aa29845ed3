//! What the trail says of process types. With a definition that was written or published comes its whole text, so that the
//! chain of hashes covers it.

use domain::{
    event::{EventType, Occurrence, SubjectType},
    process::engine::snapshot,
    process_type::{ProcessType, ProcessTypeDocument},
};
use serde_json::Value;

/// A type and what one of its versions says.
pub(in crate::routes) type Written<'a> = (&'a ProcessType, Option<&'a ProcessTypeDocument>);

/// A change of a process type; before its creation there is nothing.
pub(in crate::routes) fn told(
    event: EventType,
    before: Option<Written<'_>>,
    after: Written<'_>,
) -> Occurrence {
    Occurrence {
        event,
        subject_type: SubjectType::ProcessType,
        subject_id: after.0.id.0,
        entity_id: None,
        before: before.map(whole),
        after: Some(whole(after)),
    }
}

fn whole((process_type, definition): Written<'_>) -> Value {
    let mut whole = snapshot(process_type);
    if let (Value::Object(members), Some(definition)) = (&mut whole, definition) {
        members.insert("definition".to_owned(), snapshot(definition));
    }
    whole
}
