//! What goes wrong: one shape for every error.

use axum::{
    http::{header, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

/// Kinds of problems.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Code {
    /// A parameter cannot be used.
    BadRequest,
    /// There is no such thing.
    NotFound,
    /// It is there, and not for this method.
    MethodNotAllowed,
    /// The answer took too long to find.
    TooSlow,
    /// Too many requests at once.
    Busy,
    /// Nothing is indexed yet.
    NotReady,
    /// The indexer's database does not answer.
    Internal,
}

/// A problem, for programs and for people.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// The kind.
    pub code: Code,
    /// What is wrong.
    pub what: String,
    /// Why.
    pub why: String,
    /// What to do.
    pub advice: String,
}

impl Problem {
    fn new(code: Code, what: impl Into<String>, why: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            code,
            what: what.into(),
            why: why.into(),
            advice: advice.into(),
        }
    }

    /// A parameter cannot be used.
    pub fn bad_request(why: impl Into<String>) -> Self {
        let advice = "see the parameters in /api/v1/openapi.json";
        Self::new(Code::BadRequest, "the request cannot be answered", why, advice)
    }

    /// There is no such thing.
    pub fn not_found(what: impl Into<String>) -> Self {
        let why = "the chain has not told of it up to the newest indexed block";
        let advice = "check its name; if it is new, look at /api/v1/status for how far the indexer is";
        Self::new(Code::NotFound, what, why, advice)
    }

    /// There is no pool, vault or worker of this name.
    pub fn no_such(noun: &str, name: impl std::fmt::Display) -> Self {
        Self::not_found(format!("there is no {noun} {name}"))
    }

    /// There is no such path.
    pub fn no_path(path: &str) -> Self {
        let advice = "see the paths in /api/v1/openapi.json";
        Self::new(
            Code::NotFound,
            format!("there is nothing at {path}"),
            "no path of the interface is like it",
            advice,
        )
    }

    /// The path has no such method.
    pub fn no_method(method: &str, path: &str) -> Self {
        let why = format!("{path} does not know {method}");
        Self::new(
            Code::MethodNotAllowed,
            "the method is not allowed",
            why,
            "use GET: this interface only reads",
        )
    }

    /// The answer took too long to find.
    pub fn too_slow(limit_ms: u128) -> Self {
        let why = format!("it took more than {limit_ms} ms to find");
        Self::new(
            Code::TooSlow,
            "there is no answer in time",
            why,
            "ask for less: a filter, a shorter time, a smaller offset",
        )
    }

    /// Too many requests at once.
    pub fn busy() -> Self {
        Self::new(
            Code::Busy,
            "the indexer is busy",
            "too many requests wait for it",
            "try again in a second",
        )
    }

    /// Nothing is indexed yet.
    pub fn not_ready() -> Self {
        let advice = "wait; /api/v1/status says what the indexer is doing";
        Self::new(Code::NotReady, "there is no answer yet", "the first blocks are not indexed", advice)
    }

    /// The database does not answer. The cause is for the log alone.
    pub fn internal(error: &dyn std::fmt::Display) -> Self {
        tracing::error!("a request failed: {error}");
        let advice = "try again; if it stays, the indexer's log says more";
        Self::new(
            Code::Internal,
            "the request failed",
            "the indexer's database did not answer",
            advice,
        )
    }

    fn status(&self) -> StatusCode {
        match self.code {
            Code::BadRequest => StatusCode::BAD_REQUEST,
            Code::NotFound => StatusCode::NOT_FOUND,
            Code::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Code::TooSlow | Code::Busy | Code::NotReady => StatusCode::SERVICE_UNAVAILABLE,
            Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status(), axum::Json(&self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if matches!(self.code, Code::TooSlow | Code::Busy | Code::NotReady) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if self.code == Code::MethodNotAllowed {
            headers.insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        }
        response
    }
}

/// How every request may fail.
#[derive(IntoResponses)]
#[allow(dead_code)]
pub enum Failures {
    /// A parameter cannot be used.
    #[response(status = 400, content_type = "application/problem+json")]
    BadRequest(Problem),
    /// There is no such thing.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// The indexer failed.
    #[response(status = 500, content_type = "application/problem+json")]
    Internal(Problem),
    /// No answer in time, too many requests, or nothing is indexed yet. `Retry-After` says when to try again.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
}
