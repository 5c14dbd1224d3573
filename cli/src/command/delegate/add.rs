//! `khala delegate add`.

use super::found::Found;
use crate::{
    amount::Ppm,
    args::{AddDelegation, Global, Target},
    command::{
        change::{Change, Desk},
        fund::Fund,
        rate::Rate,
    },
    failure::{Exit, Failure},
    units,
};
use khala_client::calls;
use khala_primitives::Balance;
use serde_json::json;

/// `khala delegate add POOL|vault:N AMOUNT --key-file FILE`.
pub async fn add(global: &Global, args: &AddDelegation) -> Result<Exit, Failure> {
    let desk = Desk::open(global, &args.signing).await?;
    let found = Found::new(&desk.chain, args.target, desk.at).await?;
    found.check_holder(&desk.chain, desk.actor.id(), desk.at).await?;
    let held = found.held_by(&desk.chain, desk.actor.id(), desk.at).await?;
    let fund = found.fund();
    let (amount, slippage) = (args.amount, args.slippage.slippage);
    let bought = fund.joined_by(&held, amount)?;
    let least = slippage.less_than(bought);
    let call = match args.target {
        Target::Pool(pool) => calls::stake_pool::delegate(pool, amount, least),
        Target::Vault(vault) => calls::vault::delegate(vault, amount, least),
    };
    let mut will = vec![price_line(&fund, amount, bought, slippage)];
    will.extend(terms(&found, desk.now_secs));
    let facts = json!({ "amount": amount.to_string(), "price": fund.price.to_string(), "shares": bought.to_string(),
        "minShares": least.to_string() });
    let change = Change::new(call, will, args.target.facts(facts));
    desk.carry_out(change.spending(amount)).await
}

fn price_line(fund: &Fund, amount: Balance, bought: u128, slippage: Ppm) -> String {
    format!(
        "{} PHA buy {} shares of {} at a price of {}; the chain refuses it if they are more than {slippage} fewer.",
        units::pha(amount, 6),
        units::pha(bought, 6),
        fund.target,
        units::fixed18(fund.price, 6)
    )
}

/// What the owner gets, and what may become of it.
fn terms(found: &Found, now_secs: u64) -> Vec<String> {
    match found {
        Found::Pool(pool) => {
            let commission = format!(
                "Of what the shares earn, the owner gets {}, and never more than {}.",
                Ppm(pool.commission_ppm),
                Ppm(pool.max_commission_ppm)
            );
            let rise = Rate::commission(pool).rise_line(now_secs);
            [Some(commission), rise].into_iter().flatten().collect()
        }
        Found::Vault(vault) => {
            let fee = format!(
                "Of what a share gains over {}, the highest price so far, the owner gets {}, and never more than {}.",
                units::fixed18(vault.high_water_mark, 6),
                Ppm(vault.fee_ppm),
                Ppm(vault.max_fee_ppm)
            );
            let limit = format!(
                "The owner spreads the coins over pools whose commission is at most {}, and cannot take them out.",
                Ppm(vault.commission_limit_ppm)
            );
            let rises = [Rate::fee(vault), Rate::commission_limit(vault)].map(|rate| rate.rise_line(now_secs));
            let [fee_rise, limit_rise] = rises;
            [Some(fee), fee_rise, Some(limit), limit_rise].into_iter().flatten().collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::{pool, vault};
    use khala_primitives::{status::CommissionRiseStatus, PHA};

    const NOW: u64 = 1_735_689_600;

    fn rise(commission_ppm: u32) -> Option<CommissionRiseStatus> {
        Some(CommissionRiseStatus {
            commission_ppm,
            due_secs: NOW + 60,
        })
    }

    #[test]
    fn who_delegates_is_told_price_and_tolerance() {
        let line = price_line(&Fund::from(&pool()), 10 * PHA, 10 * PHA, Ppm(5_000));
        for part in [
            "10.000000 PHA buy 10.000000 shares of pool 3 at a price of 1.000000",
            "more than 0.5 % fewer",
        ] {
            assert!(line.contains(part), "{part}: {line}");
        }
    }

    #[test]
    fn the_terms_of_a_pool_are_its_commission_and_its_rise() {
        let mut pool = pool();
        pool.commission_rise = rise(200_000);
        let said = terms(&Found::Pool(pool), NOW).join("\n");
        for part in [
            "the owner gets 10 %, and never more than 50 %",
            "announced 20 % from 2025-01-01 00:01 UTC (in 1m 0s) on",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
    }

    #[test]
    fn the_terms_of_a_vault_are_its_fee_and_its_limit_with_their_rises() {
        let mut vault = vault();
        assert_eq!(terms(&Found::Vault(vault.clone()), NOW).len(), 2);
        (vault.fee_rise, vault.commission_limit_rise) = (rise(60_000), rise(250_000));
        let said = terms(&Found::Vault(vault), NOW).join("\n");
        for part in [
            "gains over 1.000000, the highest price so far, the owner gets 5 %, and never more than 10 %",
            "announced 6 % from",
            "commission is at most 20 %",
            "announced 25 % from",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
    }
}
