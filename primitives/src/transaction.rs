//! The bytes of transactions.

use alloc::vec::Vec;
use codec::{Compact, Encode};

/// What precedes the salt in a general transaction: version 5 of kind general, version 0 of the extensions, immortal era.
const BEFORE_SALT: [u8; 3] = [0x45, 0, 0];
/// What follows it: tip 0, no metadata hash.
const AFTER_SALT: [u8; 2] = [0, 0];

/// An authorised call as a general transaction: `compact(length) ++ 45 00 ++ era 00 ++ nonce ++ tip 00 ++ mode 00 ++ call`.
///
/// `call`: the call's bytes: index of the pallet, index of the call, arguments. Such a transaction has no signer and no fee; the
/// call itself proves that it may be made.
///
/// `salt` stands in the place of the nonce, which nobody checks where there is no signer: another one makes other bytes of the same
/// call. Give 0, so that everybody's transactions of a call are the same; but a random one when a pool refused exactly these bytes
/// a short while ago and does not look at them again. The call may be right by now, and nobody can have had those refused.
pub fn general_transaction(call: &[u8], salt: u32) -> Vec<u8> {
    [&BEFORE_SALT, Compact(salt).encode().as_slice(), &AFTER_SALT, call]
        .concat()
        .encode()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use codec::Decode;

    #[test]
    fn a_general_transaction_has_these_bytes() {
        assert_eq!(general_transaction(&[7, 5], 0), [8 << 2, 0x45, 0, 0, 0, 0, 0, 7, 5]);
    }

    #[test]
    fn the_length_counts_everything_behind_it() {
        // 58 + 6 = 64 is the first length whose compact form takes two bytes.
        for length in [0, 57, 58, 59, 20_000] {
            let call = vec![1; length];
            let inner = Vec::<u8>::decode(&mut general_transaction(&call, 0).as_slice()).unwrap();
            assert_eq!(inner, [&[0x45, 0, 0, 0, 0, 0][..], &call].concat());
        }
    }

    #[test]
    fn a_salt_changes_the_bytes_and_stands_before_the_tip() {
        assert_eq!(general_transaction(&[7, 5], 1), [8 << 2, 0x45, 0, 0, 4, 0, 0, 7, 5]);
        assert_eq!(general_transaction(&[7, 5], 64), [9 << 2, 0x45, 0, 0, 1, 1, 0, 0, 7, 5]);
    }
}
