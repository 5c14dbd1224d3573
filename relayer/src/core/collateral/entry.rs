//! One document that is needed: what is on its way, and what was tried.

use super::{
    super::{backoff::Backoff, Millis},
    Edition, Fetched, SourceId, FIRST_WAIT_MS, SHOWS_WITHIN_MS,
};

/// What is on its way; one thing at a time, so that nothing is sent twice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Flight {
    None,
    /// A source is asked.
    Fetch(SourceId),
    /// It was fetched; the chain's word is waited for.
    Ready {
        fetched: Box<Fetched>,
        since: Millis,
    },
    /// This edition is on its way into a block.
    Submit(Edition),
    /// This edition was in a block and shall show in the chain's answers.
    Sent {
        edition: Edition,
        since: Millis,
    },
}

/// See the module's documentation.
#[derive(Debug)]
pub(super) struct Entry {
    pub flight: Flight,
    /// Since when it is needed.
    pub needed_since: Millis,
    /// When all sources were last asked, or a newer edition was seen on the chain.
    pub looked_at: Option<Millis>,
    /// Since when the chain has had none.
    pub missing_since: Option<Millis>,
    /// Finished looks: each waits another while.
    pub looks: u64,
    /// Sources that had nothing of use in this look.
    pub tried: Vec<SourceId>,
    /// A source had a good document in this look, be it not newer than the chain's.
    pub heard: bool,
    /// Looks in which no source had a good document.
    pub backoff: Backoff,
    /// Editions that the chain refused: each may have cost a fee.
    pub refusals: Backoff,
    /// The last thing that went wrong, until something goes well.
    pub problem: Option<String>,
    /// What the chain has.
    seen: Option<Edition>,
}

impl Entry {
    /// A document that is needed since now. `longest_wait`: between two looks that failed.
    pub fn new(longest_wait: Millis, now: Millis) -> Self {
        Self {
            flight: Flight::None,
            needed_since: now,
            looked_at: None,
            missing_since: None,
            looks: 0,
            tried: Vec::new(),
            heard: false,
            backoff: Backoff::new(FIRST_WAIT_MS, longest_wait),
            refusals: Backoff::new(10_000, 3_600_000),
            problem: None,
            seen: None,
        }
    }

    /// Is something on its way to the chain?
    pub fn is_busy(&self) -> bool {
        matches!(self.flight, Flight::Submit(_) | Flight::Sent { .. })
    }

    /// May a source be asked?
    pub fn may_look(&self, now: Millis) -> bool {
        self.flight == Flight::None && self.backoff.is_due(now) && self.refusals.is_due(now)
    }

    /// The chain has this edition.
    pub fn saw(&mut self, edition: Option<Edition>, now: Millis) {
        let is_news = edition.is_some() && edition != self.seen;
        if is_news && self.seen.is_some() {
            // Somebody has brought a newer one: what is waited for next is the one after it.
            self.settled(now);
        }
        self.seen = edition;
        match edition {
            Some(_) => self.missing_since = None,
            None => {
                self.missing_since.get_or_insert(now);
            }
        }
        if let Flight::Sent { edition: sent, since } = self.flight {
            let shows = edition.is_some_and(|edition| edition.issued_secs >= sent.issued_secs);
            if shows {
                self.flight = Flight::None;
                self.settled(now);
            } else if now >= since.saturating_add(SHOWS_WITHIN_MS) {
                self.flight = Flight::None;
                self.problem = Some("it was in a block that was reorganised away".into());
            }
        }
    }

    /// All sources that work were asked and had nothing worth sending. `is_to_come`: for a document of the evaluation number
    /// to come, which Intel may not have made yet, the next look is as far away as if there had been one.
    pub fn end_of_look(&mut self, is_to_come: bool, now: Millis) {
        let problem = self.problem.take();
        if self.heard || is_to_come {
            self.settled(now);
        } else {
            self.backoff.failed(now);
        }
        self.problem = problem.filter(|_| !self.heard);
        self.tried.clear();
        self.heard = false;
    }

    fn settled(&mut self, now: Millis) {
        self.looked_at = Some(now);
        self.looks = self.looks.saturating_add(1);
        self.tried.clear();
        self.backoff.reset();
        self.refusals.reset();
        self.problem = None;
    }
}
