//! `khala delegate transfer`.

use super::{shares, withdraw::shares_of, SMALLEST};
use crate::{
    amount::Amount,
    args::{Global, Transfer},
    command::{
        change::{Change, Desk},
        pool,
    },
    failure::{Exit, Failure},
    units,
};
use khala_client::calls::stake_pool as calls;
use khala_primitives::status::{DelegationStatus, PoolStatus};
use serde_json::json;

/// `khala delegate transfer POOL ACCOUNT AMOUNT|all --key-file FILE`.
pub async fn transfer(global: &Global, args: &Transfer) -> Result<Exit, Failure> {
    let desk = Desk::open(global, &args.signing).await?;
    if !desk.actor.may_give_shares(&desk.chain, desk.at).await? {
        return Err(Failure::failed(format!(
            "a proxy for pools cannot give shares of {} away: sign with that account's own key",
            units::address(desk.actor.id())
        )));
    }
    if args.to == *desk.actor.id() {
        return Err(Failure::usage("the shares are that account's already: name another one"));
    }
    let pool = pool::existing(&desk.chain, args.pool, desk.at).await?;
    if pool.restricted && !desk.chain.is_allowed(pool.id, &args.to, desk.at).await? {
        return Err(pool::not_allowed(&pool, &args.to));
    }
    let held = desk.chain.delegation(pool.id, desk.actor.id(), desk.at).await?;
    let moved = moved(&pool, &held, args.amount)?;
    let worth = shares::worth(&pool, moved);
    let change = Change::new(
        calls::transfer_shares(pool.id, args.to.clone(), moved),
        vec![format!(
            "{} shares of pool {}, worth {} PHA today, go to {}, with all that they earn from now on.",
            units::pha(moved, 6),
            pool.id,
            units::pha(worth, 6),
            units::address(&args.to)
        )],
        json!({ "pool": pool.id, "to": args.to, "shares": moved.to_string(), "worth": worth.to_string() }),
    );
    desk.carry_out(change).await
}

fn moved(pool: &PoolStatus, held: &DelegationStatus, amount: Amount) -> Result<u128, Failure> {
    let moved = shares_of(pool, held, amount)?;
    let rest = held.shares.saturating_sub(moved);
    if rest > 0 && !(shares::suffice(pool, moved) && shares::suffice(pool, rest)) {
        return Err(Failure::failed(format!(
            "a holding is worth at least {} PHA: this would move {} PHA and leave {} PHA. Transfer more, less, or all",
            units::pha(SMALLEST, 0),
            units::pha(shares::worth(pool, moved), 6),
            units::pha(shares::worth(pool, rest), 6)
        )));
    }
    Ok(moved)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::{held, pool};
    use khala_primitives::PHA;

    #[test]
    fn both_have_a_smallest_holding_afterwards_or_all_goes() {
        let moved = |amount| moved(&pool(), &held(10 * PHA), Amount::Planck(amount));
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
