//! The whole node: peers and RPC on top of the parts, in the order in which they start.

use super::{
    authorship, finality, offchain,
    partial::{new_partial, Consensus, Partial},
    reports,
};
use crate::{cli::KhalaArgs, rpc};
use khala_runtime::opaque::Block;
use sc_consensus_grandpa::{warp_proof, FinalityProofProvider, SharedVoterState};
use sc_network::NetworkBackend;
use sc_service::{error::Error as ServiceError, BuildNetworkParams, Configuration, SpawnTasksParams, TaskManager, WarpSyncConfig};
use std::sync::Arc;

/// Starts the node. `N`: the library by which it talks to peers.
pub(crate) fn run<N>(config: Configuration, args: &KhalaArgs) -> Result<TaskManager, ServiceError>
where
    N: NetworkBackend<Block, khala_runtime::Hash>,
{
    let Partial {
        client,
        backend,
        mut task_manager,
        import_queue,
        keystore_container,
        select_chain,
        transaction_pool,
        other,
    } = new_partial(&config, args.justification_period)?;
    let Consensus {
        block_import,
        babe,
        babe_worker,
        grandpa,
        inherents,
        mut telemetry,
    } = other;
    // Nobody asks the worker for epochs, but it ends with its last handle, and the node with it.
    task_manager.keep_alive(babe_worker);
    let authority_set = grandpa.shared_authority_set().clone();
    let registry = config.prometheus_registry().cloned();

    let grandpa_protocol = sc_consensus_grandpa::protocol_standard_name(&client.chain_info().genesis_hash, &config.chain_spec);
    let metrics = N::register_notification_metrics(registry.as_ref());
    let mut net_config = sc_network::config::FullNetworkConfiguration::<_, _, N>::new(&config.network, registry.clone());
    let (grandpa_config, grandpa_notifications) =
        sc_consensus_grandpa::grandpa_peers_set_config::<_, N>(grandpa_protocol.clone(), metrics.clone(), net_config.peer_store_handle());
    net_config.add_notification_protocol(grandpa_config);
    let warp_sync = warp_proof::NetworkProvider::new(backend.clone(), authority_set.clone(), Vec::new());
    let (network, system_rpc_tx, tx_handler_controller, sync, _bitswap) = sc_service::build_network(BuildNetworkParams {
        config: &config,
        net_config,
        client: client.clone(),
        transaction_pool: transaction_pool.clone(),
        spawn_handle: task_manager.spawn_handle(),
        spawn_essential_handle: task_manager.spawn_essential_handle(),
        import_queue,
        block_announce_validator_builder: None,
        warp_sync_config: Some(WarpSyncConfig::WithProvider(Arc::new(warp_sync))),
        block_relay: None,
        metrics,
        gap_sync_body_policy: None,
    })?;

    if config.offchain_worker.enabled {
        offchain::start(offchain::Params {
            client: client.clone(),
            backend: &backend,
            transaction_pool: transaction_pool.clone(),
            keystore: &keystore_container,
            network: Arc::new(network.clone()),
            is_validator: config.role.is_authority(),
            task_manager: &task_manager,
        })?;
    }

    let voter_state = SharedVoterState::empty();
    let rpc_deps = rpc::Deps {
        client: client.clone(),
        pool: transaction_pool.clone(),
        voter_state: voter_state.clone(),
        authority_set: authority_set.clone(),
        justifications: grandpa.justification_stream(),
        finality_proofs: FinalityProofProvider::new_for_service(backend.clone(), Some(authority_set)),
    };
    let chain = config.chain_spec.chain_type();
    let validators = babe.config().authorities.len();
    let is_validator = config.role.is_authority();
    let force_authoring = config.force_authoring;
    let voter = (!config.disable_grandpa).then(|| sc_consensus_grandpa::Config {
        gossip_duration: finality::gossip_duration(babe.config().slot_duration().as_duration()),
        justification_generation_period: args.justification_period,
        observer_enabled: false,
        local_role: config.role,
        name: Some(config.network.node_name.clone()),
        // Without its keys a node follows the votes and casts none.
        keystore: is_validator.then(|| keystore_container.keystore()),
        telemetry: telemetry.as_ref().map(|telemetry| telemetry.handle()),
        protocol_name: grandpa_protocol,
    });
    sc_service::spawn_tasks(SpawnTasksParams {
        config,
        client: client.clone(),
        backend,
        task_manager: &mut task_manager,
        keystore: keystore_container.keystore(),
        transaction_pool: transaction_pool.clone(),
        rpc_builder: Box::new(move |executor| {
            rpc::build(rpc_deps.clone(), executor).map_err(|error| ServiceError::Other(error.to_string()))
        }),
        network: network.clone(),
        system_rpc_tx,
        tx_handler_controller,
        sync_service: sync.clone(),
        telemetry: telemetry.as_mut(),
        tracing_execute_block: None,
    })?;
    let telemetry = telemetry.as_ref().map(|telemetry| telemetry.handle());

    if args.reports_offline(is_validator) {
        reports::start(reports::Params {
            client: client.clone(),
            transaction_pool: transaction_pool.clone(),
            sync: sync.clone(),
            task_manager: &task_manager,
        });
    }
    if is_validator {
        authorship::start(authorship::Params {
            client,
            transaction_pool: transaction_pool.clone(),
            keystore: &keystore_container,
            select_chain,
            block_import,
            babe,
            inherents,
            sync: sync.clone(),
            force_authoring,
            chain: &chain,
            task_manager: &task_manager,
            registry: registry.as_ref(),
            telemetry: telemetry.clone(),
        })?;
    }
    if let Some(config) = voter {
        finality::start(finality::Params {
            config,
            link: grandpa,
            network,
            sync,
            notifications: grandpa_notifications,
            voting_rule: finality::voting_rule(&chain, validators),
            voter_state,
            transaction_pool,
            task_manager: &task_manager,
            registry,
            telemetry,
        })?;
    }
    Ok(task_manager)
}
