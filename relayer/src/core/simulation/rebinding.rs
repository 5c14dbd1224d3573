//! What should happen when a pRuntime's key is lost.

use super::{chain::REBIND_BLOCKS, *};
use khala_primitives::status::SessionState;

/// Worker 0 mines with its key number `slot`, in the session that it always had, and was registered once.
fn assert_carried_on(world: &mut World, slot: usize) {
    world.run_until("mining with the new key", |world| {
        world.all_mine() && world.chain.worker_at(slot).session.is_some()
    });
    assert_eq!(world.chain.session(slot).id, 0, "the same session");
    assert_eq!(world.chain.session(slot).state, SessionState::Idle);
    assert!(world.chain.registration(slot).score.is_some());
    let workers = world.pruntimes.len() as u32;
    let [taken, results, ..] = world.chain.taken;
    assert_eq!(
        (taken - world.chain.renewals, results),
        (workers, workers),
        "no second registration or benchmark"
    );
    let before = world.chain.session(slot).heartbeats;
    world.run_blocks(60);
    assert!(world.chain.session(slot).heartbeats > before);
    assert_eq!((world.summary(0).missed, world.summary(0).replaces), (0, None));
    world.assert_no_violation();
}

#[test]
fn a_key_lost_while_the_relayer_works_is_replaced_and_the_session_goes_on() {
    for mut world in World::ten_mining(2) {
        let slot = world.lose_key(0);
        assert_carried_on(&mut world, slot);
        assert_eq!((world.chain.rebindings, world.summary(0).rebindings), (1, 1));
        assert_eq!(world.remembered.len(), 2);
        assert!(world.remembered.iter().any(|known| known.key == key(slot as u64)));
    }
}

#[test]
fn a_key_lost_while_the_relayer_was_down_is_replaced_as_well() {
    for mut world in World::ten_mining(2) {
        let slot = world.lose_key(0);
        world.restart_relayer();
        assert_carried_on(&mut world, slot);
        assert_eq!(world.chain.rebindings, 1);
    }
}

#[test]
fn a_key_that_was_made_before_the_relayer_came_back_replaces_the_lost_one() {
    let mut world = World::mining(2);
    let slot = world.lose_key(0);
    world.pruntimes[0].has_keys = true;
    world.restart_relayer();
    assert_carried_on(&mut world, slot);
    assert_eq!(world.chain.rebindings, 1);
}

#[test]
fn a_relayer_restarted_at_any_moment_of_it_replaces_the_key_once() {
    for moment in 1..80 {
        let mut world = World::mining(2);
        let slot = world.lose_key(0);
        (0..moment).for_each(|_| world.step());
        world.restart_relayer();
        assert_carried_on(&mut world, slot);
        assert_eq!(world.chain.rebindings, 1, "restarted in tick {moment}");
    }
}

#[test]
fn without_memory_the_configuration_may_name_the_lost_key() {
    for (replaces, rebindings) in [(Some(key(0)), 1), (None, 0)] {
        let mut world = World::mining(2);
        let slot = world.lose_key(0);
        world.remembered.clear();
        world.configs = Some(vec![WorkerConfig { replaces, ..config(0) }, config(1)]);
        world.restart_relayer();
        world.run_until("registered", |world| world.chain.worker_at(slot).registration.is_some());
        world.run_until("mining", World::all_mine);
        assert_eq!((world.chain.rebindings, world.chain.taken[0]), (rebindings, 3 - rebindings));
        world.assert_no_violation();
    }
}

#[test]
fn an_entry_with_another_address_is_another_machine() {
    let mut world = World::mining(2);
    let slot = world.lose_key(0);
    let moved = WorkerConfig {
        endpoint: "http://elsewhere".into(),
        ..config(0)
    };
    world.configs = Some(vec![moved, config(1)]);
    world.restart_relayer();
    world.run_until("registered", |world| world.chain.worker_at(slot).registration.is_some());
    assert_eq!((world.chain.rebindings, world.chain.taken[0]), (0, 3));
    world.assert_no_violation();
}

#[test]
fn a_rebinding_that_comes_too_early_is_tried_again_with_growing_pauses_and_the_reason_shown() {
    let mut world = World::mining(2);
    let slot = world.lose_key(0);
    assert_carried_on(&mut world, slot);
    let slot = world.lose_key(0);
    world.run_until("refused", |world| world.chain.rebindings_refused > 0);
    world.run_blocks(2);
    let summary = world.summary(0);
    assert_eq!(summary.phase.state, State::Registering);
    for shown in [&summary.phase.reason, summary.rebinding_refused.as_ref().unwrap()] {
        assert!(shown.contains("Registry::ReboundRecently"), "{shown}");
    }
    assert_eq!(summary.replaces, Some(key(slot as u64 - 2)));
    assert!(summary.next_try.is_some());
    let troubles = world.relayer.troubles();
    assert!(troubles.len() == 1 && troubles[0].contains("worker-0"), "{troubles:?}");
    assert_carried_on(&mut world, slot);
    assert_eq!(world.chain.rebindings, 2);
    let refused = world.chain.rebindings_refused;
    assert!((2..=4).contains(&refused), "{refused} tries in {REBIND_BLOCKS} blocks");
    assert!(world.relayer.troubles().is_empty() && world.summary(0).rebinding_refused.is_none());
}

#[test]
fn keys_that_never_reached_the_chain_do_not_hide_the_one_that_did() {
    let mut world = World::mining(2);
    let slot = world.lose_key(0);
    assert_carried_on(&mut world, slot);
    world.lose_key(0);
    world.run_until("refused", |world| world.chain.rebindings_refused == 1);
    world.run_blocks(3);
    let slot = world.lose_key(0);
    world.run_until("refused again, for a new key at once", |world| world.chain.rebindings_refused == 2);
    world.restart_relayer();
    assert_carried_on(&mut world, slot);
    assert_eq!(world.chain.rebindings, 2);
}

#[test]
fn a_rebinding_that_was_reorganised_away_is_done_again() {
    for depth in 1..=3 {
        let mut world = World::mining(2);
        let slot = world.lose_key(0);
        world.run_until("rebound", |world| world.chain.rebindings == 1);
        world.reorganise(depth);
        world.run_until("rebound again", |world| world.chain.rebindings == 2);
        assert_carried_on(&mut world, slot);
    }
}

#[test]
fn lost_rebindings_are_sent_again() {
    for salt in 0..10 {
        let mut world = World::salted(2, salt).until_mining();
        world.lost_percent = 50;
        let slot = world.lose_key(0);
        world.run_until("rebound", |world| world.chain.rebindings == 1);
        world.lost_percent = 0;
        assert_carried_on(&mut world, slot);
    }
}

#[test]
fn another_operators_worker_is_not_replaced() {
    let mut world = World::mining(1);
    world.chain.worker(0).registration.as_mut().unwrap().operator = [9; 32].into();
    world.run_blocks(1);
    let slot = world.lose_key(0);
    world.run_until("registered", |world| world.chain.worker_at(slot).registration.is_some());
    assert_eq!((world.chain.rebindings, world.chain.taken[0]), (0, 2));
    assert_eq!(world.chain.registration(0).operator, [9; 32].into());
    world.assert_no_violation();
}

#[test]
fn a_worker_that_was_retired_meanwhile_is_not_replaced() {
    for relayer_was_down in [false, true] {
        let mut world = World::mining(1);
        let slot = world.lose_key(0);
        *world.chain.worker(0) = Default::default();
        if relayer_was_down {
            world.restart_relayer();
        }
        world.run_until("mining", |world| world.all_mine() && world.chain.worker_at(slot).session.is_some());
        assert_eq!((world.chain.rebindings, world.chain.taken[0]), (0, 2));
        world.assert_no_violation();
    }
}

#[test]
fn a_worker_that_is_retired_while_its_rebinding_is_prepared_is_registered_as_usual() {
    let mut world = World::mining(1);
    let slot = world.lose_key(0);
    world.run_until("evidence is made", |world| {
        world.summary(0).phase.reason.contains("makes evidence for block")
    });
    *world.chain.worker(0) = Default::default();
    world.run_until("refused", |world| {
        world
            .summary(0)
            .last_error
            .is_some_and(|error| error.message.contains("UnknownWorker"))
    });
    world.run_until("mining", |world| world.all_mine() && world.chain.worker_at(slot).session.is_some());
    assert_eq!((world.chain.rebindings, world.chain.taken[0]), (0, 2));
    world.assert_no_violation();
}

#[test]
fn what_another_worker_of_the_relayer_answers_with_is_no_lost_key() {
    let mut world = World::mining(2);
    let slot = world.lose_key(0);
    world.configs = Some(vec![
        WorkerConfig {
            replaces: Some(key(1)),
            ..config(0)
        },
        config(1),
    ]);
    world.remembered.clear();
    world.restart_relayer();
    world.run_until("registered", |world| world.chain.worker_at(slot).registration.is_some());
    assert_eq!((world.chain.rebindings, world.chain.taken[0]), (0, 3));
    world.assert_no_violation();
}
