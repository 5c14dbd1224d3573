//! The indexer beside a real network: what it has is what the chain has, however often it was killed, and its interface keeps its word.

use codec::Encode;
use khala::network::{
    check::everybody_paid,
    wait::{until, Seen},
    Network,
};
use khala_client::{calls, Account, At, Call, Chain, Wait};
use khala_primitives::{AccountId32, Balance, BlockNumber, PHA};
use khala_tests::{mining, silent};
use rusqlite::{types::Value, Connection};
use serde_json::Value as Json;
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// How long anything may take.
const LIMIT: Duration = Duration::from_secs(300);
/// The property tester, as `scripts/setup --test` installs it; `KHALA_SCHEMATHESIS` names it.
const TESTER: &str = ".cache/khala/schemathesis/bin/st";

#[tokio::test]
async fn the_indexer_has_what_the_chain_has_and_a_rebuild_is_the_same() {
    let mut network = mining(2).await.unwrap();
    network.start_indexer().await.unwrap();
    let first = network.sample().await.unwrap();
    everybody_paid(&mut network, &mut silent(), &first).await.unwrap();
    let (delegator, friend) = (network.cast().delegator.clone(), AccountId32::new([7; 32]));
    let owner = network.cast().operator(0).clone();
    open_vault(network.chain(), &owner, &delegator).await;
    live(network.chain(), &delegator, &friend).await;
    leave_vault(network.chain(), &delegator, &friend).await;
    let block = network.chain().finalized().await.unwrap().number;
    indexed(&network, block).await;

    let database = network.folder().join("indexer.sqlite");
    tells_of_the_vault(&network, &owner, &delegator).await;
    interface_keeps_its_word(&network.indexer_url());
    network.stop_indexer().await.unwrap();
    let newest = newest(&database);
    assert!(newest >= block);
    let as_followed = dump(&database);

    // From nothing, at once; and from nothing by a process that is killed again and again.
    let rebuilt = network.folder().join("rebuilt.sqlite");
    assert!(indexer(&network, &rebuilt, newest).status().unwrap().success());
    assert_same(&as_followed, &dump(&rebuilt));
    let killed = network.folder().join("killed.sqlite");
    let kills = kill_until(&network, &killed, newest).await;
    assert!(kills > 0, "no process was killed before its end");
    assert_same(&as_followed, &dump(&killed));

    // The property tester has kept this thread busy for so long that the node may have given the first connection up.
    let chain = network.chain_of(0).await.unwrap();
    matches_the_chain(&chain, &rebuilt, newest, &[delegator.id().clone(), friend]).await;
}

/// A vault with something in the first pool, and some free coins.
async fn open_vault(chain: &Chain, owner: &Account, delegator: &Account) {
    let submit = |by: &'static str, account: Account, call: Call| async move {
        let receipt = chain.submit(&account, &call, Wait::Finalized).await;
        receipt.unwrap_or_else(|error| panic!("{by}: {error}"));
    };
    submit(
        "create",
        owner.clone(),
        calls::vault::create_vault(200_000, 300_000, 1_000_000, None),
    )
    .await;
    submit("delegate", delegator.clone(), calls::vault::delegate(0, 300 * PHA, 0)).await;
    submit("invest", owner.clone(), calls::vault::invest(0, 0, 200 * PHA, 0)).await;
}

/// Takes most of it back, more than is free in the vault, and sends some of the rest away.
async fn leave_vault(chain: &Chain, delegator: &Account, friend: &AccountId32) {
    let submit = |call: Call| async move { chain.submit(delegator, &call, Wait::Finalized).await.unwrap() };
    submit(calls::vault::transfer_shares(0, friend.clone(), 10 * PHA)).await;
    submit(calls::vault::undelegate(0, 250 * PHA, 0)).await;
}

/// The interface has the vault, says whose account it is in the pool, and has the position beside those in pools.
async fn tells_of_the_vault(network: &Network, owner: &Account, delegator: &Account) {
    let url = network.indexer_url();
    let vault = get(&url, "/api/v1/vaults/0").await.unwrap();
    let at = network.chain().vault_status(0, At::Finalized).await.unwrap().unwrap();
    let account = |account: &AccountId32| khala::units::address(account);
    assert_eq!(
        (vault["owner"].as_str(), vault["account"].as_str()),
        (Some(&*owner.address()), Some(&*account(&at.account)))
    );
    assert_eq!((vault["feePpm"].as_u64(), vault["delegators"].as_u64()), (Some(200_000), Some(2)));
    let in_pool = get(&url, &format!("/api/v1/delegations?pool=0&account={}", account(&at.account)))
        .await
        .unwrap();
    assert_eq!(in_pool["items"][0]["accountVault"], 0);
    let positions = get(&url, &format!("/api/v1/delegations?account={}&sort=vault", delegator.address()))
        .await
        .unwrap();
    assert_eq!(
        (positions["total"].as_u64(), positions["items"][0]["vault"].as_u64()),
        (Some(3), Some(0))
    );
    let moved = get(&url, &format!("/api/v1/movements?vault=0&account={}", delegator.address()))
        .await
        .unwrap();
    let kinds: Vec<_> = moved["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|item| item["kind"].as_str())
        .collect();
    assert!(kinds.contains(&"delegated") && kinds.contains(&"sent"), "{kinds:?}");
    let config = get(&url, "/api/v1/config").await.unwrap();
    assert_eq!(
        (config["nodeUrl"].as_str(), config["chain"]["tokenSymbol"].as_str()),
        (Some(network.node_url()), Some("PHA"))
    );
    assert_eq!(config["chain"]["tokenDecimals"], 12);
}

/// Moves shares in every way that needs no long wait.
async fn live(chain: &Chain, delegator: &Account, friend: &AccountId32) {
    let held = chain.delegation(0, delegator.id(), At::Best).await.unwrap().shares;
    let submit = |call: Call| async move { chain.submit(delegator, &call, Wait::Finalized).await.unwrap() };
    submit(calls::stake_pool::transfer_shares(0, friend.clone(), 10 * PHA)).await;
    submit(calls::stake_pool::delegate(1, 50 * PHA, 0)).await;
    // All but a little: more than is free, so that a part waits in the queue.
    submit(calls::stake_pool::undelegate(0, held - 20 * PHA, 0)).await;
    let open = chain.delegation(0, delegator.id(), At::Finalized).await.unwrap().requests;
    if let Some(request) = open.first() {
        submit(calls::stake_pool::cancel_request(0, request.id)).await;
    }
}

/// Waits until the indexer has a block.
async fn indexed(network: &Network, block: BlockNumber) {
    let url = network.indexer_url();
    until(format!("block {block} in the indexer"), LIMIT, || async {
        let status = get(&url, "/api/v1/status").await?;
        Ok(match status["indexedBlock"].as_u64() {
            Some(indexed) if indexed >= u64::from(block) => Seen::Now(()),
            _ => Seen::NotYet(status.to_string()),
        })
    })
    .await
    .unwrap();
}

async fn get(url: &str, path: &str) -> anyhow::Result<Json> {
    let address = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await?;
    // An older protocol, so that the answer ends with the connection and needs no reader of parts.
    stream
        .write_all(format!("GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n").as_bytes())
        .await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let (_, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    Ok(serde_json::from_str(body)?)
}

/// An indexer that ends with a block, on a database of its own.
fn indexer(network: &Network, database: &Path, until: BlockNumber) -> Command {
    let mut command = Command::new(network.indexer_program());
    command
        .args(["--node", network.node_url(), "--listen", "127.0.0.1:0", "--sample-secs", "60"])
        .arg("--database")
        .arg(database)
        .args(["--until", &until.to_string()])
        .stderr(Stdio::null());
    command
}

/// Kills an indexer (SIGKILL) as soon as it has written something more, and starts it again, until it has ended by itself.
async fn kill_until(network: &Network, database: &Path, last: BlockNumber) -> u32 {
    let mut kills = 0;
    loop {
        let before = if database.exists() { newest(database) } else { 0 };
        let mut child = indexer(network, database, last).spawn().unwrap();
        loop {
            if let Some(status) = child.try_wait().unwrap() {
                assert!(status.success());
                return kills;
            }
            if database.exists() && newest(database) > before {
                break;
            }
            tokio::task::yield_now().await;
        }
        child.kill().unwrap();
        // It may have ended in that moment.
        if !child.wait().unwrap().success() {
            kills += 1;
        }
    }
}

/// The newest block of a database; 0 while its tables are not there.
fn newest(database: &Path) -> BlockNumber {
    let read = || Connection::open(database)?.query_row("SELECT block FROM head", [], |row| row.get(0));
    read().unwrap_or(0)
}

/// Every row of every table.
fn dump(database: &Path) -> Vec<String> {
    let db = Connection::open(database).unwrap();
    let mut names = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").unwrap();
    let names: Vec<String> = names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut lines = Vec::new();
    for name in names {
        let mut all = db.prepare(&format!("SELECT * FROM {name}")).unwrap();
        let width = all.column_count();
        let mut rows = all.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values: Vec<Value> = (0..width).map(|column| row.get(column).unwrap()).collect();
            lines.push(format!("{name} {values:?}"));
        }
    }
    lines.sort();
    lines
}

fn assert_same(one: &[String], other: &[String]) {
    let first = one.iter().zip(other).find(|(one, other)| one != other);
    assert!(
        first.is_none() && one.len() == other.len(),
        "{} and {} rows; {first:#?}",
        one.len(),
        other.len()
    );
}

/// Compares sums and rows with the chain's own answers at a block.
async fn matches_the_chain(chain: &Chain, database: &Path, block: BlockNumber, accounts: &[AccountId32]) {
    let at = At::Hash(chain.block_hash(block).await.unwrap().unwrap());
    let db = Connection::open(database).unwrap();
    let number = |sql: &str, key: &dyn rusqlite::ToSql| -> u128 {
        let bytes: Vec<u8> = db
            .query_row(sql, [key], |row| row.get(0))
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        u128::from_be_bytes(bytes.try_into().unwrap())
    };
    let network = chain.network_status(at).await.unwrap();
    assert_eq!(number("SELECT paid FROM head WHERE id = ?", &1), network.paid);
    assert_eq!(number("SELECT treasury_part FROM head WHERE id = ?", &1), network.treasury_part);
    vaults_match_the_chain(chain, &db, at, accounts).await;
    let pools = chain.pools(0, 100, at).await.unwrap();
    assert_eq!(pools.len(), 2);
    for pool in &pools {
        // Each payment is split by itself here, and all of them at once on the chain: less than a planck for each.
        let payments: Balance = db
            .query_row("SELECT count(*) FROM heartbeats WHERE pool = ?", [pool.id], |row| {
                row.get::<_, u32>(0)
            })
            .unwrap()
            .into();
        let close = |name: &str, there: Balance| {
            let here = number(&format!("SELECT {name} FROM pools WHERE pool = ?"), &pool.id);
            assert!(
                here.abs_diff(there) <= payments,
                "pool {}: {name} is {here} and {there} on the chain",
                pool.id
            );
        };
        close("value", pool.value);
        close("free", pool.free);
        close("commission", pool.commission);
        assert_eq!(number("SELECT shares FROM pools WHERE pool = ?", &pool.id), pool.shares);
        assert_eq!(number("SELECT staked FROM pools WHERE pool = ?", &pool.id), pool.staked);
        assert_eq!(
            number("SELECT queued_shares FROM pools WHERE pool = ?", &pool.id),
            pool.queued_shares
        );
        let mut shares = 0;
        for account in accounts {
            let delegation = chain.delegation(pool.id, account, at).await.unwrap();
            let queued: u128 = delegation.requests.iter().map(|request| request.shares).sum();
            let here: Option<(Vec<u8>, Vec<u8>)> = db
                .query_row(
                    "SELECT shares, queued_shares FROM delegations WHERE pool = ? AND account = ?",
                    (pool.id, account.encode()),
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .ok();
            let here = here.map(|(shares, queued)| [shares, queued].map(|bytes| u128::from_be_bytes(bytes.try_into().unwrap())));
            assert_eq!(here.unwrap_or_default(), [delegation.shares, queued], "pool {}, {account}", pool.id);
            shares += delegation.shares + queued;
        }
        for vault in chain.vaults(0, 100, at).await.unwrap() {
            let place = vault.places.iter().find(|place| place.pool == pool.id);
            shares += place.map_or(0, |place| place.held + place.returning + place.claimed);
        }
        assert_eq!(shares, pool.shares, "pool {} has shares of others", pool.id);
        for worker in &pool.workers {
            let session = chain.worker_status(*worker, at).await.unwrap().session.unwrap();
            let key = worker.0.to_vec();
            assert_eq!(number("SELECT paid FROM workers WHERE worker = ?", &key), session.paid);
            let beats: u32 = db
                .query_row("SELECT count(*) FROM heartbeats WHERE worker = ?", [&key], |row| row.get(0))
                .unwrap();
            assert!(beats > 0 && beats <= session.heartbeats, "{beats} of {}", session.heartbeats);
        }
    }
}

/// Compares vaults, their places in pools and what accounts have in them with the chain's own answers at a block.
async fn vaults_match_the_chain(chain: &Chain, db: &Connection, at: At, accounts: &[AccountId32]) {
    let bytes = |blob: Vec<u8>| u128::from_be_bytes(blob.try_into().unwrap());
    let vaults = chain.vaults(0, 100, at).await.unwrap();
    assert_eq!(vaults.len(), 1);
    let payments: u32 = db.query_row("SELECT count(*) FROM heartbeats", [], |row| row.get(0)).unwrap();
    for vault in &vaults {
        let number = |name: &str| {
            let sql = format!("SELECT {name} FROM vaults WHERE vault = ?");
            bytes(db.query_row(&sql, [vault.id], |row| row.get(0)).unwrap())
        };
        // Values of pools are close by less than a planck for each payment.
        for (name, there) in [
            ("value", vault.value),
            ("shares", vault.shares),
            ("fee_shares", vault.fee_shares),
            ("owed", vault.owed),
        ] {
            let here = number(name);
            assert!(
                here.abs_diff(there) <= payments.into(),
                "vault {}: {name} is {here} and {there} on the chain",
                vault.id
            );
        }
        assert!(number("price").abs_diff(vault.price) < 1_000_000_000);
        assert_eq!(number("free"), vault.free);
        for place in &vault.places {
            let sql = "SELECT shares, returning_shares, claimed_shares FROM vault_places WHERE vault = ? AND pool = ?";
            let here = db
                .query_row(sql, (vault.id, place.pool), |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))
                .unwrap();
            assert_eq!(
                here.map(bytes),
                [place.held, place.returning, place.claimed],
                "vault {} in pool {}",
                vault.id,
                place.pool
            );
        }
        for account in accounts {
            let positions = chain.vault_positions(account, at).await.unwrap();
            let position = positions.iter().find(|position| position.vault == vault.id).unwrap();
            let sql = "SELECT shares, queued_shares FROM delegations WHERE vault = ? AND account = ?";
            let here = db
                .query_row(sql, (vault.id, account.encode()), |row| Ok([row.get(0)?, row.get(1)?]))
                .unwrap();
            let waiting = position.requests.iter().map(|request| request.shares).sum();
            assert_eq!(here.map(bytes), [position.shares, waiting], "vault {}, {account}", vault.id);
            let mut claims = db
                .prepare(
                    "SELECT c.request, c.pool, c.pool_request, c.shares FROM vault_claims c JOIN withdrawals w ON w.vault = c.vault \
                     AND w.request = c.request WHERE c.vault = ? AND w.account = ? ORDER BY c.request, c.pool, c.pool_request",
                )
                .unwrap();
            let here: Vec<(u64, u32, u64, u128)> = claims
                .query_map((vault.id, account.encode()), |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, bytes(row.get(3)?)))
                })
                .unwrap()
                .map(Result::unwrap)
                .collect();
            let mut there: Vec<_> = position
                .requests
                .iter()
                .flat_map(|request| {
                    request
                        .claims
                        .iter()
                        .map(|claim| (request.id, claim.pool, claim.request, claim.shares))
                })
                .collect();
            there.sort_unstable();
            assert_eq!(here, there, "vault {}, {account}", vault.id);
        }
    }
}

/// Lets schemathesis try what the interface's own document allows and forbids.
fn interface_keeps_its_word(url: &str) {
    let Some(tester) = tester() else {
        eprintln!("SKIPPED: schemathesis is not installed (scripts/setup --test), so the interface was not tested against its document");
        return;
    };
    let hooks = Path::new(env!("CARGO_MANIFEST_DIR")).join("../indexer/tests/schemathesis");
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(&tester)
        .current_dir(folder.path())
        .args(["run", &format!("{url}/api/v1/openapi.json")])
        .args([
            "--phases",
            "examples,coverage,fuzzing",
            "--max-examples",
            "10",
            "--seed",
            "1",
            "--no-color",
            "--continue-on-failure",
        ])
        .env("PYTHONPATH", hooks)
        .env("SCHEMATHESIS_HOOKS", "formats")
        .output()
        .unwrap_or_else(|error| panic!("{} cannot be run: {error}", tester.display()));
    let report = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{report}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(report.contains("passed"), "{report}");
}

fn tester() -> Option<PathBuf> {
    let named = std::env::var_os("KHALA_SCHEMATHESIS").map(PathBuf::from);
    let usual = || Some(PathBuf::from(std::env::var_os("HOME")?).join(TESTER));
    named.or_else(usual).filter(|path| path.is_file())
}
