//! What a pool's owner sets: commission, cap, who may delegate, what it is about; and the commission paid out.

use super::{check_owner, existing};
use crate::{
    amount::Ppm,
    args::{CreatePool, Global, OneDelegator, OnePool, PoolSigning, SetCap, SetCommission, SetProfile},
    command::change::{Change, Desk},
    failure::{Exit, Failure},
    units,
};
use khala_client::{calls::stake_pool as calls, PoolTimes};
use khala_primitives::{status::PoolStatus, Balance, PoolId};
use serde_json::json;

/// Most by which one rise lifts a commission, in millionths: ten points.
const MAX_RISE_PPM: u32 = 100_000;
/// Longest description, in bytes.
const MAX_DESCRIPTION: usize = 400;
/// Most links.
const MAX_LINKS: usize = 4;
/// Longest link, in bytes.
const MAX_LINK: usize = 120;

/// `khala pool create --commission PERCENT --max-commission PERCENT --key-file FILE`.
pub async fn create(global: &Global, args: &CreatePool) -> Result<Exit, Failure> {
    check_maximum(args.commission, args.max_commission)?;
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
    let step = step(&pool, args.commission)?;
    let due_secs = step.due_secs(&desk.chain.pool_times(desk.at).await?, desk.now_secs);
    let change = Change::new(
        calls::set_commission(pool.id, args.commission.0),
        step_lines(&pool, args.commission, due_secs, desk.now_secs),
        json!({ "pool": pool.id, "commissionPpm": args.commission.0, "fromPpm": pool.commission_ppm, "dueSecs": due_secs }),
    );
    desk.carry_out(change).await
}

/// `khala pool cap POOL AMOUNT|none --key-file FILE`.
pub async fn set_cap(global: &Global, args: &SetCap) -> Result<Exit, Failure> {
    let (desk, pool) = owned(global, &args.signing, args.pool).await?;
    let cap = args.cap.0;
    let will = cap.map_or_else(
        || format!("Pool {} takes any amount.", pool.id),
        |cap| {
            format!(
                "Nobody can delegate to pool {} above a value of {} PHA, without what waits in its queue; its value is {} PHA now.",
                pool.id,
                units::pha(cap, 4),
                units::pha(pool.value, 4)
            )
        },
    );
    let change = Change::new(
        calls::set_cap(pool.id, cap),
        vec![will],
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

fn check_maximum(commission: Ppm, maximum: Ppm) -> Result<(), Failure> {
    if commission > maximum {
        return Err(Failure::usage(format!(
            "a commission of {commission} is above its maximum of {maximum}: lower the one or raise the other"
        )));
    }
    Ok(())
}

/// What another commission is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Step {
    /// In force at once.
    Down,
    /// In force after an announcement.
    Up,
    /// The rate in force: withdraws an announced rise.
    Withdrawal,
}

impl Step {
    /// When it is in force, in seconds since 1970.
    fn due_secs(self, times: &PoolTimes, now_secs: u64) -> u64 {
        match self {
            Self::Up => now_secs.saturating_add(times.grace_secs).saturating_add(times.cool_down_secs),
            Self::Down | Self::Withdrawal => now_secs,
        }
    }
}

fn step(pool: &PoolStatus, commission: Ppm) -> Result<Step, Failure> {
    let (now, maximum) = (Ppm(pool.commission_ppm), Ppm(pool.max_commission_ppm));
    let highest = Ppm(now.0.saturating_add(MAX_RISE_PPM)).min(maximum);
    if commission > maximum {
        return Err(Failure::failed(format!(
            "{commission} is too much: it was promised that the commission of pool {} never exceeds {maximum}",
            pool.id
        )));
    }
    if commission > highest {
        return Err(Failure::failed(format!(
            "{commission} is too much: a commission rises by at most ten points at a time, that of pool {} to {highest} now",
            pool.id
        )));
    }
    match commission.cmp(&now) {
        std::cmp::Ordering::Greater => Ok(Step::Up),
        std::cmp::Ordering::Less => Ok(Step::Down),
        std::cmp::Ordering::Equal if pool.commission_rise.is_some() => Ok(Step::Withdrawal),
        std::cmp::Ordering::Equal => Err(Failure::failed(format!(
            "the commission of pool {} is {now} already, and no rise is announced",
            pool.id
        ))),
    }
}

fn step_lines(pool: &PoolStatus, commission: Ppm, due_secs: u64, now_secs: u64) -> Vec<String> {
    let (id, now) = (pool.id, Ppm(pool.commission_ppm));
    let mut lines = vec![match commission.cmp(&now) {
        std::cmp::Ordering::Greater => format!(
            "The commission of pool {id} rises from {now} to {commission} at {}; everybody can leave before.",
            units::date(due_secs, now_secs)
        ),
        std::cmp::Ordering::Less => format!("The commission of pool {id} falls from {now} to {commission} at once."),
        std::cmp::Ordering::Equal => format!("The commission of pool {id} stays {now}."),
    }];
    lines.extend(pool.commission_rise.map(|rise| {
        format!(
            "The rise to {}, announced for {}, is withdrawn.",
            Ppm(rise.commission_ppm),
            units::date(rise.due_secs, now_secs)
        )
    }));
    lines
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
    use khala_primitives::status::CommissionRiseStatus;

    const NOW: u64 = 1_735_689_600;

    /// 10 %, at most 50 %, with a rise to 15 % announced.
    fn rising() -> PoolStatus {
        PoolStatus {
            commission_rise: Some(CommissionRiseStatus {
                commission_ppm: 150_000,
                due_secs: NOW + 60,
            }),
            ..pool()
        }
    }

    #[test]
    fn a_commission_rises_by_at_most_ten_points_and_never_above_its_maximum() {
        for (ppm, expected) in [
            (0, Some(Step::Down)),
            (99_999, Some(Step::Down)),
            (100_001, Some(Step::Up)),
            (199_999, Some(Step::Up)),
            (200_000, Some(Step::Up)),
            (200_001, None),
        ] {
            assert_eq!(step(&pool(), Ppm(ppm)).ok(), expected, "{ppm}");
        }
        let steep = step(&pool(), Ppm(200_001)).unwrap_err();
        assert!(steep.message.contains("that of pool 3 to 20 % now"), "{steep}");
        let low = PoolStatus {
            max_commission_ppm: 150_000,
            ..pool()
        };
        assert_eq!(step(&low, Ppm(150_000)).unwrap(), Step::Up);
        let above = step(&low, Ppm(150_001)).unwrap_err();
        assert!(above.message.contains("never exceeds 15 %"), "{above}");
    }

    #[test]
    fn the_rate_in_force_withdraws_a_rise_and_else_changes_nothing() {
        assert_eq!(step(&rising(), Ppm(100_000)).unwrap(), Step::Withdrawal);
        let failure = step(&pool(), Ppm(100_000)).unwrap_err();
        assert!(failure.message.contains("is 10 % already"), "{failure}");
    }

    #[test]
    fn a_rise_is_in_force_after_grace_and_cool_down_and_a_fall_at_once() {
        let times = PoolTimes {
            grace_secs: 120,
            cool_down_secs: 60,
        };
        assert_eq!([Step::Up, Step::Down].map(|step| step.due_secs(&times, NOW)), [NOW + 180, NOW]);
        let said = |ppm| step_lines(&rising(), Ppm(ppm), NOW + 180, NOW).join("\n");
        assert!(said(120_000).contains("rises from 10 % to 12 % at 2025-01-01 00:03 UTC (in 3m 0s)"));
        assert!(said(50_000).contains("falls from 10 % to 5 % at once"));
        assert!(said(100_000).contains("stays 10 %") && said(100_000).contains("The rise to 15 %, announced for"));
    }

    #[test]
    fn a_new_pool_promises_a_maximum_that_it_keeps() {
        assert!(check_maximum(Ppm(1), Ppm(1)).is_ok());
        assert!(check_maximum(Ppm(2), Ppm(1)).unwrap_err().message.contains("above its maximum"));
    }

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
