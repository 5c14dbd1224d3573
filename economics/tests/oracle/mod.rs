//! An independent model of the economics: the design's formulas, literally, in decimals of 60 places.
//!
//! It shares nothing with the crate: another number type, its own reading of JSON, growth by the quotient `(r^n - 1)/(r - 1)`, roots
//! by bisection, the budget by a loop over halvings.

mod number;

use number::{root_3600, D};
use serde_json::Value;
use std::collections::BTreeMap;

const DAY: u64 = 86_400;
const YEAR: i64 = 31_536_000;

fn d(text: &str) -> D {
    D::parse(text)
}

fn field(event: &Value, key: &str) -> D {
    match &event[key] {
        Value::String(text) => d(text),
        Value::Number(number) => d(&number.to_string()),
        other => panic!("{key} is {other}"),
    }
}

fn conf(level: u64) -> D {
    d(["1", "1", "1", "0.8", "0.7"][level as usize - 1])
}

/// V after n steps of V += kp * (rate * V + cost).
fn grow(v: &D, n: u64, kp: &D, rate: &D, cost: &D) -> D {
    let r = kp.clone() * rate.clone();
    if n == 0 || r.is_zero() {
        return v.clone() + kp.clone() * cost.clone() * D::from(n as i64);
    }
    let f = (d("1") + r.clone()).pow(n);
    v.clone() * f.clone() + kp.clone() * cost.clone() * (f - d("1")) / r
}

struct Parameters {
    named: BTreeMap<&'static str, D>,
    halving_secs: u64,
    max_unseen: u64,
    rho: D,
    keep: D,
}

impl Parameters {
    fn new(changes: &Value) -> Self {
        let mut named: BTreeMap<_, _> = [
            ("rho_per_hour", "1.0002"),
            ("budget_per_day", "720000"),
            ("halving_factor", "0.75"),
            ("v_max", "30000"),
            ("cost_k_per_year", "0.0415625"),
            ("cost_b_per_year", "88.59375"),
            ("slash_per_hour", "0.001"),
            ("treasury_ratio", "0.2"),
            ("rig_k", "0.3"),
            ("re", "1.5"),
            ("k", "50"),
            ("p_cap", "1.2"),
            ("max_principal_slash", "0.1"),
            ("share_floor", "0"),
        ]
        .map(|(name, default)| (name, changes[name].as_str().map_or_else(|| d(default), d)))
        .into();
        let rho = root_3600(&named.remove("rho_per_hour").unwrap()) - d("1");
        let keep = root_3600(&(d("1") - named.remove("slash_per_hour").unwrap()));
        let halving_secs = changes["halving_secs"].as_u64().unwrap_or(180 * DAY);
        Self {
            named,
            halving_secs,
            max_unseen: changes["max_unseen"].as_u64().unwrap_or(DAY),
            rho,
            keep,
        }
    }

    fn get(&self, name: &str) -> D {
        self.named[name].clone()
    }

    /// Budget of the seconds (a, b].
    fn budget(&self, a: u64, b: u64) -> D {
        let (mut total, mut a) = (d("0"), a);
        while a < b {
            let period = a / self.halving_secs;
            let end = b.min((period + 1) * self.halving_secs);
            let per_sec = self.get("budget_per_day") / D::from(DAY as i64);
            total = total + per_sec * self.get("halving_factor").pow(period) * D::from((end - a) as i64);
            a = end;
        }
        total
    }

    /// 1 + conf (R_e - 1).
    fn value_per_pha(&self, level: u64) -> D {
        d("1") + conf(level) * (self.get("re") - d("1"))
    }
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum State {
    Idle,
    Unresponsive,
    Lapsed,
    CoolingDown,
}

struct Worker {
    state: State,
    stake: D,
    p: D,
    p_instant: D,
    level: u64,
    v: D,
    v_e: D,
    v_last: D,
    share: D,
    a_then: D,
    owed: D,
    at: u64,
    seen: u64,
    paid: D,
    treasury: D,
    returned: Option<D>,
}

/// The model; one event after the other.
struct Oracle {
    parameters: Parameters,
    t: u64,
    a: D,
    total: D,
    issued: D,
    forfeited: D,
    workers: BTreeMap<String, Worker>,
}

/// Replays a scenario; the numbers have all their places, as text.
pub fn replay(scenario: &Value) -> BTreeMap<String, String> {
    let zero = || d("0");
    let mut oracle = Oracle {
        parameters: Parameters::new(&scenario["params"]),
        t: 0,
        a: zero(),
        total: zero(),
        issued: zero(),
        forfeited: zero(),
        workers: BTreeMap::new(),
    };
    for event in scenario["events"].as_array().unwrap() {
        oracle.event(event);
    }
    oracle.result()
}

impl Oracle {
    fn accrue(&mut self, t: u64) {
        if !self.total.is_zero() {
            let per_share = self.parameters.budget(self.t, t) / self.total.clone().max(self.parameters.get("share_floor"));
            self.issued = self.issued.clone() + per_share.clone() * self.total.clone();
            self.a = self.a.clone() + per_share;
        }
        self.t = t;
    }

    fn event(&mut self, event: &Value) {
        let (t, name) = (event["t"].as_u64().unwrap(), event["worker"].as_str().unwrap());
        self.accrue(t);
        let kind = event["type"].as_str().unwrap();
        if kind == "start" {
            return self.start(name, event, t);
        }
        let mut worker = self.workers.remove(name).unwrap();
        match kind {
            "heartbeat" => self.heartbeat(&mut worker, event, t),
            "add_stake" => self.add_stake(&mut worker, field(event, "stake"), t),
            "reduce_stake" => self.reduce_stake(&mut worker, field(event, "stake"), t),
            "offline" | "lapse" => {
                assert_eq!(worker.state, State::Idle);
                self.leave(&mut worker);
                worker.state = if kind == "offline" { State::Unresponsive } else { State::Lapsed };
                worker.at = t;
            }
            "stop" => {
                let v = self.decayed(&worker, t);
                self.leave(&mut worker);
                let back = self.kept(&v, &worker) * worker.stake.clone();
                worker.returned = Some(worker.returned.take().unwrap_or(d("0")) + back);
                (worker.v, worker.state, worker.at) = (v, State::CoolingDown, t);
            }
            other => panic!("{other}"),
        }
        self.workers.insert(name.to_owned(), worker);
    }

    fn start(&mut self, name: &str, event: &Value, t: u64) {
        let (stake, p, level) = (field(event, "stake"), field(event, "p"), event["level"].as_u64().unwrap());
        let v_e = self.parameters.value_per_pha(level) * (stake.clone() + self.parameters.get("rig_k") * p.clone());
        let old = self.workers.remove(name);
        let (paid, treasury) = old.map_or((d("0"), d("0")), |worker| (worker.paid, worker.treasury));
        let mut worker = Worker {
            state: State::Lapsed,
            stake,
            p: p.clone(),
            p_instant: p,
            level,
            v: v_e.clone(),
            v_e: v_e.clone(),
            v_last: v_e.clone(),
            share: d("0"),
            a_then: d("0"),
            owed: d("0"),
            at: t,
            seen: t,
            paid,
            treasury,
            returned: None,
        };
        self.join(&mut worker, v_e, t);
        self.workers.insert(name.to_owned(), worker);
    }

    fn heartbeat(&mut self, worker: &mut Worker, event: &Value, t: u64) {
        let v;
        if worker.state == State::Idle && t - worker.seen <= self.parameters.max_unseen {
            let earned = self.earned(worker);
            let to_treasury = earned.clone() * self.parameters.get("treasury_ratio");
            let paid = earned - to_treasury.clone();
            let grown = self.grown(worker, t);
            let above = (grown.clone() - worker.v_last.clone().max(worker.v_e.clone())).max(d("0"));
            v = grown - paid.clone().min(above);
            worker.paid = worker.paid.clone() + paid;
            worker.treasury = worker.treasury.clone() + to_treasury;
            worker.owed = d("0");
            self.total = self.total.clone() - worker.share.clone();
        } else {
            v = self.decayed(worker, t);
            self.leave(worker);
        }
        worker.p_instant = field(event, "p_instant").min(self.parameters.get("p_cap") * worker.p.clone());
        worker.level = event["level"].as_u64().unwrap_or(worker.level);
        (worker.v_last, worker.seen) = (v.clone(), t);
        self.join(worker, v, t);
    }

    fn add_stake(&mut self, worker: &mut Worker, more: D, t: u64) {
        let rise = self.parameters.value_per_pha(worker.level) * more.clone();
        let before = self.value(worker, t);
        let v = (before.clone() + rise.clone()).min(self.parameters.get("v_max"));
        worker.v_last = worker.v_last.clone() + v.clone() - before;
        worker.v_e = worker.v_e.clone() + rise;
        worker.stake = worker.stake.clone() + more;
        self.revalue(worker, v, t);
    }

    fn reduce_stake(&mut self, worker: &mut Worker, less: D, t: u64) {
        let before = self.value(worker, t);
        let part = (worker.stake.clone() - less.clone()) / worker.stake.clone();
        let back = less.clone() * self.kept(&before, worker);
        worker.returned = Some(worker.returned.take().unwrap_or(d("0")) + back);
        worker.v_last = worker.v_last.clone() * part.clone();
        worker.v_e = worker.v_e.clone() * part.clone();
        worker.stake = worker.stake.clone() - less;
        self.revalue(worker, before * part, t);
    }

    fn revalue(&mut self, worker: &mut Worker, v: D, t: u64) {
        if worker.state == State::Idle {
            worker.owed = self.earned(worker);
            self.total = self.total.clone() - worker.share.clone();
            self.join(worker, v, t);
        } else {
            (worker.v, worker.at) = (v, t);
        }
    }

    fn join(&mut self, worker: &mut Worker, v: D, t: u64) {
        let speed = d("2") * worker.p_instant.clone() * conf(worker.level);
        worker.share = (v.clone() * v.clone() + speed.clone() * speed).sqrt().floor_18();
        (worker.v, worker.at, worker.a_then, worker.state) = (v, t, self.a.clone(), State::Idle);
        self.total = self.total.clone() + worker.share.clone();
    }

    fn leave(&mut self, worker: &mut Worker) {
        if worker.state == State::Idle {
            self.forfeited = self.forfeited.clone() + self.earned(worker);
            self.total = self.total.clone() - worker.share.clone();
            worker.owed = d("0");
        }
    }

    fn earned(&self, worker: &Worker) -> D {
        worker.owed.clone() + worker.share.clone() * (self.a.clone() - worker.a_then.clone())
    }

    fn value(&self, worker: &Worker, t: u64) -> D {
        if worker.state == State::Idle {
            self.grown(worker, t)
        } else {
            self.decayed(worker, t)
        }
    }

    fn grown(&self, worker: &Worker, t: u64) -> D {
        let costs = self.parameters.get("cost_k_per_year") * worker.p.clone() + self.parameters.get("cost_b_per_year");
        let kp = (worker.p_instant.clone() / worker.p.clone()).min(d("1"));
        grow(&worker.v, t - worker.at, &kp, &self.parameters.rho, &(costs / D::from(YEAR))).min(self.parameters.get("v_max"))
    }

    fn decayed(&self, worker: &Worker, t: u64) -> D {
        match worker.state {
            State::Unresponsive => worker.v.clone() * self.parameters.keep.pow(t - worker.at),
            _ => worker.v.clone(),
        }
    }

    fn kept(&self, v: &D, worker: &Worker) -> D {
        (v.clone() / worker.v_e.clone())
            .min(d("1"))
            .max(d("1") - self.parameters.get("max_principal_slash"))
    }

    fn result(&self) -> BTreeMap<String, String> {
        let mut result: BTreeMap<String, String> = [
            ("issued", &self.issued),
            ("forfeited", &self.forfeited),
            ("total_share", &self.total),
        ]
        .map(|(key, number)| (format!("/{key}"), number.to_string()))
        .into();
        for (name, worker) in &self.workers {
            let state = match worker.state {
                State::Idle => "idle",
                State::Unresponsive => "unresponsive",
                State::Lapsed => "lapsed",
                State::CoolingDown => "cooling_down",
            };
            let returned = worker.returned.as_ref().map_or("null".to_owned(), D::to_string);
            result.extend(
                [
                    ("state", state.to_owned()),
                    ("v", worker.v.to_string()),
                    ("share", worker.share.to_string()),
                    ("paid", worker.paid.to_string()),
                    ("treasury", worker.treasury.to_string()),
                    ("returned", returned),
                ]
                .map(|(key, text)| (format!("/workers/{name}/{key}"), text)),
            );
        }
        result
    }
}

/// How far `ours` is from `theirs`, relative to it; numbers as text. Zero if they are the same to 18 decimals.
pub fn relative_error(ours: &str, theirs: &str) -> f64 {
    let (ours, theirs) = (d(ours), d(theirs));
    let error = if ours.clone() > theirs.clone() {
        ours - theirs.clone()
    } else {
        theirs.clone() - ours
    };
    if error.clone() <= d("0.0000000000000000005") {
        return 0.0;
    }
    if theirs.is_zero() {
        return f64::INFINITY;
    }
    (error / theirs).to_string().parse().unwrap()
}
