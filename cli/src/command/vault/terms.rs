//! What a vault's owner sets: fee, limit of commissions, cap; and the fee claimed.

use super::owned;
use crate::{
    amount::Ppm,
    args::{CreateVault, Global, OneVault, SetCommissionLimit, SetFee, SetVaultCap},
    command::{
        change::{Change, Desk},
        fund::{Fund, Held, SMALLEST},
        rate::{check_maximum, Rate},
    },
    failure::{Exit, Failure},
    units,
};
use khala_client::calls::vault as calls;
use khala_primitives::status::VaultStatus;
use serde_json::json;

/// `khala vault create --fee PERCENT --max-fee PERCENT --commission-limit PERCENT --key-file FILE`.
pub async fn create(global: &Global, args: &CreateVault) -> Result<Exit, Failure> {
    check_maximum("a fee", args.fee, args.max_fee)?;
    let desk = Desk::open(global, &args.signing).await?;
    let deposit = desk.chain.vault_deposit().await?;
    let cap = args
        .cap
        .map_or("without a cap".into(), |cap| format!("with a cap of {} PHA", units::pha(cap, 4)));
    let change = Change::new(
        calls::create_vault(args.fee.0, args.max_fee.0, args.commission_limit.0, args.cap),
        vec![
            format!(
                "{} gets a vault {cap}; its fee is {} of gains over the highest price so far, and never exceeds {}.",
                units::address(desk.actor.id()),
                args.fee,
                args.max_fee
            ),
            format!(
                "It uses pools whose commission is at most {}; that rises only after an announcement.",
                args.commission_limit
            ),
            format!("{} PHA are held as its deposit.", units::pha(deposit, 6)),
        ],
        json!({ "owner": desk.actor.id(), "feePpm": args.fee.0, "maxFeePpm": args.max_fee.0,
            "commissionLimitPpm": args.commission_limit.0, "cap": args.cap.map(|cap| cap.to_string()), "deposit": deposit.to_string() }),
    );
    desk.carry_out(change.spending(deposit)).await
}

/// `khala vault fee VAULT PERCENT --key-file FILE`.
pub async fn set_fee(global: &Global, args: &SetFee) -> Result<Exit, Failure> {
    let (desk, vault) = owned(global, &args.signing, args.vault).await?;
    let rate = Rate::fee(&vault);
    let due_secs = rate.step(args.fee)?.due_secs(&desk.chain.pool_times(desk.at).await?, desk.now_secs);
    let mut will = rate.step_lines(args.fee, due_secs, desk.now_secs);
    if args.fee != rate.now {
        will.push(format!("Of what is gained until then, the fee is {}.", rate.now));
    }
    let change = Change::new(
        calls::set_fee(vault.id, args.fee.0),
        will,
        json!({ "vault": vault.id, "feePpm": args.fee.0, "fromPpm": vault.fee_ppm, "dueSecs": due_secs }),
    );
    desk.carry_out(change).await
}

/// `khala vault commission-limit VAULT PERCENT --key-file FILE`.
pub async fn set_commission_limit(global: &Global, args: &SetCommissionLimit) -> Result<Exit, Failure> {
    let (desk, vault) = owned(global, &args.signing, args.vault).await?;
    let rate = Rate::commission_limit(&vault);
    let due_secs = rate
        .step(args.limit)?
        .due_secs(&desk.chain.pool_times(desk.at).await?, desk.now_secs);
    let mut will = rate.step_lines(args.limit, due_secs, desk.now_secs);
    will.extend(left_lines(&vault, args.limit));
    let change = Change::new(
        calls::set_commission_limit(vault.id, args.limit.0),
        will,
        json!({ "vault": vault.id, "limitPpm": args.limit.0, "fromPpm": vault.commission_limit_ppm, "dueSecs": due_secs }),
    );
    desk.carry_out(change).await
}

/// `khala vault cap VAULT AMOUNT|none --key-file FILE`.
pub async fn set_cap(global: &Global, args: &SetVaultCap) -> Result<Exit, Failure> {
    let (desk, vault) = owned(global, &args.signing, args.vault).await?;
    let cap = args.cap.0;
    let change = Change::new(
        calls::set_cap(vault.id, cap),
        vec![Fund::from(&vault).cap_line(cap)],
        json!({ "vault": vault.id, "cap": cap.map(|cap| cap.to_string()), "value": vault.value.to_string() }),
    );
    desk.carry_out(change).await
}

/// `khala vault claim VAULT --key-file FILE`.
pub async fn claim(global: &Global, args: &OneVault) -> Result<Exit, Failure> {
    let (desk, vault) = owned(global, &args.signing, args.vault).await?;
    let positions = desk.chain.vault_positions(desk.actor.id(), desk.at).await?;
    let held = Held::from(positions.iter().find(|position| position.vault == vault.id));
    let shares = claimable(&vault, &held)?;
    let worth = Fund::from(&vault).worth(shares);
    let change = Change::new(
        calls::claim_fee(vault.id),
        vec![format!(
            "{} shares of vault {}, worth {} PHA today, in which the fee was paid, are held by {} from now on.",
            units::pha(shares, 6),
            vault.id,
            units::pha(worth, 6),
            units::address(&vault.owner)
        )],
        json!({ "vault": vault.id, "shares": shares.to_string(), "worth": worth.to_string() }),
    );
    desk.carry_out(change).await
}

/// The pools that a lower limit makes the vault leave.
fn left_lines(vault: &VaultStatus, limit: Ppm) -> Vec<String> {
    let left = vault
        .places
        .iter()
        .filter(|place| Ppm(place.commission_ppm) > limit && place.held > 0);
    left.map(|place| {
        format!(
            "Pool {} is left within a few blocks, as its commission, in force or announced, is {}: {} shares are taken back.",
            place.pool,
            Ppm(place.commission_ppm),
            units::pha(place.held, 6)
        )
    })
    .collect()
}

/// The shares that the fee was paid in, if they make a holding.
fn claimable(vault: &VaultStatus, held: &Held) -> Result<u128, Failure> {
    let (fund, id) = (Fund::from(vault), vault.id);
    if vault.fee_shares == 0 {
        return Err(Failure::failed(format!(
            "no fee of vault {id} is there to claim: one is taken when the price rises above {}, and it is {} now",
            units::fixed18(vault.high_water_mark, 6),
            units::fixed18(vault.price, 6)
        )));
    }
    let after = held.shares.saturating_add(vault.fee_shares);
    if !fund.suffice(after) {
        return Err(Failure::failed(format!(
            "the fee of vault {id} would make a holding of {} PHA, and one is worth at least {} PHA: claim it later",
            units::pha(fund.worth(after), 6),
            units::pha(SMALLEST, 0)
        )));
    }
    Ok(vault.fee_shares)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::{vault, vault_position};
    use khala_primitives::PHA;

    #[test]
    fn a_lower_limit_says_which_pools_are_left() {
        // The vault's pool takes 10 %.
        for (limit, left) in [(99_999, 1), (100_000, 0), (250_000, 0)] {
            assert_eq!(left_lines(&vault(), Ppm(limit)).len(), left, "{limit}");
        }
        let said = left_lines(&vault(), Ppm(50_000)).join("\n");
        assert!(
            said.contains("Pool 3 is left") && said.contains("is 10 %: 900.000000 shares"),
            "{said}"
        );
        let mut gone = vault();
        gone.places[0].held = 0;
        assert!(left_lines(&gone, Ppm(0)).is_empty(), "what is on its way out is not left again");
    }

    #[test]
    fn a_fee_is_claimed_when_it_makes_a_holding() {
        let with = |fee_shares, held| {
            let vault = VaultStatus { fee_shares, ..vault() };
            claimable(&vault, &Held::from(Some(&vault_position(held, &[]))))
        };
        let nothing = with(0, 5 * PHA).unwrap_err();
        assert!(
            nothing.message.contains("rises above 1.000000, and it is 1.000000 now"),
            "{nothing}"
        );
        for (fee_shares, held, good) in [(PHA - 1, 0, false), (PHA, 0, true), (1, PHA - 1, true), (1, PHA - 2, false)] {
            assert_eq!(with(fee_shares, held).is_ok(), good, "{fee_shares} {held}");
        }
        let little = with(PHA - 1, 0).unwrap_err();
        assert!(little.message.contains("a holding of 0.999999 PHA"), "{little}");
    }
}
