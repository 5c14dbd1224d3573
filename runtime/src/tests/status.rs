//! `KhalaApi` on a young chain, and heartbeats on their way through the whole runtime.

use super::chain::{block, close, general, open, pool, preset, signed};
use crate::{
    config::{currency::TreasuryAccount, workers::SubsidyAccount},
    khala_api::runtime_decl_for_khala_api::KhalaApi,
    Block, Executive, Mining, Runtime, StakePool,
};
use khala_primitives::{
    status::{NetworkStatus, Reason},
    Heartbeat, Instance, SignedHeartbeat, WorkerPublicKey, WorkerSignature, H256, PHA,
};
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use sp_runtime::{transaction_validity::InvalidTransaction, Permill};

const NOBODY: WorkerPublicKey = WorkerPublicKey([7; 32]);

fn network() -> NetworkStatus {
    <Runtime as KhalaApi<Block>>::network_status()
}

fn heartbeat(block: u32, seed: H256) -> SignedHeartbeat {
    let heartbeat = Heartbeat {
        worker: NOBODY,
        session_id: 0,
        instance: Instance([1; 16]),
        block,
        seed,
        iterations: 0,
        elapsed_ms: 0,
    };
    SignedHeartbeat {
        heartbeat,
        signature: WorkerSignature([0; 64]),
    }
}

#[test]
fn a_young_network_tells_its_numbers_and_accounts() {
    preset("development").execute_with(|| {
        block(1, 100);
        let status = network();
        assert_eq!((status.block, status.now_ms, status.slot_ms), (1, 100_000, 1_000));
        assert_eq!(
            (status.workers, status.idle_sessions, status.pools, status.total_share),
            (0, 0, 0, 0)
        );
        assert_eq!((status.subsidy_account, status.subsidy), (SubsidyAccount::get(), 100_000_000 * PHA));
        assert_eq!((status.treasury_account, status.treasury), (TreasuryAccount::get(), PHA / 100));
        assert_eq!((status.pot_account, status.pot), (StakePool::pot(), PHA / 100));
        assert_eq!((status.issued, status.paid, status.treasury_part, status.forfeited), (0, 0, 0, 0));
        assert_eq!(status.budget_per_day, 720_000 * PHA);
        assert_eq!(
            (status.heartbeat_window, status.report_window, status.challenges_per_hour),
            (20, 100, 360)
        );
    });
}

#[test]
fn an_unknown_worker_is_explained_and_an_unknown_pool_is_none() {
    preset("development").execute_with(|| {
        block(1, 100);
        let status = <Runtime as KhalaApi<Block>>::worker_status(NOBODY);
        assert_eq!((status.registration, status.session), (None, None));
        assert_eq!(status.explanation.reason, Reason::NotRegistered);
        assert_eq!(<Runtime as KhalaApi<Block>>::explain(NOBODY).reason, Reason::NotRegistered);
        assert_eq!(<Runtime as KhalaApi<Block>>::pool_status(0), None);
        assert!(<Runtime as KhalaApi<Block>>::pools(0, 100).is_empty());
        assert!(<Runtime as KhalaApi<Block>>::overdue(1_000).is_empty());
    });
}

#[test]
fn a_pool_made_by_a_transaction_is_told() {
    preset("development").execute_with(|| {
        block(1, 100);
        open(2, 101);
        let create = khala_pallet_stake_pool::Call::create_pool {
            commission: Permill::from_percent(10),
            max_commission: Permill::one(),
            cap: None,
        };
        let created = Executive::apply_extrinsic(signed(Alice, create)).expect("valid");
        created.expect("created");
        let delegate = khala_pallet_stake_pool::Call::delegate {
            pool: 0,
            amount: 1_000 * PHA,
            min_shares: 0,
        };
        Executive::apply_extrinsic(signed(Bob, delegate))
            .expect("valid")
            .expect("delegated");
        close();
        let pools = <Runtime as KhalaApi<Block>>::pools(0, 100);
        let pool = pools.first().expect("the pool");
        assert_eq!((pool.id, &pool.owner, pool.commission_ppm), (0, &Alice.to_account_id(), 100_000));
        assert_eq!(
            (pool.value, pool.free, pool.price),
            (1_000 * PHA, 1_000 * PHA, 1_000_000_000_000_000_000)
        );
        assert_eq!(<Runtime as KhalaApi<Block>>::pool_status(0).as_ref(), Some(pool));
        assert_eq!(<Runtime as KhalaApi<Block>>::delegation(0, Bob.to_account_id()).value, 1_000 * PHA);
        assert_eq!(network().pools, 1);
    });
}

#[test]
fn each_block_has_a_challenge_made_of_its_parents_randomness() {
    preset("development").execute_with(|| {
        block(1, 100);
        let first = <Runtime as KhalaApi<Block>>::mining_view(vec![NOBODY]);
        block(2, 101);
        let second = <Runtime as KhalaApi<Block>>::mining_view(vec![]);
        let (before, after) = (first.challenge.expect("drawn"), second.challenge.expect("drawn"));
        assert_eq!((before.block, after.block), (1, 2));
        assert_ne!(before.seed, after.seed);
        assert_eq!(Mining::challenge_of(1), Some(before));
        assert_eq!(
            (first.freshness_blocks, first.lease_secs, first.workers.len(), second.workers.len()),
            (300, 600, 1, 0)
        );
    });
}

#[test]
fn a_heartbeat_of_nobody_is_stale_to_the_pool_and_to_the_block() {
    preset("development").execute_with(|| {
        block(1, 100);
        let seed = Mining::challenge_of(1).expect("drawn").seed;
        let batch = || vec![heartbeat(1, seed)].try_into().expect("one fits");
        let stale = InvalidTransaction::Stale.into();
        assert_eq!(pool(general(khala_pallet_mining::Call::heartbeat { batch: batch() })), Err(stale));
        open(2, 101);
        assert_eq!(
            Executive::apply_extrinsic(general(khala_pallet_mining::Call::heartbeat { batch: batch() })),
            Err(stale)
        );
        close();
    });
}

#[test]
fn an_authorised_call_is_nothing_for_a_signer() {
    preset("development").execute_with(|| {
        block(1, 100);
        open(2, 101);
        let call = khala_pallet_mining::Call::report_offline { worker: NOBODY, block: 1 };
        let outcome = Executive::apply_extrinsic(signed(Alice, call)).expect("in the block, and paid");
        assert_eq!(outcome, Err(sp_runtime::DispatchError::BadOrigin));
        close();
    });
}
