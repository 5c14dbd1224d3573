//! Keys that everybody can know: they are hashes of their names.

use p256::ecdsa::{signature::Signer, Signature, SigningKey};
use sha2::{Digest, Sha256};
use std::vec::Vec;

/// A key pair of the forge.
#[derive(Clone)]
pub struct Key {
    secret: SigningKey,
    /// Claims another public key than the secret's.
    claimed: Option<[u8; 64]>,
}

impl Key {
    /// The key of a name. The same name gives the same key.
    pub fn named(name: &str) -> Self {
        let key = (0u8..=u8::MAX).find_map(|attempt| {
            let hash = Sha256::new()
                .chain_update(b"khala/forge/key/v1")
                .chain_update([attempt])
                .chain_update(name)
                .finalize();
            SigningKey::from_slice(&hash).ok()
        });
        // One hash in 2^32 is no scalar of P-256; 256 in a row do not happen.
        #[allow(clippy::expect_used)]
        let secret = key.expect("a hash that is a scalar");
        Self { secret, claimed: None }
    }

    /// A key whose public key is no point of the curve.
    pub fn off_the_curve() -> Self {
        Self {
            claimed: Some([1; 64]),
            ..Self::named("off the curve")
        }
    }

    /// The public key: coordinates x and y.
    pub fn coordinates(&self) -> [u8; 64] {
        if let Some(claimed) = self.claimed {
            return claimed;
        }
        let mut out = [0; 64];
        let point = self.secret.verifying_key().to_sec1_point(false);
        out.iter_mut()
            .zip(point.as_bytes().iter().skip(1))
            .for_each(|(out, byte)| *out = *byte);
        out
    }

    /// A signature `r ++ s`. The same message gives the same signature (RFC 6979).
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        let signature: Signature = self.secret.sign(message);
        signature.to_bytes().into()
    }

    /// A signature in DER.
    pub(super) fn sign_der(&self, message: &[u8]) -> Vec<u8> {
        let signature: Signature = self.secret.sign(message);
        signature.to_der().as_bytes().to_vec()
    }
}

/// The first `N` bytes of a hash of a name.
pub(super) fn bytes_of<const N: usize>(what: &str, name: &str) -> [u8; N] {
    let hash = Sha256::new()
        .chain_update(b"khala/forge/bytes/v1")
        .chain_update(what)
        .chain_update([0])
        .chain_update(name)
        .finalize();
    let mut out = [0; N];
    out.iter_mut().zip(hash.iter()).for_each(|(out, byte)| *out = *byte);
    out
}
