//! How fast the indexer is, beside what limits it. Run by `scripts/indexer-bench`; without an argument, as a test, it does nothing.

use anyhow::Context;
use clap::{Parser, Subcommand};
use futures::{stream, StreamExt, TryStreamExt};
use khala_client::{value_key, Chain};
use khala_indexer::{
    api::App,
    console,
    health::Health,
    model::{Address, Fixed18, Key, Planck, Shares},
    run, server,
    store::{Readers, Store, DEADLINE},
};
use rusqlite::Connection;
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Requests under way at once, as the indexer has them.
const AT_ONCE: usize = 64;
/// The list of pools in every order, by every filter and search, and some as the console asks for them together.
const POOLS: [&str; 29] = [
    "",
    "sort=pool",
    "sort=value&order=asc",
    "sort=apr",
    "sort=apr&order=asc",
    "sort=commission",
    "sort=room",
    "sort=free",
    "sort=workers",
    "sort=delegators",
    "sort=paid",
    "search=777",
    "search=number%20777",
    "search=friendly",
    "search=OWNER",
    "owner=OWNER",
    "restricted=false",
    "minRoom=1000000000000",
    "minValue=500000000000000000",
    "maxCommissionPpm=200000",
    "minApr=0.5",
    "mining=true",
    "maxLevel=3",
    "offset=900",
    "limit=100",
    "sort=apr&limit=100",
    "search=friendly&limit=100",
    "maxLevel=5&limit=100",
    "sort=room&minRoom=1000000000000&maxCommissionPpm=200000&minApr=0.1&maxLevel=5&offset=200&limit=50",
];
/// Vaults in the database of [`fill`], and the pools that each has.
const VAULTS: (u32, u32) = (200, 8);

#[derive(Parser)]
struct Arguments {
    /// What cargo says to every bench.
    #[arg(long, hide = true, global = true)]
    bench: bool,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Subcommand)]
enum What {
    /// Time to the list of pools, on a database of this size.
    Pools {
        #[arg(long, default_value_t = 10_000)]
        workers: u32,
        #[arg(long, default_value_t = 100_000)]
        delegations: u32,
        #[arg(long, default_value_t = 1_000)]
        pools: u32,
        #[arg(long, default_value_t = 500)]
        requests: u32,
    },
    /// Blocks a second from a node.
    Catchup {
        #[arg(long)]
        node: String,
        /// The newest finalised one when it is not given.
        #[arg(long)]
        blocks: Option<u32>,
        /// How often the same blocks are read.
        #[arg(long, default_value_t = 3)]
        rounds: u32,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let database = folder.path().join("bench.sqlite");
    match Arguments::parse().what {
        None => Ok(()),
        Some(What::Pools {
            workers,
            delegations,
            pools,
            requests,
        }) => {
            fill(&database, workers, delegations, pools)?;
            lists(&database, requests).await
        }
        Some(What::Catchup { node, blocks, rounds }) => catch_up(&node, blocks, rounds, folder.path()).await,
    }
}

async fn catch_up(node: &str, blocks: Option<u32>, rounds: u32, folder: &Path) -> anyhow::Result<()> {
    let chain = Chain::connect(node).await?;
    let last = blocks.unwrap_or(chain.finalized().await?.number);
    anyhow::ensure!(last > 1, "the node has no blocks to be read");
    println!("| blocks | start, ms | indexed a second | the node's bare answers a second | ratio | one by one |");
    println!("|---:|---:|---:|---:|---:|---:|");
    for round in 0..rounds {
        let (together, each) = answers_a_second(&chain, last).await?;
        // Connection and metadata are needed once, however many blocks there are.
        let start = follow(node, &folder.join(format!("start-{round}.sqlite")), 1).await?;
        let whole = follow(node, &folder.join(format!("{round}.sqlite")), last).await?;
        let speed = f64::from(last - 1) / whole.saturating_sub(start).as_secs_f64();
        println!(
            "| {last} | {} | {speed:.0} | {together:.0} | {:.2} | {each:.0} |",
            start.as_millis(),
            speed / together
        );
    }
    Ok(())
}

/// Time in which so many blocks are indexed.
async fn follow(node: &str, database: &Path, last: u32) -> anyhow::Result<Duration> {
    let store = Store::open(database, 60)?;
    let health = Arc::new(Health::new(60));
    let started = Instant::now();
    run::follow(node, store, Some(last), &health).await?;
    Ok(started.elapsed())
}

/// The limit: the node's answers to what every block needs, thrown away; many blocks in a request, and each in one of its own.
async fn answers_a_second(chain: &Chain, last: u32) -> anyhow::Result<(f64, f64)> {
    let numbers: Vec<u32> = (1..=last).collect();
    let mut hashes = Vec::new();
    for part in numbers.chunks(256) {
        hashes.extend(chain.block_hashes(part).await?.into_iter().flatten());
    }
    let keys = [
        ("System", "Events"),
        ("Timestamp", "Now"),
        ("Mining", "ClockReadings"),
        ("System", "LastRuntimeUpgrade"),
    ];
    let keys = keys.map(|(pallet, item)| value_key(pallet, item)).to_vec();
    let a_second = |started: Instant| hashes.len() as f64 / started.elapsed().as_secs_f64();
    let started = Instant::now();
    for part in hashes.chunks(256) {
        chain.values_over(&keys, part).await?;
    }
    let together = a_second(started);
    let started = Instant::now();
    let answers = stream::iter(&hashes).map(|hash| chain.values(&keys, *hash)).buffered(AT_ONCE);
    answers.try_for_each(|_| async { Ok(()) }).await?;
    Ok((together, a_second(started)))
}

async fn lists(database: &Path, requests: u32) -> anyhow::Result<()> {
    let app = App {
        readers: Arc::new(Readers::open(database, 4, DEADLINE)?),
        health: Arc::new(Health::new(3600)),
        public_node: None,
    };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    tokio::spawn(async move { axum::serve(listener, server::router(app, console::absent())).await });
    println!("| request | p50, ms | p99, ms |");
    println!("|---|---:|---:|");
    let (owner, mut worst) = (Address(bytes(7)).to_string(), 0.0f64);
    let lists = POOLS
        .iter()
        .map(|query| format!("/api/v1/pools?{}", query.replace("OWNER", &owner)));
    for path in ["/version".to_owned()]
        .into_iter()
        .chain(lists)
        .chain(["/api/v1/vaults?limit=100".into()])
    {
        let times = times(&address, &path, requests).await?;
        println!("| `{path}` | {:.2} | {:.2} |", at(&times, 50), at(&times, 99));
        worst = worst.max(at(&times, 99));
    }
    println!("\nthe worst p99: {worst:.2} ms");
    Ok(())
}

/// Times of requests one after another, smallest first.
async fn times(address: &str, path: &str, requests: u32) -> anyhow::Result<Vec<Duration>> {
    let mut times = Vec::new();
    for _ in 0..requests {
        let started = Instant::now();
        let mut stream = TcpStream::connect(address).await?;
        stream
            .write_all(format!("GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n").as_bytes())
            .await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        times.push(started.elapsed());
        anyhow::ensure!(answer.starts_with(b"HTTP/1.0 200"), "{path}: {}", String::from_utf8_lossy(&answer));
    }
    times.sort();
    Ok(times)
}

fn at(times: &[Duration], percent: usize) -> f64 {
    let place = times.len().saturating_sub(1) * percent / 100;
    times.get(place).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}

/// A key or an account for each number.
fn bytes(number: u32) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&number.wrapping_mul(0x9e37_79b9).to_be_bytes());
    bytes[28..].copy_from_slice(&number.to_be_bytes());
    bytes
}

/// A network of this size, written as the indexer would have written it.
fn fill(database: &Path, workers: u32, delegations: u32, pools: u32) -> anyhow::Result<()> {
    anyhow::ensure!(pools > 0, "there must be a pool");
    drop(Store::open(database, 3600)?);
    let mut db = Connection::open(database)?;
    let transaction = db.transaction()?;
    let pha = |pha: u128| Planck(pha * 1_000_000_000_000);
    for pool in 0..pools {
        let value = pha(1_000 + u128::from(pool.wrapping_mul(2_654_435_761) % 1_000_000));
        transaction
            .execute(
                "INSERT INTO pools (pool, owner, description, links, commission_ppm, max_commission_ppm, restricted, cap, room, value, shares, \
                 price, apr, free, spare, staked, cooling, impaired, commission, queued_shares, due_shares, need, workers, idle_workers, \
                 delegators, paid, paid_to_delegators, paid_to_owner, lost, created_block, created_ms, refreshed_block) VALUES (?1, ?2, ?3, \
                 '[\"https://example.org\"]', ?4, 500000, 0, NULL, ?5, ?5, ?5, ?6, ?7, ?5, ?5, ?5, ?8, ?8, ?5, ?8, ?8, ?8, 10, 9, ?9, ?5, ?5, ?5, \
                 ?8, 1, 1, 1)",
                rusqlite::params![
                    pool,
                    Address(bytes(pool)),
                    format!("The pool with number {pool}: steady machines, paid power, a friendly owner who answers at night too."),
                    pool % 300 * 1_000,
                    value,
                    Fixed18(1_000_000_000_000_000_000),
                    f64::from(pool % 97) / 100.0,
                    Planck(0),
                    delegations / pools,
                ],
            )
            .context("a pool cannot be written")?;
    }
    for worker in 0..workers {
        transaction
            .execute(
                "INSERT INTO workers (worker, operator, pool, session, state, since_block, since_ms, stake, v, v_e, p, score, p_instant, share, \
                 paid, treasury, heartbeats, forfeited, lost, cooling, open_reductions, resumed, maintenance_left_secs, level, tee, tcb_status, \
                 advisories, lease_end_ms, operator_changes, registered_block, registered_ms, refreshed_block) VALUES (?1, ?2, ?3, ?4, 'idle', 1, \
                 1, ?5, ?5, ?5, 1000, 1000, 1000, ?5, ?5, ?5, 1, ?6, ?6, ?6, 0, 0, 0, ?7, 'SGX', 'UpToDate', '[]', 1, 0, 1, 1, 1)",
                rusqlite::params![
                    Key(bytes(worker)),
                    Address(bytes(worker % pools)),
                    worker % pools,
                    worker,
                    pha(3_000),
                    Planck(0),
                    worker.wrapping_mul(2_654_435_761) % 5 + 1,
                ],
            )
            .context("a worker cannot be written")?;
    }
    for delegation in 0..delegations {
        transaction
            .execute(
                "INSERT INTO delegations (pool, account, shares, queued_shares, total_shares, put_in, taken_out, since_block, since_ms) \
                 VALUES (?1, ?2, ?3, ?4, ?3, ?3, ?4, 1, 1)",
                rusqlite::params![
                    delegation % pools,
                    Address(bytes(delegation)),
                    Shares(pha(1 + u128::from(delegation % 5_000)).0),
                    Planck(0)
                ],
            )
            .context("a delegation cannot be written")?;
    }
    let (vaults, places) = VAULTS;
    for vault in 0..vaults {
        transaction
            .execute(
                "INSERT INTO vaults (vault, owner, account, fee_ppm, max_fee_ppm, commission_limit_ppm, value, shares, price, mark, fee_shares, \
                 base_shares, base_fee_shares, base_mark, fees_taken, apr, free, owed, spare, pools, delegators, created_block, created_ms, \
                 refreshed_block) VALUES (?1, ?2, ?3, 100000, 500000, 1000000, ?4, ?4, ?5, ?5, ?6, ?4, ?6, ?5, ?6, 0.1, ?4, ?6, ?4, ?7, 10, 1, 1, 1)",
                rusqlite::params![
                    vault,
                    Address(bytes(vault)),
                    Address(bytes(1_000_000_000 + vault)),
                    pha(1_000 + u128::from(vault)),
                    Fixed18(1_000_000_000_000_000_000),
                    Planck(0),
                    places,
                ],
            )
            .context("a vault cannot be written")?;
        for place in 0..places {
            transaction
                .execute(
                    "INSERT INTO vault_places (vault, pool, shares, returning_shares, claimed_shares, commission_ppm) VALUES (?, ?, ?, ?, ?, 0) \
                     ON CONFLICT DO NOTHING",
                    (vault, (vault * 7 + place * 13) % pools, Shares(pha(100).0), Planck(0), Planck(0)),
                )
                .context("a place cannot be written")?;
        }
    }
    transaction.commit()?;
    Ok(())
}
