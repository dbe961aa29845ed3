//! All that the typesetter can see: the template, the fonts, and one file of data. No clock, no disk, no network.

use std::sync::LazyLock;

use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Duration},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};

use super::PdfError;

const TEMPLATE: &str = include_str!("manual.typ");

/// What is the same for every manual, and made once.
struct Shared {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    template: Source,
    data: FileId,
}

static SHARED: LazyLock<Result<Shared, String>> = LazyLock::new(|| {
    // File ids are interned and never given back: only these two are ever made.
    let main = file_id("/main.typ")?;
    let data = file_id("/data.json")?;
    let faces = [diagram::fonts::REGULAR, diagram::fonts::SEMI_BOLD];
    let fonts: Vec<Font> = faces
        .into_iter()
        .filter_map(|face| Font::new(Bytes::new(face), 0))
        .collect();
    Ok(Shared {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        template: Source::new(main, TEMPLATE.to_owned()),
        data,
    })
});

/// Whether both faces have a character, or it only ends a word or a line.
pub(super) fn is_drawn(character: char) -> bool {
    let Ok(shared) = SHARED.as_ref() else {
        return true;
    };
    let covered = |font: &Font| font.info().coverage.contains(character.into());
    character.is_ascii_graphic()
        || matches!(character, ' ' | '\t' | '\n' | '\r')
        || shared.fonts.iter().all(covered)
}

fn file_id(path: &str) -> Result<FileId, String> {
    let path = VirtualPath::new(path).map_err(|err| format!("{err:?}"))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// One rendering.
pub(super) struct Desk {
    shared: &'static Shared,
    data: Bytes,
}

impl Desk {
    pub(super) fn new(data: Vec<u8>) -> Result<Self, PdfError> {
        let shared = SHARED
            .as_ref()
            .map_err(|err| PdfError::Template(err.clone()))?;
        let data = Bytes::new(data);
        Ok(Self { shared, data })
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.shared.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.shared.book
    }

    fn main(&self) -> FileId {
        self.shared.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.shared.template.id() {
            Ok(self.shared.template.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.shared.data {
            Ok(self.data.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shared.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
