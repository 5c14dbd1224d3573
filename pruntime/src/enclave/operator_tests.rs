//! Permissions of all kinds, and what is left after each.

use super::*;
use crate::{enclave::Grant, seal::file, tee::fake::FakeTee, tee::TeeError};
use khala_primitives::{OperatorChange, H256};
use std::sync::{atomic::Ordering, Arc};

const GENESIS: H256 = H256::repeat_byte(1);

fn account(name: &str) -> (sr25519::Pair, AccountId32) {
    let pair = sr25519::Pair::from_string(&format!("//{name}"), None).unwrap();
    let account = AccountId32::new(pair.public().0);
    (pair, account)
}

fn start(tee: FakeTee, sealed: Option<&[u8]>) -> Enclave {
    let opened = sealed.map(|sealed| file::read(&tee, sealed).unwrap());
    Enclave::start(Arc::new(tee), Grant { cores: 1, memory_mib: 64 }, opened).unwrap()
}

/// A worker of this operator.
fn worker_of(operator: &AccountId32) -> Enclave {
    let mut enclave = start(FakeTee::new(1), None);
    let draft = enclave.prepare(GENESIS, operator).unwrap().unwrap();
    enclave.commit(draft);
    enclave
}

fn permission(enclave: &Enclave, operator: &AccountId32, change: u32) -> OperatorChange {
    OperatorChange {
        worker: enclave.operator().unwrap().worker,
        operator: operator.clone(),
        change,
    }
}

fn sign(pair: &sr25519::Pair, message: &[u8]) -> OperatorSignature {
    OperatorSignature(pair.sign(message).0)
}

/// Hands the worker over; the sealed file.
fn change(enclave: &mut Enclave, from: &sr25519::Pair, to: &AccountId32, number: u32) -> Result<Vec<u8>, EnclaveError> {
    let signature = sign(from, &permission(enclave, to, number).message(&GENESIS));
    let draft = enclave.prepare_operator_change(to, &signature)?.expect("another operator");
    let sealed = draft.sealed().to_vec();
    enclave.commit_operator_change(draft);
    Ok(sealed)
}

/// What it says when `signature` is to hand it over to Bob; it is as before.
fn refusal(enclave: &Enclave, signature: &OperatorSignature) -> EnclaveError {
    let before = enclave.operator().unwrap();
    let error = enclave.prepare_operator_change(&account("Bob").1, signature).err().unwrap();
    assert_eq!(enclave.operator().unwrap(), before);
    error
}

#[test]
fn the_operator_hands_the_worker_over_plainly_or_in_a_wallet() {
    let ((alice, alices), (_, bobs)) = (account("Alice"), account("Bob"));
    for wrapped in [false, true] {
        let mut enclave = worker_of(&alices);
        let permission = permission(&enclave, &bobs, 0);
        let message = if wrapped {
            permission.wrapped_message(&GENESIS)
        } else {
            permission.message(&GENESIS)
        };
        let draft = enclave.prepare_operator_change(&bobs, &sign(&alice, &message)).unwrap().unwrap();
        assert_eq!(enclave.operator().unwrap().operator, alices, "nothing changes before it is stored");
        enclave.commit_operator_change(draft);
        let now = enclave.operator().unwrap();
        assert_eq!((now.worker, now.operator, now.changes), (permission.worker, bobs.clone(), 1));
    }
}

#[test]
fn the_change_is_sealed_with_the_same_keys() {
    let ((alice, alices), (bob, bobs)) = (account("Alice"), account("Bob"));
    let mut enclave = worker_of(&alices);
    let sealed = change(&mut enclave, &alice, &bobs, 0).unwrap();
    let mut again = start(FakeTee::restarted(1, 2), Some(&sealed));
    assert_eq!(again.operator().unwrap(), enclave.operator().unwrap());
    assert_eq!(again.public_identity(), enclave.public_identity());
    change(&mut again, &bob, &alices, 1).unwrap();
    assert_eq!(again.operator().unwrap().changes, 2);
}

#[test]
fn worker_info_names_the_new_operator_and_the_old_one_is_refused() {
    let ((alice, alices), (_, bobs)) = (account("Alice"), account("Bob"));
    let mut enclave = worker_of(&alices);
    change(&mut enclave, &alice, &bobs, 0).unwrap();
    assert!(enclave.prepare(GENESIS, &bobs).unwrap().is_none());
    assert!(matches!(
        enclave.prepare(GENESIS, &alices),
        Err(EnclaveError::OtherOperator { fixed, .. }) if fixed == bobs
    ));
}

#[test]
fn a_fresh_worker_has_no_operator_to_change() {
    let enclave = start(FakeTee::new(1), None);
    let change = enclave.prepare_operator_change(&account("Bob").1, &OperatorSignature([0; 64]));
    assert!(matches!(change, Err(EnclaveError::Fresh)));
}

#[test]
fn a_signature_of_anybody_else_is_refused() {
    let (_, alices) = account("Alice");
    let enclave = worker_of(&alices);
    let message = permission(&enclave, &account("Bob").1, 0).message(&GENESIS);
    // The new operator, a stranger, and nobody.
    for signature in [
        sign(&account("Bob").0, &message),
        sign(&account("Eve").0, &message),
        OperatorSignature([0; 64]),
    ] {
        let error = refusal(&enclave, &signature);
        assert!(
            matches!(&error, EnclaveError::OperatorSignature { operator, next: 0, .. } if *operator == alices),
            "{error}"
        );
    }
}

#[test]
fn a_permission_for_another_worker_is_refused() {
    let (alice, alices) = account("Alice");
    let enclave = worker_of(&alices);
    let mut permission = permission(&enclave, &account("Bob").1, 0);
    permission.worker.0[0] ^= 1;
    let error = refusal(&enclave, &sign(&alice, &permission.message(&GENESIS)));
    let own = enclave.operator().unwrap().worker;
    assert!(
        matches!(&error, EnclaveError::OperatorSignature { worker, .. } if *worker == own),
        "{error}"
    );
    assert!(error.to_string().contains(&format!("of worker {own}")), "{error}");
}

#[test]
fn a_permission_for_another_operator_or_chain_is_refused() {
    let (alice, alices) = account("Alice");
    let enclave = worker_of(&alices);
    let for_carol = permission(&enclave, &account("Carol").1, 0).message(&GENESIS);
    let elsewhere = permission(&enclave, &account("Bob").1, 0).message(&H256::zero());
    for message in [for_carol, elsewhere] {
        assert!(matches!(
            refusal(&enclave, &sign(&alice, &message)),
            EnclaveError::OperatorSignature { .. }
        ));
    }
}

#[test]
fn every_changed_byte_of_a_signature_is_refused() {
    let (alice, alices) = account("Alice");
    let enclave = worker_of(&alices);
    let signature = sign(&alice, &permission(&enclave, &account("Bob").1, 0).message(&GENESIS));
    for at in 0..64 {
        let mut changed = signature;
        changed.0[at] ^= 1;
        assert!(
            matches!(refusal(&enclave, &changed), EnclaveError::OperatorSignature { .. }),
            "byte {at}"
        );
    }
}

#[test]
fn a_number_that_is_not_the_next_one_is_named() {
    let ((alice, alices), (bob, bobs)) = (account("Alice"), account("Bob"));
    let mut enclave = worker_of(&alices);
    let early = sign(&alice, &permission(&enclave, &bobs, 2).wrapped_message(&GENESIS));
    assert!(matches!(
        refusal(&enclave, &early),
        EnclaveError::OperatorChangeNumber { signed: 2, next: 0 }
    ));
    let used = sign(&alice, &permission(&enclave, &bobs, 0).message(&GENESIS));
    change(&mut enclave, &alice, &bobs, 0).unwrap();
    change(&mut enclave, &bob, &alices, 1).unwrap();
    let error = refusal(&enclave, &used);
    assert!(
        matches!(error, EnclaveError::OperatorChangeNumber { signed: 0, next: 2 }),
        "{error}"
    );
    assert!(error.to_string().contains("sign again with change 2"), "{error}");
    // What was early is in its turn now.
    assert!(enclave.prepare_operator_change(&bobs, &early).unwrap().is_some());
}

#[test]
fn a_number_far_away_is_a_wrong_signature() {
    let (alice, alices) = account("Alice");
    let enclave = worker_of(&alices);
    for (number, known) in [
        (NUMBERS_NEARBY - 1, true),
        (NUMBERS_NEARBY, true),
        (NUMBERS_NEARBY + 1, false),
        (u32::MAX, false),
    ] {
        let error = refusal(
            &enclave,
            &sign(&alice, &permission(&enclave, &account("Bob").1, number).message(&GENESIS)),
        );
        match error {
            EnclaveError::OperatorChangeNumber { signed, .. } => assert!(known && signed == number),
            EnclaveError::OperatorSignature { .. } => assert!(!known, "{number}"),
            other => panic!("{other}"),
        }
    }
}

#[test]
fn who_asks_again_gets_the_same_answer() {
    let ((alice, alices), (_, bobs)) = (account("Alice"), account("Bob"));
    let mut enclave = worker_of(&alices);
    let signature = sign(&alice, &permission(&enclave, &bobs, 0).message(&GENESIS));
    change(&mut enclave, &alice, &bobs, 0).unwrap();
    assert!(enclave.prepare_operator_change(&bobs, &signature).unwrap().is_none());
    assert_eq!(enclave.operator().unwrap().changes, 1);
}

#[test]
fn of_two_drafts_the_first_committed_counts() {
    let ((alice, alices), (_, bobs), (_, carols)) = (account("Alice"), account("Bob"), account("Carol"));
    let mut enclave = worker_of(&alices);
    let draft = |enclave: &Enclave, to: &AccountId32| {
        let signature = sign(&alice, &permission(enclave, to, 0).message(&GENESIS));
        enclave.prepare_operator_change(to, &signature).unwrap().unwrap()
    };
    let (first, second) = (draft(&enclave, &bobs), draft(&enclave, &carols));
    enclave.commit_operator_change(first);
    enclave.commit_operator_change(second);
    let now = enclave.operator().unwrap();
    assert_eq!((now.operator, now.changes), (bobs, 1));
}

#[test]
fn the_last_change_of_all_is_the_last() {
    let ((alice, alices), (bob, bobs)) = (account("Alice"), account("Bob"));
    let keys = worker_of(&alices);
    let State::Initialised(identity) = &keys.state else { panic!() };
    let secret = identity.to_secret_of(&alices, u32::MAX - 1);
    let sealed = file::write(&FakeTee::new(1), &secret).unwrap();
    let mut enclave = start(FakeTee::new(1), Some(&sealed));
    change(&mut enclave, &alice, &bobs, u32::MAX - 1).unwrap();
    assert_eq!(enclave.operator().unwrap().changes, u32::MAX);
    let error = change(&mut enclave, &bob, &alices, u32::MAX).unwrap_err();
    assert!(matches!(error, EnclaveError::OperatorChanges), "{error}");
}

#[test]
fn a_worker_sealed_before_operators_could_change_begins_with_number_0() {
    let ((alice, alices), (_, bobs)) = (account("Alice"), account("Bob"));
    let old = worker_of(&alices);
    let State::Initialised(identity) = &old.state else { panic!() };
    let sealed = file::write_older(&FakeTee::new(1), 1, &identity.to_secret()[..128]);
    let mut enclave = start(FakeTee::new(1), Some(&sealed));
    assert_eq!(enclave.public_identity(), old.public_identity());
    assert_eq!(enclave.operator().unwrap().changes, 0);
    change(&mut enclave, &alice, &bobs, 0).unwrap();
}

#[test]
fn a_failing_seal_changes_nothing() {
    let ((alice, alices), (_, bobs)) = (account("Alice"), account("Bob"));
    let tee = Arc::new(FakeTee::new(1));
    let mut enclave = Enclave::start(tee.clone(), Grant { cores: 1, memory_mib: 64 }, None).unwrap();
    let draft = enclave.prepare(GENESIS, &alices).unwrap().unwrap();
    enclave.commit(draft);
    tee.fail_seal.store(true, Ordering::Relaxed);
    let error = change(&mut enclave, &alice, &bobs, 0).unwrap_err();
    assert!(matches!(error, EnclaveError::Tee(TeeError::Seal(_))), "{error}");
    assert_eq!(enclave.operator().unwrap().operator, alices);
}
