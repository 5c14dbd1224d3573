//! The whole simulator, as it is called.

use serde_json::Value;
use std::process::{Command, Output};

fn simulate(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_simulate")).args(arguments).output().unwrap()
}

#[test]
fn a_hundred_workers_make_a_row_for_every_scenario_and_all_plots() {
    let folder = tempfile::tempdir().unwrap();
    let plots = folder.path().to_str().unwrap();
    let done = simulate(&[
        "--workers",
        "100,300",
        "--hours",
        "2",
        "--jobs",
        "2",
        "--output",
        "json",
        "--plots",
        plots,
    ]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));

    let rows: Vec<Value> = serde_json::from_slice(&done.stdout).unwrap();
    let scenarios: Vec<_> = rows
        .iter()
        .filter(|row| row["workers"] == 100)
        .map(|row| &row["scenario"])
        .collect();
    assert_eq!(
        scenarios,
        ["calm", "independent", "outage", "delayed", "halt", "half-blocks", "unguarded"]
    );
    for row in &rows {
        assert_eq!(row["falseReports"], 0, "{row}");
        assert!(row["heartbeats"]["mean"].as_f64().unwrap() > 1.0, "{row}");
        assert!(row["weightPercent"]["most"].as_f64().unwrap() < 5.0, "{row}");
        assert_eq!(row["steady"]["principalLostPercent"], 0.0, "{row}");
    }
    for plot in ["detection-delay.svg", "heartbeats.svg", "outage.svg"] {
        let svg = std::fs::read_to_string(folder.path().join(plot)).unwrap();
        assert!(svg.starts_with("<svg") && svg.contains("prefers-color-scheme: dark"), "{plot}");
        assert!(!svg.contains("NaN"), "{plot}");
    }
}

#[test]
fn the_table_groups_rows_by_scenario() {
    let done = simulate(&["--workers", "50,60", "--hours", "1", "--scenario", "halt"]);
    let table = String::from_utf8(done.stdout).unwrap();
    let first_cells = table
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split('|').next().map(str::trim));
    let groups: Vec<_> = first_cells.collect();
    assert_eq!(groups[1..5], ["calm", "", "halt of 10 min", ""], "{table}");
}

#[test]
fn saved_findings_make_the_same_table_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_string();
    let (few, more) = (file("few.json"), file("more.json"));
    simulate(&["--workers", "50", "--hours", "1", "--save", &few]);
    simulate(&["--workers", "60", "--hours", "1", "--save", &more]);
    let at_once = simulate(&["--workers", "50,60", "--hours", "1"]);
    let again = simulate(&["--from", &format!("{few},{more}")]);
    assert!(again.status.success() && !again.stdout.is_empty());
    assert_eq!(String::from_utf8(again.stdout).unwrap(), String::from_utf8(at_once.stdout).unwrap());

    let none = simulate(&["--from", &file("none.json")]);
    assert!(String::from_utf8_lossy(&none.stderr).contains("cannot read"));
}

#[test]
fn sizes_out_of_order_are_refused_with_a_reason() {
    let done = simulate(&["--workers", "200,100"]);
    assert!(!done.status.success());
    assert!(String::from_utf8_lossy(&done.stderr).contains("rising"));
}
