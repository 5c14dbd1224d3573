//! Service: requests are paid, and stakes taken back for them, without anybody's transaction.
//!
//! The pools of the ring are visited one after the other as long as the block has room for a whole visit. A visit pays up to
//! [`MAX_PAYMENTS`] requests, then reduces up to [`MAX_REDUCTIONS`] stakes or stops one worker. Each step is done or undone as a whole.

use crate::{
    cover::{in_order, plan, Plan},
    pallet::*,
    traits::{Holders, Paid},
    value::Settled,
    weights::WeightInfo,
};
use alloc::vec::Vec;
use frame_support::{
    storage::with_storage_layer,
    traits::Get,
    weights::{Weight, WeightMeter},
};
use khala_pallet_mining::Pallet as MiningPallet;
use khala_primitives::{Balance, PoolId};
use sp_runtime::{DispatchError, Perbill};

/// Most payments of a visit.
pub const MAX_PAYMENTS: u32 = 8;
/// Most reductions of a visit.
pub const MAX_REDUCTIONS: usize = 8;
/// Part of a block for payments and for what is taken back for them. With what vaults and sweeps may use, a tenth of a block.
pub const SERVICE_PART: Perbill = Perbill::from_percent(4);

/// What a visit did.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Visit {
    /// Requests that were paid, wholly or in part.
    pub payments: usize,
    /// Whether the pool's workers were looked through.
    pub looked: bool,
    /// Stakes that were reduced or stopped.
    pub taken: usize,
    /// Whether there may be more to do at once.
    pub again: bool,
}

impl Visit {
    /// What it costs, in a pool of so many decaying sessions and workers.
    fn weight<T: Config>(&self, decaying: u32, workers: u32) -> Weight {
        let payment = <T as Config>::WeightInfo::pay_request().saturating_add(T::Holders::paid_weight());
        let looked = if self.looked {
            <T as Config>::WeightInfo::look_for_stakes(workers)
        } else {
            Weight::zero()
        };
        <T as Config>::WeightInfo::visit(decaying)
            .saturating_add(payment.saturating_mul(self.payments as u64))
            .saturating_add(looked)
            .saturating_add(<T as Config>::WeightInfo::take_back().saturating_mul(self.taken as u64))
    }

    /// Goes on with the pool after a stake was taken back; whether it was.
    fn take<AccountId>(&mut self, at: &mut Settled<AccountId>, after: Result<Settled<AccountId>, DispatchError>) -> bool {
        match after {
            Ok(after) => {
                self.taken = self.taken.saturating_add(1);
                *at = after;
                true
            }
            Err(error) => {
                frame_support::defensive!("a stake cannot be taken back", error);
                false
            }
        }
    }
}

/// What a payment did.
type Payment<AccountId> = (Settled<AccountId>, Paid<AccountId>);

impl<T: Config> Pallet<T> {
    /// A part of what a block may hold.
    pub(crate) fn part_of_block(part: Perbill) -> Weight {
        let block = <T as frame_system::Config>::BlockWeights::get().max_block;
        Weight::from_parts(part.mul_floor(block.ref_time()), part.mul_floor(block.proof_size()))
    }

    /// The dearest visit of a pool.
    pub(crate) fn visit_weight(decaying: u32, workers: u32) -> Weight {
        let most = Visit {
            payments: MAX_PAYMENTS as usize,
            looked: true,
            taken: MAX_REDUCTIONS,
            again: false,
        };
        most.weight::<T>(decaying, workers)
    }

    /// Visits the pools of the ring, as far as there is room.
    pub(crate) fn serve_ring(meter: &mut WeightMeter) {
        while meter.try_consume(<T as Config>::WeightInfo::next_of_ring()).is_ok() {
            let Some(id) = Self::first_of_ring() else { break };
            let workers = u32::try_from(PoolWorkers::<T>::decode_len(id).unwrap_or(0)).unwrap_or(u32::MAX);
            let decaying = MiningPallet::<T>::decaying_sessions(id);
            if !meter.can_consume(Self::visit_weight(decaying, workers)) {
                break;
            }
            Self::leave_ring();
            let visit = Self::visit(id);
            meter.consume(visit.weight::<T>(decaying, workers));
            if visit.again {
                let again = Self::pool(id).and_then(|mut pool| {
                    Self::join_ring(id, &mut pool)?;
                    Pools::<T>::insert(id, pool);
                    Ok(())
                });
                frame_support::defensive_assert!(again.is_ok(), "a pool cannot stay in the ring");
            }
        }
    }

    /// Serves a pool once.
    pub(crate) fn visit(id: PoolId) -> Visit {
        let settled = with_storage_layer(|| {
            let at = Self::settled(id)?;
            Self::put(at.clone())?;
            Ok::<_, DispatchError>(at)
        });
        let Ok(mut at) = settled else {
            frame_support::defensive!("a pool in the ring cannot be settled");
            return Visit::default();
        };
        let mut payments = Vec::new();
        while payments.len() < MAX_PAYMENTS as usize {
            match with_storage_layer(|| Self::pay_first(at.clone())) {
                Ok(Some((after, paid))) => {
                    at = after;
                    payments.push(paid);
                }
                Ok(None) => break,
                Err(error) => {
                    frame_support::defensive!("a request cannot be paid", error);
                    break;
                }
            }
        }
        let mut visit = Visit {
            payments: payments.len(),
            ..Visit::default()
        };
        if payments.len() < MAX_PAYMENTS as usize {
            Self::take_back(&mut at, &mut visit);
        } else {
            visit.again = true;
        }
        // Inner holders may touch any pool: nothing that was read above is used below.
        payments
            .into_iter()
            .filter(|paid| T::Holders::is_inner(&paid.who))
            .for_each(T::Holders::paid);
        visit
    }

    /// Pays the first request of the queue, or a part of it; `None` when the free coins do not allow it.
    pub(crate) fn pay_first(mut at: Settled<T::AccountId>) -> Result<Option<Payment<T::AccountId>>, DispatchError> {
        let id = at.id;
        let Some(number) = at.pool.queue.first else { return Ok(None) };
        let mut request = Requests::<T>::get(id, number).ok_or(Error::<T>::RequestNotFound)?;
        let Some((amount, burned)) = at.payment(request.shares) else {
            return Ok(None);
        };
        let who = request.who.clone();
        let left = request.shares.checked_sub(burned).ok_or(Error::<T>::Overflow)?;
        Self::burn(&mut at, amount, burned)?;
        let mut holding = Holdings::<T>::get(&who, id);
        if left == 0 {
            Self::unlink(&mut at.pool, id, number, request, &mut holding)?;
        } else {
            Self::uncount(&mut at.pool, burned, request.due, &mut holding)?;
            request.shares = left;
            Requests::<T>::insert(id, number, request);
        }
        Self::put_holding(&who, id, holding);
        Self::put(at.clone())?;
        Self::pay(&who, amount)?;
        Self::deposit_event(Event::RequestPaid {
            pool: id,
            request: number,
            who: who.clone(),
            shares: burned,
            amount,
            left,
        });
        let paid = Paid {
            pool: id,
            request: number,
            who,
            amount,
            shares: burned,
            left,
        };
        Ok(Some((at, paid)))
    }

    /// Which stakes a pool takes back for so much.
    pub(crate) fn look_for(id: PoolId, need: Balance) -> Plan {
        let holdings = PoolWorkers::<T>::get(id)
            .into_iter()
            .filter_map(|worker| MiningPallet::<T>::holding_of(&worker));
        plan(&in_order(holdings), need)
    }

    /// Takes stakes back for what is due and not covered.
    fn take_back(at: &mut Settled<T::AccountId>, visit: &mut Visit) {
        let need = at.need().unwrap_or(0);
        if need == 0 {
            return;
        }
        visit.looked = true;
        let stopped = |at: Settled<T::AccountId>, worker| with_storage_layer(|| Self::stop_for(at, worker));
        let reduced = |at: Settled<T::AccountId>, worker, less| with_storage_layer(|| Self::reduce_for(at, worker, less));
        match Self::look_for(at.id, need) {
            Plan::Nothing => {}
            Plan::Stop(worker) => {
                visit.again = visit.take(at, stopped(at.clone(), worker));
            }
            Plan::Reduce(reductions) => {
                visit.again = reductions.len() > MAX_REDUCTIONS;
                for (worker, less) in reductions.into_iter().take(MAX_REDUCTIONS) {
                    if !visit.take(at, reduced(at.clone(), worker, less)) {
                        visit.again = false;
                        break;
                    }
                }
            }
        }
    }
}
