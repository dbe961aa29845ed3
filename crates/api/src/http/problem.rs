//! The one error body: RFC 9457 problem details with a closed set of codes.

use std::fmt::Display;

use actix_web::{
    HttpResponse, ResponseError,
    body::BoxBody,
    http::{
        StatusCode,
        header::{self, HeaderName, HeaderValue},
    },
};
use domain::{
    access::{Denied, Rule},
    fault::Fault,
    process::error::{ProcessError, TaskError},
    user::LastAdmin,
};
use persistence::{StoreError, UniqueRule};
use serde::Serialize;
use utoipa::ToSchema;

pub use super::blocked::ProblemBlock;
pub use super::code::Code;
use super::etag::ETag;
use crate::auth::{keys::KeyError, password::HashingFailed};

/// One place of the request that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProblemFault {
    /// JSON pointer into the body, or the name of a parameter or header.
    #[schema(example = "/title")]
    pub pointer: String,
    /// Stable word for programs.
    #[schema(example = "required")]
    pub code: String,
    /// What is wrong, for people.
    #[schema(example = "This member is required.")]
    pub detail: String,
}

impl From<Fault> for ProblemFault {
    fn from(fault: Fault) -> Self {
        Self {
            pointer: fault.pointer,
            code: fault.code,
            detail: fault.detail,
        }
    }
}

/// The body of every refusal and failure (RFC 9457).
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Where the code is explained, relative to this server.
    #[serde(rename = "type")]
    #[schema(format = "uri-reference", example = "/problems/not-found")]
    pub problem_type: String,
    /// The code in words; the same for every occurrence.
    #[schema(example = "Not found")]
    pub title: &'static str,
    /// The status of the answer.
    #[schema(minimum = 400, maximum = 599, example = 404)]
    pub status: u16,
    /// What went wrong this time.
    #[schema(example = "There is no such resource, or you may not see it.")]
    pub detail: String,
    /// The path that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri-reference", example = "/v1/me", nullable = false)]
    pub instance: Option<String>,
    /// Names this request in the logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub request_id: Option<String>,
    /// The last segment of `type`.
    pub code: Code,
    /// The permission rule that refused (code `forbidden`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false, example = "X4")]
    pub rule: Option<Rule>,
    /// All faults at once, where the request itself is at fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemFault>,
    /// Everything that stands in the way (code `task-not-reopenable`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocked_by: Vec<ProblemBlock>,
}

/// Why a request did not succeed. Handlers return it with `?`; the body is completed on the way out.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{}: {detail}", code.as_str())]
pub struct Problem {
    code: Code,
    detail: String,
    rule: Option<Rule>,
    errors: Vec<ProblemFault>,
    blocked_by: Vec<ProblemBlock>,
    header: Option<Box<(HeaderName, HeaderValue)>>,
}

impl Problem {
    /// A problem of this code.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            rule: None,
            errors: Vec::new(),
            blocked_by: Vec::new(),
            header: None,
        }
    }

    /// Its code.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.code
    }

    /// What is wrong, place by place.
    #[must_use]
    pub fn errors(&self) -> &[ProblemFault] {
        &self.errors
    }

    /// The same problem with one more header on its answer.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.header = Some(Box::new((name, value)));
        self
    }

    /// No credentials, or none that hold; which of the two is not said.
    #[must_use]
    pub fn unauthenticated(detail: impl Into<String>) -> Self {
        Self::new(Code::Unauthenticated, detail)
    }

    /// Absent, or not for this caller to know of.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(
            Code::NotFound,
            "There is no such resource, or you may not see it.",
        )
    }

    /// The state of the resource does not allow it.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(Code::Conflict, detail)
    }

    /// Content that its schema or a rule refuses, with every fault.
    #[must_use]
    pub fn invalid(faults: Vec<Fault>) -> Self {
        Self::with_faults(Code::ValidationFailed, faults)
    }

    /// A problem whose detail counts the faults that it carries.
    #[must_use]
    pub fn with_faults(code: Code, faults: Vec<Fault>) -> Self {
        let detail = match faults.as_slice() {
            [only] if only.pointer.is_empty() => only.detail.clone(),
            [only] => format!("{}: {}", only.pointer, only.detail),
            many => format!("{} faults were found; `errors` lists them.", many.len()),
        };
        Self {
            errors: faults.into_iter().map(Into::into).collect(),
            ..Self::new(code, detail)
        }
    }

    /// The caller's copy is stale; the answer carries the current tag.
    #[must_use]
    pub fn stale(current: &ETag) -> Self {
        let problem = Self::new(
            Code::VersionConflict,
            "The resource has changed since you read it; read it again and retry.",
        );
        match HeaderValue::from_str(current.as_str()) {
            Ok(value) => problem.with_header(header::ETAG, value),
            Err(_) => problem,
        }
    }

    /// Too many requests; try again after so many seconds.
    #[must_use]
    pub fn throttled(seconds: u64) -> Self {
        Self::new(
            Code::TooManyRequests,
            format!("Too many attempts; try again in {seconds} seconds."),
        )
        .with_header(header::RETRY_AFTER, HeaderValue::from(seconds))
    }

    /// Too many requests of any kind in a short time.
    #[must_use]
    pub fn too_many_requests(seconds: u64) -> Self {
        Self::new(
            Code::TooManyRequests,
            format!("Too many requests in a short time; go on in {seconds} seconds."),
        )
        .with_header(header::RETRY_AFTER, HeaderValue::from(seconds))
    }

    /// Our fault: the cause is logged once and kept from the client.
    pub fn internal(cause: impl Display) -> Self {
        tracing::error!(cause = %cause, "request failed");
        Self::new(
            Code::Internal,
            "Something went wrong on our side; the request id names it in our logs.",
        )
    }

    /// The body that goes out for a request.
    #[must_use]
    pub fn body(&self, instance: Option<String>, request_id: Option<String>) -> ProblemBody {
        ProblemBody {
            problem_type: format!("/problems/{}", self.code.as_str()),
            title: self.code.title(),
            status: self.code.status().as_u16(),
            detail: self.detail.clone(),
            instance,
            request_id,
            code: self.code,
            rule: self.rule,
            errors: self.errors.clone(),
            blocked_by: self.blocked_by.clone(),
        }
    }

    /// The answer for a request.
    #[must_use]
    pub fn response(
        &self,
        instance: Option<String>,
        request_id: Option<String>,
    ) -> HttpResponse<BoxBody> {
        let mut response = HttpResponse::build(self.code.status());
        response.insert_header((header::CONTENT_TYPE, "application/problem+json"));
        if self.code.status() == StatusCode::UNAUTHORIZED {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"baton\""));
        }
        if let Some((name, value)) = self.header.as_deref() {
            response.insert_header((name.clone(), value.clone()));
        }
        let body = self.body(instance, request_id);
        response.body(serde_json::to_string(&body).unwrap_or_default())
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        self.response(None, None)
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Hidden => Self::not_found(),
            Denied::Forbidden { rule, reason } => Self {
                rule: Some(rule),
                ..Self::new(Code::Forbidden, reason)
            },
        }
    }
}

impl From<TaskError> for Problem {
    fn from(err: TaskError) -> Self {
        let detail = sentence(&err);
        match err {
            TaskError::Denied(denied) => denied.into(),
            TaskError::NotFound => Self::not_found(),
            TaskError::NotExecutable { .. } => Self {
                rule: Some(Rule::X8),
                ..Self::new(Code::TaskNotExecutable, detail)
            },
            TaskError::NotCompleted { .. } => Self::new(Code::NotReopenable, detail),
            TaskError::NotUndoable(obstacles) => Self {
                blocked_by: obstacles.iter().map(ProblemBlock::from).collect(),
                ..Self::new(Code::NotReopenable, detail)
            },
            TaskError::ProcessNotRunning => Self::new(Code::ProcessNotRunning, detail),
            TaskError::ReworkLimit { .. } => Self::new(Code::ReworkLimit, detail),
            TaskError::NotSkippable(_) => Self::new(Code::NotSkippable, detail),
            TaskError::NotCancellable => Self::new(Code::NotCancellable, detail),
            TaskError::WaitsForChild => Self::new(Code::WaitsForProcess, detail),
            TaskError::DoneByItems => Self::new(Code::DoneByItems, detail),
            TaskError::NothingToRetry => Self::new(Code::NothingToRetry, detail),
            TaskError::ChildFailed => Self::new(Code::AwaitedProcessFailed, detail),
            TaskError::AlreadyOwned => Self::new(Code::AlreadyOwned, detail),
            TaskError::Submission(_) => Self::conflict(detail),
            TaskError::Invalid(faults) => Self::invalid(faults),
        }
    }
}

impl From<ProcessError> for Problem {
    fn from(err: ProcessError) -> Self {
        let detail = sentence(&err);
        match err {
            ProcessError::Denied(denied) => denied.into(),
            ProcessError::WrongStatus { .. } => Self::new(Code::ProcessNotRunning, detail),
            ProcessError::NotNewer { .. } => Self::conflict(detail),
            ProcessError::NotMigratable(reasons) => {
                Self::with_faults(Code::ProcessNotMigratable, reasons)
            }
            ProcessError::Invalid(faults) => Self::invalid(faults),
        }
    }
}

/// An error's text as a sentence.
fn sentence(err: &dyn std::fmt::Display) -> String {
    let text = err.to_string();
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), letters.as_str()),
        None => text,
    }
}

impl From<StoreError> for Problem {
    fn from(err: StoreError) -> Self {
        match err {
            StoreError::Conflict(rule) => Self::new(Code::Duplicate, taken(rule)),
            StoreError::Busy(_) => Self::new(
                Code::Unavailable,
                "Others were changing the same records; try again.",
            ),
            StoreError::NoFirm => Self::not_found(),
            // Handlers look first, so that this is left for what others did in the same moment.
            StoreError::Reference(cause) => {
                tracing::warn!(%cause, "a reference was gone, or came, in between");
                Self::conflict(
                    "Something that this refers to is gone, or something refers to it now.",
                )
            }
            StoreError::Corrupt { .. }
            | StoreError::Encoding(_)
            | StoreError::Untold
            | StoreError::Setup(_)
            | StoreError::Database(_) => Self::internal(format_args!("{err:?}")),
        }
    }
}

const fn taken(rule: UniqueRule) -> &'static str {
    match rule {
        UniqueRule::FirmSlug => "Another firm has this slug.",
        UniqueRule::UserEmail => "Another user of the firm has this e-mail address.",
        UniqueRule::TeamName => "Another team of the firm has this name.",
        UniqueRule::RoleKey => "Another role of the firm has this key.",
        UniqueRule::Relation => "The two entities are linked in this way already.",
        UniqueRule::Membership => "This person holds this role on this entity already.",
        UniqueRule::PrimaryMembership => "This role has a primary holder on this entity already.",
        UniqueRule::AttributeKey => "Another attribute of this kind of entity has this key.",
        UniqueRule::ProcessTypeKey => "Another process type of the firm has this key.",
        UniqueRule::Identity => "This identity is taken.",
    }
}

impl From<LastAdmin> for Problem {
    fn from(err: LastAdmin) -> Self {
        Self::conflict(err.to_string())
    }
}

impl From<HashingFailed> for Problem {
    fn from(err: HashingFailed) -> Self {
        Self::internal(err)
    }
}

impl From<KeyError> for Problem {
    fn from(err: KeyError) -> Self {
        Self::internal(err)
    }
}

impl From<Vec<Fault>> for Problem {
    fn from(faults: Vec<Fault>) -> Self {
        Self::invalid(faults)
    }
}
