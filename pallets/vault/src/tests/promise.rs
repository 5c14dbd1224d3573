//! Random operations with time passing: every request is paid by its promise, the invariants hold, and nobody gets more than its part.

use crate::{mock::*, *};
use khala_pallet_mining::{EconomicParameters, MiningParameters};
use khala_primitives::{Balance, PoolId, VaultId, WorkerPublicKey, PHA};
use sp_runtime::Permill;
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
struct Promises(BTreeMap<(VaultId, u64), u64>);

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
                "request {key:?} was promised for {promised}, and it is {now}: {:?}",
                Requests::<Test>::get(key.0, key.1)
            );
        }
        self.0.retain(|key, _| open.contains_key(key));
    }
}

struct World {
    vault: VaultId,
    pools: [PoolId; 3],
    workers: [WorkerPublicKey; 3],
}

fn act(dice: &mut Dice, world: &World) {
    let who = HOLDERS[dice.below(4) as usize];
    let index = dice.below(3) as usize;
    let (vault, pool) = (world.vault, world.pools[index]);
    let stake = |pool: PoolId| at(vault).stake(pool).map_or(0, |stake| stake.held);
    // What is refused is refused: the promise and the invariants are what is looked at.
    let _ = match dice.below(24) {
        0..4 => VaultPallet::delegate(origin(who), vault, dice.amount(4_000), 0),
        4..8 => VaultPallet::undelegate(origin(who), vault, dice.amount(3_000), 0),
        8 => VaultPallet::undelegate(origin(who), vault, shares(vault, who), 0),
        9 => {
            let requests = Holdings::<Test>::get(account(who), vault).requests;
            let Some(number) = requests.last() else { return };
            VaultPallet::cancel_request(origin(who), vault, *number)
        }
        10 => VaultPallet::transfer_shares(origin(who), vault, account(HOLDERS[dice.below(4) as usize]), dice.amount(500)),
        11..15 => {
            let spare = at(vault).spare().unwrap();
            VaultPallet::invest(origin(OWNER), vault, pool, spare.min(dice.amount(5_000)), 0)
        }
        15 => VaultPallet::divest(origin(OWNER), vault, pool, stake(pool).min(dice.amount(3_000)), 0),
        16 => VaultPallet::divest(origin(OWNER), vault, pool, stake(pool), 0),
        17 => {
            let account = VaultPallet::account(vault);
            let own = khala_pallet_stake_pool::Requests::<Test>::iter_prefix(pool).find(|(_, request)| request.who == account);
            let Some((number, _)) = own else { return };
            VaultPallet::cancel_divest(origin(OWNER), vault, pool, number)
        }
        18 => VaultPallet::set_fee(origin(OWNER), vault, Permill::from_percent(dice.below(50) as u32)),
        19 => VaultPallet::claim_fee(origin(OWNER), vault),
        20 => StakePool::delegate(origin(15), pool, dice.amount(2_000), 0),
        21 => {
            let free = StakePool::current(pool).unwrap().spare().unwrap();
            StakePool::start_worker(origin(POOL_OWNER), world.workers[index], free.min(dice.amount(9_000)))
        }
        22 => {
            let free = StakePool::current(pool).unwrap().spare().unwrap();
            StakePool::add_stake(origin(POOL_OWNER), world.workers[index], free)
        }
        _ => {
            reward(pool, dice.amount(20));
            Ok(())
        }
    };
}

fn play(seed: u64, steps: u64) {
    let mining = MiningParameters {
        guard_secs: 0,
        ..MiningParameters::local()
    };
    let mut economics = EconomicParameters::khala();
    // A second offline costs what otherwise a minute costs.
    economics.keep_per_sec = "0.99998".parse().unwrap();
    run_with(mining, economics, || {
        let mut dice = Dice(seed);
        let pools = [pool(0), pool(10), pool(30)];
        // Each pool has a worker that can be started again.
        let workers = [1, 2, 3].map(|number| {
            StakePool::delegate(origin(15), pools[number as usize - 1], 5_000 * PHA, 0).unwrap();
            start(number, pools[number as usize - 1], 5_000 * PHA)
        });
        let world = World {
            vault: vault(10),
            pools,
            workers,
        };
        let mut promises = Promises::default();
        for step in 0..steps {
            act(&mut dice, &world);
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
        for who in HOLDERS {
            let held = shares(world.vault, who);
            if held > 0 && VaultPallet::undelegate(origin(who), world.vault, held, 0).is_err() {
                // It has eight requests already: the shares go to somebody who has none.
                VaultPallet::transfer_shares(origin(who), world.vault, account(16 + who - 11), held).unwrap();
                let held = shares(world.vault, 16 + who - 11);
                VaultPallet::undelegate(origin(16 + who - 11), world.vault, held, 0).unwrap();
            }
        }
        for _ in 0..80 {
            next_block_after(GAP);
            promises.look();
        }
        assert_eq!(Requests::<Test>::iter().count(), 0);
    });
}

#[test]
fn every_request_is_paid_by_its_promise() {
    for seed in 0..8 {
        play(seed, 400);
    }
}
