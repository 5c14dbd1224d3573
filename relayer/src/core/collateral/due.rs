//! When a document is looked for; the table of the module above says it in words.

use super::{super::Millis, entry::Entry, DocumentId, Edition, Keeper};

/// What is needed at once is spread over this time.
const URGENT_SPREAD_MS: Millis = 3_000;
/// In the last share of a document's validity it is looked for this often.
const EXPIRING_EVERY_MS: Millis = 600_000;

impl Keeper {
    /// Is it time to look for a document?
    pub(super) fn is_due(&self, id: &DocumentId, entry: &Entry, chain_secs: u64, now: Millis) -> bool {
        if !entry.may_look(now) {
            return false;
        }
        let is_past = |begin: Millis, over: Millis| now >= begin && now >= begin.saturating_add(self.spread(id, entry, over));
        let kept = self.kept(id);
        let is_usable = kept.is_some_and(|kept| !kept.is_expired(chain_secs));
        if !is_usable && !self.is_to_come(id) {
            return is_past(entry.missing_since.unwrap_or(entry.needed_since), URGENT_SPREAD_MS);
        }
        if kept.is_some_and(|kept| self.is_in_last_share(id, entry, kept, chain_secs)) {
            let pace = self.every_ms().min(EXPIRING_EVERY_MS);
            return entry.looked_at.is_none_or(|at| now >= at.saturating_add(pace));
        }
        let begin = entry.looked_at.map_or(entry.needed_since, |at| at.saturating_add(self.every_ms()));
        is_past(begin, self.every_ms() / 4)
    }

    /// Is it of the evaluation number to come?
    pub(super) fn is_to_come(&self, id: &DocumentId) -> bool {
        let current = self.chain.as_ref().map(|chain| chain.current_number);
        id.number().is_some_and(|number| Some(number) != current)
    }

    /// Has its last share begun? For each relayer within the share's first quarter.
    fn is_in_last_share(&self, id: &DocumentId, entry: &Entry, kept: Edition, chain_secs: u64) -> bool {
        let share = self.settings.last_share_percent;
        let late = || chain_secs.saturating_sub(self.spread(id, entry, kept.last_share_secs(share) / 4));
        kept.is_expiring(chain_secs, share) && kept.is_expiring(late(), share)
    }

    fn every_ms(&self) -> Millis {
        self.settings.every_secs.saturating_mul(1_000)
    }

    /// A part of `over`: another for each relayer, document and look.
    fn spread(&self, id: &DocumentId, entry: &Entry, over: u64) -> u64 {
        let text = format!("{}/{:?}/{}", self.settings.seed, id, entry.looks);
        let hash = u64::from_le_bytes(sp_crypto_hashing::twox_64(text.as_bytes()));
        hash % over.max(1)
    }
}
