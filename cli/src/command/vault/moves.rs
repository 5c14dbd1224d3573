//! What a vault's owner moves: coins into pools, and back out of them.

use super::{awaited, owned};
use crate::{
    amount::{Amount, Ppm},
    args::{CancelDivest, Divest, Global, Invest},
    command::{
        change::Change,
        delegate::forecast_lines,
        fund::{Fund, Held},
        pool,
        rate::Rate,
    },
    failure::{Exit, Failure},
    units,
};
use khala_client::{calls::vault as calls, PoolRequest};
use khala_primitives::{
    status::{PoolStatus, VaultPlace, VaultStatus},
    Balance, PoolId, RequestId,
};
use serde_json::json;

/// Most pools of a vault.
const MAX_POOLS: usize = 16;

/// `khala vault invest VAULT POOL AMOUNT|all --key-file FILE`.
pub async fn invest(global: &Global, args: &Invest) -> Result<Exit, Failure> {
    let (desk, vault) = owned(global, &args.signing, args.vault).await?;
    let pool = pool::existing(&desk.chain, args.pool, desk.at).await?;
    let amount = investable(&vault, &pool, args.amount)?;
    pool::check_allowed(&desk.chain, &pool, &vault.account, desk.at).await?;
    let (fund, slippage) = (Fund::from(&pool), args.slippage.slippage);
    let bought = fund.joined_by(&held(&vault, pool.id), amount)?;
    let least = slippage.less_than(bought);
    let mut will = vec![
        format!(
            "{} PHA of vault {} buy {} shares of pool {} at a price of {}; the chain refuses it if they are more than {slippage} fewer.",
            units::pha(amount, 6),
            vault.id,
            units::pha(bought, 6),
            pool.id,
            units::fixed18(pool.price, 6)
        ),
        format!(
            "The vault has {} PHA to spare beyond what those who wait are owed; {} PHA are left of them.",
            units::pha(vault.spare, 6),
            units::pha(vault.spare.saturating_sub(amount), 6)
        ),
        format!("The commission of the pool is {}.", Rate::commission(&pool).shown(desk.now_secs)),
    ];
    will.extend(near_limit(&vault, &pool));
    let change = Change::new(
        calls::invest(vault.id, pool.id, amount, least),
        will,
        json!({ "vault": vault.id, "pool": pool.id, "amount": amount.to_string(), "price": pool.price.to_string(),
            "shares": bought.to_string(), "minShares": least.to_string(), "spare": vault.spare.to_string() }),
    );
    desk.carry_out(change).await
}

/// `khala vault divest VAULT POOL AMOUNT|all --key-file FILE`.
pub async fn divest(global: &Global, args: &Divest) -> Result<Exit, Failure> {
    let (desk, vault) = owned(global, &args.signing, args.vault).await?;
    let pool = pool::existing(&desk.chain, args.pool, desk.at).await?;
    place(&vault, pool.id)?;
    let (fund, slippage) = (Fund::from(&pool), args.slippage.slippage);
    let withdrawal = fund.left_by(&held(&vault, pool.id), args.amount)?;
    let least = slippage.less_than(withdrawal.worth);
    let forecast = desk.chain.withdrawal_forecast(pool.id, withdrawal.shares, desk.at).await?;
    let mut will = fund.leaving_lines(
        &withdrawal,
        slippage,
        "waits in the pool's queue, and earns and loses for the vault until it is paid",
    );
    if withdrawal.rest() > 0 {
        will.extend(forecast.iter().flat_map(|forecast| forecast_lines(forecast, desk.now_secs)));
    }
    will.push(match vault.owed {
        0 => format!("What comes is free in vault {}.", vault.id),
        owed => format!(
            "What comes is free in vault {}, and pays those who wait first; they are owed {} PHA.",
            vault.id,
            units::pha(owed, 6)
        ),
    });
    let change = Change::new(
        calls::divest(vault.id, pool.id, withdrawal.shares, least),
        will,
        json!({ "vault": vault.id, "pool": pool.id, "shares": withdrawal.shares.to_string(), "amount": withdrawal.worth.to_string(),
            "atOnce": withdrawal.at_once.to_string(), "minAmount": least.to_string(), "price": pool.price.to_string(),
            "forecast": forecast }),
    );
    desk.carry_out(change).await
}

/// `khala vault cancel-divest VAULT POOL REQUEST --key-file FILE`.
pub async fn cancel_divest(global: &Global, args: &CancelDivest) -> Result<Exit, Failure> {
    let (desk, vault) = owned(global, &args.signing, args.vault).await?;
    let (pool, number) = (pool::existing(&desk.chain, args.pool, desk.at).await?, args.request);
    let request = own_request(&vault, pool.id, number, desk.chain.pool_request(pool.id, number, desk.at).await?)?;
    let backed = desk.chain.is_backed(pool.id, number, desk.at).await?;
    let waiting = awaited(&desk.chain, &vault, desk.at).await?;
    check_unclaimed(pool.id, number, backed, waiting)?;
    let forecast = desk.chain.request_forecast(pool.id, number, desk.at).await?;
    if let Some(forecast) = forecast.filter(|forecast| desk.now_secs >= forecast.deadline_secs) {
        return Err(Failure::failed(format!(
            "request {number} of pool {} could be cancelled until {}; stakes are taken back for it now, and it is paid by {}",
            pool.id,
            units::date(forecast.deadline_secs, desk.now_secs),
            units::date(forecast.promised_secs, desk.now_secs)
        )));
    }
    let worth = Fund::from(&pool).worth(request.shares);
    let change = Change::new(
        calls::cancel_divest(vault.id, pool.id, number),
        vec![format!(
            "The {} shares of request {number}, worth {} PHA today, leave the queue of pool {} and are held by vault {} again.",
            units::pha(request.shares, 6),
            units::pha(worth, 6),
            pool.id,
            vault.id
        )],
        json!({ "vault": vault.id, "pool": pool.id, "request": number, "shares": request.shares.to_string(), "worth": worth.to_string() }),
    );
    desk.carry_out(change).await
}

/// What a vault holds of a pool.
fn held(vault: &VaultStatus, pool: PoolId) -> Held {
    let place = vault.places.iter().find(|place| place.pool == pool);
    Held {
        holder: format!("vault {}", vault.id),
        shares: place.map_or(0, |place| place.held),
        requests: vec![],
    }
}

/// What a vault has in a pool that it uses.
fn place(vault: &VaultStatus, pool: PoolId) -> Result<&VaultPlace, Failure> {
    vault.places.iter().find(|place| place.pool == pool).ok_or_else(|| {
        let used: Vec<_> = vault.places.iter().map(|place| place.pool.to_string()).collect();
        let used = if used.is_empty() { "none".into() } else { used.join(", ") };
        Failure::failed(format!("vault {} has no shares of pool {pool}; its pools are: {used}", vault.id))
    })
}

/// The dearer of a pool's commission in force and announced.
fn dearest(pool: &PoolStatus) -> Ppm {
    let announced = pool.commission_rise.map_or(0, |rise| rise.commission_ppm);
    Ppm(pool.commission_ppm.max(announced))
}

/// How much goes into a pool, if the vault may put it there.
fn investable(vault: &VaultStatus, pool: &PoolStatus, amount: Amount) -> Result<Balance, Failure> {
    let (id, limit) = (vault.id, Ppm(vault.commission_limit_ppm));
    let dearest = dearest(pool);
    if dearest > limit {
        return Err(Failure::failed(format!(
            "the commission of pool {}, in force or announced, is {dearest}, and vault {id} uses pools up to {limit}: choose another pool, or \
             announce a higher limit (khala vault commission-limit)",
            pool.id
        )));
    }
    if vault.late {
        return Err(Failure::failed(format!(
            "somebody who leaves vault {id} should have been paid by now: the vault invests nothing until it is. Take coins out of pools (khala \
             vault divest)"
        )));
    }
    let amount = match amount {
        Amount::All => vault.spare,
        Amount::Planck(amount) => amount,
    };
    if amount > vault.spare {
        return Err(Failure::failed(format!(
            "{} PHA are too much: vault {id} has {} PHA to spare, of {} PHA free; those who wait are owed {} PHA",
            units::pha(amount, 6),
            units::pha(vault.spare, 6),
            units::pha(vault.free, 6),
            units::pha(vault.owed, 6)
        )));
    }
    let uses = vault.places.iter().any(|place| place.pool == pool.id);
    if !uses && vault.places.len() >= MAX_POOLS {
        return Err(Failure::failed(format!(
            "vault {id} has shares in {} pools, and more are not possible: leave one of them first (khala vault divest)",
            vault.places.len()
        )));
    }
    Ok(amount)
}

/// A rise of the pool up to the limit is all that is left before the vault leaves it.
fn near_limit(vault: &VaultStatus, pool: &PoolStatus) -> Option<String> {
    let (limit, maximum) = (Ppm(vault.commission_limit_ppm), Ppm(pool.max_commission_ppm));
    (maximum > limit).then(|| format!("It may rise to {maximum}; the vault leaves the pool when it announces more than {limit}."))
}

/// A request in the queue of a pool that is the vault's.
fn own_request(vault: &VaultStatus, pool: PoolId, number: RequestId, found: Option<PoolRequest>) -> Result<PoolRequest, Failure> {
    match found {
        Some(request) if request.who == vault.account => Ok(request),
        Some(_) => Err(Failure::failed(format!(
            "request {number} of pool {pool} is not that of vault {}: see its own with khala vault show {}",
            vault.id, vault.id
        ))),
        None => Err(Failure::failed(format!(
            "the queue of pool {pool} has no request {number}: it was paid or cancelled, or never there"
        ))),
    }
}

/// Does nobody wait for what the owner wants to call back? `waiting`: what shares of the vault are worth that wait for the owner's moves.
fn check_unclaimed(pool: PoolId, number: RequestId, backed: bool, waiting: Balance) -> Result<(), Failure> {
    let why = match (backed, waiting) {
        (true, _) => "it belongs to somebody who leaves the vault".into(),
        (false, 0) => return Ok(()),
        (false, waiting) => format!(
            "those who leave the vault wait for {} PHA that were on their way when they asked",
            units::pha_up(waiting, 6)
        ),
    };
    Err(Failure::failed(format!(
        "request {number} of pool {pool} cannot be called back: {why}"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::{account, pool, vault};
    use khala_primitives::{status::CommissionRiseStatus, PHA};

    const ALL: Amount = Amount::All;

    #[test]
    fn what_is_spare_is_invested_and_no_more() {
        let owing = VaultStatus {
            owed: 40 * PHA,
            spare: 60 * PHA,
            ..vault()
        };
        let invested = |amount| investable(&owing, &pool(), amount);
        assert_eq!(invested(ALL).unwrap(), 60 * PHA);
        assert_eq!(invested(Amount::Planck(60 * PHA)).unwrap(), 60 * PHA);
        let much = invested(Amount::Planck(60 * PHA + 1)).unwrap_err();
        assert!(
            much.message
                .contains("has 60.000000 PHA to spare, of 100.000000 PHA free; those who wait are owed 40.000000 PHA"),
            "{much}"
        );
    }

    #[test]
    fn no_pool_is_used_above_the_limit() {
        // The vault's limit is 20 %.
        for (now, announced, good) in [(200_000, None, true), (200_001, None, false), (100_000, Some(200_001), false)] {
            let dear = PoolStatus {
                commission_ppm: now,
                commission_rise: announced.map(|commission_ppm| CommissionRiseStatus {
                    commission_ppm,
                    due_secs: 0,
                }),
                ..pool()
            };
            assert_eq!(investable(&vault(), &dear, ALL).is_ok(), good, "{now} {announced:?}");
        }
        let dear = PoolStatus {
            commission_ppm: 250_000,
            ..pool()
        };
        let failure = investable(&vault(), &dear, ALL).unwrap_err();
        assert!(failure.message.contains("is 25 %, and vault 2 uses pools up to 20 %"), "{failure}");
        let near = near_limit(&vault(), &pool()).unwrap();
        assert!(near.contains("may rise to 50 %") && near.contains("more than 20 %"), "{near}");
        let bound = PoolStatus {
            max_commission_ppm: 200_000,
            ..pool()
        };
        assert_eq!(near_limit(&vault(), &bound), None);
    }

    #[test]
    fn a_vault_that_is_late_invests_nothing() {
        let late = VaultStatus { late: true, ..vault() };
        let failure = investable(&late, &pool(), ALL).unwrap_err();
        assert!(failure.message.contains("should have been paid by now"), "{failure}");
    }

    #[test]
    fn a_vault_has_at_most_sixteen_pools() {
        let other = PoolStatus { id: 99, ..pool() };
        for (count, good) in [(15, true), (16, false)] {
            let mut full = vault();
            full.places = (0..count)
                .map(|pool| VaultPlace {
                    pool,
                    ..full.places[0].clone()
                })
                .collect();
            assert_eq!(investable(&full, &other, ALL).is_ok(), good, "{count}");
            assert!(investable(&full, &pool(), ALL).is_ok(), "one that it uses");
        }
    }

    #[test]
    fn only_pools_that_a_vault_uses_are_left() {
        assert_eq!(place(&vault(), 3).unwrap().held, 900 * PHA);
        assert_eq!(held(&vault(), 3).shares, 900 * PHA);
        let failure = place(&vault(), 4).unwrap_err();
        assert!(failure.message.contains("no shares of pool 4; its pools are: 3"), "{failure}");
        let empty = VaultStatus { places: vec![], ..vault() };
        assert!(place(&empty, 3).unwrap_err().message.ends_with("its pools are: none"));
    }

    #[test]
    fn a_vault_calls_back_its_own_request_alone() {
        let request = |who| Some(PoolRequest { who, shares: PHA });
        let own = own_request(&vault(), 3, 7, request(vault().account)).unwrap();
        assert_eq!(own.shares, PHA);
        let others = own_request(&vault(), 3, 7, request(account("//New"))).unwrap_err();
        assert!(others.message.contains("is not that of vault 2"), "{others}");
        let gone = own_request(&vault(), 3, 7, None).unwrap_err();
        assert!(gone.message.contains("has no request 7"), "{gone}");
    }

    #[test]
    fn what_others_wait_for_is_not_called_back() {
        assert!(check_unclaimed(3, 7, false, 0).is_ok());
        let backed = check_unclaimed(3, 7, true, 0).unwrap_err();
        assert!(backed.message.contains("belongs to somebody who leaves"), "{backed}");
        let waiting = check_unclaimed(3, 7, false, 1).unwrap_err();
        assert!(waiting.message.contains("wait for 0.000001 PHA"), "{waiting}");
    }
}
