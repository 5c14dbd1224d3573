//! Every transition of a position: what it does, what it refuses, and that nothing is ever lost.

use khala_economics::{
    Accumulator, AuditError, Clocks, ConfidenceLevel, EconomicsError, Moment, Parameters, Payout, Pha, Position, Precision, Returned,
    Sample, Score, Settlement, Standing, DAY, HOUR, Q96,
};

const FAR: Pha = Pha::MAX;
const LEVEL: ConfidenceLevel = ConfidenceLevel::One;

fn pha(text: &str) -> Pha {
    text.parse().unwrap()
}

fn q(text: &str) -> Q96 {
    text.parse().unwrap()
}

fn parameters() -> Parameters {
    Parameters {
        share_floor: Default::default(),
        ..Parameters::khala()
    }
}

/// A chain with one clock, one accumulator and one worker: P 1000, stake 5000, level 1, so V_e = 7950.
struct Chain {
    parameters: Parameters,
    now: u64,
    accumulator: Accumulator,
    position: Position,
}

impl Chain {
    fn new() -> Self {
        let (parameters, mut accumulator) = (parameters(), Accumulator::default());
        let moment = Moment {
            parameters: &parameters,
            now: Clocks::default(),
            precision: Precision::Planck,
        };
        let position = Position::start(&moment, &mut accumulator, pha("5000"), Score::from_points(1_000), LEVEL).unwrap();
        Self {
            parameters,
            now: 0,
            accumulator,
            position,
        }
    }

    /// Lets time pass and does something then.
    fn after<R>(&mut self, secs: u64, act: impl FnOnce(&mut Position, &Moment<'_>, &mut Accumulator) -> R) -> R {
        self.now += secs;
        self.accumulator.accrue(&self.parameters, self.now, FAR).unwrap();
        let now = Clocks {
            credited: self.now,
            decaying: self.now,
        };
        let moment = Moment {
            parameters: &self.parameters,
            now,
            precision: Precision::Planck,
        };
        let result = act(&mut self.position, &moment, &mut self.accumulator);
        self.accumulator.audit([&self.position]).unwrap();
        result
    }

    fn heartbeat(&mut self, secs: u64, p_instant: u32) -> Result<Settlement, EconomicsError> {
        self.after(secs, |position, moment, accumulator| {
            position.heartbeat(moment, accumulator, &sample(p_instant))
        })
    }

    fn leave(&mut self, secs: u64, decays_from: Option<u64>) -> Result<Pha, EconomicsError> {
        self.after(secs, |position, moment, accumulator| {
            position.leave(moment, accumulator, decays_from)
        })
    }

    /// Does something that must be refused and must change nothing.
    fn refuses<R: std::fmt::Debug>(
        &mut self,
        act: impl FnOnce(&mut Position, &Moment<'_>, &mut Accumulator) -> Result<R, EconomicsError>,
    ) -> EconomicsError {
        let (position, accumulator) = (self.position, self.accumulator);
        let error = self.after(0, act).unwrap_err();
        assert_eq!((self.position, self.accumulator), (position, accumulator), "{error}");
        error
    }
}

fn sample(p_instant: u32) -> Sample {
    Sample {
        p_instant: Score::from_points(p_instant),
        level: LEVEL,
        p: Score::from_points(1_000),
    }
}

fn paid(settlement: Result<Settlement, EconomicsError>) -> Payout {
    match settlement {
        Ok(Settlement::Paid(payout)) => payout,
        other => panic!("not paid: {other:?}"),
    }
}

#[test]
fn a_start_has_the_initial_value_and_full_speed() {
    let position = Chain::new().position;
    assert_eq!((position.v, position.v_e, position.v_last), (q("7950"), q("7950"), q("7950")));
    assert_eq!(
        (position.p, position.p_instant),
        (Score::from_points(1_000), Score::from_points(1_000))
    );
    assert_eq!(position.standing, Standing::Idle { at: 0 });
}

#[test]
fn a_start_needs_a_stake_within_its_bounds() {
    let parameters = parameters();
    let moment = Moment {
        parameters: &parameters,
        now: Clocks::default(),
        precision: Precision::Planck,
    };
    let start = |stake: Pha, p| {
        let mut accumulator = Accumulator::default();
        let result = Position::start(&moment, &mut accumulator, stake, Score::from_points(p), LEVEL);
        assert!(result.is_ok() || accumulator == Accumulator::default());
        result.map(|_| ())
    };
    // S_min is 500 and S_max 19,970 at P 100.
    let unit = Pha::from_units(1);
    let (minimum, maximum) = (pha("500"), pha("19970"));
    let below = minimum.checked_sub(unit).unwrap();
    assert_eq!(start(below, 100), Err(EconomicsError::StakeTooLow { stake: below, minimum }));
    assert_eq!(start(minimum, 100), Ok(()));
    assert_eq!(start(minimum.checked_add(unit).unwrap(), 100), Ok(()));
    assert_eq!(start(maximum.checked_sub(unit).unwrap(), 100), Ok(()));
    assert_eq!(start(maximum, 100), Ok(()));
    let above = start(maximum.checked_add(unit).unwrap(), 100);
    assert!(
        matches!(above, Err(EconomicsError::ValueTooHigh { initial, maximum }) if initial > maximum),
        "{above:?}"
    );
    assert_eq!(start(maximum, 0), Err(EconomicsError::NoScore));
    assert_eq!(start(FAR, 100), Err(EconomicsError::Overflow));
}

#[test]
fn a_heartbeat_pays_the_whole_budget_to_the_only_worker() {
    let mut chain = Chain::new();
    // 8.333... PHA a second, a fifth to the treasury, in whole planck.
    let payout = paid(chain.heartbeat(1, 1_000));
    assert_eq!((payout.to_pool, payout.to_treasury), (pha("6.666666666666"), pha("1.666666666666")));
    let ledger = chain.accumulator.ledger.planck().unwrap();
    assert_eq!(
        (ledger.issued, ledger.paid, ledger.treasury),
        (8_333_333_333_333, 6_666_666_666_666, 1_666_666_666_666)
    );
    assert_eq!((ledger.forfeited, ledger.outstanding), (1, 0));
}

#[test]
fn a_payout_takes_the_growth_off_and_never_the_promise() {
    let mut chain = Chain::new();
    paid(chain.heartbeat(600, 1_000));
    assert_eq!(chain.position.v, q("7950"));
    // Below V_e the value heals: a payout takes nothing.
    chain.leave(0, Some(600)).unwrap();
    chain.heartbeat(HOUR, 1_000).unwrap();
    let low = chain.position.v;
    assert!(low < q("7950"));
    paid(chain.heartbeat(600, 1_000));
    assert!(chain.position.v > low);
}

#[test]
fn a_small_payout_leaves_growth_in_the_value() {
    let mut chain = Chain::new();
    chain.parameters.budget_per_day = pha("1");
    let payout = paid(chain.heartbeat(HOUR, 1_000));
    let grown = khala_economics::value::grown(
        &chain.parameters,
        q("7950"),
        HOUR,
        Score::from_points(1_000),
        Score::from_points(1_000),
    )
    .unwrap();
    assert_eq!(chain.position.v, grown.checked_sub(Q96::from_pha(payout.to_pool).unwrap()).unwrap());
    assert_eq!(chain.position.v_last, chain.position.v);
    assert!(chain.position.v > q("7950"));
}

#[test]
fn claimed_speed_is_capped() {
    let mut chain = Chain::new();
    for (claim, counts) in [(1_199, 1_199), (1_200, 1_200), (1_201, 1_200), (u32::MAX, 1_200)] {
        paid(chain.heartbeat(60, claim));
        assert_eq!(chain.position.p_instant, Score::from_points(counts));
    }
}

#[test]
fn a_lower_score_counts_from_the_settlement_on_and_a_higher_one_never() {
    let mut chain = Chain::new();
    let beat = |p, level| Sample {
        p_instant: Score::from_points(5_000),
        level,
        p: Score::from_points(p),
    };
    for (measured, counts) in [(1_001, 1_000), (900, 900), (950, 900)] {
        chain
            .after(60, |position, moment, sums| {
                position.heartbeat(moment, sums, &beat(measured, LEVEL))
            })
            .unwrap();
        assert_eq!(chain.position.p, Score::from_points(counts));
    }
    assert_eq!(chain.position.p_instant, Score::from_points(1_080));
    assert_eq!(chain.position.p_at_start, Score::from_points(1_000));
    assert_eq!(
        chain.refuses(|position, moment, sums| position.heartbeat(moment, sums, &beat(0, LEVEL))),
        EconomicsError::NoScore
    );
}

#[test]
fn a_new_level_is_paid_with_the_old_share_and_counts_in_the_new_one() {
    let (mut same, mut changed) = (Chain::new(), Chain::new());
    let beat = |level| Sample { level, ..sample(1_000) };
    let payouts = [(&mut same, LEVEL), (&mut changed, ConfidenceLevel::Five)]
        .map(|(chain, level)| paid(chain.after(60, |position, moment, sums| position.heartbeat(moment, sums, &beat(level)))));
    assert_eq!(payouts[0], payouts[1]);
    assert!(changed.position.share < same.position.share);
    assert_eq!(changed.position.v_e, same.position.v_e);
}

#[test]
fn a_day_unseen_is_paid_and_a_second_more_is_forfeited() {
    for (secs, pays) in [(DAY - 1, true), (DAY, true), (DAY + 1, false)] {
        let mut chain = Chain::new();
        match chain.heartbeat(secs, 1_000).unwrap() {
            Settlement::Paid(payout) => assert!(pays && payout.to_pool > Pha::ZERO),
            Settlement::Recovered { forfeited } => assert!(!pays && forfeited > pha("720000")),
        }
        assert!(chain.position.is_idle());
        assert_eq!(chain.position.v, q("7950"));
    }
}

#[test]
fn an_offline_worker_decays_and_recovers_without_pay() {
    let mut chain = Chain::new();
    let forfeited = chain.leave(60, Some(60)).unwrap();
    assert_eq!(forfeited.planck(), 499_999_999_999_999);
    assert!(!chain.position.is_idle());
    assert!(chain.accumulator.total_share.is_zero());
    let settlement = chain.heartbeat(HOUR, 1_000).unwrap();
    assert_eq!(settlement, Settlement::Recovered { forfeited: Pha::ZERO });
    assert_eq!(chain.position.v.to_string(), "7942.050000000000000000");
    assert_eq!((chain.position.v_last, chain.position.v_e), (chain.position.v, q("7950")));
    assert_eq!(chain.accumulator.ledger.planck().unwrap().paid, 0);
}

#[test]
fn a_lapsed_worker_keeps_its_value() {
    let mut chain = Chain::new();
    chain.leave(60, None).unwrap();
    chain.heartbeat(30 * DAY, 1_000).unwrap();
    assert_eq!(chain.position.v, q("7950"));
}

#[test]
fn decay_begins_when_the_grace_is_over() {
    for (away, expected) in [(HOUR - 1, "7950"), (HOUR, "7950"), (2 * HOUR, "7942.05")] {
        let mut chain = Chain::new();
        chain.leave(0, Some(HOUR)).unwrap();
        chain.heartbeat(away, 1_000).unwrap();
        assert_eq!(chain.position.v.to_string(), q(expected).to_string(), "{away} s");
    }
}

#[test]
fn only_an_idle_worker_can_leave() {
    let mut chain = Chain::new();
    chain.leave(60, Some(60)).unwrap();
    assert_eq!(
        chain.refuses(|position, moment, sums| position.leave(moment, sums, None)),
        EconomicsError::NotIdle
    );
    chain.after(0, |position, moment, sums| position.stop(moment, sums)).unwrap();
    assert_eq!(
        chain.refuses(|position, moment, sums| position.leave(moment, sums, None)),
        EconomicsError::NotIdle
    );
}

#[test]
fn added_stake_counts_at_once_and_what_was_earned_is_owed() {
    let (mut plain, mut raised) = (Chain::new(), Chain::new());
    let add = |position: &mut Position, moment: &Moment<'_>, sums: &mut Accumulator| position.add_stake(moment, sums, pha("1000"));
    raised.after(60, add).unwrap();
    let position = raised.position;
    assert_eq!((position.stake, position.v_e), (pha("6000"), q("9450")));
    assert_eq!(
        position.v.checked_sub(position.v_last),
        plain
            .position
            .value(
                &plain.parameters,
                Clocks {
                    credited: 60,
                    decaying: 60
                }
            )
            .unwrap()
            .checked_sub(q("7950"))
    );
    assert_eq!(position.owed.planck(), 499_999_999_999_999);
    // Alone on the chain, both get the whole budget: the owed part is paid with the next heartbeat.
    let (plain, raised) = (paid(plain.heartbeat(120, 1_000)), paid(raised.heartbeat(60, 1_000)));
    assert!(plain.to_pool.units().abs_diff(raised.to_pool.units()) <= 1_000_000);
}

#[test]
fn owed_rewards_are_forfeited_with_the_rest() {
    let mut chain = Chain::new();
    chain
        .after(60, |position, moment, sums| position.add_stake(moment, sums, pha("1000")))
        .unwrap();
    assert_eq!(chain.leave(60, None).unwrap().planck(), 999_999_999_999_999);
    assert_eq!(chain.position.owed, Pha::ZERO);
}

#[test]
fn stake_may_be_added_up_to_v_max() {
    // (30000 - 7950) / 1.5.
    let room = pha("14700");
    let unit = Pha::from_units(1);
    let add = |amount| Chain::new().after(0, |position, moment, sums| position.add_stake(moment, sums, amount));
    assert_eq!(add(room.checked_sub(unit).unwrap()), Ok(()));
    assert_eq!(add(room), Ok(()));
    let above = add(room.checked_add(unit).unwrap());
    assert!(matches!(above, Err(EconomicsError::ValueTooHigh { .. })), "{above:?}");
}

#[test]
fn a_full_value_does_not_rise_above_its_maximum_with_stake() {
    let mut chain = Chain::new();
    chain.parameters.budget_per_day = Pha::ZERO;
    chain.parameters.max_unseen_secs = u64::MAX;
    paid(chain.heartbeat(10 * 365 * DAY, 1_000));
    assert_eq!(chain.position.v, q("30000"));
    chain
        .after(0, |position, moment, sums| position.add_stake(moment, sums, pha("1000")))
        .unwrap();
    assert_eq!(
        (chain.position.v, chain.position.v_last, chain.position.v_e),
        (q("30000"), q("30000"), q("9450"))
    );
}

#[test]
fn stake_added_while_offline_decays_from_then_on_only() {
    let mut chain = Chain::new();
    chain.leave(0, Some(0)).unwrap();
    chain
        .after(HOUR, |position, moment, sums| position.add_stake(moment, sums, pha("1000")))
        .unwrap();
    assert_eq!(chain.position.v.to_string(), "9442.050000000000000000");
    assert_eq!(chain.position.standing, Standing::Away { decays_from: Some(HOUR) });
    assert!(chain.accumulator.total_share.is_zero());
    chain.heartbeat(HOUR, 1_000).unwrap();
    assert_eq!(chain.position.v.to_string(), "9432.607950000000000000");
}

#[test]
fn reduced_stake_scales_the_value_and_comes_back() {
    let mut chain = Chain::new();
    let returned = chain
        .after(60, |position, moment, sums| position.reduce_stake(moment, sums, pha("1000")))
        .unwrap();
    assert_eq!(
        returned,
        Returned {
            returned: pha("1000"),
            lost: Pha::ZERO
        }
    );
    let position = chain.position;
    assert_eq!((position.stake, position.v_e, position.v_last), (pha("4000"), q("6360"), q("6360")));
    assert!(position.v > position.v_e && position.is_idle());
    assert_eq!(position.owed.planck(), 499_999_999_999_999);
}

#[test]
fn stake_reduced_while_offline_pays_for_the_decay() {
    let mut chain = Chain::new();
    chain.leave(0, Some(0)).unwrap();
    let returned = chain
        .after(HOUR, |position, moment, sums| position.reduce_stake(moment, sums, pha("1000")))
        .unwrap();
    // Rounded down to planck: the value after an hour is a hair below 0.999 V_e.
    assert_eq!(returned.returned.planck().abs_diff(999 * 1_000_000_000_000), 1);
    assert_eq!(returned.lost.checked_add(returned.returned), Some(pha("1000")));
}

#[test]
fn stake_may_be_reduced_down_to_the_minimum() {
    // S_min at P 1000 is 1581.138830084189665999...
    let spare = pha("3418.861169915810334");
    let unit = pha("0.000000000000001");
    let reduce = |amount| Chain::new().after(0, |position, moment, sums| position.reduce_stake(moment, sums, amount));
    assert!(reduce(spare.checked_sub(unit).unwrap()).is_ok());
    assert!(reduce(spare).is_ok());
    let below = reduce(spare.checked_add(unit).unwrap());
    assert!(
        matches!(below, Err(EconomicsError::StakeTooLow { stake, minimum }) if stake < minimum),
        "{below:?}"
    );
    let all = reduce(pha("5000.1"));
    assert!(matches!(all, Err(EconomicsError::StakeTooLow { stake: Pha::ZERO, .. })), "{all:?}");
}

#[test]
fn moving_no_stake_is_refused() {
    let mut chain = Chain::new();
    assert_eq!(
        chain.refuses(|position, moment, sums| position.add_stake(moment, sums, Pha::ZERO)),
        EconomicsError::NothingToMove
    );
    assert_eq!(
        chain.refuses(|position, moment, sums| position.reduce_stake(moment, sums, Pha::ZERO)),
        EconomicsError::NothingToMove
    );
}

#[test]
fn a_stop_forfeits_and_returns_the_principal() {
    let mut chain = Chain::new();
    let returned = chain.after(60, |position, moment, sums| position.stop(moment, sums)).unwrap();
    assert_eq!(
        returned,
        Returned {
            returned: pha("5000"),
            lost: Pha::ZERO
        }
    );
    assert_eq!(chain.position.standing, Standing::Stopped);
    assert!(chain.accumulator.total_share.is_zero());
    // 60 s of the budget are 500 PHA, less the remainder that waits for the next accrual.
    assert_eq!(chain.accumulator.ledger.planck().unwrap().forfeited, 499_999_999_999_999);
}

#[test]
fn a_stop_after_a_long_absence_loses_at_most_a_tenth() {
    let mut chain = Chain::new();
    chain.leave(0, Some(0)).unwrap();
    let returned = chain
        .after(365 * DAY, |position, moment, sums| position.stop(moment, sums))
        .unwrap();
    assert_eq!(
        returned,
        Returned {
            returned: pha("4500"),
            lost: pha("500")
        }
    );
}

#[test]
fn nothing_happens_to_a_stopped_session() {
    let mut chain = Chain::new();
    chain.after(60, |position, moment, sums| position.stop(moment, sums)).unwrap();
    assert_eq!(
        chain.refuses(|position, moment, sums| position.stop(moment, sums)),
        EconomicsError::Stopped
    );
    assert_eq!(
        chain.refuses(|position, moment, sums| position.heartbeat(moment, sums, &sample(1))),
        EconomicsError::Stopped
    );
    assert_eq!(
        chain.refuses(|position, moment, sums| position.add_stake(moment, sums, pha("1"))),
        EconomicsError::Stopped
    );
    assert_eq!(
        chain.refuses(|position, moment, sums| position.reduce_stake(moment, sums, pha("1"))),
        EconomicsError::Stopped
    );
}

#[test]
fn a_transition_needs_the_accrual_of_its_moment() {
    let mut chain = Chain::new();
    let moment = Moment {
        parameters: &parameters(),
        now: Clocks { credited: 1, decaying: 1 },
        precision: Precision::Planck,
    };
    let (position, sums) = (&mut chain.position, &mut chain.accumulator);
    let error = EconomicsError::NotAccrued { accrued_to: 0, now: 1 };
    assert_eq!(position.heartbeat(&moment, sums, &sample(1)), Err(error));
    assert_eq!(position.leave(&moment, sums, None), Err(error));
    assert_eq!(position.add_stake(&moment, sums, pha("1")), Err(error));
    assert_eq!(position.reduce_stake(&moment, sums, pha("1")), Err(error));
    assert_eq!(position.stop(&moment, sums), Err(error));
    assert_eq!(
        Position::start(&moment, sums, pha("5000"), Score::from_points(100), LEVEL),
        Err(error)
    );
}

#[test]
fn a_clock_that_goes_back_is_refused() {
    let mut chain = Chain::new();
    chain.heartbeat(60, 1_000).unwrap();
    let error = EconomicsError::ClockWentBack { seen: 60, now: 59 };
    assert_eq!(chain.accumulator.accrue(&parameters(), 59, FAR), Err(error));
    assert_eq!(
        chain.position.value(
            &parameters(),
            Clocks {
                credited: 59,
                decaying: 60
            }
        ),
        Err(error)
    );
}

#[test]
fn a_corrupt_sum_is_noticed() {
    let mut chain = Chain::new();
    chain.accumulator.total_share = Default::default();
    let moment = Moment {
        parameters: &parameters(),
        now: Clocks::default(),
        precision: Precision::Planck,
    };
    assert_eq!(
        chain.position.leave(&moment, &mut chain.accumulator, None),
        Err(EconomicsError::Corrupt)
    );
    assert!(matches!(
        chain.accumulator.audit([&chain.position]),
        Err(AuditError::TotalShare { .. })
    ));
    assert!(matches!(Chain::new().accumulator.audit([]), Err(AuditError::TotalShare { .. })));
}

#[test]
fn a_corrupt_ledger_is_noticed() {
    let mut chain = Chain::new();
    chain.after(60, |_, _, _| ());
    chain.position.a_then = chain.accumulator.reward_per_share;
    assert!(matches!(
        chain.accumulator.audit([&chain.position]),
        Err(AuditError::Outstanding { .. })
    ));
    chain.position.a_then = Q96::MAX;
    assert_eq!(
        chain.accumulator.audit([&chain.position]),
        Err(AuditError::Arithmetic(EconomicsError::Corrupt))
    );
}

#[test]
fn nothing_is_issued_while_nobody_mines() {
    let mut accumulator = Accumulator::default();
    assert_eq!(accumulator.accrue(&parameters(), DAY, FAR), Ok(Pha::ZERO));
    assert_eq!(
        (accumulator.accrued_to, accumulator.reward_per_share, accumulator.ledger),
        (DAY, Q96::ZERO, Default::default())
    );
}

#[test]
fn a_floor_of_the_sum_of_shares_holds_the_rest_back() {
    let mut chain = Chain::new();
    chain.parameters.share_floor = khala_economics::Fixed::from_units(chain.accumulator.total_share.units() * 4);
    chain.after(DAY, |_, _, _| ());
    let issued = chain.accumulator.ledger.issued();
    assert!(issued.units().abs_diff(pha("180000").units()) <= 1, "{issued}");
}

#[test]
fn no_more_is_issued_than_the_subsidy_has() {
    let mut chain = Chain::new();
    let available = pha("1.5");
    let issued = chain.accumulator.accrue(&chain.parameters, DAY, available).unwrap();
    assert_eq!(issued, pha("1.499999999999999999"));
    let reserved = chain.accumulator.ledger.reserved().unwrap();
    assert_eq!(reserved, available);
    assert_eq!(chain.accumulator.accrue(&chain.parameters, 2 * DAY, Pha::ZERO), Ok(Pha::ZERO));
    assert_eq!(chain.accumulator.ledger.reserved(), Ok(reserved));
}

#[test]
fn a_full_reward_per_share_issues_nothing_more() {
    let mut chain = Chain::new();
    chain.accumulator.reward_per_share = Q96::from_inner(u128::MAX - 1);
    chain.position.a_then = chain.accumulator.reward_per_share;
    chain.after(1, |_, _, _| ());
    assert_eq!(chain.accumulator.reward_per_share, Q96::MAX);
    chain.after(1, |_, _, _| ());
    assert_eq!(chain.accumulator.ledger.issued(), Pha::ZERO);
}

#[test]
fn blocks_of_a_second_issue_as_much_as_one_day() {
    let (mut small, mut large) = (Chain::new(), Chain::new());
    (0..1_000).for_each(|_| small.after(1, |_, _, _| ()));
    large.after(1_000, |_, _, _| ());
    let [small, large] = [small, large].map(|chain| chain.accumulator.ledger.issued().units());
    assert!(small.abs_diff(large) <= 1, "{small} and {large}");
}
