//! A ledger of its own beside the accumulator's: nothing is ever lost, whatever happens.

use khala_economics::{Accumulator, Clocks, ConfidenceLevel, Moment, Parameters, Pha, Position, Precision, Sample, Score, Settlement};
use proptest::prelude::*;

const LEVEL: ConfidenceLevel = ConfidenceLevel::One;

/// What can happen to one of four workers.
#[derive(Clone, Copy, Debug)]
enum Act {
    Start(u32, u32),
    Beat(u32),
    Leave(bool),
    Add(u32),
    Reduce(u32),
    Stop,
}

fn acts() -> impl Strategy<Value = Vec<(u64, usize, Act)>> {
    let act = prop_oneof![
        2 => (50u32..3_000, 0u32..20_000).prop_map(|(p, stake)| Act::Start(p, stake)),
        6 => (0u32..4_000).prop_map(Act::Beat),
        1 => any::<bool>().prop_map(Act::Leave),
        1 => (0u32..9_000).prop_map(Act::Add),
        1 => (0u32..9_000).prop_map(Act::Reduce),
        1 => Just(Act::Stop),
    ];
    proptest::collection::vec((0u64..20_000, 0usize..4, act), 1..120)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A ledger of its own: every planck issued is paid, forfeited or outstanding, and no refused act changes anything.
    #[test]
    fn every_planck_is_accounted_for(acts in acts(), subsidy in 0u32..3_000_000) {
        let parameters = Parameters { share_floor: Default::default(), ..Parameters::khala() };
        let (mut accumulator, mut workers, mut now) = (Accumulator::default(), [None::<Position>; 4], 0);
        let (subsidy, mut paid, mut treasury) = (u128::from(subsidy) * 1_000_000_000_000, 0u128, 0u128);
        for (secs, index, act) in acts {
            now += secs;
            let reserved = accumulator.ledger.reserved().unwrap().planck();
            accumulator.accrue(&parameters, now, Pha::from_planck(subsidy - paid - treasury - reserved).unwrap()).unwrap();
            let clocks = Clocks { credited: now, decaying: now };
            let moment = Moment { parameters: &parameters, now: clocks, precision: Precision::Planck };
            let amount = |whole: u32| Pha::from_planck(u128::from(whole) * 1_000_000_000_000).unwrap();
            let before = (accumulator, workers);
            let worker = &mut workers[index];
            let result = match (act, worker.as_mut()) {
                (Act::Start(p, stake), None) => {
                    Position::start(&moment, &mut accumulator, amount(stake), Score::from_points(p), LEVEL).map(|position| *worker = Some(position))
                }
                (_, None) | (Act::Start(..), Some(_)) => Ok(()),
                (Act::Beat(claim), Some(position)) => {
                    let sample = Sample { p_instant: Score::from_points(claim), level: LEVEL, p: position.p };
                    position.heartbeat(&moment, &mut accumulator, &sample).map(|settlement| {
                        if let Settlement::Paid(payout) = settlement {
                            for amount in [payout.to_pool, payout.to_treasury] {
                                assert_eq!(Pha::from_planck(amount.planck()), Some(amount), "whole planck");
                            }
                            paid += payout.to_pool.planck();
                            treasury += payout.to_treasury.planck();
                        }
                    })
                }
                (Act::Leave(decays), Some(position)) => position.leave(&moment, &mut accumulator, decays.then_some(now)).map(drop),
                (Act::Add(more), Some(position)) => position.add_stake(&moment, &mut accumulator, amount(more)),
                (Act::Reduce(less), Some(position)) => position.reduce_stake(&moment, &mut accumulator, amount(less)).map(|returned| {
                    assert_eq!(returned.returned.checked_add(returned.lost), Some(amount(less)));
                }),
                (Act::Stop, Some(position)) => {
                    let stake = position.stake;
                    position.stop(&moment, &mut accumulator).map(|returned| {
                        assert_eq!(returned.returned.checked_add(returned.lost), Some(stake));
                        *worker = None;
                    })
                }
            };
            if result.is_err() {
                prop_assert_eq!((accumulator, workers), before);
            }
            accumulator.audit(workers.iter().flatten()).unwrap();
            let ledger = accumulator.ledger.planck().unwrap();
            prop_assert_eq!((ledger.paid, ledger.treasury), (paid, treasury));
            prop_assert_eq!(ledger.issued, ledger.paid + ledger.treasury + ledger.forfeited + ledger.outstanding);
            prop_assert!(paid + treasury + accumulator.ledger.reserved().unwrap().planck() <= subsidy);
            for position in workers.iter().flatten() {
                prop_assert!(position.v <= parameters.v_max && position.v_e <= parameters.v_max);
            }
        }
    }
}
