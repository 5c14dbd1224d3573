//! What delegators give coins to: a pool, or a vault.

use khala_primitives::{PoolId, VaultId};
use serde::Serialize;
use serde_json::{json, Value};
use std::{fmt, str::FromStr};

/// What stands before the number of a vault.
const VAULT: &str = "vault:";

/// A pool, or a vault. In JSON `{"pool":3}`, `{"vault":2}`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Target {
    /// The pool of this number: `3`.
    Pool(PoolId),
    /// The vault of this number: `vault:2`.
    Vault(VaultId),
}

impl Target {
    /// What it is.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Pool(_) => "pool",
            Self::Vault(_) => "vault",
        }
    }

    /// Its number.
    pub fn number(self) -> u32 {
        match self {
            Self::Pool(number) | Self::Vault(number) => number,
        }
    }

    /// Facts about it, for programs: what it is and its number stand before them.
    pub fn facts(self, facts: Value) -> Value {
        let mut all = json!(self);
        if let (Some(all), Value::Object(facts)) = (all.as_object_mut(), facts) {
            all.extend(facts);
        }
        all
    }

    /// As it is named on the command line.
    pub fn word(self) -> String {
        match self {
            Self::Pool(number) => number.to_string(),
            Self::Vault(number) => format!("{VAULT}{number}"),
        }
    }
}

/// `pool 3`, `vault 2`.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.noun(), self.number())
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |digits: &str| {
            digits
                .parse()
                .map_err(|_| format!("expected the number of a pool, such as 3, or {VAULT} and the number of a vault, such as {VAULT}2"))
        };
        match text.strip_prefix(VAULT) {
            Some(digits) => number(digits).map(Self::Vault),
            None => number(text).map(Self::Pool),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_is_a_number_and_a_vault_says_that_it_is_one() {
        for (text, target, shown) in [
            ("0", Target::Pool(0), "pool 0"),
            ("4294967295", Target::Pool(u32::MAX), "pool 4294967295"),
            ("vault:2", Target::Vault(2), "vault 2"),
        ] {
            let read: Target = text.parse().unwrap();
            assert_eq!((read, read.word().as_str(), read.to_string().as_str()), (target, text, shown));
        }
        for text in ["", "vault", "vault:", "vault:x", "vault 2", "pool:3", "-1", "4294967296", "Vault:2"] {
            let reason = text.parse::<Target>().unwrap_err();
            assert!(reason.contains("vault: and the number of a vault"), "{text}: {reason}");
        }
    }

    #[test]
    fn facts_begin_with_what_they_are_about() {
        let facts = json!({ "amount": "5" });
        assert_eq!(Target::Vault(2).facts(facts.clone()).to_string(), r#"{"vault":2,"amount":"5"}"#);
        assert_eq!(Target::Pool(3).facts(facts).to_string(), r#"{"pool":3,"amount":"5"}"#);
    }
}
