//! The forms in which a picture is given.

use std::collections::BTreeSet;

use proptest::prelude::*;
use roxmltree::Document;
use serde_json::json;

use super::{definition, diagram, library, random::flows};
use crate::{Diagram, Progress, Standing, StepProgress, Theme};

fn every_form(diagram: &Diagram, progress: &Progress) -> Vec<String> {
    let mut forms = vec![
        diagram.mermaid(None),
        diagram.mermaid(Some(progress)),
        diagram.bpmn(),
    ];
    for theme in [Theme::Light, Theme::Dark] {
        for progress in [None, Some(progress)] {
            forms.push(diagram.svg(theme, progress));
            forms.push(diagram.portrait_svg(theme, progress));
        }
    }
    forms.extend(diagram.portrait_pages(Theme::Light, None, (672, 864)));
    forms
}

fn progress(definition: &domain::process_type::Definition) -> Progress {
    let steps = definition
        .tasks
        .iter()
        .zip(Standing::ALL.iter().cycle())
        .map(|(task, standing)| {
            let who = (*standing != Standing::Waiting).then(|| "Ann <Smith> & Co".to_owned());
            (
                task.key.clone(),
                StepProgress {
                    standing: *standing,
                    who,
                },
            )
        });
    Progress {
        steps: steps.collect(),
    }
}

/// Checks what every BPMN reader asks for, and that every node lies in a lane, which bpmnlint does not ask for.
fn check_bpmn(text: &str) {
    let document = Document::parse(text).unwrap();
    let ids: Vec<&str> = document
        .descendants()
        .filter_map(|node| node.attribute("id"))
        .collect();
    assert_eq!(
        ids.len(),
        ids.iter().collect::<BTreeSet<_>>().len(),
        "ids are unique"
    );
    for id in &ids {
        let mut letters = id.chars();
        assert!(
            letters
                .next()
                .is_some_and(|first| first.is_ascii_alphabetic()),
            "{id}"
        );
        assert!(
            letters.all(|letter| letter.is_ascii_alphanumeric() || "_-.".contains(letter)),
            "{id}"
        );
    }
    let in_lanes: Vec<&str> = named(&document, "flowNodeRef")
        .filter_map(|node| node.text())
        .collect();
    let process = named(&document, "process").next().unwrap();
    assert_eq!(process.attribute("isExecutable"), Some("false"));
    let nodes: BTreeSet<&str> = process
        .children()
        .filter(|node| {
            node.is_element()
                && !["documentation", "laneSet", "sequenceFlow"].contains(&node.tag_name().name())
        })
        .filter_map(|node| node.attribute("id"))
        .collect();
    assert_eq!(in_lanes.iter().copied().collect::<BTreeSet<_>>(), nodes);
    assert_eq!(in_lanes.len(), nodes.len(), "each node lies in one lane");
    let drawn: BTreeSet<&str> = document
        .descendants()
        .filter_map(|node| node.attribute("bpmnElement"))
        .collect();
    for flow in named(&document, "sequenceFlow") {
        assert!(drawn.contains(flow.attribute("id").unwrap()));
        assert!(
            nodes.contains(flow.attribute("sourceRef").unwrap())
                && nodes.contains(flow.attribute("targetRef").unwrap())
        );
    }
    assert!(nodes.iter().all(|node| drawn.contains(node)));
}

fn named<'a>(
    document: &'a Document<'a>,
    name: &'static str,
) -> impl Iterator<Item = roxmltree::Node<'a, 'a>> {
    document
        .descendants()
        .filter(move |node| node.tag_name().name() == name)
}

#[test]
fn every_node_of_the_library_s_bpmn_lies_in_a_lane() {
    for (_, definition) in library() {
        check_bpmn(&diagram(&definition).bpmn());
    }
}

#[test]
fn a_picture_says_in_words_what_it_shows() {
    for (_, definition) in library() {
        let text = diagram(&definition).svg(Theme::Light, Some(&progress(&definition)));
        let document = Document::parse(&text).unwrap();
        let root = document.root_element();
        assert_eq!(root.attribute("role"), Some("img"));
        for name in root.attribute("aria-labelledby").unwrap().split(' ') {
            assert!(
                document
                    .descendants()
                    .any(|node| node.attribute("id") == Some(name)),
                "{name}"
            );
        }
        let spoken: Vec<&str> = named(&document, "title")
            .filter_map(|node| node.text())
            .collect();
        assert_eq!(spoken[0], definition.name);
        assert_eq!(spoken.len(), definition.tasks.len() + 1);
        assert!(spoken[1].starts_with("Step 1: "), "{}", spoken[1]);
        assert!(
            spoken
                .iter()
                .any(|said| said.ends_with("In progress: Ann <Smith> & Co")),
            "{spoken:?}"
        );
    }
}

#[test]
fn every_standing_is_told_by_a_word_and_not_by_its_colour_alone() {
    let tasks: Vec<_> = (0..9)
        .map(|place| json!({"key": format!("t{place}"), "title": "Task"}))
        .collect();
    let definition = definition(json!({
        "key": "nine", "name": "Nine", "category": "service_requests", "summary": "Nine.",
        "trigger": {"kind": "as_needed", "description": "x"}, "subject": {"kinds": ["client"]}, "tasks": tasks,
    }));
    let text = diagram(&definition).svg(Theme::Dark, Some(&progress(&definition)));
    for standing in Standing::ALL {
        assert!(
            text.contains(&format!(">{}</text>", standing.words())),
            "{standing:?}"
        );
    }
}

#[test]
fn pages_show_the_whole_picture_in_order_and_are_never_too_tall() {
    let mut cut = 0;
    for (_, definition) in library() {
        let diagram = diagram(&definition);
        let part = |text: &str| -> Vec<i32> {
            let document = Document::parse(text).unwrap();
            document
                .root_element()
                .attribute("viewBox")
                .unwrap()
                .split(' ')
                .map(|number| number.parse().unwrap())
                .collect()
        };
        let whole = part(&diagram.portrait_svg(Theme::Light, None));
        let pages: Vec<Vec<i32>> = diagram
            .portrait_pages(Theme::Light, None, (672, 700))
            .iter()
            .map(|page| part(page))
            .collect();
        let mut y = 0;
        for page in &pages {
            assert_eq!((page[1], page[2]), (y, whole[2]));
            y += page[3];
        }
        assert_eq!(y, whole[3]);
        cut += usize::from(pages.len() > 1);
    }
    assert!(cut > 10, "too few take several pages to tell: {cut}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn every_form_is_well_formed_and_the_same_each_time(definition in flows()) {
        let progress = progress(&definition);
        let forms = every_form(&diagram(&definition), &progress);
        prop_assert_eq!(&forms, &every_form(&diagram(&definition), &progress));
        check_bpmn(&forms[2]);
        for svg in &forms[3..] {
            prop_assert!(Document::parse(svg).is_ok());
        }
    }
}
