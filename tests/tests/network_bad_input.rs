//! Requests that are wrong in any way get an error, and no process ends; nor does a second start in the folder of a running network.

use khala::{
    network::{Network, Options, Storage},
    services::{PRuntime, Relayer},
};
use khala_client::{At, Call, Chain, PoolError};
use khala_tests::{quick, raw, started};
use serde_json::{json, Value};

/// Bodies that are no JSON-RPC request.
const GARBAGE: [&[u8]; 7] = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe\x00",
    b"{\"jsonrpc\":\"2.0\"}",
    b"[[[[[[[[[[[[[[[[",
];

/// The address without its scheme.
fn authority(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, rest)| rest)
}

/// Calls a method with these parameters and returns the error; panics if there is none.
async fn refused(url: &str, method: &str, params: Value) -> Value {
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }).to_string();
    let answer = raw::post(authority(url), body.as_bytes()).await.unwrap();
    let (_, json) = answer
        .split_once("\r\n\r\n")
        .unwrap_or_else(|| panic!("{method} got no answer: {answer:?}"));
    let start = json
        .find('{')
        .unwrap_or_else(|| panic!("{method} got an answer without JSON: {json:?}"));
    let end = json.rfind('}').unwrap();
    let answer: Value = serde_json::from_str(&json[start..=end]).unwrap();
    assert!(answer.get("result").is_none(), "{method} {params} was answered: {answer}");
    answer["error"].clone()
}

async fn throw_garbage(url: &str) {
    let large = vec![b' '; 32 << 20];
    for body in GARBAGE.into_iter().chain([&large[..]]) {
        let answer = raw::post(authority(url), body).await.unwrap();
        assert!(!answer.contains("\"result\""), "{url} answered garbage with a result: {answer}");
    }
    for bytes in [&b"\x16\x03\x01\x02\x00"[..], b"GET / HTTP/9.9\r\n\r\n", &[0; 4096]] {
        raw::send(authority(url), bytes).await.unwrap();
    }
}

#[tokio::test]
async fn wrong_requests_and_a_second_start_in_the_same_folder_are_refused_and_every_process_goes_on() {
    let folder = std::env::temp_dir().join(format!("khala-tests-{}", std::process::id()));
    let options = Options {
        storage: Storage::Kept(folder.clone()),
        genesis: quick(),
        ..Options::ephemeral(1)
    };
    let mut network = started(&options).await.unwrap();
    let error = Network::start(&options).await.err().unwrap().to_string();
    assert!(error.contains("another network runs"), "{error}");
    let pruntime = network.pruntime_url("worker-1").unwrap().to_owned();
    let node = network.node_url().replace("ws://", "http://");
    let relayer = network.relayer_url();

    for url in [&pruntime, &node, &relayer] {
        throw_garbage(url).await;
        let error = refused(url, "no_such_method", json!([])).await;
        assert_eq!(error["code"], -32601, "{url}: {error}");
    }
    wrong_requests_to_the_pruntime(&pruntime).await;
    wrong_requests_to_the_node(&node, network.chain()).await;
    let error = refused(&relayer, "relayer_explain", json!(["no such worker"])).await;
    assert!(
        error["message"].as_str().is_some_and(|message| message.contains("no such worker")),
        "{error}"
    );

    network.ensure_alive(&[]).unwrap();
    PRuntime::at(&pruntime).unwrap().info().await.unwrap();
    Relayer::at(&relayer).unwrap().workers().await.unwrap();
    network.chain().network_status(At::Best).await.unwrap();
    network.stop().await.unwrap();
    std::fs::remove_dir_all(folder).unwrap();
}

async fn wrong_requests_to_the_pruntime(url: &str) {
    let hash = format!("0x{}", "11".repeat(32));
    for params in [
        json!([]),
        json!([1, 2, 3]),
        json!(["0x11", "nobody", {}]),
        json!([hash, "not-an-address", { "number": 1, "hash": hash }]),
    ] {
        let error = refused(url, "pruntime_evidence", params).await;
        assert_eq!(error["code"], -32602, "{error}");
    }
    for secs in [0, u32::MAX] {
        refused(url, "pruntime_benchmark", json!([{ "block": 1, "seed": hash, "secs": secs }])).await;
    }
    refused(
        url,
        "pruntime_heartbeat",
        json!([{ "challenge": { "block": -1 }, "sessionId": "x", "sample": 2 }]),
    )
    .await;
}

async fn wrong_requests_to_the_node(url: &str, chain: &Chain) {
    for (method, params) in [
        ("state_call", json!(["KhalaApi_worker_status", "0x00"])),
        ("state_call", json!(["KhalaApi_no_such_method", "0x"])),
        ("author_submitExtrinsic", json!(["0x"])),
        ("author_submitExtrinsic", json!(["0xffffffff"])),
        ("chain_getBlock", json!(["nonsense"])),
    ] {
        refused(url, method, params).await;
    }
    // Well-formed transactions without a proof: refused before they reach a block.
    let unknown = khala_primitives::WorkerPublicKey([9; 32]);
    let report = khala_client::calls::mining::report_offline(unknown, 1);
    assert_eq!(
        chain.submit_general(&report).await.unwrap_err().pool_error(),
        Some(&PoolError::Stale)
    );
    let empty = khala_client::calls::mining::heartbeat(&[]);
    assert!(chain.submit_general(&empty).await.unwrap_err().pool_error().is_some());
    let not_authorised = Call::new("StakePool", "create_pool", (1u32, 1u32, None::<u128>));
    assert!(chain.submit_general(&not_authorised).await.unwrap_err().pool_error().is_some());
}
