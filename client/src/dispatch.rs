//! Why a call that was in a block failed, in the runtime's own words.

use codec::{Decode, Input};
use subxt::Metadata;

/// Why a call failed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DispatchFailure {
    /// A pallet's error: its name and the first sentence of its documentation.
    #[error("{pallet}::{error}: {docs}")]
    Pallet {
        /// The pallet.
        pallet: String,
        /// The error's name.
        error: String,
        /// What the runtime's documentation says about it.
        docs: String,
    },
    /// An error of the runtime itself.
    #[error("{0}")]
    Runtime(&'static str),
    /// An error that this client does not know.
    #[error("an error of the runtime that this client does not know (bytes 0x{0})")]
    Unknown(String),
}

impl DispatchFailure {
    /// `Pallet::Error` of a pallet's error.
    pub fn name(&self) -> Option<String> {
        match self {
            Self::Pallet { pallet, error, .. } => Some(format!("{pallet}::{error}")),
            Self::Runtime(_) | Self::Unknown(_) => None,
        }
    }

    /// Reads the SCALE bytes of an `sp_runtime::DispatchError`; bytes behind it are ignored.
    pub(crate) fn decode(mut bytes: &[u8], metadata: &Metadata) -> Self {
        let unknown = Self::Unknown(hex::encode(bytes));
        let input = &mut bytes;
        let Ok(kind) = input.read_byte() else { return unknown };
        let sentence = match kind {
            0 => "the runtime gave no reason",
            1 => "something that the call refers to was not found",
            2 => "the account may not make this call (BadOrigin)",
            3 => return Self::module(input, metadata).unwrap_or(unknown),
            4 => "the account is still in use and cannot be removed",
            5 => "the account does not exist and cannot be made",
            6 => "the account has too many users",
            7 => return input.read_byte().map_or(unknown, |kind| Self::Runtime(token(kind))),
            8 => "a computation left its range",
            9 => "too many nested transactions",
            10 => "the call needed more than a block has",
            11 => "the chain's state is corrupt",
            12 => "something that the call needs is not available now; try again later",
            13 => "root may not make this call",
            14 => "the state trie is damaged",
            _ => return unknown,
        };
        Self::Runtime(sentence)
    }

    fn module(input: &mut &[u8], metadata: &Metadata) -> Option<Self> {
        let (pallet, error) = <(u8, [u8; 4])>::decode(input).ok()?;
        let pallet = metadata.pallet_by_error_index(pallet)?;
        let [index, ..] = error;
        let variant = pallet.error_variant_by_index(index)?;
        let docs: Vec<&str> = variant
            .docs
            .iter()
            .map(|line| line.trim())
            .filter(|line| !line.is_empty())
            .collect();
        Some(Self::Pallet {
            pallet: pallet.name().to_owned(),
            error: variant.name.clone(),
            docs: docs.join(" "),
        })
    }
}

/// The sentence of an `sp_runtime::TokenError`.
fn token(kind: u8) -> &'static str {
    match kind {
        0 => "the account does not have enough free PHA",
        1 => "the account would lose the balance that keeps it alive",
        2 => "the amount is below the smallest balance of an account",
        3 => "the receiving account cannot be made",
        4 => "the asset is unknown",
        5 => "the funds are frozen",
        6 => "the operation is not supported",
        7 => "the receiving account cannot hold this",
        8 => "the account would be removed unintentionally",
        9 => "the account cannot receive",
        _ => "an error of the token",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::tests::metadata;

    #[test]
    fn a_pallets_error_is_its_name_and_its_documentation() {
        let failure = DispatchFailure::decode(&[3, 7, 2, 0, 0, 0, 99], &metadata());
        assert_eq!(failure.to_string(), "Demo::Empty: Nothing was put. Put something first.");
        assert_eq!(failure.name().as_deref(), Some("Demo::Empty"));
    }

    #[test]
    fn an_error_of_the_runtime_is_a_sentence() {
        assert!(DispatchFailure::decode(&[2], &metadata()).to_string().contains("BadOrigin"));
        assert!(DispatchFailure::decode(&[7, 0], &metadata())
            .to_string()
            .contains("enough free PHA"));
        for kind in (0..=14).filter(|kind| *kind != 3) {
            assert!(
                matches!(DispatchFailure::decode(&[kind, 1], &metadata()), DispatchFailure::Runtime(_)),
                "{kind}"
            );
        }
    }

    #[test]
    fn what_is_not_known_is_shown_as_bytes() {
        for bytes in [&[][..], &[15], &[3, 1, 0, 0, 0, 0], &[3, 7, 9, 0, 0, 0], &[3, 7], &[7]] {
            assert_eq!(
                DispatchFailure::decode(bytes, &metadata()),
                DispatchFailure::Unknown(hex::encode(bytes))
            );
        }
    }
}
