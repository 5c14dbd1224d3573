//! Weights of `khala_pallet_stake_pool`. Written by `scripts/weights`: change the benchmarks, not this file.
//!
//! Measured on 2026-11-22 in the runtime's Wasm, at up to 16 values of each component, 50 times at each. Times are
//! those of the computation; each key that is read or written adds the weight of the database. There are no proofs to size.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{constants::ParityDbWeight, Weight},
};

/// What each call and hook costs.
pub trait WeightInfo {
    /// `create_pool`.
    fn create_pool() -> Weight;
    /// `delegate`. `d`: decaying sessions of the pool.
    fn delegate(d: u32) -> Weight;
    /// `add_worker`.
    fn add_worker() -> Weight;
    /// `remove_worker`.
    fn remove_worker() -> Weight;
    /// `start_worker`. `d`: decaying sessions of the pool.
    fn start_worker(d: u32) -> Weight;
    /// `stop_worker`. `d`: decaying sessions of the pool.
    fn stop_worker(d: u32) -> Weight;
    /// `claim_commission`. `d`: decaying sessions of the pool.
    fn claim_commission(d: u32) -> Weight;
    /// `add_stake`. `d`: decaying sessions of the pool.
    fn add_stake(d: u32) -> Weight;
    /// `reduce_stake`. `d`: decaying sessions of the pool.
    fn reduce_stake(d: u32) -> Weight;
    /// `undelegate`. `d`: decaying sessions of the pool.
    fn undelegate(d: u32) -> Weight;
    /// `cancel_request`. `d`: decaying sessions of the pool.
    fn cancel_request(d: u32) -> Weight;
    /// `transfer_shares`. `d`: decaying sessions of the pool.
    fn transfer_shares(d: u32) -> Weight;
    /// `set_commission`. `d`: decaying sessions of the pool.
    fn set_commission(d: u32) -> Weight;
    /// `set_cap`.
    fn set_cap() -> Weight;
    /// `allow`.
    fn allow() -> Weight;
    /// `set_profile`.
    fn set_profile() -> Weight;
    /// `order_workers`.
    fn order_workers() -> Weight;
    /// `claim_unclaimed`.
    fn claim_unclaimed() -> Weight;
    /// `become_due`.
    fn become_due() -> Weight;
    /// `next_of_ring`.
    fn next_of_ring() -> Weight;
    /// `visit`. `d`: decaying sessions of the pool.
    fn visit(d: u32) -> Weight;
    /// `pay_request`.
    fn pay_request() -> Weight;
    /// `look_for_stakes`. `w`: workers of the pool.
    fn look_for_stakes(w: u32) -> Weight;
    /// `take_back`.
    fn take_back() -> Weight;
    /// `begin_sweep`.
    fn begin_sweep() -> Weight;
    /// `sweep_pool`. `d`: decaying sessions of the pool.
    fn sweep_pool(d: u32) -> Weight;
}

/// As measured, on the runtime's database.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn create_pool() -> Weight {
        Weight::from_parts(64_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn delegate(d: u32) -> Weight {
        Weight::from_parts(180_000_000, 0)
            .saturating_add(Weight::from_parts(30_000_000, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().reads(1).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(T::DbWeight::get().writes(1).saturating_mul(d.into()))
    }
    fn add_worker() -> Weight {
        Weight::from_parts(55_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn remove_worker() -> Weight {
        Weight::from_parts(50_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(5))
    }
    fn start_worker(d: u32) -> Weight {
        Weight::from_parts(180_000_000, 0)
            .saturating_add(Weight::from_parts(30_000_000, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(17))
            .saturating_add(T::DbWeight::get().reads(1).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().writes(9))
            .saturating_add(T::DbWeight::get().writes(1).saturating_mul(d.into()))
    }
    fn stop_worker(d: u32) -> Weight {
        Weight::from_parts(210_000_000, 0)
            .saturating_add(Weight::from_parts(30_000_000, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(17))
            .saturating_add(T::DbWeight::get().reads(1).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().writes(13))
            .saturating_add(T::DbWeight::get().writes(1).saturating_mul(d.into()))
    }
    fn claim_commission(d: u32) -> Weight {
        Weight::from_parts(170_000_000, 0)
            .saturating_add(Weight::from_parts(30_000_000, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().reads(1).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(T::DbWeight::get().writes(1).saturating_mul(d.into()))
    }
    fn add_stake(d: u32) -> Weight {
        Weight::from_parts(190_000_000, 0)
            .saturating_add(Weight::from_parts(30_000_000, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(17))
            .saturating_add(T::DbWeight::get().reads(1).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().writes(9))
            .saturating_add(T::DbWeight::get().writes(1).saturating_mul(d.into()))
    }
    fn reduce_stake(d: u32) -> Weight {
        Weight::from_parts(200_000_000, 0)
            .saturating_add(Weight::from_parts(30_000_000, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(17))
            .saturating_add(T::DbWeight::get().reads(1).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().writes(13))
            .saturating_add(T::DbWeight::get().writes(1).saturating_mul(d.into()))
    }
    fn undelegate(d: u32) -> Weight {
        Weight::from_parts(200_000_000, 0)
            .saturating_add(Weight::from_parts(30_000_000, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(14))
            .saturating_add(T::DbWeight::get().reads(1).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().writes(12))
            .saturating_add(T::DbWeight::get().writes(1).saturating_mul(d.into()))
    }
    fn cancel_request(d: u32) -> Weight {
        Weight::from_parts(120_000_000, 0)
            .saturating_add(Weight::from_parts(30_000_000, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(12))
            .saturating_add(T::DbWeight::get().reads(1).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().writes(8))
            .saturating_add(T::DbWeight::get().writes(1).saturating_mul(d.into()))
    }
    fn transfer_shares(d: u32) -> Weight {
        Weight::from_parts(130_000_000, 0)
            .saturating_add(Weight::from_parts(30_000_000, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().reads(1).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(T::DbWeight::get().writes(1).saturating_mul(d.into()))
    }
    fn set_commission(d: u32) -> Weight {
        Weight::from_parts(100_000_000, 0)
            .saturating_add(Weight::from_parts(30_000_000, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().reads(1).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().writes(6))
            .saturating_add(T::DbWeight::get().writes(1).saturating_mul(d.into()))
    }
    fn set_cap() -> Weight {
        Weight::from_parts(20_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn allow() -> Weight {
        Weight::from_parts(25_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn set_profile() -> Weight {
        Weight::from_parts(25_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn order_workers() -> Weight {
        Weight::from_parts(90_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn claim_unclaimed() -> Weight {
        Weight::from_parts(70_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn become_due() -> Weight {
        Weight::from_parts(30_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn next_of_ring() -> Weight {
        Weight::from_parts(15_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn visit(d: u32) -> Weight {
        Weight::from_parts(90_000_000, 0)
            .saturating_add(Weight::from_parts(30_000_000, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().reads(1).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().writes(6))
            .saturating_add(T::DbWeight::get().writes(1).saturating_mul(d.into()))
    }
    fn pay_request() -> Weight {
        Weight::from_parts(110_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(8))
    }
    fn look_for_stakes(w: u32) -> Weight {
        Weight::from_parts(20_000_000, 0)
            .saturating_add(Weight::from_parts(25_000_000, 0).saturating_mul(w.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().reads(2).saturating_mul(w.into()))
    }
    fn take_back() -> Weight {
        Weight::from_parts(130_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(12))
            .saturating_add(T::DbWeight::get().writes(13))
    }
    fn begin_sweep() -> Weight {
        Weight::from_parts(60_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn sweep_pool(d: u32) -> Weight {
        Weight::from_parts(90_000_000, 0)
            .saturating_add(Weight::from_parts(30_000_000, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().reads(1).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(T::DbWeight::get().writes(1).saturating_mul(d.into()))
    }
}

/// As measured, on ParityDB; for tests.
impl WeightInfo for () {
    fn create_pool() -> Weight {
        Weight::from_parts(64_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(4))
    }
    fn delegate(d: u32) -> Weight {
        Weight::from_parts(180_000_000, 0)
            .saturating_add(Weight::from_parts(30_000_000, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(10))
            .saturating_add(ParityDbWeight::get().reads(1).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().writes(7))
            .saturating_add(ParityDbWeight::get().writes(1).saturating_mul(d.into()))
    }
    fn add_worker() -> Weight {
        Weight::from_parts(55_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads(6))
            .saturating_add(ParityDbWeight::get().writes(6))
    }
    fn remove_worker() -> Weight {
        Weight::from_parts(50_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(5))
    }
    fn start_worker(d: u32) -> Weight {
        Weight::from_parts(180_000_000, 0)
            .saturating_add(Weight::from_parts(30_000_000, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(17))
            .saturating_add(ParityDbWeight::get().reads(1).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().writes(9))
            .saturating_add(ParityDbWeight::get().writes(1).saturating_mul(d.into()))
    }
    fn stop_worker(d: u32) -> Weight {
        Weight::from_parts(210_000_000, 0)
            .saturating_add(Weight::from_parts(30_000_000, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(17))
            .saturating_add(ParityDbWeight::get().reads(1).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().writes(13))
            .saturating_add(ParityDbWeight::get().writes(1).saturating_mul(d.into()))
    }
    fn claim_commission(d: u32) -> Weight {
        Weight::from_parts(170_000_000, 0)
            .saturating_add(Weight::from_parts(30_000_000, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(9))
            .saturating_add(ParityDbWeight::get().reads(1).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().writes(7))
            .saturating_add(ParityDbWeight::get().writes(1).saturating_mul(d.into()))
    }
    fn add_stake(d: u32) -> Weight {
        Weight::from_parts(190_000_000, 0)
            .saturating_add(Weight::from_parts(30_000_000, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(17))
            .saturating_add(ParityDbWeight::get().reads(1).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().writes(9))
            .saturating_add(ParityDbWeight::get().writes(1).saturating_mul(d.into()))
    }
    fn reduce_stake(d: u32) -> Weight {
        Weight::from_parts(200_000_000, 0)
            .saturating_add(Weight::from_parts(30_000_000, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(17))
            .saturating_add(ParityDbWeight::get().reads(1).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().writes(13))
            .saturating_add(ParityDbWeight::get().writes(1).saturating_mul(d.into()))
    }
    fn undelegate(d: u32) -> Weight {
        Weight::from_parts(200_000_000, 0)
            .saturating_add(Weight::from_parts(30_000_000, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(14))
            .saturating_add(ParityDbWeight::get().reads(1).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().writes(12))
            .saturating_add(ParityDbWeight::get().writes(1).saturating_mul(d.into()))
    }
    fn cancel_request(d: u32) -> Weight {
        Weight::from_parts(120_000_000, 0)
            .saturating_add(Weight::from_parts(30_000_000, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(12))
            .saturating_add(ParityDbWeight::get().reads(1).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().writes(8))
            .saturating_add(ParityDbWeight::get().writes(1).saturating_mul(d.into()))
    }
    fn transfer_shares(d: u32) -> Weight {
        Weight::from_parts(130_000_000, 0)
            .saturating_add(Weight::from_parts(30_000_000, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(11))
            .saturating_add(ParityDbWeight::get().reads(1).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().writes(7))
            .saturating_add(ParityDbWeight::get().writes(1).saturating_mul(d.into()))
    }
    fn set_commission(d: u32) -> Weight {
        Weight::from_parts(100_000_000, 0)
            .saturating_add(Weight::from_parts(30_000_000, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(11))
            .saturating_add(ParityDbWeight::get().reads(1).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().writes(6))
            .saturating_add(ParityDbWeight::get().writes(1).saturating_mul(d.into()))
    }
    fn set_cap() -> Weight {
        Weight::from_parts(20_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads(1))
            .saturating_add(ParityDbWeight::get().writes(1))
    }
    fn allow() -> Weight {
        Weight::from_parts(25_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads(2))
            .saturating_add(ParityDbWeight::get().writes(2))
    }
    fn set_profile() -> Weight {
        Weight::from_parts(25_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads(1))
            .saturating_add(ParityDbWeight::get().writes(1))
    }
    fn order_workers() -> Weight {
        Weight::from_parts(90_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads(2))
            .saturating_add(ParityDbWeight::get().writes(1))
    }
    fn claim_unclaimed() -> Weight {
        Weight::from_parts(70_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(4))
    }
    fn become_due() -> Weight {
        Weight::from_parts(30_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads(5))
            .saturating_add(ParityDbWeight::get().writes(6))
    }
    fn next_of_ring() -> Weight {
        Weight::from_parts(15_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads(5))
            .saturating_add(ParityDbWeight::get().writes(4))
    }
    fn visit(d: u32) -> Weight {
        Weight::from_parts(90_000_000, 0)
            .saturating_add(Weight::from_parts(30_000_000, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(10))
            .saturating_add(ParityDbWeight::get().reads(1).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().writes(6))
            .saturating_add(ParityDbWeight::get().writes(1).saturating_mul(d.into()))
    }
    fn pay_request() -> Weight {
        Weight::from_parts(110_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads(8))
            .saturating_add(ParityDbWeight::get().writes(8))
    }
    fn look_for_stakes(w: u32) -> Weight {
        Weight::from_parts(20_000_000, 0)
            .saturating_add(Weight::from_parts(25_000_000, 0).saturating_mul(w.into()))
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().reads(2).saturating_mul(w.into()))
    }
    fn take_back() -> Weight {
        Weight::from_parts(130_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads(12))
            .saturating_add(ParityDbWeight::get().writes(13))
    }
    fn begin_sweep() -> Weight {
        Weight::from_parts(60_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads(6))
            .saturating_add(ParityDbWeight::get().writes(4))
    }
    fn sweep_pool(d: u32) -> Weight {
        Weight::from_parts(90_000_000, 0)
            .saturating_add(Weight::from_parts(30_000_000, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(11))
            .saturating_add(ParityDbWeight::get().reads(1).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().writes(7))
            .saturating_add(ParityDbWeight::get().writes(1).saturating_mul(d.into()))
    }
}
