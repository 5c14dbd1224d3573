//! `khala collateral`: Intel's documents on the chain, with which all evidence is judged.

mod list;
mod upload;

pub use list::list;
pub use upload::upload;
