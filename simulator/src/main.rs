//! The simulator's command line.
use khala_simulator::*;
use std::time::Instant;
fn main() {
    for n in [100u32, 1_000, 10_000] {
        let secs = 12_600;
        let t = Instant::now();
        let cast = cast::Cast::new(n, 1, &khala_pallet_mining::MiningParameters::khala()).unwrap();
        println!("{n} cast {:?}", t.elapsed());
        let t = Instant::now();
        let draws = draws::Draws::new(&cast.keys, (secs / 6 + 2) as u32, 1);
        println!("{n} draws {:?}", t.elapsed());
        for s in scenario::Scenario::ALL {
            let t = Instant::now();
            let trouble = s.trouble(n as usize, secs, 1);
            let r = world::run(&cast, &draws, &trouble);
            let hb: u32 = r.blocks.iter().map(|b| b.heartbeats).sum();
            let rep: u32 = r.blocks.iter().map(|b| b.reports).sum();
            let k = measures::delay::Survival::estimate(r.spans.iter().map(|s| (s.blocks, s.noticed)));
            println!(
                "{n} {s:?} {:?} hb {hb} reports {rep} false {} spans {} mean {:?} q95 {:?} money {:?}",
                t.elapsed(),
                r.false_reports,
                r.spans.len(),
                k.mean(),
                k.quantile(0.95),
                r.money
            );
        }
    }
}
