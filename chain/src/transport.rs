//! JSON-RPC over HTTP, with limits on the time and the size of an answer.

use crate::endpoint::{Endpoint, EndpointError};
use alloy_json_rpc::{RequestPacket, ResponsePacket};
use alloy_transport::{TransportError, TransportErrorKind, TransportFut};
use reqwest::{Client, Response, header::CONTENT_TYPE, redirect::Policy};
use std::{
    error::Error,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use tower_service::Service;
use url::Url;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// For a whole answer: the slowest is the estimate of what a submission costs.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Most bytes of an answer: the largest is a bundle's calldata, in hexadecimal.
const MAX_BYTES: usize = 16 << 20;

/// A client of one node.
#[derive(Clone)]
pub struct Http {
    client: Client,
    url: Url,
}

impl Http {
    /// A client, before the first request.
    ///
    /// # Errors
    /// The system has no certificates to check a node's by.
    pub fn new(endpoint: &Endpoint) -> Result<Self, EndpointError> {
        let tls = |e: &dyn Error| EndpointError::Tls(innermost(e));
        let mut builder = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .redirect(Policy::none());
        if endpoint.is_local() {
            builder = builder.no_proxy();
        }
        if endpoint.url().scheme() == "http" {
            // No certificate is needed: a machine without any can ask its own node.
            builder = builder.tls_certs_only([]);
        }
        let provider = rustls::crypto::ring::default_provider();
        // There is only this one; an earlier call may have installed it.
        let _: Result<(), Arc<_>> = provider.install_default();
        let client = builder.build().map_err(|e| tls(&e))?;
        let url = endpoint.url().clone();
        Ok(Http { client, url })
    }

    async fn ask(self, request: RequestPacket) -> Result<ResponsePacket, TransportError> {
        let body = serde_json::to_vec(&request).map_err(TransportError::ser_err)?;
        let sent = self.client.post(self.url).body(body);
        let sent = sent.header(CONTENT_TYPE, "application/json").send().await;
        let response = sent.map_err(failed)?;
        let status = response.status();
        let body = read(response).await?;
        // Some nodes say with a status, too, what the JSON says.
        serde_json::from_slice(&body).map_err(|error| {
            if status.is_success() {
                TransportErrorKind::custom_str(&format!("an answer that is not JSON-RPC: {error}"))
            } else {
                TransportErrorKind::custom_str(&format!("HTTP status {status}"))
            }
        })
    }
}

async fn read(mut response: Response) -> Result<Vec<u8>, TransportError> {
    let mut body = vec![];
    while let Some(piece) = response.chunk().await.map_err(failed)? {
        if body.len().saturating_add(piece.len()) > MAX_BYTES {
            let what = format!("an answer of more than {MAX_BYTES} bytes");
            return Err(TransportErrorKind::custom_str(&what));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// An error of the network, without the URL.
fn failed(error: reqwest::Error) -> TransportError {
    let what = if error.is_timeout() {
        "no answer in time".into()
    } else if error.is_connect() {
        format!("cannot connect: {}", innermost(&error.without_url()))
    } else {
        innermost(&error.without_url())
    };
    TransportErrorKind::custom_str(&what)
}

/// The message of the error that an error comes from.
fn innermost(mut error: &dyn Error) -> String {
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

impl Service<RequestPacket> for Http {
    type Response = ResponsePacket;
    type Error = TransportError;
    type Future = TransportFut<'static>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: RequestPacket) -> Self::Future {
        Box::pin(self.clone().ask(request))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::Node;
    use std::{
        io::{Read, Write},
        net::TcpListener,
        thread,
    };

    /// The error on this answer of a node.
    fn error_of(status: &str, body: &str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/5ec2e7", listener.local_addr().unwrap());
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nLocation: /5ec2e7\r\n\r\n{body}"
        );
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]);
            // The client may have gone away by now.
            let _ = stream.write_all(answer.as_bytes());
        });
        let endpoint = Endpoint::parse(&url, false).unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let connected = runtime.block_on(Node::connect(&endpoint, None));
        server.join().unwrap();
        let words = connected.err().unwrap().to_string();
        assert!(
            words.starts_with("the node at http://127.0.0.1:"),
            "{words}"
        );
        assert!(!words.contains("5ec2e7"), "{words}");
        words
    }

    #[test]
    fn answers_that_are_none_are_told_apart() {
        let result = |value: &str| format!("{{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{value}}}");
        let error =
            "{\"jsonrpc\":\"2.0\",\"id\":0,\"error\":{\"code\":-1,\"message\":\"\\u001b[2Jno\"}}";
        for (status, body, want) in [
            ("200 OK", "", "not JSON-RPC"),
            ("200 OK", "[]", "batch"),
            ("200 OK", "<html>", "not JSON-RPC"),
            ("302 Found", "", "HTTP status 302"),
            ("401 Unauthorized", "<html>", "HTTP status 401"),
            ("200 OK", &result("null"), "not understood"),
            ("200 OK", &result("\"0xzz\""), "not understood"),
            (
                "200 OK",
                &result("\"0x1ffffffffffffffff\""),
                "not understood",
            ),
            ("200 OK", error, "it says: \\u{1b}[2Jno"),
            ("500 Internal Server Error", error, "it says: \\u{1b}[2Jno"),
        ] {
            let words = error_of(status, body);
            assert!(words.contains(want), "{body}: {words}");
        }
    }

    #[test]
    fn an_answer_has_a_largest_size() {
        let words = error_of("200 OK", &" ".repeat(MAX_BYTES + 1));
        assert!(words.contains("more than 16777216 bytes"), "{words}");
    }
}
