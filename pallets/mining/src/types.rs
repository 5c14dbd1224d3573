//! What the pallet stores.

use crate::allowance::Allowance;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use khala_economics::Position;
use khala_primitives::{status::SessionState, Balance, BlockNumber, ConfidenceLevel, Instance, PoolId, SessionId, WorkerPublicKey};
use scale_info::TypeInfo;

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
    /// Score of the newest benchmark; the lower of it and the session's own counts from the next settlement on.
    pub score: u32,
    /// Whether the operator has ended its maintenance: a sign of life brings it back.
    pub resumed: bool,
    /// What it has used of its maintenance.
    pub maintenance: Allowance,
    /// Block of the newest report of it that the outage guard has counted; 0 when there was none.
    pub counted: BlockNumber,
    /// Principal that comes back when its cool-downs are over, in planck: of reductions, and of the stop.
    pub cooling: Balance,
    /// Number of its next cool-down.
    pub next_part: u32,
    /// Reductions that cool down.
    pub open_reductions: u8,
    /// What it would lose of its stake if it were stopped, as of its last settlement, in planck.
    pub impaired: Balance,
    /// Whether its value decays, or will once a grace is over.
    pub decays: bool,
    /// Paid to the pool since the session began, in planck.
    pub paid: Balance,
    /// Heartbeats accepted since the session began.
    pub heartbeats: u32,
    /// Block of the last payment, 0 when there was none.
    pub last_payout_block: BlockNumber,
}

/// What an accepted heartbeat has paid.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Payment {
    /// The session.
    pub session: SessionId,
    /// Its worker.
    pub worker: WorkerPublicKey,
    /// Block of the challenge that was answered.
    pub block: BlockNumber,
    /// To the pool, in planck.
    pub paid: Balance,
    /// To the treasury, in planck.
    pub treasury: Balance,
    /// The value after it, with 18 decimals.
    pub v: u128,
    /// The speed that it claims and that counts from now on.
    pub p_instant: u32,
}

/// Money that heartbeats of this block have earned and that has not left the subsidy yet, in planck.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Unmoved {
    /// For the pools' pot.
    pub pot: Balance,
    /// For the treasury.
    pub treasury: Balance,
}

/// A place in the queue of cool-downs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Release {
    /// Reading of the credited clock from which on it is due, in seconds.
    pub due_secs: u64,
    /// Whose principal it is.
    pub session: SessionId,
    /// Which of the session's cool-downs.
    pub part: u32,
}

/// A principal on its way back.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct CoolDown {
    /// Reading of the credited clock from which on it is due, in seconds.
    pub due_secs: u64,
    /// What comes back, in planck.
    pub amount: Balance,
}

/// Parameters that will be in force later.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Announced<P> {
    /// Reading of the credited clock from which on they are in force, in seconds.
    pub due_secs: u64,
    /// The parameters.
    pub parameters: P,
}

/// What a stop or a reduction gives back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stopped {
    /// Comes back when the cool-down is over, in planck.
    pub returned: Balance,
    /// Lost to the treasury at once, in planck.
    pub lost: Balance,
}
