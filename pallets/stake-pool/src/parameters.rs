//! Times of the pools: `design/mining.md`, table of constants.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Longest grace: a year, in seconds.
const MAX_SECS: u64 = 365 * 86_400;

/// Times of the pools, in seconds of the credited clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PoolParameters {
    /// Time in which a pool pays a request with what comes in, before it takes stakes back for it.
    pub grace_secs: u64,
    /// What a request may take beyond its deadline and a cool-down.
    pub margin_secs: u64,
    /// Time in which all pools take their rewards in at least once.
    pub sweep_secs: u64,
}

impl PoolParameters {
    /// The production network's values.
    pub fn khala() -> Self {
        Self {
            grace_secs: 7 * 86_400,
            margin_secs: 3_600,
            sweep_secs: 3_600,
        }
    }

    /// The values of networks on one machine.
    pub fn local() -> Self {
        Self {
            grace_secs: 120,
            margin_secs: 10,
            sweep_secs: 10,
        }
    }

    /// The first value that is out of its bounds, with what is wrong about it.
    pub fn validate(&self) -> Result<(), &'static str> {
        if self.grace_secs == 0 || self.grace_secs > MAX_SECS {
            return Err("graceSecs must be from a second to a year");
        }
        if self.margin_secs == 0 || self.margin_secs > MAX_SECS {
            return Err("marginSecs must be from a second to a year");
        }
        if self.sweep_secs == 0 || self.sweep_secs > MAX_SECS {
            return Err("sweepSecs must be from a second to a year");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_presets_are_valid_and_each_time_has_its_bounds() {
        for preset in [PoolParameters::khala(), PoolParameters::local()] {
            assert_eq!(preset.validate(), Ok(()));
            for set in [
                |p: &mut PoolParameters, secs| p.grace_secs = secs,
                |p: &mut PoolParameters, secs| p.margin_secs = secs,
                |p: &mut PoolParameters, secs| p.sweep_secs = secs,
            ] {
                let valid = |secs| {
                    let mut parameters = preset;
                    set(&mut parameters, secs);
                    parameters.validate().is_ok()
                };
                assert_eq!([0, 1, MAX_SECS, MAX_SECS + 1].map(valid), [false, true, true, false]);
            }
        }
    }
}
