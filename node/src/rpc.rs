//! The RPC methods beyond those of every Substrate node: nonces, fees, finality proofs.

use crate::service::{FullBackend, FullClient, TransactionPool};
use jsonrpsee::RpcModule;
use khala_runtime::opaque::Block;
use sc_consensus_grandpa::{FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet, SharedVoterState};
use sc_rpc::SubscriptionTaskExecutor;
use std::sync::Arc;

/// What the methods answer from.
#[derive(Clone)]
pub(crate) struct Deps {
    pub(crate) client: Arc<FullClient>,
    pub(crate) pool: Arc<TransactionPool>,
    pub(crate) voter_state: SharedVoterState,
    pub(crate) authority_set: SharedAuthoritySet<khala_runtime::Hash, khala_runtime::BlockNumber>,
    pub(crate) justifications: GrandpaJustificationStream<Block>,
    pub(crate) finality_proofs: Arc<FinalityProofProvider<FullBackend, Block>>,
}

/// The methods of `system_accountNextIndex`, `payment_*` and `grandpa_*`.
pub(crate) fn build(deps: Deps, executor: SubscriptionTaskExecutor) -> Result<RpcModule<()>, jsonrpsee::core::RegisterMethodError> {
    use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
    use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
    use substrate_frame_rpc_system::{System, SystemApiServer};

    let Deps {
        client,
        pool,
        voter_state,
        authority_set,
        justifications,
        finality_proofs,
    } = deps;
    let mut module = RpcModule::new(());
    module.merge(System::new(client.clone(), pool).into_rpc())?;
    module.merge(TransactionPayment::new(client).into_rpc())?;
    module.merge(Grandpa::new(executor, authority_set, voter_state, justifications, finality_proofs).into_rpc())?;
    Ok(module)
}
