use actix_web::{HttpResponse, get};
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    page::{Page, Total},
};
use library::Workflow;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::view::{LibraryCategoryView, LibraryPageView, LibraryWorkflowView};
use crate::{
    call::Call,
    http::{
        page::{PageQuery, Paging},
        problem::Problem,
        query::Query,
    },
};

/// Which workflows.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LibraryQuery {
    /// In this category.
    #[param(nullable = false, pattern = "^[a-z][a-z0-9_]{0,79}$")]
    category: Option<String>,
    /// With this in their name or summary, whatever the case.
    #[param(nullable = false, min_length = 1, max_length = 120)]
    q: Option<String>,
}

impl LibraryQuery {
    fn matches(&self, workflow: &Workflow) -> bool {
        let document = &workflow.document;
        let in_category = self
            .category
            .as_ref()
            .is_none_or(|category| document.category == *category);
        let says = |wanted: &String| {
            let wanted = wanted.to_lowercase();
            [&document.name, &document.summary]
                .iter()
                .any(|text| text.to_lowercase().contains(&wanted))
        };
        in_category && self.q.as_ref().is_none_or(says)
    }
}

/// The place of a workflow in the list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct LibraryKey {
    name: String,
    slug: String,
}

impl LibraryKey {
    fn of(workflow: &Workflow) -> Self {
        Self {
            name: workflow.document.name.clone(),
            slug: workflow.slug.to_owned(),
        }
    }
}

/// List the library's workflows.
///
/// Everyone of the firm may.
#[utoipa::path(
    params(LibraryQuery, PageQuery),
    responses((
        status = 200,
        description = "By name, with all categories.",
        body = LibraryPageView,
        headers(("Link" = String, description = "The next page, as `rel=\"next\"`.")),
    )),
)]
#[get("/v1/library")]
#[tracing::instrument(name = "list_library", skip_all)]
pub(crate) async fn list_library(
    call: Call,
    paging: Paging,
    Query(query): Query<LibraryQuery>,
) -> Result<HttpResponse, Problem> {
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let asked = call.page_request::<LibraryKey>(&paging)?;
    let mut found: Vec<&'static Workflow> = library::workflows()
        .iter()
        .filter(|workflow| query.matches(workflow))
        .collect();
    let total = asked.count.then(|| Total::of_length(found.len()));
    if let Some(after) = &asked.after {
        found.retain(|workflow| LibraryKey::of(workflow) > *after);
    }
    found.sort_by_cached_key(|workflow| LibraryKey::of(workflow));
    let page = Page::from_overfetch(found, asked.limit, |workflow| LibraryKey::of(workflow))
        .counted(total);

    let installed = call.reads().installed_workflows().await?;
    let page = page
        .map(|workflow| LibraryWorkflowView::new(workflow, installed.get(workflow.slug).copied()));
    call.page_with(&paging, page, |data, page| LibraryPageView {
        data,
        page,
        categories: library::categories()
            .iter()
            .map(LibraryCategoryView::from)
            .collect(),
    })
}
