//! Files that nobody reads after this run.

use super::{directory::Files, file::MAX_BYTES};
use std::{collections::BTreeMap, io};

/// Files in memory, for a TEE whose seal does not outlast the run: what nobody can open again is not left on a disk.
#[derive(Debug, Default, Clone)]
pub struct Memory(BTreeMap<String, Vec<u8>>);

impl Files for Memory {
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        let cut = |bytes: &Vec<u8>| bytes.iter().take(MAX_BYTES.saturating_add(1)).copied().collect();
        Ok(self.0.get(name).map(cut))
    }

    fn write(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.0.insert(name.into(), bytes.to_vec());
        Ok(())
    }

    fn sync(&mut self, _name: &str) -> io::Result<()> {
        Ok(())
    }

    fn rename(&mut self, from: &str, to: &str) -> io::Result<()> {
        let bytes = self.0.remove(from).ok_or(io::ErrorKind::NotFound)?;
        self.0.insert(to.into(), bytes);
        Ok(())
    }

    fn sync_names(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        seal::{file, SealStore},
        tee::fake::FakeTee,
    };

    #[test]
    fn it_does_what_a_folder_does() {
        let mut files = Memory::default();
        assert_eq!(files.read("one").unwrap(), None);
        assert_eq!(files.rename("one", "two").unwrap_err().kind(), io::ErrorKind::NotFound);
        files.write("one", b"bytes").unwrap();
        files.write("two", b"old").unwrap();
        files.rename("one", "two").unwrap();
        assert_eq!(
            (files.read("one").unwrap(), files.read("two").unwrap()),
            (None, Some(b"bytes".to_vec()))
        );
        files.write("huge", &vec![1; MAX_BYTES + 100]).unwrap();
        assert_eq!(files.read("huge").unwrap().unwrap().len(), MAX_BYTES + 1);
    }

    #[test]
    fn a_state_is_stored_in_it_as_in_a_folder() {
        let tee = FakeTee::new(1);
        let (mut store, opened) = SealStore::open(Memory::default(), &tee).unwrap();
        assert!(opened.is_none());
        store.save(&file::write(&tee, b"one").unwrap()).unwrap();
        store.supersede(&file::write(&tee, b"two").unwrap()).unwrap();
    }
}
