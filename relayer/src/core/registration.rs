//! When a worker has to be registered, and whether its evidence may be used for it.

use super::{chain_state::ChainState, Identity, Prepared, WorkerConfig};
use khala_primitives::{status::RegistrationStatus, Freshness, WorkerPublicKey, H256};

/// A lease that ends early (with its collateral) is not renewed more often than this, in seconds.
const RENEWAL_SPACING_SECS: u64 = 60;

/// Why a worker has to be registered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Need {
    /// The chain does not know it.
    NotRegistered,
    /// Its pRuntime was started again: the chain knows another instance.
    Restarted,
    /// Half of the lease is over.
    LeaseHalfOver,
    /// A benchmark was asked for and its time is over: only a new registration asks for another.
    BenchmarkOver,
}

impl Need {
    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotRegistered => "it is not registered",
            Self::Restarted => "its pRuntime was started again",
            Self::LeaseHalfOver => "half of its lease is over",
            Self::BenchmarkOver => "it was too late for its benchmark",
        }
    }
}

/// How evidence gets to the chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    /// As a new worker.
    Registration,
    /// In the place of the worker with this key, which is lost.
    Rebinding(WorkerPublicKey),
    /// For a known worker.
    Renewal,
}

impl Way {
    /// The call.
    pub fn call(self) -> &'static str {
        match self {
            Self::Registration => "register_worker",
            Self::Rebinding(_) => "rebind_worker",
            Self::Renewal => "renew_worker",
        }
    }

    /// In words.
    pub fn in_words(self) -> String {
        match self {
            Self::Registration => "its registration is on its way into a block".into(),
            Self::Rebinding(old) => format!("its rebinding in the place of {old} is on its way into a block"),
            Self::Renewal => "its renewal is on its way into a block".into(),
        }
    }
}

/// Does the worker have to be registered now?
///
/// `renewed_secs`: when this relayer last saw its registration arrive, in seconds since 1970. Without it, the lease is
/// taken to have its full length.
pub fn need(registration: Option<&RegistrationStatus>, identity: &Identity, chain: &ChainState, renewed_secs: Option<u64>) -> Option<Need> {
    let Some(registration) = registration else {
        return Some(Need::NotRegistered);
    };
    if registration.instance != identity.instance {
        return Some(Need::Restarted);
    }
    let end = registration.lease_end_secs;
    let due = match renewed_secs {
        Some(begin) => begin.saturating_add((end.saturating_sub(begin) / 2).max(RENEWAL_SPACING_SECS.min(chain.lease_secs() / 2))),
        None => end.saturating_sub(chain.lease_secs() / 2),
    };
    (chain.now_secs() >= due).then_some(Need::LeaseHalfOver)
}

/// Is this evidence about the worker that is configured, as it runs now? The error says what is wrong.
pub fn check(
    prepared: &Prepared,
    config: &WorkerConfig,
    identity: &Identity,
    genesis_hash: &H256,
    freshness: &Freshness,
) -> Result<(), String> {
    let info = &prepared.info;
    if info.genesis_hash != *genesis_hash {
        return Err(format!("its evidence is for another chain (genesis hash {:?})", info.genesis_hash));
    }
    if info.operator != config.operator {
        return Err(format!(
            "its evidence is for the operator {}, the configuration says {}",
            info.operator, config.operator
        ));
    }
    if info.instance != identity.instance || identity.key.is_some_and(|key| key != info.identity_key) {
        return Err("its evidence is of another run of it than the one that answered before".into());
    }
    if info.freshness != *freshness {
        return Err(format!(
            "its evidence names block {}, it was asked for block {}",
            info.freshness.number, freshness.number
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{block, config, identity, prepared, registration};
    use super::*;

    /// Block 100 at second 100, leases of 600 s.
    fn chain() -> ChainState {
        let mut chain = ChainState::default();
        chain.push(&block(100, 0, 99, None));
        chain
    }

    #[test]
    fn an_unknown_worker_and_another_instance_are_registered() {
        assert_eq!(need(None, &identity(1, 1), &chain(), None), Some(Need::NotRegistered));
        assert_eq!(
            need(Some(&registration(2, 10_000)), &identity(1, 1), &chain(), None),
            Some(Need::Restarted)
        );
    }

    #[test]
    fn a_lease_is_renewed_from_half_of_it_on() {
        for (end, expected) in [(399, Some(Need::LeaseHalfOver)), (400, Some(Need::LeaseHalfOver)), (401, None)] {
            assert_eq!(
                need(Some(&registration(1, end)), &identity(1, 1), &chain(), None),
                expected,
                "{end}"
            );
        }
    }

    #[test]
    fn a_lease_cut_short_by_its_collateral_is_not_renewed_without_end() {
        let short = registration(1, 130);
        assert_eq!(need(Some(&short), &identity(1, 1), &chain(), None), Some(Need::LeaseHalfOver));
        for (renewed, expected) in [(41, None), (40, Some(Need::LeaseHalfOver)), (100, None)] {
            assert_eq!(need(Some(&short), &identity(1, 1), &chain(), Some(renewed)), expected, "{renewed}");
        }
    }

    #[test]
    fn evidence_about_anything_else_is_named() {
        let freshness = Freshness {
            number: 9,
            hash: H256::repeat_byte(9),
        };
        let genesis = H256::repeat_byte(7);
        let good = || prepared(1, 1, freshness, genesis);
        let verdict = |prepared: Prepared| check(&prepared, &config(1), &identity(1, 1), &genesis, &freshness);
        assert_eq!(verdict(good()), Ok(()));
        let wrong = |change: fn(&mut Prepared), word: &str| {
            let mut prepared = good();
            change(&mut prepared);
            let error = verdict(prepared).unwrap_err();
            assert!(error.contains(word), "{error}");
        };
        wrong(|prepared| prepared.info.genesis_hash = H256::zero(), "another chain");
        wrong(|prepared| prepared.info.operator = [9; 32].into(), "operator");
        wrong(|prepared| prepared.info.instance.0[0] ^= 1, "another run");
        wrong(|prepared| prepared.info.identity_key.0[0] ^= 1, "another run");
        wrong(|prepared| prepared.info.freshness.number += 1, "names block 10");
    }
}
