//! What should happen, fault by fault.

use super::*;
use khala_primitives::status::{Absence, SessionState};

pub(super) const OFFLINE: SessionState = SessionState::Unresponsive { cause: Absence::Offline };

/// Every hit was answered, or still can be.
fn assert_nothing_missed(world: &World, worker: usize) {
    let summary = world.summary(worker);
    assert_eq!((summary.missed, world.chain.reported[worker]), (0, 0), "{summary:#?}");
    assert!(summary.answered > 0 && summary.asked - summary.answered <= 3, "{summary:#?}");
}

#[test]
fn from_nothing_to_mining_and_every_hit_is_answered_once() {
    let mut world = World::new(3);
    world.run_until("mining", World::all_mine);
    assert!(world.chain.head() < 30, "mining only in block {}", world.chain.head());
    assert_eq!(world.chain.taken[..2], [3, 3], "one registration and one result each");
    world.run_blocks(200);
    (0..3).for_each(|worker| assert_nothing_missed(&world, worker));
    let on_chain: u32 = (0..3).map(|worker| world.chain.session(worker).heartbeats).sum();
    let answered: u64 = (0..3).map(|worker| world.summary(worker).answered).sum();
    assert_eq!(u64::from(on_chain), answered);
    world.assert_no_violation();
}

#[test]
fn a_stopped_pruntime_is_found_offline_and_comes_back_while_others_go_on() {
    let mut world = World::mining(3);
    world.pruntimes[0].is_up = false;
    world.run_until("unreachable", |world| world.state(0) == State::Unreachable);
    assert!(world.summary(0).phase.reason.contains("refused"));
    world.run_until("offline", |world| world.chain.session(0).state == OFFLINE);
    world.restart_pruntime(0);
    world.run_until("recovering", |world| world.state(0) == State::Recovering);
    world.run_until("mining again", World::all_mine);
    assert_eq!((world.chain.session(0).state, world.summary(0).recoveries), (SessionState::Idle, 1));
    assert_eq!(world.chain.registration(0).instance, instance(2));
    assert_eq!(world.chain.taken[1], 3, "no second benchmark");
    world.run_blocks(60);
    (1..3).for_each(|worker| assert_nothing_missed(&world, worker));
    world.assert_no_violation();
}

#[test]
fn a_quick_restart_is_a_renewal_and_misses_nothing() {
    let mut world = World::mining(1);
    world.restart_pruntime(0);
    world.run_until("renewed", |world| world.chain.registration(0).instance == instance(2));
    assert_eq!(world.chain.renewals, 1);
    world.run_until("mining", World::all_mine);
    world.run_blocks(60);
    assert_nothing_missed(&world, 0);
    world.assert_no_violation();
}

#[test]
fn lost_submissions_are_sent_again() {
    for salt in 0..10 {
        let mut world = World::salted(3, salt);
        world.lost_percent = 40;
        world.run_until("mining", World::all_mine);
        world.run_blocks(300);
        assert_eq!(world.chain.reported, [0, 0, 0], "{salt}");
        assert!((0..3).map(|worker| world.summary(worker).retries).sum::<u64>() > 0);
        world.assert_no_violation();
    }
}

#[test]
fn inclusion_delayed_by_eight_blocks_loses_nothing() {
    for mut world in World::ten_mining(3) {
        world.chain.inclusion_delay = 8;
        world.run_blocks(300);
        assert_eq!(world.chain.reported, [0, 0, 0]);
        assert!((0..3).all(|worker| world.chain.session(worker).state == SessionState::Idle));
    }
}

#[test]
fn after_reorganisations_hits_are_computed_again() {
    for mut world in World::ten_mining(3) {
        for _ in 0..30 {
            world.run_blocks(7);
            world.reorganise(3);
        }
        world.run_blocks(30);
        assert_eq!(world.chain.reported, [0, 0, 0]);
        assert!((0..3).all(|worker| world.chain.session(worker).state == SessionState::Idle));
        world.assert_no_violation();
    }
}

#[test]
fn a_restart_at_any_moment_repeats_nothing_and_leaves_no_gap() {
    for moment in 1..100 {
        let mut world = World::new(2);
        (0..moment).for_each(|_| world.step());
        world.restart_relayer();
        world.run_until("mining", World::all_mine);
        assert_eq!(world.chain.taken[..2], [2, 2], "restarted in tick {moment}");
        world.run_blocks(40);
        assert_eq!(world.chain.reported, [0, 0], "restarted in tick {moment}");
        world.assert_no_violation();
    }
}

#[test]
fn restarts_while_mining_lose_no_heartbeat() {
    for mut world in World::ten_mining(3) {
        for ticks in [1, 4, 7, 13, 22, 31, 40, 55, 60, 75, 80] {
            (0..ticks).for_each(|_| world.step());
            world.restart_relayer();
        }
        world.run_blocks(60);
        assert_eq!(world.chain.reported, [0, 0, 0]);
        world.assert_no_violation();
    }
}

#[test]
fn a_slow_pruntime_still_answers_in_time() {
    for mut world in World::ten_mining(2) {
        world.pruntimes[0].delay = 6 * TICKS_PER_BLOCK;
        world.run_blocks(200);
        assert_eq!((world.chain.reported[0], world.chain.session(0).state), (0, SessionState::Idle));
        assert_nothing_missed(&world, 1);
        world.assert_no_violation();
    }
}

#[test]
fn a_pruntime_that_signs_wrongly_harms_nobody_else() {
    let mut world = World::mining(3);
    world.pruntimes[0].is_wrong = true;
    world.run_blocks(100);
    let error = world.summary(0).last_error.unwrap().message;
    assert!(error.contains("signature is wrong"), "{error}");
    (1..3).for_each(|worker| assert_nothing_missed(&world, worker));
    world.assert_no_violation();
}

#[test]
fn leases_are_renewed_from_half_of_them_on_without_a_stop() {
    let mut world = World::mining(2);
    world.run_blocks(LEASE_SECS * 2);
    assert_eq!(
        (world.chain.taken[0], world.chain.renewals),
        (2 * 4 + 2, 2 * 4),
        "a renewal every {} s",
        LEASE_SECS / 2
    );
    (0..2).for_each(|worker| assert_nothing_missed(&world, worker));
    world.assert_no_violation();
}

#[test]
fn an_operators_retirement_is_final_and_a_reorganisation_is_none() {
    let mut world = World::mining(1);
    world.run_blocks(20);
    *world.chain.worker(0) = Default::default();
    world.run_blocks(10);
    assert_eq!(world.state(0), State::Registering);
    world.run_until("retired", |world| world.state(0) == State::Retired);
    world.run_blocks(50);
    assert_eq!(world.chain.taken[0], 1, "it is not registered again");
}

#[test]
fn a_worker_taken_out_of_the_configuration_is_forgotten_and_late_answers_find_nobody() {
    let mut world = World::mining(2);
    world.deliver(Event::Configure(vec![config(1)]));
    world
        .events
        .push((world.tick + 1, world.run, Event::Identity(WorkerId(0), Ok(identity(0, 1)))));
    world
        .events
        .push((world.tick + 1, world.run, Event::Heartbeat(WorkerId(0), 5, Err("late".into()))));
    world.run_blocks(20);
    assert_eq!(world.relayer.summaries().len(), 1);
    assert_nothing_missed(&world, 1);
}

#[test]
fn two_entries_for_one_worker_are_told_apart() {
    let mut world = World::mining(1);
    let twin = WorkerConfig {
        name: "worker-7".into(),
        endpoint: "http://b".into(),
        ..config(0)
    };
    world.deliver(Event::Configure(vec![config(0), twin]));
    let id = WorkerId(1);
    let now = world.now();
    world.relayer.handle(Event::Identity(id, Ok(identity(0, 1))), now);
    let reason = world.summary(7).phase.reason;
    assert!(reason.contains("same worker as \"worker-0\""), "{reason}");
    assert_eq!(world.state(0), State::Mining);
}

#[test]
fn a_pruntime_of_another_chain_or_operator_is_named() {
    let mut world = World::new(1);
    let wrong = |world: &mut World, identity: Identity, word: &str| {
        let now = world.now();
        world.relayer.handle(Event::Identity(WorkerId(0), Ok(identity)), now);
        let summary = world.summary(0);
        assert!(
            summary.phase.state == State::Preparing && summary.phase.reason.contains(word),
            "{}",
            summary.phase.reason
        );
        assert!(summary.next_try.is_some());
    };
    wrong(
        &mut world,
        Identity {
            genesis_hash: Some(H256::zero()),
            ..identity(0, 1)
        },
        "another chain",
    );
    wrong(
        &mut world,
        Identity {
            operator: Some([9; 32].into()),
            ..identity(0, 1)
        },
        "belongs to the operator",
    );
}

#[test]
fn explain_finds_a_worker_by_name_and_by_key() {
    let mut world = World::mining(2);
    world.run_blocks(5);
    let by_name = world.relayer.explain("worker-1").unwrap();
    assert_eq!(world.relayer.explain(&key(1).to_string()).unwrap(), by_name);
    let states: Vec<_> = by_name.history.iter().rev().map(|phase| phase.state).collect();
    assert_eq!(states.last(), Some(&State::Benchmarking));
    assert!(world.relayer.explain("nobody").is_none());
}

#[test]
fn collateral_comes_before_the_first_registration() {
    let mut world = World::new(3);
    world.chain.documents.clear();
    world.run_until("mining", World::all_mine);
    assert_eq!((world.chain.documents.len(), world.chain.taken[0]), (4, 3));
    assert!(world.chain.head() < 45, "mining only in block {}", world.chain.head());
    world.run_blocks(50);
    world.assert_no_violation();
}

#[test]
fn while_no_source_works_each_worker_says_what_the_chain_lacks() {
    let mut world = World::new(2);
    world.chain.documents.clear();
    world.source_is_up = false;
    world.run_blocks(60);
    for worker in 0..2 {
        let summary = world.summary(worker);
        assert_eq!(summary.phase.state, State::Registering);
        let reason = summary.phase.reason;
        assert!(
            reason.contains("has no root CRL") && reason.contains("connection refused"),
            "{reason}"
        );
    }
    world.source_is_up = true;
    world.run_until("mining", World::all_mine);
    world.assert_no_violation();
}

#[test]
fn known_workers_whose_collateral_went_missing_wait_with_their_renewal() {
    let mut world = World::mining(1);
    world.run_blocks(20);
    world.source_is_up = false;
    world.chain.documents.remove(2);
    world.restart_pruntime(0);
    world.run_blocks(30);
    assert_eq!(world.chain.renewals, 0);
    let reason = world.summary(0).phase.reason;
    assert!(reason.contains("has no SGX TCB info of FMSPC 00d3e1000000, number 18"), "{reason}");
    world.source_is_up = true;
    world.run_until("renewed", |world| world.chain.renewals == 1);
    world.run_until("mining", World::all_mine);
    world.assert_no_violation();
}

#[test]
fn a_worker_without_renewals_left_waits_and_says_so() {
    let mut world = World::mining(1);
    world.chain.worker(0).registration.as_mut().unwrap().renewals_left = 0;
    world.run_blocks(2);
    world.restart_pruntime(0);
    world.run_until("waiting", |world| world.summary(0).phase.reason.contains("renewals are used up"));
    world.run_until("renewed", |world| world.chain.renewals == 1);
    world.run_until("mining", World::all_mine);
    world.assert_no_violation();
}

#[test]
fn refused_evidence_does_not_burn_renewals_and_the_reason_is_shown_until_it_is_taken_again() {
    let mut world = World::mining(2);
    world.chain.revoked.insert(0);
    world.run_until("the lease ran out", |world| world.state(0) == State::Recovering);
    let reason = world.summary(0).phase.reason;
    assert!(
        reason.contains("its lease ran out") && reason.contains("the PCK certificate is revoked"),
        "{reason}"
    );
    assert!(world.chain.refused <= 6, "{} renewals in half a lease", world.chain.refused);
    assert_eq!(world.state(1), State::Mining);
    world.chain.revoked.clear();
    world.run_until("mining", World::all_mine);
    world.run_blocks(20);
    assert_eq!(world.chain.registration(0).refused, None);
    assert_nothing_missed(&world, 1);
    world.assert_no_violation();
}

#[test]
fn refused_evidence_of_a_mining_worker_is_shown_while_it_still_mines() {
    let mut world = World::mining(1);
    world.chain.revoked.insert(0);
    world.run_until("refused", |world| world.chain.refused > 0);
    world.run_blocks(3);
    let summary = world.summary(0);
    assert!(
        summary.phase.state == State::Mining
            && summary
                .phase
                .reason
                .contains("refused its newest evidence: the PCK certificate is revoked")
    );
}
