//! The plots, as SVG that reads well on light and dark pages.

use super::Findings;
use crate::{measures, scenario::Scenario};
use anyhow::{anyhow, Context};
use plotters::{
    chart::{ChartBuilder, ChartContext, SeriesLabelPosition},
    coord::{ranged1d::ValueFormatter, Shift},
    prelude::*,
};
use std::{fs, path::Path};

/// Workers of the outage whose values are plotted; of the largest run below that, if there is none.
pub const PLOTTED_WORKERS: usize = 10_000;
const SIZE: (u32, u32) = (900, 500);
const PAPER: RGBColor = RGBColor(255, 255, 255);
const INK: RGBColor = RGBColor(31, 35, 40);
const RULE: RGBColor = RGBColor(222, 226, 230);
/// Colours that can be told apart on both kinds of page, also by those who see fewer of them.
const LINES: [RGBColor; 5] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(140, 140, 140),
];
const SHADE: RGBColor = RGBColor(235, 200, 110);
/// On a dark page paper, ink and rules change places.
const DARK: &str = "<style>@media (prefers-color-scheme: dark) { \
    [fill=\"#FFFFFF\"] { fill: #0d1117 } [fill=\"#1F2328\"] { fill: #e6edf3 } [stroke=\"#1F2328\"] { stroke: #e6edf3 } \
    [stroke=\"#DEE2E6\"] { stroke: #30363d } }</style>\n";

/// Writes all plots for which there are findings, and says which.
pub fn write(all: &[Findings], folder: &Path) -> anyhow::Result<Vec<&'static str>> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let plots = [
        ("detection-delay.svg", detection(all)?),
        ("heartbeats.svg", heartbeats(all)?),
        ("outage.svg", outage(all)?),
    ];
    let mut written = Vec::new();
    for (name, svg) in plots {
        let Some(svg) = svg else { continue };
        let path = folder.join(name);
        fs::write(&path, with_dark_colours(&svg)).with_context(|| format!("cannot write {}", path.display()))?;
        written.push(name);
    }
    Ok(written)
}

fn with_dark_colours(svg: &str) -> String {
    let head = svg.find('>').map_or(0, |end| end + 1);
    let (head, rest) = svg.split_at(head);
    format!("{head}\n{DARK}{}", rest.trim_start())
}

/// Draws on a page of paper colour; what a drawing refuses becomes one sentence.
fn page(draw: impl FnOnce(&Page<'_>) -> Result<(), Refusal>) -> anyhow::Result<Option<String>> {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        let drawn = root.fill(&PAPER).map_err(Refusal::from).and_then(|()| draw(&root));
        drawn
            .and_then(|()| root.present().map_err(Refusal::from))
            .map_err(|why| anyhow!("a plot cannot be drawn: {}", why.0))?;
    }
    Ok(Some(svg))
}

type Page<'a> = DrawingArea<SVGBackend<'a>, Shift>;

struct Refusal(String);

impl<E: std::error::Error> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

fn text(size: u32) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(&INK)
}

fn frame<'a, 'b>(page: &'a Page<'b>, caption: &str) -> ChartBuilder<'a, 'static, SVGBackend<'b>> {
    let mut chart = ChartBuilder::on(page);
    chart
        .caption(caption, text(21))
        .margin(14)
        .set_label_area_size(LabelAreaPosition::Left, 76)
        .set_label_area_size(LabelAreaPosition::Bottom, 54);
    chart
}

fn mesh<'a, X, Y>(
    chart: &mut ChartContext<'_, SVGBackend<'a>, Cartesian2d<X, Y>>,
    axes: [&str; 2],
    labels: [&dyn Fn(&f64) -> String; 2],
) -> Result<(), Refusal>
where
    X: Ranged<ValueType = f64> + ValueFormatter<f64>,
    Y: Ranged<ValueType = f64> + ValueFormatter<f64>,
{
    chart
        .configure_mesh()
        .x_desc(axes[0])
        .y_desc(axes[1])
        .x_label_formatter(labels[0])
        .y_label_formatter(labels[1])
        .axis_style(INK)
        .bold_line_style(RULE)
        .light_line_style(TRANSPARENT)
        .label_style(text(16))
        .axis_desc_style(text(17))
        .draw()?;
    Ok(())
}

fn legend<'a, X, Y>(chart: &mut ChartContext<'a, SVGBackend<'a>, Cartesian2d<X, Y>>, place: SeriesLabelPosition) -> Result<(), Refusal>
where
    X: Ranged<ValueType = f64>,
    Y: Ranged<ValueType = f64>,
{
    chart
        .configure_series_labels()
        .position(place)
        .background_style(PAPER)
        .border_style(RULE)
        .label_font(text(16))
        .margin(10)
        .draw()?;
    Ok(())
}

fn sample(style: ShapeStyle) -> impl Fn((i32, i32)) -> PathElement<(i32, i32)> {
    move |(x, y)| PathElement::new(vec![(x, y), (x + 18, y)], style)
}

/// Powers of ten, and what lies between them, in short.
fn short(number: &f64) -> String {
    super::table::whole(*number)
}

/// How many of those that vanish are found, over time, by number of workers.
fn detection(all: &[Findings]) -> anyhow::Result<Option<String>> {
    let found: Vec<_> = Findings::of(all, Scenario::Independent).collect();
    if found.is_empty() {
        return Ok(None);
    }
    page(|page| {
        let mut chart =
            frame(page, "How long until a vanished worker is reported").build_cartesian_2d((1.0..250.0).log_scale(), 0.0..100.0)?;
        mesh(
            &mut chart,
            [
                "time since it vanished, minutes (logarithmic)",
                "reported, % of those that vanished",
            ],
            [&short, &|part| format!("{part:.0}")],
        )?;
        for (findings, colour) in found.iter().zip(LINES.iter().cycle()) {
            let points = steps(findings.noticed.noticed().map(|(secs, part)| (secs / 60.0, 100.0 * part)));
            let style = colour.stroke_width(2);
            chart
                .draw_series(LineSeries::new(points, style))?
                .label(format!("{} workers", short(&(findings.row.workers as f64))))
                .legend(sample(style));
        }
        legend(&mut chart, SeriesLabelPosition::UpperLeft)
    })
}

/// At most a few hundred points, within the plot.
fn steps(points: impl Iterator<Item = (f64, f64)>) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = Vec::new();
    for point in points.filter(|(x, _)| (1.0..=250.0).contains(x)) {
        if kept.last().is_none_or(|last| point.1 - last.1 >= 0.4) {
            kept.push(point);
        }
    }
    kept
}

/// Heartbeats per block over the number of workers.
fn heartbeats(all: &[Findings]) -> anyhow::Result<Option<String>> {
    let calm: Vec<_> = Findings::of(all, Scenario::Calm).map(|findings| &findings.row).collect();
    let Some((least, most)) = calm
        .first()
        .zip(calm.last())
        .map(|(first, last)| (first.workers as f64, last.workers as f64))
    else {
        return Ok(None);
    };
    if calm.len() < 2 {
        return Ok(None);
    }
    page(|page| {
        let mut chart =
            frame(page, "Heartbeats per block").build_cartesian_2d((least * 0.8..most * 1.25).log_scale(), (1.0..5_000.0).log_scale())?;
        mesh(
            &mut chart,
            ["workers (logarithmic)", "heartbeats per block (logarithmic)"],
            [&short, &short],
        )?;
        let series = [
            (
                "most in a block",
                calm.iter().map(|row| row.heartbeats.most).collect::<Vec<_>>(),
                LINES[1],
            ),
            ("mean", calm.iter().map(|row| row.heartbeats.mean).collect(), LINES[0]),
        ];
        for (name, values, colour) in series {
            let points: Vec<_> = calm.iter().map(|row| row.workers as f64).zip(values).collect();
            let style = colour.stroke_width(2);
            chart
                .draw_series(LineSeries::new(points.clone(), style))?
                .label(name)
                .legend(sample(style));
            chart.draw_series(points.into_iter().map(|point| Circle::new(point, 4, colour.filled())))?;
        }
        legend(&mut chart, SeriesLabelPosition::UpperLeft)
    })
}

/// Values and the guard over time, in an outage.
fn outage(all: &[Findings]) -> anyhow::Result<Option<String>> {
    let of = |scenario| {
        Findings::of(all, scenario)
            .filter(|findings| findings.row.workers <= PLOTTED_WORKERS)
            .last()
    };
    let Some(guarded) = of(Scenario::Outage) else {
        return Ok(None);
    };
    let mut lines = vec![
        ("never away", values(guarded, |value| Some(value.steady)), LINES[2]),
        ("away for 1 h", values(guarded, |value| value.absent), LINES[0]),
    ];
    if let Some(unguarded) = of(Scenario::Unguarded) {
        lines.push(("away for 1 h, without the guard", values(unguarded, |value| value.absent), LINES[1]));
    }
    let all_points = || lines.iter().flat_map(|(_, points, _)| points);
    let bottom = all_points().map(|point| point.1).fold(0.0, f64::min) - 0.02;
    let top = all_points().map(|point| point.1).fold(0.0, f64::max) + 0.03;
    let end = all_points().map(|point| point.0).fold(1.0, f64::max).min(180.0);
    let caption = format!("30 % of {} workers vanish for an hour", short(&(guarded.row.workers as f64)));
    page(|page| {
        let mut chart = frame(page, &caption).build_cartesian_2d(0.0..end, bottom..top)?;
        let guard = guard_spans(guarded).into_iter().filter(|(from, _)| *from < end);
        chart
            .draw_series(guard.map(|(from, until)| Rectangle::new([(from, bottom), (until.min(end), top)], SHADE.mix(0.35).filled())))?
            .label("the outage guard is on")
            .legend(|(x, y)| Rectangle::new([(x, y - 5), (x + 18, y + 5)], SHADE.mix(0.6).filled()));
        mesh(
            &mut chart,
            ["time, minutes", "value V above its initial value, %"],
            [&|minutes| format!("{minutes:.0}"), &|part| format!("{part:+.2}")],
        )?;
        for (name, points, colour) in &lines {
            let style = colour.stroke_width(2);
            let within = points.iter().copied().filter(|(minutes, _)| *minutes <= end);
            chart
                .draw_series(LineSeries::new(within, style))?
                .label(*name)
                .legend(sample(style));
        }
        legend(&mut chart, SeriesLabelPosition::LowerLeft)
    })
}

/// Minutes and percent above the initial value.
fn values(findings: &Findings, of: impl Fn(&crate::world::record::ValueRecord) -> Option<f64>) -> Vec<(f64, f64)> {
    let point = |value: &crate::world::record::ValueRecord| Some((value.secs as f64 / 60.0, 100.0 * (of(value)? - 1.0)));
    findings.values.iter().filter_map(point).collect()
}

/// When the guard was on, in minutes.
fn guard_spans(findings: &Findings) -> Vec<(f64, f64)> {
    let end = (findings.row.hours * 3_600.0) as u64;
    measures::times_on(&findings.guard, end)
        .map(|(from, until)| (from as f64 / 60.0, until as f64 / 60.0))
        .collect()
}
