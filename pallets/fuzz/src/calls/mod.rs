//! Random calls. Most could succeed; each is made, its result compared with what the ledger says, and its effect told to the ledger.

mod coins;
mod delegators;
mod governance;
mod heartbeats;
mod operators;
mod owners;
mod probes;
mod registry;
mod terms;
mod vault_owners;
mod vaults;

use crate::{
    ledger::{check, Check, Events, Foreseen, Told},
    runtime::{vault_account, RuntimeCall, RuntimeEvent, RuntimeOrigin, Test},
    state::digest,
    world::{take_events, World},
};
use frame_support::traits::UnfilteredDispatchable;
use khala_primitives::{AccountId32, Balance, PoolId, SessionId, VaultId, WorkerPublicKey, PHA};
use sp_runtime::{DispatchError, DispatchResult};

/// A kind of call: whether it succeeded is returned.
type Make = fn(&mut World) -> Check<bool>;

/// The kinds of calls, how often each is made, and how.
const KINDS: &[(&str, u64, Make)] = &[
    ("heartbeat", 40, heartbeats::heartbeat),
    ("report_offline", 8, heartbeats::report_offline),
    ("pause", 3, operators::pause),
    ("resume", 3, operators::resume),
    ("start_worker", 7, owners::start),
    ("stop_worker", 1, owners::stop),
    ("add_stake", 5, owners::add_stake),
    ("reduce_stake", 5, owners::reduce_stake),
    ("add_worker", 4, owners::add_worker),
    ("remove_worker", 1, owners::remove_worker),
    ("create_pool", 1, terms::create_pool),
    ("set_commission", 2, terms::set_commission),
    ("claim_commission", 2, terms::claim_commission),
    ("set_cap", 1, terms::set_cap),
    ("allow", 1, terms::allow),
    ("set_profile", 1, terms::set_profile),
    ("order_workers", 1, terms::order_workers),
    ("delegate", 7, delegators::delegate),
    ("undelegate", 5, delegators::undelegate),
    ("cancel_request", 2, delegators::cancel_request),
    ("transfer_shares", 2, delegators::transfer_shares),
    ("claim_unclaimed", 1, coins::claim_unclaimed),
    ("by_hand", 2, coins::by_hand),
    ("create_vault", 1, vault_owners::create),
    ("vault_delegate", 6, vaults::delegate),
    ("vault_undelegate", 4, vaults::undelegate),
    ("vault_cancel", 2, vaults::cancel_request),
    ("vault_transfer", 2, vaults::transfer_shares),
    ("invest", 7, vault_owners::invest),
    ("divest", 3, vault_owners::divest),
    ("cancel_divest", 2, vault_owners::cancel_divest),
    ("set_fee", 2, vault_owners::set_fee),
    ("claim_fee", 2, vault_owners::claim_fee),
    ("set_limit", 2, vault_owners::set_commission_limit),
    ("set_vault_cap", 1, vault_owners::set_cap),
    ("register", 3, registry::register),
    ("renew", 8, registry::renew),
    ("score", 3, registry::score),
    ("end_lease", 1, registry::end_lease),
    ("policy", 1, registry::policy),
    ("rebind", 1, registry::rebind),
    ("retire", 1, registry::retire),
    ("set_mining", 1, governance::set_mining),
    ("set_economics", 1, governance::set_economics),
    ("cancel_parameters", 1, governance::cancel),
    ("set_times", 1, governance::set_times),
    ("probe", 4, probes::probe),
];

/// Names of the kinds.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|(name, ..)| *name)
}

/// Makes one call: its kind, and whether it succeeded.
pub(crate) fn make_one(world: &mut World) -> Check<(usize, bool)> {
    let weights: Vec<u64> = KINDS.iter().map(|(_, weight, _)| *weight).collect();
    let kind = world.dice.weighted(&weights);
    let (name, _, make) = KINDS[kind];
    world.last.begin(name);
    let succeeded = make(world)?;
    world.check_changes()?;
    Ok((kind, succeeded))
}

/// What a call did: whether it succeeded, what mining told, what pools and vaults told.
type Done = (DispatchResult, Events, Told);

/// Dispatches a call as a block does. When it fails, it has changed nothing.
fn dispatch(world: &mut World, call: impl Into<RuntimeCall>, origin: RuntimeOrigin) -> Check<Done> {
    let call = call.into();
    world.last.detail(format!("{call:?}"));
    let called = match call {
        RuntimeCall::StakePool(_) => Some("pools"),
        RuntimeCall::Vault(_) => Some("vaults"),
        _ => None,
    };
    let before = digest();
    let result = call.dispatch_bypass_filter(origin).map(|_| ()).map_err(|error| error.error);
    let (events, told) = take_events();
    world.last.detail(format!("{result:?}"));
    told.iter().for_each(|event| world.tally.tell(event));
    if let Some(called) = called {
        world.tally.refuse(called, &result);
    }
    if result.is_err() {
        check!(digest() == before, "a call that failed changed the state");
    }
    Ok((result, events, told))
}

/// Dispatches a call whose outcome is foreseen: what pools and vaults tell of it, or its error.
fn dispatch_foreseen<E: Into<RuntimeEvent>>(
    world: &mut World,
    call: impl Into<RuntimeCall>,
    who: &AccountId32,
    foreseen: Foreseen<Vec<E>>,
) -> Check<bool> {
    let (result, _, told) = dispatch(world, call, signed(who))?;
    foresaw(foreseen.as_ref().map(|_| ()), &result)?;
    same(told, foreseen.unwrap_or_default())?;
    Ok(result.is_ok())
}

/// Whether what was told is what was expected.
fn same<E: Into<RuntimeEvent>>(told: Told, expected: Vec<E>) -> Check {
    let expected: Told = expected.into_iter().map(Into::into).collect();
    check!(told == expected, "told was {told:?}, where {expected:?} is expected");
    Ok(())
}

/// Whether a call ended as foreseen. Of accounts' errors it is enough that it is one.
fn foresaw(foreseen: Result<(), &DispatchError>, result: &DispatchResult) -> Check {
    let as_foreseen = match (foreseen, result) {
        (Ok(()), Ok(())) | (Err(DispatchError::Token(_)), Err(DispatchError::Token(_))) => true,
        (Err(expected), Err(error)) => expected == error,
        _ => false,
    };
    check!(as_foreseen, "the call ended with {result:?}, the ledger says {foreseen:?}");
    Ok(())
}

fn signed(who: &AccountId32) -> RuntimeOrigin {
    RuntimeOrigin::signed(who.clone())
}

impl World {
    /// A worker that has a session, now and then one that has none; the session's number if it has one.
    fn some_worker(&mut self) -> (WorkerPublicKey, Option<SessionId>) {
        let count = self.ledger.sessions.len() as u64;
        if count == 0 || self.dice.percent(3) {
            let number = self.dice.below(self.keys.len() as u64) as usize;
            let key = self.key(number);
            return (key, self.ledger.session_of(&key));
        }
        let place = self.dice.below(count) as usize;
        let found = self.ledger.sessions.iter().nth(place);
        found.map_or((WorkerPublicKey([0; 32]), None), |(id, entry)| (entry.worker, Some(*id)))
    }

    /// A worker whose session is as wanted, if there is one; else any.
    fn worker_with(&mut self, wanted: impl Fn(&crate::ledger::session::Entry) -> bool) -> (WorkerPublicKey, Option<SessionId>) {
        let fitting: Vec<_> = self
            .ledger
            .sessions
            .iter()
            .filter(|(_, entry)| wanted(entry))
            .map(|(id, entry)| (entry.worker, Some(*id)))
            .collect();
        if fitting.is_empty() || self.dice.percent(10) {
            return self.some_worker();
        }
        self.dice.pick(&fitting)
    }

    /// Who owns the pool of a session, now and then somebody else.
    fn owner_of(&mut self, id: Option<SessionId>) -> AccountId32 {
        let entry = id.and_then(|id| self.ledger.sessions.get(&id));
        let owner = entry
            .and_then(|entry| self.ledger.pools.get(&entry.pool))
            .map(|pool| pool.owner.clone());
        match owner {
            Some(owner) if !self.dice.percent(3) => owner,
            _ => self.somebody(),
        }
    }

    /// A pool, now and then one that is not there.
    fn some_pool(&mut self) -> PoolId {
        let count = self.ledger.pools.len() as u64;
        let beyond = u64::from(self.dice.percent(2));
        self.dice.below(count + beyond) as PoolId
    }

    /// A pool that lets an account in, now and then any.
    fn pool_for(&mut self, who: &AccountId32) -> PoolId {
        let open = self.ledger.pools.iter().filter(|(_, pool)| pool.admits(who));
        let open: Vec<_> = open.map(|(id, _)| *id).collect();
        match open.is_empty() || self.dice.percent(20) {
            true => self.some_pool(),
            false => self.dice.pick(&open),
        }
    }

    /// A pool and its owner, now and then somebody else.
    fn pool_and_owner(&mut self) -> (PoolId, AccountId32) {
        let pool = self.some_pool();
        let owner = self.ledger.pools.get(&pool).map(|pool| pool.owner.clone());
        match owner {
            Some(owner) if !self.dice.percent(4) => (pool, owner),
            _ => (pool, self.somebody()),
        }
    }

    /// A vault, now and then one that is not there.
    fn some_vault(&mut self) -> VaultId {
        let count = self.ledger.vaults.len() as u64;
        let beyond = u64::from(self.dice.percent(2));
        self.dice.below(count + beyond) as VaultId
    }

    /// A vault and its owner, now and then somebody else.
    fn vault_and_owner(&mut self) -> (VaultId, AccountId32) {
        let vault = self.some_vault();
        let owner = self.ledger.vaults.get(&vault).map(|vault| vault.owner.clone());
        match owner {
            Some(owner) if !self.dice.percent(4) => (vault, owner),
            _ => (vault, self.somebody()),
        }
    }

    /// The account of a vault, perhaps of one that is not there yet.
    fn some_vault_account(&mut self) -> AccountId32 {
        let count = self.vaults as u64;
        vault_account(self.dice.below(count + 1) as VaultId)
    }

    /// Who operates a worker, now and then somebody else.
    fn operator_of(&mut self, worker: &WorkerPublicKey) -> AccountId32 {
        let operator = crate::runtime::registry(|registry| registry.workers.get(worker).map(|facts| facts.operator.clone()));
        match operator {
            Some(operator) if !self.dice.percent(3) => operator,
            _ => self.somebody(),
        }
    }
}

/// PHA with a fraction as planck; zero for what is not a number.
fn planck(amount: f64) -> Balance {
    (amount * PHA as f64) as Balance
}

// The types that calls of pallets have.
type MiningCall = khala_pallet_mining::Call<Test>;
type PoolCall = khala_pallet_stake_pool::Call<Test>;
type VaultCall = khala_pallet_vault::Call<Test>;
