//! Times of the vaults: `design/mining.md`, table of constants.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Longest margin: 30 days, in seconds.
const MAX_SECS: u64 = 30 * 86_400;

/// Times of the vaults, in seconds of the credited clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VaultParameters {
    /// What a request of a vault may take beyond the requests in its pools.
    pub margin_secs: u64,
}

impl VaultParameters {
    /// The production network's values.
    pub fn khala() -> Self {
        Self { margin_secs: 86_400 }
    }

    /// The values of networks on one machine.
    pub fn local() -> Self {
        Self { margin_secs: 60 }
    }

    /// The first value that is out of its bounds, with what is wrong about it.
    pub fn validate(&self) -> Result<(), &'static str> {
        if self.margin_secs == 0 || self.margin_secs > MAX_SECS {
            return Err("marginSecs must be from a second to 30 days");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_presets_are_valid_and_the_margin_has_its_bounds() {
        for preset in [VaultParameters::khala(), VaultParameters::local()] {
            assert_eq!(preset.validate(), Ok(()));
        }
        let valid = |margin_secs| VaultParameters { margin_secs }.validate().is_ok();
        assert_eq!([0, 1, MAX_SECS, MAX_SECS + 1].map(valid), [false, true, true, false]);
    }
}
