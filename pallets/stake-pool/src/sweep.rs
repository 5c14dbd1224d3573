//! The sweep: once in a time slot all pools take their rewards in, those whose day is over sample their price, and what lies in the pot
//! by mistake goes to the treasury. A pass through more pools than a slot has room for takes longer.

use crate::{pallet::*, types::Sweep, weights::WeightInfo};
use frame_support::{storage::with_storage_layer, weights::WeightMeter};
use khala_pallet_mining::Pallet as MiningPallet;
use khala_primitives::PoolId;
use sp_runtime::{DispatchResult, Perbill};

/// Part of a block for the sweep.
pub const SWEEP_PART: Perbill = Perbill::from_percent(2);

impl<T: Config> Pallet<T> {
    /// Goes on with the sweep, as far as there is room.
    pub(crate) fn sweep(meter: &mut WeightMeter) {
        if meter.try_consume(<T as Config>::WeightInfo::begin_sweep()).is_err() {
            return;
        }
        let slot = Self::now().checked_div(Parameters::<T>::get().sweep_secs).unwrap_or(0);
        let pools = NextPoolId::<T>::get();
        let before = SweepAt::<T>::get();
        let mut at = before;
        if at.next >= pools && at.slot != slot {
            at = Sweep { slot, next: 0 };
            let swept = with_storage_layer(Self::sweep_pot);
            frame_support::defensive_assert!(swept.is_ok(), "the pot cannot be swept");
        }
        while at.next < pools {
            let weight = <T as Config>::WeightInfo::sweep_pool(MiningPallet::<T>::decaying_sessions(at.next));
            if meter.try_consume(weight).is_err() {
                break;
            }
            let swept = with_storage_layer(|| Self::sweep_one(at.next));
            frame_support::defensive_assert!(swept.is_ok(), "a pool cannot be swept");
            at.next = at.next.saturating_add(1);
        }
        if at != before {
            SweepAt::<T>::put(at);
        }
    }

    /// Settles a pool and samples its price.
    pub(crate) fn sweep_one(id: PoolId) -> DispatchResult {
        if !Pools::<T>::contains_key(id) {
            return Ok(());
        }
        let at = Self::settled(id)?;
        Self::sample(&at);
        Self::store(at)
    }
}
