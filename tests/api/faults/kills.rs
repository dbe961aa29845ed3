//! Server, worker and database die at random moments under load, again and again; then every account is held against what is
//! stored.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant, SystemTime},
};

use futures_util::future::{join, join_all};
use serde_json::{Value, json};
use tests::{
    ADMIN_EMAIL, Beside, Client, Cluster, Database, FIRM, PASSWORD, Program, run_program,
    run_program_on_cluster,
};

use super::account::Workplace;
use crate::{chance::Chance, kill::all};

/// How many people work at the same time.
const PEOPLE: usize = 6;
/// How long jobs may take until all are done.
const PATIENCE: Duration = Duration::from_mins(2);

/// Everything that can die.
struct Stage {
    program: Program,
    /// Where the database is a server, that, and a worker beside the server.
    apart: Option<(Cluster, Option<Beside>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Victim {
    Server,
    Worker,
    Database,
}

impl Stage {
    async fn open(mut program: Program, cluster: Option<Cluster>) -> Self {
        program.set("BATON_JOB_LEASE", "3");
        program.set("BATON_ACCESS_TOKEN_LIFETIME", "86400");
        program.set("BATON_LOG", "off");
        let mut stage = Self {
            program,
            apart: cluster.map(|cluster| (cluster, None)),
        };
        stage.start_server().await;
        stage.start_worker();
        stage
    }

    /// Beside a database that is a file, the worker is in the server.
    async fn start_server(&mut self) {
        self.program
            .start(if self.apart.is_some() {
                &["serve", "--no-worker"]
            } else {
                &["serve"]
            })
            .await;
    }

    fn start_worker(&mut self) {
        if let Some((_, worker)) = &mut self.apart {
            *worker = Some(self.program.beside(&["worker"]));
        }
    }

    /// Whoever can die here, each once.
    fn victims(&self) -> Vec<Victim> {
        match self.apart {
            Some(_) => vec![Victim::Server, Victim::Worker, Victim::Database],
            None => vec![Victim::Server],
        }
    }

    async fn kill(&mut self, victim: Victim) {
        match victim {
            Victim::Server => {
                self.program.kill();
                self.start_server().await;
            }
            Victim::Worker => {
                // Dropped, it is killed.
                if let Some((_, worker)) = &mut self.apart {
                    *worker = None;
                }
                self.start_worker();
            }
            Victim::Database => {
                if let Some((cluster, _)) = &self.apart {
                    let cluster = cluster.clone();
                    tokio::task::spawn_blocking(move || cluster.crash())
                        .await
                        .unwrap();
                }
            }
        }
    }

    async fn sign_in(&self) -> Client {
        let body = json!({ "firm": FIRM, "email": ADMIN_EMAIL, "password": PASSWORD });
        let tokens = self
            .program
            .stranger()
            .post("/v1/sessions", body)
            .await
            .ok(201);
        let token = tokens["access_token"].as_str().unwrap();
        self.program.stranger().with_token(token)
    }
}

/// How often something is killed, unless `BATON_TEST_KILLS` says otherwise.
fn kills() -> usize {
    let asked = std::env::var("BATON_TEST_KILLS").ok();
    match asked.and_then(|text| text.parse().ok()) {
        Some(asked) => asked,
        None if std::env::var("BATON_TEST_LONG").is_ok() => 20,
        None => 3,
    }
}

/// The seed of this run; `BATON_TEST_SEED` has another run begin as that one did.
fn seed() -> u64 {
    let asked = std::env::var("BATON_TEST_SEED").ok();
    asked.and_then(|text| text.parse().ok()).unwrap_or_else(|| {
        let since = SystemTime::UNIX_EPOCH.elapsed().unwrap();
        u64::from(since.subsec_nanos()) ^ since.as_secs()
    })
}

/// Kills one after the other, each while work is under way; everybody's turn comes before anybody's second.
async fn killing(stage: &mut Stage, workplace: &Workplace, chance: &mut Chance) {
    let mut bag = Vec::new();
    for _ in 0..kills() {
        let (before, deadline) = (workplace.acknowledged(), Instant::now() + PATIENCE);
        while workplace.acknowledged() < before + 12 {
            assert!(Instant::now() < deadline, "no work gets done");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let moment = u64::try_from(chance.below(600)).unwrap();
        tokio::time::sleep(Duration::from_millis(moment)).await;
        if bag.is_empty() {
            bag = stage.victims();
        }
        let victim = bag.remove(chance.below(bag.len()));
        println!(
            "kills the {victim:?} after {} writes",
            workplace.acknowledged()
        );
        stage.kill(victim).await;
    }
    workplace.end();
}

async fn killed(program: Program, cluster: Option<Cluster>) {
    let seed = seed();
    println!("BATON_TEST_SEED={seed}");
    let mut chance = Chance::new(seed);
    let mut stage = Stage::open(program, cluster).await;
    let workplace = Workplace::open(stage.sign_in().await).await;
    let people = join_all((0..PEOPLE).map(|_| workplace.work(chance.another())));
    let mut fate = chance.another();
    join(people, killing(&mut stage, &workplace, &mut fate)).await;
    println!(
        "{} writes, {} times sent again",
        workplace.acknowledged(),
        workplace.account().repeated
    );
    every_job_is_done(workplace.who()).await;
    every_promise_is_kept(&workplace).await;
    nothing_has_happened_twice(&workplace).await;
    everything_is_whole(&stage, workplace.who()).await;
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

async fn every_job_is_done(who: &Client) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let left = all(who, "/v1/jobs?limit=200").await;
        if left.is_empty() {
            return;
        }
        assert!(left.iter().all(|job| job["state"] != "parked"), "{left:#?}");
        assert!(
            Instant::now() < deadline,
            "{} jobs are not done",
            left.len()
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// What was acknowledged is there, and nothing else.
async fn every_promise_is_kept(workplace: &Workplace) {
    let (who, account) = (workplace.who(), workplace.account());
    let processes = all(who, "/v1/processes?limit=200").await;
    let begun: BTreeSet<String> = processes
        .iter()
        .filter(|process| process["parent"].is_null())
        .map(|process| text(&process["id"]).to_owned())
        .collect();
    let promised: BTreeSet<String> = account.started.values().flatten().cloned().collect();
    assert_eq!(begun, promised);
    let tasks = all(who, "/v1/tasks?limit=200").await;
    let tasks: BTreeMap<&str, &Value> =
        tasks.iter().map(|task| (text(&task["id"]), task)).collect();
    for task in &account.completed {
        assert_eq!(tasks[task.as_str()]["status"], "completed");
    }
    let done = tasks.values().filter(|task| task["status"] == "completed");
    let by_people = done.filter(|task| task["completed_via"] != "system");
    let done: BTreeSet<String> = by_people.map(|task| text(&task["id"]).to_owned()).collect();
    assert_eq!(done, account.completed);
    for task in &account.begun {
        assert_eq!(tasks[task.as_str()]["status"], "in_progress");
        assert!(tasks[task.as_str()]["owner_id"].is_string());
    }
    for (task, mood) in &account.moods {
        let task = who.get(&format!("/v1/tasks/{task}")).await.ok(200);
        assert_eq!(task["form"][0]["value"], **mood, "{}", task.text);
    }
}

/// No child, no reminder and no opening twice, and none too few.
async fn nothing_has_happened_twice(workplace: &Workplace) {
    let (who, account) = (workplace.who(), workplace.account());
    let processes = all(who, "/v1/processes?limit=200").await;
    let parents = processes
        .iter()
        .filter_map(|process| process["parent"]["process_id"].as_str());
    let mut children = BTreeMap::<&str, u32>::new();
    for parent in parents {
        *children.entry(parent).or_default() += 1;
    }
    assert!(children.values().all(|count| *count == 1), "{children:?}");
    let tasks = all(who, "/v1/tasks?limit=200").await;
    let waiting = tasks
        .iter()
        .filter(|task| task["kind"] == "subprocess" && task["status"] != "waiting");
    let waiting: BTreeSet<&str> = waiting.map(|task| text(&task["process_id"])).collect();
    assert_eq!(children.keys().copied().collect::<BTreeSet<_>>(), waiting);

    let mut told = BTreeMap::<(String, String), u32>::new();
    for event in all(who, "/v1/events?limit=200").await {
        let about = (
            text(&event["type"]).to_owned(),
            text(&event["subject"]["id"]).to_owned(),
        );
        *told.entry(about).or_default() += 1;
    }
    for kind in [
        "process.started",
        "task.opened",
        "task.completed",
        "task.reminded",
        "task.started",
    ] {
        let twice = told
            .iter()
            .filter(|((event, _), count)| event == kind && **count != 1);
        assert_eq!(twice.collect::<Vec<_>>(), [], "{kind}");
    }
    let once = |kind: &str, id: &str| told.contains_key(&(kind.to_owned(), id.to_owned()));
    for task in &tasks {
        let id = text(&task["id"]);
        assert_eq!(
            once("task.completed", id),
            task["status"] == "completed",
            "{task}"
        );
    }
    for task in &account.begun {
        assert!(once("task.reminded", task), "nobody was reminded of {task}");
        let assigned = told[&("task.assigned".to_owned(), task.clone())];
        assert_eq!(assigned, 2, "{task} was given up once and claimed once");
    }
}

/// E19: the chain holds, the numbers of the feed have no gap, and whoever may do a task finds it.
async fn everything_is_whole(stage: &Stage, who: &Client) {
    let verdict = who.get("/v1/audit/verify").await.ok(200);
    assert_eq!(verdict["valid"], true, "{}", verdict.text);
    let events = all(who, "/v1/events?limit=200").await;
    let numbers = events
        .iter()
        .map(|event| event["sequence"].as_i64().unwrap());
    let first = events[0]["sequence"].as_i64().unwrap();
    assert!(
        numbers.eq((first..).take(events.len())),
        "the feed has a gap"
    );
    let rows = stage.program.rows().await;
    let lost = "SELECT count(*) FROM task t WHERE status IN ('open', 'in_progress') AND owner_id IS NOT NULL \
                AND kind NOT IN ('fan_out', 'subprocess') AND NOT EXISTS \
                (SELECT 1 FROM task_executor e WHERE e.firm_id = t.firm_id AND e.task_id = t.id)";
    assert_eq!(rows.number(lost).await, 0, "tasks that nobody can find");
    let gaps = "SELECT max(sequence) - count(*) FROM change";
    assert_eq!(rows.number(gaps).await, 0, "the trail has a gap");
    rows.close().await;
}

#[test]
fn whatever_dies_under_load_nothing_is_lost_on_sqlite() {
    run_program(Database::Sqlite, |program| killed(program, None));
}

/// On a server of its own, which dies too.
#[test]
#[ignore = "asks for PostgreSQL: scripts/with-postgres.sh cargo test … -- --include-ignored"]
fn whatever_dies_under_load_nothing_is_lost_on_postgres() {
    run_program_on_cluster(|program, cluster| killed(program, Some(cluster)));
}
