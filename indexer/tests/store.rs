//! Blocks in, rows out: once each, in order, the same however the process lived.

mod common;

use common::{dump, life, vault::vault_life, DAY_MS, SAMPLE_SECS};
use khala_indexer::{
    chain::Block,
    model::Key,
    store::{Store, StoreError},
};
use std::path::Path;

fn build(path: &Path, blocks: &[Block], at_once: usize) {
    let mut store = Store::open(path, SAMPLE_SECS).unwrap();
    store.bind(Key([1; 32])).unwrap();
    for batch in blocks.chunks(at_once) {
        store.apply(batch).unwrap();
    }
}

#[test]
fn the_database_is_the_same_however_many_blocks_are_taken_in_at_once() {
    let (folder, blocks) = (tempfile::tempdir().unwrap(), vault_life());
    let whole = folder.path().join("whole.sqlite");
    build(&whole, &blocks, blocks.len());
    let expected = dump(&whole);
    assert!(expected.len() > 100, "{}", expected.len());
    for at_once in [1, 2, 7, 50] {
        let other = folder.path().join(format!("{at_once}.sqlite"));
        build(&other, &blocks, at_once);
        assert_eq!(dump(&other), expected, "{at_once} blocks at once");
    }
}

#[test]
fn a_process_that_ends_anywhere_is_followed_by_one_that_goes_on() {
    let (folder, blocks) = (tempfile::tempdir().unwrap(), vault_life());
    let whole = folder.path().join("whole.sqlite");
    build(&whole, &blocks, blocks.len());
    let broken = folder.path().join("broken.sqlite");
    for block in &blocks {
        // Each process takes one block in, and finds where to go on in the database alone.
        let mut store = Store::open(&broken, SAMPLE_SECS).unwrap();
        store.bind(Key([1; 32])).unwrap();
        let trail = store.trail().unwrap();
        assert_eq!(trail.block + 1, block.number);
        store.apply(std::slice::from_ref(block)).unwrap();
    }
    assert_eq!(dump(&broken), dump(&whole));
}

#[test]
fn a_batch_that_fails_leaves_nothing_of_itself() {
    let (folder, blocks) = (tempfile::tempdir().unwrap(), life());
    let path = folder.path().join("a.sqlite");
    build(&path, &blocks[..10], 10);
    let before = dump(&path);
    let mut store = Store::open(&path, SAMPLE_SECS).unwrap();
    // Block 12 behind block 11 is good, behind block 10 it is not.
    let bad = [blocks[10].clone(), blocks[12].clone()];
    let error = store.apply(&bad).unwrap_err();
    assert!(matches!(error, StoreError::Gap { newest: 11, found: 13 }), "{error}");
    let error = store.apply(&blocks[9..10]).unwrap_err();
    assert!(matches!(error, StoreError::Gap { newest: 10, found: 10 }), "{error}");
    drop(store);
    assert_eq!(dump(&path), before);
}

#[test]
fn a_trail_knows_the_newest_block_and_the_workers_that_are_registered() {
    let (folder, blocks) = (tempfile::tempdir().unwrap(), life());
    let path = folder.path().join("a.sqlite");
    build(&path, &blocks, 8);
    let trail = Store::open(&path, SAMPLE_SECS).unwrap().trail().unwrap();
    let last = blocks.last().unwrap();
    assert_eq!(
        (trail.block, trail.hash, trail.time_ms),
        (last.number, Some(last.hash), last.time_ms)
    );
    assert_eq!(trail.workers.into_iter().collect::<Vec<_>>(), [common::key(common::REBOUND)]);
}

#[test]
fn a_database_of_another_chain_rhythm_version_or_program_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sqlite");
    build(&path, &life()[..3], 3);
    let error = Store::open(&path, 3600).unwrap_err();
    assert!(
        matches!(
            error,
            StoreError::SampleSecs {
                found: 60,
                wanted: 3600,
                ..
            }
        ),
        "{error}"
    );
    assert!(error.to_string().contains("--sample-secs 60"), "{error}");

    let mut store = Store::open(&path, SAMPLE_SECS).unwrap();
    let error = store.bind(Key([2; 32])).unwrap_err();
    assert!(
        matches!(error, StoreError::Genesis { .. }) && error.to_string().contains("another --database"),
        "{error}"
    );
    let error = Store::open(&path, SAMPLE_SECS).unwrap_err();
    assert!(matches!(error, StoreError::InUse { .. }), "{error}");
    drop(store);

    let db = rusqlite::Connection::open(&path).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    let error = Store::open(&path, SAMPLE_SECS).unwrap_err();
    assert!(
        matches!(error, StoreError::Version { found: 99, .. }) && error.to_string().contains("remove it"),
        "{error}"
    );

    let foreign = folder.path().join("b.sqlite");
    rusqlite::Connection::open(&foreign)
        .unwrap()
        .execute_batch("CREATE TABLE t (x)")
        .unwrap();
    assert!(matches!(Store::open(&foreign, SAMPLE_SECS), Err(StoreError::Foreign { .. })));
    let text = folder.path().join("c.sqlite");
    std::fs::write(
        &text,
        "this is no database, but a text that is longer than a header of one".repeat(20),
    )
    .unwrap();
    assert!(matches!(Store::open(&text, SAMPLE_SECS), Err(StoreError::Foreign { .. })));
    let error = Store::open(Path::new("/proc/none/a.sqlite"), SAMPLE_SECS).unwrap_err();
    assert!(matches!(error, StoreError::Open { .. }), "{error}");
}

#[test]
fn old_samples_are_thinned_and_old_heartbeats_forgotten_by_the_chains_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sqlite");
    let mut blocks = life();
    // A block every ten minutes for three days, then one 40 days later.
    let mut push = |time_ms: u64| {
        let number = u32::try_from(blocks.len()).unwrap() + 1;
        blocks.push(Block {
            number,
            time_ms,
            hash: Key([1; 32]),
            sample: Some(common::network(number)),
            ..Block::default()
        });
    };
    (1..3 * 24 * 6).for_each(|step| push(DAY_MS + 3_600_000 + step * 600_000));
    build(&path, &blocks, 1000);
    let rows = |sql: &str| -> i64 {
        rusqlite::Connection::open(&path)
            .unwrap()
            .query_row(sql, [], |row| row.get(0))
            .unwrap()
    };
    let kept = rows("SELECT count(*) FROM pool_samples WHERE grain = 0");
    assert!((200..=288).contains(&kept), "{kept} samples of two days");
    assert_eq!(rows("SELECT count(*) FROM heartbeats"), 20);
    assert!(rows("SELECT count(*) FROM network_samples WHERE grain >= 1") >= 72);

    let number = u32::try_from(blocks.len()).unwrap() + 1;
    let late = Block {
        number,
        time_ms: DAY_MS + 45 * 24 * 3_600_000,
        sample: Some(common::network(number)),
        ..Block::default()
    };
    let mut store = Store::open(&path, SAMPLE_SECS).unwrap();
    store.apply(&[late]).unwrap();
    assert_eq!(rows("SELECT count(*) FROM heartbeats"), 0);
    assert_eq!(rows("SELECT count(*) FROM rewards"), 0);
    assert_eq!(rows("SELECT count(*) FROM network_samples WHERE grain < 2"), 0);
    assert_eq!(rows("SELECT count(*) FROM network_samples WHERE grain = 2"), 5);
}
