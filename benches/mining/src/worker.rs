//! Workers without evidence, whose keys are known.

use khala_attestation::{
    certs::{CertificateFacts, Serial},
    development,
    facts::{Certified, ReportFacts},
    hex_bytes::Fmspc,
    pck::Platform,
    qe_identity::QeFacts,
    Facts,
};
use khala_pallet_attestation::{Advisories, VerdictRecord};
use khala_pallet_registry::{Renewals, Score, WorkerState};
use khala_primitives::{
    AccountId32, BlockNumber, ConfidenceLevel, EcdhPublicKey, Freshness, Heartbeat, Instance, PRuntimeVersion, PlatformId, SessionId,
    SignedHeartbeat, TcbStatus, WorkerInfo, WorkerPublicKey, WorkerSignature, H256,
};
use sp_core::{sr25519, Pair};
use sp_io::hashing::blake2_256;

/// The run of every worker's enclave.
const INSTANCE: Instance = Instance([1; 16]);
const SCORE: u32 = 1_000;

/// A worker that can answer.
pub struct Worker {
    pair: sr25519::Pair,
    session: SessionId,
}

impl Worker {
    /// The worker of a number; it has no session yet.
    pub fn new(index: u32) -> Self {
        Self {
            pair: sr25519::Pair::from_seed(&blake2_256(&index.to_le_bytes())),
            session: 0,
        }
    }

    /// The same in a pool.
    pub fn with_session(self, session: SessionId) -> Self {
        Self { session, ..self }
    }

    /// Its name.
    pub fn key(&self) -> WorkerPublicKey {
        WorkerPublicKey(self.pair.public().0)
    }

    /// Its answer to a challenge, with a speed sample of a second.
    pub fn heartbeat(&self, block: BlockNumber, seed: H256, genesis_hash: &H256) -> SignedHeartbeat {
        let heartbeat = Heartbeat {
            worker: self.key(),
            session_id: self.session,
            instance: INSTANCE,
            block,
            seed,
            iterations: u64::from(SCORE) / 6,
            elapsed_ms: 1_000,
        };
        SignedHeartbeat {
            heartbeat,
            signature: WorkerSignature(self.pair.sign(&heartbeat.message(genesis_hash)).0),
        }
    }
}

/// The name of a worker that never answers.
pub fn silent(index: u32) -> WorkerPublicKey {
    WorkerPublicKey(blake2_256(&[b"silent".as_slice(), &index.to_le_bytes()].concat()))
}

/// The name of a worker that no chain knows.
pub fn unknown(index: u32) -> WorkerPublicKey {
    WorkerPublicKey(blake2_256(&[b"unknown".as_slice(), &index.to_le_bytes()].concat()))
}

/// Who operates all workers.
pub fn operator() -> AccountId32 {
    AccountId32::new([2; 32])
}

/// What the registry knows of a worker whose lease does not end.
pub fn record(key: WorkerPublicKey) -> WorkerState {
    WorkerState {
        info: info(key),
        verdict: verdict(key),
        lease_end_secs: u64::MAX,
        registered_at: 0,
        renewed_at: 0,
        deposit: 0,
        score: Some(Score {
            value: SCORE,
            asked_secs: 0,
        }),
        benchmark: None,
        renewals: Renewals { left: 1, since_secs: 0 },
        refused_freshness: 0,
        operator_changes: 0,
        rebound_secs: 0,
    }
}

fn info(key: WorkerPublicKey) -> WorkerInfo {
    WorkerInfo {
        version: PRuntimeVersion {
            major: 1,
            minor: 0,
            patch: 0,
        },
        genesis_hash: H256::zero(),
        identity_key: key,
        ecdh_key: EcdhPublicKey([1; 32]),
        operator: operator(),
        instance: INSTANCE,
        freshness: Freshness {
            number: 0,
            hash: H256::zero(),
        },
        cores: 4,
        memory_mib: 4_096,
        features: 0,
    }
}

fn verdict(key: WorkerPublicKey) -> VerdictRecord {
    let certified = Certified {
        root_key_hash: [1; 32],
        ca_hash: [2; 32],
        leaf: CertificateFacts {
            serial: Serial::truncate_from(vec![3; 20]),
            not_before_secs: 0,
            not_after_secs: u64::MAX,
            usage_fits: true,
        },
        platform: Platform {
            id: PlatformId(key.0),
            fmspc: Fmspc([0; 6]),
            pce_id: [0; 2],
            cpu_svn: [0; 16],
            pce_svn: 0,
            sgx_type: 0,
            flags: Default::default(),
        },
        qe: QeFacts {
            misc_select: 0,
            attributes: [0; 16],
            mr_signer: [0; 32],
            isv_prod_id: 0,
            isv_svn: 0,
        },
        plain_chain: true,
    };
    let report = ReportFacts {
        measurement: development::measurement(),
        td: None,
        findings: Default::default(),
    };
    VerdictRecord {
        facts: Facts { certified, report },
        certification_hash: [4; 32],
        status: TcbStatus::UpToDate,
        advisories: Advisories::default(),
        level: ConfidenceLevel::One,
        policy_version: policy_version(),
        expires_at_secs: u64::MAX,
    }
}

/// The policy that counts: nobody is judged again.
fn policy_version() -> u32 {
    khala_pallet_attestation::PolicyVersion::<khala_runtime::Runtime>::get()
}
