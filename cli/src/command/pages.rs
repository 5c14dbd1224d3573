//! Lists that the runtime gives page by page.

use khala_client::ClientError;
use std::future::Future;

/// Entries asked for at once: the most that the runtime gives.
const PAGE: u32 = 100;

/// All entries, from number 0 on. `page` asks for so many from a number on; `number` is an entry's own.
pub(super) async fn all<T, F>(page: impl Fn(u32, u32) -> F, number: impl Fn(&T) -> u32) -> Result<Vec<T>, ClientError>
where
    F: Future<Output = Result<Vec<T>, ClientError>>,
{
    let (mut entries, mut first) = (Vec::new(), 0);
    loop {
        let found = page(first, PAGE).await?;
        let Some(last) = found.last() else { return Ok(entries) };
        first = number(last).saturating_add(1);
        entries.extend(found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_page_is_asked_for_until_one_is_empty() {
        for count in [0, 1, 99, 100, 101, 250] {
            // Every other number is free.
            let numbers: Vec<u32> = (0..count).map(|index| index * 2).collect();
            let page = |first: u32, limit: u32| {
                let rest = numbers.iter().copied().filter(move |number| *number >= first);
                let found: Vec<_> = rest.take(limit as usize).collect();
                async move { Ok(found) }
            };
            assert_eq!(all(page, |number| *number).await.unwrap(), numbers, "{count}");
        }
    }
}
