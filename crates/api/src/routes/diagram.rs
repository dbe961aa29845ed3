//! What the operations that answer diagrams have in common: the form that is asked for, names, and the answer.

use std::{collections::BTreeMap, sync::Arc};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderMap},
};
use diagram::{Names, Progress};
use domain::{
    ids::{ProcessTypeId, UserId},
    process_type::{Definition, definition::OwnerRule},
    role::Role,
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    call::Call,
    diagrams::{Form, Format, LayoutName, Source, Subject, ThemeName},
    http::{
        etag::{ETag, revalidated},
        problem::Problem,
    },
};

/// In which form a diagram is wanted.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct DiagramQuery {
    /// The language; unless told what `Accept` prefers, and `svg` where it does not matter.
    #[param(inline, nullable = false)]
    format: Option<Format>,
    /// Colours of a picture; `light` unless told.
    #[param(inline, nullable = false)]
    theme: Option<ThemeName>,
    /// Layout of a picture; `lanes` unless told.
    #[param(inline, nullable = false)]
    layout: Option<LayoutName>,
}

impl DiagramQuery {
    pub(super) fn form(self, req: &HttpRequest) -> Form {
        Form {
            format: self.format.unwrap_or_else(|| preferred(req.headers())),
            theme: self.theme.unwrap_or_default(),
            layout: self.layout.unwrap_or_default(),
        }
    }
}

/// The first of our languages among what a client prefers.
fn preferred(headers: &HeaderMap) -> Format {
    let texts = headers
        .get_all(header::ACCEPT)
        .filter_map(|value| value.to_str().ok());
    let ranges = texts.flat_map(|text| text.split(','));
    let mut asked: Vec<(u16, Format)> = ranges.filter_map(wanted).collect();
    // The sort is stable: of equals the first one counts.
    asked.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    asked
        .first()
        .map_or_else(Format::default, |(_, format)| *format)
}

/// What a media range asks for, and how much, in thousandths.
fn wanted(range: &str) -> Option<(u16, Format)> {
    let mut parts = range.split(';').map(str::trim);
    let format = match parts.next()?.to_ascii_lowercase().as_str() {
        "image/svg+xml" | "image/*" | "*/*" => Format::Svg,
        "text/vnd.mermaid" | "text/*" => Format::Mermaid,
        "application/bpmn+xml" | "application/bpmn20-xml" | "application/xml" => Format::Bpmn,
        _ => return None,
    };
    let weight = parts.find_map(|part| part.strip_prefix("q="));
    let weight = weight.map_or(Some(1.0), |text| text.parse::<f32>().ok())?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "held to what thousandths can be"
    )]
    let weight = (weight.clamp(0.0, 1.0) * 1_000.0) as u16;
    (weight > 0).then_some((weight, format))
}

/// The names of roles.
pub(super) fn role_names<'a>(
    roles: impl IntoIterator<Item = (&'a String, &'a String)>,
) -> BTreeMap<String, String> {
    let owned = |(key, name): (&String, &String)| (key.clone(), name.clone());
    roles.into_iter().map(owned).collect()
}

/// A version of the caller's firm, to be drawn. `revision` is 0 for what is published.
pub(super) async fn version(
    call: &Call,
    process_type: ProcessTypeId,
    number: i32,
    revision: i64,
    definition: Arc<Definition>,
) -> Result<Source, Problem> {
    let catalog = call.catalog().await?;
    let mentioned: Vec<UserId> = named_people(&definition);
    let people = if mentioned.is_empty() {
        Vec::new()
    } else {
        call.reads().users(&mentioned).await?
    };
    let names = Names {
        roles: role_names(
            catalog
                .roles
                .iter()
                .map(|role: &Role| (&role.key, &role.name)),
        ),
        people: people
            .iter()
            .map(|user| (user.id, user.full_name.clone()))
            .collect(),
    };
    let subject = Subject::Version {
        firm: call.firm_id(),
        process_type,
        number,
        revision,
        catalog: call.caller().catalog_version,
        people: names.people.values().cloned().collect(),
    };
    Ok(Source {
        subject,
        definition,
        names,
    })
}

fn named_people(definition: &Definition) -> Vec<UserId> {
    let tasks = definition.tasks.iter().flat_map(|task| &task.owner);
    let named = tasks
        .chain(&definition.owner)
        .filter_map(|rule| match rule {
            OwnerRule::User(id) => Some(*id),
            OwnerRule::Role(_)
            | OwnerRule::Field(_)
            | OwnerRule::ExecutorOf(_)
            | OwnerRule::ProcessOwner
            | OwnerRule::Initiator
            | OwnerRule::Unassigned => None,
        });
    named.collect()
}

/// Draws what is asked for, a run as far as it has come, and sends it. A browser that opens it by itself lets nothing in it act.
pub(super) async fn answer(
    call: &Call,
    req: &HttpRequest,
    query: DiagramQuery,
    source: Source,
    progress: Option<Progress>,
) -> Result<HttpResponse, Problem> {
    let form = query.form(req);
    let diagrams = &call.state().diagrams;
    let drawing = diagrams.draw(source, form, progress).await?;
    let (is_fresh, mut response) = revalidated(req, &ETag::of_text(&drawing.digest));
    response.insert_header((
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; sandbox",
    ));
    if is_fresh {
        return Ok(response.finish());
    }
    let media_type = format!("{}; charset=utf-8", form.format.media_type());
    Ok(response.content_type(media_type).body(drawing.body))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_language_is_what_accept_prefers() {
        for (accept, expected) in [
            ("*/*", Format::Svg),
            ("text/html", Format::Svg),
            ("application/bpmn+xml", Format::Bpmn),
            (
                "text/vnd.mermaid;q=0.5, application/bpmn+xml;q=0.9",
                Format::Bpmn,
            ),
            ("application/bpmn+xml;q=0, */*;q=0.1", Format::Svg),
            ("image/png, text/vnd.mermaid", Format::Mermaid),
            ("text/vnd.mermaid;q=x", Format::Svg),
        ] {
            let req = TestRequest::get()
                .insert_header(("Accept", accept))
                .to_http_request();
            assert_eq!(preferred(req.headers()), expected, "{accept}");
        }
        assert_eq!(
            preferred(TestRequest::get().to_http_request().headers()),
            Format::Svg
        );
    }
}
