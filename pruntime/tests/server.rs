//! The server over real ports, with real clients and with garbage.
#![cfg(feature = "software")]

use jsonrpsee::{
    core::client::{ClientT, Error as ClientError},
    http_client::HttpClient,
    rpc_params,
    ws_client::WsClientBuilder,
};
use khala_attestation::{bind, development, forge::Pki, verify};
use khala_primitives::{
    status::BenchmarkRequest, AccountId32, BenchmarkResult, Challenge, Freshness, OperatorChange, OperatorSignature, Renewal,
    SignedHeartbeat, WorkerInfo, WorkerPublicKey, WorkerSignature, H256, U256,
};
use pruntime::{
    api::{code, HeartbeatRequest, Info, PRuntimeApiClient, PRuntimeApiServer, SignedBenchmark},
    enclave::{Enclave, Grant},
    seal::{Directory, SealStore},
    server::{self, Limits, Running, Service},
    tee::{software, Software},
};
use serde_json::{json, Value};
use sp_core::{sr25519, Pair};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

const GENESIS: H256 = H256::repeat_byte(1);
const FRESHNESS: Freshness = Freshness {
    number: 7,
    hash: H256::repeat_byte(7),
};
const SEED: H256 = H256::repeat_byte(3);
/// A time at which the forge's collateral is in date: 2026-01-01.
const NOW_SECS: u64 = 1_767_225_600;

fn operator() -> AccountId32 {
    AccountId32::new([2; 32])
}

struct Worker {
    _data: TempDir,
    running: Running,
}

impl Worker {
    async fn start(limits: Limits) -> Self {
        let data = tempfile::tempdir().unwrap();
        let tee = Arc::new(Software::open(data.path(), software::Options::default()).unwrap());
        let (store, _) = SealStore::open(Directory::open(data.path()).unwrap(), &*tee).unwrap();
        let enclave = Enclave::start(tee, Grant { cores: 1, memory_mib: 64 }, None).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let running = server::start(listener, Service::new(enclave, store).into_rpc(), limits).unwrap();
        Self { _data: data, running }
    }

    fn address(&self) -> SocketAddr {
        self.running.address()
    }

    fn http(&self) -> HttpClient {
        HttpClient::builder().build(format!("http://{}", self.address())).unwrap()
    }

    /// Sends the bytes as the body of a POST; status line and body of the answer.
    async fn post(&self, body: &[u8]) -> (String, String) {
        let head = format!(
            "POST / HTTP/1.1\r\nhost: worker\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        let mut stream = TcpStream::connect(self.address()).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        // The server may answer, and close, before it has read a body that is too long.
        let _ = stream.write_all(body).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.lines().next().unwrap().into(), body.into())
    }

    /// The code of the JSON-RPC error that answers this body.
    async fn error_code(&self, body: &[u8]) -> i64 {
        let (_, answer) = self.post(body).await;
        let answer: Value = serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{error}: {answer}"));
        answer["error"]["code"].as_i64().unwrap_or_else(|| panic!("no error: {answer}"))
    }

    async fn call(&self, method: &str, params: Value) -> Value {
        let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        serde_json::from_str(&self.post(request.to_string().as_bytes()).await.1).unwrap()
    }
}

async fn worker() -> Worker {
    Worker::start(Limits::default()).await
}

fn rpc_code<T: std::fmt::Debug>(result: Result<T, ClientError>) -> i32 {
    match result.unwrap_err() {
        ClientError::Call(error) => error.code(),
        other => panic!("{other}"),
    }
}

fn verifies(signature: &WorkerSignature, message: &[u8], worker: &WorkerPublicKey) -> bool {
    sr25519::Pair::verify(
        &sr25519::Signature::from_raw(signature.0),
        message,
        &sr25519::Public::from_raw(worker.0),
    )
}

fn heartbeat(block: u32) -> HeartbeatRequest {
    HeartbeatRequest {
        challenge: Challenge {
            block,
            seed: SEED,
            target: U256::MAX,
        },
        session_id: 5,
        sample: false,
    }
}

#[tokio::test]
async fn a_worker_goes_its_way_from_fresh_to_heartbeat_over_http_and_websocket() {
    let worker = worker().await;
    let http = worker.http();
    let ws = WsClientBuilder::default()
        .build(format!("ws://{}", worker.address()))
        .await
        .unwrap();

    let fresh: Info = http.info().await.unwrap();
    assert_eq!((fresh.identity_key, fresh.operator, fresh.genesis_hash), (None, None, None));
    assert_eq!(
        (fresh.provider.as_str(), fresh.trusted, fresh.cores, fresh.memory_mib),
        ("software", false, 1, 64)
    );
    assert_eq!(fresh.measurement, development::measurement());
    assert!(fresh.keys_last);

    let info: WorkerInfo = ws.worker_info(GENESIS, operator(), FRESHNESS).await.unwrap();
    let known = http.info().await.unwrap();
    assert_eq!(
        (known.identity_key, known.operator, known.genesis_hash),
        (Some(info.identity_key), Some(operator()), Some(GENESIS))
    );
    assert_eq!((known.instance, info.instance), (fresh.instance, fresh.instance));

    let SignedBenchmark { result, signature } = ws
        .benchmark(BenchmarkRequest {
            block: 8,
            seed: SEED,
            secs: 1,
        })
        .await
        .unwrap();
    assert_eq!((result.worker, result.block), (info.identity_key, 8));
    assert!(verifies(
        &signature,
        &BenchmarkResult::message(&result, &GENESIS),
        &info.identity_key
    ));

    let answer: SignedHeartbeat = http
        .heartbeat(HeartbeatRequest {
            sample: true,
            ..heartbeat(9)
        })
        .await
        .unwrap();
    assert!(verifies(&answer.signature, &answer.heartbeat.message(&GENESIS), &info.identity_key));
    assert!(answer.heartbeat.elapsed_ms >= 500);
    assert_eq!(
        ws.heartbeat(heartbeat(9)).await.unwrap(),
        answer,
        "the same challenge has the same answer"
    );

    let health = ws.health().await.unwrap();
    assert!(health.initialised);
    assert_eq!((health.heartbeats, health.benchmarks), (1, 1));
}

#[tokio::test]
async fn evidence_is_accepted_under_the_development_root_and_bound_to_its_worker_info() {
    let worker = worker().await;
    let answer = worker.http().evidence(GENESIS, operator(), FRESHNESS).await.unwrap();
    let collateral = Pki::development().collateral(NOW_SECS);
    let verdict = verify(answer.evidence.quote(), &collateral, &[development::ROOT_DER], NOW_SECS).unwrap();
    bind::check_binding(&verdict, &answer.info).unwrap();
    assert_eq!(verdict.measurement, development::measurement());

    let renewal = Renewal::new(answer.info.identity_key, &answer.evidence, FRESHNESS);
    assert!(verifies(&answer.renewal, &renewal.message(&GENESIS), &answer.info.identity_key));

    let other = WorkerInfo { cores: 99, ..answer.info };
    assert!(bind::check_binding(&verdict, &other).is_err());
}

#[tokio::test]
async fn chain_and_operator_are_fixed_by_the_first_call() {
    let worker = worker().await;
    let http = worker.http();
    http.worker_info(GENESIS, operator(), FRESHNESS).await.unwrap();
    let newer = Freshness {
        number: 8,
        hash: H256::repeat_byte(8),
    };
    assert_eq!(http.worker_info(GENESIS, operator(), newer).await.unwrap().freshness, newer);
    assert_eq!(
        rpc_code(http.worker_info(GENESIS, AccountId32::new([9; 32]), FRESHNESS).await),
        code::OTHER_OPERATOR
    );
    assert_eq!(
        rpc_code(http.evidence(H256::zero(), operator(), FRESHNESS).await),
        code::OTHER_GENESIS
    );
}

#[tokio::test]
async fn a_fresh_worker_says_what_to_ask_first() {
    let worker = worker().await;
    let http = worker.http();
    assert_eq!(rpc_code(http.heartbeat(heartbeat(1)).await), code::FRESH);
    assert_eq!(
        rpc_code(
            http.benchmark(BenchmarkRequest {
                block: 1,
                seed: SEED,
                secs: 1
            })
            .await
        ),
        code::FRESH
    );
    let answer = worker.call("pruntime_heartbeat", json!([heartbeat(1)])).await;
    assert!(
        answer["error"]["message"].as_str().unwrap().contains("pruntime_workerInfo"),
        "{answer}"
    );
}

#[tokio::test]
async fn benchmarks_outside_the_bounds_are_refused() {
    let worker = worker().await;
    let http = worker.http();
    http.worker_info(GENESIS, operator(), FRESHNESS).await.unwrap();
    for secs in [0, 121, u32::MAX] {
        assert_eq!(
            rpc_code(
                http.benchmark(BenchmarkRequest {
                    block: 1,
                    seed: SEED,
                    secs
                })
                .await
            ),
            code::BENCHMARK_LENGTH
        );
    }
}

fn pair(name: &str) -> sr25519::Pair {
    sr25519::Pair::from_string(&format!("//{name}"), None).unwrap()
}

#[tokio::test]
async fn an_operator_hands_its_worker_over() {
    let worker = worker().await;
    let http = worker.http();
    let (alice, bob) = (AccountId32::new(pair("Alice").public().0), AccountId32::new(pair("Bob").public().0));
    let nobody = OperatorSignature([0; 64]);
    assert_eq!(rpc_code(http.change_operator(bob.clone(), nobody).await), code::FRESH);
    assert_eq!(http.info().await.unwrap().operator_changes, None);

    let info = http.worker_info(GENESIS, alice.clone(), FRESHNESS).await.unwrap();
    let sign = |change| {
        let change = OperatorChange {
            worker: info.identity_key,
            operator: bob.clone(),
            change,
        };
        OperatorSignature(pair("Alice").sign(&change.wrapped_message(&GENESIS)).0)
    };
    assert_eq!(rpc_code(http.change_operator(bob.clone(), nobody).await), code::OPERATOR_SIGNATURE);
    assert_eq!(
        rpc_code(http.change_operator(bob.clone(), sign(1)).await),
        code::OPERATOR_CHANGE_NUMBER
    );
    let unchanged = http.info().await.unwrap();
    assert_eq!((unchanged.operator, unchanged.operator_changes), (Some(alice.clone()), Some(0)));

    let params = json!({ "operator": bob, "signature": sign(0) });
    let answer = worker.call("pruntime_changeOperator", params).await;
    assert_eq!(answer["result"]["changes"], 1, "{answer}");
    assert_eq!(answer["result"]["worker"], json!(info.identity_key), "{answer}");
    let again = http.change_operator(bob.clone(), sign(0)).await.unwrap();
    assert_eq!((again.worker, again.operator, again.changes), (info.identity_key, bob.clone(), 1));

    assert_eq!(rpc_code(http.evidence(GENESIS, alice, FRESHNESS).await), code::OTHER_OPERATOR);
    let answer = http.evidence(GENESIS, bob.clone(), FRESHNESS).await.unwrap();
    assert_eq!((answer.info.operator, answer.info.identity_key), (bob, info.identity_key));
    assert_eq!(answer.info.ecdh_key, info.ecdh_key);
}

#[tokio::test]
async fn parameters_are_taken_by_position_and_by_name() {
    let worker = worker().await;
    let by_position = worker.call("pruntime_workerInfo", json!([GENESIS, operator(), FRESHNESS])).await;
    let by_name = worker
        .call(
            "pruntime_workerInfo",
            json!({ "genesisHash": GENESIS, "operator": operator(), "freshness": FRESHNESS }),
        )
        .await;
    assert!(
        by_position["result"]["identityKey"].as_str().unwrap().starts_with("0x"),
        "{by_position}"
    );
    assert_eq!(by_name["result"], by_position["result"]);
    let by_name = worker.call("pruntime_heartbeat", json!({ "request": heartbeat(1) })).await;
    assert_eq!(by_name["result"]["heartbeat"]["sessionId"], 5, "{by_name}");
}

#[tokio::test]
async fn wrong_requests_get_an_error_each_and_the_next_right_one_an_answer() {
    const PARSE_ERROR: i64 = -32700;
    const INVALID_REQUEST: i64 = -32600;
    const UNKNOWN_METHOD: i64 = -32601;
    const WRONG_PARAMS: i64 = -32602;
    const NO_BATCHES: i64 = -32005;
    let worker = worker().await;
    let deep = "[".repeat(10_000);
    let cases: [(&[u8], i64); 16] = [
        (b"", PARSE_ERROR),
        (b"\0\xff\xfe", PARSE_ERROR),
        (b"{", PARSE_ERROR),
        (b"{}", PARSE_ERROR),
        (b"null", PARSE_ERROR),
        (br#"{"jsonrpc":"1.0","id":1,"method":"pruntime_info"}"#, INVALID_REQUEST),
        (br#"{"jsonrpc":"2.0","id":1}"#, INVALID_REQUEST),
        (br#"[{"jsonrpc":"2.0","id":1,"method":"pruntime_info"}]"#, NO_BATCHES),
        (deep.as_bytes(), NO_BATCHES),
        (br#"{"jsonrpc":"2.0","id":1,"method":"pruntime_secretKey"}"#, UNKNOWN_METHOD),
        (br#"{"jsonrpc":"2.0","id":1,"method":"pruntime_workerInfo"}"#, WRONG_PARAMS),
        (
            br#"{"jsonrpc":"2.0","id":1,"method":"pruntime_workerInfo","params":[]}"#,
            WRONG_PARAMS,
        ),
        (
            br#"{"jsonrpc":"2.0","id":1,"method":"pruntime_workerInfo","params":["0x00","",{}]}"#,
            WRONG_PARAMS,
        ),
        (
            br#"{"jsonrpc":"2.0","id":1,"method":"pruntime_heartbeat","params":[{"challenge":{}}]}"#,
            WRONG_PARAMS,
        ),
        (
            br#"{"jsonrpc":"2.0","id":1,"method":"pruntime_heartbeat","params":{"request":7}}"#,
            WRONG_PARAMS,
        ),
        (
            br#"{"jsonrpc":"2.0","id":1,"method":"pruntime_benchmark","params":[{"block":-1,"seed":"0x","secs":1e99}]}"#,
            WRONG_PARAMS,
        ),
    ];
    for (body, code) in cases {
        assert_eq!(
            worker.error_code(body).await,
            code,
            "{}",
            String::from_utf8_lossy(&body[..body.len().min(100)])
        );
    }
    assert!(worker.http().info().await.is_ok());
}

#[tokio::test]
async fn what_is_no_json_rpc_request_at_all_is_refused() {
    let worker = worker().await;
    for (head, status) in [
        ("GET / HTTP/1.1\r\nhost: worker\r\n", "405"),
        (
            "POST / HTTP/1.1\r\nhost: worker\r\ncontent-type: text/plain\r\ncontent-length: 0\r\n",
            "415",
        ),
        ("no http\r\n", "400"),
    ] {
        let mut stream = TcpStream::connect(worker.address()).await.unwrap();
        stream
            .write_all(format!("{head}connection: close\r\n\r\n").as_bytes())
            .await
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.lines().next().unwrap().contains(status), "{head}: {answer}");
    }
    assert!(worker.http().info().await.is_ok());
}

#[tokio::test]
async fn a_request_may_be_as_long_as_the_bound_and_no_longer() {
    let bound = 1000;
    let worker = Worker::start(Limits {
        request_bytes: 1000,
        ..Limits::default()
    })
    .await;
    let request = br#"{"jsonrpc":"2.0","id":1,"method":"pruntime_info"}"#;
    for (length, status) in [(bound - 1, "200"), (bound, "200"), (bound + 1, "413"), (100 * bound, "413")] {
        let mut body = request.to_vec();
        body.resize(length, b' ');
        let (line, _) = worker.post(&body).await;
        assert!(line.contains(status), "{length} bytes: {line}");
    }
}

#[tokio::test]
async fn a_websocket_message_that_is_too_long_ends_its_connection_alone() {
    let worker = Worker::start(Limits {
        request_bytes: 1000,
        ..Limits::default()
    })
    .await;
    let ws = WsClientBuilder::default()
        .build(format!("ws://{}", worker.address()))
        .await
        .unwrap();
    let refused: Result<Info, _> = ws.request("pruntime_info", rpc_params!["x".repeat(2000)]).await;
    assert!(refused.is_err());
    assert!(worker.http().info().await.is_ok());
}

#[tokio::test]
async fn connections_beyond_the_bound_are_closed_and_freed_ones_are_used_again() {
    let worker = Worker::start(Limits {
        connections: 2,
        ..Limits::default()
    })
    .await;
    let url = format!("ws://{}", worker.address());
    let one = WsClientBuilder::default().build(&url).await.unwrap();
    let two = WsClientBuilder::default().build(&url).await.unwrap();
    assert!(WsClientBuilder::default().build(&url).await.is_err());
    assert!(one.info().await.is_ok() && two.info().await.is_ok());
    drop(one);
    while WsClientBuilder::default().build(&url).await.is_err() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_silent_connection_is_closed() {
    let worker = Worker::start(Limits {
        idle: Duration::from_millis(50),
        ..Limits::default()
    })
    .await;
    let mut stream = TcpStream::connect(worker.address()).await.unwrap();
    let mut byte = [0];
    assert!(matches!(stream.read(&mut byte).await, Ok(0) | Err(_)));
}

#[tokio::test]
async fn a_request_that_does_not_come_to_its_end_is_given_up() {
    let worker = Worker::start(Limits {
        request: Duration::from_millis(50),
        ..Limits::default()
    })
    .await;
    let mut stream = TcpStream::connect(worker.address()).await.unwrap();
    let head = "POST / HTTP/1.1\r\nhost: worker\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, b"HTTP/1.1 408");
}

#[tokio::test]
async fn a_stopped_server_takes_no_more_connections() {
    let worker = worker().await;
    let address = worker.address();
    worker.running.stop().await;
    assert!(TcpStream::connect(address).await.is_err());
}
