//! `baton library manual`

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::{ArgGroup, Args, ValueEnum};
use library::{Workflow, find};
use manual::{Names, Pdf, book, html, in_order, library_book, library_manual, markdown, pdf};

use super::Failure;

/// Writes the manual of a workflow, or those of the whole library: as PDF they make one book.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("which").required(true).args(["all", "slug"]))]
pub(super) struct LibraryManual {
    /// Every workflow of the library.
    #[arg(long)]
    all: bool,
    /// This workflow.
    #[arg(long)]
    slug: Option<String>,
    /// In which form.
    #[arg(long, value_enum, default_value_t = Format::Pdf)]
    format: Format,
    /// The file to write; for the pages of the whole library the folder to write them to.
    out: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Html,
    Md,
    Pdf,
}

impl Format {
    const fn extension(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Md => "md",
            Self::Pdf => "pdf",
        }
    }
}

impl LibraryManual {
    pub(super) fn run(self) -> Result<(), Failure> {
        match (self.slug.as_deref(), self.format) {
            (Some(slug), format) => {
                let workflow = find(slug);
                let workflow =
                    workflow.ok_or_else(|| format!("the library has no workflow {slug}"))?;
                write(
                    &self.out,
                    &rendered(workflow, &Names::of_library(), format)?,
                )
            }
            (None, Format::Pdf) => write_book(&self.out),
            (None, format) => write_pages(&self.out, format),
        }
    }
}

fn write_book(out: &Path) -> Result<(), Failure> {
    let all = in_order().len();
    eprintln!("putting {all} manuals together …");
    let whole = library_book().map_err(|faults| format!("{faults:?}"))?;
    let set = checked(book(&whole, &mut |number, manual| {
        eprintln!("[{number}/{all}] {}", manual.title);
    })?);
    eprintln!("{} pages", set.pages);
    write(out, &set.bytes)
}

fn write_pages(folder: &Path, format: Format) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|err| failed(folder, &err))?;
    let names = Names::of_library();
    let workflows = in_order();
    for (place, workflow) in workflows.iter().enumerate() {
        eprintln!(
            "[{}/{}] {}",
            place + 1,
            workflows.len(),
            workflow.document.name
        );
        let name = format!("{}.{}", workflow.slug, format.extension());
        write(&folder.join(name), &rendered(workflow, &names, format)?)?;
    }
    Ok(())
}

fn rendered(workflow: &Workflow, names: &Names, format: Format) -> Result<Vec<u8>, Failure> {
    let manual = library_manual(workflow, names).map_err(|faults| format!("{faults:?}"))?;
    Ok(match format {
        Format::Html => html(&manual).into_bytes(),
        Format::Md => markdown(&manual).into_bytes(),
        Format::Pdf => checked(pdf(&manual)?).bytes,
    })
}

fn checked(set: Pdf) -> Pdf {
    for warning in &set.warnings {
        eprintln!("warning: {warning}");
    }
    set
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(path, bytes).map_err(|err| failed(path, &err))
}

fn failed(path: &Path, err: &std::io::Error) -> Failure {
    format!("cannot write {}: {err}", path.display()).into()
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        manual: LibraryManual,
    }

    fn parsed(arguments: &[&str]) -> Result<LibraryManual, clap::Error> {
        let all = ["manual"].iter().chain(arguments);
        Line::try_parse_from(all).map(|line| line.manual)
    }

    #[test]
    fn either_one_workflow_or_all_are_written() {
        assert_eq!(parsed(&["--all", "book.pdf"]).unwrap().format, Format::Pdf);
        let one = parsed(&["--slug", "trade-requests", "--format", "md", "x.md"]).unwrap();
        assert_eq!(
            (one.slug.as_deref(), one.format),
            (Some("trade-requests"), Format::Md)
        );
        assert!(parsed(&["x.pdf"]).is_err());
        assert!(parsed(&["--all", "--slug", "trade-requests", "x.pdf"]).is_err());
    }

    #[test]
    fn an_unknown_workflow_is_named_and_nothing_is_written() {
        let out = std::env::temp_dir().join("baton-no-such-manual.html");
        let mut line = parsed(&["--slug", "no-such", "--format", "html", "x"]).unwrap();
        line.out.clone_from(&out);
        let failure = line.run().unwrap_err();
        assert_eq!(failure.to_string(), "the library has no workflow no-such");
        assert!(!out.exists());
    }
}
