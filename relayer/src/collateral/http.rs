//! GET requests with a deadline and a limit. No redirect is followed: a source answers for itself.

use http_body_util::{BodyExt, Empty, Limited};
use hyper::{body::Bytes, header, HeaderMap, Request, StatusCode};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{connect::HttpConnector, Client},
    rt::TokioExecutor,
};
use rustls::{crypto::ring, ClientConfig, RootCertStore};
use std::{sync::Arc, time::Duration};

/// Longest wait for a whole answer.
const DEADLINE: Duration = Duration::from_secs(20);
/// Longest answer, in bytes: the chain takes no larger document.
const MAX_ANSWER: usize = 256 * 1024;

/// A client.
#[derive(Clone)]
pub(super) struct Http {
    client: Client<HttpsConnector<HttpConnector>, Empty<Bytes>>,
    deadline: Duration,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Http {
    /// A client. `secure`: with this machine's root certificates, for `https`.
    ///
    /// # Errors
    /// Why there are no such certificates.
    pub(super) fn new(secure: bool) -> Result<Self, String> {
        let builder = HttpsConnectorBuilder::new();
        let builder = if secure {
            builder
                .with_provider_and_native_roots(ring::default_provider())
                .map_err(|error| format!("this machine has no root certificates for https; install them (ca-certificates): {error}"))?
        } else {
            builder.with_tls_config(without_roots()?)
        };
        let connector = builder.https_or_http().enable_http1().build();
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            deadline: DEADLINE,
        })
    }

    /// Asks.
    ///
    /// # Errors
    /// Why no whole answer came.
    pub(super) async fn get(&self, url: &str) -> Result<Answer, String> {
        let answer = tokio::time::timeout(self.deadline, self.ask(url)).await;
        answer.unwrap_or_else(|_| Err(format!("no whole answer within {} s", self.deadline.as_secs())))
    }

    async fn ask(&self, url: &str) -> Result<Answer, String> {
        let request = Request::get(url)
            .header(header::USER_AGENT, concat!("khala-relayer/", env!("CARGO_PKG_VERSION")))
            .body(Empty::new())
            .map_err(|error| format!("the address {url:?} cannot be used: {error}"))?;
        let response = self.client.request(request).await.map_err(|error| innermost(&error))?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, MAX_ANSWER).collect().await;
        let body = body.map_err(|error| format!("its answer could not be read to its end: {}", innermost(error.as_ref())))?;
        Ok(Answer {
            status: head.status,
            headers: head.headers,
            body: body.to_bytes(),
        })
    }
}

/// For clients that speak no `https`.
fn without_roots() -> Result<ClientConfig, String> {
    let versions = ClientConfig::builder_with_provider(Arc::new(ring::default_provider())).with_safe_default_protocol_versions();
    let builder = versions.map_err(|error| error.to_string())?;
    Ok(builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
}

/// What the operating system said, below all wrappers.
fn innermost(mut error: &(dyn std::error::Error + 'static)) -> String {
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    /// The address of a server that answers every connection with these bytes, and then waits.
    async fn serve(answer: Vec<u8>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let mut open = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(&answer).await;
                open.push(stream);
            }
        });
        url
    }

    fn answer(body: usize) -> Vec<u8> {
        let head = format!("HTTP/1.1 200 OK\r\nX-Mark: a\r\nContent-Length: {body}\r\n\r\n");
        [head.into_bytes(), vec![b'x'; body]].concat()
    }

    #[tokio::test]
    async fn an_answer_comes_with_its_headers_up_to_the_limit() {
        let http = Http::new(false).unwrap();
        for (length, is_taken) in [(MAX_ANSWER - 1, true), (MAX_ANSWER, true), (MAX_ANSWER + 1, false)] {
            let got = http.get(&serve(answer(length)).await).await;
            assert_eq!(got.is_ok(), is_taken, "{length}");
            match got {
                Ok(answer) => assert_eq!((answer.headers["x-mark"].as_bytes(), answer.body.len()), (&b"a"[..], length)),
                Err(error) => assert!(error.contains("limit"), "{error}"),
            }
        }
    }

    #[tokio::test]
    async fn a_redirect_is_an_answer_like_any_other() {
        let url = serve(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".to_vec()).await;
        assert_eq!(Http::new(false).unwrap().get(&url).await.unwrap().status, StatusCode::FOUND);
    }

    #[tokio::test]
    async fn an_answer_that_never_ends_ends_at_the_deadline() {
        let url = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab".to_vec()).await;
        let http = Http {
            deadline: Duration::ZERO,
            ..Http::new(false).unwrap()
        };
        assert_eq!(http.get(&url).await.unwrap_err(), "no whole answer within 0 s");
    }

    #[tokio::test]
    async fn nobody_there_and_no_address_are_told_apart() {
        let http = Http::new(false).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let error = http.get(&format!("http://127.0.0.1:{port}/")).await.unwrap_err();
        assert!(error.contains("refused"), "{error}");
        assert!(http.get("http://a b/").await.unwrap_err().contains("cannot be used"));
    }

    #[tokio::test]
    async fn a_server_without_tls_is_no_https_server() {
        let url = serve(answer(1)).await.replace("http://", "https://");
        assert!(Http::new(false).unwrap().get(&url).await.is_err());
    }
}
