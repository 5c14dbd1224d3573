//! From the node: finalised blocks, in order, with what the chain says at each of what it touches.
//!
//! A block's events say what changed; where they do not say to what, the runtime API is asked at that block. At fixed moments of
//! the chain's time a sample is taken: then everything is asked. So what is read follows from the chain alone, and a second
//! reading is the same as the first.

mod base;
mod block;
mod detail;
mod fact;
mod follow;
mod plan;
mod raw;
mod vault;

pub use base::VaultBase;
pub use block::{Block, Position, Promise, Signed};
pub use fact::{read, Fact, Payment};
pub use follow::{FollowError, Follower, WAITING};
pub use plan::{is_boundary, Trail};
pub use raw::RawBlock;
pub use vault::{VaultChange, VaultFact};
