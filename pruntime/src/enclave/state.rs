//! What is sealed: the worker's keys and its chain, which never change, its operator, and how often that one changed.

use super::keys::{Secret, WorkerKeys};
use crate::seal::Unsealed;
use codec::{Decode, DecodeAll, Encode};
use khala_primitives::{AccountId32, OperatorChange, H256};
use zeroize::Zeroizing;

/// A worker with its keys, its chain and its operator.
pub(super) struct Identity {
    pub(super) keys: WorkerKeys,
    pub(super) genesis_hash: H256,
    pub(super) operator: AccountId32,
    /// How often the operator was changed.
    pub(super) operator_changes: u32,
}

/// States of the enclave.
pub(super) enum State {
    /// No keys yet: waits to hear its chain and its operator.
    Fresh,
    /// Has keys, which are stored.
    Initialised(Box<Identity>),
}

/// Borrowed form of what is sealed. Its SCALE bytes are schema version 2 of the sealed file; a change of them is a new
/// version. Version 1 ended before `operator_changes`, which were none then.
#[derive(Encode)]
struct Written<'a> {
    genesis_hash: &'a H256,
    operator: &'a AccountId32,
    identity_seed: &'a [u8; 32],
    ecdh_secret: &'a [u8; 32],
    operator_changes: u32,
}

/// SCALE length of [`Written`]. Reserved at once, so that no secret is left in a buffer that grew.
const WRITTEN_BYTES: usize = 4 * 32 + 4;

/// Schema version 1.
#[derive(Decode)]
struct Schema1 {
    genesis_hash: H256,
    operator: AccountId32,
    identity_seed: [u8; 32],
    ecdh_secret: [u8; 32],
}

/// Schema version 2.
#[derive(Decode)]
struct Schema2 {
    fixed: Schema1,
    operator_changes: u32,
}

impl Identity {
    /// The bytes to seal.
    pub(super) fn to_secret(&self) -> Zeroizing<Vec<u8>> {
        self.to_secret_of(&self.operator, self.operator_changes)
    }

    /// The bytes to seal when this worker has another operator.
    pub(super) fn to_secret_of(&self, operator: &AccountId32, operator_changes: u32) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(WRITTEN_BYTES));
        let written = Written {
            genesis_hash: &self.genesis_hash,
            operator,
            identity_seed: self.keys.identity_seed(),
            ecdh_secret: &self.keys.ecdh_secret(),
            operator_changes,
        };
        written.encode_to(&mut *bytes);
        bytes
    }

    /// Reads what [`Identity::to_secret`] wrote, in this version or in an older one.
    pub(super) fn from_secret(unsealed: &Unsealed) -> Option<Self> {
        let bytes = &mut unsealed.secret.as_slice();
        let (fixed, operator_changes) = match unsealed.schema {
            1 => (Schema1::decode_all(bytes).ok()?, 0),
            2 => {
                let Schema2 { fixed, operator_changes } = Schema2::decode_all(bytes).ok()?;
                (fixed, operator_changes)
            }
            _ => return None,
        };
        Some(Self {
            keys: WorkerKeys::from_secrets(Secret::new(fixed.identity_seed), Secret::new(fixed.ecdh_secret)),
            genesis_hash: fixed.genesis_hash,
            operator: fixed.operator,
            operator_changes,
        })
    }

    /// What the operator signs to hand this worker over, if `change` is the number of changes before.
    pub(super) fn change_to(&self, operator: &AccountId32, change: u32) -> OperatorChange {
        OperatorChange {
            worker: self.keys.identity_key(),
            operator: operator.clone(),
            change,
        }
    }
}

/// Fresh keys that are not stored yet. See [`super::Enclave::prepare`].
pub struct Draft {
    pub(super) identity: Box<Identity>,
    pub(super) sealed: Vec<u8>,
}

impl Draft {
    /// The sealed file to store.
    pub fn sealed(&self) -> &[u8] {
        &self.sealed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tee::fake::FakeTee;

    fn identity() -> Identity {
        Identity {
            keys: WorkerKeys::generate(&FakeTee::new(1)).unwrap(),
            genesis_hash: H256::repeat_byte(5),
            operator: AccountId32::new([6; 32]),
            operator_changes: 0x01020304,
        }
    }

    fn unsealed(schema: u16, secret: &[u8]) -> Unsealed {
        Unsealed {
            schema,
            secret: Zeroizing::new(secret.to_vec()),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let identity = identity();
        let secret = identity.to_secret();
        assert_eq!(secret.len(), WRITTEN_BYTES);
        let read = Identity::from_secret(&unsealed(2, &secret)).unwrap();
        assert_eq!(read.genesis_hash, identity.genesis_hash);
        assert_eq!(read.operator, identity.operator);
        assert_eq!(read.operator_changes, identity.operator_changes);
        assert_eq!(read.keys.identity_key(), identity.keys.identity_key());
        assert_eq!(read.keys.ecdh_key(), identity.keys.ecdh_key());
    }

    #[test]
    fn schema_version_2_stays_what_it_is() {
        let secret = identity().to_secret();
        assert_eq!(&secret[..32], &[5; 32], "genesis hash");
        assert_eq!(&secret[32..64], &[6; 32], "operator");
        assert_eq!(&secret[64..96], &identity().keys.identity_seed()[..], "sr25519 mini secret");
        assert_eq!(&secret[96..128], &identity().keys.ecdh_secret()[..], "X25519 secret");
        assert_eq!(&secret[128..], &[4, 3, 2, 1], "changes of the operator");
    }

    #[test]
    fn schema_version_1_is_read_as_a_worker_whose_operator_never_changed() {
        let identity = identity();
        let read = Identity::from_secret(&unsealed(1, &identity.to_secret()[..128])).unwrap();
        assert_eq!(read.genesis_hash, identity.genesis_hash);
        assert_eq!(read.operator, identity.operator);
        assert_eq!(read.keys.identity_key(), identity.keys.identity_key());
        assert_eq!(read.keys.ecdh_key(), identity.keys.ecdh_key());
        assert_eq!(read.operator_changes, 0);
    }

    #[test]
    fn another_length_is_not_read() {
        let mut secret = identity().to_secret();
        secret.push(0);
        for (schema, right) in [(1, 128), (2, WRITTEN_BYTES)] {
            for length in [0, right - 1, right, right + 1] {
                let read = Identity::from_secret(&unsealed(schema, &secret[..length]));
                assert_eq!(read.is_some(), length == right, "schema {schema}, {length} bytes");
            }
        }
    }

    #[test]
    fn another_schema_is_not_read() {
        let secret = identity().to_secret();
        for schema in [0, 3, u16::MAX] {
            assert!(Identity::from_secret(&unsealed(schema, &secret)).is_none());
        }
    }
}
