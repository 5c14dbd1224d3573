//! How absences end: with a sign of life at once, spread when many return, and after a pause not before it is over.

use super::{scenarios::OFFLINE, *};
use khala_primitives::status::{Absence, SessionState};
use std::collections::BTreeMap;

const PAUSED: SessionState = SessionState::Unresponsive {
    cause: Absence::Maintenance,
};

impl World {
    fn is_idle(&self, worker: usize) -> bool {
        self.chain.session(worker).state == SessionState::Idle
    }

    /// Pauses a worker as soon as no challenge is open.
    fn pause(&mut self, worker: usize) {
        while !self.chain.pause(worker) {
            self.run_blocks(1);
        }
    }

    /// All workers are down until they are found offline and a while longer, and then up again.
    fn outage(&mut self) {
        let workers = 0..self.pruntimes.len();
        workers.clone().for_each(|worker| self.pruntimes[worker].is_up = false);
        self.run_until("everybody offline", |world| {
            workers.clone().all(|worker| world.chain.session(worker).state == OFFLINE)
        });
        // Deep enough for the reorganisations of these tests to leave the reports alone.
        self.run_blocks(10);
        workers.for_each(|worker| self.pruntimes[worker].is_up = true);
    }
}

#[test]
fn a_worker_that_is_reached_again_is_back_two_blocks_later() {
    for mut world in World::ten_mining(1) {
        world.outage();
        world.run_until("reachable", |world| world.state(0) == State::Recovering);
        let reached = world.chain.head();
        world.run_until("back", |world| world.is_idle(0));
        assert!(
            world.chain.head() <= reached + 2,
            "reached in {reached}, back in {}",
            world.chain.head()
        );
        world.assert_no_violation();
    }
}

#[test]
fn when_many_return_their_signs_of_life_are_spread() {
    let mut world = World::mining(200);
    world.outage();
    let mut back = BTreeMap::<BlockNumber, usize>::new();
    let mut known = 0;
    while known < 200 {
        let before = known;
        world.run_blocks(1);
        known = (0..200).filter(|worker| world.is_idle(*worker)).count();
        back.insert(world.chain.head(), known.saturating_sub(before));
        assert!(back.len() < 200, "{back:?}");
    }
    // 200 are four batches, in as many blocks at least: chance makes some fuller than others.
    assert!(back.values().all(|count| *count < 100), "{back:?}");
    world.assert_no_violation();
}

#[test]
fn a_sign_of_life_that_was_reorganised_away_is_given_again_at_once() {
    for mut world in World::ten_mining(1) {
        // In the pool, when the block that it answers goes away.
        world.outage();
        world.chain.inclusion_delay = 2;
        let submitted = world.summary(0).heartbeats_submitted;
        world.run_until("a sign of life", |world| world.summary(0).heartbeats_submitted > submitted);
        world.reorganise(2);
        let after = world.chain.head();
        world.run_until("back", |world| world.is_idle(0));
        assert!(
            world.chain.head() <= after + 6,
            "reorganised in {after}, back in {}",
            world.chain.head()
        );
        // In a block that goes away.
        let (since, after) = (world.chain.session(0).since_block, world.chain.head());
        world.chain.inclusion_delay = 0;
        world.reorganise(after + 1 - since);
        assert!(!world.is_idle(0));
        world.run_until("back again", |world| world.is_idle(0));
        assert!(
            world.chain.head() <= after + 4,
            "reorganised in {after}, back in {}",
            world.chain.head()
        );
    }
}

#[test]
fn a_paused_worker_gives_no_sign_of_life_until_it_is_resumed_and_misses_nothing() {
    for mut world in World::ten_mining(2) {
        world.pause(0);
        world.run_blocks(1);
        let before = world.summary(0);
        world.run_blocks(100);
        let paused = world.summary(0);
        assert_eq!((world.chain.session(0).state, world.chain.reported[0]), (PAUSED, 0));
        assert_eq!(
            (paused.heartbeats_submitted, paused.missed),
            (before.heartbeats_submitted, before.missed),
            "{paused:#?}"
        );
        assert_eq!(paused.phase.state, State::Recovering);
        assert!(paused.phase.reason.contains("waits to be resumed"), "{}", paused.phase.reason);

        world.chain.resume(0);
        let resumed = world.chain.head();
        world.run_until("back", |world| world.is_idle(0));
        // The next block's challenge is the first that counts, and its answer is in the block after it.
        assert!(
            world.chain.head() <= resumed + 3,
            "resumed in {resumed}, back in {}",
            world.chain.head()
        );
        world.run_blocks(60);
        assert_eq!((world.chain.reported[0], world.summary(0).missed), (0, before.missed));
        world.assert_no_violation();
    }
}

#[test]
fn a_worker_whose_pruntime_is_replaced_while_it_is_paused_comes_back_with_the_new_run() {
    let mut world = World::mining(1);
    world.pause(0);
    world.pruntimes[0].is_up = false;
    world.run_blocks(30);
    world.restart_pruntime(0);
    world.run_until("renewed", |world| world.chain.registration(0).instance == instance(2));
    world.run_blocks(20);
    assert_eq!(world.chain.session(0).state, PAUSED);
    world.chain.resume(0);
    world.run_until("back", |world| world.is_idle(0));
    world.run_until("mining", World::all_mine);
    world.assert_no_violation();
}
