//! When shares are paid out, and where the coins come from, if nothing else comes in or goes out. For runtime APIs: it reads whole queues.

use crate::{
    cover::{in_order, plan, Plan},
    pallet::*,
    value::Settled,
};
use alloc::vec::Vec;
use khala_pallet_mining::{CoolDowns, Holding, Mining, Pallet as MiningPallet, SessionOf};
use khala_primitives::{
    status::{Source, SourceKind, WithdrawalForecast},
    Balance, PoolId, RequestId,
};

/// Coins that come to a pool, in order: what of them is spoken for, and what is left.
struct Supply {
    sources: Vec<Source>,
}

impl Supply {
    /// Takes coins out, from the front.
    fn take(&mut self, mut amount: Balance) -> Vec<Source> {
        let mut taken = Vec::new();
        for source in &mut self.sources {
            let part = source.amount.min(amount);
            if part > 0 {
                source.amount = source.amount.saturating_sub(part);
                amount = amount.saturating_sub(part);
                taken.push(Source {
                    amount: part,
                    ..source.clone()
                });
            }
        }
        taken
    }

    fn total(&self) -> Balance {
        self.sources.iter().fold(0, |sum, source| sum.saturating_add(source.amount))
    }
}

impl<T: Config> Pallet<T> {
    /// When so many shares would be paid if they were undelegated now, after all that wait.
    pub fn withdrawal_forecast(id: PoolId, shares: u128) -> Option<WithdrawalForecast> {
        let at = Self::current(id).filter(|at| shares > 0 && shares <= at.pool.shares)?;
        Self::forecast(&at, at.pool.queue.queued_shares, shares, Self::next_deadline())
    }

    /// When a request in the queue of a pool is paid.
    pub fn request_forecast(id: PoolId, number: RequestId) -> Option<WithdrawalForecast> {
        let at = Self::current(id)?;
        let (mut next, mut ahead) = (at.pool.queue.first, 0u128);
        while let Some(other) = next.filter(|other| *other != number) {
            let request = Requests::<T>::get(id, other)?;
            ahead = ahead.checked_add(request.shares)?;
            next = request.next;
        }
        let request = Requests::<T>::get(id, next?)?;
        Self::forecast(&at, ahead, request.shares, request.deadline_secs)
    }

    fn forecast(at: &Settled<T::AccountId>, ahead: u128, shares: u128, deadline: u64) -> Option<WithdrawalForecast> {
        let amount = at.worth(shares)?;
        let before = at.worth(ahead)?;
        let mut supply = Supply { sources: Self::coming(at) };
        let missing = before.checked_add(amount)?.saturating_sub(supply.total());
        supply.sources.extend(Self::taken_back(at, missing, deadline));
        supply.take(before);
        let sources = supply.take(amount);
        let now = MiningPallet::<T>::now_secs();
        let expected_secs = sources.iter().map(|source| source.at_secs).max().unwrap_or(now);
        Some(WithdrawalForecast {
            shares,
            amount,
            deadline_secs: Self::unix_secs(deadline),
            promised_secs: Self::unix_secs(Self::promise(deadline)),
            expected_secs,
            sources,
        })
    }

    /// What is free, and what cools down already.
    fn coming(at: &Settled<T::AccountId>) -> Vec<Source> {
        let free = Source {
            kind: SourceKind::Free,
            amount: at.pool.free,
            at_secs: MiningPallet::<T>::now_secs(),
        };
        let mut sources: Vec<_> = PoolWorkers::<T>::get(at.id)
            .into_iter()
            .filter_map(|worker| Some((worker, SessionOf::<T>::get(worker)?)))
            .flat_map(|(worker, session)| {
                CoolDowns::<T>::iter_prefix_values(session).map(move |cool_down| Source {
                    kind: SourceKind::Cooling { worker },
                    amount: cool_down.amount,
                    at_secs: Self::unix_secs(cool_down.due_secs),
                })
            })
            .collect();
        sources.sort_by_key(|source| source.at_secs);
        sources.insert(0, free);
        sources
    }

    /// What would be taken out of stakes at a deadline so that so much comes back: just as the service does it.
    fn taken_back(at: &Settled<T::AccountId>, missing: Balance, deadline: u64) -> Vec<Source> {
        let back = deadline.max(Self::now()).saturating_add(Mining::<T>::get().cool_down_secs);
        let at_secs = Self::unix_secs(back);
        let workers = PoolWorkers::<T>::get(at.id).into_iter();
        let mut holdings = in_order(workers.filter_map(|worker| MiningPallet::<T>::holding_of(&worker)));
        let (mut sources, mut missing) = (Vec::new(), missing);
        while missing > 0 {
            match plan(&holdings, missing) {
                Plan::Nothing => break,
                Plan::Stop(worker) => {
                    let returned = take_out(&mut holdings, worker);
                    missing = missing.saturating_sub(returned);
                    sources.push(Source {
                        kind: SourceKind::Stopped { worker },
                        amount: returned,
                        at_secs,
                    });
                }
                Plan::Reduce(reductions) => {
                    for (worker, less) in reductions {
                        let amount = holdings
                            .iter()
                            .find(|holding| holding.worker == worker)
                            .map_or(0, |holding| holding.returned_of(less));
                        sources.push(Source {
                            kind: SourceKind::Reduced { worker },
                            amount,
                            at_secs,
                        });
                    }
                    break;
                }
            }
        }
        sources
    }
}

/// Takes a worker out of a list: what comes back of its stake.
fn take_out(holdings: &mut Vec<Holding>, worker: khala_primitives::WorkerPublicKey) -> Balance {
    let mut returned = 0;
    holdings.retain(|holding| {
        let stays = holding.worker != worker;
        if !stays {
            returned = holding.returned;
        }
        stays
    });
    returned
}
