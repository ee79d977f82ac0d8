//! A plot as SVG, drawn by the plotting library; what is ours is only which bar stands where.

use plotters::coord::ranged1d::{NoDefaultFormatting, ValueFormatter};
use plotters::prelude::*;

use super::{ReportError, figure};
use crate::domain::insights::Plot;
use crate::domain::locale::Locale;

/// The size of a plot, in the units of its picture.
const SIZE: (u32, u32) = (720, 320);

/// How much of a place its bars fill together.
const FILLED: f64 = 0.8;

/// Colours that people who see no red or no green tell apart (Okabe and Ito, 2008).
const COLOURS: [RGBColor; 3] = [
    RGBColor(0, 114, 178),
    RGBColor(230, 159, 0),
    RGBColor(120, 120, 120),
];

/// The places along the bottom, from 0 to their count, with a name in the middle of each.
struct Places<'p>(&'p [String]);

impl Ranged for Places<'_> {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (from, to): (i32, i32)) -> i32 {
        let share = value / self.0.len().max(1) as f64;
        from + (f64::from(to - from) * share).round() as i32
    }

    fn key_points<Hint: plotters::coord::ranged1d::KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        (0..self.0.len()).map(|at| at as f64 + 0.5).collect()
    }

    fn range(&self) -> std::ops::Range<f64> {
        0.0..self.0.len() as f64
    }
}

impl ValueFormatter<f64> for Places<'_> {
    fn format_ext(&self, value: &f64) -> String {
        self.0.get(*value as usize).cloned().unwrap_or_default()
    }
}

fn failed(error: impl std::fmt::Display) -> ReportError {
    ReportError::Plot(error.to_string())
}

/// Draws a plot.
pub(super) fn svg(plot: &Plot, locale: &Locale) -> Result<String, ReportError> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        let top = plot.highest().max(1.0) * 1.1;
        let mut chart = ChartBuilder::on(&area)
            .margin(10)
            .x_label_area_size(45)
            .y_label_area_size(60)
            .build_cartesian_2d(Places(&plot.places), 0.0..top)
            .map_err(failed)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(WHITE)
            .x_labels(plot.places.len())
            .y_labels(6)
            .x_desc(plot.across)
            .y_desc(plot.up)
            .y_label_formatter(&|value| figure(locale, *value))
            .label_style(("sans-serif", 14))
            .draw()
            .map_err(failed)?;
        let width = FILLED / plot.series.len().max(1) as f64;
        for (nth, series) in plot.series.iter().enumerate() {
            let colour = COLOURS[nth % COLOURS.len()];
            let bars = series.bars.iter().enumerate().map(|(at, bar)| {
                let left = at as f64 + (1.0 - FILLED) / 2.0 + nth as f64 * width;
                Rectangle::new([(left, 0.0), (left + width, bar.value)], colour.filled())
            });
            let drawn = chart.draw_series(bars).map_err(failed)?;
            if !series.name.is_empty() {
                drawn.label(series.name).legend(move |(x, y)| {
                    Rectangle::new([(x, y - 5), (x + 10, y + 5)], colour.filled())
                });
            }
        }
        if plot.series.len() > 1 {
            chart
                .configure_series_labels()
                .position(SeriesLabelPosition::UpperRight)
                .label_font(("sans-serif", 14))
                .draw()
                .map_err(failed)?;
        }
        area.present().map_err(failed)?;
    }
    Ok(svg)
}
