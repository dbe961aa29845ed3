//! Writes every form of every library workflow, or of the named files, into a folder:
//! `cargo run -p diagram --example draw -- OUT [WORKFLOW.yaml …]`.

use std::{
    collections::BTreeMap,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use diagram::{Diagram, Names, Progress, Standing, StepProgress, Theme};
use domain::process_type::{Definition, ProcessTypeDocument, parse};

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
        (task.key.clone(), StepProgress { standing, who })
    });
    Progress {
        steps: steps.collect(),
    }
}
