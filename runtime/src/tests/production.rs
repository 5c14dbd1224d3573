//! The production network refuses everything that the forge makes.

use super::{chain::preset, worker::documents};
use crate::{Runtime, RuntimeCall, RuntimeOrigin};
use frame_support::assert_ok;
use khala_attestation::{
    development,
    forge::{
        suite::{cases, controls},
        Pki, TcbClass,
    },
    verify, Error,
};
use khala_pallet_attestation::{AllowedMeasurement, AllowedMeasurements, Pallet, Refusal, Roles, TrustedRoots, Verification};
use khala_primitives::{EcdhPublicKey, Freshness, Instance, PRuntimeVersion, WorkerInfo, WorkerPublicKey};
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use sp_runtime::traits::Dispatchable;

const NOW_SECS: u64 = 1_790_000_000;

/// The production genesis at a moment at which the forge's certificates are valid.
fn production(test: impl FnOnce()) {
    preset("khala").execute_with(|| {
        pallet_timestamp::Now::<Runtime>::put(NOW_SECS * 1_000);
        test();
    });
}

#[test]
fn no_case_of_the_forge_verifies_under_its_roots() {
    production(|| {
        let roots = TrustedRoots::<Runtime>::get();
        let roots: Vec<&[u8]> = roots.iter().map(|root| root.certificate.as_slice()).collect();
        let all = cases().into_iter().chain(controls());
        let verified: Vec<_> = all
            .filter(|case| verify(&case.sample.quote, &case.sample.collateral, &roots, case.sample.at_secs).is_ok())
            .map(|case| case.name)
            .collect();
        assert_eq!(verified, Vec::<String>::new());
        // Good evidence fails for its root alone.
        let good = controls().remove(0).sample;
        let refused = verify(&good.quote, &good.collateral, &roots, good.at_secs);
        assert!(
            matches!(refused, Err(Error::UnknownIssuer { .. } | Error::Signature { .. })),
            "{refused:?}"
        );
        assert!(verify(&good.quote, &good.collateral, &[development::ROOT_DER], good.at_secs).is_ok());
    });
}

#[test]
fn no_document_of_the_forge_is_kept_and_no_evidence_of_it_registers() {
    production(|| {
        // Even if somebody let the development pRuntime run.
        let always = AllowedMeasurement {
            roles: Roles::WORKER,
            active_from_secs: 0,
            deprecated_from_secs: None,
        };
        AllowedMeasurements::<Runtime>::insert(development::measurement(), always);
        for document in documents() {
            let refused = RuntimeCall::from(document).dispatch(RuntimeOrigin::signed(Bob.to_account_id()));
            assert!(refused.is_err());
        }
        assert_eq!(Pallet::<Runtime>::collateral_status().documents, []);
        let info = info();
        let evidence = Pki::development()
            .platform(TcbClass::UpToDate, "production")
            .sgx(info.report_data());
        let refused = Pallet::<Runtime>::verify_evidence(&info, &evidence, Verification::Complete, NOW_SECS);
        assert!(matches!(refused, Err(Refusal::Missing(_))), "{refused:?}");
    });
    // The same is taken where the development root is trusted.
    preset("development").execute_with(|| {
        pallet_timestamp::Now::<Runtime>::put(NOW_SECS * 1_000);
        for document in documents() {
            assert_ok!(RuntimeCall::from(document).dispatch(RuntimeOrigin::signed(Bob.to_account_id())));
        }
    });
}

fn info() -> WorkerInfo {
    WorkerInfo {
        version: PRuntimeVersion {
            major: 1,
            minor: 0,
            patch: 0,
        },
        genesis_hash: Default::default(),
        identity_key: WorkerPublicKey([1; 32]),
        ecdh_key: EcdhPublicKey([2; 32]),
        operator: Alice.to_account_id(),
        instance: Instance([3; 16]),
        freshness: Freshness {
            number: 1,
            hash: Default::default(),
        },
        cores: 1,
        memory_mib: 1,
        features: 0,
    }
}
