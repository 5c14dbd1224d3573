//! Time as it is measured: what the processor spends on this thread. What else the machine does meanwhile does not count.

use rustix::time::{clock_gettime, ClockId};
use std::time::Duration;

/// A measurement that has begun.
pub struct Stopwatch(Duration);

impl Stopwatch {
    /// Begins.
    pub fn start() -> Self {
        Self(spent())
    }

    /// What this thread has worked since.
    pub fn elapsed(&self) -> Duration {
        spent().saturating_sub(self.0)
    }
}

fn spent() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let secs = Duration::from_secs(time.tv_sec.try_into().unwrap_or_default());
    secs + Duration::from_nanos(time.tv_nsec.try_into().unwrap_or_default())
}
