//! Crashes at every step of a save, bad files in every place.

use super::*;
use crate::{
    seal::file::{self, MAGIC},
    tee::fake::FakeTee,
};
use std::collections::BTreeMap;

/// What may be found of bytes that were not synced.
type Tear = fn(&[u8]) -> Vec<u8>;

/// A disk that can lose power. Bytes and names become durable by their syncs alone.
#[derive(Clone, Default)]
struct FakeDisk {
    /// File contents by inode, as programs see them, and how many of the bytes are surely on the disk.
    contents: Vec<(Vec<u8>, bool)>,
    /// Names as programs see them.
    names: BTreeMap<String, usize>,
    /// Names after each operation since the last sync of names, oldest (the durable ones) first.
    history: Vec<BTreeMap<String, usize>>,
    /// Operations that still work; then the power is gone.
    power: Option<usize>,
}

impl FakeDisk {
    fn step(&mut self) -> io::Result<()> {
        match &mut self.power {
            Some(0) => Err(io::Error::other("the power is gone")),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn remember(&mut self, before: BTreeMap<String, usize>) {
        if self.history.is_empty() {
            self.history.push(before);
        }
        self.history.push(self.names.clone());
    }

    /// Every disk that may be found after the power is gone: names of any moment since their last sync, and files that
    /// were not synced whole, empty, cut in the middle, or full of zeros.
    fn after_power_loss(&self) -> Vec<Self> {
        let moments = if self.history.is_empty() {
            vec![self.names.clone()]
        } else {
            self.history.clone()
        };
        let tears: [Tear; 4] = [
            <[u8]>::to_vec,
            |_| Vec::new(),
            |bytes| bytes[..bytes.len() / 2].to_vec(),
            |bytes| vec![0; bytes.len()],
        ];
        let mut disks = Vec::new();
        for names in moments {
            for tear in tears {
                let contents = self
                    .contents
                    .iter()
                    .map(|(bytes, durable)| (if *durable { bytes.clone() } else { tear(bytes) }, true))
                    .collect();
                disks.push(Self {
                    contents,
                    names: names.clone(),
                    history: Vec::new(),
                    power: None,
                });
            }
        }
        disks
    }

    fn put(&mut self, name: &str, bytes: &[u8]) {
        self.contents.push((bytes.to_vec(), true));
        self.names.insert(name.into(), self.contents.len() - 1);
    }

    fn get(&self, name: &str) -> Option<&[u8]> {
        self.names.get(name).map(|inode| self.contents[*inode].0.as_slice())
    }
}

impl Files for FakeDisk {
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        Ok(self.get(name).map(<[u8]>::to_vec))
    }

    fn write(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let before = self.names.clone();
        let crash = self.step();
        // A write that the power cuts short has written a part.
        let bytes = if crash.is_ok() { bytes } else { &bytes[..bytes.len() / 3] };
        self.contents.push((bytes.to_vec(), false));
        self.names.insert(name.into(), self.contents.len() - 1);
        self.remember(before);
        crash
    }

    fn sync(&mut self, name: &str) -> io::Result<()> {
        self.step()?;
        let inode = self.names[name];
        self.contents[inode].1 = true;
        Ok(())
    }

    fn rename(&mut self, from: &str, to: &str) -> io::Result<()> {
        self.step()?;
        let before = self.names.clone();
        let inode = self.names.remove(from).ok_or(io::ErrorKind::NotFound)?;
        self.names.insert(to.into(), inode);
        self.remember(before);
        Ok(())
    }

    fn sync_names(&mut self) -> io::Result<()> {
        self.step()?;
        self.history.clear();
        Ok(())
    }
}

fn tee() -> FakeTee {
    FakeTee::new(1)
}

fn sealed(secret: &[u8]) -> Vec<u8> {
    file::write(&tee(), secret).unwrap()
}

fn opened(disk: &FakeDisk) -> Option<(Vec<u8>, Generation)> {
    let (_, opened) = SealStore::open(disk.clone(), &tee()).unwrap();
    opened.map(|opened| (opened.state.secret.to_vec(), opened.generation))
}

/// A disk after these saves.
fn saved(secrets: &[&[u8]]) -> FakeDisk {
    let (mut store, _) = SealStore::open(FakeDisk::default(), &tee()).unwrap();
    secrets.iter().for_each(|secret| store.save(&sealed(secret)).unwrap());
    store.files
}

/// Saves `new` on `disk`, losing power before each operation in turn; every disk that may be found then.
fn crashes(disk: &FakeDisk, new: &[u8]) -> Vec<(usize, FakeDisk)> {
    crashes_of(SealStore::save, disk, new)
}

type Save = fn(&mut SealStore<FakeDisk>, &[u8]) -> Result<(), SealError>;

fn crashes_of(save: Save, disk: &FakeDisk, new: &[u8]) -> Vec<(usize, FakeDisk)> {
    let mut found = Vec::new();
    for power in 0.. {
        let (mut store, _) = SealStore::open(disk.clone(), &tee()).unwrap();
        store.files.power = Some(power);
        let done = save(&mut store, &sealed(new)).is_ok();
        found.extend(store.files.after_power_loss().into_iter().map(|disk| (power, disk)));
        if done {
            break;
        }
    }
    found
}

#[test]
fn an_empty_folder_has_no_state() {
    assert_eq!(opened(&FakeDisk::default()), None);
}

#[test]
fn the_newest_save_is_opened_and_the_one_before_is_kept() {
    let disk = saved(&[b"one", b"two", b"three"]);
    assert_eq!(opened(&disk), Some((b"three".to_vec(), Generation::Newest)));
    assert_eq!(file::read(&tee(), disk.get(PREVIOUS).unwrap()).unwrap().secret.as_slice(), b"two");
}

#[test]
fn the_first_save_makes_two_generations() {
    let mut disk = saved(&[b"one"]);
    disk.put(NEWEST, b"");
    assert_eq!(opened(&disk), Some((b"one".to_vec(), Generation::Previous)));
}

#[test]
fn power_lost_at_any_step_of_the_first_save_leaves_nothing_or_the_new_state() {
    let found = crashes(&FakeDisk::default(), b"new");
    for (power, disk) in &found {
        let state = opened(disk).map(|(state, _)| state);
        assert!(
            state.is_none() || state.as_deref() == Some(b"new"),
            "power for {power} operations: {state:?}"
        );
    }
    assert!(
        found.iter().map(|(power, _)| *power).max() >= Some(8),
        "a save has at least eight operations"
    );
}

#[test]
fn power_lost_at_any_step_of_a_later_save_leaves_the_old_state_or_the_new_one() {
    for (power, disk) in crashes(&saved(&[b"older", b"old"]), b"new") {
        let (state, _) = opened(&disk).unwrap();
        assert!(state == b"old" || state == b"new", "power for {power} operations: {state:?}");
    }
}

#[test]
fn a_superseded_state_is_in_neither_generation() {
    let (mut store, _) = SealStore::open(saved(&[b"older", b"old"]), &tee()).unwrap();
    store.supersede(&sealed(b"new")).unwrap();
    assert_eq!(store.files.get(NEWEST), store.files.get(PREVIOUS));
    for mut disk in store.files.after_power_loss() {
        disk.put(NEWEST, b"torn");
        assert_eq!(opened(&disk), Some((b"new".to_vec(), Generation::Previous)));
    }
}

#[test]
fn a_bad_previous_generation_is_set_aside_when_it_is_superseded() {
    let mut disk = saved(&[b"one"]);
    disk.put(PREVIOUS, b"torn");
    disk.power = Some(0);
    let (mut store, _) = SealStore::open(disk, &tee()).unwrap();
    store.files.power = None;
    store.supersede(&sealed(b"two")).unwrap();
    assert_eq!(store.files.get("state.seal.previous.unopened-1"), Some(&b"torn"[..]));
    assert_eq!(store.files.get(NEWEST), store.files.get(PREVIOUS));
}

#[test]
fn power_lost_at_any_step_of_superseding_leaves_the_old_state_or_the_new_one() {
    let found = crashes_of(SealStore::supersede, &saved(&[b"older", b"old"]), b"new");
    for (power, disk) in &found {
        let (state, _) = opened(disk).unwrap();
        assert!(state == b"old" || state == b"new", "power for {power} operations: {state:?}");
    }
    assert!(
        found.iter().map(|(power, _)| *power).max() >= Some(9),
        "superseding has at least nine operations"
    );
}

#[test]
fn what_was_saved_is_never_lost_again() {
    for disk in saved(&[b"one", b"two"]).after_power_loss() {
        assert_eq!(opened(&disk), Some((b"two".to_vec(), Generation::Newest)));
    }
}

#[test]
fn power_lost_while_the_other_generation_is_written_again_loses_nothing() {
    let mut damaged = saved(&[b"one", b"two"]);
    damaged.put(NEWEST, b"torn");
    for power in 0..10 {
        let mut disk = damaged.clone();
        disk.power = Some(power);
        let (store, opened_now) = SealStore::open(disk, &tee()).unwrap();
        assert_eq!(opened_now.unwrap().state.secret.as_slice(), b"one");
        for disk in store.files.after_power_loss() {
            assert_eq!(opened(&disk).unwrap().0, b"one", "power for {power} operations");
        }
    }
}

#[test]
fn every_changed_byte_of_the_newest_falls_back_to_the_previous() {
    let disk = saved(&[b"one", b"two"]);
    let newest = disk.get(NEWEST).unwrap().to_vec();
    for at in 0..newest.len() {
        let mut changed = newest.clone();
        changed[at] ^= 0x10;
        let mut disk = disk.clone();
        disk.put(NEWEST, &changed);
        assert_eq!(opened(&disk), Some((b"one".to_vec(), Generation::Previous)), "byte {at}");
    }
}

#[test]
fn a_fallback_sets_the_bad_file_aside_and_makes_two_good_generations_again() {
    let mut disk = saved(&[b"one", b"two"]);
    disk.put(NEWEST, b"torn");
    let (store, _) = SealStore::open(disk, &tee()).unwrap();
    let disk = store.files;
    assert_eq!(disk.get("state.seal.unopened-1"), Some(&b"torn"[..]));
    assert_eq!(opened(&disk), Some((b"one".to_vec(), Generation::Newest)));
    assert_eq!(disk.get(NEWEST), disk.get(PREVIOUS));
}

#[test]
fn a_bad_previous_generation_is_set_aside_and_replaced() {
    let mut disk = saved(&[b"one", b"two"]);
    disk.put(PREVIOUS, b"torn");
    let (store, opened_now) = SealStore::open(disk, &tee()).unwrap();
    assert_eq!(opened_now.unwrap().state.secret.as_slice(), b"two");
    assert_eq!(store.files.get("state.seal.previous.unopened-1"), Some(&b"torn"[..]));
    assert_eq!(store.files.get(NEWEST), store.files.get(PREVIOUS));
}

#[test]
fn an_older_file_that_was_set_aside_is_not_overwritten() {
    let mut disk = saved(&[b"one", b"two"]);
    disk.put("state.seal.unopened-1", b"first");
    disk.put(NEWEST, b"second");
    let (store, _) = SealStore::open(disk, &tee()).unwrap();
    assert_eq!(store.files.get("state.seal.unopened-1"), Some(&b"first"[..]));
    assert_eq!(store.files.get("state.seal.unopened-2"), Some(&b"second"[..]));
}

#[test]
fn files_are_set_aside_up_to_the_bound() {
    for (there, fits) in [(MAX_SET_ASIDE - 1, true), (MAX_SET_ASIDE, false)] {
        let mut disk = saved(&[b"one"]);
        disk.power = Some(0);
        disk.put(NEWEST, b"torn");
        (1..=there).for_each(|number| disk.put(&format!("{NEWEST}.unopened-{number}"), b"torn"));
        // Without power the start cannot mend the folder, so that the save has to.
        let (mut store, _) = SealStore::open(disk, &tee()).unwrap();
        store.files.power = None;
        match store.save(&sealed(b"two")) {
            Ok(()) => assert!(fits),
            Err(SealError::TooManySetAside { name }) => assert!(!fits && name == NEWEST),
            Err(other) => panic!("{other}"),
        }
        assert!(store.files.names.values().any(|inode| store.files.contents[*inode].0 == b"torn"));
    }
}

#[test]
fn a_save_over_a_bad_generation_sets_it_aside_first() {
    for name in [NEWEST, PREVIOUS] {
        let mut disk = saved(&[b"one", b"two"]);
        disk.put(name, b"torn");
        disk.power = Some(0);
        let (mut store, _) = SealStore::open(disk, &tee()).unwrap();
        store.files.power = None;
        store.save(&sealed(b"three")).unwrap();
        assert_eq!(store.files.get(&format!("{name}.unopened-1")), Some(&b"torn"[..]));
        assert_eq!(opened(&store.files), Some((b"three".to_vec(), Generation::Newest)));
    }
}

#[test]
fn no_generation_that_opens_is_an_error_that_touches_nothing() {
    let mut disk = saved(&[b"one", b"two"]);
    disk.put(NEWEST, b"torn");
    let locked = disk.get(PREVIOUS).unwrap().to_vec();
    let names = disk.names.clone();
    disk.power = Some(0);
    let error = SealStore::open(disk.clone(), &FakeTee::new(2)).err().unwrap();
    assert!(
        matches!(
            error,
            SealError::Unopenable {
                newest: Some(Flaw::Damaged),
                previous: Some(Flaw::Locked)
            }
        ),
        "{error}"
    );
    assert!(error.to_string().contains("rebinds"), "{error}");
    assert_eq!(disk.names, names);
    assert_eq!(disk.get(PREVIOUS).unwrap(), locked);
}

#[test]
fn a_previous_generation_alone_that_does_not_open_is_an_error_too() {
    let mut disk = FakeDisk::default();
    disk.put(PREVIOUS, b"torn");
    let error = SealStore::open(disk, &tee()).err().unwrap();
    assert!(
        matches!(
            error,
            SealError::Unopenable {
                newest: None,
                previous: Some(Flaw::Damaged)
            }
        ),
        "{error}"
    );
}

/// The same file with another schema version and a right checksum.
fn of_schema(version: u16, file: &[u8]) -> Vec<u8> {
    let mut content = file[..file.len() - 32].to_vec();
    content[MAGIC.len()..MAGIC.len() + 2].copy_from_slice(&version.to_le_bytes());
    let checksum = sp_crypto_hashing::blake2_256(&content);
    content.extend_from_slice(&checksum);
    content
}

#[test]
fn a_newer_schema_is_refused_although_the_previous_generation_opens() {
    let mut disk = saved(&[b"one", b"two"]);
    let newer = of_schema(file::SCHEMA_VERSION + 1, disk.get(NEWEST).unwrap());
    disk.put(NEWEST, &newer);
    let error = SealStore::open(disk, &tee()).err().unwrap();
    assert!(
        matches!(
            error,
            SealError::Foreign {
                name: NEWEST,
                flaw: Flaw::UnknownSchema { found }
            } if found == file::SCHEMA_VERSION + 1
        ),
        "{error}"
    );
}

#[test]
fn another_providers_state_is_refused_in_both_places() {
    let foreign = file::write(&FakeTee::named("gramine", 1), b"one").unwrap();
    for name in [NEWEST, PREVIOUS] {
        let mut disk = FakeDisk::default();
        disk.put(name, &foreign);
        let error = SealStore::open(disk, &tee()).err().unwrap();
        assert!(
            matches!(&error, SealError::Foreign { name: found, flaw: Flaw::OtherProvider { .. } } if *found == name),
            "{error}"
        );
    }
}

#[test]
fn a_failing_disk_is_reported_with_the_operation() {
    let (mut store, _) = SealStore::open(FakeDisk::default(), &tee()).unwrap();
    for (power, operation) in [(0, "write"), (1, "sync"), (2, "rename"), (3, "sync the names of")] {
        store.files.power = Some(power);
        let error = store.save(&sealed(b"one")).unwrap_err();
        assert!(matches!(&error, SealError::Io { doing, .. } if *doing == operation), "{error}");
        store = SealStore::open(FakeDisk::default(), &tee()).unwrap().0;
    }
}

#[test]
fn a_save_that_failed_can_be_made_again() {
    for power in 0..12 {
        let (mut store, _) = SealStore::open(saved(&[b"one", b"two"]), &tee()).unwrap();
        store.files.power = Some(power);
        let _ = store.save(&sealed(b"three"));
        store.files.power = None;
        store.save(&sealed(b"four")).unwrap();
        assert_eq!(
            opened(&store.files),
            Some((b"four".to_vec(), Generation::Newest)),
            "power for {power} operations"
        );
    }
}
