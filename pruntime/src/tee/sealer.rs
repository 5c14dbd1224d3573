//! Sealing with a key that a provider has.

use super::{random, TeeError};
use crate::seal::{
    aead::{self, SealingKey},
    KeyPolicy, Sealed,
};
use zeroize::Zeroizing;

/// A sealing key, and what it is bound to.
pub(super) struct Sealer {
    key: SealingKey,
    policy: KeyPolicy,
}

impl Sealer {
    pub(super) fn new(key: SealingKey, policy: KeyPolicy) -> Self {
        Self { key, policy }
    }

    /// See [`super::Tee::seal`].
    pub(super) fn seal(&self, associated: &[u8], secret: &[u8]) -> Result<Sealed, TeeError> {
        let mut nonce = [0; 24];
        random::fill(&mut nonce)?;
        aead::seal(&self.key, self.policy, nonce, associated, secret).ok_or_else(|| TeeError::Seal("the state is too long".into()))
    }

    /// See [`super::Tee::unseal`].
    pub(super) fn unseal(&self, associated: &[u8], sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, TeeError> {
        if sealed.policy != self.policy {
            return Err(TeeError::Unseal);
        }
        aead::unseal(&self.key, associated, sealed).ok_or(TeeError::Unseal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer(key: u8) -> Sealer {
        Sealer::new(Zeroizing::new([key; 32]), KeyPolicy::Measurement)
    }

    #[test]
    fn what_is_sealed_opens_again_and_is_never_the_same_bytes() {
        let (one, other) = (
            sealer(1).seal(b"header", b"secret").unwrap(),
            sealer(1).seal(b"header", b"secret").unwrap(),
        );
        assert_eq!(sealer(1).unseal(b"header", &one).unwrap().as_slice(), b"secret");
        assert_ne!(one, other);
    }

    #[test]
    fn another_key_or_header_does_not_open_it() {
        let sealed = sealer(1).seal(b"header", b"secret").unwrap();
        assert!(matches!(sealer(2).unseal(b"header", &sealed), Err(TeeError::Unseal)));
        assert!(matches!(sealer(1).unseal(b"another", &sealed), Err(TeeError::Unseal)));
    }

    #[test]
    fn another_key_policy_is_not_opened() {
        let sealed = Sealed {
            policy: KeyPolicy::File,
            ..sealer(1).seal(b"header", b"secret").unwrap()
        };
        assert!(matches!(sealer(1).unseal(b"header", &sealed), Err(TeeError::Unseal)));
    }
}
