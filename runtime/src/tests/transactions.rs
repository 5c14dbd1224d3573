//! Fees, signers, and transactions without one.

use super::chain::{block, close, general, open, pool, preset, signed};
use crate::{
    config::{accounts::ProxyType, currency::TreasuryAccount},
    Balances, Executive, RuntimeCall,
};
use codec::Encode;
use frame_support::{dispatch::GetDispatchInfo, traits::InstanceFilter};
use khala_primitives::PHA;
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use sp_runtime::transaction_validity::InvalidTransaction;

fn transfer() -> RuntimeCall {
    pallet_balances::Call::transfer_keep_alive {
        dest: Bob.to_account_id().into(),
        value: PHA,
    }
    .into()
}

fn remark(bytes: usize) -> RuntimeCall {
    frame_system::Call::remark { remark: vec![7; bytes] }.into()
}

#[test]
fn a_transfer_costs_about_a_thousandth_of_a_pha_and_the_treasury_gets_it() {
    preset("development").execute_with(|| {
        block(1, 100);
        open(2, 101);
        let alice = || Balances::free_balance(Alice.to_account_id());
        let treasury = || Balances::free_balance(TreasuryAccount::get());
        let before = (alice(), treasury());
        Executive::apply_extrinsic(signed(Alice, transfer()))
            .expect("valid")
            .expect("transferred");
        close();
        let fee = before.0 - alice() - PHA;
        assert_eq!(treasury() - before.1, fee);
        assert!((PHA / 5_000..PHA / 500).contains(&fee), "{fee} planck");
    });
}

#[test]
fn a_registration_of_25_kilobytes_costs_less_than_a_tenth_of_a_pha() {
    preset("development").execute_with(|| {
        block(1, 100);
        let transaction = signed(Alice, remark(25_000));
        let length = transaction.encoded_size() as u32;
        let fee = crate::TransactionPayment::compute_fee(length, &transaction.get_dispatch_info(), 0);
        assert!((PHA / 50..PHA / 10).contains(&fee), "{fee} planck");
    });
}

#[test]
fn a_call_that_nobody_signed_and_nothing_authorises_is_refused() {
    preset("development").execute_with(|| {
        block(1, 100);
        assert_eq!(pool(general(remark(1))), Err(InvalidTransaction::UnknownOrigin.into()));
    });
}

#[test]
fn a_general_transaction_begins_with_the_bytes_that_relayers_write() {
    preset("development").execute_with(|| {
        let bytes = general(remark(0)).encode();
        // The length; then version 5, general; extension version, era, nonce, tip, metadata-hash mode: all zero.
        assert_eq!(
            bytes.get(1..9),
            Some([0x45, 0, 0, 0, 0, 0, 0, 0].as_slice()),
            "the last two are the call: System.remark"
        );
    });
}

#[test]
fn a_proxy_does_only_what_its_type_allows() {
    use ProxyType::{Any, CancelProxy, NonTransfer, StakePool, Workers};
    let cancel = pallet_proxy::Call::reject_announcement {
        delegate: Bob.to_account_id().into(),
        call_hash: Default::default(),
    };
    let give_away = khala_pallet_stake_pool::Call::transfer_shares {
        pool: 0,
        to: Bob.to_account_id(),
        shares: 1,
    };
    let give_away_vault = khala_pallet_vault::Call::transfer_shares {
        vault: 0,
        to: Bob.to_account_id(),
        shares: 1,
    };
    let calls: [(RuntimeCall, &[ProxyType]); 9] = [
        (transfer(), &[Any]),
        (give_away.into(), &[Any]),
        (give_away_vault.into(), &[Any]),
        (
            khala_pallet_vault::Call::claim_fee { vault: 0 }.into(),
            &[Any, NonTransfer, StakePool],
        ),
        (remark(1), &[Any, NonTransfer]),
        (cancel.into(), &[Any, NonTransfer, CancelProxy]),
        (
            khala_pallet_stake_pool::Call::claim_commission { pool: 0 }.into(),
            &[Any, NonTransfer, StakePool],
        ),
        (
            khala_pallet_registry::Call::set_registrar { registrar: None }.into(),
            &[Any, NonTransfer, Workers],
        ),
        (
            pallet_utility::Call::batch { calls: vec![] }.into(),
            &[Any, NonTransfer, StakePool, Workers],
        ),
    ];
    for kind in [Any, NonTransfer, CancelProxy, StakePool, Workers] {
        for (call, allowed) in &calls {
            assert_eq!(kind.filter(call), allowed.contains(&kind), "{kind:?}: {call:?}");
        }
    }
}

#[test]
fn a_proxy_type_is_above_another_exactly_when_it_allows_all_of_it() {
    use ProxyType::{Any, CancelProxy, NonTransfer, StakePool, Workers};
    let kinds = [Any, NonTransfer, CancelProxy, StakePool, Workers];
    for above in kinds {
        for below in kinds {
            let expected = above == below || above == Any || (above == NonTransfer && below != Any);
            assert_eq!(above.is_superset(&below), expected, "{above:?} over {below:?}");
        }
    }
}
