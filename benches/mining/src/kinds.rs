//! Transactions that an attacker can send for nothing, each of them different from all others.

use crate::{transactions, worker};
use khala_primitives::{Instance, SignedHeartbeat, WorkerSignature, H256};
use sp_keyring::Sr25519Keyring;

/// A kind of transactions.
pub struct Kind<'a> {
    /// What is wrong with them.
    pub name: &'static str,
    make: Box<dyn Fn(u32) -> Vec<u8> + 'a>,
}

impl Kind<'_> {
    /// The transaction of a number.
    pub fn make(&self, number: u32) -> Vec<u8> {
        (self.make)(number)
    }
}

fn kind<'a>(name: &'static str, make: impl Fn(u32) -> Vec<u8> + 'a) -> Kind<'a> {
    Kind {
        name,
        make: Box::new(make),
    }
}

/// Transfers, to compare with.
pub fn transfers<'a>(genesis: H256) -> Vec<Kind<'a>> {
    vec![
        kind("transfer with a bad signature", move |number| {
            transactions::transfer(&Sr25519Keyring::Alice.pair(), number, H256::zero())
        }),
        kind("transfer that its account cannot pay for", move |number| {
            transactions::transfer(&Sr25519Keyring::Ferdie.pair(), number, genesis)
        }),
    ]
}

/// Batches made out of a full batch of live heartbeats, that no node may accept.
pub fn invalid(full: &[SignedHeartbeat]) -> Vec<Kind<'_>> {
    vec![
        kind("batch, a bad signature in its first entry", |number| {
            changed(full, |batch| spoil(batch.first_mut(), number))
        }),
        kind("batch, a bad signature in its last entry", |number| {
            changed(full, |batch| spoil(batch.last_mut(), number))
        }),
        kind("batch, all of it with a seed that never was", |number| {
            each(full, |entry| {
                entry.heartbeat.seed = H256::from_low_u64_be(u64::MAX - u64::from(number))
            })
        }),
        kind("batch, all of it of other runs of the enclaves", |number| {
            each(full, |entry| entry.heartbeat.instance = instance(number))
        }),
        kind("batch, all of it of unknown workers", |number| {
            let mut index = number.wrapping_mul(64);
            each(full, |entry| {
                entry.heartbeat.worker = worker::unknown(index);
                index = index.wrapping_add(1);
            })
        }),
        kind("batch, a worker in it twice", |number| {
            changed(full, |batch| {
                let first = batch.first().copied();
                if let (Some(first), Some(last)) = (first, batch.last_mut()) {
                    *last = first;
                }
                spoil(batch.last_mut(), number);
            })
        }),
    ]
}

/// Batches made out of two full batches that the pool has: nothing in them is new.
pub fn copied<'a>(full: &'a [SignedHeartbeat], other: &'a [SignedHeartbeat]) -> Vec<Kind<'a>> {
    vec![
        kind("copy, as it is", |_| transactions::heartbeats(full)),
        kind("copy, in another order", |number| transactions::heartbeats(&shuffled(full, number))),
        kind("copy, all but one entry", |number| {
            let mut batch = shuffled(full, number);
            batch.truncate(full.len() - 1);
            transactions::heartbeats(&batch)
        }),
        kind("copy, a single entry in a batch of one", |number| {
            let index = number as usize % full.len();
            transactions::heartbeats(&full[index..=index])
        }),
        kind("copy, half of one batch and half of another", |number| {
            let (mut batch, mut rest) = (shuffled(full, number), shuffled(other, number));
            batch.truncate(full.len() / 2);
            rest.truncate(other.len() / 2);
            batch.extend(rest);
            transactions::heartbeats(&batch)
        }),
    ]
}

fn changed(full: &[SignedHeartbeat], change: impl FnOnce(&mut Vec<SignedHeartbeat>)) -> Vec<u8> {
    let mut batch = full.to_vec();
    change(&mut batch);
    transactions::heartbeats(&batch)
}

fn each(full: &[SignedHeartbeat], change: impl FnMut(&mut SignedHeartbeat)) -> Vec<u8> {
    changed(full, |batch| batch.iter_mut().for_each(change))
}

fn spoil(entry: Option<&mut SignedHeartbeat>, number: u32) {
    if let Some(SignedHeartbeat {
        signature: WorkerSignature(bytes),
        ..
    }) = entry
    {
        bytes[..4].copy_from_slice(&number.to_le_bytes());
    }
}

fn instance(number: u32) -> Instance {
    let mut bytes = [0xff; 16];
    bytes[..4].copy_from_slice(&number.to_le_bytes());
    Instance(bytes)
}

/// Another order for each number, by a linear congruential generator.
fn shuffled(full: &[SignedHeartbeat], number: u32) -> Vec<SignedHeartbeat> {
    let mut batch = full.to_vec();
    let mut state = u64::from(number).wrapping_mul(2).wrapping_add(1);
    for last in (1..batch.len()).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        batch.swap(last, (state >> 33) as usize % (last + 1));
    }
    batch
}
