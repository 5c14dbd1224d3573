//! The moment at which heartbeats are looked at: read once for a batch.

use crate::{pallet::*, parameters::MiningParameters};
use alloc::collections::BTreeMap;
use core::marker::PhantomData;
use khala_primitives::{BlockNumber, Challenge};

/// What does not change while a batch is looked at.
pub(crate) struct Present<T> {
    /// The block being made.
    pub(crate) block: BlockNumber,
    /// The chain's time, in seconds since 1970.
    pub(crate) secs: u64,
    /// Challenges before this block count for nothing.
    pub(crate) void_before: BlockNumber,
    /// The parameters.
    pub(crate) mining: MiningParameters,
    /// Challenges that were looked up.
    challenges: BTreeMap<BlockNumber, Option<Challenge>>,
    _runtime: PhantomData<T>,
}

impl<T: Config> Present<T> {
    /// Reads it.
    pub(crate) fn read() -> Self {
        Self {
            block: Pallet::<T>::now_block(),
            secs: Pallet::<T>::now_secs(),
            void_before: VoidBefore::<T>::get(),
            mining: Mining::<T>::get(),
            challenges: BTreeMap::new(),
            _runtime: PhantomData,
        }
    }

    /// The challenge of a block that may be answered now, if the ring holds it. Nothing is read for another block.
    pub(crate) fn open_challenge(&mut self, block: BlockNumber) -> Option<Challenge> {
        let age = self.block.checked_sub(block)?;
        if age > self.mining.heartbeat_window || block < self.void_before {
            return None;
        }
        *self.challenges.entry(block).or_insert_with(|| Pallet::<T>::challenge_of(block))
    }
}
