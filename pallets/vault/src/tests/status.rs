//! What the runtime API says.

use crate::mock::*;
use frame_support::assert_ok;
use khala_pallet_mining::Pallet as Mining;
use khala_primitives::{
    status::{SourceKind, VaultClaim},
    PHA,
};
use sp_runtime::Permill;

#[test]
fn a_vault_tells_its_terms_its_pools_and_what_it_owes() {
    run(|| {
        let (vault, pool) = (vault(10), pool(20));
        assert_ok!(VaultPallet::set_cap(origin(OWNER), vault, Some(6_000 * PHA)));
        delegate(11, vault, 5_000 * PHA);
        invest(vault, pool, 4_000 * PHA);
        start(1, pool, 4_000 * PHA);
        undelegate(11, vault, 2_000 * PHA);
        reward(pool, 50 * PHA);
        assert_ok!(VaultPallet::set_fee(origin(OWNER), vault, Permill::from_percent(15)));
        let status = VaultPallet::vault_status(vault).unwrap();
        assert_eq!(
            (status.fee_ppm, status.max_fee_ppm, status.commission_limit_ppm),
            (100_000, 500_000, 500_000)
        );
        assert_eq!(status.fee_rise.unwrap().due_secs, Mining::<Test>::now_secs() + 240);
        // 40 of the reward, three quarters of it for what is not claimed.
        assert_eq!((status.value, status.room), (3_030 * PHA, Some(2_970 * PHA)));
        assert_eq!((status.free, status.owed, status.spare, status.late), (0, 1_010 * PHA, 0, false));
        let place = &status.places[0];
        assert_eq!(
            (place.pool, place.held, place.returning, place.claimed),
            (pool, 3_000 * PHA, 0, 1_000 * PHA)
        );
        assert_eq!((place.value, place.commission_ppm), (3_030 * PHA, 200_000));
        assert_eq!(VaultPallet::vaults(0, 10), [status]);
        assert_eq!((VaultPallet::vaults(1, 10), VaultPallet::vault_status(1)), (vec![], None));
    });
}

#[test]
fn a_position_tells_its_requests_with_their_dates() {
    run(|| {
        let (vault, pool) = (vault(0), pool(0));
        delegate(11, vault, 5_000 * PHA);
        invest(vault, pool, 5_000 * PHA);
        start(1, pool, 5_000 * PHA);
        undelegate(11, vault, 2_000 * PHA);
        let position = &VaultPallet::vault_positions(&account(11))[0];
        assert_eq!((position.vault, position.shares, position.value), (vault, 3_000 * PHA, 3_000 * PHA));
        let request = &position.requests[0];
        let now = Mining::<Test>::now_secs();
        assert_eq!((request.value, request.shares), (2_000 * PHA, 0));
        assert_eq!((request.deadline_secs, request.promised_secs), (now + 180, now + 180 + 120 + 10));
        let claim = VaultClaim {
            pool,
            request: 0,
            shares: 2_000 * PHA,
            value: 2_000 * PHA,
        };
        assert_eq!(request.claims, [claim]);
        assert!(VaultPallet::vault_positions(&account(12)).is_empty());
    });
}

#[test]
fn a_forecast_names_the_pools_that_pay_and_when() {
    run(|| {
        let (vault, pool) = (vault(0), pool(0));
        delegate(11, vault, 5_000 * PHA);
        invest(vault, pool, 4_000 * PHA);
        let worker = start(1, pool, 4_000 * PHA);
        let before = VaultPallet::vault_withdrawal_forecast(vault, 2_000 * PHA).unwrap();
        assert_eq!((before.amount, before.at_once), (2_000 * PHA, 1_000 * PHA));
        undelegate(11, vault, 2_000 * PHA);
        let after = VaultPallet::vault_request_forecast(vault, 0).unwrap();
        let now = Mining::<Test>::now_secs();
        for (forecast, open) in [(&before, 2_000 * PHA), (&after, 1_000 * PHA)] {
            assert_eq!(forecast.amount, open);
            assert_eq!((forecast.expected_secs, forecast.promised_secs), (now + 240, now + 310));
            let (from, part) = &forecast.pools[0];
            assert_eq!((*from, part.amount), (pool, 1_000 * PHA));
            assert_eq!(part.sources[0].kind, SourceKind::Reduced { worker });
        }
        for (vault, shares) in [(vault, 0), (vault, 5_000 * PHA), (7, PHA)] {
            assert_eq!(VaultPallet::vault_withdrawal_forecast(vault, shares), None);
        }
        assert_eq!(VaultPallet::vault_request_forecast(vault, 1), None);
    });
}

#[test]
fn a_forecast_pays_at_once_what_the_call_would() {
    run(|| {
        let (vault, pool) = (vault(0), pool(0));
        delegate(11, vault, 5_000 * PHA);
        invest(vault, pool, 4_999 * PHA + PHA / 2);
        start(1, pool, 4_999 * PHA);
        // Half a PHA is free, and no payment is below one unless it is all.
        let forecast = VaultPallet::vault_withdrawal_forecast(vault, 2_000 * PHA).unwrap();
        assert_eq!((forecast.amount, forecast.at_once), (2_000 * PHA, 0));
        let before = balance(11);
        undelegate(11, vault, 2_000 * PHA);
        // The pool has its own half: that is no payment either.
        assert_eq!(balance(11), before);
    });
}

#[test]
fn who_waits_for_the_owners_moves_is_told_the_promise() {
    run(|| {
        let (vault, pool) = (vault(0), pool(0));
        delegate(11, vault, 4_000 * PHA);
        invest(vault, pool, 4_000 * PHA);
        start(1, pool, 4_000 * PHA);
        assert_ok!(VaultPallet::divest(origin(OWNER), vault, pool, 4_000 * PHA, 0));
        let forecast = VaultPallet::vault_withdrawal_forecast(vault, PHA).unwrap();
        assert_eq!((forecast.pools.len(), forecast.expected_secs), (0, forecast.promised_secs));
    });
}
