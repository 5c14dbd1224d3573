//! What is served.
//!
//! | path | what |
//! |---|---|
//! | `/api/v1/...` | the interface; see [`crate::api`] |
//! | `/healthz` | 200 while the process works; says what is wrong if something is |
//! | `/readyz` | 200 while answers are up to date, else 503 with the reason |
//! | `/metrics` | Prometheus metrics |
//! | `/version` | the version |
//! | all others | the console's files |

use crate::{
    api::{self, App, Problem},
    metrics::{self, Requests},
    model::FollowState,
};
use axum::{
    extract::{MatchedPath, Request, State},
    http::{header, HeaderValue, StatusCode},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
    Router,
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::Semaphore;
use tower_http::compression::CompressionLayer;

/// Requests of the interface that are answered at once; more are told to come again.
const AT_ONCE: usize = 256;
/// How long an answer may take in all.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Clone)]
struct Gate {
    permits: Arc<Semaphore>,
    requests: Requests,
}

/// Everything that is served.
pub fn router(app: App, console: Router) -> Router {
    let gate = Gate {
        permits: Arc::new(Semaphore::new(AT_ONCE)),
        requests: Requests::default(),
    };
    let requests = gate.requests.clone();
    let interface = api::router()
        .with_state(app.clone())
        .layer(middleware::from_fn_with_state(gate, guard));
    Router::new()
        .nest(api::ROOT, interface)
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/version", get(|| async { concat!(env!("CARGO_PKG_VERSION"), "\n") }))
        .route(
            "/metrics",
            get(move |State(app): State<App>| async move { scrape(&app, &requests) }),
        )
        .with_state(app)
        .fallback_service(console)
        .layer(CompressionLayer::new())
}

/// Lets so many requests in, gives each its time, and counts them.
async fn guard(State(gate): State<Gate>, path: Option<MatchedPath>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let path = path.map_or_else(|| "other".to_owned(), |path| path.as_str().trim_start_matches(api::ROOT).to_owned());
    let mut response = match gate.permits.try_acquire() {
        Err(_) => Problem::busy().into_response(),
        Ok(_permit) => match tokio::time::timeout(PATIENCE, next.run(request)).await {
            Ok(response) => response,
            Err(_) => Problem::too_slow(PATIENCE.as_millis()).into_response(),
        },
    };
    let headers = response.headers_mut();
    // Everything here is public: pages of other origins may read it.
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    gate.requests.answered(&path, response.status().as_u16(), started.elapsed());
    response
}

/// 200 as long as a restart would not help.
async fn healthz(State(app): State<App>) -> Response {
    let status = app.health.status();
    let code = match status.state {
        FollowState::Stopped => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::OK,
    };
    (code, format!("{}\n", status.error.as_deref().unwrap_or("ok"))).into_response()
}

async fn readyz(State(app): State<App>) -> Response {
    let status = app.health.status();
    if status.healthy {
        return "ok\n".into_response();
    }
    let why = status.error.unwrap_or_else(|| {
        let indexed = status
            .indexed_block
            .map_or_else(|| "no block".into(), |block| format!("block {block}"));
        format!(
            "{indexed} is indexed, {} s old; finalised is block {}",
            status.lag_ms.unwrap_or_default() / 1000,
            status.chain.finalized_block.unwrap_or_default()
        )
    });
    (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")).into_response()
}

fn scrape(app: &App, requests: &Requests) -> Response {
    match metrics::render(&app.health, requests) {
        Ok(text) => (
            [(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")],
            text,
        )
            .into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
