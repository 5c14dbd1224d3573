//! `khala delegate withdraw`.

use super::{forecast::lines as forecast_lines, shares, MOST_REQUESTS, SMALLEST};
use crate::{
    amount::{Amount, Ppm},
    args::{Global, Withdraw},
    command::{
        change::{Change, Desk},
        pool,
    },
    failure::{Exit, Failure},
    units,
};
use khala_client::calls::stake_pool as calls;
use khala_primitives::{
    status::{DelegationStatus, PoolStatus},
    Balance,
};
use serde_json::json;

/// What a withdrawal does at today's price.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Withdrawal {
    /// Shares that go.
    shares: u128,
    /// What they are worth, in planck.
    worth: Balance,
    /// What of it is paid at once, in planck.
    at_once: Balance,
    /// Everything goes because too little would be left.
    rest_goes: bool,
}

/// `khala delegate withdraw POOL AMOUNT|all --key-file FILE`.
pub async fn withdraw(global: &Global, args: &Withdraw) -> Result<Exit, Failure> {
    let desk = Desk::open(global, &args.signing).await?;
    let pool = pool::existing(&desk.chain, args.pool, desk.at).await?;
    let held = desk.chain.delegation(pool.id, desk.actor.id(), desk.at).await?;
    let withdrawal = plan(&pool, &held, args.amount)?;
    let forecast = desk.chain.withdrawal_forecast(pool.id, withdrawal.shares, desk.at).await?;
    let mut will = will(&pool, &withdrawal, args.slippage.slippage);
    if withdrawal.at_once < withdrawal.worth {
        will.extend(forecast.iter().flat_map(|forecast| forecast_lines(forecast, desk.now_secs)));
    }
    let least = args.slippage.slippage.less_than(withdrawal.worth);
    let change = Change::new(
        calls::undelegate(pool.id, withdrawal.shares, least),
        will,
        json!({ "pool": pool.id, "shares": withdrawal.shares.to_string(), "amount": withdrawal.worth.to_string(),
            "atOnce": withdrawal.at_once.to_string(), "minAmount": least.to_string(), "price": pool.price.to_string(),
            "forecast": forecast }),
    );
    desk.carry_out(change).await
}

/// Shares of a holding that are worth an amount.
///
/// # Errors
/// There is not so much.
pub(super) fn shares_of(pool: &PoolStatus, held: &DelegationStatus, amount: Amount) -> Result<u128, Failure> {
    let id = pool.id;
    let waiting = match held.requests.len() {
        0 => String::new(),
        count => format!("; what waits in its {count} requests is on its way already"),
    };
    if held.shares == 0 {
        return Err(Failure::failed(format!("the account has no shares of pool {id}{waiting}")));
    }
    let Amount::Planck(amount) = amount else {
        return Ok(held.shares);
    };
    if amount == 0 {
        return Err(Failure::usage("there is nothing to move: name an amount above zero, or all"));
    }
    let most = shares::worth(pool, held.shares);
    if amount > most {
        return Err(Failure::failed(format!(
            "{} PHA are too much: the account's shares of pool {id} are worth {} PHA today{waiting}. Name less, or all",
            units::pha(amount, 6),
            units::pha(most, 6)
        )));
    }
    Ok(shares::worth_at_least(pool, amount).unwrap_or(held.shares).min(held.shares))
}

fn plan(pool: &PoolStatus, held: &DelegationStatus, amount: Amount) -> Result<Withdrawal, Failure> {
    let asked = shares_of(pool, held, amount)?;
    // The chain takes everything when less than a smallest holding would be left.
    let rest = held.shares.saturating_sub(asked);
    let shares = if shares::suffice(pool, rest) { asked } else { held.shares };
    let worth = shares::worth(pool, shares);
    if shares != held.shares && !shares::suffice(pool, shares) {
        return Err(Failure::failed(format!(
            "{} PHA are too little: a withdrawal is at least {} PHA, or everything",
            units::pha(worth, 6),
            units::pha(SMALLEST, 0)
        )));
    }
    let (at_once, burned) = shares::paid_at_once(pool, shares);
    if burned < shares && held.requests.len() >= MOST_REQUESTS {
        let first = held.requests.first().map(|request| request.id).unwrap_or_default();
        return Err(Failure::failed(format!(
            "the account has {} requests in the queue of pool {}, and more are not possible: wait until request {first} is paid, or cancel \
             one and withdraw the sum",
            held.requests.len(),
            pool.id
        )));
    }
    Ok(Withdrawal {
        shares,
        worth,
        at_once,
        rest_goes: shares != asked,
    })
}

fn will(pool: &PoolStatus, withdrawal: &Withdrawal, slippage: Ppm) -> Vec<String> {
    let id = pool.id;
    let mut will = vec![format!(
        "{} shares of pool {id} are worth {} PHA at a price of {}; the chain refuses it if that is more than {slippage} less.",
        units::pha(withdrawal.shares, 6),
        units::pha(withdrawal.worth, 6),
        units::fixed18(pool.price, 6)
    )];
    if withdrawal.rest_goes {
        will.push("Everything goes, as less than a smallest holding would be left.".into());
    }
    will.push(match (withdrawal.at_once, withdrawal.worth.saturating_sub(withdrawal.at_once)) {
        (0, 0) => "They are worth nothing, and are given up for nothing.".into(),
        (_, 0) => "All of it is paid at once.".into(),
        (0, _) => "It waits in the queue, and earns and loses until it is paid.".into(),
        (at_once, rest) => format!(
            "{} PHA are paid at once; {} PHA wait in the queue, and earn and lose until they are paid.",
            units::pha(at_once, 6),
            units::pha(rest, 6)
        ),
    });
    will
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::{held, pool, request};
    use khala_primitives::PHA;

    /// [`pool`] with so much free.
    fn with_free(free: Balance) -> PoolStatus {
        PoolStatus { free, ..pool() }
    }

    #[test]
    fn what_is_free_is_paid_at_once_and_the_rest_waits() {
        let planned = |free, amount| plan(&with_free(free), &held(100 * PHA), Amount::Planck(amount)).unwrap();
        let found = planned(30 * PHA, 50 * PHA);
        assert_eq!((found.shares, found.worth, found.at_once), (50 * PHA, 50 * PHA, 30 * PHA));
        assert_eq!(planned(50 * PHA, 50 * PHA).at_once, 50 * PHA);
        assert_eq!(planned(0, 50 * PHA).at_once, 0);
    }

    #[test]
    fn too_small_a_rest_goes_along() {
        let planned = |amount| plan(&with_free(0), &held(100 * PHA), Amount::Planck(amount)).unwrap();
        for (amount, shares, rest_goes) in [
            (99 * PHA, 99 * PHA, false),
            (99 * PHA + 1, 100 * PHA, true),
            (100 * PHA, 100 * PHA, false),
        ] {
            let found = planned(amount);
            assert_eq!((found.shares, found.rest_goes), (shares, rest_goes), "{amount}");
        }
        let all = plan(&with_free(0), &held(PHA / 2), Amount::All).unwrap();
        assert_eq!((all.shares, all.rest_goes), (PHA / 2, false));
    }

    #[test]
    fn nobody_withdraws_more_than_there_is_or_too_little() {
        let failed = |amount| plan(&with_free(0), &held(100 * PHA), Amount::Planck(amount)).unwrap_err();
        let much = failed(100 * PHA + 1);
        assert!(much.message.contains("are worth 100.000000 PHA today. Name less, or all"), "{much}");
        let little = failed(PHA - 1);
        assert!(little.message.contains("a withdrawal is at least 1 PHA, or everything"), "{little}");
        assert!(plan(&with_free(0), &held(100 * PHA), Amount::Planck(PHA)).is_ok());
        let nothing = failed(0);
        assert!(nothing.message.contains("above zero"), "{nothing}");
        let stranger = plan(&with_free(0), &held(0), Amount::All).unwrap_err();
        assert!(stranger.message.contains("has no shares of pool 3"), "{stranger}");
    }

    #[test]
    fn a_ninth_request_is_refused_unless_it_is_paid_at_once() {
        let with = |count: u64| DelegationStatus {
            requests: (1..=count).map(request).collect(),
            ..held(100 * PHA)
        };
        let amount = Amount::Planck(10 * PHA);
        assert!(plan(&with_free(0), &with(7), amount).is_ok());
        let failure = plan(&with_free(0), &with(8), amount).unwrap_err();
        assert!(
            failure.message.contains("has 8 requests") && failure.message.contains("request 1 is paid"),
            "{failure}"
        );
        assert!(plan(&with_free(10 * PHA), &with(8), amount).is_ok());
    }

    #[test]
    fn who_withdraws_is_told_the_price_and_what_is_paid_when() {
        let said = |free| {
            let pool = with_free(free);
            let planned = plan(&pool, &held(100 * PHA), Amount::Planck(50 * PHA)).unwrap();
            will(&pool, &planned, Ppm(5_000)).join("\n")
        };
        assert!(said(0).contains("50.000000 shares of pool 3 are worth 50.000000 PHA at a price of 1.000000"));
        assert!(said(0).contains("It waits in the queue"));
        assert!(said(50 * PHA).contains("All of it is paid at once."));
        assert!(said(20 * PHA).contains("20.000000 PHA are paid at once; 30.000000 PHA wait"));
    }
}
