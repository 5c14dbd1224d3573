//! Random scenarios, for tests and for comparing implementations.

use super::ReplayError;
use crate::{stake, ConfidenceLevel, HumanParameters, Parameters, Pha, Score};
use serde_json::{json, Map, Value};
use std::collections::BTreeMap;

const WORKERS: u64 = 8;

/// A scenario of up to `events` events of 8 workers; the same seed gives the same one.
///
/// Some have a floor of the sum of shares, a low V_max or a hard slash; one in three runs thirty times as long, through halvings.
pub fn random_scenario(seed: u64, events: u32) -> Result<Value, ReplayError> {
    let mut dice = Dice(seed);
    let (key, value) = *dice.pick(&[("", ""), ("share_floor", "150000"), ("v_max", "9000"), ("slash_per_hour", "0.02")]);
    let params = if key.is_empty() { json!({}) } else { json!({ key: value }) };
    let mut human = HumanParameters::khala();
    if let Some(v_max) = params.get("v_max").and_then(Value::as_str).and_then(|text| text.parse().ok()) {
        human.others.v_max = v_max;
    }
    let parameters = human.parameters().map_err(ReplayError::Parameters)?;
    let pace = *dice.pick(&[1u64, 1, 30]);
    let (mut t, mut list, mut running) = (0u64, Vec::new(), BTreeMap::new());
    for _ in 0..events {
        t = t.saturating_add(dice.pick(&[1u64, 6, 60, 300, 3_600, 40_000, 100_000]).saturating_mul(pace));
        let name = format!("w{}", dice.below(WORKERS));
        let mut event = Map::new();
        match running.get_mut(&name) {
            None => {
                if let Some(worker) = Worker::start(&parameters, &mut dice, &mut event) {
                    running.insert(name.clone(), worker);
                }
            }
            Some(worker) => {
                worker.step(&mut dice, &mut event);
                if event.get("type").is_some_and(|kind| kind == "stop") {
                    running.remove(&name);
                }
            }
        }
        if !event.is_empty() {
            event.insert("t".to_owned(), json!(t));
            event.insert("worker".to_owned(), json!(name));
            list.push(Value::Object(event));
        }
    }
    Ok(json!({ "params": params, "events": list }))
}

struct Worker {
    up: bool,
    p: u64,
    /// Stake that may be added and taken away, in millionths of a PHA.
    room: u64,
    spare: u64,
}

impl Worker {
    /// A start with a stake between its bounds; none if they leave no room.
    fn start(parameters: &Parameters, dice: &mut Dice, event: &mut Map<String, Value>) -> Option<Self> {
        let (p, level) = (
            50u64.saturating_add(dice.below(2_950)),
            u8::try_from(dice.below(5)).ok()?.saturating_add(1),
        );
        let score = Score::from_points(u32::try_from(p).ok()?);
        let low = millionths(stake::minimal(parameters, score).ok()?)?.saturating_add(1);
        let high = millionths(stake::maximal(parameters, score, ConfidenceLevel::try_from(level).ok()?).ok()?)?;
        let span = high.checked_sub(low).filter(|span| *span > 1_000_000)?;
        let thousandths = match dice.below(3) {
            0 => 0,
            1 => dice.below(1_000),
            _ => 999,
        };
        let stake = low.saturating_add(span.checked_div(1_000)?.saturating_mul(thousandths));
        event.insert("type".to_owned(), json!("start"));
        event.insert("p".to_owned(), json!(p));
        event.insert("level".to_owned(), json!(level));
        event.insert("stake".to_owned(), json!(pha(stake)));
        Some(Self {
            up: true,
            p,
            room: high.saturating_sub(stake) / 2,
            spare: stake.saturating_sub(low) / 2,
        })
    }

    /// Something that can happen to a running worker; nothing if there is no stake left to move.
    fn step(&mut self, dice: &mut Dice, event: &mut Map<String, Value>) {
        let kind = match dice.below(100) {
            0..=72 => "heartbeat",
            73..=84 if self.up => "offline",
            85..=88 if self.up => "lapse",
            89..=93 => "add_stake",
            94..=96 => "reduce_stake",
            97..=99 => "stop",
            _ => "heartbeat",
        };
        match kind {
            "heartbeat" => {
                event.insert("p_instant".to_owned(), json!(dice.below(self.p.saturating_mul(3) / 2)));
                self.up = true;
            }
            "add_stake" | "reduce_stake" => {
                let left = if kind == "add_stake" { &mut self.room } else { &mut self.spare };
                let moved = *left / 3;
                if moved == 0 {
                    return;
                }
                *left = left.saturating_sub(moved);
                event.insert("stake".to_owned(), json!(pha(moved)));
            }
            "offline" | "lapse" => self.up = false,
            _ => {}
        }
        event.insert("type".to_owned(), json!(kind));
    }
}

fn millionths(amount: Pha) -> Option<u64> {
    u64::try_from(amount.planck() / 1_000_000).ok()
}

fn pha(millionths: u64) -> String {
    format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000)
}

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)).checked_rem(bound).unwrap_or(0)
    }

    /// One of `choices`, which are never none.
    #[allow(clippy::indexing_slicing)]
    fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        let index = self.below(choices.len() as u64);
        &choices[index as usize]
    }
}
