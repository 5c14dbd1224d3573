//! Accounts and keys: bytes in the database, text outside.

use khala_primitives::{bytes::parse_hex, AccountId32, SS58_PREFIX};
use rusqlite::{
    types::{FromSql, FromSqlResult, ToSqlOutput, ValueRef},
    ToSql,
};
use serde::{Deserialize, Serialize};
use sp_core::crypto::{Ss58AddressFormat, Ss58Codec};
use std::{fmt, str::FromStr};
use utoipa::ToSchema;

/// An account in SS58. Answers have the network's prefix (30); requests may have any.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, ToSchema)]
#[schema(value_type = String, format = "ss58", pattern = "^[1-9A-HJ-NP-Za-km-z]{46,52}$", example = "45zrALXAYn9rT7wHpysAgn4M2y98FjbrzMVXQug2S6jfZSr1")]
pub struct Address(pub [u8; 32]);

/// 32 bytes in hexadecimal digits: a worker's public IdentityKey, a digest or a hash.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, ToSchema)]
#[schema(value_type = String, pattern = "^0x[0-9a-f]{64}$", example = "0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d")]
pub struct Key(pub [u8; 32]);

impl From<&AccountId32> for Address {
    fn from(account: &AccountId32) -> Self {
        Self(*account.as_ref())
    }
}

impl Address {
    /// As the chain's type.
    pub fn account(&self) -> AccountId32 {
        AccountId32::new(self.0)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.account().to_ss58check_with_version(Ss58AddressFormat::custom(SS58_PREFIX)))
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let account = AccountId32::from_ss58check_with_version(text).map_err(|error| {
            let why = match error {
                sp_core::crypto::PublicError::InvalidChecksum => "its checksum is wrong: a character was mistyped",
                sp_core::crypto::PublicError::BadLength => "it has the wrong length",
                _ => "it is not base 58 with a prefix and a checksum",
            };
            format!("not an SS58 address: {why}")
        })?;
        Ok(Self::from(&account.0))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{}", hex::encode(self.0))
    }
}

impl FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if !text.starts_with("0x") {
            return Err("not a key: 0x and 64 hexadecimal digits are expected".into());
        }
        parse_hex(text).map(Self).map_err(|error| format!("not a key: {error}"))
    }
}

/// Serde by `Display` and `FromStr`, SQL by the bytes.
macro_rules! as_text_and_bytes {
    ($name:ident) => {
        impl Default for $name {
            fn default() -> Self {
                Self([0; 32])
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }

        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.0.as_slice().into())
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                FromSql::column_result(value).map(Self)
            }
        }
    };
}

as_text_and_bytes!(Address);
as_text_and_bytes!(Key);

/// Texts: JSON in the database.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Texts(pub Vec<String>);

impl ToSql for Texts {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let text = serde_json::to_string(&self.0).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        Ok(text.into())
    }
}

impl FromSql for Texts {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?)
            .map(Self)
            .map_err(|error| rusqlite::types::FromSqlError::Other(error.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: [u8; 32] = [
        0xd4, 0x35, 0x93, 0xc7, 0x15, 0xfd, 0xd3, 0x1c, 0x61, 0x14, 0x1a, 0xbd, 0x04, 0xa9, 0x9f, 0xd6, 0x82, 0x2c, 0x85, 0x58, 0x85, 0x4c,
        0xcd, 0xe3, 0x9a, 0x56, 0x84, 0xe7, 0xa5, 0x6d, 0xa2, 0x7d,
    ];

    #[test]
    fn an_address_of_any_network_is_read_and_ours_is_written() {
        let alice: Address = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY".parse().unwrap();
        assert_eq!(alice, Address(ALICE));
        assert_eq!(alice.to_string().parse(), Ok(alice));
        assert_ne!(alice.to_string(), "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY");
    }

    #[test]
    fn a_mistyped_address_says_so() {
        let error = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQZ".parse::<Address>().unwrap_err();
        assert!(error.contains("checksum"), "{error}");
        for wrong in [
            "",
            "0",
            "5Grwva",
            "0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d",
        ] {
            assert!(wrong.parse::<Address>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_key_has_its_prefix_and_64_digits() {
        let key = Key(ALICE);
        assert_eq!(key.to_string().parse(), Ok(key));
        for digits in [63, 65] {
            assert!(format!("0x{}", "a".repeat(digits)).parse::<Key>().is_err());
        }
        assert!("a".repeat(64).parse::<Key>().is_err() && format!("0x{}", "g".repeat(64)).parse::<Key>().is_err());
    }
}
