//! Weights of `khala_pallet_vault`. Written by `scripts/weights`: change the benchmarks, not this file.
//!
//! Measured on 2026-11-30 in the runtime's Wasm, at up to 6 values of each component, 20 times at each. Times are
//! those of the computation; each key that is read or written adds the weight of the database. There are no proofs to size.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{constants::ParityDbWeight, Weight},
};

/// What each call and hook costs.
pub trait WeightInfo {
    /// `create_vault`. At least 46.880 us.
    ///
    /// Storage:
    /// - `Balances::Holds` (r:1 w:1)
    /// - `Vault::CounterForVaults` (r:1 w:1)
    /// - `Vault::NextVaultId` (r:1 w:1)
    /// - `Vault::Vaults` (r:1 w:1)
    fn create_vault() -> Weight;
    /// `delegate`, `p` from 1 to 16, `d` from 0 to 200. At least 242.411 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Decaying` (r:16 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::Impaired` (r:16 w:0)
    /// - `Mining::PoolReward` (r:16 w:0)
    /// - `Mining::Sessions` (r:200 w:0)
    /// - `StakePool::Holdings` (r:16 w:0)
    /// - `StakePool::Pools` (r:16 w:0)
    /// - `StakePool::PotTotal` (r:1 w:1)
    /// - `System::Account` (r:1 w:1)
    /// - `Vault::Holdings` (r:1 w:1)
    /// - `Vault::Vaults` (r:1 w:1)
    fn delegate(p: u32, d: u32) -> Weight;
    /// `undelegate`, `p` from 1 to 16, `d` from 0 to 200. At least 849.156 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Decaying` (r:16 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::Impaired` (r:16 w:0)
    /// - `Mining::InTransit` (r:1 w:1)
    /// - `Mining::PoolReward` (r:16 w:16)
    /// - `Mining::Sessions` (r:200 w:200)
    /// - `StakePool::Agenda` (r:0 w:16)
    /// - `StakePool::AgendaRange` (r:1 w:1)
    /// - `StakePool::Holdings` (r:16 w:16)
    /// - `StakePool::Parameters` (r:1 w:0)
    /// - `StakePool::Pools` (r:16 w:16)
    /// - `StakePool::PotTotal` (r:1 w:1)
    /// - `StakePool::Requests` (r:0 w:16)
    /// - `System::Account` (r:4 w:4)
    /// - `Vault::Backed` (r:0 w:16)
    /// - `Vault::Holdings` (r:1 w:1)
    /// - `Vault::Parameters` (r:1 w:0)
    /// - `Vault::Requests` (r:0 w:1)
    /// - `Vault::Vaults` (r:1 w:1)
    fn undelegate(p: u32, d: u32) -> Weight;
    /// `cancel_request`, `p` from 1 to 16, `d` from 0 to 200. At least 825.210 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Decaying` (r:16 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::Impaired` (r:16 w:0)
    /// - `Mining::InTransit` (r:1 w:1)
    /// - `Mining::PoolReward` (r:16 w:16)
    /// - `Mining::Sessions` (r:200 w:0)
    /// - `StakePool::Holdings` (r:16 w:16)
    /// - `StakePool::Pools` (r:16 w:16)
    /// - `StakePool::PotTotal` (r:1 w:1)
    /// - `StakePool::Requests` (r:48 w:48)
    /// - `StakePool::Ring` (r:0 w:16)
    /// - `StakePool::RingRange` (r:1 w:1)
    /// - `System::Account` (r:3 w:3)
    /// - `Vault::Backed` (r:0 w:16)
    /// - `Vault::Holdings` (r:1 w:1)
    /// - `Vault::Requests` (r:3 w:3)
    /// - `Vault::Vaults` (r:1 w:1)
    fn cancel_request(p: u32, d: u32) -> Weight;
    /// `transfer_shares`, `p` from 1 to 16, `d` from 0 to 200. At least 207.980 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Decaying` (r:16 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::Impaired` (r:16 w:0)
    /// - `Mining::PoolReward` (r:16 w:0)
    /// - `Mining::Sessions` (r:200 w:0)
    /// - `StakePool::Holdings` (r:16 w:0)
    /// - `StakePool::Pools` (r:16 w:0)
    /// - `Vault::Holdings` (r:2 w:2)
    /// - `Vault::Vaults` (r:1 w:1)
    fn transfer_shares(p: u32, d: u32) -> Weight;
    /// `invest`, `p` from 1 to 16, `d` from 0 to 200. At least 287.970 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Decaying` (r:16 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::Impaired` (r:16 w:0)
    /// - `Mining::InTransit` (r:1 w:1)
    /// - `Mining::PoolReward` (r:16 w:1)
    /// - `Mining::Sessions` (r:200 w:200)
    /// - `StakePool::Holdings` (r:16 w:1)
    /// - `StakePool::Pools` (r:16 w:1)
    /// - `StakePool::PotTotal` (r:1 w:1)
    /// - `System::Account` (r:3 w:3)
    /// - `Vault::Vaults` (r:1 w:1)
    fn invest(p: u32, d: u32) -> Weight;
    /// `divest`, `d` from 0 to 200. At least 122.342 us.
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
    /// - `System::Account` (r:3 w:3)
    /// - `Vault::Vaults` (r:1 w:1)
    fn divest(d: u32) -> Weight;
    /// `cancel_divest`, `d` from 0 to 200. At least 122.663 us.
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
    /// - `Vault::Backed` (r:1 w:0)
    /// - `Vault::Vaults` (r:1 w:0)
    fn cancel_divest(d: u32) -> Weight;
    /// `set_fee`, `p` from 1 to 16, `d` from 0 to 200. At least 194.881 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Decaying` (r:16 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::Impaired` (r:16 w:0)
    /// - `Mining::Mining` (r:1 w:0)
    /// - `Mining::PoolReward` (r:16 w:0)
    /// - `Mining::Sessions` (r:200 w:0)
    /// - `StakePool::Holdings` (r:16 w:0)
    /// - `StakePool::Parameters` (r:1 w:0)
    /// - `StakePool::Pools` (r:16 w:0)
    /// - `Vault::Vaults` (r:1 w:1)
    fn set_fee(p: u32, d: u32) -> Weight;
    /// `claim_fee`, `p` from 1 to 16, `d` from 0 to 200. At least 198.896 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Decaying` (r:16 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::Impaired` (r:16 w:0)
    /// - `Mining::PoolReward` (r:16 w:0)
    /// - `Mining::Sessions` (r:200 w:0)
    /// - `StakePool::Holdings` (r:16 w:0)
    /// - `StakePool::Pools` (r:16 w:0)
    /// - `Vault::Holdings` (r:1 w:1)
    /// - `Vault::Vaults` (r:1 w:1)
    fn claim_fee(p: u32, d: u32) -> Weight;
    /// `set_commission_limit`. At least 22.784 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Mining` (r:1 w:0)
    /// - `StakePool::Parameters` (r:1 w:0)
    /// - `Vault::Ring` (r:0 w:1)
    /// - `Vault::RingRange` (r:1 w:1)
    /// - `Vault::Vaults` (r:1 w:1)
    fn set_commission_limit() -> Weight;
    /// `set_cap`. At least 13.330 us.
    ///
    /// Storage:
    /// - `Vault::Vaults` (r:1 w:1)
    fn set_cap() -> Weight;
    /// `paid`. At least 100.750 us.
    ///
    /// Storage:
    /// - `StakePool::Holdings` (r:1 w:0)
    /// - `StakePool::PotTotal` (r:1 w:1)
    /// - `System::Account` (r:2 w:2)
    /// - `Vault::Backed` (r:1 w:1)
    /// - `Vault::Holdings` (r:1 w:1)
    /// - `Vault::Requests` (r:3 w:3)
    /// - `Vault::Ring` (r:0 w:1)
    /// - `Vault::RingRange` (r:1 w:1)
    /// - `Vault::Vaults` (r:1 w:1)
    fn paid() -> Weight;
    /// `next_of_ring`. At least 41.742 us.
    ///
    /// Storage:
    /// - `Mining::Decaying` (r:16 w:0)
    /// - `Vault::Ring` (r:1 w:2)
    /// - `Vault::RingRange` (r:1 w:1)
    /// - `Vault::Vaults` (r:1 w:1)
    fn next_of_ring() -> Weight;
    /// `visit`, `p` from 1 to 16, `d` from 0 to 200. At least 214.599 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `Mining::Decaying` (r:16 w:0)
    /// - `Mining::Economics` (r:1 w:0)
    /// - `Mining::Impaired` (r:16 w:0)
    /// - `Mining::PoolReward` (r:16 w:0)
    /// - `Mining::Sessions` (r:200 w:0)
    /// - `StakePool::Holdings` (r:16 w:0)
    /// - `StakePool::Pools` (r:16 w:0)
    /// - `Vault::Vaults` (r:1 w:1)
    fn visit(p: u32, d: u32) -> Weight;
    /// `pay_first`, `p` from 1 to 16. At least 68.733 us.
    ///
    /// Storage:
    /// - `StakePool::PotTotal` (r:1 w:1)
    /// - `System::Account` (r:2 w:2)
    /// - `Vault::Backed` (r:0 w:16)
    /// - `Vault::Holdings` (r:1 w:1)
    /// - `Vault::Requests` (r:2 w:2)
    /// - `Vault::Vaults` (r:1 w:1)
    fn pay_first(p: u32) -> Weight;
    /// `leave_pool`, `d` from 0 to 200. At least 175.962 us.
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
    /// - `StakePool::Pools` (r:16 w:1)
    /// - `StakePool::PotTotal` (r:1 w:1)
    /// - `StakePool::Requests` (r:0 w:1)
    /// - `System::Account` (r:3 w:3)
    /// - `Vault::Ring` (r:0 w:1)
    /// - `Vault::RingRange` (r:1 w:1)
    /// - `Vault::Vaults` (r:1 w:1)
    fn leave_pool(d: u32) -> Weight;
    /// `look_at`. At least 65.918 us.
    ///
    /// Storage:
    /// - `Mining::ClockReadings` (r:1 w:0)
    /// - `StakePool::Holdings` (r:1 w:0)
    /// - `StakePool::Parameters` (r:1 w:0)
    /// - `StakePool::Pools` (r:16 w:0)
    /// - `Vault::LookedAt` (r:1 w:1)
    /// - `Vault::NextVaultId` (r:1 w:0)
    /// - `Vault::Ring` (r:0 w:1)
    /// - `Vault::RingRange` (r:1 w:1)
    /// - `Vault::Vaults` (r:1 w:1)
    fn look_at() -> Weight;
}

/// As measured, on the runtime's database.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn create_vault() -> Weight {
        Weight::from_parts(47_511_000, 0)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn delegate(p: u32, d: u32) -> Weight {
        Weight::from_parts(77_427_969, 0)
            .saturating_add(Weight::from_parts(11_510_159, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(4_583_648, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().reads(5_u64.saturating_mul(p.into())))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn undelegate(p: u32, d: u32) -> Weight {
        Weight::from_parts(163_456_626, 0)
            .saturating_add(Weight::from_parts(43_644_395, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(9_166_229, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().reads(5_u64.saturating_mul(p.into())))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(10))
            .saturating_add(T::DbWeight::get().writes(6_u64.saturating_mul(p.into())))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn cancel_request(p: u32, d: u32) -> Weight {
        Weight::from_parts(93_615_570, 0)
            .saturating_add(Weight::from_parts(48_432_819, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(6_285_303, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().reads(8_u64.saturating_mul(p.into())))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(11))
            .saturating_add(T::DbWeight::get().writes(8_u64.saturating_mul(p.into())))
    }
    fn transfer_shares(p: u32, d: u32) -> Weight {
        Weight::from_parts(17_188_907, 0)
            .saturating_add(Weight::from_parts(11_793_685, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(4_786_290, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().reads(5_u64.saturating_mul(p.into())))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn invest(p: u32, d: u32) -> Weight {
        Weight::from_parts(122_005_486, 0)
            .saturating_add(Weight::from_parts(11_524_200, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(9_027_690, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().reads(5_u64.saturating_mul(p.into())))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(9))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn divest(d: u32) -> Weight {
        Weight::from_parts(135_299_414, 0)
            .saturating_add(Weight::from_parts(6_471_934, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(15))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(12))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn cancel_divest(d: u32) -> Weight {
        Weight::from_parts(133_348_566, 0)
            .saturating_add(Weight::from_parts(4_163_944, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(18))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(13))
    }
    fn set_fee(p: u32, d: u32) -> Weight {
        Weight::from_parts(196_193_000, 0)
            .saturating_add(Weight::from_parts(5_072_059, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(3_937_828, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().reads(5_u64.saturating_mul(p.into())))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn claim_fee(p: u32, d: u32) -> Weight {
        Weight::from_parts(201_801_000, 0)
            .saturating_add(Weight::from_parts(4_495_725, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(3_855_825, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().reads(5_u64.saturating_mul(p.into())))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    fn set_commission_limit() -> Weight {
        Weight::from_parts(23_655_000, 0)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    fn set_cap() -> Weight {
        Weight::from_parts(13_841_000, 0)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn paid() -> Weight {
        Weight::from_parts(105_868_000, 0)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(11))
    }
    fn next_of_ring() -> Weight {
        Weight::from_parts(43_265_000, 0)
            .saturating_add(T::DbWeight::get().reads(19))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn visit(p: u32, d: u32) -> Weight {
        Weight::from_parts(217_084_000, 0)
            .saturating_add(Weight::from_parts(5_206_947, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(3_737_089, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().reads(5_u64.saturating_mul(p.into())))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn pay_first(p: u32) -> Weight {
        Weight::from_parts(68_919_944, 0)
            .saturating_add(Weight::from_parts(2_296_645, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(p.into())))
    }
    fn leave_pool(d: u32) -> Weight {
        Weight::from_parts(177_605_752, 0)
            .saturating_add(Weight::from_parts(6_529_415, 0).saturating_mul(d.into()))
            .saturating_add(T::DbWeight::get().reads(31))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(T::DbWeight::get().writes(14))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn look_at() -> Weight {
        Weight::from_parts(68_942_000, 0)
            .saturating_add(T::DbWeight::get().reads(23))
            .saturating_add(T::DbWeight::get().writes(4))
    }
}

/// As measured, on ParityDB; for tests.
impl WeightInfo for () {
    fn create_vault() -> Weight {
        Weight::from_parts(47_511_000, 0)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(4))
    }
    fn delegate(p: u32, d: u32) -> Weight {
        Weight::from_parts(77_427_969, 0)
            .saturating_add(Weight::from_parts(11_510_159, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(4_583_648, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(6))
            .saturating_add(ParityDbWeight::get().reads(5_u64.saturating_mul(p.into())))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(4))
    }
    fn undelegate(p: u32, d: u32) -> Weight {
        Weight::from_parts(163_456_626, 0)
            .saturating_add(Weight::from_parts(43_644_395, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(9_166_229, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(13))
            .saturating_add(ParityDbWeight::get().reads(5_u64.saturating_mul(p.into())))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(10))
            .saturating_add(ParityDbWeight::get().writes(6_u64.saturating_mul(p.into())))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn cancel_request(p: u32, d: u32) -> Weight {
        Weight::from_parts(93_615_570, 0)
            .saturating_add(Weight::from_parts(48_432_819, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(6_285_303, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(13))
            .saturating_add(ParityDbWeight::get().reads(8_u64.saturating_mul(p.into())))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(11))
            .saturating_add(ParityDbWeight::get().writes(8_u64.saturating_mul(p.into())))
    }
    fn transfer_shares(p: u32, d: u32) -> Weight {
        Weight::from_parts(17_188_907, 0)
            .saturating_add(Weight::from_parts(11_793_685, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(4_786_290, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(5))
            .saturating_add(ParityDbWeight::get().reads(5_u64.saturating_mul(p.into())))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(3))
    }
    fn invest(p: u32, d: u32) -> Weight {
        Weight::from_parts(122_005_486, 0)
            .saturating_add(Weight::from_parts(11_524_200, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(9_027_690, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(8))
            .saturating_add(ParityDbWeight::get().reads(5_u64.saturating_mul(p.into())))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(9))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn divest(d: u32) -> Weight {
        Weight::from_parts(135_299_414, 0)
            .saturating_add(Weight::from_parts(6_471_934, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(15))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(12))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn cancel_divest(d: u32) -> Weight {
        Weight::from_parts(133_348_566, 0)
            .saturating_add(Weight::from_parts(4_163_944, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(18))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(13))
    }
    fn set_fee(p: u32, d: u32) -> Weight {
        Weight::from_parts(196_193_000, 0)
            .saturating_add(Weight::from_parts(5_072_059, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(3_937_828, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(5))
            .saturating_add(ParityDbWeight::get().reads(5_u64.saturating_mul(p.into())))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(1))
    }
    fn claim_fee(p: u32, d: u32) -> Weight {
        Weight::from_parts(201_801_000, 0)
            .saturating_add(Weight::from_parts(4_495_725, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(3_855_825, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().reads(5_u64.saturating_mul(p.into())))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(2))
    }
    fn set_commission_limit() -> Weight {
        Weight::from_parts(23_655_000, 0)
            .saturating_add(ParityDbWeight::get().reads(5))
            .saturating_add(ParityDbWeight::get().writes(3))
    }
    fn set_cap() -> Weight {
        Weight::from_parts(13_841_000, 0)
            .saturating_add(ParityDbWeight::get().reads(1))
            .saturating_add(ParityDbWeight::get().writes(1))
    }
    fn paid() -> Weight {
        Weight::from_parts(105_868_000, 0)
            .saturating_add(ParityDbWeight::get().reads(11))
            .saturating_add(ParityDbWeight::get().writes(11))
    }
    fn next_of_ring() -> Weight {
        Weight::from_parts(43_265_000, 0)
            .saturating_add(ParityDbWeight::get().reads(19))
            .saturating_add(ParityDbWeight::get().writes(4))
    }
    fn visit(p: u32, d: u32) -> Weight {
        Weight::from_parts(217_084_000, 0)
            .saturating_add(Weight::from_parts(5_206_947, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(3_737_089, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().reads(5_u64.saturating_mul(p.into())))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(1))
    }
    fn pay_first(p: u32) -> Weight {
        Weight::from_parts(68_919_944, 0)
            .saturating_add(Weight::from_parts(2_296_645, 0).saturating_mul(p.into()))
            .saturating_add(ParityDbWeight::get().reads(7))
            .saturating_add(ParityDbWeight::get().writes(7))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(p.into())))
    }
    fn leave_pool(d: u32) -> Weight {
        Weight::from_parts(177_605_752, 0)
            .saturating_add(Weight::from_parts(6_529_415, 0).saturating_mul(d.into()))
            .saturating_add(ParityDbWeight::get().reads(31))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(d.into())))
            .saturating_add(ParityDbWeight::get().writes(14))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(d.into())))
    }
    fn look_at() -> Weight {
        Weight::from_parts(68_942_000, 0)
            .saturating_add(ParityDbWeight::get().reads(23))
            .saturating_add(ParityDbWeight::get().writes(4))
    }
}
