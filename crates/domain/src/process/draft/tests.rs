//! Drafts and ticks (E7).

use super::*;
use crate::{
    access::Denied,
    process::fixture::{Fixture, definition, field, item, template, text},
    process_type::definition::TaskTemplate,
    value::FieldType,
};

fn fixture() -> Fixture {
    Fixture::new(definition(vec![TaskTemplate {
        checklist: vec![item("call", true)],
        form: vec![
            field("owners", FieldType::Text),
            field("opened_on", FieldType::Date),
        ],
        ..template("a")
    }]))
}

fn yes() -> Decision {
    Decision::allow(Rule::X1, "owns the task")
}

fn values(values: &[(&str, Option<FieldValue>)]) -> BTreeMap<String, Option<FieldValue>> {
    values
        .iter()
        .map(|(key, value)| ((*key).to_owned(), value.clone()))
        .collect()
}

fn events(engine: &Engine<'_>) -> Vec<EventType> {
    let told = engine.changes.occurrences.iter();
    told.map(|occurrence| occurrence.event).collect()
}

/// E7: the first draft moves an open task on; the next only changes it.
#[test]
fn the_first_draft_starts_the_task() {
    let mut fixture = fixture();
    let (ada, ben) = (fixture.user("Ada"), fixture.user("Ben"));
    let mut engine = fixture.engine();
    let id = engine.run.tasks[0].id;
    let draft = values(&[("owners", Some(text("Okafor")))]);
    engine.edit_form(id, &draft, ada, &yes()).unwrap();
    let task = &engine.run.tasks[0];
    assert_eq!(task.status, TaskStatus::InProgress);
    assert_eq!(task.started_at, Some(fixture.now()));
    assert_eq!(task.form["owners"], text("Okafor"));
    assert_eq!(task.form_editors, [ada]);
    assert_eq!(task.version, 3);
    assert_eq!(
        events(&engine),
        [EventType::TaskStarted, EventType::TaskUpdated]
    );

    engine.edit_form(id, &draft, ben, &yes()).unwrap();
    assert_eq!(
        events(&engine).len(),
        2,
        "the same answer again changes nothing"
    );
    assert_eq!(engine.run.tasks[0].form_editors, [ada]);

    engine
        .edit_form(id, &values(&[("owners", None)]), ben, &yes())
        .unwrap();
    assert_eq!(engine.run.tasks[0].form, BTreeMap::new());
    assert_eq!(engine.run.tasks[0].form_editors, [ada, ben]);
    assert_eq!(events(&engine).last(), Some(&EventType::TaskUpdated));
    assert_eq!(events(&engine).len(), 3);
}

/// E7: drafts are checked, all faults together, and nothing of a bad draft is kept.
#[test]
fn a_draft_with_faults_changes_nothing() {
    let mut fixture = fixture();
    let ada = fixture.user("Ada");
    let mut engine = fixture.engine();
    let id = engine.run.tasks[0].id;
    let draft = values(&[
        ("owners", Some(text("Okafor"))),
        ("opened_on", Some(text("soon"))),
        ("unknown", None),
    ]);
    let Err(TaskError::Invalid(faults)) = engine.edit_form(id, &draft, ada, &yes()) else {
        panic!("the draft was taken");
    };
    let found: Vec<_> = faults
        .iter()
        .map(|f| (f.pointer.as_str(), f.code.as_str()))
        .collect();
    assert_eq!(
        found,
        [("/opened_on", "bad-format"), ("/unknown", "unknown-key")]
    );
    let (run, changes) = engine.finish();
    assert_eq!(run, fixture.run);
    assert_eq!(changes.occurrences, []);
}

/// E7, X8: a task on hold takes drafts and stays on hold.
#[test]
fn a_task_on_hold_stays_on_hold() {
    let mut fixture = fixture();
    let ada = fixture.user("Ada");
    fixture.run.tasks[0].status = TaskStatus::OnHold;
    let mut engine = fixture.engine();
    let id = engine.run.tasks[0].id;
    engine
        .edit_form(id, &values(&[("owners", Some(text("x")))]), ada, &yes())
        .unwrap();
    engine
        .set_check(id, "call", &CheckState::Done, ada, &yes())
        .unwrap();
    assert_eq!(engine.run.tasks[0].status, TaskStatus::OnHold);
    assert_eq!(
        events(&engine),
        [EventType::TaskUpdated, EventType::TaskUpdated]
    );
}

/// E7, X11: ticks start a task, keep their author, and do not make a preparer.
#[test]
fn ticks_keep_their_author_and_make_no_preparer() {
    let mut fixture = fixture();
    let (ada, ben) = (fixture.user("Ada"), fixture.user("Ben"));
    let mut engine = fixture.engine();
    let id = engine.run.tasks[0].id;
    engine
        .set_check(id, "call", &CheckState::Done, ada, &yes())
        .unwrap();
    assert_eq!(
        events(&engine),
        [EventType::TaskStarted, EventType::TaskUpdated]
    );
    engine
        .set_check(id, "call", &CheckState::Done, ben, &yes())
        .unwrap();
    let item = engine.run.tasks[0].checklist[0].clone();
    assert_eq!(
        (item.done, item.by, item.at),
        (true, Some(ada), Some(fixture.now()))
    );

    let not_needed = CheckState::NotApplicable {
        note: Some("By letter".into()),
    };
    engine
        .set_check(id, "call", &not_needed, ben, &yes())
        .unwrap();
    let item = engine.run.tasks[0].checklist[0].clone();
    assert_eq!(
        (item.done, item.not_applicable, item.by),
        (false, true, Some(ben))
    );
    assert_eq!(item.note.as_deref(), Some("By letter"));

    engine
        .set_check(id, "call", &CheckState::Open, ben, &yes())
        .unwrap();
    let item = &engine.run.tasks[0].checklist[0];
    assert_eq!(
        (item.done, item.not_applicable, &item.note),
        (false, false, &None)
    );
    assert_eq!(engine.run.tasks[0].form_editors, []);
    let unknown = engine.set_check(id, "write", &CheckState::Done, ben, &yes());
    assert_eq!(unknown, Err(TaskError::NotFound));
}

/// E7, X8, X13: inactivity is decided first, then the status, then permission; a refusal changes nothing.
#[test]
fn a_refusal_names_the_rule_that_comes_first() {
    let mut fixture = fixture();
    let ada = fixture.user("Ada");
    let id = fixture.run.tasks[0].id;
    let draft = values(&[("owners", Some(text("Okafor")))]);
    let refused = |status, rule| {
        let mut run = fixture.run.clone();
        run.tasks[0].status = status;
        let mut engine = Engine::new(&fixture.definition, fixture.engine().world, run.clone());
        let no = Decision::refuse(rule, "no");
        let form = engine.edit_form(id, &draft, ada, &no).unwrap_err();
        let tick = engine
            .set_check(id, "call", &CheckState::Done, ada, &no)
            .unwrap_err();
        assert_eq!(form, tick);
        assert_eq!(engine.finish().0, run);
        form
    };
    let by_rule = |rule| {
        TaskError::Denied(Denied::Forbidden {
            rule,
            reason: Decision::refuse(rule, "no").reason,
        })
    };
    let status = TaskStatus::Completed;
    assert_eq!(refused(status, Rule::X13), by_rule(Rule::X13));
    assert_eq!(
        refused(status, Rule::X5),
        TaskError::NotExecutable { status }
    );
    assert_eq!(refused(TaskStatus::Open, Rule::X5), by_rule(Rule::X5));
    let mut engine = fixture.engine();
    let stranger = TaskId(fixture.ambient_id());
    let missing = engine.edit_form(stranger, &draft, ada, &yes());
    assert_eq!(missing, Err(TaskError::NotFound));
}

/// X10, X11: work under cover makes both people preparers.
#[test]
fn an_answer_under_cover_counts_for_both() {
    let mut fixture = fixture();
    let (cover, absent) = (fixture.user("Cover"), fixture.user("Absent"));
    let mut engine = fixture.engine();
    let id = engine.run.tasks[0].id;
    let decision = Decision {
        on_behalf_of: Some(absent),
        ..Decision::allow(Rule::X10, "stands in")
    };
    let draft = values(&[("owners", Some(text("Okafor")))]);
    engine.edit_form(id, &draft, cover, &decision).unwrap();
    assert_eq!(engine.run.tasks[0].form_editors, [cover, absent]);
}
