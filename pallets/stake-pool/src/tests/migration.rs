//! From version 0: every account before and after.

use crate::{
    migrations::v1::{v0, MigrateV0ToV1},
    mock::*,
    *,
};
use frame_support::{
    assert_ok,
    traits::{fungible::Mutate, GetStorageVersion, OnRuntimeUpgrade, StorageVersion},
};
use khala_pallet_mining::{Pallet as MiningPallet, PoolReward};
use khala_primitives::{Balance, PoolId, WorkerPublicKey};
use sp_runtime::Permill;
use std::collections::BTreeMap;

/// What version 0 said that so many shares were worth.
fn worth_before(id: PoolId, shares: u128) -> Balance {
    let pool = v0::Pools::<Test>::get(id).unwrap();
    let reward = PoolReward::<Test>::get(id);
    let net = reward - pool.commission.mul_floor(reward);
    shares::worth_of(shares, pool.free + pool.staked + pool.cooling + net, pool.shares).unwrap()
}

/// Storage of version 0: three pools, 600 holdings of 300 accounts, workers that mine and that cool down, rewards that are not taken in.
fn populate() -> BTreeMap<PoolId, Vec<WorkerPublicKey>> {
    StorageVersion::new(0).put::<StakePool>();
    PotTotal::<Test>::kill();
    let holder = |number: u16| {
        let mut bytes = [9; 32];
        bytes[..2].copy_from_slice(&number.to_le_bytes());
        khala_primitives::AccountId32::from(bytes)
    };
    let mut workers: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for id in 0..3u32 {
        let mut old = v0::Pool {
            owner: account(OWNER),
            commission: Permill::from_percent(10 * id),
            cap: (id == 1).then_some(1_000_000 * PHA),
            free: 0,
            staked: 0,
            cooling: 0,
            commission_due: u128::from(id) * 7,
            shares: 0,
            workers: 0,
        };
        for number in 0..200u16 {
            let amount = PHA * 100 + u128::from(number) * 12_345_678_901;
            v0::Delegations::<Test>::insert(id, holder(number + 50 * id as u16), amount);
            old.shares += amount;
        }
        // The price is above one.
        old.free = old.shares + old.shares / 7 * u128::from(id);
        assert_ok!(Balances::mint_into(&StakePool::pot(), old.free + old.commission_due + 5 * PHA));
        PoolReward::<Test>::insert(id, 5 * PHA);
        for number in 0..4u8 {
            let worker = registered(10 * (id as u8 + 1) + number);
            assert_ok!(MiningPallet::<Test>::bind(&worker, id));
            v0::PoolWorkers::<Test>::insert(id, worker, ());
            workers.entry(id).or_default().insert(0, worker);
            old.workers += 1;
            if number < 3 {
                assert_ok!(MiningPallet::<Test>::start(&worker, 2_000 * PHA));
                old.free -= 2_000 * PHA;
                old.staked += 2_000 * PHA;
            }
            if number == 0 {
                let stopped = MiningPallet::<Test>::stop(&worker).unwrap();
                assert_eq!(stopped.lost, 0);
                old.staked -= stopped.returned;
                old.cooling += stopped.returned;
            }
        }
        v0::Pools::<Test>::insert(id, old);
        use frame_support::traits::fungible::MutateHold;
        assert_ok!(Balances::hold(&HoldReason::PoolDeposit.into(), &account(OWNER), 10 * PHA));
    }
    NextPoolId::<Test>::put(3);
    workers
}

#[test]
fn every_account_has_after_it_what_it_had_before() {
    run(|| {
        let workers = populate();
        let before: Vec<_> = v0::Delegations::<Test>::iter()
            .map(|(id, who, shares)| (id, who, shares, worth_before(id, shares)))
            .collect();
        let commissions: Vec<_> = v0::Pools::<Test>::iter()
            .map(|(id, pool)| {
                let reward = PoolReward::<Test>::get(id);
                (
                    id,
                    pool.commission,
                    pool.cap,
                    pool.commission_due + pool.commission.mul_floor(reward),
                )
            })
            .collect();
        assert_eq!((before.len(), commissions.len()), (600, 3));

        MigrateV0ToV1::<Test>::on_runtime_upgrade();
        assert_eq!(StakePool::on_chain_storage_version(), 1);
        assert_ok!(StakePool::do_try_state());
        assert_eq!(Holdings::<Test>::iter_keys().count(), 600);
        for (id, who, shares, worth) in before {
            let after = StakePool::delegation_status(id, &who);
            assert_eq!((after.shares, after.value, after.requests), (shares, worth, vec![]));
        }
        for (id, commission, cap, due) in commissions {
            let pool = at(id).pool;
            assert_eq!((pool.commission, pool.max_commission, pool.cap), (commission, commission, cap));
            assert_eq!(pool.commission_due, due);
            assert_eq!(StakePool::workers_of(id), workers[&id]);
        }
        assert_eq!(v0::Delegations::<Test>::iter().count() + v0::PoolWorkers::<Test>::iter().count(), 0);
        // What was begun before goes on.
        pass(130);
        assert!((0..3).all(|id| at(id).pool.cooling == 0));
    });
}

#[test]
fn it_runs_once() {
    run(|| {
        populate();
        MigrateV0ToV1::<Test>::on_runtime_upgrade();
        let root = sp_io::storage::root(sp_runtime::StateVersion::V1);
        MigrateV0ToV1::<Test>::on_runtime_upgrade();
        assert_eq!(sp_io::storage::root(sp_runtime::StateVersion::V1), root);
    });
}
