//! Which collateral a quote is judged with.

use crate::{
    chain::{PckChain, Root},
    documents::{CaHash, RootKeyHash},
    error::Error,
    hex_bytes::Fmspc,
    pck::Platform,
    quote,
    verify::pck_chain_text,
};
use khala_primitives::Tee;

/// Where a quote comes from, as far as it decides which collateral it is judged with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Origin {
    /// Kind of TEE.
    pub tee: Tee,
    /// The processor family.
    pub fmspc: Fmspc,
    /// The PCK CA.
    pub pck_ca: CaHash,
    /// The root that the PCK CA leads to.
    pub root: RootKeyHash,
}

impl Origin {
    /// Reads where a quote comes from. Its PCK chain must lead to one of `roots` (certificates in DER); nothing else is
    /// verified.
    ///
    /// # Errors
    /// Groups 1 and 3.
    pub fn read(quote: &[u8], roots: &[&[u8]]) -> Result<Self, Error> {
        let quote = quote::parse(quote)?;
        let roots = Root::parse_all(roots)?;
        let chain = PckChain::parse(pck_chain_text(&quote, None)?)?;
        let authority = chain.verify(&roots)?;
        Ok(Self {
            tee: quote.report.tee(),
            fmspc: Platform::read(&chain.leaf)?.fmspc,
            pck_ca: authority.hash,
            root: authority.root.key_hash(),
        })
    }
}
