//! What accounts can do together or for each other: Utility, Multisig, Proxy, Sudo.

use super::currency::deposit;
use crate::{Balances, OriginCaller, Runtime, RuntimeCall, RuntimeEvent, System};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::traits::{ConstU128, ConstU32, InstanceFilter};
use scale_info::TypeInfo;
use sp_runtime::traits::BlakeTwo256;

/// What a proxy may do in another account's name.
#[derive(Copy, Clone, Default, Eq, PartialEq, Ord, PartialOrd, Encode, Decode, DecodeWithMemTracking, Debug, MaxEncodedLen, TypeInfo)]
pub enum ProxyType {
    /// Everything.
    #[default]
    #[codec(index = 0)]
    Any,
    /// Everything that moves no coins to another account.
    #[codec(index = 1)]
    NonTransfer,
    /// Reject announced calls of other proxies.
    #[codec(index = 2)]
    CancelProxy,
    /// Run stake pools and vaults, delegate and undelegate.
    #[codec(index = 3)]
    StakePool,
    /// Register and retire workers.
    #[codec(index = 4)]
    Workers,
}

impl InstanceFilter<RuntimeCall> for ProxyType {
    // Batches are let through where their calls could be: each inner call meets this filter again.
    fn filter(&self, call: &RuntimeCall) -> bool {
        match self {
            Self::Any => true,
            Self::NonTransfer => {
                matches!(call, RuntimeCall::System(_) | RuntimeCall::Session(_) | RuntimeCall::Utility(_))
                    || is_of_stake_pools(call)
                    || is_of_workers(call)
                    || is_cancelling(call)
            }
            Self::CancelProxy => is_cancelling(call),
            Self::StakePool => matches!(call, RuntimeCall::Utility(_)) || is_of_stake_pools(call),
            Self::Workers => matches!(call, RuntimeCall::Utility(_)) || is_of_workers(call),
        }
    }

    fn is_superset(&self, other: &Self) -> bool {
        self == other
            || matches!(
                (self, other),
                (Self::Any, _) | (Self::NonTransfer, Self::CancelProxy | Self::StakePool | Self::Workers)
            )
    }
}

fn is_of_stake_pools(call: &RuntimeCall) -> bool {
    // Shares are as good as coins.
    let gives_away = matches!(
        call,
        RuntimeCall::StakePool(khala_pallet_stake_pool::Call::transfer_shares { .. })
            | RuntimeCall::Vault(khala_pallet_vault::Call::transfer_shares { .. })
    );
    matches!(call, RuntimeCall::StakePool(_) | RuntimeCall::Vault(_)) && !gives_away
}

fn is_of_workers(call: &RuntimeCall) -> bool {
    matches!(call, RuntimeCall::Registry(_))
}

fn is_cancelling(call: &RuntimeCall) -> bool {
    matches!(call, RuntimeCall::Proxy(pallet_proxy::Call::reject_announcement { .. }))
}

impl pallet_utility::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type PalletsOrigin = OriginCaller;
    type WeightInfo = pallet_utility::weights::SubstrateWeight<Runtime>;
}

impl pallet_multisig::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    // One entry: the key (32 + 32 bytes) and the value's fixed part.
    type DepositBase = ConstU128<{ deposit(1, 88) }>;
    // An account in the value.
    type DepositFactor = ConstU128<{ deposit(0, 32) }>;
    type MaxSignatories = ConstU32<100>;
    type BlockNumberProvider = System;
    type WeightInfo = pallet_multisig::weights::SubstrateWeight<Runtime>;
}

impl pallet_proxy::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type ProxyType = ProxyType;
    // One entry with its key, a length and a deposit.
    type ProxyDepositBase = ConstU128<{ deposit(1, 8) }>;
    // An account, a type and a delay.
    type ProxyDepositFactor = ConstU128<{ deposit(0, 37) }>;
    type MaxProxies = ConstU32<32>;
    type MaxPending = ConstU32<32>;
    type CallHasher = BlakeTwo256;
    type AnnouncementDepositBase = ConstU128<{ deposit(1, 8) }>;
    // Two accounts' worth of hash and account, and a height.
    type AnnouncementDepositFactor = ConstU128<{ deposit(0, 68) }>;
    type BlockNumberProvider = System;
    type WeightInfo = pallet_proxy::weights::SubstrateWeight<Runtime>;
}

impl pallet_sudo::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type WeightInfo = pallet_sudo::weights::SubstrateWeight<Runtime>;
}
