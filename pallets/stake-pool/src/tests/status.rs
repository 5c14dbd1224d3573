//! What the runtime API says.

use crate::{mock::*, *};
use frame_support::assert_ok;
use khala_primitives::{
    status::{Source, SourceKind},
    PoolId,
};

const SECS: u64 = 1_700_000_000;

/// Seconds since 1970, now.
fn now() -> u64 {
    Timestamp::get() / 1_000
}

fn amounts(sources: &[Source]) -> Vec<(SourceKind, u128)> {
    sources.iter().map(|source| (source.kind.clone(), source.amount)).collect()
}

/// 10,000 of 11's: 1,000 free, three workers of 3,000, the oldest of which is stopped.
fn scene(test: impl FnOnce(PoolId)) {
    run(|| {
        let id = pool(0);
        delegate(11, id, 10_000 * PHA);
        let oldest = start(1, id, 3_000 * PHA);
        start(2, id, 3_000 * PHA);
        start(3, id, 3_000 * PHA);
        assert_ok!(StakePool::stop_worker(origin(OWNER), oldest));
        test(id);
    });
}

#[test]
fn a_forecast_tells_when_how_much_and_from_which_workers() {
    scene(|id| {
        let forecast = StakePool::withdrawal_forecast(id, 5_000 * PHA).unwrap();
        assert_eq!((forecast.amount, forecast.deadline_secs), (5_000 * PHA, now() + 120));
        assert_eq!(forecast.promised_secs, now() + 120 + 120 + 10);
        assert_eq!(forecast.expected_secs, now() + 240);
        assert_eq!(
            amounts(&forecast.sources),
            [
                (SourceKind::Free, 1_000 * PHA),
                (SourceKind::Cooling { worker: registered(1) }, 3_000 * PHA),
                (SourceKind::Reduced { worker: registered(3) }, 1_000 * PHA),
            ]
        );
        let at = |secs| now() + secs;
        assert_eq!(
            forecast.sources.iter().map(|source| source.at_secs).collect::<Vec<_>>(),
            [at(0), at(120), at(240)]
        );
        let all = StakePool::withdrawal_forecast(id, 10_000 * PHA).unwrap();
        let stopped = |number| {
            (
                SourceKind::Stopped {
                    worker: registered(number),
                },
                3_000 * PHA,
            )
        };
        assert_eq!(amounts(&all.sources)[2..], [stopped(3), stopped(2)]);
        assert_eq!(StakePool::withdrawal_forecast(id, 0), None);
        assert_eq!(StakePool::withdrawal_forecast(id, 10_000 * PHA + 1), None);
    });
}

#[test]
fn a_forecast_that_was_made_comes_true() {
    scene(|id| {
        let before = balance(11);
        undelegate(11, id, 5_000 * PHA);
        assert_eq!(balance(11) - before, 1_000 * PHA);
        let forecast = StakePool::request_forecast(id, 0).unwrap();
        assert_eq!(forecast.amount, 4_000 * PHA);
        // Another one waits behind it, and gets what is left.
        undelegate(11, id, 1_000 * PHA);
        let second = StakePool::request_forecast(id, 1).unwrap();
        assert_eq!(second.sources.iter().map(|source| source.amount).sum::<u128>(), 1_000 * PHA);
        assert!(second
            .sources
            .iter()
            .all(|source| matches!(source.kind, SourceKind::Reduced { .. })));
        pass(120);
        assert_eq!(StakePool::request_forecast(id, 0).unwrap().expected_secs, forecast.expected_secs);
        pass(119);
        assert!(Requests::<Test>::contains_key(id, 0));
        pass(1);
        assert!(!Requests::<Test>::contains_key(id, 0));
        assert_eq!(balance(11) - before, 6_000 * PHA);
        assert_eq!(StakePool::request_forecast(id, 0), None);
    });
}

#[test]
fn positions_tell_shares_and_requests_with_their_dates() {
    scene(|id| {
        let other = pool(0);
        delegate(11, other, 7 * PHA);
        undelegate(11, id, 5_000 * PHA);
        pass(30);
        let positions = StakePool::positions(&account(11));
        assert_eq!(positions.len(), 2);
        let position = positions.iter().find(|position| position.pool == id).unwrap();
        assert_eq!(position.delegation.value, 5_000 * PHA);
        let request = &position.delegation.requests[0];
        assert_eq!((request.id, request.shares, request.value), (0, 4_000 * PHA, 4_000 * PHA));
        assert_eq!(
            (request.deadline_secs, request.promised_secs, request.cancellable),
            (now() + 90, now() + 220, true)
        );
        assert!(StakePool::positions(&account(12)).is_empty());
        assert!(now() > SECS);
    });
}

#[test]
fn a_pools_yield_is_told_over_the_days_that_are_known() {
    run_as_khala(|| {
        let id = pool(0);
        delegate(11, id, 1_000 * PHA);
        assert_eq!(StakePool::yield_of(id, 7), None);
        for _ in 0..10 {
            pass(86_400);
            reward(id, PHA);
        }
        pass(3_600);
        let week = StakePool::yield_of(id, 7).unwrap();
        assert!(week.gained && week.price == 1_010_000_000_000_000_000);
        assert!(week.secs > 6 * 86_400 && week.secs <= 7 * 86_400, "{}", week.secs);
        // About a thousandth a day.
        assert!(
            week.apr > 340_000_000_000_000_000 && week.apr < 440_000_000_000_000_000,
            "{}",
            week.apr
        );
        assert!(StakePool::yield_of(id, 30).unwrap().secs >= 9 * 86_400);
        // Only the last 32 days are kept.
        pass(40 * 86_400);
        assert_eq!(PriceSamples::<Test>::get(id).len(), MAX_SAMPLES as usize);
        undelegate(11, id, 1_000 * PHA);
        pass(2 * 3_600);
        assert_eq!(StakePool::yield_of(id, 7), None);
        assert!(!PriceSamples::<Test>::contains_key(id));
    });
}

#[test]
fn a_start_says_what_it_needs() {
    run(|| {
        let id = pool(0);
        let worker = registered(1);
        assert_eq!(StakePool::start_needs(&worker), None);
        assert_ok!(StakePool::add_worker(origin(OWNER), id, worker));
        delegate(11, id, 1_000 * PHA);
        let needs = StakePool::start_needs(&worker).unwrap();
        assert_eq!((needs.pool, needs.score, needs.spare, needs.ready), (id, 1_000, 1_000 * PHA, false));
        assert_eq!(needs.missing, needs.minimum - 1_000 * PHA);
        delegate(11, id, needs.missing);
        let needs = StakePool::start_needs(&worker).unwrap();
        assert_eq!((needs.missing, needs.ready), (0, true));
        assert_ok!(StakePool::start_worker(origin(OWNER), worker, needs.minimum));
        assert!(!StakePool::start_needs(&worker).unwrap().ready);
    });
}

#[test]
fn a_pools_status_tells_its_commission_queue_and_losses() {
    run(|| {
        let id = pool(10);
        delegate(11, id, 5_000 * PHA);
        let worker = start(1, id, 5_000 * PHA);
        assert_ok!(StakePool::set_commission(origin(OWNER), id, sp_runtime::Permill::from_percent(15)));
        undelegate(11, id, 1_000 * PHA);
        let status = StakePool::pool_status(id).unwrap();
        let rise = status.commission_rise.unwrap();
        assert_eq!((rise.commission_ppm, rise.due_secs), (150_000, now() + 240));
        assert_eq!(
            (status.max_commission_ppm, status.queued_shares, status.due_shares, status.impaired),
            (1_000_000, 1_000 * PHA, 0, 0)
        );
        assert_ok!(StakePool::cancel_request(origin(11), id, 0));
        go_offline(&worker);
        decay(3_600);
        let status = StakePool::pool_status(id).unwrap();
        assert!(status.impaired > 0 && status.value == 5_000 * PHA - status.impaired);
        assert_eq!(StakePool::pools(0, 100).len(), 1);
        assert!(StakePool::pools(0, 0).is_empty() && StakePool::pools(1, 100).is_empty());
    });
}
