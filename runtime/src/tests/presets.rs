//! The presets are valid, hold the numbers of the design, and production trusts nobody that everybody knows.

use super::chain::{block, genesis, patch, preset};
use crate::{
    config::{
        currency::{TreasuryAccount, EXISTENTIAL_DEPOSIT},
        workers::SubsidyAccount,
    },
    presets, Babe, Balances, Grandpa, Runtime, Session,
};
use khala_attestation::{development, policy::AttestationPolicy, roots};
use khala_pallet_attestation::{AllowedMeasurements, Policy, TrustedRoots};
use khala_pallet_mining::{Economics, Mining};
use khala_pallet_registry::Params;
use khala_primitives::PHA;
use serde_json::json;
use sp_keyring::Sr25519Keyring;

/// Why a genesis is refused.
fn refusal(config: serde_json::Value) -> String {
    genesis(config).err().unwrap_or_default()
}

fn trusted_roots() -> Vec<Vec<u8>> {
    TrustedRoots::<Runtime>::get()
        .into_iter()
        .map(|root| root.certificate.into_inner())
        .collect()
}

#[test]
fn every_preset_is_listed_and_nothing_else_is_served() {
    assert_eq!(presets::names(), ["development", "local_testnet", "khala"]);
    assert!(presets::names().iter().all(|name| presets::get(name).is_some()));
    assert!(presets::get(&"mainnet".to_string()).is_none());
}

#[test]
fn local_networks_have_their_validators_and_alice_governs() {
    for (name, validators) in [("development", 1), ("local_testnet", 4)] {
        preset(name).execute_with(|| {
            assert_eq!(Babe::authorities().len(), validators, "{name}");
            assert_eq!(Grandpa::grandpa_authorities().len(), validators, "{name}");
            assert_eq!(Session::validators().len(), validators, "{name}");
            assert_eq!(pallet_sudo::Key::<Runtime>::get(), Some(Sr25519Keyring::Alice.to_account_id()));
            assert!(Balances::free_balance(Sr25519Keyring::FerdieStash.to_account_id()) > 0);
            assert_eq!(Balances::free_balance(TreasuryAccount::get()), EXISTENTIAL_DEPOSIT);
        });
    }
}

#[test]
fn production_has_no_validators_no_sudo_and_no_well_known_account() {
    preset("khala").execute_with(|| {
        assert!(Babe::authorities().is_empty());
        assert!(Session::validators().is_empty());
        assert_eq!(pallet_sudo::Key::<Runtime>::get(), None);
        for name in Sr25519Keyring::iter() {
            assert_eq!(Balances::free_balance(name.to_account_id()), 0, "{name:?}");
        }
    });
    let text = patch("khala").to_string();
    for name in Sr25519Keyring::iter() {
        assert!(!text.contains(&hex::encode(name.to_raw_public())), "{name:?}");
        assert!(!text.contains(&name.to_account_id().to_string()), "{name:?}");
    }
}

#[test]
fn production_makes_blocks_with_the_validators_of_a_patch() {
    let mut config = patch("khala");
    config["session"] = json!({ "keys": patch("development")["session"]["keys"] });
    genesis(config).expect("valid").execute_with(|| {
        assert_eq!(Babe::authorities().len(), 1);
        block(1, 100);
        block(2, 101);
    });
}

#[test]
fn a_genesis_with_an_unknown_field_is_refused_with_its_name() {
    let mut config = patch("development");
    config["network"]["slotSeconds"] = json!(1);
    let error = refusal(config);
    assert!(error.contains("slotSeconds"), "{error}");
}

/// `design/mining.md`, the table of constants, column khala; the rows that this runtime has.
#[test]
fn production_holds_the_constants_of_the_design() {
    preset("khala").execute_with(|| {
        let mining = Mining::<Runtime>::get();
        assert_eq!((mining.heartbeat_window, mining.report_window), (20, 100));
        assert_eq!((mining.challenges_per_hour, mining.max_heartbeats_per_block), (12, 2_000));
        assert_eq!(mining.cool_down_secs, 7 * 86_400);
        assert_eq!(
            (mining.credited_cap_secs, mining.decaying_cap_secs, mining.halt_gap_secs),
            (600, 60, 60)
        );
        let registry = Params::<Runtime>::get();
        assert_eq!((registry.freshness_blocks, registry.lease_secs), (100, 7 * 86_400));
        assert_eq!(
            (registry.benchmark_secs, registry.max_platform_score, registry.workers_per_platform),
            (60, 20_000, 1)
        );
        assert_eq!(registry.worker_deposit, PHA);
        let economics = Economics::<Runtime>::get();
        assert_eq!(economics.max_unseen_secs, 86_400);
        assert_eq!(economics.share_floor, khala_economics::Fixed::from_millionths(5_000_000_000_000));
        assert_eq!(crate::config::workers::POOL_DEPOSIT, 10 * PHA);
    });
}

/// The same table, column local.
#[test]
fn local_networks_hold_the_constants_of_the_design() {
    for name in ["development", "local_testnet"] {
        preset(name).execute_with(|| {
            let mining = Mining::<Runtime>::get();
            assert_eq!((mining.heartbeat_window, mining.report_window), (20, 100), "{name}");
            assert_eq!((mining.challenges_per_hour, mining.max_heartbeats_per_block), (360, 2_000));
            assert_eq!(mining.cool_down_secs, 120);
            assert_eq!(
                (mining.credited_cap_secs, mining.decaying_cap_secs, mining.halt_gap_secs),
                (600, 60, 60)
            );
            let registry = Params::<Runtime>::get();
            assert_eq!((registry.freshness_blocks, registry.lease_secs), (300, 600));
            assert_eq!(
                (registry.benchmark_secs, registry.max_platform_score, registry.workers_per_platform),
                (6, 20_000, 8)
            );
            assert_eq!(registry.worker_deposit, PHA);
            let economics = Economics::<Runtime>::get();
            assert_eq!(
                (economics.max_unseen_secs, economics.share_floor),
                (600, khala_economics::Fixed::ZERO)
            );
        });
    }
}

/// One row of the table is the same everywhere.
#[test]
fn every_preset_has_the_economics_of_the_design() {
    use khala_economics::{Fixed, HumanParameters, Q96};
    let design = HumanParameters::khala().parameters().expect("valid");
    for name in presets::names() {
        preset(&name).execute_with(|| {
            let economics = Economics::<Runtime>::get();
            let local = khala_economics::Parameters {
                share_floor: design.share_floor,
                max_unseen_secs: design.max_unseen_secs,
                ..economics
            };
            assert_eq!(local, design, "{name}");
            assert_eq!(
                (economics.v_max, economics.treasury_ratio),
                (Q96::from_whole(30_000), Fixed::from_millionths(200_000))
            );
        });
    }
}

#[test]
fn production_trusts_exactly_intels_root_and_no_code_yet() {
    preset("khala").execute_with(|| {
        assert_eq!(trusted_roots(), [roots::INTEL.to_vec()]);
        assert_eq!(AllowedMeasurements::<Runtime>::iter().count(), 0);
        assert_eq!(Policy::<Runtime>::get(), AttestationPolicy::default_for_chain());
    });
}

#[test]
fn local_networks_trust_the_development_root_alone() {
    for name in ["development", "local_testnet"] {
        preset(name).execute_with(|| {
            assert_eq!(trusted_roots(), [development::ROOT_DER.to_vec()], "{name}");
            for measurement in [development::measurement(), development::td_measurement()] {
                assert!(AllowedMeasurements::<Runtime>::contains_key(measurement));
            }
        });
    }
}

#[test]
fn the_subsidy_of_production_is_what_the_budget_ever_pays() {
    preset("khala").execute_with(|| {
        let economics = Economics::<Runtime>::get();
        let almost_for_ever = 100 * economics.halving_secs;
        let ever = khala_economics::budget::issued_until(&economics, almost_for_ever)
            .expect("in range")
            .planck();
        let subsidy = Balances::free_balance(SubsidyAccount::get());
        assert!(ever <= subsidy && subsidy - ever < PHA, "{ever} of {subsidy}");
    });
}

#[test]
fn a_genesis_without_subsidy_or_treasury_is_refused_by_name() {
    for (name, account) in [("subsidy", SubsidyAccount::get()), ("treasury", TreasuryAccount::get())] {
        let mut config = patch("development");
        let balances = config["balances"]["balances"].as_array_mut().expect("a list");
        balances.retain(|entry| entry[0] != json!(account.to_string()) && entry[0] != json!(account));
        let error = refusal(config);
        assert!(error.contains(&format!("the {name} account")), "{error}");
    }
}

#[test]
fn a_subsidy_of_exactly_the_existential_deposit_is_a_genesis() {
    let with = |planck| {
        let mut config = patch("development");
        config["balances"]["balances"] = json!([[SubsidyAccount::get(), planck], [TreasuryAccount::get(), EXISTENTIAL_DEPOSIT]]);
        genesis(config)
    };
    assert!(with(EXISTENTIAL_DEPOSIT).is_ok());
    assert!(with(EXISTENTIAL_DEPOSIT + 1).is_ok());
}
