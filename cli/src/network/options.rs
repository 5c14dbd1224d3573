//! What a network shall consist of.

use serde_json::Value;
use std::path::PathBuf;

/// How often the relayer of a local network asks for newer collateral, in seconds.
pub const COLLATERAL_EVERY_SECS: u64 = 60;

/// The state of a development platform's trusted computing base.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tcb {
    /// Confidence level 1.
    UpToDate,
    /// Confidence level 2.
    SwHardeningNeeded,
    /// Confidence level 4: the development root names an advisory that no preset allows.
    ConfigurationNeeded,
}

impl Tcb {
    /// In the order in which workers get them.
    pub const ALL: [Self; 3] = [Self::UpToDate, Self::SwHardeningNeeded, Self::ConfigurationNeeded];

    /// The pRuntime's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UpToDate => "up-to-date",
            Self::SwHardeningNeeded => "sw-hardening-needed",
            Self::ConfigurationNeeded => "configuration-needed",
        }
    }
}

/// A worker to start.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WorkerSpec {
    /// Its name, and the name of its folder.
    pub name: String,
    /// The state of its platform.
    pub tcb: Tcb,
    /// Which of the operators it belongs to: 0 or 1.
    pub operator: usize,
    /// Which build of the pRuntime it says it runs; the presets allow build 1.
    pub build: u32,
}

/// Which ports are used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ports {
    /// The usual ones; a free one where a usual one is taken.
    Usual,
    /// Free ones.
    Free,
}

/// Where everything is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Storage {
    /// Here; a second start continues.
    Kept(PathBuf),
    /// In a temporary folder that goes with the network.
    Ephemeral,
}

/// What a network shall consist of.
#[derive(Clone, Debug)]
pub struct Options {
    /// 1 to 4. One: preset `development`, slots of 1 s; more: preset `local_testnet`, slots of 2 s.
    pub validators: u8,
    /// The workers.
    pub workers: Vec<WorkerSpec>,
    /// Where everything is kept.
    pub storage: Storage,
    /// Which ports are used.
    pub ports: Ports,
    /// Merged into the preset's genesis; null for the preset as it is.
    pub genesis: Value,
    /// The relayer asks for newer collateral this often, in seconds.
    pub collateral_every_secs: u64,
}

impl Options {
    /// One validator, `workers` workers of all confidence levels in turn, nothing kept, free ports.
    pub fn ephemeral(workers: u8) -> Self {
        Self {
            validators: 1,
            workers: Self::workers(workers),
            storage: Storage::Ephemeral,
            ports: Ports::Free,
            genesis: Value::Null,
            collateral_every_secs: COLLATERAL_EVERY_SECS,
        }
    }

    /// `count` workers `worker-1`, `worker-2`, …: their states and operators alternate.
    pub fn workers(count: u8) -> Vec<WorkerSpec> {
        (0..usize::from(count))
            .zip(Tcb::ALL.into_iter().cycle())
            .map(|(index, tcb)| WorkerSpec {
                name: format!("worker-{}", index + 1),
                tcb,
                operator: index % 2,
                build: 1,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_workers_have_three_levels_and_two_operators() {
        let workers = Options::workers(3);
        assert_eq!(workers.iter().map(|worker| worker.tcb).collect::<Vec<_>>(), Tcb::ALL);
        assert_eq!(workers.iter().map(|worker| worker.operator).collect::<Vec<_>>(), [0, 1, 0]);
        assert_eq!(workers[2].name, "worker-3");
    }
}
