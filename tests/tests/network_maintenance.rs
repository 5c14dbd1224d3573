//! An operator pauses a worker with the command line, works on its machine, and resumes it: nobody reports it meanwhile, its value
//! stays, and it earns again afterwards.

use khala::network::{
    cast::OPERATORS,
    check::{everybody_paid, Victim},
    Network, Sample,
};
use khala_primitives::status::{Absence, Reason, SessionState, SessionStatus};
use khala_tests::{command_line::khala, mining, silent, watch, watch_without};
use serde_json::Value;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(300);
/// The one that is paused.
const PAUSED: &str = "worker-1";
/// A worker that is away without a pause is reported earlier, in blocks: with a challenge in five blocks and a window of 20.
const LONG: u32 = 60;

#[tokio::test]
async fn a_paused_worker_is_not_reported_keeps_its_value_and_earns_again_after_it_was_resumed() {
    let mut network = mining(2).await.unwrap();
    let first = network.sample().await.unwrap();
    let before = everybody_paid(&mut network, &mut silent(), &first).await.unwrap();

    // Nobody else pauses it, and trying is free.
    let [operator, other] = OPERATORS.map(Some);
    let run = |arguments: &[&str], secret| khala(&network, arguments, secret).unwrap();
    let stranger = run(&["worker", "pause", PAUSED, "--yes"], other).err;
    assert!(stranger.contains("sign with that one's key"), "{stranger}");
    let early = run(&["worker", "resume", PAUSED, "--yes"], operator).err;
    assert!(early.contains("only a worker that is paused"), "{early}");
    let unasked = run(&["worker", "pause", PAUSED], operator);
    assert_eq!(unasked.code, Some(2));
    assert!(unasked.err.contains("--yes"), "{}", unasked.err);
    let tried = run(&["worker", "pause", PAUSED, "--dry-run", "--output", "json"], operator)
        .json()
        .unwrap();
    assert_eq!((&tried["call"], &tried["sent"]), (&"Mining.pause".into(), &Value::Null));
    assert!(tried["fee"].as_str().unwrap().parse::<u128>().unwrap() > 0, "{tried}");
    assert_eq!(session(&network.sample().await.unwrap()).state, SessionState::Idle);

    let said = run(&["worker", "pause", PAUSED, "--yes"], operator).done().unwrap();
    assert!(said.contains("Mining.pause") && said.contains("cannot be reported"), "{said}");
    let paused = network.sample().await.unwrap();
    let at_pause = session(&paused);
    assert_eq!(at_pause.state, absent(Absence::Maintenance));
    assert!(at_pause.maintenance_left_secs > 0 && at_pause.outstanding == 0, "{at_pause:?}");
    explained(&network, "It is paused, and its value decays in");

    // Its machine is away for longer than anybody could be without being reported.
    let victim = Victim::of(&network, PAUSED).await.unwrap();
    network.kill_worker(PAUSED).await.unwrap();
    let later = watch_without(&mut network, &[PAUSED], "a long maintenance", LIMIT, |sample| {
        sample.block.number >= paused.block.number + LONG
    })
    .await;
    let now = session(&later);
    assert_eq!(
        (now.state, now.v, now.paid, now.since_block),
        (at_pause.state, at_pause.v, at_pause.paid, at_pause.since_block)
    );
    assert!(now.maintenance_left_secs < at_pause.maintenance_left_secs);
    let reason = &later.worker(PAUSED).unwrap().chain.as_ref().unwrap().explanation.reason;
    assert!(matches!(reason, Reason::Maintenance { .. }), "{reason:?}");

    // Back with a new run of its pRuntime, and not before it is resumed.
    network.restart_worker(PAUSED).await.unwrap();
    let renewed = watch(&mut network, "the new run to be registered", LIMIT, |sample| {
        session(sample).instance != victim.instance
    })
    .await;
    assert_eq!(session(&renewed).state, absent(Absence::Maintenance));
    let said = khala(&network, &["worker", "resume", PAUSED, "--yes"], operator)
        .unwrap()
        .done()
        .unwrap();
    assert!(said.contains("Mining.resume") && said.contains("was resumed"), "{said}");
    let back = watch(&mut network, "the worker to mine", LIMIT, |sample| {
        session(sample).state == SessionState::Idle
    })
    .await;
    let returned = session(&back);
    assert!(
        returned.v >= at_pause.v && returned.stake == at_pause.stake && returned.id == at_pause.id,
        "{at_pause:?} {returned:?}"
    );
    everybody_paid(&mut network, &mut silent(), &back).await.unwrap();
    explained(&network, "last payout");
    let other = |sample: &Sample| sample.worker("worker-2").unwrap().session().unwrap().since_block;
    assert_eq!(other(&before), other(&back), "the other one never stopped");
}

fn absent(cause: Absence) -> SessionState {
    SessionState::Unresponsive { cause }
}

/// The session of the paused worker.
fn session(sample: &Sample) -> SessionStatus {
    sample.worker(PAUSED).unwrap().session().unwrap().clone()
}

/// What `khala worker explain` says must contain this.
fn explained(network: &Network, expected: &str) {
    let said = khala(network, &["worker", "explain", PAUSED], None).unwrap().done().unwrap();
    assert!(
        said.contains(expected) && said.contains("ago") && said.contains("maintenance left"),
        "{said}"
    );
}
