//! What is fixed once and sealed: the worker's keys, its chain and its operator.

use super::keys::{Secret, WorkerKeys};
use codec::{Decode, DecodeAll, Encode};
use khala_primitives::{AccountId32, H256};
use zeroize::Zeroizing;

/// A worker with its keys, its chain and its operator.
pub(super) struct Identity {
    pub(super) keys: WorkerKeys,
    pub(super) genesis_hash: H256,
    pub(super) operator: AccountId32,
}

/// States of the enclave.
pub(super) enum State {
    /// No keys yet: waits to hear its chain and its operator.
    Fresh,
    /// Has keys, which are stored.
    Initialised(Box<Identity>),
}

/// Borrowed form of what is sealed. Its SCALE bytes are schema version 1 of the sealed file; a change of them is a new
/// version.
#[derive(Encode)]
struct Written<'a> {
    genesis_hash: &'a H256,
    operator: &'a AccountId32,
    identity_seed: &'a [u8; 32],
    ecdh_secret: &'a [u8; 32],
}

/// SCALE length of [`Written`]: four times 32 bytes. Reserved at once, so that no secret is left in a buffer that grew.
const WRITTEN_BYTES: usize = 128;

impl Identity {
    /// The bytes to seal.
    pub(super) fn to_secret(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(WRITTEN_BYTES));
        let written = Written {
            genesis_hash: &self.genesis_hash,
            operator: &self.operator,
            identity_seed: self.keys.identity_seed(),
            ecdh_secret: &self.keys.ecdh_secret(),
        };
        written.encode_to(&mut *bytes);
        bytes
    }

    /// Reads what [`Identity::to_secret`] wrote.
    pub(super) fn from_secret(bytes: &[u8]) -> Option<Self> {
        #[derive(Decode)]
        struct Read {
            genesis_hash: H256,
            operator: AccountId32,
            identity_seed: [u8; 32],
            ecdh_secret: [u8; 32],
        }
        let read = Read::decode_all(&mut &*bytes).ok()?;
        let keys = WorkerKeys::from_secrets(Secret::new(read.identity_seed), Secret::new(read.ecdh_secret));
        Some(Self {
            keys,
            genesis_hash: read.genesis_hash,
            operator: read.operator,
        })
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
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let identity = identity();
        let secret = identity.to_secret();
        assert_eq!(secret.len(), WRITTEN_BYTES);
        let read = Identity::from_secret(&secret).unwrap();
        assert_eq!(read.genesis_hash, identity.genesis_hash);
        assert_eq!(read.operator, identity.operator);
        assert_eq!(read.keys.identity_key(), identity.keys.identity_key());
        assert_eq!(read.keys.ecdh_key(), identity.keys.ecdh_key());
    }

    #[test]
    fn schema_version_1_stays_what_it_is() {
        let secret = identity().to_secret();
        assert_eq!(&secret[..32], &[5; 32], "genesis hash");
        assert_eq!(&secret[32..64], &[6; 32], "operator");
        assert_eq!(&secret[64..96], &identity().keys.identity_seed()[..], "sr25519 mini secret");
        assert_eq!(&secret[96..], &identity().keys.ecdh_secret()[..], "X25519 secret");
    }

    #[test]
    fn another_length_is_not_read() {
        let mut secret = identity().to_secret();
        assert!(Identity::from_secret(&secret[..WRITTEN_BYTES - 1]).is_none());
        secret.push(0);
        assert!(Identity::from_secret(&secret).is_none());
    }
}
