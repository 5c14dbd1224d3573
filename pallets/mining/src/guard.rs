//! The outage guard: when a large part of the network is reported at once, it is not the workers' fault, and nobody's value decays.
//!
//! Reports of the last blocks are summed up in at most [`OUTAGE_SLOTS`] slots. A report adds the share of its session to what has
//! *left*, once within that time, and to what is *away* until the session is back or stopped. A slot is a block, and longer where
//! workers are asked more rarely than every 50 blocks: the slots together are at least twice the mean time between two challenges of
//! a worker, in which six of seven workers that vanish are missed.

use crate::{
    allowance::{Allowance, Measure},
    pallet::*,
    parameters::{MiningParameters, MAX_GUARD_POOLS, OUTAGE_SLOTS},
};
use alloc::collections::BTreeSet;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    traits::{ConstU32, Get},
    BoundedVec,
};
use khala_economics::Fixed;
use khala_primitives::{BlockNumber, PoolId};
use scale_info::TypeInfo;

/// Least that has to be left of the allowance for the guard to begin: it shall not flicker. In seconds.
const LEAST_SECS: u64 = 600;

/// What reports of some blocks have taken out.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
struct Slot {
    /// The first of the blocks, whose reports count as this one's.
    block: BlockNumber,
    /// Shares that left.
    left: Fixed,
    /// Those of them that are not back.
    away: Fixed,
    /// Sessions that left.
    sessions: u32,
    /// Pools that they are of; the first few tell enough.
    pools: BoundedVec<PoolId, ConstU32<MAX_GUARD_POOLS>>,
}

/// What is known of an outage.
#[derive(Clone, Default, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct OutageGuard {
    /// Those that had reports, oldest first.
    slots: BoundedVec<Slot, ConstU32<OUTAGE_SLOTS>>,
    /// The first block of the outage, while there is one.
    since: Option<BlockNumber>,
    /// Shares that left in the outage before the oldest slot and are not back.
    held: Fixed,
    /// How much of the time for outages is used up.
    allowance: Allowance,
}

/// What happened to the guard in a block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Turn {
    /// It stops the decaying clock from now on.
    Began,
    /// The decaying clock runs again.
    Ended,
}

impl OutageGuard {
    /// Does the decaying clock stand?
    pub fn is_on(&self) -> bool {
        self.since.is_some()
    }

    /// Seconds for which the guard may still be on, at reading `now` of the credited clock.
    pub fn left_secs(&self, now: u64, measure: Measure) -> u64 {
        if self.is_on() {
            self.allowance.ended(now, measure).left(now, measure)
        } else {
            self.allowance.left(now, measure)
        }
    }

    /// Shares that are away: of reports within the window, and of the whole outage while there is one.
    pub fn away(&self) -> Fixed {
        self.slots
            .iter()
            .fold(self.held, |sum, slot| sum.checked_add(slot.away).unwrap_or(sum))
    }

    /// A session of this share and pool left by a report; slots are of `span` blocks. `counted` is the block as which its last report
    /// was counted; the one that counts now is returned.
    pub fn left(&mut self, now: BlockNumber, span: BlockNumber, counted: BlockNumber, pool: PoolId, share: Fixed) -> BlockNumber {
        let mut again = self.slots.iter_mut().filter(|slot| slot.block == counted && counted != 0);
        if let Some(slot) = again.next() {
            slot.away = slot.away.checked_add(share).unwrap_or(slot.away);
            return counted;
        }
        if self.slots.last().is_none_or(|slot| slot.block.saturating_add(span) <= now) {
            let slot = Slot {
                block: now,
                left: Fixed::ZERO,
                away: Fixed::ZERO,
                sessions: 0,
                pools: BoundedVec::new(),
            };
            self.forget(now, span);
            // There is no room while slots that were shorter fill the list: then the newest of them counts for longer.
            let _ = self.slots.try_push(slot);
        }
        let Some(slot) = self.slots.last_mut() else { return counted };
        slot.left = slot.left.checked_add(share).unwrap_or(slot.left);
        slot.away = slot.away.checked_add(share).unwrap_or(slot.away);
        slot.sessions = slot.sessions.saturating_add(1);
        if !slot.pools.contains(&pool) {
            // A fourth pool of a slot changes nothing.
            let _ = slot.pools.try_push(pool);
        }
        slot.block
    }

    /// A session that left by the report counted at `counted` is back, or has ended.
    pub fn returned(&mut self, counted: BlockNumber, share: Fixed) {
        if let Some(slot) = self.slots.iter_mut().find(|slot| slot.block == counted) {
            slot.away = slot.away.saturating_sub(share);
        } else if self.since.is_some_and(|since| counted >= since) {
            self.held = self.held.saturating_sub(share);
        }
    }

    /// Once a block: forgets what is older than slots of `span` blocks reach, and begins or ends. `total` is the sum of the shares of
    /// all idle sessions, `now_secs` the reading of the credited clock.
    pub fn turn(&mut self, now: BlockNumber, span: BlockNumber, now_secs: u64, total: Fixed, mining: &MiningParameters) -> Option<Turn> {
        self.forget(now, span);
        let before = total.units().saturating_add(self.away().units());
        // Rounded down: a share is above the limit only if it is above it by a whole unit of 10^-18.
        let limit = Fixed::from_units(mining.guard_share.mul_floor(before));
        if self.is_on() {
            let goes_on = self.away() > limit && self.left_secs(now_secs, mining.outage()) > 0;
            return (!goes_on).then(|| {
                self.since = None;
                self.held = Fixed::ZERO;
                self.allowance = self.allowance.ended(now_secs, mining.outage());
                Turn::Ended
            });
        }
        let (mut left, mut sessions, mut pools) = (Fixed::ZERO, 0u32, BTreeSet::new());
        for slot in &self.slots {
            left = left.checked_add(slot.left).unwrap_or(left);
            sessions = sessions.saturating_add(slot.sessions);
            pools.extend(slot.pools.iter().copied());
        }
        let least = LEAST_SECS.min(mining.guard_secs);
        // Those who are back do not make another outage of reports that have made one.
        let begins = left > limit
            && self.away() > limit
            && sessions >= mining.guard_sessions
            && pools.len() >= mining.guard_pools as usize
            && mining.guard_secs > 0
            && self.allowance.left(now_secs, mining.outage()) >= least;
        begins.then(|| {
            self.since = Some(self.slots.first().map_or(now, |slot| slot.block));
            self.allowance = self.allowance.begun(now_secs, mining.outage());
            Turn::Began
        })
    }

    /// Is what it counts as away in block `now` just what these sessions, with the block that was counted and their share, add up to?
    pub(crate) fn is_true_to(&self, now: BlockNumber, offline: &[(BlockNumber, Fixed)]) -> bool {
        let sum = |counts: &dyn Fn(BlockNumber) -> bool| {
            let shares = offline.iter().filter(|(counted, _)| counts(*counted));
            shares.fold(Fixed::ZERO, |sum, (_, share)| sum.checked_add(*share).unwrap_or(sum))
        };
        let ordered = self.slots.iter().zip(self.slots.iter().skip(1)).all(|(a, b)| a.block < b.block);
        let in_slot = |counted| self.slots.iter().any(|slot| slot.block == counted);
        let held = |counted| self.since.is_some_and(|since| counted >= since) && !in_slot(counted);
        // Slots are a block at least, and the oldest are forgotten first.
        let oldest = self.slots.first().map_or(now, |slot| slot.block);
        let forgotten = |counted: BlockNumber| counted <= now.saturating_sub(OUTAGE_SLOTS) && counted < oldest;
        let known = offline.iter().all(|(counted, _)| in_slot(*counted) || forgotten(*counted));
        ordered && known && self.held == sum(&held) && self.slots.iter().all(|slot| slot.away == sum(&|counted| counted == slot.block))
    }

    /// Drops the slots that are too old. While there is an outage, what is away of it is still known.
    fn forget(&mut self, now: BlockNumber, span: BlockNumber) {
        let until = now.saturating_sub(span.saturating_mul(OUTAGE_SLOTS));
        let on = self.is_on();
        let held = &mut self.held;
        self.slots.retain(|slot| {
            let stays = slot.block > until;
            if !stays && on {
                *held = held.checked_add(slot.away).unwrap_or(*held);
            }
            stays
        });
    }
}

impl<T: Config> Pallet<T> {
    /// Once a block: begins or ends an outage.
    pub(crate) fn turn_guard() {
        let before = Guard::<T>::get();
        let mut guard = before.clone();
        let now = Self::clocks().credited;
        let mining = Mining::<T>::get();
        let span = mining.outage_span(IdleSessions::<T>::get(), T::SlotMs::get());
        let turn = guard.turn(Self::now_block(), span, now, Shares::<T>::get().total_share, &mining);
        if guard != before {
            Guard::<T>::put(guard);
        }
        match turn {
            Some(Turn::Began) => Self::deposit_event(Event::OutageBegan),
            Some(Turn::Ended) => Self::deposit_event(Event::OutageEnded),
            None => {}
        }
    }
}
