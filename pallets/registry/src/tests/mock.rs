//! A small runtime around the pallet, with the development documents.

pub(crate) use super::worker::*;

use crate as khala_pallet_registry;
use crate::{OnWorkerChange, Parameters, WorkerFacts};
use core::cell::RefCell;
use frame_support::{assert_ok, derive_impl, parameter_types, traits::ConstU128};
use khala_attestation::{
    collateral::Collateral,
    development,
    forge::{CollateralDraft, Pki},
    policy::AttestationPolicy,
    rollback::EvaluationNumbers,
};
use khala_pallet_attestation::{AllowedMeasurement, Roles};
use khala_primitives::{AccountId32, Balance, BlockNumber, Freshness, Tee, WorkerPublicKey, H256, PHA};
use sp_core::{sr25519, Pair};
use sp_keystore::{testing::MemoryKeystore, KeystoreExt};
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
    pub type Timestamp = pallet_timestamp;
    #[runtime::pallet_index(2)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(3)]
    pub type Attestation = khala_pallet_attestation;
    #[runtime::pallet_index(4)]
    pub type Registry = khala_pallet_registry;
}

pub(crate) const EXISTENTIAL_DEPOSIT: Balance = PHA / 100;
pub(crate) const SLOT_MS: u64 = 2_000;
/// Time of block 0, in seconds since 1970.
pub(crate) const GENESIS_SECS: u64 = 1_790_000_000;
/// Block at which every test begins.
pub(crate) const FIRST_BLOCK: BlockNumber = 20;

parameter_types! {
    pub static BlockSeed: Option<H256> = Some(H256::repeat_byte(0x5e));
    pub static MayRetire: bool = true;
    pub const BlockHashCount: u32 = 300;
    pub const SlotMs: u64 = SLOT_MS;
    /// Time that passed without blocks, in seconds.
    pub static StoodStillSecs: u64 = 0;
}

/// What the pallet that puts workers to use was told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Heard {
    Registered(WorkerPublicKey, WorkerFacts<AccountId32>),
    Judged(WorkerPublicKey, WorkerFacts<AccountId32>),
    Retired(WorkerPublicKey),
    Rebound {
        old: WorkerPublicKey,
        new: WorkerPublicKey,
        facts: WorkerFacts<AccountId32>,
    },
}

thread_local! {
    static HEARD: RefCell<Vec<Heard>> = const { RefCell::new(Vec::new()) };
}

/// Remembers what it was told.
pub struct Listener;

impl Listener {
    /// What was told since the last time.
    pub(crate) fn take() -> Vec<Heard> {
        HEARD.with(|heard| core::mem::take(&mut *heard.borrow_mut()))
    }

    fn hear(what: Heard) {
        HEARD.with(|heard| heard.borrow_mut().push(what));
    }
}

impl OnWorkerChange<AccountId32> for Listener {
    fn on_registered(worker: &WorkerPublicKey, facts: &WorkerFacts<AccountId32>) {
        Self::hear(Heard::Registered(*worker, facts.clone()));
    }

    fn on_judged(worker: &WorkerPublicKey, facts: &WorkerFacts<AccountId32>) {
        Self::hear(Heard::Judged(*worker, facts.clone()));
    }

    fn on_rebound(old: &WorkerPublicKey, new: &WorkerPublicKey, facts: &WorkerFacts<AccountId32>) {
        Self::hear(Heard::Rebound {
            old: *old,
            new: *new,
            facts: facts.clone(),
        });
    }

    fn can_retire(_worker: &WorkerPublicKey) -> bool {
        MayRetire::get()
    }

    fn on_retired(worker: &WorkerPublicKey) {
        Self::hear(Heard::Retired(*worker));
    }
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlockU32<Test>;
    type AccountId = AccountId32;
    type Lookup = IdentityLookup<AccountId32>;
    type AccountData = pallet_balances::AccountData<Balance>;
    type BlockHashCount = BlockHashCount;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
    type AccountStore = System;
    type RuntimeHoldReason = RuntimeHoldReason;
}

impl khala_pallet_attestation::Config for Test {
    type AdminOrigin = frame_system::EnsureRoot<AccountId32>;
    type Time = Timestamp;
    type WeightInfo = ();
}

impl khala_pallet_registry::Config for Test {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Seed = BlockSeed;
    type SlotMs = SlotMs;
    type OnChange = Listener;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Scene;
}

/// Sets the scene of the benchmarks.
#[cfg(feature = "runtime-benchmarks")]
pub struct Scene;

#[cfg(feature = "runtime-benchmarks")]
impl crate::BenchmarkHelper for Scene {
    fn set_time_ms(now_ms: u64) {
        Timestamp::set_timestamp(now_ms);
    }

    fn draw_seed() {
        BlockSeed::set(Some(H256::repeat_byte(0x5e)));
    }

    fn put_to_use(_worker: &WorkerPublicKey) {}
}

/// The values of the tests: two workers on a platform, three renewals, one back every 20 s.
pub(crate) const PARAMETERS: Parameters = Parameters {
    workers_per_platform: 2,
    renewal_tokens: 3,
    renewal_token_secs: 20,
    ..Parameters::LOCAL
};

/// Those of the attestation pallet.
pub(crate) const ATTESTATION_PARAMETERS: khala_pallet_attestation::Parameters = khala_pallet_attestation::Parameters {
    loosening_delay_secs: 10,
    collateral_grace_secs: 1_000,
};

/// The key of an account.
fn account_pair(number: u8) -> sr25519::Pair {
    sr25519::Pair::from_seed(&[number; 32])
}

/// The key of [`operator`].
pub(crate) fn operator_pair() -> sr25519::Pair {
    account_pair(1)
}

/// The key of [`other_operator`].
pub(crate) fn other_operator_pair() -> sr25519::Pair {
    account_pair(2)
}

pub(crate) fn operator() -> AccountId32 {
    AccountId32::new(operator_pair().public().0)
}

pub(crate) fn other_operator() -> AccountId32 {
    AccountId32::new(other_operator_pair().public().0)
}

pub(crate) fn registrar() -> AccountId32 {
    AccountId32::new([2; 32])
}

pub(crate) fn stranger() -> AccountId32 {
    AccountId32::new([3; 32])
}

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

fn storage(parameters: Parameters) -> sp_runtime::Storage {
    let balances = [operator(), other_operator(), registrar(), stranger()]
        .map(|who| (who, 100 * PHA))
        .to_vec();
    RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances,
            ..Default::default()
        },
        attestation: khala_pallet_attestation::GenesisConfig {
            trusted_roots: vec![development::ROOT_DER.to_vec()],
            allowed_measurements: vec![(development::measurement(), ALWAYS)],
            policy: policy(),
            parameters: ATTESTATION_PARAMETERS,
            ..Default::default()
        },
        registry: khala_pallet_registry::GenesisConfig {
            parameters,
            ..Default::default()
        },
        ..Default::default()
    }
    .build_storage()
    .unwrap()
}

/// A chain at [`FIRST_BLOCK`] with other parameters. It keeps the development documents.
pub(crate) fn new_test_ext_with(parameters: Parameters) -> sp_io::TestExternalities {
    let mut ext = sp_io::TestExternalities::from(storage(parameters));
    // Benchmarks make keys in it.
    ext.register_extension(KeystoreExt::new(MemoryKeystore::new()));
    StoodStillSecs::set(0);
    MayRetire::set(true);
    Listener::take();
    ext.execute_with(|| {
        go_to_block(FIRST_BLOCK);
        bring(&collateral());
        System::reset_events();
    });
    ext
}

/// A chain at [`FIRST_BLOCK`].
pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
    new_test_ext_with(PARAMETERS)
}

/// Runs a test on a chain and checks what always holds.
pub(crate) fn on_chain(test: impl FnOnce()) {
    on_chain_with(PARAMETERS, test);
}

/// Runs a test on a chain with other parameters and checks what always holds.
pub(crate) fn on_chain_with(parameters: Parameters, test: impl FnOnce()) {
    new_test_ext_with(parameters).execute_with(|| {
        test();
        Registry::do_try_state().unwrap();
    });
}

/// Advances to a block; its time follows from its number.
pub(crate) fn go_to_block(number: BlockNumber) {
    for ancestor in System::block_number().max(1)..number {
        frame_system::BlockHash::<Test>::insert(ancestor, hash_of_block(ancestor));
    }
    System::set_block_number(number);
    System::reset_events();
    Timestamp::set_timestamp(time_ms_of_block(number));
}

/// Advances by one block, in which the chain finds that it has stood still for so long.
pub(crate) fn stand_still_for(secs: u64) {
    StoodStillSecs::mutate(|stood| *stood += secs);
    go_to_block(System::block_number() + 1);
}

/// Advances to the first block at or after `secs` seconds from now.
pub(crate) fn pass_secs(secs: u64) {
    let blocks = secs.saturating_mul(1000).div_ceil(SLOT_MS);
    go_to_block(System::block_number() + u32::try_from(blocks).unwrap());
}

pub(crate) fn time_ms_of_block(number: BlockNumber) -> u64 {
    (GENESIS_SECS + StoodStillSecs::get()) * 1000 + u64::from(number) * SLOT_MS
}

pub(crate) fn now_secs() -> u64 {
    time_ms_of_block(System::block_number()) / 1000
}

pub(crate) fn hash_of_block(number: BlockNumber) -> H256 {
    if number == 0 {
        return System::block_hash(0);
    }
    let mut bytes = [0xb1; 32];
    bytes[..4].copy_from_slice(&number.to_le_bytes());
    H256(bytes)
}

/// The newest block that evidence can name.
pub(crate) fn parent() -> Freshness {
    let number = System::block_number() - 1;
    Freshness {
        number,
        hash: hash_of_block(number),
    }
}

/// Allowed for workers, always.
pub(crate) const ALWAYS: AllowedMeasurement = AllowedMeasurement {
    roles: Roles::WORKER,
    active_from_secs: 0,
    deprecated_from_secs: None,
};

/// The development documents of this moment with one change, which is signed.
pub(crate) fn collateral_with(change: impl FnOnce(&mut CollateralDraft)) -> Collateral {
    let pki = Pki::development();
    let mut draft = CollateralDraft::new(&pki, Tee::Sgx, now_secs());
    change(&mut draft);
    draft.sign(&pki)
}

/// The development documents of this moment.
pub(crate) fn collateral() -> Collateral {
    Pki::development().collateral(now_secs())
}

/// Brings all four documents to the chain, which anybody may.
pub(crate) fn bring(collateral: &Collateral) {
    bring_lists(collateral);
    bring_signed(collateral);
}

/// Brings the revocation lists.
pub(crate) fn bring_lists(collateral: &Collateral) {
    let anybody = || RuntimeOrigin::signed(stranger());
    let collateral = collateral.clone();
    assert_ok!(Attestation::upsert_root_crl(anybody(), collateral.root_ca_crl.try_into().unwrap()));
    assert_ok!(Attestation::upsert_pck_crl(
        anybody(),
        collateral.pck_crl_issuer_chain.into_bytes().try_into().unwrap(),
        collateral.pck_crl.try_into().unwrap(),
    ));
}

/// Brings TCB info and QE identity.
pub(crate) fn bring_signed(collateral: &Collateral) {
    let anybody = || RuntimeOrigin::signed(stranger());
    let collateral = collateral.clone();
    assert_ok!(Attestation::upsert_tcb_info(
        anybody(),
        collateral.tcb_info_issuer_chain.into_bytes().try_into().unwrap(),
        collateral.tcb_info.into_bytes().try_into().unwrap(),
        collateral.tcb_info_signature.try_into().unwrap(),
    ));
    assert_ok!(Attestation::upsert_qe_identity(
        anybody(),
        collateral.qe_identity_issuer_chain.into_bytes().try_into().unwrap(),
        collateral.qe_identity.into_bytes().try_into().unwrap(),
        collateral.qe_identity_signature.try_into().unwrap(),
    ));
}

/// The pallet's events since the last block began.
pub(crate) fn events() -> Vec<crate::Event<Test>> {
    System::events()
        .into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::Registry(event) => Some(event),
            _ => None,
        })
        .collect()
}

/// Coins held from the operator.
pub(crate) fn deposit_held() -> Balance {
    deposit_held_from(&operator())
}

pub(crate) fn deposit_held_from(who: &AccountId32) -> Balance {
    use frame_support::traits::fungible::InspectHold;
    Balances::balance_on_hold(&crate::HoldReason::WorkerDeposit.into(), who)
}
