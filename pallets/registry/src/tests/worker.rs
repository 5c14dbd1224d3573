//! Workers with genuine-format evidence, and what they do.

use super::mock::*;
use frame_support::assert_ok;
use frame_system::RawOrigin;
use khala_attestation::{
    forge::{Pki, Platform, TcbClass},
    measurement,
};
use khala_primitives::{
    BenchmarkResult, EcdhPublicKey, Evidence, Instance, MeasurementDigest, PRuntimeVersion, Renewal, WorkerInfo, WorkerPublicKey,
    WorkerSignature,
};
use sp_core::{sr25519, Pair};
use sp_runtime::{DispatchResult, DispatchResultWithInfo};

/// One worker: its keys, and the machine it runs on.
pub(crate) struct Worker {
    pub(crate) pair: sr25519::Pair,
    pub(crate) platform: Platform,
}

impl Worker {
    /// A worker with its own machine.
    pub(crate) fn new(name: &str) -> Self {
        Self::on_platform(name, name)
    }

    /// A worker on a machine that it may share.
    pub(crate) fn on_platform(name: &str, platform: &str) -> Self {
        Self {
            pair: sr25519::Pair::from_string(&format!("//{name}"), None).unwrap(),
            platform: platform_of_class(TcbClass::UpToDate, platform),
        }
    }

    pub(crate) fn key(&self) -> WorkerPublicKey {
        WorkerPublicKey(self.pair.public().0)
    }

    /// What it says of itself now.
    pub(crate) fn info(&self) -> WorkerInfo {
        WorkerInfo {
            version: PRuntimeVersion {
                major: 0,
                minor: 1,
                patch: 0,
            },
            genesis_hash: System::block_hash(0),
            identity_key: self.key(),
            ecdh_key: EcdhPublicKey([0xec; 32]),
            operator: operator(),
            instance: Instance([1; 16]),
            freshness: parent(),
            cores: 4,
            memory_mib: 4096,
            features: 0,
        }
    }

    /// Evidence that is bound to `info`.
    pub(crate) fn evidence(&self, info: &WorkerInfo) -> Evidence {
        self.platform.sgx(info.report_data())
    }

    /// Registers with what it says now.
    pub(crate) fn register(&self) -> DispatchResultWithInfo<frame_support::dispatch::PostDispatchInfo> {
        self.register_as(self.info())
    }

    /// Registers with `info`, signed by the operator.
    pub(crate) fn register_as(&self, info: WorkerInfo) -> DispatchResultWithInfo<frame_support::dispatch::PostDispatchInfo> {
        let evidence = self.evidence(&info);
        Registry::register_worker(RuntimeOrigin::signed(operator()), info, evidence)
    }

    /// Evidence that is bound to `info`, and the worker's word for it: what a relayer sends.
    pub(crate) fn renewal(&self, info: WorkerInfo) -> (WorkerInfo, Evidence, WorkerSignature) {
        let evidence = self.evidence(&info);
        let signature = self.sign_renewal(&info, &evidence);
        (info, evidence, signature)
    }

    pub(crate) fn sign_renewal(&self, info: &WorkerInfo, evidence: &Evidence) -> WorkerSignature {
        let renewal = Renewal::new(info.identity_key, evidence, info.freshness);
        self.sign(&renewal.message(&System::block_hash(0)))
    }

    /// Renews with what it says now, without a fee.
    pub(crate) fn renew(&self) -> DispatchResult {
        self.renew_as(self.info())
    }

    /// Renews with `info`, without a fee.
    pub(crate) fn renew_as(&self, info: WorkerInfo) -> DispatchResult {
        let (info, evidence, signature) = self.renewal(info);
        renew_with(info, evidence, signature)
    }

    pub(crate) fn sign(&self, message: &[u8]) -> WorkerSignature {
        WorkerSignature(self.pair.sign(message).0)
    }

    pub(crate) fn state(&self) -> crate::WorkerState {
        crate::Workers::<Test>::get(self.key()).unwrap()
    }
}

/// Dispatches a renewal as after a successful authorisation.
pub(crate) fn renew_with(info: WorkerInfo, evidence: Evidence, signature: WorkerSignature) -> DispatchResult {
    let renewed = Registry::renew_worker(RawOrigin::Authorized.into(), info, evidence, signature);
    renewed.map(|_| ()).map_err(|refused| refused.error)
}

/// Works for its score as long as it takes, at a pace of so many iterations.
pub(crate) fn answer_benchmark_with(worker: &Worker, iterations: u64) {
    let block = worker.state().benchmark.unwrap().block;
    pass_secs(u64::from(PARAMETERS.benchmark_secs));
    assert_ok!(Registry::do_benchmark_result(&BenchmarkResult {
        worker: worker.key(),
        block,
        iterations
    }));
}

/// Evidence of other code than the development pRuntime's, which is not allowed yet.
pub(crate) fn evidence_of_other_code(worker: &Worker, info: &WorkerInfo, code: u8) -> (Evidence, MeasurementDigest) {
    let mut draft = worker.platform.sgx_draft(info.report_data());
    let report = draft.sgx_report().unwrap();
    report.mr_enclave = [code; 32];
    let measurement = measurement::of_sgx(report);
    (Evidence::Sgx { quote: draft.sign() }, measurement)
}

pub(crate) fn platform_of_class(class: TcbClass, seed: &str) -> Platform {
    Pki::development().platform(class, seed)
}
