//! Keeping collateral: a public good that anybody brings and everybody uses.
//!
//! A document is verified up to a trusted root and parsed once, when it is brought. What is kept of each kind only gets newer:
//! neither number nor date goes back. Whether it counts at a moment is judged at each use.

use crate::{
    document::{About, Document},
    Config, Error, Event, Pallet, PckCrls, Policy, QeIdentities, RevokedByRoot, RootCrls, TcbInfos, TrustedRoots,
};
use alloc::vec::Vec;
use frame_support::ensure;
use khala_attestation::{
    crl::Serials,
    documents::{PckCrl, RootCrl, SignedQeIdentity, SignedTcbInfo},
    error::Error as Fault,
    part::Part,
    rollback::{check_replace, EvaluationNumbers},
};
use khala_primitives::{
    collateral::{CollateralStatus, KeptDocument},
    H256,
};

/// A document so much newer than the kept one is brought for free, in seconds.
pub const WORTH_NEWER_SECS: u64 = 12 * 3600;
/// A document is brought for free when the kept one has less left than this, in seconds.
pub const WORTH_LEFT_SECS: u64 = 7 * 24 * 3600;

/// Was it worth bringing a document? Then it costs nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Worth {
    /// The chain needed it.
    Needed,
    /// The chain had one that is nearly as new.
    Little,
}

impl<T: Config> Pallet<T> {
    pub(crate) fn do_upsert_root_crl(der: &[u8]) -> Result<Worth, Error<T>> {
        Self::upsert(|roots| RootCrl::verify(der, roots))
    }

    pub(crate) fn do_upsert_pck_crl(chain: &[u8], der: &[u8]) -> Result<Worth, Error<T>> {
        Self::upsert(|roots| PckCrl::verify(chain, der, roots))
    }

    pub(crate) fn do_upsert_tcb_info(chain: &[u8], json: &[u8], signature: &[u8]) -> Result<Worth, Error<T>> {
        Self::upsert(|roots| Ok((SignedTcbInfo::verify(chain, json, signature, roots)?, Serials::new())))
    }

    pub(crate) fn do_upsert_qe_identity(chain: &[u8], json: &[u8], signature: &[u8]) -> Result<Worth, Error<T>> {
        Self::upsert(|roots| Ok((SignedQeIdentity::verify(chain, json, signature, roots)?, Serials::new())))
    }

    /// Keeps a document and what it revokes, if it is in date and no older than what is kept. `verify` makes it, given the
    /// roots that are trusted now.
    fn upsert<D: Document<T>>(verify: impl FnOnce(&[&[u8]]) -> Result<(D, Serials), Fault>) -> Result<Worth, Error<T>> {
        let now_secs = Self::now_secs();
        let (document, revoked) = Self::with_roots(now_secs, verify)?;
        Self::accept(document.check_counts(now_secs))?;
        let about = document.about();
        Self::check_signer(D::SIGNER, &about, now_secs)?;
        let worth = Self::check_newer(D::PART, document.find().as_ref().map(D::about), &about, now_secs)?;
        let (root, next_update_secs) = (about.root, about.next_update_secs);
        document.keep(&revoked, now_secs);
        Self::deposit_event(Event::CollateralKept {
            kind: D::KIND,
            root: H256(root),
            next_update_secs,
            revoked: u32::try_from(revoked.len()).unwrap_or(u32::MAX),
        });
        Ok(worth)
    }

    /// What the runtime API tells of the chain's collateral.
    pub fn collateral_status() -> CollateralStatus {
        let now_secs = Self::now_secs();
        let numbers = Self::evaluation_numbers();
        let documents = RootCrls::<T>::iter_values()
            .map(|kept| describe::<T, _>(&kept))
            .chain(PckCrls::<T>::iter_values().map(|kept| describe::<T, _>(&kept)))
            .chain(TcbInfos::<T>::iter_values().map(|kept| describe::<T, _>(&kept)))
            .chain(QeIdentities::<T>::iter_values().map(|kept| describe::<T, _>(&kept)))
            .collect();
        CollateralStatus {
            current_number: numbers.current_at(now_secs),
            next_number: numbers
                .next
                .map(|next| next.number)
                .filter(|next| *next != numbers.current_at(now_secs)),
            roots: TrustedRoots::<T>::get().iter().map(|root| H256(root.key_hash)).collect(),
            documents,
        }
    }

    /// The evaluation numbers that the policy names.
    pub(crate) fn evaluation_numbers() -> EvaluationNumbers {
        // No policy without numbers is stored; number 0 has no documents, so nothing would be accepted.
        Policy::<T>::get()
            .evaluation_numbers
            .unwrap_or(EvaluationNumbers { current: 0, next: None })
    }

    /// The evaluation number by which evidence is judged at a time.
    pub(crate) fn evaluation_number(now_secs: u64) -> u32 {
        Self::evaluation_numbers().current_at(now_secs)
    }

    fn with_roots<R>(now_secs: u64, verify: impl FnOnce(&[&[u8]]) -> Result<R, Fault>) -> Result<R, Error<T>> {
        let trusted = TrustedRoots::<T>::get();
        let active = trusted.iter().filter(|root| root.active_from_secs <= now_secs);
        let roots: Vec<&[u8]> = active.map(|root| root.certificate.as_slice()).collect();
        verify(&roots).map_err(|fault| Self::refuse_document(&fault))
    }

    fn accept(checked: Result<(), Fault>) -> Result<(), Error<T>> {
        checked.map_err(|fault| Self::refuse_document(&fault))
    }

    /// Whoever signed a document is in date, and is not revoked as far as the chain knows.
    fn check_signer(part: Part, about: &About<'_>, now_secs: u64) -> Result<(), Error<T>> {
        Self::accept(about.signer.check_dates(part, now_secs))?;
        // A root's newest list is taken whatever the one before says of the root: the list is judged where it is used.
        let is_revoked = part != Part::Root && RevokedByRoot::<T>::contains_key(about.root, &about.signer.serial);
        Self::accept(if is_revoked { Err(Fault::Revoked { part }) } else { Ok(()) })
    }

    fn check_newer(part: Part, kept: Option<About<'_>>, new: &About<'_>, now_secs: u64) -> Result<Worth, Error<T>> {
        let Some(kept) = kept else {
            return Ok(Worth::Needed);
        };
        ensure!(kept.edition != new.edition, Error::<T>::CollateralKnown);
        Self::accept(check_replace(part, &kept.edition, &new.edition))?;
        let newer_by = new.edition.issued_secs.saturating_sub(kept.edition.issued_secs);
        let left = kept.next_update_secs.saturating_sub(now_secs);
        let needed = newer_by >= WORTH_NEWER_SECS || left < WORTH_LEFT_SECS;
        Ok(if needed { Worth::Needed } else { Worth::Little })
    }
}

fn describe<T: Config, D: Document<T>>(kept: &D) -> KeptDocument {
    let about = kept.about();
    KeptDocument {
        root: H256(about.root),
        name: about.name,
        issued_secs: about.edition.issued_secs,
        next_update_secs: about.next_update_secs,
    }
}
