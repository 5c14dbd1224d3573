//! A small chain, made by code: real events in their real encoding, and what the chain would say of what they touch.

#![allow(dead_code)]

pub mod served;
pub mod vault;

use codec::Encode;
use frame_system::{EventRecord, Phase};
use khala_client::{Event, Runtime};
use khala_indexer::{
    chain::{self, Block, Fact, Promise, Signed},
    model::{Address, Key},
};
use khala_pallet_mining::{Event as Mining, Payment};
use khala_pallet_registry::Event as Registry;
use khala_pallet_stake_pool::Event as StakePool;
use khala_primitives::{
    status::{Absence, NetworkStatus, PoolStatus, RegistrationStatus, SessionState, SessionStatus, WorkerView},
    AccountId32, ConfidenceLevel, Instance, MeasurementDigest, PRuntimeVersion, PlatformId, TcbStatus, Tee, WorkerPublicKey, H256, PHA,
};
use khala_runtime::RuntimeEvent;
use rusqlite::{types::Value, Connection};
use sp_runtime::Permill;
use std::path::Path;

pub const WORKER: WorkerPublicKey = WorkerPublicKey([0xaa; 32]);
pub const REBOUND: WorkerPublicKey = WorkerPublicKey([0xbb; 32]);
/// A moment at which a day begins.
pub const DAY_MS: u64 = 1_790_035_200_000;
pub const SLOT_MS: u64 = 6_000;
pub const SAMPLE_SECS: u64 = 60;
pub const ONE: u128 = 1_000_000_000_000_000_000;

pub fn account(number: u8) -> AccountId32 {
    AccountId32::new([number; 32])
}

pub fn address(number: u8) -> Address {
    Address([number; 32])
}

pub fn key(worker: WorkerPublicKey) -> Key {
    Key(worker.0)
}

/// The runtime of this repository, as a client sees it.
pub fn runtime() -> Runtime {
    // Constants such as the slot time stand in the state.
    let metadata = || khala_runtime::Runtime::metadata_at_version(15).unwrap();
    let metadata = sp_io::TestExternalities::default().execute_with(metadata);
    Runtime::from_metadata(&metadata).unwrap()
}

/// Events as a block stores them, read back as a client reads them.
pub fn read_back(runtime: &Runtime, events: Vec<RuntimeEvent>) -> Vec<Event> {
    let records: Vec<EventRecord<RuntimeEvent, H256>> = events
        .into_iter()
        .map(|event| EventRecord {
            phase: Phase::ApplyExtrinsic(1),
            event,
            topics: Vec::new(),
        })
        .collect();
    let read = runtime.events(records.encode()).unwrap();
    read.into_iter().map(|(_, event)| event).collect()
}

pub fn facts(runtime: &Runtime, events: Vec<RuntimeEvent>) -> Vec<(u32, Fact)> {
    let events = read_back(runtime, events);
    (0u32..)
        .zip(&events)
        .filter_map(|(place, event)| Some((place, chain::read(event).unwrap()?)))
        .collect()
}

pub fn mining(event: Mining<khala_runtime::Runtime>) -> RuntimeEvent {
    event.into()
}

pub fn registry(event: Registry<khala_runtime::Runtime>) -> RuntimeEvent {
    event.into()
}

pub fn pool_event(event: StakePool<khala_runtime::Runtime>) -> RuntimeEvent {
    event.into()
}

pub fn pool(id: u32, value: u128, shares: u128) -> PoolStatus {
    PoolStatus {
        id,
        owner: account(1),
        commission_ppm: 100_000,
        cap: Some(20_000 * PHA),
        value,
        shares,
        price: (value * ONE).checked_div(shares).unwrap_or(ONE),
        free: value,
        staked: 0,
        cooling: 0,
        commission: 0,
        workers: Vec::new(),
        max_commission_ppm: 500_000,
        commission_rise: None,
        impaired: 0,
        queued_shares: 0,
        due_shares: 0,
        need: 0,
        spare: value,
        room: Some(20_000 * PHA - value),
        restricted: false,
        description: "=the first pool".into(),
        links: vec!["https://example.org".into()],
    }
}

pub fn registration() -> RegistrationStatus {
    RegistrationStatus {
        operator: account(1),
        version: PRuntimeVersion {
            major: 1,
            minor: 2,
            patch: 3,
        },
        instance: Instance([7; 16]),
        freshness: 1,
        tee: Tee::Tdx,
        tcb_status: TcbStatus::SWHardeningNeeded,
        advisories: vec!["INTEL-SA-00615".into(), "INTEL-SA-00657".into()],
        confidence_level: ConfidenceLevel::Two,
        measurement: MeasurementDigest([3; 32]),
        lease_end_secs: DAY_MS / 1000 + 600,
        score: Some(1_000),
        benchmark: None,
        platform_id: PlatformId([4; 32]),
        fmspc: "00606a000000".into(),
        pck_ca: H256([5; 32]),
        renewals_left: 4,
        operator_changes: 0,
        refused: None,
    }
}

pub fn session(state: SessionState, stake: u128) -> SessionStatus {
    SessionStatus {
        id: 5,
        pool: 0,
        state,
        instance: Instance([7; 16]),
        stake,
        v: 3_000 * ONE,
        v_e: 3_000 * ONE,
        p: 1_000,
        score: 1_000,
        p_instant: 1_000,
        share: 3_600 * ONE,
        outstanding: 0,
        paid: 0,
        heartbeats: 0,
        answered: 0,
        answerable_from: 0,
        since_block: 0,
        last_payout_block: 0,
        cooling: 0,
        open_reductions: 0,
        resumed: false,
        // What the chain says of a worker that is not in maintenance.
        maintenance_left_secs: u64::MAX,
    }
}

pub fn view(session: Option<SessionStatus>) -> WorkerView {
    WorkerView {
        registration: Some(registration()),
        session,
    }
}

pub fn network(block: u32) -> NetworkStatus {
    NetworkStatus {
        block,
        now_ms: 0,
        slot_ms: SLOT_MS,
        workers: 1,
        idle_sessions: 1,
        pools: 1,
        total_share: 3_600 * ONE,
        subsidy_account: account(200),
        subsidy: 1_000 * PHA,
        treasury_account: account(201),
        treasury: PHA,
        pot_account: account(202),
        pot: 10_000 * PHA,
        issued: 0,
        paid: 0,
        treasury_part: 0,
        forfeited: 0,
        budget_per_day: 720_000 * PHA,
        heartbeat_window: 20,
        report_window: 100,
        challenges_per_hour: 12,
        outage: false,
    }
}

/// A chain that is made block by block.
pub struct Chain {
    runtime: Runtime,
    pub blocks: Vec<Block>,
}

impl Chain {
    pub fn new() -> Self {
        Self {
            runtime: runtime(),
            blocks: Vec::new(),
        }
    }

    /// A block with these events. A sample is taken at the first block of each minute.
    pub fn block(&mut self, events: Vec<RuntimeEvent>) -> &mut Block {
        let number = u32::try_from(self.blocks.len()).unwrap() + 1;
        let time_ms = DAY_MS + u64::from(number) * SLOT_MS;
        let before_ms = self.blocks.last().map_or(0, |block| block.time_ms);
        let sample = chain::is_boundary(before_ms, time_ms, SAMPLE_SECS * 1000).then(|| network(number));
        self.blocks.push(Block {
            number,
            hash: Key([u8::try_from(number % 251).unwrap(); 32]),
            time_ms,
            credited_secs: u64::from(number) * SLOT_MS / 1000,
            facts: facts(&self.runtime, events),
            sample,
            ..Block::default()
        });
        self.blocks.last_mut().unwrap()
    }

    /// `count` blocks in which nothing happens.
    pub fn quiet(&mut self, count: u32) {
        for _ in 0..count {
            self.block(Vec::new());
        }
    }
}

/// A pool, two delegators and a worker live through everything that can happen to them.
pub fn life() -> Vec<Block> {
    lived().blocks
}

fn lived() -> Chain {
    let mut chain = Chain::new();
    let created = StakePool::PoolCreated {
        pool: 0,
        owner: account(1),
        commission: Permill::from_parts(100_000),
        max_commission: Permill::from_parts(500_000),
        cap: Some(20_000 * PHA),
    };
    let delegated = |who: u8, pha: u128| StakePool::Delegated {
        pool: 0,
        who: account(who),
        amount: pha * PHA,
        shares: pha * PHA,
    };
    // A pool that gets its first shares in the block of its creation.
    let block = chain.block(vec![pool_event(created), pool_event(delegated(2, 9_000))]);
    block.pools = vec![pool(0, 9_000 * PHA, 9_000 * PHA)];
    block.transactions = vec![Signed {
        index: 1,
        hash: Key([9; 32]),
        account: address(2),
        pallet: "StakePool".into(),
        call: "delegate".into(),
        fee: 77,
        tip: 7,
        error: None,
    }];
    let registered = Registry::WorkerRegistered {
        worker: WORKER,
        operator: account(1),
        measurement: MeasurementDigest([3; 32]),
        platform_id: PlatformId([4; 32]),
        level: ConfidenceLevel::Two,
        lease_end_secs: DAY_MS / 1000 + 600,
    };
    chain.block(vec![registry(registered)]).workers = vec![(key(WORKER), view(None))];
    let joined = Mining::SessionCreated {
        session: 5,
        worker: WORKER,
        pool: 0,
    };
    let block = chain.block(vec![mining(joined), pool_event(delegated(3, 1_000))]);
    block.workers = vec![(key(WORKER), view(Some(session(SessionState::Ready, 0))))];
    block.pools = vec![pool(0, 10_000 * PHA, 10_000 * PHA)];
    let started = Mining::Started {
        session: 5,
        worker: WORKER,
        stake: 2_000 * PHA,
        v: 3_000 * ONE,
        share: 3_600 * ONE,
    };
    let block = chain.block(vec![mining(started)]);
    block.workers = vec![(key(WORKER), view(Some(session(SessionState::Idle, 2_000 * PHA))))];
    block.pools = vec![PoolStatus {
        free: 8_000 * PHA,
        spare: 8_000 * PHA,
        staked: 2_000 * PHA,
        workers: vec![WORKER],
        ..pool(0, 10_000 * PHA, 10_000 * PHA)
    }];
    for number in 0..20u32 {
        let payment = Payment {
            session: 5,
            worker: WORKER,
            block: number,
            paid: 10 * PHA,
            treasury: 2 * PHA,
            v: (3_000 + u128::from(number)) * ONE,
            p_instant: 1_010,
        };
        chain.block(vec![mining(Mining::Settled {
            payments: vec![payment].try_into().unwrap(),
        })]);
    }
    chain.block(vec![pool_event(StakePool::RewardTaken {
        pool: 0,
        commission: 20 * PHA,
        rest: 180 * PHA,
    })]);
    let queued = StakePool::RequestQueued {
        pool: 0,
        request: 0,
        who: account(3),
        shares: 400 * PHA,
        deadline_secs: 1_000,
    };
    let sent = StakePool::SharesTransferred {
        pool: 0,
        from: account(2),
        to: account(4),
        shares: 100 * PHA,
    };
    let block = chain.block(vec![pool_event(queued), pool_event(sent)]);
    block.pools = vec![pool(0, 10_180 * PHA, 10_000 * PHA)];
    block.promises = vec![Promise {
        pool: 0,
        request: 0,
        after_secs: 240,
    }];
    let missed = Mining::BecameUnresponsive {
        session: 5,
        worker: WORKER,
        absence: Absence::Offline,
        missed: 21,
        forfeited: 3 * PHA,
    };
    let offline = SessionState::Unresponsive { cause: Absence::Offline };
    chain.block(vec![mining(missed)]).workers = vec![(key(WORKER), view(Some(session(offline, 2_000 * PHA))))];
    let stopped = Mining::Stopped {
        session: 5,
        worker: WORKER,
        returned: 1_800 * PHA,
        lost: 200 * PHA,
        due_secs: 700,
    };
    let block = chain.block(vec![mining(stopped)]);
    block.workers = vec![(key(WORKER), view(Some(session(SessionState::CoolingDown { until_secs: 700 }, 0))))];
    block.pools = vec![pool(0, 9_980 * PHA, 10_000 * PHA)];
    let paid = |shares: u128, left: u128| StakePool::RequestPaid {
        pool: 0,
        request: 0,
        who: account(3),
        shares: shares * PHA,
        amount: shares * PHA,
        left: left * PHA,
    };
    let due = StakePool::RequestDue { pool: 0, request: 0 };
    chain.block(vec![pool_event(due), pool_event(paid(300, 100))]).pools = vec![pool(0, 9_680 * PHA, 9_700 * PHA)];
    let left = StakePool::Undelegated {
        pool: 0,
        who: account(4),
        shares: 100 * PHA,
        amount: 99 * PHA,
    };
    chain.block(vec![pool_event(paid(100, 0)), pool_event(left)]).pools = vec![pool(0, 9_481 * PHA, 9_500 * PHA)];
    let rebound = Registry::WorkerRebound {
        old: WORKER,
        new: REBOUND,
        platform_id: PlatformId([4; 32]),
    };
    let block = chain.block(vec![registry(rebound)]);
    let gone = WorkerView {
        registration: None,
        session: None,
    };
    let cooling = session(SessionState::CoolingDown { until_secs: 700 }, 0);
    block.workers = vec![(key(WORKER), gone), (key(REBOUND), view(Some(cooling)))];
    chain.quiet(30);
    // With a sample, everything is read.
    let mut newest = Vec::new();
    for block in &mut chain.blocks {
        if !block.pools.is_empty() {
            newest.clone_from(&block.pools);
        } else if block.sample.is_some() && block.number > 28 {
            block.pools.clone_from(&newest);
        }
    }
    chain
}

/// Every row of every table, as text: what two databases are compared by.
pub fn dump(path: &Path) -> Vec<String> {
    let db = Connection::open(path).unwrap();
    let tables: Vec<String> = db
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<rusqlite::Result<_>>()
        .unwrap();
    let mut lines = Vec::new();
    for table in tables {
        let mut statement = db.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let width = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        let mut of_table = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            let values: Vec<Value> = (0..width).map(|column| row.get(column).unwrap()).collect();
            of_table.push(format!("{table} {values:?}"));
        }
        of_table.sort();
        lines.extend(of_table);
    }
    lines
}
