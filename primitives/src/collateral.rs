//! What the chain says of the collateral that it keeps, for those who keep it fresh.

use crate::{Tee, H256};
use alloc::{string::String, vec::Vec};
use codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// All collateral on the chain.
#[derive(Clone, PartialEq, Eq, Debug, Default, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CollateralStatus {
    /// Intel's evaluation number by which evidence is judged now.
    pub current_number: u32,
    /// The number to come, whose collateral is kept already.
    pub next_number: Option<u32>,
    /// SHA-256 of the public key (SEC1, uncompressed) of each trusted root.
    pub roots: Vec<H256>,
    /// The documents, in no order.
    pub documents: Vec<KeptDocument>,
}

/// A document that the chain keeps.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeptDocument {
    /// SHA-256 of the public key of the root that it leads to.
    pub root: H256,
    /// Which document.
    pub name: DocumentName,
    /// When it was issued, in seconds since 1970.
    pub issued_secs: u64,
    /// When the next one is due, in seconds since 1970: later it counts for nothing.
    pub next_update_secs: u64,
}

/// Names a document under its root.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DocumentName {
    /// The root's revocation list.
    #[codec(index = 0)]
    RootCrl,
    /// The revocation list of a PCK CA.
    #[codec(index = 1)]
    PckCrl {
        /// SHA-256 of the CA's certificate in DER.
        ca: H256,
    },
    /// The TCB levels of a processor family.
    #[codec(index = 2)]
    TcbInfo {
        /// For which TEE.
        tee: Tee,
        /// The family, twelve hexadecimal digits.
        fmspc: String,
        /// Intel's evaluation number.
        number: u32,
    },
    /// The quoting enclave.
    #[codec(index = 3)]
    QeIdentity {
        /// Of which TEE.
        tee: Tee,
        /// Intel's evaluation number.
        number: u32,
    },
}
