//! `try_state` notices each kind of damage.

use crate::{mock::*, *};
use codec::{Decode, Encode};
use frame_support::traits::fungible::Mutate;
use khala_primitives::{status::SessionState, PoolId, PHA};
use sp_runtime::{DispatchError, TransactionOutcome};

fn damaged(damage: impl FnOnce(), message: &'static str) {
    frame_support::storage::with_transaction(|| {
        damage();
        assert_eq!(MiningPallet::do_try_state(), Err(message.into()));
        TransactionOutcome::Rollback(Ok::<_, DispatchError>(()))
    })
    .unwrap();
}

#[test]
fn every_damage_is_noticed() {
    run(|| {
        let offline = Worker::mining("c", 5_000 * PHA);
        offline.miss_and_be_reported();
        let (idle, stopped) = (Worker::mining("a", 5_000 * PHA), Worker::mining("b", 5_000 * PHA));
        run_blocks(3);
        MiningPallet::reduce_stake(&idle.key(), 1_000 * PHA).unwrap();
        MiningPallet::stop(&stopped.key()).unwrap();
        let (idle, stopped, offline) = (idle.session_id(), stopped.session_id(), offline.session_id());
        let change = |id, change: fn(&mut Session)| Sessions::<Test>::mutate(id, |session| change(session.as_mut().unwrap()));

        damaged(|| NextSessionId::<Test>::put(2), "a session's number was not given out");
        damaged(|| change(idle, |s| s.worker.0[0] ^= 1), "a worker does not point to its session");
        damaged(
            || change(idle, |s| s.state = SessionState::Ready),
            "a session runs without a stake, or has one and does not run",
        );
        damaged(
            || change(idle, |s| s.position = None),
            "a session runs without a stake, or has one and does not run",
        );
        damaged(
            || change(idle, |s| s.cooling += 1),
            "a session's cooling principal is not that of its cool-downs",
        );
        damaged(
            || {
                change(idle, |s| {
                    s.state = SessionState::Unresponsive {
                        cause: khala_primitives::status::Absence::Offline,
                    }
                })
            },
            "a session earns and is not idle, or is idle and does not earn",
        );
        damaged(
            || SessionOf::<Test>::insert(khala_primitives::WorkerPublicKey([8; 32]), idle),
            "workers and sessions differ in number",
        );
        damaged(|| change(stopped, |s| s.impaired = 1), "a session without a stake would lose some");
        damaged(
            || change(idle, |s| s.impaired = 5_000 * PHA),
            "a session would lose more than its stake",
        );
        damaged(|| change(idle, |s| s.decays = true), "a session does not know whether it decays");
        damaged(
            || Impaired::<Test>::insert(POOL, 1),
            "what a pool's sessions would lose is not the sum of theirs",
        );
        damaged(
            || Decaying::<Test>::remove(POOL),
            "a pool's decaying sessions are others than those that decay",
        );
        damaged(|| IdleSessions::<Test>::put(2), "the number of idle sessions is wrong");
        damaged(
            || Shares::<Test>::mutate(|shares| shares.total_share = Default::default()),
            "the sum of shares or the ledger is wrong",
        );
        damaged(
            || {
                Balances::burn_from(
                    &Subsidy::get(),
                    SUBSIDY,
                    frame_support::traits::tokens::Preservation::Expendable,
                    frame_support::traits::tokens::Precision::BestEffort,
                    frame_support::traits::tokens::Fortitude::Force,
                )
                .unwrap();
            },
            "the subsidy is overdrawn",
        );
        damaged(|| Releases::<Test>::remove(0), "a cool-down is missing in the queue");
        damaged(
            || Releases::<Test>::mutate(1, |r| r.as_mut().unwrap().due_secs = 0),
            "cool-downs are out of order",
        );
        damaged(
            || Releases::<Test>::mutate(1, |r| r.as_mut().unwrap().due_secs += 1),
            "a cool-down is queued for another time",
        );
        damaged(|| CoolDowns::<Test>::remove(stopped, 0), "a place in the queue has no cool-down");
        damaged(|| ReleaseRange::<Test>::put((0, 1)), "cool-downs stand outside their range");
        damaged(
            || {
                Releases::<Test>::remove(1);
                ReleaseRange::<Test>::put((0, 1));
            },
            "a cool-down is not queued",
        );
        damaged(
            || {
                Sessions::<Test>::remove(stopped);
                SessionOf::<Test>::remove(Worker::new("b").key());
            },
            "a cool-down has no session",
        );
        damaged(|| change(idle, |s| s.next_part = 0), "a cool-down's number was not given out");
        damaged(
            || change(stopped, |s| s.state = SessionState::CoolingDown { until_secs: 1 }),
            "a session that cools down has no cool-down",
        );
        damaged(
            || change(idle, |s| s.open_reductions = 0),
            "a session's number of reductions is wrong",
        );
        damaged(
            || change(offline, |s| s.counted -= 1),
            "the outage guard counts other sessions than those that are offline",
        );
    });
}

/// What pauses, other parameters, outages and the ring store.
#[test]
fn every_damage_to_what_governance_outages_and_pauses_store_is_noticed() {
    run(|| {
        let (paused, offline) = (Worker::mining("a", 5_000 * PHA), Worker::mining("b", 5_000 * PHA));
        paused.answer_next();
        paused.pause().unwrap();
        paused.resume().unwrap();
        offline.miss_and_be_reported();
        let mining = Mining::<Test>::get();
        MiningPallet::set_mining(RuntimeOrigin::root(), mining).unwrap();
        MiningPallet::set_economics(RuntimeOrigin::root(), Economics::<Test>::get()).unwrap();
        let change = |worker: &Worker, change: fn(&mut Session)| {
            let id = worker.session_id();
            Sessions::<Test>::mutate(id, |session| change(session.as_mut().unwrap()));
        };
        let now = System::block_number();

        damaged(|| change(&offline, |s| s.resumed = true), "a session was resumed and is not paused");
        let blocks: [fn(&mut Session); 4] = [
            |s| s.since_block = u32::MAX,
            |s| s.answered = u32::MAX,
            |s| s.counted = u32::MAX,
            |s| s.last_payout_block = u32::MAX,
        ];
        for damage in blocks {
            damaged(|| change(&paused, damage), "a session knows blocks that are not made yet");
        }
        damaged(
            || change(&paused, |s| s.answerable_from = u32::MAX),
            "a session is asked from a later block than the next",
        );
        let away = "the outage guard counts other sessions than those that are offline";
        damaged(Guard::<Test>::kill, away);
        let share = offline.session().position.unwrap().share;
        damaged(
            || {
                Guard::<Test>::mutate(|guard| guard.left(now, 1, 0, POOL, share));
            },
            away,
        );
        damaged(|| Guard::<Test>::mutate(|guard| guard.returned(now, share)), away);
        // A report that stands before one of an earlier block.
        damaged(
            || {
                let bytes = Guard::<Test>::get().encode();
                let mut rest = &bytes[..];
                let mut slots = Vec::<(u32, u128, u128, u32, Vec<PoolId>)>::decode(&mut rest).unwrap();
                slots.push((now - 1, 0, 0, 0, vec![]));
                let changed = [slots.encode(), rest.to_vec()].concat();
                Guard::<Test>::put(OutageGuard::decode(&mut &changed[..]).unwrap());
            },
            away,
        );

        let force = "a parameter in force is out of its bounds";
        damaged(|| Mining::<Test>::mutate(|p| p.heartbeat_window = 0), force);
        damaged(|| Economics::<Test>::mutate(|p| p.re = Default::default()), force);
        let speed = "the decaying clock does not run at the speed of the slash";
        damaged(|| ClockReadings::<Test>::mutate(|readings| readings.speed += 1), speed);
        damaged(|| Economics::<Test>::mutate(|p| p.keep_per_sec = khala_economics::Q96::ONE), speed);
        damaged(
            || NextMining::<Test>::mutate(|next| next.as_mut().unwrap().parameters.guard_pools = 4),
            "an announced mining parameter is out of its bounds",
        );
        damaged(
            || NextEconomics::<Test>::mutate(|next| next.as_mut().unwrap().parameters.re = Default::default()),
            "an announced economic parameter is out of its bounds",
        );

        let ring = "a challenge does not stand in its place of the ring";
        let slot = now % Mining::<Test>::get().ring_length();
        damaged(
            || Ring::<Test>::mutate(slot, |challenge| challenge.as_mut().unwrap().block -= 1),
            ring,
        );
        damaged(|| Ring::<Test>::swap(slot, slot - 1), ring);
        damaged(|| VoidBefore::<Test>::put(now + 1), "challenges are void that were not drawn yet");
    });
}
