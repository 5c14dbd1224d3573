//! Sealing with a 32-byte key: XChaCha20-Poly1305 with a random nonce of 24 bytes, which never repeats in practice.

use super::file::{KeyPolicy, Sealed, NONCE_BYTES};
use chacha20poly1305::{
    aead::{Aead, Payload},
    Key, KeyInit, XChaCha20Poly1305, XNonce,
};
use codec::Encode;
use zeroize::Zeroizing;

/// A sealing key.
pub type SealingKey = Zeroizing<[u8; 32]>;

/// What the tag covers beside the ciphertext.
fn bound(associated: &[u8], policy: KeyPolicy) -> Vec<u8> {
    let mut data = associated.to_vec();
    policy.encode_to(&mut data);
    data
}

/// Encrypts `secret` and binds `associated` and the key policy to it. `None` only for a secret longer than the cipher takes (256 GiB).
pub fn seal(key: &SealingKey, policy: KeyPolicy, nonce: [u8; NONCE_BYTES], associated: &[u8], secret: &[u8]) -> Option<Sealed> {
    let cipher = XChaCha20Poly1305::new(Key::from_slice(&key[..]));
    let ciphertext = cipher
        .encrypt(
            XNonce::from_slice(&nonce),
            Payload {
                msg: secret,
                aad: &bound(associated, policy),
            },
        )
        .ok()?;
    Some(Sealed { policy, nonce, ciphertext })
}

/// Opens what [`seal`] made. `None`: another key, other associated data, or changed bytes.
pub fn unseal(key: &SealingKey, associated: &[u8], sealed: &Sealed) -> Option<Zeroizing<Vec<u8>>> {
    let cipher = XChaCha20Poly1305::new(Key::from_slice(&key[..]));
    let aad = bound(associated, sealed.policy);
    cipher
        .decrypt(
            XNonce::from_slice(&sealed.nonce),
            Payload {
                msg: &sealed.ciphertext,
                aad: &aad,
            },
        )
        .ok()
        .map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed() -> Sealed {
        seal(&Zeroizing::new([1; 32]), KeyPolicy::File, [2; NONCE_BYTES], b"header", b"secret").unwrap()
    }

    #[test]
    fn opens_with_the_same_key_and_header() {
        assert_eq!(
            unseal(&Zeroizing::new([1; 32]), b"header", &sealed()).unwrap().as_slice(),
            b"secret"
        );
    }

    #[test]
    fn stays_shut_for_another_key_or_header() {
        assert!(unseal(&Zeroizing::new([9; 32]), b"header", &sealed()).is_none());
        assert!(unseal(&Zeroizing::new([1; 32]), b"other", &sealed()).is_none());
    }

    #[test]
    fn does_not_contain_the_secret() {
        assert!(!sealed().ciphertext.windows(6).any(|window| window == b"secret"));
    }
}
