//! Weights of `khala_pallet_stake_pool`. Written by `scripts/weights`: change the benchmarks, not this file.
//!
//! Measured on 2026-11-30 in the runtime's Wasm, at up to 5 values of each component, 16 times at each. Times are
//! those of the computation; each key that is read or written adds the weight of the database. There are no proofs to size.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{constants::ParityDbWeight, Weight},
};

/// What each call and hook costs.
pub trait WeightInfo {
    /// `create_pool`. At least 45.898 us.
    ///
    /// Storage:
    /// - `Balances::Holds` (r:1 w:1)
    /// - `StakePool::CounterForPools` (r:1 w:1)
    /// - `StakePool::NextPoolId` (r:1 w:1)
    /// - `StakePool::Pools` (r:1 w:1)
    fn create_pool() -> Weight;
    /// `delegate`, `d` from 0 to 200. At least 137.726 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Decaying` (r:1 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::Impaired` (r:1 w:0)
    /// - `Mining::InTransit` (r:1 w:1)
    /// - `Mining::PoolReward` (r:1 w:1)
    /// - `Mining::Sessions` (r:200 w:200)
    /// - `StakePool::Allowed` (r:1 w:0)
    /// - `StakePool::Holdings` (r:1 w:1)
    /// - `StakePool::Pools` (r:1 w:1)
    /// - `StakePool::PotTotal` (r:1 w:1)
    /// - `System::Account` (r:3 w:3)
    fn delegate(d: u32) -> Weight;
    /// `undelegate`, `d` from 0 to 200. At least 148.561 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Decaying` (r:1 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::Impaired` (r:1 w:0)
    /// - `Mining::InTransit` (r:1 w:1)
    /// - `Mining::PoolReward` (r:1 w:1)
    /// - `Mining::Sessions` (r:200 w:200)
    /// - `StakePool::Agenda` (r:0 w:1)
    /// - `StakePool::AgendaRange` (r:1 w:1)
    /// - `StakePool::Holdings` (r:1 w:1)
    /// - `StakePool::Parameters` (r:1 w:0)
    /// - `StakePool::Pools` (r:1 w:1)
    /// - `StakePool::PotTotal` (r:1 w:1)
    /// - `StakePool::Requests` (r:0 w:1)
    /// - `System::Account` (r:4 w:4)
    fn undelegate(d: u32) -> Weight;
    /// `cancel_request`, `d` from 0 to 200. At least 118.987 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Decaying` (r:1 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::Impaired` (r:1 w:0)
    /// - `Mining::InTransit` (r:1 w:1)
    /// - `Mining::PoolReward` (r:1 w:1)
    /// - `Mining::Sessions` (r:200 w:0)
    /// - `StakePool::Holdings` (r:1 w:1)
    /// - `StakePool::Pools` (r:1 w:1)
    /// - `StakePool::PotTotal` (r:1 w:1)
    /// - `StakePool::Requests` (r:3 w:3)
    /// - `StakePool::Ring` (r:0 w:1)
    /// - `StakePool::RingRange` (r:1 w:1)
    /// - `System::Account` (r:3 w:3)
    fn cancel_request(d: u32) -> Weight;
    /// `transfer_shares`, `d` from 0 to 200. At least 108.351 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Decaying` (r:1 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::Impaired` (r:1 w:0)
    /// - `Mining::InTransit` (r:1 w:1)
    /// - `Mining::PoolReward` (r:1 w:1)
    /// - `Mining::Sessions` (r:200 w:200)
    /// - `StakePool::Allowed` (r:1 w:0)
    /// - `StakePool::Holdings` (r:2 w:2)
    /// - `StakePool::Pools` (r:1 w:1)
    /// - `StakePool::PotTotal` (r:1 w:1)
    /// - `System::Account` (r:3 w:3)
    fn transfer_shares(d: u32) -> Weight;
    /// `add_worker`. At least 58.297 us.
    ///
    /// Storage:
    /// - `Mining::NextSessionId` (r:1 w:1)
    /// - `Mining::SessionOf` (r:1 w:1)
    /// - `Mining::Sessions` (r:0 w:1)
    /// - `Registry::Workers` (r:1 w:0)
    /// - `StakePool::PoolWorkers` (r:1 w:1)
    /// - `StakePool::Pools` (r:1 w:0)
    fn add_worker() -> Weight;
    /// `remove_worker`. At least 57.015 us.
    ///
    /// Storage:
    /// - `Mining::SessionOf` (r:1 w:1)
    /// - `Mining::Sessions` (r:1 w:1)
    /// - `StakePool::PoolWorkers` (r:1 w:1)
    /// - `StakePool::Pools` (r:1 w:0)
    fn remove_worker() -> Weight;
    /// `order_workers`. At least 69.414 us.
    ///
    /// Storage:
    /// - `StakePool::PoolWorkers` (r:1 w:1)
    /// - `StakePool::Pools` (r:1 w:0)
    fn order_workers() -> Weight;
    /// `start_worker`, `d` from 0 to 199. At least 139.298 us.
    ///
    /// Storage:
    /// - `Attestation::PolicyVersion` (r:1 w:0)
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Decaying` (r:1 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::IdleSessions` (r:1 w:1)
    /// - `Mining::Impaired` (r:1 w:0)
    /// - `Mining::InTransit` (r:1 w:1)
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::PoolReward` (r:1 w:1)
    /// - `Mining::SessionOf` (r:1 w:0)
    /// - `Mining::Sessions` (r:200 w:200)
    /// - `Mining::Shares` (r:1 w:1)
    /// - `Registry::Workers` (r:1 w:0)
    /// - `StakePool::Pools` (r:1 w:1)
    /// - `StakePool::PotTotal` (r:1 w:1)
    /// - `System::Account` (r:3 w:3)
    /// - `Timestamp::Now` (r:1 w:0)
    fn start_worker(d: u32) -> Weight;
    /// `add_stake`, `d` from 0 to 199. At least 122.503 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Decaying` (r:1 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::IdleSessions` (r:1 w:0)
    /// - `Mining::Impaired` (r:1 w:1)
    /// - `Mining::InTransit` (r:1 w:1)
    /// - `Mining::PoolReward` (r:1 w:1)
    /// - `Mining::SessionOf` (r:1 w:0)
    /// - `Mining::Sessions` (r:200 w:200)
    /// - `Mining::Shares` (r:1 w:1)
    /// - `StakePool::Pools` (r:1 w:1)
    /// - `StakePool::PotTotal` (r:1 w:1)
    /// - `System::Account` (r:3 w:3)
    fn add_stake(d: u32) -> Weight;
    /// `reduce_stake`, `d` from 0 to 199. At least 168.442 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::CoolDowns` (r:0 w:1)
    /// - `Mining::Decaying` (r:1 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::IdleSessions` (r:1 w:0)
    /// - `Mining::Impaired` (r:1 w:1)
    /// - `Mining::InTransit` (r:1 w:1)
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::PoolReward` (r:1 w:1)
    /// - `Mining::ReleaseRange` (r:1 w:1)
    /// - `Mining::Releases` (r:0 w:1)
    /// - `Mining::SessionOf` (r:1 w:0)
    /// - `Mining::Sessions` (r:200 w:200)
    /// - `Mining::Shares` (r:1 w:1)
    /// - `StakePool::Pools` (r:1 w:1)
    /// - `StakePool::PotTotal` (r:1 w:1)
    /// - `System::Account` (r:3 w:3)
    fn reduce_stake(d: u32) -> Weight;
    /// `stop_worker`, `d` from 0 to 199. At least 163.694 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::CoolDowns` (r:0 w:1)
    /// - `Mining::Decaying` (r:1 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::IdleSessions` (r:1 w:1)
    /// - `Mining::Impaired` (r:1 w:0)
    /// - `Mining::InTransit` (r:1 w:1)
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::PoolReward` (r:1 w:1)
    /// - `Mining::ReleaseRange` (r:1 w:1)
    /// - `Mining::Releases` (r:0 w:1)
    /// - `Mining::SessionOf` (r:1 w:0)
    /// - `Mining::Sessions` (r:200 w:200)
    /// - `Mining::Shares` (r:1 w:1)
    /// - `StakePool::Pools` (r:1 w:1)
    /// - `StakePool::PotTotal` (r:1 w:1)
    /// - `System::Account` (r:3 w:3)
    fn stop_worker(d: u32) -> Weight;
    /// `claim_commission`, `d` from 0 to 200. At least 144.255 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Decaying` (r:1 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::Impaired` (r:1 w:0)
    /// - `Mining::InTransit` (r:1 w:1)
    /// - `Mining::PoolReward` (r:1 w:1)
    /// - `Mining::Sessions` (r:200 w:200)
    /// - `StakePool::Pools` (r:1 w:1)
    /// - `StakePool::PotTotal` (r:1 w:1)
    /// - `System::Account` (r:3 w:3)
    fn claim_commission(d: u32) -> Weight;
    /// `set_commission`, `d` from 0 to 200. At least 104.996 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Decaying` (r:1 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::Impaired` (r:1 w:0)
    /// - `Mining::InTransit` (r:1 w:1)
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::PoolReward` (r:1 w:1)
    /// - `Mining::Sessions` (r:200 w:200)
    /// - `StakePool::Parameters` (r:1 w:0)
    /// - `StakePool::Pools` (r:1 w:1)
    /// - `StakePool::PotTotal` (r:1 w:1)
    /// - `System::Account` (r:3 w:3)
    fn set_commission(d: u32) -> Weight;
    /// `set_cap`. At least 10.836 us.
    ///
    /// Storage:
    /// - `StakePool::Pools` (r:1 w:1)
    fn set_cap() -> Weight;
    /// `allow`. At least 35.953 us.
    ///
    /// Storage:
    /// - `StakePool::Allowed` (r:1 w:1)
    /// - `StakePool::Pools` (r:1 w:1)
    fn allow() -> Weight;
    /// `set_profile`. At least 13.390 us.
    ///
    /// Storage:
    /// - `StakePool::Pools` (r:1 w:0)
    /// - `StakePool::Profiles` (r:0 w:1)
    fn set_profile() -> Weight;
    /// `claim_unclaimed`. At least 50.165 us.
    ///
    /// Storage:
    /// - `StakePool::PotTotal` (r:1 w:1)
    /// - `StakePool::Unclaimed` (r:1 w:1)
    /// - `System::Account` (r:1 w:1)
    fn claim_unclaimed() -> Weight;
    /// `become_due`. At least 28.823 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `StakePool::Agenda` (r:2 w:1)
    /// - `StakePool::AgendaRange` (r:1 w:1)
    /// - `StakePool::Pools` (r:1 w:1)
    /// - `StakePool::Requests` (r:1 w:1)
    /// - `StakePool::Ring` (r:0 w:1)
    /// - `StakePool::RingRange` (r:1 w:1)
    fn become_due() -> Weight;
    /// `next_of_ring`. At least 20.090 us.
    ///
    /// Storage:
    /// - `Mining::Decaying` (r:1 w:0)
    /// - `StakePool::PoolWorkers` (r:1 w:0)
    /// - `StakePool::Pools` (r:1 w:1)
    /// - `StakePool::Ring` (r:1 w:2)
    /// - `StakePool::RingRange` (r:1 w:1)
    fn next_of_ring() -> Weight;
    /// `visit`, `d` from 0 to 200. At least 97.986 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Decaying` (r:1 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::Impaired` (r:1 w:0)
    /// - `Mining::InTransit` (r:1 w:1)
    /// - `Mining::PoolReward` (r:1 w:1)
    /// - `Mining::Sessions` (r:200 w:200)
    /// - `StakePool::Pools` (r:1 w:1)
    /// - `StakePool::PotTotal` (r:1 w:1)
    /// - `System::Account` (r:3 w:3)
    fn visit(d: u32) -> Weight;
    /// `pay_request`. At least 63.264 us.
    ///
    /// Storage:
    /// - `StakePool::Holdings` (r:1 w:1)
    /// - `StakePool::Pools` (r:1 w:1)
    /// - `StakePool::PotTotal` (r:1 w:1)
    /// - `StakePool::Requests` (r:2 w:2)
    /// - `System::Account` (r:2 w:2)
    fn pay_request() -> Weight;
    /// `look_for_stakes`, `w` from 1 to 200. At least 16.956 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::SessionOf` (r:200 w:0)
    /// - `Mining::Sessions` (r:200 w:0)
    /// - `StakePool::PoolWorkers` (r:1 w:0)
    fn look_for_stakes(w: u32) -> Weight;
    /// `take_back`. At least 81.622 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::CoolDowns` (r:0 w:1)
    /// - `Mining::Decaying` (r:1 w:1)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::Guard` (r:1 w:1)
    /// - `Mining::IdleSessions` (r:1 w:0)
    /// - `Mining::Impaired` (r:1 w:1)
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::ReleaseRange` (r:1 w:1)
    /// - `Mining::Releases` (r:0 w:1)
    /// - `Mining::SessionOf` (r:1 w:0)
    /// - `Mining::Sessions` (r:1 w:1)
    /// - `Mining::Shares` (r:1 w:1)
    /// - `StakePool::Pools` (r:1 w:1)
    /// - `StakePool::PotTotal` (r:1 w:1)
    /// - `System::Account` (r:2 w:2)
    fn take_back() -> Weight;
    /// `begin_sweep`. At least 53.620 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Decaying` (r:1 w:0)
    /// - `StakePool::NextPoolId` (r:1 w:0)
    /// - `StakePool::Parameters` (r:1 w:0)
    /// - `StakePool::PotTotal` (r:1 w:0)
    /// - `StakePool::SweepAt` (r:1 w:1)
    /// - `System::Account` (r:2 w:2)
    fn begin_sweep() -> Weight;
    /// `sweep_pool`, `d` from 0 to 200. At least 104.426 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Decaying` (r:1 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::Impaired` (r:1 w:0)
    /// - `Mining::InTransit` (r:1 w:1)
    /// - `Mining::PoolReward` (r:1 w:1)
    /// - `Mining::Sessions` (r:200 w:200)
    /// - `StakePool::Pools` (r:1 w:1)
    /// - `StakePool::PotTotal` (r:1 w:1)
    /// - `StakePool::PriceSamples` (r:1 w:1)
    /// - `System::Account` (r:3 w:3)
    fn sweep_pool(d: u32) -> Weight;
}

/// As measured, on the runtime's database.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn create_pool() -> Weight {
        Weight::from_parts(46_950_000, 0)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn delegate(d: u32) -> Weight {
        Weight::from_parts(130_931_925, 0)
            .saturating_add(Weight::from_parts(6_501_256, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(8))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn undelegate(d: u32) -> Weight {
        Weight::from_parts(164_968_100, 0)
            .saturating_add(Weight::from_parts(6_305_950, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(15))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(12))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn cancel_request(d: u32) -> Weight {
        Weight::from_parts(135_470_725, 0)
            .saturating_add(Weight::from_parts(3_948_401, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(16))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(13))
    }
    fn transfer_shares(d: u32) -> Weight {
        Weight::from_parts(104_510_250, 0)
            .saturating_add(Weight::from_parts(6_344_790, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(14))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(9))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn add_worker() -> Weight {
        Weight::from_parts(81_681_000, 0)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn remove_worker() -> Weight {
        Weight::from_parts(66_329_000, 0)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn order_workers() -> Weight {
        Weight::from_parts(83_044_000, 0)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn start_worker(d: u32) -> Weight {
        Weight::from_parts(107_992_023, 0)
            .saturating_add(Weight::from_parts(7_535_519, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(19))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(10))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn add_stake(d: u32) -> Weight {
        Weight::from_parts(120_162_371, 0)
            .saturating_add(Weight::from_parts(6_740_743, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(15))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(10))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn reduce_stake(d: u32) -> Weight {
        Weight::from_parts(162_427_617, 0)
            .saturating_add(Weight::from_parts(6_866_073, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(17))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(13))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn stop_worker(d: u32) -> Weight {
        Weight::from_parts(158_354_391, 0)
            .saturating_add(Weight::from_parts(7_008_592, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(17))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(13))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn claim_commission(d: u32) -> Weight {
        Weight::from_parts(143_539_225, 0)
            .saturating_add(Weight::from_parts(6_634_187, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn set_commission(d: u32) -> Weight {
        Weight::from_parts(109_678_975, 0)
            .saturating_add(Weight::from_parts(6_625_932, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn set_cap() -> Weight {
        Weight::from_parts(11_317_000, 0)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn allow() -> Weight {
        Weight::from_parts(53_009_000, 0)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn set_profile() -> Weight {
        Weight::from_parts(14_241_000, 0)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn claim_unclaimed() -> Weight {
        Weight::from_parts(50_876_000, 0)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn become_due() -> Weight {
        Weight::from_parts(29_814_000, 0)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn next_of_ring() -> Weight {
        Weight::from_parts(20_791_000, 0)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn visit(d: u32) -> Weight {
        Weight::from_parts(78_363_875, 0)
            .saturating_add(Weight::from_parts(6_904_002, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn pay_request() -> Weight {
        Weight::from_parts(64_786_000, 0)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    fn look_for_stakes(w: u32) -> Weight {
        Weight::from_parts(16_185_034, 0)
            .saturating_add(Weight::from_parts(10_016_901, 0).saturating_mul(w.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().reads(2_u64.saturating_mul(w.into())))
    }
    fn take_back() -> Weight {
        Weight::from_parts(83_405_000, 0)
            .saturating_add(T::DbWeight::get().reads(15))
            .saturating_add(T::DbWeight::get().writes(12))
    }
    fn begin_sweep() -> Weight {
        Weight::from_parts(54_120_000, 0)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn sweep_pool(d: u32) -> Weight {
        Weight::from_parts(111_653_625, 0)
            .saturating_add(Weight::from_parts(6_496_351, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(12))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(8))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
}

/// As measured, on ParityDB; for tests.
impl WeightInfo for () {
    fn create_pool() -> Weight {
        Weight::from_parts(46_950_000, 0)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(4))
    }
    fn delegate(d: u32) -> Weight {
        Weight::from_parts(130_931_925, 0)
            .saturating_add(Weight::from_parts(6_501_256, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(13))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(8))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn undelegate(d: u32) -> Weight {
        Weight::from_parts(164_968_100, 0)
            .saturating_add(Weight::from_parts(6_305_950, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(15))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(12))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn cancel_request(d: u32) -> Weight {
        Weight::from_parts(135_470_725, 0)
            .saturating_add(Weight::from_parts(3_948_401, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(16))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(13))
    }
    fn transfer_shares(d: u32) -> Weight {
        Weight::from_parts(104_510_250, 0)
            .saturating_add(Weight::from_parts(6_344_790, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(14))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(9))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn add_worker() -> Weight {
        Weight::from_parts(81_681_000, 0)
            .saturating_add(ParityDbWeight::get().reads(5))
            .saturating_add(ParityDbWeight::get().writes(4))
    }
    fn remove_worker() -> Weight {
        Weight::from_parts(66_329_000, 0)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(3))
    }
    fn order_workers() -> Weight {
        Weight::from_parts(83_044_000, 0)
            .saturating_add(ParityDbWeight::get().reads(2))
            .saturating_add(ParityDbWeight::get().writes(1))
    }
    fn start_worker(d: u32) -> Weight {
        Weight::from_parts(107_992_023, 0)
            .saturating_add(Weight::from_parts(7_535_519, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(19))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(10))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn add_stake(d: u32) -> Weight {
        Weight::from_parts(120_162_371, 0)
            .saturating_add(Weight::from_parts(6_740_743, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(15))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(10))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn reduce_stake(d: u32) -> Weight {
        Weight::from_parts(162_427_617, 0)
            .saturating_add(Weight::from_parts(6_866_073, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(17))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(13))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn stop_worker(d: u32) -> Weight {
        Weight::from_parts(158_354_391, 0)
            .saturating_add(Weight::from_parts(7_008_592, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(17))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(13))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn claim_commission(d: u32) -> Weight {
        Weight::from_parts(143_539_225, 0)
            .saturating_add(Weight::from_parts(6_634_187, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(11))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(7))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn set_commission(d: u32) -> Weight {
        Weight::from_parts(109_678_975, 0)
            .saturating_add(Weight::from_parts(6_625_932, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(13))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(7))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn set_cap() -> Weight {
        Weight::from_parts(11_317_000, 0)
            .saturating_add(ParityDbWeight::get().reads(1))
            .saturating_add(ParityDbWeight::get().writes(1))
    }
    fn allow() -> Weight {
        Weight::from_parts(53_009_000, 0)
            .saturating_add(ParityDbWeight::get().reads(2))
            .saturating_add(ParityDbWeight::get().writes(2))
    }
    fn set_profile() -> Weight {
        Weight::from_parts(14_241_000, 0)
            .saturating_add(ParityDbWeight::get().reads(1))
            .saturating_add(ParityDbWeight::get().writes(1))
    }
    fn claim_unclaimed() -> Weight {
        Weight::from_parts(50_876_000, 0)
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().writes(3))
    }
    fn become_due() -> Weight {
        Weight::from_parts(29_814_000, 0)
            .saturating_add(ParityDbWeight::get().reads(7))
            .saturating_add(ParityDbWeight::get().writes(6))
    }
    fn next_of_ring() -> Weight {
        Weight::from_parts(20_791_000, 0)
            .saturating_add(ParityDbWeight::get().reads(5))
            .saturating_add(ParityDbWeight::get().writes(4))
    }
    fn visit(d: u32) -> Weight {
        Weight::from_parts(78_363_875, 0)
            .saturating_add(Weight::from_parts(6_904_002, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(11))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(7))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn pay_request() -> Weight {
        Weight::from_parts(64_786_000, 0)
            .saturating_add(ParityDbWeight::get().reads(7))
            .saturating_add(ParityDbWeight::get().writes(7))
    }
    fn look_for_stakes(w: u32) -> Weight {
        Weight::from_parts(16_185_034, 0)
            .saturating_add(Weight::from_parts(10_016_901, 0).saturating_mul(w.into()))
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().reads(2_u64.saturating_mul(w.into())))
    }
    fn take_back() -> Weight {
        Weight::from_parts(83_405_000, 0)
            .saturating_add(ParityDbWeight::get().reads(15))
            .saturating_add(ParityDbWeight::get().writes(12))
    }
    fn begin_sweep() -> Weight {
        Weight::from_parts(54_120_000, 0)
            .saturating_add(ParityDbWeight::get().reads(8))
            .saturating_add(ParityDbWeight::get().writes(3))
    }
    fn sweep_pool(d: u32) -> Weight {
        Weight::from_parts(111_653_625, 0)
            .saturating_add(Weight::from_parts(6_496_351, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(12))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(8))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
}
