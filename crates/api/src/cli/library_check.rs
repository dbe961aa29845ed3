//! `baton library check`

use std::{io::Write as _, path::PathBuf};

use chrono::NaiveDate;
use clap::Args;
use domain::ambient::{Ambient as _, SystemAmbient};
use library::{LoadedFile, check_context};

use super::{
    Failure,
    library_files::{Checker, Findings, load},
};

/// Checks process types in YAML files as importing and publishing would, against the roles and attributes of the library.
#[derive(Debug, Args)]
pub(super) struct LibraryCheck {
    /// A file, or a folder with files.
    path: PathBuf,
}

impl LibraryCheck {
    pub(super) fn run(self) -> Result<(), Failure> {
        let files = load(&self.path)?;
        let findings = examine(&files, SystemAmbient.now().date_naive())?;
        let mut out = std::io::stdout().lock();
        findings.print(&mut out)?;
        writeln!(out, "{} files checked", files.len())?;
        match findings.bad {
            0 => Ok(()),
            bad => Err(format!("{bad} of {} files have faults", files.len()).into()),
        }
    }
}

/// What the files start may be among them, or in the library.
fn examine(files: &[LoadedFile], today: NaiveDate) -> Result<Findings, Failure> {
    let checker = Checker::new(files)?;
    let mut context = check_context(today);
    context.process_types.extend(checker.keys().cloned());
    let mut findings = Findings::default();
    for file in files {
        match &file.outcome {
            Ok(document) => findings.report(file, &checker.report(document, &context)),
            Err(err) => findings.unreadable(&file.path, &checker.unreadable(file, err)),
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use library::{workflows, write_yaml};

    use super::*;

    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2030, 3, 4).unwrap();

    fn file(path: &str, text: &str) -> LoadedFile {
        LoadedFile::of(path.into(), text)
    }

    fn checked(files: &[LoadedFile]) -> (usize, String) {
        let found = examine(files, TODAY).unwrap();
        let mut out = Vec::new();
        found.print(&mut out).unwrap();
        (found.bad, String::from_utf8(out).unwrap())
    }

    #[test]
    fn the_library_itself_passes() {
        let files: Vec<LoadedFile> = workflows()
            .iter()
            .map(|workflow| file(workflow.slug, workflow.source))
            .collect();
        let (bad, out) = checked(&files);
        assert_eq!(bad, 0, "{out}");
    }

    #[test]
    fn each_fault_is_printed_with_its_file_and_place() {
        let unknown = format!("{}\nsurprise: 1\n", workflows()[0].source);
        let files = [file("a.yaml", "key: ["), file("b.yaml", &unknown)];
        let (bad, out) = checked(&files);
        assert_eq!(bad, 2);
        let lines: Vec<&str> = out.lines().collect();
        let last = unknown.lines().count();
        assert_eq!(
            lines,
            [
                "a.yaml:1:6: A `[` is opened and never closed: close it.",
                &format!(
                    "b.yaml:{last}:11: /surprise: There is no such member here. (unknown-member)"
                ),
            ]
        );
    }

    #[test]
    fn what_the_schema_the_checks_and_the_other_files_refuse_is_a_fault() {
        let mut document = workflows()[0].document.clone();
        document.name = "x".repeat(121);
        document.summary = " ".to_owned();
        document.tasks[0].stage = Some("nowhere".to_owned());
        let text = write_yaml(&document).unwrap();
        let file = |path: &str| file(path, &text);
        let (bad, out) = checked(&[file("a.yaml"), file("b.yaml")]);
        assert_eq!(bad, 2);
        for fault in [
            "/name: At most 120 characters. (too-long)",
            "/summary: Say something that people can read. (blank)",
            "/tasks/0/stage: ",
            "a.yaml:1:6: /key: Another of the files has this key: give each its own. (duplicate-key)",
            "b.yaml:1:6: /key: ",
        ] {
            assert!(
                out.lines().any(|line| line.contains(fault)),
                "{fault}\n{out}"
            );
        }
    }

    /// A sound process type to break.
    const SOUND: &str = "\
key: small
name: Small
category: sales
summary: Small.
trigger: {kind: as_needed, description: As needed.}
initiators: [lead_advisor]
subject: {kinds: [client]}
schedule: {rule: FREQ=DAILY}
tasks:
  - key: only
    title: Only
    owner: [{role: lead_advisor}]
    due: {amount: 1, unit: days, from: opened}
";

    /// What is said of the file after a change, without its name.
    fn said_of(before: &str, after: &str) -> Vec<String> {
        assert!(SOUND.contains(before), "{before}");
        let text = SOUND.replacen(before, after, 1);
        let (_, out) = checked(&[file("f", &text)]);
        let lines = out.lines().map(|line| line.strip_prefix("f:").unwrap());
        lines.map(str::to_owned).collect()
    }

    /// E20: in our words, with the place, and with what to do.
    #[test]
    fn each_kind_of_broken_file_is_told_in_words_that_help() {
        assert_eq!(checked(&[file("f", SOUND)]), (0, String::new()));
        for (before, after, said) in BROKEN {
            let lines = said_of(before, after);
            assert!(
                lines.iter().any(|line| line.starts_with(said)),
                "{after}: {said}\n{lines:#?}"
            );
            for line in &lines {
                let of_the_parser = [
                    "i32", "u32", "serde", "expected", "struct", "mapping", "scalar", "variant",
                    "RRule",
                ];
                let found = of_the_parser.iter().find(|word| line.contains(*word));
                assert_eq!(found, None, "{line}");
                let (place, _) = line.split_once(": ").unwrap();
                let numbers: Vec<u32> = place.split(':').map(|it| it.parse().unwrap()).collect();
                assert_eq!(numbers.len(), 2, "{line}");
            }
        }
    }

    const BROKEN: &[(&str, &str, &str)] = &[
        (
            "name: Small",
            "name: @small",
            "2:7: A text cannot begin with “@”: ",
        ),
        (
            "    title: Only",
            "\ttitle: Only",
            "11:1: A tab stands here: ",
        ),
        (
            "name: Small",
            "name: [Small]",
            "2:1: /name: Must be a text. ",
        ),
        (
            "name: Small",
            "name: {a: b}",
            "2:1: /name: Must be a text. ",
        ),
        ("name: Small", "name: ~", "2:7: /name: Must be a text. "),
        ("name: Small\n", "", "1:1: /name: This member is required. "),
        (
            "name: Small",
            "name: Small\nnme: Small",
            "3:6: /nme: There is no such member here. ",
        ),
        (
            "amount: 1",
            "amount: one",
            "13:19: /tasks/0/due/amount: Must be a whole number. ",
        ),
        (
            "amount: 1",
            "amount: 1.5",
            "13:19: /tasks/0/due/amount: Must be a whole number. ",
        ),
        (
            "amount: 1",
            "amount: true",
            "13:19: /tasks/0/due/amount: Must be a whole number. ",
        ),
        (
            "amount: 1",
            "amount: 99999999999",
            "13:19: /tasks/0/due/amount: At most 3650. ",
        ),
        (
            "unit: days",
            "unit: fortnights",
            "13:28: /tasks/0/due/unit: Must be one of ",
        ),
        (
            "kinds: [client]",
            "kinds: client",
            "7:18: /subject/kinds: Must be a list. ",
        ),
        (
            "kinds: [client]",
            "kinds: [client], many: yes",
            "7:34: /subject/many: Must be `true` or `false`. ",
        ),
        (
            "tasks:\n",
            "tasks: none\nothers:\n",
            "9:8: /tasks: Must be a list. ",
        ),
        (
            "title: Only",
            "title: Only\n    form: [{key: a, label: A}]",
            "12:12: /tasks/0/form/0/type: This member is required. ",
        ),
        (
            "title: Only",
            "title: Only\n    kind: fanout",
            "12:11: /tasks/0/kind: Must be one of ",
        ),
        (
            "title: Only",
            "title: \"Only \\u0007\"",
            "11:12: /tasks/0/title: Control characters are not allowed",
        ),
        (
            "title: Only",
            "title: 'Only {{ nobody.name }}'",
            "11:12: /tasks/0/title: At character 8: ",
        ),
        (
            "title: Only",
            "title: 'Only {{ entity.name'",
            "11:12: /tasks/0/title: At character 5: ",
        ),
        (
            "FREQ=DAILY",
            "FREQ=SOMETIMES",
            "8:18: /schedule/rule: `FREQ` is one of ",
        ),
        (
            "FREQ=DAILY",
            "FREQ=DAILY;BYMONTH=13",
            "8:18: /schedule/rule: `BYMONTH` lists ",
        ),
        (
            "FREQ=DAILY",
            "FREQ=DAILY;BYDAY=XX",
            "8:18: /schedule/rule: `BYDAY` lists ",
        ),
        (
            "FREQ=DAILY",
            "FREQ=DAILY;UNTIL=20300303",
            "8:18: /schedule/rule: This cadence is over, ",
        ),
        (
            "{role: lead_advisor}",
            "{role: wizard}",
            "12:20: /tasks/0/owner/0/role: The library defines no role `wizard`, ",
        ),
        (
            "{role: lead_advisor}",
            "{user: bob}",
            "12:20: /tasks/0/owner/0/user: `bob` is no id of a user: ",
        ),
        (
            "{role: lead_advisor}",
            "{is: nobody}",
            "12:18: /tasks/0/owner/0/is: Must be one of ",
        ),
    ];

    /// E20: all at once.
    #[test]
    fn a_member_of_the_wrong_type_hides_nothing() {
        let text = SOUND
            .replace("name: Small", "name: [Small]")
            .replace("amount: 1", "amount: one")
            .replace("category: sales", "category: 12")
            .replace("summary: Small.", "sumary: Small.");
        let other = SOUND
            .replace("key: small", "key: other")
            .replace("title: Only", "title: Only\n    stage: nowhere");
        let (bad, out) = checked(&[file("a", &text), file("b", "key: ["), file("c", &other)]);
        assert_eq!(bad, 3, "{out}");
        let places: Vec<&str> = out
            .lines()
            .map(|line| line.split(": ").nth(1).unwrap())
            .collect();
        let expected = [
            "/name",
            "/summary",
            "/sumary",
            "/tasks/0/due/amount",
            "/tasks/0/stage",
        ];
        for pointer in expected {
            assert!(places.contains(&pointer), "{pointer}\n{out}");
        }
        assert!(!places.contains(&"/category"), "a text all the same\n{out}");
    }

    /// A file that cannot be read is there all the same: others may start it.
    #[test]
    fn what_a_broken_file_is_called_is_known() {
        let broken = SOUND.replace("name: Small", "name: [Small]");
        let starting = SOUND.replace("key: small", "key: other").replace(
            "title: Only",
            "title: Only\n    on_complete: [{type: start_process, process_type: small}]",
        );
        let (_, out) = checked(&[file("a", &broken), file("b", &starting)]);
        assert!(!out.contains("b:"), "{out}");
        let (_, out) = checked(&[file("b", &starting)]);
        assert!(
            out.contains(
                "No file of the folder and no workflow of the library has the key `small`"
            ),
            "{out}"
        );
    }
}
