//! Every code that a refusal can carry. Renaming one breaks clients.

use actix_web::http::StatusCode;
use serde::Serialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{Object, RefOr, Schema, schema::Type},
};

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal, $status:ident, $title:literal;)+) => {
        /// What went wrong, for programs.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        pub enum Code {
            $($(#[doc = $doc])+ #[serde(rename = $text)] $name),+
        }

        impl Code {
            /// Every code, for the pages under `/problems`.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The public name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            /// The status that goes with it.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status),+ }
            }

            /// The code in words.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title),+ }
            }

            /// A paragraph for its page: what it means and what to do.
            #[must_use]
            pub const fn explanation(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+)),+ }
            }

            /// The code behind a public name.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

codes! {
    /// The request cannot be understood: a header is malformed, or the path is. Correct it; sending the same again
    /// changes nothing.
    BadRequest = "bad-request", BAD_REQUEST, "Bad request";
    /// The body is not JSON, is nested deeper than 64 levels, or names a member twice. `detail` says where parsing
    /// stopped.
    MalformedJson = "malformed-json", BAD_REQUEST, "Malformed JSON";
    /// The body is not YAML 1.2, names a member twice, or uses what is not read: tags, merge keys, a second document, or
    /// more nesting and repetition than a process type can need. `detail` says on which line and column.
    MalformedYaml = "malformed-yaml", BAD_REQUEST, "Malformed YAML";
    /// A path or query parameter is unknown, repeated, or has a value that its schema does not allow. `errors` names
    /// each one.
    InvalidParameter = "invalid-parameter", BAD_REQUEST, "Invalid parameter";
    /// The request carries no credentials, or they are wrong, expired or revoked. Sign in, or refresh the access
    /// token.
    Unauthenticated = "unauthenticated", UNAUTHORIZED, "Not signed in";
    /// You may see this, but not do that. `rule` is the rule that refused and `detail` says why. Somebody with the
    /// role or level that it names can do it.
    Forbidden = "forbidden", FORBIDDEN, "Not allowed";
    /// There is nothing at this address, or you may not know of it; the two look alike on purpose.
    NotFound = "not-found", NOT_FOUND, "Not found";
    /// The address exists, but not with this method. The `Allow` header lists those that do.
    MethodNotAllowed = "method-not-allowed", METHOD_NOT_ALLOWED, "Method not allowed";
    /// The representation asked for in `Accept` does not exist.
    NotAcceptable = "not-acceptable", NOT_ACCEPTABLE, "Not acceptable";
    /// The request or its body took too long to arrive. Send it again over a better line.
    RequestTimeout = "request-timeout", REQUEST_TIMEOUT, "Request took too long";
    /// The resource is not in a state that allows this. Read it again to see where it stands.
    Conflict = "conflict", CONFLICT, "Conflict";
    /// Another resource already has this name, key or place. `detail` says which.
    Duplicate = "duplicate", CONFLICT, "Already there";
    /// The firm has installed this library workflow before. Use the installed process type.
    AlreadyInstalled = "already-installed", CONFLICT, "Already installed";
    /// The task is waiting, or has ended, so nobody can work on it now.
    TaskNotExecutable = "task-not-executable", CONFLICT, "Task cannot be worked on";
    /// The process is on hold or has ended.
    ProcessNotRunning = "process-not-running", CONFLICT, "Process is not running";
    /// The process cannot be moved to that version of its type: tasks of it have no counterpart there, or not one that goes
    /// on where they are. `errors` names each of them with its reason.
    ProcessNotMigratable = "process-not-migratable", CONFLICT, "Process cannot be migrated";
    /// This step has been sent back as often as its workflow allows. Choose another outcome.
    ReworkLimit = "rework-limit", CONFLICT, "Sent back too often";
    /// The task's completion cannot be taken back: it is not completed, or something that followed stands in the way.
    /// `blocked_by` names each such thing.
    NotReopenable = "task-not-reopenable", CONFLICT, "Task cannot be reopened";
    /// The workflow does not let this task be skipped.
    NotSkippable = "task-not-skippable", CONFLICT, "Task cannot be skipped";
    /// A task that belongs to the plan of its process is not cancelled alone: cancel the process.
    NotCancellable = "task-not-cancellable", CONFLICT, "Task cannot be cancelled alone";
    /// The task is completed by the process that it waits for, not by people.
    WaitsForProcess = "task-waits-for-process", CONFLICT, "Task waits for a process";
    /// People execute the children of a fan-out, one per item, never the fan-out itself.
    DoneByItems = "task-done-by-items", CONFLICT, "Task is done item by item";
    /// No process that failed stands behind the task, so that there is nothing to try again.
    NothingToRetry = "nothing-to-retry", CONFLICT, "Nothing to retry";
    /// The process that the task waits for was cancelled or could not be started. Retry, skip or cancel the task.
    AwaitedProcessFailed = "awaited-process-failed", CONFLICT, "Awaited process failed";
    /// Only a task that nobody owns can be claimed.
    AlreadyOwned = "task-already-owned", CONFLICT, "Task has an owner";
    /// A request with the same idempotency key is still being worked on. Wait, then send it again.
    RequestInProgress = "request-in-progress", CONFLICT, "Request in progress";
    /// The `If-Match` tag is not the current one: somebody changed the resource since you read it. The `ETag` header
    /// of this answer has the current tag; read the resource again before you decide.
    VersionConflict = "version-conflict", PRECONDITION_FAILED, "Changed by somebody else";
    /// The body is larger than this address accepts.
    PayloadTooLarge = "payload-too-large", PAYLOAD_TOO_LARGE, "Body too large";
    /// The path and query are longer than the server accepts.
    UriTooLong = "uri-too-long", URI_TOO_LONG, "Address too long";
    /// The body's `Content-Type` is not one that this address accepts.
    UnsupportedMediaType = "unsupported-media-type", UNSUPPORTED_MEDIA_TYPE, "Unsupported media type";
    /// The body is well-formed, but its schema or a rule refuses it. `errors` lists every fault with a pointer to its
    /// place.
    ValidationFailed = "validation-failed", UNPROCESSABLE_ENTITY, "Not valid";
    /// This idempotency key was used for a different request. Use a new key for a new request.
    IdempotencyKeyReused = "idempotency-key-reused", UNPROCESSABLE_ENTITY, "Idempotency key used before";
    /// This change needs an `If-Match` header with the tag of the version that you have read.
    PreconditionRequired = "precondition-required", PRECONDITION_REQUIRED, "Version required";
    /// You have tried too often in a short time. The `Retry-After` header says when to try again.
    TooManyRequests = "too-many-requests", TOO_MANY_REQUESTS, "Too many requests";
    /// The request's headers are larger than the server accepts.
    HeadersTooLarge = "headers-too-large", REQUEST_HEADER_FIELDS_TOO_LARGE, "Headers too large";
    /// Something failed on our side. Nothing was changed unless a later read shows it. Quote the request id when you
    /// report it.
    Internal = "internal", INTERNAL_SERVER_ERROR, "Internal error";
    /// The server cannot take the request at present, because it is stopping, overloaded or cut off from its database.
    /// Try again shortly.
    Unavailable = "unavailable", SERVICE_UNAVAILABLE, "Unavailable";
}

// By hand, because the derive cannot see names that come through the macro.
impl PartialSchema for Code {
    fn schema() -> RefOr<Schema> {
        Object::builder()
            .schema_type(Type::String)
            .description(Some(
                "What went wrong, for programs; explained under `/problems`.",
            ))
            .enum_values(Some(Self::ALL.iter().map(|code| code.as_str())))
            .examples([serde_json::Value::from(Self::NotFound.as_str())])
            .into()
    }
}

impl ToSchema for Code {}

impl Code {
    /// The general code of a status, for refusals that were not made by a handler.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::UNAUTHORIZED => Self::Unauthenticated,
            StatusCode::FORBIDDEN => Self::Forbidden,
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::NOT_ACCEPTABLE => Self::NotAcceptable,
            StatusCode::REQUEST_TIMEOUT => Self::RequestTimeout,
            StatusCode::CONFLICT => Self::Conflict,
            StatusCode::PRECONDITION_FAILED => Self::VersionConflict,
            StatusCode::PAYLOAD_TOO_LARGE => Self::PayloadTooLarge,
            StatusCode::URI_TOO_LONG => Self::UriTooLong,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::UnsupportedMediaType,
            StatusCode::UNPROCESSABLE_ENTITY => Self::ValidationFailed,
            StatusCode::TOO_MANY_REQUESTS => Self::TooManyRequests,
            StatusCode::SERVICE_UNAVAILABLE => Self::Unavailable,
            other if other.is_client_error() => Self::BadRequest,
            _ => Self::Internal,
        }
    }
}
