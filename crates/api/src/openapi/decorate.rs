//! What every operation has in common, so that handlers only say what is their own.

use std::collections::BTreeSet;

use domain::access::operations::{self as access, Audience};
use utoipa::openapi::{
    Components, Content, HeaderBuilder, Object, OpenApi, Ref, RefOr, Required, ResponseBuilder,
    extensions::ExtensionsBuilder,
    path::{HttpMethod, Operation, Parameter, ParameterBuilder, ParameterIn, PathItem},
    response::Response,
    schema::{ArrayItems, KnownFormat, Schema, SchemaFormat, Type},
    security::SecurityRequirement,
};

use super::tags;
use crate::http::{code::Code, etag::if_none_match, rate::is_counted};

/// The security scheme of everything under `/v1`.
pub(super) const BEARER: &str = "bearer";

/// Operations that take credentials in their body; attempts are limited.
const TAKE_CREDENTIALS: [&str; 3] = ["createSession", "refreshSession", "setUserPassword"];

/// Completes every operation and gives every refusal its response.
pub(super) fn decorate(document: &mut OpenApi) {
    let versioned = schemas_with_version(document);
    let undemanding = schemas_that_demand_nothing(document);
    let mut statuses = BTreeSet::new();
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            complete(path, &method, operation, &versioned);
            body_may_be_left_out(operation, &undemanding);
            statuses.extend(operation.responses.responses.keys().cloned());
        }
    }
    let components = document.components.get_or_insert_default();
    pages_refer_to_items(components);
    for status in refusals() {
        if statuses.contains(&status.to_string()) {
            components
                .responses
                .insert(response_name(status), problem_response(status).into());
        }
    }
    share_headers(document);
}

/// What is described once and used; a description that nothing uses is a fault for linters.
fn share_headers(document: &mut OpenApi) {
    let used: BTreeSet<String> = document
        .paths
        .paths
        .values_mut()
        .flat_map(operations)
        .flat_map(|(_, operation)| operation.responses.responses.values())
        .filter_map(|response| match response {
            RefOr::T(response) => Some(response.headers.keys().cloned()),
            RefOr::Ref(_) => None,
        })
        .flatten()
        .collect();
    let components = document.components.get_or_insert_default();
    let in_problems = components.responses.contains_key(&response_name(412));
    for (name, description) in SHARED_HEADERS {
        if used.contains(name) || (name == "ETag" && in_problems) {
            let header = text_header(description);
            components.headers.insert(name.to_owned(), header);
        }
    }
}

/// A page's schema repeats that of its items; a reference lets clients have one type for both.
fn pages_refer_to_items(components: &mut Components) {
    let known: BTreeSet<String> = components.schemas.keys().cloned().collect();
    for (name, schema) in &mut components.schemas {
        let Some(item) = name.strip_prefix("PageView_") else {
            continue;
        };
        if let RefOr::T(Schema::Object(page)) = schema
            && let Some(RefOr::T(Schema::Array(data))) = page.properties.get_mut("data")
            && known.contains(item)
        {
            data.items = ArrayItems::RefOrSchema(Box::new(Ref::from_schema_name(item).into()));
        }
    }
}

pub(super) fn operations(
    item: &mut PathItem,
) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    [
        (HttpMethod::Get, &mut item.get),
        (HttpMethod::Put, &mut item.put),
        (HttpMethod::Post, &mut item.post),
        (HttpMethod::Delete, &mut item.delete),
        (HttpMethod::Patch, &mut item.patch),
    ]
    .into_iter()
    .filter_map(|(method, operation)| operation.as_mut().map(|operation| (method, operation)))
}

fn complete(
    path: &str,
    method: &HttpMethod,
    operation: &mut Operation,
    versioned: &BTreeSet<String>,
) {
    let id = camel_case(operation.operation_id.as_deref().unwrap_or_default());
    let counted = is_counted(path);
    let public = match access::Operation::find(&id) {
        Some(row) => row.audience == Audience::Anyone,
        None => !path.starts_with("/v1/"),
    };
    operation.tags = Some(vec![tags::of_path(path).to_owned()]);
    operation.security = Some(if public {
        Vec::new()
    } else {
        vec![SecurityRequirement::new::<_, [&str; 0], &str>(BEARER, [])]
    });
    permission(operation, &id);
    let keyed = *method == HttpMethod::Post && !public && !TAKE_CREDENTIALS.contains(&id.as_str());
    if keyed {
        let parameters = operation.parameters.get_or_insert_default();
        parameters.push(idempotency_key().into());
    }
    let mut statuses = applying(method, operation, public, keyed, &id);
    if counted {
        statuses.insert(429);
    }
    for status in statuses {
        operation
            .responses
            .responses
            .entry(status.to_string())
            .or_insert_with(|| Ref::from_response_name(response_name(status)).into());
    }
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response {
            if !status.starts_with('2') && response.content.is_empty() && status != "304" {
                response.content.extend(problem_content());
            }
            headers(status, response, versioned, counted);
        }
    }
    if *method == HttpMethod::Get && tagged(operation) {
        conditional(operation, counted);
    }
    if keyed {
        replayed(operation);
    }
    operation.operation_id = Some(id);
}

/// `complete_task` → `completeTask`.
fn camel_case(snake: &str) -> String {
    let mut parts = snake.split('_');
    let mut camel = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut letters = part.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    camel
}

/// Which refusals can meet a request, judged by what it is made of.
fn applying(
    method: &HttpMethod,
    operation: &Operation,
    public: bool,
    keyed: bool,
    id: &str,
) -> BTreeSet<u16> {
    let mut statuses = BTreeSet::from([400, 500]);
    let parameters = || operation.parameters.iter().flatten();
    let within = |place: ParameterIn| {
        parameters().any(
            |parameter| matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == place),
        )
    };
    if within(ParameterIn::Path) {
        statuses.insert(404);
    }
    if !public {
        statuses.extend([401, 403]);
    }
    if TAKE_CREDENTIALS.contains(&id) {
        statuses.insert(401);
    }
    if operation.request_body.is_some() {
        statuses.extend([408, 413, 415, 422]);
    }
    if *method != HttpMethod::Get && !public {
        statuses.extend([409, 503]);
        if keyed {
            statuses.insert(422);
        }
    }
    let if_match = parameters().find_map(|parameter| match parameter {
        RefOr::T(parameter) if parameter.name == "If-Match" => Some(parameter),
        RefOr::T(_) | RefOr::Ref(_) => None,
    });
    if let Some(parameter) = if_match {
        statuses.insert(412);
        if parameter.required == Required::True {
            statuses.insert(428);
        }
    }
    statuses
}

/// Who may call it, from the table of permissions.
fn permission(operation: &mut Operation, id: &str) {
    if let Some(row) = access::Operation::find(id) {
        let extension = ExtensionsBuilder::new()
            .add("x-required-permission", row.required_permission())
            .build();
        operation
            .extensions
            .get_or_insert_default()
            .merge(extension);
    }
}

fn idempotency_key() -> Parameter {
    let schema = Object::builder()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(255))
        .pattern(Some("^[!-~]+$"));
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "Makes it safe to send the request again: for 24 hours the same key gets the same answer.",
        ))
        .schema(Some(schema))
        .build()
}

/// Headers that many answers carry, described once.
const SHARED_HEADERS: [(&str, &str); 6] = [
    (
        "X-Request-Id",
        "Names the request in logs and in the audit trail.",
    ),
    (
        "ETag",
        "The version of the resource, for `If-Match` and `If-None-Match`.",
    ),
    ("Location", "Where what was made, or is under way, stands."),
    ("Link", "The next page, as `rel=\"next\"`."),
    (
        "RateLimit",
        "How many requests are left, and over how many seconds to spread them, as in `\"user\";r=5990;t=60`.",
    ),
    (
        "RateLimit-Policy",
        "How many requests are allowed in how many seconds, as in `\"user\";q=6000;w=60`.",
    ),
];

/// What is told of one's requests.
const RATES: [&str; 2] = ["RateLimit", "RateLimit-Policy"];

fn shared_header(name: &str) -> RefOr<utoipa::openapi::Header> {
    RefOr::Ref(Ref::new(format!("#/components/headers/{name}")))
}

fn text_header(description: &str) -> RefOr<utoipa::openapi::Header> {
    HeaderBuilder::new()
        .schema(Some(Object::with_type(Type::String)))
        .description(Some(description))
        .build()
        .into()
}

fn headers(status: &str, response: &mut Response, versioned: &BTreeSet<String>, counted: bool) {
    let schema = response.content.values().find_map(|content| match content {
        RefOr::T(Content {
            schema: Some(RefOr::Ref(schema)),
            ..
        }) => schema.ref_location.rsplit('/').next().map(str::to_owned),
        RefOr::T(_) | RefOr::Ref(_) => None,
    });
    let mut names = vec!["X-Request-Id"];
    if counted {
        names.extend(RATES);
    }
    if matches!(status, "201" | "202") {
        names.push("Location");
    }
    if let Some(schema) = schema.filter(|_| status.starts_with('2')) {
        if versioned.contains(&schema) {
            names.push("ETag");
        }
        if schema.starts_with("PageView_") {
            names.push("Link");
        }
    }
    for name in names {
        response
            .headers
            .entry(name.to_owned())
            .or_insert_with(|| shared_header(name));
    }
}

/// Whether a read answers with a tag.
fn tagged(operation: &Operation) -> bool {
    matches!(
        operation.responses.responses.get("200"),
        Some(RefOr::T(response)) if response.headers.contains_key("ETag")
    )
}

/// A read that answers with a tag is left out for whoever holds the current version.
fn conditional(operation: &mut Operation, counted: bool) {
    let parameters = operation.parameters.get_or_insert_default();
    parameters.push(if_none_match().into());
    let mut unchanged = ResponseBuilder::new()
        .description("The version in `If-None-Match` is the current one.")
        .build();
    let rates = RATES.into_iter().filter(|_| counted);
    for name in ["ETag", "X-Request-Id"].into_iter().chain(rates) {
        let header = shared_header(name);
        unchanged.headers.insert(name.to_owned(), header);
    }
    let responses = &mut operation.responses.responses;
    responses.insert("304".to_owned(), unchanged.into());
}

/// Answers to a keyed request may be stored ones.
fn replayed(operation: &mut Operation) {
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && status.starts_with('2')
        {
            let header = text_header("`true` when it is the stored answer of an earlier request.");
            response
                .headers
                .entry("Idempotency-Replayed".to_owned())
                .or_insert(header);
        }
    }
}

/// The schemas of views with a version of their own.
fn schemas_with_version(document: &OpenApi) -> BTreeSet<String> {
    document
        .components
        .iter()
        .flat_map(|components| &components.schemas)
        .filter(|(_, schema)| {
            matches!(schema, RefOr::T(Schema::Object(object)) if object.properties.contains_key("version"))
        })
        .map(|(name, _)| name.clone())
        .collect()
}

fn schemas_that_demand_nothing(document: &OpenApi) -> BTreeSet<String> {
    document
        .components
        .iter()
        .flat_map(|components| &components.schemas)
        .filter(|(_, schema)| {
            matches!(schema, RefOr::T(Schema::Object(object))
                if object.required.is_empty() && object.min_properties.is_none())
        })
        .map(|(name, _)| name.clone())
        .collect()
}

/// Where all members of a body may be left out, so may the body: none is read as `{}`.
fn body_may_be_left_out(operation: &mut Operation, undemanding: &BTreeSet<String>) {
    let Some(RefOr::T(body)) = &mut operation.request_body else {
        return;
    };
    if let Some(RefOr::T(content)) = body.content.get("application/json")
        && let Some(RefOr::Ref(to)) = &content.schema
        && let Some((_, name)) = to.ref_location.rsplit_once('/')
        && undemanding.contains(name)
    {
        body.required = Some(Required::False);
    }
}

fn refusals() -> BTreeSet<u16> {
    Code::ALL
        .iter()
        .map(|code| code.status().as_u16())
        .collect()
}

fn response_name(status: u16) -> String {
    format!("Problem{status}")
}

fn problem_content() -> [(String, RefOr<Content>); 1] {
    let content = Content::new(Some(Ref::from_schema_name("Problem")));
    [("application/problem+json".to_owned(), content.into())]
}

/// The shared response of a status: its codes, and the headers that go with it.
fn problem_response(status: u16) -> Response {
    let codes: Vec<String> = Code::ALL
        .iter()
        .filter(|code| code.status().as_u16() == status)
        .map(|code| format!("`{}`", code.as_str()))
        .collect();
    let title = Code::ALL
        .iter()
        .find(|code| code.status().as_u16() == status)
        .map_or("Problem", |code| code.title());
    let mut response = ResponseBuilder::new()
        .description(format!("{title}: {}.", codes.join(", ")))
        .build();
    response.content.extend(problem_content());
    let mut add = |name: &str, header| {
        response.headers.insert(name.to_owned(), header);
    };
    for name in ["X-Request-Id"].into_iter().chain(RATES) {
        add(name, shared_header(name));
    }
    match status {
        401 => add("WWW-Authenticate", text_header("`Bearer`.")),
        412 => add("ETag", shared_header("ETag")),
        429 => {
            let seconds = Object::builder()
                .schema_type(Type::Integer)
                .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)));
            let header = HeaderBuilder::new()
                .schema(Some(seconds))
                .description(Some("Seconds to wait."))
                .build();
            add("Retry-After", header.into());
        }
        _ => {}
    }
    response
}
