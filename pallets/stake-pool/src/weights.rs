//! Weights of `khala_pallet_stake_pool`. Written by `scripts/weights`: change the benchmarks, not this file.
//!
//! Measured on 2026-11-22 in the runtime's Wasm, at up to 6 values of each component, 20 times at each. Times are
//! those of the computation; each key that is read or written adds the weight of the database. There are no proofs to size.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{constants::ParityDbWeight, Weight},
};

/// What each call and hook costs.
pub trait WeightInfo {
    /// `create_pool`. At least 53.551 us.
    ///
    /// Storage:
    /// - `Balances::Holds` (r:1 w:1)
    /// - `StakePool::CounterForPools` (r:1 w:1)
    /// - `StakePool::NextPoolId` (r:1 w:1)
    /// - `StakePool::Pools` (r:1 w:1)
    fn create_pool() -> Weight;
    /// `delegate`, `d` from 0 to 200. At least 160.461 us.
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
    /// `undelegate`, `d` from 0 to 200. At least 170.303 us.
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
    /// `cancel_request`, `d` from 0 to 200. At least 163.090 us.
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
    /// `transfer_shares`, `d` from 0 to 200. At least 144.481 us.
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
    /// `add_worker`. At least 108.394 us.
    ///
    /// Storage:
    /// - `Mining::NextSessionId` (r:1 w:1)
    /// - `Mining::SessionOf` (r:1 w:1)
    /// - `Mining::Sessions` (r:0 w:1)
    /// - `Registry::Workers` (r:1 w:0)
    /// - `StakePool::PoolWorkers` (r:1 w:1)
    /// - `StakePool::Pools` (r:1 w:0)
    fn add_worker() -> Weight;
    /// `remove_worker`. At least 100.054 us.
    ///
    /// Storage:
    /// - `Mining::SessionOf` (r:1 w:1)
    /// - `Mining::Sessions` (r:1 w:1)
    /// - `StakePool::PoolWorkers` (r:1 w:1)
    /// - `StakePool::Pools` (r:1 w:0)
    fn remove_worker() -> Weight;
    /// `order_workers`. At least 118.724 us.
    ///
    /// Storage:
    /// - `StakePool::PoolWorkers` (r:1 w:1)
    /// - `StakePool::Pools` (r:1 w:0)
    fn order_workers() -> Weight;
    /// `start_worker`, `d` from 0 to 199. At least 197.842 us.
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
    /// `add_stake`, `d` from 0 to 199. At least 173.869 us.
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
    /// `reduce_stake`, `d` from 0 to 199. At least 230.752 us.
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
    /// `stop_worker`, `d` from 0 to 199. At least 212.195 us.
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
    /// `claim_commission`, `d` from 0 to 200. At least 182.866 us.
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
    /// `set_commission`, `d` from 0 to 200. At least 213.239 us.
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
    fn set_commission(d: u32) -> Weight;
    /// `set_cap`. At least 18.961 us.
    ///
    /// Storage:
    /// - `StakePool::Pools` (r:1 w:1)
    fn set_cap() -> Weight;
    /// `allow`. At least 72.594 us.
    ///
    /// Storage:
    /// - `StakePool::Allowed` (r:1 w:1)
    /// - `StakePool::Pools` (r:1 w:1)
    fn allow() -> Weight;
    /// `set_profile`. At least 21.254 us.
    ///
    /// Storage:
    /// - `StakePool::Pools` (r:1 w:0)
    /// - `StakePool::Profiles` (r:0 w:1)
    fn set_profile() -> Weight;
    /// `claim_unclaimed`. At least 65.338 us.
    ///
    /// Storage:
    /// - `StakePool::PotTotal` (r:1 w:1)
    /// - `StakePool::Unclaimed` (r:1 w:1)
    /// - `System::Account` (r:1 w:1)
    fn claim_unclaimed() -> Weight;
    /// `become_due`. At least 44.583 us.
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
    /// `next_of_ring`. At least 29.775 us.
    ///
    /// Storage:
    /// - `Mining::Decaying` (r:1 w:0)
    /// - `StakePool::PoolWorkers` (r:1 w:0)
    /// - `StakePool::Pools` (r:1 w:1)
    /// - `StakePool::Ring` (r:1 w:2)
    /// - `StakePool::RingRange` (r:1 w:1)
    fn next_of_ring() -> Weight;
    /// `visit`, `d` from 0 to 200. At least 132.023 us.
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
    /// `pay_request`. At least 91.034 us.
    ///
    /// Storage:
    /// - `StakePool::Holdings` (r:1 w:1)
    /// - `StakePool::Pools` (r:1 w:1)
    /// - `StakePool::PotTotal` (r:1 w:1)
    /// - `StakePool::Requests` (r:2 w:2)
    /// - `System::Account` (r:2 w:2)
    fn pay_request() -> Weight;
    /// `look_for_stakes`, `w` from 1 to 200. At least 27.819 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::SessionOf` (r:200 w:0)
    /// - `Mining::Sessions` (r:200 w:0)
    /// - `StakePool::PoolWorkers` (r:1 w:0)
    fn look_for_stakes(w: u32) -> Weight;
    /// `take_back`. At least 121.072 us.
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
    /// `begin_sweep`. At least 74.075 us.
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
    /// `sweep_pool`, `d` from 0 to 200. At least 134.538 us.
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
        Weight::from_parts(57_281_000, 0)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn delegate(d: u32) -> Weight {
        Weight::from_parts(124_956_119, 0)
            .saturating_add(Weight::from_parts(9_880_890, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(8))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn undelegate(d: u32) -> Weight {
        Weight::from_parts(172_358_000, 0)
            .saturating_add(Weight::from_parts(13_349_603, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(15))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(12))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn cancel_request(d: u32) -> Weight {
        Weight::from_parts(170_046_000, 0)
            .saturating_add(Weight::from_parts(9_423_507, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(16))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(13))
    }
    fn transfer_shares(d: u32) -> Weight {
        Weight::from_parts(147_375_000, 0)
            .saturating_add(Weight::from_parts(15_995_873, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(14))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(9))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn add_worker() -> Weight {
        Weight::from_parts(127_848_000, 0)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn remove_worker() -> Weight {
        Weight::from_parts(124_319_000, 0)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn order_workers() -> Weight {
        Weight::from_parts(137_627_000, 0)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn start_worker(d: u32) -> Weight {
        Weight::from_parts(203_521_000, 0)
            .saturating_add(Weight::from_parts(18_862_987, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(19))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(10))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn add_stake(d: u32) -> Weight {
        Weight::from_parts(121_606_592, 0)
            .saturating_add(Weight::from_parts(25_897_963, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(15))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(10))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn reduce_stake(d: u32) -> Weight {
        Weight::from_parts(45_504_130, 0)
            .saturating_add(Weight::from_parts(17_636_490, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(17))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(13))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn stop_worker(d: u32) -> Weight {
        Weight::from_parts(224_313_000, 0)
            .saturating_add(Weight::from_parts(17_702_908, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(17))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(13))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn claim_commission(d: u32) -> Weight {
        Weight::from_parts(310_988_119, 0)
            .saturating_add(Weight::from_parts(10_466_369, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn set_commission(d: u32) -> Weight {
        Weight::from_parts(46_861_866, 0)
            .saturating_add(Weight::from_parts(12_180_746, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn set_cap() -> Weight {
        Weight::from_parts(22_250_000, 0)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn allow() -> Weight {
        Weight::from_parts(81_479_000, 0)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn set_profile() -> Weight {
        Weight::from_parts(23_630_000, 0)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn claim_unclaimed() -> Weight {
        Weight::from_parts(68_640_000, 0)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn become_due() -> Weight {
        Weight::from_parts(48_485_000, 0)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    fn next_of_ring() -> Weight {
        Weight::from_parts(32_213_000, 0)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn visit(d: u32) -> Weight {
        Weight::from_parts(90_257_938, 0)
            .saturating_add(Weight::from_parts(11_636_588, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn pay_request() -> Weight {
        Weight::from_parts(96_285_000, 0)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    fn look_for_stakes(w: u32) -> Weight {
        Weight::from_parts(30_378_000, 0)
            .saturating_add(Weight::from_parts(17_012_100, 0).saturating_mul(w.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().reads(2_u64.saturating_mul(w.into())))
    }
    fn take_back() -> Weight {
        Weight::from_parts(129_298_000, 0)
            .saturating_add(T::DbWeight::get().reads(15))
            .saturating_add(T::DbWeight::get().writes(12))
    }
    fn begin_sweep() -> Weight {
        Weight::from_parts(75_234_000, 0)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn sweep_pool(d: u32) -> Weight {
        Weight::from_parts(95_940_795, 0)
            .saturating_add(Weight::from_parts(9_822_935, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(12))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(8))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
}

/// As measured, on ParityDB; for tests.
impl WeightInfo for () {
    fn create_pool() -> Weight {
        Weight::from_parts(57_281_000, 0)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(4))
    }
    fn delegate(d: u32) -> Weight {
        Weight::from_parts(124_956_119, 0)
            .saturating_add(Weight::from_parts(9_880_890, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(13))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(8))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn undelegate(d: u32) -> Weight {
        Weight::from_parts(172_358_000, 0)
            .saturating_add(Weight::from_parts(13_349_603, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(15))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(12))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn cancel_request(d: u32) -> Weight {
        Weight::from_parts(170_046_000, 0)
            .saturating_add(Weight::from_parts(9_423_507, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(16))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(13))
    }
    fn transfer_shares(d: u32) -> Weight {
        Weight::from_parts(147_375_000, 0)
            .saturating_add(Weight::from_parts(15_995_873, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(14))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(9))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn add_worker() -> Weight {
        Weight::from_parts(127_848_000, 0)
            .saturating_add(ParityDbWeight::get().reads(5))
            .saturating_add(ParityDbWeight::get().writes(4))
    }
    fn remove_worker() -> Weight {
        Weight::from_parts(124_319_000, 0)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(3))
    }
    fn order_workers() -> Weight {
        Weight::from_parts(137_627_000, 0)
            .saturating_add(ParityDbWeight::get().reads(2))
            .saturating_add(ParityDbWeight::get().writes(1))
    }
    fn start_worker(d: u32) -> Weight {
        Weight::from_parts(203_521_000, 0)
            .saturating_add(Weight::from_parts(18_862_987, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(19))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(10))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn add_stake(d: u32) -> Weight {
        Weight::from_parts(121_606_592, 0)
            .saturating_add(Weight::from_parts(25_897_963, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(15))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(10))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn reduce_stake(d: u32) -> Weight {
        Weight::from_parts(45_504_130, 0)
            .saturating_add(Weight::from_parts(17_636_490, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(17))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(13))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn stop_worker(d: u32) -> Weight {
        Weight::from_parts(224_313_000, 0)
            .saturating_add(Weight::from_parts(17_702_908, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(17))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(13))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn claim_commission(d: u32) -> Weight {
        Weight::from_parts(310_988_119, 0)
            .saturating_add(Weight::from_parts(10_466_369, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(11))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(7))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn set_commission(d: u32) -> Weight {
        Weight::from_parts(46_861_866, 0)
            .saturating_add(Weight::from_parts(12_180_746, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(11))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(7))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn set_cap() -> Weight {
        Weight::from_parts(22_250_000, 0)
            .saturating_add(ParityDbWeight::get().reads(1))
            .saturating_add(ParityDbWeight::get().writes(1))
    }
    fn allow() -> Weight {
        Weight::from_parts(81_479_000, 0)
            .saturating_add(ParityDbWeight::get().reads(2))
            .saturating_add(ParityDbWeight::get().writes(2))
    }
    fn set_profile() -> Weight {
        Weight::from_parts(23_630_000, 0)
            .saturating_add(ParityDbWeight::get().reads(1))
            .saturating_add(ParityDbWeight::get().writes(1))
    }
    fn claim_unclaimed() -> Weight {
        Weight::from_parts(68_640_000, 0)
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().writes(3))
    }
    fn become_due() -> Weight {
        Weight::from_parts(48_485_000, 0)
            .saturating_add(ParityDbWeight::get().reads(7))
            .saturating_add(ParityDbWeight::get().writes(6))
    }
    fn next_of_ring() -> Weight {
        Weight::from_parts(32_213_000, 0)
            .saturating_add(ParityDbWeight::get().reads(5))
            .saturating_add(ParityDbWeight::get().writes(4))
    }
    fn visit(d: u32) -> Weight {
        Weight::from_parts(90_257_938, 0)
            .saturating_add(Weight::from_parts(11_636_588, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(11))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(7))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn pay_request() -> Weight {
        Weight::from_parts(96_285_000, 0)
            .saturating_add(ParityDbWeight::get().reads(7))
            .saturating_add(ParityDbWeight::get().writes(7))
    }
    fn look_for_stakes(w: u32) -> Weight {
        Weight::from_parts(30_378_000, 0)
            .saturating_add(Weight::from_parts(17_012_100, 0).saturating_mul(w.into()))
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().reads(2_u64.saturating_mul(w.into())))
    }
    fn take_back() -> Weight {
        Weight::from_parts(129_298_000, 0)
            .saturating_add(ParityDbWeight::get().reads(15))
            .saturating_add(ParityDbWeight::get().writes(12))
    }
    fn begin_sweep() -> Weight {
        Weight::from_parts(75_234_000, 0)
            .saturating_add(ParityDbWeight::get().reads(8))
            .saturating_add(ParityDbWeight::get().writes(3))
    }
    fn sweep_pool(d: u32) -> Weight {
        Weight::from_parts(95_940_795, 0)
            .saturating_add(Weight::from_parts(9_822_935, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(12))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(8))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
}
