//! Who may use the kernel, and when: one run at a time, on all granted cores.
//!
//! Two runs at once would share the cores and each would look slow. So a run waits for the one before it, in the order
//! of asking, but not for ever. A heartbeat that cannot have its sample soon goes out without one: for the chain its
//! worker then has no speed until the next heartbeat, while a late answer would cost all pay since the last one. A
//! benchmark that cannot start soon is refused and asked for again.

use crate::kernel::{self, KernelInput, Work};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task,
    time::timeout,
};
use tracing::error;

/// Length of a speed sample.
pub const SAMPLE: Duration = Duration::from_millis(1000);

/// Longest waits for the kernel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Waits {
    /// Of a sample. Far below the shortest HeartbeatWindow (20 s in the local network), above the benchmark there (6 s).
    pub sample: Duration,
    /// Of a benchmark: the samples that wait before it.
    pub benchmark: Duration,
}

impl Default for Waits {
    fn default() -> Self {
        Self {
            sample: Duration::from_secs(2),
            benchmark: Duration::from_secs(5),
        }
    }
}

/// The kernel is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the kernel is at work for another request: ask again in {retry_secs} s")]
pub struct Busy {
    /// When it will be free, in seconds.
    pub retry_secs: u64,
}

/// The gate before the kernel.
pub struct Gate {
    lanes: u16,
    waits: Waits,
    kernel: Arc<Semaphore>,
    /// End of the benchmark that is running.
    benchmark_end: Arc<Mutex<Option<Instant>>>,
}

impl Gate {
    /// A gate before a kernel of `lanes` threads.
    pub fn new(lanes: u16, waits: Waits) -> Self {
        Self {
            lanes,
            waits,
            kernel: Arc::new(Semaphore::new(1)),
            benchmark_end: Arc::default(),
        }
    }

    /// Is the kernel at work?
    pub fn busy(&self) -> bool {
        self.kernel.available_permits() == 0
    }

    /// Takes a speed sample; [`Work::NONE`] when the kernel is not free in time, at once if a benchmark is known to run
    /// for longer.
    pub async fn sample(&self, input: KernelInput) -> Work {
        if self.benchmark_left().is_some_and(|left| left > self.waits.sample) {
            return Work::NONE;
        }
        let Some(permit) = self.permit(self.waits.sample).await else {
            return Work::NONE;
        };
        let lanes = self.lanes;
        let run = task::spawn_blocking(move || {
            let _permit = permit;
            kernel::run(&input, lanes, SAMPLE)
        });
        run.await.unwrap_or_else(failed)
    }

    /// Works for `secs` seconds. It is carried to its end also when nobody waits for it any more.
    pub async fn benchmark(&self, input: KernelInput, secs: u32) -> Result<Work, Busy> {
        if let Some(left) = self.benchmark_left() {
            return Err(Busy {
                retry_secs: left.as_secs().saturating_add(1),
            });
        }
        let Some(permit) = self.permit(self.waits.benchmark).await else {
            let left = self.benchmark_left().unwrap_or(SAMPLE);
            return Err(Busy {
                retry_secs: left.as_secs().saturating_add(1),
            });
        };
        let (lanes, length) = (self.lanes, Duration::from_secs(secs.into()));
        let end = self.benchmark_end.clone();
        set(&end, Instant::now().checked_add(length));
        let run = task::spawn_blocking(move || {
            let work = kernel::run(&input, lanes, length);
            set(&end, None);
            drop(permit);
            work
        });
        Ok(run.await.unwrap_or_else(failed))
    }

    async fn permit(&self, wait: Duration) -> Option<OwnedSemaphorePermit> {
        timeout(wait, self.kernel.clone().acquire_owned()).await.ok()?.ok()
    }

    fn benchmark_left(&self) -> Option<Duration> {
        let end = *self.benchmark_end.lock().unwrap_or_else(PoisonError::into_inner);
        end.map(|end| end.saturating_duration_since(Instant::now()))
    }
}

fn set(end: &Mutex<Option<Instant>>, value: Option<Instant>) {
    *end.lock().unwrap_or_else(PoisonError::into_inner) = value;
}

fn failed(error: task::JoinError) -> Work {
    error!(%error, "the kernel's thread failed");
    Work::NONE
}

#[cfg(test)]
mod tests {
    use super::*;
    use khala_primitives::{WorkerPublicKey, H256};

    const INPUT: KernelInput = KernelInput {
        seed: H256::zero(),
        worker: WorkerPublicKey([1; 32]),
    };
    const NOW: Waits = Waits {
        sample: Duration::ZERO,
        benchmark: Duration::ZERO,
    };

    #[tokio::test]
    async fn a_sample_takes_about_a_second() {
        let work = Gate::new(1, NOW).sample(INPUT).await;
        assert!(work.elapsed_ms >= 1000, "{work:?}");
    }

    #[tokio::test]
    async fn a_sample_that_cannot_have_the_kernel_is_left_out() {
        let gate = Gate::new(1, NOW);
        let permit = gate.permit(Duration::ZERO).await.unwrap();
        assert!(gate.busy());
        assert_eq!(gate.sample(INPUT).await, Work::NONE);
        drop(permit);
        assert!(!gate.busy());
        assert_ne!(gate.sample(INPUT).await, Work::NONE);
    }

    #[tokio::test]
    async fn a_benchmark_that_cannot_have_the_kernel_is_refused() {
        let gate = Gate::new(1, NOW);
        let permit = gate.permit(Duration::ZERO).await.unwrap();
        assert!(gate.benchmark(INPUT, 1).await.is_err());
        drop(permit);
        assert!(gate.benchmark(INPUT, 1).await.unwrap().elapsed_ms >= 1000);
        assert_eq!(gate.benchmark_left(), None);
    }

    #[tokio::test]
    async fn while_a_long_benchmark_runs_samples_are_left_out_and_benchmarks_are_told_when_to_ask_again() {
        let gate = Gate::new(
            1,
            Waits {
                sample: Duration::from_secs(30),
                benchmark: Duration::from_secs(30),
            },
        );
        let permit = gate.permit(Duration::ZERO).await.unwrap();
        set(&gate.benchmark_end, Instant::now().checked_add(Duration::from_secs(50)));
        assert_eq!(gate.sample(INPUT).await, Work::NONE);
        let busy = gate.benchmark(INPUT, 1).await.unwrap_err();
        assert!((45..=51).contains(&busy.retry_secs), "{busy:?}");
        drop(permit);
    }

    #[tokio::test]
    async fn samples_wait_for_each_other_and_all_get_their_turn() {
        let gate = Gate::new(
            1,
            Waits {
                sample: Duration::from_secs(600),
                benchmark: Duration::ZERO,
            },
        );
        let (one, two) = tokio::join!(gate.sample(INPUT), gate.sample(INPUT));
        assert!(one != Work::NONE && two != Work::NONE);
    }
}
