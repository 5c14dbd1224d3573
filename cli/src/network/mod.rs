//! A whole network of real processes on this machine.
//!
//! [`Network::start`] starts validators and pRuntimes, [`Network::set_up`] does what people would do on chain (fund
//! accounts, open pools, delegate), [`Network::start_relayer`] lets the relayer register the workers, and [`tend`]
//! puts them to work as soon as they can. [`Sample`] is what all of it looks like at one block, [`check`] proves that it
//! works. `./run` and the whole-network tests run exactly this code.
//!
//! Every process is started through `khala supervised`, so that it ends when its parent ends, however that happens; it
//! has its own process group, so that a Ctrl-C reaches it only through this code.

mod binaries;
pub mod cast;
pub mod check;
mod data;
mod evidence;
mod indexer;
mod live;
mod nodes;
mod options;
mod ports;
mod process;
mod pruntimes;
mod relayer;
mod running;
mod sample;
mod set_up;
mod supervised;
mod tend;
pub mod wait;

pub use binaries::Binaries;
pub use evidence::Evidence;
pub use live::{Live, Style};
pub use nodes::merge;
pub use options::{Options, Ports, Storage, Tcb, WorkerSpec};
pub use process::Process;
pub use running::Network;
pub use sample::{Sample, WorkerSample};
pub use supervised::exec_supervised;
pub use tend::tend;
