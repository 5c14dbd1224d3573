//! `khala delegate add`.

use super::{shares, FEWEST_SHARES, SMALLEST};
use crate::{
    amount::Ppm,
    args::{AddDelegation, Global},
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

/// `khala delegate add POOL AMOUNT --key-file FILE`.
pub async fn add(global: &Global, args: &AddDelegation) -> Result<Exit, Failure> {
    let desk = Desk::open(global, &args.signing).await?;
    let pool = pool::existing(&desk.chain, args.pool, desk.at).await?;
    if pool.restricted && !desk.chain.is_allowed(pool.id, desk.actor.id(), desk.at).await? {
        return Err(pool::not_allowed(&pool, desk.actor.id()));
    }
    let held = desk.chain.delegation(pool.id, desk.actor.id(), desk.at).await?;
    let bought = bought(&pool, &held, args.amount)?;
    let least = args.slippage.slippage.less_than(bought);
    let change = Change::new(
        calls::delegate(pool.id, args.amount, least),
        will(&pool, args.amount, bought, args.slippage.slippage, desk.now_secs),
        json!({ "pool": pool.id, "amount": args.amount.to_string(), "price": pool.price.to_string(),
            "shares": bought.to_string(), "minShares": least.to_string() }),
    );
    desk.carry_out(change.spending(args.amount)).await
}

/// The shares that an amount buys, if the pool takes it.
fn bought(pool: &PoolStatus, held: &DelegationStatus, amount: Balance) -> Result<u128, Failure> {
    let id = pool.id;
    if amount < SMALLEST {
        return Err(Failure::failed(format!(
            "{} PHA are too little: a delegation is at least {} PHA",
            units::pha(amount, 12),
            units::pha(SMALLEST, 0)
        )));
    }
    if pool.shares == 0 && pool.staked.saturating_add(pool.cooling) > 0 {
        return Err(Failure::failed(format!(
            "pool {id} has no shares, but {} PHA at stake or cooling down, which its owner gets back: wait until they have come",
            units::pha(pool.staked.saturating_add(pool.cooling), 4)
        )));
    }
    if let Some(room) = pool.room.filter(|room| amount > *room) {
        return Err(Failure::failed(format!(
            "{} PHA are too much: pool {id} takes {} PHA more until its cap of {} PHA. Delegate less, or to another pool",
            units::pha(amount, 4),
            units::pha(room, 4),
            units::pha(pool.cap.unwrap_or_default(), 4)
        )));
    }
    let bought = shares::bought(pool, amount).ok_or_else(|| {
        Failure::failed(format!(
            "the shares of pool {id} are worth nothing after a loss: nobody can join it. Delegate to another pool"
        ))
    })?;
    if held.shares.saturating_add(bought) < FEWEST_SHARES {
        let least = shares::worth(pool, FEWEST_SHARES.saturating_sub(held.shares));
        return Err(Failure::failed(format!(
            "a share of pool {id} is so dear that {} PHA are too little: delegate at least {} PHA",
            units::pha(amount, 4),
            units::pha_up(least, 4)
        )));
    }
    Ok(bought)
}

fn will(pool: &PoolStatus, amount: Balance, bought: u128, slippage: Ppm, now_secs: u64) -> Vec<String> {
    let mut will = vec![format!(
        "{} PHA buy {} shares of pool {} at a price of {}; the chain refuses it if they are more than {slippage} fewer.",
        units::pha(amount, 6),
        units::pha(bought, 6),
        pool.id,
        units::fixed18(pool.price, 6)
    )];
    will.push(format!(
        "Of what the shares earn, the owner gets {}, and never more than {}.",
        Ppm(pool.commission_ppm),
        Ppm(pool.max_commission_ppm)
    ));
    will.extend(pool.commission_rise.map(|rise| {
        format!(
            "The owner has announced {} from {} on.",
            Ppm(rise.commission_ppm),
            units::date(rise.due_secs, now_secs)
        )
    }));
    will
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::{held, pool};
    use khala_primitives::{status::CommissionRiseStatus, PHA};

    #[test]
    fn a_delegation_is_at_least_one_pha() {
        for (amount, good) in [(PHA - 1, false), (PHA, true), (PHA + 1, true)] {
            let found = bought(&pool(), &held(0), amount);
            assert_eq!(found.is_ok(), good, "{amount}");
            if let Err(failure) = found {
                assert!(
                    failure
                        .message
                        .contains("0.999999999999 PHA are too little: a delegation is at least 1 PHA"),
                    "{failure}"
                );
            }
        }
    }

    #[test]
    fn nothing_goes_above_the_cap() {
        let capped = PoolStatus {
            cap: Some(1_500 * PHA),
            room: Some(500 * PHA),
            ..pool()
        };
        for (amount, good) in [(500 * PHA - 1, true), (500 * PHA, true), (500 * PHA + 1, false)] {
            let found = bought(&capped, &held(0), amount);
            assert_eq!(found.is_ok(), good, "{amount}");
            if let Err(failure) = found {
                assert!(
                    failure.message.contains("takes 500.0000 PHA more until its cap of 1,500.0000 PHA"),
                    "{failure}"
                );
            }
        }
    }

    #[test]
    fn nobody_joins_a_pool_that_unwinds_or_is_worth_nothing() {
        let unwinding = PoolStatus {
            shares: 0,
            value: 0,
            cooling: 7 * PHA,
            staked: 0,
            ..pool()
        };
        let failure = bought(&unwinding, &held(0), PHA).unwrap_err();
        assert!(failure.message.contains("7.0000 PHA at stake or cooling down"), "{failure}");
        let worthless = PoolStatus { value: 0, ..pool() };
        let failure = bought(&worthless, &held(0), PHA).unwrap_err();
        assert!(failure.message.contains("worth nothing"), "{failure}");
    }

    #[test]
    fn a_holding_has_enough_shares_to_be_told_from_rounding() {
        // A share is worth a thousand planck.
        let dear = PoolStatus {
            value: 1_000 * PHA,
            shares: PHA,
            ..pool()
        };
        let failure = bought(&dear, &held(0), 9 * PHA).unwrap_err();
        assert!(failure.message.contains("delegate at least 10.0000 PHA"), "{failure}");
        assert!(bought(&dear, &held(0), 10 * PHA).is_ok());
        assert!(bought(&dear, &held(FEWEST_SHARES), PHA).is_ok(), "what is held counts");
    }

    #[test]
    fn who_delegates_is_told_price_tolerance_and_commission_with_its_rise() {
        let mut pool = pool();
        pool.commission_rise = Some(CommissionRiseStatus {
            commission_ppm: 200_000,
            due_secs: 1_735_689_600,
        });
        let will = will(&pool, 10 * PHA, 10 * PHA, Ppm(5_000), 1_735_689_600 - 60).join("\n");
        for part in [
            "10.000000 PHA buy 10.000000 shares of pool 3 at a price of 1.000000",
            "more than 0.5 % fewer",
            "the owner gets 10 %, and never more than 50 %",
            "announced 20 % from 2025-01-01 00:00 UTC (in 1m 0s) on",
        ] {
            assert!(will.contains(part), "{part}: {will}");
        }
    }
}
