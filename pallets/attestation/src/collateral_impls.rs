//! Keeping collateral: a public good that anybody brings and everybody uses.
//!
//! A document is verified up to a trusted root and parsed once, when it is brought. What is kept of each kind only gets newer:
//! neither number nor date goes back. Whether it counts at a moment is judged at each use.

use crate::{
    Config, DocumentKind, Error, Event, Family, Pallet, PckCrls, Policy, QeIdentities, QuotingEnclave, RevokedByCa, RevokedByRoot,
    RootCrls, TcbInfos, TrustedRoots,
};
use alloc::vec::Vec;
use frame_support::ensure;
use khala_attestation::{
    certs::{CertificateFacts, Serial},
    crl::{Serials, MAX_REVOKED},
    documents::{PckCrl, RootCrl, RootKeyHash, SignedQeIdentity, SignedTcbInfo},
    error::Error as Fault,
    part::Part,
    rollback::{check_replace, Edition, EvaluationNumbers},
};
use khala_primitives::{
    collateral::{CollateralStatus, DocumentName, KeptDocument},
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

/// What decides whether a document is needed.
#[derive(Clone, Copy)]
struct Dates {
    edition: Edition,
    next_update_secs: u64,
}

impl<T: Config> Pallet<T> {
    pub(crate) fn do_upsert_root_crl(der: &[u8]) -> Result<Worth, Error<T>> {
        let now_secs = Self::now_secs();
        let (document, revoked) = Self::with_roots(now_secs, |roots| RootCrl::verify(der, roots))?;
        let root = document.root_key_hash;
        Self::in_date(document.list.check_dates(Part::RootCrl, now_secs, 0))?;
        Self::in_date(document.root.check_dates(Part::Root, now_secs))?;
        let kept = RootCrls::<T>::get(root).map(|kept| dates_of_root(&kept));
        let worth = Self::check_newer(Part::RootCrl, kept, dates_of_root(&document), now_secs)?;
        let _ = RevokedByRoot::<T>::clear_prefix(root, MAX_REVOKED, None);
        for serial in &revoked {
            RevokedByRoot::<T>::insert(root, serial, ());
        }
        let next_update_secs = document.list.next_update_secs;
        RootCrls::<T>::insert(root, document);
        Self::kept(DocumentKind::RootCrl, root, next_update_secs, revoked.len());
        Ok(worth)
    }

    pub(crate) fn do_upsert_pck_crl(chain: &[u8], der: &[u8]) -> Result<Worth, Error<T>> {
        let now_secs = Self::now_secs();
        let (document, revoked): (PckCrl, Serials) = Self::with_roots(now_secs, |roots| PckCrl::verify(chain, der, roots))?;
        let ca = document.ca_hash;
        Self::in_date(document.list.check_dates(Part::PckCrl, now_secs, 0))?;
        Self::check_signer(Part::PckCa, &document.root_key_hash, &document.ca, now_secs)?;
        let kept = PckCrls::<T>::get(ca).map(|kept| dates_of_ca(&kept));
        let worth = Self::check_newer(Part::PckCrl, kept, dates_of_ca(&document), now_secs)?;
        let _ = RevokedByCa::<T>::clear_prefix(ca, MAX_REVOKED, None);
        for serial in &revoked {
            RevokedByCa::<T>::insert(ca, serial, ());
        }
        let (root, next_update_secs) = (document.root_key_hash, document.list.next_update_secs);
        PckCrls::<T>::insert(ca, document);
        Self::kept(DocumentKind::PckCrl, root, next_update_secs, revoked.len());
        Ok(worth)
    }

    pub(crate) fn do_upsert_tcb_info(chain: &[u8], json: &[u8], signature: &[u8]) -> Result<Worth, Error<T>> {
        let now_secs = Self::now_secs();
        let document: SignedTcbInfo = Self::with_roots(now_secs, |roots| SignedTcbInfo::verify(chain, json, signature, roots))?;
        let (root, info) = (document.root_key_hash, &document.info);
        let (number, next_update_secs) = (info.evaluation_data_number, info.next_update_secs);
        let numbers = Self::check_number(Part::TcbInfo, number, now_secs)?;
        Self::check_issued(Part::TcbInfo, info.issued_secs, next_update_secs, now_secs)?;
        Self::check_signer(Part::TcbInfoSigner, &root, &document.signer, now_secs)?;
        let family = Family {
            root,
            tee: info.tee,
            fmspc: info.fmspc,
        };
        let dates = |document: &SignedTcbInfo| Dates {
            edition: document.info.edition(),
            next_update_secs: document.info.next_update_secs,
        };
        let kept = TcbInfos::<T>::get(family, number).map(|kept| dates(&kept));
        let worth = Self::check_newer(Part::TcbInfo, kept, dates(&document), now_secs)?;
        let over: Vec<u32> = TcbInfos::<T>::iter_key_prefix(family)
            .filter(|kept| numbers.check_keep(Part::TcbInfo, *kept, now_secs).is_err())
            .collect();
        over.into_iter().for_each(|number| TcbInfos::<T>::remove(family, number));
        TcbInfos::<T>::insert(family, number, document);
        Self::kept(DocumentKind::TcbInfo, root, next_update_secs, 0);
        Ok(worth)
    }

    pub(crate) fn do_upsert_qe_identity(chain: &[u8], json: &[u8], signature: &[u8]) -> Result<Worth, Error<T>> {
        let now_secs = Self::now_secs();
        let document: SignedQeIdentity = Self::with_roots(now_secs, |roots| SignedQeIdentity::verify(chain, json, signature, roots))?;
        let (root, identity) = (document.root_key_hash, &document.identity);
        let (number, next_update_secs) = (identity.evaluation_data_number, identity.next_update_secs);
        let numbers = Self::check_number(Part::QeIdentity, number, now_secs)?;
        Self::check_issued(Part::QeIdentity, identity.issued_secs, next_update_secs, now_secs)?;
        Self::check_signer(Part::QeIdentitySigner, &root, &document.signer, now_secs)?;
        let enclave = QuotingEnclave { root, tee: identity.tee };
        let dates = |document: &SignedQeIdentity| Dates {
            edition: document.identity.edition(),
            next_update_secs: document.identity.next_update_secs,
        };
        let kept = QeIdentities::<T>::get(enclave, number).map(|kept| dates(&kept));
        let worth = Self::check_newer(Part::QeIdentity, kept, dates(&document), now_secs)?;
        let over: Vec<u32> = QeIdentities::<T>::iter_key_prefix(enclave)
            .filter(|kept| numbers.check_keep(Part::QeIdentity, *kept, now_secs).is_err())
            .collect();
        over.into_iter().for_each(|number| QeIdentities::<T>::remove(enclave, number));
        QeIdentities::<T>::insert(enclave, number, document);
        Self::kept(DocumentKind::QeIdentity, root, next_update_secs, 0);
        Ok(worth)
    }

    /// What the runtime API tells of the chain's collateral.
    pub fn collateral_status() -> CollateralStatus {
        let now_secs = Self::now_secs();
        let numbers = Self::evaluation_numbers();
        let document = |root: RootKeyHash, name, issued_secs, next_update_secs| KeptDocument {
            root: H256(root),
            name,
            issued_secs,
            next_update_secs,
        };
        let roots = RootCrls::<T>::iter_values().map(|kept| {
            let list = kept.list;
            document(
                kept.root_key_hash,
                DocumentName::RootCrl,
                list.this_update_secs,
                list.next_update_secs,
            )
        });
        let authorities = PckCrls::<T>::iter_values().map(|kept| {
            let name = DocumentName::PckCrl { ca: H256(kept.ca_hash) };
            document(kept.root_key_hash, name, kept.list.this_update_secs, kept.list.next_update_secs)
        });
        let infos = TcbInfos::<T>::iter_values().map(|kept| {
            let info = kept.info;
            let name = DocumentName::TcbInfo {
                tee: info.tee,
                fmspc: alloc::format!("{}", info.fmspc),
                number: info.evaluation_data_number,
            };
            document(kept.root_key_hash, name, info.issued_secs, info.next_update_secs)
        });
        let enclaves = QeIdentities::<T>::iter_values().map(|kept| {
            let identity = kept.identity;
            let name = DocumentName::QeIdentity {
                tee: identity.tee,
                number: identity.evaluation_data_number,
            };
            document(kept.root_key_hash, name, identity.issued_secs, identity.next_update_secs)
        });
        CollateralStatus {
            current_number: numbers.current_at(now_secs),
            next_number: numbers
                .next
                .map(|next| next.number)
                .filter(|next| *next != numbers.current_at(now_secs)),
            roots: TrustedRoots::<T>::get().iter().map(|root| H256(root.key_hash)).collect(),
            documents: roots.chain(authorities).chain(infos).chain(enclaves).collect(),
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

    fn in_date(checked: Result<(), Fault>) -> Result<(), Error<T>> {
        checked.map_err(|fault| Self::refuse_document(&fault))
    }

    fn check_issued(part: Part, issued_secs: u64, next_update_secs: u64, now_secs: u64) -> Result<(), Error<T>> {
        Self::in_date(match (issued_secs.checked_sub(now_secs), now_secs.checked_sub(next_update_secs)) {
            (Some(in_secs), _) if in_secs > 0 => Err(Fault::NotYetValid { part, in_secs }),
            (_, Some(secs_ago)) if secs_ago > 0 => Err(Fault::Expired { part, secs_ago }),
            _ => Ok(()),
        })
    }

    /// Whoever signed a document is in date, and is not revoked as far as the chain knows.
    fn check_signer(part: Part, root: &RootKeyHash, signer: &CertificateFacts, now_secs: u64) -> Result<(), Error<T>> {
        Self::in_date(signer.check_dates(part, now_secs))?;
        let serial: &Serial = &signer.serial;
        match RevokedByRoot::<T>::contains_key(root, serial) {
            true => Err(Self::refuse_document(&Fault::Revoked { part })),
            false => Ok(()),
        }
    }

    fn check_number(part: Part, number: u32, now_secs: u64) -> Result<EvaluationNumbers, Error<T>> {
        let numbers = Self::evaluation_numbers();
        Self::in_date(numbers.check_keep(part, number, now_secs))?;
        Ok(numbers)
    }

    fn check_newer(part: Part, kept: Option<Dates>, new: Dates, now_secs: u64) -> Result<Worth, Error<T>> {
        let Some(kept) = kept else {
            return Ok(Worth::Needed);
        };
        ensure!(kept.edition != new.edition, Error::<T>::CollateralKnown);
        Self::in_date(check_replace(part, &kept.edition, &new.edition))?;
        let newer_by = new.edition.issued_secs.saturating_sub(kept.edition.issued_secs);
        let left = kept.next_update_secs.saturating_sub(now_secs);
        let needed = newer_by >= WORTH_NEWER_SECS || left < WORTH_LEFT_SECS;
        Ok(if needed { Worth::Needed } else { Worth::Little })
    }

    fn kept(kind: DocumentKind, root: RootKeyHash, next_update_secs: u64, revoked: usize) {
        Self::deposit_event(Event::CollateralKept {
            kind,
            root: H256(root),
            next_update_secs,
            revoked: u32::try_from(revoked).unwrap_or(u32::MAX),
        });
    }
}

fn dates_of_root(document: &RootCrl) -> Dates {
    Dates {
        edition: document.list.edition(),
        next_update_secs: document.list.next_update_secs,
    }
}

fn dates_of_ca(document: &PckCrl) -> Dates {
    Dates {
        edition: document.list.edition(),
        next_update_secs: document.list.next_update_secs,
    }
}
