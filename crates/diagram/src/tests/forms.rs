//! The forms in which a picture is given.

use std::collections::BTreeSet;

use domain::process_type::{Definition, definition::TaskKind};
use proptest::prelude::*;
use roxmltree::Document;
use serde_json::json;

use super::{definition, diagram, library, random::flows};
use crate::{
    Diagram, Items, Progress, Standing, StepProgress, Theme,
    reached::{self, Mark},
};

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

fn progress(definition: &Definition) -> Progress {
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
                    outcome: task.outcomes.first().map(|outcome| outcome.key.clone()),
                    items: (task.kind == TaskKind::FanOut).then_some(Items {
                        total: 12,
                        done: 3,
                        late: 1,
                    }),
                },
            )
        });
    Progress {
        steps: steps.collect(),
        result: None,
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
                .any(|said| said.contains("In progress: Ann <Smith> & Co")),
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
            assert!(
                page[3] <= whole[2].max(672) * 700 / 672,
                "{page:?} of {whole:?}"
            );
            y += page[3];
        }
        assert_eq!(y, whole[3]);
        cut += usize::from(pages.len() > 1);
    }
    assert!(cut > 10, "too few take several pages to tell: {cut}");
}

/// A decision whose outcomes differ in nothing but the result they set (E15): each of them is drawn, with what it sets.
fn fit() -> Definition {
    let outcome =
        |key: &str| json!({"key": key, "label": format!("It is {key}"), "sets_result": key});
    let result = |key: &str| json!({"key": key, "label": format!("Ended {key}")});
    definition(json!({
        "key": "fit", "name": "Fit", "category": "service_requests", "summary": "Fit.",
        "trigger": {"kind": "as_needed", "description": "x"}, "subject": {"kinds": ["client"]},
        "results": [result("well"), result("badly")],
        "tasks": [
            {"key": "ask", "title": "Ask", "outcomes": [
                {"key": "yes", "label": "Yes"}, {"key": "no", "label": "No", "ends": "badly"},
            ]},
            {"key": "decide", "title": "Decide", "kind": "decision", "after": [{"task": "ask", "outcome": "yes"}],
             "outcomes": [outcome("well"), outcome("badly"), {"key": "open", "label": "It is open"}]},
            {"key": "record", "title": "Record", "after": [{"task": "decide"}]},
        ],
    }))
}

#[test]
fn outcomes_that_only_set_a_result_are_drawn_with_what_they_set() {
    let diagram = diagram(&fit());
    for (graph, _) in [&diagram.lanes, &diagram.portrait] {
        let named = |name: &str| graph.nodes.iter().position(|node| node.id == name).unwrap();
        let way = |label: &str| {
            let mut links = graph.links.iter().filter(|link| link.label == label);
            (links.next().unwrap().to, links.next())
        };
        for (label, result, id) in [
            ("It is well", "Result: Ended well", "Result_0_decide"),
            ("It is badly", "Result: Ended badly", "Result_1_decide"),
        ] {
            assert_eq!(way(label), (named(id), None));
            assert_eq!(graph.nodes[named(id)].label, result);
            assert_eq!(
                graph
                    .links
                    .iter()
                    .filter(|link| link.from == named(id))
                    .count(),
                1
            );
        }
        let (open, _) = way("It is open");
        assert!(["Merge_record", "Task_record"].contains(&graph.nodes[open].id.as_str()));
    }
    check_bpmn(&diagram.bpmn());
    let text = diagram.bpmn();
    assert!(text.contains(r#"<bpmn:scriptTask id="Result_0_decide" name="Result: Ended well">"#));
    assert!(
        diagram
            .mermaid(None)
            .contains("Result_1_decide([\"Result: Ended badly\"])")
    );
}

/// A run in which these steps are completed with these outcomes, and that ended so.
fn ended(steps: &[(&str, Option<&str>)], result: Option<&str>) -> Progress {
    let steps = steps.iter().map(|(key, outcome)| {
        let step = StepProgress {
            standing: Standing::Completed,
            who: None,
            outcome: outcome.map(str::to_owned),
            items: None,
        };
        ((*key).to_owned(), step)
    });
    Progress {
        steps: steps.collect(),
        result: result.map(str::to_owned),
    }
}

fn marks(diagram: &Diagram, progress: &Progress) -> Vec<(String, Mark)> {
    let told = [&diagram.lanes, &diagram.portrait].map(|(graph, _)| {
        let marks = reached::marks(&diagram.definition, graph, Some(progress)).into_iter();
        let marks = marks.map(|(node, mark)| (graph.nodes[node].id.clone(), mark));
        let mut marks: Vec<_> = marks.collect();
        marks.sort_by(|one, other| one.0.cmp(&other.0));
        marks
    });
    let [lanes, portrait] = told;
    assert_eq!(lanes, portrait);
    lanes
}

/// E15
#[test]
fn of_a_run_that_is_over_the_end_it_came_to_is_marked_and_the_others_as_not_taken() {
    let diagram = diagram(&fit());
    let of = |progress: &Progress| {
        let marks = marks(&diagram, progress).into_iter();
        let reached = marks.filter(|(_, mark)| *mark == Mark::Reached);
        reached.map(|(id, _)| id).collect::<Vec<_>>()
    };
    let whole = ended(
        &[
            ("ask", Some("yes")),
            ("decide", Some("well")),
            ("record", None),
        ],
        Some("well"),
    );
    assert_eq!(of(&whole), ["End_0_record", "Result_0_decide"]);
    assert_eq!(marks(&diagram, &whole).len(), 4, "the others are not taken");
    for theme in [Theme::Light, Theme::Dark] {
        let picture = diagram.svg(theme, Some(&whole));
        assert!(picture.contains("<title>End: Reached</title>"));
        assert!(picture.contains("<title>Ended badly: Not taken</title>"));
    }
    let text = diagram.mermaid(Some(&whole));
    assert!(text.contains("class End_0_record done") && text.contains("class End_1_ask nottaken"));
    assert_eq!(
        of(&ended(&[("ask", Some("no"))], Some("badly"))),
        ["End_1_ask"]
    );
    // Whoever sees none of the steps sees the result all the same.
    assert_eq!(of(&ended(&[], Some("badly"))), ["End_1_ask"]);
}

/// E15
#[test]
fn a_run_that_goes_on_or_was_cancelled_marks_no_end() {
    let diagram = diagram(&fit());
    let progress = ended(&[("ask", Some("yes")), ("decide", Some("well"))], None);
    assert_eq!(marks(&diagram, &progress), []);
    assert!(
        !diagram
            .svg(Theme::Light, Some(&progress))
            .contains("Not taken")
    );
}

/// E24
#[test]
fn a_step_that_is_done_for_each_of_several_items_tells_how_many_are_done_and_late() {
    let definition = definition(json!({
        "key": "each", "name": "Each", "category": "service_requests", "summary": "Each.",
        "trigger": {"kind": "as_needed", "description": "x"}, "subject": {"kinds": ["client"]},
        "start_form": [{"key": "guests", "label": "Guests", "type": "entity", "entity_kind": "client", "multiple": true}],
        "tasks": [{"key": "invite", "title": "Invite", "kind": "fan_out", "over": {"field": "guests"}}],
    }));
    let diagram = diagram(&definition);
    let with = |late: u32| {
        let mut progress = ended(&[], None);
        let step = StepProgress {
            standing: Standing::InProgress,
            who: None,
            outcome: None,
            items: Some(Items {
                total: 12,
                done: 3,
                late,
            }),
        };
        progress.steps.insert("invite".to_owned(), step);
        progress
    };
    let (late, not_late) = (with(2), with(0));
    let overdue = "M7 1.5L13 12.5H1z";
    for draw in [Diagram::svg, Diagram::portrait_svg] {
        let picture = draw(&diagram, Theme::Light, Some(&late));
        assert!(picture.contains(">3 of 12 done, 2 late</text>") && picture.contains(overdue));
        assert!(picture.contains("In progress. 3 of 12 done, 2 late</title>"));
        let picture = draw(&diagram, Theme::Light, Some(&not_late));
        assert!(picture.contains(">3 of 12 done</text>") && !picture.contains(overdue));
        assert!(draw(&diagram, Theme::Light, None).contains(">Guests</text>"));
    }
    let text = diagram.mermaid(Some(&late));
    assert!(
        text.contains("In progress<br/>3 of 12 done, 2 late"),
        "{text}"
    );
}

/// What a manual leaves of a Letter page, in CSS pixels: three quarters of a point each.
const SHEET: (u16, u16) = (700, 860);

#[test]
fn no_letter_of_a_drawing_on_a_letter_page_is_smaller_than_six_points() {
    for (slug, definition) in library() {
        for page in diagram(&definition).portrait_pages(Theme::Light, None, SHEET) {
            let document = Document::parse(&page).unwrap();
            let root = document.root_element();
            let number = |node: roxmltree::Node<'_, '_>, name: &str| -> f64 {
                node.attribute(name).unwrap().parse().unwrap()
            };
            let across = f64::from(SHEET.0) / number(root, "width");
            let down = f64::from(SHEET.1) / number(root, "height");
            let scale = across.min(down).min(1.0);
            let texts = named(&document, "text").map(|text| number(text, "font-size"));
            let least = texts.fold(f64::MAX, f64::min) * 0.75 * scale;
            assert!(least >= 6.0, "{slug}: {least:.2} points");
        }
    }
}

#[test]
fn each_page_holds_only_what_it_shows() {
    let mut cut = 0;
    for (slug, definition) in library() {
        let pages = diagram(&definition).portrait_pages(Theme::Light, None, SHEET);
        cut += usize::from(pages.len() > 1);
        let mut steps: Vec<String> = Vec::new();
        for page in &pages {
            let document = Document::parse(page).unwrap();
            let titles = named(&document, "title").filter_map(|title| title.text());
            let titles = titles.filter_map(|title| title.strip_prefix("Step "));
            steps.extend(titles.filter_map(|title| Some(title.split_once(':')?.0.to_owned())));
        }
        steps.sort_by_key(|step| step.parse::<usize>().unwrap());
        let all: Vec<String> = (1..=definition.tasks.len())
            .map(|step| step.to_string())
            .collect();
        assert_eq!(steps, all, "{slug}: each step is in one part");
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
