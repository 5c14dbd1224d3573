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

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod dispatchable_impls;
mod evidence_impls;
mod refusals;
mod root_certificate;
#[cfg(test)]
mod tests;
mod types;
mod utility_impls;
mod weights;

pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

#[frame_support::pallet]
#[allow(missing_docs, clippy::expect_used)] // of what the macro makes
pub mod pallet {
    use super::{AllowedMeasurement, Roles, TrustedRoot, WeightInfo, MAX_ROOTS};
    use alloc::vec::Vec;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use khala_attestation::policy::AttestationPolicy;
    use khala_primitives::{MeasurementDigest, H256};

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Who decides what is trusted.
        type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// What the calls cost.
        type WeightInfo: WeightInfo;
    }

    /// The root certificates at which a platform's chain may end, DER. Without one, all evidence is refused.
    #[pallet::storage]
    pub type TrustedRoots<T: Config> = StorageValue<_, BoundedVec<TrustedRoot, ConstU32<MAX_ROOTS>>, ValueQuery>;

    /// The code that may run. An upgrade adds the new one, lets both run for a while, then retires the old.
    #[pallet::storage]
    pub type AllowedMeasurements<T: Config> = StorageMap<_, Identity, MeasurementDigest, AllowedMeasurement>;

    /// What a chain holds of platforms when nobody has decided.
    #[pallet::type_value]
    pub fn DefaultPolicy() -> AttestationPolicy {
        AttestationPolicy::default_for_chain()
    }

    /// By what platforms are judged.
    #[pallet::storage]
    pub type Policy<T: Config> = StorageValue<_, AttestationPolicy, ValueQuery, DefaultPolicy>;

    /// Counts the changes of what is trusted: roots, measurements and policy. A verdict names the version it was made under.
    #[pallet::storage]
    pub type PolicyVersion<T: Config> = StorageValue<_, u32, ValueQuery>;

    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// Root certificates, DER.
        pub trusted_roots: Vec<Vec<u8>>,
        /// The code that may run.
        pub allowed_measurements: Vec<(MeasurementDigest, AllowedMeasurement)>,
        /// By what platforms are judged.
        pub policy: AttestationPolicy,
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self {
                trusted_roots: Vec::new(),
                allowed_measurements: Vec::new(),
                policy: DefaultPolicy::get(),
                _config: PhantomData,
            }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        /// Panics on values that the calls would refuse: a chain with such a genesis must not start.
        fn build(&self) {
            for root in &self.trusted_roots {
                let added = Pallet::<T>::do_add_trusted_root(root.clone());
                assert!(added.is_ok(), "genesis: trusted root refused: {added:?}");
            }
            for (measurement, allowed) in &self.allowed_measurements {
                let stored = Pallet::<T>::do_allow_measurement(*measurement, *allowed);
                assert!(stored.is_ok(), "genesis: allowed measurement {measurement} refused: {stored:?}");
            }
            let set = Pallet::<T>::do_set_policy(self.policy.clone());
            assert!(set.is_ok(), "genesis: policy refused: {set:?}");
            PolicyVersion::<T>::put(1);
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// Platforms are judged by another policy.
        PolicyChanged {
            /// The version from now on.
            version: u32,
        },
        /// Code may run, or may run for something else or from another time on.
        MeasurementAllowed {
            /// Which code.
            measurement: MeasurementDigest,
            /// For what.
            roles: Roles,
            /// From when on, in seconds since 1970.
            active_from_secs: u64,
            /// Until when, in seconds since 1970; `None` when no end is set.
            deprecated_from_secs: Option<u64>,
        },
        /// Code may run no longer from a moment on.
        MeasurementDeprecated {
            /// Which code.
            measurement: MeasurementDigest,
            /// From when on, in seconds since 1970.
            from_secs: u64,
        },
        /// A root certificate is trusted.
        RootTrusted {
            /// `blake2_256` of its DER.
            root: H256,
        },
        /// A root certificate is no longer trusted.
        RootDistrusted {
            /// `blake2_256` of its DER.
            root: H256,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        // Changing what is trusted.
        /// The policy accepts findings, which is for looking at quotes only, or its next evaluation number is not above the current one.
        InvalidPolicy,
        /// Code is to be allowed for no role, or for a role that does not exist: name worker (1), gatekeeper (2) or both (3).
        InvalidRoles,
        /// Code would be deprecated before it becomes active: choose a later end.
        EmptyPeriod,
        /// Code that was never allowed is to be deprecated: look up its digest.
        UnknownMeasurement,
        /// The root is not one X.509 certificate in DER, with a P-256 key and itself as issuer: send the DER file of a root.
        InvalidRoot,
        /// The root is trusted already.
        RootAlreadyTrusted,
        /// As many roots are trusted as can be: remove one first.
        TooManyRoots,
        /// No root with this hash is trusted.
        UnknownRoot,

        // Verifying evidence; the node's log (target `khala::attestation`, level debug) has the facts.
        /// The quote is longer than any genuine one: send the quote as the TEE made it, cut at its declared end.
        QuoteTooLong,
        /// The quote is no DCAP quote of version 3 (SGX), 4 or 5 (TDX): send it as the TEE made it, cut at its declared end.
        MalformedQuote,
        /// The evidence says SGX and holds a TDX quote, or the other way round.
        OtherTee,
        /// The quote was changed after it was signed, or is not signed by its platform: make a new one.
        TamperedQuote,
        /// The certificates do not lead to a root that this chain trusts: evidence of a development TEE counts in development only.
        UntrustedRoot,
        /// A certificate of the platform in the quote is wrong: make a new quote, or provision the platform again.
        InvalidPlatformCertificate,
        /// A certificate of the platform has expired: provision the platform again.
        PlatformCertificateExpired,
        /// A certificate was revoked by Intel: the platform or the collateral's signer cannot be used any more.
        CertificateRevoked,
        /// The collateral is malformed, or not signed by whom it should be: fetch it again.
        InvalidCollateral,
        /// The collateral has expired: fetch it again.
        CollateralExpired,
        /// A certificate or the collateral is valid only later than this block: check the clock of whoever made it.
        NotYetValid,
        /// The collateral is for another kind of platform: fetch that of this platform's FMSPC and TEE.
        CollateralOfOtherPlatform,
        /// The collateral's evaluation number does not count now, or newer collateral is known: fetch the current one.
        CollateralNotCurrent,
        /// The platform meets none of Intel's TCB levels: update its firmware.
        NoTcbLevel,
        /// The platform's TCB level is revoked: its keys may be known to others. Update its firmware.
        TcbRevoked,
        /// The platform's TDX module is not one of Intel's: update its firmware.
        UnknownTdxModule,
        /// The quoting enclave is not Intel's: install Intel's.
        UnknownQuotingEnclave,
        /// Debug is on, so the host can read the worker's memory: start it without.
        DebugOn,
        /// The TD has attributes that give the host power over it (profiling, migration, a service TD and so on): start it without.
        UnsafeTd,
        /// Genuine, but not fit to register: for example, the host set a value that the measurement does not cover (CONFIGID,
        /// MRCONFIGID). `khala attest verify` lists what it is under `not_for_registration`.
        NotForRegistration,
        /// The quote is not about this WorkerInfo: its report data is not the hash of what was submitted.
        InfoMismatch,
        /// This code is not on the list of what may run as a worker: run a released pRuntime.
        MeasurementNotAllowed,
        /// This code may not run yet: wait, or run the version before.
        MeasurementNotYetActive,
        /// This code may run no longer: upgrade the pRuntime.
        MeasurementDeprecated,
        /// The policy does not accept the platform's status: update its firmware.
        StatusNotAccepted,
        /// The policy denies an advisory that applies to the platform: update its firmware.
        AdvisoryDenied,
        /// The policy denies this machine or processor family.
        PlatformDenied,
        /// The policy does not accept a property of the platform (dynamic platform, cached keys, SMT): turn it off.
        PlatformPropertyDenied,
        /// More advisories apply than the chain keeps: update the platform's firmware.
        TooManyAdvisories,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_block: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call(weight = T::WeightInfo)]
    impl<T: Config> Pallet<T> {
        /// Replaces the policy, at once.
        ///
        /// Workers that are registered keep what they were judged to be until they register again.
        ///
        /// - Origin: `AdminOrigin`.
        /// - Errors: [`Error::InvalidPolicy`].
        #[pallet::call_index(0)]
        pub fn set_policy(origin: OriginFor<T>, policy: AttestationPolicy) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_set_policy(policy)
        }

        /// Puts code on the list of what may run, or replaces its entry, at once.
        ///
        /// - Origin: `AdminOrigin`.
        /// - Errors: [`Error::InvalidRoles`], [`Error::EmptyPeriod`].
        #[pallet::call_index(1)]
        pub fn allow_measurement(origin: OriginFor<T>, measurement: MeasurementDigest, allowed: AllowedMeasurement) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_allow_measurement(measurement, allowed)
        }

        /// Sets the moment from which on code may run no longer, in seconds since 1970. A moment that has passed means at once.
        ///
        /// - Origin: `AdminOrigin`.
        /// - Errors: [`Error::UnknownMeasurement`].
        #[pallet::call_index(2)]
        pub fn deprecate_measurement(origin: OriginFor<T>, measurement: MeasurementDigest, from_secs: u64) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_deprecate_measurement(measurement, from_secs)
        }

        /// Trusts a root certificate, DER, at once.
        ///
        /// - Origin: `AdminOrigin`.
        /// - Errors: [`Error::InvalidRoot`], [`Error::RootAlreadyTrusted`], [`Error::TooManyRoots`].
        #[pallet::call_index(3)]
        pub fn add_trusted_root(origin: OriginFor<T>, root: TrustedRoot) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_add_trusted_root(root.into_inner())
        }

        /// Trusts a root certificate no longer, at once. `root` is `blake2_256` of its DER, as in [`Event::RootTrusted`].
        ///
        /// Evidence below it is refused from now on; leases that run go on until their end.
        ///
        /// - Origin: `AdminOrigin`.
        /// - Errors: [`Error::UnknownRoot`].
        #[pallet::call_index(4)]
        pub fn remove_trusted_root(origin: OriginFor<T>, root: H256) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_remove_trusted_root(root)
        }
    }
}
