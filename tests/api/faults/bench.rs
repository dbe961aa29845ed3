//! A firm to which faults are done, and what is stored of it.

use std::cell::RefCell;

use persistence::Fault;
use tests::{ADMIN_EMAIL, Database, Rows, Stored, TestApp, files};

/// No database takes this.
pub(super) const REFUSED: Fault = Fault::Instead("This is no statement");
/// The connection is gone in the midst of work; only a server has any that can go.
pub(super) const CUT: Fault = Fault::Instead("SELECT pg_terminate_backend(pg_backend_pid())");
/// More statements than anything sends.
pub(super) const MOST: u32 = 80;

/// The settings under which it may take days to wait for what is due.
pub(super) const PATIENT: [(&str, &str); 2] = [
    ("access_token_lifetime", "31536000"),
    ("session_lifetime", "31536000"),
];

/// Everything that is tried is told of, not only the first that went wrong.
pub(super) struct Bench {
    pub(super) app: TestApp,
    rows: Rows,
    complaints: RefCell<Vec<String>>,
}

/// What became of work that was done with a fault.
pub(super) struct Tried<'s, T> {
    pub(super) outcome: T,
    /// Whether there was such a statement.
    pub(super) struck: bool,
    before: &'s Stored,
    after: Stored,
}

impl<T> Tried<'_, T> {
    /// The tables that have other rows than before.
    pub(super) fn changed(&self) -> Vec<&str> {
        let tables = self.before.iter().zip(&self.after);
        tables
            .filter(|(before, after)| before != after)
            .map(|((table, _), _)| table.as_str())
            .collect()
    }
}

impl Bench {
    pub(super) async fn open(app: &TestApp) -> Self {
        Self {
            app: app.clone(),
            rows: Rows::open(app).await,
            complaints: RefCell::default(),
        }
    }

    /// Everything that is stored now.
    pub(super) async fn stored(&self) -> Stored {
        self.rows.all().await
    }

    /// What a query counts.
    pub(super) async fn count(&self, query: &str) -> i64 {
        self.rows.number(query).await
    }

    /// The way in which this statement fails. The connection is not cut each time, since another has to be made then.
    pub(super) fn failure(&self, number: u32) -> (u32, Fault) {
        let fault = match self.app.database {
            Database::Postgres if number.is_multiple_of(3) => CUT,
            Database::Postgres | Database::Sqlite => REFUSED,
        };
        (number, fault)
    }

    /// Does something with a fault in one of its statements, when this is stored.
    pub(super) async fn with_fault<'s, T>(
        &self,
        (number, fault): (u32, Fault),
        before: &'s Stored,
        work: impl Future<Output = T>,
    ) -> Tried<'s, T> {
        let planned = self.app.state.store.plan_fault(number, fault);
        let outcome = work.await;
        Tried {
            outcome,
            struck: planned.has_struck(),
            before,
            after: self.stored().await,
        }
    }

    /// Notes what should not be.
    pub(super) fn expect(&self, holds: bool, complaint: impl FnOnce() -> String) {
        if !holds {
            self.complaints.borrow_mut().push(complaint());
        }
    }

    /// At the end: the trail is whole, whoever may work on a task finds it, every file has its document, and nothing was
    /// noted.
    pub(super) async fn close(self) {
        let admin = self.app.sign_in(ADMIN_EMAIL).await;
        let verdict = admin.get("/v1/audit/verify").await.ok(200);
        assert_eq!(verdict["valid"], true, "{}", verdict.text);
        let lost = "SELECT count(*) FROM task t WHERE status IN ('open', 'in_progress') AND owner_id IS NOT NULL \
                    AND NOT EXISTS (SELECT 1 FROM task_executor e WHERE e.firm_id = t.firm_id AND e.task_id = t.id)";
        assert_eq!(self.count(lost).await, 0, "tasks that nobody can find");
        // What an upload has left whose outcome nobody knew goes within a day.
        self.app.sweep().await;
        let stored = files(&self.app.state.config.documents).len();
        let documents = self.count("SELECT count(*) FROM document").await;
        assert_eq!(
            i64::try_from(stored).unwrap(),
            documents,
            "files and documents"
        );
        self.rows.close().await;
        let complaints = self.complaints.into_inner();
        assert!(complaints.is_empty(), "{complaints:#?}");
    }
}
