//! Random operations with time passing: every request is paid by its promise, the invariants hold, nobody gets more than a share of
//! what came in.

use crate::{mock::*, *};
use khala_primitives::{Balance, PoolId, WorkerPublicKey};
use std::collections::BTreeMap;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn amount(&mut self, most: u64) -> Balance {
        u128::from(self.below(most)) * PHA + u128::from(self.below(1_000_000)) * 999_983
    }
}

const HOLDERS: [u8; 4] = [11, 12, 13, 14];
/// Longest time between two blocks: the margin of a promise holds two of them.
const GAP: u64 = 5;

/// The test's own ledger: by when each request has to be paid.
#[derive(Default)]
struct Promises(BTreeMap<(PoolId, u64), u64>);

impl Promises {
    fn look(&mut self) {
        let now = StakePool::now();
        let open: BTreeMap<_, _> = Requests::<Test>::iter()
            .map(|(id, number, request)| ((id, number), StakePool::promise(request.deadline_secs)))
            .collect();
        for (key, promised) in &open {
            // A deadline never moves.
            assert_eq!(self.0.entry(*key).or_insert(*promised), promised);
            assert!(
                now <= promised + 2 * GAP,
                "request {key:?} was promised for {promised}, and it is {now}"
            );
        }
        self.0.retain(|key, _| open.contains_key(key));
    }
}

fn act(dice: &mut Dice, id: PoolId, workers: &[WorkerPublicKey]) {
    let who = HOLDERS[dice.below(4) as usize];
    let worker = workers[dice.below(workers.len() as u64) as usize];
    // What is refused is refused: the promise and the invariants are what is looked at.
    let _ = match dice.below(16) {
        0..4 => StakePool::delegate(origin(who), id, dice.amount(4_000), 0),
        4..7 => StakePool::undelegate(origin(who), id, dice.amount(3_000), 0),
        7 => StakePool::undelegate(origin(who), id, shares(id, who), 0),
        8 => {
            let requests = Holdings::<Test>::get(account(who), id).requests;
            let Some(number) = requests.first() else { return };
            StakePool::cancel_request(origin(who), id, *number)
        }
        9 => StakePool::transfer_shares(origin(who), id, account(HOLDERS[dice.below(4) as usize]), dice.amount(500)),
        10..13 => StakePool::start_worker(origin(OWNER), worker, at(id).spare().unwrap().min(dice.amount(8_000))),
        13 => StakePool::add_stake(origin(OWNER), worker, at(id).spare().unwrap().min(dice.amount(1_000))),
        14 => StakePool::reduce_stake(origin(OWNER), worker, dice.amount(500)),
        _ => {
            reward(id, dice.amount(20));
            Ok(())
        }
    };
}

fn play(seed: u64, steps: u64) {
    let mining = khala_pallet_mining::MiningParameters {
        guard_secs: 0,
        ..khala_pallet_mining::MiningParameters::local()
    };
    let mut economics = khala_pallet_mining::EconomicParameters::khala();
    // A second offline costs what otherwise a minute costs.
    economics.keep_per_sec = "0.99998".parse().unwrap();
    run_with(mining, economics, PoolParameters::local(), || {
        let mut dice = Dice(seed);
        let pools = [pool(0), pool(30)];
        let workers = pools.map(|id| (0..4u8).map(|number| added(id, 1 + 4 * id as u8 + number)).collect::<Vec<_>>());
        let mut promises = Promises::default();
        for step in 0..steps {
            let index = dice.below(2) as usize;
            act(&mut dice, pools[index], &workers[index]);
            check();
            if dice.below(4) == 0 {
                // Of those that can be reported some are.
                let overdue = Mining::overdue(10);
                next_block_after(1 + dice.below(GAP));
                if let Some((worker, block)) = overdue.first().filter(|_| step % 16 == 0) {
                    report(worker, *block);
                }
                promises.look();
            }
        }
        // In the end everybody gets out.
        for id in pools {
            for who in HOLDERS {
                let held = shares(id, who);
                if held > 0 {
                    (0..8u64).for_each(|_| {
                        if let Some(number) = Holdings::<Test>::get(account(who), id).requests.last() {
                            let _ = StakePool::cancel_request(origin(who), id, *number);
                        }
                    });
                    let held = shares(id, who);
                    let _ = StakePool::undelegate(origin(who), id, held, 0);
                }
            }
        }
        for _ in 0..60 {
            next_block_after(GAP);
            promises.look();
        }
        assert_eq!(Requests::<Test>::iter().count(), 0);
    });
}

fn added(id: PoolId, number: u8) -> WorkerPublicKey {
    let worker = registered(number);
    StakePool::add_worker(origin(OWNER), id, worker).unwrap();
    worker
}

#[test]
fn every_request_is_paid_by_its_promise() {
    for seed in 0..12 {
        play(seed, 400);
    }
}
