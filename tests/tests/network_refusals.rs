//! Evidence that is wrong in one way is refused by the chain, each with its own error, and leaves nothing behind.

use khala::network::{Network, Options};
use khala_attestation::forge::{Pki, TcbClass};
use khala_client::{calls, At, Call, Chain, Wait};
use khala_primitives::{status::RegistrationStatus, ConfidenceLevel, Evidence, TcbStatus, WorkerPublicKey, H256};
use khala_tests::forged::{documents, failure, Registration};

/// A network without workers, and somebody who may register some.
async fn chain_alone() -> Network {
    let network = Network::start(&Options::ephemeral(0)).await.unwrap();
    network.set_up().await.unwrap();
    network
}

/// Changes a good registration, sends it, and expects this error and no worker.
async fn refused(network: &Network, error: &str, change: impl FnOnce(&mut Registration)) {
    let (chain, operator) = (network.chain(), network.cast().operator(0));
    let mut registration = Registration::new(chain, operator.id(), 100).await.unwrap();
    change(&mut registration);
    assert_eq!(failure(registration.send(chain, operator).await), error);
    assert!(
        !registration.is_registered(chain).await.unwrap(),
        "{error}, but the worker is registered"
    );
}

/// As above, with evidence that is changed.
async fn evidence_refused(network: &Network, error: &str, evidence: impl FnOnce(&Registration) -> Evidence) {
    let (chain, operator) = (network.chain(), network.cast().operator(0));
    let registration = Registration::new(chain, operator.id(), 100).await.unwrap();
    let evidence = evidence(&registration);
    assert_eq!(failure(registration.send_with(chain, operator, &evidence).await), error);
    assert!(
        !registration.is_registered(chain).await.unwrap(),
        "{error}, but the worker is registered"
    );
}

#[tokio::test]
async fn wrong_evidence_is_refused_each_with_its_own_error_and_good_evidence_is_taken() {
    let network = chain_alone().await;
    collateral_comes_first(&network).await;
    wrong_worker_info(&network).await;
    wrong_evidence(&network).await;
    wrong_sender(&network).await;
    good_evidence_and_its_replay(&network).await;
}

/// Nobody registers before the chain has the platform's collateral, which anybody may bring for free; what is wrong with it is
/// said.
async fn collateral_comes_first(network: &Network) {
    let (chain, cast) = (network.chain(), network.cast());
    let now = khala::units::now_secs();
    let pki = Pki::development();
    let send = |document: Call| async move { chain.submit(&cast.delegator, &document, Wait::InBlock).await };
    let [untrusted, invalid] = ["Attestation::UntrustedRoot", "Attestation::InvalidCollateral"];
    let wrong = [
        // A root's list has no certificate beside it: somebody else's is not signed by whom it should be.
        (
            [invalid, untrusted, untrusted, untrusted],
            Pki::stranger("somebody else").collateral(now),
        ),
        (["Attestation::CollateralExpired"; 4], pki.collateral(now - 40 * 86_400)),
        (["Attestation::NotYetValid"; 4], pki.collateral(now + 86_400)),
    ];
    for (errors, collateral) in wrong {
        for (error, document) in errors.into_iter().zip(documents(&collateral).unwrap()) {
            assert_eq!(failure(send(document).await), error);
        }
    }
    let mut tampered = pki.collateral(now);
    tampered.tcb_info_signature[0] ^= 1;
    tampered.qe_identity = tampered.qe_identity.replace("UpToDate", "OutOfDate");
    let [_, _, tcb_info, qe_identity] = documents(&tampered).unwrap();
    assert_eq!(failure(send(tcb_info).await), "Attestation::InvalidCollateral");
    assert_eq!(failure(send(qe_identity).await), "Attestation::InvalidCollateral");

    // Each registration fails for the document that is missing, until all are there.
    let missing = [
        "Attestation::NoPckCrl",
        "Attestation::NoPckCrl",
        "Attestation::NoTcbInfo",
        "Attestation::NoQeIdentity",
    ];
    let before = chain.balance(cast.delegator.id(), At::Best).await.unwrap().free;
    let good = pki.collateral(now);
    for (error, document) in missing.into_iter().zip(documents(&good).unwrap()) {
        refused(network, error, |_| ()).await;
        send(document).await.unwrap();
    }
    assert_eq!(chain.balance(cast.delegator.id(), At::Best).await.unwrap().free, before);
    for document in documents(&good).unwrap() {
        assert_eq!(failure(send(document).await), "Attestation::CollateralKnown");
    }
    assert_eq!(chain.collateral(At::Best).await.unwrap().documents.len(), 4);
}

async fn wrong_worker_info(network: &Network) {
    refused(network, "Registry::ForeignGenesis", |it| {
        it.info.genesis_hash = H256::repeat_byte(1)
    })
    .await;
    refused(network, "Registry::FreshnessUnknownBlock", |it| {
        it.info.freshness.hash = H256::repeat_byte(1)
    })
    .await;
    refused(network, "Registry::FreshnessInFuture", |it| it.info.freshness.number += 1_000_000).await;
    refused(network, "Registry::InvalidResources", |it| it.info.cores = 0).await;
}

async fn wrong_evidence(network: &Network) {
    // Tampered WorkerInfo: the quote is about another key.
    evidence_refused(network, "Attestation::InfoMismatch", |it| {
        let mut other = it.clone();
        other.info.identity_key = WorkerPublicKey([101; 32]);
        other.evidence()
    })
    .await;
    // Wrong measurement: genuine, but another program.
    evidence_refused(network, "Attestation::MeasurementNotAllowed", |it| {
        let mut draft = it.draft();
        draft.sgx_report().unwrap().mr_enclave[0] ^= 1;
        Evidence::Sgx { quote: draft.sign() }
    })
    .await;
    // Tampered quote: a byte of the signed report is changed behind the signature.
    evidence_refused(network, "Attestation::TamperedQuote", |it| {
        let mut quote = it.draft().sign();
        quote[100] ^= 1;
        Evidence::Sgx { quote }
    })
    .await;
    evidence_refused(network, "Attestation::MalformedQuote", |it| {
        let mut quote = it.draft().sign();
        quote.truncate(200);
        Evidence::Sgx { quote }
    })
    .await;
    evidence_refused(network, "Attestation::OtherTee", |it| Evidence::Tdx { quote: it.draft().sign() }).await;
    evidence_refused(network, "Attestation::DebugOn", |it| {
        let mut draft = it.draft();
        draft.sgx_report().unwrap().attributes[0] |= 2;
        Evidence::Sgx { quote: draft.sign() }
    })
    .await;
    evidence_refused(network, "Attestation::NotForRegistration", |it| {
        let mut draft = it.draft();
        draft.sgx_report().unwrap().config_id[0] = 1;
        Evidence::Sgx { quote: draft.sign() }
    })
    .await;
    // Wrong root: everything fits together, below a root that nobody trusts, so that nobody can bring its lists.
    refused(network, "Attestation::NoPckCrl", |it| it.pki = Pki::stranger("somebody else")).await;
    refused(network, "Attestation::TcbRevoked", |it| it.class = TcbClass::Revoked).await;
}

async fn wrong_sender(network: &Network) {
    let (chain, cast) = (network.chain(), network.cast());
    let registration = Registration::new(chain, cast.operator(0).id(), 100).await.unwrap();
    assert_eq!(
        failure(registration.send(chain, cast.operator(1)).await),
        "Registry::NotOperatorOrRegistrar"
    );
    assert!(!registration.is_registered(chain).await.unwrap());
}

async fn good_evidence_and_its_replay(network: &Network) {
    let (chain, cast) = (network.chain(), network.cast());
    // The registrar may register, and gets the fee back.
    let before = chain.balance(cast.registrar.id(), At::Best).await.unwrap().free;
    let mut first = Registration::new(chain, cast.operator(0).id(), 1).await.unwrap();
    first.class = TcbClass::SWHardeningNeeded;
    first.send(chain, &cast.registrar).await.unwrap();
    assert_eq!(chain.balance(cast.registrar.id(), At::Best).await.unwrap().free, before);
    let status = registration_of(chain, &first).await;
    assert_eq!(
        (status.tcb_status, status.confidence_level),
        (TcbStatus::SWHardeningNeeded, ConfidenceLevel::Two)
    );
    assert_eq!(status.instance, first.info.instance);

    // A newer run takes over; the older evidence never brings the older run back.
    let mut second = newer(chain, &first).await;
    second.info.instance.0[0] ^= 1;
    second.send(chain, &cast.registrar).await.unwrap();
    assert_eq!(failure(first.send(chain, &cast.registrar).await), "Registry::EvidenceReplayed");
    let mut third = newer(chain, &second).await;
    third.info.ecdh_key.0[0] ^= 1;
    assert_eq!(failure(third.send(chain, &cast.registrar).await), "Registry::EcdhKeyChanged");
    let mut stolen = newer(chain, &second).await;
    stolen.info.operator = cast.operator(1).id().clone();
    assert_eq!(failure(stolen.send(chain, cast.operator(1)).await), "Registry::OperatorDiffers");
    let status = registration_of(chain, &first).await;
    assert_eq!(
        (status.instance, status.operator),
        (second.info.instance, cast.operator(0).id().clone())
    );

    // Nobody but its operator puts it into a pool, and not before it is measured and staked right.
    let add = calls::stake_pool::add_worker(1_000, first.info.identity_key);
    assert_eq!(
        failure(chain.submit(cast.operator(0), &add, Wait::InBlock).await),
        "StakePool::PoolNotFound"
    );
}

/// What the chain knows of a registered worker.
async fn registration_of(chain: &Chain, registration: &Registration) -> RegistrationStatus {
    let status = chain.worker_status(registration.info.identity_key, At::Best).await.unwrap();
    status.registration.unwrap()
}

/// The same worker with a newer block in its WorkerInfo.
async fn newer(chain: &Chain, registration: &Registration) -> Registration {
    use khala::network::wait::{until, Seen};
    let mut newer = registration.clone();
    let recent = until("a newer final block", std::time::Duration::from_secs(60), || async {
        let now = chain.finalized().await?;
        Ok(if now.number > registration.info.freshness.number {
            Seen::Now(now)
        } else {
            Seen::NotYet(format!("block {}", now.number))
        })
    })
    .await
    .unwrap();
    newer.info.freshness = khala_primitives::Freshness {
        number: recent.number,
        hash: recent.hash,
    };
    newer
}
