use std::io;

use actix_web::{
    HttpRequest, HttpResponse,
    body::SizedStream,
    get,
    http::{
        StatusCode,
        header::{
            self, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue,
        },
    },
    web::{Bytes, BytesMut},
};
use domain::{document::Document, ids::DocumentId};
use futures_util::{Stream, stream};
use tokio::{
    fs::File,
    io::{AsyncReadExt as _, AsyncSeekExt as _, SeekFrom},
};

use super::{access, range, view::FileContent};
use crate::{
    call::Call,
    files::Files,
    http::{
        etag::{ETag, is_fresh},
        problem::Problem,
        query::Path,
    },
};

/// How many bytes are read from disk at a time.
const STRIDE: usize = 64 * 1024;

/// Download a document.
///
/// Whoever uploaded it may, and whoever may see an entity or task that it belongs to, or work whose form names it. It comes
/// as an attachment, never to be shown in place. A single range of bytes may be asked for.
#[utoipa::path(
    params(("document_id" = Uuid, Path, description = "The document.")),
    responses(
        (status = 200, description = "The file, under its own media type.", body = FileContent,
            content_type = "application/octet-stream",
            headers(("ETag" = String, description = "SHA-256 of the file."),
                ("Content-Disposition" = String, description = "`attachment` with its name."))),
        (status = 206, description = "The range of bytes that was asked for.", body = FileContent,
            content_type = "application/octet-stream",
            headers(("Content-Range" = String, description = "Which bytes of how many."))),
    ),
)]
#[get("/v1/documents/{document_id}/content")]
#[tracing::instrument(name = "download_document", skip_all)]
pub(crate) async fn download_document(
    call: Call,
    req: HttpRequest,
    Path(id): Path<DocumentId>,
) -> Result<HttpResponse, Problem> {
    let document = access::seen(&call, id).await?;
    let etag = ETag::of_text(&document.sha256);
    if is_fresh(req.headers(), &etag) {
        let mut unchanged = HttpResponse::NotModified();
        return Ok(unchanged
            .insert_header((header::ETAG, etag.as_str()))
            .finish());
    }
    let size = u64::try_from(document.size).map_err(Problem::internal)?;
    let range = range::asked(req.headers(), &etag, size);
    let (start, length) = range.map_or((0, size), |range| (range.start, range.end - range.start));
    let files = Files::new(&call.state().config);
    let mut file = files
        .open(call.firm_id(), id)
        .await
        .map_err(|err| Problem::internal(format_args!("document {id}: {err}")))?;
    file.seek(SeekFrom::Start(start))
        .await
        .map_err(Problem::internal)?;

    let mut response = HttpResponse::build(match range {
        Some(_) => StatusCode::PARTIAL_CONTENT,
        None => StatusCode::OK,
    });
    if let Some(range) = range {
        let place = format!("bytes {}-{}/{size}", range.start, range.end - 1);
        response.insert_header((header::CONTENT_RANGE, place));
    }
    Ok(response
        .insert_header((header::ETAG, etag.as_str()))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header(attachment(&document))
        .content_type(document.media_type.as_str())
        .body(SizedStream::new(length, bytes(file, length))))
}

/// The name in ASCII for old programs and in full for all others.
fn attachment(document: &Document) -> ContentDisposition {
    let plain: String = document
        .name
        .chars()
        .map(|c| match c {
            '"' | '\\' | '/' | '%' => '_',
            c if c.is_ascii() && !c.is_ascii_control() => c,
            _ => '_',
        })
        .collect();
    ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![
            DispositionParam::Filename(plain),
            DispositionParam::FilenameExt(ExtendedValue {
                charset: Charset::Ext("UTF-8".to_owned()),
                language_tag: None,
                value: document.name.clone().into_bytes(),
            }),
        ],
    }
}

fn bytes(file: File, length: u64) -> impl Stream<Item = io::Result<Bytes>> {
    stream::try_unfold(file.take(length), async |mut rest| {
        let mut chunk = BytesMut::with_capacity(STRIDE);
        let read = rest.read_buf(&mut chunk).await?;
        Ok((read > 0).then(|| (chunk.freeze(), rest)))
    })
}
