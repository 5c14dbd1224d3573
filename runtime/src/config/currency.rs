//! PHA: Balances, and what a transaction costs.

use crate::{AccountId, Balance, Balances, Runtime, RuntimeEvent, RuntimeFreezeReason, RuntimeHoldReason, System};
use frame_support::{
    parameter_types,
    traits::{tokens::imbalance::ResolveTo, ConstU128, ConstU32, ConstU8, VariantCountOf},
    weights::ConstantMultiplier,
    PalletId,
};
use khala_primitives::PHA;
use pallet_transaction_payment::{ConstFeeMultiplier, FungibleAdapter, Multiplier};
use sp_runtime::traits::{AccountIdConversion, One};

/// Least that an account holds, in planck: 0.01 PHA.
pub const EXISTENTIAL_DEPOSIT: Balance = PHA / 100;

/// Price of computing, in planck per picosecond of weight: 3 PHA for a second. A transfer comes to about 0.001 PHA.
pub const FEE_PER_PICOSECOND: Balance = 3;

/// Price of length, in planck per byte: 1 PHA for a megabyte. A registration of 25 KB comes to 0.025 PHA.
pub const FEE_PER_BYTE: Balance = PHA / 1_000_000;

/// What an account deposits for `items` entries of storage with `bytes` bytes altogether, in planck.
pub const fn deposit(items: u32, bytes: u32) -> Balance {
    let per_item = (items as Balance).saturating_mul(PHA / 10);
    let per_byte = (bytes as Balance).saturating_mul(PHA / 1_000);
    per_item.saturating_add(per_byte)
}

/// The treasury: fees, slashes and its part of rewards go there; governance spends it.
const TREASURY: PalletId = PalletId(*b"kh/trsry");

parameter_types! {
    /// The treasury's account.
    pub TreasuryAccount: AccountId = TREASURY.into_account_truncating();
    /// Fees do not move with demand: heartbeats are free, and an operator can plan.
    pub FeeMultiplier: Multiplier = Multiplier::one();
}

impl pallet_balances::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
    type AccountStore = System;
    type DustRemoval = ResolveTo<TreasuryAccount, Balances>;
    type ReserveIdentifier = [u8; 8];
    type FreezeIdentifier = RuntimeFreezeReason;
    type MaxLocks = ConstU32<50>;
    type MaxReserves = ConstU32<50>;
    type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
    type DoneSlashHandler = ();
    type WeightInfo = pallet_balances::weights::SubstrateWeight<Runtime>;
}

impl pallet_transaction_payment::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type OnChargeTransaction = FungibleAdapter<Balances, ResolveTo<TreasuryAccount, Balances>>;
    type WeightToFee = ConstantMultiplier<Balance, ConstU128<FEE_PER_PICOSECOND>>;
    type LengthToFee = ConstantMultiplier<Balance, ConstU128<FEE_PER_BYTE>>;
    type FeeMultiplierUpdate = ConstFeeMultiplier<FeeMultiplier>;
    type OperationalFeeMultiplier = ConstU8<5>;
    type WeightInfo = pallet_transaction_payment::weights::SubstrateWeight<Runtime>;
}
