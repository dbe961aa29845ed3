//! What the trail is told of places on the teams of records.

use domain::{
    entity::Membership,
    event::{EventType, Occurrence, SubjectType},
    process::engine::snapshot,
};
use persistence::UnitOfWork;

/// Tells that somebody has joined a team.
pub(crate) fn record_joined(tx: &mut UnitOfWork, joined: &Membership) {
    tx.record(Occurrence {
        after: Some(snapshot(joined)),
        ..occurrence(EventType::MembershipCreated, joined)
    });
}

/// Tells that a place on a team has changed.
pub(crate) fn record_changed(tx: &mut UnitOfWork, before: &Membership, after: &Membership) {
    tx.record(Occurrence {
        before: Some(snapshot(before)),
        after: Some(snapshot(after)),
        ..occurrence(EventType::MembershipUpdated, after)
    });
}

/// Tells that somebody has left a team.
pub(crate) fn record_left(tx: &mut UnitOfWork, left: &Membership) {
    tx.record(Occurrence {
        before: Some(snapshot(left)),
        ..occurrence(EventType::MembershipDeleted, left)
    });
}

fn occurrence(event: EventType, place: &Membership) -> Occurrence {
    Occurrence {
        event,
        subject_type: SubjectType::Membership,
        subject_id: place.id.0,
        entity_id: Some(place.entity_id),
        before: None,
        after: None,
    }
}
