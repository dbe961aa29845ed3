use uuid::Uuid;

use super::*;
use crate::ids::FirmId;

fn batch(total: u32) -> Batch {
    Batch {
        id: BatchId(Uuid::from_u128(1)),
        name: "Fee reviews".to_owned(),
        process_type_id: ProcessTypeId(Uuid::from_u128(2)),
        fields: BTreeMap::new(),
        unless_open: false,
        status: BatchStatus::Running,
        counts: BatchCounts {
            total,
            ..BatchCounts::default()
        },
        requested_by: Some(UserId(Uuid::from_u128(3))),
        schedule_id: None,
        turn: 1,
        created_at: DateTime::UNIX_EPOCH,
        ended_at: None,
        version: 1,
    }
}

/// E17
#[test]
fn a_batch_is_completed_by_the_stretch_that_leaves_nothing_waiting() {
    let begun = batch(4);
    assert!((begun.counts.progress() - 0.0).abs() < f64::EPSILON);
    let mut counts = begun.counts;
    for state in [ItemState::Started, ItemState::Skipped, ItemState::Refused] {
        counts.count(state);
    }
    let under_way = begun.advanced(counts, DateTime::UNIX_EPOCH);
    assert_eq!(under_way.status, BatchStatus::Running);
    assert_eq!((under_way.counts.waiting(), under_way.ended_at), (1, None));
    assert!((under_way.counts.progress() - 0.75).abs() < f64::EPSILON);
    counts.count(ItemState::Started);
    let done = under_way.advanced(counts, DateTime::UNIX_EPOCH);
    assert_eq!(done.status, BatchStatus::Completed);
    assert_eq!(done.ended_at, Some(DateTime::UNIX_EPOCH));
    assert!((done.counts.progress() - 1.0).abs() < f64::EPSILON);
}

/// E17
#[test]
fn only_what_is_under_way_is_paused_resumed_and_cancelled() {
    let now = DateTime::UNIX_EPOCH;
    let running = batch(2);
    let paused = running.pause().unwrap();
    assert_eq!(paused.pause().unwrap_err().status, BatchStatus::Paused);
    let resumed = paused.resume().unwrap();
    assert_eq!(resumed.status, BatchStatus::Running);
    assert_eq!(resumed.turn, 2, "what was asked for before is out of date");
    assert_eq!(resumed.resume().unwrap_err().status, BatchStatus::Running);
    for given_up in [paused.cancel(now).unwrap(), running.cancel(now).unwrap()] {
        assert_eq!(given_up.ended_at, Some(now));
        for refused in [given_up.pause(), given_up.resume(), given_up.cancel(now)] {
            assert_eq!(refused.unwrap_err().status, BatchStatus::Cancelled);
        }
    }
}

/// X17
#[test]
fn a_batch_is_followed_by_whoever_asked_and_a_schedules_by_those_who_keep_them() {
    let actor = |id: u128, level| Actor {
        user_id: UserId(Uuid::from_u128(id)),
        firm_id: FirmId(Uuid::from_u128(9)),
        level,
        active: true,
        teams: Vec::new(),
        managed_teams: Vec::new(),
        managed_users: Vec::new(),
    };
    let of_person = batch(1);
    let of_schedule = Batch {
        requested_by: None,
        ..batch(1)
    };
    for (level, other, schedule) in [
        (PermissionLevel::Admin, true, true),
        (PermissionLevel::Designer, false, true),
        (PermissionLevel::Manager, false, false),
        (PermissionLevel::Member, false, false),
        (PermissionLevel::Auditor, true, true),
    ] {
        assert!(of_person.is_followed_by(&actor(3, level)), "who asked");
        assert_eq!(
            of_person.is_followed_by(&actor(4, level)),
            other,
            "{level:?}"
        );
        assert_eq!(
            of_schedule.is_followed_by(&actor(3, level)),
            schedule,
            "{level:?}"
        );
    }
}
