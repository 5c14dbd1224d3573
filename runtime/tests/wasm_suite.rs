//! The negative suite in the runtime's Wasm: compiled for another machine, the verifier says what it says here.

use codec::{Decode, Encode};
use khala_attestation::{
    forge::suite::{cases, controls, Answer, Case, Purpose, Sample},
    Collateral, Error, Finding,
};
use khala_primitives::TcbStatus;
use sc_executor::WasmExecutor;
use sp_core::traits::{CallContext, CodeExecutor, RuntimeCode, WrappedRuntimeCode};
use std::borrow::Cow;

type Said = Result<(TcbStatus, Vec<Finding>), Error>;

/// The runtime as nodes run it.
struct Wasm {
    executor: WasmExecutor<sp_io::SubstrateHostFunctions>,
    code: WrappedRuntimeCode<'static>,
}

impl Wasm {
    fn new() -> Self {
        let code = khala_runtime::WASM_BINARY.expect("built with its Wasm");
        Self {
            executor: WasmExecutor::builder().build(),
            code: WrappedRuntimeCode(Cow::Borrowed(code)),
        }
    }

    /// `None` when the arguments cannot be read: a piece of collateral is larger than any genuine one.
    fn verify(&self, sample: &Sample) -> Option<Said> {
        let arguments = (&sample.quote, &sample.collateral, &sample.roots, sample.at_secs).encode();
        let code = RuntimeCode {
            code_fetcher: &self.code,
            heap_pages: None,
            hash: b"khala".to_vec(),
        };
        let mut externalities = sp_io::TestExternalities::default();
        let (answer, _) = CodeExecutor::call(
            &self.executor,
            &mut externalities.ext(),
            &code,
            "KhalaApi_verify_quote",
            &arguments,
            CallContext::Offchain,
        );
        let said = Said::decode(&mut &answer.ok()?[..]).expect("an answer");
        Some(said.map_err(without_column))
    }
}

/// The list of cases does not count the columns of JSON.
fn without_column(error: Error) -> Error {
    match error {
        Error::Json { part, line, .. } => Error::Json { part, line, column: 0 },
        error => error,
    }
}

fn is_for_a_verdict(case: &Case) -> bool {
    case.purpose == Purpose::Verdict
}

fn expected(case: &Case) -> Option<Said> {
    // Nobody reads what is too large, so that it costs nothing.
    let fits = Collateral::decode(&mut &case.sample.collateral.encode()[..]).is_ok();
    fits.then(|| match &case.expected {
        Answer::Accepted(status) => Ok((*status, vec![])),
        Answer::Refused(error) => Err(*error),
        // The status is that of good evidence, which every sample is made of.
        Answer::Found(findings) => Ok((TcbStatus::UpToDate, findings.clone())),
        Answer::NotAccepted(_) => unreachable!("no policy is asked for a verdict"),
    })
}

#[test]
fn every_case_gets_the_same_answer_in_wasm() {
    let wasm = Wasm::new();
    let all: Vec<Case> = cases().into_iter().chain(controls()).filter(is_for_a_verdict).collect();
    assert!(all.len() >= 60, "{} cases", all.len());
    let wrong: Vec<_> = all
        .iter()
        .filter_map(|case| {
            let said = wasm.verify(&case.sample);
            (said != expected(case)).then(|| format!("{}: {said:?}, expected {:?}", case.name, case.expected))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), all.len(), wrong.join("\n"));
}
