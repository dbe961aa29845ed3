//! Writes manuals of the library to a folder, to look at them: `pages FOLDER [SLUG …]`, or `pages FOLDER all` for the book.

use std::{error::Error, fs, path::PathBuf, time::Instant};

use manual::{Book, BookPart, Edition, Manual, Names, book, html, markdown, names, pdf};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("name a folder")?);
    let slugs: Vec<String> = arguments.collect();
    fs::create_dir_all(&folder)?;
    let names = names();
    let made = |workflow: &library::Workflow| {
        let started = Instant::now();
        let manual = Manual::new(&workflow.document, &names, edition());
        manual.map_err(|faults| format!("{faults:?}")).inspect(|_| {
            eprintln!("{} {:?}", workflow.slug, started.elapsed());
        })
    };
    if slugs == ["all"] {
        let mut parts = Vec::new();
        for category in library::categories() {
            let workflows = library::workflows().iter();
            let own = workflows.filter(|it| it.document.category == category.key);
            let manuals: Vec<Manual> = own.map(made).collect::<Result<_, _>>()?;
            if !manuals.is_empty() {
                parts.push(BookPart {
                    title: category.name.clone(),
                    manuals,
                });
            }
        }
        let started = Instant::now();
        let set = book(&Book {
            title: "Workflow Library".to_owned(),
            lead: "Best practice for wealth-management firms, step by step.".to_owned(),
            edition: edition(),
            parts,
        })?;
        eprintln!(
            "{} pages, {:?}, {:?}",
            set.pages,
            started.elapsed(),
            set.warnings
        );
        fs::write(folder.join("book.pdf"), set.bytes)?;
        return Ok(());
    }
    for slug in slugs {
        let manual = made(library::find(&slug).ok_or("no such workflow")?)?;
        fs::write(folder.join(format!("{slug}.html")), html(&manual))?;
        fs::write(folder.join(format!("{slug}.md")), markdown(&manual))?;
        for _ in 0..2 {
            let started = Instant::now();
            let set = pdf(&manual)?;
            eprintln!(
                "{slug}: {} pages, {:?}, {:?}",
                set.pages,
                started.elapsed(),
                set.warnings
            );
            fs::write(folder.join(format!("{slug}.pdf")), set.bytes)?;
        }
    }
    Ok(())
}

fn edition() -> Edition {
    Edition {
        publisher: "Baton workflow library".to_owned(),
        version: format!("Release {}", library::VERSION),
    }
}

fn names() -> Names {
    let mut names = Names::default();
    for category in library::categories() {
        names
            .categories
            .insert(category.key.clone(), category.name.clone());
    }
    for role in library::roles() {
        let name = names::RoleName {
            name: role.name.clone(),
            kind: role.kind,
        };
        names.roles.insert(role.key.clone(), name);
    }
    for attribute in library::attributes() {
        let of_key = names.attributes.entry(attribute.key.clone()).or_default();
        of_key.push(names::AttributeName {
            entity_kind: attribute.entity_kind.clone(),
            label: attribute.label.clone(),
            value_type: attribute.value_type,
        });
    }
    for workflow in library::workflows() {
        let name = names::TypeName::of(&workflow.document);
        names.types.insert(workflow.document.key.clone(), name);
    }
    names
}
