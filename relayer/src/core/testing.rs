//! Values for this crate's tests. Second n is the time of block n.

use super::{
    collateral::{Family, Settings},
    BlockView, Identity, Prepared, WorkerConfig,
};
use khala_primitives::{
    status::{MiningView, RegistrationStatus, SessionState, SessionStatus},
    BlockNumber, Challenge, ConfidenceLevel, EcdhPublicKey, Evidence, Freshness, Heartbeat, Instance, MeasurementDigest, PRuntimeVersion,
    PlatformId, Renewal, SignedHeartbeat, TcbStatus, Tee, WorkerInfo, WorkerPublicKey, WorkerSignature, H256, U256,
};
use sp_core::{sr25519, Pair};

pub(crate) const WINDOW: BlockNumber = 20;
pub(crate) const LEASE_SECS: u64 = 600;

pub(crate) fn hash(number: BlockNumber, branch: u8) -> H256 {
    let mut bytes = [branch; 32];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    H256(bytes)
}

pub(crate) fn challenge_for_all(block: BlockNumber, branch: u8) -> Challenge {
    Challenge {
        block,
        seed: hash(block, branch),
        target: U256::MAX,
    }
}

pub(crate) fn challenge_for_none(block: BlockNumber) -> Challenge {
    Challenge {
        block,
        seed: hash(block, 0),
        target: U256::zero(),
    }
}

pub(crate) fn block(number: BlockNumber, branch: u8, finalized: BlockNumber, challenge: Option<Challenge>) -> BlockView {
    let view = MiningView {
        block: number,
        now_ms: u64::from(number) * 1000,
        challenge,
        heartbeat_window: WINDOW,
        freshness_blocks: 300,
        lease_secs: LEASE_SECS,
        workers: Vec::new(),
    };
    let finalized = Freshness {
        number: finalized,
        hash: hash(finalized, 0),
    };
    BlockView {
        hash: hash(number, branch),
        finalized,
        asked: Vec::new(),
        view,
        overdue: Vec::new(),
    }
}

pub(crate) fn pair(worker: u64) -> sr25519::Pair {
    let mut seed = [0x5e; 32];
    seed[..8].copy_from_slice(&worker.to_be_bytes());
    sr25519::Pair::from_seed(&seed)
}

pub(crate) fn key(worker: u64) -> WorkerPublicKey {
    WorkerPublicKey(pair(worker).public().0)
}

pub(crate) fn instance(run: u64) -> Instance {
    let mut bytes = [0xaa; 16];
    bytes[..8].copy_from_slice(&run.to_be_bytes());
    Instance(bytes)
}

pub(crate) fn config(worker: u64) -> WorkerConfig {
    let endpoint = format!("http://127.0.0.1:{}", 10_000 + worker);
    WorkerConfig {
        name: format!("worker-{worker}"),
        endpoint,
        operator: [1; 32].into(),
        pool: None,
        replaces: None,
    }
}

pub(crate) fn identity(worker: u64, run: u64) -> Identity {
    Identity {
        key: Some(key(worker)),
        operator: None,
        genesis_hash: None,
        instance: instance(run),
    }
}

pub(crate) fn prepared(worker: u64, run: u64, freshness: Freshness, genesis_hash: H256) -> Prepared {
    let info = WorkerInfo {
        version: PRuntimeVersion {
            major: 0,
            minor: 1,
            patch: 0,
        },
        genesis_hash,
        identity_key: key(worker),
        ecdh_key: EcdhPublicKey([5; 32]),
        operator: [1; 32].into(),
        instance: instance(run),
        freshness,
        cores: 1,
        memory_mib: 1024,
        features: 0,
    };
    let evidence = Evidence::Sgx { quote: vec![1, 2, 3] };
    let renewal = Renewal::new(info.identity_key, &evidence, info.freshness).message(&genesis_hash);
    Prepared {
        info,
        evidence,
        renewal: WorkerSignature(pair(worker).sign(&renewal).0),
        family: family(),
    }
}

/// The family of all machines of the tests.
pub(crate) fn family() -> Family {
    Family {
        tee: Tee::Sgx,
        fmspc: "00d3e1000000".into(),
        pck_ca: H256::repeat_byte(2),
        root: H256::repeat_byte(1),
    }
}

/// One source of collateral.
pub(crate) fn settings() -> Settings {
    Settings {
        sources: vec!["source".into()],
        ..Settings::default()
    }
}

pub(crate) fn registration(run: u64, lease_end_secs: u64) -> RegistrationStatus {
    RegistrationStatus {
        operator: [1; 32].into(),
        version: PRuntimeVersion {
            major: 0,
            minor: 1,
            patch: 0,
        },
        instance: instance(run),
        freshness: 0,
        tee: Tee::Sgx,
        tcb_status: TcbStatus::UpToDate,
        advisories: Vec::new(),
        confidence_level: ConfidenceLevel::One,
        measurement: MeasurementDigest([0; 32]),
        lease_end_secs,
        score: Some(1000),
        benchmark: None,
        platform_id: PlatformId([3; 32]),
        fmspc: family().fmspc,
        pck_ca: family().pck_ca,
        renewals_left: 4,
        operator_changes: 0,
        refused: None,
    }
}

pub(crate) fn session(run: u64, state: SessionState) -> SessionStatus {
    SessionStatus {
        id: 1,
        pool: 0,
        state,
        instance: instance(run),
        stake: 0,
        v: 0,
        v_e: 0,
        p: 1000,
        p_instant: 1000,
        share: 0,
        outstanding: 0,
        paid: 0,
        heartbeats: 0,
        answered: 0,
        answerable_from: 0,
        since_block: 0,
        last_payout_block: 0,
        score: 1000,
        cooling: 0,
        open_reductions: 0,
        resumed: false,
        maintenance_left_secs: 0,
    }
}

pub(crate) fn heartbeat(worker: u64, run: u64, session_id: u64, challenge: &Challenge) -> Heartbeat {
    let (block, seed) = (challenge.block, challenge.seed);
    Heartbeat {
        worker: key(worker),
        session_id,
        instance: instance(run),
        block,
        seed,
        iterations: 0,
        elapsed_ms: 0,
    }
}

pub(crate) fn sign(worker: u64, heartbeat: Heartbeat, genesis_hash: &H256) -> SignedHeartbeat {
    SignedHeartbeat {
        heartbeat,
        signature: WorkerSignature(pair(worker).sign(&heartbeat.message(genesis_hash)).0),
    }
}

/// A heartbeat for tests that do not look at its signature.
pub(crate) fn signed_heartbeat(worker: u64, block: BlockNumber) -> SignedHeartbeat {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&worker.to_be_bytes());
    let heartbeat = Heartbeat {
        worker: WorkerPublicKey(bytes),
        ..self::heartbeat(0, 1, 1, &challenge_for_none(block))
    };
    SignedHeartbeat {
        heartbeat,
        signature: WorkerSignature([0; 64]),
    }
}
