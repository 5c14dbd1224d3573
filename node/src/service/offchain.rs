//! The runtime's hooks outside of blocks, run once after each new best block.

use super::partial::{FullBackend, FullClient, TransactionPool};
use futures::FutureExt;
use sc_client_api::Backend;
use sc_offchain::{NetworkProvider, OffchainWorkerOptions, OffchainWorkers};
use sc_service::{error::Error as ServiceError, KeystoreContainer, TaskManager};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use std::sync::Arc;

/// What the hooks reach.
pub(super) struct Params<'a> {
    pub(super) client: Arc<FullClient>,
    pub(super) backend: &'a FullBackend,
    pub(super) transaction_pool: Arc<TransactionPool>,
    pub(super) keystore: &'a KeystoreContainer,
    pub(super) network: Arc<dyn NetworkProvider + Send + Sync>,
    pub(super) is_validator: bool,
    pub(super) task_manager: &'a TaskManager,
}

/// Starts them.
pub(super) fn start(params: Params<'_>) -> Result<(), ServiceError> {
    let Params {
        client,
        backend,
        transaction_pool,
        keystore,
        network,
        is_validator,
        task_manager,
    } = params;
    let workers = OffchainWorkers::new(OffchainWorkerOptions {
        runtime_api_provider: client.clone(),
        keystore: Some(keystore.keystore()),
        offchain_db: backend.offchain_storage(),
        transaction_pool: Some(OffchainTransactionPoolFactory::new(transaction_pool)),
        network_provider: network,
        is_validator,
        // No pallet asks another server.
        enable_http_requests: false,
        custom_extensions: |_| Vec::new(),
    })?;
    task_manager.spawn_handle().spawn(
        "offchain-workers-runner",
        "offchain-worker",
        workers.run(client, task_manager.spawn_handle()).boxed(),
    );
    Ok(())
}
