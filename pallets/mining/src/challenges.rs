//! One challenge a block, and the ring that remembers them.

use crate::pallet::*;
use core::marker::PhantomData;
use frame_support::traits::{Get, Randomness};
use khala_primitives::{
    challenge::{next_seed, target},
    signing::SEED_CONTEXT,
    BlockNumber, Challenge, H256,
};

impl<T: Config> Pallet<T> {
    /// Draws this block's challenge.
    ///
    /// Seeds are chained, so that one unknown link hides all later ones even from validators who know their own randomness ahead.
    pub(crate) fn draw_challenge() {
        let (randomness, _known_since) = T::Randomness::random(SEED_CONTEXT);
        let seed = next_seed(&NewestSeed::<T>::get(), randomness.as_ref().map_or(&[], |hash| hash.as_ref()));
        NewestSeed::<T>::put(seed);
        let mining = Mining::<T>::get();
        let target = target(
            IdleSessions::<T>::get(),
            mining.challenges_per_hour,
            mining.max_heartbeats_per_block,
            T::SlotMs::get(),
        );
        let block = Self::now_block();
        if let Some(slot) = Self::ring_slot(block) {
            Ring::<T>::insert(slot, Challenge { block, seed, target });
        }
    }

    /// The challenge of a block, if the ring still holds it.
    pub fn challenge_of(block: BlockNumber) -> Option<Challenge> {
        Ring::<T>::get(Self::ring_slot(block)?).filter(|challenge| challenge.block == block)
    }

    fn ring_slot(block: BlockNumber) -> Option<BlockNumber> {
        block.checked_rem(Mining::<T>::get().ring_length())
    }
}

/// The seed of the block being made, once it is drawn.
pub struct SeedOfThisBlock<T>(PhantomData<T>);

impl<T: Config> Get<Option<H256>> for SeedOfThisBlock<T> {
    fn get() -> Option<H256> {
        Pallet::<T>::challenge_of(Pallet::<T>::now_block()).map(|challenge| challenge.seed)
    }
}
