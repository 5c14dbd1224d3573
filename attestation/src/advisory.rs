//! Security advisories by name.

use alloc::string::String;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{de::Error as _, Deserialize, Deserializer, Serialize, Serializer};

/// Longest name of an advisory, in bytes. Intel's have 14: `INTEL-SA-00615`.
pub const MAX_LENGTH: usize = 32;

/// The name of a security advisory of Intel's, such as `INTEL-SA-00615`.
///
/// It has a fixed size, so that verdicts and policies are bounded without an allocation for each name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, MaxEncodedLen, TypeInfo)]
pub struct Advisory {
    /// The name, then zero bytes.
    bytes: [u8; MAX_LENGTH],
}

/// Not the name of an advisory: empty, longer than [`MAX_LENGTH`], or not printable ASCII.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotAnAdvisory;

impl core::fmt::Display for NotAnAdvisory {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "an advisory is named by 1 to {MAX_LENGTH} printable ASCII characters")
    }
}

impl core::error::Error for NotAnAdvisory {}

impl Advisory {
    /// The name.
    pub fn as_str(&self) -> &str {
        let length = self.bytes.iter().position(|byte| *byte == 0).unwrap_or(MAX_LENGTH);
        // Only printable ASCII gets in, so the text is always there.
        self.bytes
            .get(..length)
            .and_then(|bytes| core::str::from_utf8(bytes).ok())
            .unwrap_or_default()
    }

    fn from_bytes(bytes: [u8; MAX_LENGTH]) -> Result<Self, NotAnAdvisory> {
        let length = bytes.iter().position(|byte| *byte == 0).unwrap_or(MAX_LENGTH);
        let (name, rest) = bytes.split_at(length);
        if name.is_empty() || !name.iter().all(u8::is_ascii_graphic) || rest.iter().any(|byte| *byte != 0) {
            return Err(NotAnAdvisory);
        }
        Ok(Self { bytes })
    }
}

impl core::str::FromStr for Advisory {
    type Err = NotAnAdvisory;

    fn from_str(text: &str) -> Result<Self, NotAnAdvisory> {
        let mut bytes = [0; MAX_LENGTH];
        bytes.get_mut(..text.len()).ok_or(NotAnAdvisory)?.copy_from_slice(text.as_bytes());
        Self::from_bytes(bytes)
    }
}

impl Decode for Advisory {
    fn decode<I: codec::Input>(input: &mut I) -> Result<Self, codec::Error> {
        Self::from_bytes(Decode::decode(input)?).map_err(|_| "not the name of an advisory".into())
    }
}

impl DecodeWithMemTracking for Advisory {}

impl core::fmt::Display for Advisory {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl core::fmt::Debug for Advisory {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Advisory {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Advisory {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn a_name_comes_back_from_scale_and_json() {
        let advisory: Advisory = "INTEL-SA-00615".parse().unwrap();
        assert_eq!(advisory.to_string(), "INTEL-SA-00615");
        assert_eq!(Advisory::decode(&mut &advisory.encode()[..]).unwrap(), advisory);
        assert_eq!(serde_json::to_string(&advisory).unwrap(), "\"INTEL-SA-00615\"");
        assert_eq!(serde_json::from_str::<Advisory>("\"INTEL-SA-00615\"").unwrap(), advisory);
    }

    #[test]
    fn names_are_as_long_as_allowed_and_no_longer() {
        assert_eq!("".parse::<Advisory>(), Err(NotAnAdvisory));
        for (length, good) in [(1, true), (MAX_LENGTH - 1, true), (MAX_LENGTH, true), (MAX_LENGTH + 1, false)] {
            assert_eq!("A".repeat(length).parse::<Advisory>().is_ok(), good, "{length}");
        }
    }

    #[test]
    fn text_that_is_no_name_is_refused() {
        assert_eq!("INTEL SA".parse::<Advisory>(), Err(NotAnAdvisory));
        assert_eq!("INTEL-SÄ".parse::<Advisory>(), Err(NotAnAdvisory));
        let mut bytes = [0u8; MAX_LENGTH];
        bytes[0] = b'A';
        bytes[2] = b'B';
        assert!(Advisory::decode(&mut &bytes[..]).is_err(), "two encodings of one name");
    }
}
