//! A small runtime around the pallet.

use crate as khala_pallet_attestation;
use crate::{AllowedMeasurement, Roles, TrustedRoot};
use frame_support::derive_impl;
use khala_attestation::development;
use khala_primitives::AccountId32;
use sp_runtime::{traits::IdentityLookup, BuildStorage};

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Attestation = khala_pallet_attestation;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlockU32<Test>;
    type AccountId = AccountId32;
    type Lookup = IdentityLookup<AccountId32>;
}

impl khala_pallet_attestation::Config for Test {
    type AdminOrigin = frame_system::EnsureRoot<AccountId32>;
    type WeightInfo = ();
}

/// Allowed for workers, always.
pub(crate) const ALWAYS: AllowedMeasurement = AllowedMeasurement {
    roles: Roles::WORKER,
    active_from_secs: 0,
    deprecated_from_secs: None,
};

/// The genesis of the tests: the development root and measurement.
pub(crate) fn genesis() -> crate::GenesisConfig<Test> {
    crate::GenesisConfig {
        trusted_roots: vec![development::ROOT_DER.to_vec()],
        allowed_measurements: vec![(development::measurement(), ALWAYS)],
        ..Default::default()
    }
}

/// A chain at block 1.
pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
    let genesis = RuntimeGenesisConfig {
        attestation: genesis(),
        ..Default::default()
    };
    let mut ext = sp_io::TestExternalities::from(genesis.build_storage().unwrap());
    ext.execute_with(|| System::set_block_number(1));
    ext
}

/// Runs a test on a chain and checks what always holds.
pub(crate) fn on_chain(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        test();
        Attestation::do_try_state().unwrap();
    });
}

pub(crate) fn root() -> RuntimeOrigin {
    RuntimeOrigin::root()
}

pub(crate) fn nobody() -> RuntimeOrigin {
    RuntimeOrigin::signed(AccountId32::new([9; 32]))
}

/// A root as it is stored.
pub(crate) fn root_of(der: &[u8]) -> TrustedRoot {
    TrustedRoot::try_from(der.to_vec()).unwrap()
}

/// The pallet's events.
pub(crate) fn events() -> Vec<crate::Event<Test>> {
    System::events()
        .into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::Attestation(event) => Some(event),
            _ => None,
        })
        .collect()
}
