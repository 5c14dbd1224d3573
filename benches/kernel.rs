//! The score that pRuntime's kernel reaches on one core, on two, and so on up to all of the machine, and the processor time that
//! it uses for that.

use khala_primitives::{WorkerPublicKey, H256};
use pruntime::kernel::{self, KernelInput};
use std::{
    env, fs, thread,
    time::{Duration, Instant},
};

/// Rounds, so that whatever else the machine does slows all numbers of cores down alike.
const ROUNDS: u64 = 5;
/// How long the kernel works in a round.
const WORK: Duration = Duration::from_secs(4);
/// Ticks of a processor's time in a second, as Linux tells them to programs (`getconf CLK_TCK`).
const TICKS: f64 = 100.0;

/// What the kernel did on a number of cores, over all rounds.
#[derive(Clone, Copy, Default)]
struct Sum {
    iterations: u64,
    work_ms: u64,
    processor_secs: f64,
    wall_secs: f64,
}

impl Sum {
    /// Iterations in six seconds.
    fn score(&self) -> f64 {
        self.iterations as f64 * 6_000.0 / self.work_ms as f64
    }
}

fn main() {
    let (rounds, work) = if env::args().any(|argument| argument == "--bench") {
        (ROUNDS, WORK)
    } else {
        (1, Duration::from_millis(50))
    };
    let all = thread::available_parallelism().map_or(1, usize::from);
    // One more than there are: what cannot run at once must not count.
    let mut sums = vec![Sum::default(); all + 1];
    for round in 0..rounds {
        for (cores, sum) in (1..).zip(&mut sums) {
            add(sum, round, cores, work);
        }
    }
    println!("granted cores   score   to one core   processor time to wall time   (the machine has {all})");
    let one = sums.first().map_or(f64::NAN, Sum::score);
    for (cores, sum) in (1..).zip(&sums) {
        println!(
            "{cores:>13} {:>7.0} {:>13.2} {:>29.2}",
            sum.score(),
            sum.score() / one,
            sum.processor_secs / sum.wall_secs
        );
    }
}

fn add(sum: &mut Sum, round: u64, cores: u16, work: Duration) {
    let input = KernelInput {
        seed: H256::from_low_u64_be(round),
        worker: WorkerPublicKey([7; 32]),
    };
    let (processor, wall) = (processor_secs(), Instant::now());
    let done = kernel::run(&input, cores, work);
    sum.processor_secs += processor_secs() - processor;
    sum.wall_secs += wall.elapsed().as_secs_f64();
    sum.iterations += done.iterations;
    sum.work_ms += u64::from(done.elapsed_ms);
}

/// Processor time of this process, all threads together, in seconds.
fn processor_secs() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").expect("Linux tells what a process has used");
    // The program's name stands in brackets and may contain anything; user and system time are the 12th and 13th field behind it.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    fields.filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / TICKS
}
