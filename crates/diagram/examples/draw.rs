//! Writes every form of every library workflow, or of the named files, into a folder:
//! `cargo run -p diagram --example draw -- OUT [WORKFLOW.yaml …]`.

use std::{
    collections::BTreeMap,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use diagram::{Diagram, Items, Names, Progress, Standing, StepProgress, Theme};
use domain::process_type::{
    Definition, ProcessTypeDocument,
    definition::{COMPLETED, TaskKind},
    parse,
};

/// What a drawing has of a page in a manual.
const PAGE: (u16, u16) = (700, 860);

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let out = PathBuf::from(
        arguments
            .next()
            .ok_or("usage: draw OUT [WORKFLOW.yaml …]")?,
    );
    fs::create_dir_all(&out)?;
    let files: Vec<PathBuf> = arguments.map(PathBuf::from).collect();
    let mut documents: Vec<(String, ProcessTypeDocument)> = Vec::new();
    for file in &files {
        let slug = file
            .file_stem()
            .ok_or("a file has a name")?
            .to_string_lossy()
            .into_owned();
        documents.push((slug, library::read_yaml(&fs::read_to_string(file)?)?));
    }
    if files.is_empty() {
        documents.extend(
            library::workflows()
                .iter()
                .map(|workflow| (workflow.slug.to_owned(), workflow.document.clone())),
        );
    }
    for (slug, document) in &documents {
        let definition = parse(document).map_err(|faults| format!("{slug}: {faults:?}"))?;
        draw(&out, slug, &definition)?;
    }
    println!("{} workflows drawn", documents.len());
    Ok(())
}

fn draw(out: &Path, slug: &str, definition: &Definition) -> Result<(), Box<dyn Error>> {
    let roles = library::roles()
        .iter()
        .map(|role| (role.key.clone(), role.name.clone()))
        .collect();
    let diagram = Diagram::of(
        definition,
        &Names {
            roles,
            people: BTreeMap::new(),
        },
    )?;
    let progress = sample(definition);
    let write = |form: &str, text: String| fs::write(out.join(format!("{slug}.{form}")), text);
    write("svg", diagram.svg(Theme::Light, None))?;
    write("progress.svg", diagram.svg(Theme::Light, Some(&progress)))?;
    write("dark.svg", diagram.svg(Theme::Dark, Some(&progress)))?;
    write("portrait.svg", diagram.portrait_svg(Theme::Light, None))?;
    write(
        "portrait.progress.svg",
        diagram.portrait_svg(Theme::Light, Some(&progress)),
    )?;
    let over = over(definition);
    write("over.svg", diagram.svg(Theme::Light, Some(&over)))?;
    write(
        "portrait.over.dark.svg",
        diagram.portrait_svg(Theme::Dark, Some(&over)),
    )?;
    let pages = diagram.portrait_pages(Theme::Light, None, PAGE);
    for (number, page) in pages.into_iter().enumerate() {
        write(&format!("page-{}.svg", number + 1), page)?;
    }
    write("mmd", diagram.mermaid(None))?;
    write("bpmn", diagram.bpmn())?;
    Ok(())
}

/// A run in which every standing occurs.
fn sample(definition: &Definition) -> Progress {
    let people = [
        "Ann Smith",
        "Priya Raman",
        "Bartholomew Featherstonehaugh-Cholmondeley",
    ];
    let steps = definition.tasks.iter().enumerate().map(|(number, task)| {
        let standing = Standing::ALL[(5 + number) % Standing::ALL.len()];
        let who = (standing != Standing::Waiting).then(|| people[number % people.len()].to_owned());
        let items = (task.kind == TaskKind::FanOut).then_some(Items {
            total: 12,
            done: 3,
            late: 2,
        });
        let step = StepProgress {
            standing,
            who,
            outcome: None,
            items,
        };
        (task.key.clone(), step)
    });
    Progress {
        steps: steps.collect(),
        result: None,
    }
}

/// A run that is over: each step is completed with its first outcome.
fn over(definition: &Definition) -> Progress {
    let steps = definition.tasks.iter().map(|task| {
        let step = StepProgress {
            standing: Standing::Completed,
            who: Some("Ann Smith".to_owned()),
            outcome: task.outcomes.first().map(|outcome| outcome.key.clone()),
            items: None,
        };
        (task.key.clone(), step)
    });
    Progress {
        steps: steps.collect(),
        result: Some(COMPLETED.to_owned()),
    }
}
