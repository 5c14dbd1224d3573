//! Replays scenarios: `replay FILE...` prints the outcome of each, one JSON a line; `replay --random SEED [N]` prints a scenario.

use khala_economics::replay::{random_scenario, replay};
use std::process::ExitCode;

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), String> {
    match arguments {
        [flag, seed, rest @ ..] if flag == "--random" => {
            let seed = seed.parse().map_err(|error| format!("SEED {seed}: {error}"))?;
            let events = rest.first().map_or(Ok(200), |n| n.parse()).map_err(|error| format!("N: {error}"))?;
            println!("{}", random_scenario(seed, events).map_err(|error| error.to_string())?);
        }
        [] => return Err("usage: replay FILE... | replay --random SEED [N]".to_owned()),
        files => {
            for file in files {
                let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
                let outcome = replay(&text).map_err(|error| format!("{file}: {error}"))?;
                println!("{}", serde_json::to_string(&outcome).map_err(|error| error.to_string())?);
            }
        }
    }
    Ok(())
}
