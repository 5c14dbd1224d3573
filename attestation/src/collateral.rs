//! Collateral: what Intel signs about platforms, as it travels.

use crate::{error::Error, hex_bytes, part::Part};
use alloc::{string::String, vec::Vec};
use codec::{Compact, Decode, DecodeWithMemTracking, Encode, Input};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Largest certificate chain in bytes of PEM. Intel's have less than 4 KiB.
pub const MAX_CHAIN: usize = 10 * 1024;
/// Largest revocation list in bytes. Intel's have about 3 KiB.
pub const MAX_CRL: usize = 128 * 1024;
/// Largest TCB info in bytes of JSON. Intel's have up to 10 KiB.
pub const MAX_TCB_INFO: usize = 64 * 1024;
/// Largest QE identity in bytes of JSON. Intel's have about 1 KiB.
pub const MAX_QE_IDENTITY: usize = 16 * 1024;
/// Largest signature in bytes: two numbers of 32 bytes.
pub const MAX_SIGNATURE: usize = 64;

/// Everything that is needed to verify a quote besides the quote, in the form in which collateral services give it.
///
/// As JSON it is dcap-qvl's `QuoteCollateralV3`: hexadecimal digits for DER and signatures, text for PEM and for the
/// signed JSON documents, whose bytes must not change.
#[derive(Clone, PartialEq, Eq, Debug, Encode, TypeInfo, Serialize, Deserialize)]
pub struct Collateral {
    /// PEM: the PCK CA whose CRL this is, and the root. Needed only where collateral is verified without a quote, which
    /// brings the same certificates.
    pub pck_crl_issuer_chain: String,
    /// DER: the root's certificate revocation list.
    #[serde(with = "hex_bytes::vec")]
    pub root_ca_crl: Vec<u8>,
    /// DER: the PCK CA's certificate revocation list.
    #[serde(with = "hex_bytes::vec")]
    pub pck_crl: Vec<u8>,
    /// PEM: the signer of the TCB info, and the root.
    pub tcb_info_issuer_chain: String,
    /// JSON: the TCB info, exactly as signed.
    pub tcb_info: String,
    /// Signature of the TCB info, `r ++ s`.
    #[serde(with = "hex_bytes::vec")]
    pub tcb_info_signature: Vec<u8>,
    /// PEM: the signer of the QE identity, and the root.
    pub qe_identity_issuer_chain: String,
    /// JSON: the QE identity, exactly as signed.
    pub qe_identity: String,
    /// Signature of the QE identity, `r ++ s`.
    #[serde(with = "hex_bytes::vec")]
    pub qe_identity_signature: Vec<u8>,
    /// PEM: the PCK certificate chain, for quotes that do not carry it. When present it is used instead of the quote's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pck_certificate_chain: Option<String>,
}

impl Collateral {
    /// No piece is larger than its bound.
    ///
    /// # Errors
    /// [`Error::CollateralTooLarge`] for the first piece that is.
    pub fn check_sizes(&self) -> Result<(), Error> {
        let chain = self.pck_certificate_chain.as_deref().unwrap_or_default();
        for (part, size, max) in [
            (Part::PckCrlChain, self.pck_crl_issuer_chain.len(), MAX_CHAIN),
            (Part::RootCrl, self.root_ca_crl.len(), MAX_CRL),
            (Part::PckCrl, self.pck_crl.len(), MAX_CRL),
            (Part::TcbInfoChain, self.tcb_info_issuer_chain.len(), MAX_CHAIN),
            (Part::TcbInfo, self.tcb_info.len(), MAX_TCB_INFO),
            (Part::QeIdentityChain, self.qe_identity_issuer_chain.len(), MAX_CHAIN),
            (Part::QeIdentity, self.qe_identity.len(), MAX_QE_IDENTITY),
            (Part::PckChain, chain.len(), MAX_CHAIN),
        ] {
            check_size(part, size, max)?;
        }
        Ok(())
    }
}

/// A piece is not larger than its bound.
pub(crate) fn check_size(part: Part, size: usize, max: usize) -> Result<(), Error> {
    if size > max {
        return Err(Error::CollateralTooLarge {
            part,
            size: saturate(size),
            max: saturate(max),
        });
    }
    Ok(())
}

/// A size as a fact of an error.
pub(crate) fn saturate(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

impl Decode for Collateral {
    /// Refuses a piece above its bound before it is read.
    fn decode<I: Input>(input: &mut I) -> Result<Self, codec::Error> {
        Ok(Self {
            pck_crl_issuer_chain: decode_text(input, MAX_CHAIN)?,
            root_ca_crl: decode_bytes(input, MAX_CRL)?,
            pck_crl: decode_bytes(input, MAX_CRL)?,
            tcb_info_issuer_chain: decode_text(input, MAX_CHAIN)?,
            tcb_info: decode_text(input, MAX_TCB_INFO)?,
            tcb_info_signature: decode_bytes(input, MAX_SIGNATURE)?,
            qe_identity_issuer_chain: decode_text(input, MAX_CHAIN)?,
            qe_identity: decode_text(input, MAX_QE_IDENTITY)?,
            qe_identity_signature: decode_bytes(input, MAX_SIGNATURE)?,
            pck_certificate_chain: match input.read_byte()? {
                0 => None,
                1 => Some(decode_text(input, MAX_CHAIN)?),
                _ => return Err("not an option".into()),
            },
        })
    }
}

impl DecodeWithMemTracking for Collateral {}

fn decode_bytes<I: Input>(input: &mut I, max: usize) -> Result<Vec<u8>, codec::Error> {
    let Compact(length) = Compact::<u32>::decode(input)?;
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    if length > max {
        return Err("a piece of collateral is larger than any genuine one".into());
    }
    let mut bytes = alloc::vec![0; length];
    input.read(&mut bytes)?;
    Ok(bytes)
}

fn decode_text<I: Input>(input: &mut I, max: usize) -> Result<String, codec::Error> {
    String::from_utf8(decode_bytes(input, max)?).map_err(|_| "collateral text is not UTF-8".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Collateral {
        Collateral {
            pck_crl_issuer_chain: "a".into(),
            root_ca_crl: [1, 2].into(),
            pck_crl: [3].into(),
            tcb_info_issuer_chain: "b".into(),
            tcb_info: "{}".into(),
            tcb_info_signature: [4; 64].into(),
            qe_identity_issuer_chain: "c".into(),
            qe_identity: "{\"d\":1}".into(),
            qe_identity_signature: [5; 64].into(),
            pck_certificate_chain: None,
        }
    }

    #[test]
    fn comes_back_from_scale_and_json() {
        for chain in [None, Some("e".into())] {
            let collateral = Collateral {
                pck_certificate_chain: chain,
                ..sample()
            };
            assert_eq!(Collateral::decode(&mut &collateral.encode()[..]).unwrap(), collateral);
            let json = serde_json::to_string(&collateral).unwrap();
            assert!(json.contains("\"root_ca_crl\":\"0102\""), "{json}");
            assert_eq!(serde_json::from_str::<Collateral>(&json).unwrap(), collateral);
        }
    }

    #[test]
    fn pieces_are_taken_up_to_their_bounds() {
        for (size, good) in [(MAX_TCB_INFO - 1, true), (MAX_TCB_INFO, true), (MAX_TCB_INFO + 1, false)] {
            let collateral = Collateral {
                tcb_info: " ".repeat(size),
                ..sample()
            };
            assert_eq!(collateral.check_sizes().is_ok(), good, "{size}");
            assert_eq!(Collateral::decode(&mut &collateral.encode()[..]).is_ok(), good, "{size}");
        }
        let large = Collateral {
            pck_crl: alloc::vec![0; MAX_CRL + 1],
            ..sample()
        };
        let max = MAX_CRL as u32;
        assert_eq!(
            large.check_sizes(),
            Err(Error::CollateralTooLarge {
                part: Part::PckCrl,
                size: max + 1,
                max
            })
        );
    }

    #[test]
    fn truncated_or_wrong_scale_is_refused() {
        let bytes = sample().encode();
        for end in 0..bytes.len() {
            assert!(Collateral::decode(&mut &bytes[..end]).is_err(), "{end}");
        }
        let mut bytes = bytes;
        *bytes.last_mut().unwrap() = 2;
        assert!(Collateral::decode(&mut &bytes[..]).is_err());
    }
}
