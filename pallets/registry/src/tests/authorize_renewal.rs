//! The proof that stands for a renewal's fee, and its cheap checks, the signature last.

use super::mock::*;
use crate::Call;
use frame_support::{
    assert_noop, assert_ok,
    dispatch::{DispatchClass, GetDispatchInfo},
    traits::Authorize,
};
use khala_primitives::{EcdhPublicKey, Evidence, Freshness, Instance, PRuntimeVersion, Renewal, WorkerInfo, WorkerSignature, H256};
use sp_runtime::{
    transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidityError, ValidTransaction},
    DispatchError,
};

const JUNK: WorkerSignature = WorkerSignature([0; 64]);

fn authorize((info, evidence, signature): (WorkerInfo, Evidence, WorkerSignature)) -> Result<ValidTransaction, TransactionValidityError> {
    let call = Call::<Test>::renew_worker { info, evidence, signature };
    call.authorize(TransactionSource::External).unwrap().map(|(valid, _unspent)| valid)
}

fn refused(reason: InvalidTransaction) -> Result<ValidTransaction, TransactionValidityError> {
    Err(reason.into())
}

/// A registered worker that may renew from this block on.
fn registered(name: &str) -> Worker {
    let worker = Worker::new(name);
    assert_ok!(worker.register());
    go_to_block(System::block_number() + 1);
    worker
}

fn named(number: u32) -> Freshness {
    Freshness {
        number,
        hash: hash_of_block(number),
    }
}

/// `change` refuses the renewal for `reason`, before the signature is looked at.
fn refused_before_the_signature(change: impl Fn(&mut WorkerInfo), reason: InvalidTransaction) {
    on_chain(|| {
        let worker = registered("Worker");
        let mut info = worker.info();
        change(&mut info);
        let (info, evidence, signature) = worker.renewal(info);
        assert_eq!(authorize((info.clone(), evidence.clone(), signature)), refused(reason));
        assert_eq!(authorize((info, evidence, JUNK)), refused(reason));
        assert_ok!(authorize(worker.renewal(worker.info())));
    });
}

#[test]
fn a_signed_renewal_is_authorised() {
    on_chain(|| {
        let worker = registered("Worker");
        let (info, evidence, signature) = worker.renewal(worker.info());
        for source in [TransactionSource::External, TransactionSource::Local, TransactionSource::InBlock] {
            let call = Call::<Test>::renew_worker {
                info: info.clone(),
                evidence: evidence.clone(),
                signature,
            };
            let (valid, _) = call.authorize(source).unwrap().unwrap();
            assert!(valid.propagate && valid.requires.is_empty());
            assert_eq!(valid.priority, 1 << 57);
        }
    });
}

#[test]
fn evidence_longer_than_any_genuine_one_is_refused_before_it_is_hashed() {
    on_chain(|| {
        let worker = registered("Worker");
        for (length, good) in [
            (Evidence::MAX_QUOTE - 1, true),
            (Evidence::MAX_QUOTE, true),
            (Evidence::MAX_QUOTE + 1, false),
        ] {
            let info = worker.info();
            let evidence = Evidence::Sgx { quote: vec![0; length] };
            let signature = worker.sign_renewal(&info, &evidence);
            assert_eq!(authorize((info, evidence, signature)).is_ok(), good, "{length}");
        }
    });
}

#[test]
fn the_evidence_is_not_looked_at() {
    on_chain(|| {
        let worker = registered("Worker");
        let info = worker.info();
        let evidence = Evidence::Tdx { quote: Vec::new() };
        let signature = worker.sign_renewal(&info, &evidence);
        assert_ok!(authorize((info, evidence, signature)));
    });
}

#[test]
fn the_call_is_operational_and_dispatched_only_when_authorised() {
    on_chain(|| {
        let worker = registered("Worker");
        let (info, evidence, signature) = worker.renewal(worker.info());
        let call = Call::<Test>::renew_worker {
            info: info.clone(),
            evidence: evidence.clone(),
            signature,
        };
        assert_eq!(call.get_dispatch_info().class, DispatchClass::Operational);
        for origin in [RuntimeOrigin::signed(operator()), RuntimeOrigin::none(), RuntimeOrigin::root()] {
            assert_noop!(
                Registry::renew_worker(origin, info.clone(), evidence.clone(), signature),
                DispatchError::BadOrigin
            );
        }
    });
}

#[test]
fn renewals_of_a_worker_with_the_same_freshness_exclude_each_other() {
    on_chain(|| {
        let [first, second] = ["First", "Second"].map(|name| {
            let worker = Worker::new(name);
            assert_ok!(worker.register());
            worker
        });
        pass_secs(10);
        let tags = |worker: &Worker, number, instance| {
            let info = WorkerInfo {
                freshness: named(number),
                instance: Instance([instance; 16]),
                ..worker.info()
            };
            authorize(worker.renewal(info)).unwrap().provides
        };
        let newest = System::block_number() - 1;
        let tag = tags(&first, newest, 1);
        assert_eq!(tag.len(), 1);
        assert_eq!(tag, tags(&first, newest, 2));
        assert_ne!(tag, tags(&first, newest - 1, 1));
        assert_ne!(tag, tags(&second, newest, 1));
    });
}

#[test]
fn a_renewal_lives_as_long_as_its_freshness() {
    let window = PARAMETERS.freshness_blocks;
    for (age, longevity) in [(1, window - 1), (window - 1, 1), (window, 1)] {
        on_chain(|| {
            let worker = registered("Worker");
            go_to_block(FIRST_BLOCK + 2 * window);
            let info = WorkerInfo {
                freshness: named(System::block_number() - age),
                ..worker.info()
            };
            assert_eq!(authorize(worker.renewal(info)).unwrap().longevity, u64::from(longevity), "{age}");
        });
    }
}

#[test]
fn another_signature_is_refused() {
    on_chain(|| {
        let worker = registered("Worker");
        let (info, evidence, signature) = worker.renewal(worker.info());
        let bad_proof = refused(InvalidTransaction::BadProof);
        let with = |info: &WorkerInfo, evidence: &Evidence, signature| authorize((info.clone(), evidence.clone(), signature));
        assert_eq!(with(&info, &evidence, JUNK), bad_proof);
        let mut flipped = signature;
        flipped.0[0] ^= 1;
        assert_eq!(with(&info, &evidence, flipped), bad_proof);
        let by_another = Worker::new("Another").sign_renewal(&info, &evidence);
        assert_eq!(with(&info, &evidence, by_another), bad_proof);
        let renewal = Renewal::new(worker.key(), &evidence, info.freshness);
        let for_another_chain = worker.sign(&renewal.message(&H256::repeat_byte(1)));
        assert_eq!(with(&info, &evidence, for_another_chain), bad_proof);
        assert_ok!(with(&info, &evidence, signature));
    });
}

#[test]
fn the_signature_is_for_this_evidence_and_this_freshness() {
    on_chain(|| {
        let worker = registered("Worker");
        pass_secs(10);
        let (info, evidence, signature) = worker.renewal(worker.info());
        let bad_proof = refused(InvalidTransaction::BadProof);
        let Evidence::Sgx { mut quote } = evidence.clone() else {
            panic!("SGX")
        };
        quote[0] ^= 1;
        assert_eq!(
            authorize((info.clone(), Evidence::Sgx { quote: quote.clone() }, signature)),
            bad_proof
        );
        quote[0] ^= 1;
        assert_eq!(authorize((info.clone(), Evidence::Tdx { quote }, signature)), bad_proof);
        let older = WorkerInfo {
            freshness: named(info.freshness.number - 1),
            ..info.clone()
        };
        assert_eq!(authorize((older, evidence.clone(), signature)), bad_proof);
        assert_ok!(authorize((info, evidence, signature)));
    });
}

#[test]
fn an_unknown_worker_is_refused() {
    on_chain(|| {
        let unknown = Worker::new("Unknown");
        let (info, evidence, signature) = unknown.renewal(unknown.info());
        assert_eq!(authorize((info, evidence, signature)), refused(InvalidTransaction::Stale));
    });
}

#[test]
fn info_that_is_not_the_same_workers_or_not_newer_is_refused() {
    let stale = InvalidTransaction::Stale;
    refused_before_the_signature(|info| info.operator = other_operator(), stale);
    refused_before_the_signature(|info| info.ecdh_key = EcdhPublicKey([9; 32]), stale);
    refused_before_the_signature(|info| info.freshness = named(FIRST_BLOCK - 1), stale);
    refused_before_the_signature(|info| info.freshness = named(FIRST_BLOCK - 2), stale);
}

#[test]
fn info_that_nobody_could_register_with_is_refused() {
    let stale = InvalidTransaction::Stale;
    refused_before_the_signature(|info| info.genesis_hash = H256::repeat_byte(9), stale);
    refused_before_the_signature(
        |info| {
            info.version = PRuntimeVersion {
                major: 0,
                minor: 0,
                patch: 0,
            }
        },
        stale,
    );
    refused_before_the_signature(|info| info.instance = Instance([0; 16]), stale);
    refused_before_the_signature(|info| info.cores = 0, stale);
    refused_before_the_signature(|info| info.memory_mib = 0, stale);
    refused_before_the_signature(|info| info.freshness.hash = H256::repeat_byte(0xf0), stale);
    refused_before_the_signature(|info| info.freshness = named(FIRST_BLOCK + 1), InvalidTransaction::Future);
    refused_before_the_signature(|info| info.freshness = named(u32::MAX), InvalidTransaction::Future);
}

#[test]
fn evidence_is_fresh_for_so_many_blocks_and_no_longer() {
    let window = PARAMETERS.freshness_blocks;
    for (age, good) in [(window - 1, true), (window, true), (window + 1, false)] {
        on_chain(|| {
            let worker = registered("Worker");
            go_to_block(FIRST_BLOCK + 2 * window);
            let info = WorkerInfo {
                freshness: named(System::block_number() - age),
                ..worker.info()
            };
            let authorized = authorize(worker.renewal(info));
            if good {
                assert_ok!(authorized);
            } else {
                assert_eq!(authorized, refused(InvalidTransaction::Stale));
            }
        });
    }
}

#[test]
fn a_worker_without_renewals_left_is_refused_before_its_signature_is_looked_at() {
    on_chain(|| {
        let worker = registered("Worker");
        for left in (0..PARAMETERS.renewal_tokens).rev() {
            assert_ok!(authorize(worker.renewal(worker.info())));
            assert_ok!(worker.renew());
            assert_eq!(worker.state().renewals.left, left);
            go_to_block(System::block_number() + 1);
        }
        let (info, evidence, signature) = worker.renewal(worker.info());
        let none_left = refused(InvalidTransaction::Stale);
        assert_eq!(authorize((info.clone(), evidence.clone(), signature)), none_left);
        assert_eq!(authorize((info, evidence, JUNK)), none_left);
        pass_secs(PARAMETERS.renewal_token_secs);
        assert_ok!(authorize(worker.renewal(worker.info())));
    });
}

#[test]
fn a_renewal_that_was_refused_is_not_authorised_again() {
    on_chain(|| {
        let worker = registered("Worker");
        pass_secs(10);
        let info = worker.info();
        let evidence = Evidence::Sgx { quote: Vec::new() };
        let refused_one = (info.clone(), evidence.clone(), worker.sign_renewal(&info, &evidence));
        assert_ok!(authorize(refused_one.clone()));
        assert_ok!(renew_with(info.clone(), evidence, JUNK));
        assert_eq!(authorize(refused_one.clone()), refused(InvalidTransaction::Stale));
        go_to_block(System::block_number() + 1);
        assert_eq!(authorize(refused_one), refused(InvalidTransaction::Stale));
        // Nor anything as old or older, but what is newer.
        for (number, good) in [
            (info.freshness.number - 1, false),
            (info.freshness.number, false),
            (info.freshness.number + 1, true),
        ] {
            let other = WorkerInfo {
                freshness: named(number),
                instance: Instance([5; 16]),
                ..info.clone()
            };
            assert_eq!(authorize(worker.renewal(other)).is_ok(), good, "{number}");
        }
    });
}

#[test]
fn a_renewal_that_was_done_is_not_authorised_again() {
    on_chain(|| {
        let worker = registered("Worker");
        let renewal = worker.renewal(worker.info());
        assert_ok!(authorize(renewal.clone()));
        let (info, evidence, signature) = renewal.clone();
        assert_ok!(renew_with(info, evidence, signature));
        assert_eq!(authorize(renewal), refused(InvalidTransaction::Stale));
    });
}
