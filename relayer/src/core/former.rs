//! The keys that a worker had before, and what the chain says of them: when the key of a pRuntime is lost, its registration
//! passes to the new one, with stake, value and session.

use super::{backoff::Backoff, Millis};
use khala_primitives::{status::WorkerView, AccountId32, BlockNumber, WorkerPublicKey};

/// More former keys are not kept: the oldest is dropped.
const MAX_FORMER: usize = 4;

/// What a new key may replace.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Replaced {
    /// The lost key.
    pub key: WorkerPublicKey,
    /// The block that its registration names; evidence for the new key must be newer.
    pub freshness: BlockNumber,
}

/// See the module's documentation.
#[derive(Debug)]
pub struct Former {
    /// The key that the configuration names; it comes first.
    named: Option<WorkerPublicKey>,
    /// With the chain's word, once it was asked. The newest first.
    keys: Vec<(WorkerPublicKey, Option<WorkerView>)>,
    backoff: Backoff,
    refusal: Option<String>,
}

impl Former {
    /// `named`: by the configuration. `remembered`: by an earlier run.
    pub fn new(named: Option<WorkerPublicKey>, remembered: Option<WorkerPublicKey>) -> Self {
        let mut former = Self {
            named,
            keys: Vec::new(),
            backoff: Backoff::new(30_000, 3_600_000),
            refusal: None,
        };
        for key in remembered.into_iter().chain(named) {
            former.add(key, None);
        }
        former
    }

    /// The worker had this key until now, and the chain says this of it. Keys that are not registered give way to it: else
    /// one that is would be forgotten after a few restarts in a row.
    pub fn add(&mut self, key: WorkerPublicKey, view: Option<WorkerView>) {
        let is_open = |view: &Option<WorkerView>| view.as_ref().is_none_or(|view| view.registration.is_some());
        self.keys.retain(|(known, view)| *known != key && is_open(view));
        self.keys.insert(0, (key, view));
        self.keys.sort_by_key(|(key, _)| Some(*key) != self.named);
        self.keys.truncate(MAX_FORMER);
    }

    /// This key cannot be replaced.
    pub fn forget(&mut self, key: &WorkerPublicKey) {
        self.keys.retain(|(known, _)| known != key);
    }

    /// The worker's key is registered, and has been for a while: nothing is to be replaced.
    pub fn clear(&mut self) {
        self.keys.clear();
    }

    /// The keys.
    pub fn keys(&self) -> impl Iterator<Item = WorkerPublicKey> + '_ {
        self.keys.iter().map(|(key, _)| *key)
    }

    /// The chain's word of them after a block.
    pub fn learn(&mut self, view_of: impl Fn(&WorkerPublicKey) -> Option<WorkerView>) {
        for (key, stored) in &mut self.keys {
            if let Some(view) = view_of(key) {
                *stored = Some(view);
            }
        }
    }

    /// Was the chain asked about all of them?
    pub fn is_known(&self) -> bool {
        self.keys.iter().all(|(_, view)| view.is_some())
    }

    /// The key that is still registered for this operator.
    pub fn to_replace(&self, operator: &AccountId32) -> Option<Replaced> {
        self.keys.iter().find_map(|(key, view)| {
            let registration = view.as_ref()?.registration.as_ref()?;
            (registration.operator == *operator).then_some(Replaced {
                key: *key,
                freshness: registration.freshness,
            })
        })
    }

    /// The chain does not let the key be replaced yet.
    pub fn is_refused(&mut self, reason: String, now: Millis) {
        self.backoff.failed(now);
        self.refusal = Some(reason);
    }

    /// It is replaced, or there is a new reason to try at once.
    pub fn reset(&mut self) {
        self.backoff.reset();
        self.refusal = None;
    }

    /// Why the chain does not let the key be replaced yet.
    pub fn refusal(&self) -> Option<&str> {
        self.refusal.as_deref()
    }

    /// May it be tried at `now`?
    pub fn is_due(&self, now: Millis) -> bool {
        self.backoff.is_due(now)
    }

    /// When it may be tried again; `None` is now.
    pub fn next_try(&self) -> Option<Millis> {
        self.backoff.next_try()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{key, registration};
    use super::*;
    use khala_primitives::status::RegistrationStatus;

    fn view(operator: u8, freshness: BlockNumber) -> WorkerView {
        let registration = RegistrationStatus {
            operator: [operator; 32].into(),
            freshness,
            ..registration(1, 100)
        };
        WorkerView {
            registration: Some(registration),
            session: None,
        }
    }

    fn replaced(former: &Former) -> Option<(WorkerPublicKey, BlockNumber)> {
        former
            .to_replace(&[1; 32].into())
            .map(|replaced| (replaced.key, replaced.freshness))
    }

    #[test]
    fn a_key_is_replaced_when_it_is_registered_for_the_same_operator() {
        let mut former = Former::new(None, Some(key(1)));
        assert!(replaced(&former).is_none() && !former.is_known());
        let unknown = WorkerView {
            registration: None,
            session: None,
        };
        former.learn(|_| Some(unknown.clone()));
        assert!(replaced(&former).is_none() && former.is_known());
        former.learn(|_| Some(view(2, 7)));
        assert_eq!(replaced(&former), None);
        former.learn(|_| Some(view(1, 7)));
        assert_eq!(replaced(&former), Some((key(1), 7)));
        former.forget(&key(1));
        assert_eq!(replaced(&former), None);
    }

    #[test]
    fn the_configurations_word_comes_first_and_then_the_newest() {
        let mut former = Former::new(Some(key(1)), Some(key(2)));
        assert_eq!(former.keys().collect::<Vec<_>>(), [key(1), key(2)]);
        former.add(key(3), Some(view(1, 9)));
        assert_eq!(former.keys().collect::<Vec<_>>(), [key(1), key(3), key(2)]);
        assert_eq!(replaced(&former), Some((key(3), 9)));
        former.learn(|asked| (*asked == key(1)).then(|| view(1, 8)));
        assert_eq!(replaced(&former), Some((key(1), 8)));
        former.add(key(1), None);
        assert_eq!(former.keys().count(), 3, "no key is there twice");
    }

    #[test]
    fn former_keys_are_bounded_and_the_oldest_goes() {
        let mut former = Former::new(Some(key(1)), None);
        (2..20).for_each(|number| former.add(key(number), None));
        assert_eq!(former.keys().collect::<Vec<_>>(), [key(1), key(19), key(18), key(17)]);
    }

    #[test]
    fn keys_that_were_never_registered_do_not_push_out_one_that_is() {
        let mut former = Former::new(None, Some(key(0)));
        former.learn(|_| Some(view(1, 7)));
        for number in 1..20 {
            let nothing = WorkerView {
                registration: None,
                session: None,
            };
            former.add(key(number), Some(nothing));
            assert_eq!(replaced(&former), Some((key(0), 7)), "{number}");
        }
    }

    #[test]
    fn a_refusal_is_shown_and_tried_again_after_growing_pauses() {
        let mut former = Former::new(None, Some(key(1)));
        former.is_refused("too soon".into(), 0);
        assert!(!former.is_due(29_999) && former.is_due(30_000));
        former.is_refused("too soon".into(), 30_000);
        assert_eq!((former.next_try(), former.refusal()), (Some(90_000), Some("too soon")));
        former.reset();
        assert!(former.is_due(0) && former.refusal().is_none());
    }
}
