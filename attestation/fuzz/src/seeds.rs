//! Writes the seeds of a fuzz target into a folder: `seeds TARGET FOLDER`.

use khala_attestation_fuzz::targets::TARGETS;
use std::{env, fs, io, path::Path, process::ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [name, folder] = arguments.as_slice() else {
        eprintln!("error: two arguments are needed: the target and the folder for its seeds");
        return ExitCode::FAILURE;
    };
    let Some(target) = TARGETS.iter().find(|target| target.name == name) else {
        let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
        eprintln!("error: there is no target {name}; there are {}", names.join(", "));
        return ExitCode::FAILURE;
    };
    match write(Path::new(folder), &(target.seeds)()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: the seeds cannot be written to {folder}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write(folder: &Path, seeds: &[Vec<u8>]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for (number, seed) in seeds.iter().enumerate() {
        fs::write(folder.join(format!("seed-{number:03}")), seed)?;
    }
    Ok(())
}
