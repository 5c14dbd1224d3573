//! The benchmarks of our pallets, as `scripts/weights` runs them in the Wasm.

use crate::{AllPalletsWithSystem, Attestation, Mining, Registry, Runtime, StakePool, Vault};
use alloc::{string::String, vec::Vec};
use frame_benchmarking::{define_benchmarks, BenchmarkBatch, BenchmarkConfig, BenchmarkList};
use frame_support::traits::{OnPoll, StorageInfo, StorageInfoTrait, WhitelistedStorageKeys};
use khala_primitives::WorkerPublicKey;

define_benchmarks!(
    [khala_pallet_attestation, Attestation]
    [khala_pallet_registry, Registry]
    [khala_pallet_mining, Mining]
    [khala_pallet_stake_pool, StakePool]
    [khala_pallet_vault, Vault]
);

/// Sets the scene that the registry's benchmarks play in.
pub struct Scene;

impl khala_pallet_registry::BenchmarkHelper for Scene {
    fn set_time_ms(now_ms: u64) {
        pallet_timestamp::Now::<Runtime>::put(now_ms);
    }

    fn draw_seed() {
        let mut meter = frame_support::weights::WeightMeter::new();
        Mining::on_poll(crate::System::block_number(), &mut meter);
    }

    fn put_to_use(worker: &WorkerPublicKey) {
        let session = khala_pallet_mining::benchmarking::scene::put_to_use::<Runtime>(worker, 0);
        // A renewal costs most when the lease had lapsed while the worker mined.
        khala_pallet_mining::Sessions::<Runtime>::mutate(session, |session| {
            if let Some(session) = session {
                session.lease_end_secs = 0;
            }
        });
    }
}

/// Which benchmarks there are.
pub(crate) fn metadata(extra: bool) -> (Vec<BenchmarkList>, Vec<StorageInfo>) {
    let mut list = Vec::<BenchmarkList>::new();
    list_benchmarks!(list, extra);
    (list, AllPalletsWithSystem::storage_info())
}

/// Runs one.
pub(crate) fn dispatch(config: BenchmarkConfig) -> Result<Vec<BenchmarkBatch>, String> {
    let whitelist = AllPalletsWithSystem::whitelisted_storage_keys();
    let mut batches = Vec::<BenchmarkBatch>::new();
    let params = (&config, &whitelist);
    add_benchmarks!(params, batches);
    Ok(batches)
}
