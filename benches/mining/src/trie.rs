//! State as a node keeps it: a trie of nodes in a database, and caches above it.

use anyhow::{anyhow, Result};
use sp_core::H256;
use sp_externalities::{Extensions, Externalities};
use sp_runtime::{traits::BlakeTwo256, StateVersion};
use sp_state_machine::{backend::Backend, Ext, InMemoryBackend, OverlayedChanges, TrieBackendBuilder};
use sp_storage::Storage;
use sp_trie::{
    cache::{CacheSize, SharedTrieCache},
    PrefixedMemoryDB,
};

/// What a node gives the nodes of its tries unless told otherwise, in bytes.
const CACHE_BYTES: usize = 1024 * 1024 * 1024;

/// Nodes that were read before.
pub type Cache = SharedTrieCache<BlakeTwo256>;

/// A cache in which nothing is yet.
pub fn empty_cache() -> Cache {
    Cache::new(CacheSize::new(CACHE_BYTES), None)
}

/// The newest state of a chain.
pub struct Trie {
    nodes: PrefixedMemoryDB<BlakeTwo256>,
    root: H256,
    version: u64,
}

impl Trie {
    /// A trie of these keys and values.
    pub fn new(storage: Storage) -> Self {
        let backend = InMemoryBackend::<BlakeTwo256>::from((storage, StateVersion::V1));
        Self {
            root: *backend.root(),
            nodes: backend.into_storage(),
            version: 0,
        }
    }

    /// Changes one value, so that the trie has another root, as after every block: what a cache knows of values is void, what it
    /// knows of nodes is not.
    pub fn advance(&mut self) -> Result<()> {
        self.version += 1;
        let value = self.version.to_le_bytes();
        let backend = TrieBackendBuilder::<_, BlakeTwo256>::new(&self.nodes, self.root).build();
        let (root, changes) = backend.storage_root([(b"version".as_slice(), Some(value.as_slice()))].into_iter(), StateVersion::V1);
        if root == self.root {
            return Err(anyhow!("the trie did not change"));
        }
        self.nodes.consolidate(changes);
        self.root = root;
        Ok(())
    }

    /// Runs something on the state, and forgets what it changes.
    pub fn with<R>(&self, cache: &Cache, run: impl FnOnce(&mut dyn Externalities) -> R) -> R {
        let backend = TrieBackendBuilder::<_, BlakeTwo256>::new(&self.nodes, self.root)
            .with_cache(cache.local_cache_trusted())
            .build();
        let mut changes = OverlayedChanges::default();
        let mut extensions = Extensions::default();
        run(&mut Ext::new(&mut changes, &backend, Some(&mut extensions)))
    }
}
