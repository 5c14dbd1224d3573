//! `khala worker reverify` and `khala worker rebind`: a registered worker is judged again, or gets another key.

use crate::{
    args::{Global, Rebind, Reverify},
    command::{
        consent::Consent,
        transaction::{submit, Sent},
        worker,
    },
    failure::{Exit, Failure},
    keys,
    output::{self, Output},
    services::{PRuntime, WorkerEvidence},
    units,
};
use khala_client::{calls::registry as calls, At, Chain};
use khala_primitives::{
    status::{RegistrationStatus, WorkerStatus},
    AccountId32, ConfidenceLevel, Freshness, TcbStatus, WorkerPublicKey,
};
use serde::Serialize;

/// What a worker's registration is worth.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Worth {
    confidence_level: ConfidenceLevel,
    tcb_status: TcbStatus,
    /// End of its lease, in seconds since 1970.
    lease_end_secs: u64,
    /// Why its evidence does not hold any more.
    refused: Option<String>,
}

impl From<RegistrationStatus> for Worth {
    fn from(registration: RegistrationStatus) -> Self {
        Self {
            confidence_level: registration.confidence_level,
            tcb_status: registration.tcb_status,
            lease_end_secs: registration.lease_end_secs,
            refused: registration.refused,
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Reverified {
    worker: WorkerPublicKey,
    changed: bool,
    before: Worth,
    after: Worth,
    #[serde(flatten)]
    sent: Sent,
}

/// `khala worker reverify WORKER --key-file FILE`.
pub async fn reverify(global: &Global, args: &Reverify) -> Result<Exit, Failure> {
    let consent = Consent::new(global, &args.signing)?;
    let key = keys::load(&args.signing.key_file)?;
    let worker = worker::key_of(&args.worker).await?;
    let chain = Chain::connect(&global.url).await?;
    registered(&chain.worker_status(worker, At::Best).await?)?;
    let Some(receipt) = submit(&consent, &chain, &key, &calls::reverify_worker(worker)).await? else {
        return Ok(Exit::Done);
    };
    // Its own block against the one before: nothing else had time to change much.
    let before = registered(&chain.worker_status(worker, At::Hash(receipt.block.parent)).await?)?.into();
    let after = registered(&chain.worker_status(worker, At::Hash(receipt.block.hash)).await?)?.into();
    let reverified = Reverified {
        worker,
        changed: before != after,
        before,
        after,
        sent: Sent::from(&receipt),
    };
    match global.output {
        Output::Json => output::print_json(&reverified)?,
        Output::Table => output::print_lines(reverified_lines(&reverified))?,
    }
    Ok(Exit::Done)
}

fn reverified_lines(reverified: &Reverified) -> Vec<String> {
    let Reverified {
        worker,
        before,
        after,
        sent,
        ..
    } = reverified;
    let change = |before: String, after: String| {
        if before == after {
            format!("{after}, as before")
        } else {
            format!("{after}, before: {before}")
        }
    };
    let lease = |worth: &Worth| format!("until {} UTC", units::moment(worth.lease_end_secs));
    let refused = |worth: &Worth| worth.refused.clone().unwrap_or_else(|| "nothing".into());
    vec![
        format!("{worker} was judged again {sent}."),
        format!(
            "confidence level  {}",
            change(before.confidence_level.to_string(), after.confidence_level.to_string())
        ),
        format!(
            "TCB status        {}",
            change(before.tcb_status.to_string(), after.tcb_status.to_string())
        ),
        format!("lease             {}", change(lease(before), lease(after))),
        format!("against it        {}", change(refused(before), refused(after))),
    ]
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Rebound {
    old: WorkerPublicKey,
    new: WorkerPublicKey,
    operator: AccountId32,
    /// Is it on another machine than before?
    elsewhere: bool,
    #[serde(flatten)]
    sent: Sent,
}

/// `khala worker rebind OLD_KEY --pruntime URL --key-file FILE`.
pub async fn rebind(global: &Global, args: &Rebind) -> Result<Exit, Failure> {
    let consent = Consent::new(global, &args.signing)?;
    let (key, pruntime) = (keys::load(&args.signing.key_file)?, PRuntime::at(&args.pruntime)?);
    let chain = Chain::connect(&global.url).await?;
    let before = registered(&chain.worker_status(args.old, At::Best).await?)?;
    let WorkerEvidence { info, evidence } = evidence(&chain, &pruntime, &before.operator).await?;
    let new = info.identity_key;
    check_rebind(args, &chain.worker_status(new, At::Best).await?)?;
    let call = calls::rebind_worker(args.old, &info, &evidence);
    let Some(receipt) = submit(&consent, &chain, &key, &call).await? else {
        return Ok(Exit::Done);
    };
    let after = registered(&chain.worker_status(new, At::Hash(receipt.block.hash)).await?)?;
    let rebound = Rebound {
        old: args.old,
        new,
        elsewhere: after.platform_id != before.platform_id,
        operator: after.operator,
        sent: Sent::from(&receipt),
    };
    match global.output {
        Output::Json => output::print_json(&rebound)?,
        Output::Table => output::print_lines(rebound_lines(&rebound))?,
    }
    Ok(Exit::Done)
}

/// The chain must not know the pRuntime's key yet.
fn check_rebind(args: &Rebind, new: &WorkerStatus) -> Result<(), Failure> {
    let (key, url) = (new.worker, &args.pruntime);
    if key == args.old {
        return Err(Failure::failed(format!(
            "the pRuntime at {url} still has the key {key}: there is nothing to rebind, the relayer renews it"
        )));
    }
    match &new.registration {
        Some(_) => Err(Failure::failed(format!(
            "the pRuntime at {url} is the worker {key}, which is registered: name the pRuntime that has lost the key {}",
            args.old
        ))),
        None => Ok(()),
    }
}

fn rebound_lines(rebound: &Rebound) -> Vec<String> {
    let mut lines = vec![
        format!("{} has the key", rebound.old),
        format!("{} {}; the old key is given up for ever.", rebound.new, rebound.sent),
        "Pool, stake and session stay. The relayer finds the new key by itself.".into(),
    ];
    if rebound.elsewhere {
        lines.push("It is on another machine than before: the chain asks for a new benchmark.".into());
    }
    lines
}

/// What the chain knows of a worker.
pub(super) fn registered(status: &WorkerStatus) -> Result<RegistrationStatus, Failure> {
    status.registration.clone().ok_or_else(|| {
        Failure::failed(format!(
            "the chain does not know the worker {}: is this its key, and does the node at --url belong to its chain?",
            status.worker
        ))
    })
}

/// Evidence from a pRuntime, as fresh as the newest finalised block.
pub(super) async fn evidence(chain: &Chain, pruntime: &PRuntime, operator: &AccountId32) -> Result<WorkerEvidence, Failure> {
    let block = chain.finalized().await?;
    let freshness = Freshness {
        number: block.number,
        hash: block.hash,
    };
    pruntime.evidence(chain.genesis_hash(), operator, freshness).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        args::Signing,
        command::testing::{account, registration, status, WORKER},
    };
    use khala_primitives::H256;

    const SENT: Sent = Sent {
        block: 9,
        block_hash: H256([1; 32]),
        transaction: H256([2; 32]),
        fee: 0,
    };

    fn rebinding(old: WorkerPublicKey) -> Rebind {
        Rebind {
            old,
            pruntime: "http://a:1".into(),
            signing: Signing {
                key_file: "-".into(),
                dry_run: false,
            },
        }
    }

    #[test]
    fn a_worker_that_the_chain_does_not_know_is_named() {
        let mut status = status();
        assert_eq!(registered(&status).unwrap(), registration());
        status.registration = None;
        let failure = registered(&status).unwrap_err();
        assert_eq!(failure.exit, Exit::Failed);
        assert!(failure.message.contains(&WORKER.to_string()), "{failure}");
    }

    #[test]
    fn only_a_key_that_is_new_to_the_chain_takes_an_old_ones_place() {
        let old = WorkerPublicKey([9; 32]);
        let mut new = status();
        assert!(check_rebind(&rebinding(WORKER), &new)
            .unwrap_err()
            .message
            .contains("nothing to rebind"));
        assert!(check_rebind(&rebinding(old), &new).unwrap_err().message.contains("is registered"));
        new.registration = None;
        assert!(check_rebind(&rebinding(old), &new).is_ok());
    }

    #[test]
    fn a_judgement_says_what_is_as_before_and_what_is_not() {
        let before = Worth::from(registration());
        let after = Worth {
            confidence_level: ConfidenceLevel::Four,
            refused: Some("its firmware is too old".into()),
            ..before.clone()
        };
        let reverified = Reverified {
            worker: WORKER,
            changed: before != after,
            before,
            after,
            sent: SENT,
        };
        let lines = reverified_lines(&reverified);
        assert!(lines[0].ends_with("was judged again in block 9, without a fee."), "{lines:#?}");
        assert_eq!(lines[1], "confidence level  4, before: 1");
        assert_eq!(lines[2], "TCB status        UpToDate, as before");
        assert_eq!(lines[4], "against it        its firmware is too old, before: nothing");
        let json = serde_json::to_value(&reverified).unwrap();
        assert_eq!((&json["changed"], &json["block"]), (&true.into(), &9.into()));
        assert_eq!(json["before"]["leaseEndSecs"], 1_790_000_000);
    }

    #[test]
    fn a_rebound_worker_elsewhere_is_told_of_the_benchmark() {
        let mut rebound = Rebound {
            old: WorkerPublicKey([9; 32]),
            new: WORKER,
            operator: account("//Old"),
            elsewhere: false,
            sent: SENT,
        };
        assert!(!rebound_lines(&rebound).join(" ").contains("benchmark"));
        rebound.elsewhere = true;
        assert!(rebound_lines(&rebound).join(" ").contains("benchmark"));
    }
}
