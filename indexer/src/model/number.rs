//! Numbers that a JSON reader would round.

use rusqlite::{
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef},
    ToSql,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Defines a whole number that is a decimal string in JSON, and 16 bytes in the database, most significant first: so that SQLite
/// compares them as numbers.
macro_rules! number {
    ($(#[$meta:meta])* $name:ident, $example:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, ToSchema)]
        #[schema(value_type = String, pattern = "^[0-9]{1,39}$", example = $example)]
        pub struct $name(pub u128);

        impl From<u128> for $name {
            fn from(value: u128) -> Self {
                Self(value)
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
                let value = digits.then(|| text.parse().ok()).flatten();
                value.map(Self).ok_or_else(|| serde::de::Error::custom("not a whole number below 2^128 in decimal digits"))
            }
        }

        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.0.to_be_bytes().to_vec().into())
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                let bytes = value.as_blob()?;
                let bytes = bytes.try_into().map_err(|_| FromSqlError::InvalidBlobSize {
                    expected_size: 16,
                    blob_size: bytes.len(),
                })?;
                Ok(Self(u128::from_be_bytes(bytes)))
            }
        }
    };
}

number! {
    /// An amount in planck: 1 PHA = 10^12 planck.
    Planck, "1500000000000"
}
number! {
    /// A number with 18 decimals, in units of 10^-18: 1.5 is 1500000000000000000.
    Fixed18, "1500000000000000000"
}
number! {
    /// A number of shares of a pool or a vault, in units of which there are 10^12 in a share.
    Shares, "1000000000000"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_a_decimal_string_in_json() {
        assert_eq!(serde_json::to_string(&Planck(u128::MAX)).unwrap(), format!("\"{}\"", u128::MAX));
        assert_eq!(serde_json::from_str::<Planck>("\"12\"").unwrap(), Planck(12));
        for wrong in [
            "12",
            "\"\"",
            "\"-1\"",
            "\"+1\"",
            "\"1e3\"",
            "\"340282366920938463463374607431768211456\"",
        ] {
            assert!(serde_json::from_str::<Planck>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_database_compares_numbers_as_numbers() {
        let db = rusqlite::Connection::open_in_memory().unwrap();
        let less = |a: u128, b: u128| {
            db.query_row("SELECT ?1 < ?2", (Planck(a), Planck(b)), |row| row.get::<_, bool>(0))
                .unwrap()
        };
        assert!(less(0, 1) && less(255, 256) && less(u128::MAX - 1, u128::MAX) && !less(2, 1));
    }

    #[test]
    fn a_number_survives_the_database() {
        let db = rusqlite::Connection::open_in_memory().unwrap();
        for value in [0, 1, u128::from(u64::MAX) + 1, u128::MAX] {
            let back: Planck = db.query_row("SELECT ?1", [Planck(value)], |row| row.get(0)).unwrap();
            assert_eq!(back, Planck(value));
        }
        assert!(db.query_row("SELECT x'0102'", [], |row| row.get::<_, Planck>(0)).is_err());
    }
}
