//! The chain under test, its ledger, and the people around it.

use crate::{
    calls,
    dice::Dice,
    last::Last,
    ledger::{blocks::Room, check, Check, Events, Ledger},
    parameters,
    runtime::{account, change_registry, genesis, Mining, Registry, RuntimeEvent, StakePool, System, Test, Timestamp, ENDOWMENT},
    state::State,
    Options,
};
use frame_support::{
    traits::Hooks,
    weights::{Weight, WeightMeter},
};
use khala_primitives::{AccountId32, Instance, WorkerPublicKey, PHA};
use sp_core::{sr25519, Pair};

/// The chain's time before the first block, in seconds.
const START_SECS: u64 = 1_700_000_000;

/// How fast blocks come.
#[derive(Clone, Copy, Debug)]
enum Pace {
    Steady,
    Fast,
    Slow,
    Jumpy,
}

/// Everything that a call can touch.
pub(crate) struct World {
    pub(crate) dice: Dice,
    pub(crate) ledger: Ledger,
    pub(crate) keys: Vec<sr25519::Pair>,
    pub(crate) accounts: usize,
    pub(crate) workers: usize,
    pub(crate) pools: usize,
    pace: Pace,
    /// How many of a hundred calls are in a block of their own.
    rate: u64,
    pub(crate) blocks: u64,
    pub(crate) last: Last,
}

/// A fresh chain, and its world. What happens next has to happen on that chain.
pub(crate) fn create(options: &Options, seed: u64) -> (State, World) {
    let mut dice = Dice::new(seed);
    let (mining, economics) = parameters::at_genesis(&mut dice);
    let subsidy = dice.pick(&[100_000_000, 1_000_000, 2_000]) * PHA;
    let (accounts, workers, pools) = (options.accounts as usize, options.workers as usize, options.pools as usize);
    let mut chain = State::from(genesis(accounts, subsidy, mining.clone(), economics));
    change_registry(|registry| *registry = Registry::default());
    // A worker that gets another key needs one that nobody has.
    let keys = (0..2 * workers).map(|number| sr25519::Pair::from_seed(&sp_io::hashing::blake2_256(&number.to_le_bytes())));
    let owners = (0..accounts).map(|number| (account(number), ENDOWMENT)).collect();
    let ledger = chain.execute_with(|| {
        Timestamp::set_timestamp(START_SECS * 1_000);
        Ledger::new(mining, economics, owners, START_SECS)
    });
    let world = World {
        keys: keys.collect(),
        ledger,
        accounts,
        workers,
        pools,
        pace: Pace::Steady,
        rate: 25,
        blocks: 0,
        last: Last::default(),
        dice,
    };
    (chain, world)
}

/// Events of mining since they were taken last.
pub(crate) fn take_events() -> Events {
    let records = System::read_events_no_consensus();
    let events = records.filter_map(|record| match record.event {
        RuntimeEvent::Mining(event) => Some(event),
        _ => None,
    });
    let events = events.collect();
    System::reset_events();
    events
}

impl World {
    pub(crate) fn key(&self, number: usize) -> WorkerPublicKey {
        WorkerPublicKey(self.keys[number].public().0)
    }

    pub(crate) fn pair(&self, worker: &WorkerPublicKey) -> Option<&sr25519::Pair> {
        self.keys.iter().find(|pair| pair.public().0 == worker.0)
    }

    pub(crate) fn somebody(&mut self) -> AccountId32 {
        account(self.dice.below(self.accounts as u64) as usize)
    }

    pub(crate) fn instance(&mut self) -> Instance {
        Instance(self.dice.bytes())
    }

    /// The first block.
    pub(crate) fn begin(&mut self) -> Check {
        self.next_block(6, false, Room::All)
    }

    /// Perhaps a block, and a call: its kind, and whether it succeeded.
    pub(crate) fn step(&mut self) -> Check<(usize, bool)> {
        self.pass_time()?;
        calls::make_one(self)
    }

    /// Perhaps the next block.
    fn pass_time(&mut self) -> Check {
        if self.dice.below(500) == 0 {
            self.pace = self.dice.pick(&[Pace::Steady, Pace::Steady, Pace::Fast, Pace::Slow, Pace::Jumpy]);
            self.rate = self.dice.pick(&[10, 25, 25, 50, 90]);
        }
        if !self.dice.percent(self.rate) {
            return Ok(());
        }
        let secs = self.seconds();
        let (upgraded, room) = match self.dice.below(1_000) {
            0..3 => (true, Room::All),
            3..6 => (false, Room::None),
            6..16 => (false, Room::Some),
            _ => (false, Room::All),
        };
        self.next_block(secs, upgraded, room)
    }

    fn seconds(&mut self) -> u64 {
        let dice = &mut self.dice;
        match dice.below(1_000) {
            0 => dice.pick(&[3_600, 86_400, 200_000]),
            1..10 => dice.between(60, 62),
            10..20 => dice.between(500, 700),
            _ => match self.pace {
                Pace::Steady => 6,
                Pace::Fast => dice.between(1, 3),
                Pace::Slow => 12,
                Pace::Jumpy => dice.between(1, 120),
            },
        }
    }

    /// Ends the block and opens the next one.
    fn next_block(&mut self, secs: u64, upgraded: bool, room: Room) -> Check {
        Mining::on_finalize(System::block_number());
        let block = System::block_number() + 1;
        System::set_block_number(block);
        let now = Timestamp::get() + secs * 1_000;
        Timestamp::set_timestamp(now);
        if upgraded {
            Mining::on_runtime_upgrade();
        }
        Mining::on_initialize(block);
        let mut meter = match room {
            Room::All => WeightMeter::new(),
            Room::Some => {
                use khala_pallet_mining::WeightInfo;
                let least = <() as WeightInfo>::on_poll();
                let more = <() as WeightInfo>::release().saturating_mul(self.dice.below(3));
                WeightMeter::with_limit(least.saturating_add(more))
            }
            Room::None => WeightMeter::with_limit(Weight::zero()),
        };
        Mining::on_poll(block, &mut meter);
        let drawn = Mining::challenge_of(block).filter(|_| room != Room::None);
        self.blocks += 1;
        let events = take_events();
        self.ledger.open(secs, upgraded, room, events, drawn)
    }

    /// All that has to be true after everything that happens.
    pub(crate) fn check_all(&mut self) -> Check {
        self.ledger.compare()?;
        let mining = khala_pallet_mining::Pallet::<Test>::do_try_state();
        check!(mining.is_ok(), "try_state of mining: {mining:?}");
        let pools = StakePool::do_try_state();
        check!(pools.is_ok(), "try_state of the pools: {pools:?}");
        Ok(())
    }
}
