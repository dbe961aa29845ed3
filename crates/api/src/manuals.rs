//! Manuals of process types over HTTP: in which form they are asked for, what they are made from, and how they are sent.

use std::collections::BTreeMap;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, Accept, Header as _},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    ids::UserId,
    process_type::{ProcessTypeDocument, ProcessTypeVersion, VersionStatus},
    value::FieldValue,
};
use manual::{
    Edition, Manual, Names, PdfError,
    names::{AttributeName, RoleName, TypeName},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::{IntoParams, ToSchema};

use crate::{
    call::Call,
    http::{
        etag::{ETag, revalidated},
        problem::Problem,
    },
};

/// The page brings its own style and nothing else, and may do nothing.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

/// The forms of a manual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ManualFormat {
    /// A page for browsers.
    Html,
    /// Markdown, for wikis.
    Md,
    /// For paper.
    Pdf,
}

impl ManualFormat {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Md => "md",
            Self::Pdf => "pdf",
        }
    }

    const fn media_type(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Md => "text/markdown; charset=utf-8",
            Self::Pdf => "application/pdf",
        }
    }

    /// The form that `Accept` likes best; a page where it names none of them.
    fn accepted(req: &HttpRequest) -> Self {
        let accept = Accept::parse(req).map(|accept| accept.ranked());
        let named = accept.unwrap_or_default().into_iter().find_map(|range| {
            match (range.type_().as_str(), range.subtype().as_str()) {
                ("text", "html" | "*") | ("*", "*") => Some(Self::Html),
                ("text", "markdown") => Some(Self::Md),
                ("application", "pdf" | "*") => Some(Self::Pdf),
                _ => None,
            }
        });
        named.unwrap_or(Self::Html)
    }
}

/// In which form.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ManualQuery {
    /// This form; the one that `Accept` likes best (`text/html`, `text/markdown`, `application/pdf`) unless told, else a page.
    #[param(nullable = false, inline)]
    format: Option<ManualFormat>,
}

/// A manual as a page that needs nothing else.
#[derive(ToSchema)]
#[schema(value_type = String, example = "<!DOCTYPE html>")]
#[expect(dead_code, reason = "only its schema is of interest")]
pub(crate) struct ManualPage(String);

/// A manual in Markdown (`CommonMark` with GFM's tables and task lists).
#[derive(ToSchema)]
#[schema(value_type = String, example = "# New Account Opening")]
#[expect(dead_code, reason = "only its schema is of interest")]
pub(crate) struct ManualText(String);

/// A manual as a PDF file.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only its schema is of interest")]
pub(crate) struct ManualFile(Vec<u8>);

/// All that a manual is made from.
#[derive(Serialize)]
pub(crate) struct Source {
    document: ProcessTypeDocument,
    names: Names,
    /// What the firm has set of the policies of the definition, and of no others: a rendering stays as long as these do.
    policies: BTreeMap<String, FieldValue>,
    edition: Edition,
}

impl Source {
    /// A version of one of the firm's process types.
    pub(crate) async fn of_version(
        call: &Call,
        version: ProcessTypeVersion,
    ) -> Result<Self, Problem> {
        let catalog = call.catalog().await?;
        let number = version.number;
        let published = version
            .published_at
            .map(|at| at.with_timezone(&catalog.firm.time_zone));
        let said = match (version.status, published) {
            (VersionStatus::Draft, _) => format!("Draft of version {number}"),
            (VersionStatus::Published, None) => format!("Version {number}"),
            (VersionStatus::Published, Some(at)) => {
                format!("Version {number}, published {}", at.format("%B %-d, %Y"))
            }
        };
        Ok(Self {
            names: names(call, &version.definition).await?,
            policies: policies(&version.definition, &catalog.firm.policies),
            document: version.definition,
            edition: Edition {
                publisher: catalog.firm.name.clone(),
                version: said,
            },
        })
    }

    /// A workflow of the library.
    pub(crate) fn of_library(workflow: &library::Workflow) -> Self {
        Self {
            document: workflow.document.clone(),
            names: Names::of_library(),
            policies: BTreeMap::new(),
            edition: manual::library_edition(),
        }
    }

    /// The manual in the form that is asked for.
    pub(crate) async fn answer(
        self,
        call: &Call,
        req: &HttpRequest,
        query: &ManualQuery,
        file_name: &str,
    ) -> Result<HttpResponse, Problem> {
        let format = query.format.unwrap_or_else(|| ManualFormat::accepted(req));
        let name = self.name(format)?;
        let (is_fresh, mut response) = revalidated(req, &ETag::of_text(&name));
        if is_fresh {
            return Ok(response.finish());
        }
        let made = call
            .state()
            .renderings
            .get(name, move || self.render(format))
            .await?;
        if format == ManualFormat::Pdf {
            // Keys and slugs have no character that would have to be quoted.
            let name = format!("attachment; filename=\"{file_name}.pdf\"");
            response.insert_header((header::CONTENT_DISPOSITION, name));
        }
        Ok(response
            .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
            .content_type(format.media_type())
            .body(made))
    }

    /// A name that changes whenever anything changes that the manual is made from: it is the same for whoever has the same.
    fn name(&self, format: ManualFormat) -> Result<String, Problem> {
        let made_from = serde_json::to_vec(self).map_err(Problem::internal)?;
        let mut digest = Sha256::new();
        digest.update(env!("CARGO_PKG_VERSION"));
        digest.update([0]);
        digest.update(made_from);
        let digest = URL_SAFE_NO_PAD.encode(digest.finalize());
        Ok(format!("{digest}-{}", format.as_str()))
    }

    fn render(&self, format: ManualFormat) -> Result<Vec<u8>, Problem> {
        let edition = self.edition.clone();
        let manual = Manual::new(&self.document, &self.names, &self.policies, edition)
            .map_err(Problem::invalid)?;
        match format {
            ManualFormat::Html => Ok(manual::html(&manual).into_bytes()),
            ManualFormat::Md => Ok(manual::markdown(&manual).into_bytes()),
            ManualFormat::Pdf => match manual::pdf(&manual) {
                Ok(set) => {
                    for warning in &set.warnings {
                        tracing::warn!(warning, "a manual was set with a warning");
                    }
                    Ok(set.bytes)
                }
                Err(PdfError::TooLarge) => Err(Problem::conflict(
                    "The process type is too long for a manual on paper: ask for HTML or Markdown.",
                )),
                Err(err @ PdfError::Template(_)) => Err(Problem::internal(err)),
            },
        }
    }
}

/// What a firm has set of the policies that a definition has (ADR 22).
fn policies(
    document: &ProcessTypeDocument,
    set: &BTreeMap<String, FieldValue>,
) -> BTreeMap<String, FieldValue> {
    let keys = document.policies.iter().map(|policy| &policy.key);
    keys.filter_map(|key| set.get_key_value(key))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// What the firm calls what a definition names.
async fn names(call: &Call, document: &ProcessTypeDocument) -> Result<Names, Problem> {
    let catalog = call.catalog().await?;
    let mut names = Names::default();
    names.add_categories();
    for role in &catalog.roles {
        let name = RoleName {
            name: role.name.clone(),
            kind: role.kind,
        };
        names.roles.insert(role.key.clone(), name);
    }
    for attribute in &catalog.attributes {
        let of_key = names.attributes.entry(attribute.key.clone()).or_default();
        of_key.push(AttributeName {
            entity_kind: attribute.entity_kind.clone(),
            label: attribute.label.clone(),
            value_type: attribute.value_type,
        });
    }
    let started: Vec<&str> = library::types_started_by(document).into_iter().collect();
    for started in call.reads().published_definitions(&started).await? {
        names
            .types
            .insert(started.key.clone(), TypeName::of(&started));
    }
    let people: Vec<UserId> = people_named_by(document);
    for user in call.reads().users(&people).await? {
        names.users.insert(user.id, user.full_name);
    }
    Ok(names)
}

/// The people whom owner rules name.
fn people_named_by(document: &ProcessTypeDocument) -> Vec<UserId> {
    let tasks = document.tasks.iter();
    let of_tasks = tasks.flat_map(|task| {
        let reminded = task.reminders.iter().filter_map(|it| it.to.as_ref());
        let escalated = task.escalation.iter();
        let escalated = escalated.flat_map(|it| it.new_owner.iter().chain(&it.to));
        task.owner.iter().chain(reminded).chain(escalated)
    });
    let results = document.results.iter().flat_map(|it| &it.effects);
    let effects = document.tasks.iter().flat_map(|it| &it.on_complete);
    let of_effects = results
        .chain(effects)
        .flat_map(|it| it.owner.iter().flatten().chain(&it.to));
    let rules = document.owner.iter().chain(of_tasks).chain(of_effects);
    let mut people: Vec<UserId> = rules
        .filter_map(|rule| rule.user.as_deref()?.parse().ok())
        .collect();
    people.sort_unstable();
    people.dedup();
    people
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_form_that_is_liked_best_is_sent() {
        for (accept, form) in [
            ("application/pdf", ManualFormat::Pdf),
            (
                "text/html,application/xhtml+xml,*/*;q=0.8",
                ManualFormat::Html,
            ),
            ("text/html;q=0.5, text/markdown", ManualFormat::Md),
            ("application/json", ManualFormat::Html),
            ("application/json, application/pdf;q=0.1", ManualFormat::Pdf),
            ("image/png, */*;q=0.1", ManualFormat::Html),
        ] {
            let req = TestRequest::get()
                .insert_header(("Accept", accept))
                .to_http_request();
            assert_eq!(ManualFormat::accepted(&req), form, "{accept}");
        }
        let silent = TestRequest::get().to_http_request();
        assert_eq!(ManualFormat::accepted(&silent), ManualFormat::Html);
    }

    #[test]
    fn the_name_changes_with_whatever_the_manual_is_made_from() {
        let workflow = &library::workflows()[0];
        let name = |change: &dyn Fn(&mut Source)| {
            let mut source = Source::of_library(workflow);
            change(&mut source);
            source.name(ManualFormat::Html).unwrap()
        };
        let plain = name(&|_| {});
        assert_eq!(name(&|_| {}), plain);
        assert_ne!(name(&|it| it.document.name.push('!')), plain);
        assert_ne!(name(&|it| it.edition.version.push('!')), plain);
        assert_ne!(name(&|it| it.names.roles.clear()), plain);
        let much = |it: &mut Source| {
            it.policies
                .insert("much".to_owned(), FieldValue::Number(1.into()));
        };
        assert_ne!(name(&much), plain);
        let pdf = Source::of_library(workflow)
            .name(ManualFormat::Pdf)
            .unwrap();
        assert_ne!(pdf, plain);
    }
}
