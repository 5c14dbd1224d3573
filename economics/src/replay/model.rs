//! Runs a scenario on [`Position`]s and an [`Accumulator`], as the mining pallet does.

use super::{Event, EventKind, Refusal, ReplayError, Scenario};
use crate::{
    Accumulator, Clocks, EconomicsError, Fixed, Moment, Parameters, Payout, Pha, Position, Precision, Returned, Sample, Settlement,
    Standing, Q96,
};
use serde::Serialize;
use std::{collections::BTreeMap, fmt};

/// What a scenario comes to. All numbers are PHA with 18 decimals, as strings in JSON.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Outcome {
    /// Issued to idle workers.
    pub issued: Pha,
    /// Earned, but forfeited.
    pub forfeited: Pha,
    /// Sum of the shares of the workers that are idle at the end.
    pub total_share: Fixed,
    /// The workers by name.
    pub workers: BTreeMap<String, WorkerOutcome>,
}

/// What a scenario comes to for one worker.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct WorkerOutcome {
    /// `idle`, `unresponsive` (decays), `lapsed` (does not) or `cooling_down`.
    pub state: &'static str,
    /// V as of its last event that changed V.
    #[serde(serialize_with = "as_text")]
    pub v: Q96,
    /// Its last share.
    pub share: Fixed,
    /// Paid to its pool, over all its sessions.
    pub paid: Pha,
    /// Paid to the treasury, over all its sessions.
    pub treasury: Pha,
    /// Principal returned in its last session; none if nothing was.
    pub returned: Option<Pha>,
}

/// 18 decimals, as in the reference model; serde's own form of a [`Q96`] has 30.
fn as_text<S: serde::Serializer>(value: &Q96, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// The JSON, on several lines.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string_pretty(self).map_err(|_| fmt::Error)?)
    }
}

struct Worker {
    position: Position,
    paid: Pha,
    treasury: Pha,
    returned: Option<Pha>,
}

struct Model {
    parameters: Parameters,
    accumulator: Accumulator,
    workers: BTreeMap<String, Worker>,
}

/// Runs all events.
pub(super) fn run(scenario: &Scenario) -> Result<Outcome, ReplayError> {
    let parameters = scenario.parameters.parameters().map_err(ReplayError::Parameters)?;
    let mut model = Model {
        parameters,
        accumulator: Accumulator::default(),
        workers: BTreeMap::new(),
    };
    let refused = |index: usize, event: &Event, why| ReplayError::Refused {
        index,
        t: event.t,
        worker: event.worker.clone(),
        why,
    };
    for (index, event) in scenario.events.iter().enumerate() {
        model.apply(event).map_err(|why| refused(index, event, why))?;
    }
    Ok(model.outcome())
}

impl From<EconomicsError> for Refusal {
    fn from(error: EconomicsError) -> Self {
        Self::Economics(error)
    }
}

impl Model {
    fn apply(&mut self, event: &Event) -> Result<(), Refusal> {
        let after = self.accumulator.accrued_to;
        if event.t < after {
            return Err(Refusal::OutOfOrder { after });
        }
        self.accumulator.accrue(&self.parameters, event.t, Pha::MAX)?;
        if self.accumulator.reward_per_share == Q96::MAX {
            return Err(Refusal::RewardPerShareFull);
        }
        let moment = Moment {
            parameters: &self.parameters,
            now: Clocks {
                credited: event.t,
                decaying: event.t,
            },
            precision: Precision::Fine,
        };
        let accumulator = &mut self.accumulator;

        if let EventKind::Start { stake, p, level } = event.kind {
            let old = self.workers.get(&event.worker);
            if old.is_some_and(|worker| worker.position.standing != Standing::Stopped) {
                return Err(Refusal::Running);
            }
            let (paid, treasury) = old.map_or((Pha::ZERO, Pha::ZERO), |worker| (worker.paid, worker.treasury));
            let position = Position::start(&moment, accumulator, stake, p, level)?;
            self.workers.insert(
                event.worker.clone(),
                Worker {
                    position,
                    paid,
                    treasury,
                    returned: None,
                },
            );
            return Ok(());
        }
        let worker = self.workers.get_mut(&event.worker).ok_or(Refusal::Unknown)?;
        worker.apply(&moment, accumulator, event.kind)
    }

    fn outcome(&self) -> Outcome {
        let outcome = |worker: &Worker| WorkerOutcome {
            state: match worker.position.standing {
                Standing::Idle { .. } => "idle",
                Standing::Away { decays_from: Some(_) } => "unresponsive",
                Standing::Away { decays_from: None } => "lapsed",
                Standing::Stopped => "cooling_down",
            },
            v: worker.position.v,
            share: worker.position.share,
            paid: worker.paid,
            treasury: worker.treasury,
            returned: worker.returned,
        };
        Outcome {
            issued: self.accumulator.ledger.issued(),
            forfeited: self.accumulator.ledger.forfeited(),
            total_share: self.accumulator.total_share,
            workers: self.workers.iter().map(|(name, worker)| (name.clone(), outcome(worker))).collect(),
        }
    }
}

impl Worker {
    fn apply(&mut self, moment: &Moment<'_>, accumulator: &mut Accumulator, kind: EventKind) -> Result<(), Refusal> {
        let position = &mut self.position;
        match kind {
            EventKind::Start { .. } => return Err(Refusal::Running),
            EventKind::Heartbeat { p_instant, level } => {
                let sample = Sample {
                    p_instant,
                    level: level.unwrap_or(position.level),
                    p: position.p,
                };
                if let Settlement::Paid(payout) = position.heartbeat(moment, accumulator, &sample)? {
                    self.book(payout)?;
                }
            }
            EventKind::AddStake { stake } => position.add_stake(moment, accumulator, stake)?,
            EventKind::ReduceStake { stake } => {
                let returned = position.reduce_stake(moment, accumulator, stake)?;
                self.give_back(returned)?;
            }
            EventKind::Offline => {
                position.leave(moment, accumulator, Some(moment.now.decaying))?;
            }
            EventKind::Lapse => {
                position.leave(moment, accumulator, None)?;
            }
            EventKind::Stop => {
                let returned = position.stop(moment, accumulator)?;
                self.give_back(returned)?;
            }
        }
        Ok(())
    }

    fn book(&mut self, payout: Payout) -> Result<(), EconomicsError> {
        self.paid = self.paid.checked_add(payout.to_pool).ok_or(EconomicsError::Overflow)?;
        self.treasury = self.treasury.checked_add(payout.to_treasury).ok_or(EconomicsError::Overflow)?;
        Ok(())
    }

    fn give_back(&mut self, returned: Returned) -> Result<(), EconomicsError> {
        let before = self.returned.unwrap_or(Pha::ZERO);
        self.returned = Some(before.checked_add(returned.returned).ok_or(EconomicsError::Overflow)?);
        Ok(())
    }
}
