//! Weights of `khala_pallet_vault`: estimates, from those of the pools, until `scripts/weights vault` has measured the benchmarks and
//! writes this file.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{constants::ParityDbWeight, Weight},
};

/// What each call and hook costs.
pub trait WeightInfo {
    /// `create_vault`.
    fn create_vault() -> Weight;
    /// `delegate`.
    fn delegate(p: u32, d: u32) -> Weight;
    /// `undelegate`.
    fn undelegate(p: u32, d: u32) -> Weight;
    /// `cancel_request`.
    fn cancel_request(p: u32, d: u32) -> Weight;
    /// `transfer_shares`.
    fn transfer_shares(p: u32, d: u32) -> Weight;
    /// `invest`.
    fn invest(p: u32, d: u32) -> Weight;
    /// `divest`.
    fn divest(d: u32) -> Weight;
    /// `cancel_divest`.
    fn cancel_divest(d: u32) -> Weight;
    /// `set_fee`.
    fn set_fee(p: u32, d: u32) -> Weight;
    /// `claim_fee`.
    fn claim_fee(p: u32, d: u32) -> Weight;
    /// `set_commission_limit`.
    fn set_commission_limit() -> Weight;
    /// `set_cap`.
    fn set_cap() -> Weight;
    /// `paid`.
    fn paid() -> Weight;
    /// `next_of_ring`.
    fn next_of_ring() -> Weight;
    /// `visit`.
    fn visit(p: u32, d: u32) -> Weight;
    /// `pay_first`.
    fn pay_first(p: u32) -> Weight;
    /// `leave_pool`.
    fn leave_pool(d: u32) -> Weight;
    /// `look_at`.
    fn look_at() -> Weight;
}

/// Weights with the runtime's database.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn create_vault() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(10, 6))
    }
    fn delegate(p: u32, d: u32) -> Weight {
        Weight::from_parts(100_000_000, 0)
            .saturating_add(T::DbWeight::get().reads_writes(10, 6))
            .saturating_add(Weight::from_parts(100_000_000, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(12_000_000, 0).saturating_mul(d.into()))
    }
    fn undelegate(p: u32, d: u32) -> Weight {
        Weight::from_parts(100_000_000, 0)
            .saturating_add(T::DbWeight::get().reads_writes(10, 6))
            .saturating_add(Weight::from_parts(100_000_000, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(12_000_000, 0).saturating_mul(d.into()))
    }
    fn cancel_request(p: u32, d: u32) -> Weight {
        Weight::from_parts(100_000_000, 0)
            .saturating_add(T::DbWeight::get().reads_writes(10, 6))
            .saturating_add(Weight::from_parts(100_000_000, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(12_000_000, 0).saturating_mul(d.into()))
    }
    fn transfer_shares(p: u32, d: u32) -> Weight {
        Weight::from_parts(100_000_000, 0)
            .saturating_add(T::DbWeight::get().reads_writes(10, 6))
            .saturating_add(Weight::from_parts(100_000_000, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(12_000_000, 0).saturating_mul(d.into()))
    }
    fn invest(p: u32, d: u32) -> Weight {
        Weight::from_parts(100_000_000, 0)
            .saturating_add(T::DbWeight::get().reads_writes(10, 6))
            .saturating_add(Weight::from_parts(100_000_000, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(12_000_000, 0).saturating_mul(d.into()))
    }
    fn divest(d: u32) -> Weight {
        Weight::from_parts(100_000_000, 0)
            .saturating_add(T::DbWeight::get().reads_writes(10, 6))
            .saturating_add(Weight::from_parts(12_000_000, 0).saturating_mul(d.into()))
    }
    fn cancel_divest(d: u32) -> Weight {
        Weight::from_parts(100_000_000, 0)
            .saturating_add(T::DbWeight::get().reads_writes(10, 6))
            .saturating_add(Weight::from_parts(12_000_000, 0).saturating_mul(d.into()))
    }
    fn set_fee(p: u32, d: u32) -> Weight {
        Weight::from_parts(100_000_000, 0)
            .saturating_add(T::DbWeight::get().reads_writes(10, 6))
            .saturating_add(Weight::from_parts(100_000_000, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(12_000_000, 0).saturating_mul(d.into()))
    }
    fn claim_fee(p: u32, d: u32) -> Weight {
        Weight::from_parts(100_000_000, 0)
            .saturating_add(T::DbWeight::get().reads_writes(10, 6))
            .saturating_add(Weight::from_parts(100_000_000, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(12_000_000, 0).saturating_mul(d.into()))
    }
    fn set_commission_limit() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(10, 6))
    }
    fn set_cap() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(10, 6))
    }
    fn paid() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(10, 6))
    }
    fn next_of_ring() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(10, 6))
    }
    fn visit(p: u32, d: u32) -> Weight {
        Weight::from_parts(100_000_000, 0)
            .saturating_add(T::DbWeight::get().reads_writes(10, 6))
            .saturating_add(Weight::from_parts(100_000_000, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(12_000_000, 0).saturating_mul(d.into()))
    }
    fn pay_first(p: u32) -> Weight {
        Weight::from_parts(100_000_000, 0)
            .saturating_add(T::DbWeight::get().reads_writes(10, 6))
            .saturating_add(Weight::from_parts(100_000_000, 0).saturating_mul(p.into()))
    }
    fn leave_pool(d: u32) -> Weight {
        Weight::from_parts(100_000_000, 0)
            .saturating_add(T::DbWeight::get().reads_writes(10, 6))
            .saturating_add(Weight::from_parts(12_000_000, 0).saturating_mul(d.into()))
    }
    fn look_at() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(10, 6))
    }
}

impl WeightInfo for () {
    fn create_vault() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(10, 6))
    }
    fn delegate(p: u32, d: u32) -> Weight {
        Weight::from_parts(100_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads_writes(10, 6))
            .saturating_add(Weight::from_parts(100_000_000, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(12_000_000, 0).saturating_mul(d.into()))
    }
    fn undelegate(p: u32, d: u32) -> Weight {
        Weight::from_parts(100_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads_writes(10, 6))
            .saturating_add(Weight::from_parts(100_000_000, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(12_000_000, 0).saturating_mul(d.into()))
    }
    fn cancel_request(p: u32, d: u32) -> Weight {
        Weight::from_parts(100_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads_writes(10, 6))
            .saturating_add(Weight::from_parts(100_000_000, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(12_000_000, 0).saturating_mul(d.into()))
    }
    fn transfer_shares(p: u32, d: u32) -> Weight {
        Weight::from_parts(100_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads_writes(10, 6))
            .saturating_add(Weight::from_parts(100_000_000, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(12_000_000, 0).saturating_mul(d.into()))
    }
    fn invest(p: u32, d: u32) -> Weight {
        Weight::from_parts(100_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads_writes(10, 6))
            .saturating_add(Weight::from_parts(100_000_000, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(12_000_000, 0).saturating_mul(d.into()))
    }
    fn divest(d: u32) -> Weight {
        Weight::from_parts(100_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads_writes(10, 6))
            .saturating_add(Weight::from_parts(12_000_000, 0).saturating_mul(d.into()))
    }
    fn cancel_divest(d: u32) -> Weight {
        Weight::from_parts(100_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads_writes(10, 6))
            .saturating_add(Weight::from_parts(12_000_000, 0).saturating_mul(d.into()))
    }
    fn set_fee(p: u32, d: u32) -> Weight {
        Weight::from_parts(100_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads_writes(10, 6))
            .saturating_add(Weight::from_parts(100_000_000, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(12_000_000, 0).saturating_mul(d.into()))
    }
    fn claim_fee(p: u32, d: u32) -> Weight {
        Weight::from_parts(100_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads_writes(10, 6))
            .saturating_add(Weight::from_parts(100_000_000, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(12_000_000, 0).saturating_mul(d.into()))
    }
    fn set_commission_limit() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(10, 6))
    }
    fn set_cap() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(10, 6))
    }
    fn paid() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(10, 6))
    }
    fn next_of_ring() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(10, 6))
    }
    fn visit(p: u32, d: u32) -> Weight {
        Weight::from_parts(100_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads_writes(10, 6))
            .saturating_add(Weight::from_parts(100_000_000, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(12_000_000, 0).saturating_mul(d.into()))
    }
    fn pay_first(p: u32) -> Weight {
        Weight::from_parts(100_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads_writes(10, 6))
            .saturating_add(Weight::from_parts(100_000_000, 0).saturating_mul(p.into()))
    }
    fn leave_pool(d: u32) -> Weight {
        Weight::from_parts(100_000_000, 0)
            .saturating_add(ParityDbWeight::get().reads_writes(10, 6))
            .saturating_add(Weight::from_parts(12_000_000, 0).saturating_mul(d.into()))
    }
    fn look_at() -> Weight {
        Weight::from_parts(100_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(10, 6))
    }
}
