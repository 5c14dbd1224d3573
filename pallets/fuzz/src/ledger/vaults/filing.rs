//! Which shares of which pools somebody who leaves gets.

use super::{part, part_up, Stake, Valued, LEAST_SHARES};
use khala_primitives::{Balance, PHA};
use std::cmp::Reverse;

/// What is asked of a pool.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Filing {
    /// Which of the vault's pools.
    pub(super) place: usize,
    /// Shares for whoever leaves.
    pub(super) claim: u128,
    /// Shares that are taken back: what is more than the claim is the vault's.
    pub(super) file: u128,
}

impl Stake {
    /// What to ask of it for so much.
    fn filing(&self, place: usize, amount: Balance) -> Filing {
        let claim = if amount >= self.worth(self.held) {
            self.held
        } else {
            part(amount, self.shares, self.value)
        };
        let smallest = match self.value {
            0 => self.held,
            value => part_up(PHA, self.shares, value).max(LEAST_SHARES).min(self.held),
        };
        Filing {
            place,
            claim,
            file: claim.max(smallest),
        }
    }
}

impl Valued {
    /// What to ask of the pools for so much: a part of each by what the vault has there. A part below the smallest request is asked of the
    /// pool in which most is left then.
    pub(super) fn plan(&self, amount: Balance) -> Vec<Filing> {
        let there: Vec<Balance> = self.stakes.iter().map(|stake| stake.worth(stake.held)).collect();
        let all: Balance = there.iter().sum();
        let mut open = amount.min(all);
        let share = |worth: &Balance| match part(amount.min(all), *worth, all) {
            small if small < PHA && small < *worth => 0,
            enough => enough,
        };
        let mut parts: Vec<Balance> = there.iter().map(share).collect();
        open -= parts.iter().sum::<Balance>();
        while open > 0 {
            let left = |place: &usize| there[*place] - parts[*place];
            let fullest = (0..parts.len()).max_by_key(|place| (left(place), Reverse(*place)));
            let Some(place) = fullest.filter(|place| left(place) > 0) else {
                break;
            };
            let more = left(&place).min(open);
            parts[place] += more;
            open -= more;
        }
        let asked = self.stakes.iter().zip(parts).enumerate().filter(|(_, (_, part))| *part > 0);
        let filings = asked.map(|(place, (stake, part))| stake.filing(place, part));
        filings.filter(|filing| filing.claim > 0).collect()
    }
}
