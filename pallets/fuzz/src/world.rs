//! The chain under test, its ledger, and the people around it.

use crate::{
    calls,
    dice::Dice,
    last::Last,
    ledger::{
        blocks::Room,
        check,
        service::{Reach, Step, Steps},
        vaults::{service::VaultReach, Lost},
        Check, Events, Ledger, Told,
    },
    parameters,
    runtime::{
        account, change_registry, genesis, ExistentialDeposit, Mining, Registry, RuntimeEvent, StakePool, System, Test, Timestamp, Vault,
        ENDOWMENT,
    },
    state::{digest, watch, watched, State},
    tally::Tally,
    Options,
};
use codec::Decode;
use frame_support::{
    storage::StoragePrefixedMap,
    traits::Hooks,
    weights::{Weight, WeightMeter},
};
use khala_pallet_mining::Impaired;
use khala_pallet_stake_pool::{AgendaRange, RingRange, SweepAt};
use khala_pallet_vault::{LookedAt, RingRange as VaultRing};
use khala_primitives::{AccountId32, Balance, Instance, PoolId, WorkerPublicKey, PHA};
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
    pub(crate) vaults: usize,
    pace: Pace,
    /// How many of a hundred calls are in a block of their own.
    rate: u64,
    pub(crate) blocks: u64,
    pub(crate) last: Last,
    pub(crate) tally: Tally,
    /// Digest of the state that was checked last.
    checked: Option<u64>,
}

/// A fresh chain, and its world. What happens next has to happen on that chain.
pub(crate) fn create(options: &Options, seed: u64) -> (State, World) {
    let mut dice = Dice::new(seed);
    let (mining, economics, times, vaults) = parameters::at_genesis(&mut dice);
    ExistentialDeposit::set(dice.pick(&[PHA / 100, PHA / 100, 30 * PHA, 1_000 * PHA]));
    let subsidy = dice.pick(&[100_000_000, 1_000_000, 2_000]) * PHA;
    let (accounts, workers, pools) = (options.accounts as usize, options.workers as usize, options.pools as usize);
    let mut chain = State::from(genesis(accounts, subsidy, mining.clone(), economics, times, vaults));
    change_registry(|registry| *registry = Registry::default());
    // A worker that gets another key needs one that nobody has.
    let keys = (0..2 * workers).map(|number| sr25519::Pair::from_seed(&sp_io::hashing::blake2_256(&number.to_le_bytes())));
    let owners = (0..accounts).map(|number| (account(number), ENDOWMENT)).collect();
    let ledger = chain.execute_with(|| {
        Timestamp::set_timestamp(START_SECS * 1_000);
        Ledger::new(mining, economics, times, vaults.margin_secs, owners, START_SECS)
    });
    let world = World {
        keys: keys.collect(),
        ledger,
        accounts,
        workers,
        pools,
        vaults: options.vaults as usize,
        pace: Pace::Steady,
        rate: 25,
        blocks: 0,
        last: Last::default(),
        tally: Tally::default(),
        checked: None,
        dice,
    };
    (chain, world)
}

/// What mining has told since it was asked last, and what pools and vaults have.
pub(crate) fn take_events() -> (Events, Told) {
    let (mut mining, mut others) = (Events::new(), Told::new());
    for record in System::read_events_no_consensus() {
        match record.event {
            RuntimeEvent::Mining(event) => mining.push_back(event),
            event @ (RuntimeEvent::StakePool(_) | RuntimeEvent::Vault(_)) => others.push(event),
            _ => {}
        }
    }
    System::reset_events();
    (mining, others)
}

/// The steps of a hook, each with what stakes would have lost then. They are counted.
fn steps_of(tally: &mut Tally, hook: impl FnOnce()) -> Steps {
    watch(&Impaired::<Test>::final_prefix());
    hook();
    let impaired = |entries: Vec<(Vec<u8>, Vec<u8>)>| {
        // A key ends with the pool's number.
        let number = |key: &[u8]| key.last_chunk().map_or(0, |bytes| PoolId::from_le_bytes(*bytes));
        let entries = entries.into_iter();
        entries
            .map(|(key, value)| (number(&key), Balance::decode(&mut &value[..]).unwrap_or(0)))
            .collect::<Lost>()
    };
    let steps = System::read_events_no_consensus().zip(watched()).map(|(record, seen)| Step {
        event: record.event,
        impaired: impaired(seen),
    });
    let told = |step: &Step| {
        matches!(
            step.event,
            RuntimeEvent::Mining(_) | RuntimeEvent::StakePool(_) | RuntimeEvent::Vault(_)
        )
    };
    let steps = steps.filter(told).inspect(|step| tally.tell(&step.event)).collect();
    System::reset_events();
    Steps::new(steps)
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
        self.end_block()?;
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
        let (events, _) = take_events();
        self.ledger.open(secs, upgraded, room, events, drawn)?;
        self.serve(block, room)
    }

    /// The pools' service, with as much room as mining has left, or less.
    fn serve(&mut self, block: u32, room: Room) -> Check {
        let room = match self.dice.below(200) {
            0 => self.dice.pick(&[Room::Some, Room::None]),
            _ => room,
        };
        let impaired = self.impaired();
        let mut meter = self.meter(room);
        let steps = steps_of(&mut self.tally, || StakePool::on_poll(block, &mut meter));
        let reach = Reach {
            roomy: room == Room::All,
            deadlines: AgendaRange::<Test>::get().0,
            visits: RingRange::<Test>::get().0,
        };
        let kept = self.ledger.serve(reach, &impaired, steps)?;
        self.serve_vaults(block, room, kept)
    }

    /// The vaults' service, in what the pools have left, or less. `kept`: whether the pools have done all that they had to.
    fn serve_vaults(&mut self, block: u32, room: Room, kept: bool) -> Check {
        let room = match self.dice.below(200) {
            0 => self.dice.pick(&[Room::Some, Room::None]),
            _ => room,
        };
        let lost = self.impaired();
        let mut meter = self.meter(room);
        let steps = steps_of(&mut self.tally, || Vault::on_poll(block, &mut meter));
        let at = LookedAt::<Test>::get();
        let reach = VaultReach {
            roomy: room == Room::All,
            kept,
            visits: VaultRing::<Test>::get().0,
            looked: (at.slot, at.next),
        };
        self.ledger.serve_vaults(reach, &lost, steps)
    }

    /// The sweep, in what is left of the block, and the end of the block.
    fn end_block(&mut self) -> Check {
        let room = match self.dice.below(20) {
            0 => Room::None,
            1 => Room::Some,
            _ => Room::All,
        };
        let impaired = self.impaired();
        let (block, left) = (System::block_number(), self.meter(room).remaining());
        let steps = steps_of(&mut self.tally, || {
            StakePool::on_idle(block, left);
        });
        let at = SweepAt::<Test>::get();
        self.ledger.sweep(room == Room::All, (at.slot, at.next), &impaired, steps)?;
        Mining::on_finalize(block);
        let (events, told) = take_events();
        check!(
            events.is_empty() && told.is_empty(),
            "the end of a block did more than it should: {events:?} {told:?}"
        );
        Ok(())
    }

    /// Room for everything, for a few steps, for nothing.
    fn meter(&mut self, room: Room) -> WeightMeter {
        match room {
            Room::All => WeightMeter::new(),
            Room::Some => WeightMeter::with_limit(Weight::from_parts(self.dice.below(10_000_000_000), u64::MAX)),
            Room::None => WeightMeter::with_limit(Weight::zero()),
        }
    }

    /// What the stakes of each pool would lose as of now.
    pub(crate) fn impaired(&self) -> Lost {
        let pools = self.ledger.pools.keys();
        pools.map(|id| (*id, self.impaired_of(*id))).collect()
    }

    /// What a pool's stakes would lose as of now, as the chain says it: the sessions' values in the ledger are what it is compared with.
    pub(crate) fn impaired_of(&self, pool: PoolId) -> Balance {
        Mining::impaired_now(pool).unwrap_or(0)
    }

    /// Checks everything, unless nothing has changed since that was done.
    pub(crate) fn check_changes(&mut self) -> Check {
        if self.checked != Some(digest()) {
            self.check_all()?;
            self.checked = Some(digest());
        }
        Ok(())
    }

    /// All that has to be true after everything that happens.
    pub(crate) fn check_all(&mut self) -> Check {
        self.ledger.compare()?;
        let mining = khala_pallet_mining::Pallet::<Test>::do_try_state();
        check!(mining.is_ok(), "try_state of mining: {mining:?}");
        let pools = StakePool::do_try_state();
        check!(pools.is_ok(), "try_state of the pools: {pools:?}");
        let vaults = Vault::do_try_state();
        check!(vaults.is_ok(), "try_state of the vaults: {vaults:?}");
        Ok(())
    }
}
