//! `khala worker hand-over` and `khala worker take-over`: a worker goes to another operator, who need not trust the old one.

use crate::{
    args::{Global, HandOver, TakeOver},
    command::{
        consent::Consent,
        registration::{evidence, registered},
        transaction::{submit, Sent, NOTHING_SENT},
        worker,
    },
    failure::{Exit, Failure},
    keys,
    output::{self, Output},
    services::{PRuntime, PRuntimeInfo, WorkerEvidence},
    units,
};
use khala_client::{calls::registry as calls, At, Chain};
use khala_primitives::{status::WorkerStatus, AccountId32, OperatorChange, OperatorSignature, WorkerPublicKey, H256};
use serde::Serialize;
use sp_core::{sr25519, Pair};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct HandedOver {
    #[serde(flatten)]
    change: OperatorChange,
    from: AccountId32,
    signature: OperatorSignature,
}

/// `khala worker hand-over WORKER --pruntime URL --to ACCOUNT --key-file OLD_OPERATOR_KEY`. Done again, it does the same again.
pub async fn hand_over(global: &Global, args: &HandOver) -> Result<Exit, Failure> {
    let consent = Consent::new(global, &args.signing)?;
    let (key, pruntime) = (keys::load(&args.signing.key_file)?, PRuntime::at(&args.pruntime)?);
    let worker = worker::key_of(&args.worker).await?;
    let chain = Chain::connect(&global.url).await?;
    let status = chain.worker_status(worker, At::Best).await?;
    let from = key.id();
    let change = change_of(&status, from, &args.to)?;
    check_pruntime(&pruntime.info().await?, &args.pruntime, &change, from)?;
    if !consent.ask(&permission_lines(&change, from))? {
        match global.output {
            Output::Json => output::print_json(&change)?,
            Output::Table => output::print_lines([NOTHING_SENT])?,
        }
        return Ok(Exit::Done);
    }
    let signature = key.sign(&change.message(&chain.genesis_hash()));
    pruntime.change_operator(&args.to, &signature).await?;
    let handed_over = HandedOver {
        change,
        from: from.clone(),
        signature,
    };
    match global.output {
        Output::Json => output::print_json(&handed_over)?,
        Output::Table => output::print_lines(handed_over_lines(&handed_over, &args.pruntime))?,
    }
    Ok(Exit::Done)
}

/// What `from` has to sign, when it may.
fn change_of(status: &WorkerStatus, from: &AccountId32, to: &AccountId32) -> Result<OperatorChange, Failure> {
    let registration = registered(status)?;
    if registration.operator != *from {
        return Err(Failure::usage(format!(
            "the key is that of {}, but the operator of the worker {} is {}: sign with that one's key",
            units::address(from),
            status.worker,
            units::address(&registration.operator)
        )));
    }
    if from == to {
        return Err(Failure::usage(format!(
            "the worker {} belongs to {} already: name the new operator with --to",
            status.worker,
            units::address(to)
        )));
    }
    without_session(status)?;
    Ok(OperatorChange {
        worker: status.worker,
        operator: to.clone(),
        change: registration.operator_changes,
    })
}

/// The chain gives away only what mines for nobody; and a pRuntime that has changed its operator renews for the new one alone.
fn without_session(status: &WorkerStatus) -> Result<(), Failure> {
    match &status.session {
        Some(session) => Err(Failure::failed(format!(
            "the worker {} is in pool {}: its operator stops it (stakePool.stop_worker), waits for the cool-down, and takes it out \
             (stakePool.remove_worker) first",
            status.worker, session.pool
        ))),
        None => Ok(()),
    }
}

/// Is it this worker's pRuntime, and has it the operator that the chain has, or the new one already?
fn check_pruntime(info: &PRuntimeInfo, url: &str, change: &OperatorChange, from: &AccountId32) -> Result<(), Failure> {
    if info.identity_key != Some(change.worker) {
        let found = info.identity_key.map_or("has no key yet".into(), |key| format!("is {key}"));
        return Err(Failure::failed(format!(
            "the pRuntime at {url} {found}, not the worker {}: name that one's pRuntime",
            change.worker
        )));
    }
    let (operator, changes) = (info.operator.as_ref(), info.operator_changes);
    let asked_before = operator == Some(&change.operator) && changes == change.change.checked_add(1);
    if asked_before || (operator == Some(from) && changes == Some(change.change)) {
        return Ok(());
    }
    let operator = operator.map_or("nobody".into(), units::address);
    Err(Failure::failed(format!(
        "the pRuntime at {url} belongs to {operator} after {} changes of its operator, but the chain has it with {} after {}: \
         end the earlier change with `khala worker take-over` first",
        changes.unwrap_or_default(),
        units::address(from),
        change.change
    )))
}

/// What is about to be signed: no call, so it costs nothing.
fn permission_lines(change: &OperatorChange, from: &AccountId32) -> Vec<String> {
    vec![
        "signs    the permission to give the worker away".into(),
        format!("worker   {}", change.worker),
        format!("to       {}", units::address(&change.operator)),
        format!("account  {}", units::address(from)),
        "fee      none".into(),
    ]
}

fn handed_over_lines(handed_over: &HandedOver, url: &str) -> Vec<String> {
    let HandedOver { change, signature, .. } = handed_over;
    let worker = change.worker;
    vec![
        format!("The pRuntime of {worker} now answers for {}.", units::address(&change.operator)),
        "On the chain it changes hands when the new operator runs:".into(),
        String::new(),
        format!("    khala worker take-over {worker} --pruntime {url} --signature {signature} --key-file FILE"),
    ]
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TakenOver {
    worker: WorkerPublicKey,
    from: AccountId32,
    to: AccountId32,
    #[serde(flatten)]
    sent: Sent,
}

/// `khala worker take-over WORKER --pruntime URL --signature HEX --key-file NEW_OPERATOR_KEY`.
pub async fn take_over(global: &Global, args: &TakeOver) -> Result<Exit, Failure> {
    let consent = Consent::new(global, &args.signing)?;
    let (key, pruntime) = (keys::load(&args.signing.key_file)?, PRuntime::at(&args.pruntime)?);
    let worker = worker::key_of(&args.worker).await?;
    let chain = Chain::connect(&global.url).await?;
    let status = chain.worker_status(worker, At::Best).await?;
    let to = key.id();
    let from = check_permission(&status, to, &args.signature, &chain.genesis_hash())?;
    let WorkerEvidence { info, evidence } = evidence(&chain, &pruntime, to).await?;
    if info.identity_key != worker {
        return Err(Failure::failed(format!(
            "the pRuntime at {} is {}, not the worker {worker}: name that one's pRuntime",
            args.pruntime, info.identity_key
        )));
    }
    let call = calls::change_operator(&info, &evidence, &args.signature);
    let Some(receipt) = submit(&consent, &chain, &key, &call).await? else {
        return Ok(Exit::Done);
    };
    let taken_over = TakenOver {
        worker,
        from,
        to: to.clone(),
        sent: Sent::from(&receipt),
    };
    match global.output {
        Output::Json => output::print_json(&taken_over)?,
        Output::Table => output::print_lines(taken_over_lines(&taken_over))?,
    }
    Ok(Exit::Done)
}

/// Has the operator that the chain knows permitted this change? Whoever has not is told before it costs a fee.
///
/// Returns that operator.
fn check_permission(
    status: &WorkerStatus,
    to: &AccountId32,
    signature: &OperatorSignature,
    genesis_hash: &H256,
) -> Result<AccountId32, Failure> {
    let registration = registered(status)?;
    let (worker, from) = (status.worker, registration.operator);
    if from == *to {
        return Err(Failure::failed(format!(
            "the worker {worker} belongs to {} already: nothing is left to do",
            units::address(to)
        )));
    }
    without_session(status)?;
    let change = OperatorChange {
        worker,
        operator: to.clone(),
        change: registration.operator_changes,
    };
    let (key, signature) = (sr25519::Public::from_raw(*from.as_ref()), sr25519::Signature::from_raw(signature.0));
    let messages = [change.message(genesis_hash), change.wrapped_message(genesis_hash)];
    if !messages.iter().any(|message| sr25519::Pair::verify(&signature, message, &key)) {
        return Err(Failure::failed(format!(
            "this is no signature of {} that gives the worker {worker} to {} as change {}: the key must be the new operator's, and the \
             signature the newest that `khala worker hand-over` printed for it",
            units::address(&from),
            units::address(to),
            change.change
        )));
    }
    Ok(from)
}

fn taken_over_lines(taken_over: &TakenOver) -> Vec<String> {
    vec![
        format!(
            "{} went from {} to {} {}.",
            taken_over.worker,
            units::address(&taken_over.from),
            units::address(&taken_over.to),
            taken_over.sent
        ),
        "Next: change its operator in the relayer's configuration, and take it into a pool.".into(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::{account, session, status, GENESIS, WORKER};
    use khala_primitives::Instance;

    fn pruntime(operator: &str, changes: u32) -> PRuntimeInfo {
        PRuntimeInfo {
            identity_key: Some(WORKER),
            operator: Some(account(operator)),
            operator_changes: Some(changes),
            instance: Instance([1; 16]),
        }
    }

    fn change() -> OperatorChange {
        change_of(&status(), &account("//Old"), &account("//New")).unwrap()
    }

    fn signed(secret: &str, message: &[u8]) -> OperatorSignature {
        OperatorSignature(sr25519::Pair::from_string(secret, None).unwrap().sign(message).0)
    }

    #[test]
    fn the_operator_signs_the_next_change_that_the_chain_counts() {
        let change = change();
        assert_eq!((change.worker, change.change), (WORKER, 2));
        assert_eq!(change.operator, account("//New"));
    }

    #[test]
    fn only_the_operator_hands_over_only_to_another_one_only_without_a_session() {
        let (old, new) = (account("//Old"), account("//New"));
        let failure = change_of(&status(), &new, &old).unwrap_err();
        assert_eq!(failure.exit, Exit::Usage);
        assert!(failure.message.contains(&units::address(&old)), "{failure}");
        assert_eq!(change_of(&status(), &old, &old).unwrap_err().exit, Exit::Usage);
        let mut busy = status();
        busy.session = Some(session());
        assert!(change_of(&busy, &old, &new).unwrap_err().message.contains("is in pool 1"));
    }

    #[test]
    fn a_pruntime_before_or_after_the_change_is_asked_and_no_other() {
        let (change, old) = (change(), account("//Old"));
        let check = |info: PRuntimeInfo| check_pruntime(&info, "http://a:1", &change, &old);
        assert!(check(pruntime("//Old", 2)).is_ok());
        assert!(check(pruntime("//New", 3)).is_ok(), "asked again after a lost answer");
        for (operator, changes) in [("//Old", 1), ("//Old", 3), ("//New", 2), ("//New", 4), ("//Third", 3)] {
            let failure = check(pruntime(operator, changes)).unwrap_err();
            assert!(failure.message.contains("take-over"), "{operator} {changes}: {failure}");
        }
        let other = PRuntimeInfo {
            identity_key: Some(WorkerPublicKey([9; 32])),
            ..pruntime("//Old", 2)
        };
        assert!(check(other).unwrap_err().message.contains("not the worker"));
        let fresh = PRuntimeInfo {
            identity_key: None,
            ..pruntime("//Old", 2)
        };
        assert!(check(fresh).unwrap_err().message.contains("has no key yet"));
    }

    #[test]
    fn a_permission_is_taken_plain_and_as_wallets_sign_it() {
        let (change, new) = (change(), account("//New"));
        for message in [change.message(&GENESIS), change.wrapped_message(&GENESIS)] {
            let from = check_permission(&status(), &new, &signed("//Old", &message), &GENESIS).unwrap();
            assert_eq!(from, account("//Old"));
        }
    }

    #[test]
    fn a_permission_by_or_for_somebody_else_or_another_change_is_refused_before_it_costs() {
        let (good, new) = (change(), account("//New"));
        let changed = |change: u32| OperatorChange { change, ..good.clone() };
        for (what, secret, to, change, genesis) in [
            ("another signer", "//New", &new, good.clone(), GENESIS),
            ("another receiver", "//Old", &account("//Third"), good.clone(), GENESIS),
            ("a used permission", "//Old", &new, changed(1), GENESIS),
            ("an early permission", "//Old", &new, changed(3), GENESIS),
            ("another chain", "//Old", &new, good.clone(), H256([4; 32])),
        ] {
            let signature = signed(secret, &change.message(&genesis));
            let failure = check_permission(&status(), to, &signature, &GENESIS).unwrap_err();
            assert!(failure.message.contains("no signature"), "{what}: {failure}");
        }
    }

    #[test]
    fn what_is_done_already_or_cannot_be_done_now_is_said() {
        let signature = signed("//Old", &change().message(&GENESIS));
        let failure = check_permission(&status(), &account("//Old"), &signature, &GENESIS).unwrap_err();
        assert!(failure.message.contains("already"), "{failure}");
        let mut busy = status();
        busy.session = Some(session());
        assert!(check_permission(&busy, &account("//New"), &signature, &GENESIS).is_err());
    }

    #[test]
    fn the_new_operator_gets_a_line_to_run() {
        let handed_over = HandedOver {
            change: change(),
            from: account("//Old"),
            signature: OperatorSignature([5; 64]),
        };
        let lines = handed_over_lines(&handed_over, "http://a:1").join("\n");
        let expected = format!("khala worker take-over {WORKER} --pruntime http://a:1 --signature 0x0505");
        assert!(lines.contains(&expected), "{lines}");
        let json = serde_json::to_value(&handed_over).unwrap();
        assert_eq!((&json["change"], &json["worker"]), (&2.into(), &WORKER.to_string().into()));
    }
}
