//! Which stakes a pool takes back to pay what is due: reductions first, a stop only when they do not suffice.

use alloc::vec::Vec;
use khala_pallet_mining::Holding;
use khala_primitives::{Balance, WorkerPublicKey};

/// What is to be done for a need.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Plan {
    /// Take so many planck out of these workers' stakes.
    Reduce(Vec<(WorkerPublicKey, Balance)>),
    /// All that could be taken by reductions is too little: stop this worker, and look again.
    Stop(WorkerPublicKey),
    /// No worker runs any more.
    Nothing,
}

/// Workers in the order in which stake is taken from them: those that do not mine now first, else as the pool has them.
pub fn in_order(holdings: impl IntoIterator<Item = Holding>) -> Vec<Holding> {
    let (mut first, rest): (Vec<_>, Vec<_>) = holdings.into_iter().partition(|holding| holding.unresponsive);
    first.extend(rest);
    first
}

/// What is to be done so that `need` planck come back, with workers in the order of [`in_order`].
pub fn plan(holdings: &[Holding], need: Balance) -> Plan {
    let can = |holding: &Holding| holding.returned_of(holding.reducible);
    let all = holdings.iter().fold(0u128, |sum, holding| sum.saturating_add(can(holding)));
    if all < need {
        return holdings.first().map_or(Plan::Nothing, |holding| Plan::Stop(holding.worker));
    }
    let mut open = need;
    let mut reductions = Vec::new();
    for holding in holdings.iter().filter(|holding| holding.reducible > 0) {
        if open == 0 {
            break;
        }
        let less = holding.less_for(open, holding.reducible);
        open = open.saturating_sub(holding.returned_of(less));
        reductions.push((holding.worker, less));
    }
    Plan::Reduce(reductions)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A worker with a stake of which so much would come back, and by how much it can be reduced.
    fn holding(number: u8, stake: Balance, returned: Balance, reducible: Balance) -> Holding {
        Holding {
            worker: WorkerPublicKey([number; 32]),
            stake,
            returned,
            reducible,
            unresponsive: false,
        }
    }

    fn worker(number: u8) -> WorkerPublicKey {
        WorkerPublicKey([number; 32])
    }

    #[test]
    fn one_workers_stake_is_reduced_by_just_what_is_needed() {
        let workers = [holding(1, 5_000, 5_000, 3_000), holding(2, 5_000, 5_000, 3_000)];
        assert_eq!(plan(&workers, 1), Plan::Reduce(vec![(worker(1), 1)]));
        assert_eq!(plan(&workers, 3_000), Plan::Reduce(vec![(worker(1), 3_000)]));
        assert_eq!(plan(&workers, 3_001), Plan::Reduce(vec![(worker(1), 3_000), (worker(2), 1)]));
        assert_eq!(plan(&workers, 6_000), Plan::Reduce(vec![(worker(1), 3_000), (worker(2), 3_000)]));
    }

    #[test]
    fn a_worker_is_stopped_only_when_all_reductions_are_too_little() {
        let workers = [holding(1, 5_000, 5_000, 3_000), holding(2, 5_000, 5_000, 3_000)];
        assert_eq!(plan(&workers, 6_001), Plan::Stop(worker(1)));
        assert_eq!(plan(&[], 1), Plan::Nothing);
        assert_eq!(plan(&[holding(3, 1_000, 1_000, 0)], 1), Plan::Stop(worker(3)));
    }

    #[test]
    fn workers_that_do_not_mine_come_first_and_the_rest_stays_in_order() {
        let mut workers = [1, 2, 3, 4].map(|number| holding(number, 10, 10, 10));
        (workers[1].unresponsive, workers[3].unresponsive) = (true, true);
        let order: Vec<_> = in_order(workers).iter().map(|holding| holding.worker).collect();
        assert_eq!(order, [worker(2), worker(4), worker(1), worker(3)]);
    }

    #[test]
    fn a_stake_that_has_lost_value_is_reduced_by_more_than_comes_back() {
        // A tenth is lost.
        let workers = [holding(1, 5_000, 4_500, 3_000)];
        let Plan::Reduce(reductions) = plan(&workers, 900) else {
            panic!("reducing suffices")
        };
        let (_, less) = reductions[0];
        assert!(workers[0].returned_of(less) >= 900 && less <= 1_002, "{less}");
        assert_eq!(plan(&workers, 2_700), Plan::Reduce(vec![(worker(1), 3_000)]));
        assert_eq!(plan(&workers, 2_701), Plan::Stop(worker(1)));
    }

    proptest::proptest! {
        #[test]
        fn what_is_planned_covers_the_need(
            stakes in proptest::collection::vec((1u128..1 << 60, 0u32..=100, 0u32..=100), 1..20),
            need in 1u128..1 << 62,
        ) {
            let part = |stake: u128, percent: u32| stake * u128::from(percent) / 100;
            let workers: Vec<_> = stakes
                .iter()
                .zip(1u8..)
                .map(|((stake, lost, reducible), number)| holding(number, *stake, *stake - part(*stake, *lost), part(*stake, *reducible)))
                .collect();
            let by_key = |key| workers.iter().find(|holding| holding.worker == key).unwrap();
            if let Plan::Reduce(reductions) = plan(&workers, need) {
                let back: u128 = reductions.iter().map(|(key, less)| by_key(*key).returned_of(*less)).sum();
                proptest::prop_assert!(back >= need);
                for (key, less) in reductions {
                    proptest::prop_assert!(less <= by_key(key).reducible);
                }
            }
        }
    }
}
