//! The four kinds of documents: what is known of each, and where it is kept.

use crate::{Config, DocumentKind, Family, Pallet, PckCrls, QeIdentities, QuotingEnclave, RevokedByCa, RevokedByRoot, RootCrls, TcbInfos};
use alloc::{string::ToString, vec::Vec};
use frame_support::storage::{IterableStorageDoubleMap, StorageDoubleMap};
use khala_attestation::{
    certs::{check_dates, CertificateFacts, Serial},
    crl::{Serials, MAX_REVOKED},
    documents::{PckCrl, RootCrl, RootKeyHash, SignedQeIdentity, SignedTcbInfo},
    error::Error as Fault,
    part::Part,
    rollback::Edition,
};
use khala_primitives::{collateral::DocumentName, H256};

/// What all documents have.
pub(crate) struct About<'a> {
    /// The root that it leads to.
    pub root: RootKeyHash,
    /// Whose certificate it needs.
    pub signer: &'a CertificateFacts,
    /// Its name under its root.
    pub name: DocumentName,
    /// Its place among those of its name.
    pub edition: Edition,
    /// When the next one is due, in seconds since 1970.
    pub next_update_secs: u64,
}

/// A document of Intel's, whose signature is verified.
pub(crate) trait Document<T: Config>: Sized {
    /// What events call it.
    const KIND: DocumentKind;
    /// What errors call it.
    const PART: Part;
    /// What errors call its signer.
    const SIGNER: Part;

    /// What is known of it.
    fn about(&self) -> About<'_>;

    /// It may be kept at a time: it is in date, and of a number that the policy names if it has one.
    fn check_counts(&self, now_secs: u64) -> Result<(), Fault>;

    /// The one of its name that is kept.
    fn find(&self) -> Option<Self>;

    /// Is kept with what it revokes, in place of the one of its name and of those whose number does not count any more.
    fn keep(self, revoked: &Serials, now_secs: u64);
}

impl<T: Config> Document<T> for RootCrl {
    const KIND: DocumentKind = DocumentKind::RootCrl;
    const PART: Part = Part::RootCrl;
    const SIGNER: Part = Part::Root;

    fn about(&self) -> About<'_> {
        About {
            root: self.root_key_hash,
            signer: &self.root,
            name: DocumentName::RootCrl,
            edition: self.list.edition(),
            next_update_secs: self.list.next_update_secs,
        }
    }

    fn check_counts(&self, now_secs: u64) -> Result<(), Fault> {
        self.list.check_dates(Part::RootCrl, now_secs, 0)
    }

    fn find(&self) -> Option<Self> {
        RootCrls::<T>::get(self.root_key_hash)
    }

    fn keep(self, revoked: &Serials, _now_secs: u64) {
        revoke::<RevokedByRoot<T>>(self.root_key_hash, revoked);
        RootCrls::<T>::insert(self.root_key_hash, self);
    }
}

impl<T: Config> Document<T> for PckCrl {
    const KIND: DocumentKind = DocumentKind::PckCrl;
    const PART: Part = Part::PckCrl;
    const SIGNER: Part = Part::PckCa;

    fn about(&self) -> About<'_> {
        About {
            root: self.root_key_hash,
            signer: &self.ca,
            name: DocumentName::PckCrl { ca: H256(self.ca_hash) },
            edition: self.list.edition(),
            next_update_secs: self.list.next_update_secs,
        }
    }

    fn check_counts(&self, now_secs: u64) -> Result<(), Fault> {
        self.list.check_dates(Part::PckCrl, now_secs, 0)
    }

    fn find(&self) -> Option<Self> {
        PckCrls::<T>::get(self.ca_hash)
    }

    fn keep(self, revoked: &Serials, _now_secs: u64) {
        revoke::<RevokedByCa<T>>(self.ca_hash, revoked);
        PckCrls::<T>::insert(self.ca_hash, self);
    }
}

impl<T: Config> Document<T> for SignedTcbInfo {
    const KIND: DocumentKind = DocumentKind::TcbInfo;
    const PART: Part = Part::TcbInfo;
    const SIGNER: Part = Part::TcbInfoSigner;

    fn about(&self) -> About<'_> {
        About {
            root: self.root_key_hash,
            signer: &self.signer,
            name: DocumentName::TcbInfo {
                tee: self.info.tee,
                fmspc: self.info.fmspc.to_string(),
                number: self.info.evaluation_data_number,
            },
            edition: self.info.edition(),
            next_update_secs: self.info.next_update_secs,
        }
    }

    fn check_counts(&self, now_secs: u64) -> Result<(), Fault> {
        let info = &self.info;
        Pallet::<T>::evaluation_numbers().check_keep(Part::TcbInfo, info.evaluation_data_number, now_secs)?;
        check_dates(Part::TcbInfo, info.issued_secs, info.next_update_secs, now_secs)
    }

    fn find(&self) -> Option<Self> {
        TcbInfos::<T>::get(family(self), self.info.evaluation_data_number)
    }

    fn keep(self, _revoked: &Serials, now_secs: u64) {
        let (family, number) = (family(&self), self.info.evaluation_data_number);
        drop_old::<T, TcbInfos<T>, _, _>(family, Part::TcbInfo, now_secs);
        TcbInfos::<T>::insert(family, number, self);
    }
}

impl<T: Config> Document<T> for SignedQeIdentity {
    const KIND: DocumentKind = DocumentKind::QeIdentity;
    const PART: Part = Part::QeIdentity;
    const SIGNER: Part = Part::QeIdentitySigner;

    fn about(&self) -> About<'_> {
        About {
            root: self.root_key_hash,
            signer: &self.signer,
            name: DocumentName::QeIdentity {
                tee: self.identity.tee,
                number: self.identity.evaluation_data_number,
            },
            edition: self.identity.edition(),
            next_update_secs: self.identity.next_update_secs,
        }
    }

    fn check_counts(&self, now_secs: u64) -> Result<(), Fault> {
        let identity = &self.identity;
        Pallet::<T>::evaluation_numbers().check_keep(Part::QeIdentity, identity.evaluation_data_number, now_secs)?;
        check_dates(Part::QeIdentity, identity.issued_secs, identity.next_update_secs, now_secs)
    }

    fn find(&self) -> Option<Self> {
        QeIdentities::<T>::get(enclave(self), self.identity.evaluation_data_number)
    }

    fn keep(self, _revoked: &Serials, now_secs: u64) {
        let (enclave, number) = (enclave(&self), self.identity.evaluation_data_number);
        drop_old::<T, QeIdentities<T>, _, _>(enclave, Part::QeIdentity, now_secs);
        QeIdentities::<T>::insert(enclave, number, self);
    }
}

fn family(document: &SignedTcbInfo) -> Family {
    Family {
        root: document.root_key_hash,
        tee: document.info.tee,
        fmspc: document.info.fmspc,
    }
}

fn enclave(document: &SignedQeIdentity) -> QuotingEnclave {
    QuotingEnclave {
        root: document.root_key_hash,
        tee: document.identity.tee,
    }
}

/// What an authority has revoked is what its newest list says.
fn revoke<M: StorageDoubleMap<[u8; 32], Serial, ()>>(authority: [u8; 32], revoked: &Serials) {
    let _ = M::clear_prefix(authority, MAX_REVOKED, None);
    for serial in revoked {
        M::insert(authority, serial, ());
    }
}

/// Documents of numbers that do not count any more are not kept.
fn drop_old<T: Config, M: IterableStorageDoubleMap<K, u32, V>, K: codec::FullCodec + Copy, V: codec::FullCodec>(
    key: K,
    part: Part,
    now_secs: u64,
) {
    let numbers = Pallet::<T>::evaluation_numbers();
    let old: Vec<u32> = M::iter_key_prefix(key)
        .filter(|kept| numbers.check_keep(part, *kept, now_secs).is_err())
        .collect();
    old.into_iter().for_each(|number| M::remove(key, number));
}
