//! Where this verifier refuses what dcap-qvl accepts, and why. There is nothing the other way round.

/// A kind of evidence that this verifier refuses and dcap-qvl accepts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Difference {
    /// Its name in the documentation.
    pub name: &'static str,
    /// Why this verifier is stricter.
    pub reason: &'static str,
}

/// Every difference that is known.
pub const ALL: [&Difference; 10] = [
    &TRAILING_BYTES,
    &BOUNDS,
    &LIST_FROM_THE_FUTURE,
    &LEAF_BELOW_THE_ROOT,
    &NAME_CONSTRAINTS,
    &ROOT_DATES,
    &ROOT_PATH_LENGTH,
    &PLATFORM_VALUES,
    &DOCUMENTS_READ_WHOLE,
    &FORM_OF_DATES,
];

pub(super) const TRAILING_BYTES: Difference = Difference {
    name: "trailing bytes",
    reason: "the chain stores exact quotes: two different strings of bytes are never the same evidence",
};
pub(super) const BOUNDS: Difference = Difference {
    name: "bounds",
    reason: "nothing is read without a bound; each is many times what Intel makes",
};
pub(super) const LIST_FROM_THE_FUTURE: Difference = Difference {
    name: "list from the future",
    reason: "a revocation list that is not made yet says nothing about now",
};
pub(super) const LEAF_BELOW_THE_ROOT: Difference = Difference {
    name: "PCK certificate below the root",
    reason: "Intel's PCK certificates come from a PCK CA, whose list must be there; the root's says nothing about them",
};
pub(super) const NAME_CONSTRAINTS: Difference = Difference {
    name: "name constraints",
    reason: "Intel's certificates have none: what they would forbid is not looked into",
};
pub(super) const ROOT_DATES: Difference = Difference {
    name: "dates of the root",
    reason: "a root has dates, too",
};
pub(super) const ROOT_PATH_LENGTH: Difference = Difference {
    name: "path length of the root",
    reason: "what a root forbids is forbidden",
};
pub(super) const PLATFORM_VALUES: Difference = Difference {
    name: "types of a platform's values",
    reason: "each value of the SGX extension has the type that Intel gives it, those that only a policy judges, too",
};
pub(super) const DOCUMENTS_READ_WHOLE: Difference = Difference {
    name: "documents read whole",
    reason: "signed documents are stored parsed: a level that this platform does not need must be readable, too",
};
pub(super) const FORM_OF_DATES: Difference = Difference {
    name: "form of dates",
    reason: "Intel writes dates in one form, in UTC to the second: there is no second way to read them",
};
