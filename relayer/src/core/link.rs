//! The connection to one pRuntime, as the core sees it: who answers there, and since when nobody does.

use super::{backoff::Backoff, Identity, Millis};

/// A pRuntime is asked who it is this often: so long may a restart go unnoticed.
pub const IDENTITY_EVERY_MS: Millis = 4_000;

/// See the module's documentation.
#[derive(Debug)]
pub struct Link {
    identity: Option<Identity>,
    asking: bool,
    asked_at: Option<Millis>,
    backoff: Backoff,
    trouble: Option<Trouble>,
}

/// Why nothing can be asked of the pRuntime.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Trouble {
    /// It does not answer.
    Unreachable(String),
    /// Somebody answers, but not the worker that is configured.
    Wrong(String),
}

impl Default for Link {
    /// A connection that was not used yet.
    fn default() -> Self {
        Self {
            identity: None,
            asking: false,
            asked_at: None,
            backoff: Backoff::new(1_000, 15_000),
            trouble: None,
        }
    }
}

impl Link {
    /// Shall it be asked who it is? If so, it counts as asked.
    pub fn ask(&mut self, now: Millis) -> bool {
        let due = match (&self.trouble, self.asked_at) {
            (Some(_), _) => self.backoff.is_due(now),
            (None, Some(asked_at)) => now >= asked_at.saturating_add(IDENTITY_EVERY_MS),
            (None, None) => true,
        };
        let ask = due && !self.asking;
        if ask {
            self.asking = true;
            self.asked_at = Some(now);
        }
        ask
    }

    /// It answered, and it is the worker that is configured.
    pub fn is(&mut self, identity: Identity) {
        self.asking = false;
        self.trouble = None;
        self.backoff.reset();
        self.identity = Some(identity);
    }

    /// It did not answer, or it is another worker.
    pub fn is_troubled(&mut self, trouble: Trouble, now: Millis) {
        self.asking = false;
        self.backoff.failed(now);
        self.trouble = Some(trouble);
    }

    /// Asks again as soon as possible: something hints at a restart.
    pub fn doubt(&mut self) {
        self.asked_at = None;
    }

    /// Who was there when it last answered.
    pub fn identity(&self) -> Option<&Identity> {
        self.identity.as_ref()
    }

    /// Who is there; `None` while it does not answer or is another.
    pub fn live(&self) -> Option<&Identity> {
        self.identity.as_ref().filter(|_| self.trouble.is_none())
    }

    /// What is wrong.
    pub fn trouble(&self) -> Option<&Trouble> {
        self.trouble.as_ref()
    }

    /// When it is asked again, while something is wrong.
    pub fn next_try(&self) -> Option<Millis> {
        self.trouble.as_ref().and(self.backoff.next_try())
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::identity;
    use super::*;

    #[test]
    fn it_is_asked_once_at_a_time_and_again_after_the_interval() {
        let mut link = Link::default();
        assert!(link.ask(0) && !link.ask(0));
        link.is(identity(1, 1));
        assert!(!link.ask(IDENTITY_EVERY_MS - 1) && link.ask(IDENTITY_EVERY_MS));
        link.is(identity(1, 1));
        link.doubt();
        assert!(link.ask(IDENTITY_EVERY_MS + 1));
    }

    #[test]
    fn trouble_is_tried_again_with_backoff_and_ends_with_an_answer() {
        let mut link = Link::default();
        link.ask(0);
        link.is_troubled(Trouble::Unreachable("refused".into()), 0);
        assert!(link.live().is_none() && !link.ask(999) && link.ask(1_000));
        link.is_troubled(Trouble::Unreachable("refused".into()), 1_000);
        assert_eq!(link.next_try(), Some(3_000));
        link.is(identity(1, 1));
        assert!(link.live().is_some() && link.next_try().is_none());
    }
}
