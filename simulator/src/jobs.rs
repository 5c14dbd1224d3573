//! Runs that do not depend on each other, side by side.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    thread,
};

/// What `run` makes of each item, in the order of the items; at most `jobs` at a time.
pub fn side_by_side<T: Send, R: Send>(jobs: usize, items: Vec<T>, run: impl Fn(T) -> R + Sync) -> Vec<R> {
    let queue: Mutex<VecDeque<_>> = Mutex::new(items.into_iter().enumerate().collect());
    let results = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                while let Some((place, item)) = take(&queue) {
                    let result = run(item);
                    results.lock().unwrap_or_else(PoisonError::into_inner).push((place, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(place, _)| *place);
    results.into_iter().map(|(_, result)| result).collect()
}

fn take<T>(queue: &Mutex<VecDeque<T>>) -> Option<T> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_run_once_and_results_keep_its_order() {
        for jobs in [0, 1, 3, 20] {
            let squares = side_by_side(jobs, (0..10u32).collect(), |number| number * number);
            assert_eq!(squares, (0..10).map(|number| number * number).collect::<Vec<_>>());
        }
    }
}
