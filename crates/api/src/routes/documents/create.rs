use std::fmt::Write as _;

use actix_web::{
    HttpMessage as _, HttpRequest,
    http::header::{self, HeaderMap},
    mime::{self, Mime},
    post,
    web::Payload,
};
use domain::{
    access::documents::decide_upload,
    document::Document,
    event::{EventType, Occurrence, SubjectType},
    ids::{DocumentId, EntityId},
    process::engine::snapshot,
};
use persistence::Reads;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::{DocumentView, FileContent};
use crate::{
    call::Call,
    files::{Files, NewFile},
    http::{
        answer::Answer,
        idempotency::BodyDigest,
        problem::{Code, Problem},
        query::Query,
    },
    record::Record,
};

/// What is said of a file beside its bytes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DocumentQuery {
    /// What people call it, with its ending.
    #[param(
        min_length = 1,
        max_length = 255,
        pattern = r"\S",
        example = "Account application.pdf"
    )]
    name: String,
    /// The entity that it belongs to, if it belongs to one already.
    #[param(value_type = Option<uuid::Uuid>, nullable = false)]
    entity_id: Option<EntityId>,
}

/// Upload a document.
///
/// Everyone but auditors may; for an entity, whoever may see that. The body is the file itself, and `Content-Type` its own
/// media type, whichever it is. It is stored as it arrives, as long as it goes on arriving; when it breaks off, nothing is.
#[utoipa::path(
    params(DocumentQuery),
    request_body(
        content = FileContent,
        content_type = "application/octet-stream",
        description = "The file. Any media type but `multipart/*` is taken, and kept with it."
    ),
    responses(
        (status = 201, description = "The document.", body = DocumentView),
        (status = 404, description = "There is no such entity for the caller."),
    ),
)]
#[post("/v1/documents")]
#[tracing::instrument(name = "create_document", skip_all)]
pub(crate) async fn create_document(
    call: Call,
    req: HttpRequest,
    Query(query): Query<DocumentQuery>,
    payload: Payload,
) -> Result<Answer, Problem> {
    let files = Files::new(&call.state().config);
    let media_type = media_type(req.headers())?;
    files.welcome(announced(req.headers()))?;
    // Nobody shall send a large file only to hear then that they may not.
    let record = target(&call, call.reads(), query.entity_id).await?;
    permit(&call, record.as_ref())?;

    let id = DocumentId(call.state().ambient.fresh_id());
    let mut file = files.receive(call.firm_id(), id, payload).await?;
    req.extensions_mut().insert(BodyDigest::known(file.sha256));
    let document = Document {
        id,
        name: query.name.trim().to_owned(),
        media_type,
        size: i64::try_from(file.size).map_err(Problem::internal)?,
        sha256: hexadecimal(&file.sha256),
        entity_id: query.entity_id,
        uploaded_by: Some(call.actor().user_id),
        created_at: call.state().ambient.now(),
    };
    // From here on only a clear answer decides: a row without its file would be worse than a file without its row.
    file.keep();
    let outcome = store(&call, &document).await;
    discard_unless_stored(file, &outcome);
    outcome
}

async fn store(call: &Call, document: &Document) -> Result<Answer, Problem> {
    call.write(async |tx| {
        let record = target(call, tx.reads(), document.entity_id).await?;
        call.replay()?;
        permit(call, record.as_ref())?;
        tx.insert_document(document);
        tx.record(Occurrence {
            event: EventType::DocumentCreated,
            subject_type: SubjectType::Document,
            subject_id: document.id.0,
            entity_id: document.entity_id,
            before: None,
            after: Some(snapshot(document)),
        });
        let location = format!("/v1/documents/{}", document.id);
        Ok(Answer::created(location, &DocumentView::from(document))?)
    })
    .await
}

/// The entity that the document is for; unknown to whoever may not see it.
async fn target(
    call: &Call,
    reads: Reads<'_>,
    entity: Option<EntityId>,
) -> Result<Option<Record>, Problem> {
    match entity {
        Some(id) => Record::seen(call, reads, id).await.map(Some),
        None => Ok(None),
    }
}

fn permit(call: &Call, target: Option<&Record>) -> Result<(), Problem> {
    decide_upload(call.actor(), target.map(Record::facts)).or_denied(true)?;
    Ok(())
}

/// A refusal, and the stored answer to an earlier request, leave no use for the file. After a failure nobody knows.
fn discard_unless_stored(file: NewFile, outcome: &Result<Answer, Problem>) {
    let useless = match outcome {
        Ok(answer) => answer.replayed,
        Err(problem) => problem.code().status().is_client_error(),
    };
    if useless {
        file.discard();
    }
}

fn media_type(headers: &HeaderMap) -> Result<String, Problem> {
    let refused = |detail| Err(Problem::new(Code::UnsupportedMediaType, detail));
    let encoded = headers
        .get(header::CONTENT_ENCODING)
        .is_some_and(|encoding| encoding.as_bytes() != b"identity");
    if encoded {
        return refused("Send the file as it is, without `Content-Encoding`.");
    }
    let Some(value) = headers.get(header::CONTENT_TYPE) else {
        return Ok(mime::APPLICATION_OCTET_STREAM.to_string());
    };
    let parsed = value
        .to_str()
        .ok()
        .filter(|text| text.len() <= 255)
        .and_then(|text| text.parse::<Mime>().ok());
    match parsed {
        Some(found) if found.type_() == mime::MULTIPART => {
            refused("Send the file itself as the body, not as part of a form.")
        }
        Some(found) if found.type_() != mime::STAR && found.subtype() != mime::STAR => {
            Ok(found.to_string())
        }
        Some(_) | None => refused("`Content-Type` must be the file's media type."),
    }
}

fn announced(headers: &HeaderMap) -> Option<u64> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

fn hexadecimal(digest: &[u8]) -> String {
    digest.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
