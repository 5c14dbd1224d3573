//! Vaults in the interface: what they have, who has something in them, and what they become worth.

mod common;

use axum::http::{Method, StatusCode};
use common::{
    address,
    served::{of_blocks, Served},
    vault::{be_paid, invested, leave, look, pay, vault_life, DELEGATOR, FRIEND, OWNER},
    DAY_MS, ONE,
};
use khala_indexer::{
    chain::{Block, VaultBase},
    store::worth,
};
use khala_primitives::PHA;
use serde_json::{json, Value};
use std::time::Duration;

fn served(blocks: &[Block]) -> Served {
    of_blocks(blocks, Duration::from_secs(10))
}

/// Somebody has left, and waits.
fn waiting() -> Vec<Block> {
    let mut chain = invested();
    pay(&mut chain);
    leave(&mut chain);
    chain.blocks
}

fn pha(pha: u128) -> Value {
    (pha * PHA).to_string().into()
}

fn number(value: &Value) -> u128 {
    value.as_str().unwrap().parse().unwrap()
}

fn kinds(answer: &Value) -> Vec<&str> {
    let items = answer["items"].as_array().unwrap();
    items.iter().map(|item| item["kind"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn what_pools_gain_raises_the_value_and_the_owner_earns_its_fee() {
    let mut chain = invested();
    let vault = served(&chain.blocks).get("/vaults/0").await;
    assert_eq!((vault["value"].clone(), vault["feeShares"].clone()), (pha(1_000), pha(0)));
    assert_eq!((vault["free"].clone(), vault["pools"].as_u64()), (pha(500), Some(1)));
    let refreshed = vault["refreshedBlock"].clone();

    // Of 1,000 that the pool is paid 900 raise its price to 1.09: 500 shares gain 45, of which a fifth is the owner's, in shares.
    pay(&mut chain);
    let vault = served(&chain.blocks).get("/vaults/0").await;
    assert_eq!(vault["refreshedBlock"], refreshed);
    assert_eq!(vault["value"], pha(1_045));
    assert_eq!(
        (number(&vault["feeShares"]), number(&vault["feeValue"])),
        (8_687_258_687_258, 9 * PHA - 1)
    );
    let shares = 1_000 * PHA + 8_687_258_687_258;
    assert_eq!(
        (number(&vault["shares"]), number(&vault["price"])),
        (shares, worth(ONE, 1_045 * PHA, shares))
    );
    assert_eq!(number(&vault["mark"]), number(&vault["price"]) + 1);
    assert_eq!((vault["room"].clone(), vault["spare"].clone()), (pha(3_955), pha(500)));
    // What nobody has taken yet is no fee that was taken.
    assert_eq!(vault["feesTaken"], pha(0));
}

#[tokio::test]
async fn a_fee_is_one_of_the_whole_gain_however_often_a_vault_is_read() {
    let twice = |is_read: bool, base: Option<VaultBase>| {
        let mut chain = invested();
        pay(&mut chain);
        if is_read {
            look(&mut chain);
            chain.blocks.last_mut().unwrap().bases = base.into_iter().collect();
        }
        pay(&mut chain);
        chain.blocks
    };
    // A fifth of 90 PHA, at a price of 1.072.
    let whole = served(&twice(false, None)).get("/vaults/0").await;
    assert_eq!(
        (whole["value"].clone(), number(&whole["feeShares"])),
        (pha(1_090), 16_791_044_776_119)
    );
    let read = served(&twice(true, None)).get("/vaults/0").await;
    assert_eq!((&read["feeShares"], &read["price"]), (&whole["feeShares"], &whole["price"]));
    // The chain has taken the first half of it: the second one is a fifth of what was gained since.
    let taken = VaultBase {
        vault: 0,
        shares: 1_000 * PHA + 8_687_258_687_258,
        fee_shares: 8_687_258_687_258,
        mark: 1_036_000_000_000_000_706,
    };
    let read = served(&twice(true, Some(taken))).get("/vaults/0").await;
    let fee = 9 * PHA;
    let second = worth(fee, taken.shares, 1_090 * PHA - fee);
    assert!(number(&read["feeShares"]).abs_diff(taken.fee_shares + second) <= 1, "{read}");
    assert!(number(&read["feeShares"]) > number(&whole["feeShares"]));
}

#[tokio::test]
async fn a_vault_among_the_delegators_of_a_pool_says_that_it_is_one() {
    let served = served(&waiting());
    let account = address(100).to_string();
    let in_pool = served.get("/delegations?pool=0&sort=since&order=desc").await;
    assert_eq!(in_pool["total"], 3);
    let vault = &in_pool["items"][0];
    assert_eq!(
        (vault["accountVault"].as_u64(), vault["account"].as_str()),
        (Some(0), Some(account.as_str()))
    );
    assert_eq!((vault["pool"].as_u64(), vault["vault"].as_u64()), (Some(0), None));
    assert_eq!((vault["shares"].clone(), vault["queuedShares"].clone()), (pha(400), pha(100)));
    assert_eq!(vault["value"], pha(545));
    assert_eq!(in_pool["items"][1]["accountVault"], Value::Null);

    let queue = served.get("/withdrawals?pool=0&waiting=true").await;
    assert_eq!(
        (queue["total"].as_u64(), queue["items"][0]["accountVault"].as_u64()),
        (Some(1), Some(0))
    );
    assert_eq!(queue["items"][0]["claims"], json!([]));
    let moved = served.get("/movements?pool=0&limit=2").await;
    assert_eq!(kinds(&moved), ["queued", "delegated"]);
    assert_eq!(moved["items"][1]["accountVault"], 0);
    let itself = served.get(&format!("/accounts/{account}")).await;
    assert_eq!((itself["accountVault"].as_u64(), itself["putIn"].clone()), (Some(0), pha(500)));

    let pool = served.get("/pools/0").await;
    assert_eq!((pool["delegators"].as_u64(), pool["vaults"].as_u64()), (Some(3), Some(1)));
    // Two have shares of the pool, one of the vault; the vault itself is no account that delegates.
    let network = served.get("/network").await;
    assert_eq!((network["delegators"].as_u64(), network["vaults"].as_u64()), (Some(3), Some(1)));
    assert_eq!(network["vaultValue"], served.get("/vaults/0").await["value"]);
}

#[tokio::test]
async fn an_account_has_its_positions_of_vaults_beside_those_of_pools() {
    let served = served(&waiting());
    let who = address(DELEGATOR);
    let position = served.get(&format!("/delegations?account={who}")).await["items"][0].clone();
    assert_eq!((position["pool"].as_u64(), position["vault"].as_u64()), (None, Some(0)));
    assert_eq!((position["shares"].clone(), position["queuedShares"].clone()), (pha(895), pha(5)));
    // 900 of 909 shares of a vault that is worth 500 and 400 shares of the pool; and 100 shares of the pool that were claimed.
    let value = worth(900 * PHA, 936 * PHA, 909 * PHA) + 109 * PHA;
    assert_eq!(number(&position["value"]), value);
    let account = served.get(&format!("/accounts/{who}")).await;
    assert_eq!(
        (account["delegations"].as_u64(), account["vaultDelegations"].as_u64()),
        (Some(0), Some(1))
    );
    assert_eq!((number(&account["value"]), number(&account["vaultValue"])), (value, value));
    assert_eq!(number(&account["queuedValue"]), worth(5 * PHA, 936 * PHA, 909 * PHA) + 109 * PHA);
    assert_eq!(
        (account["putIn"].clone(), account["openWithdrawals"].as_u64()),
        (pha(1_000), Some(1))
    );
    let gained: i128 = account["gained"].as_str().unwrap().parse().unwrap();
    assert_eq!(gained, value.cast_signed() - (1_000 * PHA).cast_signed());
    let owner = served.get(&format!("/accounts/{}", address(OWNER))).await;
    assert_eq!(
        (owner["vaults"].as_u64(), number(&owner["vaultFees"])),
        (Some(1), worth(9 * PHA, 936 * PHA, 909 * PHA))
    );
    assert_eq!(served.get("/delegations?vault=0").await["total"], 1);
    let sorted = served.get("/delegations?sort=value").await;
    let values: Vec<u128> = sorted["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| number(&item["value"]))
        .collect();
    assert!(values.len() == 4 && values.is_sorted_by(|one, next| one >= next), "{values:?}");
}

#[tokio::test]
async fn a_request_of_a_vault_has_its_claims_its_dates_and_its_end() {
    let request = served(&waiting()).get("/withdrawals?vault=0").await["items"][0].clone();
    assert_eq!(
        (request["pool"].as_u64(), request["vault"].as_u64(), request["request"].as_u64()),
        (None, Some(0), Some(0))
    );
    let claim = json!({ "pool": 0, "request": 1, "shares": pha(100), "value": pha(109) });
    assert_eq!(request["claims"], json!([claim]));
    assert_eq!((request["state"].as_str(), request["left"].clone()), (Some("open"), pha(5)));
    assert_eq!((request["amount"].clone(), request["paid"].clone()), (pha(114), pha(0)));
    assert_eq!(number(&request["value"]), 109 * PHA + worth(5 * PHA, 936 * PHA, 909 * PHA));
    assert_eq!(request["deadlineMs"].as_u64(), Some(DAY_MS + 2_060_000));
    assert_eq!(request["promisedMs"].as_u64(), Some(DAY_MS + 2_300_000));

    // No event says that its deadline has passed: block 344 is made at that moment.
    let mut late = waiting();
    for number in u32::try_from(late.len()).unwrap() + 1..=344 {
        let secs = u64::from(number) * 6;
        late.push(Block {
            number,
            time_ms: DAY_MS + secs * 1000,
            credited_secs: secs,
            ..Block::default()
        });
    }
    let not_yet = served(&late[..343]);
    assert_eq!(not_yet.get("/withdrawals?vault=0&state=open").await["total"], 1);
    assert_eq!(not_yet.get("/vaults/0").await["late"], false);
    let late = served(&late);
    assert_eq!(late.get("/withdrawals?vault=0&state=due").await["items"][0]["state"], "due");
    assert_eq!(late.get("/withdrawals?vault=0&state=open").await["total"], 0);
    assert_eq!(late.get("/vaults/0").await["late"], true);

    let served = served(&vault_life());
    let request = served.get("/withdrawals?vault=0&waiting=false").await["items"][0].clone();
    assert_eq!((request["state"].as_str(), request["claims"].clone()), (Some("paid"), json!([])));
    assert_eq!((request["paid"].clone(), request["value"].clone()), (pha(114), pha(0)));
    assert!(request["endedMs"].is_u64());
    let vault = served.get("/vaults/0").await;
    assert_eq!((vault["openWithdrawals"].as_u64(), vault["feesTaken"].clone()), (Some(0), pha(9)));
}

#[tokio::test]
async fn what_happened_to_a_vault_and_in_it_is_told() {
    let served = served(&vault_life());
    let events = served.get("/vaults/0/events").await;
    assert_eq!(kinds(&events), ["feeClaimed", "feeTaken", "invested", "created"]);
    assert_eq!(
        (events["items"][3]["ppm"].as_u64(), events["items"][2]["pool"].as_u64()),
        (Some(200_000), Some(0))
    );
    assert_eq!(kinds(&served.get("/vaults/0/events?kind=invested").await), ["invested"]);
    let moved = |who: u8| format!("/movements?vault=0&account={}", address(who));
    assert_eq!(
        kinds(&served.get(&moved(DELEGATOR)).await),
        ["sent", "paid", "paid", "queued", "delegated"]
    );
    assert_eq!(kinds(&served.get(&moved(FRIEND)).await), ["received"]);
    assert_eq!(kinds(&served.get(&moved(OWNER)).await), ["fee"]);
    let places = served.get("/vaults/0/pools").await;
    assert_eq!(places["total"], 1);
    let place = &places["items"][0];
    assert_eq!((place["pool"].as_u64(), place["shares"].clone()), (Some(0), pha(400)));
    assert_eq!((place["putIn"].clone(), place["takenOut"].clone()), (pha(500), pha(109)));
    assert_eq!(number(&place["value"]), 436 * PHA);

    // Who earned shares, or was sent them, has them.
    let delegators = served.get("/delegations?vault=0").await;
    let shares: Vec<Value> = delegators["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["shares"].clone())
        .collect();
    assert_eq!(shares, [pha(800), pha(95), pha(9)]);
    assert_eq!(served.get("/vaults/0").await["delegators"], 3);
    assert_eq!(served.get("/network").await["delegators"], 5);
    let owner = served.get(&format!("/accounts/{}", address(OWNER))).await;
    assert_eq!((owner["putIn"].clone(), owner["gained"].clone()), (pha(0), owner["value"].clone()));
}

#[tokio::test]
async fn a_vault_has_its_price_over_time_and_how_it_changed() {
    let mut chain = invested();
    chain.quiet(10);
    pay(&mut chain);
    chain.quiet(20);
    leave(&mut chain);
    be_paid(&mut chain);
    let served = served(&chain.blocks);
    let series = served.get("/vaults/0/series?interval=sample").await;
    let prices: Vec<u128> = series["points"]
        .as_array()
        .unwrap()
        .iter()
        .map(|point| number(&point["price"]))
        .collect();
    assert!(prices.len() >= 3 && prices[0] == ONE && prices.is_sorted(), "{prices:?}");
    let last = worth(ONE, 1_045 * PHA, 1_000 * PHA + 8_687_258_687_258);
    assert_eq!(prices.last(), Some(&last));
    let vault = served.get("/vaults/0").await;
    let change = last as f64 / ONE as f64 - 1.0;
    for window in ["changeDay", "changeWeek", "changeMonth"] {
        let told = vault[window].as_f64().unwrap();
        assert!((told - change).abs() < 1e-12, "{window}: {told}, and not {change}");
    }
    assert!(vault["apr"].as_f64().unwrap() > change);
    // What the delegator had includes what it waits for.
    let points = served
        .get(&format!("/accounts/{}/series?interval=sample", address(DELEGATOR)))
        .await;
    let values: Vec<u128> = points["points"]
        .as_array()
        .unwrap()
        .iter()
        .map(|point| number(&point["value"]))
        .collect();
    assert_eq!(values.first(), Some(&(1_000 * PHA)));
    assert_eq!(
        values.last(),
        Some(&worth(1_000 * PHA, 1_045 * PHA, 1_000 * PHA + 8_687_258_687_258))
    );

    let mut waiting = waiting();
    let last = waiting.last().unwrap().clone();
    // A sample while it waits.
    waiting.push(Block {
        number: last.number + 1,
        time_ms: last.time_ms + 60_000,
        credited_secs: last.credited_secs + 60,
        sample: Some(common::network(last.number + 1)),
        ..Block::default()
    });
    let points = self::served(&waiting)
        .get(&format!("/accounts/{}/series?interval=sample", address(DELEGATOR)))
        .await;
    let value = points["points"].as_array().unwrap().last().unwrap()["value"].clone();
    assert_eq!(number(&value), worth(900 * PHA, 936 * PHA, 909 * PHA) + 109 * PHA);
}

#[tokio::test]
async fn vaults_are_found_by_every_filter_at_its_edge() {
    let served = served(&waiting());
    let value = 936 * PHA;
    let (owner, account, stranger) = (address(OWNER), address(100), address(9));
    for (filter, found) in [
        (format!("minValue={value}"), true),
        (format!("minValue={}", value + 1), false),
        (format!("minFree={}", 500 * PHA), true),
        (format!("minFree={}", 500 * PHA + 1), false),
        (format!("minRoom={}", 5_000 * PHA - value), true),
        (format!("minRoom={}", 5_000 * PHA - value + 1), false),
        ("minDelegators=1".into(), true),
        ("minDelegators=2".into(), false),
        ("maxFeePpm=200000".into(), true),
        ("maxFeePpm=199999".into(), false),
        (format!("owner={owner}"), true),
        (format!("owner={account}"), false),
        ("pool=0".into(), true),
        ("pool=1".into(), false),
        ("search=0".into(), true),
        ("search=1".into(), false),
        ("search=".into(), true),
        ("search=word".into(), false),
        (format!("search={owner}"), true),
        (format!("search={account}"), true),
        (format!("search={stranger}"), false),
    ] {
        let vaults = served.get(&format!("/vaults?{filter}")).await;
        let expected = u64::from(found);
        assert_eq!(vaults["total"].as_u64(), Some(expected), "{filter}");
        assert_eq!(vaults["items"].as_array().unwrap().len() as u64, expected, "{filter}");
    }
    for sort in ["vault", "value", "apr", "change", "fee", "free", "room", "pools", "delegators"] {
        for window in ["day", "week", "month"] {
            let path = format!("/vaults?sort={sort}&order=asc&window={window}");
            assert_eq!(served.get(&path).await["total"], 1, "{path}");
        }
    }
    for (filter, status) in [("maxFeePpm=1000001", 400), ("window=year", 400), ("minChange=x", 400)] {
        assert_eq!(
            served.refused(Method::GET, &format!("/vaults?{filter}")).await.0,
            status,
            "{filter}"
        );
    }
    for path in ["/vaults/1", "/vaults/1/pools", "/vaults/1/series", "/vaults/1/events"] {
        let (status, code, _) = served.refused(Method::GET, path).await;
        assert_eq!((status, code.as_str()), (404, "notFound"), "{path}");
    }
}

#[tokio::test]
async fn a_change_of_the_price_is_a_filter_over_its_window() {
    let mut chain = invested();
    chain.quiet(10);
    pay(&mut chain);
    chain.quiet(10);
    let served = served(&chain.blocks);
    for (filter, found) in [
        ("minChange=0.03", 1),
        ("minChange=0.04", 0),
        ("minChange=0.03&window=day", 1),
        ("minChange=0.04&window=day", 0),
        ("minChange=0.03&window=month", 1),
        ("minChange=-1", 1),
        ("minApr=1", 1),
        ("minApr=1e30", 0),
    ] {
        assert_eq!(served.get(&format!("/vaults?{filter}")).await["total"], found, "{filter}");
    }
}

#[tokio::test]
async fn a_search_finds_vaults_by_number_by_owner_and_by_their_account() {
    let served = served(&waiting());
    let hits = |answer: Value| -> Vec<(String, Option<u64>)> {
        let items = answer["items"].as_array().unwrap().clone();
        items
            .iter()
            .map(|hit| (hit["kind"].as_str().unwrap().to_owned(), hit["vault"].as_u64()))
            .collect()
    };
    let hit = |kind: &str, vault| (kind.to_owned(), vault);
    assert_eq!(hits(served.get("/search?q=0").await), [hit("pool", None), hit("vault", Some(0))]);
    let by_owner = served.get(&format!("/search?q={}", address(OWNER))).await;
    assert_eq!(hits(by_owner), [hit("vault", Some(0)), hit("account", None)]);
    let by_account = served.get(&format!("/search?q={}", address(100))).await;
    assert_eq!(hits(by_account), [hit("vault", Some(0)), hit("account", Some(0))]);
}

#[tokio::test]
async fn lists_of_vaults_are_csv_files_too() {
    let served = served(&waiting());
    for (path, head) in [
        ("/vaults", "vault,owner,account,feePpm"),
        ("/vaults/0/pools", "pool,shares,returningShares"),
        ("/vaults/0/series", "timeMs,block,value"),
        ("/vaults/0/events", "block,timeMs,kind"),
        ("/withdrawals?vault=0", "pool,vault,request"),
        ("/delegations?vault=0", "pool,vault,account"),
    ] {
        let join = if path.contains('?') { '&' } else { '?' };
        let (status, kind, body) = served.ask(Method::GET, &format!("/api/v1{path}{join}format=csv")).await;
        assert_eq!(
            (status, kind.as_str()),
            (StatusCode::OK, "text/csv; charset=utf-8"),
            "{path}: {body}"
        );
        assert!(body.starts_with(head), "{path}: {body}");
    }
}
