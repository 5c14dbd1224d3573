//! Verifying single documents, up to Intel's root or the development root.

use crate::core::collateral::{Content, DocumentId, Edition, Family, Fetched};
use khala_attestation::{
    crl::Crl,
    development,
    documents::{PckCrl, RootCrl, SignedQeIdentity, SignedTcbInfo},
    origin::Origin,
    roots, Error,
};
use khala_primitives::{collateral::DocumentName, H256};

/// The roots that this relayer knows. Which of them counts is the chain's decision.
const ROOTS: [&[u8]; 2] = [roots::INTEL, development::ROOT_DER];

/// Verifies a document; it says itself which it is.
///
/// # Errors
/// What is wrong with it, in words.
pub fn verify(content: Content) -> Result<Fetched, String> {
    let (id, edition) = identify(&content).map_err(|error| error.to_string())?;
    Ok(Fetched { id, edition, content })
}

/// What a quote is judged with.
///
/// # Errors
/// Why it does not lead to a root that this relayer knows.
pub fn family(quote: &[u8]) -> Result<Family, String> {
    let origin = Origin::read(quote, &ROOTS).map_err(|error| error.to_string())?;
    Ok(Family {
        tee: origin.tee,
        fmspc: origin.fmspc.to_string(),
        pck_ca: H256(origin.pck_ca),
        root: H256(origin.root),
    })
}

fn identify(content: &Content) -> Result<(DocumentId, Edition), Error> {
    let (root, name, edition) = match content {
        Content::RootCrl(crl) => {
            let (document, _revoked) = RootCrl::verify(crl, &ROOTS)?;
            (document.root_key_hash, DocumentName::RootCrl, edition_of(&document.list))
        }
        Content::PckCrl { issuer_chain, crl } => {
            let (document, _revoked) = PckCrl::verify(issuer_chain.as_bytes(), crl, &ROOTS)?;
            let ca = H256(document.ca_hash);
            (document.root_key_hash, DocumentName::PckCrl { ca }, edition_of(&document.list))
        }
        Content::TcbInfo(signed) => {
            let document = SignedTcbInfo::verify(signed.issuer_chain.as_bytes(), signed.json.as_bytes(), &signed.signature, &ROOTS)?;
            let info = document.info;
            let name = DocumentName::TcbInfo {
                tee: info.tee,
                fmspc: info.fmspc.to_string(),
                number: info.evaluation_data_number,
            };
            (document.root_key_hash, name, edition(info.issued_secs, info.next_update_secs))
        }
        Content::QeIdentity(signed) => {
            let document = SignedQeIdentity::verify(signed.issuer_chain.as_bytes(), signed.json.as_bytes(), &signed.signature, &ROOTS)?;
            let identity = document.identity;
            let name = DocumentName::QeIdentity {
                tee: identity.tee,
                number: identity.evaluation_data_number,
            };
            (
                document.root_key_hash,
                name,
                edition(identity.issued_secs, identity.next_update_secs),
            )
        }
    };
    Ok((DocumentId { root: H256(root), name }, edition))
}

fn edition_of(crl: &Crl) -> Edition {
    edition(crl.this_update_secs, crl.next_update_secs)
}

fn edition(issued_secs: u64, next_update_secs: u64) -> Edition {
    Edition {
        issued_secs,
        next_update_secs,
    }
}

#[cfg(test)]
mod tests {
    use super::{super::folder::documents, *};
    use crate::core::collateral::Signed;
    use khala_attestation::forge::{Pki, TcbClass, EVALUATION_DATA_NUMBER};
    use khala_primitives::Tee;

    const NOW: u64 = 1_790_000_000;

    #[test]
    fn each_document_says_what_it_is_and_together_they_are_what_a_quote_needs() {
        let pki = Pki::development();
        let machine = pki.platform(TcbClass::UpToDate, "a machine");
        for (evidence, collateral) in [
            (machine.sgx([7; 64]), pki.collateral(NOW)),
            (machine.tdx([7; 64]), pki.td_collateral(NOW)),
        ] {
            let family = family(evidence.quote()).unwrap();
            assert_eq!(family.tee, evidence.tee());
            let verified = documents(collateral).map(|content| verify(content).unwrap());
            assert_eq!(verified.clone().map(|fetched| fetched.id), family.documents(EVALUATION_DATA_NUMBER));
            assert!(verified
                .iter()
                .all(|fetched| fetched.edition.issued_secs < NOW && !fetched.edition.is_expired(NOW)));
        }
    }

    #[test]
    fn a_strangers_documents_and_quotes_are_refused() {
        let pki = Pki::stranger("x");
        for content in documents(pki.collateral(NOW)) {
            assert!(verify(content).is_err());
        }
        let quote = pki.platform(TcbClass::UpToDate, "a machine").sgx([7; 64]);
        assert!(family(quote.quote()).is_err());
        assert!(family(&[1, 2, 3]).unwrap_err().contains("quote"));
    }

    #[test]
    fn a_changed_byte_is_noticed_in_every_document() {
        for content in documents(Pki::development().collateral(NOW)) {
            let changed = match content {
                Content::RootCrl(mut crl) => {
                    crl[80] ^= 1;
                    Content::RootCrl(crl)
                }
                Content::PckCrl { issuer_chain, mut crl } => {
                    crl[80] ^= 1;
                    Content::PckCrl { issuer_chain, crl }
                }
                Content::TcbInfo(signed) => Content::TcbInfo(changed(signed)),
                Content::QeIdentity(signed) => Content::QeIdentity(changed(signed)),
            };
            assert!(verify(changed).is_err());
        }
    }

    fn changed(signed: Signed) -> Signed {
        let json = signed.json.replacen("18", "19", 1);
        assert_ne!(json, signed.json);
        Signed { json, ..signed }
    }

    #[test]
    fn sgx_and_tdx_have_different_documents_but_for_the_lists() {
        let sgx = documents(Pki::development().collateral(NOW)).map(|content| verify(content).unwrap().id);
        let tdx = documents(Pki::development().td_collateral(NOW)).map(|content| verify(content).unwrap().id);
        assert_eq!(sgx[..2], tdx[..2]);
        assert!(matches!(tdx[2].name, DocumentName::TcbInfo { tee: Tee::Tdx, .. }) && sgx[3] != tdx[3]);
    }
}
