//! The provider on a fake of the kernel's interface, with faults.

use super::*;
use crate::tee::{
    faults::{Fault, Faults},
    QuoteFlaw, Tee, MAX_READ,
};
use khala_attestation::{
    forge::{Pki, Platform, TcbClass},
    measurement,
    quote::parse_front,
    Error,
};
use std::{
    collections::BTreeMap,
    fs,
    sync::{
        atomic::{AtomicU32, Ordering},
        Arc, Mutex,
    },
};
use zeroize::Zeroizing;

const DATA: [u8; 64] = [9; 64];
const EBUSY: i32 = 16;
/// Zeros that genuine quotes come with.
const PADDING: usize = 3000;

/// Version of the quotes.
#[derive(Clone, Copy, PartialEq)]
enum Format {
    V4,
    V5,
}

#[derive(Default)]
struct State {
    generation: u64,
    inblob: Vec<u8>,
}

/// What the kernel does with its entries.
struct Kernel {
    platform: Platform,
    format: Format,
    entries: Mutex<BTreeMap<String, State>>,
    made: AtomicU32,
    pauses: AtomicU32,
    faults: Faults,
}

impl Kernel {
    fn new() -> Arc<Self> {
        Self::of(Format::V4)
    }

    fn of(format: Format) -> Arc<Self> {
        Arc::new(Self {
            platform: Pki::development().platform(TcbClass::UpToDate, "tdx"),
            format,
            entries: Mutex::default(),
            made: AtomicU32::new(0),
            pauses: AtomicU32::new(0),
            faults: Faults::default(),
        })
    }

    fn with<T>(&self, name: &str, use_it: impl FnOnce(&mut State) -> T) -> io::Result<T> {
        let entry = name.split('/').next().unwrap();
        self.entries
            .lock()
            .unwrap()
            .get_mut(entry)
            .map(use_it)
            .ok_or(io::ErrorKind::NotFound.into())
    }

    fn outblob(&self, state: &State) -> io::Result<Vec<u8>> {
        let data = state.inblob.as_slice().try_into();
        let data: [u8; 64] = data.map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
        let evidence = match self.format {
            Format::V4 => self.platform.tdx(data),
            Format::V5 => self.platform.tdx15(data),
        };
        let mut quote = evidence.quote().to_vec();
        quote.extend_from_slice(&[0; PADDING]);
        Ok(quote)
    }

    /// Entries made, pauses made, entries left.
    fn counts(&self) -> (u32, u32, usize) {
        (
            self.made.load(Ordering::Relaxed),
            self.pauses.load(Ordering::Relaxed),
            self.entries.lock().unwrap().len(),
        )
    }
}

impl Interface for Arc<Kernel> {
    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        self.faults.on_read(name, || match name.split_once('/').unwrap().1 {
            "provider" => Ok(b"tdx_guest\n".to_vec()),
            "generation" => self.with(name, |state| format!("{}\n", state.generation).into_bytes()),
            "outblob" => self.with(name, |state| self.outblob(state))?,
            _ => Err(io::ErrorKind::NotFound.into()),
        })
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        assert!(name.ends_with("/inblob"));
        let (taken, times) = match self.faults.take("write", name) {
            None => (bytes.to_vec(), 1),
            Some(Fault::Cut(length)) => (bytes[..length].to_vec(), 1),
            Some(Fault::Forget) => return Ok(()),
            Some(Fault::SomebodyWrites(other)) => (other, 2),
            Some(Fault::Error(kind)) => return Err(kind.into()),
            Some(Fault::Os(number)) => return Err(io::Error::from_raw_os_error(number)),
            Some(other) => panic!("{other:?} is no fault of a write"),
        };
        self.with(name, |state| {
            state.inblob = taken;
            state.generation += times;
        })
    }

    fn make_folder(&self, name: &str) -> io::Result<()> {
        self.made.fetch_add(1, Ordering::Relaxed);
        match self.faults.take("make", "entry") {
            None => {}
            Some(Fault::Error(kind)) => return Err(kind.into()),
            Some(Fault::Os(number)) => return Err(io::Error::from_raw_os_error(number)),
            Some(other) => panic!("{other:?} is no fault of mkdir"),
        }
        let old = self.entries.lock().unwrap().insert(name.into(), State::default());
        assert!(old.is_none(), "{name} is made twice");
        Ok(())
    }

    fn remove_folder(&self, name: &str) -> io::Result<()> {
        if let Some(Fault::Error(kind)) = self.faults.take("remove", "entry") {
            return Err(kind.into());
        }
        let gone = self.entries.lock().unwrap().remove(name);
        gone.map(|_| ()).ok_or(io::ErrorKind::NotFound.into())
    }

    fn pause(&self) {
        self.pauses.fetch_add(1, Ordering::Relaxed);
    }

    fn place(&self) -> String {
        FOLDER.into()
    }
}

fn open(kernel: &Arc<Kernel>) -> Tdx {
    Tdx::with(Box::new(kernel.clone()), Zeroizing::new([1; 32])).unwrap()
}

fn refused(kernel: &Arc<Kernel>) -> InterfaceError {
    match quote(kernel, &DATA) {
        Err(NoQuote::Interface(error)) => error,
        other => panic!("{other:?}"),
    }
}

/// The error of a fault that is not tried again; no entry is left behind.
fn refused_at_once(operation: &'static str, fault: Fault) -> InterfaceError {
    let kernel = Kernel::new();
    kernel.faults.add(operation, fault);
    let error = refused(&kernel);
    assert_eq!(kernel.counts(), (1, 0, 0), "{error}");
    error
}

#[test]
fn evidence_has_the_report_data_that_were_asked_for_and_no_zeros_behind_its_end() {
    for format in [Format::V4, Format::V5] {
        let kernel = Kernel::of(format);
        let tdx = open(&kernel);
        let evidence = tdx.attest(&DATA).unwrap();
        assert_eq!(evidence.tee(), Kind::Tdx);
        assert_eq!(parse_front(evidence.quote()).unwrap().report.report_data(), &DATA);
        let exact = match format {
            Format::V4 => kernel.platform.tdx(DATA),
            Format::V5 => kernel.platform.tdx15(DATA),
        };
        assert_eq!(evidence.quote().len(), exact.quote().len());
    }
}

#[test]
fn each_quote_has_an_entry_of_its_own_that_is_removed() {
    let kernel = Kernel::new();
    let tdx = open(&kernel);
    tdx.attest(&DATA).unwrap();
    tdx.attest(&DATA).unwrap();
    assert_eq!(kernel.counts(), (3, 0, 0));
}

#[test]
fn the_measurement_is_the_one_that_the_chain_will_see() {
    let kernel = Kernel::new();
    let tdx = open(&kernel);
    let quote = kernel.platform.tdx(DATA);
    assert_eq!(tdx.measurement(), measurement::of(&parse_front(quote.quote()).unwrap().report));
    assert!(tdx.trusted());
    assert_eq!(tdx.provider(), "tdx");
}

#[test]
fn a_debug_td_starts_but_is_not_trusted() {
    let kernel = Kernel::new();
    let mut draft = kernel.platform.tdx_draft(SELF_REPORT_DATA);
    draft.td_report().unwrap().td_attributes[0] |= 1;
    kernel.faults.add("read outblob", Fault::Instead(draft.sign()));
    assert!(!open(&kernel).trusted());
}

#[test]
fn what_is_busy_is_asked_again_up_to_the_bound() {
    for operation in ["read outblob", "write inblob", "make entry"] {
        let kernel = Kernel::new();
        kernel.faults.add_times(ATTEMPTS - 1, operation, &Fault::Os(EBUSY));
        assert!(quote(&kernel, &DATA).is_ok(), "{operation}");
        assert_eq!(kernel.counts(), (ATTEMPTS, ATTEMPTS - 1, 0), "{operation}");

        let kernel = Kernel::new();
        kernel.faults.add_times(ATTEMPTS, operation, &Fault::Os(EBUSY));
        let error = refused(&kernel);
        assert!(
            matches!(error, InterfaceError::Busy { attempts: ATTEMPTS, .. }),
            "{operation}: {error}"
        );
        assert_eq!(kernel.counts(), (ATTEMPTS, ATTEMPTS - 1, 0), "{operation}");
    }
}

#[test]
fn a_name_that_is_taken_is_drawn_again() {
    let kernel = Kernel::new();
    kernel.faults.add("make entry", Fault::Error(io::ErrorKind::AlreadyExists));
    assert!(quote(&kernel, &DATA).is_ok());
    assert_eq!(kernel.counts(), (2, 1, 0));
}

#[test]
fn a_wrong_generation_is_tried_again_up_to_the_bound() {
    for (fault, after) in [(Fault::SomebodyWrites(vec![7; 64]), 2), (Fault::Forget, 0)] {
        let kernel = Kernel::new();
        kernel.faults.add_times(ATTEMPTS - 1, "write inblob", &fault);
        assert!(quote(&kernel, &DATA).is_ok(), "{fault:?}");

        let kernel = Kernel::new();
        kernel.faults.add_times(ATTEMPTS, "write inblob", &fault);
        let error = refused(&kernel);
        match error {
            InterfaceError::Generation {
                attempts,
                before,
                after: found,
                ..
            } => assert_eq!((attempts, before, found), (ATTEMPTS, 0, after)),
            other => panic!("{fault:?}: {other}"),
        }
        assert_eq!(kernel.counts(), (ATTEMPTS, ATTEMPTS - 1, 0));
    }
}

#[test]
fn somebody_who_writes_the_same_bytes_is_noticed() {
    let kernel = Kernel::new();
    kernel.faults.add("write inblob", Fault::SomebodyWrites(DATA.to_vec()));
    quote(&kernel, &DATA).unwrap();
    assert_eq!(kernel.counts(), (2, 1, 0));
}

#[test]
fn a_generation_that_is_no_number_is_reported() {
    for text in ["", "many", "-1", "99999999999999999999"] {
        let error = refused_at_once("read generation", Fault::Instead(text.into()));
        assert!(matches!(&error, InterfaceError::NoNumber { found, .. } if found == text), "{error}");
    }
}

#[test]
fn the_last_generation_of_all_is_no_overflow() {
    let kernel = Kernel::new();
    // Read twice in each attempt.
    kernel
        .faults
        .add_times(2 * ATTEMPTS, "read generation", &Fault::Instead(u64::MAX.to_string().into()));
    let error = refused(&kernel);
    assert!(matches!(error, InterfaceError::Generation { before: u64::MAX, .. }), "{error}");
}

#[test]
fn without_the_interface_it_says_what_the_guest_needs() {
    for fault in [Fault::Error(io::ErrorKind::NotFound), Fault::Os(ENXIO)] {
        let error = refused_at_once("make entry", fault);
        assert!(matches!(error, InterfaceError::Missing { .. }), "{error}");
        assert!(error.to_string().contains("tdx_guest"), "{error}");
    }
}

#[test]
fn outside_of_a_td_it_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    let error = Tdx::open(&folder.path().join("nothing")).err().unwrap();
    assert!(matches!(error, TeeError::Start { provider: "tdx", .. }), "{error}");
    assert!(error.to_string().contains("Linux 6.7"), "{error}");
}

#[test]
fn a_folder_that_is_no_configfs_does_not_start_and_nothing_is_left_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let error = Tdx::open(folder.path()).err().unwrap();
    assert!(error.to_string().contains("provider is not there"), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn other_confidential_vms_are_refused() {
    for found in ["sev_guest\n", "arm_cca_guest\n", ""] {
        let error = refused_at_once("read provider", Fault::Instead(found.into()));
        assert!(
            matches!(&error, InterfaceError::OtherKind { found: word, expected: "tdx_guest", .. } if word == found.trim()),
            "{error}"
        );
    }
}

#[test]
fn what_cannot_be_made_read_or_written_is_named() {
    for operation in ["make entry", "read provider", "read generation", "write inblob", "read outblob"] {
        let error = refused_at_once(operation, Fault::Error(io::ErrorKind::PermissionDenied));
        assert!(
            matches!(&error, InterfaceError::Io { doing, .. } if operation.starts_with(doing)),
            "{operation}: {error}"
        );
    }
}

#[test]
fn a_quote_service_that_is_too_slow_is_not_waited_for_again() {
    let error = refused_at_once("read outblob", Fault::Error(io::ErrorKind::TimedOut));
    assert!(matches!(error, InterfaceError::Io { .. }), "{error}");
}

#[test]
fn an_empty_quote_is_reported() {
    let error = refused_at_once("read outblob", Fault::Instead(Vec::new()));
    assert!(
        matches!(
            error,
            InterfaceError::Quote {
                flaw: QuoteFlaw::Empty,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn a_quote_that_is_read_in_part_is_reported() {
    for length in [1, 47, 48, 631, 632, 636, 2000] {
        let error = refused_at_once("read outblob", Fault::Cut(length));
        assert!(
            matches!(
                error,
                InterfaceError::Quote {
                    flaw: QuoteFlaw::Unreadable(Error::QuoteTruncated { .. }),
                    ..
                }
            ),
            "{length} bytes: {error}"
        );
    }
}

#[test]
fn a_file_without_end_is_not_read_to_its_end() {
    let error = refused_at_once("read outblob", Fault::Instead(vec![1; MAX_READ + 1]));
    assert!(matches!(error, InterfaceError::TooLong { .. }), "{error}");
}

#[test]
fn a_quote_over_other_report_data_is_refused_although_the_generation_is_right() {
    let other = Pki::development().platform(TcbClass::UpToDate, "tdx").tdx([7; 64]);
    let error = refused_at_once("read outblob", Fault::Instead(other.quote().to_vec()));
    assert!(
        matches!(
            error,
            InterfaceError::Quote {
                flaw: QuoteFlaw::OtherReportData,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn a_quote_of_an_enclave_is_refused() {
    let sgx = Pki::development().platform(TcbClass::UpToDate, "sgx").sgx(DATA);
    let error = refused_at_once("read outblob", Fault::Instead(sgx.quote().to_vec()));
    assert!(
        matches!(
            error,
            InterfaceError::Quote {
                flaw: QuoteFlaw::OtherTee { found: Kind::Sgx, .. },
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn a_write_that_is_taken_in_part_makes_no_quote() {
    // The kernel refuses report data of another length when the quote is read.
    let error = refused_at_once("write inblob", Fault::Cut(63));
    assert!(matches!(error, InterfaceError::Io { doing: "read", .. }), "{error}");
}

#[test]
fn an_entry_that_stays_does_not_spoil_the_quote() {
    let kernel = Kernel::new();
    kernel.faults.add("remove entry", Fault::Error(io::ErrorKind::ResourceBusy));
    assert!(quote(&kernel, &DATA).is_ok());
    assert_eq!(kernel.counts(), (1, 0, 1));
}

#[test]
fn a_failure_is_reported_and_the_next_quote_is_good() {
    let kernel = Kernel::new();
    let tdx = open(&kernel);
    kernel.faults.add("read outblob", Fault::Instead(Vec::new()));
    let Err(TeeError::Attest(why)) = tdx.attest(&DATA) else { panic!() };
    assert!(why.contains("outblob") && why.contains("empty"), "{why}");
    assert!(tdx.attest(&DATA).is_ok());
}

#[test]
fn what_a_run_seals_opens_in_this_run_alone() {
    let kernel = Kernel::new();
    let one = open(&kernel);
    let other = Tdx::with(Box::new(kernel.clone()), Zeroizing::new([2; 32])).unwrap();
    let sealed = one.seal(b"header", b"secret").unwrap();
    assert_eq!(sealed.policy, KeyPolicy::Run);
    assert_eq!(one.unseal(b"header", &sealed).unwrap().as_slice(), b"secret");
    assert!(matches!(other.unseal(b"header", &sealed), Err(TeeError::Unseal)));
    assert!(!one.seal_lasts());
}
