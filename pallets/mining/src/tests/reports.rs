//! Malicious reporters, workers and bystanders.

use crate::{mock::*, *};
use frame_support::{
    assert_err, assert_noop, assert_ok,
    traits::{Authorize, Hooks},
};
use khala_primitives::{
    status::{Absence, SessionState},
    BlockNumber, Heartbeat, Instance, SignedHeartbeat, WorkerPublicKey, H256, PHA,
};
use sp_runtime::transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidityError, ValidTransaction};
use std::collections::BTreeSet;

const STALE: TransactionValidityError = TransactionValidityError::Invalid(InvalidTransaction::Stale);
const OFFLINE: SessionState = SessionState::Unresponsive { cause: Absence::Offline };

/// A chain on which every block asks everybody.
fn on_a_busy_chain(test: impl FnOnce()) {
    let mining = MiningParameters {
        challenges_per_hour: 3_600,
        ..MiningParameters::khala()
    };
    run_with(mining, EconomicParameters::khala(), test);
}

fn answer(worker: &Worker, block: BlockNumber) -> Result<(), TransactionValidityError> {
    submit(&[worker.sign(worker.heartbeat(block))])
}

fn assert_nothing_to_report(worker: &Worker) {
    for block in 0..=System::block_number() + 1 {
        assert_err!(report(&worker.key(), block), STALE);
    }
}

#[test]
fn a_report_cannot_be_replayed_after_a_recovery() {
    on_a_busy_chain(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        let block = worker.miss_and_be_reported();
        assert_err!(report(&worker.key(), block), STALE);
        run_blocks(1);
        answer(&worker, System::block_number()).unwrap();
        // Neither that block nor another one before the recovery counts any more.
        assert_nothing_to_report(&worker);
        let back = System::block_number();
        run_blocks(21);
        assert_nothing_to_report(&worker);
        run_blocks(1);
        assert_err!(report(&worker.key(), back), STALE);
        report(&worker.key(), back + 1).unwrap();
        assert_eq!(worker.session().state, OFFLINE);
    });
}

#[test]
fn what_was_asked_before_an_upgrade_cannot_be_reported_or_answered() {
    on_a_busy_chain(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        run_blocks(30);
        let upgraded = System::block_number();
        MiningPallet::on_runtime_upgrade();
        assert_nothing_to_report(&worker);
        assert_err!(answer(&worker, upgraded - 1), STALE);
        run_blocks(20);
        assert_nothing_to_report(&worker);
        run_blocks(1);
        assert_err!(report(&worker.key(), upgraded - 1), STALE);
        report(&worker.key(), upgraded).unwrap();
    });
}

#[test]
fn what_was_asked_before_a_halt_cannot_be_answered_and_costs_nobody_anything() {
    on_a_busy_chain(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        run_blocks(30);
        let (before, v) = (System::block_number(), worker.value());
        next_block_after(600);
        assert_nothing_to_report(&worker);
        assert_err!(answer(&worker, before), STALE);
        assert!(worker.value() > v);
        answer(&worker, before + 1).unwrap();
        assert!(reward() > 0);
    });
}

#[test]
fn what_was_asked_before_the_renewal_of_a_lapsed_lease_cannot_be_reported() {
    on_a_busy_chain(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        run_blocks(30);
        worker.register(|facts| facts.lease_end_secs = MiningPallet::now_secs());
        worker.register(|_| ());
        let renewed = System::block_number();
        assert_nothing_to_report(&worker);
        run_blocks(22);
        assert_err!(report(&worker.key(), renewed), STALE);
        // It was asked while its lease was over, and has to show that it lives.
        assert_err!(report(&worker.key(), renewed + 1), STALE);
        let cause = Absence::LeaseLapsed;
        assert_eq!(worker.session().state, SessionState::Unresponsive { cause });
        submit(&[worker.sign(worker.heartbeat(System::block_number()))]).unwrap();
        assert_eq!((worker.session().state, reward()), (SessionState::Idle, 0));
    });
}

#[test]
fn the_renewal_of_a_living_lease_voids_nothing() {
    on_a_busy_chain(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        run_blocks(30);
        worker.register(|facts| facts.lease_end_secs += 1);
        report(&worker.key(), System::block_number() - 21).unwrap();
    });
}

#[test]
fn a_miss_that_the_ring_has_forgotten_cannot_be_reported() {
    run(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        let block = worker.wait_for_hit();
        run_blocks(Mining::<Test>::get().ring_length());
        assert!(MiningPallet::challenge_of(block).is_none());
        assert_err!(report(&worker.key(), block), STALE);
    });
}

#[test]
fn only_sessions_that_earn_can_be_reported() {
    on_a_busy_chain(|| {
        Worker::mining("busy", 5_000 * PHA);
        let ready = Worker::new("a");
        ready.register(|_| ());
        assert_nothing_to_report(&ready);
        assert_ok!(MiningPallet::bind(&ready.key(), POOL));
        run_blocks(30);
        assert_nothing_to_report(&ready);
        let stopped = Worker::mining("b", 5_000 * PHA);
        run_blocks(30);
        assert_ok!(MiningPallet::stop(&stopped.key()));
        assert_nothing_to_report(&stopped);
        assert_err!(report(&WorkerPublicKey([0; 32]), 1), STALE);
    });
}

#[test]
fn an_answer_of_an_earlier_session_counts_for_nothing() {
    on_a_busy_chain(|| {
        let mining = MiningParameters {
            challenges_per_hour: 3_600,
            cool_down_secs: 6,
            ..MiningParameters::khala()
        };
        Mining::<Test>::put(mining);
        let worker = Worker::mining("a", 5_000 * PHA);
        let old = worker.session_id();
        assert_ok!(MiningPallet::stop(&worker.key()));
        run_blocks(1);
        assert_ok!(MiningPallet::unbind(&worker.key()));
        assert_ok!(MiningPallet::bind(&worker.key(), POOL));
        assert_ok!(MiningPallet::start(&worker.key(), 5_000 * PHA));
        run_blocks(1);
        let block = System::block_number();
        let of_old = Heartbeat {
            session_id: old,
            ..worker.heartbeat(block)
        };
        assert_ne!(worker.session_id(), old);
        assert_err!(submit(&[worker.sign(of_old)]), STALE);
        answer(&worker, block).unwrap();
    });
}

#[test]
fn challenges_of_an_earlier_run_of_the_session_are_void() {
    on_a_busy_chain(|| {
        let mining = MiningParameters {
            challenges_per_hour: 3_600,
            cool_down_secs: 6,
            ..MiningParameters::khala()
        };
        Mining::<Test>::put(mining);
        let worker = Worker::mining("a", 5_000 * PHA);
        run_blocks(3);
        assert_ok!(MiningPallet::stop(&worker.key()));
        run_blocks(1);
        assert_ok!(MiningPallet::start(&worker.key(), 5_000 * PHA));
        for block in 1..=System::block_number() {
            assert_err!(answer(&worker, block), STALE);
        }
    });
}

#[test]
fn a_cloned_instance_answers_for_nobody() {
    on_a_busy_chain(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        let clone = Worker {
            instance: Instance([2; 16]),
            ..worker.clone()
        };
        run_blocks(1);
        let block = System::block_number();
        assert_err!(answer(&clone, block), STALE);
        // Also a recovery needs the instance that was registered.
        let missed = block;
        run_blocks(21);
        report(&worker.key(), missed).unwrap();
        run_blocks(1);
        assert_err!(answer(&clone, System::block_number()), STALE);
        answer(&worker, System::block_number()).unwrap();
    });
}

#[test]
fn nobody_answers_what_was_not_asked_yet() {
    on_a_busy_chain(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        run_blocks(1);
        let now = System::block_number();
        let seed = MiningPallet::challenge_of(now).unwrap().seed;
        for block in [now + 1, now + Mining::<Test>::get().ring_length(), BlockNumber::MAX] {
            for seed in [H256::zero(), seed] {
                let early = Heartbeat {
                    block,
                    seed,
                    ..worker.heartbeat(now)
                };
                assert_err!(submit(&[worker.sign(early)]), STALE);
            }
        }
    });
}

#[test]
fn an_older_challenge_pays_nothing_once_a_newer_one_is_answered() {
    on_a_busy_chain(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        run_blocks(5);
        let now = System::block_number();
        answer(&worker, now - 1).unwrap();
        let paid = reward();
        for block in 0..now {
            assert_err!(answer(&worker, block), STALE);
        }
        // The newer one does, but there is nothing left to pay.
        answer(&worker, now).unwrap();
        assert!(paid > 0);
        assert_eq!(reward(), paid);
    });
}

#[test]
fn a_claimed_speed_counts_up_to_its_cap() {
    on_a_busy_chain(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        for (iterations, elapsed_ms, counted) in [
            (1_199, 6_000, 1_199),
            (1_200, 6_000, 1_200),
            (1_201, 6_000, 1_200),
            (u64::MAX, 500, 1_200),
            (u64::MAX, 499, 0),
            (0, 6_000, 0),
        ] {
            run_blocks(1);
            let heartbeat = Heartbeat {
                iterations,
                elapsed_ms,
                ..worker.heartbeat(System::block_number())
            };
            submit(&[worker.sign(heartbeat)]).unwrap();
            assert_eq!(MiningPallet::session_status(&worker.key()).unwrap().p_instant, counted);
        }
    });
}

#[test]
fn rebinding_does_not_save_what_a_miss_costs() {
    on_a_busy_chain(|| {
        let old = Worker::mining("a", 5_000 * PHA);
        run_blocks(30);
        let missed = System::block_number() - 21;
        let earned = MiningPallet::ledger().unwrap().outstanding;
        let new = old.rebind("b");
        let ledger = MiningPallet::ledger().unwrap();
        assert_eq!((ledger.forfeited, ledger.outstanding, ledger.paid), (earned, 0, 0));
        assert_err!(report(&old.key(), missed), STALE);
        assert_err!(report(&new.key(), missed), STALE);
        // An offline worker stays offline with its new key, and decays on.
        run_blocks(1);
        answer(&new, System::block_number()).unwrap();
        run_blocks(22);
        report(&new.key(), System::block_number() - 21).unwrap();
        let v = new.value();
        run_blocks(10);
        let newest = new.rebind("c");
        assert_eq!(newest.session().state, OFFLINE);
        assert!(newest.value() < v);
    });
}

#[test]
fn letting_the_lease_lapse_does_not_save_what_a_miss_costs() {
    on_a_busy_chain(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        run_blocks(30);
        worker.register(|facts| facts.lease_end_secs = MiningPallet::now_secs());
        let earned = MiningPallet::ledger().unwrap().outstanding;
        report(&worker.key(), System::block_number() - 21).unwrap();
        let ledger = MiningPallet::ledger().unwrap();
        assert_eq!((ledger.forfeited, ledger.outstanding, ledger.paid), (earned, 0, 0));
        assert_eq!(IdleSessions::<Test>::get(), 0);
        // A lease that lapses later is not taken for an excuse.
        let other = Worker::mining("b", 5_000 * PHA);
        other.miss_and_be_reported();
        other.register(|facts| facts.lease_end_secs = MiningPallet::now_secs());
        let v = other.value();
        run_blocks(10);
        assert_eq!(other.session().state, OFFLINE);
        assert!(other.value() < v);
    });
}

#[test]
fn a_pause_and_a_report_of_one_block_do_not_both_count() {
    on_a_busy_chain(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        run_blocks(30);
        // Whoever was asked in the window cannot pause; whoever was reported neither.
        assert_noop!(worker.pause(), Error::<Test>::ChallengeOpen);
        report(&worker.key(), System::block_number() - 21).unwrap();
        assert_noop!(worker.pause(), Error::<Test>::NotIdle);
    });
}

fn heartbeats(entries: &[SignedHeartbeat]) -> ValidTransaction {
    let batch = entries.to_vec().try_into().unwrap();
    let call = Call::<Test>::heartbeat { batch };
    call.authorize(TransactionSource::External).expect("authorised").unwrap().0
}

fn tags(of: &ValidTransaction) -> BTreeSet<&Vec<u8>> {
    of.provides.iter().collect()
}

/// Four workers' answers to the challenge of this block.
fn four() -> [SignedHeartbeat; 4] {
    let workers = ["a", "b", "c", "d"].map(|name| Worker::mining(name, 5_000 * PHA));
    run_blocks(2);
    let block = System::block_number();
    workers.map(|worker| worker.sign(worker.heartbeat(block)))
}

/// A transaction pool puts a newcomer into the place of all that provide one of its tags, if its priority is above theirs together.
fn replaces(newcomer: &ValidTransaction, present: &[&ValidTransaction]) -> bool {
    let rivals = present.iter().filter(|one| !tags(one).is_disjoint(&tags(newcomer)));
    newcomer.priority > rivals.map(|one| one.priority).sum()
}

#[test]
fn copies_permutations_and_subsets_of_a_batch_never_take_its_place() {
    on_a_busy_chain(|| {
        let [a, b, c, d] = four();
        let batch = heartbeats(&[a, b, c, d]);
        let strangers = [vec![a, b, c, d], vec![d, b, a, c], vec![a, b, c], vec![b, d], vec![c]];
        for stranger in strangers {
            let stranger = heartbeats(&stranger);
            assert!(tags(&stranger).is_subset(&tags(&batch)));
            assert!(!replaces(&stranger, &[&batch]));
        }
    });
}

#[test]
fn entries_that_are_not_live_give_no_priority_and_no_tag() {
    on_a_busy_chain(|| {
        let [a, b, mut c, mut d] = four();
        c.heartbeat.seed = H256::zero();
        d.heartbeat.block = 0;
        let (padded, plain) = (heartbeats(&[c, a, d, b]), heartbeats(&[a, b]));
        assert_eq!((padded.priority, tags(&padded)), (plain.priority, tags(&plain)));
    });
}

#[test]
fn parts_that_came_first_give_way_to_the_whole_or_hold_all_of_it() {
    on_a_busy_chain(|| {
        let [a, b, c, d] = four();
        let whole = heartbeats(&[a, b, c, d]);
        assert!(replaces(&whole, &[&heartbeats(&[a])]));
        assert!(replaces(&whole, &[&heartbeats(&[a, b, c])]));
        assert!(replaces(&whole, &[&heartbeats(&[a]), &heartbeats(&[b]), &heartbeats(&[c])]));
        // Whoever keeps it out has brought every answer of it.
        let parts = [&heartbeats(&[a, b]), &heartbeats(&[c]), &heartbeats(&[d])];
        assert!(!replaces(&whole, &parts));
        let all: BTreeSet<_> = parts.iter().flat_map(|part| &part.provides).collect();
        assert_eq!(all, tags(&whole));
    });
}

#[test]
fn the_largest_batch_has_the_highest_priority_and_a_report_a_lower_one_than_any_answer() {
    on_a_busy_chain(|| {
        let workers: Vec<_> = (0..64).map(|number| Worker::mining(&number.to_string(), 5_000 * PHA)).collect();
        run_blocks(1);
        let block = System::block_number();
        let entries: Vec<_> = workers.iter().map(|worker| worker.sign(worker.heartbeat(block))).collect();
        let priority = |count: usize| heartbeats(&entries[..count]).priority;
        for count in [1, 2, 32, 63] {
            assert_eq!(priority(count + 1) - priority(count), priority(1), "{count}");
        }
        let one = priority(1);
        run_blocks(21);
        let report = |block| {
            let worker = workers[0].key();
            let call = Call::<Test>::report_offline { worker, block };
            call.authorize(TransactionSource::External).expect("authorised").unwrap().0
        };
        // Reports of a worker stand in each other's place, whatever block they name: the first stays.
        run_blocks(5);
        let (first, second) = (report(block), report(block + 1));
        assert!(first.priority < one);
        assert_eq!((&first.provides, first.priority), (&second.provides, second.priority));
    });
}

#[test]
fn a_whole_batch_of_signs_of_life_goes_after_one_answer_and_before_a_report() {
    on_a_busy_chain(|| {
        let [there, back] = ["a", "b"].map(|name| Worker::mining(name, 5_000 * PHA));
        back.miss_and_be_reported();
        let missed = there.session().answered + 1;
        run_blocks(30);
        let block = System::block_number();
        let [answer, life] = [&there, &back].map(|worker| worker.sign(worker.heartbeat(block)));
        let priority = |entries: &[SignedHeartbeat]| heartbeats(entries).priority;
        assert!(priority(&[life]) * 64 < priority(&[answer]));
        assert_eq!(priority(&[answer, life]), priority(&[answer]) + priority(&[life]));
        let call = Call::<Test>::report_offline {
            worker: there.key(),
            block: missed.max(block - 25),
        };
        let report = call.authorize(TransactionSource::External).expect("authorised").unwrap().0;
        assert!(report.priority < priority(&[life]));
    });
}
