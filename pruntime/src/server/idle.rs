//! A connection that ends by itself when no byte moves on it for too long.

use std::{
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{sleep, Instant, Sleep},
};

/// A stream whose reads and writes fail with `TimedOut` when neither has moved a byte for the limit.
///
/// It keeps `G` as long as it lives, also when the connection has become a WebSocket and left its HTTP server behind.
pub(super) struct IdleLimit<S, G> {
    stream: S,
    limit: Duration,
    sleep: Pin<Box<Sleep>>,
    _kept: G,
}

impl<S, G> IdleLimit<S, G> {
    pub(super) fn new(stream: S, limit: Duration, kept: G) -> Self {
        Self {
            stream,
            limit,
            sleep: Box::pin(sleep(limit)),
            _kept: kept,
        }
    }

    /// Passes on what is ready and starts the limit anew; looks at the limit when nothing is.
    fn watch<T>(&mut self, cx: &mut Context<'_>, poll: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if poll.is_ready() {
            if let Some(end) = Instant::now().checked_add(self.limit) {
                self.sleep.as_mut().reset(end);
            }
            return poll;
        }
        self.sleep.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin, G: Unpin> AsyncRead for IdleLimit<S, G> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let poll = Pin::new(&mut self.stream).poll_read(cx, buffer);
        self.watch(cx, poll)
    }
}

impl<S: AsyncWrite + Unpin, G: Unpin> AsyncWrite for IdleLimit<S, G> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watch(cx, poll)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{duplex, AsyncReadExt, AsyncWriteExt};

    #[tokio::test]
    async fn a_peer_that_says_nothing_is_given_up() {
        let (ours, _theirs) = duplex(8);
        let error = IdleLimit::new(ours, Duration::from_millis(20), ()).read_u8().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn a_peer_that_takes_nothing_is_given_up() {
        let (ours, _theirs) = duplex(8);
        let error = IdleLimit::new(ours, Duration::from_millis(20), ())
            .write_all(&[0; 9])
            .await
            .unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn bytes_that_are_there_are_passed_on() {
        let (ours, mut theirs) = duplex(8);
        theirs.write_u8(7).await.unwrap();
        assert_eq!(IdleLimit::new(ours, Duration::from_secs(3600), ()).read_u8().await.unwrap(), 7);
    }
}
