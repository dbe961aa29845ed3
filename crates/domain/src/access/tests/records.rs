//! The records of the small firm, as they are before a test changes them.

use std::collections::BTreeMap;

use chrono::{NaiveTime, Weekday};
use uuid::Uuid;

use super::fixture::{
    COMPLIANCE, CSA, FIRM, INITIATOR, LEAD, LINDQVIST, NAMESAKE, OPERATIONS, OWNER, PARTNER,
    PROCESS_OWNER, now,
};
use crate::{
    firm::{Firm, Visibility},
    ids::{ProcessId, ProcessTypeId, TaskId},
    process::{Process, ProcessStatus},
    process_type::document::{Priority, TaskKind},
    role::{Role, RoleKind},
    task::{Execution, Source, SourceType, Task, TaskStatus},
};

pub(super) fn firm() -> Firm {
    Firm {
        id: FIRM,
        slug: "harbor".to_owned(),
        name: "Harbor Wealth".to_owned(),
        time_zone: chrono_tz::America::New_York,
        close_of_business: NaiveTime::from_hms_opt(17, 0, 0).unwrap(),
        weekend: vec![Weekday::Sat, Weekday::Sun],
        fiscal_year_start_month: 1,
        visibility: Visibility::Team,
        owner_may_reschedule: false,
        read_access_log: crate::firm::ReadAccessLog::Off,
        policies: std::collections::BTreeMap::new(),
        created_at: now(),
        version: 1,
    }
}

pub(super) fn roles() -> Vec<Role> {
    let role = |id, key: &str, name: &str, kind| Role {
        id,
        key: key.to_owned(),
        name: name.to_owned(),
        kind,
        description: None,
        leads: id == LEAD,
        version: 1,
    };
    let associate = "Client Service Associate";
    vec![
        role(
            CSA,
            "client_service_associate",
            associate,
            RoleKind::ServicingTeam,
        ),
        role(
            OPERATIONS,
            "operations",
            "Operations",
            RoleKind::ServicingTeam,
        ),
        role(LEAD, "lead_advisor", "Lead Advisor", RoleKind::Business),
        role(PARTNER, "partner", "Partner", RoleKind::Business),
        role(NAMESAKE, "associate", associate, RoleKind::Business),
        role(
            COMPLIANCE,
            "compliance_officer",
            "Compliance Officer",
            RoleKind::Firm,
        ),
    ]
}

pub(super) fn task() -> Task {
    Task {
        id: TaskId(Uuid::from_u128(0x401)),
        process_id: Some(ProcessId(Uuid::from_u128(0x402))),
        entity_id: LINDQVIST,
        key: "review".to_owned(),
        kind: TaskKind::Task,
        stage: None,
        ordinal: 1,
        title: "Review the paperwork".to_owned(),
        description: None,
        status: TaskStatus::Open,
        hold: None,
        priority: Priority::Normal,
        owner_id: Some(OWNER),
        owner_by_hand: false,
        due_at: None,
        due_by_hand: false,
        compressed: false,
        attempt: 1,
        attempts: Vec::new(),
        execution: Execution {
            enabled: true,
            servicing_team_roles: vec![CSA],
            business_roles: vec![PARTNER],
            firm_roles: vec![COMPLIANCE],
        },
        separate_from: Vec::new(),
        form_editors: Vec::new(),
        waiting_on: None,
        checklist: Vec::new(),
        form: BTreeMap::new(),
        completion: None,
        closed_reason: None,
        rounds: BTreeMap::new(),
        skip_marked_by: None,
        parent_task_id: None,
        item: None,
        child_process_id: None,
        blocking: true,
        source: Source {
            kind: SourceType::Process,
            id: Uuid::from_u128(0x402),
        },
        contact_ids: Vec::new(),
        document_ids: Vec::new(),
        flow: None,
        submissions: Vec::new(),
        moments: Vec::new(),
        created_at: now(),
        opened_at: Some(now()),
        started_at: None,
        closed_at: None,
        version: 1,
    }
}

pub(super) fn process() -> Process {
    Process {
        id: ProcessId(Uuid::from_u128(0x402)),
        process_type_id: ProcessTypeId(Uuid::from_u128(0x403)),
        process_type_version: 1,
        name: "New Account Opening".to_owned(),
        entity_id: LINDQVIST,
        entity_ids: Vec::new(),
        related: BTreeMap::new(),
        owner_id: Some(PROCESS_OWNER),
        initiator_id: Some(INITIATOR),
        status: ProcessStatus::Running,
        result: None,
        result_set_by: None,
        fields: BTreeMap::new(),
        cause: crate::process::Cause::default(),
        asked_fields: Vec::new(),
        parent: None,
        depth: 0,
        cancel_reason: None,
        hold_reason: None,
        held_at: None,
        started_at: now(),
        ended_at: None,
        version: 1,
    }
}
