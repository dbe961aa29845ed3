//! YAML is read strictly, within limits, and written so that it reads back.

use domain::{process_type::ProcessTypeDocument, value::FieldValue};
use proptest::prelude::*;

use crate::{MAX_BYTES, find, read_source, read_yaml, workflows, write_yaml};

fn small() -> ProcessTypeDocument {
    read_yaml(SMALL).unwrap()
}

const SMALL: &str = "
key: small
name: Small
category: sales
summary: Small.
trigger: {kind: as_needed, description: ''}
subject: {kinds: [client]}
results:
  - key: completed
    label: Done
    effects: [{type: set_attribute, attribute: a, value: {fixed: VALUE}}]
tasks: [{key: only, title: Only}]
";

/// What a plain scalar is read as where any value may stand.
fn fixed(scalar: &str) -> FieldValue {
    let document = read_yaml(&SMALL.replace("VALUE", scalar)).unwrap();
    let effect = &document.results[0].effects[0];
    effect.value.clone().unwrap().fixed.unwrap()
}

#[test]
fn every_workflow_reads_back_as_it_was_written() {
    for workflow in workflows() {
        let text = write_yaml(&workflow.document).unwrap();
        assert_eq!(read_yaml(&text).as_ref(), Ok(&workflow.document), "{text}");
    }
}

#[test]
fn a_process_type_survives_json_as_well() {
    for workflow in workflows() {
        let json = serde_json::to_string(&workflow.document).unwrap();
        let back: ProcessTypeDocument = serde_json::from_str(&json).unwrap();
        assert_eq!(back, workflow.document);
    }
}

#[test]
fn only_true_and_false_are_booleans() {
    assert_eq!(fixed("true"), FieldValue::Flag(true));
    assert_eq!(fixed("false"), FieldValue::Flag(false));
    for text in ["yes", "Yes", "no", "on", "Off", "y", "N"] {
        assert_eq!(fixed(text), FieldValue::Text(text.to_owned()));
    }
}

#[test]
fn dates_times_and_codes_stay_texts() {
    for text in [
        "2026-07-02",
        "2026-07-02T16:00:00Z",
        "12:30",
        "02134",
        "1_000",
        "'12'",
        "\"true\"",
        "1.2.3",
    ] {
        let bare = text.trim_matches(['\'', '"']);
        assert_eq!(fixed(text), FieldValue::Text(bare.to_owned()), "{text}");
    }
    assert_eq!(fixed("12"), FieldValue::Number(12.into()));
    assert_eq!(
        fixed("0.5"),
        FieldValue::Number(serde_json::Number::from_f64(0.5).unwrap())
    );
}

#[test]
fn texts_that_look_like_something_else_are_written_quoted() {
    for text in [
        "yes",
        "on",
        "No",
        "null",
        "~",
        "",
        " ",
        "true",
        "12",
        "0x1f",
        "1e3",
        "2026-07-02",
        "12:30",
        "-",
        "- a",
        "a: b",
        "a #b",
        "#",
        "@x",
        "`x`",
        "'",
        "\"",
        "{{ entity.name }}: x",
        "[x",
        "%",
        "&a",
        "*a",
        "!x",
        "|",
        ">",
        "a\nb",
        "a\n",
        "\na",
        "  a",
        "a  ",
        "\t",
        "a\r\nb",
        ".nan",
        ".inf",
        "=",
        "<<",
        "---",
        "...",
        "\u{85}",
        "\u{feff}",
        "\u{1f600}",
        "\u{0}",
    ] {
        let mut document = small();
        document.summary = text.to_owned();
        document.results[0].effects[0].value.as_mut().unwrap().fixed =
            Some(FieldValue::Text(text.to_owned()));
        document.tasks[0].title = text.to_owned();
        let written = write_yaml(&document).unwrap();
        assert_eq!(read_yaml(&written).as_ref(), Ok(&document), "{written}");
    }
}

proptest! {
    #[test]
    fn any_text_survives(text in any::<String>(), long in "[ a-z:#\n]{0,400}", key in "[a-z~: 0-9]{1,8}") {
        let mut document = small();
        document.summary = text.clone();
        document.references = vec![long.clone(), text.clone()];
        document.tasks[0].description = Some(long.clone());
        let effect = &mut document.results[0].effects[0];
        effect.value.as_mut().unwrap().fixed = Some(FieldValue::List(vec![text, long.clone()]));
        effect.related.insert(key, long);
        let written = write_yaml(&document).unwrap();
        let back = read_yaml(&written);
        prop_assert_eq!(back.as_ref(), Ok(&document), "{}", written);
    }
}

#[test]
fn a_fault_says_where_it_is() {
    let text = find("trade-requests").unwrap().source;
    let line = text.lines().position(|l| l.contains("kind: wait")).unwrap();
    let error = read_yaml(&text.replace("kind: wait", "kind: weight")).unwrap_err();
    assert_eq!(
        (error.place.line, error.place.column),
        (line as u64 + 1, 11)
    );
    assert!(error.detail.contains("weight"), "{}", error.detail);
}

#[test]
fn unknown_members_are_refused() {
    let error = read_yaml(&SMALL.replace("title: Only", "title: Only, tittle: Only")).unwrap_err();
    assert_eq!(error.place.line, 12);
    assert!(error.detail.contains("tittle"), "{}", error.detail);
}

#[test]
fn a_fault_is_told_in_words_for_people_with_its_place_once() {
    let error = read_yaml("key: a\nkey: b").unwrap_err();
    assert_eq!(
        error.to_string(),
        "2:1: The member `key` is a duplicate: keep one of them."
    );
}

#[test]
fn duplicate_keys_are_refused_at_every_depth() {
    for twice in [
        SMALL.replace("key: small\n", "key: small\nkey: large\n"),
        SMALL.replace("title: Only", "title: Only, title: Only"),
        SMALL.replace("VALUE", "{amount: '1', currency: USD, amount: '2'}"),
        SMALL.replace(
            "title: Only",
            "title: Only, starts: {type: t, related: {a: b, a: c}}",
        ),
    ] {
        let error = read_yaml(&twice).unwrap_err();
        assert!(error.detail.to_lowercase().contains("duplicate"), "{error}");
    }
}

#[test]
fn merge_keys_tags_second_documents_and_lists_for_objects_are_refused() {
    for text in [
        SMALL.replace("trigger: {", "trigger: {<<: {kind: periodic}, "),
        SMALL.replace("name: Small", "name: !secret Small"),
        format!("{SMALL}---\n{SMALL}"),
        String::new(),
        "just a text".to_owned(),
        "- a list".to_owned(),
        SMALL.replace("{kind: as_needed, description: ''}", "[as_needed, '']"),
    ] {
        assert!(read_yaml(&text).is_err(), "{text}");
    }
}

#[test]
fn nothing_is_no_text() {
    for nothing in ["~", "null", ""] {
        assert!(read_yaml(&SMALL.replace("name: Small", &format!("name: {nothing}"))).is_err());
    }
}

#[test]
fn an_anchor_may_be_used_again() {
    let text = SMALL
        .replace("name: Small", "name: &name Small")
        .replace("title: Only", "title: *name");
    assert_eq!(read_yaml(&text).unwrap().tasks[0].title, "Small");
}

#[test]
fn deep_nesting_is_refused() {
    let flow = |depth: usize| {
        let condition = "{not: ".repeat(depth) + "{field: f, is_set: true}" + &"}".repeat(depth);
        read_yaml(&SMALL.replace("title: Only", &format!("title: Only, when: {condition}")))
    };
    assert!(flow(10).is_ok());
    assert!(flow(40).is_err());
    assert!(flow(100_000).is_err());
    assert!(read_yaml(&"[".repeat(500_000)).is_err());
    let mut block = String::new();
    for depth in 0..700 {
        block.extend([&" ".repeat(depth), "a:\n"]);
    }
    assert!(read_yaml(&block).is_err());
}

#[test]
fn aliases_cannot_make_much_of_little() {
    let mut bomb =
        String::from("references:\n  - &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for level in 1..30 {
        let again = format!("*a{}, ", level - 1).repeat(9);
        bomb.extend(["  - &a", &level.to_string(), " [", &again, "]\n"]);
    }
    assert!(read_yaml(&bomb).is_err());
    let list = "x, ".repeat(5_000);
    let wide = SMALL.replace(
        "kinds: [client]",
        &format!("kinds: &k [{list}], statuses: *k"),
    );
    assert!(read_yaml(&wide).is_ok());
    let options = "{key: k, label: L, type: choice, options: *k}, ".repeat(500);
    let wider = wide.replace("title: Only", &format!("title: Only, form: [{options}]"));
    let error = read_yaml(&wider).unwrap_err();
    assert!(error.detail.contains("too large"), "{error}");
}

#[test]
fn a_text_that_is_too_large_is_not_read() {
    let error = read_yaml(&format!("{SMALL}#{}", "x".repeat(MAX_BYTES))).unwrap_err();
    assert_eq!(error.place.to_string(), "1:1");
    assert!(error.detail.contains("larger"));
}

#[test]
fn a_text_that_is_no_yaml_is_told_apart_from_yaml_that_is_no_process_type() {
    for text in [
        "key: [",
        "a: b: c",
        "{",
        "\"",
        "a: 1\na: 2",
        "---\na\n---\nb",
    ] {
        assert!(read_yaml(text).unwrap_err().malformed, "{text}");
    }
    let unknown = format!("{SMALL}surprise: 1\n");
    let wrong = SMALL.replace("name: Small", "name: [Small]");
    for text in ["", "key: small", "[]", &unknown, &wrong] {
        let fault = read_yaml(text).unwrap_err();
        assert!(!fault.malformed, "{text}: {fault}");
    }
}

const TASKS: &str = "tasks: [{key: only, title: Only}]";

/// A part of [`SMALL`], what stands there instead, and what is said of it.
const NO_YAML: &[(&str, &str, &str)] = &[
    (
        TASKS,
        "tasks:\n  - key: only\n   title: Only",
        "14:4: The indentation does not fit ",
    ),
    (
        TASKS,
        "tasks:\n  - key: only\n\ttitle: Only",
        "14:1: A tab stands here: ",
    ),
    (
        TASKS,
        "tasks:\n  - key: only\n    \ttitle: Only",
        "14:5: A tab stands here: ",
    ),
    (
        TASKS,
        "tasks:\n - key: only\n    title: Only",
        "14:10: This colon cannot stand here: ",
    ),
    (
        "name: Small",
        "name: Small\nname: Large",
        "4:1: The member `name` is a duplicate: ",
    ),
    (
        "name: Small",
        "name: 'Small",
        "4:1: A text in quotes that began before goes on here: ",
    ),
    (
        "name: Small",
        "name: a: b",
        "3:8: This colon cannot stand here: ",
    ),
    (
        "name: Small",
        "name: [a, b",
        "4:9: This colon cannot stand here: ",
    ),
    (
        "name: Small",
        "name: - Small",
        "3:7: The indentation does not fit ",
    ),
    (
        "name: Small",
        "name: @small",
        "3:7: A text cannot begin with “@”: ",
    ),
    (
        "name: Small",
        "name: %small",
        "3:7: A text cannot begin with “%”: ",
    ),
    (
        "name: Small",
        "name: `small`",
        "3:7: A text cannot begin with “`”: ",
    ),
    (
        "name: Small",
        "name: a\u{7}b",
        "3:7: A control character stands here: ",
    ),
    (
        "name: Small",
        "name: 'Small' too",
        "3:15: Something follows a text in quotes: ",
    ),
    (
        "name: Small",
        "name: \"C:\\small\"",
        "3:7: A backslash in double quotes ",
    ),
    (
        "name: Small",
        "name: !secret Small",
        "3:15: Tags (`!…`) are not read: ",
    ),
    (
        "name: Small",
        "name: *other",
        "3:7: This alias (`*…`) stands for nothing: ",
    ),
    (
        "name: Small",
        "name: &a [*a]",
        "3:11: This alias (`*…`) stands for something that it is part of: ",
    ),
    (
        "name: Small",
        "name Small",
        "3:1: This member has no value: ",
    ),
    (
        "name: Small",
        "name:Small",
        "3:1: This member has no value: ",
    ),
    (
        "name: Small",
        "<<: {name: Small}",
        "3:1: Merge keys (`<<`) are not read: ",
    ),
    (
        "name: Small",
        "%YAML 1.2",
        "3:1: Something stands between documents ",
    ),
    (
        "name: Small",
        "---\nname: Small",
        "3:1: A second document begins here ",
    ),
    (
        "fixed: VALUE",
        "fixed: 1e400",
        "11:66: This is no finite number: ",
    ),
    (
        "fixed: VALUE",
        "fixed: .inf",
        "11:66: This is no finite number: ",
    ),
    (
        "kinds: [client]}",
        "kinds: [client}",
        "7:18: A `[` is closed by `}`: ",
    ),
    (
        "kinds: [client]}",
        "kinds: [client]]}",
        "7:10: A `{` is closed by `]`: ",
    ),
    (
        TASKS,
        "tasks: [{key: only",
        "12:9: A `{` is opened and never closed: ",
    ),
];

/// Every kind of text that is no YAML is told in words of ours, where it is, with what to do.
#[test]
fn what_is_no_yaml_is_told_with_what_to_do() {
    for (before, after, said) in NO_YAML {
        assert!(SMALL.contains(before), "{before}");
        let text = SMALL.replacen(before, after, 1);
        let error = read_source(&text).unwrap_err().to_string();
        assert!(error.starts_with(said), "{after}: {said}\n{error}");
        assert!(error.ends_with('.'), "{error}");
    }
}

#[test]
fn what_is_no_map_is_told_what_a_process_type_is() {
    for (text, found) in [
        ("", "nothing"),
        ("# only this", "nothing"),
        ("- a", "a list"),
        ("a", "a single value"),
    ] {
        let error = read_source(text).unwrap_err();
        assert!(
            error.detail.contains(&format!("and this is {found}: ")),
            "{error}"
        );
        assert!(!error.malformed);
    }
    let marked = format!("\u{feff}{}", SMALL.trim_start());
    assert!(read_yaml(&marked).is_ok());
}

#[test]
fn a_text_is_read_with_the_place_of_each_of_its_parts() {
    let source = read_source(
        "a: {b: 1, 'c/d': [x,\n  y]}\ne:\n  f: true\ng: *h\n"
            .replace("*h", "~")
            .as_str(),
    );
    let source = source.unwrap();
    assert_eq!(
        source.value,
        serde_json::json!({"a": {"b": 1, "c/d": ["x", "y"]}, "e": {"f": true}, "g": null})
    );
    for (pointer, place) in [
        ("", "1:1"),
        ("/a", "1:1"),
        ("/a/b", "1:8"),
        ("/a/c~1d", "1:11"),
        ("/a/c~1d/1", "2:3"),
        ("/e", "3:1"),
        ("/e/f", "4:6"),
        ("/g", "5:4"),
        ("/a/b/nowhere", "1:8"),
        ("/nowhere/at/all", "1:1"),
    ] {
        assert_eq!(source.place(pointer).to_string(), place, "{pointer}");
    }
}
