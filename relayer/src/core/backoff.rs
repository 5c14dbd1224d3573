//! Waiting longer after each failure in a row.

use super::Millis;

/// Exponential backoff with a cap, without randomness: workers of one site fail independently.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Backoff {
    first_ms: Millis,
    cap_ms: Millis,
    failures: u32,
    next_try: Option<Millis>,
}

impl Backoff {
    /// Waits `first_ms` after the first failure, then twice as long after each further one, at most `cap_ms`.
    pub const fn new(first_ms: Millis, cap_ms: Millis) -> Self {
        Self {
            first_ms,
            cap_ms,
            failures: 0,
            next_try: None,
        }
    }

    /// A try failed at `now`.
    pub fn failed(&mut self, now: Millis) {
        let factor = 1u64.checked_shl(self.failures.min(32)).unwrap_or(u64::MAX);
        self.failures = self.failures.saturating_add(1);
        self.next_try = Some(now.saturating_add(self.first_ms.saturating_mul(factor).min(self.cap_ms)));
    }

    /// A try succeeded, or there is a new reason to try at once.
    pub fn reset(&mut self) {
        self.failures = 0;
        self.next_try = None;
    }

    /// May it be tried at `now`?
    pub fn is_due(&self, now: Millis) -> bool {
        self.next_try.is_none_or(|at| at <= now)
    }

    /// When it may be tried again; `None` is now.
    pub fn next_try(&self) -> Option<Millis> {
        self.next_try
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_doubles_the_wait_up_to_the_cap() {
        let mut backoff = Backoff::new(1_000, 5_000);
        let waits: Vec<_> = (0..70)
            .map(|_| {
                backoff.failed(100);
                backoff.next_try().unwrap() - 100
            })
            .collect();
        assert_eq!(waits[..4], [1_000, 2_000, 4_000, 5_000]);
        assert!(waits[4..].iter().all(|wait| *wait == 5_000));
    }

    #[test]
    fn a_try_is_due_from_its_time_on_and_at_once_after_a_reset() {
        let mut backoff = Backoff::new(1_000, 5_000);
        assert!(backoff.is_due(0));
        backoff.failed(0);
        assert!(!backoff.is_due(999) && backoff.is_due(1_000) && backoff.is_due(1_001));
        backoff.reset();
        assert!(backoff.is_due(0));
    }
}
