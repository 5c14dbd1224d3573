//! A worker's secret keys. They are made from the TEE's randomness and never leave the enclave but sealed.

use crate::tee::{Tee, TeeError};
use khala_primitives::{EcdhPublicKey, WorkerPublicKey, WorkerSignature};
use sp_core::{sr25519, Pair};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

/// 32 secret bytes that are wiped when dropped.
pub(super) type Secret = Zeroizing<[u8; 32]>;

/// IdentityKey and EcdhKey. Wiped when dropped; neither `Debug` nor `Clone`.
pub(super) struct WorkerKeys {
    identity_seed: Secret,
    identity: sr25519::Pair,
    ecdh: StaticSecret,
}

impl WorkerKeys {
    /// Makes fresh keys.
    pub(super) fn generate(tee: &dyn Tee) -> Result<Self, TeeError> {
        let mut identity_seed = Secret::default();
        tee.random(&mut identity_seed[..])?;
        let mut ecdh = Secret::default();
        tee.random(&mut ecdh[..])?;
        Ok(Self::from_secrets(identity_seed, ecdh))
    }

    /// Keys from an sr25519 mini secret and an X25519 secret.
    pub(super) fn from_secrets(identity_seed: Secret, ecdh: Secret) -> Self {
        let identity = sr25519::Pair::from_seed(&identity_seed);
        Self {
            identity_seed,
            identity,
            ecdh: StaticSecret::from(*ecdh),
        }
    }

    /// The sr25519 mini secret, for sealing.
    pub(super) fn identity_seed(&self) -> &Secret {
        &self.identity_seed
    }

    /// The X25519 secret, for sealing.
    pub(super) fn ecdh_secret(&self) -> Secret {
        Zeroizing::new(self.ecdh.to_bytes())
    }

    /// The worker's name.
    pub(super) fn identity_key(&self) -> WorkerPublicKey {
        WorkerPublicKey(self.identity.public().0)
    }

    /// The worker's public EcdhKey.
    pub(super) fn ecdh_key(&self) -> EcdhPublicKey {
        EcdhPublicKey(PublicKey::from(&self.ecdh).to_bytes())
    }

    /// Signs a message that begins with its purpose and the genesis hash (`khala_primitives::signing`).
    pub(super) fn sign(&self, message: &[u8]) -> WorkerSignature {
        WorkerSignature(self.identity.sign(message).0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tee::fake::FakeTee;

    #[test]
    fn two_workers_have_different_keys() {
        let tee = FakeTee::new(1);
        let (one, other) = (WorkerKeys::generate(&tee).unwrap(), WorkerKeys::generate(&tee).unwrap());
        assert_ne!(one.identity_key(), other.identity_key());
        assert_ne!(one.ecdh_key(), other.ecdh_key());
        assert_ne!(*one.identity_seed(), one.ecdh_secret());
    }

    #[test]
    fn no_randomness_makes_no_keys() {
        let tee = FakeTee::new(1);
        tee.fail_random.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(matches!(WorkerKeys::generate(&tee), Err(TeeError::Random(_))));
    }

    #[test]
    fn sealed_secrets_give_the_same_keys_again() {
        let keys = WorkerKeys::generate(&FakeTee::new(1)).unwrap();
        let again = WorkerKeys::from_secrets(keys.identity_seed().clone(), keys.ecdh_secret());
        assert_eq!(again.identity_key(), keys.identity_key());
        assert_eq!(again.ecdh_key(), keys.ecdh_key());
    }

    #[test]
    fn the_ecdh_key_agrees_with_its_peer() {
        let tee = FakeTee::new(1);
        let (one, other) = (WorkerKeys::generate(&tee).unwrap(), WorkerKeys::generate(&tee).unwrap());
        let shared = |own: &WorkerKeys, peer: &WorkerKeys| own.ecdh.diffie_hellman(&PublicKey::from(peer.ecdh_key().0)).to_bytes();
        assert_eq!(shared(&one, &other), shared(&other, &one));
    }

    #[test]
    fn signatures_are_the_identity_keys() {
        let keys = WorkerKeys::generate(&FakeTee::new(1)).unwrap();
        let signature = sr25519::Signature::from_raw(keys.sign(b"message").0);
        let public = sr25519::Public::from_raw(keys.identity_key().0);
        assert!(sr25519::Pair::verify(&signature, b"message", &public));
        assert!(!sr25519::Pair::verify(&signature, b"massage", &public));
    }
}
