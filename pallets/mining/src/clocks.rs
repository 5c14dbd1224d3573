//! The two clocks, advanced once a block from the chain's time.

use crate::{pallet::*, types::Readings};
use frame_support::traits::UnixTime;
use khala_economics::Clocks;
use khala_primitives::BlockNumber;
use sp_runtime::traits::SaturatedConversion;

impl<T: Config> Pallet<T> {
    /// Number of the block being made.
    pub fn now_block() -> BlockNumber {
        frame_system::Pallet::<T>::block_number().saturated_into()
    }

    /// The chain's time, in seconds since 1970.
    pub fn now_secs() -> u64 {
        T::Time::now().as_secs()
    }

    /// Both clocks as of this block.
    pub(crate) fn clocks() -> Clocks {
        ClockReadings::<T>::get().clocks
    }

    /// Reads the chain's time. A gap advances each clock by its cap at most: a stalled chain hurts nobody and pays for
    /// no more than that. A gap above the halt grace voids older challenges. The first block only sets the clocks.
    pub(crate) fn advance_clocks() {
        let now = Self::now_secs();
        let Readings { read_at, clocks } = ClockReadings::<T>::get();
        if read_at == 0 {
            return ClockReadings::<T>::put(Readings { read_at: now, clocks });
        }
        let mining = Mining::<T>::get();
        let passed = now.saturating_sub(read_at);
        if passed > mining.halt_gap_secs {
            let block = Self::now_block();
            VoidBefore::<T>::put(block);
            Self::deposit_event(Event::ChallengesVoided { block });
        }
        let clocks = Clocks {
            credited: clocks.credited.saturating_add(passed.min(mining.credited_cap_secs)),
            decaying: clocks.decaying.saturating_add(passed.min(mining.decaying_cap_secs)),
        };
        ClockReadings::<T>::put(Readings {
            read_at: now.max(read_at),
            clocks,
        });
    }
}
