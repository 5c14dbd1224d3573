//! Times two or more ways to do the same thing in turns, so that a busy machine slows all of them down alike.

use std::{
    env,
    time::{Duration, Instant},
};

/// Rounds of a measurement: odd, so that there is a middle one.
const ROUNDS: usize = 31;
/// How long each way runs in a round.
const ROUND: Duration = Duration::from_millis(60);

/// A way to do it, with its name.
pub type Way<'w> = (&'w str, &'w dyn Fn());

/// Seconds that one run of a way takes, by round.
pub struct Times(Vec<f64>);

impl Times {
    /// The middle round.
    pub fn median(&self) -> f64 {
        middle(self.0.clone())
    }

    /// The middle of the ratios to another way, round by round.
    pub fn ratio_to(&self, other: &Self) -> f64 {
        middle(self.0.iter().zip(&other.0).map(|(this, other)| this / other).collect())
    }
}

/// Measures ways in turns. Where the program is only tried and not run by `cargo bench`, there is one short round.
pub fn measure(ways: &[Way<'_>]) -> Vec<Times> {
    let (rounds, round) = if env::args().any(|argument| argument == "--bench") {
        (ROUNDS, ROUND)
    } else {
        (1, Duration::ZERO)
    };
    let mut times: Vec<Times> = ways.iter().map(|_| Times(Vec::new())).collect();
    for _ in 0..rounds {
        for ((_, run), times) in ways.iter().zip(&mut times) {
            times.0.push(time(*run, round));
        }
    }
    times
}

/// Prints the times of ways, each with its ratio to the first one's.
pub fn print(title: &str, ways: &[Way<'_>], times: &[Times]) {
    println!("{title}");
    let Some(first) = times.first() else { return };
    for ((name, _), times) in ways.iter().zip(times) {
        println!("  {name:<44} {:>9.1} us   ratio {:.3}", times.median() * 1e6, times.ratio_to(first));
    }
}

/// Seconds of one run, over as many as fit into a time.
fn time(run: impl Fn(), at_least: Duration) -> f64 {
    let (mut runs, started) = (0u32, Instant::now());
    loop {
        run();
        runs += 1;
        let passed = started.elapsed();
        if passed >= at_least {
            return passed.as_secs_f64() / f64::from(runs);
        }
    }
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
