//! The numbers that make one Wasm serve every network: slot time and epoch length, given at genesis.
//!
//! There is no setter on purpose. BABE computes slot and epoch numbers from these values, in the client and in the
//! runtime; a chain that changes them after genesis makes no more blocks.

use core::marker::PhantomData;
use frame_support::traits::Get;

pub use pallet::*;

#[allow(clippy::expect_used)] // in the macro's metadata
#[frame_support::pallet]
pub mod pallet {
    use frame_support::pallet_prelude::*;

    /// Slot time of a chain whose genesis does not name one, in milliseconds.
    pub const DEFAULT_SLOT_MS: u64 = 6_000;
    /// Slots of an epoch of a chain whose genesis does not name them.
    pub const DEFAULT_EPOCH_SLOTS: u64 = 2_400;
    /// Shortest slot, in milliseconds: below it a block cannot be made and sent in time.
    pub const MIN_SLOT_MS: u64 = 200;
    /// Shortest epoch, in slots.
    pub const MIN_EPOCH_SLOTS: u64 = 10;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config {}

    #[pallet::type_value]
    pub fn DefaultSlotMs() -> u64 {
        DEFAULT_SLOT_MS
    }

    #[pallet::type_value]
    pub fn DefaultEpochSlots() -> u64 {
        DEFAULT_EPOCH_SLOTS
    }

    /// Time between two slots, in milliseconds. Never zero, so that what divides by it is safe before genesis too.
    #[pallet::storage]
    pub type SlotMs<T> = StorageValue<_, u64, ValueQuery, DefaultSlotMs>;

    /// Length of an epoch, in slots.
    #[pallet::storage]
    pub type EpochSlots<T> = StorageValue<_, u64, ValueQuery, DefaultEpochSlots>;

    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// Time between two slots, in milliseconds: even, at least [`MIN_SLOT_MS`].
        pub slot_ms: u64,
        /// Length of an epoch, in slots: at least [`MIN_EPOCH_SLOTS`].
        pub epoch_slots: u64,
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self {
                slot_ms: DEFAULT_SLOT_MS,
                epoch_slots: DEFAULT_EPOCH_SLOTS,
                _config: PhantomData,
            }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        /// Panics on values that no chain can run with: a genesis that cannot be built is the only way to refuse one.
        fn build(&self) {
            assert!(
                self.slot_ms >= MIN_SLOT_MS,
                "slotMs is {}, but a slot takes at least {MIN_SLOT_MS} ms",
                self.slot_ms
            );
            assert!(
                self.slot_ms.is_multiple_of(2),
                "slotMs is {}, but must be even: blocks may be half a slot apart",
                self.slot_ms
            );
            assert!(
                self.epoch_slots >= MIN_EPOCH_SLOTS,
                "epochSlots is {}, but an epoch has at least {MIN_EPOCH_SLOTS} slots",
                self.epoch_slots
            );
            SlotMs::<T>::put(self.slot_ms);
            EpochSlots::<T>::put(self.epoch_slots);
        }
    }
}

/// Slot time in milliseconds (`pallet_babe::Config::ExpectedBlockTime`).
pub struct Slot<T>(PhantomData<T>);

impl<T: Config> Get<u64> for Slot<T> {
    fn get() -> u64 {
        SlotMs::<T>::get()
    }
}

/// Half of the slot time in milliseconds (`pallet_timestamp::Config::MinimumPeriod`, from which BABE doubles it).
pub struct HalfSlot<T>(PhantomData<T>);

impl<T: Config> Get<u64> for HalfSlot<T> {
    fn get() -> u64 {
        SlotMs::<T>::get() / 2
    }
}

/// Length of an epoch in slots (`pallet_babe::Config::EpochDuration`).
pub struct Epoch<T>(PhantomData<T>);

impl<T: Config> Get<u64> for Epoch<T> {
    fn get() -> u64 {
        EpochSlots::<T>::get()
    }
}
