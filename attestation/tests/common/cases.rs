//! Single-fault cases made with the forge.

use super::oracle;
use khala_attestation::{
    development,
    forge::{CollateralDraft, Pki, Platform, QuoteDraft, TcbClass},
    verify, Collateral, Error, Verdict,
};
use khala_primitives::Tee;

/// When the collateral of the cases is good.
pub(crate) const NOW: u64 = 1_790_000_000;

/// What the oracle does with a case.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Oracle {
    Refuses,
    /// It does not look at this.
    Accepts,
}

/// Evidence with its collateral at a time.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) quote: Vec<u8>,
    pub(crate) collateral: Collateral,
    pub(crate) root: Vec<u8>,
    pub(crate) at: u64,
}

impl Case {
    /// Good evidence of a kind, with one change before signing the quote and one before signing the collateral.
    fn new(kind: Kind, class: TcbClass, quote: impl FnOnce(&mut QuoteDraft), collateral: impl FnOnce(&mut CollateralDraft)) -> Self {
        let pki = Pki::development();
        let mut draft = kind.draft(&pki.platform(class, "case"));
        quote(&mut draft);
        let mut collateral_draft = CollateralDraft::new(&pki, kind.tee(), NOW);
        collateral(&mut collateral_draft);
        Self {
            quote: draft.sign(),
            collateral: collateral_draft.sign(&pki),
            root: development::ROOT_DER.to_vec(),
            at: NOW,
        }
    }

    pub(crate) fn good(kind: Kind) -> Self {
        Self::new(kind, TcbClass::UpToDate, |_| {}, |_| {})
    }

    pub(crate) fn class(kind: Kind, class: TcbClass) -> Self {
        Self::new(kind, class, |_| {}, |_| {})
    }

    pub(crate) fn quote(kind: Kind, change: impl FnOnce(&mut QuoteDraft)) -> Self {
        Self::new(kind, TcbClass::UpToDate, change, |_| {})
    }

    pub(crate) fn collateral(kind: Kind, change: impl FnOnce(&mut CollateralDraft)) -> Self {
        Self::new(kind, TcbClass::UpToDate, |_| {}, change)
    }

    /// Changes what is signed already.
    pub(crate) fn then(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    pub(crate) fn at(self, at: u64) -> Self {
        Self { at, ..self }
    }

    pub(crate) fn verify(&self) -> Result<Verdict, Error> {
        verify(&self.quote, &self.collateral, &[&self.root], self.at)
    }

    /// The case is refused with this error, and the oracle does what is said of it.
    #[track_caller]
    pub(crate) fn refused(&self, expected: Error, view: Oracle) {
        assert_eq!(self.verify(), Err(expected));
        self.ask_oracle(view);
    }

    /// The case is refused with an error of this code, and the oracle refuses it, too.
    #[track_caller]
    pub(crate) fn refused_as(&self, code: &str) {
        let found = self.verify().map(|_| ()).map_err(|error| error.code());
        assert_eq!(found, Err(code.into()));
        self.ask_oracle(Oracle::Refuses);
    }

    /// The oracle does what is said of it.
    #[track_caller]
    pub(crate) fn ask_oracle(&self, view: Oracle) {
        let collateral = serde_json::from_str(&serde_json::to_string(&self.collateral).unwrap()).unwrap();
        let answer = oracle(&self.root, &self.quote, &collateral, self.at);
        assert_eq!(answer.is_ok(), view == Oracle::Accepts, "oracle: {answer:?}");
    }
}

/// A format of quotes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Sgx,
    Tdx,
    Tdx15,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Sgx, Self::Tdx, Self::Tdx15];

    pub(crate) fn tee(self) -> Tee {
        match self {
            Self::Sgx => Tee::Sgx,
            Self::Tdx | Self::Tdx15 => Tee::Tdx,
        }
    }

    fn draft(self, platform: &Platform) -> QuoteDraft {
        match self {
            Self::Sgx => platform.sgx_draft([9; 64]),
            Self::Tdx => platform.tdx_draft([9; 64]),
            Self::Tdx15 => platform.tdx15_draft([9; 64]),
        }
    }
}
