//! The life of a delegation, by the command line: coins in, rewards, an announced commission, and more taken out than is free. The
//! chain takes stakes back by itself, and pays before the date that it has promised. Beside it the same through a vault.

use khala::network::{
    cast::{COMMISSIONS_PPM, DELEGATOR, OPERATORS},
    check::everybody_paid,
    wait::{until, Seen},
    Network, Options,
};
use khala_client::{
    calls::proxy::{add_proxy, ProxyType},
    Account, At, Wait,
};
use khala_primitives::{
    status::{PoolStatus, SessionState, SessionStatus},
    AccountId32, Balance, BlockNumber, PoolId, RequestId, WorkerPublicKey, PHA,
};
use khala_tests::{
    command_line::{khala, Ran},
    quick_with, silent, started,
};
use serde_json::{json, Value};
use std::time::Duration;
use through_vault::VAULT_MARGIN_SECS;

mod payments;
mod through_vault;

/// A request may be cancelled for so long, in seconds.
const GRACE_SECS: u64 = 40;
/// What is taken out of stakes comes back after so long, in seconds.
const COOL_DOWN_SECS: u64 = 20;
/// A withdrawal may take so much longer than both, in seconds.
const MARGIN_SECS: u64 = 10;
/// The chain's clock counts whole seconds, and a block's time is read in them, too.
const ROUNDING_SECS: u64 = 1;
/// Until a condition holds that needs no more than a few blocks.
const SOON: Duration = Duration::from_secs(120);
/// Until grace and cool-down are over, on a busy machine.
const LIMIT: Duration = Duration::from_secs(300);
/// Somebody who has coins from the beginning, and delegates.
const SMALL: &str = "//Bob";

/// The pool of the first operator, with two workers, and how to use the command line on it.
struct Scene {
    network: Network,
    pool: PoolId,
}

#[tokio::test]
async fn delegations_earn_and_are_paid_out_by_their_date_though_nobody_acts() {
    let scene = Scene::new().await;
    scene.bad_requests_are_refused_with_figures();
    let vault = scene.a_vault_invests().await;
    scene.bad_moves_of_vaults_are_refused_with_figures(&vault);
    let careful = scene.a_careful_vault_invests().await;
    scene.a_delegation_earns().await;
    scene.the_vault_earns(&vault).await;

    let before = scene.network.chain().best().await.unwrap().number;
    let rise = scene.a_rise_is_announced();
    let fee_rise = scene.a_higher_fee_is_announced(&vault);
    scene.the_careful_vault_leaves(careful, before).await;
    scene.a_proxy_sets_the_cap().await;

    let plan = scene.more_is_withdrawn_than_is_free().await;
    scene.the_owner_changes_its_mind(&vault).await;
    let leaving = scene.a_delegator_leaves(&vault).await;
    scene.a_request_behind_it_is_cancelled();
    scene.the_owner_asks_and_cancels(&vault).await;
    scene.is_paid_in_time(&plan, rise).await;
    scene.the_leaver_is_paid_in_time(&vault, &leaving, fee_rise).await;
    scene.commission_is_claimed();
    scene.the_fee_is_claimed(&vault).await;
}

/// What the withdrawal will do.
struct Plan {
    /// The request's number.
    request: RequestId,
    /// The block in which it was made.
    block: BlockNumber,
    /// What is not paid at once, in planck.
    queued: Balance,
    /// The worker that will be stopped.
    stopped: WorkerPublicKey,
    /// The one whose stake will be reduced, and its stake before.
    reduced: (WorkerPublicKey, Balance),
    /// By then it is paid, in seconds since 1970.
    promised_secs: u64,
    /// Coins of the delegator after what was paid at once.
    coins: Balance,
}

impl Scene {
    async fn new() -> Self {
        let options = Options {
            genesis: quick_with(json!({
                "vault": { "parameters": { "marginSecs": VAULT_MARGIN_SECS } },
                "stakePool": { "parameters": { "graceSecs": GRACE_SECS, "marginSecs": MARGIN_SECS } },
                // Rewards that come in while somebody waits are small beside the stakes.
                "mining": { "mining": { "coolDownSecs": COOL_DOWN_SECS }, "economics": { "budgetPerDay": "7200" } },
            })),
            // Workers 1 and 3 are the first operator's.
            ..Options::ephemeral(3)
        };
        let mut network = started(&options).await.unwrap();
        let first = network.sample().await.unwrap();
        let paid = everybody_paid(&mut network, &mut silent(), &first).await.unwrap();
        let pool = paid.worker("worker-1").unwrap().session().unwrap().pool;
        Self { network, pool }
    }

    fn run(&self, arguments: &str, secret: Option<&str>) -> Ran {
        let arguments = arguments.replace("POOL", &self.pool.to_string());
        let mut arguments: Vec<_> = arguments.split_whitespace().collect();
        arguments.extend(["--output", "json"]);
        khala(&self.network, &arguments, secret).unwrap()
    }

    /// Signs a change without being asked; the JSON about it.
    fn change(&self, arguments: &str, secret: &str) -> Value {
        let done = self.run(&format!("{arguments} --yes"), Some(secret)).json();
        done.unwrap_or_else(|error| panic!("{arguments}: {error:#}"))
    }

    /// What an account has in the pool.
    fn position(&self, secret: &str) -> Value {
        let address = account(secret).address();
        let found = self.run(&format!("delegate positions {address}"), None).json().unwrap();
        let positions = found["positions"].as_array().unwrap();
        let position = positions.iter().find(|position| position["pool"] == self.pool);
        position.cloned().unwrap_or(Value::Null)
    }

    async fn pool(&self) -> PoolStatus {
        self.network.chain().pool_status(self.pool, At::Best).await.unwrap().unwrap()
    }

    async fn session(&self, worker: WorkerPublicKey) -> SessionStatus {
        let status = self.network.chain().worker_status(worker, At::Best).await.unwrap();
        status.session.unwrap()
    }

    async fn coins(&self, who: &AccountId32) -> Balance {
        self.network.chain().balance(who, At::Best).await.unwrap().free
    }

    /// What the chain would refuse is told before it costs a fee; nothing is signed unasked.
    fn bad_requests_are_refused_with_figures(&self) {
        for (arguments, secret, code, part) in [
            ("delegate add POOL 0.5 --yes", SMALL, 1, "a delegation is at least 1 PHA"),
            ("delegate add POOL 20000000 --yes", SMALL, 1, "are missing"),
            ("delegate add 77 5 --yes", SMALL, 1, "there is no pool 77"),
            ("delegate add POOL 5,5 --yes", SMALL, 2, "a dot before decimals"),
            ("delegate add POOL 5", SMALL, 2, "--yes"),
            ("delegate withdraw POOL all --yes", SMALL, 1, "has no shares"),
            ("delegate withdraw POOL 40000 --yes", DELEGATOR, 1, "Name less, or all"),
            ("delegate cancel POOL 9 --yes", DELEGATOR, 1, "has no request 9"),
            ("delegate pay-booked --yes", DELEGATOR, 1, "no payment is booked"),
            ("pool commission POOL 15 --yes", SMALL, 2, "--proxy-for"),
            ("pool commission POOL 20.1 --yes", OPERATORS[0], 1, "to 20 % now"),
            ("pool start worker-1 min --yes", OPERATORS[0], 1, "is started already"),
            ("pool remove-worker worker-1 --yes", OPERATORS[0], 1, "stop it first"),
        ] {
            let ran = self.run(arguments, Some(secret));
            assert_eq!(ran.code, Some(code), "{arguments}: {} {}", ran.out, ran.err);
            assert!(ran.err.contains(part), "{arguments}: {}", ran.err);
        }
    }

    async fn a_delegation_earns(&self) {
        let tried = self.run("delegate add POOL 100 --dry-run", Some(SMALL)).json().unwrap();
        assert_eq!((&tried["call"], &tried["sent"]), (&"StakePool.delegate".into(), &Value::Null));
        assert_eq!(tried["arguments"]["amount"], (100 * PHA).to_string());
        assert_eq!(self.position(SMALL), Value::Null);

        let done = self.change("delegate add POOL 100", SMALL);
        let bought = &done["happened"][0];
        assert_eq!(bought["event"], "Delegated");
        assert_eq!(planck(&self.position(SMALL)["shares"]), planck(&bought["facts"]["shares"]));
        let paid_in = 100 * PHA;
        until("the delegation to earn", SOON, || async {
            Ok(match planck(&self.position(SMALL)["value"]) {
                value if value > paid_in => Seen::Now(()),
                value => Seen::NotYet(value.to_string()),
            })
        })
        .await
        .unwrap();
    }

    /// When the higher commission will be in force, in seconds since 1970.
    fn a_rise_is_announced(&self) -> u64 {
        let done = self.change("pool commission POOL 15", OPERATORS[0]);
        let announced = &done["happened"][0];
        assert_eq!(announced["event"], "CommissionRiseAnnounced");
        let due_secs = announced["facts"]["dueSecs"].as_u64().unwrap();
        let shown = self.run("pool show POOL", None).json().unwrap();
        assert_eq!(shown["commissionRise"], json!({ "commissionPpm": 150_000, "dueSecs": due_secs }));
        let wait = due_secs - shown["nowSecs"].as_u64().unwrap();
        assert!(wait <= GRACE_SECS + COOL_DOWN_SECS + ROUNDING_SECS, "{wait}");
        due_secs
    }

    async fn a_proxy_sets_the_cap(&self) {
        let (owner, proxy) = (account(OPERATORS[0]), account(SMALL));
        let line = format!("pool cap POOL 40000 --proxy-for {}", owner.address());
        let stranger = self.run(&format!("{line} --yes"), Some(SMALL));
        assert!(stranger.err.contains("is no proxy of"), "{}", stranger.err);
        let add = add_proxy(proxy.id(), ProxyType::StakePool);
        self.network.chain().submit(&owner, &add, Wait::Finalized).await.unwrap();
        let done = self.change(&line, SMALL);
        assert_eq!((&done["call"], &done["proxyFor"]), (&"Proxy.proxy".into(), &owner.address().into()));
        assert_eq!(self.pool().await.cap, Some(40_000 * PHA));
        let much = self.run("delegate add POOL 39000 --yes", Some(SMALL));
        assert!(much.err.contains("more until its cap of 40,000.0000 PHA"), "{}", much.err);
    }

    /// So much that one worker must be stopped for it, and the other's stake reduced.
    async fn more_is_withdrawn_than_is_free(&self) -> Plan {
        let chain = self.network.chain();
        let pool = self.pool().await;
        let [first, second] = pool.workers[..] else {
            panic!("the pool has the workers {:?}", pool.workers)
        };
        let (stake, minimum) = (
            self.session(second).await.stake,
            chain.start_needs(second, At::Best).await.unwrap().unwrap().minimum,
        );
        let from_stakes = self.session(first).await.stake + (stake - minimum) / 2;
        let amount = khala::units::pha(pool.free + from_stakes, 6).replace(',', "");
        let delegator = account(DELEGATOR);
        let before = self.coins(delegator.id()).await;
        let done = self.change(&format!("delegate withdraw POOL {amount}"), DELEGATOR);

        let details = &done["details"];
        let kinds: Vec<_> = details["forecast"]["sources"].as_array().unwrap().iter().collect();
        let of_kind = |kind: &str| kinds.iter().find(|source| source["kind"]["kind"] == kind).unwrap();
        let worker = |source: &Value| source["kind"]["worker"].clone();
        assert_eq!(worker(of_kind("stopped")), json!(first), "{details}");
        assert_eq!(worker(of_kind("reduced")), json!(second), "{details}");
        let happened = done["happened"].as_array().unwrap();
        let events: Vec<_> = happened.iter().map(|happened| happened["event"].as_str().unwrap()).collect();
        assert_eq!(events, ["Undelegated", "RequestQueued"]);

        let paid = planck(&happened[0]["facts"]["amount"]);
        let coins = self.coins(delegator.id()).await;
        assert_eq!(coins, before + paid - planck(&done["sent"]["fee"]));
        assert_eq!(self.session(first).await.state, SessionState::Idle);
        Plan {
            request: happened[1]["facts"]["request"].as_u64().unwrap(),
            block: done["sent"]["block"].as_u64().unwrap().try_into().unwrap(),
            queued: planck(&details["amount"]) - paid,
            stopped: first,
            reduced: (second, stake),
            promised_secs: happened[1]["facts"]["promisedSecs"].as_u64().unwrap(),
            coins,
        }
    }

    fn a_request_behind_it_is_cancelled(&self) {
        let done = self.change("delegate withdraw POOL 10", SMALL);
        assert_eq!(done["happened"][0]["event"], "RequestQueued");
        let request = done["happened"][0]["facts"]["request"].as_u64().unwrap();
        assert_eq!(self.position(SMALL)["requests"][0]["id"], request);
        let done = self.change(&format!("delegate cancel POOL {request}"), SMALL);
        assert_eq!(done["happened"][0]["event"], "RequestCancelled");
        assert_eq!(self.position(SMALL)["requests"], json!([]));
    }

    /// From here on nobody makes a transaction but the relayer, which brings heartbeats.
    async fn is_paid_in_time(&self, plan: &Plan, rise: u64) {
        let chain = self.network.chain();
        let delegator = account(DELEGATOR);
        until("the withdrawal to be paid and the commission to rise", LIMIT, || async {
            let at = At::Hash(chain.best().await?.hash);
            let now_secs = chain.network_status(at).await?.now_ms / 1_000;
            let pool = chain.pool_status(self.pool, at).await?.unwrap();
            let [low, high] = [COMMISSIONS_PPM[0], 150_000];
            if now_secs + ROUNDING_SECS < rise {
                assert_eq!(pool.commission_ppm, low, "{now_secs}, but it rises at {rise}");
            } else if now_secs > rise + ROUNDING_SECS {
                assert_eq!(pool.commission_ppm, high, "{now_secs}, and it rose at {rise}");
            }
            let waiting = chain.delegation(self.pool, delegator.id(), at).await?.requests;
            Ok(match (waiting.first(), pool.commission_ppm == high) {
                (None, true) => Seen::Now(()),
                (waiting, _) => {
                    assert!(
                        waiting.is_none() || now_secs <= plan.promised_secs,
                        "it was promised for {}",
                        plan.promised_secs
                    );
                    Seen::NotYet(format!("{waiting:?}, commission {}", pool.commission_ppm))
                }
            })
        })
        .await
        .unwrap();
        // Nobody may have looked when it was paid: the last payment's own block says when.
        type Paid = (PoolId, RequestId, AccountId32, u128, Balance, u128);
        let events = self.events_after(plan.block).await;
        let mut payments = events.iter().filter(|(_, event)| event.is("StakePool", "RequestPaid"));
        let last = payments.rfind(|(_, event)| {
            let (pool, request, ..) = event.decode::<Paid>().unwrap();
            (pool, request) == (self.pool, plan.request)
        });
        let (block, event) = last.unwrap();
        let (_, _, who, _, _, left) = event.decode::<Paid>().unwrap();
        assert_eq!((who, left), (delegator.id().clone(), 0));
        let paid_secs = chain.network_status(At::Hash(*block)).await.unwrap().now_ms / 1_000;
        assert!(paid_secs <= plan.promised_secs, "{paid_secs}, promised for {}", plan.promised_secs);

        let paid = self.coins(delegator.id()).await - plan.coins;
        // Shares that wait go on earning.
        assert!(paid >= plan.queued && paid < plan.queued + 100 * PHA, "{paid} for {}", plan.queued);
        let stopped = self.session(plan.stopped).await.state;
        assert!(
            matches!(stopped, SessionState::Ready | SessionState::CoolingDown { .. }),
            "{stopped:?}"
        );
        let (reduced, before) = plan.reduced;
        let session = self.session(reduced).await;
        assert_eq!(session.state, SessionState::Idle);
        let minimum = self.network.chain().start_needs(reduced, At::Best).await.unwrap().unwrap().minimum;
        assert!(session.stake < before && session.stake >= minimum, "{} of {before}", session.stake);
    }

    fn commission_is_claimed(&self) {
        let done = self.change("pool claim POOL", OPERATORS[0]);
        let claimed = done["happened"]
            .as_array()
            .unwrap()
            .iter()
            .find(|event| event["event"] == "CommissionClaimed");
        assert!(planck(&claimed.unwrap()["facts"]["amount"]) > 0, "{done}");
    }
}

fn account(secret: &str) -> Account {
    Account::from_uri(secret).unwrap()
}

/// A decimal string; zero where there is none.
fn planck(value: &Value) -> Balance {
    value.as_str().map_or(0, |text| text.parse().unwrap())
}
