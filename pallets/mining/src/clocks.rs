//! The two clocks, advanced once a block from the chain's time.

use crate::pallet::*;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::traits::UnixTime;
use khala_economics::{
    decay::{self, FULL_SPEED},
    Clocks, EconomicsError, Parameters, Q96,
};
use khala_primitives::BlockNumber;
use scale_info::TypeInfo;
use sp_runtime::traits::SaturatedConversion;

/// Both clocks (`design/mining.md`, Two clocks), and when they were read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Readings {
    /// The chain's time at the last reading, in seconds since 1970; zero before the first block.
    pub read_at: u64,
    /// The clocks, in seconds, zero at genesis: `credited` for budget, growth and deadlines, `decaying` for decay.
    pub clocks: Clocks,
    /// What a second of the decaying clock leaves of a value, for ever: another slash changes the clock's speed.
    pub keep: Q96,
    /// Speed of the decaying clock, in units of 2^-32.
    pub speed: u64,
    /// What the decaying clock has beyond its whole seconds, in units of 2^-32.
    pub rest: u32,
}

impl Default for Readings {
    fn default() -> Self {
        Self {
            read_at: 0,
            clocks: Clocks::default(),
            keep: Parameters::khala().keep_per_sec,
            speed: FULL_SPEED,
            rest: 0,
        }
    }
}

impl Readings {
    /// The clocks of a chain that starts with a slash.
    pub fn starting_with(keep: Q96) -> Result<Self, EconomicsError> {
        let start = Self::default();
        if keep == Q96::ONE {
            // Nothing decays: the clock stands, and what a second of it would leave may be anything.
            return start.with_slash(keep);
        }
        Ok(Self { keep, ..start })
    }

    /// The clocks when from now on a second of time leaves `keep` of a value.
    pub fn with_slash(self, keep: Q96) -> Result<Self, EconomicsError> {
        Ok(Self {
            speed: decay::speed(self.keep, keep)?,
            ..self
        })
    }

    /// The parameters as positions are counted by them: what a second leaves is that of the decaying clock.
    pub fn counted_by(&self, parameters: Parameters) -> Parameters {
        Parameters {
            keep_per_sec: self.keep,
            ..parameters
        }
    }

    /// Lets so many seconds pass on each clock.
    pub fn pass(&mut self, credited: u64, decaying: u64) {
        let (whole, rest) = decay::advanced(decaying, self.speed, self.rest);
        self.rest = rest;
        self.clocks.credited = self.clocks.credited.saturating_add(credited);
        self.clocks.decaying = self.clocks.decaying.saturating_add(whole);
    }

    /// The reading of the decaying clock in so many seconds, at its speed of now.
    pub fn decaying_in(&self, secs: u64) -> u64 {
        self.clocks.decaying.saturating_add(decay::advanced(secs, self.speed, 0).0)
    }

    /// How many seconds it takes the decaying clock to get to a reading, at its speed of now; `None` if it stands.
    pub fn secs_until(&self, decaying: u64) -> Option<u64> {
        let missing = u128::from(decaying.saturating_sub(self.clocks.decaying));
        let secs = missing.checked_mul(u128::from(FULL_SPEED))?.checked_div(u128::from(self.speed))?;
        u64::try_from(secs).ok()
    }
}

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
    /// no more than that. A gap above the halt grace voids older challenges. The decaying clock stands while the outage guard is
    /// on. The first block only sets the clocks.
    pub(crate) fn advance_clocks() {
        let now = Self::now_secs();
        let mut readings = ClockReadings::<T>::get();
        if readings.read_at == 0 {
            readings.read_at = now;
            return ClockReadings::<T>::put(readings);
        }
        let mining = Mining::<T>::get();
        let passed = now.saturating_sub(readings.read_at);
        if passed > mining.halt_gap_secs {
            Self::void_challenges();
        }
        let decaying = if Guard::<T>::get().is_on() {
            0
        } else {
            passed.min(mining.decaying_cap_secs)
        };
        readings.pass(passed.min(mining.credited_cap_secs), decaying);
        readings.read_at = now.max(readings.read_at);
        ClockReadings::<T>::put(readings);
    }

    /// What was asked before this block cannot be answered or held against anybody.
    pub(crate) fn void_challenges() {
        let block = Self::now_block();
        VoidBefore::<T>::put(block);
        Self::deposit_event(Event::ChallengesVoided { block });
    }
}
