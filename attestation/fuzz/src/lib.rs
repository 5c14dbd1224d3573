//! Fuzz targets of the verifier. `docs/attestation-suite.md` says how to run them.

pub mod targets;

use std::{env, fs, path::PathBuf};
use targets::TARGETS;

/// The environment variable that names a folder for a target's seeds.
pub const SEEDS: &str = "KHALA_FUZZ_SEEDS";

/// Writes the seeds of a target where [`SEEDS`] says, before libFuzzer reads its corpus; without it, nothing.
///
/// # Panics
/// If there is no such target, or the folder cannot be written to.
pub fn write_seeds(name: &str) {
    let Some(folder) = env::var_os(SEEDS).map(PathBuf::from) else {
        return;
    };
    let target = TARGETS.iter().find(|target| target.name == name).expect("a target's name");
    fs::create_dir_all(&folder).expect("a folder for the seeds");
    for (number, seed) in (target.seeds)().iter().enumerate() {
        fs::write(folder.join(format!("seed-{number:03}")), seed).expect("a seed that can be written");
    }
}
