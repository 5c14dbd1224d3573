//! What blocks tell: the chain's events, as far as they are kept.

use super::vault::{self, VaultFact};
use crate::model::{Address, Key};
use khala_client::Event;
use khala_primitives::{
    status::Absence, AccountId32, Balance, BlockNumber, ConfidenceLevel, PoolId, RequestId, SessionId, VaultId, WorkerPublicKey,
};

/// What an accepted heartbeat has paid.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Payment {
    /// The session.
    pub session: SessionId,
    /// Its worker.
    pub worker: Key,
    /// Block of the challenge that was answered.
    pub block: BlockNumber,
    /// To the pool, in planck.
    pub paid: Balance,
    /// To the treasury, in planck.
    pub treasury: Balance,
    /// The value after it, 18 decimals.
    pub v: u128,
    /// The speed that counts from now on.
    pub p_instant: u32,
}

/// Something that a block tells. Amounts in planck, V with 18 decimals, `_secs` readings of the credited clock but for leases.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Fact {
    Settled {
        payments: Vec<Payment>,
    },
    SessionCreated {
        session: SessionId,
        worker: Key,
        pool: PoolId,
    },
    SessionRemoved {
        session: SessionId,
        worker: Key,
    },
    Started {
        session: SessionId,
        worker: Key,
        stake: Balance,
        v: u128,
    },
    Recovered {
        session: SessionId,
        worker: Key,
        block: BlockNumber,
        forfeited: Balance,
        v: u128,
    },
    Unresponsive {
        session: SessionId,
        worker: Key,
        absence: Absence,
        missed: BlockNumber,
        forfeited: Balance,
    },
    Stopped {
        session: SessionId,
        worker: Key,
        returned: Balance,
        lost: Balance,
        due_secs: u64,
    },
    StakeAdded {
        session: SessionId,
        worker: Key,
        stake: Balance,
        v: u128,
        v_e: u128,
    },
    StakeReduced {
        session: SessionId,
        worker: Key,
        stake: Balance,
        v: u128,
        v_e: u128,
        returned: Balance,
        lost: Balance,
        due_secs: u64,
    },
    Resumed {
        session: SessionId,
        worker: Key,
    },
    Released {
        session: SessionId,
        worker: Key,
        returned: Balance,
        ended: bool,
    },

    WorkerRegistered {
        worker: Key,
        operator: Address,
        level: u8,
        lease_end_secs: u64,
    },
    WorkerRenewed {
        worker: Key,
        level: u8,
        lease_end_secs: u64,
    },
    EvidenceRefused {
        worker: Key,
    },
    WorkerReverified {
        worker: Key,
        level: u8,
    },
    OperatorChanged {
        worker: Key,
        to: Address,
    },
    WorkerRebound {
        old: Key,
        new: Key,
    },
    BenchmarkAsked {
        worker: Key,
    },
    BenchmarkMeasured {
        worker: Key,
        score: u32,
    },
    WorkerRetired {
        worker: Key,
    },
    MeasurementAllowed {
        measurement: Key,
        active_from_secs: u64,
        deprecated_from_secs: Option<u64>,
    },
    MeasurementDeprecated {
        measurement: Key,
        from_secs: u64,
    },

    PoolCreated {
        pool: PoolId,
        owner: Address,
        commission_ppm: u32,
    },
    Delegated {
        pool: PoolId,
        who: Address,
        amount: Balance,
        shares: u128,
    },
    Undelegated {
        pool: PoolId,
        who: Address,
        shares: u128,
        amount: Balance,
    },
    SharesTransferred {
        pool: PoolId,
        from: Address,
        to: Address,
        shares: u128,
    },
    RequestQueued {
        pool: PoolId,
        request: RequestId,
        who: Address,
        shares: u128,
        deadline_secs: u64,
    },
    RequestDue {
        pool: PoolId,
        request: RequestId,
    },
    RequestPaid {
        pool: PoolId,
        request: RequestId,
        who: Address,
        shares: u128,
        amount: Balance,
        left: u128,
    },
    RequestCancelled {
        pool: PoolId,
        request: RequestId,
        who: Address,
        shares: u128,
    },
    PaymentBooked {
        who: Address,
        amount: Balance,
    },
    PaymentClaimed {
        who: Address,
        amount: Balance,
    },
    CommissionChanged {
        pool: PoolId,
        commission_ppm: u32,
    },
    RiseAnnounced {
        pool: PoolId,
        commission_ppm: u32,
        due_secs: u64,
    },
    RiseCancelled {
        pool: PoolId,
        commission_ppm: u32,
    },
    MemberChanged {
        pool: PoolId,
        account: Address,
        allowed: bool,
    },
    RestTaken {
        pool: PoolId,
        amount: Balance,
    },
    RewardTaken {
        pool: PoolId,
        commission: Balance,
        rest: Balance,
    },
    CommissionClaimed {
        pool: PoolId,
        owner: Address,
        amount: Balance,
    },
    /// Something of a pool changed that is read from the chain.
    PoolTouched {
        pool: PoolId,
    },

    Vault {
        vault: VaultId,
        fact: VaultFact,
    },
}

impl Fact {
    /// The workers that have to be read from the chain for it.
    pub fn workers(&self) -> [Option<Key>; 2] {
        match self {
            Self::SessionCreated { worker, .. }
            | Self::SessionRemoved { worker, .. }
            | Self::Started { worker, .. }
            | Self::Recovered { worker, .. }
            | Self::Unresponsive { worker, .. }
            | Self::Stopped { worker, .. }
            | Self::StakeAdded { worker, .. }
            | Self::StakeReduced { worker, .. }
            | Self::Resumed { worker, .. }
            | Self::Released { worker, .. }
            | Self::WorkerRegistered { worker, .. }
            | Self::WorkerRenewed { worker, .. }
            | Self::EvidenceRefused { worker }
            | Self::WorkerReverified { worker, .. }
            | Self::OperatorChanged { worker, .. }
            | Self::BenchmarkAsked { worker }
            | Self::BenchmarkMeasured { worker, .. }
            | Self::WorkerRetired { worker } => [Some(*worker), None],
            Self::WorkerRebound { old, new } => [Some(*old), Some(*new)],
            _ => [None, None],
        }
    }

    /// Whether the pool of its worker has to be read from the chain for it: what the pool may lose has changed.
    pub fn touches_pool_of_worker(&self) -> bool {
        matches!(
            self,
            Self::Recovered { .. } | Self::Unresponsive { .. } | Self::WorkerRebound { .. }
        )
    }

    /// The vault that has to be read from the chain for it.
    pub fn vault(&self) -> Option<VaultId> {
        match self {
            Self::Vault { vault, .. } => Some(*vault),
            _ => None,
        }
    }

    /// The pool that has to be read from the chain for it. Rewards that are taken in change nothing: they were counted before.
    pub fn pool(&self) -> Option<PoolId> {
        match self {
            Self::PoolCreated { pool, .. }
            | Self::Delegated { pool, .. }
            | Self::Undelegated { pool, .. }
            | Self::SharesTransferred { pool, .. }
            | Self::RequestQueued { pool, .. }
            | Self::RequestDue { pool, .. }
            | Self::RequestPaid { pool, .. }
            | Self::RequestCancelled { pool, .. }
            | Self::CommissionChanged { pool, .. }
            | Self::RiseAnnounced { pool, .. }
            | Self::RiseCancelled { pool, .. }
            | Self::MemberChanged { pool, .. }
            | Self::RestTaken { pool, .. }
            | Self::CommissionClaimed { pool, .. }
            | Self::PoolTouched { pool } => Some(*pool),
            _ => None,
        }
    }
}

/// Reads an event; `None` for those that are not kept.
///
/// # Errors
/// It is one that is kept, and has another shape than this indexer knows.
pub fn read(event: &Event) -> Result<Option<Fact>, khala_client::ClientError> {
    match event.pallet.as_str() {
        "Mining" => mining(event),
        "Registry" => registry(event),
        "Attestation" => attestation(event),
        "StakePool" => stake_pool(event),
        "Vault" => Ok(vault::read(event)?.map(|(vault, fact)| Fact::Vault { vault, fact })),
        _ => Ok(None),
    }
}

type Read = Result<Option<Fact>, khala_client::ClientError>;

fn key(worker: WorkerPublicKey) -> Key {
    Key(worker.0)
}

fn address(account: AccountId32) -> Address {
    Address::from(&account)
}

fn mining(event: &Event) -> Read {
    Ok(Some(match event.name.as_str() {
        "Settled" => {
            type One = (SessionId, WorkerPublicKey, BlockNumber, Balance, Balance, u128, u32);
            let payments = event.decode::<Vec<One>>()?.into_iter();
            Fact::Settled {
                payments: payments
                    .map(|(session, worker, block, paid, treasury, v, p_instant)| Payment {
                        session,
                        worker: key(worker),
                        block,
                        paid,
                        treasury,
                        v,
                        p_instant,
                    })
                    .collect(),
            }
        }
        "SessionCreated" => {
            let (session, worker, pool) = event.decode::<(_, WorkerPublicKey, _)>()?;
            Fact::SessionCreated {
                session,
                worker: key(worker),
                pool,
            }
        }
        "SessionRemoved" => {
            let (session, worker) = event.decode::<(_, WorkerPublicKey)>()?;
            Fact::SessionRemoved {
                session,
                worker: key(worker),
            }
        }
        "Started" => {
            let (session, worker, stake, v) = event.decode::<(_, WorkerPublicKey, _, _)>()?;
            Fact::Started {
                session,
                worker: key(worker),
                stake,
                v,
            }
        }
        "Recovered" => {
            let (session, worker, block, forfeited, v) = event.decode::<(_, WorkerPublicKey, _, _, _)>()?;
            Fact::Recovered {
                session,
                worker: key(worker),
                block,
                forfeited,
                v,
            }
        }
        "BecameUnresponsive" => {
            let (session, worker, absence, missed, forfeited) = event.decode::<(_, WorkerPublicKey, _, _, _)>()?;
            Fact::Unresponsive {
                session,
                worker: key(worker),
                absence,
                missed,
                forfeited,
            }
        }
        "Stopped" => {
            let (session, worker, returned, lost, due_secs) = event.decode::<(_, WorkerPublicKey, _, _, _)>()?;
            Fact::Stopped {
                session,
                worker: key(worker),
                returned,
                lost,
                due_secs,
            }
        }
        "StakeAdded" => {
            let (session, worker, _more, stake, v, v_e) = event.decode::<(_, WorkerPublicKey, Balance, _, _, _)>()?;
            Fact::StakeAdded {
                session,
                worker: key(worker),
                stake,
                v,
                v_e,
            }
        }
        "StakeReduced" => {
            let (session, worker, stake, v, v_e, returned, lost, due_secs) = event.decode::<(_, WorkerPublicKey, _, _, _, _, _, _)>()?;
            Fact::StakeReduced {
                session,
                worker: key(worker),
                stake,
                v,
                v_e,
                returned,
                lost,
                due_secs,
            }
        }
        "Resumed" => {
            let (session, worker) = event.decode::<(_, WorkerPublicKey)>()?;
            Fact::Resumed {
                session,
                worker: key(worker),
            }
        }
        "Released" => {
            let (session, worker, returned, ended) = event.decode::<(_, WorkerPublicKey, _, _)>()?;
            Fact::Released {
                session,
                worker: key(worker),
                returned,
                ended,
            }
        }
        _ => return Ok(None),
    }))
}

fn registry(event: &Event) -> Read {
    Ok(Some(match event.name.as_str() {
        "WorkerRegistered" => {
            type Fields = (WorkerPublicKey, AccountId32, [u8; 32], [u8; 32], ConfidenceLevel, u64);
            let (worker, operator, _measurement, _platform, level, lease_end_secs) = event.decode::<Fields>()?;
            Fact::WorkerRegistered {
                worker: key(worker),
                operator: address(operator),
                level: level.into(),
                lease_end_secs,
            }
        }
        "WorkerRenewed" => {
            let (worker, _instance, level, lease_end_secs) = event.decode::<(WorkerPublicKey, [u8; 16], ConfidenceLevel, _)>()?;
            Fact::WorkerRenewed {
                worker: key(worker),
                level: level.into(),
                lease_end_secs,
            }
        }
        // The reason is read in words from the chain.
        "EvidenceRefused" => Fact::EvidenceRefused {
            worker: key(event.decode()?),
        },
        "WorkerReverified" => {
            let (worker, level) = event.decode::<(_, ConfidenceLevel)>()?;
            Fact::WorkerReverified {
                worker: key(worker),
                level: level.into(),
            }
        }
        "OperatorChanged" => {
            let (worker, _from, to) = event.decode::<(_, AccountId32, _)>()?;
            Fact::OperatorChanged {
                worker: key(worker),
                to: address(to),
            }
        }
        "WorkerRebound" => {
            let (old, new) = event.decode()?;
            Fact::WorkerRebound {
                old: key(old),
                new: key(new),
            }
        }
        "BenchmarkAsked" => Fact::BenchmarkAsked {
            worker: key(event.decode()?),
        },
        "BenchmarkMeasured" => {
            let (worker, score) = event.decode()?;
            Fact::BenchmarkMeasured {
                worker: key(worker),
                score,
            }
        }
        "WorkerRetired" => Fact::WorkerRetired {
            worker: key(event.decode()?),
        },
        _ => return Ok(None),
    }))
}

fn attestation(event: &Event) -> Read {
    Ok(Some(match event.name.as_str() {
        "MeasurementAllowed" => {
            let (measurement, _roles, active_from_secs, deprecated_from_secs) = event.decode::<(_, u8, _, _)>()?;
            Fact::MeasurementAllowed {
                measurement: Key(measurement),
                active_from_secs,
                deprecated_from_secs,
            }
        }
        "MeasurementDeprecated" => {
            let (measurement, from_secs) = event.decode()?;
            Fact::MeasurementDeprecated {
                measurement: Key(measurement),
                from_secs,
            }
        }
        _ => return Ok(None),
    }))
}

fn stake_pool(event: &Event) -> Read {
    Ok(Some(match event.name.as_str() {
        "PoolCreated" => {
            let (pool, owner, commission_ppm) = event.decode()?;
            Fact::PoolCreated {
                pool,
                owner: address(owner),
                commission_ppm,
            }
        }
        "Delegated" => {
            let (pool, who, amount, shares) = event.decode()?;
            Fact::Delegated {
                pool,
                who: address(who),
                amount,
                shares,
            }
        }
        "Undelegated" => {
            let (pool, who, shares, amount) = event.decode()?;
            Fact::Undelegated {
                pool,
                who: address(who),
                shares,
                amount,
            }
        }
        "SharesTransferred" => {
            let (pool, from, to, shares) = event.decode()?;
            Fact::SharesTransferred {
                pool,
                from: address(from),
                to: address(to),
                shares,
            }
        }
        "RequestQueued" => {
            let (pool, request, who, shares, deadline_secs) = event.decode()?;
            Fact::RequestQueued {
                pool,
                request,
                who: address(who),
                shares,
                deadline_secs,
            }
        }
        "RequestDue" => {
            let (pool, request) = event.decode()?;
            Fact::RequestDue { pool, request }
        }
        "RequestPaid" => {
            let (pool, request, who, shares, amount, left) = event.decode()?;
            Fact::RequestPaid {
                pool,
                request,
                who: address(who),
                shares,
                amount,
                left,
            }
        }
        "RequestCancelled" => {
            let (pool, request, who, shares) = event.decode()?;
            Fact::RequestCancelled {
                pool,
                request,
                who: address(who),
                shares,
            }
        }
        "PaymentBooked" => {
            let (who, amount) = event.decode()?;
            Fact::PaymentBooked { who: address(who), amount }
        }
        "PaymentClaimed" => {
            let (who, amount) = event.decode()?;
            Fact::PaymentClaimed { who: address(who), amount }
        }
        "CommissionChanged" => {
            let (pool, commission_ppm) = event.decode()?;
            Fact::CommissionChanged { pool, commission_ppm }
        }
        "CommissionRiseAnnounced" => {
            let (pool, commission_ppm, due_secs) = event.decode()?;
            Fact::RiseAnnounced {
                pool,
                commission_ppm,
                due_secs,
            }
        }
        "CommissionRiseCancelled" => {
            let (pool, commission_ppm) = event.decode()?;
            Fact::RiseCancelled { pool, commission_ppm }
        }
        "AllowListChanged" => {
            let (pool, account, allowed) = event.decode()?;
            Fact::MemberChanged {
                pool,
                account: address(account),
                allowed,
            }
        }
        "RestTaken" => {
            let (pool, amount) = event.decode()?;
            Fact::RestTaken { pool, amount }
        }
        "RewardTaken" => {
            let (pool, commission, rest) = event.decode()?;
            Fact::RewardTaken { pool, commission, rest }
        }
        "CommissionClaimed" => {
            let (pool, owner, amount) = event.decode()?;
            Fact::CommissionClaimed {
                pool,
                owner: address(owner),
                amount,
            }
        }
        "CapChanged" | "ProfileChanged" | "WorkersOrdered" | "WorkerAdded" | "WorkerRemoved" | "WorkerStarted" | "StakeAdded"
        | "StakeReduced" | "WorkerStopped" | "StakeReleased" => Fact::PoolTouched { pool: event.decode()? },
        _ => return Ok(None),
    }))
}
