//! The same through a vault: coins that lie in two pools, of which one reduces a stake for them and the other stops its worker.

use crate::{account, planck, Scene, COOL_DOWN_SECS, GRACE_SECS, LIMIT, MARGIN_SECS, ROUNDING_SECS, SMALL, SOON};
use khala::{
    network::{
        cast::DELEGATOR,
        wait::{until, Seen},
    },
    units,
};
use khala_client::At;
use khala_primitives::{
    status::{PoolStatus, SessionState, VaultPositionStatus, VaultStatus},
    AccountId32, Balance, BlockNumber, PoolId, RequestId, VaultId, WorkerPublicKey, PHA,
};
use serde_json::{json, Value};
use std::collections::BTreeSet;

/// Owns the vaults, and has some of the first one's shares.
const OWNER: &str = "//Charlie";
/// Gives coins to the first vault, and leaves.
pub const LEAVER: &str = "//Dave";
/// A request of a vault may take so much longer than those of its pools, in seconds.
pub const VAULT_MARGIN_SECS: u64 = 15;
/// What of the first vault is in no pool, in planck.
const SPARE: Balance = 250 * PHA;
/// Amounts are written with six decimals.
const WRITTEN: Balance = 1_000_000;

/// The first vault, and what it has in the other operator's pool.
pub struct Vault {
    pub number: VaultId,
    pub account: AccountId32,
    other: PoolId,
    /// The only worker of that pool.
    worker: WorkerPublicKey,
    /// What was put into the first operator's pool, in planck: less than its worker can give that is not stopped for others.
    in_pool: Balance,
    /// What was put into the other pool, in planck: twice what its worker can give without being stopped.
    in_other: Balance,
    /// What the owner gave, in planck: a quarter of that.
    owners: Balance,
}

/// What leaving the vault will do.
pub struct Leaving {
    pub request: RequestId,
    /// Pool, request and shares of each.
    pub claims: Vec<(PoolId, RequestId, u128)>,
    /// Until then the request can be cancelled, in seconds since 1970.
    pub cancellable_until_secs: u64,
    /// By then it is paid.
    pub promised_secs: u64,
    /// Coins of who leaves after what was paid at once.
    pub coins: Balance,
    /// The block of the request.
    pub block: BlockNumber,
}

impl Scene {
    /// A change that counts as done in a block of the best chain.
    fn soon(&self, arguments: &str, secret: &str) -> Value {
        self.change(&format!("{arguments} --wait best"), secret)
    }

    async fn vault(&self, vault: VaultId) -> VaultStatus {
        self.network.chain().vault_status(vault, At::Best).await.unwrap().unwrap()
    }

    async fn in_vault(&self, vault: VaultId, secret: &str) -> VaultPositionStatus {
        let positions = self.network.chain().vault_positions(account(secret).id(), At::Best).await.unwrap();
        positions.into_iter().find(|position| position.vault == vault).unwrap()
    }

    fn new_vault(&self, commission_limit: u32) -> VaultId {
        let line = format!("vault create --fee 10 --max-fee 20 --commission-limit {commission_limit}");
        let done = self.soon(&line, OWNER);
        assert_eq!(done["happened"][0]["event"], "VaultCreated");
        done["happened"][0]["facts"]["vault"].as_u64().unwrap().try_into().unwrap()
    }

    /// Coins of the vault go into both pools. The other pool has nothing free besides.
    pub async fn a_vault_invests(&self) -> Vault {
        let chain = self.network.chain();
        let pools = khala::command::pool::all(chain, At::Best).await.unwrap();
        let other = pools.into_iter().find(|pool| pool.id != self.pool).unwrap();
        let [worker] = other.workers[..] else {
            panic!("the other pool has the workers {:?}", other.workers)
        };
        let [_, second] = self.pool().await.workers[..] else {
            panic!("the pool has other workers than two")
        };
        let in_pool = self.reducible(second).await / 4 / WRITTEN * WRITTEN;
        let owners = self.reducible(worker).await / 2 / WRITTEN * WRITTEN;
        let in_other = owners * 4;
        let number = self.new_vault(25);
        let target = format!("vault:{number}");

        let (leaver, gives) = (account(LEAVER), SPARE + in_pool + in_other - owners);
        let before = self.coins(leaver.id()).await;
        let done = self.soon(&format!("delegate add {target} {}", in_pha(gives)), LEAVER);
        assert_eq!(done["call"], "Vault.delegate");
        assert_eq!(planck(&fact(&done, "Delegated")["shares"]), gives);
        assert_eq!(self.coins(leaver.id()).await, before - gives - planck(&done["sent"]["fee"]));
        self.soon(&format!("delegate add {target} {}", in_pha(owners)), OWNER);

        for (pool, amount) in [(self.pool, in_pool), (other.id, in_other)] {
            let done = self.soon(&format!("vault invest {number} {pool} {}", in_pha(amount)), OWNER);
            let invested = fact(&done, "Invested");
            assert_eq!(planck(&invested["amount"]), amount);
            let vault = self.vault(number).await;
            let place = vault.places.iter().find(|place| place.pool == pool).unwrap();
            assert_eq!(place.held, planck(&invested["shares"]));
        }
        let vault = self.vault(number).await;
        assert_eq!((vault.free, vault.spare, vault.owed), (SPARE, SPARE, 0));
        // Whoever delegated directly takes all that is free there.
        let free = self.pool_status(other.id).await.free;
        let done = self.soon(&format!("delegate withdraw {} {}", other.id, in_pha(free)), DELEGATOR);
        assert_eq!(done["happened"].as_array().unwrap().len(), 1, "{done}");
        Vault {
            number,
            account: vault.account,
            other: other.id,
            worker,
            in_pool,
            in_other,
            owners,
        }
    }

    /// What can be taken out of a worker's stake without stopping it, in planck.
    async fn reducible(&self, worker: WorkerPublicKey) -> Balance {
        let needs = self.network.chain().start_needs(worker, At::Best).await.unwrap().unwrap();
        self.session(worker).await.stake - needs.minimum
    }

    async fn pool_status(&self, pool: PoolId) -> PoolStatus {
        self.network.chain().pool_status(pool, At::Best).await.unwrap().unwrap()
    }

    /// What the chain would refuse is told before it costs a fee.
    pub fn bad_moves_of_vaults_are_refused_with_figures(&self, vault: &Vault) {
        let account = units::address(&vault.account);
        for (arguments, secret, code, part) in [
            ("delegate add vault:7 5", SMALL, 1, "there is no vault 7"),
            ("delegate add vault:V 0.5", SMALL, 1, "a delegation is at least 1 PHA"),
            ("delegate withdraw vault:V all", SMALL, 1, "has no shares of vault"),
            ("delegate withdraw vault:V 40000", LEAVER, 1, "Name less, or all"),
            ("delegate cancel vault:V 9", LEAVER, 1, "has no request 9"),
            (
                "delegate transfer vault:V ACCOUNT all",
                LEAVER,
                1,
                "shares cannot be given to a vault",
            ),
            (
                "delegate transfer POOL ACCOUNT all",
                DELEGATOR,
                1,
                "shares cannot be given to a vault",
            ),
            ("vault fee V 15", SMALL, 2, "--proxy-for"),
            ("vault fee V 20.1", OWNER, 1, "never exceeds 20 %"),
            ("vault commission-limit V 35.1", OWNER, 1, "to 35 % now"),
            ("vault commission-limit V 25", OWNER, 1, "is 25 % already"),
            ("vault invest V POOL 250.000001", OWNER, 1, "has 250.000000 PHA to spare"),
            ("vault divest V 77 5", OWNER, 1, "there is no pool 77"),
            ("vault divest V POOL 40000", OWNER, 1, "Name less, or all"),
            ("vault cancel-divest V POOL 99", OWNER, 1, "has no request 99"),
        ] {
            let line = arguments.replace('V', &vault.number.to_string()).replace("ACCOUNT", &account);
            let ran = self.run(&format!("{line} --yes"), Some(secret));
            assert_eq!(ran.code, Some(code), "{line}: {} {}", ran.out, ran.err);
            assert!(ran.err.contains(part), "{line}: {}", ran.err);
        }
    }

    /// The vault's price follows those of its pools.
    pub async fn the_vault_earns(&self, vault: &Vault) {
        until("the vault to earn", SOON, || async {
            let status = self.vault(vault.number).await;
            Ok(match status.places.iter().map(|place| place.value).sum::<Balance>() {
                value if value > vault.in_pool + vault.in_other && status.fee_shares > 0 => Seen::Now(()),
                value => Seen::NotYet(format!("{value}, {} shares of fees", status.fee_shares)),
            })
        })
        .await
        .unwrap();
    }

    /// A vault that uses no pool above 12 % has coins in the pool, which takes 10 %.
    pub async fn a_careful_vault_invests(&self) -> VaultId {
        let careful = self.new_vault(12);
        self.soon(&format!("delegate add vault:{careful} 60"), OWNER);
        self.soon(&format!("vault invest {careful} POOL all"), OWNER);
        assert_eq!(self.vault(careful).await.free, 0);
        careful
    }

    /// The pool has announced 15 % after the block `since`: nobody acts, and the careful vault has its coins back.
    pub async fn the_careful_vault_leaves(&self, careful: VaultId, since: BlockNumber) {
        let left = until("the careful vault to leave the pool", SOON, || async {
            let vault = self.vault(careful).await;
            Ok(match vault.places.is_empty() {
                true => Seen::Now(vault),
                false => Seen::NotYet(format!("{:?}", vault.places)),
            })
        });
        let left = left.await.unwrap();
        let events = self.events_after(since).await;
        let of_careful: Vec<_> = events
            .iter()
            .filter(|(_, event)| event.pallet == "Vault" && event.decode::<VaultId>().unwrap() == careful)
            .filter(|(_, event)| event.name != "FeeTaken")
            .map(|(_, event)| event)
            .collect();
        let names: Vec<_> = of_careful.iter().map(|event| event.name.as_str()).collect();
        assert_eq!(names, ["Divested", "PoolLeft"]);
        let (_, pool, _, paid): (VaultId, PoolId, u128, Balance) = of_careful[0].decode().unwrap();
        assert_eq!((pool, paid), (self.pool, left.free));
        assert!(paid >= 60 * PHA - 1, "{paid}");
        let again = self.run(&format!("vault invest {careful} POOL all --yes"), Some(OWNER));
        assert!(
            again.err.contains("is 15 %, and vault") && again.err.contains("up to 12 %"),
            "{}",
            again.err
        );
    }

    /// When the higher fee will be in force, in seconds since 1970.
    pub fn a_higher_fee_is_announced(&self, vault: &Vault) -> u64 {
        let done = self.soon(&format!("vault fee {} 20", vault.number), OWNER);
        let due_secs = fact(&done, "FeeRiseAnnounced")["dueSecs"].as_u64().unwrap();
        let shown = self.run(&format!("vault show {}", vault.number), None).json().unwrap();
        assert_eq!(shown["feeRise"], json!({ "commissionPpm": 200_000, "dueSecs": due_secs }));
        let wait = due_secs - shown["nowSecs"].as_u64().unwrap();
        assert!(wait <= GRACE_SECS + COOL_DOWN_SECS + ROUNDING_SECS, "{wait}");
        due_secs
    }

    /// Somebody waits in the pool already, so what the owner takes out waits, too, and can be called back.
    pub async fn the_owner_changes_its_mind(&self, vault: &Vault) {
        let number = vault.number;
        let before = self.place(vault, self.pool).await.held;
        let done = self.soon(&format!("vault divest {number} POOL all"), OWNER);
        let divested = fact(&done, "Divested");
        assert_eq!((&divested["paid"], planck(&divested["shares"])), (&"0".into(), before));
        let request = divested["request"].as_u64().unwrap();
        let shown = self.run(&format!("vault show {number}"), None).json().unwrap();
        let returning = &shown["returning"][0];
        assert_eq!((&returning["pool"], &returning["request"]), (&json!(self.pool), &json!(request)));
        assert_eq!(returning["backed"], false);
        let between = self.place(vault, self.pool).await;
        assert_eq!((between.held, between.returning), (0, before));
        self.soon(&format!("vault cancel-divest {number} POOL {request}"), OWNER);
        let after = self.place(vault, self.pool).await;
        assert_eq!((after.held, after.returning), (before, 0));
    }

    async fn place(&self, vault: &Vault, pool: PoolId) -> khala_primitives::status::VaultPlace {
        let status = self.vault(vault.number).await;
        status.places.into_iter().find(|place| place.pool == pool).unwrap()
    }

    /// All of a delegator's shares: what is free is paid at once, for the rest both pools are asked.
    pub async fn a_delegator_leaves(&self, vault: &Vault) -> Leaving {
        let (chain, leaver) = (self.network.chain(), account(LEAVER));
        let before = self.coins(leaver.id()).await;
        let done = self.soon(&format!("delegate withdraw vault:{} all", vault.number), LEAVER);
        let details = &done["details"];
        let planned = details["forecast"]["pools"].as_array().unwrap();
        let kinds = |pool: PoolId| -> Vec<(String, Value)> {
            let part = planned.iter().find(|part| part[0] == pool).unwrap();
            let sources = part[1]["sources"].as_array().unwrap();
            let kind = |source: &Value| (source["kind"]["kind"].as_str().unwrap().into(), source["kind"]["worker"].clone());
            sources.iter().map(kind).collect()
        };
        let stopped = ("stopped".to_owned(), json!(vault.worker));
        assert!(kinds(vault.other).contains(&stopped), "{details}");
        assert!(kinds(self.pool).iter().any(|(kind, _)| kind == "reduced"), "{details}");

        let (paid, queued) = (fact(&done, "Undelegated"), fact(&done, "RequestQueued"));
        assert_eq!(planck(&queued["shares"]), 0, "pools are asked for all that is not free");
        let block: BlockNumber = done["sent"]["block"].as_u64().unwrap().try_into().unwrap();
        // A pool pays at once, too, if it has something to spare and nobody waits.
        let by_pools: Balance = self
            .events_after(block - 1)
            .await
            .iter()
            .filter(|(_, event)| event.is("StakePool", "Undelegated"))
            .map(|(_, event)| event.decode::<(PoolId, AccountId32, u128, Balance)>().unwrap())
            .filter(|(_, who, ..)| *who == vault.account)
            .map(|(.., amount)| amount)
            .sum();
        assert_eq!(planck(&paid["amount"]), SPARE + by_pools);
        let coins = self.coins(leaver.id()).await;
        assert_eq!(coins, before + SPARE + by_pools - planck(&done["sent"]["fee"]));

        let request = queued["request"].as_u64().unwrap();
        let position = self.in_vault(vault.number, LEAVER).await;
        assert_eq!((position.shares, position.requests.len()), (0, 1));
        let mut claims = Vec::new();
        for claim in &position.requests[0].claims {
            let asked = chain.pool_request(claim.pool, claim.request, At::Best).await.unwrap().unwrap();
            assert_eq!((asked.who, asked.shares), (vault.account.clone(), claim.shares));
            assert_eq!(self.place(vault, claim.pool).await.claimed, claim.shares);
            claims.push((claim.pool, claim.request, claim.shares));
        }
        let asked: BTreeSet<_> = claims.iter().map(|claim| claim.0).collect();
        assert_eq!(asked, BTreeSet::from([self.pool, vault.other]));

        let shown = self.run(&format!("delegate positions {}", leaver.address()), None).json().unwrap();
        let waiting = &shown["vaults"][0]["requests"][0];
        assert_eq!(
            (&shown["vaults"][0]["vault"], &waiting["id"]),
            (&json!(vault.number), &json!(request))
        );
        let promised_secs = queued["promisedSecs"].as_u64().unwrap();
        assert!(waiting["expectedSecs"].as_u64().unwrap() <= promised_secs, "{waiting}");
        let line = format!("delegate forecast vault:{} --request {request}", vault.number);
        let forecast = self.run(&line, None).json().unwrap();
        assert_eq!(planck(&forecast["atOnce"]), 0, "it waits");
        assert!(
            forecast["promisedSecs"].as_u64().unwrap().abs_diff(promised_secs) <= ROUNDING_SECS,
            "{forecast}"
        );
        let wait = promised_secs - shown["nowSecs"].as_u64().unwrap();
        let longest = GRACE_SECS + VAULT_MARGIN_SECS + COOL_DOWN_SECS + MARGIN_SECS;
        assert!(wait <= longest + ROUNDING_SECS, "{wait}");
        Leaving {
            request,
            claims,
            cancellable_until_secs: waiting["cancellableUntilSecs"].as_u64().unwrap(),
            promised_secs,
            coins,
            block,
        }
    }

    /// Behind the one who leaves: whoever takes a request back has its shares again.
    pub async fn the_owner_asks_and_cancels(&self, vault: &Vault) {
        let before = self.in_vault(vault.number, OWNER).await;
        let half = in_pha(vault.owners / 2);
        let done = self.soon(&format!("delegate withdraw vault:{} {half}", vault.number), OWNER);
        let happened = done["happened"].as_array().unwrap();
        assert!(
            happened.iter().all(|happened| happened["event"] != "Undelegated"),
            "nobody is overtaken: {done}"
        );
        let request = self.in_vault(vault.number, OWNER).await.requests[0].id;
        let done = self.soon(&format!("delegate cancel vault:{} {request}", vault.number), OWNER);
        assert!(planck(&fact(&done, "RequestCancelled")["shares"]) > 0, "{done}");
        let after = self.in_vault(vault.number, OWNER).await;
        assert_eq!(after.requests, []);
        // They are bought back at the price of now: what they have gained meanwhile was theirs.
        assert!(
            before.shares.abs_diff(after.shares) < PHA / 100,
            "{} {}",
            before.shares,
            after.shares
        );
    }

    /// From here on nobody makes a transaction but the relayer.
    pub async fn the_leaver_is_paid_in_time(&self, vault: &Vault, leaving: &Leaving, fee_rise: u64) {
        let (chain, leaver) = (self.network.chain(), account(LEAVER));
        until("the one who leaves to be paid and the fee to rise", LIMIT, || async {
            let at = At::Hash(chain.best().await?.hash);
            let now_secs = chain.network_status(at).await?.now_ms / 1_000;
            let fee = chain.vault_status(vault.number, at).await?.unwrap().fee_ppm;
            if now_secs + ROUNDING_SECS < fee_rise {
                assert_eq!(fee, 100_000, "{now_secs}, but it rises at {fee_rise}");
            } else if now_secs > fee_rise + ROUNDING_SECS {
                assert_eq!(fee, 200_000, "{now_secs}, and it rose at {fee_rise}");
            }
            let positions = chain.vault_positions(leaver.id(), at).await?;
            let waits = positions.iter().any(|position| position.vault == vault.number);
            assert!(
                !waits || now_secs <= leaving.promised_secs,
                "promised for {}",
                leaving.promised_secs
            );
            Ok(match !waits && fee == 200_000 {
                true => Seen::Now(()),
                false => Seen::NotYet(format!("{positions:?}, fee {fee}")),
            })
        })
        .await
        .unwrap();
        self.payments_add_up(vault, leaving).await;
        let stopped = self.session(vault.worker).await.state;
        assert!(
            matches!(stopped, SessionState::Ready | SessionState::CoolingDown { .. }),
            "{stopped:?}"
        );
    }

    /// The fee was paid in shares, which are the owner's own from now on.
    pub async fn the_fee_is_claimed(&self, vault: &Vault) {
        let before = self.in_vault(vault.number, OWNER).await.shares;
        let done = self.soon(&format!("vault claim {}", vault.number), OWNER);
        let shares = planck(&fact(&done, "FeeClaimed")["shares"]);
        assert!(shares > 0, "{done}");
        assert_eq!(self.in_vault(vault.number, OWNER).await.shares, before + shares);
        let listed = self.run("vault list", None).json().unwrap();
        let numbers: Vec<_> = listed.as_array().unwrap().iter().map(|vault| vault["id"].as_u64()).collect();
        assert_eq!(numbers, [Some(0), Some(1)]);
    }
}

/// The facts of what happened by a change.
fn fact<'a>(done: &'a Value, event: &str) -> &'a Value {
    let happened = done["happened"].as_array().unwrap();
    let found = happened.iter().find(|happened| happened["event"] == event);
    &found.unwrap_or_else(|| panic!("no {event}: {done}"))["facts"]
}

/// An amount as it is written on the command line, rounded down to a millionth.
fn in_pha(amount: Balance) -> String {
    units::pha(amount, 6).replace(',', "")
}
