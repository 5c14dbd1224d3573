//! What the node and its clients can ask of the runtime.

use crate::{
    config::consensus::EPOCH_CONFIG, network, presets, status, AccountId, Attestation, Babe, Balance, Block, BlockNumber, Executive,
    Grandpa, Header, InherentDataExt, Mining, Nonce, Runtime, RuntimeCall, RuntimeGenesisConfig, SessionKeys, StakePool, System,
    TransactionPayment, Vault, VERSION,
};
use alloc::{boxed::Box, vec::Vec};
use frame_support::{
    genesis_builder_helper::{build_state, get_preset},
    view_functions::{ViewFunctionDispatchError, ViewFunctionId},
    weights::Weight,
};
use khala_attestation::{Collateral, Error as VerificationError, Finding};
use khala_primitives::{
    collateral::CollateralStatus,
    status::{
        DelegationStatus, Explanation, MiningView, NetworkStatus, PoolStatus, PositionStatus, StartNeeds, VaultForecast,
        VaultPositionStatus, VaultStatus, WithdrawalForecast, WorkerStatus, YieldStatus,
    },
    PoolId, RequestId, TcbStatus, VaultId, WorkerPublicKey,
};
use pallet_transaction_payment::{FeeDetails, RuntimeDispatchInfo};
use sp_api::impl_runtime_apis;
use sp_consensus_babe::{AuthorityId as BabeId, BabeConfiguration, Slot};
use sp_consensus_grandpa::AuthorityId as GrandpaId;
use sp_core::{crypto::KeyTypeId, OpaqueMetadata};
use sp_genesis_builder::PresetId;
use sp_inherents::{CheckInherentsResult, InherentData};
use sp_runtime::{
    traits::{Block as BlockT, NumberFor},
    transaction_validity::{TransactionSource, TransactionValidity},
    ApplyExtrinsicResult, ExtrinsicInclusionMode,
};
use sp_session::OpaqueGeneratedSessionKeys;
use sp_version::RuntimeVersion;

impl_runtime_apis! {
    impl sp_api::Core<Block> for Runtime {
        fn version() -> RuntimeVersion {
            VERSION
        }

        fn execute_block(block: <Block as BlockT>::LazyBlock) {
            Executive::execute_block(block);
        }

        fn initialize_block(header: &<Block as BlockT>::Header) -> ExtrinsicInclusionMode {
            Executive::initialize_block(header)
        }
    }

    impl sp_api::Metadata<Block> for Runtime {
        fn metadata() -> OpaqueMetadata {
            OpaqueMetadata::new(Runtime::metadata().into())
        }

        fn metadata_at_version(version: u32) -> Option<OpaqueMetadata> {
            Runtime::metadata_at_version(version)
        }

        fn metadata_versions() -> Vec<u32> {
            Runtime::metadata_versions()
        }
    }

    impl frame_support::view_functions::runtime_api::RuntimeViewFunction<Block> for Runtime {
        fn execute_view_function(id: ViewFunctionId, input: Vec<u8>) -> Result<Vec<u8>, ViewFunctionDispatchError> {
            Runtime::execute_view_function(id, input)
        }
    }

    impl sp_block_builder::BlockBuilder<Block> for Runtime {
        fn apply_extrinsic(extrinsic: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
            Executive::apply_extrinsic(extrinsic)
        }

        fn finalize_block() -> <Block as BlockT>::Header {
            Executive::finalize_block()
        }

        fn inherent_extrinsics(data: InherentData) -> Vec<<Block as BlockT>::Extrinsic> {
            data.create_extrinsics()
        }

        fn check_inherents(block: <Block as BlockT>::LazyBlock, data: InherentData) -> CheckInherentsResult {
            data.check_extrinsics(&block)
        }
    }

    impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
        fn validate_transaction(
            source: TransactionSource,
            tx: <Block as BlockT>::Extrinsic,
            block_hash: <Block as BlockT>::Hash,
        ) -> TransactionValidity {
            Executive::validate_transaction(source, tx, block_hash)
        }
    }

    impl sp_offchain::OffchainWorkerApi<Block> for Runtime {
        fn offchain_worker(header: &<Block as BlockT>::Header) {
            Executive::offchain_worker(header);
        }
    }

    impl sp_consensus_babe::BabeApi<Block> for Runtime {
        fn configuration() -> BabeConfiguration {
            let epoch_config = Babe::epoch_config().unwrap_or(EPOCH_CONFIG);
            BabeConfiguration {
                slot_duration: Babe::slot_duration(),
                epoch_length: network::EpochSlots::<Runtime>::get(),
                c: epoch_config.c,
                authorities: Babe::authorities().to_vec(),
                randomness: Babe::randomness(),
                allowed_slots: epoch_config.allowed_slots,
            }
        }

        fn current_epoch_start() -> Slot {
            Babe::current_epoch_start()
        }

        fn current_epoch() -> sp_consensus_babe::Epoch {
            Babe::current_epoch()
        }

        fn next_epoch() -> sp_consensus_babe::Epoch {
            Babe::next_epoch()
        }

        // The validators are fixed, so there is nobody to punish and no proof to make.
        fn generate_key_ownership_proof(_slot: Slot, _authority: BabeId) -> Option<sp_consensus_babe::OpaqueKeyOwnershipProof> {
            None
        }

        fn submit_report_equivocation_unsigned_extrinsic(
            _proof: sp_consensus_babe::EquivocationProof<Header>,
            _owner: sp_consensus_babe::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            None
        }
    }

    impl sp_consensus_grandpa::GrandpaApi<Block> for Runtime {
        fn grandpa_authorities() -> sp_consensus_grandpa::AuthorityList {
            Grandpa::grandpa_authorities()
        }

        fn current_set_id() -> sp_consensus_grandpa::SetId {
            pallet_grandpa::CurrentSetId::<Runtime>::get()
        }

        fn submit_report_equivocation_unsigned_extrinsic(
            _proof: sp_consensus_grandpa::EquivocationProof<<Block as BlockT>::Hash, NumberFor<Block>>,
            _owner: sp_consensus_grandpa::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            None
        }

        fn generate_key_ownership_proof(
            _set_id: sp_consensus_grandpa::SetId,
            _authority: GrandpaId,
        ) -> Option<sp_consensus_grandpa::OpaqueKeyOwnershipProof> {
            None
        }
    }

    impl sp_session::SessionKeys<Block> for Runtime {
        fn generate_session_keys(owner: Vec<u8>, seed: Option<Vec<u8>>) -> OpaqueGeneratedSessionKeys {
            SessionKeys::generate(&owner, seed).into()
        }

        fn decode_session_keys(encoded: Vec<u8>) -> Option<Vec<(Vec<u8>, KeyTypeId)>> {
            SessionKeys::decode_into_raw_public_keys(&encoded)
        }
    }

    impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
        fn account_nonce(account: AccountId) -> Nonce {
            System::account_nonce(account)
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance> for Runtime {
        fn query_info(extrinsic: <Block as BlockT>::Extrinsic, len: u32) -> RuntimeDispatchInfo<Balance> {
            TransactionPayment::query_info(extrinsic, len)
        }

        fn query_fee_details(extrinsic: <Block as BlockT>::Extrinsic, len: u32) -> FeeDetails<Balance> {
            TransactionPayment::query_fee_details(extrinsic, len)
        }

        fn query_weight_to_fee(weight: Weight) -> Balance {
            TransactionPayment::weight_to_fee(weight)
        }

        fn query_length_to_fee(length: u32) -> Balance {
            TransactionPayment::length_to_fee(length)
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentCallApi<Block, Balance, RuntimeCall> for Runtime {
        fn query_call_info(call: RuntimeCall, len: u32) -> RuntimeDispatchInfo<Balance> {
            TransactionPayment::query_call_info(call, len)
        }

        fn query_call_fee_details(call: RuntimeCall, len: u32) -> FeeDetails<Balance> {
            TransactionPayment::query_call_fee_details(call, len)
        }

        fn query_weight_to_fee(weight: Weight) -> Balance {
            TransactionPayment::weight_to_fee(weight)
        }

        fn query_length_to_fee(length: u32) -> Balance {
            TransactionPayment::length_to_fee(length)
        }
    }

    impl crate::khala_api::KhalaApi<Block> for Runtime {
        fn network_status() -> NetworkStatus {
            status::network()
        }

        fn worker_status(worker: WorkerPublicKey) -> WorkerStatus {
            status::worker(worker)
        }

        fn explain(worker: WorkerPublicKey) -> Explanation {
            status::explain(&worker)
        }

        fn pool_status(pool: PoolId) -> Option<PoolStatus> {
            StakePool::pool_status(pool)
        }

        fn pools(first: PoolId, limit: u32) -> Vec<PoolStatus> {
            StakePool::pools(first, limit)
        }

        fn delegation(pool: PoolId, who: AccountId) -> DelegationStatus {
            StakePool::delegation_status(pool, &who)
        }

        fn positions(who: AccountId) -> Vec<PositionStatus> {
            StakePool::positions(&who)
        }

        fn withdrawal_forecast(pool: PoolId, shares: u128) -> Option<WithdrawalForecast> {
            StakePool::withdrawal_forecast(pool, shares)
        }

        fn request_forecast(pool: PoolId, request: RequestId) -> Option<WithdrawalForecast> {
            StakePool::request_forecast(pool, request)
        }

        fn pool_yield(pool: PoolId, days: u32) -> Option<YieldStatus> {
            StakePool::yield_of(pool, days)
        }

        fn vaults(first: VaultId, limit: u32) -> Vec<VaultStatus> {
            Vault::vaults(first, limit)
        }

        fn vault_status(vault: VaultId) -> Option<VaultStatus> {
            Vault::vault_status(vault)
        }

        fn vault_positions(who: AccountId) -> Vec<VaultPositionStatus> {
            Vault::vault_positions(&who)
        }

        fn vault_withdrawal_forecast(vault: VaultId, shares: u128) -> Option<VaultForecast> {
            Vault::vault_withdrawal_forecast(vault, shares)
        }

        fn vault_request_forecast(vault: VaultId, request: RequestId) -> Option<VaultForecast> {
            Vault::vault_request_forecast(vault, request)
        }

        fn start_needs(worker: WorkerPublicKey) -> Option<StartNeeds> {
            StakePool::start_needs(&worker)
        }

        fn mining_view(workers: Vec<WorkerPublicKey>) -> MiningView {
            status::mining_view(&workers)
        }

        fn overdue(limit: u32) -> Vec<(WorkerPublicKey, BlockNumber)> {
            Mining::overdue(limit)
        }

        fn collateral() -> CollateralStatus {
            Attestation::collateral_status()
        }

        fn verify_quote(
            quote: Vec<u8>,
            collateral: Box<Collateral>,
            roots: Vec<Vec<u8>>,
            at_secs: u64,
        ) -> Result<(TcbStatus, Vec<Finding>), VerificationError> {
            let roots: Vec<&[u8]> = roots.iter().map(Vec::as_slice).collect();
            let verdict = khala_attestation::verify(&quote, &collateral, &roots, at_secs)?;
            Ok((verdict.status, verdict.not_for_registration))
        }
    }

    impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
        fn build_state(config: Vec<u8>) -> sp_genesis_builder::Result {
            build_state::<RuntimeGenesisConfig>(config)?;
            presets::check_genesis()
        }

        fn get_preset(id: &Option<PresetId>) -> Option<Vec<u8>> {
            get_preset::<RuntimeGenesisConfig>(id, presets::get)
        }

        fn preset_names() -> Vec<PresetId> {
            presets::names()
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    impl frame_benchmarking::Benchmark<Block> for Runtime {
        fn benchmark_metadata(extra: bool) -> (Vec<frame_benchmarking::BenchmarkList>, Vec<frame_support::traits::StorageInfo>) {
            crate::benchmarks::metadata(extra)
        }

        fn dispatch_benchmark(
            config: frame_benchmarking::BenchmarkConfig,
        ) -> Result<Vec<frame_benchmarking::BenchmarkBatch>, alloc::string::String> {
            crate::benchmarks::dispatch(config)
        }
    }

    #[cfg(feature = "try-runtime")]
    impl frame_try_runtime::TryRuntime<Block> for Runtime {
        fn on_runtime_upgrade(checks: frame_try_runtime::UpgradeCheckSelect) -> (Weight, Weight) {
            // A failed check has to stop the tool that asked for it; the node never calls this.
            #[allow(clippy::unwrap_used)]
            let weight = Executive::try_runtime_upgrade(checks).unwrap();
            (weight, crate::config::system::RuntimeBlockWeights::get().max_block)
        }

        fn execute_block(
            block: <Block as BlockT>::LazyBlock,
            state_root_check: bool,
            signature_check: bool,
            select: frame_try_runtime::TryStateSelect,
        ) -> Weight {
            #[allow(clippy::unwrap_used)]
            let weight = Executive::try_execute_block(block, state_root_check, signature_check, select).unwrap();
            weight
        }
    }
}
