//! A client that costs little beside the server that it measures: one connection, kept alive.

use std::{net::SocketAddr, sync::Arc};

use http_body_util::{BodyExt as _, Full};
use hyper::{
    Method, Request,
    body::Bytes,
    client::conn::http1::{SendRequest, handshake},
    header,
};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use crate::Failure;

/// A request, with the status that its answer has to have.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    method: Method,
    path: String,
    body: Option<Bytes>,
    token: Option<Arc<str>>,
    expected: u16,
    tagged: bool,
}

impl Ask {
    /// Reads.
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            path: path.into(),
            body: None,
            token: None,
            expected: 200,
            tagged: false,
        }
    }

    /// Posts JSON.
    pub(crate) fn post(path: impl Into<String>, body: &Value, expected: u16) -> Self {
        Self {
            method: Method::POST,
            body: Some(body.to_string().into()),
            expected,
            ..Self::get(path)
        }
    }

    /// By whoever has this token.
    pub(crate) fn by(mut self, token: &Arc<str>) -> Self {
        self.token = Some(Arc::clone(token));
        self
    }

    /// Whatever the version.
    pub(crate) const fn any_version(mut self) -> Self {
        self.tagged = true;
        self
    }

    fn build(&self) -> Result<Request<Full<Bytes>>, Failure> {
        let mut request = Request::builder()
            .method(&self.method)
            .uri(&self.path)
            .header(header::HOST, "127.0.0.1");
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if self.tagged {
            request = request.header(header::IF_MATCH, "*");
        }
        if self.body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        Ok(request.body(Full::new(self.body.clone().unwrap_or_default()))?)
    }
}

/// A connection to the server.
#[derive(Debug)]
pub(crate) struct Connection(SendRequest<Full<Bytes>>);

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // It ends when the sender is dropped; a failure shows in the answer that does not come.
        drop(tokio::spawn(connection));
        Ok(Self(sender))
    }

    /// Sends a request and reads the whole answer; an answer of another status is a failure.
    pub(crate) async fn send(&mut self, ask: &Ask) -> Result<Bytes, Failure> {
        self.0.ready().await?;
        let answer = self.0.send_request(ask.build()?).await?;
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await?.to_bytes();
        if status == ask.expected {
            return Ok(body);
        }
        let text = String::from_utf8_lossy(&body);
        Err(format!("{} {}: {status} {text}", ask.method, ask.path).into())
    }

    /// The same, read as JSON.
    pub(crate) async fn json(&mut self, ask: &Ask) -> Result<Value, Failure> {
        Ok(serde_json::from_slice(&self.send(ask).await?)?)
    }
}
