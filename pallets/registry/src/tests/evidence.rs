//! Refused evidence reaches the caller as the attestation pallet's error, and leaves nothing behind.

use super::mock::*;
use frame_support::{assert_noop, assert_ok};
use khala_attestation::{development, roots};
use khala_pallet_attestation::{Error, RootCertificate};
use khala_primitives::{AccountId32, Evidence, WorkerInfo};

type AttestationError = Error<Test>;

/// Registers with what `change` makes of evidence that would be good.
fn refused(change: impl FnOnce(&mut WorkerInfo, &mut Evidence), error: AttestationError) {
    on_chain(|| {
        let worker = Worker::new("Worker");
        let mut info = worker.info();
        let mut evidence = worker.evidence(&info);
        change(&mut info, &mut evidence);
        assert_noop!(Registry::register_worker(RuntimeOrigin::signed(operator()), info, evidence), error);
    });
}

#[test]
fn info_that_was_changed_after_the_quote_was_made_is_refused() {
    refused(|info, _| info.cores += 1, Error::InfoMismatch);
    refused(|info, _| info.instance.0[0] ^= 1, Error::InfoMismatch);
}

#[test]
fn a_quote_cannot_be_taken_over_by_another_operator() {
    on_chain(|| {
        let worker = Worker::new("Worker");
        let info = worker.info();
        let evidence = worker.evidence(&info);
        let stolen = WorkerInfo {
            operator: stranger(),
            ..info
        };
        let signer: AccountId32 = stranger();
        assert_noop!(
            Registry::register_worker(RuntimeOrigin::signed(signer), stolen, evidence),
            AttestationError::InfoMismatch
        );
    });
}

#[test]
fn a_quote_that_was_changed_is_refused() {
    refused(
        |_, evidence| {
            let (Evidence::Sgx { quote } | Evidence::Tdx { quote }) = evidence;
            quote[100] ^= 1;
        },
        Error::TamperedQuote,
    );
}

#[test]
fn evidence_below_another_root_is_refused() {
    on_chain(|| {
        let worker = Worker::new("Worker");
        let intel = RootCertificate::try_from(roots::INTEL.to_vec()).unwrap();
        assert_ok!(Attestation::add_trusted_root(RuntimeOrigin::root(), intel));
        let development_root = khala_primitives::H256(sp_io::hashing::blake2_256(development::ROOT_DER));
        assert_ok!(Attestation::remove_trusted_root(RuntimeOrigin::root(), development_root));
        let info = worker.info();
        let evidence = worker.evidence(&info);
        assert_noop!(
            Registry::register_worker(RuntimeOrigin::signed(operator()), info, evidence),
            AttestationError::UntrustedRoot
        );
    });
}

#[test]
fn code_that_is_no_longer_allowed_is_refused() {
    on_chain(|| {
        let worker = Worker::new("Worker");
        assert_ok!(Attestation::deprecate_measurement(
            RuntimeOrigin::root(),
            development::measurement(),
            now_secs()
        ));
        let info = worker.info();
        let evidence = worker.evidence(&info);
        assert_noop!(
            Registry::register_worker(RuntimeOrigin::signed(operator()), info, evidence),
            AttestationError::MeasurementDeprecated
        );
    });
}
