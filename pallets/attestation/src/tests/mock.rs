//! A small runtime around the pallet.

use crate as khala_pallet_attestation;
use crate::{AllowedMeasurement, Parameters, Roles, RootCertificate, TrustedRoot};
use core::time::Duration;
use frame_support::{assert_ok, derive_impl, dispatch::DispatchResultWithPostInfo, parameter_types, traits::UnixTime};
use khala_attestation::{development, forge::Pki, policy::AttestationPolicy, rollback::EvaluationNumbers, roots, Collateral};
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

/// When every test begins, in seconds since 1970.
pub(crate) const NOW: u64 = 1_790_000_000;
pub(crate) const HOUR: u64 = 3600;
pub(crate) const DAY: u64 = 24 * HOUR;

parameter_types! {
    /// The chain's time.
    pub static NowSecs: u64 = NOW;
}

/// Shows the time that a test has set.
pub struct Clock;

impl UnixTime for Clock {
    fn now() -> Duration {
        Duration::from_secs(NowSecs::get())
    }
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlockU32<Test>;
    type AccountId = AccountId32;
    type Lookup = IdentityLookup<AccountId32>;
}

impl khala_pallet_attestation::Config for Test {
    type AdminOrigin = frame_system::EnsureRoot<AccountId32>;
    type Time = Clock;
    type WeightInfo = ();
}

/// The values of the tests: short, and different from each other.
pub(crate) const PARAMETERS: Parameters = Parameters {
    loosening_delay_secs: NOTICE,
    collateral_grace_secs: GRACE,
};
pub(crate) const NOTICE: u64 = 100;
pub(crate) const GRACE: u64 = 1_000;

/// Allowed for workers, always.
pub(crate) const ALWAYS: AllowedMeasurement = AllowedMeasurement {
    roles: Roles::WORKER,
    active_from_secs: 0,
    deprecated_from_secs: None,
};

/// The policy of the tests: the design's, for the evaluation number of the forge's documents.
pub(crate) fn policy() -> AttestationPolicy {
    AttestationPolicy {
        evaluation_numbers: Some(EvaluationNumbers {
            current: development::EVALUATION_DATA_NUMBER,
            next: None,
        }),
        ..AttestationPolicy::default_for_chain()
    }
}

/// The genesis of the tests: the development root and measurements.
pub(crate) fn genesis() -> crate::GenesisConfig<Test> {
    crate::GenesisConfig {
        trusted_roots: vec![development::ROOT_DER.to_vec()],
        allowed_measurements: vec![(development::measurement(), ALWAYS), (development::td_measurement(), ALWAYS)],
        policy: policy(),
        parameters: PARAMETERS,
        ..Default::default()
    }
}

/// A chain at block 1 and at [`NOW`], without documents.
pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
    NowSecs::set(NOW);
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

/// As [`on_chain`], with the development documents for SGX.
pub(crate) fn on_chain_with_documents(test: impl FnOnce()) {
    on_chain(|| {
        bring(&pki().collateral(NOW));
        System::reset_events();
        test();
    });
}

/// Lets time pass.
pub(crate) fn pass(secs: u64) {
    NowSecs::mutate(|now| *now += secs);
}

pub(crate) fn pki() -> Pki {
    Pki::development()
}

pub(crate) fn root() -> RuntimeOrigin {
    RuntimeOrigin::root()
}

pub(crate) fn nobody() -> RuntimeOrigin {
    RuntimeOrigin::signed(AccountId32::new([9; 32]))
}

/// A root as it is submitted.
pub(crate) fn certificate_of(der: &[u8]) -> RootCertificate {
    RootCertificate::try_from(der.to_vec()).unwrap()
}

/// A root as it is stored.
pub(crate) fn root_of(der: &[u8], active_from_secs: u64) -> TrustedRoot {
    TrustedRoot {
        certificate: certificate_of(der),
        key_hash: roots::key_hash(der).unwrap(),
        active_from_secs,
    }
}

pub(crate) fn bring_root_crl(collateral: &Collateral) -> DispatchResultWithPostInfo {
    Attestation::upsert_root_crl(nobody(), collateral.root_ca_crl.clone().try_into().unwrap())
}

pub(crate) fn bring_pck_crl(collateral: &Collateral) -> DispatchResultWithPostInfo {
    Attestation::upsert_pck_crl(
        nobody(),
        collateral.pck_crl_issuer_chain.clone().into_bytes().try_into().unwrap(),
        collateral.pck_crl.clone().try_into().unwrap(),
    )
}

pub(crate) fn bring_tcb_info(collateral: &Collateral) -> DispatchResultWithPostInfo {
    Attestation::upsert_tcb_info(
        nobody(),
        collateral.tcb_info_issuer_chain.clone().into_bytes().try_into().unwrap(),
        collateral.tcb_info.clone().into_bytes().try_into().unwrap(),
        collateral.tcb_info_signature.clone().try_into().unwrap(),
    )
}

pub(crate) fn bring_qe_identity(collateral: &Collateral) -> DispatchResultWithPostInfo {
    Attestation::upsert_qe_identity(
        nobody(),
        collateral.qe_identity_issuer_chain.clone().into_bytes().try_into().unwrap(),
        collateral.qe_identity.clone().into_bytes().try_into().unwrap(),
        collateral.qe_identity_signature.clone().try_into().unwrap(),
    )
}

/// Brings all four documents, by an account that is nobody's.
pub(crate) fn bring(collateral: &Collateral) {
    assert_ok!(bring_root_crl(collateral));
    assert_ok!(bring_pck_crl(collateral));
    assert_ok!(bring_tcb_info(collateral));
    assert_ok!(bring_qe_identity(collateral));
}

/// Brings TCB info and QE identity, where the lists are there already.
pub(crate) fn bring_signed(collateral: &Collateral) {
    assert_ok!(bring_tcb_info(collateral));
    assert_ok!(bring_qe_identity(collateral));
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
