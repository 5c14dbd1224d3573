//! The interface on a database, without a network.

use super::{life, SAMPLE_SECS};
use axum::{
    body::{to_bytes, Body},
    http::{Method, Request, StatusCode},
    Router,
};
use khala_indexer::{
    api::App,
    chain::Block,
    console,
    health::Health,
    model::Key,
    server,
    store::{Readers, Store},
};
use serde_json::Value;
use std::{sync::Arc, time::Duration};
use tempfile::TempDir;
use tower::ServiceExt;

pub struct Served {
    router: Router,
    pub health: Arc<Health>,
    pub folder: TempDir,
}

/// Of so many blocks of [`life`].
pub fn served_with(blocks: usize, deadline: Duration) -> Served {
    of_blocks(&life()[..blocks], deadline)
}

/// Of these blocks.
pub fn of_blocks(blocks: &[Block], deadline: Duration) -> Served {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sqlite");
    let mut store = Store::open(&path, SAMPLE_SECS).unwrap();
    store.bind(Key([1; 32])).unwrap();
    store.apply(blocks).unwrap();
    let readers = Readers::open(&path, 2, deadline).unwrap();
    let health = Arc::new(Health::new(SAMPLE_SECS));
    let app = App {
        readers: Arc::new(readers),
        health: health.clone(),
        public_node: Some("wss://rpc.example.org".into()),
    };
    Served {
        router: server::router(app, console::absent()),
        health,
        folder,
    }
}

/// Of [`life`].
pub fn served() -> Served {
    served_with(life().len(), Duration::from_secs(10))
}

impl Served {
    pub async fn ask(&self, method: Method, path: &str) -> (StatusCode, String, String) {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let kind = response
            .headers()
            .get("content-type")
            .map_or("", |kind| kind.to_str().unwrap())
            .to_owned();
        let body = to_bytes(response.into_body(), 1 << 24).await.unwrap();
        (status, kind, String::from_utf8(body.to_vec()).unwrap())
    }

    pub async fn get(&self, path: &str) -> Value {
        let (status, kind, body) = self.ask(Method::GET, &format!("/api/v1{path}")).await;
        assert_eq!((status, kind.as_str()), (StatusCode::OK, "application/json"), "{path}: {body}");
        serde_json::from_str(&body).unwrap()
    }

    /// The status and the problem's code.
    pub async fn refused(&self, method: Method, path: &str) -> (u16, String, Value) {
        let (status, kind, body) = self.ask(method, &format!("/api/v1{path}")).await;
        assert_eq!(kind, "application/problem+json", "{path}: {body}");
        let problem: Value = serde_json::from_str(&body).unwrap();
        for part in ["what", "why", "advice"] {
            assert!(!problem[part].as_str().unwrap().is_empty(), "{path}: {part}");
        }
        (status.as_u16(), problem["code"].as_str().unwrap().to_owned(), problem)
    }
}
