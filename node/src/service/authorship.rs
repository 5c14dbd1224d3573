//! Making blocks with BABE.

use super::partial::{BlockImport, FullClient, InherentProviders, SelectChain, TransactionPool};
use khala_runtime::opaque::Block;
use sc_basic_authorship::ProposerFactory;
use sc_consensus_babe::{BabeLink, BabeParams, SlotProportion};
use sc_consensus_slots::BackoffAuthoringOnFinalizedHeadLagging;
use sc_network_sync::SyncingService;
use sc_service::{error::Error as ServiceError, ChainType, KeystoreContainer, TaskManager};
use sc_telemetry::TelemetryHandle;
use std::sync::Arc;
use substrate_prometheus_endpoint::Registry;

/// The part of a slot in which an author fills its block. The rest is for the block's way to the other validators.
const PROPOSAL_PORTION: f32 = 0.5;

/// What an author works with.
pub(super) struct Params<'a> {
    pub(super) client: Arc<FullClient>,
    pub(super) transaction_pool: Arc<TransactionPool>,
    pub(super) keystore: &'a KeystoreContainer,
    pub(super) select_chain: SelectChain,
    pub(super) block_import: BlockImport,
    pub(super) babe: BabeLink<Block>,
    pub(super) inherents: InherentProviders,
    pub(super) sync: Arc<SyncingService<Block>>,
    pub(super) force_authoring: bool,
    pub(super) chain: &'a ChainType,
    pub(super) task_manager: &'a TaskManager,
    pub(super) registry: Option<&'a Registry>,
    pub(super) telemetry: Option<TelemetryHandle>,
}

/// Starts the author.
pub(super) fn start(params: Params<'_>) -> Result<(), ServiceError> {
    let Params {
        client,
        transaction_pool,
        keystore,
        select_chain,
        block_import,
        babe,
        inherents,
        sync,
        force_authoring,
        chain,
        task_manager,
        registry,
        telemetry,
    } = params;
    // Where votes can be lost for long, authors slow down while nothing is finalised. A local network's short slots
    // would make that a halt of a minute.
    let backoff = matches!(chain, ChainType::Live).then(BackoffAuthoringOnFinalizedHeadLagging::default);
    let env = ProposerFactory::new(
        task_manager.spawn_handle(),
        client.clone(),
        transaction_pool,
        registry,
        telemetry.clone(),
    );
    let worker = sc_consensus_babe::start_babe(BabeParams {
        keystore: keystore.keystore(),
        client,
        select_chain,
        env,
        block_import,
        sync_oracle: sync.clone(),
        justification_sync_link: sync,
        create_inherent_data_providers: inherents,
        force_authoring,
        backoff_authoring_blocks: backoff,
        babe_link: babe,
        block_proposal_slot_portion: SlotProportion::new(PROPOSAL_PORTION),
        max_block_proposal_slot_portion: None,
        telemetry,
    })?;
    task_manager
        .spawn_essential_handle()
        .spawn_blocking("babe-proposer", Some("block-authoring"), worker);
    Ok(())
}
