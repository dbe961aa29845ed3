//! Every operation of the API with the rules that decide it: the one table behind `x-required-permission`.

use super::Rule::{self, X1, X2, X3, X4, X5, X7, X8, X10, X11, X12, X13, X14, X16, X17, X18, X20};

/// Whom an operation asks to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Nobody.
    Anyone,
    /// Everyone: the inactive and people of other firms get nowhere (X13).
    SignedIn,
}

/// Who may call one operation of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// Its `operationId`.
    pub id: &'static str,
    /// Whether it asks to sign in.
    pub audience: Audience,
    /// The rules that decide it; none where signing in does not matter.
    pub rules: &'static [Rule],
    /// Who may call it.
    pub who: &'static str,
}

impl Operation {
    /// The row of an operation.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        OPERATIONS.iter().find(|operation| operation.id == id)
    }

    /// The sentence with the rules behind it, as the API document shows it.
    #[must_use]
    pub fn required_permission(&self) -> String {
        if self.rules.is_empty() {
            return self.who.to_owned();
        }
        let rules: Vec<&str> = self.rules.iter().map(|rule| rule.as_str()).collect();
        format!("{} ({})", self.who, rules.join(", "))
    }
}

const fn open(id: &'static str, who: &'static str) -> Operation {
    Operation {
        id,
        audience: Audience::Anyone,
        rules: &[],
        who,
    }
}

const fn signed_in(id: &'static str, rules: &'static [Rule], who: &'static str) -> Operation {
    Operation {
        id,
        audience: Audience::SignedIn,
        rules,
        who,
    }
}

const EVERYONE: &str = "Everyone of the firm.";
const ADMINS: &str = "Admins.";
const DESIGNERS: &str = "Designers and admins.";
const SEES_RECORD: &str = "Whoever may see the record.";
const EDITS_RECORD: &str = "The record's team, managers of its user team, admins.";
const EDITS_TEAM: &str = "The record's primary lead, managers of its user team, admins.";
const SEES_PROCESS: &str = "Whoever may see the process's record; its owner, and on the firm also its initiator and the owners and executors of its tasks.";
const MANAGES_PROCESS: &str =
    "The process's owner, their manager, the record's primary lead, admins.";
const EXECUTES: &str = "Its owner; holders of a listed servicing or business role on its record, or of a listed firm role on the firm, while advanced execution is on; nobody who prepared what it checks.";
const OWNS_OR_MANAGES: &str =
    "Its owner, their manager, the process's owner, the record's primary lead, admins.";
const MANAGES: &str =
    "Its owner's manager, the process's owner, the record's primary lead, admins.";
const ADDS_TO_RECORD: &str = "Whoever may see the record, but no auditor.";
const SEES_DOCUMENT: &str = "Whoever uploaded it; whoever may see a record or task that it belongs to, or work whose form names it.";

const SEES_SCHEDULES: &str =
    "Everyone of the firm; one for a single record, whoever may see the record.";
const FOLLOWS_BATCH: &str = "Whoever asked for it, and admins; of one that a schedule began, designers, too. Auditors look on.";

const SIGHT: &[Rule] = &[X17, X18];
const EXECUTION: &[Rule] = &[X1, X2, X3, X4, X5, X8, X11, X13, X14, X17, X18];
const RECORD: &[Rule] = &[X17, X18, X20];
const MANAGING: &[Rule] = &[X16, X17, X18];
const MANAGING_ONLY: &[Rule] = &[X7, X16, X17, X18];

/// Every operation, by resource in the order of the API's map.
pub const OPERATIONS: &[Operation] = &[
    // sessions
    open(
        "createSession",
        "Anyone with the address and password of an active user.",
    ),
    open(
        "refreshSession",
        "Anyone with a refresh token that has not been used.",
    ),
    signed_in("listSessions", &[X13], "Everyone, of their own sessions."),
    signed_in(
        "deleteCurrentSession",
        &[X13],
        "Everyone, of the session that they use.",
    ),
    signed_in("deleteSession", &[X13], "Everyone, of their own sessions."),
    open("getJwks", "Anyone."),
    signed_in("getMe", &[X13], "Everyone, about themselves."),
    // firm
    signed_in("getFirm", &[X20], EVERYONE),
    signed_in("updateFirm", &[X20], ADMINS),
    signed_in("getFirmCalendar", &[X20], EVERYONE),
    signed_in("listHolidays", &[X20], EVERYONE),
    signed_in("createHoliday", &[X20], ADMINS),
    signed_in("deleteHoliday", &[X20], ADMINS),
    // users, teams, roles
    signed_in("listUsers", &[X20], EVERYONE),
    signed_in("createUser", &[X20], ADMINS),
    signed_in("getUser", &[X20], EVERYONE),
    signed_in("updateUser", &[X20], ADMINS),
    signed_in("setUserPassword", &[X20], "The user themselves; admins."),
    signed_in(
        "handOverWork",
        &[X11, X13, X16, X17, X18, X20],
        "Admins; managers for the members of their teams.",
    ),
    signed_in("listTeams", &[X20], EVERYONE),
    signed_in("createTeam", &[X20], ADMINS),
    signed_in("getTeam", &[X20], EVERYONE),
    signed_in("updateTeam", &[X20], ADMINS),
    signed_in("deleteTeam", &[X20], ADMINS),
    signed_in("addTeamMember", &[X20], ADMINS),
    signed_in("removeTeamMember", &[X20], ADMINS),
    signed_in(
        "listCovers",
        &[X10],
        "Everyone, of the covers in which they, or somebody whom they manage, are absent or stand in; admins and auditors.",
    ),
    signed_in(
        "createCover",
        &[X10, X17, X18],
        "The absent person, their managers, admins.",
    ),
    signed_in(
        "getCover",
        &[X10],
        "The absent person, whoever stands in, their managers, admins and auditors.",
    ),
    signed_in(
        "deleteCover",
        &[X10],
        "The absent person, their managers, admins.",
    ),
    signed_in("listRoles", &[X20], EVERYONE),
    signed_in("createRole", &[X20], DESIGNERS),
    signed_in("getRole", &[X20], EVERYONE),
    signed_in("updateRole", &[X20], DESIGNERS),
    // entities
    signed_in(
        "listEntities",
        SIGHT,
        "Everyone, of the records that they may see.",
    ),
    signed_in(
        "createEntity",
        &[X20],
        "Everyone but auditors; the creator joins the record's team in the role that they name.",
    ),
    signed_in("getEntity", SIGHT, SEES_RECORD),
    signed_in("updateEntity", RECORD, EDITS_RECORD),
    signed_in("listEntityTeam", SIGHT, SEES_RECORD),
    signed_in("addEntityTeamMember", RECORD, EDITS_TEAM),
    signed_in("updateEntityTeamMember", RECORD, EDITS_TEAM),
    signed_in("removeEntityTeamMember", RECORD, EDITS_TEAM),
    signed_in(
        "listEntityRelations",
        SIGHT,
        "Whoever may see the record, of the related records that they may see.",
    ),
    signed_in(
        "createEntityRelation",
        RECORD,
        "The record's team, managers of its user team, admins; both records must be seen.",
    ),
    signed_in("deleteEntityRelation", RECORD, EDITS_RECORD),
    signed_in(
        "listEntityTasks",
        SIGHT,
        "Whoever may see the record, of the tasks that they may see.",
    ),
    signed_in("listAttributeValues", SIGHT, SEES_RECORD),
    signed_in(
        "listEntityAccessLog",
        RECORD,
        "Admins and auditors, of the records that they may see.",
    ),
    // attributes
    signed_in("listAttributes", &[X20], EVERYONE),
    signed_in("createAttribute", &[X20], DESIGNERS),
    signed_in("getAttribute", &[X20], EVERYONE),
    signed_in("updateAttribute", &[X20], DESIGNERS),
    // process types
    signed_in("listProcessTypes", &[X20], EVERYONE),
    signed_in("createProcessType", &[X20], DESIGNERS),
    signed_in("getProcessType", &[X20], EVERYONE),
    signed_in("getProcessTypeDraft", &[X20], EVERYONE),
    signed_in("putProcessTypeDraft", &[X20], DESIGNERS),
    signed_in("checkProcessTypeDraft", &[X20], DESIGNERS),
    signed_in("simulateProcessTypeDraft", &[X20], DESIGNERS),
    signed_in("publishProcessType", &[X20], DESIGNERS),
    signed_in("listProcessTypeVersions", &[X20], EVERYONE),
    signed_in("getProcessTypeVersion", &[X20], EVERYONE),
    signed_in("simulateProcessTypeVersion", &[X17, X20], EVERYONE),
    signed_in("getProcessTypeManual", &[X20], EVERYONE),
    signed_in("getProcessTypeVersionManual", &[X20], EVERYONE),
    signed_in("getProcessTypeDiagram", &[X20], EVERYONE),
    signed_in("getProcessTypeDraftDiagram", &[X20], EVERYONE),
    signed_in("getProcessTypeVersionDiagram", &[X20], EVERYONE),
    signed_in("exportProcessType", &[X20], EVERYONE),
    signed_in("importProcessType", &[X20], DESIGNERS),
    signed_in("getProcessTypeSchema", &[X20], EVERYONE),
    signed_in("archiveProcessType", &[X20], DESIGNERS),
    signed_in(
        "migrateProcessType",
        &[X16, X17, X18, X20],
        "Admins and designers, of the processes that they may see; those are moved that they manage.",
    ),
    signed_in(
        "getProcessTypeMigration",
        &[X17, X18, X20],
        "Whoever asked for it; auditors.",
    ),
    // library
    signed_in("listLibrary", &[X20], EVERYONE),
    signed_in("getLibraryWorkflow", &[X20], EVERYONE),
    signed_in("getLibraryManual", &[X20], EVERYONE),
    signed_in("getLibraryWorkflowDiagram", &[X20], EVERYONE),
    signed_in("getLibraryUpgrade", &[X20], EVERYONE),
    signed_in("installLibraryWorkflow", &[X20], DESIGNERS),
    // processes
    signed_in(
        "listProcesses",
        SIGHT,
        "Everyone, of the processes that they may see.",
    ),
    signed_in(
        "startProcess",
        RECORD,
        "Holders of a role that the type lists as initiator, on the record or the firm (with `anyone`, whoever may see the record); managers of its user team, admins.",
    ),
    signed_in("getProcess", SIGHT, SEES_PROCESS),
    signed_in(
        "listProcessTasks",
        SIGHT,
        "Whoever may see the process, of the tasks that they may see.",
    ),
    signed_in("getProcessHistory", SIGHT, SEES_PROCESS),
    signed_in("getProcessDiagram", SIGHT, SEES_PROCESS),
    signed_in("cancelProcess", MANAGING, MANAGES_PROCESS),
    signed_in("holdProcess", MANAGING, MANAGES_PROCESS),
    signed_in("resumeProcess", MANAGING, MANAGES_PROCESS),
    signed_in("migrateProcess", MANAGING, MANAGES_PROCESS),
    // tasks
    signed_in(
        "listTasks",
        SIGHT,
        "Everyone, of the tasks that they may see; for another person's executable tasks, as for that person's permissions.",
    ),
    signed_in("createTask", RECORD, ADDS_TO_RECORD),
    signed_in(
        "getTask",
        SIGHT,
        "Whoever may see the task's record (for work of the firm: its initiator, admins, auditors); its owner, executors and whoever manages it.",
    ),
    signed_in(
        "updateTask",
        MANAGING_ONLY,
        "Its owner's manager, the process's owner, the record's primary lead, admins; the owner may move the due date if the firm's policy allows.",
    ),
    signed_in(
        "completeTask",
        &[X1, X2, X3, X4, X5, X8, X11, X12, X13, X14, X17, X18],
        "Its owner; holders of a listed servicing or business role on its record, or of a listed firm role on the firm, while advanced execution is on; nobody who prepared what it checks; with an override and its reason admins, and managers for work of their teams.",
    ),
    signed_in("getTaskCompletion", SIGHT, "Whoever may see the task."),
    signed_in("startTask", EXECUTION, EXECUTES),
    signed_in("setChecklistItem", EXECUTION, EXECUTES),
    signed_in("editTaskForm", EXECUTION, EXECUTES),
    signed_in(
        "claimTask",
        &[X11, X17, X18, X20],
        "Holders of a role that its owner rule or its lists name, while nobody owns it; nobody who prepared what it checks.",
    ),
    signed_in("releaseTask", MANAGING, OWNS_OR_MANAGES),
    signed_in(
        "assignTask",
        &[X11, X16, X17, X18],
        "Its owner, their manager, the process's owner, the record's primary lead, admins; an approval goes only to somebody whom its owner rule or its lists name.",
    ),
    signed_in("skipTask", MANAGING_ONLY, MANAGES),
    signed_in("cancelTask", MANAGING_ONLY, MANAGES),
    signed_in(
        "reopenTask",
        MANAGING_ONLY,
        "Its owner's manager, the process's owner, the record's primary lead, admins; whoever completed it, for 15 minutes.",
    ),
    signed_in(
        "rescheduleTask",
        MANAGING_ONLY,
        "Its owner's manager, the process's owner, the record's primary lead, admins; the owner if the firm's policy allows.",
    ),
    signed_in("retryTask", MANAGING_ONLY, MANAGES),
    signed_in("holdTask", MANAGING, OWNS_OR_MANAGES),
    signed_in("resumeTask", MANAGING, OWNS_OR_MANAGES),
    signed_in("listTaskSubmissions", SIGHT, "Whoever may see the task."),
    signed_in("createTaskSubmission", EXECUTION, EXECUTES),
    signed_in("answerTaskSubmission", EXECUTION, EXECUTES),
    signed_in(
        "getTaskPermissions",
        SIGHT,
        "Whoever may see the task, about themselves; about another person admins, auditors, and managers of theirs.",
    ),
    signed_in("listTaskExecutors", SIGHT, "Whoever may see the task."),
    signed_in(
        "listWork",
        &[X1, X2, X3, X10, X14],
        "Everyone, of the work that they own or may execute.",
    ),
    signed_in(
        "getProcessPerformance",
        RECORD,
        "Everyone; only the processes and tasks that they may see are counted.",
    ),
    // schedules, batches
    signed_in("listSchedules", RECORD, SEES_SCHEDULES),
    signed_in("createSchedule", RECORD, DESIGNERS),
    signed_in("getSchedule", RECORD, SEES_SCHEDULES),
    signed_in("updateSchedule", RECORD, DESIGNERS),
    signed_in("pauseSchedule", RECORD, DESIGNERS),
    signed_in("resumeSchedule", RECORD, DESIGNERS),
    signed_in("archiveSchedule", RECORD, DESIGNERS),
    signed_in("listScheduleOccurrences", RECORD, SEES_SCHEDULES),
    signed_in("listScheduleEntities", RECORD, SEES_SCHEDULES),
    signed_in("listScheduleRuns", RECORD, SEES_SCHEDULES),
    signed_in("listBatches", RECORD, FOLLOWS_BATCH),
    signed_in(
        "createBatch",
        RECORD,
        "Everyone but auditors; each process is started as if they had asked for it alone.",
    ),
    signed_in("getBatch", RECORD, FOLLOWS_BATCH),
    signed_in("listBatchItems", RECORD, FOLLOWS_BATCH),
    signed_in("pauseBatch", RECORD, FOLLOWS_BATCH),
    signed_in("resumeBatch", RECORD, FOLLOWS_BATCH),
    signed_in("cancelBatch", RECORD, FOLLOWS_BATCH),
    // jobs
    signed_in(
        "listJobs",
        RECORD,
        "Admins and auditors; which process a job is about only where they may see it.",
    ),
    signed_in("requeueJob", &[X20], ADMINS),
    // documents, touchpoints
    signed_in(
        "createDocument",
        RECORD,
        "Everyone but auditors; with a record or task, whoever may see that.",
    ),
    signed_in("getDocument", SIGHT, SEES_DOCUMENT),
    signed_in("downloadDocument", SIGHT, SEES_DOCUMENT),
    signed_in("createTouchpoint", RECORD, ADDS_TO_RECORD),
    signed_in(
        "listTouchpoints",
        SIGHT,
        "Everyone, of the records that they may see.",
    ),
    signed_in("getTouchpoint", SIGHT, SEES_RECORD),
    // feed and trail
    signed_in(
        "listNotifications",
        &[X13],
        "Everyone, of those addressed to them.",
    ),
    signed_in(
        "readNotification",
        &[X13],
        "Everyone, of those addressed to them.",
    ),
    signed_in(
        "readAllNotifications",
        &[X13],
        "Everyone, of those addressed to them.",
    ),
    signed_in("listEvents", SIGHT, "Everyone, of what they may see."),
    signed_in(
        "listAudit",
        RECORD,
        "Admins and auditors; admins without the records that are restricted to others.",
    ),
    signed_in("verifyAudit", &[X20], "Admins and auditors."),
    signed_in("listAuditCheckpoints", &[X20], "Admins and auditors."),
    // service
    open("getLiveness", "Anyone."),
    open("getReadiness", "Anyone."),
    open("getOpenApi", "Anyone."),
    open("listProblems", "Anyone."),
    open("getProblem", "Anyone."),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_operation_stands_once_under_a_camel_case_id() {
        let mut seen = BTreeSet::new();
        for operation in OPERATIONS {
            assert!(seen.insert(operation.id), "{} stands twice", operation.id);
            assert!(
                operation.id.starts_with(|c: char| c.is_ascii_lowercase())
                    && operation.id.chars().all(|c| c.is_ascii_alphanumeric()),
                "{} is not camelCase",
                operation.id
            );
            assert_eq!(Operation::find(operation.id), Some(operation));
        }
        assert_eq!(Operation::find("noSuchOperation"), None);
    }

    #[test]
    fn whatever_asks_to_sign_in_names_its_rules_in_order() {
        for operation in OPERATIONS {
            let named = !operation.rules.is_empty();
            assert_eq!(
                named,
                operation.audience == Audience::SignedIn,
                "{}",
                operation.id
            );
            assert!(operation.rules.is_sorted(), "{}", operation.id);
            assert!(operation.who.ends_with('.'), "{}", operation.id);
        }
    }

    #[test]
    fn the_document_shows_who_with_the_rules() {
        let publish = Operation::find("publishProcessType").unwrap();
        assert_eq!(publish.required_permission(), "Designers and admins. (X20)");
    }
}
