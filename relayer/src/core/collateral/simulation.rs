//! Keepers of several relayers against a simulated chain and simulated sources, with faults.
//!
//! Time goes in ticks of a second, and the chain's clock is the same. The chain takes a document with the tick after it was
//! sent. What is sent and brings nothing is counted: it costs somebody a fee.

use super::*;
use khala_primitives::{Tee, H256};

const ROOT: H256 = H256::repeat_byte(1);
const CA: H256 = H256::repeat_byte(2);
const DAY: u64 = 86_400;
const START: u64 = 1_000 * DAY;
const MONTH: u64 = 30 * DAY;

fn family() -> Family {
    Family {
        tee: Tee::Sgx,
        fmspc: "00d3e1000000".into(),
        pck_ca: CA,
        root: ROOT,
    }
}

fn ids() -> [DocumentId; 4] {
    family().documents(18)
}

/// What a source answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mood {
    /// The newest documents, issued an hour ago at the last change.
    Good,
    Down,
    Garbage,
    /// Documents of twenty days before.
    Old,
    /// Of another document than it was asked for.
    Confused,
    /// Documents that are expired already.
    Expired,
}

struct World {
    now: u64,
    keepers: Vec<Keeper>,
    moods: Vec<Mood>,
    /// When the documents of good sources were issued.
    issued: u64,
    /// Numbers that the sources have documents of.
    numbers: Vec<u32>,
    chain: CollateralStatus,
    chain_works: bool,
    answers: Vec<(usize, Answer)>,
    /// Questions to each source.
    asked: Vec<u32>,
    /// Documents that the chain took, in their order.
    taken: Vec<DocumentId>,
    /// Documents that were sent and brought nothing.
    in_vain: Vec<DocumentId>,
}

enum Answer {
    Chain(Result<CollateralStatus, String>),
    Fetched(SourceId, DocumentId, Result<Fetched, FetchError>),
    Submitted(DocumentId, Result<(), SubmitError>),
}

impl World {
    fn new(relayers: u64, moods: &[Mood]) -> Self {
        let keeper = |seed| {
            let sources = (0..moods.len()).map(|source| format!("source-{source}")).collect();
            let mut keeper = Keeper::new(Settings {
                sources,
                seed,
                ..Settings::default()
            });
            keeper.need([family()].into(), START * 1_000);
            keeper
        };
        Self {
            now: START,
            keepers: (0..relayers).map(keeper).collect(),
            moods: moods.to_vec(),
            issued: START - 3_600,
            numbers: vec![18],
            chain: CollateralStatus {
                current_number: 18,
                next_number: None,
                roots: vec![ROOT],
                documents: Vec::new(),
            },
            chain_works: true,
            answers: Vec::new(),
            asked: vec![0; moods.len()],
            taken: Vec::new(),
            in_vain: Vec::new(),
        }
    }

    /// A world whose chain has everything, issued this long ago.
    fn kept(relayers: u64, moods: &[Mood], age: u64) -> Self {
        let mut world = Self::new(relayers, moods);
        world.chain.documents = ids().iter().map(|id| kept(id, START - age)).collect();
        world
    }

    fn run(&mut self, secs: u64) {
        (0..secs).for_each(|_| self.step());
    }

    fn run_until(&mut self, what: &str, limit: u64, condition: impl Fn(&Self) -> bool) {
        for _ in 0..limit {
            if condition(self) {
                return;
            }
            self.step();
        }
        panic!(
            "{what} did not happen within {limit} s: {:#?}",
            self.keepers[0].summary(self.now, self.now * 1_000)
        );
    }

    fn step(&mut self) {
        self.now += 1;
        let (now, secs) = (self.now * 1_000, self.now);
        for (relayer, answer) in std::mem::take(&mut self.answers) {
            let keeper = &mut self.keepers[relayer];
            match answer {
                Answer::Chain(answer) => keeper.learn(answer, now),
                Answer::Fetched(source, id, answer) => keeper.fetched(source, &id, answer, secs, now),
                Answer::Submitted(id, outcome) => keeper.submitted(&id, outcome, now),
            }
        }
        for relayer in 0..self.keepers.len() {
            for wish in self.keepers[relayer].tick(secs, true, now) {
                let answer = self.grant(wish);
                self.answers.push((relayer, answer));
            }
        }
    }

    fn grant(&mut self, wish: Wish) -> Answer {
        match wish {
            Wish::AskChain if self.chain_works => Answer::Chain(Ok(self.chain.clone())),
            Wish::AskChain => Answer::Chain(Err("there is no KhalaApi_collateral".into())),
            Wish::Fetch(source, id) => {
                self.asked[source.0] += 1;
                let answer = self.fetch(self.moods[source.0], &id);
                Answer::Fetched(source, id, answer)
            }
            Wish::Submit(fetched) => Answer::Submitted(fetched.id.clone(), self.take(&fetched)),
        }
    }

    fn fetch(&self, mood: Mood, id: &DocumentId) -> Result<Fetched, FetchError> {
        let unknown = || FetchError::Unusable("404 not found".into());
        if id.number().is_some_and(|number| !self.numbers.contains(&number)) {
            return Err(unknown());
        }
        let issued_secs = match mood {
            Mood::Down => return Err(FetchError::Down("connection refused".into())),
            Mood::Garbage => return Err(FetchError::Unusable("its TCB info cannot be read".into())),
            Mood::Good | Mood::Confused => self.issued,
            Mood::Old => self.issued - 20 * DAY,
            Mood::Expired => self.issued - 40 * DAY,
        };
        let id = if mood == Mood::Confused { ids()[3].clone() } else { id.clone() };
        Ok(Fetched {
            id,
            edition: edition(issued_secs),
            content: Content::RootCrl(Vec::new()),
        })
    }

    fn take(&mut self, fetched: &Fetched) -> Result<(), SubmitError> {
        let id = &fetched.id;
        let has_root_crl = find(&self.chain, &id.root_crl()).is_some_and(|kept| kept.next_update_secs > self.now);
        assert!(*id == id.root_crl() || has_root_crl, "{id} before the root CRL");
        let is_news = find(&self.chain, id).is_none_or(|kept| kept.issued_secs < fetched.edition.issued_secs);
        if !is_news {
            self.in_vain.push(id.clone());
            return Err(SubmitError::Refused("Attestation::NotNewer".into()));
        }
        self.chain.documents.retain(|kept| kept.root != id.root || kept.name != id.name);
        self.chain.documents.push(kept(id, fetched.edition.issued_secs));
        self.taken.push(id.clone());
        Ok(())
    }

    fn lack(&self) -> Option<String> {
        self.keepers[0].lack(&family(), true, self.now)
    }

    fn summary(&self) -> CollateralSummary {
        self.keepers[0].summary(self.now, self.now * 1_000)
    }
}

fn edition(issued_secs: u64) -> Edition {
    Edition {
        issued_secs,
        next_update_secs: issued_secs + MONTH,
    }
}

fn kept(id: &DocumentId, issued_secs: u64) -> KeptDocument {
    KeptDocument {
        root: id.root,
        name: id.name.clone(),
        issued_secs,
        next_update_secs: issued_secs + MONTH,
    }
}

#[test]
fn what_is_missing_is_brought_in_seconds_with_the_root_crl_first() {
    let mut world = World::new(1, &[Mood::Good]);
    world.run(2);
    assert!(world.lack().unwrap().contains("has no root CRL"), "{:?}", world.lack());
    world.run_until("all documents", 20, |world| world.lack().is_none());
    assert_eq!(world.taken[0], ids()[0]);
    assert_eq!((world.taken.len(), world.in_vain.len()), (4, 0));
    assert!(world.summary().troubles().is_empty());
    world.run(3_600);
    assert_eq!(world.taken.len(), 4, "nothing is sent twice");
}

#[test]
fn a_source_that_is_down_is_left_for_the_next_and_asked_ever_more_rarely() {
    let mut world = World::new(1, &[Mood::Down, Mood::Good]);
    world.run_until("all documents", 30, |world| world.lack().is_none());
    assert!(world.asked[0] <= 8, "{:?}", world.asked);
    let [down, good] = &world.summary().sources[..] else {
        panic!("two sources")
    };
    assert!(down.failures > 0 && down.next_try.is_some() && down.last_error.as_ref().unwrap().contains("refused"));
    assert_eq!((good.failures, &good.last_error), (0, &None));
}

#[test]
fn garbage_and_strange_or_expired_documents_are_counted_and_the_next_source_is_asked() {
    for (mood, reason) in [
        (Mood::Garbage, "cannot be read"),
        (Mood::Confused, "it gave the SGX QE identity, number 18 instead"),
        (Mood::Expired, "expired 8"),
    ] {
        let mut world = World::new(1, &[mood, Mood::Good]);
        world.run_until("all documents", 30, |world| world.lack().is_none());
        let source = world.summary().sources.remove(0);
        assert!(
            source.failures > 0 && source.last_error.as_ref().unwrap().contains(reason),
            "{source:?}"
        );
        assert!(world.in_vain.is_empty());
    }
}

#[test]
fn when_no_source_has_it_that_is_said_and_it_comes_once_one_has() {
    for mood in [Mood::Down, Mood::Garbage] {
        let mut world = World::new(1, &[mood, mood]);
        world.run(600);
        let lack = world.lack().unwrap();
        assert!(lack.contains("has no root CRL") && lack.contains("source-"), "{lack}");
        assert!(world
            .summary()
            .troubles()
            .iter()
            .any(|trouble| trouble.contains("is not on the chain")));
        assert!(world.asked.iter().all(|asked| *asked < 60), "{:?}", world.asked);
        world.moods[1] = Mood::Good;
        world.run_until("all documents", 700, |world| world.lack().is_none());
        assert!(world.summary().troubles().is_empty());
    }
}

#[test]
fn nothing_older_than_the_chains_is_ever_sent() {
    let mut world = World::kept(1, &[Mood::Old], 3_600);
    world.run(2 * DAY);
    assert!(world.asked[0] > 0 && world.taken.is_empty() && world.in_vain.is_empty());
    assert!(
        world.summary().troubles().is_empty(),
        "an old source harms nothing while the chain's documents are in date"
    );
}

#[test]
fn a_source_behind_another_hides_nothing_newer() {
    let mut world = World::kept(1, &[Mood::Old, Mood::Good], 2 * DAY);
    world.run_until("renewed", DAY, |world| world.taken.len() == 4);
    assert!(world.in_vain.is_empty());
}

#[test]
fn in_date_it_looks_once_in_an_interval_and_sends_what_is_newer_by_one() {
    let mut world = World::kept(1, &[Mood::Good], 3_600);
    world.run(5 * DAY);
    assert!(
        world.taken.is_empty() && (4 * 8..=4 * 11).contains(&world.asked[0]),
        "{:?}",
        world.asked
    );
    // Six hours newer: worth it for the lists, not for the others.
    world.issued = START + 6 * 3_600;
    world.chain.documents = ids().iter().map(|id| kept(id, START)).collect();
    world.run(DAY);
    assert!(
        world.taken.len() == 2 && world.taken.iter().all(DocumentId::is_crl),
        "{:?}",
        world.taken
    );
    world.issued = START + 12 * 3_600;
    world.run(DAY);
    assert_eq!(world.taken.len(), 6);
    assert!(world.in_vain.is_empty());
}

#[test]
fn in_the_last_quarter_anything_newer_is_sent_before_it_expires() {
    // 22 days old, half a day before the last quarter; the source's are an hour newer.
    let mut world = World::kept(1, &[Mood::Good], 22 * DAY);
    world.issued = START - 22 * DAY + 3_600;
    world.run(4 * 3_600);
    assert!(
        world.taken.len() == 2 && world.taken.iter().all(DocumentId::is_crl),
        "{:?}",
        world.taken
    );
    world.run_until("renewed", 2 * DAY, |world| world.taken.len() == 4);
    assert!(world.in_vain.is_empty());
}

#[test]
fn when_expiry_comes_near_while_all_sources_are_down_it_is_said_and_mended_in_minutes() {
    let mut world = World::kept(1, &[Mood::Down, Mood::Down], 29 * DAY);
    world.run(1_000);
    assert_eq!(world.lack(), None, "it still counts");
    let troubles = world.summary().troubles();
    assert!(
        troubles.len() == 4 && troubles.iter().all(|trouble| trouble.contains("is about to expire")),
        "{troubles:?}"
    );
    world.run(DAY);
    assert!(world.lack().unwrap().contains("has only an expired root CRL"), "{:?}", world.lack());
    assert_eq!(
        world.keepers[0].lack(&family(), false, world.now),
        None,
        "known workers are judged by it for some time"
    );
    assert!(world.summary().troubles().iter().all(|trouble| trouble.contains("has expired")));
    world.moods = vec![Mood::Down, Mood::Good];
    world.run_until("all documents", 700, |world| world.lack().is_none());
}

#[test]
fn two_relayers_that_start_together_do_the_work_of_one() {
    let mut world = World::new(2, &[Mood::Good]);
    world.run_until("all documents", 30, |world| world.lack().is_none());
    world.run(60);
    assert!(world.taken.len() == 4 && world.in_vain.len() <= 2, "{:?}", world.in_vain);
}

#[test]
fn of_many_relayers_few_send_what_others_send_too() {
    let mut world = World::kept(30, &[Mood::Good], DAY);
    world.run(4 * 3_600);
    assert_eq!(world.taken.len(), 4);
    assert!(world.in_vain.len() <= 2, "{:?}", world.in_vain);
    assert!(world
        .keepers
        .iter()
        .all(|keeper| keeper.summary(world.now, world.now * 1_000).troubles().is_empty()));
}

#[test]
fn documents_of_the_number_to_come_follow_in_hours_and_their_absence_is_no_trouble() {
    let mut world = World::kept(1, &[Mood::Good], 3_600);
    world.run(60);
    world.chain.next_number = Some(19);
    world.run(DAY);
    assert!(world.taken.is_empty() && world.summary().troubles().is_empty() && world.lack().is_none());
    assert!(world.asked[0] < 30, "{:?}", world.asked);
    world.numbers.push(19);
    world.run_until("documents of number 19", DAY, |world| world.taken.len() == 2);
    assert!(world.taken.iter().all(|id| id.number() == Some(19)));
    world.chain.current_number = 19;
    world.chain.next_number = None;
    world.run(60);
    assert!(
        world.lack().is_none() && world.summary().documents.len() == 4,
        "number 18 is needed no longer"
    );
}

#[test]
fn a_number_that_becomes_current_without_documents_is_looked_for_at_once() {
    let mut world = World::kept(1, &[Mood::Good], 3_600);
    world.run(60);
    (world.chain.current_number, world.numbers) = (19, vec![19]);
    world.run(12);
    assert!(world.lack().is_none_or(|lack| lack.contains("number 19")));
    world.run_until("all documents", 30, |world| world.lack().is_none() && world.taken.len() == 2);
}

#[test]
fn what_the_chain_refuses_is_not_sent_again_and_again() {
    let mut world = World::new(1, &[Mood::Good]);
    let mut sent = 0;
    for _ in 0..3_600 {
        world.step();
        for (_, answer) in &mut world.answers {
            if let Answer::Submitted(_, outcome) = answer {
                sent += 1;
                *outcome = Err(SubmitError::Refused("Attestation::InvalidCollateral".into()));
            }
        }
        world.chain.documents.clear();
    }
    assert!((2..=10).contains(&sent), "{sent}");
    assert!(world
        .lack()
        .unwrap()
        .contains("the chain did not take it: Attestation::InvalidCollateral"));
}

#[test]
fn what_a_reorganisation_takes_away_is_brought_again() {
    let mut world = World::new(1, &[Mood::Good]);
    world.run_until("all documents", 30, |world| world.lack().is_none());
    world.run(30);
    world.chain.documents.pop();
    world.run_until("brought again", 60, |world| world.taken.len() == 5 && world.lack().is_none());
}

#[test]
fn a_chain_that_does_not_say_what_it_keeps_is_named() {
    let mut world = World::new(1, &[Mood::Good]);
    world.chain_works = false;
    world.run(60);
    assert!(world.lack().unwrap().contains("KhalaApi_collateral"), "{:?}", world.lack());
    assert_eq!((world.summary().troubles().len(), world.asked[0]), (1, 0));
    world.chain_works = true;
    world.run_until("all documents", 30, |world| world.lack().is_none());
}

#[test]
fn a_root_that_the_chain_does_not_trust_is_named_and_nothing_is_sent_under_it() {
    let mut world = World::new(1, &[Mood::Good]);
    world.chain.roots = vec![H256::repeat_byte(9)];
    world.run(60);
    assert!(world.lack().unwrap().contains("does not trust"));
    assert!(world.taken.is_empty() && world.asked[0] == 0);
}

#[test]
fn without_a_source_that_is_what_is_said() {
    let mut world = World::new(1, &[]);
    world.run(60);
    assert!(world.lack().unwrap().contains("no source of collateral is configured"));
    assert!(world
        .summary()
        .troubles()
        .iter()
        .all(|trouble| trouble.contains("no source of collateral is configured")));
}

#[test]
fn a_registered_workers_family_is_read_from_the_chain() {
    let mut world = World::kept(1, &[Mood::Good], 3_600);
    world.run(3);
    let registration = RegistrationStatus {
        fmspc: "00D3E1000000".into(),
        pck_ca: CA,
        ..super::super::testing::registration(1, 0)
    };
    assert_eq!(world.keepers[0].family_of(&registration), Some(family()));
    let stranger = RegistrationStatus {
        pck_ca: H256::zero(),
        ..registration
    };
    assert_eq!(world.keepers[0].family_of(&stranger), None);
}

#[test]
fn a_family_that_is_gone_needs_nothing_any_more() {
    let mut world = World::new(1, &[Mood::Down]);
    world.run(10);
    world.keepers[0].need(BTreeSet::new(), world.now * 1_000);
    assert!(world.summary().documents.is_empty());
}
