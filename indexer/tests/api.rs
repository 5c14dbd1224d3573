//! Requests to the interface, on the database of a small chain.

mod common;

use axum::http::{Method, StatusCode};
use common::{
    served::{served, served_with},
    SAMPLE_SECS,
};
use khala_indexer::{
    model::{ChainFacts, Key},
    store::{Readers, Store},
};
use serde_json::Value;
use std::{sync::Arc, time::Duration};

#[tokio::test]
async fn a_pool_has_its_value_its_rewards_and_its_losses() {
    let pool = served().get("/pools/0").await;
    let pha = |pha: u128| (pha * khala_primitives::PHA).to_string();
    assert_eq!(pool["value"], pha(9_481));
    assert_eq!((pool["paid"].clone(), pool["lost"].clone()), (pha(200).into(), pha(200).into()));
    assert_eq!(
        (pool["paidToOwner"].clone(), pool["paidToDelegators"].clone()),
        (pha(20).into(), pha(180).into())
    );
    // Of those who came, two have shares left: 8,900 and 600.
    assert_eq!((pool["delegators"].as_u64(), pool["createdBlock"].as_u64()), (Some(2), Some(1)));
    assert_eq!(pool["links"][0], "https://example.org");
}

#[tokio::test]
async fn a_pool_is_as_good_as_its_worst_worker_that_mines() {
    let served = served_with(24, Duration::from_secs(10));
    assert_eq!(served.get("/pools/0").await["worstLevel"], 2);
    for (level, found) in [(1, 0), (2, 1), (5, 1)] {
        assert_eq!(served.get(&format!("/pools?maxLevel={level}")).await["total"], found, "{level}");
    }
    // Its worker has stopped.
    let served = self::served();
    assert_eq!(served.get("/pools/0").await["worstLevel"], Value::Null);
    assert_eq!(served.get("/pools?maxLevel=5").await["total"], 0);
}

#[tokio::test]
async fn rewards_raise_a_pools_value_as_they_are_paid() {
    // The pool was worth 10,000 before 20 payments of 10, of which the owner gets a tenth.
    let served = served_with(24, Duration::from_secs(10));
    let pool = served.get("/pools/0").await;
    let pha = |pha: u128| (pha * khala_primitives::PHA).to_string();
    assert_eq!(
        (pool["value"].clone(), pool["commission"].clone()),
        (pha(10_180).into(), pha(20).into())
    );
    assert_eq!(
        (pool["price"].as_str(), pool["idleWorkers"].as_u64()),
        (Some("1018000000000000000"), Some(1))
    );
    assert_eq!(
        (pool["spare"].clone(), pool["room"].clone()),
        (pha(8_180).into(), pha(9_820).into())
    );
}

#[tokio::test]
async fn a_worker_has_its_history_and_the_key_that_took_its_place() {
    let served = served();
    let old = served.get(&format!("/workers/{}", common::WORKER)).await;
    assert_eq!((old["state"].as_str(), old["heartbeats"].as_u64()), (Some("gone"), Some(20)));
    assert_eq!(old["reboundTo"], common::REBOUND.to_string());
    let new = served.get(&format!("/workers/{}", common::REBOUND)).await;
    assert_eq!((new["state"].as_str(), new["pool"].as_u64()), (Some("coolingDown"), Some(0)));
    assert_eq!(new["coolingUntilMs"].as_u64(), Some(common::DAY_MS + 700_000));
    assert_eq!(new["attestation"]["advisories"][1], "INTEL-SA-00657");
    assert_eq!(new["attestation"]["tcbStatus"], "SWHardeningNeeded");

    let events = served.get(&format!("/workers/{}/events", common::WORKER)).await;
    let kinds: Vec<_> = events["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["replaced", "stopped", "unresponsive", "started", "joined", "registered"]);
    assert_eq!(events["items"][2]["challengeBlock"].as_u64(), Some(21));
    let listed = served.get("/workers").await;
    assert_eq!(
        (listed["total"].as_u64(), listed["items"][0]["worker"].as_str()),
        (Some(1), new["worker"].as_str())
    );
    assert_eq!(served.get("/workers?state=gone").await["total"], 1);
}

#[tokio::test]
async fn a_worker_has_its_values_over_time() {
    let served = served();
    let series = |key: Key, more: &str| format!("/workers/{key}/series?interval=sample{more}");
    let old = served.get(&series(common::key(common::WORKER), "")).await;
    assert_eq!(
        (old["interval"].as_str(), old["sampleSecs"].as_u64()),
        (Some("sample"), Some(SAMPLE_SECS))
    );
    // A sample in each minute, which is ten blocks: the worker came in block 2, and its last payment is in block 24.
    let points = old["points"].as_array().unwrap();
    let told: Vec<_> = points
        .iter()
        .map(|point| {
            (
                point["block"].as_u64().unwrap(),
                point["state"].as_str().unwrap(),
                point["heartbeats"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(told, [(10, "idle", 6), (20, "idle", 16), (30, "coolingDown", 20)]);
    let pha = |pha: u64| (u128::from(pha) * khala_primitives::PHA).to_string();
    for (point, (_, _, heartbeats)) in points.iter().zip(&told) {
        assert_eq!(
            (point["paid"].clone(), point["level"].as_u64()),
            (pha(heartbeats * 10).into(), Some(2))
        );
    }
    // V of the newest heartbeat, until the worker stopped.
    assert_eq!(points[0]["v"], (3_005 * common::ONE).to_string());
    assert_eq!(
        (points[0]["stake"].clone(), points[2]["stake"].clone()),
        (pha(2_000).into(), pha(0).into())
    );

    // Only those of a time, and only the newest of them.
    let time = |block: u64| common::DAY_MS + block * common::SLOT_MS;
    let blocks = |answer: &Value| -> Vec<u64> {
        let points = answer["points"].as_array().unwrap();
        points.iter().map(|point| point["block"].as_u64().unwrap()).collect()
    };
    let some = served
        .get(&series(
            common::key(common::WORKER),
            &format!("&fromMs={}&toMs={}", time(20), time(30)),
        ))
        .await;
    assert_eq!(blocks(&some), [20, 30]);
    let newest = served.get(&series(common::key(common::WORKER), "&limit=1")).await;
    assert_eq!(blocks(&newest), [30]);
    // A worker that is gone has no more samples; the key in its place has its own.
    let new = served.get(&series(common::key(common::REBOUND), "")).await;
    assert_eq!(blocks(&new).first(), Some(&40));
    let (status, code, _) = served.refused(Method::GET, &series(Key([7; 32]), "")).await;
    assert_eq!((status, code.as_str()), (404, "notFound"));
}

#[tokio::test]
async fn an_account_has_what_it_put_in_took_out_and_gained() {
    let served = served();
    let account = served.get(&format!("/accounts/{}", common::address(3))).await;
    let pha = |pha: u128| (pha * khala_primitives::PHA).to_string();
    assert_eq!(
        (account["putIn"].clone(), account["takenOut"].clone()),
        (pha(1_000).into(), pha(400).into())
    );
    let value: u128 = account["value"].as_str().unwrap().parse().unwrap();
    let gained: i128 = account["gained"].as_str().unwrap().parse().unwrap();
    assert_eq!(gained, value.cast_signed() + (400 - 1_000) * khala_primitives::PHA.cast_signed());
    // One that has left keeps its totals.
    let left = served.get(&format!("/accounts/{}", common::address(4))).await;
    assert_eq!((left["delegations"].as_u64(), left["value"].as_str()), (Some(0), Some("0")));
    assert!(left["gained"].as_str().unwrap().starts_with('-'), "{left}");
    let movements = served.get(&format!("/movements?account={}", common::address(3))).await;
    let kinds: Vec<_> = movements["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|movement| movement["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["paid", "paid", "queued", "delegated"]);
    let series = served
        .get(&format!("/accounts/{}/series?interval=sample", common::address(3)))
        .await;
    assert!(series["points"].as_array().unwrap().len() > 3);
    let owner = served.get(&format!("/accounts/{}", common::address(1))).await;
    assert_eq!((owner["pools"].as_u64(), owner["workers"].as_u64()), (Some(1), Some(1)));
    let payer = served.get(&format!("/transactions?account={}", common::address(2))).await;
    assert_eq!(
        (payer["items"][0]["call"].as_str(), payer["items"][0]["fee"].as_str()),
        (Some("delegate"), Some("77"))
    );
}

#[tokio::test]
async fn a_request_has_its_dates_and_its_end() {
    let served = served();
    let request = served.get("/withdrawals?pool=0").await["items"][0].clone();
    assert_eq!((request["state"].as_str(), request["left"].as_str()), (Some("paid"), Some("0")));
    assert_eq!(request["deadlineMs"].as_u64(), Some(common::DAY_MS + 1_000_000));
    assert_eq!(request["promisedMs"].as_u64(), Some(common::DAY_MS + 1_240_000));
    assert_eq!(served.get("/withdrawals?waiting=true").await["total"], 0);
    assert_eq!(
        served_with(28, Duration::from_secs(10)).get("/withdrawals?waiting=true").await["total"],
        1
    );
}

#[tokio::test]
async fn a_history_is_read_part_by_part_without_a_gap() {
    let served = served();
    let (mut cursor, mut seen) = (String::new(), Vec::new());
    loop {
        let part = served.get(&format!("/heartbeats?limit=7{cursor}")).await;
        seen.extend(part["items"].as_array().unwrap().iter().map(|item| item["block"].as_u64().unwrap()));
        match part["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, (5..25).rev().collect::<Vec<u64>>());
    let time = |block: u64| common::DAY_MS + block * common::SLOT_MS;
    let some = served.get(&format!("/heartbeats?fromMs={}&toMs={}", time(6), time(8))).await;
    assert_eq!(some["items"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn the_network_is_what_its_pools_and_workers_are() {
    let served = served();
    let network = served.get("/network").await;
    assert_eq!(
        (
            network["workers"].as_u64(),
            network["pools"].as_u64(),
            network["delegators"].as_u64()
        ),
        (Some(1), Some(1), Some(2))
    );
    assert_eq!(
        (network["heartbeats"].as_u64(), network["blockTimeMs"].as_f64()),
        (Some(20), Some(6_000.0))
    );
    assert_eq!(network["paid"], (200 * khala_primitives::PHA).to_string());
    let points = served.get("/network/series?interval=sample").await["points"]
        .as_array()
        .unwrap()
        .clone();
    assert!(
        points.len() >= 5
            && points
                .windows(2)
                .all(|pair| pair[0]["timeMs"].as_u64() < pair[1]["timeMs"].as_u64())
    );
    assert_eq!(
        served.get("/network/series?interval=day").await["points"].as_array().unwrap().len(),
        1
    );
    assert_eq!(served.get("/slashes").await["items"].as_array().unwrap().len(), 1);
    assert_eq!(served.get("/rewards").await["items"].as_array().unwrap().len(), 1);
    let kinds = served.get("/leases").await;
    assert_eq!(
        (kinds["items"][0]["kind"].as_str(), kinds["items"][1]["kind"].as_str()),
        (Some("rebound"), Some("registered"))
    );
}

#[tokio::test]
async fn a_search_finds_pools_by_number_and_word_workers_by_key_and_accounts_by_address() {
    let served = served();
    let found = |value: Value| -> Vec<String> {
        value["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|hit| hit["kind"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(found(served.get("/search?q=0").await), ["pool"]);
    assert_eq!(found(served.get("/search?q=FIRST").await), ["pool"]);
    assert_eq!(found(served.get("/search?q=0xbbbb").await), ["worker"]);
    assert_eq!(found(served.get("/search?q=bbb").await), Vec::<String>::new());
    assert_eq!(
        found(served.get(&format!("/search?q={}", common::address(1))).await),
        ["pool", "worker", "worker", "account"]
    );
    assert_eq!(found(served.get("/search?q=%25").await), Vec::<String>::new());
}

#[tokio::test]
async fn lists_are_csv_files_too() {
    let served = served();
    let (status, kind, body) = served.ask(Method::GET, "/api/v1/pools?format=csv").await;
    assert_eq!((status, kind.as_str()), (StatusCode::OK, "text/csv; charset=utf-8"));
    let lines: Vec<_> = body.lines().collect();
    assert!(
        lines[0].starts_with("pool,owner,description,links,commissionPpm") && lines.len() == 2,
        "{body}"
    );
    assert!(lines[1].contains("'=the first pool"), "a description is no formula: {body}");
    let (_, _, beats) = served.ask(Method::GET, "/api/v1/heartbeats?format=csv").await;
    assert_eq!(beats.lines().count(), 21);
}

#[tokio::test]
async fn bounds_are_kept_at_their_edges() {
    let served = served();
    for (limit, good) in [(0, false), (1, true), (100, true), (101, false)] {
        for path in ["/pools", "/heartbeats"] {
            let (status, _, _) = served.ask(Method::GET, &format!("/api/v1{path}?limit={limit}")).await;
            assert_eq!(status.is_success(), good, "{path} {limit}");
        }
    }
    for (path, good) in [
        ("/network/series?limit=1000", true),
        ("/network/series?limit=1001", false),
        ("/pools?offset=1000000", true),
        ("/pools?offset=1000001", false),
        ("/network/series?toMs=9007199254740991", true),
        ("/network/series?toMs=9007199254740992", false),
        ("/pools?maxCommissionPpm=1000000", true),
        ("/pools?maxCommissionPpm=1000001", false),
        ("/workers?level=5", true),
        ("/workers?level=6", false),
        ("/pools?maxLevel=1", true),
        ("/pools?maxLevel=0", false),
        ("/pools?maxLevel=6", false),
        ("/pools?minValue=340282366920938463463374607431768211455", true),
        ("/pools?minValue=340282366920938463463374607431768211456", false),
    ] {
        let (status, _, body) = served.ask(Method::GET, &format!("/api/v1{path}")).await;
        assert_eq!(status.is_success(), good, "{path}: {body}");
    }
    for (length, good) in [(100, true), (101, false)] {
        let (status, _, _) = served
            .ask(Method::GET, &format!("/api/v1/pools?search={}", "x".repeat(length)))
            .await;
        assert_eq!(status.is_success(), good, "{length}");
    }
}

#[tokio::test]
async fn every_problem_says_what_why_and_what_to_do() {
    let served = served();
    for path in [
        "/pools?sort=nonsense",
        "/pools?nonsense=1",
        "/pools/x",
        "/workers/0x12",
        "/accounts/1",
        "/heartbeats?cursor=x",
        "/search?q=",
    ] {
        let (status, code, _) = served.refused(Method::GET, path).await;
        assert_eq!((status, code.as_str()), (400, "badRequest"), "{path}");
    }
    for path in ["/pools/7", "/pools/7/series", "/nothing"] {
        let (status, code, _) = served.refused(Method::GET, path).await;
        assert_eq!((status, code.as_str()), (404, "notFound"), "{path}");
    }
    let (status, code, _) = served.refused(Method::POST, "/pools").await;
    assert_eq!((status, code.as_str()), (405, "methodNotAllowed"));
    let (status, code, _) = served_with(0, Duration::from_secs(10)).refused(Method::GET, "/network").await;
    assert_eq!((status, code.as_str()), (503, "notReady"));
    // A database that breaks under the process.
    let db = rusqlite::Connection::open(served.folder.path().join("a.sqlite")).unwrap();
    db.execute_batch("DROP TABLE slashes").unwrap();
    let (status, code, problem) = served.refused(Method::GET, "/slashes").await;
    assert_eq!((status, code.as_str()), (500, "internal"));
    assert!(!problem.to_string().contains("SELECT"), "{problem}");
}

#[tokio::test]
async fn a_query_that_takes_too_long_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sqlite");
    drop(Store::open(&path, SAMPLE_SECS).unwrap());
    let readers = Arc::new(Readers::open(&path, 1, Duration::from_millis(50)).unwrap());
    let endless = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";
    let run = || readers.read(move |db| db.query_row(endless, [], |row| row.get::<_, i64>(0)));
    let error = run().await.unwrap_err();
    assert!(error.to_string().contains("more than 50 ms"), "{error}");
    // The connection is good again.
    assert_eq!(
        readers
            .read(|db| db.query_row("SELECT 1", [], |row| row.get::<_, i64>(0)))
            .await
            .unwrap(),
        1
    );
}

#[tokio::test]
async fn health_says_what_is_wrong() {
    let served = served();
    let (status, _, body) = served.ask(Method::GET, "/readyz").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{body}");
    assert_eq!(served.ask(Method::GET, "/healthz").await.0, StatusCode::OK);
    assert_eq!(served.get("/status").await["state"], "connecting");
    let (_, _, metrics) = served.ask(Method::GET, "/metrics").await;
    assert!(metrics.contains("path=\"/status\",status=\"200\""), "{metrics}");
}

#[tokio::test]
async fn a_console_is_told_its_node_and_its_chain() {
    let served = served();
    let config = served.get("/config").await;
    assert_eq!(
        (config["nodeUrl"].as_str(), &config["chain"]),
        (Some("wss://rpc.example.org"), &Value::Null)
    );
    served.health.connected(ChainFacts {
        name: "Khala".into(),
        genesis_hash: Key([1; 32]),
        token_symbol: Some("PHA".into()),
        token_decimals: Some(12),
        ss58_prefix: None,
    });
    let chain = served.get("/config").await["chain"].clone();
    assert_eq!(
        (chain["name"].as_str(), chain["tokenSymbol"].as_str()),
        (Some("Khala"), Some("PHA"))
    );
    assert_eq!((chain["tokenDecimals"].as_u64(), &chain["ss58Prefix"]), (Some(12), &Value::Null));
    assert_eq!(chain["genesisHash"], served.get("/status").await["genesisHash"]);
}
