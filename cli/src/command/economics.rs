//! `khala economics`: the chain's formulas, with the production network's parameters.

use crate::{
    args::Stake,
    failure::{Exit, Failure},
    output::{self, Output},
    units,
};
use khala_economics::{replay, stake, EconomicsError, Parameters, Pha, Score};
use khala_primitives::{bytes::decimal, status::Fixed18, Balance, ConfidenceLevel, PHA};
use serde::Serialize;
use std::path::Path;

/// `khala economics replay SCENARIO.json`: what every worker of the scenario is paid, as JSON.
pub fn replay(scenario: &Path) -> Result<Exit, Failure> {
    let unusable = |why: &str, reason: String| Failure::usage(format!("the scenario {} cannot be {why}: {reason}", scenario.display()));
    let text = std::fs::read_to_string(scenario).map_err(|error| unusable("read", error.to_string()))?;
    let outcome = replay::replay(&text).map_err(|error| unusable("replayed", error.to_string()))?;
    output::print_lines([outcome.to_string()])?;
    Ok(Exit::Done)
}

/// Bounds of a stake, in planck, and the value V_e that it buys, with 18 decimals.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Bounds {
    #[serde(with = "decimal")]
    minimal_stake: Balance,
    #[serde(with = "decimal")]
    maximal_stake: Balance,
    #[serde(with = "decimal")]
    stake: Balance,
    #[serde(with = "decimal")]
    initial_value: Fixed18,
}

/// `khala economics stake --score P --level LEVEL [--stake PHA]`.
pub fn stake(args: &Stake, output: Output) -> Result<Exit, Failure> {
    let level = ConfidenceLevel::try_from(args.level).map_err(Failure::usage)?;
    let bounds = bounds(args.score, level, args.stake).map_err(|error| Failure::usage(error.to_string()))?;
    match output {
        Output::Json => output::print_json(&bounds)?,
        Output::Table => output::print_lines([
            format!("minimal stake  {} PHA", units::pha(bounds.minimal_stake, 9)),
            format!("maximal stake  {} PHA", units::pha(bounds.maximal_stake, 9)),
            format!("stake          {} PHA", units::pha(bounds.stake, 9)),
            format!("initial value  {}", units::fixed18(bounds.initial_value, 9)),
        ])?,
    }
    Ok(Exit::Done)
}

fn bounds(score: u32, level: ConfidenceLevel, stake_pha: Option<u64>) -> Result<Bounds, EconomicsError> {
    let (parameters, score) = (Parameters::khala(), Score::from_points(score));
    let minimal = stake::minimal(&parameters, score)?;
    let given = stake_pha
        .map(|pha| Pha::from_planck(Balance::from(pha).saturating_mul(PHA)).ok_or(EconomicsError::Overflow))
        .transpose()?;
    let stake = given.unwrap_or(minimal);
    Ok(Bounds {
        minimal_stake: minimal.planck(),
        maximal_stake: stake::maximal(&parameters, score, level)?.planck(),
        stake: stake.planck(),
        initial_value: stake::initial_value(&parameters, stake, score, level)?.to_fixed18(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn bounds_are_those_of_the_design() {
        // design/mining.md, Vectors: P 450, level 4.
        let bounds = bounds(450, ConfidenceLevel::Four, None).unwrap();
        assert_eq!(units::pha(bounds.minimal_stake, 6), "1,060.660171");
        assert_eq!(units::pha(bounds.maximal_stake, 6), "21,293.571428");
        assert_eq!(units::fixed18(bounds.initial_value, 6), "1,673.924240");
    }

    #[test]
    fn a_scenario_that_cannot_be_used_is_unusable() {
        assert_eq!(replay(Path::new("/nonexistent/scenario.json")).unwrap_err().exit, Exit::Usage);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("scenario.json");
        fs::write(&path, r#"{"events": [{"t": 0, "type": "dance", "worker": "a"}]}"#).unwrap();
        let failure = replay(&path).unwrap_err();
        assert!(failure.exit == Exit::Usage && failure.message.contains("event 0"), "{failure}");
    }
}
