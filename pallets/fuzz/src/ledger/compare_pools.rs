//! Do the chain's pools agree with the ledger's?

use super::{check, pools::PoolEntry, vaults::vault_of, Check, Ledger};
use crate::runtime::{StakePool, Test};
use khala_pallet_mining::{Impaired, InTransit, PoolReward};
use khala_pallet_stake_pool::{
    Agenda, AgendaRange, Allowed, Appointment, Holding, Holdings, Pool, Pools, PotTotal, PriceSamples, Profiles, Request, Requests, Ring,
    RingRange, SweepAt, Unclaimed,
};
use khala_primitives::{AccountId32, Balance, PoolId};
use std::collections::BTreeMap;

impl Ledger {
    pub(crate) fn compare_pools(&mut self) -> Check {
        let mut count = 0;
        for (id, pool) in Pools::<Test>::iter() {
            count += 1;
            let in_ring = self.ring.contains(&id);
            let ours = self.pools.get_mut(&id).ok_or_else(|| format!("pool {id} should not be"))?;
            ours.compare(id, &pool).map_err(|why| format!("pool {id} {why}"))?;
            check!(pool.in_ring == in_ring, "pool {id} stands in the ring: {}", pool.in_ring);
        }
        check!(count == self.pools.len(), "there are {count} pools instead of {}", self.pools.len());
        self.compare_holdings()?;
        self.compare_requests()?;
        self.compare_order()?;
        self.compare_pot()
    }

    fn compare_holdings(&self) -> Check {
        let mut ours: BTreeMap<(AccountId32, PoolId), Holding> = BTreeMap::new();
        for (id, pool) in &self.pools {
            for (who, shares) in &pool.held {
                ours.entry((who.clone(), *id)).or_default().shares = *shares;
            }
            for request in &pool.queue {
                let holding = ours.entry((request.who.clone(), *id)).or_default();
                holding.queued += request.shares;
                // Vaults keep the list of theirs themselves.
                let listed = vault_of(&request.who).is_some() || holding.requests.try_push(request.id).is_ok();
                check!(listed, "a ninth request of {}", request.who);
            }
        }
        for (who, id, theirs) in Holdings::<Test>::iter() {
            let held = ours.remove(&(who.clone(), id)).unwrap_or_default();
            check!(theirs == held, "{who} holds {theirs:?} of pool {id}, not {held:?}");
        }
        check!(ours.is_empty(), "of these the chain knows nothing: {ours:?}");
        Ok(())
    }

    fn compare_requests(&self) -> Check {
        let mut count = 0;
        for (id, number, theirs) in Requests::<Test>::iter() {
            count += 1;
            let queue = self.pools.get(&id).map(|pool| &pool.queue).ok_or("a request without a pool")?;
            let place = queue.binary_search_by_key(&number, |request| request.id);
            let place = place.map_err(|_| format!("request {number} of pool {id} should not be"))?;
            let at = |place: Option<usize>| place.and_then(|place| queue.get(place)).map(|request| request.id);
            let ours = Request {
                who: queue[place].who.clone(),
                shares: queue[place].shares,
                deadline_secs: queue[place].deadline,
                due: queue[place].due,
                prev: at(place.checked_sub(1)),
                next: at(Some(place + 1)),
            };
            check!(theirs == ours, "request {number} of pool {id} is {theirs:?}, not {ours:?}");
        }
        let ours: usize = self.pools.values().map(|pool| pool.queue.len()).sum();
        check!(count == ours, "there are {count} requests instead of {ours}");
        Ok(())
    }

    /// Agenda, ring, and the sweep.
    fn compare_order(&self) -> Check {
        let end = self.deadlines + self.agenda.len() as u64;
        let range = AgendaRange::<Test>::get();
        check!(
            range == (self.deadlines, end),
            "the agenda is {range:?}, not {:?}",
            (self.deadlines, end)
        );
        for (number, (due_secs, pool, request)) in (self.deadlines..).zip(&self.agenda) {
            let (theirs, due_secs, pool, request) = (Agenda::<Test>::get(number), *due_secs, *pool, *request);
            let ours = Appointment { due_secs, pool, request };
            check!(theirs == Some(ours), "the agenda has {theirs:?}, not {ours:?}");
        }
        let range = RingRange::<Test>::get();
        let end = self.visits + self.ring.len() as u64;
        check!(range == (self.visits, end), "the ring is {range:?}, not {:?}", (self.visits, end));
        for (number, ours) in (self.visits..).zip(&self.ring) {
            let theirs = Ring::<Test>::get(number);
            check!(theirs == Some(*ours), "the ring has {theirs:?}, not {ours}");
        }
        let at = SweepAt::<Test>::get();
        check!((at.slot, at.next) == self.swept, "the sweep is at {at:?}, not at {:?}", self.swept);
        Ok(())
    }

    fn compare_pot(&self) -> Check {
        let theirs: BTreeMap<AccountId32, Balance> = Unclaimed::<Test>::iter().collect();
        check!(theirs == self.unclaimed, "booked are {theirs:?}, not {:?}", self.unclaimed);
        let coins: Balance = self.pools.values().map(PoolEntry::coins).sum();
        let ours = coins + self.vault_coins() + self.unclaimed.values().sum::<Balance>() - InTransit::<Test>::get().pot;
        let theirs = PotTotal::<Test>::get();
        check!(theirs == ours, "the pot holds {theirs} planck for somebody, not {ours}");
        Ok(())
    }
}

impl PoolEntry {
    fn compare(&mut self, id: PoolId, pool: &Pool<AccountId32>) -> Check {
        let theirs = (pool.free, pool.staked, pool.cooling, pool.commission_due, pool.shares);
        let ours = (self.free, self.staked, self.cooling, self.due, self.shares);
        check!(theirs == ours, "has {theirs:?}, not {ours:?}");
        let reward = PoolReward::<Test>::get(id);
        check!(reward == self.reward, "has a reward of {reward}, not {}", self.reward);
        let rise = pool.rise.map(|rise| (rise.commission.deconstruct(), rise.due_secs));
        let theirs = (
            &pool.owner,
            pool.commission.deconstruct(),
            pool.max_commission.deconstruct(),
            rise,
            pool.cap,
            pool.allowed,
        );
        let allowed = self.allowed.len() as u32;
        let ours = (&self.owner, self.commission, self.max_commission, self.rise, self.cap, allowed);
        check!(theirs == ours, "has the terms {theirs:?}, not {ours:?}");
        let queue = (
            pool.queue.first,
            pool.queue.last,
            pool.queue.next_id,
            pool.queue.queued_shares,
            pool.queue.due_shares,
        );
        let end = |request: Option<&super::pools::Request>| request.map(|request| request.id);
        let ours = (
            end(self.queue.front()),
            end(self.queue.back()),
            self.next_request,
            self.queued(),
            self.due_shares(),
        );
        check!(queue == ours, "has the queue {queue:?}, not {ours:?}");
        let workers = StakePool::workers_of(id);
        check!(workers == self.workers, "has the workers {workers:?}, not {:?}", self.workers);
        let allowed = Allowed::<Test>::iter_key_prefix(id).collect();
        check!(self.allowed == allowed, "admits {allowed:?}, not {:?}", self.allowed);
        let profile = Profiles::<Test>::get(id);
        let links = profile.links.iter().map(|link| link.to_vec());
        check!(
            profile.description == self.description && links.eq(self.links.iter().cloned()),
            "says {profile:?} of itself"
        );
        let samples = PriceSamples::<Test>::get(id);
        let prices = samples.iter().map(|sample| (sample.at_secs, sample.price));
        check!(
            prices.eq(self.samples.iter().copied()),
            "keeps the prices {samples:?}, not {:?}",
            self.samples
        );
        self.impaired = Impaired::<Test>::get(id);
        check!(self.impaired <= self.staked, "would lose {} planck", self.impaired);
        Ok(())
    }
}
