//! How long it takes until a worker that has vanished is found offline.
//!
//! Many workers are back before anybody has noticed; leaving them out would make the delay look shorter than it is. The estimator of
//! Kaplan and Meier takes them for what they are: at least so long, and then unknown.

/// An absence: until it was noticed, or until it ended unnoticed.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Span {
    /// Its length in seconds.
    pub secs: f64,
    /// Its length in blocks.
    pub blocks: f64,
    /// Whether it ended because the worker was reported.
    pub noticed: bool,
}

/// The part of vanished workers that nobody has noticed yet, over time.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Survival {
    /// Falling steps: from the time on, this part is left.
    steps: Vec<(f64, f64)>,
    /// Longest time seen.
    last: f64,
}

impl Survival {
    /// The estimate from absences, each given by its length and whether it was noticed.
    pub fn estimate(spans: impl IntoIterator<Item = (f64, bool)>) -> Self {
        let mut spans: Vec<_> = spans.into_iter().collect();
        spans.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut left = 1.0;
        let mut at_risk = spans.len();
        let mut steps = Vec::new();
        for same in spans.chunk_by(|a, b| a.0 == b.0) {
            let noticed = same.iter().filter(|span| span.1).count();
            if noticed > 0 {
                left *= 1.0 - noticed as f64 / at_risk as f64;
                steps.push((same[0].0, left));
            }
            at_risk -= same.len();
        }
        let last = spans.last().map_or(0.0, |span| span.0);
        Self { steps, last }
    }

    /// The mean; what is left at the longest time seen counts as if it ended there. `None` if nothing was noticed.
    pub fn mean(&self) -> Option<f64> {
        self.steps.first()?;
        let (mut sum, mut from, mut left) = (0.0, 0.0, 1.0);
        for (at, then) in &self.steps {
            sum += (at - from) * left;
            (from, left) = (*at, *then);
        }
        Some(sum + (self.last - from) * left)
    }

    /// The time by which `part` of all are noticed; `None` if it was not seen.
    pub fn quantile(&self, part: f64) -> Option<f64> {
        // A part that is met but for rounding is met.
        let step = self.steps.iter().find(|(_, left)| *left <= 1.0 - part + 1e-12)?;
        Some(step.0)
    }

    /// Times, and the part that is noticed by then.
    pub fn noticed(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.steps.iter().map(|(at, left)| (*at, 1.0 - left))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: Option<f64>, b: f64) -> bool {
        a.is_some_and(|a| (a - b).abs() < 1e-9)
    }

    #[test]
    fn without_unnoticed_absences_it_is_the_plain_mean_and_quantile() {
        let survival = Survival::estimate((1..=20).map(|secs| (f64::from(secs), true)));
        assert!(close(survival.mean(), 10.5));
        assert!(close(survival.quantile(0.5), 10.0));
        assert!(close(survival.quantile(0.95), 19.0));
        assert!(close(survival.quantile(1.0), 20.0));
    }

    #[test]
    fn an_absence_that_ends_unnoticed_counts_up_to_its_end() {
        // 1 of 4 at 1; one is gone at 2; 1 of the 2 that are left at 3; the last at 4.
        let survival = Survival::estimate([(1.0, true), (2.0, false), (3.0, true), (4.0, true)]);
        let noticed: Vec<_> = survival.noticed().collect();
        assert_eq!(noticed, [(1.0, 0.25), (3.0, 0.625), (4.0, 1.0)]);
        assert!(close(survival.mean(), 1.0 + 2.0 * 0.75 + 0.375));
    }

    #[test]
    fn what_is_not_seen_is_not_said() {
        let survival = Survival::estimate([(1.0, true), (9.0, false)]);
        assert!(close(survival.quantile(0.5), 1.0));
        assert_eq!(survival.quantile(0.51), None);
        assert!(close(survival.mean(), 1.0 + 8.0 * 0.5));
        assert_eq!(Survival::estimate([(5.0, false)]).mean(), None);
        assert_eq!(Survival::estimate([]).quantile(0.95), None);
    }
}
