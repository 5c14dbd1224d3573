//! ECDSA on P-256 with SHA-256, the only signatures there are in DCAP.

use crate::{error::Error, part::Part};
use p256::ecdsa::{signature::Verifier, Signature, VerifyingKey};

/// A public key of coordinates `x ++ y`. `None` if it is not on the curve.
pub(crate) fn key_from_coordinates(coordinates: &[u8; 64]) -> Option<VerifyingKey> {
    let mut sec1 = [4; 65];
    let (_tag, point) = sec1.split_at_mut(1);
    point.copy_from_slice(coordinates);
    VerifyingKey::from_sec1_bytes(&sec1).ok()
}

/// A signature `r ++ s` with `r` of 32 bytes and `s` as long as it is.
///
/// Quotes fix 64 bytes. Collateral carries a string of any length; like the oracle this takes `s` as a number.
fn from_raw(bytes: &[u8]) -> Option<Signature> {
    let (r, s) = bytes.split_at_checked(32)?;
    let first = s.iter().position(|byte| *byte != 0)?;
    let s = s.get(first..)?;
    let mut fixed = [0; 64];
    fixed.get_mut(..32)?.copy_from_slice(r);
    fixed
        .get_mut(64usize.checked_sub(s.len())?.max(32)..)?
        .get_mut(..s.len())?
        .copy_from_slice(s);
    Signature::from_slice(&fixed).ok()
}

/// Does the key sign the message with `r ++ s`?
pub(crate) fn verifies_raw(key: &VerifyingKey, message: &[u8], signature: &[u8]) -> bool {
    from_raw(signature).is_some_and(|signature| key.verify(message, &signature).is_ok())
}

/// The key signs the message with a DER signature.
pub(crate) fn check_der(key: &VerifyingKey, message: &[u8], signature: &[u8], part: Part) -> Result<(), Error> {
    let signature = Signature::from_der(signature).map_err(|_| Error::Signature { part })?;
    key.verify(message, &signature).map_err(|_| Error::Signature { part })
}

#[cfg(test)]
mod tests {
    use super::*;
    use p256::ecdsa::{signature::Signer, SigningKey};

    #[test]
    fn raw_signatures_verify_whatever_the_length_of_s() {
        let key = SigningKey::from_slice(&[7; 32]).unwrap();
        let short = (0u32..5000)
            .map(|i| (i, Signer::<Signature>::sign(&key, &i.to_le_bytes())))
            .find(|(_, signature)| signature.to_bytes()[32] == 0)
            .unwrap();
        let (message, signature) = (short.0.to_le_bytes(), short.1.to_bytes());
        let shorter = [&signature[..32], &signature[33..]].concat();
        let longer = [&signature[..32], &[0, 0], &signature[32..]].concat();
        for good in [&signature[..], &shorter, &longer] {
            assert!(verifies_raw(key.verifying_key(), &message, good), "{}", good.len());
        }
        let too_long = [&signature[..32], &[1], &signature[32..]].concat();
        for bad in [&[][..], &signature[..31], &signature[..32], &signature[..63], &too_long, &[0; 64]] {
            assert!(!verifies_raw(key.verifying_key(), &message, bad), "{}", bad.len());
        }
    }

    #[test]
    fn points_off_the_curve_are_no_keys() {
        assert!(key_from_coordinates(&[1; 64]).is_none());
        let point = SigningKey::from_slice(&[7; 32]).unwrap().verifying_key().to_sec1_point(false);
        assert!(key_from_coordinates(point.as_bytes()[1..].try_into().unwrap()).is_some());
    }
}
