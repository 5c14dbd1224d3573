//! Registering, renewing and retiring workers.

use crate::{
    Config, Error, Event, FormerChanges, HoldReason, OnWorkerChange, Pallet, Parameters, Params, PendingBenchmark, Platforms, Refusals,
    Registrars, Renewals, Score, Tombstones, WorkerState, Workers,
};
use frame_support::{
    ensure,
    traits::{fungible::MutateHold, tokens::Precision, Get, UnixTime},
};
use frame_system::pallet_prelude::BlockNumberFor;
use khala_pallet_attestation::{Refusal, VerdictRecord, Verification};
use khala_primitives::{
    AccountId32, BlockNumber, Evidence, Freshness, Instance, PRuntimeVersion, PlatformId, WorkerInfo, WorkerPublicKey, H256,
};
use sp_runtime::{DispatchError, DispatchResult, SaturatedConversion};

/// What a registration did.
pub(crate) enum Outcome {
    /// The worker is registered, or its registration is renewed.
    Registered,
    /// Exactly this was stored already.
    Unchanged,
}

const NO_VERSION: PRuntimeVersion = PRuntimeVersion {
    major: 0,
    minor: 0,
    patch: 0,
};
const NO_INSTANCE: Instance = Instance([0; Instance::LEN]);

impl<T: Config> Pallet<T> {
    /// Cheap checks of WorkerInfo come first, then what is stored, then the evidence.
    pub(crate) fn do_register_worker(who: &AccountId32, info: WorkerInfo, evidence: &Evidence) -> Result<Outcome, DispatchError> {
        Self::check_registrar(who, &info.operator)?;
        let previous = Workers::<T>::get(info.identity_key);
        if previous.as_ref().is_some_and(|stored| stored.info == info) {
            return Ok(Outcome::Unchanged);
        }

        let parameters = Params::<T>::get();
        Self::check_info(&info, parameters.freshness_blocks)?;
        if let Some(stored) = &previous {
            Self::check_same_worker(&stored.info, &info)?;
        }
        let now_ms = Self::now_ms();
        match previous {
            None => {
                ensure!(!Tombstones::<T>::contains_key(info.identity_key), Error::<T>::KeyGivenUp);
                let verdict = Self::verify(&info, evidence, now_ms).map_err(refusal_of_call::<T>)?;
                Self::register(info, verdict, &parameters, now_ms)?;
            }
            Some(stored) => {
                let verdict = Self::verify_again(&stored, &info, evidence, now_ms).map_err(refusal_of_call::<T>)?;
                Self::renew(stored, info, verdict, &parameters, now_ms);
            }
        }
        Ok(Outcome::Registered)
    }

    /// Verifies every signature of the evidence.
    pub(crate) fn verify(info: &WorkerInfo, evidence: &Evidence, now_ms: u64) -> Result<VerdictRecord, Refusal> {
        khala_pallet_attestation::Pallet::<T>::verify_evidence(info, evidence, Verification::Complete, now_ms / 1000)
    }

    /// Verifies what is new in the evidence of a worker that is stored. It must come from the same platform.
    pub(crate) fn verify_again(
        stored: &WorkerState,
        info: &WorkerInfo,
        evidence: &Evidence,
        now_ms: u64,
    ) -> Result<VerdictRecord, Refusal> {
        let known = Verification::Renewal(&stored.verdict);
        let verdict = khala_pallet_attestation::Pallet::<T>::verify_evidence(info, evidence, known, now_ms / 1000)?;
        ensure!(verdict.platform_id() == stored.verdict.platform_id(), Refusal::OtherPlatform);
        Ok(verdict)
    }

    /// Only an operator and whom it named may register its workers.
    pub(crate) fn check_registrar(who: &AccountId32, operator: &AccountId32) -> Result<(), Error<T>> {
        let may_register = who == operator || Registrars::<T>::get(operator).as_ref() == Some(who);
        ensure!(may_register, Error::<T>::NotOperatorOrRegistrar);
        Ok(())
    }

    pub(crate) fn do_set_registrar(operator: AccountId32, registrar: Option<AccountId32>) {
        Registrars::<T>::set(&operator, registrar.clone());
        Self::deposit_event(Event::RegistrarSet { operator, registrar });
    }

    pub(crate) fn do_retire_worker(who: &AccountId32, worker: &WorkerPublicKey) -> DispatchResult {
        let state = Workers::<T>::get(worker).ok_or(Error::<T>::UnknownWorker)?;
        ensure!(*who == state.info.operator, Error::<T>::NotOperator);
        ensure!(T::OnChange::can_retire(worker), Error::<T>::WorkerInUse);

        Self::remove(worker, state)
    }

    /// Removes a worker without a session whose lease is long over.
    pub(crate) fn do_remove_lapsed_worker(worker: &WorkerPublicKey) -> DispatchResult {
        let state = Workers::<T>::get(worker).ok_or(Error::<T>::UnknownWorker)?;
        let removable_secs = state.lease_end_secs.saturating_add(Params::<T>::get().removal_secs);
        ensure!(removable_secs <= Self::now_ms() / 1000, Error::<T>::LeaseNotLongOver);
        ensure!(T::OnChange::can_retire(worker), Error::<T>::WorkerInUse);
        Self::remove(worker, state)
    }

    /// Takes a worker off the registry; its deposit goes back.
    fn remove(worker: &WorkerPublicKey, state: WorkerState) -> DispatchResult {
        let operator = state.info.operator;
        T::Currency::release(&HoldReason::WorkerDeposit.into(), &operator, state.deposit, Precision::Exact)?;
        Self::leave_platform(&state.verdict.platform_id(), state.score);
        T::OnChange::on_retired(worker);
        Workers::<T>::remove(worker);
        Refusals::<T>::remove(worker);
        if state.operator_changes > 0 {
            FormerChanges::<T>::insert(worker, state.operator_changes);
        }
        Self::deposit_event(Event::WorkerRetired { worker: *worker, operator });
        Ok(())
    }

    /// The chain's time, in milliseconds since 1970.
    pub(crate) fn now_ms() -> u64 {
        <T as khala_pallet_attestation::Config>::Time::now().as_millis().saturated_into()
    }

    /// The hash of the chain's first block.
    pub(crate) fn genesis_hash() -> H256 {
        frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::from(0u32))
    }

    /// This block's number.
    pub(crate) fn block_number() -> BlockNumber {
        frame_system::Pallet::<T>::block_number().saturated_into()
    }

    pub(crate) fn check_info(info: &WorkerInfo, freshness_blocks: BlockNumber) -> Result<(), Error<T>> {
        ensure!(info.genesis_hash == Self::genesis_hash(), Error::<T>::ForeignGenesis);
        ensure!(info.version != NO_VERSION, Error::<T>::InvalidVersion);
        ensure!(info.instance != NO_INSTANCE, Error::<T>::InvalidInstance);
        ensure!(info.cores > 0 && info.memory_mib > 0, Error::<T>::InvalidResources);
        Self::check_freshness(&info.freshness, freshness_blocks)
    }

    fn check_freshness(freshness: &Freshness, freshness_blocks: BlockNumber) -> Result<(), Error<T>> {
        // The hash of the block that is being made is not known yet, so it counts as the future.
        let age = Self::block_number()
            .checked_sub(freshness.number)
            .filter(|age| *age > 0)
            .ok_or(Error::<T>::FreshnessInFuture)?;
        ensure!(age <= freshness_blocks, Error::<T>::FreshnessTooOld);
        let hash = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::from(freshness.number));
        ensure!(freshness.hash == hash, Error::<T>::FreshnessUnknownBlock);
        Ok(())
    }

    /// A renewal is by the same worker, and newer than what is stored.
    pub(crate) fn check_same_worker(stored: &WorkerInfo, info: &WorkerInfo) -> Result<(), Error<T>> {
        ensure!(info.operator == stored.operator, Error::<T>::OperatorDiffers);
        ensure!(info.ecdh_key == stored.ecdh_key, Error::<T>::EcdhKeyChanged);
        ensure!(info.freshness.number > stored.freshness.number, Error::<T>::EvidenceReplayed);
        Ok(())
    }

    fn register(info: WorkerInfo, verdict: VerdictRecord, parameters: &Parameters, now_ms: u64) -> DispatchResult {
        let worker = info.identity_key;
        let operator = info.operator.clone();
        Self::enter_platform(&verdict.platform_id(), parameters.workers_per_platform)?;
        T::Currency::hold(&HoldReason::WorkerDeposit.into(), &operator, parameters.worker_deposit)
            .map_err(|_| Error::<T>::DepositUnaffordable)?;

        let block = Self::block_number();
        let state = WorkerState {
            lease_end_secs: lease_end_secs(&verdict, parameters.lease_secs, now_ms),
            registered_at: block,
            renewed_at: block,
            deposit: parameters.worker_deposit,
            score: None,
            benchmark: Some(Self::new_benchmark(now_ms)?),
            renewals: Renewals::full(parameters, now_ms / 1000),
            refused_freshness: 0,
            operator_changes: FormerChanges::<T>::take(worker).unwrap_or(0),
            rebound_secs: 0,
            info,
            verdict,
        };
        Self::deposit_event(Event::WorkerRegistered {
            worker,
            operator,
            measurement: state.verdict.measurement(),
            platform_id: state.verdict.platform_id(),
            level: state.verdict.level,
            lease_end_secs: state.lease_end_secs,
        });
        Self::store_registration(worker, state, true);
        Ok(())
    }

    /// Stores new evidence, which is by the same worker on the same platform.
    pub(crate) fn renew(stored: WorkerState, info: WorkerInfo, verdict: VerdictRecord, parameters: &Parameters, now_ms: u64) {
        let worker = info.identity_key;
        // In a block without a seed nothing can be measured: what is due then is due at the next renewal.
        let asked = match benchmark_is_due(&stored, parameters.lease_secs, now_ms / 1000) {
            true => Self::new_benchmark(now_ms).ok(),
            false => None,
        };
        let is_asked = asked.is_some();
        let state = WorkerState {
            lease_end_secs: lease_end_secs(&verdict, parameters.lease_secs, now_ms),
            renewed_at: Self::block_number(),
            benchmark: asked.or(stored.benchmark),
            info,
            verdict,
            ..stored
        };
        Self::deposit_event(Event::WorkerRenewed {
            worker,
            instance: state.info.instance,
            level: state.verdict.level,
            lease_end_secs: state.lease_end_secs,
        });
        Self::store_registration(worker, state, is_asked);
    }

    pub(crate) fn store_registration(worker: WorkerPublicKey, state: WorkerState, benchmark_asked: bool) {
        if benchmark_asked {
            Self::deposit_event(Event::BenchmarkAsked {
                worker,
                block: state.renewed_at,
            });
        }
        let facts = Self::facts_of(&state);
        Workers::<T>::insert(worker, state);
        Refusals::<T>::remove(worker);
        T::OnChange::on_registered(&worker, &facts);
    }

    pub(crate) fn new_benchmark(now_ms: u64) -> Result<PendingBenchmark, Error<T>> {
        let seed = T::Seed::get().ok_or(Error::<T>::NoSeed)?;
        Ok(PendingBenchmark {
            block: Self::block_number(),
            started_ms: now_ms,
            seed,
        })
    }

    pub(crate) fn enter_platform(platform: &PlatformId, limit: u32) -> Result<(), Error<T>> {
        Platforms::<T>::try_mutate(platform, |load| {
            ensure!(load.workers < limit, Error::<T>::PlatformFull);
            load.workers = load.workers.saturating_add(1);
            Ok(())
        })
    }

    pub(crate) fn leave_platform(platform: &PlatformId, score: Option<Score>) {
        Platforms::<T>::mutate_exists(platform, |entry| {
            let mut load = entry.unwrap_or_default();
            load.workers = load.workers.saturating_sub(1);
            load.score = load.score.saturating_sub(score.map_or(0, |score| score.value));
            *entry = (load.workers > 0).then_some(load);
        });
    }
}

/// Why a call is refused whose evidence is.
pub(crate) fn refusal_of_call<T: Config>(why: Refusal) -> DispatchError {
    match why {
        Refusal::OtherPlatform => Error::<T>::PlatformChanged.into(),
        why => khala_pallet_attestation::Error::<T>::from(why).into(),
    }
}

/// A lease never outlives what its evidence was verified with.
pub(crate) fn lease_end_secs(verdict: &VerdictRecord, lease_secs: u64, now_ms: u64) -> u64 {
    (now_ms / 1000).saturating_add(lease_secs).min(verdict.expires_at_secs)
}

/// Shall a renewal measure the score again?
///
/// Not within the first half of a lease's length since the last benchmark was asked for: a restart costs no benchmark. The time
/// counts from the benchmark and not from the last renewal, else a worker that restarts often would never be measured again.
/// A benchmark that was asked for and not answered is asked for anew.
fn benchmark_is_due(stored: &WorkerState, lease_secs: u64, now_secs: u64) -> bool {
    let lapsed = stored.lease_end_secs <= now_secs;
    let old = stored
        .score
        .is_none_or(|score| score.asked_secs.saturating_add(lease_secs / 2) <= now_secs);
    stored.benchmark.is_some() || lapsed || old
}
