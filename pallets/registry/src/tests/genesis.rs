//! Genesis values.

use super::mock::*;
use crate::{GenesisConfig, Parameters, Params};
use khala_primitives::PHA;
use sp_runtime::BuildStorage;
use std::panic::catch_unwind;

fn starts_with(parameters: Parameters) -> bool {
    catch_unwind(|| {
        GenesisConfig::<Test> {
            parameters,
            ..Default::default()
        }
        .build_storage()
    })
    .is_ok()
}

#[test]
fn the_production_values_are_those_of_the_design() {
    let design = Parameters {
        lease_secs: 604_800,
        freshness_blocks: 100,
        benchmark_secs: 60,
        max_platform_score: 20_000,
        workers_per_platform: 1,
        worker_deposit: PHA,
        renewal_tokens: 4,
        renewal_token_secs: 900,
        rebind_secs: 86_400,
        rebind_elsewhere_secs: 604_800,
        removal_secs: 2_592_000,
    };
    assert_eq!(Parameters::KHALA, design);
    assert_eq!(
        GenesisConfig::<Test>::default().parameters,
        design,
        "a chain without values is held to these"
    );
    let mut empty = sp_io::TestExternalities::default();
    empty.execute_with(|| assert_eq!(Params::<Test>::get(), design));
}

#[test]
fn the_local_values_are_those_of_the_design() {
    let design = Parameters {
        lease_secs: 600,
        freshness_blocks: 300,
        benchmark_secs: 6,
        workers_per_platform: 8,
        renewal_tokens: 10,
        renewal_token_secs: 10,
        rebind_secs: 60,
        rebind_elsewhere_secs: 300,
        removal_secs: 3_600,
        ..Parameters::KHALA
    };
    assert_eq!(Parameters::LOCAL, design);
}

#[test]
fn a_chain_starts_only_with_values_that_let_workers_register() {
    assert!(starts_with(PARAMETERS));
    let zeros: [fn(&mut Parameters); 11] = [
        |parameters| parameters.lease_secs = 0,
        |parameters| parameters.freshness_blocks = 0,
        |parameters| parameters.benchmark_secs = 0,
        |parameters| parameters.max_platform_score = 0,
        |parameters| parameters.workers_per_platform = 0,
        |parameters| parameters.worker_deposit = 0,
        |parameters| parameters.renewal_tokens = 0,
        |parameters| parameters.renewal_token_secs = 0,
        |parameters| parameters.rebind_secs = 0,
        |parameters| parameters.rebind_elsewhere_secs = 0,
        |parameters| parameters.removal_secs = 0,
    ];
    for zero in zeros {
        let mut parameters = PARAMETERS;
        zero(&mut parameters);
        assert!(!starts_with(parameters), "{parameters:?}");
    }
}

#[test]
fn freshness_reaches_as_far_back_as_the_chain_knows_hashes_and_no_further() {
    let known = BlockHashCount::get();
    for (freshness_blocks, good) in [(known - 1, true), (known, true), (known + 1, false)] {
        assert_eq!(
            starts_with(Parameters {
                freshness_blocks,
                ..PARAMETERS
            }),
            good,
            "{freshness_blocks}"
        );
    }
}

#[test]
fn values_come_back_from_json_and_unknown_ones_are_refused() {
    let json = serde_json::to_string(&PARAMETERS).unwrap();
    assert_eq!(serde_json::from_str::<Parameters>(&json).unwrap(), PARAMETERS);
    assert!(serde_json::from_str::<Parameters>(&json.replace("leaseSecs", "leaseSeconds")).is_err());
}
