//! SQL functions for numbers that SQLite does not have: 128 bits, as 16 bytes.

use crate::model::{Fixed18, Planck};
use rusqlite::{
    functions::{Aggregate, Context, FunctionFlags},
    Connection,
};
use sp_core::U256;

/// `shares * value / total`, rounded down; zero when there are no shares.
pub fn worth(shares: u128, value: u128, total: u128) -> u128 {
    let product = U256::from(shares).saturating_mul(U256::from(value));
    let worth = product.checked_div(U256::from(total)).unwrap_or_default();
    worth.try_into().unwrap_or(u128::MAX)
}

/// `shares * value / total`, rounded up; zero when there are no shares.
pub fn worth_up(shares: u128, value: u128, total: u128) -> u128 {
    let product = U256::from(shares).saturating_mul(U256::from(value));
    let rest = product.checked_rem(U256::from(total)).unwrap_or_default();
    worth(shares, value, total).saturating_add(u128::from(!rest.is_zero()))
}

/// Makes `worth(shares, value, total)`, `plus(number, number)`, `decimal(number)`, `sum_of(number)` and `begins_with(bytes, digits)`
/// known.
///
/// # Errors
/// SQLite refuses a function.
pub fn register(db: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    db.create_scalar_function("worth", 3, flags, |context| {
        let (shares, value, total): (Fixed18, Planck, Fixed18) = (context.get(0)?, context.get(1)?, context.get(2)?);
        Ok(Planck(worth(shares.0, value.0, total.0)))
    })?;
    db.create_scalar_function("plus", 2, flags, |context| {
        let (one, other): (Planck, Planck) = (context.get(0)?, context.get(1)?);
        Ok(Planck(one.0.saturating_add(other.0)))
    })?;
    db.create_scalar_function("decimal", 1, flags, |context| {
        let number: Planck = context.get(0)?;
        Ok(number.0.to_string())
    })?;
    db.create_scalar_function("begins_with", 2, flags, |context| {
        let digits: String = context.get(1)?;
        Ok(hex::encode(
            context
                .get_raw(0)
                .as_blob()
                .map_err(|error| rusqlite::Error::UserFunctionError(error.into()))?,
        )
        .starts_with(&digits))
    })?;
    db.create_aggregate_function("sum_of", 1, flags, Sum)
}

struct Sum;

impl Aggregate<u128, Planck> for Sum {
    fn init(&self, _: &mut Context<'_>) -> rusqlite::Result<u128> {
        Ok(0)
    }

    fn step(&self, context: &mut Context<'_>, sum: &mut u128) -> rusqlite::Result<()> {
        let next: Option<Planck> = context.get(0)?;
        *sum = sum.saturating_add(next.map_or(0, |next| next.0));
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, sum: Option<u128>) -> rusqlite::Result<Planck> {
        Ok(Planck(sum.unwrap_or(0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worth_is_rounded_down_and_survives_large_numbers() {
        assert_eq!((worth(1, 10, 3), worth_up(1, 10, 3)), (3, 4));
        assert_eq!((worth(1, 9, 3), worth_up(1, 9, 3)), (3, 3));
        assert_eq!((worth(5, 5, 0), worth_up(5, 5, 0)), (0, 0));
        assert_eq!(worth(u128::MAX, u128::MAX, u128::MAX), u128::MAX);
        assert_eq!(worth(u128::MAX, u128::MAX, 1), u128::MAX);
    }

    #[test]
    fn sums_are_exact_beyond_64_bits() {
        let db = Connection::open_in_memory().unwrap();
        register(&db).unwrap();
        let large = Planck(u128::from(u64::MAX));
        let sum: Planck = db
            .query_row(
                "SELECT sum_of(x) FROM (SELECT ?1 AS x UNION ALL SELECT ?1 UNION ALL SELECT NULL)",
                [large],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(sum, Planck(u128::from(u64::MAX) * 2));
        let none: Planck = db
            .query_row("SELECT sum_of(x) FROM (SELECT ?1 AS x WHERE 0)", [large], |row| row.get(0))
            .unwrap();
        assert_eq!(none, Planck(0));
    }

    #[test]
    fn numbers_are_added_and_written_in_digits_beyond_64_bits() {
        let db = Connection::open_in_memory().unwrap();
        register(&db).unwrap();
        let (one, other) = (Planck(u128::from(u64::MAX)), Planck(1));
        let sum: Planck = db.query_row("SELECT plus(?, ?)", [one, other], |row| row.get(0)).unwrap();
        assert_eq!(sum, Planck(1 << 64));
        let digits: String = db.query_row("SELECT decimal(?)", [sum], |row| row.get(0)).unwrap();
        assert_eq!(digits, "18446744073709551616");
        let most: Planck = db
            .query_row("SELECT plus(?, ?)", [Planck(u128::MAX), other], |row| row.get(0))
            .unwrap();
        assert_eq!(most, Planck(u128::MAX));
    }

    #[test]
    fn a_key_is_found_by_its_first_digits() {
        let db = Connection::open_in_memory().unwrap();
        register(&db).unwrap();
        let begins = |digits: &str| {
            db.query_row("SELECT begins_with(x'abcd', ?)", [digits], |row| row.get::<_, bool>(0))
                .unwrap()
        };
        assert!(begins("") && begins("a") && begins("abcd") && !begins("b") && !begins("abcde") && !begins("%"));
    }
}
