//! What a pool's owner sets: commission, cap, who may delegate, what it is about; and the commission paid out.

use super::{check_owner, existing};
use crate::{
    args::{CreatePool, Global, OneDelegator, OnePool, PoolSigning, SetCap, SetCommission, SetProfile},
    command::{
        change::{Change, Desk},
        fund::Fund,
        rate::{check_maximum, Rate},
    },
    failure::{Exit, Failure},
    units,
};
use khala_client::calls::stake_pool as calls;
use khala_primitives::{status::PoolStatus, Balance, PoolId};
use serde_json::json;

/// Longest description, in bytes.
const MAX_DESCRIPTION: usize = 400;
/// Most links.
const MAX_LINKS: usize = 4;
/// Longest link, in bytes.
const MAX_LINK: usize = 120;

/// `khala pool create --commission PERCENT --max-commission PERCENT --key-file FILE`.
pub async fn create(global: &Global, args: &CreatePool) -> Result<Exit, Failure> {
    check_maximum("a commission", args.commission, args.max_commission)?;
    let desk = Desk::open(global, &args.signing).await?;
    let deposit = desk.chain.pool_deposit().await?;
    let cap = args
        .cap
        .map_or("without a cap".into(), |cap| format!("with a cap of {} PHA", units::pha(cap, 4)));
    let change = Change::new(
        calls::create_pool(args.commission.0, args.max_commission.0, args.cap),
        vec![
            format!(
                "{} gets a pool {cap}; its commission is {}, and never exceeds {}.",
                units::address(desk.actor.id()),
                args.commission,
                args.max_commission
            ),
            format!("{} PHA are held as its deposit.", units::pha(deposit, 6)),
        ],
        json!({ "owner": desk.actor.id(), "commissionPpm": args.commission.0, "maxCommissionPpm": args.max_commission.0,
            "cap": args.cap.map(|cap| cap.to_string()), "deposit": deposit.to_string() }),
    );
    desk.carry_out(change.spending(deposit)).await
}

/// `khala pool commission POOL PERCENT --key-file FILE`.
pub async fn set_commission(global: &Global, args: &SetCommission) -> Result<Exit, Failure> {
    let (desk, pool) = owned(global, &args.signing, args.pool).await?;
    let rate = Rate::commission(&pool);
    let due_secs = rate
        .step(args.commission)?
        .due_secs(&desk.chain.pool_times(desk.at).await?, desk.now_secs);
    let change = Change::new(
        calls::set_commission(pool.id, args.commission.0),
        rate.step_lines(args.commission, due_secs, desk.now_secs),
        json!({ "pool": pool.id, "commissionPpm": args.commission.0, "fromPpm": pool.commission_ppm, "dueSecs": due_secs }),
    );
    desk.carry_out(change).await
}

/// `khala pool cap POOL AMOUNT|none --key-file FILE`.
pub async fn set_cap(global: &Global, args: &SetCap) -> Result<Exit, Failure> {
    let (desk, pool) = owned(global, &args.signing, args.pool).await?;
    let cap = args.cap.0;
    let change = Change::new(
        calls::set_cap(pool.id, cap),
        vec![Fund::from(&pool).cap_line(cap)],
        json!({ "pool": pool.id, "cap": cap.map(|cap| cap.to_string()), "value": pool.value.to_string() }),
    );
    desk.carry_out(change).await
}

/// `khala pool allow POOL ACCOUNT --key-file FILE`, `khala pool disallow POOL ACCOUNT --key-file FILE`.
pub async fn allow(global: &Global, args: &OneDelegator, allowed: bool) -> Result<Exit, Failure> {
    let (desk, pool) = owned(global, &args.signing, args.pool).await?;
    let address = units::address(&args.account);
    if desk.chain.is_allowed(pool.id, &args.account, desk.at).await? == allowed {
        return Err(on_the_list_already(pool.id, &address, allowed));
    }
    let will = match (allowed, pool.restricted) {
        (true, true) => format!("{address} may hold shares of pool {}, too.", pool.id),
        (true, false) => format!(
            "From now on only accounts on the list get shares of pool {}, and {address} is the first. Who has shares keeps them.",
            pool.id
        ),
        (false, _) => format!(
            "{address} gets no more shares of pool {}, and keeps those it has. With nobody on its list, a pool is open to everybody.",
            pool.id
        ),
    };
    let change = Change::new(
        calls::allow(pool.id, args.account.clone(), allowed),
        vec![will],
        json!({ "pool": pool.id, "delegator": args.account, "allowed": allowed }),
    );
    desk.carry_out(change).await
}

/// `khala pool profile POOL --description TEXT --link URL --key-file FILE`.
pub async fn set_profile(global: &Global, args: &SetProfile) -> Result<Exit, Failure> {
    check_profile(args.description.as_deref(), &args.link)?;
    let (desk, pool) = owned(global, &args.signing, args.pool).await?;
    let description = args.description.clone().unwrap_or(pool.description);
    let links = match (args.no_links, args.link.is_empty()) {
        (false, true) => pool.links,
        _ => args.link.clone(),
    };
    let texts: Vec<&str> = links.iter().map(String::as_str).collect();
    let mut will = vec![format!("Pool {} says of itself: {description:?}", pool.id)];
    will.extend(links.iter().map(|link| format!("Its links: {link:?}")));
    let change = Change::new(
        calls::set_profile(pool.id, &description, &texts),
        will,
        json!({ "pool": pool.id, "description": description, "links": links }),
    );
    desk.carry_out(change).await
}

/// `khala pool claim POOL --key-file FILE`.
pub async fn claim(global: &Global, args: &OnePool) -> Result<Exit, Failure> {
    let (desk, pool) = owned(global, &args.signing, args.pool).await?;
    let due = claimable(&pool)?;
    let change = Change::new(
        calls::claim_commission(pool.id),
        vec![format!(
            "The commission of pool {}, {} PHA as of now, is paid to {}.",
            pool.id,
            units::pha(due, 6),
            units::address(&pool.owner)
        )],
        json!({ "pool": pool.id, "amount": due.to_string() }),
    );
    desk.carry_out(change).await
}

/// A desk of a pool's owner.
pub(super) async fn owned(global: &Global, signing: &PoolSigning, pool: PoolId) -> Result<(Desk, PoolStatus), Failure> {
    let desk = Desk::open(global, signing).await?;
    let pool = existing(&desk.chain, pool, desk.at).await?;
    check_owner(&pool, desk.actor.id())?;
    Ok((desk, pool))
}

fn on_the_list_already(pool: PoolId, address: &str, allowed: bool) -> Failure {
    Failure::failed(match allowed {
        true => format!("{address} is on the list of pool {pool} already"),
        false => format!("{address} is not on the list of pool {pool}"),
    })
}

fn check_profile(description: Option<&str>, links: &[String]) -> Result<(), Failure> {
    let length = description.map(str::len).unwrap_or_default();
    if length > MAX_DESCRIPTION {
        return Err(Failure::usage(format!(
            "the description has {length} bytes; at most {MAX_DESCRIPTION} are kept"
        )));
    }
    if links.len() > MAX_LINKS {
        return Err(Failure::usage(format!(
            "{} links are too many: at most {MAX_LINKS} are kept",
            links.len()
        )));
    }
    match links.iter().find(|link| link.len() > MAX_LINK) {
        Some(link) => Err(Failure::usage(format!(
            "the link {link} has {} bytes; at most {MAX_LINK} are kept",
            link.len()
        ))),
        None => Ok(()),
    }
}

fn claimable(pool: &PoolStatus) -> Result<Balance, Failure> {
    match pool.commission {
        0 => Err(Failure::failed(format!("there is no commission of pool {} to claim yet", pool.id))),
        due => Ok(due),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::pool;

    #[test]
    fn a_profile_is_bounded() {
        for (length, good) in [(399, true), (400, true), (401, false)] {
            assert_eq!(check_profile(Some(&"a".repeat(length)), &[]).is_ok(), good, "{length}");
        }
        assert!(check_profile(Some(&"ä".repeat(201)), &[]).is_err(), "bytes count, not letters");
        for (length, good) in [(119, true), (120, true), (121, false)] {
            assert_eq!(check_profile(None, &["a".repeat(length)]).is_ok(), good, "{length}");
        }
        for (count, good) in [(3, true), (4, true), (5, false)] {
            assert_eq!(check_profile(None, &vec!["a".into(); count]).is_ok(), good, "{count}");
        }
    }

    #[test]
    fn what_is_done_already_or_not_there_is_said() {
        assert!(on_the_list_already(3, "5x", true).message.contains("is on the list"));
        assert!(on_the_list_already(3, "5x", false).message.contains("is not on the list"));
        assert!(claimable(&pool()).is_err());
        let due = PoolStatus { commission: 1, ..pool() };
        assert_eq!(claimable(&due).unwrap(), 1);
    }
}
