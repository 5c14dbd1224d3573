//! What is served, and how it is changed while it is.

use khala_attestation::{
    forge::{CollateralDraft, Pki, TcbClass, EVALUATION_DATA_NUMBER},
    Collateral,
};
use khala_primitives::Tee;
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use x509_cert::{der::Decode, Certificate};

const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;
/// A draft of the forge is issued so long before its time.
const DRAFT_AGE_SECS: u64 = HOUR;
/// What is issued anew is dated so far back, in seconds: a chain's clock may be behind this machine's.
const DATED_BACK_SECS: u64 = 60;
/// Documents are issued anew once a day, as Intel's are.
const REISSUED_EVERY_SECS: u64 = DAY;
/// What is expired was issued so long ago; documents count for thirty days.
const EXPIRED_AGE_SECS: u64 = 31 * DAY;

/// How the service fails.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Fault {
    /// Not at all.
    #[default]
    None,
    /// It answers every request with 503.
    Down,
    /// It answers with what is no collateral.
    Garbage,
    /// It answers so much later.
    Delay(Duration),
    /// It answers with documents that have expired.
    Expired,
}

/// What is served. Clones are the same.
#[derive(Clone, Debug)]
pub struct Served(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    /// When the documents were issued, in seconds since 1970.
    issued_secs: u64,
    /// When the PCK CRL was issued, in seconds since 1970.
    pck_crl_issued_secs: u64,
    /// Is the date of the documents given, instead of moving with the days?
    is_fixed: bool,
    pck_crl_number: u32,
    revoked: Vec<Vec<u8>>,
    numbers: Vec<u32>,
    fault: Fault,
    requests: u64,
}

/// A certificate is not in DER.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UnreadableCertificate;

impl std::fmt::Display for UnreadableCertificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("it is no certificate in DER")
    }
}

impl std::error::Error for UnreadableCertificate {}

/// The serial number of a certificate in DER.
///
/// # Errors
/// It is none.
pub fn serial_of(certificate: &[u8]) -> Result<Vec<u8>, UnreadableCertificate> {
    let certificate: Certificate = Certificate::from_der(certificate).map_err(|_| UnreadableCertificate)?;
    Ok(certificate.tbs_certificate().serial_number().as_bytes().to_vec())
}

impl Default for Served {
    fn default() -> Self {
        Self::new()
    }
}

impl Served {
    /// Documents of the forge's evaluation number, issued an hour ago; nobody is revoked.
    pub fn new() -> Self {
        let issued_secs = now_secs().saturating_sub(HOUR);
        Self(Arc::new(Mutex::new(State {
            issued_secs,
            pck_crl_issued_secs: issued_secs,
            is_fixed: false,
            pck_crl_number: 1,
            revoked: Vec::new(),
            numbers: vec![EVALUATION_DATA_NUMBER],
            fault: Fault::None,
            requests: 0,
        })))
    }

    /// Revokes the PCK certificate with this serial number, in a new list with a higher number.
    pub fn revoke(&self, serial: &[u8]) {
        let mut state = self.lock();
        if !state.revoked.iter().any(|revoked| revoked == serial) {
            state.revoked.push(serial.to_vec());
        }
        state.issue_pck_crl();
    }

    /// Revokes a machine of the forge, as it is in this class.
    ///
    /// # Errors
    /// Its certificate cannot be read.
    pub fn revoke_platform(&self, class: TcbClass, seed: &str) -> Result<(), UnreadableCertificate> {
        let serial = serial_of(Pki::development().platform(class, seed).leaf_der())?;
        self.revoke(&serial);
        Ok(())
    }

    /// Takes every revocation back, in a new list with a higher number.
    pub fn revoke_nobody(&self) {
        let mut state = self.lock();
        state.revoked.clear();
        state.issue_pck_crl();
    }

    /// Serves TCB info and QE identities of these evaluation numbers: `update=standard` is the first, `update=early` the last.
    pub fn set_numbers(&self, numbers: &[u32]) {
        self.lock().numbers = numbers.to_vec();
    }

    /// Issues everything anew.
    pub fn issue(&self) {
        let mut state = self.lock();
        state.issued_secs = state.next_date(state.issued_secs);
        state.issue_pck_crl();
    }

    /// Everything was issued at this time, in seconds since 1970, and counts for thirty days from then on. It is not issued
    /// anew with the days any more.
    pub fn set_issued(&self, issued_secs: u64) {
        let mut state = self.lock();
        (state.issued_secs, state.pck_crl_issued_secs, state.is_fixed) = (issued_secs, issued_secs, true);
        state.pck_crl_number = state.pck_crl_number.saturating_add(1);
    }

    /// Fails like this from now on.
    pub fn set_fault(&self, fault: Fault) {
        self.lock().fault = fault;
    }

    /// Requests that came so far, whatever they were answered.
    pub fn requests(&self) -> u64 {
        self.lock().requests
    }

    /// A request came; returns how to fail.
    pub(crate) fn count(&self) -> Fault {
        let mut state = self.lock();
        state.requests = state.requests.saturating_add(1);
        state.fault
    }

    /// The evaluation numbers, in their order.
    pub(crate) fn numbers(&self) -> Vec<u32> {
        self.lock().numbers.clone()
    }

    /// The documents for a TEE, with this evaluation number where they have one.
    pub fn collateral(&self, tee: Tee, number: u32) -> Collateral {
        let mut state = self.lock();
        state.issue_daily();
        let expired = |issued: u64| match state.fault {
            Fault::Expired => issued.saturating_sub(EXPIRED_AGE_SECS),
            _ => issued,
        };
        let pki = Pki::development();
        let draft_at = |issued: u64| expired(issued).saturating_add(DRAFT_AGE_SECS);
        let mut draft = CollateralDraft::new(&pki, tee, draft_at(state.issued_secs));
        for document in [&mut draft.tcb_info, &mut draft.qe_identity] {
            if let Some(field) = document.get_mut("tcbEvaluationDataNumber") {
                *field = number.into();
            }
        }
        draft.pck_crl = pki.pck_crl_draft(draft_at(state.pck_crl_issued_secs));
        draft.pck_crl.number = state.pck_crl_number;
        draft.pck_crl.revoked = state.revoked.clone();
        draft.sign(&pki)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn issue_pck_crl(&mut self) {
        self.pck_crl_issued_secs = self.next_date(self.pck_crl_issued_secs);
        self.pck_crl_number = self.pck_crl_number.saturating_add(1);
    }

    fn issue_daily(&mut self) {
        let is_old = |issued: u64| now_secs().saturating_sub(issued) > REISSUED_EVERY_SECS;
        if !self.is_fixed && is_old(self.issued_secs) {
            self.issued_secs = self.next_date(self.issued_secs);
        }
        if !self.is_fixed && is_old(self.pck_crl_issued_secs) {
            self.issue_pck_crl();
        }
    }

    /// The date of what follows on something of this date: later in any case.
    fn next_date(&self, before: u64) -> u64 {
        now_secs().saturating_sub(DATED_BACK_SECS).max(before.saturating_add(1))
    }
}

fn now_secs() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use khala_attestation::{development, verify, Error};

    fn verdict(served: &Served, seed: &str) -> Result<u32, Error> {
        let quote = Pki::development().platform(TcbClass::UpToDate, seed).sgx([7; 64]);
        let collateral = served.collateral(Tee::Sgx, 21);
        verify(quote.quote(), &collateral, &[development::ROOT_DER], now_secs()).map(|verdict| verdict.tcb_evaluation_data_number)
    }

    #[test]
    fn what_is_served_verifies_with_the_number_that_is_asked_for() {
        assert_eq!(verdict(&Served::new(), "a"), Ok(21));
    }

    #[test]
    fn a_revoked_platform_is_refused_and_others_are_not() {
        let served = Served::new();
        served.revoke_platform(TcbClass::UpToDate, "a").unwrap();
        assert!(matches!(verdict(&served, "a"), Err(Error::Revoked { .. })));
        assert_eq!(verdict(&served, "b"), Ok(21));
        served.revoke_nobody();
        assert_eq!(verdict(&served, "a"), Ok(21));
    }

    #[test]
    fn each_new_list_is_newer_and_none_is_from_the_future() {
        let served = Served::new();
        let mut last = served.lock().pck_crl_issued_secs;
        for _ in 0..20 {
            served.revoke(&[1]);
            let state = served.lock();
            assert!(state.pck_crl_issued_secs > last && state.pck_crl_issued_secs <= now_secs());
            last = state.pck_crl_issued_secs;
        }
        let state = served.lock();
        assert_eq!((state.pck_crl_number, state.revoked.len()), (21, 1));
    }

    #[test]
    fn documents_are_issued_anew_with_the_days_unless_their_date_is_given() {
        let served = Served::new();
        served.lock().issued_secs = now_secs() - 2 * DAY;
        served.collateral(Tee::Sgx, 18);
        assert!(now_secs() - served.lock().issued_secs < HOUR);
        served.set_issued(now_secs() - 2 * DAY);
        served.collateral(Tee::Sgx, 18);
        assert!(now_secs() - served.lock().issued_secs >= 2 * DAY);
    }

    #[test]
    fn expired_documents_are_expired() {
        let served = Served::new();
        served.set_fault(Fault::Expired);
        assert!(matches!(verdict(&served, "a"), Err(Error::Expired { .. })));
    }

    #[test]
    fn what_is_no_certificate_has_no_serial() {
        assert_eq!(serial_of(&[1, 2]), Err(UnreadableCertificate));
    }
}
