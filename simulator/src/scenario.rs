//! What goes wrong in a run.

use crate::{
    trace::{Absence, Traces},
    SLOT_SECS,
};
use clap::ValueEnum;
use rand::{rngs::StdRng, Rng, SeedableRng};

/// Workers of one relayer; those of an operator vanish together.
pub const WORKERS_PER_RELAYER: u32 = 100;
/// Workers of one pool.
pub const WORKERS_PER_POOL: u32 = 10;
/// Blocks between a block and the one that takes in what was sent because of it.
pub const USUAL_DELAY: u32 = 1;
/// When the trouble begins, in seconds since the run began.
pub const TROUBLE_AT: u64 = 1_800;
/// When the outage ends, in seconds since the run began.
pub const OUTAGE_ENDS: u64 = TROUBLE_AT + 3_600;

/// A named kind of trouble.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scenario {
    /// Nobody is away and every block comes: what the others are compared with.
    Calm,
    /// Half of the workers vanish and come back at random.
    Independent,
    /// 30 % of the workers vanish at once for an hour.
    Outage,
    /// The same without the guard, to see what it does. Not in the table.
    Unguarded,
    /// Every transaction is included 8 blocks later.
    Delayed,
    /// A block comes 10 minutes after its parent.
    Halt,
    /// Half of the blocks are missing.
    HalfBlocks,
}

impl Scenario {
    /// Those of the table, the one to compare with first.
    pub const ALL: [Self; 6] = [
        Self::Calm,
        Self::Independent,
        Self::Outage,
        Self::Delayed,
        Self::Halt,
        Self::HalfBlocks,
    ];

    /// What a reader of the table sees.
    pub fn title(self) -> &'static str {
        match self {
            Self::Calm => "calm",
            Self::Independent => "independent absences",
            Self::Outage => "30 % away for 1 h",
            Self::Unguarded => "30 % away for 1 h, no guard",
            Self::Delayed => "inclusion 8 blocks late",
            Self::Halt => "halt of 10 min",
            Self::HalfBlocks => "half of the blocks missing",
        }
    }

    /// How long a run of so many workers has to be for sound numbers, in seconds. Few workers need long to be away often enough; many
    /// are asked so rarely that finding them takes hours.
    pub fn usual_secs(workers: u32) -> u64 {
        match workers {
            0..=300 => 100 * 3_600,
            301..=3_000 => 20 * 3_600,
            3_001..=30_000 => 5 * 3_600,
            30_001..=300_000 => 2 * 3_600,
            _ => 3 * 3_600,
        }
    }

    /// The trouble for so many workers and seconds, drawn from a seed.
    pub fn trouble(self, workers: usize, secs: u64, seed: u64) -> Trouble {
        let mut rng = StdRng::seed_from_u64(seed ^ 0x7472_6f75_626c_6500);
        let calm = Trouble {
            traces: Traces::always_there(workers),
            delay: USUAL_DELAY,
            times: every_slot(secs),
            guarded: true,
        };
        match self {
            Self::Calm => calm,
            Self::Independent => Trouble {
                traces: Traces::independent(workers, 4.0 * 3_600.0, 3_600.0, secs, &mut rng),
                ..calm
            },
            Self::Outage => Trouble {
                traces: outage(workers, 30, &mut rng),
                ..calm
            },
            Self::Unguarded => Trouble {
                traces: outage(workers, 30, &mut rng),
                guarded: false,
                ..calm
            },
            Self::Delayed => Trouble {
                delay: USUAL_DELAY + 8,
                ..calm
            },
            Self::Halt => Trouble {
                times: with_a_halt(secs, 600),
                ..calm
            },
            Self::HalfBlocks => Trouble {
                times: some_slots(secs, 0.5, &mut rng),
                ..calm
            },
        }
    }
}

/// What a run is put through.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// When every worker is away.
    pub traces: Traces,
    /// Blocks between a block and the one that takes in what was sent because of it; at least 1.
    pub delay: u32,
    /// When the blocks after the first come, in seconds since the run began, rising.
    pub times: Vec<u64>,
    /// Whether the outage guard may do its work.
    pub guarded: bool,
}

/// So many of a hundred workers are away together, whole relayers of them where there are many.
pub fn outage(workers: usize, percent: u32, rng: &mut impl Rng) -> Traces {
    let group = if workers >= 100 * WORKERS_PER_RELAYER as usize {
        WORKERS_PER_RELAYER
    } else {
        WORKERS_PER_POOL
    };
    let absence = Absence {
        from: TROUBLE_AT,
        until: OUTAGE_ENDS,
    };
    Traces::outage(workers, group as usize, percent, absence, rng)
}

/// A block in every slot.
pub fn every_slot(secs: u64) -> Vec<u64> {
    (1..=secs / SLOT_SECS).map(|slot| slot * SLOT_SECS).collect()
}

/// A block in every slot, but none in the `halt` seconds after [`TROUBLE_AT`].
fn with_a_halt(secs: u64, halt: u64) -> Vec<u64> {
    let dark = TROUBLE_AT + 1..TROUBLE_AT + halt;
    every_slot(secs).into_iter().filter(|time| !dark.contains(time)).collect()
}

fn some_slots(secs: u64, part: f64, rng: &mut impl Rng) -> Vec<u64> {
    every_slot(secs).into_iter().filter(|_| rng.gen_bool(part)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_halt_is_one_gap_of_its_length() {
        let times = Scenario::Halt.trouble(1, 7_200, 1).times;
        let gaps: Vec<_> = times
            .windows(2)
            .map(|pair| pair[1] - pair[0])
            .filter(|gap| *gap != SLOT_SECS)
            .collect();
        assert_eq!(gaps, [600]);
        assert_eq!(times.last(), Some(&7_200));
    }

    #[test]
    fn about_half_of_the_blocks_are_missing() {
        let times = Scenario::HalfBlocks.trouble(1, 60_000, 1).times;
        assert!((4_800..5_200).contains(&times.len()), "{}", times.len());
        assert!(times.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn an_outage_takes_thirty_of_a_hundred() {
        for workers in [100, 1_000, 20_000] {
            let steady = Scenario::Outage.trouble(workers, 7_200, 1).traces.steady();
            assert_eq!(steady.iter().filter(|steady| !**steady).count() * 10, workers * 3);
        }
    }
}
