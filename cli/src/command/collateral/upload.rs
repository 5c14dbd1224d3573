//! `khala collateral upload`.

use crate::{
    args::{Global, Upload},
    command::{
        attest,
        consent::Consent,
        transaction::{Sent, NOTHING_SENT},
    },
    failure::{Exit, Failure},
    keys,
    output::{self, Output},
    units,
};
use khala_attestation::{
    development,
    documents::{PckCrl, RootCrl, SignedQeIdentity, SignedTcbInfo},
    report, roots, Collateral,
};
use khala_client::{calls::attestation as calls, Account, At, Call, Chain, ClientError, Wait};
use khala_primitives::{
    collateral::{CollateralStatus, DocumentName},
    AccountId32, H256,
};
use serde::Serialize;

/// The roots below which this program can tell what a document is. Which of them count is for the chain to say.
const KNOWN_ROOTS: [&[u8]; 2] = [roots::INTEL, development::ROOT_DER];
/// The chain's word for a document that it has.
const KNOWN: &str = "Attestation::CollateralKnown";

/// A document to be brought.
struct Document {
    kind: &'static str,
    call: Call,
    /// None when it cannot be told: then the chain is asked by sending it.
    identity: Option<Identity>,
}

/// What the chain tells a document by.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Identity {
    root: H256,
    name: DocumentName,
    issued_secs: u64,
}

/// What became of a document.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase", tag = "outcome")]
enum Outcome {
    /// The chain keeps it from now on.
    Brought(Sent),
    /// Not sent: the chain keeps this one.
    Kept,
    /// Not sent: the chain keeps a newer one.
    #[serde(rename_all = "camelCase")]
    Newer {
        /// When that was issued, in seconds since 1970.
        issued_secs: u64,
    },
    /// Sent, but the chain had it already; that cost the fee.
    Known,
    /// Sent and refused; that cost the fee.
    Refused {
        /// Why.
        why: String,
    },
}

#[derive(Debug, Serialize)]
struct Row {
    document: &'static str,
    #[serde(flatten)]
    outcome: Outcome,
}

/// `khala collateral upload FILE.json --key-file FILE`. Goes on behind a document that the chain refuses: each counts by itself.
pub async fn upload(global: &Global, args: &Upload) -> Result<Exit, Failure> {
    let consent = Consent::new(global, &args.signing)?;
    let key = keys::load(&args.signing.key_file)?;
    let documents = documents(&read(args)?)?;
    let chain = Chain::connect(&global.url).await?;
    let kept = chain.collateral(At::Best).await?;
    if !consent.ask(&plan_lines(&documents, key.id()))? {
        match global.output {
            Output::Json => output::print_json::<[Row; 0]>(&[])?,
            Output::Table => output::print_lines([NOTHING_SENT])?,
        }
        return Ok(Exit::Done);
    }
    let (mut rows, mut failure) = (Vec::new(), None);
    for document in &documents {
        match bring(&chain, &key, &kept, document).await {
            Ok(outcome) => rows.push(Row {
                document: document.kind,
                outcome,
            }),
            Err(error) => {
                failure = Some(Failure {
                    message: format!("the {} could not be sent: {error}", document.kind),
                    ..error.into()
                });
                break;
            }
        }
    }
    // What was done is told even when it could not be ended.
    match global.output {
        Output::Json => output::print_json(&rows)?,
        Output::Table => output::print_lines(rows.iter().map(line))?,
    }
    match failure {
        Some(failure) => Err(failure),
        None if rows.iter().any(|row| matches!(row.outcome, Outcome::Refused { .. })) => Ok(Exit::Failed),
        None => Ok(Exit::Done),
    }
}

/// What would be sent, unless the chain has it.
fn plan_lines(documents: &[Document], account: &AccountId32) -> Vec<String> {
    let mut lines: Vec<_> = documents.iter().map(|document| format!("call     {}", document.call)).collect();
    lines.push(format!("account  {}", units::address(account)));
    lines.push("fee      comes back for each document that the chain needs; what it has already is not sent".into());
    lines
}

fn read(args: &Upload) -> Result<Collateral, Failure> {
    let unusable = |reason: String| Failure::usage(format!("{}: {reason}; expected QuoteCollateralV3", args.file.display()));
    let text = attest::read(&args.file, "collateral")?;
    let collateral = report::read_collateral(&text).map_err(|error| unusable(error.to_string()))?;
    collateral.check_sizes().map_err(|error| unusable(error.to_string()))?;
    Ok(collateral)
}

/// The documents in the order in which the chain can use them: first who is revoked, then what the others have signed.
fn documents(collateral: &Collateral) -> Result<[Document; 4], Failure> {
    let Collateral {
        root_ca_crl,
        pck_crl,
        pck_crl_issuer_chain: ca_chain,
        tcb_info,
        tcb_info_issuer_chain: info_chain,
        qe_identity,
        qe_identity_issuer_chain: qe_chain,
        ..
    } = collateral;
    let info_signature = signature("TCB info", &collateral.tcb_info_signature)?;
    let qe_signature = signature("QE identity", &collateral.qe_identity_signature)?;
    Ok([
        Document {
            kind: "root CRL",
            call: calls::upsert_root_crl(root_ca_crl),
            identity: identify_root_crl(root_ca_crl),
        },
        Document {
            kind: "PCK CRL",
            call: calls::upsert_pck_crl(ca_chain, pck_crl),
            identity: identify_pck_crl(ca_chain, pck_crl),
        },
        Document {
            kind: "TCB info",
            call: calls::upsert_tcb_info(info_chain, tcb_info, &info_signature),
            identity: identify_tcb_info(info_chain, tcb_info, &info_signature),
        },
        Document {
            kind: "QE identity",
            call: calls::upsert_qe_identity(qe_chain, qe_identity, &qe_signature),
            identity: identify_qe_identity(qe_chain, qe_identity, &qe_signature),
        },
    ])
}

fn signature(of: &str, bytes: &[u8]) -> Result<[u8; 64], Failure> {
    let length = bytes.len();
    bytes.try_into().map_err(|_| {
        Failure::usage(format!(
            "the signature of the {of} has {length} bytes, not 64; fetch the file again"
        ))
    })
}

fn identify_root_crl(crl: &[u8]) -> Option<Identity> {
    let (document, _revoked) = RootCrl::verify(crl, &KNOWN_ROOTS).ok()?;
    Some(Identity {
        root: H256(document.root_key_hash),
        name: DocumentName::RootCrl,
        issued_secs: document.list.this_update_secs,
    })
}

fn identify_pck_crl(chain: &str, crl: &[u8]) -> Option<Identity> {
    let (document, _revoked) = PckCrl::verify(chain.as_bytes(), crl, &KNOWN_ROOTS).ok()?;
    Some(Identity {
        root: H256(document.root_key_hash),
        name: DocumentName::PckCrl {
            ca: H256(document.ca_hash),
        },
        issued_secs: document.list.this_update_secs,
    })
}

fn identify_tcb_info(chain: &str, json: &str, signature: &[u8]) -> Option<Identity> {
    let document = SignedTcbInfo::verify(chain.as_bytes(), json.as_bytes(), signature, &KNOWN_ROOTS).ok()?;
    Some(Identity {
        root: H256(document.root_key_hash),
        name: DocumentName::TcbInfo {
            tee: document.info.tee,
            fmspc: document.info.fmspc.to_string(),
            number: document.info.evaluation_data_number,
        },
        issued_secs: document.info.issued_secs,
    })
}

fn identify_qe_identity(chain: &str, json: &str, signature: &[u8]) -> Option<Identity> {
    let document = SignedQeIdentity::verify(chain.as_bytes(), json.as_bytes(), signature, &KNOWN_ROOTS).ok()?;
    Some(Identity {
        root: H256(document.root_key_hash),
        name: DocumentName::QeIdentity {
            tee: document.identity.tee,
            number: document.identity.evaluation_data_number,
        },
        issued_secs: document.identity.issued_secs,
    })
}

/// Sends a document that the chain may want, and waits until its block is final.
async fn bring(chain: &Chain, key: &Account, kept: &CollateralStatus, document: &Document) -> Result<Outcome, ClientError> {
    if let Some(outcome) = document.identity.as_ref().and_then(|identity| needless(identity, kept)) {
        return Ok(outcome);
    }
    match chain.submit(key, &document.call, Wait::Finalized).await {
        Ok(receipt) => Ok(Outcome::Brought(Sent::from(&receipt))),
        Err(error) => match error.dispatch_failure() {
            Some(failure) if failure.name().as_deref() == Some(KNOWN) => Ok(Outcome::Known),
            Some(failure) => Ok(Outcome::Refused { why: failure.to_string() }),
            None => Err(error),
        },
    }
}

/// Why a document need not be sent: the chain keeps it, or a newer one of the same kind.
fn needless(identity: &Identity, kept: &CollateralStatus) -> Option<Outcome> {
    let same = |kept: &&khala_primitives::collateral::KeptDocument| kept.root == identity.root && kept.name == identity.name;
    let issued_secs = kept.documents.iter().find(same)?.issued_secs;
    match issued_secs.cmp(&identity.issued_secs) {
        std::cmp::Ordering::Less => None,
        std::cmp::Ordering::Equal => Some(Outcome::Kept),
        std::cmp::Ordering::Greater => Some(Outcome::Newer { issued_secs }),
    }
}

fn line(row: &Row) -> String {
    let outcome = match &row.outcome {
        Outcome::Brought(sent) => format!("brought {sent}"),
        Outcome::Kept => "not sent: the chain has it already".into(),
        Outcome::Newer { issued_secs } => format!(
            "not sent: the chain has a newer one, issued {} UTC; fetch the file again",
            units::moment(*issued_secs)
        ),
        Outcome::Known => "the chain had it already; the fee is spent".into(),
        Outcome::Refused { why } => format!("REFUSED, the fee is spent: {why}"),
    };
    format!("{:<13}{outcome}", row.document)
}

#[cfg(test)]
mod tests {
    use super::*;
    use khala_attestation::forge::Pki;
    use khala_primitives::{collateral::KeptDocument, Tee};
    use std::{fs, path::PathBuf};

    fn signing() -> crate::args::Signing {
        crate::args::Signing {
            key_file: "-".into(),
            dry_run: false,
        }
    }

    /// A moment inside the collateral's window.
    const AT: u64 = 1_790_000_000;

    fn identities(collateral: &Collateral) -> [Option<Identity>; 4] {
        documents(collateral).unwrap().map(|document| document.identity)
    }

    fn kept(identity: &Identity, issued_secs: u64) -> CollateralStatus {
        CollateralStatus {
            documents: vec![KeptDocument {
                root: identity.root,
                name: identity.name.clone(),
                issued_secs,
                next_update_secs: issued_secs + 100,
            }],
            ..Default::default()
        }
    }

    #[test]
    fn documents_come_in_order_with_their_calls() {
        let collateral = Pki::development().collateral(AT);
        let documents = documents(&collateral).unwrap();
        assert_eq!(
            documents.each_ref().map(|document| document.kind),
            ["root CRL", "PCK CRL", "TCB info", "QE identity"]
        );
        assert_eq!(documents[0].call, calls::upsert_root_crl(&collateral.root_ca_crl));
        assert_eq!(
            documents[1].call,
            calls::upsert_pck_crl(&collateral.pck_crl_issuer_chain, &collateral.pck_crl)
        );
    }

    #[test]
    fn documents_below_a_known_root_are_told_by_name_and_date() {
        let names: Vec<_> = identities(&Pki::development().collateral(AT)).map(Option::unwrap).into();
        let root = H256(roots::key_hash(development::ROOT_DER).unwrap());
        assert!(names.iter().all(|identity| identity.root == root && identity.issued_secs < AT));
        assert_eq!(names[0].name, DocumentName::RootCrl);
        assert!(matches!(names[1].name, DocumentName::PckCrl { .. }));
        assert!(matches!(names[2].name, DocumentName::TcbInfo { tee: Tee::Sgx, .. }));
        assert!(matches!(names[3].name, DocumentName::QeIdentity { tee: Tee::Sgx, .. }));
        assert_eq!(identities(&Pki::stranger("somebody").collateral(AT)), [None, None, None, None]);
    }

    #[test]
    fn only_what_the_chain_lacks_is_sent() {
        for identity in identities(&Pki::development().collateral(AT)).map(Option::unwrap) {
            let issued = identity.issued_secs;
            assert!(needless(&identity, &CollateralStatus::default()).is_none());
            assert!(needless(&identity, &kept(&identity, issued - 1)).is_none());
            assert!(matches!(needless(&identity, &kept(&identity, issued)), Some(Outcome::Kept)));
            let newer = needless(&identity, &kept(&identity, issued + 1));
            assert!(matches!(newer, Some(Outcome::Newer { issued_secs }) if issued_secs == issued + 1));
            let elsewhere = Identity {
                root: H256([9; 32]),
                ..identity.clone()
            };
            assert!(
                needless(&elsewhere, &kept(&identity, issued)).is_none(),
                "another root's is another document"
            );
        }
    }

    #[test]
    fn signatures_have_64_bytes() {
        for (length, good) in [(63, false), (64, true), (65, false)] {
            let mut collateral = Pki::development().collateral(AT);
            collateral.qe_identity_signature = vec![1; length];
            assert_eq!(documents(&collateral).is_ok(), good, "{length}");
            assert_eq!(signature("TCB info", &vec![1; length]).is_ok(), good, "{length}");
        }
    }

    #[test]
    fn a_file_that_is_no_collateral_is_unusable() {
        let folder = tempfile::tempdir().unwrap();
        let args = |name: &str, content: &[u8]| {
            let file: PathBuf = folder.path().join(name);
            fs::write(&file, content).unwrap();
            Upload { file, signing: signing() }
        };
        let good = serde_json::to_vec(&Pki::development().collateral(AT)).unwrap();
        assert!(read(&args("good", &good)).is_ok());
        let mut large = Pki::development().collateral(AT);
        large.qe_identity = " ".repeat(1 << 20);
        for content in [&b"{}"[..], b"nonsense", &serde_json::to_vec(&large).unwrap()] {
            assert_eq!(read(&args("bad", content)).unwrap_err().exit, Exit::Usage);
        }
        let missing = Upload {
            file: "/absent.json".into(),
            ..args("x", b"")
        };
        assert_eq!(read(&missing).unwrap_err().exit, Exit::Usage);
    }

    #[test]
    fn every_outcome_is_said_to_people_and_to_programs() {
        let sent = Sent {
            block: 7,
            block_hash: H256([1; 32]),
            transaction: H256([2; 32]),
            fee: 0,
        };
        for (outcome, name, words) in [
            (Outcome::Brought(sent), "brought", "brought in block 7, without a fee"),
            (Outcome::Kept, "kept", "has it already"),
            (Outcome::Newer { issued_secs: 0 }, "newer", "1970-01-01 00:00"),
            (Outcome::Known, "known", "fee is spent"),
            (Outcome::Refused { why: "expired".into() }, "refused", "expired"),
        ] {
            let row = Row {
                document: "root CRL",
                outcome,
            };
            assert!(
                line(&row).starts_with("root CRL     ") && line(&row).contains(words),
                "{}",
                line(&row)
            );
            let json = serde_json::to_value(&row).unwrap();
            assert_eq!((&json["document"], &json["outcome"]), (&"root CRL".into(), &name.into()));
            assert_eq!(json.get("fee").is_some(), name == "brought", "{json}");
        }
    }
}
