//! Service: those who wait are paid out of free coins, and pools that have become too dear are left, without anybody's transaction.
//!
//! Payments of pools flow through by themselves. The vaults of the ring are those that have free coins and somebody who waits, or a pool
//! to leave; once in a time slot all vaults are looked at.

use crate::{pallet::*, types::Vault, weights::WeightInfo};
use frame_support::{
    storage::with_storage_layer,
    traits::Get,
    weights::{Weight, WeightMeter},
};
use khala_pallet_mining::Pallet as MiningPallet;
use khala_pallet_stake_pool::{Holdings as PoolHoldings, Pallet as Pools, Parameters as PoolTimes, Sweep, MAX_WORKERS};
use khala_primitives::{PoolId, VaultId};
use sp_runtime::{DispatchError, DispatchResult, Perbill};

/// Most payments of a visit.
pub const MAX_PAYMENTS: u32 = 8;
/// Part of a block for vaults.
pub const SERVICE_PART: Perbill = Perbill::from_percent(4);

/// How much a vault has to be valued by.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Load {
    /// Its pools.
    pub pools: u32,
    /// Sessions of these pools whose value decays.
    pub decaying: u32,
}

impl<T: Config> Pallet<T> {
    /// What valuing a vault is about.
    pub fn load(id: VaultId) -> Load {
        Vaults::<T>::get(id).map_or_else(Load::default, |vault| Self::load_of(&vault))
    }

    /// The same with one pool more.
    pub fn load_with(id: VaultId, pool: PoolId) -> Load {
        let load = Self::load(id);
        Load {
            pools: load.pools.saturating_add(1),
            decaying: load.decaying.saturating_add(MiningPallet::<T>::decaying_sessions(pool)),
        }
    }

    fn load_of(vault: &Vault<T::AccountId>) -> Load {
        let decaying = vault.places.iter().map(|place| MiningPallet::<T>::decaying_sessions(place.pool));
        Load {
            pools: u32::try_from(vault.places.len()).unwrap_or(u32::MAX),
            decaying: decaying.fold(0, u32::saturating_add),
        }
    }

    pub(crate) fn part_of_block() -> Weight {
        let block = <T as frame_system::Config>::BlockWeights::get().max_block;
        Weight::from_parts(SERVICE_PART.mul_floor(block.ref_time()), SERVICE_PART.mul_floor(block.proof_size()))
    }

    /// A visit that makes so many payments, and leaves a pool or none.
    pub(crate) fn visit_weight(load: Load, payments: u32, leaves: bool) -> Weight {
        let leaving = if leaves {
            <T as Config>::WeightInfo::leave_pool(MAX_WORKERS)
        } else {
            Weight::zero()
        };
        <T as Config>::WeightInfo::visit(load.pools, load.decaying)
            .saturating_add(<T as Config>::WeightInfo::pay_first(load.pools).saturating_mul(payments.into()))
            .saturating_add(leaving)
    }

    /// The dearest visit.
    pub(crate) fn dearest_visit(load: Load) -> Weight {
        Self::visit_weight(load, MAX_PAYMENTS, false).max(Self::visit_weight(load, 0, true))
    }

    /// Serves vaults, as far as a part of the block and what is left of it allow.
    pub(crate) fn serve(meter: &mut WeightMeter) {
        let mut ours = WeightMeter::with_limit(Self::part_of_block().min(meter.remaining()));
        Self::serve_ring(&mut ours);
        Self::look_at_all(&mut ours);
        meter.consume(ours.consumed());
    }

    fn serve_ring(meter: &mut WeightMeter) {
        while meter.try_consume(<T as Config>::WeightInfo::next_of_ring()).is_ok() {
            let Some(id) = Self::first_of_ring() else { break };
            let load = Self::load(id);
            if !meter.can_consume(Self::dearest_visit(load)) {
                break;
            }
            Self::leave_ring();
            let visit = with_storage_layer(|| Self::visit(id));
            let (payments, leaves) = visit.unwrap_or_else(|error| {
                frame_support::defensive!("a vault cannot be served", error);
                (0, false)
            });
            meter.consume(Self::visit_weight(load, payments, leaves));
        }
    }

    /// Leaves a pool that has become too dear, or else pays up to [`MAX_PAYMENTS`] of those who wait: how many, and whether a pool was
    /// left. A vault with more to do joins the ring again.
    pub(crate) fn visit(id: VaultId) -> Result<(u32, bool), DispatchError> {
        if let Some(pool) = Self::too_dear(id) {
            let mut vault = Self::vault(id)?;
            let held = PoolHoldings::<T>::get(Self::account(id), pool).shares;
            Self::take_out(id, &mut vault, pool, held, 0)?;
            Self::deposit_event(Event::PoolLeft { vault: id, pool });
            Self::join_ring(id, &mut vault)?;
            Self::put(id, vault)?;
            return Ok((0, true));
        }
        let mut at = Self::settled(id)?;
        Self::put(id, at.vault.clone())?;
        let mut payments = 0u32;
        while payments < MAX_PAYMENTS {
            let Some(after) = with_storage_layer(|| Self::pay_first(at.clone()))? else {
                break;
            };
            at = after;
            payments = payments.saturating_add(1);
        }
        if payments == MAX_PAYMENTS {
            let mut vault = Self::vault(id)?;
            Self::join_ring(id, &mut vault)?;
            Self::put(id, vault)?;
        }
        Ok((payments, false))
    }

    /// A pool of a vault whose commission, in force or announced, is above what the vault uses, and in which it has shares that are not
    /// queued.
    pub(crate) fn too_dear(id: VaultId) -> Option<PoolId> {
        let mut vault = Vaults::<T>::get(id)?;
        vault.commission_limit.apply(Pools::<T>::now());
        let account = Self::account(id);
        let dear = |pool: &PoolId| {
            let above = Self::dearest(*pool).is_some_and(|rate| rate > vault.commission_limit.now);
            above && PoolHoldings::<T>::get(&account, pool).shares > 0
        };
        vault.places.iter().map(|place| place.pool).find(dear)
    }

    /// Looks at every vault once in a time slot, as far as there is room: those with a pool to leave join the ring.
    pub(crate) fn look_at_all(meter: &mut WeightMeter) {
        let slot = Pools::<T>::now().checked_div(PoolTimes::<T>::get().sweep_secs).unwrap_or(0);
        let vaults = NextVaultId::<T>::get();
        let before = LookedAt::<T>::get();
        let mut at = before;
        if at.next >= vaults && at.slot != slot {
            at = Sweep { slot, next: 0 };
        }
        while at.next < vaults && meter.try_consume(<T as Config>::WeightInfo::look_at()).is_ok() {
            let looked = with_storage_layer(|| Self::look_at(at.next));
            frame_support::defensive_assert!(looked.is_ok(), "a vault cannot be looked at");
            at.next = at.next.saturating_add(1);
        }
        if at != before {
            LookedAt::<T>::put(at);
        }
    }

    pub(crate) fn look_at(id: VaultId) -> DispatchResult {
        if Self::too_dear(id).is_some() {
            let mut vault = Self::vault(id)?;
            Self::join_ring(id, &mut vault)?;
            Vaults::<T>::insert(id, vault);
        }
        Ok(())
    }
}
