//! What blocks tell of vaults.

use crate::model::{Address, VaultEventKind};
use khala_client::{ClientError, Event};
use khala_primitives::{AccountId32, Balance, PoolId, RequestId, VaultId};

/// Something that a block tells of a vault. Amounts in planck, `_secs` readings of the credited clock.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum VaultFact {
    Delegated {
        who: Address,
        amount: Balance,
        shares: u128,
    },
    Undelegated {
        who: Address,
        shares: u128,
        amount: Balance,
    },
    RequestQueued {
        request: RequestId,
        who: Address,
        burned: u128,
        shares: u128,
        deadline_secs: u64,
    },
    RequestPaid {
        request: RequestId,
        who: Address,
        amount: Balance,
        ended: bool,
    },
    RequestCancelled {
        request: RequestId,
        who: Address,
        shares: u128,
    },
    SharesTransferred {
        from: Address,
        to: Address,
        shares: u128,
    },
    FeeClaimed {
        owner: Address,
        shares: u128,
    },
    RestTaken {
        amount: Balance,
    },
    FeeTaken {
        shares: u128,
        amount: Balance,
    },
    /// A rate of the vault, its cap, or what it moves between pools.
    Changed(VaultChange),
}

/// A change of a vault that touches no delegator.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct VaultChange {
    /// What.
    pub kind: VaultEventKind,
    /// Which pool.
    pub pool: Option<PoolId>,
    /// The request in its queue.
    pub request: Option<RequestId>,
    /// Shares of the pool.
    pub shares: Option<u128>,
    /// Coins in planck, or a cap.
    pub amount: Option<Balance>,
    /// A rate, in millionths.
    pub ppm: Option<u32>,
    /// When it is in force, as a reading of the credited clock.
    pub due_secs: Option<u64>,
}

impl VaultFact {
    /// The accounts whose positions have to be read from the chain for it: events do not say all that changes of them.
    pub fn holders(&self) -> [Option<Address>; 2] {
        match self {
            Self::Delegated { who, .. }
            | Self::Undelegated { who, .. }
            | Self::RequestQueued { who, .. }
            | Self::RequestPaid { who, .. }
            | Self::RequestCancelled { who, .. } => [Some(*who), None],
            Self::FeeClaimed { owner, .. } => [Some(*owner), None],
            Self::SharesTransferred { from, to, .. } => [Some(*from), Some(*to)],
            Self::RestTaken { .. } | Self::FeeTaken { .. } | Self::Changed(_) => [None, None],
        }
    }
}

/// Reads an event of the pallet; `None` for those that are not kept.
///
/// # Errors
/// It is one that is kept, and has another shape than this indexer knows.
pub(super) fn read(event: &Event) -> Result<Option<(VaultId, VaultFact)>, ClientError> {
    let address = |account: &AccountId32| Address::from(account);
    Ok(Some(match event.name.as_str() {
        "Delegated" => {
            let (vault, who, amount, shares) = event.decode()?;
            (
                vault,
                VaultFact::Delegated {
                    who: address(&who),
                    amount,
                    shares,
                },
            )
        }
        "Undelegated" => {
            let (vault, who, shares, amount) = event.decode()?;
            (
                vault,
                VaultFact::Undelegated {
                    who: address(&who),
                    shares,
                    amount,
                },
            )
        }
        "RequestQueued" => {
            type Claim = (PoolId, RequestId, u128);
            let (vault, request, who, burned, shares, _claims, deadline_secs) = event.decode::<(_, _, _, _, _, Vec<Claim>, _)>()?;
            (
                vault,
                VaultFact::RequestQueued {
                    request,
                    who: address(&who),
                    burned,
                    shares,
                    deadline_secs,
                },
            )
        }
        "RequestPaid" => {
            let (vault, request, who, _shares, amount, ended) = event.decode::<(_, _, _, u128, _, _)>()?;
            (
                vault,
                VaultFact::RequestPaid {
                    request,
                    who: address(&who),
                    amount,
                    ended,
                },
            )
        }
        "RequestCancelled" => {
            let (vault, request, who, shares) = event.decode()?;
            (
                vault,
                VaultFact::RequestCancelled {
                    request,
                    who: address(&who),
                    shares,
                },
            )
        }
        "SharesTransferred" => {
            let (vault, from, to, shares) = event.decode()?;
            (
                vault,
                VaultFact::SharesTransferred {
                    from: address(&from),
                    to: address(&to),
                    shares,
                },
            )
        }
        "FeeTaken" => {
            let (vault, shares, amount) = event.decode()?;
            (vault, VaultFact::FeeTaken { shares, amount })
        }
        "FeeClaimed" => {
            let (vault, owner, shares) = event.decode()?;
            (
                vault,
                VaultFact::FeeClaimed {
                    owner: address(&owner),
                    shares,
                },
            )
        }
        "RestTaken" => {
            let (vault, amount) = event.decode()?;
            (vault, VaultFact::RestTaken { amount })
        }
        _ => return change(event).map(|change| change.map(|(vault, change)| (vault, VaultFact::Changed(change)))),
    }))
}

fn change(event: &Event) -> Result<Option<(VaultId, VaultChange)>, ClientError> {
    use VaultEventKind as Kind;
    let nothing = VaultChange::default();
    let rate = |kind| -> Result<_, ClientError> {
        let (vault, ppm) = event.decode()?;
        let change = VaultChange {
            kind,
            ppm: Some(ppm),
            ..nothing
        };
        Ok((vault, change))
    };
    let rise = |kind| -> Result<_, ClientError> {
        let (vault, ppm, due_secs) = event.decode()?;
        let change = VaultChange {
            kind,
            ppm: Some(ppm),
            due_secs: Some(due_secs),
            ..nothing
        };
        Ok((vault, change))
    };
    Ok(Some(match event.name.as_str() {
        "VaultCreated" => {
            let (vault, _owner, ppm) = event.decode::<(_, AccountId32, _)>()?;
            let change = VaultChange {
                kind: Kind::Created,
                ppm: Some(ppm),
                ..nothing
            };
            (vault, change)
        }
        "FeeChanged" => rate(Kind::FeeChanged)?,
        "FeeRiseAnnounced" => rise(Kind::FeeRiseAnnounced)?,
        "FeeRiseCancelled" => rate(Kind::FeeRiseCancelled)?,
        "CommissionLimitChanged" => rate(Kind::LimitChanged)?,
        "CommissionLimitRiseAnnounced" => rise(Kind::LimitRiseAnnounced)?,
        "CommissionLimitRiseCancelled" => rate(Kind::LimitRiseCancelled)?,
        "CapChanged" => {
            let (vault, amount) = event.decode()?;
            let change = VaultChange {
                kind: Kind::CapChanged,
                amount,
                ..nothing
            };
            (vault, change)
        }
        "Invested" => {
            let (vault, pool, amount, shares) = event.decode()?;
            let change = VaultChange {
                kind: Kind::Invested,
                pool: Some(pool),
                amount: Some(amount),
                shares: Some(shares),
                ..nothing
            };
            (vault, change)
        }
        "Divested" => {
            let (vault, pool, shares, paid, request) = event.decode()?;
            let change = VaultChange {
                kind: Kind::Divested,
                pool: Some(pool),
                shares: Some(shares),
                amount: Some(paid),
                request,
                ..nothing
            };
            (vault, change)
        }
        "DivestCancelled" => {
            let (vault, pool, request, shares) = event.decode()?;
            let change = VaultChange {
                kind: Kind::DivestCancelled,
                pool: Some(pool),
                request: Some(request),
                shares: Some(shares),
                ..nothing
            };
            (vault, change)
        }
        "CoinsReturned" => {
            let (vault, pool, amount) = event.decode()?;
            let change = VaultChange {
                kind: Kind::CoinsReturned,
                pool: Some(pool),
                amount: Some(amount),
                ..nothing
            };
            (vault, change)
        }
        "PoolLeft" => {
            let (vault, pool) = event.decode()?;
            let change = VaultChange {
                kind: Kind::PoolLeft,
                pool: Some(pool),
                ..nothing
            };
            (vault, change)
        }
        _ => return Ok(None),
    }))
}
