//! The documents of collateral: how they are named, when they count, what they are made of.

use khala_primitives::{
    collateral::{DocumentName, KeptDocument},
    Tee, H256,
};
use serde::Serialize;

/// Names a document on the chain.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct DocumentId {
    /// SHA-256 of the public key of the root that it leads to.
    pub root: H256,
    /// Which document.
    pub name: DocumentName,
}

impl DocumentId {
    /// Is it a revocation list? A newer one is always worth having: somebody may be on it.
    pub fn is_crl(&self) -> bool {
        matches!(self.name, DocumentName::RootCrl | DocumentName::PckCrl { .. })
    }

    /// Intel's evaluation number, where the document has one.
    pub fn number(&self) -> Option<u32> {
        match self.name {
            DocumentName::TcbInfo { number, .. } | DocumentName::QeIdentity { number, .. } => Some(number),
            DocumentName::RootCrl | DocumentName::PckCrl { .. } => None,
        }
    }

    /// The first document that is needed under its root: the chain looks certificates up in it before it takes others.
    pub fn root_crl(&self) -> Self {
        Self {
            root: self.root,
            name: DocumentName::RootCrl,
        }
    }
}

impl std::fmt::Display for DocumentId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.name {
            DocumentName::RootCrl => write!(f, "root CRL of root {:?}", self.root),
            DocumentName::PckCrl { ca } => write!(f, "PCK CRL of CA {ca:?}"),
            DocumentName::TcbInfo { tee, fmspc, number } => write!(f, "{tee} TCB info of FMSPC {fmspc}, number {number}"),
            DocumentName::QeIdentity { tee, number } => write!(f, "{tee} QE identity, number {number}"),
        }
    }
}

/// When a document counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Edition {
    /// When it was issued, in seconds since 1970.
    pub issued_secs: u64,
    /// When the next one is due, in seconds since 1970.
    pub next_update_secs: u64,
}

impl Edition {
    /// Is its time over?
    pub fn is_expired(&self, at_secs: u64) -> bool {
        self.next_update_secs <= at_secs
    }

    /// Is no more left of its validity than this share, in percent?
    pub fn is_expiring(&self, at_secs: u64, share_percent: u64) -> bool {
        self.next_update_secs.saturating_sub(at_secs) <= self.last_share_secs(share_percent)
    }

    /// This share, in percent, of its validity, in seconds.
    pub fn last_share_secs(&self, share_percent: u64) -> u64 {
        let validity = self.next_update_secs.saturating_sub(self.issued_secs);
        validity.saturating_mul(share_percent) / 100
    }
}

impl From<&KeptDocument> for Edition {
    fn from(kept: &KeptDocument) -> Self {
        Self {
            issued_secs: kept.issued_secs,
            next_update_secs: kept.next_update_secs,
        }
    }
}

/// What a document is made of, as the chain takes it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Content {
    /// The root's revocation list, DER.
    RootCrl(Vec<u8>),
    /// A PCK CA's revocation list.
    PckCrl {
        /// PEM: the PCK CA, the root.
        issuer_chain: String,
        /// DER.
        crl: Vec<u8>,
    },
    /// TCB info.
    TcbInfo(Signed),
    /// QE identity.
    QeIdentity(Signed),
}

/// A JSON document with a signature.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signed {
    /// PEM: the signer, the root.
    pub issuer_chain: String,
    /// JSON, exactly as signed.
    pub json: String,
    /// `r ++ s`.
    pub signature: [u8; 64],
}

/// A document whose signatures were verified up to a root that this relayer knows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fetched {
    /// Which it is.
    pub id: DocumentId,
    /// When it counts.
    pub edition: Edition,
    /// What it is made of.
    pub content: Content,
}

/// Why a source did not give a document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FetchError {
    /// The source does not work: nothing else is asked of it for a while.
    Down(String),
    /// The source works, but what it gave is of no use.
    Unusable(String),
}

impl FetchError {
    /// The reason in words.
    pub fn reason(&self) -> &str {
        match self {
            Self::Down(reason) | Self::Unusable(reason) => reason,
        }
    }
}

/// The machines whose evidence is judged with the same collateral.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Family {
    /// Kind of TEE.
    pub tee: Tee,
    /// The processor family, twelve hexadecimal digits in lower case.
    pub fmspc: String,
    /// SHA-256 of the PCK CA's certificate in DER.
    pub pck_ca: H256,
    /// SHA-256 of the public key of the root that the PCK CA leads to.
    pub root: H256,
}

impl Family {
    /// What its evidence is judged with under an evaluation number.
    pub fn documents(&self, number: u32) -> [DocumentId; 4] {
        let (tee, fmspc) = (self.tee, self.fmspc.clone());
        [
            DocumentName::RootCrl,
            DocumentName::PckCrl { ca: self.pck_ca },
            DocumentName::TcbInfo { tee, fmspc, number },
            DocumentName::QeIdentity { tee, number },
        ]
        .map(|name| DocumentId { root: self.root, name })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_quarter_begins_with_its_first_second() {
        let edition = Edition {
            issued_secs: 1_000,
            next_update_secs: 1_400,
        };
        for (at, expected) in [(1_299, false), (1_300, true), (1_301, true), (1_400, true), (9_000, true)] {
            assert_eq!(edition.is_expiring(at, 25), expected, "{at}");
        }
        for (at, expected) in [(1_399, false), (1_400, true), (1_401, true)] {
            assert_eq!(edition.is_expired(at), expected, "{at}");
        }
    }

    #[test]
    fn dates_in_the_wrong_order_are_an_expired_document() {
        let edition = Edition {
            issued_secs: 2_000,
            next_update_secs: 1_000,
        };
        assert!(edition.is_expiring(1_000, 25) && edition.is_expired(1_000));
    }

    #[test]
    fn a_family_needs_four_documents_under_its_root() {
        let family = Family {
            tee: Tee::Tdx,
            fmspc: "00d3e1000000".into(),
            pck_ca: H256::repeat_byte(2),
            root: H256::repeat_byte(1),
        };
        let documents = family.documents(18);
        assert!(documents.iter().all(|id| id.root == family.root && id.root_crl() == documents[0]));
        let words: Vec<_> = documents.iter().skip(2).map(ToString::to_string).collect();
        assert_eq!(
            words,
            ["TDX TCB info of FMSPC 00d3e1000000, number 18", "TDX QE identity, number 18"]
        );
        assert_eq!(
            documents.map(|id| (id.is_crl(), id.number())),
            [(true, None), (true, None), (false, Some(18)), (false, Some(18))]
        );
    }
}
