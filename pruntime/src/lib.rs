//! The worker's program inside the enclave.
//!
//! A pRuntime holds a worker's keys, shows evidence of the hardware and code that hold them, measures how fast the
//! machine is, and answers the chain's challenges. Its parts:
//!
//! - [`enclave`]: the state machine, without I/O and without a clock
//! - [`tee`]: what a trusted execution environment gives, behind one trait; the providers
//! - [`seal`]: the sealed state on disk, which a crash in the middle of a write never loses
//! - [`kernel`]: the benchmark kernel behind scores and speed samples
//! - [`api`]: the JSON-RPC methods, as a trait with a server and a client
//! - [`server`]: the shell that joins these parts and listens
//!
//! # How to use the state machine
//!
//! [`enclave::Enclave`] is driven by its caller, the *shell*. A call takes an input and returns an output at once. Two
//! kinds of work are done by the shell between two calls: storing the sealed state, and running the kernel.
//!
//! 1. Open the sealed state with [`seal::SealStore::open`] and start with [`enclave::Enclave::start`]. Without a
//!    sealed state the enclave is fresh: it has no keys.
//! 2. Before WorkerInfo or evidence, call [`enclave::Enclave::prepare`] with the chain and the operator. The first time
//!    it makes the keys and returns a draft. **Store the draft's bytes, then** hand it back with
//!    [`enclave::Enclave::commit`]. No key is shown before it is stored: a crash in between leaves a fresh enclave, never
//!    a registered worker whose keys are lost.
//! 3. [`enclave::Enclave::worker_info`] and [`enclave::Enclave::evidence`] answer from then on.
//! 4. To hand the worker over, call [`enclave::Enclave::prepare_operator_change`], store the draft in place of all earlier
//!    states ([`seal::SealStore::supersede`]), and call [`enclave::Enclave::commit_operator_change`].
//! 5. For a benchmark or a speed sample take [`enclave::Enclave::kernel_input`], run [`kernel::run`] on as many
//!    threads as cores are granted, and hand the work to [`enclave::Enclave::benchmark`] or
//!    [`enclave::Enclave::heartbeat`], which sign.
//!
//! ```
//! # #[cfg(feature = "software")] {
//! use pruntime::{enclave::{Enclave, Grant}, kernel, seal::{Directory, SealStore}, tee::{software, Software}};
//! use khala_primitives::{AccountId32, Freshness, H256};
//! use std::{sync::Arc, time::Duration};
//!
//! # let folder = tempfile::tempdir()?;
//! let tee = Arc::new(Software::open(folder.path(), software::Options::default())?);
//! let (mut store, sealed) = SealStore::open(Directory::open(folder.path())?, &*tee)?;
//! let mut enclave = Enclave::start(tee, Grant { cores: 1, memory_mib: 64 }, sealed.map(|opened| opened.state))?;
//!
//! let (genesis, operator) = (H256::repeat_byte(1), AccountId32::new([2; 32]));
//! if let Some(draft) = enclave.prepare(genesis, &operator)? {
//!     store.save(draft.sealed())?;
//!     enclave.commit(draft);
//! }
//! let signed = enclave.evidence(genesis, &operator, Freshness { number: 7, hash: H256::zero() })?;
//! assert_eq!(signed.info.operator, operator);
//!
//! let work = kernel::run(&enclave.kernel_input(H256::repeat_byte(3))?, 1, Duration::from_millis(10));
//! let (result, signature) = enclave.benchmark(7, H256::repeat_byte(3), 1, work)?;
//! # let _ = (result, signature);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::indexing_slicing,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic
    )
)]

pub mod api;
pub mod enclave;
pub mod kernel;
pub mod seal;
pub mod server;
pub mod tee;
