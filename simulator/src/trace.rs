//! Availability traces: when each worker is away. They are drawn before a run and do not depend on it.

use rand::Rng;

/// A time in which a worker is away, in seconds since the run began.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Absence {
    /// The first second in which it is away.
    pub from: u64,
    /// The second in which it is back; `u64::MAX` if it never is.
    pub until: u64,
}

/// A worker vanishes, or is back.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Change {
    /// When, in seconds since the run began.
    pub at: u64,
    /// Which worker.
    pub worker: u32,
    /// Whether it is there from then on.
    pub there: bool,
}

/// When every worker is away.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Traces {
    absences: Vec<Vec<Absence>>,
}

impl Traces {
    /// Nobody is ever away.
    pub fn always_there(workers: usize) -> Self {
        Self {
            absences: vec![Vec::new(); workers],
        }
    }

    /// Every worker goes and comes by itself: it stays for `there_secs` in the mean and is away for `away_secs` in the mean, both
    /// exponentially distributed. Every second worker is reliable: it never goes.
    pub fn independent(workers: usize, there_secs: f64, away_secs: f64, until: u64, rng: &mut impl Rng) -> Self {
        let absences = (0..workers)
            .map(|worker| {
                if worker % 2 == 0 {
                    Vec::new()
                } else {
                    come_and_go(there_secs, away_secs, until, rng)
                }
            })
            .collect();
        Self { absences }
    }

    /// So many of a hundred groups of `group` workers each vanish at once and come back at once.
    pub fn outage(workers: usize, group: usize, percent: u32, absence: Absence, rng: &mut impl Rng) -> Self {
        let groups = workers.div_ceil(group.max(1));
        let hit = rand::seq::index::sample(rng, groups, groups * percent.min(100) as usize / 100);
        let mut traces = Self::always_there(workers);
        for first in hit.iter().map(|index| index * group) {
            let members = traces.absences.iter_mut().skip(first).take(group);
            members.for_each(|absences| absences.push(absence));
        }
        traces
    }

    /// All comings and goings, in the order of time.
    pub fn changes(&self) -> Vec<Change> {
        let mut changes: Vec<_> = (0u32..)
            .zip(&self.absences)
            .flat_map(|(worker, absences)| {
                absences
                    .iter()
                    .flat_map(move |absence| [(absence.from, false), (absence.until, true)].map(|(at, there)| Change { at, worker, there }))
            })
            .collect();
        changes.sort_unstable();
        changes
    }

    /// Of each worker: for how many seconds before `end` it is away.
    pub fn away_secs(&self, end: u64) -> Vec<u64> {
        let away = |absence: &Absence| absence.until.min(end).saturating_sub(absence.from);
        self.absences.iter().map(|absences| absences.iter().map(away).sum()).collect()
    }

    /// When the first worker vanishes.
    pub fn first(&self) -> Option<u64> {
        self.absences.iter().flatten().map(|absence| absence.from).min()
    }

    /// Of each worker: is it always there?
    pub fn steady(&self) -> Vec<bool> {
        self.absences.iter().map(Vec::is_empty).collect()
    }
}

fn come_and_go(there_secs: f64, away_secs: f64, until: u64, rng: &mut impl Rng) -> Vec<Absence> {
    let mut absences = Vec::new();
    let mut at = 0;
    loop {
        let from = at + exponential(there_secs, rng);
        if from >= until {
            return absences;
        }
        at = from + exponential(away_secs, rng);
        absences.push(Absence { from, until: at });
    }
}

/// At least one second.
fn exponential(mean_secs: f64, rng: &mut impl Rng) -> u64 {
    let uniform: f64 = rng.gen();
    (-(1.0 - uniform).ln() * mean_secs).ceil().max(1.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{rngs::StdRng, SeedableRng};

    const DAY: u64 = 86_400;

    #[test]
    fn absences_are_in_order_and_do_not_touch() {
        let traces = Traces::independent(100, 3_600.0, 600.0, DAY, &mut StdRng::seed_from_u64(1));
        for absences in &traces.absences {
            assert!(absences.iter().all(|absence| absence.from < absence.until && absence.from < DAY));
            assert!(absences.windows(2).all(|pair| pair[0].until < pair[1].from));
        }
    }

    #[test]
    fn absences_have_the_wanted_mean_length_and_number() {
        let traces = Traces::independent(2_000, 3_600.0, 600.0, DAY, &mut StdRng::seed_from_u64(2));
        let all: Vec<_> = traces.absences.iter().flatten().collect();
        let mean = all.iter().map(|absence| (absence.until - absence.from) as f64).sum::<f64>() / all.len() as f64;
        assert!((580.0..620.0).contains(&mean), "{mean}");
        let each = all.len() as f64 / 1_000.0;
        let wanted = DAY as f64 / 4_200.0;
        assert!((each / wanted - 1.0).abs() < 0.02, "{each} of {wanted}");
    }

    #[test]
    fn every_second_worker_is_reliable() {
        let steady = Traces::independent(100, 60.0, 60.0, DAY, &mut StdRng::seed_from_u64(3)).steady();
        assert!((0..100).all(|worker| steady[worker] == (worker % 2 == 0)));
    }

    #[test]
    fn an_outage_takes_whole_groups_of_the_wanted_share() {
        let absence = Absence { from: 10, until: 20 };
        let traces = Traces::outage(1_000, 10, 30, absence, &mut StdRng::seed_from_u64(4));
        let steady = traces.steady();
        assert_eq!(steady.iter().filter(|steady| !**steady).count(), 300);
        assert!(steady.chunks(10).all(|group| group.iter().all(|steady| *steady == group[0])));
    }

    #[test]
    fn absences_are_added_up_to_the_end() {
        let absence = Absence { from: 10, until: 20 };
        let traces = Traces::outage(2, 1, 50, absence, &mut StdRng::seed_from_u64(4));
        let sums = [0, 10, 15, 20, 30].map(|end| traces.away_secs(end).iter().sum::<u64>());
        assert_eq!(sums, [0, 0, 5, 10, 10]);
        assert_eq!(traces.first(), Some(10));
    }

    #[test]
    fn changes_come_in_the_order_of_time() {
        let changes = Traces::independent(10, 600.0, 600.0, DAY, &mut StdRng::seed_from_u64(5)).changes();
        assert!(changes.windows(2).all(|pair| pair[0].at <= pair[1].at));
        let gone = changes.iter().filter(|change| !change.there).count();
        assert_eq!(gone * 2, changes.len());
    }

    #[test]
    fn the_same_seed_draws_the_same_traces() {
        let draw = |seed| Traces::independent(50, 600.0, 600.0, DAY, &mut StdRng::seed_from_u64(seed));
        assert_eq!(draw(6), draw(6));
        assert_ne!(draw(6), draw(7));
    }
}
