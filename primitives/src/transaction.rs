//! The bytes of transactions.

use alloc::vec::Vec;
use codec::{Compact, Encode};

/// What precedes the call in a general transaction: version 5 of kind general, version 0 of the extensions, then the
/// extensions that have bytes: immortal era, nonce 0, tip 0, no metadata hash.
const GENERAL_PREFIX: [u8; 6] = [0x45, 0, 0, 0, 0, 0];

/// An authorised call as a general transaction: `compact(length) ++ 45 00 ++ era 00 ++ nonce 00 ++ tip 00 ++ mode 00 ++ call`.
///
/// `call`: the call's bytes: index of the pallet, index of the call, arguments. Such a transaction has no signer and no fee; the call itself
/// proves that it may be made.
pub fn general_transaction(call: &[u8]) -> Vec<u8> {
    let mut bytes = Compact(GENERAL_PREFIX.len().saturating_add(call.len()) as u64).encode();
    bytes.extend_from_slice(&GENERAL_PREFIX);
    bytes.extend_from_slice(call);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use codec::Decode;

    #[test]
    fn a_general_transaction_has_these_bytes() {
        assert_eq!(general_transaction(&[7, 5]), [8 << 2, 0x45, 0, 0, 0, 0, 0, 7, 5]);
    }

    #[test]
    fn the_length_counts_everything_behind_it() {
        // 58 + 6 = 64 is the first length whose compact form takes two bytes.
        for length in [0, 57, 58, 59, 20_000] {
            let call = vec![1; length];
            let inner = Vec::<u8>::decode(&mut general_transaction(&call).as_slice()).unwrap();
            assert_eq!(inner, [&GENERAL_PREFIX[..], &call].concat());
        }
    }
}
