//! Slots, epochs and randomness are those of the genesis, on one runtime.

use super::chain::{block, close, genesis, open, patch, preset};
use crate::{network, Babe, Block, Runtime};
use pallet_babe::ParentBlockRandomness;
use serde_json::json;
use sp_consensus_babe::{runtime_decl_for_babe_api::BabeApiV2, AllowedSlots, BABE_ENGINE_ID};
use sp_io::hashing::blake2_256;
use sp_runtime::DigestItem;

fn configuration() -> sp_consensus_babe::BabeConfiguration {
    <Runtime as BabeApiV2<Block>>::configuration()
}

#[test]
fn each_preset_has_its_slot_time_and_epoch_length() {
    for (name, slot_ms, epoch_slots) in [("development", 1_000, 600), ("local_testnet", 2_000, 300), ("khala", 6_000, 2_400)] {
        preset(name).execute_with(|| {
            let configuration = configuration();
            assert_eq!(
                (configuration.slot_duration, configuration.epoch_length),
                (slot_ms, epoch_slots),
                "{name}"
            );
            assert_eq!(configuration.allowed_slots, AllowedSlots::PrimaryAndSecondaryVRFSlots);
        });
    }
}

#[test]
fn blocks_are_made_in_slots_of_any_length() {
    for slot_ms in [200, 1_000, 2_000, 6_000] {
        let mut config = patch("development");
        config["network"]["slotMs"] = json!(slot_ms);
        genesis(config).expect("valid").execute_with(|| {
            (1..4).for_each(|number| drop(block(number, 1_000_000 + u64::from(number))));
            assert_eq!(*Babe::current_slot(), 1_000_003);
            assert_eq!(pallet_timestamp::Now::<Runtime>::get(), 1_000_003 * slot_ms);
        });
    }
}

#[test]
#[should_panic(expected = "slotMs is 198")]
fn a_slot_below_the_shortest_is_no_genesis() {
    let mut config = patch("development");
    config["network"]["slotMs"] = json!(network::MIN_SLOT_MS - 2);
    let _ = genesis(config);
}

#[test]
#[should_panic(expected = "must be even")]
fn an_odd_slot_time_is_no_genesis() {
    let mut config = patch("development");
    config["network"]["slotMs"] = json!(network::MIN_SLOT_MS + 1);
    let _ = genesis(config);
}

#[test]
#[should_panic(expected = "epochSlots is 9")]
fn an_epoch_below_the_shortest_is_no_genesis() {
    let mut config = patch("development");
    config["network"]["epochSlots"] = json!(network::MIN_EPOCH_SLOTS - 1);
    let _ = genesis(config);
}

#[test]
fn the_shortest_slot_and_epoch_are_a_genesis() {
    let mut config = patch("development");
    config["network"] = json!({ "slotMs": network::MIN_SLOT_MS, "epochSlots": network::MIN_EPOCH_SLOTS });
    genesis(config).expect("valid").execute_with(|| {
        assert_eq!((configuration().slot_duration, configuration().epoch_length), (200, 10));
    });
}

#[test]
fn the_randomness_inside_a_block_is_its_parents() {
    use frame_support::traits::Randomness;
    let drawn = || ParentBlockRandomness::<Runtime>::random(b"x");
    let hash = |output: [u8; 32]| Some(blake2_256(&[b"x".as_slice(), &output].concat()).into());
    preset("development").execute_with(|| {
        let first = open(1, 100);
        assert_eq!(drawn().0, None, "nothing is before block 1");
        close();
        let second = open(2, 101);
        assert_eq!(drawn(), (hash(first), 1));
        close();
        assert_eq!(drawn().0, hash(second), "who reads after a block sees the next one's");
    });
}

#[test]
fn the_chain_goes_on_after_a_stop_of_many_epochs() {
    preset("development").execute_with(|| {
        let epoch = network::EpochSlots::<Runtime>::get();
        block(1, 100);
        block(2, 101);
        assert_eq!(Babe::epoch_index(), 0);
        let late = block(3, 100 + 1_000 * epoch + 5);
        assert_eq!(Babe::epoch_index(), 1_000);
        assert!(
            late.digest
                .logs
                .iter()
                .any(|log| matches!(log, DigestItem::Consensus(BABE_ENGINE_ID, _))),
            "the next epoch is announced"
        );
        block(4, 100 + 1_000 * epoch + 6);
        block(5, 100 + 1_001 * epoch);
        assert_eq!(Babe::epoch_index(), 1_001);
    });
}
