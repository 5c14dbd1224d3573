//! Fixed byte strings: SCALE as they are, JSON as `0x` hex.

/// Defines a newtype around `[u8; N]` that is hex in JSON and in `Display`.
macro_rules! fixed_bytes {
    ($(#[$meta:meta])* $name:ident, $len:literal) => {
        $(#[$meta])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, codec::Encode, codec::Decode, codec::DecodeWithMemTracking, codec::MaxEncodedLen,
            scale_info::TypeInfo,
        )]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// Length in bytes.
            pub const LEN: usize = $len;

            /// The bytes.
            pub fn as_bytes(&self) -> &[u8] {
                &self.0
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("0x")?;
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Display::fmt(self, f)
            }
        }

        impl core::str::FromStr for $name {
            type Err = $crate::bytes::BytesError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::bytes::parse_hex(text).map(Self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <alloc::string::String as serde::Deserialize>::deserialize(deserializer)?;
                $crate::bytes::parse_hex(&text).map(Self).map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use fixed_bytes;

/// Why a text is not a byte string of the wanted length.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BytesError {
    /// A character that is not a hexadecimal digit.
    NotHex,
    /// The wrong number of bytes.
    Length {
        /// Bytes that the type has.
        expected: usize,
        /// Hexadecimal digits that the text has, without `0x`.
        digits: usize,
    },
}

impl core::fmt::Display for BytesError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::NotHex => f.write_str("not hexadecimal digits"),
            Self::Length { expected, digits } => {
                write!(
                    f,
                    "expected {expected} bytes ({} hexadecimal digits), found {digits} digits",
                    expected.saturating_mul(2)
                )
            }
        }
    }
}

impl core::error::Error for BytesError {}

/// Reads `N` bytes of hex, with or without `0x`.
pub fn parse_hex<const N: usize>(text: &str) -> Result<[u8; N], BytesError> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    if digits.len() != N.saturating_mul(2) {
        return Err(BytesError::Length {
            expected: N,
            digits: digits.len(),
        });
    }
    let mut out = [0; N];
    hex::decode_to_slice(digits, &mut out).map_err(|_| BytesError::NotHex)?;
    Ok(out)
}

/// `serde(with)` for byte vectors as `0x` hex.
pub mod hex_vec {
    use alloc::{string::String, vec::Vec};
    use serde::{Deserialize, Deserializer, Serializer};

    /// Writes `0x` hex.
    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("0x{}", hex::encode(bytes)))
    }

    /// Reads hex with or without `0x`.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        hex::decode(text.strip_prefix("0x").unwrap_or(&text)).map_err(serde::de::Error::custom)
    }
}

/// `serde(with)` for whole numbers that JSON readers would round: decimal strings.
pub mod decimal {
    use alloc::string::String;
    use core::{fmt::Display, str::FromStr};
    use serde::{Deserialize, Deserializer, Serializer};

    /// Writes a decimal string.
    pub fn serialize<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    /// Reads a decimal string.
    pub fn deserialize<'de, T: FromStr, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error>
    where
        T::Err: Display,
    {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
