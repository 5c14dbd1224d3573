//! The network's mining constants, and their bounds.

use crate::allowance::Measure;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use khala_primitives::{challenge::mean_interval, BlockNumber};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::Permill;

/// Slots in which the outage guard sums reports up: of a block each, or longer where workers are asked more rarely
/// ([`MiningParameters::outage_span`]; `design/mining.md`, Offline detection).
pub const OUTAGE_SLOTS: u32 = 100;
/// Most pools that the outage guard tells apart in one slot.
pub const MAX_GUARD_POOLS: u32 = 3;
/// Longest window, in blocks.
pub const MAX_WINDOW: u32 = 1_000;
/// Longest of the times: a year.
const MAX_SECS: u64 = 365 * 86_400;

/// The network's mining constants: `design/mining.md`, table of constants. Windows are in blocks, times in seconds of the credited clock.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MiningParameters {
    /// Blocks within which a challenge may be answered.
    pub heartbeat_window: u32,
    /// Blocks after that within which a miss may be reported.
    pub report_window: u32,
    /// Challenges that a worker gets in an hour, in the mean.
    pub challenges_per_hour: u32,
    /// Most heartbeats that a block asks for, in the mean.
    pub max_heartbeats_per_block: u32,
    /// Time between a stop and the return of the principal, in seconds.
    pub cool_down_secs: u64,
    /// Least distance in blocks between the challenge of a recovery and the one answered before it.
    pub recovery_spacing: u32,
    /// Score below which a worker cannot mine.
    pub minimal_score: u32,
    /// Most that one block advances the credited clock, in seconds.
    pub credited_cap_secs: u64,
    /// Most that one block advances the decaying clock, in seconds.
    pub decaying_cap_secs: u64,
    /// A block later than this after its parent voids all older challenges, in seconds.
    pub halt_gap_secs: u64,
    /// Time after a worker got another key from which on its value decays until it is heard of, in seconds.
    pub rebinding_grace_secs: u64,
    /// Seconds of maintenance that a worker has in `maintenance_period_secs` before its value decays.
    pub maintenance_secs: u64,
    /// Seconds in which used maintenance comes back.
    pub maintenance_period_secs: u64,
    /// An outage is more than this part of all shares leaving by reports within [`OUTAGE_SLOTS`] slots.
    pub guard_share: Permill,
    /// And at least so many sessions.
    pub guard_sessions: u32,
    /// And at least so many pools; at most [`MAX_GUARD_POOLS`].
    pub guard_pools: u32,
    /// Seconds that the outage guard may stop the decaying clock in `guard_period_secs`.
    pub guard_secs: u64,
    /// Seconds in which used time of the outage guard comes back.
    pub guard_period_secs: u64,
    /// Time between the announcement of other parameters and their effect, in seconds of the credited clock.
    pub parameter_delay_secs: u64,
}

impl MiningParameters {
    /// The production network's values.
    pub fn khala() -> Self {
        Self {
            heartbeat_window: 20,
            report_window: 100,
            challenges_per_hour: 12,
            max_heartbeats_per_block: 2_000,
            cool_down_secs: 7 * 86_400,
            recovery_spacing: 10,
            minimal_score: 50,
            credited_cap_secs: 600,
            decaying_cap_secs: 60,
            halt_gap_secs: 60,
            rebinding_grace_secs: 3_600,
            maintenance_secs: 24 * 3_600,
            maintenance_period_secs: 30 * 86_400,
            guard_share: Permill::from_percent(10),
            guard_sessions: 5,
            guard_pools: 3,
            guard_secs: 4 * 3_600,
            guard_period_secs: 24 * 3_600,
            parameter_delay_secs: 86_400,
        }
    }

    /// The values of networks on one machine: frequent challenges, short waits.
    pub fn local() -> Self {
        Self {
            challenges_per_hour: 360,
            cool_down_secs: 120,
            rebinding_grace_secs: 60,
            maintenance_secs: 600,
            maintenance_period_secs: 3_600,
            parameter_delay_secs: 60,
            ..Self::khala()
        }
    }

    /// How long a worker may pause.
    pub fn maintenance(&self) -> Measure {
        Measure {
            full: self.maintenance_secs,
            period: self.maintenance_period_secs,
        }
    }

    /// How long the outage guard may stop the decaying clock.
    pub fn outage(&self) -> Measure {
        Measure {
            full: self.guard_secs,
            period: self.guard_period_secs,
        }
    }

    /// Blocks of a slot of the outage guard, with so many idle sessions: all slots together are at least twice the mean time between two
    /// challenges of a worker.
    pub fn outage_span(&self, idle: u32, slot_ms: u64) -> BlockNumber {
        let interval = mean_interval(idle, self.challenges_per_hour, self.max_heartbeats_per_block, slot_ms);
        interval.saturating_mul(2).div_ceil(OUTAGE_SLOTS).max(1)
    }

    /// Length of the ring of challenges, in blocks.
    pub fn ring_length(&self) -> u32 {
        self.heartbeat_window.saturating_add(self.report_window).saturating_add(1)
    }

    /// The first value that is out of its bounds, with what is wrong about it.
    pub fn validate(&self) -> Result<(), &'static str> {
        let positive = |value: u64, message| if value == 0 { Err(message) } else { Ok(()) };
        positive(self.heartbeat_window.into(), "heartbeatWindow must be at least 1 block")?;
        positive(self.report_window.into(), "reportWindow must be at least 1 block")?;
        positive(
            self.challenges_per_hour.into(),
            "challengesPerHour must be at least 1: only answers are paid",
        )?;
        positive(self.max_heartbeats_per_block.into(), "maxHeartbeatsPerBlock must be at least 1")?;
        positive(self.cool_down_secs, "coolDownSecs must be at least 1 second")?;
        positive(self.credited_cap_secs, "creditedCapSecs must be at least 1 second")?;
        positive(self.decaying_cap_secs, "decayingCapSecs must be at least 1 second")?;
        positive(self.halt_gap_secs, "haltGapSecs must be at least 1 second")?;
        positive(self.maintenance_period_secs, "maintenancePeriodSecs must be at least 1 second")?;
        positive(self.guard_period_secs, "guardPeriodSecs must be at least 1 second")?;
        if self.cool_down_secs > MAX_SECS || self.parameter_delay_secs > MAX_SECS || self.rebinding_grace_secs > MAX_SECS {
            return Err("coolDownSecs, parameterDelaySecs and rebindingGraceSecs must be at most a year");
        }
        if self.maintenance_secs > self.maintenance_period_secs || self.guard_secs > self.guard_period_secs {
            return Err("an allowance must not be longer than its period");
        }
        if self.maintenance_period_secs > MAX_SECS || self.guard_period_secs > MAX_SECS {
            return Err("maintenancePeriodSecs and guardPeriodSecs must be at most a year");
        }
        if self.guard_pools > MAX_GUARD_POOLS {
            return Err("guardPools must be at most 3: no more are counted in a block");
        }
        if self.challenges_per_hour > 3_600 || self.max_heartbeats_per_block > 1_000_000 {
            return Err("challengesPerHour must be at most 3,600, maxHeartbeatsPerBlock at most 1,000,000");
        }
        if self.credited_cap_secs > 86_400 || self.halt_gap_secs > 86_400 {
            return Err("creditedCapSecs and haltGapSecs must be at most a day");
        }
        if self.decaying_cap_secs > self.credited_cap_secs {
            return Err("decayingCapSecs must not exceed creditedCapSecs");
        }
        // A ring longer than this would hold challenges of blocks whose hashes the chain has forgotten.
        if self.heartbeat_window > MAX_WINDOW || self.report_window > MAX_WINDOW {
            return Err("heartbeatWindow and reportWindow must be at most 1000 blocks");
        }
        if self.recovery_spacing > MAX_WINDOW {
            return Err("recoverySpacing must be at most 1000 blocks: nobody would come back in time");
        }
        Ok(())
    }
}
