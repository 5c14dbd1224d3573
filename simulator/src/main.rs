//! The simulator's command line.
use khala_simulator::*;
use std::time::Instant;
fn main() {
    for n in [100_000u32] {
        let secs = 1_200;
        let t = Instant::now();
        let cast = cast::Cast::new(n, 1, &khala_pallet_mining::MiningParameters::khala()).unwrap();
        println!("{n} cast {:?}", t.elapsed());
        let t = Instant::now();
        let draws = draws::Draws::new(&cast.keys, (secs / 6 + 2) as u32, 1);
        println!("{n} draws {:?}", t.elapsed());
        let t = Instant::now();
        let trouble = scenario::Scenario::Calm.trouble(n as usize, secs, 1);
        let r = world::run(&cast, &draws, &trouble);
        let hb: u32 = r.blocks.iter().map(|b| b.heartbeats).sum();
        println!("{n} {:?} hb {hb}", t.elapsed());
    }
}
