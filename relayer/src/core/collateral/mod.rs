//! Keeping the chain's collateral fresh, without I/O: what is needed, what is due, what is on its way, what failed.
//!
//! # How to use this
//!
//! Tell the [`Keeper`] which families of machines there are ([`Keeper::need`]), let time pass ([`Keeper::tick`]), do what it
//! wishes, and tell it what came of each [`Wish`]: [`Keeper::learn`], [`Keeper::fetched`], [`Keeper::submitted`].
//!
//! # When a document is looked for
//!
//! | the chain has | it is looked for |
//! |---|---|
//! | none, and evidence is judged with it now | at once |
//! | one that is expired | at once |
//! | none of the evaluation number to come | within a quarter of the interval |
//! | one in the last share of its validity | then, and again every ten minutes |
//! | one in date | at every interval |
//!
//! *At once* is spread over three seconds, the others over a quarter of their time, by a hash of the relayer's seed: of many
//! relayers one is the first, and the others see in time that there is nothing left to do. A look goes through the sources in
//! their order until one has something worth sending:
//!
//! - a revocation list that is newer than the chain's
//! - another document that is newer by at least the interval, or newer at all in the last share
//! - anything valid where the chain has nothing
//!
//! Before a document goes out the chain is asked once more. Nothing goes out under a root whose own revocation list is not
//! on the chain and in date.

mod document;
mod due;
mod entry;
#[cfg(test)]
mod simulation;
mod sources;
mod summary;

pub use document::{Content, DocumentId, Edition, Family, FetchError, Fetched, Signed};
pub use sources::{SourceId, SourceSummary};
pub use summary::{CollateralSummary, DocumentState, DocumentSummary};

use super::{Millis, SubmitError};
use entry::{Entry, Flight};
use khala_primitives::{
    collateral::{CollateralStatus, DocumentName, KeptDocument},
    status::RegistrationStatus,
};
use sources::Sources;
use std::collections::{BTreeMap, BTreeSet};

/// The chain is asked about its collateral this often.
const STATUS_EVERY_MS: Millis = 10_000;
/// A document that was in a block must show in the chain's answers within this time.
const SHOWS_WITHIN_MS: Millis = 60_000;
/// After a look in which no source had a good document; twice as long after each further one.
const FIRST_WAIT_MS: Millis = 2_000;
/// Longest wait between two such looks, if the interval is not shorter.
const LONGEST_WAIT_MS: Millis = 300_000;
/// Most requests to sources at a time.
const FETCHES: usize = 4;

/// How collateral is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// Names of the sources, in the order in which they are asked.
    pub sources: Vec<String>,
    /// Sources are asked for newer documents this often, in seconds.
    pub every_secs: u64,
    /// A document is replaced once no more is left of its validity than this share, in percent.
    pub last_share_percent: u64,
    /// Tells relayers apart: each has another.
    pub seed: u64,
}

impl Default for Settings {
    /// No source, every twelve hours, in the last quarter.
    fn default() -> Self {
        Self {
            sources: Vec::new(),
            every_secs: 12 * 3_600,
            last_share_percent: 25,
            seed: 0,
        }
    }
}

/// Something shall be done; it is answered once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wish {
    /// Ask the chain which collateral it keeps: [`Keeper::learn`].
    AskChain,
    /// Get the newest edition of a document from a source and verify it: [`Keeper::fetched`].
    Fetch(SourceId, DocumentId),
    /// Bring a document to the chain: [`Keeper::submitted`].
    Submit(Box<Fetched>),
}

/// See the module's documentation.
#[derive(Debug)]
pub struct Keeper {
    settings: Settings,
    sources: Sources,
    families: BTreeSet<Family>,
    chain: Option<CollateralStatus>,
    /// When the chain's newest answer was asked for.
    chain_as_of: Millis,
    asked_at: Option<Millis>,
    /// When the question was asked whose answer is waited for.
    asking: Option<Millis>,
    /// Why the chain could not be asked.
    trouble: Option<String>,
    entries: BTreeMap<DocumentId, Entry>,
}

impl Keeper {
    /// A keeper that knows nothing yet.
    pub fn new(settings: Settings) -> Self {
        Self {
            sources: Sources::new(settings.sources.clone()),
            settings,
            families: BTreeSet::new(),
            chain: None,
            chain_as_of: 0,
            asked_at: None,
            asking: None,
            trouble: None,
            entries: BTreeMap::new(),
        }
    }

    /// These are the families of this relayer's workers from now on.
    pub fn need(&mut self, families: BTreeSet<Family>, now: Millis) {
        self.families = families;
        let Some(chain) = &self.chain else { return };
        let numbers = || [Some(chain.current_number), chain.next_number].into_iter().flatten();
        let trusted = self.families.iter().filter(|family| chain.roots.contains(&family.root));
        let needed: BTreeSet<_> = trusted
            .flat_map(|family| numbers().flat_map(|number| family.documents(number)))
            .collect();
        self.entries.retain(|id, entry| needed.contains(id) || entry.is_busy());
        let longest_wait = self.settings.every_secs.saturating_mul(1_000).clamp(FIRST_WAIT_MS, LONGEST_WAIT_MS);
        for id in needed {
            self.entries.entry(id).or_insert_with(|| Entry::new(longest_wait, now));
        }
    }

    /// The chain's answer to [`Wish::AskChain`].
    pub fn learn(&mut self, answer: Result<CollateralStatus, String>, now: Millis) {
        let asked_at = self.asking.take().unwrap_or(now);
        let mut status = match answer {
            Ok(status) => status,
            Err(reason) => return self.trouble = Some(reason),
        };
        self.trouble = None;
        self.chain_as_of = asked_at;
        for kept in &mut status.documents {
            if let DocumentName::TcbInfo { fmspc, .. } = &mut kept.name {
                fmspc.make_ascii_lowercase();
            }
        }
        for (id, entry) in &mut self.entries {
            entry.saw(find(&status, id).map(Edition::from), now);
        }
        self.chain = Some(status);
        self.need(self.families.clone(), now);
    }

    /// A source's answer to [`Wish::Fetch`]. `chain_secs`: the newest block's time, in seconds since 1970.
    pub fn fetched(&mut self, source: SourceId, id: &DocumentId, answer: Result<Fetched, FetchError>, chain_secs: u64, now: Millis) {
        let kept = self.kept(id);
        let Some(entry) = self.entries.get_mut(id).filter(|entry| entry.flight == Flight::Fetch(source)) else {
            return;
        };
        entry.flight = Flight::None;
        let checked = answer.and_then(|fetched| check(fetched, id, chain_secs));
        match checked {
            Ok(fetched) => {
                self.sources.answered(source);
                entry.heard = true;
                if is_worth(&self.settings, id, fetched.edition, kept, chain_secs) {
                    entry.flight = Flight::Ready {
                        fetched: Box::new(fetched),
                        since: now,
                    };
                } else {
                    entry.tried.push(source);
                }
            }
            Err(error) => {
                let is_down = matches!(error, FetchError::Down(_));
                self.sources.failed(source, &format!("{id}: {}", error.reason()), is_down, now);
                entry.problem = Some(format!("{}: {}", self.sources.name(source), error.reason()));
                entry.tried.push(source);
            }
        }
    }

    /// What became of [`Wish::Submit`].
    pub fn submitted(&mut self, id: &DocumentId, outcome: Result<(), SubmitError>, now: Millis) {
        let Some(entry) = self.entries.get_mut(id) else { return };
        let Flight::Submit(edition) = entry.flight else { return };
        match outcome {
            Ok(()) => entry.flight = Flight::Sent { edition, since: now },
            Err(error) => {
                entry.flight = Flight::None;
                entry.refusals.failed(now);
                entry.problem = Some(format!("the chain did not take it: {}", error.reason()));
            }
        }
        // What the chain has now decides.
        self.asked_at = None;
    }

    /// Time passed; returns what shall be done now. `may_submit`: transactions may go out.
    pub fn tick(&mut self, chain_secs: u64, may_submit: bool, now: Millis) -> Vec<Wish> {
        let mut wishes = Vec::new();
        if self.wants_status(now) {
            self.asking = Some(now);
            self.asked_at = Some(now);
            wishes.push(Wish::AskChain);
        }
        if self.chain.is_none() || self.sources.is_empty() {
            return wishes;
        }
        if may_submit {
            wishes.extend(self.submit_ready(chain_secs));
        }
        let due = self.entries.iter().filter(|(id, entry)| self.is_due(id, entry, chain_secs, now));
        let due: Vec<_> = due.map(|(id, _)| id.clone()).collect();
        let mut fetching = self
            .entries
            .values()
            .filter(|entry| matches!(entry.flight, Flight::Fetch(_)))
            .count();
        for id in due {
            if fetching >= FETCHES {
                break;
            }
            if let Some(source) = self.next_source(&id, chain_secs, now) {
                fetching = fetching.saturating_add(1);
                wishes.push(Wish::Fetch(source, id));
            }
        }
        wishes
    }

    /// The family of a registered worker, from what the chain says; `None` when the chain keeps no list of its PCK CA.
    pub fn family_of(&self, registration: &RegistrationStatus) -> Option<Family> {
        let ca = DocumentName::PckCrl { ca: registration.pck_ca };
        let kept = self.chain.as_ref()?.documents.iter().find(|kept| kept.name == ca)?;
        Some(Family {
            tee: registration.tee,
            fmspc: registration.fmspc.to_ascii_lowercase(),
            pck_ca: registration.pck_ca,
            root: kept.root,
        })
    }

    /// Why evidence of this family cannot be judged now; `None` when it can. `is_new`: for a worker that the chain does not
    /// know; a known one is judged by expired documents, too, for some time.
    pub fn lack(&self, family: &Family, is_new: bool, chain_secs: u64) -> Option<String> {
        let Some(chain) = &self.chain else {
            return Some(match &self.trouble {
                Some(reason) => format!("the chain does not say which collateral it keeps: {reason}"),
                None => "the chain is asked which collateral it keeps".into(),
            });
        };
        if !chain.roots.contains(&family.root) {
            return Some(format!(
                "its quote leads to the root {:?}, which this chain does not trust",
                family.root
            ));
        }
        let documents = family.documents(chain.current_number);
        let (id, what) = documents.iter().find_map(|id| match self.kept(id) {
            None => Some((id, "has no")),
            Some(kept) if is_new && kept.is_expired(chain_secs) => Some((id, "has only an expired")),
            Some(_) => None,
        })?;
        let problem = match self.entries.get(id).and_then(|entry| entry.problem.as_ref()) {
            Some(problem) => format!("; {problem}"),
            None if self.sources.is_empty() => "; no source of collateral is configured".into(),
            None => "; it is being fetched".into(),
        };
        Some(format!("the chain {what} {id}{problem}"))
    }

    fn kept(&self, id: &DocumentId) -> Option<Edition> {
        find(self.chain.as_ref()?, id).map(Edition::from)
    }

    /// Is it time to ask the chain? Before anything goes out its answer must be newer than what was fetched.
    fn wants_status(&self, now: Millis) -> bool {
        let is_waited_for = self.entries.values().any(|entry| match entry.flight {
            Flight::Ready { since, .. } => self.asked_at.is_none_or(|at| at < since),
            _ => false,
        });
        let is_old = self.asked_at.is_none_or(|at| now >= at.saturating_add(STATUS_EVERY_MS));
        self.asking.is_none() && (is_old || is_waited_for)
    }

    fn submit_ready(&mut self, chain_secs: u64) -> Vec<Wish> {
        let is_ready = |entry: &Entry| matches!(entry.flight, Flight::Ready { .. });
        let ready = self.entries.iter().filter(|(_, entry)| is_ready(entry)).map(|(id, _)| id.clone());
        let ready: Vec<_> = ready.collect();
        ready.into_iter().filter_map(|id| self.submit_if_ready(&id, chain_secs)).collect()
    }

    fn submit_if_ready(&mut self, id: &DocumentId, chain_secs: u64) -> Option<Wish> {
        let kept = self.kept(id);
        let held = *id != id.root_crl() && self.kept(&id.root_crl()).is_none_or(|kept| kept.is_expired(chain_secs));
        let entry = self.entries.get_mut(id)?;
        let Flight::Ready { fetched, since } = &entry.flight else {
            return None;
        };
        if self.trouble.is_some() || self.chain_as_of < *since || held {
            return None;
        }
        let fetched = fetched.clone();
        if fetched.edition.is_expired(chain_secs) || !is_worth(&self.settings, id, fetched.edition, kept, chain_secs) {
            // Another relayer was faster.
            entry.flight = Flight::None;
            return None;
        }
        entry.flight = Flight::Submit(fetched.edition);
        tracing::info!(document = %id, issued = fetched.edition.issued_secs, "bringing collateral to the chain");
        Some(Wish::Submit(fetched))
    }

    /// The source that is asked now. When all were asked in vain, the look is over.
    fn next_source(&mut self, id: &DocumentId, chain_secs: u64, now: Millis) -> Option<SourceId> {
        let is_to_come = self.is_to_come(id);
        let is_expiring = self
            .kept(id)
            .is_some_and(|kept| kept.is_expiring(chain_secs, self.settings.last_share_percent));
        let entry = self.entries.get_mut(id)?;
        let source = self.sources.next(&entry.tried, now);
        match source {
            Some(source) => entry.flight = Flight::Fetch(source),
            None if entry.tried.is_empty() => {
                entry
                    .problem
                    .get_or_insert_with(|| "no source of collateral works at the moment".into());
            }
            None => {
                entry.end_of_look(is_to_come, now);
                if is_expiring {
                    entry
                        .problem
                        .get_or_insert_with(|| "no source has a newer one than the chain".into());
                }
            }
        }
        source
    }
}

fn find<'a>(status: &'a CollateralStatus, id: &DocumentId) -> Option<&'a KeptDocument> {
    status.documents.iter().find(|kept| kept.root == id.root && kept.name == id.name)
}

/// Is it what was asked for, and in date?
fn check(fetched: Fetched, id: &DocumentId, chain_secs: u64) -> Result<Fetched, FetchError> {
    if fetched.id != *id {
        return Err(FetchError::Unusable(format!("it gave the {} instead", fetched.id)));
    }
    if fetched.edition.is_expired(chain_secs) {
        let ago = chain_secs.saturating_sub(fetched.edition.next_update_secs);
        return Err(FetchError::Unusable(format!("it gave one that expired {ago} s ago")));
    }
    Ok(fetched)
}

/// Is an edition worth sending, with this one on the chain? Never an older one.
fn is_worth(settings: &Settings, id: &DocumentId, new: Edition, kept: Option<Edition>, chain_secs: u64) -> bool {
    let Some(kept) = kept else { return true };
    let newer_by = new.issued_secs.saturating_sub(kept.issued_secs);
    let is_expiring = kept.is_expiring(chain_secs, settings.last_share_percent) && new.next_update_secs > kept.next_update_secs;
    newer_by > 0 && (id.is_crl() || is_expiring || newer_by >= settings.every_secs)
}
