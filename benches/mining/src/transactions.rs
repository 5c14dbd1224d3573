//! Transactions as relayers and accounts send them, in bytes.

use codec::Encode;
use khala_primitives::{AccountId32, BlockNumber, SignedHeartbeat, WorkerPublicKey, H256};
use khala_runtime::{Runtime, RuntimeCall, TxExtension, UncheckedExtrinsic, VERSION};
use sp_core::{sr25519, Pair};
use sp_keyring::Sr25519Keyring;
use sp_runtime::generic::Era;

/// A batch of heartbeats.
pub fn heartbeats(batch: &[SignedHeartbeat]) -> Vec<u8> {
    let batch = batch.to_vec().try_into().expect("at most 64 heartbeats");
    general(khala_pallet_mining::Call::heartbeat { batch })
}

/// A report of a missed challenge.
pub fn report(worker: WorkerPublicKey, block: BlockNumber) -> Vec<u8> {
    general(khala_pallet_mining::Call::report_offline { worker, block })
}

/// The inherent that sets the block's time.
pub fn set_time(now_ms: u64) -> Vec<u8> {
    UncheckedExtrinsic::new_bare(pallet_timestamp::Call::<Runtime>::set { now: now_ms }.into()).encode()
}

/// A transfer of 1 PHA; its signature is wrong on every chain but that of `genesis_hash`.
pub fn transfer(from: &sr25519::Pair, nonce: u32, genesis_hash: H256) -> Vec<u8> {
    let call = pallet_balances::Call::<Runtime>::transfer_keep_alive {
        dest: Sr25519Keyring::Bob.to_account_id().into(),
        value: khala_primitives::PHA,
    };
    signed(call, from, nonce, genesis_hash)
}

/// Alice's first transaction, which does nothing.
pub fn remark(genesis_hash: H256) -> Vec<u8> {
    let call = frame_system::Call::<Runtime>::remark { remark: Vec::new() };
    signed(call, &Sr25519Keyring::Alice.pair(), 0, genesis_hash)
}

/// An account's call; its signature is wrong on every chain but that of `genesis_hash`.
pub fn signed(call: impl Into<RuntimeCall>, by: &sr25519::Pair, nonce: u32, genesis_hash: H256) -> Vec<u8> {
    let call = call.into();
    let extension = extension(nonce);
    let (spec, version) = (VERSION.spec_version, VERSION.transaction_version);
    let implicit = ((), (), spec, version, genesis_hash, genesis_hash, (), (), (), None::<[u8; 32]>, ());
    let signature = (&call, &extension, implicit).using_encoded(|payload| by.sign(payload));
    let account = AccountId32::new(by.public().0);
    UncheckedExtrinsic::new_signed(call, account.into(), signature.into(), extension).encode()
}

/// A transaction without a signer.
fn general(call: impl Into<RuntimeCall>) -> Vec<u8> {
    UncheckedExtrinsic::new_transaction(call.into(), extension(0)).encode()
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
