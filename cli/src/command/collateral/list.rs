//! `khala collateral list`.

use crate::{
    failure::{Exit, Failure},
    output::{self, Output},
    units,
};
use khala_client::{At, Chain};
use khala_primitives::{
    collateral::{CollateralStatus, DocumentName, KeptDocument},
    H256,
};
use serde::Serialize;
use std::time::Duration;

/// A document with less than one part in so many of its validity left should be replaced.
const LAST_PART: u64 = 4;

/// What somebody should do about a document.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
enum Mark {
    /// Nothing.
    Fresh,
    /// Bring the next one: less than a quarter of its validity is left.
    Ageing,
    /// Bring the next one now: it counts for nothing.
    Expired,
}

/// A document at a moment.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    #[serde(flatten)]
    kept: KeptDocument,
    /// Seconds until the next one is due; 0 when it is.
    left_secs: u64,
    mark: Mark,
}

/// All documents at a moment.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Listing {
    /// The chain's time, in seconds since 1970.
    now_secs: u64,
    current_number: u32,
    next_number: Option<u32>,
    roots: Vec<H256>,
    documents: Vec<Row>,
}

/// `khala collateral list`: as of the newest finalised block, by the chain's clock.
pub async fn list(url: &str, output: Output) -> Result<Exit, Failure> {
    let chain = Chain::connect(url).await?;
    let at = At::Hash(chain.finalized().await?.hash);
    let now_secs = chain.network_status(at).await?.now_ms / 1_000;
    let listing = Listing::new(chain.collateral(at).await?, now_secs);
    match output {
        Output::Json => output::print_json(&listing)?,
        Output::Table => {
            output::print_lines(heading(&listing))?;
            output::print_table(&table(&listing))?;
            output::print_lines(advice(&listing))?;
        }
    }
    Ok(Exit::Done)
}

impl Listing {
    fn new(status: CollateralStatus, now_secs: u64) -> Self {
        let mut documents: Vec<_> = status.documents.into_iter().map(|kept| Row::new(kept, now_secs)).collect();
        documents.sort_by(|a, b| (&a.kept.root, &a.kept.name).cmp(&(&b.kept.root, &b.kept.name)));
        Self {
            now_secs,
            current_number: status.current_number,
            next_number: status.next_number,
            roots: status.roots,
            documents,
        }
    }
}

impl Row {
    fn new(kept: KeptDocument, now_secs: u64) -> Self {
        let validity = kept.next_update_secs.saturating_sub(kept.issued_secs);
        let left_secs = kept.next_update_secs.saturating_sub(now_secs);
        let mark = if now_secs > kept.next_update_secs {
            Mark::Expired
        } else if left_secs.saturating_mul(LAST_PART) < validity {
            Mark::Ageing
        } else {
            Mark::Fresh
        };
        Self { kept, left_secs, mark }
    }
}

fn heading(listing: &Listing) -> Vec<String> {
    let next = match listing.next_number {
        Some(next) => format!("{next} comes next"),
        None => "none is announced".into(),
    };
    let roots: Vec<_> = listing.roots.iter().map(units::short_hash).collect();
    let roots = if roots.is_empty() {
        "none: all evidence is refused".into()
    } else {
        roots.join(", ")
    };
    vec![
        format!("evaluation number  {}; {next}", listing.current_number),
        format!("trusted roots      {roots}"),
        format!("chain's time       {} UTC", units::moment(listing.now_secs)),
        String::new(),
    ]
}

fn table(listing: &Listing) -> comfy_table::Table {
    let mut table = output::table(&[
        "document",
        "TEE",
        "of",
        ">number",
        "root",
        "issued (UTC)",
        "next update (UTC)",
        ">left",
        "note",
    ]);
    for Row { kept, left_secs, mark } in &listing.documents {
        let (kind, tee, of, number) = words(&kept.name);
        table.add_row([
            kind.to_owned(),
            tee,
            of,
            number,
            units::short_hash(&kept.root),
            units::moment(kept.issued_secs),
            units::moment(kept.next_update_secs),
            units::duration(Duration::from_secs(*left_secs)),
            note(*mark).to_owned(),
        ]);
    }
    table
}

/// A document's kind, TEE, processor family or CA, and evaluation number.
fn words(name: &DocumentName) -> (&'static str, String, String, String) {
    let none = || "-".to_owned();
    match name {
        DocumentName::RootCrl => ("root CRL", none(), none(), none()),
        DocumentName::PckCrl { ca } => ("PCK CRL", none(), units::short_hash(ca), none()),
        DocumentName::TcbInfo { tee, fmspc, number } => ("TCB info", tee.to_string(), fmspc.clone(), number.to_string()),
        DocumentName::QeIdentity { tee, number } => ("QE identity", tee.to_string(), none(), number.to_string()),
    }
}

fn note(mark: Mark) -> &'static str {
    match mark {
        Mark::Fresh => "",
        Mark::Ageing => "less than a quarter left",
        Mark::Expired => "EXPIRED",
    }
}

fn advice(listing: &Listing) -> Option<String> {
    if listing.documents.is_empty() {
        return Some(
            "The chain keeps no documents: no evidence can be judged. Bring them with `khala collateral upload`, or start a relayer."
                .into(),
        );
    }
    let due = listing.documents.iter().filter(|row| row.mark != Mark::Fresh).count();
    (due > 0).then(|| format!("\n{due} of them should be replaced: look after the relayers, or use `khala collateral upload`."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use khala_primitives::Tee;

    fn kept(name: DocumentName, issued_secs: u64, next_update_secs: u64) -> KeptDocument {
        KeptDocument {
            root: H256([1; 32]),
            name,
            issued_secs,
            next_update_secs,
        }
    }

    #[test]
    fn documents_are_marked_in_their_last_quarter_and_behind_their_end() {
        for (now_secs, left_secs, mark) in [
            (50, 850, Mark::Fresh),
            (699, 201, Mark::Fresh),
            (700, 200, Mark::Fresh),
            (701, 199, Mark::Ageing),
            (899, 1, Mark::Ageing),
            (900, 0, Mark::Ageing),
            (901, 0, Mark::Expired),
            (u64::MAX, 0, Mark::Expired),
        ] {
            let row = Row::new(kept(DocumentName::RootCrl, 100, 900), now_secs);
            assert_eq!((row.left_secs, row.mark), (left_secs, mark), "{now_secs}");
        }
    }

    #[test]
    fn the_listing_says_everything_in_an_order_that_stays() {
        let info = DocumentName::TcbInfo {
            tee: Tee::Sgx,
            fmspc: "00906ed50000".into(),
            number: 18,
        };
        let status = CollateralStatus {
            current_number: 18,
            next_number: Some(19),
            roots: vec![H256([1; 32])],
            documents: vec![kept(info, 0, 86_400), kept(DocumentName::RootCrl, 0, 7_200)],
        };
        let listing = Listing::new(status, 7_000);
        let lines = output::lines(&table(&listing));
        assert!(lines[1].starts_with("root CRL"), "{lines:#?}");
        assert!(
            lines[1].contains("3m 20s") && lines[1].ends_with("less than a quarter left"),
            "{lines:#?}"
        );
        assert!(
            lines[2].contains("SGX  00906ed50000") && lines[2].contains("1970-01-02 00:00"),
            "{lines:#?}"
        );
        let heading = heading(&listing).join("\n");
        assert!(
            heading.contains("18; 19 comes next") && heading.contains("0x010101…0101"),
            "{heading}"
        );
        assert!(advice(&listing).unwrap().contains("1 of them"));
        let json = serde_json::to_value(&listing).unwrap();
        assert_eq!(json["documents"][1]["name"]["tcbInfo"]["fmspc"], "00906ed50000");
        assert_eq!(json["documents"][0]["mark"], "ageing");
    }

    #[test]
    fn a_chain_without_documents_is_told_from_one_whose_documents_are_fresh() {
        let mut listing = Listing::new(CollateralStatus::default(), 0);
        assert!(advice(&listing).unwrap().contains("no documents"));
        assert!(heading(&listing).join("\n").contains("all evidence is refused"));
        listing.documents.push(Row::new(kept(DocumentName::RootCrl, 0, 100), 0));
        assert_eq!(advice(&listing), None);
    }
}
