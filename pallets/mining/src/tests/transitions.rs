//! The transition table of `design/mining.md`: every state, every event.
//!
//! A state of the table stands here in several columns where it is met in several ways: an idle session may have a lease that is over or may
//! not have been seen for long, a lapsed one may have a new lease, and a maintenance may have been ended.

use crate::{mock::*, pallet::Error, EconomicParameters, Economics, Mining, MiningParameters, Session, SessionOf, Sessions};
use khala_economics::{stake, PlanckLedger, Position, Q96};
use khala_pallet_registry::OnWorkerChange;
use khala_primitives::{
    status::{Absence, SessionState},
    Balance, BlockNumber, PHA,
};
use sp_runtime::{
    transaction_validity::{InvalidTransaction, TransactionValidityError},
    DispatchError, StateVersion,
};

use Event::*;
use Money::*;
use Refusal::*;
use State::*;
use Value::*;

/// What a session is in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Ready,
    Idle,
    Offline,
    Lapsed,
    Paused,
    Rebinding,
    Cooling,
}

/// What a session is in when the event comes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Column {
    Plain(State),
    /// Idle, and its lease is over.
    IdleLapsed,
    /// Idle, and not seen for longer than is paid.
    IdleUnseen,
    /// Lapsed, and its lease lives again.
    LapsedRenewed,
    /// Paused, and its operator has ended that.
    PausedResumed,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Event {
    Start,
    /// An answer to a challenge that asked the worker.
    Heartbeat,
    /// An answer to a challenge that asked others.
    SignOfLife,
    ReportOffline,
    Pause,
    Resume,
    AddStake,
    ReduceStake,
    Rebind,
    Stop,
    /// The cool-down of a stop is over.
    Release,
    Retire,
    /// A lease that has lapsed is renewed.
    Renewal,
}

/// Why an event is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Refusal {
    NotReady,
    NotRunning,
    NotIdle,
    NotPaused,
    /// By the transaction pool.
    Stale,
    /// By the registry, which asks first.
    AtStake,
}

/// What becomes of that which the session has earned and not been paid.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Money {
    /// Nothing.
    Kept,
    /// It goes to the pool and the treasury.
    Paid,
    /// It stays in the subsidy.
    Forfeited,
}

/// What becomes of V.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Value {
    /// There is none, before or after.
    Empty,
    /// It is V_e, and so is V_last; P_t is P.
    New,
    /// It has grown, and what was paid is taken off the growth.
    Grown,
    /// It is what it was at the last settlement, and is V_last if this is one.
    Still,
    /// It is what decay has left of it: less than it was.
    Decayed,
    /// It is as of now, and has risen with V_e and V_last.
    Raised,
    /// It is as of now, and is cut with V_e and V_last in proportion to the stake.
    Cut,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Cell {
    /// Refused; nothing has changed.
    No(Refusal),
    /// Time passes, and nothing happens.
    Nothing,
    /// The session has ended, and the pool knows.
    Gone,
    To(State, Money, Value),
}

use Cell::{Gone, No, Nothing};

const fn to(next: State, money: Money, value: Value) -> Cell {
    Cell::To(next, money, value)
}

/// While nothing can be earned.
const fn away(next: State, value: Value) -> Cell {
    Cell::To(next, Kept, value)
}

const AT_WORK: [Column; 5] = [
    Column::Plain(Ready),
    Column::Plain(Idle),
    Column::IdleLapsed,
    Column::IdleUnseen,
    Column::Plain(Cooling),
];

#[rustfmt::skip]
const TABLE_AT_WORK: [(Event, [Cell; 5]); 13] = [
    //               Ready                Idle                            Idle, lapsed                    Idle, unseen                    CoolingDown
    (Start,         [to(Idle, Kept, New), No(NotReady),                   No(NotReady),                   No(NotReady),                   No(NotReady)]),
    (Heartbeat,     [No(Stale),           to(Idle, Paid, Grown),          to(Lapsed, Forfeited, Still),   to(Idle, Forfeited, Still),     No(Stale)]),
    (SignOfLife,    [No(Stale),           No(Stale),                      No(Stale),                      No(Stale),                      No(Stale)]),
    (ReportOffline, [No(Stale),           to(Offline, Forfeited, Still),  to(Lapsed, Forfeited, Still),   to(Offline, Forfeited, Still),  No(Stale)]),
    (Pause,         [No(NotIdle),         to(Paused, Forfeited, Still),   to(Paused, Forfeited, Still),   to(Paused, Forfeited, Still),   No(NotIdle)]),
    (Resume,        [No(NotPaused),       No(NotPaused),                  No(NotPaused),                  No(NotPaused),                  No(NotPaused)]),
    (AddStake,      [No(NotRunning),      to(Idle, Kept, Raised),         to(Idle, Kept, Raised),         to(Idle, Kept, Raised),         No(NotRunning)]),
    (ReduceStake,   [No(NotRunning),      to(Idle, Kept, Cut),            to(Idle, Kept, Cut),            to(Idle, Kept, Cut),            No(NotRunning)]),
    (Rebind,        [away(Ready, Empty),  to(Rebinding, Forfeited, Still),to(Rebinding, Forfeited, Still),to(Rebinding, Forfeited, Still),away(Cooling, Empty)]),
    (Stop,          [No(NotRunning),      to(Cooling, Forfeited, Still),  to(Cooling, Forfeited, Still),  to(Cooling, Forfeited, Still),  No(NotRunning)]),
    (Release,       [Nothing,             Nothing,                        Nothing,                        Nothing,                        away(Ready, Empty)]),
    (Retire,        [Gone,                No(AtStake),                    No(AtStake),                    No(AtStake),                    No(AtStake)]),
    (Renewal,       [away(Ready, Empty),  to(Lapsed, Forfeited, Still),   to(Lapsed, Forfeited, Still),   to(Lapsed, Forfeited, Still),   away(Cooling, Empty)]),
];

const UNRESPONSIVE: [Column; 6] = [
    Column::Plain(Offline),
    Column::Plain(Lapsed),
    Column::LapsedRenewed,
    Column::Plain(Paused),
    Column::PausedResumed,
    Column::Plain(Rebinding),
];

#[rustfmt::skip]
const TABLE_UNRESPONSIVE: [(Event, [Cell; 6]); 13] = [
    //               Offline                 LeaseLapsed            LeaseLapsed, renewed   Maintenance             Maintenance, resumed    Rebinding
    (Start,         [No(NotReady),           No(NotReady),          No(NotReady),          No(NotReady),           No(NotReady),           No(NotReady)]),
    (Heartbeat,     [away(Idle, Decayed),    No(Stale),             away(Idle, Still),     No(Stale),              away(Idle, Decayed),    away(Idle, Decayed)]),
    (SignOfLife,    [away(Idle, Decayed),    No(Stale),             away(Idle, Still),     No(Stale),              away(Idle, Decayed),    away(Idle, Decayed)]),
    (ReportOffline, [No(Stale),              No(Stale),             No(Stale),             No(Stale),              No(Stale),              No(Stale)]),
    (Pause,         [No(NotIdle),            No(NotIdle),           No(NotIdle),           No(NotIdle),            No(NotIdle),            No(NotIdle)]),
    (Resume,        [No(NotPaused),          No(NotPaused),         No(NotPaused),         away(Paused, Still),    No(NotPaused),          No(NotPaused)]),
    (AddStake,      [away(Offline, Raised),  away(Lapsed, Raised),  away(Lapsed, Raised),  away(Paused, Raised),   away(Paused, Raised),   away(Rebinding, Raised)]),
    (ReduceStake,   [away(Offline, Cut),     away(Lapsed, Cut),     away(Lapsed, Cut),     away(Paused, Cut),      away(Paused, Cut),      away(Rebinding, Cut)]),
    (Rebind,        [away(Offline, Still),   away(Lapsed, Still),   away(Lapsed, Still),   away(Paused, Still),    away(Paused, Still),    away(Rebinding, Still)]),
    (Stop,          [away(Cooling, Decayed), away(Cooling, Still),  away(Cooling, Still),  away(Cooling, Decayed), away(Cooling, Decayed), away(Cooling, Decayed)]),
    (Release,       [Nothing,                Nothing,               Nothing,               Nothing,                Nothing,                Nothing]),
    (Retire,        [No(AtStake),            No(AtStake),           No(AtStake),           No(AtStake),            No(AtStake),            No(AtStake)]),
    (Renewal,       [away(Offline, Still),   away(Lapsed, Still),   away(Lapsed, Still),   away(Paused, Still),    away(Paused, Still),    away(Rebinding, Still)]),
];

const STAKE: Balance = 5_000 * PHA;
/// What is put on top, and what is taken away.
const MOVED: Balance = 1_000 * PHA;
/// Seconds of maintenance, and of the grace after a rebinding, in these tests.
const GRACE: u64 = 600;
/// Seconds for which an absent session is away before the event.
const ABSENCE: u64 = 1_200;
/// Seconds after which an idle session is unseen.
const UNSEEN: u64 = 3_600;
const COOL_DOWN: u64 = 12_000;

fn on_a_chain(test: impl FnOnce()) {
    let mining = MiningParameters {
        challenges_per_hour: 60,
        maintenance_secs: GRACE,
        maintenance_period_secs: 10 * GRACE,
        rebinding_grace_secs: GRACE,
        cool_down_secs: COOL_DOWN,
        ..MiningParameters::khala()
    };
    let economics = EconomicParameters {
        max_unseen_secs: UNSEEN,
        ..EconomicParameters::khala()
    };
    run_with(mining, economics, test);
}

fn wait_until(condition: impl Fn(BlockNumber) -> bool) {
    while !condition(System::block_number()) {
        run_blocks(1);
    }
}

/// Halts of the chain void what was asked before them, until the block after one does not ask the worker.
fn wait_without_open_challenge(worker: &Worker) {
    let gap = Mining::<Test>::get().halt_gap_secs + 1;
    next_block_after(gap);
    while worker.is_hit(System::block_number()) {
        next_block_after(gap);
    }
}

impl Column {
    /// A worker whose session is in this column, and the reading of the decaying clock when it left. Another worker is idle all the time,
    /// so that every block may ask somebody.
    fn set_up(self) -> (Worker, u64) {
        Worker::mining("busy", STAKE);
        self.enter()
    }

    fn enter(self) -> (Worker, u64) {
        let mining = || Worker::mining("a", STAKE);
        let absent = |worker: Worker| {
            let left_at = MiningPallet::clocks().decaying;
            (0..ABSENCE / 60).for_each(|_| next_block_after(60));
            (worker, left_at)
        };
        match self {
            Self::Plain(Ready) => {
                let worker = Worker::new("a");
                worker.register(|_| ());
                MiningPallet::bind(&worker.key(), POOL).unwrap();
                (worker, 0)
            }
            Self::Plain(Idle) => {
                let worker = mining();
                run_blocks(3);
                (worker, 0)
            }
            Self::IdleLapsed => {
                let worker = mining();
                worker.register(|facts| facts.lease_end_secs = MiningPallet::now_secs() + 18);
                run_blocks(3);
                (worker, 0)
            }
            Self::IdleUnseen => {
                let worker = mining();
                (0..=UNSEEN / 60).for_each(|_| next_block_after(60));
                (worker, 0)
            }
            Self::Plain(Offline) => {
                let worker = mining();
                worker.miss_and_be_reported();
                absent(worker)
            }
            Self::Plain(Lapsed) => {
                let (worker, _) = Self::IdleLapsed.enter();
                worker.answer_next();
                absent(worker)
            }
            Self::LapsedRenewed => {
                let (worker, left_at) = Self::Plain(Lapsed).enter();
                worker.register(|_| ());
                (worker, left_at)
            }
            Self::Plain(Paused) => {
                let worker = mining();
                wait_without_open_challenge(&worker);
                worker.pause().unwrap();
                absent(worker)
            }
            Self::PausedResumed => {
                let (worker, left_at) = Self::Plain(Paused).enter();
                worker.resume().unwrap();
                (worker, left_at)
            }
            Self::Plain(Rebinding) => absent(mining().rebind("b")),
            Self::Plain(Cooling) => {
                let worker = mining();
                run_blocks(3);
                MiningPallet::stop(&worker.key()).unwrap();
                (worker, 0)
            }
        }
    }

    /// Seconds of an absence in which nothing decays; `None` if nothing ever does.
    fn grace(self) -> Option<u64> {
        match self {
            Self::Plain(Offline) => Some(0),
            Self::Plain(Paused | Rebinding) | Self::PausedResumed => Some(GRACE),
            _ => None,
        }
    }
}

impl Event {
    /// Brings about the circumstances of the event.
    fn prepare(self, worker: &Worker) {
        let (session, mining) = (worker.session(), Mining::<Test>::get());
        let from = (session.since_block.max(session.answered) + mining.recovery_spacing).max(session.answerable_from);
        match self {
            Heartbeat => wait_until(|now| now > from && worker.is_hit(now)),
            SignOfLife => wait_until(|now| now > from && !worker.is_hit(now)),
            ReportOffline => {
                wait_until(|now| now > from && worker.is_hit(now));
                run_blocks(mining.heartbeat_window + 1);
            }
            Pause => wait_without_open_challenge(worker),
            Renewal if session.lease_end_secs > MiningPallet::now_secs() => {
                worker.register(|facts| facts.lease_end_secs = MiningPallet::now_secs());
            }
            _ => (),
        }
    }

    /// Lets it happen; the worker of the session after it.
    fn happen(self, worker: &Worker) -> Result<Worker, Refusal> {
        let key = worker.key();
        let same = |_| worker.clone();
        let now = System::block_number();
        match self {
            Start => MiningPallet::start(&key, STAKE).map(same).map_err(refusal),
            Heartbeat | SignOfLife => submit(&[worker.sign(worker.heartbeat(now))]).map(same).map_err(stale),
            ReportOffline => report(&key, now - Mining::<Test>::get().heartbeat_window - 1)
                .map(same)
                .map_err(stale),
            Pause => worker.pause().map(same).map_err(refusal),
            Resume => worker.resume().map(same).map_err(refusal),
            AddStake => MiningPallet::add_stake(&key, MOVED).map(same).map_err(refusal),
            ReduceStake => MiningPallet::reduce_stake(&key, MOVED).map(|_| worker.clone()).map_err(refusal),
            Rebind => Ok(worker.rebind("another")),
            Stop => MiningPallet::stop(&key).map(|_| worker.clone()).map_err(refusal),
            Release => {
                (0..=COOL_DOWN / 600).for_each(|_| next_block_after(600));
                Ok(worker.clone())
            }
            Retire => match MiningPallet::can_retire(&key) {
                true => {
                    MiningPallet::on_retired(&key);
                    Ok(worker.clone())
                }
                false => Err(AtStake),
            },
            Renewal => {
                worker.register(|_| ());
                Ok(worker.clone())
            }
        }
    }
}

fn refusal(error: DispatchError) -> Refusal {
    let known: [(DispatchError, Refusal); 4] = [
        (Error::<Test>::NotReady.into(), NotReady),
        (Error::<Test>::NotRunning.into(), NotRunning),
        (Error::<Test>::NotIdle.into(), NotIdle),
        (Error::<Test>::NotPaused.into(), NotPaused),
    ];
    let found = known.into_iter().find(|(known, _)| *known == error);
    found.unwrap_or_else(|| panic!("{error:?}")).1
}

fn stale(error: TransactionValidityError) -> Refusal {
    assert_eq!(error, InvalidTransaction::Stale.into());
    Stale
}

fn state(session: &Session) -> State {
    match session.state {
        SessionState::Ready => Ready,
        SessionState::Idle => Idle,
        SessionState::CoolingDown { .. } => Cooling,
        SessionState::Unresponsive { cause } => match cause {
            Absence::Offline => Offline,
            Absence::LeaseLapsed => Lapsed,
            Absence::Maintenance => Paused,
            Absence::Rebinding => Rebinding,
        },
    }
}

/// All that a cell is judged by.
struct Snapshot {
    session: Session,
    ledger: PlanckLedger,
    outstanding: Balance,
    /// V as of now, by the test's own account of the time that decays.
    now: Option<Q96>,
}

impl Snapshot {
    fn take(column: Column, worker: &Worker, left_at: u64) -> Self {
        let session = worker.session();
        let clocks = MiningPallet::clocks();
        let now = session.position.map(|position| match (position.is_idle(), column.grace()) {
            (true, _) => position.value(&Economics::<Test>::get(), clocks).unwrap(),
            (false, None) => position.v,
            (false, Some(grace)) => {
                let secs = clocks.decaying - left_at - grace;
                let left = Economics::<Test>::get().keep_per_sec.checked_pow(secs).unwrap();
                position.v.checked_mul(left).unwrap()
            }
        });
        Self {
            session,
            ledger: MiningPallet::ledger().unwrap(),
            outstanding: MiningPallet::session_status(&worker.key()).unwrap().outstanding,
            now,
        }
    }

    fn position(&self) -> &Position {
        self.session.position.as_ref().unwrap()
    }
}

fn check_money(money: Money, before: &Snapshot, after: &Snapshot) {
    let close = |a: Balance, b: Balance| a.abs_diff(b) <= 3;
    let paid = after.ledger.paid + after.ledger.treasury - before.ledger.paid - before.ledger.treasury;
    let forfeited = after.ledger.forfeited - before.ledger.forfeited;
    match money {
        Kept => assert!(paid == 0 && close(forfeited, 0) && close(after.outstanding, before.outstanding)),
        Paid => {
            assert!(before.outstanding > 1_000 && close(paid, before.outstanding) && close(forfeited, 0));
            assert_eq!(after.session.paid - before.session.paid, after.ledger.paid - before.ledger.paid);
            assert_eq!(after.outstanding, 0);
        }
        Forfeited => {
            assert!(before.outstanding > 1_000 && paid == 0 && close(forfeited, before.outstanding));
            assert_eq!((after.outstanding, after.session.paid), (0, before.session.paid));
        }
    }
}

fn check_value(value: Value, before: &Snapshot, after: &Snapshot) {
    if value == Empty {
        return assert!(before.session.position.is_none() && after.session.position.is_none());
    }
    let new = *after.position();
    if value == New {
        return assert_eq!((new.v, new.v_last, new.p_instant), (new.v_e, new.v_e, new.p));
    }
    let (old, now) = (*before.position(), before.now.unwrap());
    let per_pha = 1_500_000_000_000_000_000 * (MOVED / PHA);
    let rise = |from: Q96, to: Q96| to.checked_sub(from).unwrap();
    match value {
        Grown => {
            let paid = khala_economics::Pha::from_planck(after.ledger.paid - before.ledger.paid).unwrap();
            let above = now.saturating_sub(old.v_last.max(old.v_e));
            assert!(now > old.v && above > Q96::ZERO);
            assert_eq!(new.v, now.saturating_sub(Q96::from_pha(paid).unwrap().min(above)));
            assert_eq!((new.v_e, new.v_last), (old.v_e, new.v));
        }
        Still | Decayed => {
            let expected = if value == Still { old.v } else { now };
            assert!(value == Still || now < old.v);
            assert!((new.v, new.v_e, new.stake) == (expected, old.v_e, old.stake), "{new:?}");
        }
        Raised => {
            let dv = Q96::from_fixed18(per_pha).unwrap();
            assert_eq!(
                (rise(now, new.v), rise(old.v_e, new.v_e), rise(old.v_last, new.v_last)),
                (dv, dv, dv)
            );
            assert_eq!(new.stake.planck(), STAKE + MOVED);
        }
        Cut => {
            let part = |v: Q96| v.mul_ratio(STAKE - MOVED, STAKE).unwrap();
            assert_eq!((new.v, new.v_e, new.v_last), (part(now), part(old.v_e), part(old.v_last)));
            assert_eq!(new.stake.planck(), STAKE - MOVED);
        }
        Empty | New => unreachable!(),
    }
}

/// A stop gives back what is left of V, at most a tenth less than the stake.
fn check_principal(value: Value, before: &Snapshot, after: &Snapshot) {
    let old = before.position();
    let v = if value == Decayed { before.now.unwrap() } else { old.v };
    assert!(value == Still || before.now.unwrap() < old.v);
    let back = stake::kept(&Economics::<Test>::get(), v, old.v_e, old.stake).unwrap().planck();
    assert_eq!(back < STAKE, value == Decayed);
    assert_eq!((after.session.cooling, after.session.position), (back, None));
}

/// Where the new state begins, and which challenges count from now on.
fn check_blocks(event: Event, before: &Snapshot, after: &Snapshot) {
    let now = System::block_number();
    let (old, new) = (&before.session, &after.session);
    let moved = state(old) != state(new);
    let recovered = matches!(event, Heartbeat | SignOfLife) && state(new) == Idle && new.last_payout_block == old.last_payout_block;
    let begins = if moved || recovered { now } else { old.since_block };
    assert_eq!(new.since_block, begins);
    let voids = recovered || matches!(event, Start | Rebind | Renewal | Resume);
    assert_eq!(new.answerable_from, if voids { now + 1 } else { old.answerable_from });
    let answers = matches!(event, Heartbeat | SignOfLife) && state(new) == Idle;
    assert_eq!(new.answered, if answers { now } else { old.answered });
}

fn check(event: Event, column: Column, expected: Cell) {
    let (worker, left_at) = column.set_up();
    event.prepare(&worker);
    let before = Snapshot::take(column, &worker, left_at);
    let session_id = worker.session_id();
    let root = || sp_io::storage::root(StateVersion::V1);
    let storage = root();
    let outcome = event.happen(&worker);
    let (after, money, value) = match (expected, outcome) {
        (No(refusal), Err(found)) => {
            assert_eq!(found, refusal);
            return assert_eq!(root(), storage);
        }
        (Gone, Ok(_)) => {
            assert_eq!(removed(), [(POOL, worker.key())]);
            return assert!(Sessions::<Test>::get(session_id).is_none() && SessionOf::<Test>::get(worker.key()).is_none());
        }
        (Nothing, Ok(_)) => {
            assert_eq!((worker.session(), released()), (before.session, vec![]));
            return;
        }
        (Cell::To(next, money, value), Ok(after)) => {
            assert_eq!(after.session_id(), session_id);
            assert_eq!(event == Rebind, SessionOf::<Test>::get(worker.key()).is_none());
            let after = Snapshot::take(column, &after, left_at);
            assert_eq!(state(&after.session), next);
            (after, money, value)
        }
        (_, outcome) => panic!("{:?}", outcome.map(|worker| worker.session().state)),
    };
    if event == Release {
        return assert_eq!((released(), after.session.cooling), (vec![(POOL, before.session.cooling)], 0));
    }
    check_money(money, &before, &after);
    check_blocks(event, &before, &after);
    match event {
        Stop => check_principal(value, &before, &after),
        _ => check_value(value, &before, &after),
    }
}

/// Says which cell it is when one is not as the table says.
fn check_all<const N: usize>(columns: [Column; N], table: &[(Event, [Cell; N])]) {
    for (event, row) in table {
        for (column, cell) in columns.into_iter().zip(row) {
            let checked = std::panic::catch_unwind(|| on_a_chain(|| check(*event, column, *cell)));
            assert!(checked.is_ok(), "{event:?} in {column:?}: not {cell:?}");
        }
    }
}

#[test]
fn every_event_does_to_a_session_at_work_what_the_table_says() {
    check_all(AT_WORK, &TABLE_AT_WORK);
}

#[test]
fn every_event_does_to_an_unresponsive_session_what_the_table_says() {
    check_all(UNRESPONSIVE, &TABLE_UNRESPONSIVE);
}

#[test]
fn the_tables_name_every_event_once() {
    let events = [
        Start,
        Heartbeat,
        SignOfLife,
        ReportOffline,
        Pause,
        Resume,
        AddStake,
        ReduceStake,
        Rebind,
        Stop,
        Release,
        Retire,
        Renewal,
    ];
    assert_eq!(TABLE_AT_WORK.map(|(event, _)| event), events);
    assert_eq!(TABLE_UNRESPONSIVE.map(|(event, _)| event), events);
}
