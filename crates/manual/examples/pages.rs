//! Writes manuals of the library to a folder, to look at them and to see how long it takes: `pages FOLDER [SLUG …]`, or
//! `pages FOLDER text` for every page without PDF,
//! `pages FOLDER all` for the book.

use std::{error::Error, fs, path::PathBuf, time::Instant};

use manual::{Names, Pdf, PdfError, book, html, library_book, library_manual, markdown, pdf};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("name a folder")?);
    let slugs: Vec<String> = arguments.collect();
    fs::create_dir_all(&folder)?;
    if slugs == ["all"] {
        let started = Instant::now();
        let whole = library_book().map_err(|faults| format!("{faults:?}"))?;
        eprintln!("put together in {:?}", started.elapsed());
        fs::write(
            folder.join("book.pdf"),
            timed("book", || book(&whole, &mut |_, _| {}))?.bytes,
        )?;
        return Ok(());
    }
    let names = Names::of_library();
    if slugs == ["text"] {
        for workflow in library::workflows() {
            let manual = library_manual(workflow, &names).map_err(|it| format!("{it:?}"))?;
            fs::write(
                folder.join(format!("{}.html", workflow.slug)),
                html(&manual),
            )?;
            fs::write(
                folder.join(format!("{}.md", workflow.slug)),
                markdown(&manual),
            )?;
        }
        return Ok(());
    }
    for slug in slugs {
        let workflow = library::find(&slug).ok_or("no such workflow")?;
        let started = Instant::now();
        let manual = library_manual(workflow, &names).map_err(|faults| format!("{faults:?}"))?;
        eprintln!("{slug} put together in {:?}", started.elapsed());
        fs::write(folder.join(format!("{slug}.html")), html(&manual))?;
        fs::write(folder.join(format!("{slug}.md")), markdown(&manual))?;
        let set = timed(&slug, || pdf(&manual))?;
        fs::write(folder.join(format!("{slug}.pdf")), set.bytes)?;
    }
    Ok(())
}

fn timed(what: &str, set: impl Fn() -> Result<Pdf, PdfError>) -> Result<Pdf, PdfError> {
    let started = Instant::now();
    let made = set()?;
    let size = made.bytes.len() / 1024;
    eprintln!(
        "{what}: {} pages, {size} kB, {:?} {:?}",
        made.pages,
        started.elapsed(),
        made.warnings
    );
    Ok(made)
}
