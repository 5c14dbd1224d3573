//! Workers and reporters that lie are refused by the transaction pool, each in its own way, and honest workers go on earning.
//! When nobody answers for the workers any more, the validator finds them offline by itself.

use khala::network::{
    check::everybody_paid,
    wait::{until, Seen},
    Network, Options, Sample,
};
use khala_client::{calls::mining, At, Call, Chain, PoolError};
use khala_primitives::{
    status::{Absence, Reason, SessionState},
    BlockNumber, Challenge, Heartbeat, Instance, SignedHeartbeat, WorkerPublicKey, H256,
};
use khala_tests::{
    puppet::{challenges, Puppet},
    quick_with, silent, started,
};
use serde_json::json;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(180);
/// An attack starts with a challenge at most so old, so that there are blocks left for all of it.
const FRESH: BlockNumber = 4;
/// Blocks in which an answer is in time.
const WINDOW: BlockNumber = 20;
/// Blocks after these in which a miss can be reported. Short, so that the test reaches what is too late.
const REPORT_WINDOW: BlockNumber = 40;
/// What is not live any more, or never was.
const STALE: &[PoolError] = &[PoolError::Stale];
/// What was in a block before, byte for byte, and may still be in the pool.
const REPLAYED: &[PoolError] = &[PoolError::Stale, PoolError::AlreadyImported];

#[tokio::test]
async fn lies_are_refused_each_in_its_own_way_and_honest_workers_go_on_earning() {
    let options = Options {
        genesis: quick_with(json!({ "mining": { "mining": { "reportWindow": REPORT_WINDOW } } })),
        ..Options::ephemeral(2)
    };
    let mut network = started(&options).await.unwrap();
    let first = network.sample().await.unwrap();
    let before = everybody_paid(&mut network, &mut silent(), &first).await.unwrap();
    let (one, two) = (
        Puppet::start(&network, 101).await.unwrap(),
        Puppet::start(&network, 102).await.unwrap(),
    );

    a_worker_lies_about_one_challenge(network.chain(), &one).await;
    bad_batches_are_refused_and_a_good_one_cannot_be_pushed_out(network.chain(), &one, &two).await;
    a_reporter_lies(network.chain(), &one, &key(&before, "worker-1")).await;

    let after = everybody_paid(&mut network, &mut silent(), &before).await.unwrap();
    for (before, after) in before.workers.iter().zip(&after.workers) {
        let [before, after] = [before, after].map(|worker| worker.session().unwrap());
        assert_eq!(
            (before.id, before.stake, before.since_block),
            (after.id, after.stake, after.since_block),
            "it never stopped"
        );
    }
    let (before, after) = (&before.network, &after.network);
    assert_eq!(
        before.subsidy - after.subsidy,
        after.paid - before.paid + after.treasury_part - before.treasury_part
    );
    the_validator_alone_finds_them_offline(&mut network).await;
}

fn key(sample: &Sample, name: &str) -> WorkerPublicKey {
    sample.worker(name).unwrap().chain.as_ref().unwrap().worker
}

/// Sends an authorised call and expects one of these refusals.
async fn refused(chain: &Chain, what: &str, call: &Call, expected: &[PoolError]) {
    let is_expected = |error: &PoolError| expected.contains(error);
    refused_if(chain, &format!("{what}, expected one of {expected:?}"), call, is_expected).await;
}

async fn refused_if(chain: &Chain, what: &str, call: &Call, is_expected: impl Fn(&PoolError) -> bool) {
    let outcome = chain.submit_general(call).await;
    let error = outcome.as_ref().err().and_then(|error| error.pool_error());
    assert!(error.is_some_and(is_expected), "{what}: {outcome:?}");
}

/// Each heartbeat is right but for one thing; then the right one is taken, so that nothing else was wrong.
async fn a_worker_lies_about_one_challenge(chain: &Chain, puppet: &Puppet) {
    let hit = puppet.hit(chain, FRESH).await.unwrap();
    let right = puppet.answer(&hit);
    let wrong: [(&str, Heartbeat); 5] = [
        (
            "a wrong seed",
            Heartbeat {
                seed: H256::repeat_byte(1),
                ..right
            },
        ),
        (
            "a session that is over",
            Heartbeat {
                session_id: puppet.old_session,
                ..right
            },
        ),
        (
            "a session that never was",
            Heartbeat {
                session_id: u64::MAX,
                ..right
            },
        ),
        (
            "a clone, which is another instance",
            Heartbeat {
                instance: Instance([0; 16]),
                ..right
            },
        ),
        (
            "a block of the future",
            Heartbeat {
                block: hit.block + 1_000,
                ..right
            },
        ),
    ];
    for (what, heartbeat) in wrong {
        refused(chain, what, &mining::heartbeat(&[puppet.sign(heartbeat)]), STALE).await;
    }
    let forged = SignedHeartbeat {
        heartbeat: right,
        ..puppet.sign(Heartbeat { iterations: 1, ..right })
    };
    refused(
        chain,
        "a signature of something else",
        &mining::heartbeat(&[forged]),
        &[PoolError::BadProof],
    )
    .await;

    let before = puppet.status(chain).await.unwrap();
    let signed = puppet.sign(right);
    chain.submit_general(&mining::heartbeat(&[signed])).await.unwrap();
    let after = puppet.answered(chain, hit.block).await.unwrap();
    assert!(
        after.paid > before.paid && after.heartbeats == before.heartbeats + 1,
        "{before:?} {after:?}"
    );
    refused(chain, "the same answer again", &mining::heartbeat(&[signed]), REPLAYED).await;
    let faster = puppet.sign(Heartbeat {
        iterations: 1_000,
        elapsed_ms: 500,
        ..right
    });
    // By the chain, or by a pool that has not yet let go of the answer that was taken.
    let is_late = |error: &PoolError| STALE.contains(error) || matches!(error, PoolError::TooLowPriority(_));
    refused_if(
        chain,
        "another answer to the same challenge",
        &mining::heartbeat(&[faster]),
        is_late,
    )
    .await;
}

async fn bad_batches_are_refused_and_a_good_one_cannot_be_pushed_out(chain: &Chain, one: &Puppet, two: &Puppet) {
    until("a batch in the pool for so long that it is attacked there", LIMIT, || async {
        let (first, second) = (answer_to_a_hit(chain, one).await, answer_to_a_hit(chain, two).await);
        let twice = one.sign(Heartbeat {
            iterations: 1,
            ..first.heartbeat
        });
        refused(
            chain,
            "a worker twice",
            &mining::heartbeat(&[first, second, twice]),
            &[PoolError::Call],
        )
        .await;
        let bad = SignedHeartbeat {
            signature: first.signature,
            ..second
        };
        for batch in [[first, bad], [bad, first]] {
            refused(chain, "one bad signature", &mining::heartbeat(&batch), &[PoolError::BadProof]).await;
        }

        let batch = mining::heartbeat(&[first, second]);
        chain.submit_general(&batch).await?;
        let copied = chain.submit_general(&batch).await;
        let subset = chain.submit_general(&mining::heartbeat(&[first])).await;
        for (puppet, answer) in [(one, first), (two, second)] {
            puppet.answered(chain, answer.heartbeat.block).await?;
        }
        refused(chain, "the batch again", &batch, REPLAYED).await;
        let errors = [copied, subset].map(|outcome| outcome.expect_err("a copy was taken").pool_error().cloned());
        Ok(match &errors {
            [Some(PoolError::AlreadyImported), Some(PoolError::TooLowPriority(_))] => Seen::Now(()),
            // The batch was in a block before the attack: once more.
            [_, Some(PoolError::Stale)] => Seen::NotYet(format!("{errors:?}")),
            _ => panic!("a copy and a subset were refused otherwise: {errors:?}"),
        })
    })
    .await
    .unwrap();
}

/// The signed answer to the newest challenge that can still be answered for some blocks.
async fn answer_to_a_hit(chain: &Chain, puppet: &Puppet) -> SignedHeartbeat {
    puppet.sign(puppet.answer(&puppet.hit(chain, WINDOW / 2).await.unwrap()))
}

/// `honest` is a worker that answers everything.
async fn a_reporter_lies(chain: &Chain, puppet: &Puppet, honest: &WorkerPublicKey) {
    let hit = silence_after_an_answer(chain, puppet).await;
    let answered = puppet.status(chain).await.unwrap().answered;
    refused(chain, "too early", &mining::report_offline(puppet.key(), hit.block), STALE).await;

    // The block after the last answer is old enough now, and the puppet does owe an answer, but not to that block.
    reach(chain, answered + 1 + WINDOW + 1).await;
    refused(chain, "not hit", &mining::report_offline(puppet.key(), answered + 1), STALE).await;
    let status = puppet.status(chain).await.unwrap();
    assert_eq!(
        (status.state, status.answered),
        (SessionState::Idle, answered),
        "it was refused for another reason"
    );

    let head = chain.best().await.unwrap().number;
    let old = challenges(chain, head + FRESH - WINDOW - REPORT_WINDOW, head - WINDOW)
        .await
        .unwrap();
    let asked = old
        .iter()
        .find(|challenge| challenge.hits(honest))
        .expect("it is asked every five blocks");
    refused(chain, "answered", &mining::report_offline(*honest, asked.block), STALE).await;
    refused(
        chain,
        "an unknown worker",
        &mining::report_offline(WorkerPublicKey([9; 32]), asked.block),
        STALE,
    )
    .await;

    // An honest report of the same worker is taken, from the relayer or the validator; but once.
    let missed = until("the silent worker to be reported", LIMIT, || async {
        let status = chain.worker_status(puppet.key(), At::Best).await?;
        Ok(match status.explanation.reason {
            Reason::Offline { missed_block } => Seen::Now(missed_block),
            reason => Seen::NotYet(format!("{reason:?}")),
        })
    })
    .await
    .unwrap();
    assert_eq!(
        missed, hit.block,
        "a report that was refused as too early must not keep the pool from taking it later"
    );
    refused(
        chain,
        "an accepted report again",
        &mining::report_offline(puppet.key(), missed),
        REPLAYED,
    )
    .await;

    reach(chain, asked.block + WINDOW + REPORT_WINDOW + 1).await;
    refused(chain, "too late", &mining::report_offline(*honest, asked.block), STALE).await;
}

/// Lets a worker answer until its next challenge comes some blocks after an answered one, and returns that next challenge, which
/// stays unanswered.
async fn silence_after_an_answer(chain: &Chain, puppet: &Puppet) -> Challenge {
    until("a challenge some blocks after the one before", LIMIT, || async {
        let answered = puppet.status(chain).await?.answered;
        let hit = puppet.hit(chain, FRESH).await?;
        if hit.block >= answered + FRESH && !is_asked(chain, puppet, answered + 1, hit.block).await? {
            return Ok(Seen::Now(hit));
        }
        chain
            .submit_general(&mining::heartbeat(&[puppet.sign(puppet.answer(&hit))]))
            .await?;
        puppet.answered(chain, hit.block).await?;
        Ok(Seen::NotYet(format!("{answered}, then {}", hit.block)))
    })
    .await
    .unwrap()
}

/// Is a worker asked in one of the blocks from `first` on, before `end`?
async fn is_asked(chain: &Chain, puppet: &Puppet, first: BlockNumber, end: BlockNumber) -> anyhow::Result<bool> {
    let before = challenges(chain, first, end - 1).await?;
    Ok(before.iter().any(|challenge| challenge.hits(&puppet.key())))
}

/// Waits until what is sent now would be in a block of this number or a later one.
async fn reach(chain: &Chain, block: BlockNumber) {
    until(format!("block {block}"), LIMIT, || async {
        let head = chain.best().await?.number;
        Ok(match head + 1 >= block {
            true => Seen::Now(()),
            false => Seen::NotYet(format!("block {head}")),
        })
    })
    .await
    .unwrap();
}

async fn the_validator_alone_finds_them_offline(network: &mut Network) {
    let sample = network.sample().await.unwrap();
    network.stop_relayer().await.unwrap();
    for worker in ["worker-1", "worker-2"].map(|name| key(&sample, name)) {
        until(format!("{worker} to be offline"), LIMIT, || async {
            let session = network.chain().worker_status(worker, At::Best).await?.session;
            Ok(match session.map(|session| session.state) {
                Some(SessionState::Unresponsive { cause: Absence::Offline }) => Seen::Now(()),
                other => Seen::NotYet(format!("{other:?}")),
            })
        })
        .await
        .unwrap();
    }
}
