//! A time limit for each HTTP request, from reading its body to its answer.

use jsonrpsee::{
    core::BoxError,
    server::{HttpBody, HttpResponse},
};
use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::timeout;
use tower::Service;

const REQUEST_TIMEOUT: u16 = 408;

/// A service whose requests end with status 408 when they take too long.
#[derive(Clone)]
pub(super) struct Deadline<S> {
    service: S,
    limit: Duration,
}

impl<S> Deadline<S> {
    pub(super) fn new(service: S, limit: Duration) -> Self {
        Self { service, limit }
    }
}

impl<S, R> Service<R> for Deadline<S>
where
    S: Service<R, Response = HttpResponse, Error = BoxError>,
    S::Future: Send + 'static,
{
    type Response = HttpResponse;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.service.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let (answer, limit) = (self.service.call(request), self.limit);
        Box::pin(async move {
            match timeout(limit, answer).await {
                Ok(answer) => answer,
                Err(_) => Ok(HttpResponse::builder().status(REQUEST_TIMEOUT).body(HttpBody::from(format!(
                    "The request took more than {} s: send it faster, or ask for less.\n",
                    limit.as_secs()
                )))?),
            }
        })
    }
}
