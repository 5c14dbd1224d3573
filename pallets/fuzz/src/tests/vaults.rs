//! Damage to vaults is noticed.

use super::{found, in_mid_life, Damage};
use crate::{
    ledger::vaults::VaultEntry,
    runtime::{account, vault_account, Balances, Test},
    world::World,
};
use frame_support::traits::fungible::Mutate;
use khala_pallet_stake_pool::{CommissionRise, Holdings as PoolHoldings};
use khala_pallet_vault::{
    Backed, Holdings, LookedAt, NextVaultId, Parameters, Request, Requests, Ring, RingRange, Vault, VaultParameters, Vaults,
};
use khala_primitives::{AccountId32, PHA};
use sp_runtime::Permill;

fn change_vault(change: impl FnMut(&mut Vault<AccountId32>)) {
    Vaults::<Test>::mutate(0, |vault| vault.iter_mut().for_each(change));
}

/// The first request of the first vault that waits for pools is another one.
fn change_request(change: impl FnOnce(&mut Request<AccountId32>)) {
    let (number, mut request) = Requests::<Test>::iter_prefix(0)
        .find(|(_, request)| !request.claims.is_empty())
        .unwrap();
    change(&mut request);
    Requests::<Test>::insert(0, number, request);
}

fn change_holding(change: impl FnOnce(&mut khala_pallet_stake_pool::Holding)) {
    let (who, id, mut holding) = Holdings::<Test>::iter().find(|(_, id, _)| *id == 0).unwrap();
    change(&mut holding);
    Holdings::<Test>::insert(who, id, holding);
}

/// With shares of several pools, and somebody who waits for them.
fn is_rich(world: &World) -> bool {
    let rich = |vault: &VaultEntry| {
        let claims = vault.queue.iter().any(|request| !request.claims.is_empty());
        claims && !vault.held.is_empty() && vault.places.len() > 1
    };
    world.ledger.vaults.get(&0).is_some_and(rich)
}

#[test]
fn damage_to_vaults_is_found() {
    let (mut chain, mut world) = in_mid_life(12, is_rich);
    chain.execute_with(|| {
        world.check_all().unwrap();
        let damages: Vec<(&str, Damage)> = vec![
            ("vault 0 has (", Box::new(|| change_vault(|vault| vault.free += 1))),
            ("vault 0 has (", Box::new(|| change_vault(|vault| vault.shares += 1))),
            ("vault 0 has (", Box::new(|| change_vault(|vault| vault.fee_shares += 1))),
            ("vault 0 has (", Box::new(|| change_vault(|vault| vault.mark += 1))),
            ("has the terms", Box::new(|| change_vault(|vault| vault.cap = Some(7)))),
            ("has the terms", Box::new(|| change_vault(|vault| vault.owner = account(99)))),
            (
                "has the terms",
                Box::new(|| change_vault(|vault| vault.fee.now = Permill::from_parts(7))),
            ),
            (
                "has the terms",
                Box::new(|| change_vault(|vault| vault.fee.maximum = Permill::from_parts(7))),
            ),
            (
                "has the terms",
                Box::new(|| {
                    let rise = CommissionRise {
                        commission: Permill::one(),
                        due_secs: 7,
                    };
                    change_vault(|vault| vault.fee.rise = Some(rise));
                }),
            ),
            (
                "has the terms",
                Box::new(|| change_vault(|vault| vault.commission_limit.now = Permill::from_parts(7))),
            ),
            ("has the queue", Box::new(|| change_vault(|vault| vault.queue.next_id += 1))),
            ("has the queue", Box::new(|| change_vault(|vault| vault.queue.queued_shares += 1))),
            ("has the queue", Box::new(|| change_vault(|vault| vault.queue.last = Some(777)))),
            (
                "vault 0 stands in the ring",
                Box::new(|| change_vault(|vault| vault.in_ring = !vault.in_ring)),
            ),
            ("has shares of", Box::new(|| change_vault(|vault| vault.places.as_mut().swap(0, 1)))),
            (
                "has shares of",
                Box::new(|| change_vault(|vault| vault.places.iter_mut().for_each(|place| place.claimed += 1))),
            ),
            ("of vault 0, not", Box::new(|| change_holding(|holding| holding.shares += 1))),
            ("of vault 0, not", Box::new(|| change_holding(|holding| holding.queued += 1))),
            (
                "of these shares of vaults",
                Box::new(|| {
                    let (who, id, _) = Holdings::<Test>::iter().next().unwrap();
                    Holdings::<Test>::remove(who, id);
                }),
            ),
            ("of vault 0 is Request", Box::new(|| change_request(|request| request.shares += 1))),
            (
                "of vault 0 is Request",
                Box::new(|| change_request(|request| request.claims[0].shares -= 1)),
            ),
            (
                "of vault 0 is Request",
                Box::new(|| change_request(|request| request.deadline_secs += 1)),
            ),
            (
                "of vault 0 is Request",
                Box::new(|| change_request(|request| request.who = account(99))),
            ),
            (
                "of vault 0 is Request",
                Box::new(|| change_request(|request| request.prev = Some(777))),
            ),
            ("backed are", Box::new(|| Backed::<Test>::insert(0, 777, 0))),
            (
                "backed are",
                Box::new(|| {
                    let (pool, request, _) = Backed::<Test>::iter().next().unwrap();
                    Backed::<Test>::remove(pool, request);
                }),
            ),
            (
                "the vaults' ring is",
                Box::new(|| {
                    let end = RingRange::<Test>::get().1;
                    Ring::<Test>::insert(end, 0);
                    RingRange::<Test>::mutate(|range| range.1 += 1);
                }),
            ),
            (
                "the look at all vaults is at",
                Box::new(|| LookedAt::<Test>::mutate(|at| at.slot += 1)),
            ),
            ("vaults instead of", Box::new(|| NextVaultId::<Test>::mutate(|next| *next += 1))),
            (
                "vault 77 should not be",
                Box::new(|| Vaults::<Test>::insert(77, Vaults::<Test>::get(0).unwrap())),
            ),
            (
                "the vaults' margin is",
                Box::new(|| Parameters::<Test>::put(VaultParameters { margin_secs: 77 })),
            ),
            (
                "of pool",
                Box::new(|| {
                    let (pool, mut holding) = PoolHoldings::<Test>::iter_prefix(vault_account(0)).next().unwrap();
                    holding.queued += 1;
                    PoolHoldings::<Test>::insert(vault_account(0), pool, holding);
                }),
            ),
            (
                "planck exist",
                Box::new(|| assert!(Balances::mint_into(&vault_account(0), 1_000 * PHA).is_ok())),
            ),
        ];
        for (message, damage) in damages {
            let found = found(&mut world, damage);
            assert!(found.contains(message), "{found}");
        }
        world.check_all().unwrap();
    });
}
