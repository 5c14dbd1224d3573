//! The parts that both running and the chain's commands need: client, transaction pool, import queue.

use khala_runtime::{apis::RuntimeApi, opaque::Block};
use sc_consensus_babe::{BabeBlockImport, BabeLink, BabeWorkerHandle};
use sc_executor::WasmExecutor;
use sc_service::{error::Error as ServiceError, Configuration, TFullBackend, TFullClient};
use sc_telemetry::{Telemetry, TelemetryWorker};
use sc_transaction_pool::TransactionPoolHandle;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_consensus_babe::{inherents::BabeCreateInherentDataProviders, SlotDuration};
use std::sync::Arc;

/// Executes the runtime's Wasm.
pub(crate) type Executor = WasmExecutor<sp_io::SubstrateHostFunctions>;
/// Knows the chain.
pub(crate) type FullClient = TFullClient<Block, RuntimeApi, Executor>;
/// Stores the chain.
pub(crate) type FullBackend = TFullBackend<Block>;
/// Holds transactions until they are in a block.
pub(crate) type TransactionPool = TransactionPoolHandle<Block, FullClient>;
/// Chooses the best of several forks.
pub(super) type SelectChain = sc_consensus::LongestChain<FullBackend, Block>;
/// Finality in the way of a block into the database.
pub(super) type GrandpaImport = sc_consensus_grandpa::GrandpaBlockImport<FullBackend, Block, FullClient, SelectChain>;
/// GRANDPA's other half, for the voter.
pub(super) type GrandpaLink = sc_consensus_grandpa::LinkHalf<Block, FullClient, SelectChain>;
/// The way of a block into the database.
pub(super) type BlockImport = BabeBlockImport<Block, FullClient, GrandpaImport, InherentProviders, SelectChain>;
/// Makes the time and slot of a block.
pub(super) type InherentProviders = BabeCreateInherentDataProviders<Block>;

/// The parts that only a running node uses.
pub(crate) struct Consensus {
    pub(super) block_import: BlockImport,
    pub(super) babe: BabeLink<Block>,
    /// The worker that answers for BABE's epochs lives as long as this.
    pub(super) babe_worker: BabeWorkerHandle<Block>,
    pub(super) grandpa: GrandpaLink,
    pub(super) inherents: InherentProviders,
    pub(super) telemetry: Option<Telemetry>,
}

/// All of them.
pub(crate) type Partial = sc_service::PartialComponents<
    FullClient,
    FullBackend,
    SelectChain,
    sc_consensus::DefaultImportQueue<Block>,
    TransactionPool,
    Consensus,
>;

/// Builds the parts. `justification_period`: blocks between two stored finality proofs, at least 1.
pub(crate) fn new_partial(config: &Configuration, justification_period: u32) -> Result<Partial, ServiceError> {
    let telemetry = telemetry(config)?;
    let executor = sc_service::new_wasm_executor::<sp_io::SubstrateHostFunctions>(&config.executor);
    let (client, backend, keystore_container, task_manager) = sc_service::new_full_parts::<Block, RuntimeApi, _>(
        config,
        telemetry.as_ref().map(|(_, telemetry)| telemetry.handle()),
        executor,
        Vec::new(),
    )?;
    let client = Arc::new(client);
    let telemetry = telemetry.map(|(worker, telemetry)| {
        task_manager.spawn_handle().spawn("telemetry", None, worker.run());
        telemetry
    });
    let handle = telemetry.as_ref().map(|telemetry| telemetry.handle());
    let registry = config.prometheus_registry();

    let select_chain = SelectChain::new(backend.clone());
    let transaction_pool = Arc::new(
        sc_transaction_pool::Builder::new(
            task_manager.spawn_essential_handle(),
            client.clone(),
            config.role.is_authority().into(),
        )
        .with_options(config.transaction_pool.clone())
        .with_prometheus(registry)
        .build(),
    );

    // Slot and epoch length are storage of the genesis block; the client asks once.
    let babe_config = sc_consensus_babe::configuration(&*client)?;
    if babe_config.authorities.is_empty() {
        return Err(no_validators(config.chain_spec.id()));
    }
    let (grandpa_import, grandpa) =
        sc_consensus_grandpa::block_import(client.clone(), justification_period, &client, select_chain.clone(), handle.clone())?;
    let slot_duration = babe_config.slot_duration();
    let inherents = inherents(slot_duration);
    let (block_import, babe) = sc_consensus_babe::block_import(
        babe_config,
        grandpa_import.clone(),
        client.clone(),
        inherents.clone(),
        select_chain.clone(),
        OffchainTransactionPoolFactory::new(transaction_pool.clone()),
    )?;
    let (import_queue, babe_worker) = sc_consensus_babe::import_queue(sc_consensus_babe::ImportQueueParams {
        link: babe.clone(),
        block_import: block_import.clone(),
        justification_import: Some(Box::new(grandpa_import)),
        client: client.clone(),
        slot_duration,
        spawner: &task_manager.spawn_essential_handle(),
        registry,
        telemetry: handle,
    })?;

    Ok(Partial {
        client,
        backend,
        task_manager,
        keystore_container,
        select_chain,
        import_queue,
        transaction_pool,
        other: Consensus {
            block_import,
            babe,
            babe_worker,
            grandpa,
            inherents,
            telemetry,
        },
    })
}

fn telemetry(config: &Configuration) -> Result<Option<(TelemetryWorker, Telemetry)>, ServiceError> {
    let Some(endpoints) = config.telemetry_endpoints.clone().filter(|endpoints| !endpoints.is_empty()) else {
        return Ok(None);
    };
    let worker = TelemetryWorker::new(16)?;
    let telemetry = worker.handle().new_telemetry(endpoints);
    Ok(Some((worker, telemetry)))
}

/// A block's time is the system's; its slot follows from it.
fn inherents(slot_duration: SlotDuration) -> InherentProviders {
    Arc::new(move |_parent, ()| async move {
        let timestamp = sp_timestamp::InherentDataProvider::from_system_time();
        let slot = sp_consensus_babe::inherents::InherentDataProvider::from_timestamp_and_slot_duration(*timestamp, slot_duration);
        Ok((slot, timestamp))
    })
}

fn no_validators(chain: &str) -> ServiceError {
    ServiceError::Other(format!(
        "the chain `{chain}` has no validators and would never have a block: write a chain specification that names them \
         (khala-node export-chain-spec --chain khala --patch FILE) and pass its path with --chain"
    ))
}
