//! A chain in memory: the genesis of a preset, and blocks that Alice authors.

use crate::{
    network, presets, AccountId, Babe, Executive, Header, Runtime, RuntimeCall, RuntimeGenesisConfig, System, TxExtension,
    UncheckedExtrinsic, VERSION,
};
use codec::Encode;
use frame_support::storage::with_transaction;
use serde_json::Value;
use sp_consensus_babe::{
    digests::{PreDigest, SecondaryVRFPreDigest},
    BABE_ENGINE_ID, RANDOMNESS_VRF_CONTEXT,
};
use sp_core::{crypto::VrfSecret, H256};
use sp_genesis_builder::runtime_decl_for_genesis_builder::GenesisBuilder;
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
    generic::Era,
    transaction_validity::{TransactionSource, TransactionValidity},
    Digest, DigestItem, DispatchError, ExtrinsicInclusionMode, TransactionOutcome,
};
use std::cell::RefCell;

thread_local! {
    /// Hash of the newest block: nothing in the state knows it before the next one.
    static HEAD: RefCell<H256> = const { RefCell::new(H256::zero()) };
}

/// The patch of a preset.
pub(super) fn patch(preset: &str) -> Value {
    serde_json::from_slice(&presets::get(&preset.to_string()).expect("the preset exists")).expect("a preset is JSON")
}

/// The state after genesis, built as a node builds it: the patch merged into the default, read by the runtime.
pub(super) fn genesis(patch: Value) -> Result<TestExternalities, String> {
    let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).expect("the default is JSON");
    merge(&mut config, patch);
    let mut state = TestExternalities::default();
    state.execute_with(|| <Runtime as GenesisBuilder<crate::Block>>::build_state(config.to_string().into_bytes()))?;
    Ok(state)
}

/// The state after a preset's genesis.
pub(super) fn preset(name: &str) -> TestExternalities {
    genesis(patch(name)).expect("the preset is a valid genesis")
}

fn merge(target: &mut Value, patch: Value) {
    match (target, patch) {
        (Value::Object(target), Value::Object(patch)) => patch
            .into_iter()
            .for_each(|(key, value)| merge(target.entry(key).or_insert(Value::Null), value)),
        (target, patch) => *target = patch,
    }
}

/// Opens block `number` in `slot` by Alice and puts the time into it. Returns the block's VRF output.
pub(super) fn open(number: u32, slot: u64) -> [u8; 32] {
    let pair = Sr25519Keyring::Alice.pair();
    // What the client does when it claims a slot: the epoch is recomputed for skipped ones, and its randomness is the
    // announced one in the first block of an epoch.
    let genesis_slot = *Babe::genesis_slot();
    let epoch = if genesis_slot == 0 {
        0
    } else {
        (slot - genesis_slot) / network::EpochSlots::<Runtime>::get()
    };
    let first_of_epoch = genesis_slot != 0 && epoch != Babe::epoch_index();
    let randomness = if first_of_epoch {
        pallet_babe::NextRandomness::<Runtime>::get()
    } else {
        Babe::randomness()
    };
    let transcript = sp_consensus_babe::make_vrf_transcript(&randomness, slot.into(), epoch);
    let output: [u8; 32] = pair.make_bytes(RANDOMNESS_VRF_CONTEXT, &transcript);
    let vrf_signature = pair.vrf_sign(&transcript.into());
    let authority = Babe::authorities()
        .iter()
        .position(|(id, _)| *id == Sr25519Keyring::Alice.public().into())
        .expect("Alice is a validator");
    let pre_digest = PreDigest::SecondaryVRF(SecondaryVRFPreDigest {
        authority_index: authority as u32,
        slot: slot.into(),
        vrf_signature,
    });
    let digest = Digest {
        logs: vec![DigestItem::PreRuntime(BABE_ENGINE_ID, pre_digest.encode())],
    };
    let parent_hash = if number == 1 {
        System::block_hash(0)
    } else {
        HEAD.with(|head| *head.borrow())
    };
    let header = Header {
        parent_hash,
        number,
        state_root: Default::default(),
        extrinsics_root: Default::default(),
        digest,
    };
    assert_eq!(Executive::initialize_block(&header), ExtrinsicInclusionMode::AllExtrinsics);
    let now = slot * network::SlotMs::<Runtime>::get();
    let time = UncheckedExtrinsic::new_bare(pallet_timestamp::Call::set { now }.into());
    Executive::apply_extrinsic(time)
        .expect("a valid inherent")
        .expect("the time is set");
    output
}

/// Closes the block.
pub(super) fn close() -> Header {
    let header = Executive::finalize_block();
    HEAD.with(|head| *head.borrow_mut() = header.hash());
    header
}

/// An empty block.
pub(super) fn block(number: u32, slot: u64) -> Header {
    open(number, slot);
    close()
}

fn extension(nonce: u32) -> TxExtension {
    (
        frame_system::AuthorizeCall::new(),
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckMortality::from(Era::immortal()),
        frame_system::CheckNonce::from(nonce),
        frame_system::CheckWeight::new(),
        pallet_transaction_payment::ChargeTransactionPayment::from(0),
        frame_metadata_hash_extension::CheckMetadataHash::new(false),
        frame_system::WeightReclaim::new(),
    )
}

/// A transaction without a signer, for authorised calls.
pub(super) fn general(call: impl Into<RuntimeCall>) -> UncheckedExtrinsic {
    UncheckedExtrinsic::new_transaction(call.into(), extension(0))
}

/// A transaction signed by a well-known account.
pub(super) fn signed(who: Sr25519Keyring, call: impl Into<RuntimeCall>) -> UncheckedExtrinsic {
    let call = call.into();
    let account: AccountId = who.to_account_id();
    let extension = extension(System::account_nonce(&account));
    let genesis = System::block_hash(0);
    let implicit = (
        (),
        (),
        VERSION.spec_version,
        VERSION.transaction_version,
        genesis,
        genesis,
        (),
        (),
        (),
        None::<[u8; 32]>,
        (),
    );
    let signature = (&call, &extension, implicit).using_encoded(|payload| {
        // A payload of more than 256 bytes is signed by its hash.
        if payload.len() > 256 {
            who.sign(&sp_io::hashing::blake2_256(payload))
        } else {
            who.sign(payload)
        }
    });
    UncheckedExtrinsic::new_signed(call, account.into(), signature.into(), extension)
}

/// What the transaction pool says after block `System::block_number()`; changes of the state are thrown away.
pub(super) fn pool(transaction: UncheckedExtrinsic) -> TransactionValidity {
    let at = HEAD.with(|head| *head.borrow());
    let mut validity = None;
    let _ = with_transaction(|| {
        validity = Some(Executive::validate_transaction(TransactionSource::External, transaction, at));
        TransactionOutcome::Rollback(Ok::<_, DispatchError>(()))
    });
    validity.expect("the closure ran")
}
