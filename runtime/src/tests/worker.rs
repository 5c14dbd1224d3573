//! A worker's life through the whole runtime, in transactions as a relayer and an owner send them.

use super::chain::{close, general, open, pool, preset, signed};
use crate::{
    config::workers::SubsidyAccount, khala_api::runtime_decl_for_khala_api::KhalaApi, network, Balances, Block, Executive, Mining, Runtime,
    RuntimeCall, System, UncheckedExtrinsic,
};
use codec::Encode;
use khala_attestation::{
    development,
    forge::{Pki, TcbClass},
};
use khala_pallet_attestation::{AllowedMeasurement, Roles};
use khala_primitives::{
    status::{Absence, Reason, SessionState, SessionStatus, WorkerStatus},
    BenchmarkResult, BlockNumber, EcdhPublicKey, Evidence, Freshness, Heartbeat, Instance, PRuntimeVersion, Renewal, SignedHeartbeat,
    WorkerInfo, WorkerPublicKey, WorkerSignature, PHA,
};
use sp_core::{sr25519, Pair};
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use sp_runtime::{transaction_validity::InvalidTransaction, Permill};

/// Slot of block 0: a day in 2026, on which the development collateral is made.
const START_SLOT: u64 = 1_790_000_000;
/// Score that the worker asks for, in iterations of six seconds.
const SCORE: u64 = 1_000;
const STAKE: u128 = 10_000 * PHA;

/// A chain that makes a block per slot.
struct Chain {
    number: BlockNumber,
}

impl Chain {
    /// The next block, with these transactions; each must be valid and succeed.
    fn block(&mut self, transactions: impl IntoIterator<Item = UncheckedExtrinsic>) {
        self.open();
        for transaction in transactions {
            Executive::apply_extrinsic(transaction).expect("valid").expect("succeeds");
        }
        close();
    }

    /// A few blocks, in which somebody brings the collateral of SGX machines.
    /// Bringing them costs nothing, as the chain needs them.
    fn with_collateral() -> Self {
        let before = Balances::free_balance(Bob.to_account_id());
        let mut chain = Self { number: 0 };
        chain.block([]);
        for document in documents() {
            chain.block([signed(Bob, document)]);
        }
        assert_eq!(Balances::free_balance(Bob.to_account_id()), before);
        chain
    }

    fn blocks(&mut self, count: u32) {
        (0..count).for_each(|_| self.block([]));
    }

    fn open(&mut self) {
        self.number += 1;
        open(self.number, START_SLOT + u64::from(self.number));
    }

    /// Runs blocks until one asks the worker something that it may answer.
    fn until_hit(&mut self, worker: &Worker) -> BlockNumber {
        loop {
            self.blocks(1);
            let asked = Mining::challenge_of(self.number).is_some_and(|challenge| challenge.hits(&worker.key()));
            if asked && self.number >= worker.session().answerable_from {
                return self.number;
            }
        }
    }
}

/// The development collateral as of now, in calls.
pub(super) fn documents() -> [khala_pallet_attestation::Call<Runtime>; 4] {
    use khala_pallet_attestation::Call;
    let collateral = Pki::development().collateral(pallet_timestamp::Now::<Runtime>::get() / 1_000);
    let bytes = |text: &str| text.as_bytes().to_vec();
    [
        Call::upsert_root_crl {
            crl: collateral.root_ca_crl.try_into().unwrap(),
        },
        Call::upsert_pck_crl {
            issuer_chain: bytes(&collateral.pck_crl_issuer_chain).try_into().unwrap(),
            crl: collateral.pck_crl.try_into().unwrap(),
        },
        Call::upsert_tcb_info {
            issuer_chain: bytes(&collateral.tcb_info_issuer_chain).try_into().unwrap(),
            tcb_info: bytes(&collateral.tcb_info).try_into().unwrap(),
            signature: collateral.tcb_info_signature.try_into().unwrap(),
        },
        Call::upsert_qe_identity {
            issuer_chain: bytes(&collateral.qe_identity_issuer_chain).try_into().unwrap(),
            qe_identity: bytes(&collateral.qe_identity).try_into().unwrap(),
            signature: collateral.qe_identity_signature.try_into().unwrap(),
        },
    ]
}

struct Worker {
    pair: sr25519::Pair,
}

impl Worker {
    fn new() -> Self {
        Self {
            pair: sr25519::Pair::from_seed(&[42; 32]),
        }
    }

    fn key(&self) -> WorkerPublicKey {
        WorkerPublicKey(self.pair.public().0)
    }

    fn sign(&self, message: &[u8]) -> WorkerSignature {
        WorkerSignature(self.pair.sign(message).0)
    }

    /// Registration as of the newest block but one, whose hash the runtime knows.
    fn register(&self) -> UncheckedExtrinsic {
        let (info, evidence) = self.evidence("runtime-test");
        signed(Alice, khala_pallet_registry::Call::register_worker { info, evidence })
    }

    /// Renewal as of the newest block but one, with evidence of a machine.
    fn renew(&self, machine: &str) -> UncheckedExtrinsic {
        let (info, evidence) = self.evidence(machine);
        let renewal = Renewal::new(self.key(), &evidence, info.freshness);
        let signature = self.sign(&renewal.message(&System::block_hash(0)));
        general(khala_pallet_registry::Call::renew_worker { info, evidence, signature })
    }

    fn evidence(&self, machine: &str) -> (WorkerInfo, Evidence) {
        let number = System::block_number() - 1;
        let info = WorkerInfo {
            version: PRuntimeVersion {
                major: 0,
                minor: 1,
                patch: 0,
            },
            genesis_hash: System::block_hash(0),
            identity_key: self.key(),
            ecdh_key: EcdhPublicKey([3; 32]),
            operator: Alice.to_account_id(),
            instance: Instance([1; 16]),
            freshness: Freshness {
                number,
                hash: System::block_hash(number),
            },
            cores: 4,
            memory_mib: 4_096,
            features: 0,
        };
        let pki = Pki::development();
        let evidence = pki.platform(TcbClass::UpToDate, machine).sgx(info.report_data());
        (info, evidence)
    }

    /// The answer to the open benchmark, if the worker has just worked for it.
    fn benchmark(&self) -> UncheckedExtrinsic {
        let request = self
            .status()
            .registration
            .and_then(|registration| registration.benchmark)
            .expect("asked for");
        let elapsed_slots = u64::from(System::block_number() - request.block);
        // The chain takes a slot off: the time until the worker can know that it is asked.
        let iterations = SCORE * elapsed_slots * network::SlotMs::<Runtime>::get() / 6_000;
        let result = BenchmarkResult {
            worker: self.key(),
            block: request.block,
            iterations,
        };
        let signature = self.sign(&result.message(&System::block_hash(0)));
        general(khala_pallet_registry::Call::benchmark_result { result, signature })
    }

    fn heartbeat(&self, block: BlockNumber) -> UncheckedExtrinsic {
        let heartbeat = Heartbeat {
            worker: self.key(),
            session_id: self.session().id,
            instance: Instance([1; 16]),
            block,
            seed: Mining::challenge_of(block).expect("in the ring").seed,
            iterations: SCORE,
            elapsed_ms: 6_000,
        };
        let signature = self.sign(&heartbeat.message(&System::block_hash(0)));
        heartbeats(vec![SignedHeartbeat { heartbeat, signature }])
    }

    fn status(&self) -> WorkerStatus {
        <Runtime as KhalaApi<Block>>::worker_status(self.key())
    }

    fn session(&self) -> SessionStatus {
        self.status().session.expect("in a pool")
    }
}

fn heartbeats(batch: Vec<SignedHeartbeat>) -> UncheckedExtrinsic {
    general(khala_pallet_mining::Call::heartbeat {
        batch: batch.try_into().expect("a batch fits"),
    })
}

fn sudo(call: impl Into<RuntimeCall>) -> UncheckedExtrinsic {
    signed(
        Alice,
        pallet_sudo::Call::sudo {
            call: Box::new(call.into()),
        },
    )
}

/// A chain with one worker that mines in pool 0 of Alice, to which Bob has delegated.
fn with_mining_worker(test: impl FnOnce(&mut Chain, &Worker)) {
    preset("development").execute_with(|| {
        let (mut chain, worker) = (Chain::with_collateral(), Worker::new());
        chain.block([worker.register()]);
        chain.blocks(6);
        chain.block([worker.benchmark()]);
        chain.block([signed(
            Alice,
            khala_pallet_stake_pool::Call::create_pool {
                commission: Permill::from_percent(10),
                max_commission: Permill::one(),
                cap: None,
            },
        )]);
        chain.block([
            signed(
                Bob,
                khala_pallet_stake_pool::Call::delegate {
                    pool: 0,
                    amount: STAKE,
                    min_shares: 0,
                },
            ),
            signed(
                Alice,
                khala_pallet_stake_pool::Call::add_worker {
                    pool: 0,
                    worker: worker.key(),
                },
            ),
        ]);
        chain.block([signed(
            Alice,
            khala_pallet_stake_pool::Call::start_worker {
                worker: worker.key(),
                stake: STAKE,
            },
        )]);
        assert_eq!(worker.session().state, SessionState::Idle);
        test(&mut chain, &worker);
    });
}

#[test]
fn a_registration_gives_its_fee_back_and_asks_for_a_benchmark() {
    preset("development").execute_with(|| {
        let (mut chain, worker) = (Chain::with_collateral(), Worker::new());
        let before = Balances::free_balance(Alice.to_account_id());
        let registration = worker.register();
        assert!(registration.encoded_size() <= 6 * 1024, "{} bytes", registration.encoded_size());
        chain.block([registration]);
        // The deposit is held, the fee is back.
        assert_eq!(before - Balances::free_balance(Alice.to_account_id()), PHA);
        let registration = worker.status().registration.expect("registered");
        assert_eq!(
            registration.benchmark.map(|benchmark| (benchmark.block, benchmark.secs)),
            Some((chain.number, 6))
        );
        assert_eq!(worker.status().explanation.reason, Reason::NotInPool);
        assert_eq!(<Runtime as KhalaApi<Block>>::network_status().workers, 1);
    });
}

#[test]
fn a_worker_that_answers_is_paid_out_of_the_subsidy() {
    with_mining_worker(|chain, worker| {
        assert_eq!(worker.status().explanation.reason, Reason::Idle);
        let subsidy = Balances::free_balance(SubsidyAccount::get());
        let block = chain.until_hit(worker);
        let answer = worker.heartbeat(block);
        let validity = pool(answer.clone()).expect("valid in the pool");
        assert_eq!((validity.provides.len(), validity.requires.len(), validity.propagate), (1, 0, true));
        chain.block([answer]);

        let session = worker.session();
        assert_eq!(
            (session.heartbeats, session.answered, session.last_payout_block),
            (1, block, block + 1)
        );
        assert!(session.paid > 0);
        let network = <Runtime as KhalaApi<Block>>::network_status();
        assert_eq!(network.paid, session.paid);
        assert_eq!(
            subsidy - network.subsidy,
            network.paid + network.treasury_part,
            "what left the subsidy was paid"
        );
        let delegation = <Runtime as KhalaApi<Block>>::delegation(0, Bob.to_account_id());
        assert!(delegation.value > STAKE, "the delegator has more than before");
    });
}

#[test]
fn an_answer_counts_once_and_a_forged_one_never() {
    with_mining_worker(|chain, worker| {
        let block = chain.until_hit(worker);
        let answer = worker.heartbeat(block);
        let forged = {
            let stranger = Worker {
                pair: sr25519::Pair::from_seed(&[43; 32]),
            };
            let session_id = worker.session().id;
            let seed = Mining::challenge_of(block).expect("in the ring").seed;
            let instance = Instance([1; 16]);
            let heartbeat = Heartbeat {
                worker: worker.key(),
                session_id,
                instance,
                block,
                seed,
                iterations: 1,
                elapsed_ms: 6_000,
            };
            let signature = stranger.sign(&heartbeat.message(&System::block_hash(0)));
            heartbeats(vec![SignedHeartbeat { heartbeat, signature }])
        };
        assert_eq!(pool(forged.clone()), Err(InvalidTransaction::BadProof.into()));
        chain.open();
        assert_eq!(Executive::apply_extrinsic(forged), Err(InvalidTransaction::BadProof.into()));
        Executive::apply_extrinsic(answer.clone()).expect("valid").expect("accepted");
        assert_eq!(Executive::apply_extrinsic(answer), Err(InvalidTransaction::Stale.into()));
        close();
        assert_eq!(worker.session().heartbeats, 1);
    });
}

#[test]
fn a_worker_that_is_silent_is_reported_and_recovers_by_a_heartbeat() {
    with_mining_worker(|chain, worker| {
        let missed = chain.until_hit(worker);
        chain.blocks(20);
        let overdue = <Runtime as KhalaApi<Block>>::overdue(10);
        assert_eq!(overdue, [(worker.key(), missed)]);
        chain.block([general(khala_pallet_mining::Call::report_offline {
            worker: worker.key(),
            block: missed,
        })]);
        assert_eq!(worker.session().state, SessionState::Unresponsive { cause: Absence::Offline });
        assert_eq!(worker.status().explanation.reason, Reason::Offline { missed_block: missed });

        chain.blocks(1);
        let sign_of_life = worker.heartbeat(chain.number);
        chain.block([sign_of_life]);
        assert_eq!(worker.session().state, SessionState::Idle);
        assert_eq!(worker.session().paid, 0, "a recovery pays nothing");
    });
}

#[test]
fn a_lapsed_lease_of_code_that_is_no_longer_allowed_is_explained_by_the_code() {
    preset("development").execute_with(|| {
        let (mut chain, worker) = (Chain::with_collateral(), Worker::new());
        chain.block([worker.register()]);
        let lease = khala_pallet_registry::Params::<Runtime>::get().lease_secs as u32;
        chain.blocks(lease);
        assert_eq!(worker.status().explanation.reason, Reason::LeaseLapsed);

        let over = AllowedMeasurement {
            roles: Roles::WORKER,
            active_from_secs: 0,
            deprecated_from_secs: Some(START_SLOT),
        };
        chain.block([sudo(khala_pallet_attestation::Call::allow_measurement {
            measurement: development::measurement(),
            allowed: over,
        })]);
        let explanation = worker.status().explanation;
        assert_eq!(explanation.reason, Reason::MeasurementDeprecated);
        assert!(explanation.advice.contains("Upgrade the pRuntime"));
    });
}

#[test]
fn a_lapsed_lease_of_a_worker_whose_newest_evidence_was_refused_is_explained_by_the_refusal() {
    preset("development").execute_with(|| {
        let (mut chain, worker) = (Chain::with_collateral(), Worker::new());
        chain.block([worker.register()]);
        chain.blocks(1);
        chain.block([worker.renew("another-machine")]);
        // Its lease goes on as it was.
        assert_eq!(worker.status().explanation.reason, Reason::NotInPool);
        let why = worker.status().registration.and_then(|registration| registration.refused);
        let why = why.expect("refused");
        chain.blocks(khala_pallet_registry::Params::<Runtime>::get().lease_secs as u32);
        let explanation = worker.status().explanation;
        assert_eq!(explanation.reason, Reason::EvidenceRefused { why });
        assert_eq!((explanation.state, explanation.since_block), (None, None));
        assert!(explanation.advice.contains("the relayer then renews"));
    });
}

#[test]
fn a_worker_that_a_new_policy_denies_lapses_with_its_next_answer_and_is_told_why() {
    with_mining_worker(|chain, worker| {
        let platform = worker.status().registration.expect("registered").platform_id;
        let mut policy = khala_pallet_attestation::Policy::<Runtime>::get();
        policy.denied_platforms.try_push(platform).expect("room for one");
        chain.block([sudo(khala_pallet_attestation::Call::set_policy { policy })]);
        assert_eq!(worker.status().explanation.reason, Reason::Idle);

        let asked = chain.until_hit(worker);
        let answer = worker.heartbeat(asked);
        chain.block([answer]);
        let session = worker.session();
        let lapsed = SessionState::Unresponsive {
            cause: Absence::LeaseLapsed,
        };
        assert_eq!((session.state, session.paid), (lapsed, 0));
        let explanation = worker.status().explanation;
        let what = format!("platform {platform} is denied");
        assert_eq!(explanation.reason, Reason::PolicyDenied { what });
        assert_eq!((explanation.state, explanation.since_block), (Some(lapsed), Some(chain.number)));
        assert!(explanation
            .lease_end_secs
            .is_some_and(|end| end <= pallet_timestamp::Now::<Runtime>::get() / 1_000));
        assert!(explanation.advice.contains("policy"));
    });
}
