//! Setting in rounds, as `typst::compile` does it, for documents that are parts of a whole: what they say of pages may be true of the whole alone.

use typst::{
    World,
    comemo::{Constraint, Track, Tracked},
    diag::{SourceDiagnostic, SourceResult},
    ecow::EcoVec,
    engine::{Engine, Route, Sink, Traced},
    foundations::{Content, StyleChain, Target, TargetElem},
    introspection::{EmptyIntrospector, Introspector},
    utils::Protected,
};
use typst_layout::PagedDocument;

use super::{PdfError, failure, world::Desk};

/// How often pages may be set anew until what they say of each other is true.
const ROUNDS: usize = 5;

/// What lies on the desk, read, and ready to be set.
pub(super) struct Job<'a> {
    desk: &'a Desk,
    content: Content,
    read: Sink,
}

struct Round {
    document: PagedDocument,
    sink: Sink,
    settled: bool,
}

impl<'a> Job<'a> {
    pub(super) fn new(desk: &'a Desk) -> Result<Self, PdfError> {
        let main = desk.source(desk.main());
        let main = main.map_err(|err| PdfError::Template(err.to_string()))?;
        let mut read = Sink::new();
        let module = typst_eval::eval(
            tracked(desk),
            desk.library(),
            Traced::default().track(),
            read.track_mut(),
            Route::default().track(),
            &main,
        );
        let content = module.map_err(|faults| failure(&faults))?.content();
        Ok(Self {
            desk,
            content,
            read,
        })
    }

    /// Sets the pages once, so that setting them for good finds most of it done. What is wrong with them is said then.
    pub(super) fn prepare<L>(&self, lay_out: L)
    where
        L: Fn(&mut Engine, &Content, StyleChain) -> SourceResult<PagedDocument>,
    {
        drop(self.round(&EmptyIntrospector, &lay_out));
    }

    /// The pages, and what the typesetter was not sure about.
    pub(super) fn set<L>(
        self,
        known: Option<PagedDocument>,
        lay_out: L,
    ) -> Result<(PagedDocument, EcoVec<SourceDiagnostic>), PdfError>
    where
        L: Fn(&mut Engine, &Content, StyleChain) -> SourceResult<PagedDocument>,
    {
        let mut known = known;
        for _ in 0..ROUNDS {
            let round = match &known {
                Some(document) => self.round(document.introspector().as_ref(), &lay_out),
                None => self.round(&EmptyIntrospector, &lay_out),
            };
            let mut round = round.map_err(|faults| failure(&faults))?;
            if round.settled {
                let delayed = round.sink.delayed();
                if !delayed.is_empty() {
                    return Err(failure(&delayed));
                }
                let mut sink = self.read;
                sink.extend_from_sink(round.sink);
                return Ok((round.document, sink.warnings()));
            }
            known = Some(round.document);
        }
        Err(PdfError::Template("the pages do not settle".to_owned()))
    }

    fn round<L>(&self, known: &dyn Introspector, lay_out: &L) -> SourceResult<Round>
    where
        L: Fn(&mut Engine, &Content, StyleChain) -> SourceResult<PagedDocument>,
    {
        let library = self.desk.library();
        let base = StyleChain::new(&library.styles);
        let target = TargetElem::target.set(Target::Paged).wrap();
        let asked = Constraint::new();
        let traced = Traced::default();
        let mut sink = Sink::new();
        let mut engine = Engine {
            world: tracked(self.desk),
            library,
            introspector: Protected::new(known.track_with(&asked)),
            traced: traced.track(),
            sink: sink.track_mut(),
            route: Route::default(),
        };
        let document = lay_out(&mut engine, &self.content, base.chain(&target))?;
        let found: &dyn Introspector = document.introspector().as_ref();
        let settled = asked.validate(found);
        Ok(Round {
            document,
            sink,
            settled,
        })
    }
}

fn tracked(desk: &Desk) -> Tracked<'_, dyn World + '_> {
    let world: &dyn World = desk;
    world.track()
}
