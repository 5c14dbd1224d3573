//! The block after [`HEAD`].

use crate::{
    scene::{genesis_hash, HEAD, HEAD_SLOT, SLOT_MS},
    transactions,
    wasm::Wasm,
};
use anyhow::{ensure, Result};
use codec::Encode;
use khala_runtime::{Header, Runtime, RuntimeEvent, System};
use sp_consensus_babe::{
    digests::{PreDigest, SecondaryPlainPreDigest},
    BABE_ENGINE_ID,
};
use sp_core::H256;
use sp_externalities::Externalities;
use sp_runtime::{Digest, DigestItem};
use std::time::Duration;

/// Hash of block [`HEAD`].
pub fn parent() -> H256 {
    H256::repeat_byte(0xcd)
}

/// A block as it was made.
pub struct Built {
    /// With the roots.
    pub header: Header,
    /// The time's inherent, then the others.
    pub transactions: Vec<Vec<u8>>,
    /// Time of all transactions but the inherent; the first of them also draws the block's challenge.
    pub applying: Duration,
    /// Time of closing it, with its state's root.
    pub closing: Duration,
    /// Heartbeats that were paid.
    pub paid: usize,
    /// Workers that were found offline.
    pub offline: usize,
}

/// Runs something on a state, and forgets what it changes.
pub fn attempt<R>(state: &mut dyn Externalities, run: impl FnOnce(&mut dyn Externalities) -> Result<R>) -> Result<R> {
    state.storage_start_transaction();
    let result = run(state);
    ensure!(
        state.storage_rollback_transaction().is_ok(),
        "the runtime left a transaction of storage open"
    );
    result
}

/// Makes the block of these transactions, one call into Wasm for each, as an author does.
pub fn build(wasm: &Wasm, state: &mut dyn Externalities, transactions: &[Vec<u8>]) -> Result<Built> {
    let applying = apply(wasm, state, transactions)?;
    let (header, closing) = wasm.finalize(state)?;
    let (paid, offline) = effects(state);
    Ok(Built {
        header,
        transactions: std::iter::once(set_time()).chain(transactions.iter().cloned()).collect(),
        applying,
        closing,
        paid,
        offline,
    })
}

/// Opens the block and applies these transactions to it; the time of the transactions.
pub fn apply(wasm: &Wasm, state: &mut dyn Externalities, transactions: &[Vec<u8>]) -> Result<Duration> {
    open(wasm, state)?;
    transactions.iter().map(|transaction| wasm.apply(state, transaction)).sum()
}

/// Opens the block and sets its time.
pub fn open(wasm: &Wasm, state: &mut dyn Externalities) -> Result<()> {
    wasm.initialize(state, &opening())?;
    wasm.apply(state, &set_time()).map(|_| ())
}

fn set_time() -> Vec<u8> {
    transactions::set_time((HEAD_SLOT + 1) * SLOT_MS)
}

/// Executes it, as every other node does.
pub fn import(wasm: &Wasm, state: &mut dyn Externalities, block: &Built) -> Result<Duration> {
    let time = wasm.execute(state, &block.header, &block.transactions)?;
    ensure!(
        effects(state) == (block.paid, block.offline),
        "the block does something else when it is imported"
    );
    Ok(time)
}

fn opening() -> Header {
    let slot = (HEAD_SLOT + 1).into();
    let claim = PreDigest::SecondaryPlain(SecondaryPlainPreDigest { authority_index: 0, slot });
    Header {
        parent_hash: parent(),
        number: HEAD + 1,
        state_root: H256::zero(),
        extrinsics_root: H256::zero(),
        digest: Digest {
            logs: vec![DigestItem::PreRuntime(BABE_ENGINE_ID, claim.encode())],
        },
    }
}

fn effects(state: &mut dyn Externalities) -> (usize, usize) {
    use khala_pallet_mining::Event;
    let (mut paid, mut offline) = (0, 0);
    sp_externalities::set_and_run_with_externalities(state, || {
        assert_eq!(frame_system::BlockHash::<Runtime>::get(0), genesis_hash());
        for record in System::read_events_no_consensus() {
            match record.event {
                RuntimeEvent::Mining(Event::Settled { payments }) => paid += payments.len(),
                RuntimeEvent::Mining(Event::BecameUnresponsive { .. }) => offline += 1,
                _ => {}
            }
        }
    });
    (paid, offline)
}
