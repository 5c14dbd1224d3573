//! From version 0: every session before and after.

use crate::{
    migrations::v1::{MigrateV0ToV1, SessionV0},
    mock::*,
    *,
};
use codec::Encode;
use frame_support::traits::{GetStorageVersion, OnRuntimeUpgrade, StorageVersion};
use khala_primitives::PHA;

#[test]
fn sessions_learn_what_they_would_lose_and_keep_all_else() {
    run(|| {
        let (offline, idle, stopped) = (
            Worker::mining("a", 5_000 * PHA),
            Worker::mining("b", 5_000 * PHA),
            Worker::mining("c", 5_000 * PHA),
        );
        offline.miss_and_be_reported();
        (0..60).for_each(|_| next_block_after(60));
        MiningPallet::settle_decays(POOL).unwrap();
        MiningPallet::reduce_stake(&idle.key(), 100 * PHA).unwrap();
        MiningPallet::stop(&stopped.key()).unwrap();
        let before: Vec<_> = [&offline, &idle, &stopped]
            .map(|worker| (worker.session_id(), worker.session()))
            .to_vec();
        let lost = Impaired::<Test>::get(POOL);
        assert!(lost > 0);

        StorageVersion::new(0).put::<MiningPallet>();
        Impaired::<Test>::remove(POOL);
        Decaying::<Test>::remove(POOL);
        for (id, session) in before.clone() {
            let old = SessionV0 {
                worker: session.worker,
                pool: session.pool,
                state: session.state,
                since_block: session.since_block,
                instance: session.instance,
                lease_end_secs: session.lease_end_secs,
                level: session.level,
                position: session.position,
                answered: session.answered,
                policy_version: session.policy_version,
                answerable_from: session.answerable_from,
                missed: session.missed,
                score: session.score,
                resumed: session.resumed,
                maintenance: session.maintenance,
                counted: session.counted,
                cooling: session.cooling,
                next_part: session.next_part,
                open_reductions: session.open_reductions,
                paid: session.paid,
                heartbeats: session.heartbeats,
                last_payout_block: session.last_payout_block,
            };
            frame_support::storage::unhashed::put_raw(&Sessions::<Test>::hashed_key_for(id), &old.encode());
        }
        MigrateV0ToV1::<Test>::on_runtime_upgrade();
        assert_eq!(MiningPallet::on_chain_storage_version(), 1);
        for (id, session) in before {
            assert_eq!(Sessions::<Test>::get(id), Some(session));
        }
        assert_eq!((Impaired::<Test>::get(POOL), MiningPallet::decaying_sessions(POOL)), (lost, 1));
    });
}
