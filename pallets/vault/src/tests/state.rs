//! Damage to the storage, each kind of which `try_state` notices.

use crate::{mock::*, *};
use khala_pallet_stake_pool::Holdings as PoolHoldings;
use khala_primitives::{VaultId, PHA};
use sp_runtime::{Permill, TryRuntimeError};

/// A vault in two pools with somebody who waits, and a fee.
fn scene() -> VaultId {
    let (vault, one, other) = (vault(10), pool(0), pool(0));
    delegate(11, vault, 5_000 * PHA);
    invest(vault, one, 3_000 * PHA);
    invest(vault, other, 2_000 * PHA);
    reward(one, 100 * PHA);
    start(1, one, 3_000 * PHA);
    start(2, other, 2_000 * PHA);
    undelegate(11, vault, 1_000 * PHA);
    undelegate(11, vault, 500 * PHA);
    vault
}

fn change(id: VaultId, change: impl FnOnce(&mut Vault<khala_primitives::AccountId32>)) {
    Vaults::<Test>::mutate(id, |vault| change(vault.as_mut().unwrap()));
}

fn change_request(id: VaultId, number: u64, change: impl FnOnce(&mut Request<khala_primitives::AccountId32>)) {
    Requests::<Test>::mutate(id, number, |request| change(request.as_mut().unwrap()));
}

#[test]
fn every_kind_of_damage_is_noticed() {
    type Damage = fn(VaultId);
    let damages: [(&str, Damage); 25] = [
        ("an empty holding is stored", |id| {
            Holdings::<Test>::insert(account(13), id, khala_pallet_stake_pool::Holding::default())
        }),
        ("a holding names a request that is not there", |id| {
            Holdings::<Test>::mutate(account(11), id, |holding| holding.requests.try_push(9).unwrap())
        }),
        ("a request is another holder's", |id| {
            change_request(id, 0, |request| request.who = account(12))
        }),
        ("a holder's waiting shares are not those of its requests", |id| {
            Holdings::<Test>::mutate(account(11), id, |holding| holding.queued = 1)
        }),
        ("a queue names a request that is not there", |id| {
            change(id, |vault| vault.queue.first = Some(7))
        }),
        ("a queue's links do not fit together", |id| {
            change_request(id, 1, |request| request.prev = None)
        }),
        ("a request's number was not given out", |id| {
            change(id, |vault| vault.queue.next_id = 1)
        }),
        ("a queue's deadlines are out of order", |id| {
            change_request(id, 1, |request| request.deadline_secs = 1)
        }),
        ("a holder does not know its request", |id| {
            Holdings::<Test>::mutate(account(11), id, |holding| holding.requests.retain(|number| *number != 1))
        }),
        ("a request waits for nothing", |id| {
            change_request(id, 1, |request| request.claims.clear())
        }),
        ("a claim is on a request that is not there", |id| {
            change_request(id, 1, |request| request.claims[0].request = 77)
        }),
        ("a claim is on more than the vault's request has", |id| {
            change_request(id, 1, |request| request.claims[0].shares *= 2)
        }),
        ("a claim is not known where it is paid", |id| {
            let claim = Requests::<Test>::get(id, 1).unwrap().claims[0];
            Backed::<Test>::remove(claim.pool, claim.request);
        }),
        ("a pool's request backs one that does not claim it", |_| {
            Backed::<Test>::insert(0, 99, 0)
        }),
        ("a queue ends elsewhere", |id| change(id, |vault| vault.queue.last = Some(0))),
        ("a queue's sum is not that of its requests", |id| {
            change(id, |vault| vault.queue.queued_shares = 5)
        }),
        ("a place's claims are not those of the requests", |id| {
            change(id, |vault| vault.places[0].claimed += 1)
        }),
        ("the holders' shares differ from the vault's", |id| {
            change(id, |vault| vault.fee_shares += 1)
        }),
        ("a rate of a vault is out of its bounds", |id| {
            change(id, |vault| vault.fee.now = Permill::from_percent(60))
        }),
        ("a vault's number was not given out", |_| NextVaultId::<Test>::put(0)),
        ("an owner's held deposits differ from its vaults", |id| {
            change(id, |vault| vault.owner = account(12))
        }),
        ("a vault's pools are not those in which it has shares", |_| {
            let unknown = khala_pallet_stake_pool::Holding {
                shares: PHA,
                ..Default::default()
            };
            PoolHoldings::<Test>::insert(VaultPallet::account(8), 0, unknown)
        }),
        ("a place in the ring is empty", |_| RingRange::<Test>::put((0, 9))),
        ("vaults stand outside the ring's range", |id| Ring::<Test>::insert(1_000, id)),
        ("a vault does not know whether it stands in the ring", |id| {
            change(id, |vault| vault.in_ring = !vault.in_ring)
        }),
    ];
    for (what, damage) in damages {
        run(|| {
            let id = scene();
            next_block_after(6);
            let before = frame_support::storage::transactional::with_transaction(|| {
                damage(id);
                let noticed = VaultPallet::do_try_state();
                frame_support::storage::TransactionOutcome::Rollback(Ok::<_, sp_runtime::DispatchError>(noticed))
            });
            assert_eq!(before.unwrap(), Err(TryRuntimeError::Other(what)), "{what}");
        });
    }
}

#[test]
fn coins_that_no_vault_counts_are_noticed_by_the_pools() {
    run(|| {
        let id = scene();
        change(id, |vault| vault.free += 1);
        assert!(StakePool::do_try_state().is_err());
        change(id, |vault| vault.free -= 1);
    });
}
