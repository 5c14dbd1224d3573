//! The provider on plain files and on a fake of Gramine with faults.

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
use std::{fs, io, sync::Arc};
use tempfile::TempDir;

const DATA: [u8; 64] = [9; 64];
const MACHINE_KEY: [u8; KEY_BYTES] = *b"0123456789abcdef";

/// What Gramine does with its files.
struct FakeGramine {
    platform: Platform,
    kind: &'static str,
    key: Vec<u8>,
    report_data: Mutex<Vec<u8>>,
    faults: Arc<Faults>,
}

impl FakeGramine {
    fn new(faults: &Arc<Faults>) -> Self {
        Self {
            platform: Pki::development().platform(TcbClass::UpToDate, "gramine"),
            kind: "dcap",
            key: MACHINE_KEY.to_vec(),
            report_data: Mutex::default(),
            faults: faults.clone(),
        }
    }

    fn quote(&self) -> Vec<u8> {
        // Gramine fills what is missing with zeros.
        let mut data = self.report_data.lock().unwrap().clone();
        data.resize(64, 0);
        self.platform.sgx(data.try_into().unwrap()).quote().to_vec()
    }
}

impl Interface for FakeGramine {
    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        self.faults.on_read(name, || match name {
            TYPE => Ok(self.kind.into()),
            KEY => Ok(self.key.clone()),
            QUOTE => Ok(self.quote()),
            _ => Err(io::ErrorKind::NotFound.into()),
        })
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        assert_eq!(name, REPORT_DATA);
        let taken = match self.faults.take("write", name) {
            None => bytes.to_vec(),
            Some(Fault::Cut(length)) => bytes[..length].to_vec(),
            Some(Fault::Forget) => return Ok(()),
            Some(Fault::SomebodyWrites(other)) => other,
            Some(Fault::Error(kind)) => return Err(kind.into()),
            Some(other) => panic!("{other:?} is no fault of a write"),
        };
        *self.report_data.lock().unwrap() = taken;
        Ok(())
    }

    fn make_folder(&self, name: &str) -> io::Result<()> {
        panic!("no folder is made, nor {name}")
    }

    fn remove_folder(&self, name: &str) -> io::Result<()> {
        panic!("no folder is removed, nor {name}")
    }

    fn pause(&self) {
        panic!("nothing is waited for")
    }

    fn place(&self) -> String {
        FOLDER.into()
    }
}

fn open(fake: FakeGramine) -> Result<Gramine, InterfaceError> {
    Gramine::with(Box::new(fake))
}

fn start_with(operation: &'static str, fault: Fault) -> InterfaceError {
    let faults = Arc::<Faults>::default();
    faults.add(operation, fault);
    open(FakeGramine::new(&faults)).err().unwrap()
}

fn attest_with(operation: &'static str, fault: Fault) -> String {
    let faults = Arc::<Faults>::default();
    let gramine = open(FakeGramine::new(&faults)).unwrap();
    faults.add(operation, fault);
    match gramine.attest(&DATA) {
        Err(TeeError::Attest(why)) => {
            assert!(gramine.attest(&DATA).is_ok(), "the next quote is good");
            why
        }
        other => panic!("{other:?}"),
    }
}

/// Plain files with a quote over `data`.
fn plain_files(data: &[u8; 64]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let quote = Pki::development().platform(TcbClass::UpToDate, "gramine").sgx(*data);
    fs::create_dir(folder.path().join("keys")).unwrap();
    for (name, bytes) in [
        (TYPE, &b"dcap"[..]),
        (REPORT_DATA, &[0; 64]),
        (QUOTE, quote.quote()),
        (KEY, &MACHINE_KEY),
    ] {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

#[test]
fn evidence_has_the_report_data_that_were_asked_for() {
    let gramine = open(FakeGramine::new(&Arc::default())).unwrap();
    for data in [DATA, [0; 64], [0xff; 64]] {
        let evidence = gramine.attest(&data).unwrap();
        assert_eq!(evidence.tee(), Kind::Sgx);
        assert_eq!(parse_front(evidence.quote()).unwrap().report.report_data(), &data);
    }
}

#[test]
fn the_measurement_is_the_one_that_the_chain_will_see() {
    let fake = FakeGramine::new(&Arc::default());
    let quote = fake.platform.sgx(DATA);
    let gramine = open(fake).unwrap();
    assert_eq!(gramine.measurement(), measurement::of(&parse_front(quote.quote()).unwrap().report));
    assert!(gramine.trusted() && gramine.seal_lasts());
    assert_eq!(gramine.provider(), "gramine");
}

#[test]
fn it_works_on_files() {
    let folder = plain_files(&SELF_REPORT_DATA);
    let gramine = Gramine::open(folder.path()).unwrap();
    assert_eq!(fs::read(folder.path().join(REPORT_DATA)).unwrap(), SELF_REPORT_DATA);
    assert!(gramine.attest(&SELF_REPORT_DATA).is_ok());
    // Plain files give the old quote for new report data.
    let Err(TeeError::Attest(why)) = gramine.attest(&DATA) else {
        panic!()
    };
    assert!(why.contains("report data"), "{why}");
}

#[test]
fn outside_of_gramine_it_says_how_to_start() {
    let empty = tempfile::tempdir().unwrap();
    let error = Gramine::open(empty.path()).err().unwrap();
    assert!(matches!(error, TeeError::Start { provider: "gramine", .. }));
    assert!(error.to_string().contains("gramine-sgx"), "{error}");
}

#[test]
fn each_missing_file_is_named() {
    for name in [TYPE, KEY, QUOTE, REPORT_DATA] {
        let folder = plain_files(&SELF_REPORT_DATA);
        fs::remove_file(folder.path().join(name)).unwrap();
        let error = Gramine::with(Box::new(Folder::new(folder.path()))).err().unwrap();
        assert!(
            matches!(&error, InterfaceError::Missing { place, .. } if place.ends_with(name)),
            "{error}"
        );
    }
}

#[test]
fn other_kinds_of_attestation_are_refused() {
    for kind in ["none", "epid", ""] {
        let fake = FakeGramine {
            kind,
            ..FakeGramine::new(&Arc::default())
        };
        let error = open(fake).err().unwrap();
        assert!(
            matches!(&error, InterfaceError::OtherKind { found, expected: "dcap", .. } if found == kind),
            "{error}"
        );
    }
}

#[test]
fn a_key_of_another_length_is_refused() {
    for length in [0, KEY_BYTES - 1, KEY_BYTES + 1, 2 * KEY_BYTES] {
        let fake = FakeGramine {
            key: vec![1; length],
            ..FakeGramine::new(&Arc::default())
        };
        let error = open(fake).err().unwrap();
        assert!(
            matches!(error, InterfaceError::KeyLength { found, expected: KEY_BYTES, .. } if found == length),
            "{error}"
        );
    }
}

#[test]
fn a_key_of_zeros_is_no_key() {
    let fake = FakeGramine {
        key: vec![0; KEY_BYTES],
        ..FakeGramine::new(&Arc::default())
    };
    assert!(matches!(open(fake), Err(InterfaceError::ZeroKey { .. })));
}

#[test]
fn messages_do_not_show_the_key() {
    let fake = FakeGramine {
        key: b"secret key bytes that are too many".to_vec(),
        ..FakeGramine::new(&Arc::default())
    };
    let error = open(fake).err().unwrap();
    assert!(!format!("{error} {error:?}").contains("secret key"), "{error}");
}

#[test]
fn what_cannot_be_read_or_written_is_named() {
    for (operation, name) in [
        ("read attestation_type", TYPE),
        ("read _sgx_mrenclave", KEY),
        ("read quote", QUOTE),
        ("write user_report_data", REPORT_DATA),
    ] {
        let error = start_with(operation, Fault::Error(io::ErrorKind::PermissionDenied));
        assert!(
            matches!(&error, InterfaceError::Io { place, doing, .. } if place.ends_with(name) && operation.starts_with(doing)),
            "{error}"
        );
    }
}

#[test]
fn a_quote_service_that_fails_is_reported_and_asked_again_next_time() {
    let why = attest_with("read quote", Fault::Error(io::ErrorKind::PermissionDenied));
    assert!(why.contains("cannot read /dev/attestation/quote"), "{why}");
}

#[test]
fn an_empty_quote_is_reported() {
    assert!(attest_with("read quote", Fault::Instead(Vec::new())).contains("it is empty"));
}

#[test]
fn a_quote_that_is_read_in_part_is_reported() {
    for length in [1, 47, 48, 431, 432, 436, 2000] {
        let error = start_with("read quote", Fault::Cut(length));
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
    let error = start_with("read quote", Fault::Instead(vec![1; MAX_READ + 1]));
    assert!(matches!(error, InterfaceError::TooLong { .. }), "{error}");
}

#[test]
fn a_quote_over_other_report_data_is_refused() {
    let other_flaw = |error: &InterfaceError| {
        matches!(
            error,
            InterfaceError::Quote {
                flaw: QuoteFlaw::OtherReportData,
                ..
            }
        )
    };
    for fault in [Fault::SomebodyWrites(vec![7; 64]), Fault::Cut(12), Fault::Forget] {
        let error = start_with("write user_report_data", fault.clone());
        assert!(other_flaw(&error), "{fault:?}: {error}");
    }
    assert!(attest_with("write user_report_data", Fault::SomebodyWrites(vec![7; 64])).contains("another program"));
}

#[test]
fn a_write_that_fails_makes_no_quote() {
    assert!(attest_with("write user_report_data", Fault::Error(io::ErrorKind::WriteZero)).contains("cannot write"));
}

#[test]
fn a_quote_of_a_td_is_refused() {
    let td = Pki::development().platform(TcbClass::UpToDate, "td").tdx(SELF_REPORT_DATA);
    let error = start_with("read quote", Fault::Instead(td.quote().to_vec()));
    assert!(
        matches!(
            error,
            InterfaceError::Quote {
                flaw: QuoteFlaw::OtherTee { found: Kind::Tdx, .. },
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn a_debug_enclave_starts_but_is_not_trusted() {
    let faults = Arc::<Faults>::default();
    let fake = FakeGramine::new(&faults);
    let mut draft = fake.platform.sgx_draft(SELF_REPORT_DATA);
    draft.sgx_report().unwrap().attributes[0] |= 2;
    faults.add("read quote", Fault::Instead(draft.sign()));
    assert!(!open(fake).unwrap().trusted());
}

#[test]
fn the_same_code_on_the_same_processor_opens_the_seal_and_nothing_else_does() {
    let open_with = |key: &[u8; KEY_BYTES]| {
        open(FakeGramine {
            key: key.to_vec(),
            ..FakeGramine::new(&Arc::default())
        })
        .unwrap()
    };
    let sealed = open_with(&MACHINE_KEY).seal(b"header", b"secret").unwrap();
    assert_eq!(sealed.policy, KeyPolicy::Measurement);
    assert_eq!(open_with(&MACHINE_KEY).unseal(b"header", &sealed).unwrap().as_slice(), b"secret");
    for at in 0..KEY_BYTES {
        let mut other = MACHINE_KEY;
        other[at] ^= 1;
        assert!(matches!(open_with(&other).unseal(b"header", &sealed), Err(TeeError::Unseal)));
    }
}

#[test]
fn the_seal_of_gramines_own_key_does_not_open_the_state() {
    let mut padded = Zeroizing::new([0; 32]);
    padded[..KEY_BYTES].copy_from_slice(&MACHINE_KEY);
    let sealed = Sealer::new(padded, KeyPolicy::Measurement).seal(b"header", b"secret").unwrap();
    let gramine = open(FakeGramine::new(&Arc::default())).unwrap();
    assert!(matches!(gramine.unseal(b"header", &sealed), Err(TeeError::Unseal)));
}

#[test]
fn the_derivation_of_the_sealing_key_stays_what_it_is() {
    // Another derivation would make every worker rebind.
    let fake = FakeGramine::new(&Arc::default());
    let expected = blake2_256(b"khala/gramine-sealing-key/v10123456789abcdef");
    assert_eq!(*sealing_key(&fake).unwrap(), expected);
}

#[test]
fn threads_that_ask_at_the_same_time_each_get_their_own_quote() {
    let gramine = open(FakeGramine::new(&Arc::default())).unwrap();
    std::thread::scope(|scope| {
        for number in 0..4 {
            let gramine = &gramine;
            scope.spawn(move || (0..5).for_each(|_| assert!(gramine.attest(&[number; 64]).is_ok())));
        }
    });
}
