//! What the pallet stores.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use khala_economics::{Clocks, Position};
use khala_primitives::{status::SessionState, Balance, BlockNumber, ConfidenceLevel, Instance, PoolId, WorkerPublicKey};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

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
        }
    }

    /// The values of networks on one machine: frequent challenges, short waits.
    pub fn local() -> Self {
        Self {
            challenges_per_hour: 360,
            cool_down_secs: 120,
            rebinding_grace_secs: 60,
            ..Self::khala()
        }
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
        positive(self.max_heartbeats_per_block.into(), "maxHeartbeatsPerBlock must be at least 1")?;
        positive(self.cool_down_secs, "coolDownSecs must be at least 1 second")?;
        positive(self.credited_cap_secs, "creditedCapSecs must be at least 1 second")?;
        positive(self.decaying_cap_secs, "decayingCapSecs must be at least 1 second")?;
        positive(self.halt_gap_secs, "haltGapSecs must be at least 1 second")?;
        if self.decaying_cap_secs > self.credited_cap_secs {
            return Err("decayingCapSecs must not exceed creditedCapSecs");
        }
        // A ring longer than this would hold challenges of blocks whose hashes the chain has forgotten.
        if self.heartbeat_window > 1_000 || self.report_window > 1_000 {
            return Err("heartbeatWindow and reportWindow must be at most 1000 blocks");
        }
        Ok(())
    }
}

/// Both clocks (`design/mining.md`, Two clocks), and when they were read.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Readings {
    /// The chain's time at the last reading, in seconds since 1970; zero before the first block.
    pub read_at: u64,
    /// The clocks, in seconds, zero at genesis: `credited` for budget, growth and deadlines, `decaying` for decay.
    pub clocks: Clocks,
}

/// Everything that a heartbeat touches of its worker.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Session {
    /// Whose session it is.
    pub worker: WorkerPublicKey,
    /// Whose stake it holds.
    pub pool: PoolId,
    /// Its state.
    pub state: SessionState,
    /// Block since which it is in this state.
    pub since_block: BlockNumber,
    /// The run of the enclave that may answer.
    pub instance: Instance,
    /// End of the worker's lease, in seconds since 1970.
    pub lease_end_secs: u64,
    /// Confidence level of the worker's evidence; it counts from the next settlement on.
    pub level: ConfidenceLevel,
    /// Stake, value and share; `None` in Ready.
    pub position: Option<Position>,
    /// Block of the newest challenge answered.
    pub answered: BlockNumber,
    /// Version of the policy by which the level was judged.
    pub policy_version: u32,
    /// Challenges before this block count for nothing.
    pub answerable_from: BlockNumber,
    /// Block of the challenge that was reported as missed, while Unresponsive.
    pub missed: BlockNumber,
    /// Principal that comes back when the cool-down is over, in planck; zero in every other state.
    pub cooling: Balance,
    /// Paid to the pool since the session began, in planck.
    pub paid: Balance,
    /// Heartbeats accepted since the session began.
    pub heartbeats: u32,
    /// Block of the last payment, 0 when there was none.
    pub last_payout_block: BlockNumber,
}

/// Money that heartbeats of this block have earned and that has not left the subsidy yet, in planck.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Unmoved {
    /// For the pools' pot.
    pub pot: Balance,
    /// For the treasury.
    pub treasury: Balance,
}

/// A principal on its way back.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Release {
    /// Reading of the credited clock from which on it is due, in seconds.
    pub due_secs: u64,
    /// The session in its cool-down.
    pub session: khala_primitives::SessionId,
}

/// What a stop gives back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stopped {
    /// Comes back when the cool-down is over, in planck.
    pub returned: Balance,
    /// Lost to the treasury at once, in planck.
    pub lost: Balance,
}
