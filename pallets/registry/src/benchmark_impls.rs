//! The benchmark behind a worker's score.

use crate::{
    authorized::{is_signed_by, PRIORITY},
    traits::OnWorkerChange,
    Config, Error, Event, Pallet, Parameters, Params, PendingBenchmark, Platforms, Score, WorkerState, Workers, BENCHMARK_DEADLINE_FACTOR,
};
use frame_support::pallet_prelude::*;
use khala_economics::score;
use khala_primitives::{BenchmarkResult, WorkerSignature};
use sp_runtime::{
    transaction_validity::{InvalidTransaction, TransactionSource, ValidTransaction},
    DispatchResult,
};

impl<T: Config> Pallet<T> {
    /// Cheap checks on the state, then one signature.
    pub(crate) fn authorize_benchmark_result(
        source: TransactionSource,
        result: &BenchmarkResult,
        signature: &WorkerSignature,
    ) -> TransactionValidityWithRefund {
        let parameters = Params::<T>::get();
        // The pool looks at a result with the time of the newest block; it will stand in a later one.
        let slots_ahead = if source == TransactionSource::InBlock { 0 } else { 1 };
        let now_ms = Self::now_ms().saturating_add(T::SlotMs::get().saturating_mul(slots_ahead));
        let (_, pending) = Self::awaited(result, &parameters, now_ms).map_err(|error| match error {
            Error::<T>::BenchmarkTooEarly => InvalidTransaction::Future,
            _ => InvalidTransaction::Stale,
        })?;

        let message = result.message(&Self::genesis_hash());
        ensure!(is_signed_by(&result.worker, &message, signature), InvalidTransaction::BadProof);

        let left_ms = deadline_ms(&pending, &parameters).saturating_sub(now_ms);
        let left_slots = left_ms.checked_div(T::SlotMs::get()).unwrap_or(1).max(1);
        let valid = ValidTransaction::with_tag_prefix("khala/benchmark-result")
            .and_provides((result.worker, result.block))
            .priority(PRIORITY)
            .longevity(left_slots)
            .propagate(true)
            .into();
        Ok((valid, Weight::zero()))
    }

    pub(crate) fn do_benchmark_result(result: &BenchmarkResult) -> DispatchResult {
        let parameters = Params::<T>::get();
        let now_ms = Self::now_ms();
        let (mut state, pending) = Self::awaited(result, &parameters, now_ms)?;

        let maximum = parameters.max_platform_score;
        let measured = score::initial(result.iterations, pending.started_ms, now_ms, T::SlotMs::get(), maximum)
            .map_err(|_| Error::<T>::BenchmarkTooEarly)?;
        let before = state.score.map(|score| score.value);
        let value = Platforms::<T>::mutate(state.verdict.platform_id(), |load| {
            // All registered workers count, not only those whose lease lives: a lapsed one may come back with the score it has.
            let others = load.score.saturating_sub(before.unwrap_or(0));
            let left = maximum.saturating_sub(others);
            let value = measured.min(left).min(before.unwrap_or(u32::MAX));
            load.score = others.saturating_add(value);
            value
        });
        state.score = Some(Score {
            value,
            asked_secs: pending.started_ms / 1000,
        });
        state.benchmark = None;
        T::OnChange::on_judged(&result.worker, &Self::facts_of(&state));
        Workers::<T>::insert(result.worker, state);
        Self::deposit_event(Event::BenchmarkMeasured {
            worker: result.worker,
            score: value,
        });
        Ok(())
    }

    /// The worker and the benchmark that `result` answers, when it comes in time.
    fn awaited(result: &BenchmarkResult, parameters: &Parameters, now_ms: u64) -> Result<(WorkerState, PendingBenchmark), Error<T>> {
        let state = Workers::<T>::get(result.worker).ok_or(Error::<T>::BenchmarkNotAsked)?;
        let pending = state
            .benchmark
            .filter(|pending| pending.block == result.block)
            .ok_or(Error::<T>::BenchmarkNotAsked)?;
        let earliest_ms = pending.started_ms.saturating_add(parameters.benchmark_ms());
        ensure!(now_ms >= earliest_ms, Error::<T>::BenchmarkTooEarly);
        ensure!(now_ms <= deadline_ms(&pending, parameters), Error::<T>::BenchmarkTooLate);
        Ok((state, pending))
    }
}

/// The last moment at which a result is taken, in milliseconds since 1970.
pub(crate) fn deadline_ms(pending: &PendingBenchmark, parameters: &Parameters) -> u64 {
    pending
        .started_ms
        .saturating_add(parameters.benchmark_ms().saturating_mul(BENCHMARK_DEADLINE_FACTOR))
}
