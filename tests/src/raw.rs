//! Requests as no client would send them.

use anyhow::Context;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// How long a server may take to answer or to hang up.
const LIMIT: Duration = Duration::from_secs(30);

/// Posts a body and returns the whole answer, with its head; empty when the server hung up without one.
pub async fn post(address: &str, body: &[u8]) -> anyhow::Result<String> {
    let head = format!(
        "POST / HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    exchange(address, &[head.as_bytes(), body].concat(), false).await
}

/// Sends bytes, says that there are no more, and returns everything that comes back until the server hangs up.
pub async fn send(address: &str, bytes: &[u8]) -> anyhow::Result<String> {
    exchange(address, bytes, true).await
}

/// `close`: a server that waits for more of a request waits in vain. Whole requests must not be closed: some servers take that
/// for a client that does not want the answer any more.
async fn exchange(address: &str, bytes: &[u8], close: bool) -> anyhow::Result<String> {
    let exchange = async {
        let mut stream = TcpStream::connect(address)
            .await
            .with_context(|| format!("{address} does not take connections"))?;
        // A server that has seen enough may hang up before it has read everything.
        let _ = stream.write_all(bytes).await;
        if close {
            let _ = stream.shutdown().await;
        }
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    };
    tokio::time::timeout(LIMIT, exchange)
        .await
        .with_context(|| format!("{address} neither answered nor hung up"))?
}
