//! Scenarios as text.

use super::ReplayError;
use crate::{decimal::DecimalError, ConfidenceLevel, HumanParameters, Pha, Score};
use serde_json::{Map, Value};
use std::{fmt, str::FromStr};

/// Parameters and what happens.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scenario {
    /// The parameters.
    pub parameters: HumanParameters,
    /// What happens, in the order of the text.
    pub events: Vec<Event>,
}

/// One thing that happens to one worker.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// When, in seconds.
    pub t: u64,
    /// To whom.
    pub worker: String,
    /// What.
    pub kind: EventKind,
}

/// What can happen to a worker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EventKind {
    /// It starts a session.
    Start {
        /// S.
        stake: Pha,
        /// P.
        p: Score,
        /// Its confidence level.
        level: ConfidenceLevel,
    },
    /// It answers.
    Heartbeat {
        /// P_t as claimed.
        p_instant: Score,
        /// A new confidence level.
        level: Option<ConfidenceLevel>,
    },
    /// Its stake is raised.
    AddStake {
        /// By how much.
        stake: Pha,
    },
    /// Its stake is lowered.
    ReduceStake {
        /// By how much.
        stake: Pha,
    },
    /// It is reported; its value decays.
    Offline,
    /// It goes away; its value stays.
    Lapse,
    /// Its session ends.
    Stop,
}

/// What is wrong with a key of a scenario.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FieldError {
    /// It is not there.
    Missing,
    /// It is of another kind.
    Expected {
        /// What it has to be.
        kind: &'static str,
    },
    /// Not a number of its type.
    Number {
        /// As written.
        text: String,
        /// What is wrong with it.
        why: DecimalError,
    },
    /// There is no such name.
    UnknownName {
        /// The name.
        name: String,
        /// Names that there are.
        known: &'static str,
    },
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("missing"),
            Self::Expected { kind } => write!(f, "has to be {kind}"),
            Self::Number { text, why } => write!(f, "\"{text}\" is {why}"),
            Self::UnknownName { name, known } => write!(f, "\"{name}\" is unknown; there are {known}"),
        }
    }
}

impl std::error::Error for FieldError {}

const PARAMETERS: &str =
    "rho_per_hour, slash_per_hour, budget_per_day, halving_secs, halving_factor, v_max, cost_k_per_year, cost_b_per_year, \
                          treasury_ratio, rig_k, re, k, p_cap, max_principal_slash, share_floor, max_unseen";
const TYPES: &str = "start, heartbeat, add_stake, reduce_stake, offline, lapse, stop";

impl Scenario {
    /// Reads a scenario; says what is wrong and where.
    pub fn parse(text: &str) -> Result<Self, ReplayError> {
        let value: Value = serde_json::from_str(text).map_err(|error| ReplayError::NotJson { why: error.to_string() })?;
        let scenario = value.as_object().ok_or(ReplayError::NotAScenario {
            why: "it has to be an object {\"params\", \"events\"}",
        })?;
        let mut parameters = HumanParameters::khala();
        match scenario.get("params") {
            Some(Value::Object(changes)) => {
                for (name, value) in changes {
                    set(&mut parameters, name, value).map_err(|why| ReplayError::Parameter { name: name.clone(), why })?;
                }
            }
            Some(_) => {
                return Err(ReplayError::NotAScenario {
                    why: "\"params\" has to be an object",
                })
            }
            None => {}
        }
        let events = scenario.get("events").and_then(Value::as_array);
        let events = events.ok_or(ReplayError::NotAScenario {
            why: "\"events\" has to be a list",
        })?;
        let event = |(index, value)| event(value).map_err(|(key, why)| ReplayError::Malformed { index, key, why });
        let events = events.iter().enumerate().map(event).collect::<Result<_, _>>()?;
        Ok(Self { parameters, events })
    }
}

/// Changes the parameter called `name`.
fn set(parameters: &mut HumanParameters, name: &str, value: &Value) -> Result<(), FieldError> {
    let others = &mut parameters.others;
    match name {
        "rho_per_hour" => parameters.rho_per_hour = number(value)?,
        "slash_per_hour" => parameters.slash_per_hour = number(value)?,
        "budget_per_day" => others.budget_per_day = number(value)?,
        "halving_secs" => others.halving_secs = seconds(value)?,
        "halving_factor" => others.halving_factor = number(value)?,
        "v_max" => others.v_max = number(value)?,
        "cost_k_per_year" => others.cost_k_per_year = number(value)?,
        "cost_b_per_year" => others.cost_b_per_year = number(value)?,
        "treasury_ratio" => others.treasury_ratio = number(value)?,
        "rig_k" => others.rig_k = number(value)?,
        "re" => others.re = number(value)?,
        "k" => others.k = number(value)?,
        "p_cap" => others.p_cap = number(value)?,
        "max_principal_slash" => others.max_principal_slash = number(value)?,
        "share_floor" => others.share_floor = number(value)?,
        "max_unseen" => others.max_unseen_secs = seconds(value)?,
        _ => {
            return Err(FieldError::UnknownName {
                name: name.to_owned(),
                known: PARAMETERS,
            })
        }
    }
    Ok(())
}

/// Reads one event, or says which key is wrong.
fn event(value: &Value) -> Result<Event, (&'static str, FieldError)> {
    let Value::Object(fields) = value else {
        return Err(("events", FieldError::Expected { kind: "a list of objects" }));
    };
    let t = read(fields, "t", seconds)?;
    let worker = read(fields, "worker", text)?;
    let kind = match read(fields, "type", text)?.as_str() {
        "start" => EventKind::Start {
            stake: read(fields, "stake", number)?,
            p: read(fields, "p", number)?,
            level: read(fields, "level", level)?,
        },
        "heartbeat" => EventKind::Heartbeat {
            p_instant: read(fields, "p_instant", number)?,
            level: fields.get("level").map(level).transpose().map_err(|why| ("level", why))?,
        },
        "add_stake" => EventKind::AddStake {
            stake: read(fields, "stake", number)?,
        },
        "reduce_stake" => EventKind::ReduceStake {
            stake: read(fields, "stake", number)?,
        },
        "offline" => EventKind::Offline,
        "lapse" => EventKind::Lapse,
        "stop" => EventKind::Stop,
        other => {
            return Err((
                "type",
                FieldError::UnknownName {
                    name: other.to_owned(),
                    known: TYPES,
                },
            ))
        }
    };
    Ok(Event { t, worker, kind })
}

fn read<T>(
    fields: &Map<String, Value>,
    key: &'static str,
    parse: impl FnOnce(&Value) -> Result<T, FieldError>,
) -> Result<T, (&'static str, FieldError)> {
    fields.get(key).ok_or(FieldError::Missing).and_then(parse).map_err(|why| (key, why))
}

fn text(value: &Value) -> Result<String, FieldError> {
    value.as_str().map(str::to_owned).ok_or(FieldError::Expected { kind: "a string" })
}

/// A number, or a string of one.
fn number<T: FromStr<Err = DecimalError>>(value: &Value) -> Result<T, FieldError> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => {
            return Err(FieldError::Expected {
                kind: "a number or a string of one",
            })
        }
    };
    text.parse().map_err(|why| FieldError::Number { text, why })
}

fn seconds(value: &Value) -> Result<u64, FieldError> {
    let secs = match value {
        Value::String(text) => text.parse().ok(),
        value => value.as_u64(),
    };
    secs.ok_or(FieldError::Expected {
        kind: "a whole number of seconds",
    })
}

fn level(value: &Value) -> Result<ConfidenceLevel, FieldError> {
    let level = seconds(value).ok().and_then(|level| u8::try_from(level).ok());
    level.and_then(|level| level.try_into().ok()).ok_or(FieldError::Expected {
        kind: "a confidence level from 1 to 5",
    })
}
