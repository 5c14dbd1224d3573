//! System, Network, Timestamp, Migrations.

use crate::{
    network, AccountId, Babe, Block, BlockNumber, Migrations, PalletInfo, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, RuntimeTask,
    VERSION,
};
use frame_support::{
    derive_impl,
    dispatch::DispatchClass,
    parameter_types,
    traits::{ConstU16, ConstU32},
    weights::{
        constants::{ParityDbWeight, WEIGHT_REF_TIME_PER_MILLIS},
        Weight,
    },
};
use frame_system::limits::{BlockLength, BlockWeights};
use sp_runtime::{traits::AccountIdLookup, Perbill};
use sp_version::RuntimeVersion;

/// How far back `System::block_hash` reaches, in blocks. Freshness of evidence (300 blocks at most) and mortal
/// transactions live inside it: more than an hour at slots of 1 s.
pub const BLOCK_HASH_COUNT: BlockNumber = 4_096;

/// What a block may compute, in milliseconds. The same on every network, because the SDK reads it outside of any state;
/// networks of 1 s slots are bounded by the time an author has for its block.
const BLOCK_COMPUTE_MS: u64 = 2_000;

/// Longest block, in bytes.
const BLOCK_BYTES: u32 = 5 * 1024 * 1024;

/// The part of a block that transactions of class Normal may fill; heartbeats and offline reports may use the rest.
const NORMAL_PART: Perbill = Perbill::from_percent(75);

parameter_types! {
    /// The version as a constant of the metadata.
    pub const Version: RuntimeVersion = VERSION;
    /// What a block may compute.
    pub RuntimeBlockWeights: BlockWeights = BlockWeights::with_sensible_defaults(
        Weight::from_parts(BLOCK_COMPUTE_MS.saturating_mul(WEIGHT_REF_TIME_PER_MILLIS), u64::MAX),
        NORMAL_PART,
    );
    /// What a block may hold.
    pub RuntimeBlockLength: BlockLength = BlockLength::builder()
        .max_length(BLOCK_BYTES)
        .modify_max_length_for_class(DispatchClass::Normal, |bytes| *bytes = NORMAL_PART.mul_floor(BLOCK_BYTES))
        .build();
    /// What a migration of many blocks may use of each: four fifths.
    pub MigrationWeight: Weight = RuntimeBlockWeights::get().max_block.saturating_div(5).saturating_mul(4);
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
    type Block = Block;
    type AccountId = AccountId;
    type Lookup = AccountIdLookup<AccountId, ()>;
    type AccountData = pallet_balances::AccountData<crate::Balance>;
    type Version = Version;
    type SS58Prefix = ConstU16<{ khala_primitives::SS58_PREFIX }>;
    type BlockHashCount = ConstU32<BLOCK_HASH_COUNT>;
    type BlockWeights = RuntimeBlockWeights;
    type BlockLength = RuntimeBlockLength;
    type DbWeight = ParityDbWeight;
    type SystemWeightInfo = frame_system::weights::SubstrateWeight<Runtime>;
    type ExtensionsWeightInfo = frame_system::SubstrateExtensionsWeight<Runtime>;
    type MultiBlockMigrator = Migrations;
    type SingleBlockMigrations = (
        khala_pallet_mining::migrations::v1::MigrateV0ToV1<Runtime>,
        khala_pallet_stake_pool::migrations::v1::MigrateV0ToV1<Runtime>,
    );
    type MaxConsumers = ConstU32<64>;
}

impl network::Config for Runtime {}

impl pallet_timestamp::Config for Runtime {
    type Moment = u64;
    type OnTimestampSet = Babe;
    type MinimumPeriod = network::HalfSlot<Runtime>;
    type WeightInfo = pallet_timestamp::weights::SubstrateWeight<Runtime>;
}

impl pallet_migrations::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    #[cfg(not(feature = "runtime-benchmarks"))]
    type Migrations = ();
    #[cfg(feature = "runtime-benchmarks")]
    type Migrations = pallet_migrations::mock_helpers::MockedMigrations;
    type CursorMaxLen = ConstU32<65_536>;
    type IdentifierMaxLen = ConstU32<256>;
    type MigrationStatusHandler = ();
    type FailedMigrationHandler = frame_support::migrations::FreezeChainOnFailedMigration;
    type MaxServiceWeight = MigrationWeight;
    type WeightInfo = pallet_migrations::weights::SubstrateWeight<Runtime>;
}
