#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::indexing_slicing,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic
    )
)]

extern crate alloc;

mod benchmark_impls;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod directory_impls;
mod registration_impls;
#[cfg(test)]
mod tests;
mod traits;
mod try_state_impls;
mod types;
mod weights;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use pallet::*;
pub use traits::{OnWorkerChange, WorkerDirectory, WorkerFacts};
pub use types::*;
pub use weights::WeightInfo;

#[frame_support::pallet]
#[allow(missing_docs, clippy::expect_used)] // of what the macro makes
pub mod pallet {
    use super::{OnWorkerChange, Parameters, PlatformLoad, WeightInfo, WorkerState};
    use crate::registration_impls::Outcome;
    use alloc::boxed::Box;
    use frame_support::{
        pallet_prelude::*,
        traits::{fungible::MutateHold, UnixTime},
    };
    use frame_system::pallet_prelude::*;
    use khala_attestation::collateral::Collateral;
    use khala_primitives::{
        AccountId32, Balance, BenchmarkResult, BlockNumber, ConfidenceLevel, Evidence, Instance, MeasurementDigest, PlatformId, Seed,
        WorkerInfo, WorkerPublicKey, WorkerSignature, H256,
    };

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config:
        frame_system::Config<AccountId = AccountId32, Hash = H256, RuntimeEvent: From<Event<Self>>> + khala_pallet_attestation::Config
    {
        /// Holds the deposits.
        type Currency: MutateHold<AccountId32, Reason = Self::RuntimeHoldReason, Balance = Balance>;

        /// The runtime's reasons of holds.
        type RuntimeHoldReason: From<HoldReason>;

        /// The chain's time.
        type Time: UnixTime;

        /// The seed of this block's challenge; `None` in a block that drew none.
        type Seed: Get<Option<Seed>>;

        /// Time between blocks, in milliseconds.
        type SlotMs: Get<u64>;

        /// Who puts the workers to use.
        type OnChange: OnWorkerChange<AccountId32>;

        /// What the calls cost.
        type WeightInfo: WeightInfo;

        /// Sets the scene of the benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: super::BenchmarkHelper;
    }

    /// Why coins are held.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// The deposit of an operator's workers.
        #[codec(index = 0)]
        WorkerDeposit,
    }

    /// The registered workers, by IdentityKey.
    #[pallet::storage]
    pub type Workers<T: Config> = CountedStorageMap<_, Blake2_128Concat, WorkerPublicKey, WorkerState>;

    /// Who may register workers for an operator, and nothing else.
    #[pallet::storage]
    pub type Registrars<T: Config> = StorageMap<_, Blake2_128Concat, AccountId32, AccountId32>;

    /// What the workers of each platform take of it; no entry for a platform without workers.
    #[pallet::storage]
    pub type Platforms<T: Config> = StorageMap<_, Identity, PlatformId, PlatformLoad, ValueQuery>;

    /// A chain without other values is held to the production network's.
    #[pallet::type_value]
    pub fn DefaultParameters() -> Parameters {
        Parameters::KHALA
    }

    /// The values of this network.
    #[pallet::storage]
    pub type Params<T: Config> = StorageValue<_, Parameters, ValueQuery, DefaultParameters>;

    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// The values of this network.
        pub parameters: Parameters,
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self {
                parameters: Parameters::KHALA,
                _config: PhantomData,
            }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        /// Panics on values with which nobody could register: a chain with such a genesis must not start.
        fn build(&self) {
            assert!(
                self.parameters.are_valid(),
                "genesis: a period or limit of the registry is zero: {:?}",
                self.parameters
            );
            let known_hashes = T::BlockHashCount::get();
            assert!(
                BlockNumberFor::<T>::from(self.parameters.freshness_blocks) <= known_hashes,
                "genesis: the chain knows the hashes of {known_hashes:?} blocks, freshnessBlocks is {}",
                self.parameters.freshness_blocks
            );
            Params::<T>::put(self.parameters);
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A worker was registered for the first time.
        WorkerRegistered {
            /// Which.
            worker: WorkerPublicKey,
            /// Whose.
            operator: AccountId32,
            /// Which code it runs.
            measurement: MeasurementDigest,
            /// On which machine.
            platform_id: PlatformId,
            /// What its evidence is worth.
            level: ConfidenceLevel,
            /// End of its lease, in seconds since 1970.
            lease_end_secs: u64,
        },
        /// A worker was registered again: after a restart, or for a new lease.
        WorkerRenewed {
            /// Which.
            worker: WorkerPublicKey,
            /// The run of the enclave that may answer from now on.
            instance: Instance,
            /// What its evidence is worth.
            level: ConfidenceLevel,
            /// End of its lease, in seconds since 1970.
            lease_end_secs: u64,
        },
        /// A worker shall work for its score.
        BenchmarkAsked {
            /// Which.
            worker: WorkerPublicKey,
            /// The block whose seed it works with.
            block: BlockNumber,
        },
        /// A worker's score was measured.
        BenchmarkMeasured {
            /// Which.
            worker: WorkerPublicKey,
            /// Its score from now on.
            score: u32,
        },
        /// An operator named somebody to register its workers, or nobody any more.
        RegistrarSet {
            /// The operator.
            operator: AccountId32,
            /// Who may register its workers.
            registrar: Option<AccountId32>,
        },
        /// A worker left; its deposit went back.
        WorkerRetired {
            /// Which.
            worker: WorkerPublicKey,
            /// Whose it was.
            operator: AccountId32,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// Only the operator that WorkerInfo names, or its registrar, may register a worker: sign with one of these accounts.
        NotOperatorOrRegistrar,
        /// WorkerInfo is for another chain: its genesis hash is not this chain's.
        ForeignGenesis,
        /// WorkerInfo names version 0.0.0: a pRuntime always has a version.
        InvalidVersion,
        /// WorkerInfo's instance is all zeros: it must be random at each start of the enclave.
        InvalidInstance,
        /// WorkerInfo grants no cores or no memory: a worker needs both.
        InvalidResources,
        /// WorkerInfo's freshness is this block or a later one: name a block that exists.
        FreshnessInFuture,
        /// WorkerInfo's freshness is too long ago: make new evidence that names a recent block.
        FreshnessTooOld,
        /// WorkerInfo's freshness names a hash that is not this chain's at that number: make new evidence that names a block of this chain.
        FreshnessUnknownBlock,
        /// The evidence is not newer than the one stored for this worker: old evidence never brings back an old instance. Make new evidence.
        EvidenceReplayed,
        /// The worker belongs to another operator; an operator is fixed when the worker's keys are made.
        OperatorChanged,
        /// The worker has another EcdhKey; it is fixed when the worker's keys are made.
        EcdhKeyChanged,
        /// The worker's evidence comes from another platform: keys never leave the machine where they were made. Start a new worker there.
        PlatformChanged,
        /// The platform has as many workers as it may have: retire one, or use another machine.
        PlatformFull,
        /// The operator has not enough free coins for the worker's deposit above the existential deposit: fund the operator's account.
        DepositUnaffordable,
        /// This block drew no seed for a benchmark: send the registration again in the next block.
        NoSeed,
        /// No worker with this key is registered.
        UnknownWorker,
        /// Only the worker's operator may do this.
        NotOperator,
        /// The worker has a session: stop it and take it out of its pool first.
        WorkerInUse,
        /// No benchmark of that block is waited for: see the worker's status for what is asked.
        BenchmarkNotAsked,
        /// Less time has passed than a benchmark takes: send the result later.
        BenchmarkTooEarly,
        /// The benchmark's time is over: register again for another one.
        BenchmarkTooLate,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_block: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call(weight = <T as Config>::WeightInfo)]
    impl<T: Config> Pallet<T> {
        /// Registers a worker, or registers it again after a restart or for a new lease.
        ///
        /// The evidence is verified completely, with `collateral`, as of this block's time, and must be bound to `info`. The
        /// deposit of a new worker is held from the operator. A new worker is asked for a benchmark, see
        /// [`Call::benchmark_result`].
        ///
        /// The fee comes back on success. Registering exactly the stored [`WorkerInfo`] again succeeds without effect; that keeps
        /// its (small) fee, else it would fill blocks for nothing.
        ///
        /// - Origin: signed by `info.operator` or its registrar.
        /// - Errors: those of this pallet from [`Error::NotOperatorOrRegistrar`] to [`Error::NoSeed`], and those of evidence of
        ///   [`khala_pallet_attestation::Error`].
        /// - Events: [`Event::WorkerRegistered`] or [`Event::WorkerRenewed`], [`Event::BenchmarkAsked`].
        #[pallet::call_index(0)]
        pub fn register_worker(
            origin: OriginFor<T>,
            info: WorkerInfo,
            evidence: Evidence,
            collateral: Box<Collateral>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            match Self::do_register_worker(&who, info, &evidence, &collateral)? {
                Outcome::Registered => Ok(Pays::No.into()),
                Outcome::Unchanged => Ok(Some(<T as Config>::WeightInfo::register_worker_again()).into()),
            }
        }

        /// Names the account that may register the signer's workers, and nothing else; `None` names nobody.
        ///
        /// - Origin: signed by the operator.
        /// - Event: [`Event::RegistrarSet`].
        #[pallet::call_index(1)]
        pub fn set_registrar(origin: OriginFor<T>, registrar: Option<AccountId32>) -> DispatchResult {
            let operator = ensure_signed(origin)?;
            Self::do_set_registrar(operator, registrar);
            Ok(())
        }

        /// Takes a worker off the registry and gives its deposit back.
        ///
        /// - Origin: signed by the worker's operator.
        /// - Errors: [`Error::UnknownWorker`], [`Error::NotOperator`], [`Error::WorkerInUse`].
        /// - Event: [`Event::WorkerRetired`].
        #[pallet::call_index(2)]
        pub fn retire_worker(origin: OriginFor<T>, worker: WorkerPublicKey) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_retire_worker(&who, &worker)
        }

        /// Takes a worker's benchmark result and sets its score.
        ///
        /// `P = floor(iterations * 6000 / (t_now - t_block - slot_ms))`, at most what the platform's other workers leave of its
        /// score, and at most the score that the worker has already. Free: the worker's signature is the proof.
        ///
        /// - Origin: authorised by `signature`, made with the IdentityKey over [`BenchmarkResult::message`].
        /// - Errors: [`Error::BenchmarkNotAsked`], [`Error::BenchmarkTooEarly`], [`Error::BenchmarkTooLate`]; as a transaction it is
        ///   `Stale`, `Future` and `BadProof`.
        /// - Event: [`Event::BenchmarkMeasured`].
        #[pallet::call_index(3)]
        #[pallet::weight((<T as Config>::WeightInfo::benchmark_result(), DispatchClass::Operational))]
        #[pallet::weight_of_authorize(<T as Config>::WeightInfo::authorize_benchmark_result())]
        #[pallet::authorize(Self::authorize_benchmark_result)]
        pub fn benchmark_result(origin: OriginFor<T>, result: BenchmarkResult, signature: WorkerSignature) -> DispatchResult {
            ensure_authorized(origin)?;
            // The signature was verified by `authorize`, in this block and on this state.
            let _ = signature;
            Self::do_benchmark_result(&result)
        }
    }
}
