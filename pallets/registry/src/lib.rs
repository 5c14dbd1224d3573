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

mod authorized;
mod benchmark_impls;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod directory_impls;
mod operator_impls;
mod rebind_impls;
mod registration_impls;
mod renewal_impls;
#[cfg(test)]
mod tests;
mod traits;
mod try_state_impls;
mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use pallet::*;
pub use traits::{OnWorkerChange, WorkerDirectory, WorkerFacts};
pub use types::*;
pub use weights::WeightInfo;

#[frame_support::pallet]
#[allow(missing_docs, clippy::expect_used)] // of what the macro makes
pub mod pallet {
    use super::{OnWorkerChange, Parameters, PlatformLoad, RefusalRecord, WeightInfo, WorkerState};
    use crate::{
        registration_impls::Outcome,
        renewal_impls::{Judged, Verified},
    };
    use frame_support::{pallet_prelude::*, traits::fungible::MutateHold};
    use frame_system::pallet_prelude::*;
    use khala_pallet_attestation::Refusal;
    use khala_primitives::{
        AccountId32, Balance, BenchmarkResult, BlockNumber, ConfidenceLevel, Evidence, Instance, MeasurementDigest, OperatorSignature,
        PlatformId, Seed, WorkerInfo, WorkerPublicKey, WorkerSignature, H256,
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

    /// Why the newest evidence of a worker was refused, or its lease was ended; no entry once newer evidence was accepted.
    #[pallet::storage]
    pub type Refusals<T: Config> = StorageMap<_, Blake2_128Concat, WorkerPublicKey, RefusalRecord>;

    /// How often workers that have left went to another operator, where they did: their pRuntimes count on.
    #[pallet::storage]
    pub type FormerChanges<T: Config> = StorageMap<_, Blake2_128Concat, WorkerPublicKey, u32>;

    /// Keys that were given up for others, and what each became: nobody is ever registered with one of them again.
    #[pallet::storage]
    pub type Tombstones<T: Config> = StorageMap<_, Blake2_128Concat, WorkerPublicKey, WorkerPublicKey>;

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
        /// Evidence of a worker was refused, or what is known of it does not hold any more.
        EvidenceRefused {
            /// Which.
            worker: WorkerPublicKey,
            /// Why.
            why: Refusal,
        },
        /// What is known of a worker was judged again, and is worth something else.
        WorkerReverified {
            /// Which.
            worker: WorkerPublicKey,
            /// What it is worth now.
            level: ConfidenceLevel,
        },
        /// A worker went to another operator.
        OperatorChanged {
            /// Which.
            worker: WorkerPublicKey,
            /// Whose it was.
            from: AccountId32,
            /// Whose it is.
            to: AccountId32,
        },
        /// A worker has another key.
        WorkerRebound {
            /// The key that it had.
            old: WorkerPublicKey,
            /// The key that it has.
            new: WorkerPublicKey,
            /// On which machine it is.
            platform_id: PlatformId,
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
        /// The worker belongs to another operator: use `change_operator`, with the old operator's signature.
        OperatorDiffers,
        /// The worker has another EcdhKey; it is fixed when the worker's keys are made.
        EcdhKeyChanged,
        /// The worker's evidence comes from another platform: keys never leave the machine where they were made. Start a new worker there.
        PlatformChanged,
        /// The platform has as many workers as it may have: retire one, or use another machine.
        PlatformFull,
        /// The operator has not enough free coins for the worker's deposit above the existential deposit: fund the operator's account.
        DepositUnaffordable,
        /// This block drew no seed for the benchmark of a new worker or of another platform: send the call again in the next block.
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
        /// This key was given up for another one: a pRuntime makes a new key when it is started without its sealed state.
        KeyGivenUp,
        /// All of the worker's renewals are spent: wait until one is back, or register it by its operator.
        NoRenewalLeft,
        /// The worker has this operator already.
        SameOperator,
        /// The old operator has not signed this change of the operator of this worker: sign `OperatorChange` with the worker's key,
        /// the new operator, and the number of changes before.
        InvalidPermission,
        /// The worker that shall get this key is registered with it, or another one is: each key is one worker's.
        KeyInUse,
        /// The worker was bound to another key not long ago: wait.
        ReboundRecently,
        /// The worker's lease is not over for long enough to remove it.
        LeaseNotLongOver,
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
        /// The evidence is verified with the documents that the chain keeps, as of this block's time, and must be bound to `info`. The
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
        pub fn register_worker(origin: OriginFor<T>, info: WorkerInfo, evidence: Evidence) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            match Self::do_register_worker(&who, info, &evidence)? {
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

        /// Renews a worker's registration, after a restart or for a new lease, without a fee.
        ///
        /// It spends one of the worker's renewals, whether the evidence is good or not. When it is not, the call succeeds, the
        /// registration stays as it is, and the event says why. With the certification bytes of the stored evidence, one
        /// signature is verified instead of three.
        ///
        /// - Origin: authorised by `signature`, made with the IdentityKey over [`khala_primitives::Renewal::message`].
        /// - Errors: as a transaction `Stale` (no renewal left, unknown worker, evidence not newer), `Future`, `BadProof`.
        /// - Events: [`Event::WorkerRenewed`], [`Event::BenchmarkAsked`]; [`Event::EvidenceRefused`].
        #[pallet::call_index(4)]
        #[pallet::weight((<T as Config>::WeightInfo::renew_worker(), DispatchClass::Operational))]
        #[pallet::weight_of_authorize(<T as Config>::WeightInfo::authorize_renew_worker())]
        #[pallet::authorize(Self::authorize_renew_worker)]
        pub fn renew_worker(
            origin: OriginFor<T>,
            info: WorkerInfo,
            evidence: Evidence,
            signature: WorkerSignature,
        ) -> DispatchResultWithPostInfo {
            ensure_authorized(origin)?;
            // The signature was verified by `authorize`, in this block and on this state.
            let _ = signature;
            Ok(match Self::do_renew_worker(info, &evidence)? {
                Verified::Quote => Some(<T as Config>::WeightInfo::renew_worker_known()).into(),
                Verified::Everything => ().into(),
            })
        }

        /// Judges what is known of a worker again, by the documents and the policy of now.
        ///
        /// If it does not hold any more, the lease ends at once. Missing or late documents end nothing: they say nothing of the
        /// worker. The fee comes back when anything changed.
        ///
        /// - Origin: signed by anybody.
        /// - Errors: [`Error::UnknownWorker`]; [`khala_pallet_attestation::Error::NoTcbInfo`] and the like.
        /// - Events: [`Event::WorkerReverified`]; [`Event::EvidenceRefused`].
        #[pallet::call_index(5)]
        pub fn reverify_worker(origin: OriginFor<T>, worker: WorkerPublicKey) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            let state = Workers::<T>::get(worker).ok_or(Error::<T>::UnknownWorker)?;
            Ok(match Self::judge_stored(&worker, state)? {
                Judged::Changed => Pays::No.into(),
                Judged::Same => Pays::Yes.into(),
            })
        }

        /// Gives a worker without a session to another operator, which `info` names.
        ///
        /// The deposit goes back to the old operator and is held from the new one.
        ///
        /// - Origin: signed by the new operator or its registrar.
        /// - `signature`: the old operator's, sr25519, over [`khala_primitives::OperatorChange::message`] or `wrapped_message`.
        /// - Errors: [`Error::WorkerInUse`], [`Error::SameOperator`], [`Error::InvalidPermission`], and those of
        ///   [`Call::register_worker`].
        /// - Events: [`Event::OperatorChanged`], [`Event::WorkerRenewed`].
        #[pallet::call_index(6)]
        pub fn change_operator(
            origin: OriginFor<T>,
            info: WorkerInfo,
            evidence: Evidence,
            signature: OperatorSignature,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            Self::do_change_operator(&who, info, &evidence, &signature)?;
            Ok(Pays::No.into())
        }

        /// Gives a worker whose seal cannot be opened any more the new key of `info`; stake, value and session stay.
        ///
        /// The old key is given up for ever. On the same platform once in `rebindSecs`, and once more for code that was allowed
        /// since; to another platform once in `rebindElsewhereSecs`, with a new benchmark. The score never rises by it.
        ///
        /// - Origin: signed by the worker's operator or its registrar.
        /// - Errors: [`Error::UnknownWorker`], [`Error::OperatorDiffers`], [`Error::KeyInUse`], [`Error::KeyGivenUp`],
        ///   [`Error::ReboundRecently`], [`Error::PlatformFull`], and those of [`Call::register_worker`].
        /// - Events: [`Event::WorkerRebound`], [`Event::WorkerRenewed`].
        #[pallet::call_index(7)]
        pub fn rebind_worker(
            origin: OriginFor<T>,
            old: WorkerPublicKey,
            info: WorkerInfo,
            evidence: Evidence,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            Self::do_rebind_worker(&who, &old, info, &evidence)?;
            Ok(Pays::No.into())
        }

        /// Removes a worker without a session whose lease has been over for `removalSecs`; its deposit goes back to its operator.
        ///
        /// - Origin: signed by anybody; the fee comes back.
        /// - Errors: [`Error::UnknownWorker`], [`Error::LeaseNotLongOver`], [`Error::WorkerInUse`].
        /// - Event: [`Event::WorkerRetired`].
        #[pallet::call_index(8)]
        pub fn remove_lapsed_worker(origin: OriginFor<T>, worker: WorkerPublicKey) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            Self::do_remove_lapsed_worker(&worker)?;
            Ok(Pays::No.into())
        }
    }
}
