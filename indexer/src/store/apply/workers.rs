//! Workers: what happened to them, their leases, and what the chain tells of them.

use super::{add, commissions::to_ms, At};
use crate::{
    chain::Fact,
    model::{Address, Away, Fixed18, Key, LeaseKind, Planck, SlashKind, State, Texts, WorkerEvent, WorkerEventKind as Kind},
    store::LATEST_MS,
};
use khala_primitives::status::{RegistrationStatus, SessionState, SessionStatus, WorkerView};
use rusqlite::OptionalExtension;

/// What a worker does, as far as facts change it.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Doing {
    state: State,
    away: Option<Away>,
    pool: Option<u32>,
    session: Option<u64>,
}

impl At<'_> {
    /// Notes what happened to a worker.
    pub(super) fn worker_event(&self, place: u32, fact: &Fact) -> rusqlite::Result<()> {
        let event = |kind, session: Option<u64>| WorkerEvent {
            kind,
            session,
            ..WorkerEvent::default()
        };
        match *fact {
            Fact::WorkerRegistered { worker, operator, .. } => {
                self.add_worker(worker, operator, None)?;
                let event = WorkerEvent {
                    account: Some(operator),
                    ..event(Kind::Registered, None)
                };
                self.put(place, worker, event, |doing| *doing = Doing::default())
            }
            Fact::SessionCreated { session, worker, pool } => self.put(place, worker, event(Kind::Joined, Some(session)), |doing| {
                *doing = Doing {
                    state: State::Ready,
                    away: None,
                    pool: Some(pool),
                    session: Some(session),
                }
            }),
            Fact::SessionRemoved { session, worker } => {
                let left = self.doing(worker)?;
                let event = WorkerEvent {
                    pool: left.pool,
                    ..event(Kind::Left, Some(session))
                };
                self.put(place, worker, event, |doing| *doing = Doing::default())
            }
            Fact::Started { session, worker, stake, v } => {
                let event = WorkerEvent {
                    stake: Some(Planck(stake)),
                    v: Some(Fixed18(v)),
                    v_e: Some(Fixed18(v)),
                    ..event(Kind::Started, Some(session))
                };
                self.put(place, worker, event, |doing| (doing.state, doing.away) = (State::Idle, None))
            }
            Fact::Recovered {
                session,
                worker,
                block,
                forfeited,
                v,
            } => {
                self.count_forfeited(worker, forfeited)?;
                let event = WorkerEvent {
                    challenge_block: Some(block),
                    forfeited: Some(Planck(forfeited)),
                    v: Some(Fixed18(v)),
                    ..event(Kind::Recovered, Some(session))
                };
                self.put(place, worker, event, |doing| (doing.state, doing.away) = (State::Idle, None))
            }
            Fact::Unresponsive {
                session,
                worker,
                absence,
                missed,
                forfeited,
            } => {
                self.count_forfeited(worker, forfeited)?;
                let away = Away::from(absence);
                let event = WorkerEvent {
                    // Only what was reported as missed has a challenge.
                    challenge_block: (away == Away::Offline).then_some(missed),
                    forfeited: Some(Planck(forfeited)),
                    ..event(Kind::Unresponsive, Some(session))
                };
                self.put(place, worker, event, |doing| {
                    (doing.state, doing.away) = (State::Unresponsive, Some(away));
                })
            }
            Fact::StakeAdded {
                session,
                worker,
                stake,
                v,
                v_e,
            } => {
                let event = WorkerEvent {
                    stake: Some(Planck(stake)),
                    v: Some(Fixed18(v)),
                    v_e: Some(Fixed18(v_e)),
                    ..event(Kind::StakeAdded, Some(session))
                };
                self.put(place, worker, event, |_| {})
            }
            Fact::StakeReduced {
                session,
                worker,
                stake,
                v,
                v_e,
                returned,
                lost,
                due_secs,
            } => {
                self.slash(place, SlashKind::Reduced, worker, session, (lost, returned))?;
                let event = WorkerEvent {
                    stake: Some(Planck(stake)),
                    v: Some(Fixed18(v)),
                    v_e: Some(Fixed18(v_e)),
                    returned: Some(Planck(returned)),
                    lost: Some(Planck(lost)),
                    due_ms: Some(self.due_ms(due_secs)),
                    ..event(Kind::StakeReduced, Some(session))
                };
                self.put(place, worker, event, |_| {})
            }
            Fact::Stopped {
                session,
                worker,
                returned,
                lost,
                due_secs,
            } => {
                self.slash(place, SlashKind::Stopped, worker, session, (lost, returned))?;
                let event = WorkerEvent {
                    returned: Some(Planck(returned)),
                    lost: Some(Planck(lost)),
                    due_ms: Some(self.due_ms(due_secs)),
                    ..event(Kind::Stopped, Some(session))
                };
                self.put(place, worker, event, |doing| (doing.state, doing.away) = (State::CoolingDown, None))
            }
            Fact::Resumed { session, worker } => self.put(place, worker, event(Kind::Resumed, Some(session)), |_| {}),
            Fact::Released {
                session,
                worker,
                returned,
                ended,
            } => {
                let event = WorkerEvent {
                    returned: Some(Planck(returned)),
                    ..event(Kind::Released, Some(session))
                };
                self.put(place, worker, event, |doing| {
                    if ended {
                        doing.state = State::Ready;
                    }
                })
            }
            Fact::BenchmarkAsked { worker } => self.put(place, worker, event(Kind::BenchmarkAsked, None), |_| {}),
            Fact::BenchmarkMeasured { worker, score } => {
                let event = WorkerEvent {
                    score: Some(score),
                    ..event(Kind::BenchmarkMeasured, None)
                };
                self.put(place, worker, event, |_| {})
            }
            Fact::OperatorChanged { worker, to } => {
                let event = WorkerEvent {
                    account: Some(to),
                    ..event(Kind::OperatorChanged, None)
                };
                self.put(place, worker, event, |_| {})
            }
            Fact::WorkerRebound { old, new } => self.rebind(place, old, new),
            Fact::WorkerRetired { worker } => self.put(place, worker, event(Kind::Retired, None), |doing| {
                *doing = Doing {
                    state: State::Gone,
                    ..Doing::default()
                }
            }),
            _ => Ok(()),
        }
    }

    /// The new key takes the place of the old one: its session, its pool, its operator.
    fn rebind(&self, place: u32, old: Key, new: Key) -> rusqlite::Result<()> {
        let was = self.doing(old)?;
        let operator: Option<Address> = self
            .db
            .prepare_cached("SELECT operator FROM workers WHERE worker = ?")?
            .query_row([old], |row| row.get(0))
            .optional()?;
        self.add_worker(new, operator.unwrap_or_default(), Some(old))?;
        let event = |kind, other| WorkerEvent {
            kind,
            other: Some(other),
            ..WorkerEvent::default()
        };
        self.put(place, new, event(Kind::Rebound, old), |doing| *doing = was)?;
        self.put(place.saturating_add(1), old, event(Kind::Replaced, new), |doing| {
            *doing = Doing {
                state: State::Gone,
                ..Doing::default()
            };
        })?;
        self.db
            .prepare_cached("UPDATE workers SET rebound_to = ? WHERE worker = ?")?
            .execute((new, old))?;
        Ok(())
    }

    /// A row for a worker; one that is there already begins anew, and keeps its totals.
    fn add_worker(&self, worker: Key, operator: Address, rebound_from: Option<Key>) -> rusqlite::Result<()> {
        self.db
            .prepare_cached(
                "INSERT INTO workers (worker, operator, state, since_block, since_ms, stake, v, v_e, p, p_instant, share, paid, treasury, \
                 heartbeats, forfeited, lost, cooling, open_reductions, resumed, maintenance_left_secs, level, tee, tcb_status, advisories, \
                 lease_end_ms, operator_changes, rebound_from, registered_block, registered_ms, refreshed_block) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?6, 0, 0, ?6, ?6, ?6, 0, ?6, ?6, ?6, 0, 0, 0, 5, '', '', '[]', 0, 0, ?7, ?4, ?5, ?4) \
                 ON CONFLICT (worker) DO UPDATE SET operator = excluded.operator, rebound_from = excluded.rebound_from, \
                 rebound_to = NULL, registered_block = excluded.registered_block, registered_ms = excluded.registered_ms",
            )?
            .execute((
                worker,
                operator,
                State::Registered,
                self.block.number,
                self.block.time_ms,
                Planck(0),
                rebound_from,
            ))?;
        Ok(())
    }

    fn doing(&self, worker: Key) -> rusqlite::Result<Doing> {
        let found = self
            .db
            .prepare_cached("SELECT state, away, pool, session FROM workers WHERE worker = ?")?
            .query_row([worker], |row| {
                Ok(Doing {
                    state: row.get(0)?,
                    away: row.get(1)?,
                    pool: row.get(2)?,
                    session: row.get(3)?,
                })
            })
            .optional()?;
        Ok(found.unwrap_or_default())
    }

    fn set_doing(&self, worker: Key, before: Doing, now: Doing) -> rusqlite::Result<()> {
        if before == now {
            return Ok(());
        }
        self.db
            .prepare_cached("UPDATE workers SET state = ?, away = ?, pool = ?, session = ? WHERE worker = ?")?
            .execute((now.state, now.away, now.pool, now.session, worker))?;
        if (before.state, before.away) != (now.state, now.away) {
            self.db
                .prepare_cached("UPDATE workers SET since_block = ?, since_ms = ? WHERE worker = ?")?
                .execute((self.block.number, self.block.time_ms, worker))?;
        }
        Ok(())
    }

    fn put(&self, place: u32, worker: Key, event: WorkerEvent, change: impl FnOnce(&mut Doing)) -> rusqlite::Result<()> {
        let before = self.doing(worker)?;
        let mut now = before;
        change(&mut now);
        self.set_doing(worker, before, now)?;
        let mut statement = self.db.prepare_cached(
            "INSERT INTO worker_events (time_ms, place, block, worker, kind, state, away, session, pool, stake, v, v_e, challenge_block, \
             forfeited, returned, lost, due_ms, score, account, other) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?;
        statement.execute(rusqlite::params![
            self.block.time_ms,
            place,
            self.block.number,
            worker,
            event.kind,
            now.state,
            now.away,
            event.session.or(now.session),
            event.pool.or(now.pool),
            event.stake,
            event.v,
            event.v_e,
            event.challenge_block,
            event.forfeited,
            event.returned,
            event.lost,
            event.due_ms,
            event.score,
            event.account,
            event.other,
        ])?;
        Ok(())
    }

    fn slash(&self, place: u32, kind: SlashKind, worker: Key, session: u64, (lost, returned): (u128, u128)) -> rusqlite::Result<()> {
        if lost == 0 {
            return Ok(());
        }
        let pool = self.doing(worker)?.pool.unwrap_or(u32::MAX);
        self.db
            .prepare_cached(
                "INSERT INTO slashes (time_ms, place, block, kind, worker, session, pool, lost, returned) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute((
                self.block.time_ms,
                place,
                self.block.number,
                kind,
                worker,
                session,
                pool,
                Planck(lost),
                Planck(returned),
            ))?;
        self.count_lost(pool, lost)?;
        let (select, update) = (
            "SELECT lost FROM workers WHERE worker = ?",
            "UPDATE workers SET lost = ? WHERE worker = ?",
        );
        add(self.db, select, update, worker, lost)
    }

    fn count_forfeited(&self, worker: Key, forfeited: u128) -> rusqlite::Result<()> {
        let (select, update) = (
            "SELECT forfeited FROM workers WHERE worker = ?",
            "UPDATE workers SET forfeited = ? WHERE worker = ?",
        );
        add(self.db, select, update, worker, forfeited)
    }

    /// `lease`: level and end.
    pub(super) fn add_lease(
        &self,
        place: u32,
        kind: LeaseKind,
        worker: Key,
        lease: Option<(u8, u64)>,
        why: Option<&str>,
    ) -> rusqlite::Result<()> {
        self.db
            .prepare_cached(
                "INSERT INTO leases (time_ms, place, block, kind, worker, level, lease_end_ms, why) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute((
                self.block.time_ms,
                place,
                self.block.number,
                kind,
                worker,
                lease.map(|(level, _)| level),
                lease.map(|(_, end_secs)| to_ms(end_secs)),
                why,
            ))?;
        Ok(())
    }

    fn due_ms(&self, due_secs: u64) -> u64 {
        self.block.moment_ms(due_secs).min(LATEST_MS)
    }

    /// Takes over what the chain tells of the block's workers.
    pub(super) fn refresh_workers(&self) -> rusqlite::Result<()> {
        for (worker, view) in &self.block.workers {
            self.refresh_worker(*worker, view)?;
        }
        Ok(())
    }

    fn refresh_worker(&self, worker: Key, view: &WorkerView) -> rusqlite::Result<()> {
        if let Some(registration) = &view.registration {
            self.refresh_registration(worker, registration)?;
        }
        let before = self.doing(worker)?;
        match &view.session {
            Some(session) => {
                let (state, away) = State::of(session.state);
                let now = Doing {
                    state,
                    away,
                    pool: Some(session.pool),
                    session: Some(session.id),
                };
                self.set_doing(worker, before, now)?;
                self.refresh_session(worker, session)
            }
            None => {
                let state = match view.registration {
                    Some(_) => State::Registered,
                    None => State::Gone,
                };
                let now = Doing { state, ..Doing::default() };
                self.set_doing(worker, before, now)?;
                self.clear_session(worker)
            }
        }
    }

    fn refresh_registration(&self, worker: Key, seen: &RegistrationStatus) -> rusqlite::Result<()> {
        let mut statement = self.db.prepare_cached(
            "UPDATE workers SET operator = ?, version = ?, instance = ?, freshness_block = ?, tee = ?, tcb_status = ?, advisories = ?, \
             level = ?, measurement = ?, lease_end_ms = ?, score = ?, platform_id = ?, fmspc = ?, pck_ca = ?, renewals_left = ?, \
             operator_changes = ?, refused = ?, refreshed_block = ? WHERE worker = ?",
        )?;
        statement.execute(rusqlite::params![
            Address::from(&seen.operator),
            seen.version.to_string(),
            seen.instance.to_string(),
            seen.freshness,
            seen.tee.to_string(),
            seen.tcb_status.as_str(),
            Texts(seen.advisories.clone()),
            u8::from(seen.confidence_level),
            Key(seen.measurement.0),
            to_ms(seen.lease_end_secs),
            seen.score,
            Key(seen.platform_id.0),
            seen.fmspc,
            Key(seen.pck_ca.0),
            seen.renewals_left,
            seen.operator_changes,
            seen.refused,
            self.block.number,
            worker,
        ])?;
        Ok(())
    }

    fn refresh_session(&self, worker: Key, seen: &SessionStatus) -> rusqlite::Result<()> {
        let until = match seen.state {
            SessionState::CoolingDown { until_secs } => Some(until_secs.min(LATEST_MS)),
            _ => None,
        };
        let mut statement = self.db.prepare_cached(
            "UPDATE workers SET stake = ?, v = ?, v_e = ?, p = ?, p_instant = ?, share = ?, cooling = ?, cooling_until_secs = ?, \
             open_reductions = ?, resumed = ?, maintenance_left_secs = ?, refreshed_block = ? WHERE worker = ?",
        )?;
        statement.execute(rusqlite::params![
            Planck(seen.stake),
            Fixed18(seen.v),
            Fixed18(seen.v_e),
            seen.p,
            seen.p_instant,
            Fixed18(seen.share),
            Planck(seen.cooling),
            until,
            seen.open_reductions,
            seen.resumed,
            seen.maintenance_left_secs.min(LATEST_MS),
            self.block.number,
            worker,
        ])?;
        Ok(())
    }

    fn clear_session(&self, worker: Key) -> rusqlite::Result<()> {
        self.db
            .prepare_cached(
                "UPDATE workers SET stake = ?1, v = ?1, v_e = ?1, p = 0, p_instant = 0, share = ?1, cooling = ?1, cooling_until_secs = NULL, \
                 open_reductions = 0, resumed = 0, maintenance_left_secs = 0, refreshed_block = ?2 WHERE worker = ?3",
            )?
            .execute((Planck(0), self.block.number, worker))?;
        Ok(())
    }
}
