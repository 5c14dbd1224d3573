//! Caps, allow-lists, descriptions.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::Permill;

type E = Error<Test>;

#[test]
fn a_cap_holds_to_the_planck() {
    run(|| {
        assert_ok!(StakePool::create_pool(
            origin(OWNER),
            Permill::zero(),
            Permill::zero(),
            Some(10 * PHA)
        ));
        delegate(11, 0, 8 * PHA);
        assert_noop!(StakePool::delegate(origin(11), 0, 2 * PHA + 1, 0), E::CapExceeded);
        assert_eq!(StakePool::pool_status(0).unwrap().room, Some(2 * PHA));
        delegate(11, 0, 2 * PHA);
        assert_ok!(StakePool::set_cap(origin(OWNER), 0, Some(11 * PHA)));
        delegate(11, 0, PHA);
        assert_ok!(StakePool::set_cap(origin(OWNER), 0, None));
        delegate(11, 0, 1_000 * PHA);
        assert_eq!(StakePool::pool_status(0).unwrap().room, None);
    });
}

#[test]
fn what_is_queued_leaves_room_below_the_cap() {
    run(|| {
        let id = pool(0);
        delegate(11, id, 5_000 * PHA);
        start(1, id, 5_000 * PHA);
        assert_ok!(StakePool::set_cap(origin(OWNER), id, Some(5_000 * PHA)));
        assert_noop!(StakePool::delegate(origin(12), id, PHA, 0), E::CapExceeded);
        undelegate(11, id, 1_000 * PHA);
        assert_noop!(StakePool::delegate(origin(12), id, 1_000 * PHA + 1, 0), E::CapExceeded);
        delegate(12, id, 1_000 * PHA);
    });
}

#[test]
fn a_pool_with_a_list_is_open_to_those_on_it_only() {
    run(|| {
        let id = pool(0);
        delegate(12, id, 10 * PHA);
        assert_ok!(StakePool::allow(origin(OWNER), id, account(11), true));
        assert_noop!(StakePool::allow(origin(OWNER), id, account(11), true), E::NothingToChange);
        delegate(11, id, 10 * PHA);
        assert_noop!(StakePool::delegate(origin(12), id, PHA, 0), E::NotAllowed);
        assert_noop!(StakePool::transfer_shares(origin(11), id, account(12), PHA), E::NotAllowed);
        // Who is in may leave.
        undelegate(12, id, 10 * PHA);
        assert!(StakePool::pool_status(id).unwrap().restricted);
        assert_ok!(StakePool::allow(origin(OWNER), id, account(11), false));
        assert_noop!(StakePool::allow(origin(OWNER), id, account(11), false), E::NothingToChange);
        delegate(12, id, PHA);
        assert!(!StakePool::pool_status(id).unwrap().restricted);
    });
}

#[test]
fn a_list_has_at_most_a_thousand_entries() {
    run(|| {
        let id = pool(0);
        let who = |number: u32| {
            let mut bytes = [7; 32];
            bytes[..4].copy_from_slice(&number.to_le_bytes());
            bytes.into()
        };
        for number in 0..MAX_ALLOWED {
            assert_ok!(StakePool::allow(origin(OWNER), id, who(number), true));
        }
        assert_noop!(StakePool::allow(origin(OWNER), id, who(MAX_ALLOWED), true), E::TooManyAllowed);
        assert_ok!(StakePool::allow(origin(OWNER), id, who(0), false));
        assert_ok!(StakePool::allow(origin(OWNER), id, who(MAX_ALLOWED), true));
    });
}

#[test]
fn an_owner_says_what_its_pool_is_about_in_utf8() {
    run(|| {
        let id = pool(0);
        let set = |text: &[u8], link: &[u8]| {
            let links = vec![link.to_vec().try_into().unwrap()].try_into().unwrap();
            StakePool::set_profile(origin(OWNER), id, text.to_vec().try_into().unwrap(), links)
        };
        assert_ok!(set("Für alle".as_bytes(), b"https://example.org"));
        let status = StakePool::pool_status(id).unwrap();
        assert_eq!(
            (status.description.as_str(), status.links),
            ("Für alle", vec!["https://example.org".into()])
        );
        assert_noop!(set(&[0xff], b""), E::NotText);
        assert_noop!(set(b"", &[0xff]), E::NotText);
        assert!(Description::try_from(vec![0; 401]).is_err() && Description::try_from(vec![0; 400]).is_ok());
        assert_ok!(StakePool::set_profile(origin(OWNER), id, Description::default(), Links::default()));
        assert!(!Profiles::<Test>::contains_key(id));
    });
}
