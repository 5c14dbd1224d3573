//! What pools tell of payments to vaults: it flows through to whoever waits for it, in the same step.

use crate::{pallet::*, weights::WeightInfo, withdrawal::split};
use frame_support::{storage::with_storage_layer, weights::Weight};
use khala_pallet_stake_pool::{Holders, Paid, Pallet as Pools};
use khala_primitives::{Balance, VaultId};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_paid(id: VaultId, payment: &Paid<T::AccountId>) -> DispatchResult {
        let mut vault = Self::vault(id)?;
        let mut ours = payment.amount;
        if let Some(number) = Backed::<T>::get(payment.pool, payment.request) {
            let mut request = Requests::<T>::get(id, number).ok_or(Error::<T>::RequestNotFound)?;
            let claim = request
                .claims
                .iter_mut()
                .find(|claim| claim.pool == payment.pool && claim.request == payment.request);
            let claim = claim.ok_or(Error::<T>::RequestNotFound)?;
            let before = payment.shares.checked_add(payment.left).ok_or(Error::<T>::Overflow)?;
            let (taken, coins) = split(claim.shares, before, payment.shares, payment.amount).ok_or(Error::<T>::Overflow)?;
            Self::take_from_claim(&mut vault, claim, taken)?;
            ours = ours.checked_sub(coins).ok_or(Error::<T>::Overflow)?;
            let who = request.who.clone();
            let mut holding = Holdings::<T>::get(&who, id);
            let left = Self::keep_request(id, &mut vault, number, request, &mut holding)?;
            Self::put_holding(&who, id, holding);
            Pools::<T>::pay(&who, coins)?;
            Self::deposit_event(Event::RequestPaid {
                vault: id,
                request: number,
                who,
                shares: 0,
                amount: coins,
                ended: !left,
            });
        }
        vault.free = vault.free.checked_add(ours).ok_or(Error::<T>::Overflow)?;
        Self::tidy(id, &mut vault, payment.pool);
        if ours > 0 {
            Self::deposit_event(Event::CoinsReturned {
                vault: id,
                pool: payment.pool,
                amount: ours,
            });
        }
        Self::store(id, vault)
    }
}

impl<T: Config> Holders<T::AccountId> for Pallet<T> {
    fn is_inner(who: &T::AccountId) -> bool {
        Self::of_account(who).is_some()
    }

    fn paid(payment: Paid<T::AccountId>) {
        let done = Self::of_account(&payment.who).map(|id| with_storage_layer(|| Self::do_paid(id, &payment)));
        // Only vaults that exist make requests, and `try_state` verifies that their books fit the pools'.
        frame_support::defensive_assert!(
            done.is_some_and(|done| done.is_ok()),
            "a pool has paid a vault that does not expect it"
        );
    }

    fn paid_weight() -> Weight {
        <T as Config>::WeightInfo::paid()
    }

    fn coins() -> Balance {
        Vaults::<T>::iter_values().fold(0, |sum, vault| sum.saturating_add(vault.free))
    }
}
