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
pub mod benchmarking;
mod collateral_impls;
mod dispatchable_impls;
mod document;
mod evidence_impls;
mod refusals;
#[cfg(test)]
mod tests;
mod types;
mod utility_impls;
pub mod weights;

pub use collateral_impls::{WORTH_LEFT_SECS, WORTH_NEWER_SECS};
pub use evidence_impls::Verification;
pub use pallet::*;
pub use refusals::Refusal;
pub use types::*;
pub use weights::WeightInfo;

#[frame_support::pallet]
#[allow(missing_docs, clippy::expect_used)] // of what the macro makes
pub mod pallet {
    use super::{
        AllowedMeasurement, Chain, CrlDer, DocumentKind, Family, IntelSignature, Parameters, QeIdentityJson, QuotingEnclave, Roles,
        RootCertificate, TcbInfoJson, TrustedRoot, WeightInfo, MAX_ROOTS,
    };
    use crate::collateral_impls::Worth;
    use alloc::vec::Vec;
    use frame_support::{pallet_prelude::*, traits::UnixTime, weights::WeightMeter};
    use frame_system::pallet_prelude::*;
    use khala_attestation::{
        certs::Serial,
        crl::MAX_REVOKED,
        documents::{CaHash, PckCrl, RootCrl, RootKeyHash, SignedQeIdentity, SignedTcbInfo},
        policy::AttestationPolicy,
    };
    use khala_primitives::{MeasurementDigest, H256};

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Who decides what is trusted.
        type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// The chain's time.
        type Time: UnixTime;

        /// What the calls cost.
        type WeightInfo: WeightInfo;
    }

    /// The root certificates at which a platform's chain may end. Without one, all evidence is refused.
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

    /// The policy that accepts more than the one that counts, and when it will count, in seconds since 1970.
    #[pallet::storage]
    pub type NextPolicy<T: Config> = StorageValue<_, (AttestationPolicy, u64)>;

    /// A chain without other values is held to the production network's.
    #[pallet::type_value]
    pub fn DefaultParameters() -> Parameters {
        Parameters::KHALA
    }

    /// The values of this network.
    #[pallet::storage]
    pub type Params<T: Config> = StorageValue<_, Parameters, ValueQuery, DefaultParameters>;

    /// The newest revocation list of each root, without its entries.
    #[pallet::storage]
    pub type RootCrls<T: Config> = StorageMap<_, Identity, RootKeyHash, RootCrl>;

    /// What each root has revoked.
    #[pallet::storage]
    pub type RevokedByRoot<T: Config> = StorageDoubleMap<_, Identity, RootKeyHash, Blake2_128Concat, Serial, ()>;

    /// Each PCK CA with its newest revocation list, without its entries.
    #[pallet::storage]
    pub type PckCrls<T: Config> = StorageMap<_, Identity, CaHash, PckCrl>;

    /// What each PCK CA has revoked.
    #[pallet::storage]
    pub type RevokedByCa<T: Config> = StorageDoubleMap<_, Identity, CaHash, Blake2_128Concat, Serial, ()>;

    /// The newest TCB info of each processor family, for the current and the next evaluation number.
    #[pallet::storage]
    pub type TcbInfos<T: Config> = StorageDoubleMap<_, Blake2_128Concat, Family, Identity, u32, SignedTcbInfo>;

    /// The newest QE identity of each TEE, for the current and the next evaluation number.
    #[pallet::storage]
    pub type QeIdentities<T: Config> = StorageDoubleMap<_, Blake2_128Concat, QuotingEnclave, Identity, u32, SignedQeIdentity>;

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
        /// The values of this network.
        pub parameters: Parameters,
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self {
                trusted_roots: Vec::new(),
                allowed_measurements: Vec::new(),
                policy: DefaultPolicy::get(),
                parameters: Parameters::KHALA,
                _config: PhantomData,
            }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        /// Panics on values that the calls would refuse: a chain with such a genesis must not start.
        fn build(&self) {
            for root in &self.trusted_roots {
                let added = Pallet::<T>::do_add_trusted_root(root.clone(), 0);
                assert!(added.is_ok(), "genesis: trusted root refused: {added:?}");
            }
            for (measurement, allowed) in &self.allowed_measurements {
                let stored = Pallet::<T>::put_measurement(*measurement, *allowed);
                assert!(stored.is_ok(), "genesis: allowed measurement {measurement} refused: {stored:?}");
            }
            let is_for_chain = crate::types::is_for_chain(&self.policy);
            assert!(
                is_for_chain,
                "genesis: policy refused: it accepts findings, or its evaluation numbers are missing or do not rise"
            );
            Policy::<T>::put(&self.policy);
            Params::<T>::put(self.parameters);
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
        /// A policy that accepts more than now will count.
        PolicyAnnounced {
            /// From when on, in seconds since 1970.
            from_secs: u64,
        },
        /// The policy that was announced will not count.
        PolicyWithdrawn {
            /// From when on it would have counted, in seconds since 1970.
            from_secs: u64,
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
            /// From when on, in seconds since 1970.
            active_from_secs: u64,
        },
        /// A root certificate is no longer trusted.
        RootDistrusted {
            /// `blake2_256` of its DER.
            root: H256,
        },
        /// A document of Intel's is kept, in place of an older one if there was one.
        CollateralKept {
            /// Of which kind.
            kind: DocumentKind,
            /// SHA-256 of the public key of the root that it leads to.
            root: H256,
            /// When the next one is due, in seconds since 1970.
            next_update_secs: u64,
            /// How many certificates it revokes.
            revoked: u32,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        // Changing what is trusted.
        /// The policy accepts findings, which is for looking at quotes only, or its evaluation numbers are missing, do not rise, or
        /// go back, or a status is worth more with an advisory that is not allowed.
        InvalidPolicy,
        /// The lists of denied advisories or platforms of the policy that counts and of the new one are too long together until
        /// the new one counts: change it in smaller steps.
        PolicyTooLong,
        /// Code that may run is to get another role: allow another build for it.
        RolesFixed,
        /// Code would run for longer with less notice than the network gives: allow it anew, it will be active after the notice.
        TooSoon,
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
        /// The evidence is of another platform than the worker's: rebind the worker there.
        OtherPlatform,
        /// The chain has no revocation list of the root: bring it with `upsert_root_crl`.
        NoRootCrl,
        /// The chain has no revocation list of the platform's PCK CA: bring it with `upsert_pck_crl`.
        NoPckCrl,
        /// The chain has no TCB info for the platform's processor family and the current evaluation number: bring it with
        /// `upsert_tcb_info`.
        NoTcbInfo,
        /// The chain has no QE identity for the TEE and the current evaluation number: bring it with `upsert_qe_identity`.
        NoQeIdentity,

        // Bringing documents.
        /// The chain has this very document already: nothing to do.
        CollateralKnown,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Lets an announced policy count when its time has come.
        fn on_poll(_block: BlockNumberFor<T>, meter: &mut WeightMeter) {
            if meter.try_consume(T::WeightInfo::on_poll()).is_ok() {
                Self::apply_next_policy();
            }
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_block: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call(weight = T::WeightInfo)]
    impl<T: Config> Pallet<T> {
        /// Replaces the policy: what it refuses is refused at once, what it accepts is accepted after the notice.
        ///
        /// Workers that are registered are judged again at their next heartbeat.
        ///
        /// - Origin: `AdminOrigin`.
        /// - Errors: [`Error::InvalidPolicy`], [`Error::PolicyTooLong`].
        /// - Events: [`Event::PolicyChanged`], [`Event::PolicyAnnounced`]; [`Event::PolicyWithdrawn`] when one was announced and none is
        ///   any more.
        #[pallet::call_index(0)]
        pub fn set_policy(origin: OriginFor<T>, policy: AttestationPolicy) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_set_policy(policy)
        }

        /// Puts code on the list of what may run, or replaces its entry. Code that does not run yet becomes active after the notice
        /// at the earliest.
        ///
        /// - Origin: `AdminOrigin`.
        /// - Errors: [`Error::InvalidRoles`], [`Error::EmptyPeriod`], [`Error::RolesFixed`], [`Error::TooSoon`].
        #[pallet::call_index(1)]
        pub fn allow_measurement(origin: OriginFor<T>, measurement: MeasurementDigest, allowed: AllowedMeasurement) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_allow_measurement(measurement, allowed)
        }

        /// Sets the moment from which on code may run no longer, in seconds since 1970. A moment that has passed means at once.
        ///
        /// - Origin: `AdminOrigin`.
        /// - Errors: [`Error::UnknownMeasurement`], [`Error::TooSoon`] for a later end than was set before.
        #[pallet::call_index(2)]
        pub fn deprecate_measurement(origin: OriginFor<T>, measurement: MeasurementDigest, from_secs: u64) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_deprecate_measurement(measurement, from_secs)
        }

        /// Trusts a root certificate, DER, after the notice.
        ///
        /// - Origin: `AdminOrigin`.
        /// - Errors: [`Error::InvalidRoot`], [`Error::RootAlreadyTrusted`], [`Error::TooManyRoots`].
        #[pallet::call_index(3)]
        pub fn add_trusted_root(origin: OriginFor<T>, root: RootCertificate) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_add_trusted_root(root.into_inner(), Self::earliest_secs())
        }

        /// Trusts a root certificate no longer, at once. `root` is `blake2_256` of its DER, as in [`Event::RootTrusted`].
        ///
        /// Evidence below it is refused from now on; workers that are registered lose their leases when they are judged again.
        ///
        /// - Origin: `AdminOrigin`.
        /// - Errors: [`Error::UnknownRoot`].
        #[pallet::call_index(4)]
        pub fn remove_trusted_root(origin: OriginFor<T>, root: H256) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_remove_trusted_root(root)
        }

        /// Brings the revocation list of a trusted root, DER.
        ///
        /// For this and the other documents: anybody may bring one. It is verified up to a trusted root, must be in date, and must
        /// not be older than what is kept. The fee comes back when the chain needed it: when it had none, or one that was issued
        /// at least [`WORTH_NEWER_SECS`](crate::WORTH_NEWER_SECS) before, or one with less than
        /// [`WORTH_LEFT_SECS`](crate::WORTH_LEFT_SECS) left.
        ///
        /// - Origin: signed.
        /// - Errors: [`Error::UntrustedRoot`], [`Error::InvalidCollateral`], [`Error::CollateralExpired`], [`Error::NotYetValid`],
        ///   [`Error::CollateralKnown`], [`Error::CollateralNotCurrent`] for an older one.
        /// - Event: [`Event::CollateralKept`].
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::upsert_root_crl(most_revoked(crl)))]
        pub fn upsert_root_crl(origin: OriginFor<T>, crl: CrlDer) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            Ok(fee_of(Self::do_upsert_root_crl(&crl)?).into())
        }

        /// Brings the revocation list of a PCK CA, DER, with the chain of the CA, PEM, CA first.
        ///
        /// - Origin, event: as [`Call::upsert_root_crl`].
        /// - Errors: as there, and [`Error::CertificateRevoked`] for the CA.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::upsert_pck_crl(most_revoked(crl)))]
        pub fn upsert_pck_crl(origin: OriginFor<T>, issuer_chain: Chain, crl: CrlDer) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            Ok(fee_of(Self::do_upsert_pck_crl(&issuer_chain, &crl)?).into())
        }

        /// Brings the TCB info of a processor family, exactly as signed, with the chain of its signer, PEM, signer first.
        ///
        /// Only for the evaluation numbers that the policy names.
        ///
        /// - Origin, event: as [`Call::upsert_root_crl`].
        /// - Errors: as there, and [`Error::CertificateRevoked`] for the signer, [`Error::CollateralNotCurrent`] for another
        ///   evaluation number.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::upsert_tcb_info())]
        pub fn upsert_tcb_info(
            origin: OriginFor<T>,
            issuer_chain: Chain,
            tcb_info: TcbInfoJson,
            signature: IntelSignature,
        ) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            Ok(fee_of(Self::do_upsert_tcb_info(&issuer_chain, &tcb_info, &signature)?).into())
        }

        /// Brings the identity of a quoting enclave, exactly as signed, with the chain of its signer, PEM, signer first.
        ///
        /// - Origin, errors, event: as [`Call::upsert_tcb_info`].
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::upsert_qe_identity())]
        pub fn upsert_qe_identity(
            origin: OriginFor<T>,
            issuer_chain: Chain,
            qe_identity: QeIdentityJson,
            signature: IntelSignature,
        ) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            Ok(fee_of(Self::do_upsert_qe_identity(&issuer_chain, &qe_identity, &signature)?).into())
        }
    }

    /// Most certificates that a list of this length can hold: none takes less than 20 bytes, with a serial number of one byte and a
    /// date.
    fn most_revoked(crl: &CrlDer) -> u32 {
        u32::try_from(crl.len() / 20).unwrap_or(MAX_REVOKED).min(MAX_REVOKED)
    }

    fn fee_of(worth: Worth) -> Pays {
        match worth {
            Worth::Needed => Pays::No,
            Worth::Little => Pays::Yes,
        }
    }
}
