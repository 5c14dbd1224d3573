//! A fee, or a limit of commissions: it falls at once and rises after an announcement.

use super::VaultError;

/// Most by which a rate rises at once, in parts of a million.
const TEN_POINTS: u32 = 100_000;

/// Parts of a million.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rate {
    pub(crate) now: u32,
    pub(crate) maximum: u32,
    /// A higher one, and from when on.
    pub(crate) rise: Option<(u32, u64)>,
}

/// What becomes of a rate.
pub(super) enum Turn {
    Announced(u64),
    Lowered { to: Option<u32>, withdrawn: Option<u32> },
}

/// The errors of a rate: above its maximum, too large a step, the same as before.
pub(super) struct Refusals(pub(super) VaultError, pub(super) VaultError, pub(super) VaultError);

impl Rate {
    pub(super) fn new(now: u32, maximum: u32) -> Self {
        Self { now, maximum, rise: None }
    }

    pub(super) fn apply(&mut self, now_secs: u64) -> Option<u32> {
        let (rate, _) = self.rise.take_if(|(_, due)| *due <= now_secs)?;
        assert!(
            rate > self.now && rate <= self.now + TEN_POINTS && rate <= self.maximum,
            "{self:?} rises to {rate}"
        );
        self.now = rate;
        Some(rate)
    }

    /// As it will be `now_secs`.
    pub(super) fn at(&self, now_secs: u64) -> u32 {
        self.clone().apply(now_secs).unwrap_or(self.now)
    }

    pub(super) fn set(&mut self, wanted: u32, due: u64, refusals: Refusals) -> Result<Turn, VaultError> {
        let Refusals(above, too_much, unchanged) = refusals;
        if wanted > self.maximum {
            return Err(above);
        }
        if wanted > self.now {
            if wanted - self.now > TEN_POINTS {
                return Err(too_much);
            }
            self.rise = Some((wanted, due));
            return Ok(Turn::Announced(due));
        }
        if wanted == self.now && self.rise.is_none() {
            return Err(unchanged);
        }
        let to = (wanted < self.now).then_some(wanted);
        self.now = wanted;
        let withdrawn = self.rise.take().map(|(rate, _)| rate);
        Ok(Turn::Lowered { to, withdrawn })
    }
}
