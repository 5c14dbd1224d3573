//! Workers without evidence, as large in storage as those with it.

use crate::{Renewals, Score, WorkerFacts, WorkerState};
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
use khala_primitives::{
    AccountId32, ConfidenceLevel, EcdhPublicKey, Freshness, Instance, PRuntimeVersion, PlatformId, TcbStatus, WorkerInfo, WorkerPublicKey,
    H256,
};

/// What is known of a worker whose lease does not end.
pub(super) fn facts(operator: AccountId32, score: u32) -> WorkerFacts<AccountId32> {
    WorkerFacts {
        operator,
        instance: Instance([1; 16]),
        lease_end_secs: u64::MAX,
        level: ConfidenceLevel::One,
        score: Some(score),
        policy_version: 1,
        measurement: development::measurement(),
    }
}

/// The stored state of a worker with these facts.
pub(crate) fn worker_state(worker: WorkerPublicKey, facts: WorkerFacts<AccountId32>) -> WorkerState {
    WorkerState {
        verdict: verdict(worker, &facts),
        info: WorkerInfo {
            version: PRuntimeVersion {
                major: 1,
                minor: 0,
                patch: 0,
            },
            genesis_hash: H256::zero(),
            identity_key: worker,
            ecdh_key: EcdhPublicKey([1; 32]),
            operator: facts.operator,
            instance: facts.instance,
            freshness: Freshness {
                number: 0,
                hash: H256::zero(),
            },
            cores: 1,
            memory_mib: 1024,
            features: 0,
        },
        lease_end_secs: facts.lease_end_secs,
        registered_at: 1,
        renewed_at: 1,
        deposit: 0,
        score: facts.score.map(|value| Score { value, asked_secs: 0 }),
        benchmark: None,
        renewals: Renewals { left: 1, since_secs: 0 },
        refused_freshness: 0,
        operator_changes: 0,
        rebound_secs: 0,
    }
}

fn verdict(worker: WorkerPublicKey, facts: &WorkerFacts<AccountId32>) -> VerdictRecord {
    let certified = Certified {
        root_key_hash: [1; 32],
        ca_hash: [2; 32],
        leaf: CertificateFacts {
            serial: Serial::truncate_from(alloc::vec![3; 20]),
            not_before_secs: 0,
            not_after_secs: u64::MAX,
            usage_fits: true,
        },
        platform: Platform {
            id: PlatformId(worker.0),
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
        measurement: facts.measurement,
        td: None,
        findings: Default::default(),
    };
    VerdictRecord {
        facts: Facts { certified, report },
        certification_hash: [4; 32],
        status: TcbStatus::UpToDate,
        advisories: Advisories::default(),
        level: facts.level,
        policy_version: facts.policy_version,
        expires_at_secs: facts.lease_end_secs,
    }
}
