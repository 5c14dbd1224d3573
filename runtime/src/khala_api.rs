//! `KhalaApi`: what relayers, consoles and tools ask about the network. Values are those of [`khala_primitives::status`].
//!
//! Called by `state_call` with SCALE arguments, such as `KhalaApi_worker_status` with a worker's public key.

use crate::AccountId;
use alloc::{boxed::Box, vec::Vec};
use khala_attestation::{Collateral, Error as VerificationError, Finding};
use khala_primitives::{
    collateral::CollateralStatus,
    status::{
        DelegationStatus, Explanation, MiningView, NetworkStatus, PoolStatus, PositionStatus, StartNeeds, VaultForecast,
        VaultPositionStatus, VaultStatus, WithdrawalForecast, WorkerStatus, YieldStatus,
    },
    BlockNumber, PoolId, RequestId, TcbStatus, VaultId, WorkerPublicKey,
};

sp_api::decl_runtime_apis! {
    /// The state of the network, of a worker, of a pool.
    pub trait KhalaApi {
        /// The chain as a whole.
        fn network_status() -> NetworkStatus;
        /// Registration, session and why the worker earns or does not.
        fn worker_status(worker: WorkerPublicKey) -> WorkerStatus;
        /// Why a worker earns or does not, and what to do.
        fn explain(worker: WorkerPublicKey) -> Explanation;
        /// A pool; `None` when there is none of that number.
        fn pool_status(pool: PoolId) -> Option<PoolStatus>;
        /// The pools from number `first` on, at most `limit` and at most 100.
        fn pools(first: PoolId, limit: u32) -> Vec<PoolStatus>;
        /// What an account has in a pool; of a vault's account the oldest 100 requests.
        fn delegation(pool: PoolId, who: AccountId) -> DelegationStatus;
        /// What an account has in all pools, at most 1,000.
        fn positions(who: AccountId) -> Vec<PositionStatus>;
        /// When so many shares of a pool would be paid if they were undelegated now, how much at today's price, and from where.
        fn withdrawal_forecast(pool: PoolId, shares: u128) -> Option<WithdrawalForecast>;
        /// When a request in the queue of a pool is paid, how much at today's price, and from where.
        fn request_forecast(pool: PoolId, request: RequestId) -> Option<WithdrawalForecast>;
        /// What the shares of a pool have gained in the last days, at most 32.
        fn pool_yield(pool: PoolId, days: u32) -> Option<YieldStatus>;
        /// The vaults from number `first` on, at most `limit` and at most 100.
        fn vaults(first: VaultId, limit: u32) -> Vec<VaultStatus>;
        /// A vault; `None` when there is none of that number.
        fn vault_status(vault: VaultId) -> Option<VaultStatus>;
        /// What an account has in all vaults, at most 1,000.
        fn vault_positions(who: AccountId) -> Vec<VaultPositionStatus>;
        /// When so many shares of a vault would be paid if they were undelegated now, and by which pools.
        fn vault_withdrawal_forecast(vault: VaultId, shares: u128) -> Option<VaultForecast>;
        /// When a request in the queue of a vault is paid, and by which pools.
        fn vault_request_forecast(vault: VaultId, request: RequestId) -> Option<VaultForecast>;
        /// What a worker in a pool needs to be started.
        fn start_needs(worker: WorkerPublicKey) -> Option<StartNeeds>;
        /// What a relayer needs after a block: the challenge, and these workers in this order.
        fn mining_view(workers: Vec<WorkerPublicKey>) -> MiningView;
        /// Workers that can be reported as offline, with the missed block; at most `limit` and at most 1,000.
        fn overdue(limit: u32) -> Vec<(WorkerPublicKey, BlockNumber)>;
        /// The collateral that the chain keeps.
        fn collateral() -> CollateralStatus;
        /// What the chain's verifier says of any quote, with this collateral and these roots (DER), at a time in seconds since
        /// 1970: the status, and what speaks against a registration. It changes nothing and asks nothing of the chain's state.
        fn verify_quote(
            quote: Vec<u8>,
            collateral: Box<Collateral>,
            roots: Vec<Vec<u8>>,
            at_secs: u64,
        ) -> Result<(TcbStatus, Vec<Finding>), VerificationError>;
    }
}
