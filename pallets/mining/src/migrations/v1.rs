//! 0 to 1: sessions know what they would lose of their stakes and whether they decay, and pools the sums of it.

use crate::{pallet::*, types::Session, Allowance};
use codec::{Decode, Encode, MaxEncodedLen};
use core::marker::PhantomData;
use frame_support::{
    migrations::VersionedMigration,
    traits::{Get, UncheckedOnRuntimeUpgrade},
    weights::Weight,
};
use khala_economics::Position;
use khala_primitives::{status::SessionState, Balance, BlockNumber, ConfidenceLevel, Instance, PoolId, WorkerPublicKey};
use scale_info::TypeInfo;

/// The migration, which runs once, on a chain whose storage is of version 0.
pub type MigrateV0ToV1<T> = VersionedMigration<0, 1, InnerMigrateV0ToV1<T>, Pallet<T>, <T as frame_system::Config>::DbWeight>;

/// A session of version 0; its fields are those of [`Session`].
#[derive(Clone, Encode, Decode, MaxEncodedLen, TypeInfo)]
#[allow(missing_docs)]
pub struct SessionV0 {
    pub worker: WorkerPublicKey,
    pub pool: PoolId,
    pub state: SessionState,
    pub since_block: BlockNumber,
    pub instance: Instance,
    pub lease_end_secs: u64,
    pub level: ConfidenceLevel,
    pub position: Option<Position>,
    pub answered: BlockNumber,
    pub policy_version: u32,
    pub answerable_from: BlockNumber,
    pub missed: BlockNumber,
    pub score: u32,
    pub resumed: bool,
    pub maintenance: Allowance,
    pub counted: BlockNumber,
    pub cooling: Balance,
    pub next_part: u32,
    pub open_reductions: u8,
    pub paid: Balance,
    pub heartbeats: u32,
    pub last_payout_block: BlockNumber,
}

impl From<SessionV0> for Session {
    fn from(old: SessionV0) -> Self {
        Self {
            worker: old.worker,
            pool: old.pool,
            state: old.state,
            since_block: old.since_block,
            instance: old.instance,
            lease_end_secs: old.lease_end_secs,
            level: old.level,
            position: old.position,
            answered: old.answered,
            policy_version: old.policy_version,
            answerable_from: old.answerable_from,
            missed: old.missed,
            score: old.score,
            resumed: old.resumed,
            maintenance: old.maintenance,
            counted: old.counted,
            cooling: old.cooling,
            next_part: old.next_part,
            open_reductions: old.open_reductions,
            impaired: 0,
            decays: false,
            paid: old.paid,
            heartbeats: old.heartbeats,
            last_payout_block: old.last_payout_block,
        }
    }
}

/// The work of [`MigrateV0ToV1`]; it does not look at the version.
pub struct InnerMigrateV0ToV1<T>(PhantomData<T>);

impl<T: Config> UncheckedOnRuntimeUpgrade for InnerMigrateV0ToV1<T> {
    fn on_runtime_upgrade() -> Weight {
        let economics = Economics::<T>::get();
        let mut sessions = 0u64;
        Sessions::<T>::translate(|id, old: SessionV0| {
            sessions = sessions.saturating_add(1);
            let mut session = Session::from(old);
            // Only numbers that no session can have are refused; the session is kept as it is.
            let assessed = Pallet::<T>::assess(&economics, id, &mut session);
            frame_support::defensive_assert!(assessed.is_ok(), "a session cannot be assessed");
            Some(session)
        });
        // Each session, and what its pool knows of it.
        T::DbWeight::get().reads_writes(sessions.saturating_mul(3).saturating_add(1), sessions.saturating_mul(3))
    }

    #[cfg(feature = "try-runtime")]
    fn pre_upgrade() -> Result<alloc::vec::Vec<u8>, sp_runtime::TryRuntimeError> {
        Ok(Sessions::<T>::count().encode())
    }

    #[cfg(feature = "try-runtime")]
    fn post_upgrade(state: alloc::vec::Vec<u8>) -> Result<(), sp_runtime::TryRuntimeError> {
        let before = u32::decode(&mut &state[..]).map_err(|_| "the state before cannot be read")?;
        frame_support::ensure!(Sessions::<T>::iter_values().count() == before as usize, "a session was lost");
        Pallet::<T>::do_try_state()
    }
}
