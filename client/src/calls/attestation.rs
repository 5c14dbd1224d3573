//! Collateral on the chain. Signed by anybody; the fee comes back when the chain wanted the document.
//!
//! Each takes a document as Intel's services give it. The chain verifies it up to a trusted root, and refuses one that is
//! older than what it has.

use crate::Call;

/// Brings the revocation list of a root, DER.
pub fn upsert_root_crl(crl: &[u8]) -> Call {
    Call::new("Attestation", "upsert_root_crl", (crl,))
}

/// Brings the revocation list of a PCK CA, DER, with the PCK CA and the root in PEM.
pub fn upsert_pck_crl(issuer_chain: &str, crl: &[u8]) -> Call {
    Call::new("Attestation", "upsert_pck_crl", (issuer_chain.as_bytes(), crl))
}

/// Brings TCB info: JSON exactly as signed, its signature `r ++ s`, the signer and the root in PEM.
pub fn upsert_tcb_info(issuer_chain: &str, tcb_info: &str, signature: &[u8; 64]) -> Call {
    Call::new(
        "Attestation",
        "upsert_tcb_info",
        (issuer_chain.as_bytes(), tcb_info.as_bytes(), signature),
    )
}

/// Brings a QE identity: JSON exactly as signed, its signature `r ++ s`, the signer and the root in PEM.
pub fn upsert_qe_identity(issuer_chain: &str, qe_identity: &str, signature: &[u8; 64]) -> Call {
    Call::new(
        "Attestation",
        "upsert_qe_identity",
        (issuer_chain.as_bytes(), qe_identity.as_bytes(), signature),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::Encode;

    #[test]
    fn bytes_are_preceded_by_their_length_and_signatures_are_not() {
        let signature = [7; 64];
        let expected = (b"chain".to_vec(), b"{}".to_vec(), signature).encode();
        assert_eq!(
            upsert_tcb_info("chain", "{}", &signature),
            Call::new("Attestation", "upsert_tcb_info", Raw(expected.clone()))
        );
        assert_eq!(
            upsert_qe_identity("chain", "{}", &signature),
            Call::new("Attestation", "upsert_qe_identity", Raw(expected))
        );
        let crl = (b"chain".to_vec(), vec![1u8, 2]).encode();
        assert_eq!(
            upsert_pck_crl("chain", &[1, 2]),
            Call::new("Attestation", "upsert_pck_crl", Raw(crl))
        );
        assert_eq!(
            upsert_root_crl(&[1, 2]),
            Call::new("Attestation", "upsert_root_crl", Raw(vec![8, 1, 2]))
        );
    }

    /// Arguments that are encoded already.
    struct Raw(Vec<u8>);

    impl Encode for Raw {
        fn encode(&self) -> Vec<u8> {
            self.0.clone()
        }
    }
}
