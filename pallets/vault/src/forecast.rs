//! When shares of a vault are paid out, and by which pools, if nothing else comes in or goes out. For runtime APIs: it reads whole queues.

use crate::{pallet::*, value::Valued};
use alloc::vec::Vec;
use khala_pallet_mining::Pallet as MiningPallet;
use khala_pallet_stake_pool::Pallet as Pools;
use khala_primitives::{
    status::{VaultForecast, WithdrawalForecast},
    Balance, PoolId, RequestId, VaultId,
};

impl<T: Config> Pallet<T> {
    /// When so many shares would be paid if they were undelegated now.
    pub fn vault_withdrawal_forecast(id: VaultId, shares: u128) -> Option<VaultForecast> {
        let at = Self::current(id).filter(|at| shares > 0 && shares <= at.vault.shares)?;
        let amount = at.worth(shares)?;
        let at_once = at.at_once(amount);
        let filings = at.filings(amount.checked_sub(at_once)?)?;
        let part = |filing: &crate::filing::Filing| {
            let pool = at.stakes.get(filing.index)?.pool.id;
            Some((pool, Pools::<T>::withdrawal_forecast(pool, filing.claim)?))
        };
        let pools = filings.iter().map(part).collect::<Option<Vec<_>>>()?;
        Self::forecast(&at, amount, at_once, pools, Self::next_deadline(id, &at.vault))
    }

    /// When a request in the queue of a vault is paid.
    pub fn vault_request_forecast(id: VaultId, number: RequestId) -> Option<VaultForecast> {
        let at = Self::current(id)?;
        let request = Requests::<T>::get(id, number)?;
        let mut amount = at.worth(request.shares)?;
        let mut pools = Vec::new();
        for claim in &request.claims {
            amount = amount.checked_add(at.claim_worth(claim)?)?;
            pools.push((claim.pool, Pools::<T>::request_forecast(claim.pool, claim.request)?));
        }
        Self::forecast(&at, amount, 0, pools, request.deadline_secs)
    }

    fn forecast(
        at: &Valued<T::AccountId>,
        amount: Balance,
        at_once: Balance,
        pools: Vec<(PoolId, WithdrawalForecast)>,
        deadline: u64,
    ) -> Option<VaultForecast> {
        let planned = pools.iter().fold(at_once, |sum, (_, forecast)| sum.saturating_add(forecast.amount));
        let promised_secs = Pools::<T>::unix_secs(Pools::<T>::promise(deadline));
        // What no pool was asked for, rounding aside, waits for coins that are on their way: they come by the promise.
        let waits = amount.saturating_sub(planned) > at.rounding(pools.iter().map(|(pool, _)| *pool))?;
        let expected = pools.iter().map(|(_, forecast)| forecast.expected_secs);
        Some(VaultForecast {
            amount,
            at_once,
            deadline_secs: Pools::<T>::unix_secs(deadline),
            promised_secs,
            expected_secs: expected
                .chain(waits.then_some(promised_secs))
                .max()
                .unwrap_or_else(MiningPallet::<T>::now_secs),
            pools,
        })
    }
}
