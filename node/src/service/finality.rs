//! Voting with GRANDPA: how fast, and for what.

use super::partial::{FullBackend, FullClient, GrandpaLink, TransactionPool};
use khala_runtime::opaque::Block;
use sc_consensus_grandpa::{Config, GrandpaParams, SharedVoterState, VotingRule, VotingRulesBuilder};
use sc_network::{service::traits::NetworkService, NotificationService};
use sc_network_sync::SyncingService;
use sc_service::{error::Error as ServiceError, ChainType, TaskManager};
use sc_telemetry::TelemetryHandle;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use std::{sync::Arc, time::Duration};
use substrate_prometheus_endpoint::Registry;

/// Longest time given to a vote to reach every validator: what GRANDPA is tuned for on a wide network.
const MAX_GOSSIP: Duration = Duration::from_millis(333);

/// What a voter works with.
pub(super) struct Params<'a, Rule> {
    pub(super) config: Config,
    pub(super) link: GrandpaLink,
    pub(super) network: Arc<dyn NetworkService>,
    pub(super) sync: Arc<SyncingService<Block>>,
    pub(super) notifications: Box<dyn NotificationService>,
    pub(super) voting_rule: Rule,
    pub(super) voter_state: SharedVoterState,
    pub(super) transaction_pool: Arc<TransactionPool>,
    pub(super) task_manager: &'a TaskManager,
    pub(super) registry: Option<Registry>,
    pub(super) telemetry: Option<TelemetryHandle>,
}

/// Starts the voter. Its state is in the database: after a restart it continues where it was.
pub(super) fn start<Rule>(params: Params<'_, Rule>) -> Result<(), ServiceError>
where
    Rule: VotingRule<Block, FullClient> + Clone + 'static,
{
    let Params {
        config,
        link,
        network,
        sync,
        notifications,
        voting_rule,
        voter_state,
        transaction_pool,
        task_manager,
        registry,
        telemetry,
    } = params;
    let voter = sc_consensus_grandpa::run_grandpa_voter::<Block, FullBackend, _, _, _, _, _>(GrandpaParams {
        config,
        link,
        network,
        sync,
        notification_service: notifications,
        voting_rule,
        prometheus_registry: registry,
        shared_voter_state: voter_state,
        telemetry,
        offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(transaction_pool),
    })?;
    task_manager.spawn_essential_handle().spawn_blocking("grandpa-voter", None, voter);
    Ok(())
}

/// Time given to a vote to reach every validator. A round takes four of them, so it follows short slots down.
pub(super) fn gossip_duration(slot: Duration) -> Duration {
    MAX_GOSSIP.min(slot / 10)
}

/// What a validator votes for: two blocks behind the best and at most three quarters of what is not final, so that
/// short forks are settled before the vote. A single development validator makes no forks and votes for its best block.
pub(super) fn voting_rule(chain: &ChainType, validators: usize) -> impl VotingRule<Block, FullClient> + Clone {
    let alone = matches!(chain, ChainType::Development) && validators == 1;
    let rules = if alone {
        VotingRulesBuilder::new()
    } else {
        VotingRulesBuilder::default()
    };
    rules.build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gossip_takes_a_tenth_of_a_slot_but_never_more_than_a_third_of_a_second() {
        for (slot_ms, expected_ms) in [(200, 20), (1_000, 100), (2_000, 200), (3_330, 333), (3_340, 333), (6_000, 333)] {
            assert_eq!(
                gossip_duration(Duration::from_millis(slot_ms)),
                Duration::from_millis(expected_ms),
                "slots of {slot_ms} ms"
            );
        }
    }
}
