//! Genesis values.

use super::mock::*;
use crate::{AllowedMeasurement, AllowedMeasurements, GenesisConfig, Parameters, Params, Policy, PolicyVersion, Roles, TrustedRoots};
use khala_attestation::{development, policy::AttestationPolicy};
use khala_primitives::MeasurementDigest;
use sp_runtime::BuildStorage;
use std::panic::catch_unwind;

fn starts_with(genesis: GenesisConfig<Test>) -> bool {
    catch_unwind(|| genesis.build_storage()).is_ok()
}

#[test]
fn genesis_values_are_stored_under_version_one() {
    on_chain(|| {
        assert_eq!(TrustedRoots::<Test>::get().into_inner(), [root_of(development::ROOT_DER, 0)]);
        assert_eq!(AllowedMeasurements::<Test>::get(development::measurement()), Some(ALWAYS));
        assert_eq!(Policy::<Test>::get(), policy());
        assert_eq!(Params::<Test>::get(), PARAMETERS);
        assert_eq!(PolicyVersion::<Test>::get(), 1);
    });
}

#[test]
fn a_chain_without_values_trusts_nobody() {
    let mut ext = sp_io::TestExternalities::default();
    ext.execute_with(|| {
        assert!(TrustedRoots::<Test>::get().is_empty());
        assert_eq!(AllowedMeasurements::<Test>::iter().count(), 0);
        assert!(!Policy::<Test>::get().accept_findings);
        assert_eq!(Params::<Test>::get(), Parameters::KHALA);
    });
}

#[test]
fn a_chain_starts_only_with_values_that_the_calls_would_take() {
    assert!(starts_with(genesis()));
    assert!(!starts_with(GenesisConfig {
        trusted_roots: vec![vec![1]],
        ..genesis()
    }));
    assert!(!starts_with(GenesisConfig {
        trusted_roots: vec![development::ROOT_DER.to_vec(); 2],
        ..genesis()
    }));
    let no_roles = AllowedMeasurement { roles: Roles(0), ..ALWAYS };
    assert!(!starts_with(GenesisConfig {
        allowed_measurements: vec![(MeasurementDigest([1; 32]), no_roles)],
        ..genesis()
    }));
    assert!(!starts_with(GenesisConfig {
        policy: AttestationPolicy::looking(),
        ..genesis()
    }));
    let without_numbers = AttestationPolicy {
        evaluation_numbers: None,
        ..policy()
    };
    assert!(!starts_with(GenesisConfig {
        policy: without_numbers,
        ..genesis()
    }));
}

#[test]
fn values_come_back_from_json() {
    let json = serde_json::to_string(&genesis()).unwrap();
    let read: GenesisConfig<Test> = serde_json::from_str(&json).unwrap();
    assert_eq!(read.trusted_roots, genesis().trusted_roots);
    assert_eq!(read.allowed_measurements, genesis().allowed_measurements);
    assert_eq!(read.policy, genesis().policy);
    assert_eq!(read.parameters, genesis().parameters);
    assert!(serde_json::from_str::<GenesisConfig<Test>>(&json.replace("loosening", "tightening")).is_err());
}
