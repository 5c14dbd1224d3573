//! What the relayer tells about collateral: the value of `relayer_collateral`, and what the metrics and `/health` show.

use super::{
    super::Millis,
    entry::{Entry, Flight},
    DocumentId, Edition, Keeper, SourceSummary,
};
use khala_primitives::{collateral::DocumentName, H256};
use serde::Serialize;

/// How a document stands that the relayer's workers need.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum DocumentState {
    /// The chain has none.
    Missing,
    /// The chain's counts no longer.
    Expired,
    /// The chain's is in the last share of its validity.
    Expiring,
    /// The chain's is in date.
    Fresh,
}

/// One document that the relayer's workers need.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentSummary {
    /// SHA-256 of the public key of the root that it leads to.
    pub root: H256,
    /// Which document.
    pub name: DocumentName,
    /// The same in words.
    pub document: String,
    /// Is it of the evaluation number to come, which nothing is judged with yet?
    pub is_to_come: bool,
    /// How it stands.
    pub state: DocumentState,
    /// The chain's edition.
    #[serde(flatten)]
    pub edition: Option<Edition>,
    /// What is being done about it.
    pub doing: Option<String>,
    /// The last thing that went wrong, until something goes well.
    pub problem: Option<String>,
    /// When it is tried again after that, in seconds since 1970.
    pub next_try: Option<u64>,
}

impl DocumentSummary {
    /// Why somebody should look at it; `None` while all is well.
    pub fn trouble(&self) -> Option<String> {
        let what = match self.state {
            _ if self.is_to_come => return None,
            DocumentState::Fresh => return None,
            DocumentState::Expiring if self.problem.is_none() => return None,
            DocumentState::Expiring => "is about to expire",
            DocumentState::Expired => "has expired",
            DocumentState::Missing => "is not on the chain",
        };
        let why = self.problem.as_ref().map_or(String::new(), |problem| format!(": {problem}"));
        Some(format!("the {} {what}{why}", self.document))
    }
}

/// All about collateral.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CollateralSummary {
    /// Intel's evaluation number by which evidence is judged now.
    pub current_number: Option<u32>,
    /// The number to come.
    pub next_number: Option<u32>,
    /// The documents that this relayer's workers need.
    pub documents: Vec<DocumentSummary>,
    /// The sources, in the order in which they are asked.
    pub sources: Vec<SourceSummary>,
    /// Why the chain could not be asked.
    pub problem: Option<String>,
}

impl CollateralSummary {
    /// What somebody should look at; empty while all is well.
    pub fn troubles(&self) -> Vec<String> {
        let chain = self
            .problem
            .iter()
            .map(|problem| format!("the chain does not say which collateral it keeps: {problem}"));
        chain.chain(self.documents.iter().filter_map(DocumentSummary::trouble)).collect()
    }
}

impl Keeper {
    /// How things stand. `chain_secs`: the newest block's time, in seconds since 1970.
    pub fn summary(&self, chain_secs: u64, now: Millis) -> CollateralSummary {
        CollateralSummary {
            current_number: self.chain.as_ref().map(|chain| chain.current_number),
            next_number: self.chain.as_ref().and_then(|chain| chain.next_number),
            documents: self
                .entries
                .iter()
                .map(|(id, entry)| self.document(id, entry, chain_secs, now))
                .collect(),
            sources: self.sources.summaries(),
            problem: self.trouble.clone(),
        }
    }

    fn document(&self, id: &DocumentId, entry: &Entry, chain_secs: u64, now: Millis) -> DocumentSummary {
        let edition = self.kept(id);
        let next_try = entry
            .backoff
            .next_try()
            .max(entry.refusals.next_try())
            .or_else(|| self.sources.next_try(now));
        DocumentSummary {
            root: id.root,
            name: id.name.clone(),
            document: id.to_string(),
            is_to_come: self.is_to_come(id),
            state: self.state(edition, chain_secs),
            edition,
            doing: self.doing(&entry.flight),
            problem: match &entry.problem {
                None if self.sources.is_empty() => Some("no source of collateral is configured".into()),
                problem => problem.clone(),
            },
            next_try: next_try.map(|at| at / 1000),
        }
    }

    fn state(&self, edition: Option<Edition>, chain_secs: u64) -> DocumentState {
        match edition {
            None => DocumentState::Missing,
            Some(edition) if edition.is_expired(chain_secs) => DocumentState::Expired,
            Some(edition) if edition.is_expiring(chain_secs, self.settings.last_share_percent) => DocumentState::Expiring,
            Some(_) => DocumentState::Fresh,
        }
    }

    fn doing(&self, flight: &Flight) -> Option<String> {
        Some(match flight {
            Flight::None => return None,
            Flight::Fetch(source) => format!("{} is asked", self.sources.name(*source)),
            Flight::Ready { .. } => "a newer one is ready; the chain's word, or the root CRL, is waited for".into(),
            Flight::Submit(_) => "a newer one is on its way into a block".into(),
            Flight::Sent { .. } => "a newer one is in a block".into(),
        })
    }
}
