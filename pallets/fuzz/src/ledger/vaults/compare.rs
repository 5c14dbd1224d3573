//! Do the chain's vaults agree with the ledger's?

use super::VaultEntry;
use crate::{
    ledger::{check, Check, Ledger},
    runtime::Test,
};
use khala_pallet_stake_pool::{Holding, Rate};
use khala_pallet_vault::{
    Backed, Holdings, LookedAt, NextVaultId, Parameters, Request, Requests, Ring, RingRange, Vault, VaultParameters, Vaults,
};
use khala_primitives::{AccountId32, PoolId, VaultId};
use std::collections::BTreeMap;

/// A rate as the ledger has it.
fn rate(theirs: &Rate) -> super::Rate {
    super::Rate {
        now: theirs.now.deconstruct(),
        maximum: theirs.maximum.deconstruct(),
        rise: theirs.rise.map(|rise| (rise.commission.deconstruct(), rise.due_secs)),
    }
}

impl Ledger {
    pub(crate) fn compare_vaults(&self) -> Check {
        let mut count = 0;
        for (id, vault) in Vaults::<Test>::iter() {
            count += 1;
            let ours = self.vaults.get(&id).ok_or_else(|| format!("vault {id} should not be"))?;
            ours.compare(&vault).map_err(|why| format!("vault {id} {why}"))?;
            let in_ring = self.vault_ring.contains(&id);
            check!(vault.in_ring == in_ring, "vault {id} stands in the ring: {}", vault.in_ring);
        }
        let numbers = (count, Vaults::<Test>::count(), NextVaultId::<Test>::get());
        let ours = self.vaults.len();
        check!(
            numbers == (ours, ours as u32, ours as u32),
            "there are {numbers:?} vaults instead of {ours}"
        );
        self.compare_vault_holdings()?;
        self.compare_vault_requests()?;
        self.compare_vault_order()
    }

    fn compare_vault_holdings(&self) -> Check {
        let mut ours: BTreeMap<(AccountId32, VaultId), Holding> = BTreeMap::new();
        for (id, vault) in &self.vaults {
            for (who, shares) in &vault.held {
                ours.entry((who.clone(), *id)).or_default().shares = *shares;
            }
            for request in &vault.queue {
                let holding = ours.entry((request.who.clone(), *id)).or_default();
                holding.queued += request.shares;
                check!(holding.requests.try_push(request.id).is_ok(), "a ninth request of {}", request.who);
            }
        }
        for (who, id, theirs) in Holdings::<Test>::iter() {
            let held = ours.remove(&(who.clone(), id)).unwrap_or_default();
            check!(theirs == held, "{who} holds {theirs:?} of vault {id}, not {held:?}");
        }
        check!(ours.is_empty(), "of these shares of vaults the chain knows nothing: {ours:?}");
        Ok(())
    }

    fn compare_vault_requests(&self) -> Check {
        let mut count = 0;
        let mut backed: BTreeMap<(PoolId, u64), u64> = BTreeMap::new();
        for (id, number, theirs) in Requests::<Test>::iter() {
            count += 1;
            let queue = self.vaults.get(&id).map(|vault| &vault.queue).ok_or("a request without a vault")?;
            let place = queue.binary_search_by_key(&number, |request| request.id);
            let place = place.map_err(|_| format!("request {number} of vault {id} should not be"))?;
            let at = |place: Option<usize>| place.and_then(|place| queue.get(place)).map(|request| request.id);
            let ours = Request {
                who: queue[place].who.clone(),
                claims: super::withdrawal::told_claims(&queue[place].claims),
                shares: queue[place].shares,
                deadline_secs: queue[place].deadline,
                prev: at(place.checked_sub(1)),
                next: at(Some(place + 1)),
            };
            check!(theirs == ours, "request {number} of vault {id} is {theirs:?}, not {ours:?}");
            let claims = queue[place].claims.iter();
            backed.extend(claims.map(|claim| ((claim.pool, claim.request), number)));
        }
        let ours: usize = self.vaults.values().map(|vault| vault.queue.len()).sum();
        check!(count == ours, "there are {count} requests of vaults instead of {ours}");
        let theirs: BTreeMap<_, _> = Backed::<Test>::iter()
            .map(|(pool, request, number)| ((pool, request), number))
            .collect();
        check!(theirs == backed, "backed are {theirs:?}, not {backed:?}");
        Ok(())
    }

    /// The ring, the look at all vaults, and their times.
    fn compare_vault_order(&self) -> Check {
        let range = RingRange::<Test>::get();
        let end = self.vault_visits + self.vault_ring.len() as u64;
        check!(
            range == (self.vault_visits, end),
            "the vaults' ring is {range:?}, not {:?}",
            (self.vault_visits, end)
        );
        for (number, ours) in (self.vault_visits..).zip(&self.vault_ring) {
            let theirs = Ring::<Test>::get(number);
            check!(theirs == Some(*ours), "the vaults' ring has {theirs:?}, not {ours}");
        }
        let at = LookedAt::<Test>::get();
        check!(
            (at.slot, at.next) == self.looked,
            "the look at all vaults is at {at:?}, not at {:?}",
            self.looked
        );
        let VaultParameters { margin_secs } = Parameters::<Test>::get();
        check!(
            margin_secs == self.margin_secs,
            "the vaults' margin is {margin_secs} s, not {}",
            self.margin_secs
        );
        Ok(())
    }
}

impl VaultEntry {
    fn compare(&self, vault: &Vault<AccountId32>) -> Check {
        let theirs = (vault.free, vault.shares, vault.fee_shares, vault.mark);
        let ours = (self.free, self.shares, self.fee_shares, self.mark);
        check!(theirs == ours, "has {theirs:?}, not {ours:?}");
        let theirs = (&vault.owner, rate(&vault.fee), rate(&vault.commission_limit), vault.cap);
        let ours = (&self.owner, self.fee.clone(), self.limit.clone(), self.cap);
        check!(theirs == ours, "has the terms {theirs:?}, not {ours:?}");
        let queue = &vault.queue;
        let theirs = (queue.first, queue.last, queue.next_id, queue.queued_shares, queue.due_shares);
        let end = |request: Option<&super::Request>| request.map(|request| request.id);
        let ours = (
            end(self.queue.front()),
            end(self.queue.back()),
            self.next_request,
            self.waiting(),
            0,
        );
        check!(theirs == ours, "has the queue {theirs:?}, not {ours:?}");
        let theirs: Vec<_> = vault.places.iter().map(|place| (place.pool, place.claimed)).collect();
        let ours: Vec<_> = self.places.iter().map(|pool| (*pool, self.claimed(*pool))).collect();
        check!(theirs == ours, "has shares of {theirs:?}, not of {ours:?}");
        Ok(())
    }
}
