//! Accounts that sign.

use khala_primitives::{AccountId32, OperatorSignature, SS58_PREFIX};
use sp_core::crypto::{Ss58AddressFormat, Ss58Codec};
use std::str::FromStr;
use subxt_signer::{sr25519::Keypair, SecretUri};

/// An sr25519 key pair and its account. `Debug` and `Display` show the address alone.
#[derive(Clone)]
pub struct Account {
    keypair: Keypair,
    id: AccountId32,
}

/// Why a text is not a secret. The text itself is never repeated.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum AccountError {
    /// Not of the form `phrase//hard/soft///password`.
    #[error("not a secret URI: expected a mnemonic, 0x and 64 hexadecimal digits, or a path like //Alice")]
    Uri,
    /// The phrase is no mnemonic and no seed.
    #[error("the secret's phrase is neither a valid mnemonic nor a seed of 0x and 64 hexadecimal digits")]
    Phrase,
}

impl Account {
    /// Reads a secret: `//Alice` (a path below the development phrase), a mnemonic, or a seed of `0x` and 64 hexadecimal
    /// digits, each with an optional `//path` and `///password`. White space around it is ignored.
    pub fn from_uri(secret: &str) -> Result<Self, AccountError> {
        let secret = secret.trim();
        // Nothing at all would be the well-known development phrase.
        if secret.is_empty() {
            return Err(AccountError::Uri);
        }
        let uri = SecretUri::from_str(secret).map_err(|_| AccountError::Uri)?;
        let keypair = Keypair::from_uri(&uri).map_err(|_| AccountError::Phrase)?;
        let id = AccountId32::new(keypair.public_key().0);
        Ok(Self { keypair, id })
    }

    /// The account.
    pub fn id(&self) -> &AccountId32 {
        &self.id
    }

    /// The account's address, in SS58 with the network's prefix.
    pub fn address(&self) -> String {
        self.id.to_ss58check_with_version(Ss58AddressFormat::custom(SS58_PREFIX))
    }

    /// A signature over a message that is no transaction.
    pub fn sign(&self, message: &[u8]) -> OperatorSignature {
        OperatorSignature(self.keypair.sign(message).0)
    }

    pub(crate) fn signer(&self) -> &Keypair {
        &self.keypair
    }
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Account({})", self.address())
    }
}

impl std::fmt::Display for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.address())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_core::{sr25519, Pair};

    const SEED: &str = "0xe5be9a5092b81bca64be81d212e7f2f9eba183bb7a90954f7b76361f6edb5c0a";

    #[test]
    fn a_path_a_seed_and_a_mnemonic_give_the_accounts_that_the_sdk_gives() {
        for secret in [
            "//Alice",
            "//Operator//0",
            SEED,
            "bottom drive obey lake curtain smoke basket hold race lonely fit walk",
        ] {
            let expected = sr25519::Pair::from_string(secret, None).unwrap().public();
            let account = Account::from_uri(&format!("  {secret}\n")).unwrap();
            assert_eq!(account.id(), &AccountId32::new(expected.0), "{secret}");
        }
    }

    #[test]
    fn a_text_that_is_no_secret_is_refused_without_repeating_it() {
        assert_eq!(Account::from_uri("0x1234").unwrap_err(), AccountError::Phrase);
        assert_eq!(Account::from_uri("bottom bottom").unwrap_err(), AccountError::Phrase);
        assert_eq!(Account::from_uri("!!").unwrap_err(), AccountError::Uri);
        assert!(!AccountError::Phrase.to_string().contains("1234"));
    }

    #[test]
    fn messages_are_signed_as_the_sdk_verifies_them() {
        for secret in [
            "//Operator//1",
            "bottom drive obey lake curtain smoke basket hold race lonely fit walk//a",
        ] {
            let public = sr25519::Pair::from_string(secret, None).unwrap().public();
            let signature = sr25519::Signature::from_raw(Account::from_uri(secret).unwrap().sign(b"message").0);
            assert!(sr25519::Pair::verify(&signature, b"message", &public));
            assert!(!sr25519::Pair::verify(&signature, b"another", &public));
        }
    }

    #[test]
    fn debug_shows_the_address_and_nothing_else() {
        let account = Account::from_uri(SEED).unwrap();
        assert_eq!(format!("{account:?}"), format!("Account({})", account.address()));
        assert_eq!(AccountId32::from_ss58check(&account.address()).unwrap(), *account.id());
    }
}
