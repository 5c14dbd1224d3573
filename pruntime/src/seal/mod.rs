//! The sealed state on disk.
//!
//! - [`file`](mod@file): one sealed file, as bytes
//! - [`aead`]: sealing with a 32-byte key, for providers whose TEE gives one
//! - [`directory`]: the few file operations that storing needs, so that tests can crash between any two
//! - [`memory`]: the same for a TEE whose seal does not outlast the run
//! - [`store`]: two generations of the state, of which a crash leaves at least one good

pub mod aead;
pub mod directory;
pub mod file;
pub mod memory;
pub mod store;

pub use directory::{Directory, Files};
pub use file::{Flaw, KeyPolicy, Sealed, Unsealed};
pub use memory::Memory;
pub use store::{Generation, Opened, SealError, SealStore};
