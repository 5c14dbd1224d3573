//! Invariants: `design/staking.md`, Vault and Invariants.

use crate::{pallet::*, types::Vault};
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::{
    ensure,
    traits::{fungible::InspectHold, Get},
};
use khala_pallet_stake_pool::{Holdings as PoolHoldings, Requests as PoolRequests};
use khala_primitives::{Balance, PoolId, RequestId, VaultId};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Verifies every invariant of this pallet's storage, and that it fits the pools'.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let mut held: BTreeMap<VaultId, u128> = BTreeMap::new();
        for (who, id, holding) in Holdings::<T>::iter() {
            ensure!(holding.shares > 0 || !holding.requests.is_empty(), "an empty holding is stored");
            let mut waiting = 0u128;
            for number in &holding.requests {
                let request = Requests::<T>::get(id, number).ok_or("a holding names a request that is not there")?;
                ensure!(request.who == who, "a request is another holder's");
                waiting = waiting.saturating_add(request.shares);
            }
            ensure!(waiting == holding.queued, "a holder's waiting shares are not those of its requests");
            let sum = held.entry(id).or_default();
            *sum = sum.saturating_add(holding.shares);
        }
        let mut deposits: BTreeMap<T::AccountId, Balance> = BTreeMap::new();
        let mut backed: BTreeSet<(PoolId, RequestId)> = BTreeSet::new();
        for (id, vault) in Vaults::<T>::iter() {
            let queued = Self::check_queue(id, &vault, &mut backed)?;
            let holders = held.remove(&id).unwrap_or(0);
            ensure!(
                holders.saturating_add(queued).saturating_add(vault.fee_shares) == vault.shares,
                "the holders' shares differ from the vault's"
            );
            ensure!(id < NextVaultId::<T>::get(), "a vault's number was not given out");
            ensure!(
                vault.fee.is_sound() && vault.commission_limit.is_sound(),
                "a rate of a vault is out of its bounds"
            );
            ensure!(
                vault.shares > 0 || vault.free == 0 || !vault.queue.is_empty(),
                "a vault without shares has free coins"
            );
            let deposit = deposits.entry(vault.owner).or_default();
            *deposit = deposit.saturating_add(T::VaultDeposit::get());
        }
        ensure!(held.is_empty(), "a holding belongs to no vault");
        ensure!(
            Requests::<T>::iter_keys().all(|(id, _)| Vaults::<T>::contains_key(id)),
            "a request belongs to no vault"
        );
        ensure!(
            Backed::<T>::iter_keys().all(|key| backed.contains(&key)),
            "a pool's request backs one that does not claim it"
        );
        for (owner, deposit) in deposits {
            ensure!(
                T::PoolCurrency::balance_on_hold(&HoldReason::VaultDeposit.into(), &owner) == deposit,
                "an owner's held deposits differ from its vaults"
            );
        }
        Self::check_places()?;
        Self::check_ring()
    }

    /// Walks a queue from its first request to its last; the shares of the vault in it.
    fn check_queue(id: VaultId, vault: &Vault<T::AccountId>, backed: &mut BTreeSet<(PoolId, RequestId)>) -> Result<u128, TryRuntimeError> {
        let account = Self::account(id);
        let mut claimed: BTreeMap<PoolId, u128> = BTreeMap::new();
        let (mut waiting, mut length) = (0u128, 0usize);
        let (mut next, mut before, mut deadline): (_, Option<RequestId>, u64) = (vault.queue.first, None, 0);
        while let Some(number) = next {
            let request = Requests::<T>::get(id, number).ok_or("a queue names a request that is not there")?;
            ensure!(request.prev == before, "a queue's links do not fit together");
            ensure!(
                number < vault.queue.next_id && before.is_none_or(|before| before < number),
                "a request's number was not given out"
            );
            ensure!(request.deadline_secs >= deadline, "a queue's deadlines are out of order");
            ensure!(
                Holdings::<T>::get(&request.who, id).requests.contains(&number),
                "a holder does not know its request"
            );
            ensure!(request.shares > 0 || !request.claims.is_empty(), "a request waits for nothing");
            for claim in &request.claims {
                let theirs = PoolRequests::<T>::get(claim.pool, claim.request).ok_or("a claim is on a request that is not there")?;
                ensure!(
                    theirs.who == account && claim.shares > 0 && claim.shares <= theirs.shares,
                    "a claim is on more than the vault's request has"
                );
                ensure!(
                    Backed::<T>::get(claim.pool, claim.request) == Some(number) && backed.insert((claim.pool, claim.request)),
                    "a claim is not known where it is paid"
                );
                let sum = claimed.entry(claim.pool).or_default();
                *sum = sum.saturating_add(claim.shares);
            }
            waiting = waiting.saturating_add(request.shares);
            length = length.saturating_add(1);
            deadline = request.deadline_secs;
            (before, next) = (Some(number), request.next);
        }
        ensure!(before == vault.queue.last, "a queue ends elsewhere");
        ensure!(
            Requests::<T>::iter_key_prefix(id).count() == length,
            "a request is not in its queue"
        );
        ensure!(waiting == vault.queue.queued_shares, "a queue's sum is not that of its requests");
        for place in &vault.places {
            ensure!(
                place.claimed == claimed.remove(&place.pool).unwrap_or(0),
                "a place's claims are not those of the requests"
            );
            ensure!(
                place.claimed <= PoolHoldings::<T>::get(&account, place.pool).queued,
                "more is claimed than is queued"
            );
        }
        ensure!(claimed.is_empty(), "a claim is on a pool that the vault does not use");
        Ok(waiting)
    }

    /// A vault knows every pool in which it has something, and no other one.
    fn check_places() -> Result<(), TryRuntimeError> {
        let mut known = BTreeSet::new();
        for (id, vault) in Vaults::<T>::iter() {
            for place in &vault.places {
                ensure!(known.insert((Self::account(id), place.pool)), "a vault names a pool twice");
            }
        }
        let inside = |who: &T::AccountId| Self::of_account(who).is_some();
        let theirs: BTreeSet<_> = PoolHoldings::<T>::iter_keys().filter(|(who, _)| inside(who)).collect();
        ensure!(known == theirs, "a vault's pools are not those in which it has shares");
        Ok(())
    }

    fn check_ring() -> Result<(), TryRuntimeError> {
        let (first, end) = RingRange::<T>::get();
        let mut inside = BTreeSet::new();
        for number in first..end {
            let id = Ring::<T>::get(number).ok_or("a place in the ring is empty")?;
            ensure!(inside.insert(id), "a vault stands in the ring twice");
        }
        ensure!(
            Ring::<T>::iter_keys().count() as u64 == end.saturating_sub(first),
            "vaults stand outside the ring's range"
        );
        ensure!(
            Vaults::<T>::iter().all(|(id, vault)| vault.in_ring == inside.contains(&id)),
            "a vault does not know whether it stands in the ring"
        );
        Ok(())
    }
}
