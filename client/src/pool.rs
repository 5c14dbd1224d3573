//! Why a node's transaction pool refuses a transaction, in words that a program can match.
//!
//! Codes are those of the SDK's `author_*` RPC; the reasons of code 1010 are its `InvalidTransaction` in words.

use crate::error::unquote;

/// Why the pool refused a transaction.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PoolError {
    /// Outdated: a used nonce, or nothing in an authorised call is of use any more.
    #[error("it is outdated: the nonce was used, or an authorised call brings nothing new")]
    Stale,
    /// Not valid yet.
    #[error("it is not valid yet: the nonce is too high, or the block it speaks of is not there")]
    Future,
    /// A bad signature.
    #[error("a signature in it is wrong")]
    BadProof,
    /// Fees cannot be paid.
    #[error("the account cannot pay the fee")]
    Payment,
    /// The call is not allowed.
    #[error("the call is not allowed in this way")]
    Call,
    /// Signed too long ago.
    #[error("it was signed for a block that is too old")]
    AncientBirthBlock,
    /// It does not fit into a block.
    #[error("it does not fit into a block")]
    ExhaustsResources,
    /// The sender is not acceptable.
    #[error("the signing account is not acceptable")]
    BadSigner,
    /// A general transaction whose call nobody may authorise.
    #[error("nothing in it says who sent it: the call needs a signature")]
    UnknownOrigin,
    /// The runtime's own reason.
    #[error("the runtime refused it with its own code {0}")]
    Custom(u8),
    /// Another invalidity.
    #[error("it is invalid: {0}")]
    Invalid(String),
    /// The runtime could not decide.
    #[error("the runtime cannot tell whether it is valid: {0}")]
    Unknown(String),
    /// Refused a short while ago.
    #[error("it was refused a short while ago and is banned for some time")]
    Banned,
    /// The pool has it.
    #[error("the pool has it already")]
    AlreadyImported,
    /// Another transaction with the same tags is worth more.
    #[error("another transaction in the pool stands in its place: {0}")]
    TooLowPriority(String),
    /// The pool is full.
    #[error("the pool is full")]
    Full,
    /// The bytes are no transaction of this chain.
    #[error("its bytes cannot be read as a transaction of this chain: {0}")]
    BadFormat(String),
    /// Anything else.
    #[error("{message} (code {code})")]
    Other {
        /// JSON-RPC's code.
        code: i32,
        /// The node's words.
        message: String,
    },
}

impl PoolError {
    /// Reads a JSON-RPC error of `author_submitExtrinsic`; `data` is JSON.
    pub fn from_rpc(code: i32, message: &str, data: Option<&str>) -> Self {
        let data = data.map(unquote).unwrap_or_default();
        let words = || if data.is_empty() { message.to_owned() } else { data.clone() };
        match code {
            // 1002: the runtime failed while it validated, as it does on bytes that it cannot decode.
            1001 | 1002 => Self::BadFormat(message.to_owned()),
            1010 => Self::invalid(&data),
            1011 => Self::Unknown(words()),
            1012 => Self::Banned,
            1013 => Self::AlreadyImported,
            1014 => Self::TooLowPriority(message.to_owned()),
            1016 => Self::Full,
            1021 => Self::Future,
            _ => Self::Other { code, message: words() },
        }
    }

    /// Would the same call, made anew from the state of now, have a chance? True where the reason lies in the moment
    /// (nonce, age, a full pool), false where it lies in the call.
    pub fn is_of_the_moment(&self) -> bool {
        matches!(
            self,
            Self::Stale | Self::Future | Self::AncientBirthBlock | Self::TooLowPriority(_) | Self::Full | Self::AlreadyImported
        )
    }

    fn invalid(reason: &str) -> Self {
        if let Some(code) = reason.strip_prefix("Custom error: ").and_then(|code| code.parse().ok()) {
            return Self::Custom(code);
        }
        match reason {
            "Transaction call is not expected" => Self::Call,
            "Transaction will be valid in the future" => Self::Future,
            "Transaction is outdated" => Self::Stale,
            "Transaction has a bad signature" => Self::BadProof,
            "Transaction has an ancient birth block" => Self::AncientBirthBlock,
            "Transaction would exhaust the block limits" => Self::ExhaustsResources,
            "Inability to pay some fees (e.g. account balance too low)" => Self::Payment,
            "Invalid signing address" => Self::BadSigner,
            "The transaction extension did not authorize any origin" => Self::UnknownOrigin,
            other => Self::Invalid(other.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PoolError::*;

    #[test]
    fn every_reason_of_an_invalid_transaction_has_its_variant() {
        let cases = [
            ("Transaction call is not expected", Call),
            ("Transaction will be valid in the future", Future),
            ("Transaction is outdated", Stale),
            ("Transaction has a bad signature", BadProof),
            ("Transaction has an ancient birth block", AncientBirthBlock),
            ("Transaction would exhaust the block limits", ExhaustsResources),
            ("Inability to pay some fees (e.g. account balance too low)", Payment),
            ("Invalid signing address", BadSigner),
            ("The transaction extension did not authorize any origin", UnknownOrigin),
            ("Custom error: 7", Custom(7)),
            ("Custom error: 256", Invalid("Custom error: 256".into())),
            ("something new", Invalid("something new".into())),
        ];
        for (data, expected) in cases {
            let json = serde_json::to_string(data).unwrap();
            assert_eq!(PoolError::from_rpc(1010, "Invalid Transaction", Some(&json)), expected);
        }
    }

    #[test]
    fn every_code_of_the_pool_has_its_variant() {
        let cases = [
            (
                1001,
                "Extrinsic has invalid format: x",
                None,
                BadFormat("Extrinsic has invalid format: x".into()),
            ),
            (1002, "Verification Error: y", None, BadFormat("Verification Error: y".into())),
            (
                1011,
                "Unknown Transaction Validity",
                Some("\"CannotLookup\""),
                Unknown("CannotLookup".into()),
            ),
            (1012, "Transaction is temporarily banned", None, Banned),
            (1013, "Transaction Already Imported", Some("\"0x01\""), AlreadyImported),
            (
                1014,
                "Priority is too low: (5 vs 3)",
                Some("\"...\""),
                TooLowPriority("Priority is too low: (5 vs 3)".into()),
            ),
            (1016, "Immediately Dropped", Some("\"...\""), Full),
            (1021, "The pool is not accepting future transactions", None, Future),
            (
                1050,
                "Other",
                None,
                Other {
                    code: 1050,
                    message: "Other".into(),
                },
            ),
        ];
        for (code, message, data, expected) in cases {
            assert_eq!(PoolError::from_rpc(code, message, data), expected);
        }
    }

    #[test]
    fn only_reasons_of_the_moment_are_worth_another_try() {
        assert!(Stale.is_of_the_moment() && TooLowPriority(String::new()).is_of_the_moment());
        assert!(!BadProof.is_of_the_moment() && !Payment.is_of_the_moment() && !Custom(0).is_of_the_moment());
    }
}
