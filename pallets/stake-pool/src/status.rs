//! What the runtime API says of pools and of what accounts have in them.

use crate::{pallet::*, traits::Holders, types::Request, value::Settled};
use alloc::{string::String, vec::Vec};
use khala_pallet_mining::Pallet as MiningPallet;
use khala_pallet_registry::WorkerDirectory;
use khala_primitives::{
    status::{CommissionRiseStatus, DelegationStatus, PoolStatus, PositionStatus, Reason, RequestStatus, StartNeeds},
    AccountId32, PoolId, RequestId, WorkerPublicKey,
};

/// Most pools in one answer.
const MAX_PAGE: u32 = 100;
/// Most requests of one position: a vault may have more, others have 8.
const MAX_REQUESTS: usize = 100;
/// Most positions in one answer.
const MAX_POSITIONS: usize = 1_000;

impl<T: Config> Pallet<T>
where
    T::AccountId: Into<AccountId32>,
{
    /// One pool, as of now.
    pub fn pool_status(id: PoolId) -> Option<PoolStatus> {
        let at = Self::current(id)?;
        let profile = Profiles::<T>::get(id);
        let capped = at.capped()?;
        Some(PoolStatus {
            id,
            price: at.price()?,
            value: at.value()?,
            need: at.need()?,
            spare: at.spare()?,
            room: at.pool.cap.map(|cap| cap.saturating_sub(capped)),
            impaired: at.impaired,
            commission_ppm: at.pool.commission.deconstruct(),
            max_commission_ppm: at.pool.max_commission.deconstruct(),
            commission_rise: at.pool.rise.map(|rise| CommissionRiseStatus {
                commission_ppm: rise.commission.deconstruct(),
                due_secs: Self::unix_secs(rise.due_secs),
            }),
            cap: at.pool.cap,
            shares: at.pool.shares,
            queued_shares: at.pool.queue.queued_shares,
            due_shares: at.pool.queue.due_shares,
            free: at.pool.free,
            staked: at.pool.staked,
            cooling: at.pool.cooling,
            commission: at.pool.commission_due,
            workers: Self::workers_of(id),
            restricted: at.pool.allowed > 0,
            description: text(&profile.description),
            links: profile.links.iter().map(|link| text(link)).collect(),
            owner: at.pool.owner.into(),
        })
    }

    /// At most `limit` pools (100 at most), from number `first` on.
    pub fn pools(first: PoolId, limit: u32) -> Vec<PoolStatus> {
        (first..NextPoolId::<T>::get())
            .take(limit.min(MAX_PAGE) as usize)
            .filter_map(Self::pool_status)
            .collect()
    }
}

impl<T: Config> Pallet<T> {
    /// What an account has in a pool, with rewards that are not taken in yet.
    pub fn delegation_status(id: PoolId, who: &T::AccountId) -> DelegationStatus {
        let holding = Holdings::<T>::get(who, id);
        let at = Self::current(id);
        let numbers = if T::Holders::is_inner(who) && holding.queued > 0 {
            Self::requests_of_inner(id, who)
        } else {
            holding.requests.to_vec()
        };
        let request = |number: RequestId| {
            let request = Requests::<T>::get(id, number)?;
            Some(Self::request_status(at.as_ref()?, number, &request))
        };
        DelegationStatus {
            shares: holding.shares,
            value: at.as_ref().and_then(|at| at.worth(holding.shares)).unwrap_or(0),
            requests: numbers.into_iter().filter_map(request).collect(),
        }
    }

    /// The oldest requests of a holder that passes on what it gets, such as a vault: they are not listed in its holding, and the whole
    /// queue is read for them.
    fn requests_of_inner(id: PoolId, who: &T::AccountId) -> Vec<RequestId> {
        let queue = Requests::<T>::iter_prefix(id);
        let mut numbers: Vec<_> = queue
            .filter_map(|(number, request)| (request.who == *who).then_some(number))
            .collect();
        numbers.sort_unstable();
        numbers.truncate(MAX_REQUESTS);
        numbers
    }

    /// What an account has in all pools, at most 1,000.
    pub fn positions(who: &T::AccountId) -> Vec<PositionStatus> {
        Holdings::<T>::iter_key_prefix(who)
            .take(MAX_POSITIONS)
            .map(|pool| PositionStatus {
                pool,
                delegation: Self::delegation_status(pool, who),
            })
            .collect()
    }

    /// What a worker in a pool needs to be started; `None` if it is in none, or has no score.
    pub fn start_needs(worker: &WorkerPublicKey) -> Option<StartNeeds> {
        let pool = MiningPallet::<T>::pool_of(worker)?;
        let facts = <T as khala_pallet_mining::Config>::Workers::facts(worker)?;
        let score = facts.score?;
        let (minimum, maximum) = MiningPallet::<T>::stake_bounds(score, facts.level);
        let spare = Self::current(pool)?.spare()?;
        Some(StartNeeds {
            pool,
            score,
            minimum,
            maximum,
            spare,
            missing: minimum.saturating_sub(spare),
            ready: MiningPallet::<T>::explain(worker).reason == Reason::Ready,
        })
    }

    fn request_status(at: &Settled<T::AccountId>, id: RequestId, request: &Request<T::AccountId>) -> RequestStatus {
        RequestStatus {
            id,
            shares: request.shares,
            value: at.worth(request.shares).unwrap_or(0),
            deadline_secs: Self::unix_secs(request.deadline_secs),
            promised_secs: Self::unix_secs(Self::promise(request.deadline_secs)),
            cancellable: Self::now() < request.deadline_secs,
        }
    }

    /// By when a request of this deadline is paid: both are readings of the credited clock, in seconds.
    pub fn promise(deadline_secs: u64) -> u64 {
        deadline_secs
            .saturating_add(khala_pallet_mining::Mining::<T>::get().cool_down_secs)
            .saturating_add(Parameters::<T>::get().margin_secs)
    }

    /// The time at which the credited clock has a reading if the chain does not stand still, in seconds since 1970.
    pub fn unix_secs(reading: u64) -> u64 {
        let (now, secs) = (Self::now(), MiningPallet::<T>::now_secs());
        secs.saturating_add(reading.saturating_sub(now))
            .saturating_sub(now.saturating_sub(reading))
    }
}

/// Bytes that were UTF-8 when they were stored.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
