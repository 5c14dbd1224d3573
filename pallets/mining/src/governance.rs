//! Other parameters: announced by governance, in force after a delay.

use crate::{clocks::Readings, pallet::*, types::Announced, weights::WeightInfo, EconomicParameters, MiningParameters};
use frame_support::{ensure, weights::WeightMeter};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_set_mining(parameters: MiningParameters) -> DispatchResult {
        if let Err(reason) = parameters.validate() {
            log::warn!(target: "runtime::khala", "mining parameters are refused: {reason}");
            return Err(Error::<T>::InvalidParameters.into());
        }
        let due_secs = Self::effect_secs();
        NextMining::<T>::put(Announced { due_secs, parameters });
        Self::deposit_event(Event::MiningAnnounced { due_secs });
        Ok(())
    }

    pub(crate) fn do_set_economics(parameters: EconomicParameters) -> DispatchResult {
        if let Err(reason) = parameters.validate() {
            log::warn!(target: "runtime::khala", "economic parameters are refused: {reason}");
            return Err(Error::<T>::InvalidParameters.into());
        }
        ensure!(
            ClockReadings::<T>::get().with_slash(parameters.keep_per_sec).is_ok(),
            Error::<T>::InvalidParameters
        );
        let due_secs = Self::effect_secs();
        NextEconomics::<T>::put(Announced { due_secs, parameters });
        Self::deposit_event(Event::EconomicsAnnounced { due_secs });
        Ok(())
    }

    pub(crate) fn do_cancel_parameters() -> DispatchResult {
        let (mining, economics) = (NextMining::<T>::take().is_some(), NextEconomics::<T>::take().is_some());
        ensure!(mining || economics, Error::<T>::NothingAnnounced);
        Self::deposit_event(Event::ParametersCancelled { mining, economics });
        Ok(())
    }

    /// Reading of the credited clock at which what is announced now is in force.
    fn effect_secs() -> u64 {
        Self::clocks().credited.saturating_add(Mining::<T>::get().parameter_delay_secs)
    }

    /// Puts what is due in force. The budget has been accrued up to now under the old parameters.
    pub(crate) fn apply_parameters(meter: &mut WeightMeter) {
        let now = Self::clocks().credited;
        if NextMining::<T>::get().is_some_and(|next| next.due_secs <= now) {
            let length = Mining::<T>::get().ring_length();
            if meter.try_consume(T::WeightInfo::apply_mining(length)).is_err() {
                return;
            }
            if let Some(Announced { parameters, .. }) = NextMining::<T>::take() {
                Self::put_mining(parameters, length);
            }
        }
        if NextEconomics::<T>::get().is_some_and(|next| next.due_secs <= now) {
            if meter.try_consume(T::WeightInfo::apply_economics()).is_err() {
                return;
            }
            if let Some(Announced { parameters, .. }) = NextEconomics::<T>::take() {
                // It was looked at when it was announced, and the clock's base never changes.
                if let Ok(readings) = ClockReadings::<T>::get().with_slash(parameters.keep_per_sec) {
                    ClockReadings::<T>::put::<Readings>(readings);
                    Economics::<T>::put(parameters);
                    Self::deposit_event(Event::EconomicsChanged { parameters });
                }
            }
        }
    }

    /// Another length of the ring puts challenges into other places: those that it holds are void, for everybody.
    fn put_mining(parameters: MiningParameters, length: u32) {
        if parameters.ring_length() != length {
            (0..length).for_each(Ring::<T>::remove);
            Self::void_challenges();
        }
        Mining::<T>::put(&parameters);
        Self::deposit_event(Event::MiningChanged { parameters });
    }
}
