//! The numbers of `design/staking.md`, to the smallest unit.

use crate::{mock::*, *};
use khala_pallet_stake_pool::MIN_DELEGATION;
use khala_primitives::PHA;

#[test]
fn a_fee_is_taken_of_the_gain_before_somebody_joins() {
    run(|| {
        let (vault, pool) = (vault(5), pool(0));
        delegate(11, vault, 10_000 * PHA);
        invest(vault, pool, 10_000 * PHA);
        reward(pool, 50 * PHA);
        assert_eq!(at(vault).value(), Some(10_050 * PHA));
        delegate(12, vault, 3_000 * PHA);
        // 5 % of 50 are 2.5: 10,000 x 2.5 / 10,047.5 shares.
        assert_eq!(Vaults::<Test>::get(vault).unwrap().fee_shares, 2_488_181_139_586);
        let price = at(vault).price().unwrap();
        assert!((1_004_750_000_000_000_000..1_004_750_000_000_001_000).contains(&price), "{price}");
        assert_eq!(shares(vault, 12), 2_985_817_367_504_354);
        // Nobody has lost more than a planck by rounding.
        assert!(3_000 * PHA - worth(vault, 12) <= 1);
        assert!(10_047_500_000_000_000 - worth(vault, 11) <= 1);
    });
}

#[test]
fn the_fee_never_touches_what_a_newcomer_has_brought() {
    run(|| {
        let (vault, pool) = (vault(50), pool(0));
        delegate(11, vault, 1_000 * PHA);
        invest(vault, pool, 1_000 * PHA);
        reward(pool, 100 * PHA);
        delegate(12, vault, 100_000 * PHA);
        let before = worth(vault, 12);
        assert!(before + 100 >= 100_000 * PHA && before <= 100_000 * PHA);
        // Later fees are taken, and there is nothing to take.
        for _ in 0..3 {
            delegate(13, vault, MIN_DELEGATION);
            next_block_after(6);
        }
        assert!(worth(vault, 12) + 100 >= before, "{} of {before}", worth(vault, 12));
        // Of the next gain of 1,010.5 the newcomer's part is its part of the vault, less a half.
        let fee_shares = Vaults::<Test>::get(vault).unwrap().fee_shares;
        reward(pool, 1_000 * PHA);
        let gain = worth(vault, 12) - before;
        let part = 500 * PHA * 100_000 / 101_103;
        assert!(gain.abs_diff(part) < PHA / 1_000, "{gain} and not {part}");
        assert!(at(vault).vault.fee_shares > fee_shares);
    });
}

#[test]
fn a_loss_has_to_be_won_back_before_a_fee_is_taken_again() {
    run(|| {
        let (vault, pool) = (vault(10), pool(0));
        delegate(11, vault, 10_000 * PHA);
        invest(vault, pool, 10_000 * PHA);
        reward(pool, 1_000 * PHA);
        // It is taken when somebody joins.
        delegate(12, vault, PHA);
        assert_eq!(Vaults::<Test>::get(vault).unwrap().fee_shares, 10_000 * PHA * 100 / 10_900);
        let mark = Vaults::<Test>::get(vault).unwrap().mark;
        // A worker is stopped after a tenth of its value was lost.
        let worker = start(1, pool, 10_000 * PHA);
        let session = khala_pallet_mining::SessionOf::<Test>::get(worker).unwrap();
        khala_pallet_mining::Sessions::<Test>::mutate(session, |session| {
            let position = session.as_mut().unwrap().position.as_mut().unwrap();
            position.v = position.v_e.mul_ratio(95, 100).unwrap();
        });
        StakePool::stop_worker(origin(POOL_OWNER), worker).unwrap();
        assert!(at(vault).value().unwrap() < 10_600 * PHA);
        reward(pool, 400 * PHA);
        let fee_shares = at(vault).vault.fee_shares;
        assert_eq!((at(vault).vault.mark, at(vault).price() < Some(mark)), (mark, true));
        reward(pool, 400 * PHA);
        assert!(at(vault).price() > Some(mark) && at(vault).vault.fee_shares > fee_shares);
    });
}

#[test]
fn a_request_that_free_coins_do_not_cover_is_filed_in_the_pools_in_proportion() {
    run(|| {
        let (vault, one, other) = (vault(0), pool(0), pool(0));
        delegate(11, vault, 8_000 * PHA);
        invest(vault, one, 6_000 * PHA);
        invest(vault, other, 2_000 * PHA);
        start(1, one, 6_000 * PHA);
        start(2, other, 2_000 * PHA);
        delegate(12, vault, 1_000 * PHA);
        let before = balance(11);
        undelegate(11, vault, 5_000 * PHA);
        // What is free is paid at once.
        assert_eq!(balance(11) - before, 1_000 * PHA);
        let request = &requests(vault, 11)[0];
        let claims: Vec<_> = request.claims.iter().map(|claim| (claim.pool, claim.shares)).collect();
        assert_eq!(claims, [(one, 3_000 * PHA), (other, 1_000 * PHA)]);
        assert_eq!(request.shares, 0);
        // The pools' grace and the vault's margin.
        assert_eq!(request.deadline_secs, StakePool::now() + 120 + 60);
        check();
        // A coin that a pool gets flows through in the same step.
        StakePool::delegate(origin(13), other, 700 * PHA, 0).unwrap();
        next_block_after(6);
        assert_eq!(balance(11) - before, 1_700 * PHA);
        assert!(events().contains(&Event::RequestPaid {
            vault,
            request: 0,
            who: account(11),
            shares: 0,
            amount: 700 * PHA,
            ended: false
        }));
        // The rest is paid by its date, with nobody acting.
        pass(120 + 120 + 10);
        assert_eq!(balance(11) - before, 5_000 * PHA);
        assert!(requests(vault, 11).is_empty());
        assert_eq!(worth(vault, 12), 1_000 * PHA);
    });
}
