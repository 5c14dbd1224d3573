//! Makes blocks as the executive does, and dispatches what stands in them.

use super::runtime::{Limits, Mining, Runtime, RuntimeEvent, System, Timestamp};
use frame_support::{
    dispatch::DispatchClass,
    storage::{storage_prefix, unhashed},
    traits::{Hooks, UnfilteredDispatchable},
    weights::{Weight, WeightMeter},
};
use frame_system::RawOrigin;
use khala_pallet_mining::{weights::SubstrateWeight, Batch, Call, Event, WeightInfo};
use khala_primitives::{BlockNumber, WorkerPublicKey, MAX_BATCH};
use sp_runtime::DispatchError;

/// What mining's calls and hooks cost.
type Costs = SubstrateWeight<Runtime>;

/// Begins a block at a time, in seconds since 1970.
pub fn open(block: BlockNumber, now_secs: u64) {
    System::set_block_number(block);
    forget_events();
    Timestamp::set_timestamp(now_secs.saturating_mul(1_000));
    Mining::on_initialize(block);
    Mining::on_poll(block, &mut WeightMeter::new());
}

/// As `System::reset_events`, which looks at every key of the state because of topics that nobody uses here.
fn forget_events() {
    for item in [&b"Events"[..], b"EventCount"] {
        unhashed::kill(&storage_prefix(b"System", item));
    }
}

/// Ends the block.
pub fn close() {
    Mining::on_finalize(System::block_number());
}

/// What the pallet has said in this block.
pub fn events() -> impl Iterator<Item = Event<Runtime>> {
    System::read_events_no_consensus().filter_map(|record| match record.event {
        RuntimeEvent::Mining(event) => Some(event),
        _ => None,
    })
}

/// What a batch does in a block. Its signatures are not looked at.
pub fn heartbeats(batch: Batch) -> Result<(), DispatchError> {
    dispatch(Call::heartbeat { batch })
}

/// What an offline report does in a block.
pub fn report(worker: WorkerPublicKey, block: BlockNumber) -> Result<(), DispatchError> {
    dispatch(Call::report_offline { worker, block })
}

fn dispatch(call: Call<Runtime>) -> Result<(), DispatchError> {
    call.dispatch_bypass_filter(RawOrigin::Authorized.into())
        .map(|_| ())
        .map_err(|error| error.error)
}

/// What a block may compute, in picoseconds.
pub fn room() -> u64 {
    Limits::get().max_block.ref_time()
}

/// What an empty block computes for mining, in picoseconds.
pub fn idle_weight() -> u64 {
    let hooks = Costs::on_poll().saturating_add(Costs::on_finalize());
    hooks.saturating_add(Limits::get().base_block).ref_time()
}

/// What a batch of so many entries computes, its verification included, in picoseconds.
pub fn batch_weight(entries: usize) -> u64 {
    let entries = u32::try_from(entries).unwrap_or(u32::MAX);
    transaction(Costs::heartbeat(entries).saturating_add(Costs::authorize_heartbeat(entries)))
}

/// What so many entries would compute in full batches, in picoseconds.
pub fn packed_weight(entries: usize) -> u64 {
    let full = MAX_BATCH as usize;
    let rest = entries % full;
    let rest = if rest == 0 { 0 } else { batch_weight(rest) };
    batch_weight(full).saturating_mul((entries / full) as u64).saturating_add(rest)
}

/// What an offline report computes, in picoseconds.
pub fn report_weight() -> u64 {
    transaction(Costs::report_offline().saturating_add(Costs::authorize_report_offline()))
}

fn transaction(weight: Weight) -> u64 {
    let base = Limits::get().get(DispatchClass::Operational).base_extrinsic;
    weight.saturating_add(base).ref_time()
}
