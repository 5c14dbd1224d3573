//! What the site sees: one HTTP server for metrics, health and JSON-RPC.
//!
//! | request | answer |
//! |---|---|
//! | `GET /metrics` | Prometheus metrics |
//! | `GET /healthz` | 200 as long as the process works |
//! | `GET /readyz` | 200 when a node is connected and blocks arrive, else 503 with the reason |
//! | `GET /health` | JSON: what somebody should look at: node, collateral, lost keys; 200 when nothing, else 503 |
//! | `POST /` | JSON-RPC 2.0: `relayer_workers()`, `relayer_explain(name or key)`, `relayer_collateral()` |

use crate::{metrics, shell::Shell};
use axum::{
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{header, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
    Router,
};
use serde::Deserialize;
use serde_json::{json, value::RawValue, Value};
use std::{future::Future, sync::Arc};
use tokio::net::TcpListener;

/// Longest JSON-RPC request, in bytes.
const MAX_REQUEST: usize = 64 * 1024;

/// Serves until `stop` is over.
pub async fn serve(listener: TcpListener, shell: Arc<Shell>, stop: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
    axum::serve(listener, router(shell)).with_graceful_shutdown(stop).await
}

fn router(shell: Arc<Shell>) -> Router {
    Router::new()
        .route("/metrics", get(scrape))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/health", get(health))
        .route("/", post(call))
        .layer(DefaultBodyLimit::max(MAX_REQUEST))
        .with_state(shell)
}

async fn scrape(State(shell): State<Arc<Shell>>) -> Response {
    match metrics::render(&shell) {
        Ok(text) => (
            [(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")],
            text,
        )
            .into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn ready(State(shell): State<Arc<Shell>>) -> Response {
    match shell.health().problem() {
        None => "ok\n".into_response(),
        Some(problem) => (StatusCode::SERVICE_UNAVAILABLE, format!("{problem}\n")).into_response(),
    }
}

async fn health(State(shell): State<Arc<Shell>>) -> Response {
    let collateral = shell.collateral();
    let problems: Vec<String> = shell
        .health()
        .problem()
        .into_iter()
        .chain(collateral.troubles())
        .chain(shell.troubles())
        .collect();
    let status = if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let body = json!({ "problems": problems, "collateral": collateral });
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

async fn call(State(shell): State<Arc<Shell>>, body: Bytes) -> Response {
    let answer = answer(&shell, &body);
    ([(header::CONTENT_TYPE, "application/json")], answer.to_string()).into_response()
}

#[derive(Deserialize)]
struct Request<'a> {
    jsonrpc: &'a str,
    #[serde(default)]
    id: Value,
    method: &'a str,
    #[serde(borrow)]
    params: Option<&'a RawValue>,
}

/// The answer to one JSON-RPC request. Batches are not needed and are refused as invalid.
fn answer(shell: &Shell, body: &[u8]) -> Value {
    let error =
        |id: Value, code: i32, message: String| json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } });
    if let Err(reason) = serde_json::from_slice::<&RawValue>(body) {
        return error(Value::Null, -32700, format!("the request is no JSON: {reason}"));
    }
    let request = match serde_json::from_slice::<Request>(body) {
        Ok(request) if request.jsonrpc == "2.0" => request,
        Ok(_) => return error(Value::Null, -32600, "the request's jsonrpc is not \"2.0\"".into()),
        Err(reason) => return error(Value::Null, -32600, format!("not a JSON-RPC 2.0 request: {reason}")),
    };
    match dispatch(shell, request.method, request.params.map_or("null", RawValue::get)) {
        Ok(result) => json!({ "jsonrpc": "2.0", "id": request.id, "result": result }),
        Err((code, message)) => error(request.id, code, message),
    }
}

fn dispatch(shell: &Shell, method: &str, params: &str) -> Result<Value, (i32, String)> {
    match method {
        "relayer_workers" => no_parameters(method, params).map(|()| json!(shell.summaries())),
        "relayer_collateral" => no_parameters(method, params).map(|()| json!(shell.collateral())),
        "relayer_explain" => {
            let [name] = serde_json::from_str::<[String; 1]>(params)
                .map_err(|_| (-32602, "relayer_explain takes one parameter: a worker's name or key".to_owned()))?;
            let explained = shell
                .explain(&name)
                .ok_or_else(|| (-32001, format!("no worker of this relayer has the name or key {name:?}")))?;
            Ok(json!(explained))
        }
        other => Err((
            -32601,
            format!("there is no method {other:?}; there are relayer_workers, relayer_explain and relayer_collateral"),
        )),
    }
}

fn no_parameters(method: &str, params: &str) -> Result<(), (i32, String)> {
    match serde_json::from_str::<Option<[(); 0]>>(params) {
        Ok(_) => Ok(()),
        Err(_) => Err((-32602, format!("{method} takes no parameters"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use khala_client::Account;
    use std::path::Path;

    fn shell() -> Arc<Shell> {
        let text = format!(
            "nodes = [\"ws://127.0.0.1:1\"]\nlisten = \"127.0.0.1:0\"\n\
             [collateral]\nsources = [{{ folder = \"/tmp/c\" }}]\n\
             [[worker]]\nname = \"a\"\nendpoint = \"http://127.0.0.1:2\"\noperator = \"{}\"\n",
            Account::from_uri("//Operator").unwrap().address()
        );
        Shell::new(
            &Config::parse(&text, Path::new("r.toml")).unwrap(),
            Account::from_uri("//Registrar").unwrap(),
        )
    }

    fn ask(body: &str) -> Value {
        answer(&shell(), body.as_bytes())
    }

    #[test]
    fn workers_are_listed_and_explained() {
        let workers = ask(r#"{"jsonrpc":"2.0","id":7,"method":"relayer_workers","params":[]}"#);
        assert_eq!(workers["id"], 7);
        assert_eq!(
            (&workers["result"][0]["name"], &workers["result"][0]["state"]),
            (&json!("a"), &json!("Preparing"))
        );
        for key in [
            "worker",
            "reason",
            "since",
            "nextTry",
            "asked",
            "answered",
            "heartbeatsSubmitted",
            "lastError",
            "replaces",
            "rebindingRefused",
            "rebindings",
        ] {
            assert!(workers["result"][0].get(key).is_some(), "{key}");
        }
        let explained = ask(r#"{"jsonrpc":"2.0","id":"x","method":"relayer_explain","params":["a"]}"#);
        assert_eq!((&explained["id"], &explained["result"]["name"]), (&json!("x"), &json!("a")));
        assert!(explained["result"]["history"].is_array());
    }

    #[test]
    fn collateral_is_shown_with_its_sources() {
        let collateral = ask(r#"{"jsonrpc":"2.0","id":1,"method":"relayer_collateral"}"#);
        assert_eq!(collateral["result"]["sources"][0]["source"], "/tmp/c");
        for key in ["currentNumber", "nextNumber", "documents", "problem"] {
            assert!(collateral["result"].get(key).is_some(), "{key}");
        }
    }

    #[test]
    fn a_wrong_request_gets_the_code_of_what_is_wrong() {
        for (body, code) in [
            ("{", -32700),
            ("[]", -32600),
            (r#"{"jsonrpc":"1.0","id":1,"method":"relayer_workers"}"#, -32600),
            (r#"{"jsonrpc":"2.0","id":1}"#, -32600),
            (r#"{"jsonrpc":"2.0","id":1,"method":"relayer_stop"}"#, -32601),
            (r#"{"jsonrpc":"2.0","id":1,"method":"relayer_workers","params":[1]}"#, -32602),
            (r#"{"jsonrpc":"2.0","id":1,"method":"relayer_collateral","params":[1]}"#, -32602),
            (r#"{"jsonrpc":"2.0","id":1,"method":"relayer_explain"}"#, -32602),
            (r#"{"jsonrpc":"2.0","id":1,"method":"relayer_explain","params":["b"]}"#, -32001),
        ] {
            assert_eq!(ask(body)["error"]["code"], code, "{body}");
        }
    }

    #[tokio::test]
    async fn metrics_and_health_are_there_before_any_node_is() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let server = tokio::spawn(serve(listener, shell(), async { drop(stopped.await) }));
        let metrics = http_get(address, "/metrics").await;
        assert!(
            metrics.contains("khala_relayer_workers{state=\"Preparing\"} 1") && metrics.contains("khala_relayer_challenges_asked_total")
        );
        assert!(http_get(address, "/healthz").await.starts_with("HTTP/1.1 200"));
        let ready = http_get(address, "/readyz").await;
        assert!(
            ready.starts_with("HTTP/1.1 503") && ready.contains("no node is connected"),
            "{ready}"
        );
        let health = http_get(address, "/health").await;
        assert!(
            health.starts_with("HTTP/1.1 503") && health.contains("\"problems\":[\"no node is connected\"]"),
            "{health}"
        );
        drop(stop);
        server.await.unwrap().unwrap();
    }

    async fn http_get(address: std::net::SocketAddr, path: &str) -> String {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        stream
            .write_all(format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").as_bytes())
            .await
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }
}
