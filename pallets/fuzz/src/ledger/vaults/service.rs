//! The vaults' service, step by step: what pools pay flows through, free coins pay those who wait, pools that are too dear are left.

use super::{part_up, split, Claim, Lost, Request, Valued, VaultEntry};
use crate::{
    ledger::{
        check,
        service::{Payment, Steps, LEAST_STEPS},
        Check, Foreseen, Ledger, Told, VaultEvent,
    },
    runtime::vault_account,
};
use khala_primitives::{PoolId, VaultId, PHA};

/// Payments of a visit.
const PAYMENTS: usize = 8;

/// How far the hook got.
#[derive(Clone, Copy, Debug)]
pub(crate) struct VaultReach {
    /// Whether it had room for everything.
    pub(crate) roomy: bool,
    /// Whether the pools have done all that they had to in this block.
    pub(crate) kept: bool,
    /// Number of the vault in the ring that is visited next.
    pub(crate) visits: u64,
    /// Where the look at all vaults stands: a time slot and the next vault.
    pub(crate) looked: (u64, VaultId),
}

impl Ledger {
    /// A pool has paid a request of a vault: whoever claims a part of it gets it, the rest is free.
    pub(crate) fn paid_to_vault(&mut self, id: VaultId, payment: &Payment) -> Check<Told> {
        let mut vault = self.vaults.get(&id).cloned().ok_or("a pool has paid a vault that is not there")?;
        let (pool, number) = (payment.pool, payment.request);
        let mut ours = payment.amount;
        let on_it = |claim: &Claim| (claim.pool, claim.request) == (pool, number);
        if let Some(place) = vault.queue.iter().position(|request| request.claims.iter().any(on_it)) {
            let request = &mut vault.queue[place];
            let (who, id_of) = (request.who.clone(), request.id);
            let all = payment.shares + payment.left;
            for claim in request.claims.iter_mut().filter(|claim| on_it(claim)) {
                let (taken, coins) = split(claim.shares, all, payment.shares, payment.amount);
                claim.shares -= taken;
                ours -= coins;
            }
            let ended = vault.close(place);
            let amount = payment.amount - ours;
            self.pay_from_pot(&who, amount);
            self.tell(VaultEvent::RequestPaid {
                vault: id,
                request: id_of,
                who,
                shares: 0,
                amount,
                ended,
            });
        }
        vault.free += ours;
        self.tidy(&vault_account(id), &mut vault, pool);
        if ours > 0 {
            let (vault, amount) = (id, ours);
            self.tell(VaultEvent::CoinsReturned { vault, pool, amount });
        }
        self.put_vault(id, vault);
        Ok(self.take_told())
    }

    /// Visits of the vaults in the ring, and a look at all of them once in a time slot. `lost`: what stakes would lose as of now.
    pub(crate) fn serve_vaults(&mut self, reach: VaultReach, lost: &Lost, mut steps: Steps) -> Check {
        let visits = reach.visits - self.vault_visits;
        for _ in 0..visits {
            let id = self.vault_ring.pop_front().ok_or("a vault was visited that was not in the ring")?;
            self.visit_vault(id, lost).map_err(|error| format!("vault {id}: {error:?}"))?;
            steps.expect_all(self.take_told())?;
        }
        self.vault_visits = reach.visits;
        let drained = self.vault_ring.is_empty();
        check!(
            !reach.roomy || drained || visits >= LEAST_STEPS,
            "a block with room left the vaults {:?} in the ring after {visits} visits",
            self.vault_ring
        );
        steps.finish()?;
        if reach.roomy && drained {
            self.spend(lost)?;
            if reach.kept {
                self.keep_vaults_promises(lost)?;
            }
        }
        self.look(reach)
    }

    fn visit_vault(&mut self, id: VaultId, lost: &Lost) -> Foreseen<()> {
        let mut vault = self.vault(id)?;
        if let Some(pool) = self.too_dear(id, &vault) {
            let held = self.pools.get(&pool).map_or(0, |pool| pool.held_by(&vault_account(id)));
            let at = self.valued(id, lost)?;
            self.take_out_of_pool(id, &mut vault, pool, held, 0, lost)?;
            self.tell(VaultEvent::PoolLeft { vault: id, pool });
            self.join_vault_ring(id);
            self.put_served_vault(id, vault);
            self.assert_price_kept(id, at.price(), at.rounding(pool), lost);
            return Ok(());
        }
        let at = self.settled_vault(id, lost)?;
        self.put_served_vault(id, at.vault);
        let mut paid = 0;
        while paid < PAYMENTS && self.pay_first_of_vault(id, lost)? {
            paid += 1;
        }
        if paid == PAYMENTS {
            self.join_vault_ring(id);
        }
        Ok(())
    }

    /// The first pool that is dearer than the vault wants it, and of which it has shares that are not queued.
    fn too_dear(&self, id: VaultId, vault: &VaultEntry) -> Option<PoolId> {
        let (limit, account) = (vault.limit.at(self.clock.credited), vault_account(id));
        let held = |pool: PoolId| self.pools.get(&pool).map_or(0, |pool| pool.held_by(&account));
        let dear = |pool: &&PoolId| self.dearest(**pool).is_some_and(|rate| rate > limit) && held(**pool) > 0;
        vault.places.iter().find(dear).copied()
    }

    /// The first one who waits is paid out of free coins, as far as they allow it; whether they did.
    fn pay_first_of_vault(&mut self, id: VaultId, lost: &Lost) -> Foreseen<bool> {
        let at = self.valued(id, lost)?;
        let Some(first) = at.vault.queue.front() else { return Ok(false) };
        let (all, who, number) = (at.request_worth(first), first.who.clone(), first.id);
        let amount = all.min(at.vault.free);
        if amount < all && amount < PHA {
            return Ok(false);
        }
        let before = at.price();
        let mut after = at.clone();
        after.pay(&at, amount);
        let shares = at.vault.shares - after.vault.shares;
        after.vault.free -= amount;
        let ended = after.vault.close(0);
        after.assert_kept(before, 0);
        self.put_served_vault(id, after.vault);
        self.pay_from_pot(&who, amount);
        self.tell(VaultEvent::RequestPaid {
            vault: id,
            request: number,
            who,
            shares,
            amount,
            ended,
        });
        Ok(true)
    }

    /// After a block in which everything could be done nobody waits for coins that are free.
    fn spend(&self, lost: &Lost) -> Check {
        for id in self.vaults.keys() {
            let at = self.valued(*id, lost).map_err(|error| format!("vault {id}: {error:?}"))?;
            check!(
                at.vault.queue.is_empty() || at.vault.free < PHA,
                "vault {id} has {} planck free, and somebody waits",
                at.vault.free
            );
        }
        Ok(())
    }

    /// Whoever waits beyond its deadline waits for pools that have promised no less: for what belongs to it, or for coins that are on their
    /// way to the vault, asked for in time.
    fn keep_vaults_promises(&self, lost: &Lost) -> Check {
        let now = self.clock.credited;
        for id in self.vaults.keys() {
            let at = self.valued(*id, lost).map_err(|error| format!("vault {id}: {error:?}"))?;
            for request in at.vault.queue.iter().take_while(|request| request.deadline <= now) {
                let comes = self.is_coming(*id, &at.vault, request);
                check!(
                    comes || at.request_worth(request) == 0,
                    "{request:?} of vault {id} was to be paid by now, {now}, and waits for nothing"
                );
            }
        }
        Ok(())
    }

    /// Whether a pool owes the vault something for this request.
    fn is_coming(&self, id: VaultId, vault: &VaultEntry, request: &Request) -> bool {
        let account = vault_account(id);
        let open = self
            .pools
            .iter()
            .flat_map(|(pool, entry)| entry.queue.iter().map(move |theirs| (*pool, theirs)));
        let mut in_time = open.filter(|(_, theirs)| theirs.who == account && theirs.deadline <= request.deadline);
        in_time.any(|(pool, theirs)| {
            let claimed = |claim: &Claim| (claim.pool, claim.request) == (pool, theirs.id);
            request.claims.iter().any(claimed) || (request.shares > 0 && theirs.shares > vault.claimed_of(pool, theirs.id))
        })
    }

    /// A look at all vaults, as far as `reach` says: those with a pool to leave join the ring.
    fn look(&mut self, reach: VaultReach) -> Check {
        let count = self.vaults.len() as VaultId;
        let slot = self.clock.credited / self.times.sweep_secs;
        if self.looked.1 >= count && self.looked.0 != slot {
            self.looked = (slot, 0);
        }
        let (from, to) = (self.looked.1, reach.looked.1);
        check!(
            reach.looked.0 == self.looked.0 && (from..=count.max(from)).contains(&to),
            "the look at all vaults stands at {:?}, and stood at {:?} of {count}",
            reach.looked,
            self.looked
        );
        check!(
            !reach.roomy || to >= count || u64::from(to - from) >= LEAST_STEPS,
            "a block with room looked at the vaults from {from} to {to}"
        );
        for id in from..to {
            let dear = self.vaults.get(&id).and_then(|vault| self.too_dear(id, vault));
            if dear.is_some() {
                self.join_vault_ring(id);
            }
        }
        self.looked.1 = to;
        Ok(())
    }
}

impl Valued {
    /// The first request is paid so much, at the prices of `at`: first for its shares of the vault, then claim by claim. What is paid of it
    /// is the vault's.
    fn pay(&mut self, at: &Valued, amount: khala_primitives::Balance) {
        let (value, shares) = at.price();
        let Some(first) = self.vault.queue.front_mut() else { return };
        let waiting = at.worth(first.shares);
        let burned = match amount >= waiting {
            true => first.shares,
            false => part_up(amount, shares, value).min(first.shares),
        };
        let mut open = amount.saturating_sub(waiting);
        first.shares -= burned;
        for claim in &mut first.claims {
            let worth = at.claim_worth(claim);
            let bought = match (open >= worth, at.stake(claim.pool)) {
                (false, Some(stake)) => part_up(open, stake.shares, stake.value).min(claim.shares),
                _ => claim.shares,
            };
            claim.shares -= bought;
            open = open.saturating_sub(worth);
        }
        self.vault.shares -= burned;
    }
}
