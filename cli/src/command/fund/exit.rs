//! Leaving: shares in, coins out; and shares from hand to hand.

use super::{Fund, Held, SMALLEST};
use crate::{
    amount::{Amount, Ppm},
    failure::Failure,
    units,
};
use khala_primitives::Balance;

/// Most requests of an account in a queue.
const MOST_REQUESTS: usize = 8;

/// What a withdrawal does at today's price.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::command) struct Withdrawal {
    /// Shares that go.
    pub shares: u128,
    /// What they are worth, in planck.
    pub worth: Balance,
    /// What of it free coins pay at once, in planck.
    pub at_once: Balance,
    /// Everything goes because too little would be left.
    rest_goes: bool,
}

impl Withdrawal {
    /// What free coins do not pay at once, in planck.
    pub fn rest(&self) -> Balance {
        self.worth.saturating_sub(self.at_once)
    }
}

impl Fund {
    /// Shares of a holding that are worth an amount.
    ///
    /// # Errors
    /// There is not so much.
    pub fn shares_of(&self, held: &Held, amount: Amount) -> Result<u128, Failure> {
        let (target, holder) = (self.target, &held.holder);
        let waiting = match held.requests.len() {
            0 => String::new(),
            count => format!("; what waits in its {count} requests is on its way already"),
        };
        if held.shares == 0 {
            return Err(Failure::failed(format!("{holder} has no shares of {target}{waiting}")));
        }
        let Amount::Planck(amount) = amount else {
            return Ok(held.shares);
        };
        if amount == 0 {
            return Err(Failure::usage("there is nothing to move: name an amount above zero, or all"));
        }
        let most = self.worth(held.shares);
        if amount > most {
            return Err(Failure::failed(format!(
                "{} PHA are too much: {holder}'s shares of {target} are worth {} PHA today{waiting}. Name less, or all",
                units::pha(amount, 6),
                units::pha(most, 6)
            )));
        }
        Ok(self.worth_at_least(amount).unwrap_or(held.shares).min(held.shares))
    }

    /// What taking so much out does.
    ///
    /// # Errors
    /// There is not so much, or it is too little.
    pub fn left_by(&self, held: &Held, amount: Amount) -> Result<Withdrawal, Failure> {
        let asked = self.shares_of(held, amount)?;
        // The chain takes everything when less than a smallest holding would be left.
        let rest = held.shares.saturating_sub(asked);
        let shares = if self.suffice(rest) { asked } else { held.shares };
        let worth = self.worth(shares);
        if shares != held.shares && !self.suffice(shares) {
            return Err(Failure::failed(format!(
                "{} PHA are too little: a withdrawal is at least {} PHA, or everything",
                units::pha(worth, 6),
                units::pha(SMALLEST, 0)
            )));
        }
        Ok(Withdrawal {
            shares,
            worth,
            at_once: self.paid_at_once(shares),
            rest_goes: shares != asked,
        })
    }

    /// Is there a place for one more request of the account?
    ///
    /// # Errors
    /// The account has eight.
    pub fn check_requests(&self, held: &Held) -> Result<(), Failure> {
        match held.requests.first().filter(|_| held.requests.len() >= MOST_REQUESTS) {
            None => Ok(()),
            Some(first) => Err(Failure::failed(format!(
                "{} has {} requests in the queue of {}, and more are not possible: wait until request {first} is paid, or cancel one and \
                 withdraw the sum",
                held.holder,
                held.requests.len(),
                self.target
            ))),
        }
    }

    /// Shares of a holding that go to another account.
    ///
    /// # Errors
    /// There is not so much, or too little would be moved or left.
    pub fn moved(&self, held: &Held, amount: Amount) -> Result<u128, Failure> {
        let moved = self.shares_of(held, amount)?;
        let rest = held.shares.saturating_sub(moved);
        if rest > 0 && !(self.suffice(moved) && self.suffice(rest)) {
            return Err(Failure::failed(format!(
                "a holding is worth at least {} PHA: this would move {} PHA and leave {} PHA. Transfer more, less, or all",
                units::pha(SMALLEST, 0),
                units::pha(self.worth(moved), 6),
                units::pha(self.worth(rest), 6)
            )));
        }
        Ok(moved)
    }

    /// What a withdrawal does, in sentences; `waits` says what becomes of what free coins do not pay.
    pub fn leaving_lines(&self, withdrawal: &Withdrawal, slippage: Ppm, waits: &str) -> Vec<String> {
        let mut lines = vec![format!(
            "{} shares of {} are worth {} PHA at a price of {}; the chain refuses it if that is more than {slippage} less.",
            units::pha(withdrawal.shares, 6),
            self.target,
            units::pha(withdrawal.worth, 6),
            units::fixed18(self.price, 6)
        )];
        if withdrawal.rest_goes {
            lines.push("Everything goes, as less than a smallest holding would be left.".into());
        }
        lines.push(match (withdrawal.at_once, withdrawal.rest()) {
            (0, 0) => "They are worth nothing, and are given up for nothing.".into(),
            (_, 0) => "All of it is paid at once.".into(),
            (0, _) => format!("It {waits}."),
            (at_once, rest) => format!(
                "{} PHA are paid at once out of free coins. The rest, {} PHA, {waits}.",
                units::pha(at_once, 6),
                units::pha(rest, 6)
            ),
        });
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::pool;
    use khala_primitives::PHA;

    /// A pool with so much free.
    fn with_free(free: Balance) -> Fund {
        Fund {
            free,
            ..Fund::from(&pool())
        }
    }

    fn held(shares: u128) -> Held {
        Held::of_account(shares, vec![])
    }

    #[test]
    fn what_is_free_is_paid_at_once_and_the_rest_waits() {
        let planned = |free, amount| with_free(free).left_by(&held(100 * PHA), Amount::Planck(amount)).unwrap();
        let found = planned(30 * PHA, 50 * PHA);
        assert_eq!((found.shares, found.worth, found.at_once), (50 * PHA, 50 * PHA, 30 * PHA));
        assert_eq!(planned(50 * PHA, 50 * PHA).at_once, 50 * PHA);
        assert_eq!(planned(0, 50 * PHA).at_once, 0);
    }

    #[test]
    fn too_small_a_rest_goes_along() {
        let planned = |amount| with_free(0).left_by(&held(100 * PHA), Amount::Planck(amount)).unwrap();
        for (amount, shares, rest_goes) in [
            (99 * PHA, 99 * PHA, false),
            (99 * PHA + 1, 100 * PHA, true),
            (100 * PHA, 100 * PHA, false),
        ] {
            let found = planned(amount);
            assert_eq!((found.shares, found.rest_goes), (shares, rest_goes), "{amount}");
        }
        let all = with_free(0).left_by(&held(PHA / 2), Amount::All).unwrap();
        assert_eq!((all.shares, all.rest_goes), (PHA / 2, false));
    }

    #[test]
    fn nobody_withdraws_more_than_there_is_or_too_little() {
        let failed = |amount| with_free(0).left_by(&held(100 * PHA), Amount::Planck(amount)).unwrap_err();
        let much = failed(100 * PHA + 1);
        assert!(
            much.message
                .contains("the account's shares of pool 3 are worth 100.000000 PHA today. Name less, or all"),
            "{much}"
        );
        let little = failed(PHA - 1);
        assert!(little.message.contains("a withdrawal is at least 1 PHA, or everything"), "{little}");
        assert!(with_free(0).left_by(&held(100 * PHA), Amount::Planck(PHA)).is_ok());
        let nothing = failed(0);
        assert!(nothing.message.contains("above zero"), "{nothing}");
        let stranger = with_free(0).left_by(&held(0), Amount::All).unwrap_err();
        assert!(stranger.message.contains("has no shares of pool 3"), "{stranger}");
    }

    #[test]
    fn a_ninth_request_is_refused() {
        let with = |count: u64| Held::of_account(PHA, (1..=count).collect());
        assert!(with_free(0).check_requests(&with(0)).is_ok());
        assert!(with_free(0).check_requests(&with(7)).is_ok());
        for count in [8, 9] {
            let failure = with_free(0).check_requests(&with(count)).unwrap_err();
            assert!(
                failure.message.contains(&format!("has {count} requests")) && failure.message.contains("request 1 is paid"),
                "{failure}"
            );
        }
    }

    #[test]
    fn who_withdraws_is_told_the_price_and_what_is_paid_when() {
        let said = |free| {
            let fund = with_free(free);
            let planned = fund.left_by(&held(100 * PHA), Amount::Planck(50 * PHA)).unwrap();
            fund.leaving_lines(&planned, Ppm(5_000), "waits").join("\n")
        };
        assert!(said(0).contains("50.000000 shares of pool 3 are worth 50.000000 PHA at a price of 1.000000"));
        assert!(said(0).contains("It waits."));
        assert!(said(50 * PHA).contains("All of it is paid at once."));
        assert!(said(20 * PHA).contains("20.000000 PHA are paid at once out of free coins. The rest, 30.000000 PHA, waits."));
    }

    #[test]
    fn both_have_a_smallest_holding_after_a_transfer_or_all_goes() {
        let moved = |amount| with_free(0).moved(&held(10 * PHA), Amount::Planck(amount));
        for (amount, good) in [
            (PHA - 1, false),
            (PHA, true),
            (9 * PHA, true),
            (9 * PHA + 1, false),
            (10 * PHA, true),
            (10 * PHA + 1, false),
        ] {
            assert_eq!(moved(amount).is_ok(), good, "{amount}");
        }
        let failure = moved(9 * PHA + 1).unwrap_err();
        assert!(failure.message.contains("leave 0.999999 PHA"), "{failure}");
    }
}
