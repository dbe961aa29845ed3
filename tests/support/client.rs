//! Somebody who talks to the server over TCP.

use std::net::SocketAddr;

use domain::ids::UserId;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use crate::{contract, reply::Reply};

/// A client with its token and the headers that it sends. Every answer is held against the OpenAPI document.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    address: SocketAddr,
    token: Option<String>,
    user: Option<UserId>,
    headers: Vec<(String, String)>,
}

impl Client {
    /// The same client, talking to another server.
    #[must_use]
    pub fn at(&self, address: SocketAddr) -> Self {
        Self {
            address,
            ..self.clone()
        }
    }

    pub(crate) fn new(http: &reqwest::Client, address: SocketAddr) -> Self {
        Self {
            http: http.clone(),
            address,
            token: None,
            user: None,
            headers: Vec::new(),
        }
    }

    pub(crate) fn signed_in(&self, user: UserId, token: String) -> Self {
        self.with_token(token).of_user(user)
    }

    pub(crate) fn of_user(mut self, user: UserId) -> Self {
        self.user = Some(user);
        self
    }

    /// The same client with another token.
    #[must_use]
    pub fn with_token(&self, token: impl Into<String>) -> Self {
        Self {
            token: Some(token.into()),
            ..self.clone()
        }
    }

    /// The token that it sends.
    #[must_use]
    pub fn token(&self) -> &str {
        self.token.as_deref().expect("somebody who has signed in")
    }

    /// Who it is.
    #[must_use]
    pub fn id(&self) -> UserId {
        self.user.expect("somebody who has signed in")
    }

    /// The same client with one more header.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.push((name.to_owned(), value.to_owned()));
        client
    }

    /// The same client, changing only this version.
    #[must_use]
    pub fn if_match(&self, etag: &str) -> Self {
        self.with("if-match", etag)
    }

    /// The same client, repeating itself under this key.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.with("idempotency-key", key)
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path)).await
    }

    /// Posts JSON.
    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(self.request(Method::POST, path).json(&body))
            .await
    }

    /// Posts nothing.
    pub async fn post_empty(&self, path: &str) -> Reply {
        self.send(self.request(Method::POST, path)).await
    }

    /// Puts JSON.
    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.send(self.request(Method::PUT, path).json(&body)).await
    }

    /// Patches with JSON.
    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.send(self.request(Method::PATCH, path).json(&body))
            .await
    }

    /// Deletes.
    pub async fn delete(&self, path: &str) -> Reply {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// A request to be completed by hand.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("http://{}{path}", self.address);
        let mut request = self.http.request(method, url);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request
    }

    /// Sends a request, reads the answer and holds it against the document.
    pub async fn send(&self, request: RequestBuilder) -> Reply {
        let request = request.build().expect("a request");
        let method = request.method().clone();
        let path = request.url().path().to_owned();
        let response = self.http.execute(request).await.expect("an answer");
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let bytes = response.bytes().await.expect("a whole answer");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let reply = Reply {
            asked: format!("{method} {path}"),
            status,
            headers,
            body: serde_json::from_str(&text).unwrap_or(Value::Null),
            text,
        };
        contract::check(&method, &path, &reply);
        reply
    }
}
