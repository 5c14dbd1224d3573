//! Numbers of several rounds.

use std::time::Duration;

/// One number for each round.
#[derive(Clone, Default)]
pub struct Series(Vec<f64>);

impl Series {
    /// Adds the time of one of `count` equal things that took this long together, in nanoseconds.
    pub fn add(&mut self, together: Duration, count: usize) {
        self.push(together.as_secs_f64() * 1e9 / count as f64);
    }

    /// Adds a number.
    pub fn push(&mut self, number: f64) {
        self.0.push(number);
    }

    /// The middle round.
    pub fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
    }

    /// The ratios to another series, round by round: what slows a round down slows both.
    pub fn over(&self, other: &Self) -> Self {
        self.combine(other, |this, other| this / other)
    }

    /// The differences from another series, round by round.
    pub fn minus(&self, other: &Self) -> Self {
        self.combine(other, |this, other| this - other)
    }

    fn combine(&self, other: &Self, with: impl Fn(f64, f64) -> f64) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(this, other)| with(*this, *other)).collect())
    }
}
