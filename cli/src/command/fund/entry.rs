//! Joining: coins in, shares out.

use super::{Fund, Held, FEWEST_SHARES, SMALLEST};
use crate::{args::Target, failure::Failure, units};
use khala_primitives::Balance;

impl Fund {
    /// The shares that an amount buys, if the fund takes it.
    ///
    /// # Errors
    /// The chain would refuse it.
    pub fn joined_by(&self, held: &Held, amount: Balance) -> Result<u128, Failure> {
        let (target, noun) = (self.target, self.target.noun());
        if amount < SMALLEST {
            return Err(Failure::failed(format!(
                "{} PHA are too little: a delegation is at least {} PHA",
                units::pha(amount, 12),
                units::pha(SMALLEST, 0)
            )));
        }
        if let Some(out) = &self.unwinding {
            return Err(Failure::failed(format!(
                "{target} has no shares, but {out}, which its owner gets back: wait until they have come"
            )));
        }
        if let Some(room) = self.room.filter(|room| amount > *room) {
            return Err(Failure::failed(format!(
                "{} PHA are too much: {target} takes {} PHA more until its cap of {} PHA. Delegate less, or to another {noun}",
                units::pha(amount, 4),
                units::pha(room, 4),
                units::pha(self.cap.unwrap_or_default(), 4)
            )));
        }
        let bought = self.bought(amount).ok_or_else(|| {
            Failure::failed(format!(
                "the shares of {target} are worth nothing after a loss: nobody can join it. Delegate to another {noun}"
            ))
        })?;
        self.check_fewest(held.shares.saturating_add(bought))?;
        Ok(bought)
    }

    /// The cap as it is shown.
    pub fn cap_shown(&self) -> String {
        match (self.cap, self.room) {
            (Some(cap), Some(room)) => format!("{} PHA, room for {} PHA", units::pha(cap, 6), units::pha(room, 6)),
            _ => "none".into(),
        }
    }

    /// What another cap means, in a sentence.
    pub fn cap_line(&self, cap: Option<Balance>) -> String {
        let target = self.target;
        let Some(cap) = cap else {
            return format!("{target} takes any amount from now on.");
        };
        let besides = match target {
            Target::Pool(_) => ", without what waits in its queue",
            Target::Vault(_) => "",
        };
        format!(
            "Nobody can delegate to {target} above a value of {} PHA{besides}; its value is {} PHA now.",
            units::pha(cap, 4),
            units::pha(self.value, 4)
        )
    }

    /// Would a holding of so many shares be told from rounding?
    ///
    /// # Errors
    /// There are too few, as a share is dear.
    pub fn check_fewest(&self, shares: u128) -> Result<(), Failure> {
        if shares >= FEWEST_SHARES {
            return Ok(());
        }
        Err(Failure::failed(format!(
            "a share of {} is so dear that a holding is worth at least {} PHA, and this would be one of {} PHA",
            self.target,
            units::pha_up(self.worth(FEWEST_SHARES), 4),
            units::pha(self.worth(shares), 4)
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::{pool, vault};
    use khala_primitives::{status::VaultStatus, PHA};

    fn joined(fund: &Fund, shares: u128, amount: Balance) -> Result<u128, Failure> {
        fund.joined_by(&Held::of_account(shares, vec![]), amount)
    }

    #[test]
    fn a_delegation_is_at_least_one_pha() {
        for (amount, good) in [(PHA - 1, false), (PHA, true), (PHA + 1, true)] {
            let found = joined(&Fund::from(&pool()), 0, amount);
            assert_eq!(found.is_ok(), good, "{amount}");
            if let Err(failure) = found {
                let part = "0.999999999999 PHA are too little: a delegation is at least 1 PHA";
                assert!(failure.message.contains(part), "{failure}");
            }
        }
    }

    #[test]
    fn nothing_goes_above_the_cap() {
        let capped = Fund {
            cap: Some(1_500 * PHA),
            room: Some(500 * PHA),
            ..Fund::from(&pool())
        };
        for (amount, good) in [(500 * PHA - 1, true), (500 * PHA, true), (500 * PHA + 1, false)] {
            let found = joined(&capped, 0, amount);
            assert_eq!(found.is_ok(), good, "{amount}");
            if let Err(failure) = found {
                let part = "pool 3 takes 500.0000 PHA more until its cap of 1,500.0000 PHA";
                assert!(failure.message.contains(part), "{failure}");
            }
        }
    }

    #[test]
    fn a_cap_is_shown_with_its_room_and_told_when_it_changes() {
        let (pool, vault) = (Fund::from(&pool()), Fund::from(&vault()));
        assert_eq!(pool.cap_shown(), "none");
        let capped = Fund {
            cap: Some(3 * PHA),
            room: Some(PHA),
            ..pool.clone()
        };
        assert_eq!(capped.cap_shown(), "3.000000 PHA, room for 1.000000 PHA");
        assert!(pool.cap_line(None).contains("pool 3 takes any amount"));
        assert!(pool.cap_line(Some(PHA)).contains("above a value of 1.0000 PHA, without what waits"));
        assert!(vault.cap_line(Some(PHA)).ends_with("1.0000 PHA; its value is 1,000.0000 PHA now."));
    }

    #[test]
    fn nobody_joins_what_unwinds_or_is_worth_nothing() {
        let unwinding = Fund::from(&VaultStatus {
            shares: 0,
            value: 0,
            ..vault()
        });
        let failure = joined(&unwinding, 0, PHA).unwrap_err();
        assert!(
            failure.message.contains("vault 2 has no shares, but 900.0000 PHA in pools"),
            "{failure}"
        );
        let worthless = Fund {
            value: 0,
            ..Fund::from(&pool())
        };
        let failure = joined(&worthless, 0, PHA).unwrap_err();
        assert!(failure.message.contains("worth nothing"), "{failure}");
    }

    #[test]
    fn a_holding_has_enough_shares_to_be_told_from_rounding() {
        // A share is worth a thousand planck.
        let dear = Fund {
            value: 1_000 * PHA,
            shares: PHA,
            ..Fund::from(&pool())
        };
        let failure = joined(&dear, 0, 9 * PHA).unwrap_err();
        assert!(
            failure
                .message
                .contains("worth at least 10.0000 PHA, and this would be one of 9.0000 PHA"),
            "{failure}"
        );
        assert!(joined(&dear, 0, 10 * PHA).is_ok());
        assert!(joined(&dear, FEWEST_SHARES, PHA).is_ok(), "what is held counts");
    }
}
